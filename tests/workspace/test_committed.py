"""A pair in a fresh clone: the last commit tells what its members agreed on."""

import json
import os
import subprocess

import pytest

from octavo.workspace import pairs, state, sync

FORMATS = "ipynb,py:percent"
TEXT = """# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
# ---

# %%
a = 1

# %%
b = 2
"""


def git(folder, *words):
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    done = subprocess.run(["git", *identity, *words], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode()


def synced(folder, name="n"):
    pair = pairs.of_path(os.path.join(folder, f"{name}.ipynb"), FORMATS, os.fspath(folder))
    store = state.Store(os.fspath(folder))
    with sync.locked(store):
        return sync.sync_pair(pair, store)


@pytest.fixture
def clone(tmp_path):
    """A clone of a repository with a pair whose members agree, with outputs; no record."""
    origin, place = tmp_path / "origin", tmp_path / "clone"
    origin.mkdir()
    git(origin, "init", "-q")
    (origin / "n.py").write_text(TEXT)
    synced(origin)
    notebook = json.loads((origin / "n.ipynb").read_text())
    notebook["cells"][0]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["kept\n"]}
    ]
    (origin / "n.ipynb").write_text(json.dumps(notebook, indent=1) + "\n")
    synced(origin)
    git(origin, "add", "-f", "n.py", "n.ipynb")
    git(origin, "commit", "-qm", "one")
    git(tmp_path, "clone", "-q", "origin", "clone")
    return place


def sources(folder):
    cells = json.loads((folder / "n.ipynb").read_text())["cells"]
    return ["".join(cell["source"]) for cell in cells]


def edit(folder, name, old, new):
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))


@pytest.mark.parametrize("member", ["n.py", "n.ipynb"])
def test_an_edit_of_one_member_reaches_the_other_and_outputs_stay(clone, member):
    edit(clone, member, "b = 2", "b = 20")
    assert synced(clone).conflicts == ()
    assert sources(clone) == ["a = 1", "b = 20"]
    assert "b = 20" in (clone / "n.py").read_text()
    assert "kept" in (clone / "n.ipynb").read_text()


def test_a_cell_that_was_deleted_stays_deleted(clone):
    edit(clone, "n.py", "# %%\nb = 2\n", "")
    synced(clone)
    assert sources(clone) == ["a = 1"]


def test_edits_of_both_members_are_merged(clone):
    edit(clone, "n.py", "b = 2", "b = 20")
    edit(clone, "n.ipynb", "a = 1", "a = 10")
    assert synced(clone).conflicts == ()
    assert sources(clone) == ["a = 10", "b = 20"]


def test_the_same_line_edited_twice_is_a_conflict_that_holds_both(clone):
    edit(clone, "n.py", "b = 2", "b = 20")
    edit(clone, "n.ipynb", "b = 2", "b = 200")
    assert synced(clone).conflicts
    assert {"b = 20", "b = 200"} <= set(sources(clone))


def test_outputs_that_git_does_not_hold_stay(clone):
    """A filter strips outputs on the way into git: the file here has some, the commit none."""
    bare = json.loads((clone / "n.ipynb").read_text())
    with_outputs = (clone / "n.ipynb").read_text()
    bare["cells"][0]["outputs"] = []
    (clone / "n.ipynb").write_text(json.dumps(bare, indent=1) + "\n")
    git(clone, "commit", "-qam", "stripped")
    strip = "sed -e '/kept/d'"
    git(clone, "config", "filter.strip.clean", strip)
    (clone / ".gitattributes").write_text("*.ipynb filter=strip\n")
    (clone / "n.ipynb").write_text(with_outputs)
    edit(clone, "n.py", "b = 2", "b = 20")
    synced(clone)
    assert sources(clone) == ["a = 1", "b = 20"]
    assert "kept" in (clone / "n.ipynb").read_text()


def test_a_repository_in_which_the_members_disagree_tells_nothing(clone):
    edit(clone, "n.py", "b = 2", "b = 20")
    git(clone, "commit", "-qam", "not synced")
    assert synced(clone).conflicts
    assert {"b = 2", "b = 20"} <= set(sources(clone))


@pytest.mark.parametrize("how", ["untracked", "no git", "no commit"])
def test_without_a_commit_both_versions_stay(clone, how, monkeypatch):
    if how == "untracked":
        git(clone, "rm", "-q", "--cached", "n.py")
        git(clone, "commit", "-qm", "without the text")
    elif how == "no git":
        monkeypatch.setenv("PATH", "/nowhere")
    else:
        git(clone, "checkout", "-q", "--orphan", "new")
    edit(clone, "n.py", "b = 2", "b = 20")
    assert synced(clone).conflicts
    assert {"b = 2", "b = 20"} <= set(sources(clone))


def test_a_member_that_was_deleted_is_written_again(clone):
    (clone / "n.ipynb").unlink()
    edit(clone, "n.py", "b = 2", "b = 20")
    synced(clone)
    assert sources(clone) == ["a = 1", "b = 20"]


def test_a_project_below_the_top_of_the_repository(tmp_path):
    git(tmp_path, "init", "-q")
    place = tmp_path / "a b" / "päir"
    place.mkdir(parents=True)
    (place / "n.py").write_text(TEXT)
    synced(place)
    git(tmp_path, "add", "-f", "a b/päir/n.py", "a b/päir/n.ipynb")
    git(tmp_path, "commit", "-qm", "one")
    for path in sorted((place / ".octavo").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    edit(place, "n.py", "b = 2", "b = 20")
    assert synced(place).conflicts == ()
    assert sources(place) == ["a = 1", "b = 20"]
