"""Sphinx-Gallery scripts carry kind and source of every cell, and come to rest at once."""

from hypothesis import given
from hypothesis import strategies as st

import octavo
from octavo.formats import sphinx_gallery
from properties.strategies import ATOMS, between_plain_neighbours, cell, mixes, notebook

FILTERED = {"jupytext": {"notebook_metadata_filter": "-all"}}
MATPLOTLIB = ("code", "%matplotlib inline")
LINES = (
    '""|\'\'|"""|\'\'\'|"""a"""|"""a|a"""|x = 1|def f():|    return 1|@a|# a comment|# octavo: {"type": "raw"}|'
    '# octavo: end|# octavo: {"metadata": {"tags": ["active-ipynb"]}}|# %%bash|# %matplotlib inline|'
    "|||####################|###############################################################################|"
    "# ---|#!/usr/bin/env python|s = '''|class A:|    pass|  |x = '''"
).split("|")
scripts = st.lists(st.sampled_from(LINES), max_size=14).map("\n".join)


def content(document):
    """Return kinds and sources, without the cell that reading puts first."""
    found = [(cell.kind, cell.source) for cell in document.cells]
    place = int(bool(found) and found[0][0] == "raw" and found[0][1].startswith("---"))
    if found[place : place + 1] == [MATPLOTLIB]:
        del found[place]
    return found


def without_newlines(cells):
    return [(kind, source.rstrip("\n")) for kind, source in cells]


def assert_survives(document):
    text = octavo.writes(document, "py:sphinx")
    back = octavo.reads(text, "py:sphinx")
    assert without_newlines(content(back)) == without_newlines(content(document)), text
    assert octavo.writes(back, "py:sphinx") == text


def test_every_atom_survives():
    definition = cell("code", "def f():\n    return 1")
    for atom in ATOMS:
        assert_survives(between_plain_neighbours(atom))
        assert_survives(notebook([atom], FILTERED))
        assert_survives(notebook([definition, atom, definition], FILTERED))
        assert_survives(notebook([cell("markdown", "a"), atom, cell("markdown", "b")]))


@given(mixes, st.sampled_from([None, FILTERED]))
def test_mixes_survive(cells, metadata):
    assert_survives(notebook(cells, metadata))


@given(st.one_of(scripts, st.text(max_size=60)))
def test_any_text_is_read_and_comes_to_rest(text):
    document = octavo.reads(text, "py:sphinx")
    lines = [cell.line for cell in document.cells]
    assert lines == sorted(lines)
    assert_survives(document)


@given(scripts)
def test_every_line_of_a_script_is_in_a_cell(text):
    reader = sphinx_gallery._Reader("python", uncomments=True)
    read = "".join(cell.source for cell in reader.cells(text, 1))
    for line in text.split("\n"):
        word = line.strip("#\"' ")
        if not line.startswith("# octavo") and word:
            assert word.removeprefix("# ") in read
