"""Ids: the same at every reading, and untouched by edits elsewhere."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.core import ids
from octavo.core.document import Cell, Document

KINDS = st.sampled_from(["code", "markdown", "raw"])
CELLS = st.lists(
    st.builds(
        Cell, KINDS, st.text("ab\n\ud800é", max_size=3), id=st.sampled_from([None, None, "a"])
    ),
    max_size=12,
)


def test_cells_get_eight_hexadecimal_digits():
    document = ids.assign(Document([Cell("code", "1"), Cell("markdown", "1")]))
    assert all(re.fullmatch("[0-9a-f]{8}", cell.id) for cell in document.cells)


def test_ids_never_change_between_versions():
    document = ids.assign(Document([Cell("code", "1 + 1"), Cell("code", "1 + 1")]))
    assert [cell.id for cell in document.cells] == ["42233889", "052b71c9"]


def test_ids_that_are_there_stay():
    document = Document([Cell("code", "", id="x"), Cell("code", "", id="x")])
    assert ids.assign(document) is document


def test_document_without_cells_stays():
    document = Document()
    assert ids.assign(document) is document
    assert ids.unique(document) is document


def test_empty_id_counts_as_missing():
    assert ids.assign(Document([Cell("code", "", id="")])).cells[0].id


def test_new_id_avoids_those_that_are_there():
    wanted = ids.assign(Document([Cell("code", "1")])).cells[0].id
    document = ids.assign(Document([Cell("code", "1"), Cell("raw", "", id=wanted)]))
    assert document.cells[0].id != wanted
    assert document.cells[1].id == wanted


def test_first_of_equal_ids_stays():
    document = Document([Cell("code", "1", id="x"), Cell("code", "2", id="x"), Cell("raw", "")])
    repaired = ids.unique(document)
    assert repaired.cells[0].id == "x"
    assert len({cell.id for cell in repaired.cells}) == 3
    assert ids.unique(repaired) is repaired


@settings(max_examples=100)
@given(CELLS)
def test_every_cell_gets_an_id_and_nothing_else_changes(cells):
    document = ids.assign(Document(cells))
    assert all(cell.id for cell in document.cells)
    for before, after in zip(cells, document.cells, strict=True):
        assert before.id in (None, after.id)
        assert after.with_(id=before.id) == before
    new = [after.id for before, after in zip(cells, document.cells, strict=True) if not before.id]
    assert len(set(new)) == len(new)
    assert "a" not in new
    assert ids.assign(Document(cells)) == document


@settings(max_examples=100)
@given(CELLS)
def test_unique_ids_are_unique(cells):
    document = ids.unique(Document(cells))
    assert len({cell.id for cell in document.cells}) == len(cells)
    assert [cell.source for cell in document.cells] == [cell.source for cell in cells]


@settings(max_examples=100)
@given(st.lists(st.text(max_size=5), min_size=1, max_size=10, unique=True), st.data())
def test_edit_of_one_cell_leaves_the_other_ids(sources, data):
    index = data.draw(st.integers(0, len(sources) - 1))
    new = data.draw(st.text(max_size=6).filter(lambda text: text not in sources))
    before = ids.assign(Document([Cell("code", source) for source in sources]))
    edited = [new if i == index else source for i, source in enumerate(sources)]
    after = ids.assign(Document([Cell("code", source) for source in edited]))
    for i, (one, other) in enumerate(zip(before.cells, after.cells, strict=True)):
        assert (one.id == other.id) == (i != index)


@settings(max_examples=100)
@given(st.lists(st.text("ab", max_size=2), max_size=10), st.data())
def test_insertion_of_a_new_cell_leaves_the_other_ids(sources, data):
    index = data.draw(st.integers(0, len(sources)))
    before = ids.assign(Document([Cell("code", source) for source in sources]))
    longer = [*sources[:index], "something new", *sources[index:]]
    after = ids.assign(Document([Cell("code", source) for source in longer]))
    kept = [cell.id for cell in after.cells if cell.source != "something new"]
    assert kept == [cell.id for cell in before.cells]


def test_collisions_are_resolved_in_order(monkeypatch):
    monkeypatch.setattr(ids, "_DIGEST_BYTES", 1)
    cells = [Cell("code", str(number)) for number in range(200)]
    document = ids.assign(Document(cells))
    assert len({cell.id for cell in document.cells}) == 200
    assert ids.assign(Document(cells)) == document
