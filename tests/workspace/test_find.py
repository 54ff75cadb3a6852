"""Pairs are found by metadata, configuration and recorded state."""

import json
import os

import pytest

from octavo.core.errors import OctavoError
from octavo.workspace import state, sync
from octavo.workspace.find import Finder

NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def root(tmp_path):
    (tmp_path / ".git").mkdir()
    return tmp_path


def write_notebook(path, formats=""):
    section = {"jupytext": {"formats": formats}} if formats else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**NOTEBOOK, "metadata": section}), "utf-8")


def found(*names):
    return list(Finder().all([os.fspath(name) for name in names]))


def names(*paths):
    return [pair.names for pair in found(*paths)]


def test_metadata_tells_the_pair(root):
    write_notebook(root / "a.ipynb", "ipynb,py:percent")
    write_notebook(root / "b.ipynb")
    assert names(root) == [("a.ipynb", "a.py")]


def test_each_pair_is_found_once(root):
    write_notebook(root / "a.ipynb", "ipynb,py:percent")
    (root / "a.py").write_text(
        "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n"
    )
    assert names(root, root / "a.py", root / "a.ipynb") == [("a.ipynb", "a.py")]


def test_a_text_without_header_is_known_by_the_record(root):
    write_notebook(root / "a.ipynb", "ipynb,py:percent")
    (pair,) = found(root)
    with sync.locked(state.Store(pair.root)):
        sync.sync_pair(pair, state.Store(pair.root))
    (root / "a.py").write_text("x = 1\n")
    (root / "a.ipynb").unlink()
    assert names(root / "a.py") == [("a.ipynb", "a.py")]


def test_the_configuration_pairs_notebooks_but_no_plain_modules(root):
    (root / "octavo.toml").write_text('formats = "ipynb,py:percent"\n')
    write_notebook(root / "a.ipynb")
    (root / "module.py").write_text("x = 1\n")
    assert names(root) == [("a.ipynb", "a.py")]
    assert names(root / "module.py") == [("module.ipynb", "module.py")]


def test_environments_and_hidden_folders_are_left_out(root):
    for folder in (".hidden", "node_modules", "env"):
        write_notebook(root / folder / "a.ipynb", "ipynb,py")
    (root / "env/pyvenv.cfg").touch()
    assert names(root) == []


def test_a_pairing_that_makes_no_sense_does_not_hide_the_others(root):
    write_notebook(root / "a.ipynb", "md,py")
    write_notebook(root / "b.ipynb", "ipynb,py")
    first, second = found(root)
    assert isinstance(first, OctavoError)
    assert first.code == "OCT-W020"
    assert second.names == ("b.ipynb", "b.py")


def test_a_member_in_a_folder_of_its_own_is_found_from_there(root):
    write_notebook(root / "nb/a.ipynb", "nb///ipynb,src///py:percent")
    (pair,) = found(root)
    with sync.locked(state.Store(pair.root)):
        sync.sync_pair(pair, state.Store(pair.root))
    assert names(root / "src") == [("nb/a.ipynb", "src/a.py")]


def test_a_folder_without_any_project_is_one_itself(tmp_path):
    write_notebook(tmp_path / "part/a.ipynb", "ipynb,py:percent")
    (pair,) = found(tmp_path)
    assert pair.root == os.fspath(tmp_path)
    assert pair.names == ("part/a.ipynb", "part/a.py")


def test_unchanged_pairs_of_inner_projects_are_not_read(tmp_path, monkeypatch):
    write_notebook(tmp_path / "inner/.git/../a.ipynb", "ipynb,py:percent")
    (pair,) = found(tmp_path)
    assert pair.root == os.fspath(tmp_path / "inner")
    store = state.Store(pair.root)
    with sync.locked(store):
        sync.sync_pair(pair, store)
        for path in pair.paths:  # long ago: nothing can have changed unseen
            os.utime(path, (1, 1))
        sync.sync_pair(pair, store)
    for record in (tmp_path / "inner/.octavo/pairs").iterdir():
        os.utime(record, (2e9, 2e9))
    monkeypatch.setattr("octavo.workspace.files.read_document", None)
    assert [same.is_fresh for same in found(tmp_path)] == [True]
