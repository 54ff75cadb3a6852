"""Histories are rewritten commit by commit, and nothing but notebooks changes."""

import os
import shutil
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octavo.vcs import blobs, rewrite_refs
from octavo.vcs.errors import VcsError
from octavo.vcs.git import Git
from octavo.vcs.rewrite import Rewrite
from octavo.vcs.rewrite_state import State
from octavo.vcs.rewrite_wishes import Wishes
from vcs.git_sandbox import ENVIRONMENT, Sandbox, notebook

MD = [("", "md")]


@pytest.fixture
def repo(tmp_path):
    return Sandbox(tmp_path / "repo")


def rewrite(repo, formats=MD, state=None, processes=1, **wishes):
    """Rewrite a repository and return the report; the new refs stand in it."""
    git = Git(os.fspath(repo.path), ENVIRONMENT)
    folder = os.path.join(os.path.dirname(os.fspath(repo.path)), "new.git")
    shutil.rmtree(folder, ignore_errors=True)
    state = state or State(os.path.join(git.folder(), "octavo/rewrite"))
    return Rewrite(git, Wishes(formats, **wishes), processes=processes).run(folder, state)


def as_text(data, fmt="md", **recipe):
    return blobs.convert(data, blobs.Recipe(fmt, **recipe)).text


def expected(tree, *, keeps=False, taken=()):
    """Return what a tree must become, by the plainest way there is."""
    found = {}
    for path, (mode, content) in tree.items():
        made = blobs.Converted(problem="no notebook")
        if path.endswith(b".ipynb") and mode.startswith("1006") | mode.startswith("1007"):
            made = blobs.convert(content, blobs.Recipe("md"))
        if made.problem or path in taken:
            found[path] = (mode, content)
            continue
        found[path.removesuffix(b".ipynb") + b".md"] = (mode, made.text)
        if keeps:
            found[path] = (mode, content)
    return found


def test_every_commit_gets_its_own_text(repo):
    for n in range(3):
        repo.commit({"a.ipynb": notebook(f"x = {n}"), "README": f"{n}"})
    report = rewrite(repo)
    assert len(report.commits) == 3
    for old, new in report.commits.items():
        assert repo.tree(new) == expected(repo.tree(old))
    repo.git("fsck", "--strict", "--no-dangling")


def test_author_date_message_and_encoding_stay(repo):
    repo.put({"a.ipynb": notebook("1")})
    repo.git("add", "-A")
    message = "Grüße\n\n  indented\n".encode("latin-1")
    repo.raw("-c", "i18n.commitEncoding=latin1", "commit", "-q", "-F", "-", given=message)
    (new,) = rewrite(repo).commits.values()
    old = repo.raw("cat-file", "commit", "main").split(b"\n", 1)
    assert repo.raw("cat-file", "commit", new).split(b"\n", 1)[1] == old[1]


def test_renames_of_notebooks_are_renames_of_texts(repo):
    long = [f"value_{n} = {n}" for n in range(30)]
    repo.commit({"a.ipynb": notebook(*long), "b.ipynb": notebook("b"), "d/e.ipynb": notebook("e")})
    repo.git("mv", "a.ipynb", "new name.ipynb")
    repo.commit({"new name.ipynb": notebook(*long[:-1], "edited")}, "moved and edited")
    repo.git("mv", "d", "f")
    repo.commit(message="a folder moved")
    repo.git("mv", "b.ipynb", "x")
    repo.git("mv", "f/e.ipynb", "b.ipynb")
    repo.git("mv", "x", "f.ipynb")
    repo.commit(message="names changed hands")
    repo.git("mv", "f.ipynb", "f.txt")
    repo.commit(message="no notebook by its name")
    report = rewrite(repo)
    assert len(report.commits) == 5
    for old, new in report.commits.items():
        assert repo.tree(new) == expected(repo.tree(old))
    head = report.refs["refs/heads/main"]
    told = repo.git("show", "-M50", "--format=", "--name-status", f"{head}~3")
    assert told.split("\t")[1:] == ["a.md", "new name.md"]
    log = repo.git("log", "--follow", "-M50", "--format=%s", head, "--", "new name.md")
    assert log.splitlines() == ["moved and edited", "change"]


def test_branches_merges_and_renames(repo):
    repo.commit({"a.ipynb": notebook("a"), "b.ipynb": notebook("b")})
    repo.git("checkout", "-qb", "one")
    repo.commit({"a.ipynb": notebook("one")})
    repo.git("checkout", "-qb", "two", "main")
    repo.git("mv", "b.ipynb", "c.ipynb")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.commit({"text": "t"})
    repo.git("merge", "-q", "--no-ff", "-m", "octopus", "one", "two")
    report = rewrite(repo)
    new = report.refs["refs/heads/main"]
    assert sorted(repo.tree(new)) == [b"a.md", b"c.md", b"text"]
    for before, after in report.commits.items():
        assert repo.tree(after) == expected(repo.tree(before))
        assert repo.git("rev-parse", f"{after}^@").split() == [
            report.commits[parent] for parent in repo.git("rev-parse", f"{before}^@").split()
        ]
    assert len(repo.git("rev-parse", f"{new}^@").split()) == 3


@pytest.mark.parametrize(
    "name", ['q".ipynb', "tab\t.ipynb", "line\n.ipynb", "ü b.ipynb", b"\xff\xfe.ipynb", "-x.ipynb", "d/\\.ipynb"],
)  # fmt: skip
def test_odd_names(repo, name):
    repo.commit({name: notebook("1")})
    (new,) = rewrite(repo).commits.values()
    assert list(repo.tree(new)) == [os.fsencode(name).removesuffix(b".ipynb") + b".md"]


def test_a_notebook_that_breaks_and_is_mended(repo):
    for data in (notebook("1"), b"{broken", notebook("2")):
        repo.commit({"a.ipynb": data})
    report = rewrite(repo)
    names = [sorted(repo.tree(new)) for new in report.commits.values()]
    assert sorted(names) == [[b"a.ipynb"], [b"a.md"], [b"a.md"]]
    assert [path for path, _ in report.problems] == ["a.ipynb"]


def test_what_is_no_notebook_stays(repo):
    repo.put({"lfs.ipynb": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"})
    os.symlink("target", repo.path / "link.ipynb")
    repo.put({"run.ipynb": notebook("1")})
    os.chmod(repo.path / "run.ipynb", 0o755)
    repo.git("add", "-A")
    repo.git("update-index", "--add", "--cacheinfo", "160000," + "1" * 40 + ",sub.ipynb")
    repo.git("commit", "-qm", "odd")
    (new,) = rewrite(repo).commits.values()
    found = {path: mode for path, (mode, _) in repo.tree(new).items()}
    assert found == {
        b"lfs.ipynb": "100644", b"link.ipynb": "120000", b"run.md": "100755", b"sub.ipynb": "160000",
    }  # fmt: skip


def test_a_name_that_is_taken_is_never_given_away(repo):
    repo.commit({"a.ipynb": notebook("1"), "b.ipynb": notebook("2"), "c.ipynb": notebook("3")})
    repo.commit({"a.md": "mine", "b.md/file": "a folder"})
    report = rewrite(repo)
    assert report.taken == [("a.ipynb", "a.md"), ("b.ipynb", "b.md")]
    for old, new in report.commits.items():
        assert repo.tree(new) == expected(repo.tree(old), taken=(b"a.ipynb", b"b.ipynb"))


def test_tags_and_notes_follow_their_commits(repo):
    old = repo.commit({"a.ipynb": notebook("1")})
    repo.git("tag", "light")
    repo.git("tag", "-a", "v1", "-m", "first")
    repo.git("tag", "-a", "outer", "-m", "of a tag", "v1")
    repo.git("notes", "add", "-m", "a note")
    repo.git("tag", "blob", "HEAD:a.ipynb")
    report = rewrite(repo)
    new = report.commits[old]
    assert report.refs["refs/tags/light"] == new
    for name in ("v1", "outer"):
        assert repo.git("rev-parse", report.refs[f"refs/tags/{name}"] + "^{commit}") == new
    inner = repo.git("cat-file", "tag", report.refs["refs/tags/outer"]).split()[1]
    assert inner == report.refs["refs/tags/v1"]
    assert list(repo.tree(report.refs["refs/notes/commits"])) == [new.encode()]
    assert [name for name, _ in report.left] == ["refs/tags/blob"]


def test_commits_before_the_first_notebook_stay_what_they_are(repo):
    first = repo.commit({"README": "1"})
    repo.git("tag", "-a", "v0", "-m", "early")
    repo.commit({"a.ipynb": notebook("1")})
    report = rewrite(repo)
    assert report.commits[first] == first
    assert report.refs["refs/tags/v0"] == repo.git("rev-parse", "v0")


def test_a_lost_signature_is_told(repo):
    repo.put({"a.ipynb": notebook("1")})
    repo.git("add", "-A")
    tree = repo.git("write-tree")
    signed = (
        f"tree {tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n"
        "encoding latin-1\nHG:extra a\n"
        "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\nsigned\n"
    )
    oid = repo.git("hash-object", "-t", "commit", "-w", "--stdin", given=signed.encode())
    repo.git("update-ref", "refs/heads/main", oid)
    tag = f"object {oid}\ntype commit\ntag v1\ntagger A <a@b> 1 +0000\n\nt\n-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----\n"
    made = repo.git("hash-object", "-t", "tag", "-w", "--stdin", given=tag.encode())
    repo.git("update-ref", "refs/tags/v1", made)
    report = rewrite(repo)
    assert report.unsigned == [f"commit {oid}", "tag v1"]
    assert report.headers == [(f"commit {oid}", "HG:extra")]
    assert b"SIGNATURE" not in repo.raw("cat-file", "tag", report.refs["refs/tags/v1"])


def test_notebooks_can_be_kept_paired_and_stripped(repo):
    repo.commit({"a.ipynb": notebook("1")})
    kept = repo.tree(rewrite(repo, keeps=True).refs["refs/heads/main"])
    assert kept[b"a.ipynb"][1] == notebook("1")
    paired = repo.tree(rewrite(repo, pairs=True).refs["refs/heads/main"])
    assert b'"formats": "ipynb,md"' in paired[b"a.ipynb"][1]
    assert b"formats: ipynb,md" in paired[b"a.md"][1]
    stripped = repo.tree(rewrite(repo, keeps=True, strips=True).refs["refs/heads/main"])
    assert b'"outputs": []' in stripped[b"a.ipynb"][1]
    assert b'"execution_count": null' in stripped[b"a.ipynb"][1]


def test_formats_for_paths_and_narrowed_paths(repo):
    repo.commit({f"{folder}/n.ipynb": notebook("1") for folder in ("lessons", "src", "raw")})
    formats = [("lessons/*", "md"), ("", "py:percent")]
    report = rewrite(repo, formats, paths=["lessons/*.ipynb", "src/**"])
    assert sorted(repo.tree(report.refs["refs/heads/main"])) == [
        b"lessons/n.md", b"raw/n.ipynb", b"src/n.py",
    ]  # fmt: skip


def test_the_suffix_may_follow_the_language(repo):
    repo.commit({"a.ipynb": notebook("1")})
    repo.commit({"a.ipynb": notebook("1").replace(b"python3", b"ir").replace(b'"python"', b'"R"')})
    report = rewrite(repo, [("", "auto:percent")])
    names = [sorted(repo.tree(new)) for new in report.commits.values()]
    assert sorted(names) == [[b"a.R"], [b"a.py"]]


def test_a_second_run_does_only_what_is_new_with_the_same_result(repo):
    repo.commit({"a.ipynb": notebook("1"), "b.ipynb": notebook("b")})
    repo.git("tag", "-a", "v1", "-m", "t")
    repo.git("notes", "add", "-m", "n")
    first = rewrite(repo)
    repo.commit({"a.ipynb": notebook("2")})
    repo.git("notes", "add", "-m", "n2")
    second = rewrite(repo)
    assert (second.reused_count, second.blob_count) == (1, 1)
    assert set(first.commits.items()) < set(second.commits.items())
    whole = rewrite(repo, state=State(os.fspath(repo.path.parent / "none")))
    assert (whole.refs, whole.commits) == (second.refs, second.commits)
    assert whole.reused_count == 0


def test_a_name_that_is_taken_later_makes_all_anew(repo):
    repo.commit({"a.ipynb": notebook("1")})
    rewrite(repo)
    repo.commit({"a.md": "mine"})
    report = rewrite(repo)
    for old, new in report.commits.items():
        assert repo.tree(new) == repo.tree(old)


def test_a_record_whose_objects_are_gone_is_not_used(repo):
    repo.commit({"a.ipynb": notebook("1")})
    before = rewrite(repo)
    repo.git("gc", "-q", "--prune=now")
    after = rewrite(repo)
    assert after.reused_count == 0
    assert after.refs == before.refs


def test_many_processes_make_the_same(repo, monkeypatch):
    monkeypatch.setattr(blobs, "_PARALLEL_BYTES", 0)
    monkeypatch.setattr(blobs, "_CHUNK_BYTES", 1000)
    for n in range(4):
        repo.commit({"a.ipynb": notebook(f"{n}"), "b.ipynb": b"{" if n == 2 else notebook(f"b{n}")})
    alone = rewrite(repo, state=State(os.fspath(repo.path.parent / "none")))
    shared = rewrite(repo, state=State(os.fspath(repo.path.parent / "also none")), processes=2)
    assert shared.refs == alone.refs


def test_a_bare_repository_and_an_empty_one(repo, tmp_path):
    repo.commit({"a.ipynb": notebook("1")})
    repo.git("clone", "-q", "--bare", ".", os.fspath(tmp_path / "bare"))
    bare = Sandbox(tmp_path / "bare", "--bare")
    assert rewrite(bare).commits == rewrite(repo).commits
    with pytest.raises(VcsError) as fault:
        rewrite(Sandbox(tmp_path / "empty"))
    assert fault.value.code == "OCT-V005"


def test_a_repository_with_long_ids(tmp_path):
    repo = Sandbox(tmp_path / "repo", "--object-format=sha256")
    for n in range(3):
        repo.commit({"a.ipynb": notebook(f"x = {n}"), "README": f"{n}"})
        repo.git("notes", "add", "-m", f"note {n}")
    repo.git("notes", "remove", "HEAD~1")
    report = rewrite(repo)
    assert len(report.commits) == 3
    for old, new in report.commits.items():
        assert repo.tree(new) == expected(repo.tree(old))
    notes = repo.tree(report.refs["refs/notes/commits"])
    assert sorted(notes) == sorted(
        report.commits[repo.git("rev-parse", name)].encode() for name in ("HEAD", "HEAD~2")
    )
    done = subprocess.run(
        ["git", "-C", repo.path, "fsck", "--strict"], env=ENVIRONMENT, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert "bad" not in done.stderr


def test_a_shallow_clone_is_refused(repo, tmp_path):
    for n in range(2):
        repo.commit({"a.ipynb": notebook(f"{n}")})
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", os.fspath(tmp_path / "shallow"))
    with pytest.raises(VcsError) as fault:
        rewrite(Sandbox(tmp_path / "shallow"))
    assert fault.value.code == "OCT-V004"


# in place, and back


def in_place(repo, **wishes):
    git = Git(os.fspath(repo.path), ENVIRONMENT)
    return rewrite_refs.publish_in_place(git, rewrite(repo, **wishes))


def test_in_place_and_back_to_every_byte(repo):
    repo.commit({"a.ipynb": notebook("1"), "d/b.ipynb": notebook("2")})
    repo.git("tag", "-a", "v1", "-m", "t")
    repo.git("branch", "other")
    repo.put({"untracked": "u"})
    before = repo.refs()
    changed = in_place(repo)
    assert set(changed) == set(before)
    assert sorted(os.listdir(repo.path)) == [".git", "a.md", "d", "untracked"]
    assert repo.git("status", "--porcelain") == "?? untracked"
    rewrite_refs.undo(Git(os.fspath(repo.path), ENVIRONMENT))
    assert repo.refs() == before
    assert repo.git("status", "--porcelain") == "?? untracked"
    assert (repo.path / "a.ipynb").read_bytes() == notebook("1")


def test_a_detached_head_moves_and_comes_back(repo):
    old = repo.commit({"a.ipynb": notebook("1")})
    repo.git("checkout", "-q", "--detach")
    in_place(repo)
    assert (repo.path / "a.md").exists()
    assert repo.git("status", "--porcelain") == ""
    rewrite_refs.undo(Git(os.fspath(repo.path), ENVIRONMENT))
    assert repo.git("rev-parse", "HEAD") == old


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda repo: repo.put({"a.ipynb": notebook("edited")}), "OCT-V008"),
        (lambda repo: repo.put({"a.md": "untracked"}), "OCT-V010"),
        (lambda repo: repo.git("worktree", "add", "-q", "../other"), "OCT-V009"),
    ],
)
def test_in_place_loses_nothing(repo, prepare, code):
    repo.commit({"a.ipynb": notebook("1")})
    prepare(repo)
    before = repo.refs()
    with pytest.raises(VcsError) as fault:
        in_place(repo)
    assert fault.value.code == code
    assert repo.refs() == before
    if code == "OCT-V010":
        assert (repo.path / "a.md").read_text() == "untracked"


def test_a_second_rewrite_in_place_needs_a_decision(repo):
    repo.commit({"a.ipynb": notebook("1")})
    in_place(repo)
    repo.commit({"b.ipynb": notebook("2")})
    git = Git(os.fspath(repo.path), ENVIRONMENT)
    with pytest.raises(VcsError) as fault:
        in_place(repo)
    assert fault.value.code == "OCT-V007"
    assert rewrite_refs.forget(git) == 1
    in_place(repo)
    assert (repo.path / "b.md").exists()


def test_without_notebooks_nothing_changes(repo):
    repo.commit({"README": "1"})
    before = repo.refs()
    assert in_place(repo) == {}
    assert repo.refs() == before


# any history


names = st.sampled_from(["a.ipynb", "d/b.ipynb", 'd/é "q".ipynb', "t.txt", "d/u.md"])
contents = st.one_of(
    st.none(),
    st.sampled_from([b"", b"{", b"x\n"]),
    st.integers(0, 5).map(lambda n: notebook(f"x = {n}")),
)
commits = st.lists(
    st.tuples(st.dictionaries(names, contents, max_size=3), st.lists(st.integers(0, 9), max_size=3)),
    min_size=1, max_size=7,
)  # fmt: skip


def build(repo, history):
    """Make a repository of files and parents, whatever they are, through git fast-import."""
    parts = []
    for n, (files, parents) in enumerate(history, 1):
        parts.append(
            b"commit refs/heads/b%d\nmark :%d\ncommitter A <a@b> %d +0000\ndata 1\nm\n" % (n, n, n)
        )
        older = list(dict.fromkeys(1 + parent % n for parent in parents if 1 + parent % n < n))
        for word, parent in zip([b"from", *[b"merge"] * 9], older, strict=False):
            parts.append(b"%b :%d\n" % (word, parent))
        for name, data in files.items():
            path = b'"' + name.replace('"', '\\"').encode() + b'"'
            if data is None:
                parts.append(b"D %b\n" % path)
            else:
                parts.append(b"M 100644 inline %b\ndata %d\n%b\n" % (path, len(data), data))
        parts.append(b"\n")
    repo.raw("fast-import", "--quiet", given=b"".join(parts))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(commits, st.booleans())
def test_any_history_becomes_what_each_commit_becomes(tmp_path_factory, history, keeps):
    repo = Sandbox(tmp_path_factory.mktemp("any") / "repo")
    build(repo, history)
    report = rewrite(repo, keeps=keeps)
    taken = {os.fsencode(path) for path, _ in report.taken}
    for old, new in report.commits.items():
        assert repo.tree(new) == expected(repo.tree(old), keeps=keeps, taken=taken)
        parents = repo.git("rev-parse", f"{old}^@").split()
        assert repo.git("rev-parse", f"{new}^@").split() == [report.commits[one] for one in parents]


@pytest.mark.slow
def test_trees_are_those_of_filter_branch(repo, tmp_path):
    for n in range(12):
        repo.commit({
            f"n{n % 4}.ipynb": notebook(f"x = {n}", "y"), "d/e.ipynb": notebook(f"{n // 5}"),
            "README": f"{n}",
        })  # fmt: skip
        if n == 5:
            repo.git("checkout", "-qb", "side", "HEAD~2")
            repo.commit({"side.ipynb": notebook("s")})
            repo.git("checkout", "-q", "main")
            repo.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    report = rewrite(repo)
    copy = tmp_path / "copy"
    repo.git("clone", "-q", ".", os.fspath(copy))
    python = sys.executable
    command = (
        f"find . -name '*.ipynb' -exec '{python}' -m octavo convert --quiet --to md {{}} + "
        "&& find . -name '*.ipynb' -delete"
    )
    subprocess.run(
        ["git", "-C", os.fspath(copy), "filter-branch", "-f", "--tree-filter", command, "main"],
        env=ENVIRONMENT, check=True, capture_output=True,
    )  # fmt: skip
    theirs = Sandbox(copy).git("log", "--format=%T", "main").split()
    assert repo.git("log", "--format=%T", report.refs["refs/heads/main"]).split() == theirs
