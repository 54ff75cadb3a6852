"""Writing over a previous text: exact content, and no more changed than was edited."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import octavo
from properties import strategies as s

FORMATS = ["py:percent", "py:hydrogen", "py:light", "md", "md:myst", "Rmd", "R:percent"]


def hunks(old: str, new: str) -> int:
    """Return the number of places in which two texts differ."""
    matcher = difflib.SequenceMatcher(None, old.split("\n"), new.split("\n"), autojunk=False)
    return sum(tag != "equal" for tag, *_ in matcher.get_opcodes())


def content(document):
    return [(cell.kind, cell.source, cell.metadata) for cell in document.cells]


@pytest.mark.parametrize("fmt", FORMATS)
@given(old=s.mixes, new=s.mixes)
def test_the_result_holds_the_new_document(fmt, old, new):
    previous = octavo.writes(s.notebook(old), fmt)
    wanted = s.notebook(new)
    text = octavo.writes(wanted, fmt, previous=previous)
    assert content(octavo.reads(text, fmt)) == content(
        octavo.reads(octavo.writes(wanted, fmt), fmt)
    )


@pytest.mark.parametrize("fmt", FORMATS)
@given(previous=s.text_lines, new=s.mixes)
def test_any_previous_text_does_no_harm(fmt, previous, new):
    wanted = s.notebook(new)
    text = octavo.writes(wanted, fmt, previous=previous)
    assert content(octavo.reads(text, fmt)) == content(
        octavo.reads(octavo.writes(wanted, fmt), fmt)
    )


@pytest.mark.parametrize("fmt", FORMATS)
@given(cells=st.lists(s.atoms, min_size=1, max_size=6), data=st.data())
def test_nothing_changes_when_nothing_was_edited(fmt, cells, data):
    previous = octavo.writes(s.notebook(cells), fmt)
    document = octavo.reads(previous, fmt)
    assert octavo.writes(document, fmt, previous=previous) == previous


@pytest.mark.parametrize("fmt", FORMATS)
@given(number=st.integers(0, 5))
def test_an_edit_of_one_plain_cell_is_one_hunk(fmt, number):
    cells = [s.cell("code" if n % 2 else "markdown", f"line_{n}\nsecond {n}") for n in range(6)]
    previous = octavo.writes(s.notebook(cells), fmt)
    cells[number] = cells[number].with_(source=f"line_{number}\nedited")
    text = octavo.writes(s.notebook(cells), fmt, previous=previous)
    assert hunks(previous, text) == 1
