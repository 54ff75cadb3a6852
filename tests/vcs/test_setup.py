"""Install and uninstall change two files, and bring them back to the byte."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.vcs import blocks, setup
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
    assert repo.git("config", "--get", "diff.octavo.textconv") == "octavo git textconv"
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
    assert (home / ".config/git/attributes").read_text().splitlines()[1].startswith("*.ipynb diff=")
    assert not (repo.path / ".gitattributes").exists()
    octavo("git", "uninstall", "--global")
    assert not (home / ".gitconfig").exists()
    assert not (home / ".config/git/attributes").exists()


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


def test_a_python_in_a_folder_with_blanks_is_quoted(repo):
    command = setup.command_line("/opt/my py/bin/python'3", "")
    assert command == "'/opt/my py/bin/python'\\''3' -m octavo"
    path = os.fspath(repo.path / ".git/config")
    setup.install(setup.Places(path, path + ".attributes"), command, Rules(), [])
    assert repo.git("config", "--get", "diff.octavo.textconv") == f"{command} git textconv"


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
