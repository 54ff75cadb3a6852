"""One-way members follow their document, and nobody's edit of one is lost."""

import contextlib
import json
import os

import pytest

from octavo.core.errors import ConfigError, FileError
from octavo.workspace import config, copies, files
from octavo.workspace.find import Finder
from octavo.workspace.state import Disk, Store
from octavo.workspace.sync import locked, sync_pair

CELLS = (("# Title", "markdown", ()), ("a = 1", "code", ("solution",)), ("b = 2", "code", ("x",)))


def notebook():
    cells = []
    for n, (source, kind, tags) in enumerate(CELLS):
        cell = {"cell_type": kind, "id": f"c{n}", "metadata": {"tags": list(tags)} if tags else {},
                "source": source}  # fmt: skip
        if kind == "code":
            output = {"name": "stdout", "output_type": "stream", "text": f"out {n}"}
            cell |= {"outputs": [output], "execution_count": n}
        cells.append(cell)
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


class Project:
    """A folder with a configuration and one notebook."""

    def __init__(self, root, configuration, name="n.ipynb"):
        self.root = os.fspath(root)
        self.save("octavo.toml", configuration)
        self.name = name
        self.save(name, json.dumps(notebook()))

    def path(self, name):
        return os.path.join(self.root, *name.split("/"))

    def save(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as fp:
            fp.write(text)

    def text(self, name):
        return files.read_bytes(self.path(name)).decode("utf-8")

    def document(self, name):
        return files.read_document(self.path(name), None, {})

    def sync(self, **wishes):
        finder = Finder()
        pair = finder.pair_of(self.path(self.name))
        found = finder.config_of(pair.paths[0])
        with locked(Store(self.root)):
            result = sync_pair(pair, Store(self.root), config=found, **wishes)
        return [(os.path.relpath(one.path, self.root), one.status) for one in result.copies]


STRIPPED = 'formats = "ipynb,py:percent"\n[[copies]]\nformat = "github///ipynb"\noutputs = false\n'


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path, STRIPPED)
    project.sync()
    return project


def test_stripped_copy_is_written(project):
    copy = project.document("github/n.ipynb")
    assert [cell.source for cell in copy.cells] == [source for source, _, _ in CELLS]
    assert [cell.outputs for cell in copy.cells] == [None, [], []]
    assert "formats" not in project.text("github/n.ipynb")
    assert project.document("n.ipynb").cells[1].outputs


def test_copy_follows_any_member(project):
    project.save("n.py", project.text("n.py").replace("b = 2", "b = 20"))
    assert project.sync() == [("github/n.ipynb", "updated")]
    assert project.document("github/n.ipynb").cells[2].source == "b = 20"


def test_nothing_to_do_touches_nothing(project):
    before = os.stat(project.path("github/n.ipynb")).st_mtime_ns
    assert project.sync() == [("github/n.ipynb", "unchanged")]
    os.utime(project.path("github/n.ipynb"), ns=(1, 1))
    assert project.sync() == [("github/n.ipynb", "unchanged")]
    assert os.stat(project.path("github/n.ipynb")).st_mtime_ns == 1 != before


def test_copy_that_is_missing_is_written_again(project):
    os.unlink(project.path("github/n.ipynb"))
    assert project.sync() == [("github/n.ipynb", "updated")]


def test_edit_of_a_copy_is_kept_and_told(project):
    edited = project.text("github/n.ipynb").replace("a = 1", "a = 10")
    project.save("github/n.ipynb", edited)
    assert project.sync() == [("github/n.ipynb", "edited")]
    assert project.text("github/n.ipynb.edited") == edited
    assert project.document("github/n.ipynb").cells[1].source == "a = 1"
    assert project.sync() == [("github/n.ipynb", "unchanged")]
    project.save("github/n.ipynb", edited + "\n")
    assert project.sync() == [("github/n.ipynb", "edited")]
    assert project.text("github/n.ipynb.edited-2") == edited + "\n"


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_sync_killed_at_a_copy_is_nobodys_edit(project, monkeypatch, after):
    for value in (3, 4):
        project.save("n.py", project.text("n.py").replace("b = 2", f"b = 2{value}"))
        with monkeypatch.context() as patch:
            kill_after(patch, after)
            with contextlib.suppress(Killed):
                project.sync()
    project.save("n.py", project.text("n.py").replace("a = 1", "a = 5"))
    assert project.sync() == [("github/n.ipynb", "updated")]
    sources = [cell.source for cell in project.document("github/n.ipynb").cells]
    assert sources == ["# Title", "a = 5", "b = 243"]
    assert project.sync() == [("github/n.ipynb", "unchanged")]
    assert not os.path.exists(project.path("github/n.ipynb.edited"))


@pytest.mark.parametrize("after", [0, 1, 2, 3, 4])
def test_edit_of_a_copy_outlives_a_killed_sync(project, monkeypatch, after):
    edited = project.text("github/n.ipynb").replace("a = 1", "a = 10")
    project.save("github/n.ipynb", edited)
    kill_after(monkeypatch, after)
    with contextlib.suppress(Killed):
        project.sync()
    monkeypatch.undo()
    project.sync()
    assert project.text("github/n.ipynb.edited") == edited
    assert project.document("github/n.ipynb").cells[1].source == "a = 1"


def kill_after(patch, steps):
    """Let the process end at the step after so many of those that concern copies."""
    left = iter(range(steps))

    def counted(step):
        def run(disk, path, *rest):
            is_of_copies = "github" in path or "copies" in path
            if is_of_copies and next(left, None) is None:
                raise Killed
            return step(disk, path, *rest)

        return run

    for name in ("write", "note"):
        patch.setattr(Disk, name, counted(getattr(Disk, name)))


def test_edit_of_a_copy_is_kept_when_nothing_is_recorded(project):
    edited = project.text("github/n.ipynb").replace("a = 1", "a = 10")
    project.save("github/n.ipynb", edited)
    project.save(".octavo/copies/x", "")
    for name in os.listdir(project.path(".octavo/copies")):
        project.save(f".octavo/copies/{name}", "{damaged")
    assert project.sync() == [("github/n.ipynb", "edited")]
    assert project.text("github/n.ipynb.edited") == edited


def test_dry_run_writes_nothing(project):
    project.save("github/n.ipynb", "edited")
    assert project.sync(writes=False) == [("github/n.ipynb", "edited")]
    assert project.text("github/n.ipynb") == "edited"
    assert not os.path.exists(project.path("github/n.ipynb.edited"))


def test_new_rule_is_seen(project):
    project.save("octavo.toml", STRIPPED + 'cell_metadata_filter = "-all"\n')
    assert project.sync() == [("github/n.ipynb", "updated")]
    assert project.document("github/n.ipynb").cells[2].metadata == {}


def test_cells_with_tags_are_left_out(tmp_path):
    text = 'formats = "ipynb,py"\n[[copies]]\nformat = ".page.md"\nwithout_tags = ["solution"]\n'
    project = Project(tmp_path, text)
    assert project.sync() == [("n.page.md", "updated")]
    assert "a = 1" not in project.text("n.page.md")
    assert "b = 2" in project.text("n.page.md")


def test_notebook_without_pair_may_have_copies(tmp_path):
    project = Project(tmp_path, '[[copies]]\nformat = "clean//ipynb"\n')
    assert project.sync() == [("clean/n.ipynb", "updated")]


def test_conflict_that_waits_leaves_copies_alone(project):
    before = project.text("github/n.ipynb")
    project.save("n.py", project.text("n.py").replace("b = 2", "b = 3"))
    project.save("n.ipynb", project.text("n.ipynb").replace("b = 2", "b = 4"))
    assert project.sync() == []
    assert project.text("github/n.ipynb") == before


@pytest.mark.parametrize(
    ("formats", "form", "name", "copy"),
    [
        ("ipynb,py", "github///ipynb", "a/n.ipynb", "github/a/n.ipynb"),
        ("ipynb,py", "github//ipynb", "a/n.ipynb", "a/github/n.ipynb"),
        ("ipynb,py", ".clean.ipynb", "a/n.ipynb", "a/n.clean.ipynb"),
        ("ipynb,py", "clean_/ipynb", "a/n.ipynb", "a/clean_n.ipynb"),
        ("ipynb,py", "../out//ipynb", "a/n.ipynb", "out/n.ipynb"),
        ("nb///ipynb,py///py", "github///ipynb", "nb/x/n.ipynb", "github/x/n.ipynb"),
        ("nb///ipynb,py///py", "github//ipynb", "nb/x/n.ipynb", "nb/x/github/n.ipynb"),
        ("nb//ipynb,py//py", "md//md", "a/nb/n.ipynb", "a/md/n.md"),
        ("ipynb,py", "md", "n.ipynb", "n.md"),
    ],
)
def test_copy_is_found_and_knows_its_document(tmp_path, formats, form, name, copy):
    text = f'formats = "{formats}"\n[[copies]]\nformat = "{form}"\n'
    project = Project(tmp_path, text, name)
    assert project.sync() == [(copy, "updated")]
    found = Finder().pair_of(project.path(copy))
    assert found.paths == Finder().pair_of(project.path(name)).paths
    assert project.sync() == [(copy, "unchanged")]
    members = [pair.paths for pair in Finder().all([project.root])]
    assert members == [found.paths]


def test_copy_without_document_is_no_document(project):
    os.unlink(project.path("n.ipynb"))
    os.unlink(project.path("n.py"))
    entries = list(Finder().all([project.root]))
    assert not any(hasattr(entry, "paths") and entry.paths[0].endswith("github/n.ipynb")
                   for entry in entries)  # fmt: skip
    assert Finder().pair_of(project.path("github/n.ipynb")) is None


@pytest.mark.parametrize(
    ("form", "code"), [("../../x//ipynb", "OCT-W021"), ("py", "OCT-W022"), ("ipynb", "OCT-W022")]
)
def test_impossible_place_is_an_error(tmp_path, form, code):
    project = Project(tmp_path, f'formats = "ipynb,py"\n[[copies]]\nformat = "{form}"\n')
    with pytest.raises(FileError) as error:
        project.sync()
    assert error.value.code == code


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[copies]\nformat = "md"\n', "copies are tables"),
        ("[[copies]]\noutputs = false\n", "a copy without format"),
        ('[[copies]]\nformat = "ipynb,py"\n', "a copy is one file"),
        ('[[copies]]\nformat = "mdd"\n', "unknown suffix or format"),
        ('[[copies]]\nformat = "md"\noutput = false\n', "unknown key 'output'"),
        ('[[copies]]\nformat = "md"\noutputs = "no"\n', "outputs takes true or false"),
        ("[[copies]]\nformat = 1\n", "format takes a text"),
    ],
)
def test_mistakes_have_a_place(tmp_path, text, message):
    (tmp_path / "octavo.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=message) as error:
        config.load(os.fspath(tmp_path / "n.ipynb"))
    assert error.value.span.line


def test_state_is_told(project):
    pair = Finder().pair_of(project.path("n.ipynb"))

    def told():
        return [
            how for _, how in
            copies.state_of(pair, Store(project.root), config.load(project.path("n.ipynb")))
        ]  # fmt: skip

    assert told() == ["up to date"]
    project.save("github/n.ipynb", "{}")
    assert told() == ["edited"]
    os.unlink(project.path("github/n.ipynb"))
    assert told() == ["missing"]


def test_two_tables_of_one_copy_are_an_error(tmp_path):
    text = 'formats = "ipynb,py"\n' + '[[copies]]\nformat = "x//md"\n' * 2
    with pytest.raises(FileError) as error:
        Project(tmp_path, text).sync()
    assert error.value.code == "OCT-W022"
