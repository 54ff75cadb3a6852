"""Whatever a notebook holds survives percent and hydrogen, in every language's comments."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import octavo
from octavo.core.languages import SCRIPT_SUFFIXES
from properties import strategies as s

FORMATS = ["percent", "hydrogen"]


@pytest.mark.parametrize("fmt", ["py:percent", "py:hydrogen", "ml:percent", "R:percent"])
def test_every_tricky_cell_survives_between_plain_neighbours(fmt):
    for atom in s.ATOMS:
        s.assert_survives(s.between_plain_neighbours(atom), fmt)


@pytest.mark.parametrize("fmt", FORMATS)
@given(cells=s.mixes)
def test_mixes_of_tricky_cells_survive(fmt, cells):
    s.assert_survives(s.notebook(cells), f"py:{fmt}")


@given(cells=s.mixes, suffix=st.sampled_from(SCRIPT_SUFFIXES), fmt=st.sampled_from(FORMATS))
def test_mixes_survive_in_every_language(cells, suffix, fmt):
    s.assert_survives(s.notebook(cells, {}), f"{suffix[1:]}:{fmt}")


@given(cells=s.mixes, quotes=st.sampled_from(['"""', "'''"]))
def test_mixes_survive_with_prose_in_triple_quotes(cells, quotes):
    s.assert_survives(s.notebook(cells), "py:percent", cell_markers=quotes)


@given(cells=s.mixes)
def test_mixes_survive_without_header(cells):
    s.assert_survives(s.notebook(cells), "py:percent", notebook_metadata_filter="-all")


@settings(max_examples=200)
@given(text=s.text_lines, suffix=st.sampled_from(SCRIPT_SUFFIXES), fmt=st.sampled_from(FORMATS))
def test_any_text_is_read(text, suffix, fmt):
    document = octavo.reads(text, f"{suffix[1:]}:{fmt}")
    lines = [cell.line for cell in document.cells]
    assert lines == sorted(set(lines))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)


@given(text=s.text_lines)
def test_ids_are_the_same_at_every_reading(text):
    once, again = octavo.reads(text, "py:percent"), octavo.reads(text, "py:percent")
    assert [cell.id for cell in once.cells] == [cell.id for cell in again.cells]
    assert len({cell.id for cell in once.cells}) == len(once.cells)
