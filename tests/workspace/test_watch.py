"""What a watched tree does when files change; the clock is an argument."""

import json

import pytest

from octavo.cli import attempt
from octavo.core.errors import FileError
from octavo.workspace import watch

HEADER = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n\n"


class Told(watch.Listener):
    """Keeps what it is told, one text for each fact."""

    def __init__(self):
        self.lines = []

    def synced(self, path, result):
        written = sorted(one.rpartition("/")[2] for one in result.written)
        self.lines.append(f"{path.rpartition('/')[2]} {result.status} {','.join(written)}")

    def failed(self, path, error):
        self.lines.append(f"{path.rpartition('/')[2]} failed {error.code}")

    def told(self, path, what, text):
        self.lines.append(f"{path.rpartition('/')[2]} {what} {text}")

    def take(self):
        lines, self.lines = self.lines, []
        return lines


class Watched:
    """A tree under a clock that only moves when a test says so."""

    def __init__(self, folder):
        self.folder = folder
        self.told = Told()
        self.tree = watch.Tree([str(folder)], self.told, attempt)
        self.now = 100.0
        self.tree.begin()
        self.told.take()

    def saw(self, *names):
        """Hand on that files changed, and return what came of it at once."""
        self.tree.changed([str(self.folder / name) for name in names], self.now)
        self.tree.work(self.now)
        return self.told.take()

    def later(self, seconds=10.0):
        """Let time pass, in small steps, and return what was told meanwhile."""
        for _ in range(10):
            self.now += seconds / 10
            self.tree.work(self.now)
        return self.told.take()


@pytest.fixture
def watched(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.py").write_text(HEADER + "# %%\nx = 1\n")
    return Watched(tmp_path)


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_twin_follows_an_edit_and_own_writes_are_not_news(watched, tmp_path):
    edit(tmp_path / "a.py", "x = 1", "x = 2")
    assert watched.saw("a.py") == ["a.py updated a.ipynb"]
    assert "x = 2" in (tmp_path / "a.ipynb").read_text()
    assert watched.saw("a.ipynb", "a.py") == []


def test_file_that_was_only_touched_is_not_news(watched, tmp_path):
    before = (tmp_path / "a.ipynb").stat().st_mtime_ns
    (tmp_path / "a.py").write_bytes((tmp_path / "a.py").read_bytes())
    assert watched.saw("a.py") == []
    assert (tmp_path / "a.ipynb").stat().st_mtime_ns == before


def test_new_notebook_is_paired_by_configuration(watched, tmp_path):
    (tmp_path / "octavo.toml").write_text('formats = "ipynb,py:percent"\n')
    notebook = json.loads((tmp_path / "a.ipynb").read_text())
    del notebook["metadata"]["jupytext"]
    watched.saw("octavo.toml")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/n.ipynb").write_text(json.dumps(notebook))
    assert watched.saw("sub") == ["n.ipynb updated n.py"]


def test_plain_script_is_left_alone(watched, tmp_path):
    (tmp_path / "module.py").write_text("x = 1\n")
    assert watched.saw("module.py") == []
    assert not (tmp_path / "module.ipynb").exists()


@pytest.mark.parametrize("name", [".hidden/b.py", "node_modules/b.py", ".b.py", "a.py~", "4913"])
def test_files_of_others_are_left_alone(watched, tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEADER + "# %%\nx = 1\n")
    assert watched.saw(name) == []
    assert not list(tmp_path.rglob("b.ipynb"))


def test_half_written_notebook_is_waited_for(watched, tmp_path):
    path = tmp_path / "a.ipynb"
    text = path.read_text().replace("x = 1", "x = 3")
    path.write_text(text[:40])
    assert watched.saw("a.ipynb") == []
    path.write_text(text)
    assert watched.later(0.2) == ["a.ipynb updated a.py"]


def test_notebook_that_stays_broken_is_told_once(watched, tmp_path):
    (tmp_path / "a.ipynb").write_text('{"cells": [')
    assert watched.saw("a.ipynb") == []
    assert watched.later() == ["a.ipynb failed OCT-N003"]
    assert watched.later() == []
    assert "x = 1" in (tmp_path / "a.py").read_text()


def test_empty_file_is_waited_for_and_outputs_stay(watched, tmp_path):
    path = tmp_path / "a.py"
    text = path.read_text()
    path.write_text("")
    assert watched.saw("a.py") == []
    path.write_text(text.replace("x = 1", "x = 4"))
    assert watched.saw("a.py") == ["a.py updated a.ipynb"]


def test_file_that_stays_empty_is_told_and_empties_nothing(watched, tmp_path):
    (tmp_path / "a.py").write_text("")
    assert watched.saw("a.py") == []
    assert watched.later() == ["a.py failed OCT-W026"]


def test_broken_pair_does_not_stop_another(watched, tmp_path):
    (tmp_path / "b.py").write_text(HEADER + "# %%\nx = 1\n")
    watched.saw("b.py")
    (tmp_path / "a.ipynb").write_bytes(b"\xff")
    edit(tmp_path / "b.py", "x = 1", "x = 2")
    assert watched.saw("a.ipynb", "b.py") == ["b.py updated b.ipynb"]


def test_conflict_is_told_and_kept(watched, tmp_path):
    edit(tmp_path / "a.py", "x = 1", "x = 2")
    edit(tmp_path / "a.ipynb", "x = 1", "x = 3")
    assert watched.saw("a.py") == ["a.py conflict a.ipynb,a.py"]
    text = (tmp_path / "a.py").read_text()
    assert ("x = 2" in text, "x = 3" in text) == (True, True)


def test_twin_follows_a_rename_with_its_outputs(watched, tmp_path):
    edit(
        tmp_path / "a.ipynb",
        '"outputs": []',
        '"outputs": [{"name": "stdout", "output_type": "stream", "text": ["one"]}]',
    )
    watched.saw("a.ipynb")
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert watched.saw("a.py", "b.py") == ["b.py renamed renamed from a.py: b.ipynb"]
    assert not (tmp_path / "a.ipynb").exists()
    assert '"one"' in (tmp_path / "b.ipynb").read_text()
    assert watched.saw("a.ipynb", "b.ipynb") == []
    edit(tmp_path / "b.py", "x = 1", "x = 2")
    assert watched.saw("b.py") == ["b.py updated b.ipynb"]


def test_rename_does_not_write_over_a_file(watched, tmp_path):
    (tmp_path / "b.ipynb").write_text((tmp_path / "a.ipynb").read_text().replace("x = 1", "y = 1"))
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    watched.saw("a.py", "b.py")
    assert "y = 1" in (tmp_path / "b.ipynb").read_text()
    assert "x = 1" in (tmp_path / "a.ipynb").read_text()


def test_folder_is_renamed(watched, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/c.py").write_text(HEADER + "# %%\nx = 1\n")
    watched.saw("sub")
    (tmp_path / "sub").rename(tmp_path / "other")
    watched.saw("sub", "other")
    edit(tmp_path / "other/c.py", "x = 1", "x = 2")
    assert watched.saw("other/c.py") == ["c.py updated c.ipynb"]
    assert not (tmp_path / "sub").exists()


def test_editor_that_deletes_before_it_writes_is_waited_for(watched, tmp_path):
    path = tmp_path / "a.py"
    text = path.read_text()
    path.unlink()
    assert watched.saw("a.py") == []
    path.write_text(text.replace("x = 1", "x = 5"))
    assert watched.saw("a.py") == ["a.py updated a.ipynb"]
    assert watched.later() == []


def test_deleted_member_is_told_and_does_not_come_back_by_itself(watched, tmp_path):
    (tmp_path / "a.ipynb").unlink()
    assert watched.saw("a.ipynb") == []
    [line] = watched.later()
    assert line.startswith("a.ipynb deleted deleted; a.py stays")
    assert not (tmp_path / "a.ipynb").exists()
    edit(tmp_path / "a.py", "x = 1", "x = 6")
    assert watched.saw("a.py") == ["a.py updated a.ipynb"]


def test_changes_are_collected_while_git_works(watched, tmp_path):
    lock = tmp_path / ".git/index.lock"
    lock.touch()
    edit(tmp_path / "a.py", "x = 1", "x = 2")
    assert watched.saw("a.py") == []
    edit(tmp_path / "a.ipynb", "x = 1", "x = 2")
    lock.unlink()
    assert watched.saw("a.ipynb") == ["a.py recorded "]


def test_lock_that_git_left_does_not_stop_the_watch(watched, tmp_path):
    (tmp_path / ".git/index.lock").touch()
    edit(tmp_path / "a.py", "x = 1", "x = 2")
    assert watched.saw("a.py") == []
    assert watched.later(20) == ["a.py updated a.ipynb"]


def test_configuration_is_read_anew(watched, tmp_path):
    (tmp_path / "octavo.toml").write_text('formats = "ipynb,py:percent"\ncell_markers = "+++"\n')
    lines = watched.saw("octavo.toml")
    assert lines[0].endswith("the configuration changed: all pairs are synced")


def test_wrong_configuration_is_told_once_and_mended(watched, tmp_path):
    (tmp_path / "octavo.toml").write_text("nonsense = 1\n")
    for name in ("b", "c"):
        (tmp_path / f"{name}.py").write_text(HEADER + "# %%\nx = 1\n")
    lines = watched.saw("octavo.toml", "b.py", "c.py") + watched.later()
    assert [line for line in lines if "OCT-C001" in line] == [" failed OCT-C001"]
    (tmp_path / "octavo.toml").write_text('formats = "ipynb,py:percent"\n')
    lines = watched.saw("octavo.toml")
    assert " updated b.ipynb" in lines
    edit(tmp_path / "a.py", "x = 1", "x = 7")
    assert watched.saw("a.py") == ["a.py updated a.ipynb"]


def test_one_way_members_follow(watched, tmp_path):
    (tmp_path / "octavo.toml").write_text(
        'formats = "ipynb,py:percent"\n[[copies]]\nformat = "github//ipynb"\noutputs = false\n'
    )
    watched.saw("octavo.toml")
    copy = tmp_path / "github/a.ipynb"
    assert "x = 1" in copy.read_text()
    edit(tmp_path / "a.py", "x = 1", "x = 2")
    assert watched.saw("a.py") == ["a.py updated a.ipynb"]
    assert "x = 2" in copy.read_text()
    assert watched.saw("github/a.ipynb", "a.ipynb") == []


def test_folders_of_members_elsewhere_are_watched(tmp_path):
    (tmp_path / "octavo.toml").write_text('formats = "notebooks///ipynb,scripts///py:percent"\n')
    for name in ("notebooks", "scripts"):
        (tmp_path / name).mkdir()
    (tmp_path / "scripts/s.py").write_text(
        HEADER.replace("ipynb,py", "notebooks///ipynb,scripts///py") + "# %%\n1\n"
    )
    tree = watch.Tree([str(tmp_path / "scripts")], watch.Listener(), attempt)
    assert tree.folders() == [str(tmp_path / "notebooks"), str(tmp_path / "scripts")]


def test_name_that_is_not_there_is_an_error(tmp_path):
    tree = watch.Tree([str(tmp_path / "nothing")], watch.Listener(), attempt)
    with pytest.raises(FileError, match="OCT-W001"):
        tree.folders()


def test_one_file_is_watched_and_its_neighbour_is_not(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.py").write_text(HEADER + "# %%\nx = 1\n")
    told = Told()
    tree = watch.Tree([str(tmp_path / "a.py")], told, attempt)
    tree.begin()
    edit(tmp_path / "b.py", "x = 1", "x = 2")
    tree.changed([str(tmp_path / "b.py")], 1.0)
    tree.work(1.0)
    assert told.take() == [" updated a.ipynb"]
    assert not (tmp_path / "b.ipynb").exists()


def test_limit_of_the_system_is_told(monkeypatch, tmp_path):
    import watchfiles

    def refuse(*_, **__):
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr(watchfiles, "watch", refuse)
    with pytest.raises(FileError, match=r"OCT-W040.*max_user_watches"):
        list(watch.changes([str(tmp_path)], None))
