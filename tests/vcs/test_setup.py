"""Install and uninstall change two files, and bring them back to the byte."""

import json
import os
import shutil
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.vcs import blocks, install_record, setup
from octavo.vcs.filter_process import Rules
from vcs.git_sandbox import notebook

text = st.text("ab#[]\n\r\t=é", max_size=30)


@given(st.none() | text, st.lists(st.text("ab =", min_size=1, max_size=8), min_size=1, max_size=3))
def test_a_block_goes_in_and_out_without_a_trace(before, lines):
    after = blocks.with_block(before, lines)
    assert blocks.has_block(after)
    assert blocks.with_block(after, lines) == after
    assert blocks.without_block(after) == before


@given(text, text)
def test_what_people_write_around_a_block_stays(before, behind):
    after = blocks.with_block(before, ["x"]) + behind
    rest = blocks.without_block(after)
    assert rest.endswith(behind)
    assert rest.startswith(before)


def contents(repo):
    found = {}
    for name in (".gitattributes", ".git/config"):
        path = repo.path / name
        found[name] = path.read_bytes() if path.exists() else None
    return found


@pytest.mark.parametrize("own", [None, b"*.png binary", b"# mine\r\n*.txt text\r\n", b"\xff\n"])
def test_install_and_uninstall(repo, octavo, own):
    if own is not None:
        (repo.path / ".gitattributes").write_bytes(own)
    with open(repo.path / ".git/config", "ab") as fp:
        fp.write(b"[user]\n\tname = me")
    before = contents(repo)
    assert octavo("git", "install", "--strip-outputs")[0] == 0
    once = contents(repo)
    assert octavo("git", "install", "--strip-outputs")[1] == "nothing to change\n"
    assert contents(repo) == once
    assert sys.executable in repo.git("config", "--get", "diff.octavo.textconv")
    assert repo.git("check-attr", "merge", "x.ipynb") == "x.ipynb: merge: octavo"
    assert repo.git("config", "--get", "user.name") == "me"
    assert octavo("git", "uninstall")[0] == 0
    assert contents(repo) == before


def test_status_says_what_is_active(repo, octavo):
    code, out, _ = octavo("git", "status")
    assert (code, out.splitlines()[0]) == (1, "installed for: nothing")
    octavo("git", "install", "-q")
    code, out, _ = octavo("git", "status")
    assert code == 0
    assert out.splitlines()[:4] == [
        "installed for: this repository", "diffs: active", "merges: active", "filters: not active",
    ]  # fmt: skip


def test_status_tells_a_clone_what_is_missing(repo, octavo):
    repo.commit({".gitattributes": PLAIN_BLOCK})
    code, out, _ = octavo("git", "status")
    assert code == 1
    assert out.endswith("the configuration does not know it: run `octavo git install`\n")
    octavo("git", "install", "-q")
    assert "does not know it" not in octavo("git", "status")[1]


def test_other_tools_are_told(repo, octavo):
    repo.git("config", "diff.jupyternotebook.command", "git-nbdiffdriver diff")
    _, _, err = octavo("git", "install")
    assert "nbdime (diff.jupyternotebook.command) is set up too" in err
    assert "also set up: nbdime" in octavo("git", "status")[1]


def test_for_a_person(repo, octavo, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    octavo("git", "install", "--global")
    text = (home / ".config/git/attributes").read_text()
    assert text.splitlines()[1] == "*.ipynb diff=octavo merge=octavo"
    assert not (repo.path / ".gitattributes").exists()
    octavo("git", "uninstall", "--global")
    assert not (home / ".gitconfig").exists()
    assert os.listdir(home) == []


def test_a_bare_repository_and_a_second_working_tree(repo, octavo, tmp_path):
    repo.commit({"a": "1"})
    repo.git("clone", "-q", "--bare", ".", os.fspath(tmp_path / "bare"))
    octavo("git", "install", "-C", tmp_path / "bare")
    assert "merge=octavo" in (tmp_path / "bare/info/attributes").read_text()
    repo.git("worktree", "add", "-q", "../second")
    octavo("git", "install", "-C", tmp_path / "second")
    assert (tmp_path / "second/.gitattributes").exists()
    assert "octavo" in (repo.path / ".git/config").read_text()


def test_outside_of_a_repository(octavo, tmp_path):
    code, _, err = octavo("git", "install", "-C", tmp_path)
    assert code == 4
    assert "OCT-V003" in err


def test_log_show_and_blame_speak_of_cells(repo, octavo):
    octavo("git", "install", "-q")
    repo.commit({"n.ipynb": notebook("x = 1", "y = 2")})
    repo.commit({"n.ipynb": notebook("x = 1", "y = 3", outputs=False)})
    log = repo.git("log", "-p", "-1")
    assert "-y = 2\n+y = 3" in log
    assert "execution_count" not in log
    assert "x = 1" in repo.git("show", "HEAD:n.ipynb", "--textconv")
    assert "y = 3" in repo.git("blame", "n.ipynb")
    repo.commit({"n.ipynb": b"{broken"})
    assert "+{broken" in repo.git("log", "-p", "-1")


# what an installation found stays


OWN_BLOCK = "# octavo: begin (new file)\n*.ipynb diff=octavo merge=octavo\n# octavo: end\n"
PLAIN_BLOCK = OWN_BLOCK.replace(" (new file)", "")


@pytest.mark.parametrize("flags", [[], ["--strip-outputs"], ["--texts", "a b/*.md"]])
@pytest.mark.parametrize(
    "committed", [OWN_BLOCK, PLAIN_BLOCK, "*.png binary\n" + PLAIN_BLOCK + "*.md text",
                  PLAIN_BLOCK.replace("\n", "\r\n"), PLAIN_BLOCK.removesuffix("\n")],
)  # fmt: skip
def test_a_block_that_came_with_a_clone_stays(repo, octavo, flags, committed):
    repo.commit({".gitattributes": committed.encode()})
    before = contents(repo)
    octavo("git", "install", *flags)
    assert repo.git("check-attr", "merge", "x.ipynb") == "x.ipynb: merge: octavo"
    code, _, err = octavo("git", "uninstall")
    assert (code, contents(repo)) == (0, before)
    assert "were there before; they stay" in err
    assert repo.git("status", "--porcelain") == ""
    assert octavo("git", "uninstall")[1] == "nothing to change\n"


def test_the_same_in_a_submodule(repo, octavo, tmp_path):
    inner = type(repo)(tmp_path / "inner")
    inner.commit({".gitattributes": OWN_BLOCK})
    repo.git(
        "-c", "protocol.file.allow=always", "submodule", "add", "-q", os.fspath(inner.path), "sub"
    )
    config = repo.path / ".git/modules/sub/config"
    before = config.read_bytes()
    octavo("git", "install", "-C", "sub")
    assert b"octavo" in config.read_bytes()
    assert not (repo.path / ".gitattributes").exists()
    octavo("git", "uninstall", "-C", "sub")
    assert config.read_bytes() == before
    assert (repo.path / "sub/.gitattributes").read_text() == OWN_BLOCK


def test_the_file_that_an_installation_made_goes_though_it_was_committed(repo, octavo):
    octavo("git", "install", "-q")
    assert (repo.path / ".gitattributes").read_text() == PLAIN_BLOCK
    repo.commit()
    octavo("git", "install", "-q", "--strip-counts")
    assert octavo("git", "uninstall")[2] == ""
    assert not (repo.path / ".gitattributes").exists()


def test_lines_that_came_later_stay(repo, octavo):
    octavo("git", "install", "-q")
    with open(repo.path / ".gitattributes", "a") as fp:
        fp.write("*.csv text\n")
    octavo("git", "uninstall")
    assert (repo.path / ".gitattributes").read_text() == "*.csv text\n"


def test_a_block_that_was_taken_away_and_put_in_again(repo, octavo):
    octavo("git", "install", "-q")
    (repo.path / ".gitattributes").write_text("*.csv text")
    octavo("git", "install", "-q")
    octavo("git", "uninstall")
    assert (repo.path / ".gitattributes").read_text() == "*.csv text"


def test_all_working_trees_forget_it(repo, octavo, tmp_path):
    repo.commit({"a": "1"})
    repo.git("worktree", "add", "-q", "../second")
    before = contents(repo)
    for folder in (repo.path, tmp_path / "second"):
        octavo("git", "install", "-q", "-C", folder)
    shutil.copy(tmp_path / "second/.gitattributes", tmp_path / "kept")
    octavo("git", "uninstall", "-q", "-C", tmp_path / "second")
    assert contents(repo) == before
    assert not (tmp_path / "second/.gitattributes").exists()


def test_a_working_tree_that_is_gone_is_no_hindrance(repo, octavo, tmp_path):
    repo.commit({"a": "1"})
    repo.git("worktree", "add", "-q", "../second")
    octavo("git", "install", "-q", "-C", tmp_path / "second")
    shutil.rmtree(tmp_path / "second")
    assert octavo("git", "uninstall")[0] == 0
    assert b"octavo" not in (repo.path / ".git/config").read_bytes()


def test_a_repository_that_moved(repo, octavo, tmp_path):
    before = contents(repo)
    os.symlink(repo.path, tmp_path / "link")
    octavo("git", "install", "-q", "-C", tmp_path / "link")
    octavo("git", "install", "-q", "--strip-counts")
    os.rename(repo.path, tmp_path / "moved")
    repo.path = tmp_path / "moved"
    octavo("git", "uninstall", "-q")
    assert contents(repo) == before


def test_a_linked_attributes_file_is_not_read_by_git_and_left_alone(repo, octavo):
    repo.put({"real": "*.md text\n"})
    os.symlink("real", repo.path / ".gitattributes")
    octavo("git", "install", "-q")
    assert repo.git("check-attr", "merge", "x.ipynb") == "x.ipynb: merge: octavo"
    assert (repo.path / "real").read_text() == "*.md text\n"
    octavo("git", "uninstall", "-q")
    assert not (repo.path / ".git/info/attributes").exists()


@pytest.mark.parametrize("linked", [False, True])
def test_the_attributes_file_that_a_person_named(repo, octavo, tmp_path, monkeypatch, linked):
    home = tmp_path / "home"
    home.mkdir()
    own = f"[core]\r\n\tattributesFile = {home}/my attributes\r\n".encode()
    config, attributes = home / ".gitconfig", home / "my attributes"
    if linked:  # as people keep such files in a repository of their own
        (home / "dotfiles").mkdir()
        for path in (config, attributes):
            os.symlink(home / "dotfiles" / path.name, path)
    config.write_bytes(own)
    attributes.write_bytes(b"*.c diff=cpp\r\n*.h diff=cpp")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    octavo("git", "install", "--global", "--strip-outputs")
    assert b"merge=octavo filter=octavo\r\n" in attributes.read_bytes()
    monkeypatch.setitem(type(repo).raw.__globals__["ENVIRONMENT"], "GIT_CONFIG_GLOBAL", str(config))
    assert repo.git("check-attr", "filter", "x.ipynb") == "x.ipynb: filter: octavo"
    repo.commit({"n.ipynb": notebook("1")})
    assert b'"outputs": []' in repo.raw("show", "HEAD:n.ipynb")
    assert octavo("git", "status")[1].startswith("installed for: all of yours\n")
    octavo("git", "uninstall", "--global")
    assert config.read_bytes() == own
    assert attributes.read_bytes() == b"*.c diff=cpp\r\n*.h diff=cpp"
    assert config.is_symlink() is attributes.is_symlink() is linked


def test_nothing_is_half_done_where_a_file_is_read_only(repo, octavo):
    path = repo.path / ".gitattributes"
    path.write_bytes(b"*.c text\n")
    path.chmod(0o444)
    before = contents(repo)
    code, _, err = octavo("git", "install")
    assert (code, "OCT-W005" in err) == (4, True)
    assert contents(repo) == before
    path.chmod(0o640)
    octavo("git", "install", "-q")
    assert path.stat().st_mode & 0o777 == 0o640
    path.chmod(0o440)
    installed = contents(repo)
    assert octavo("git", "uninstall")[0] == 4
    assert contents(repo) == installed


def test_a_dry_run_writes_nothing(repo, octavo):
    before = contents(repo)
    code, out, _ = octavo("git", "install", "--dry-run")
    assert (code, out.count("would be written")) == (0, 2)
    assert contents(repo) == before
    octavo("git", "install", "-q")
    installed = contents(repo)
    record = json.loads(octavo("git", "uninstall", "-n", "--json")[1])
    assert (record["dry_run"], len(record["changed"])) == (True, 2)
    assert contents(repo) == installed


def test_patterns_with_blanks_reach_git(repo, octavo):
    octavo("git", "install", "-q", "--texts", "my lessons/*.md", "--texts", "#odd/*.py")
    for path in ("my lessons/a.md", "#odd/a.py"):
        assert repo.git("check-attr", "merge", path).endswith(": merge: octavo")


def test_another_filter_for_notebooks_is_told(repo, octavo):
    repo.put({".gitattributes": "*.ipynb filter=lfs diff=lfs merge=lfs -text\n"})
    err = octavo("git", "install")[2]
    assert ("filter=lfs" in err, "diff=lfs" in err) == (False, True)
    octavo("git", "uninstall", "-q")
    assert "notebooks had filter=lfs" in octavo("git", "install", "--strip-outputs")[2]


def test_a_record_that_somebody_spoiled_is_no_record():
    config = blocks.with_block(
        None, ["# octavo: found {", '# octavo: found ["a", "no file", "", ""]']
    )
    assert list(install_record.read(config)) == ["a"]


own_lines = st.lists(
    st.sampled_from(["*.png binary", "# mine", "[user]", "\tname = x \\", "", "é", "# octavo: begin",
                     "# octavo: end", "x# octavo: begin"]),
    max_size=5,
)  # fmt: skip
newlines = st.sampled_from(["\n", "\r\n"])
files_of_users = st.none() | st.builds(
    lambda lines, newline, last: newline.join(lines) + newline * last,
    own_lines, newlines, st.integers(0, 2),
)  # fmt: skip
wishes = st.builds(Rules, outputs=st.booleans(), counts=st.booleans())


@given(files_of_users, files_of_users, st.lists(wishes, min_size=1, max_size=3), st.booleans())
def test_whatever_stood_there_comes_back(tmp_path_factory, config, attributes, rules, is_behind):
    folder = tmp_path_factory.mktemp("any")
    where = setup.Places(os.fspath(folder / "config"), os.fspath(folder / "attributes"))
    for path, text in ((where.config, config), (where.attributes, attributes)):
        if text is not None:
            with open(path, "wb") as fp:
                fp.write(text.encode())
    if config is not None and blocks.has_block(config):
        return  # an installation that is there already
    for wish in rules:
        setup.install(where, "/usr/bin/python3", wish, ["*.md"])
    assert setup.install(where, "/usr/bin/python3", rules[-1], ["*.md"]) == []
    if is_behind:
        with open(where.attributes, "ab") as fp:
            fp.write(b"later\n")
    setup.uninstall(where)
    for path, text in ((where.config, config), (where.attributes, attributes)):
        is_later = is_behind and path == where.attributes
        if text is None and not is_later:
            assert not os.path.exists(path)
            continue
        with open(path, "rb") as fp:
            found = fp.read()
        assert found.startswith((text or "").encode())
        assert found.removeprefix((text or "").encode()).strip() == (b"later" if is_later else b"")
        assert is_later or found == (text or "").encode()
