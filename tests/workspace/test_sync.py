"""The files of a pair become the same document, and nothing is lost on the way."""

import json
import os
import shutil

import pytest

from octavo.core.errors import FormatError, OctavoError
from octavo.core.merge import resolve
from octavo.workspace import files, pairs, state, sync

FORMATS = "ipynb,py:percent,md"


def notebook(*sources, formats=FORMATS):
    cells = [
        {
            "cell_type": "code",
            "execution_count": n,
            "id": f"cell{n}",
            "metadata": {},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": [f"out {n}"]}],
            "source": source,
        }
        for n, source in enumerate(sources)
    ]
    section = {"jupytext": {"formats": formats}} if formats else {}
    return {"cells": cells, "metadata": section, "nbformat": 4, "nbformat_minor": 5}


class Project:
    """Three files of one document in a folder."""

    def __init__(self, root):
        self.root = os.fspath(root)
        self.pair = pairs.of_path(self.path("n.ipynb"), FORMATS, self.root)
        self.store = state.Store(self.root)

    def path(self, name):
        return os.path.join(self.root, name)

    def sync(self, **wishes):
        with sync.locked(self.store):
            return sync.sync_pair(self.pair, self.store, **wishes)

    def text(self, name):
        return files.read_bytes(self.path(name)).decode("utf-8")

    def save(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as fp:
            fp.write(text)

    def replace(self, name, old, new):
        text = self.text(name)
        assert old in text
        self.save(name, text.replace(old, new))

    def sources(self, name):
        return [cell.source for cell in files.read_document(self.path(name), None, {}).cells]

    def outputs(self):
        cells = files.read_document(self.path("n.ipynb"), None, {}).cells
        return ["".join(output["text"]) for cell in cells for output in cell.outputs or ()]

    def stamps(self):
        return {name: os.stat(self.path(name)).st_mtime_ns for name in ("n.ipynb", "n.py", "n.md")}


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path)
    project.save("n.ipynb", json.dumps(notebook("a = 1", "b = 2", "c = 3"), indent=1) + "\n")
    project.sync()
    return project


def everywhere(project):
    sources = project.sources("n.ipynb")
    assert project.sources("n.py") == sources
    assert project.sources("n.md") == sources
    return sources


def test_missing_members_are_written(project):
    assert everywhere(project) == ["a = 1", "b = 2", "c = 3"]


def test_nothing_is_touched_when_nothing_changed(project):
    before = project.stamps()
    assert project.sync().status == "unchanged"
    assert project.stamps() == before


@pytest.mark.parametrize("name", ["n.ipynb", "n.py", "n.md"])
def test_an_edit_reaches_the_others_and_its_own_file_stays(project, name):
    project.replace(name, "b = 2", "b = 20")
    edited, before = project.text(name), project.stamps()[name]
    result = project.sync()
    assert result.status == "updated"
    assert everywhere(project) == ["a = 1", "b = 20", "c = 3"]
    assert (project.text(name), project.stamps()[name]) == (edited, before)
    assert project.outputs() == ["out 0", "out 1", "out 2"]


def test_edits_of_all_members_come_together(project):
    project.replace("n.ipynb", "a = 1", "a = 10")
    project.replace("n.py", "b = 2", "b = 20")
    project.replace("n.md", "c = 3", "c = 30")
    assert project.sync().conflicts == ()
    assert everywhere(project) == ["a = 10", "b = 20", "c = 30"]


def test_file_times_decide_nothing(project):
    project.replace("n.py", "b = 2", "b = 20")
    os.utime(project.path("n.py"), (1, 1))
    os.utime(project.path("n.md"), (2**31, 2**31))
    project.sync()
    assert everywhere(project) == ["a = 1", "b = 20", "c = 3"]


def test_new_outputs_and_an_edit_of_the_text_come_together(project):
    project.replace("n.ipynb", "out 1", "new 1")
    project.replace("n.py", "b = 2", "b = 20")
    project.sync()
    assert everywhere(project) == ["a = 1", "b = 20", "c = 3"]
    assert project.outputs() == ["out 0", "new 1", "out 2"]


def test_a_run_touches_no_text(project):
    before = project.stamps()
    project.replace("n.ipynb", "out 1", "new 1")
    assert project.sync().status == "recorded"
    after = project.stamps()
    assert (after["n.py"], after["n.md"]) == (before["n.py"], before["n.md"])


def test_a_conflict_keeps_both_versions_in_all_members(project):
    project.replace("n.ipynb", "b = 2", "b = 20")
    project.replace("n.py", "b = 2", "b = 21")
    result = project.sync()
    assert (result.status, result.waiting) == ("conflict", 1)
    sources = everywhere(project)
    assert "b = 20" in sources
    assert "b = 21" in sources
    assert project.sync().status == "conflict"
    project.sync(change=lambda document: resolve(document, "theirs"))
    assert everywhere(project) == ["a = 1", "b = 21", "c = 3"]
    assert project.sync().status == "unchanged"


def test_a_conflict_may_write_nothing(project):
    project.replace("n.ipynb", "b = 2", "b = 20")
    project.replace("n.py", "b = 2", "b = 21")
    before = [project.text(name) for name in ("n.ipynb", "n.py", "n.md")]
    result = project.sync(marks=False)
    assert (result.status, len(result.conflicts), result.written) == ("conflict", 1, ())
    assert [project.text(name) for name in ("n.ipynb", "n.py", "n.md")] == before


def test_a_dry_run_writes_nothing(project):
    project.replace("n.py", "b = 2", "b = 20")
    before = project.stamps()
    assert len(project.sync(writes=False).written) == 2
    assert project.stamps() == before


@pytest.mark.parametrize("name", ["n.ipynb", "n.py", "n.md"])
def test_a_deleted_member_comes_back_with_its_outputs(project, name):
    os.unlink(project.path(name))
    project.replace("n.py" if name == "n.md" else "n.md", "a = 1", "a = 10")
    project.sync()
    assert everywhere(project) == ["a = 10", "b = 2", "c = 3"]
    assert project.outputs() == ["out 0", "out 1", "out 2"]


def test_all_members_gone_is_no_error(project):
    for path in project.pair.paths:
        os.unlink(path)
    assert project.sync().status == "gone"


def test_without_state_equal_members_are_recorded(project):
    before = project.stamps()
    project.store.forget(project.pair)
    assert project.sync().status == "recorded"
    assert project.stamps() == before


def test_without_state_additions_of_both_sides_stay(project):
    project.store.forget(project.pair)
    project.replace("n.py", "a = 1", "a = 1\nmore = 1")
    project.save("n.md", project.text("n.md") + "\nA new paragraph.\n")
    assert project.sync().conflicts == ()
    assert everywhere(project) == ["a = 1\nmore = 1", "b = 2", "c = 3", "A new paragraph."]


def test_without_state_differences_are_conflicts(project):
    project.store.forget(project.pair)
    project.replace("n.py", "b = 2", "b = 20")
    assert len(project.sync().conflicts) == 1
    assert {"b = 2", "b = 20"} <= set(everywhere(project))


def test_a_lost_base_counts_as_no_state(project):
    record = project.store.load(project.pair)
    os.unlink(project.store.base_path(state.key_of(project.pair), record.base))
    project.replace("n.py", "b = 2", "b = 2\nmore")
    project.sync()
    assert everywhere(project) == ["a = 1", "b = 2\nmore", "c = 3"]


def test_a_member_that_cannot_be_read_stops_the_pair_and_nothing_is_written(project):
    project.save("n.ipynb", "<<<<<<< HEAD\n{}")
    project.replace("n.py", "b = 2", "b = 20")
    before = project.stamps()
    with pytest.raises(FormatError) as error:
        project.sync()
    assert error.value.span.file.endswith("n.ipynb")
    assert project.stamps() == before


def test_an_old_version_without_pairing_stays_a_member(project):
    text = json.dumps(notebook("a = 1", "b = 2", "c = 3", "d = 4", formats=""), indent=1)
    project.save("n.ipynb", text + "\n")
    project.sync()
    assert everywhere(project)[-1] == "d = 4"
    assert "formats" in project.text("n.py")


class BusyDisk(state.Disk):
    """Somebody saves a member while another one is written."""

    def __init__(self, project, edits):
        self.project = project
        self.edits = edits

    def write(self, path, data, seen):
        if self.edits:
            name, old, new = self.edits.pop()
            self.project.replace(name, old, new)
        return super().write(path, data, seen)


def test_an_edit_made_while_we_write_is_merged(project):
    project.replace("n.ipynb", "a = 1", "a = 10")
    project.store.disk = BusyDisk(project, [("n.md", "c = 3", "c = 30")])
    project.sync()
    assert everywhere(project) == ["a = 10", "b = 2", "c = 30"]


def test_a_file_that_never_rests_is_an_error(project):
    class Restless(state.Disk):
        number = 0

        def write(self, path, data, seen):
            self.number += 1
            project.save("n.md", project.text("n.md") + f"\nx{self.number}\n")
            return super().write(path, data, seen)

    project.replace("n.ipynb", "a = 1", "a = 10")
    project.store.disk = Restless()
    with pytest.raises(OctavoError) as error:
        project.sync()
    assert error.value.code == "OCT-W024"


def test_the_state_of_a_pair_is_told(project):
    assert sync.state_of(project.pair, project.store) == "in sync"
    project.replace("n.py", "b = 2", "b = 20")
    os.unlink(project.path("n.md"))
    assert sync.state_of(project.pair, project.store) == "changed: n.py; missing: n.md"
    project.store.forget(project.pair)
    assert sync.state_of(project.pair, project.store) == "never synced"


@pytest.mark.parametrize("name", ["n.py", "n.md"])
@pytest.mark.parametrize("text", ["", "\n", "\ufeff", " \r\n"])
def test_an_emptied_text_empties_nothing(project, name, text):
    before = project.text("n.ipynb")
    project.save(name, text)
    with pytest.raises(OctavoError) as error:
        project.sync()
    assert (error.value.code, error.value.span.file) == ("OCT-W026", project.path(name))
    assert project.text("n.ipynb") == before
    os.unlink(project.path(name))
    project.sync()
    assert everywhere(project) == ["a = 1", "b = 2", "c = 3"]


def test_an_emptied_notebook_is_an_empty_document(project):
    project.save("n.ipynb", json.dumps(notebook()))
    project.sync()
    assert project.sources("n.py") == []
    assert project.sync().status == "unchanged"


def test_a_conflict_of_git_does_not_go_further(project):
    before = project.text("n.ipynb")
    ours = project.text("n.py")
    marked = "<<<<<<< HEAD\nb = 2\n=======\nb = 3\n>>>>>>> topic"
    project.replace("n.py", "b = 2", marked)
    with pytest.raises(OctavoError) as error:
        project.sync()
    line = ours[: ours.index("b = 2")].count("\n") + 1
    assert (error.value.code, error.value.span.line) == ("OCT-W027", line)
    assert project.text("n.ipynb") == before
    project.save("n.py", ours.replace("b = 2", "b = 3"))
    project.sync()
    assert everywhere(project) == ["a = 1", "b = 3", "c = 3"]


def test_a_text_about_conflicts_of_git_can_be_synced(project):
    marked = "<<<<<<< HEAD\nb = 2\n=======\nb = 3\n>>>>>>> topic"
    project.save("n.ipynb", json.dumps(notebook("a = 1", marked)))
    project.sync()
    project.replace("n.py", "a = 1", "a = 10")
    project.sync()
    assert everywhere(project) == ["a = 10", marked]


@pytest.mark.parametrize("name", [".octavo/lock/x", ".octavo"])
def test_a_state_that_cannot_be_written_is_an_error_of_ours(project, name):
    shutil.rmtree(project.path(".octavo"))
    os.makedirs(os.path.dirname(project.path(name)), exist_ok=True)
    project.save(name, "a file in the way")
    project.replace("n.py", "a = 1", "a = 10")
    with pytest.raises(OctavoError) as error:
        project.sync()
    assert error.value.code in ("OCT-W002", "OCT-W004")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_not_waited_for(project):
    os.unlink(project.path("n.md"))
    os.mkfifo(project.path("n.md"))
    with pytest.raises(OctavoError) as error:
        project.sync()
    assert error.value.code == "OCT-W003"
    with pytest.raises(OctavoError):
        sync.state_of(project.pair, project.store)


@pytest.mark.parametrize("edited", ["m.py", "m.ipynb"])
def test_a_pair_that_was_renamed_behind_our_back_is_known_by_what_did_not_change(project, edited):
    for suffix in ("ipynb", "py", "md"):
        os.rename(project.path(f"n.{suffix}"), project.path(f"m.{suffix}"))
    project.replace(edited, "b = 2", "b = 20")
    after = Project(project.root)
    after.pair = pairs.of_path(project.path("m.ipynb"), FORMATS, project.root)
    result = after.sync()
    assert result.conflicts == ()
    assert after.sources("m.ipynb") == after.sources("m.md") == ["a = 1", "b = 20", "c = 3"]
    assert after.store.load(project.pair) is None
    assert len(list(after.store.records())) == 1


def test_a_cell_that_was_deleted_after_a_rename_stays_deleted(project):
    for suffix in ("ipynb", "py", "md"):
        os.rename(project.path(f"n.{suffix}"), project.path(f"m.{suffix}"))
    project.replace("m.py", "# %%\nb = 2\n", "")
    project.pair = pairs.of_path(project.path("m.ipynb"), FORMATS, project.root)
    project.sync()
    assert project.sources("m.ipynb") == ["a = 1", "c = 3"]


@pytest.mark.parametrize("left", ["copied", "both edited", "two alike", "another notebook"])
def test_where_a_former_name_is_not_plain_both_versions_stay(project, left):
    if left == "two alike":
        other = pairs.of_path(project.path("o.ipynb"), FORMATS, project.root)
        for suffix in ("ipynb", "py", "md"):
            shutil.copy(project.path(f"n.{suffix}"), project.path(f"o.{suffix}"))
        with sync.locked(project.store):
            sync.sync_pair(other, project.store)
            for path in other.paths:
                os.remove(path)
    move = shutil.copy if left == "copied" else os.rename
    for suffix in ("ipynb", "py", "md"):
        move(project.path(f"n.{suffix}"), project.path(f"m.{suffix}"))
    project.replace("m.py", "b = 2", "b = 20")
    if left == "another notebook":
        project.save("m.ipynb", json.dumps(notebook("x = 1", "y = 2", "b = 2")))
    if left == "both edited":
        project.replace("m.ipynb", "c = 3", "c = 30")
        project.replace("m.md", "a = 1", "a = 10")
    project.pair = pairs.of_path(project.path("m.ipynb"), FORMATS, project.root)
    assert project.sync().conflicts
    assert {"b = 2", "b = 20"} <= set(project.sources("m.ipynb"))
