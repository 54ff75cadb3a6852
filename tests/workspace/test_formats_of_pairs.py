"""A pair with a text in any format settles, follows edits and keeps both sides of a conflict."""

import json
import os

import pytest

from octavo.workspace import pairs, state, sync

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# Title"},
        {
            "cell_type": "code", "id": "c", "metadata": {"tags": ["t"]}, "execution_count": 1,
            "outputs": [{"name": "stdout", "output_type": "stream", "text": ["kept"]}],
            "source": "value = 1",
        },
    ],
    "metadata": {"kernelspec": {"display_name": "P", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}  # fmt: skip
FORMATS = [
    "py:percent", "py:light", "py:hydrogen", "py:nomarker", "py:sphinx", "py:marimo", "R:spin",
    "md", "md:myst", "Rmd", "qmd",
]  # fmt: skip


@pytest.fixture(params=FORMATS)
def project(request, tmp_path):
    formats = f"ipynb,{request.param}"
    notebook = tmp_path / "n.ipynb"
    metadata = {**NOTEBOOK["metadata"], "jupytext": {"formats": formats}}
    notebook.write_text(json.dumps({**NOTEBOOK, "metadata": metadata}, indent=1), "utf-8")
    pair = pairs.of_path(os.fspath(notebook), formats, os.fspath(tmp_path))

    def run(**wishes):
        store = state.Store(pair.root)
        with sync.locked(store):
            return sync.sync_pair(pair, store, **wishes)

    run()
    return run, notebook, tmp_path / os.path.basename(pair.paths[1])


def replace(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_pair_settles_at_once(project):
    run, notebook, text = project
    before = notebook.read_bytes(), text.read_bytes()
    assert run().status == "unchanged"
    assert (notebook.read_bytes(), text.read_bytes()) == before


def test_edits_go_both_ways_and_outputs_stay(project):
    run, notebook, text = project
    replace(text, "value = 1", "value = 2")
    assert run().conflicts == ()
    assert "value = 2" in notebook.read_text("utf-8")
    assert "kept" in notebook.read_text("utf-8")
    replace(notebook, "# Title", "# Chapter")
    assert run().conflicts == ()
    assert "Chapter" in text.read_text("utf-8")
    assert run().status == "unchanged"


def test_edits_of_both_come_together(project):
    run, notebook, text = project
    replace(text, "value = 1", "value = 2")
    replace(notebook, "# Title", "# Chapter")
    assert run().conflicts == ()
    for path in (notebook, text):
        assert "value = 2" in path.read_text("utf-8")
        assert "Chapter" in path.read_text("utf-8")


def test_a_conflict_keeps_both_versions(project):
    run, notebook, text = project
    replace(text, "value = 1", "value = 2")
    replace(notebook, "value = 1", "value = 3")
    assert run().status == "conflict"
    content = notebook.read_text("utf-8")
    assert "value = 2" in content
    assert "value = 3" in content
    assert run().written == ()
