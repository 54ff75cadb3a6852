"""Outputs of a run go to the cells that ran, whatever was done to the document meanwhile."""

from octavo import Cell, Document
from octavo.workspace.running import merged


def printed(text):
    return [{"output_type": "stream", "name": "stdout", "text": text}]


def document(*rows):
    """Return a document of code cells: (id, source, what it printed)."""
    return Document(
        [Cell("code", source, id=name, outputs=printed(out)) for name, source, out in rows]
    )


def outputs(found):
    return [(cell.source, cell.outputs[0]["text"]) for cell in found.cells]


BEFORE = document(("a", "x = 1", "old"), ("b", "y = 2", "old"))
DONE = document(("a", "x = 1", "new"), ("b", "y = 2", "new"))


def test_an_edited_cell_keeps_its_outputs_and_the_others_get_theirs():
    now = document(("a", "x = 9", "old"), ("b", "y = 2", "old"))
    assert outputs(merged(BEFORE, DONE, now)) == [("x = 9", "old"), ("y = 2", "new")]


def test_a_cell_whose_id_was_given_to_another_one_is_known_by_its_source():
    now = document(("a", "x = 9", "old"), ("n", "x = 1", "older"), ("b", "y = 2", "old"))
    assert outputs(merged(BEFORE, DONE, now)) == [
        ("x = 9", "old"), ("x = 1", "new"), ("y = 2", "new"),
    ]  # fmt: skip


def test_a_new_cell_of_the_same_words_as_one_that_is_there_gets_nothing():
    now = document(("a", "x = 1", "old"), ("b", "y = 2", "old"), ("n", "x = 1", "own"))
    assert outputs(merged(BEFORE, DONE, now)) == [
        ("x = 1", "new"), ("y = 2", "new"), ("x = 1", "own"),
    ]  # fmt: skip
