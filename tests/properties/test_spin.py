"""Scripts for spin carry every cell but the metadata of Markdown, and come to rest at once."""

from hypothesis import given
from hypothesis import strategies as st

import octavo
from octavo.core.options import Options
from octavo.formats import spin
from properties.strategies import ATOMS, cell, mixes, notebook, survivable

R = {"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}}
FILTERED = {**R, "jupytext": {"notebook_metadata_filter": "-all"}}
LINES = (
    '#\'|#\' text|#\'text|#+|#+ a, b=1|#+ eval=FALSE, active=""|#+ tags=c("active-ipynb"), eval=FALSE|#+ (|'
    '#+ octavo=\'{"blank": 1}\'|#+ octavo=\'{"type": "markdown"}\'|#+ language="bash"|# #+ x|# #\' x|x <- 1|'
    "f <- function() {|  y|}||||# a|#' ---|#' title: x|# %time x|  "
).split("|")
scripts = st.lists(st.sampled_from(LINES), max_size=14).map("\n".join)


def content(document):
    return [
        (cell.kind, cell.source, {} if cell.kind == "markdown" else survivable(cell.metadata))
        for cell in document.cells
        if not cell.metadata.get("hide_input")  # without a header, it comes back as a tag
    ]


def assert_survives(document):
    text = octavo.writes(document, "R:spin")
    back = octavo.reads(text, "R:spin")
    assert len(back.cells) == len(document.cells), text
    expected, found = content(document), content(back)
    assert found == expected or len(found) > len(expected), text
    assert octavo.writes(back, "R:spin") == text


def test_every_atom_survives():
    for atom in ATOMS:
        assert_survives(notebook([cell("code", "before = 1"), atom, cell("code", "after = 2")], R))
        assert_survives(notebook([atom, atom], FILTERED))
        assert_survives(notebook([cell("markdown", "a"), atom, cell("markdown", "b")], R))


@given(mixes, st.sampled_from([R, FILTERED]))
def test_mixes_survive(cells, metadata):
    assert_survives(notebook(cells, metadata))


@given(st.one_of(scripts, st.text(max_size=60)))
def test_any_text_is_read_and_comes_to_rest(text):
    document = octavo.reads(text, "R:spin")
    lines = [cell.line for cell in document.cells]
    assert lines == sorted(lines)
    assert_survives(document)


@given(scripts)
def test_every_word_of_a_script_is_in_a_cell(text):
    reader = spin._Reader(".R", "R", Options({}, ".R"))
    read = "".join(cell.source for cell in reader.cells(text, 1))
    for line in text.split("\n"):
        word = line.strip("#' ")
        if word and not line.startswith("#+"):
            assert word.removeprefix("# ") in read
