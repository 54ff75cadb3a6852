"""An open shared document takes another version by small edits."""

import copy
import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from octavo import Cell, Document
from octavo.jupyter import live_edits

pycrdt = pytest.importorskip("pycrdt")
jupyter_ydoc = pytest.importorskip("jupyter_ydoc")

texts = st.text(st.sampled_from("ab \n\r\té😀\u0301"), max_size=30)
streams = st.builds(
    lambda text, name: {"output_type": "stream", "name": name, "text": text},
    texts, st.sampled_from(["stdout", "stderr"]),
)  # fmt: skip
shown = st.builds(
    lambda text: {"output_type": "display_data", "data": {"text/plain": text}, "metadata": {}},
    texts,
)
cells = st.builds(
    Cell,
    st.sampled_from(["code", "markdown", "raw"]),
    texts,
    st.dictionaries(st.sampled_from(["tags", "x"]), st.just(["a"]), max_size=2),
    id=st.sampled_from(["c0", "c1", "c2", "c3", "c4"]),
    outputs=st.lists(streams | shown, max_size=3),
)
notebooks = st.lists(cells, min_size=1, max_size=5, unique_by=lambda cell: cell.id).map(
    lambda found: Document(found, {"language_info": {"name": "py"}, "kernelspec": {"name": "p"}})
)


def as_notebook(document):
    made = copy.deepcopy(document.to_nbformat())
    for cell in made["cells"]:
        if cell["cell_type"] != "code":
            cell.pop("outputs", None)
    return made


def opened(notebook):
    document = jupyter_ydoc.YNotebook(pycrdt.Doc())
    document.set(copy.deepcopy(notebook))
    return document


@given(notebooks, notebooks)
@settings(deadline=None)
def test_the_document_is_what_the_file_says(before, after):
    document, plain = opened(as_notebook(before)), opened(as_notebook(after))
    live_edits.show(document, as_notebook(after))
    assert document.get() == plain.get()


@given(texts, texts)
@example("same\nline\n", "line\nsame\n")
@example("e\u0301", "e")
def test_edits_make_one_text_of_the_other_and_leave_both_ends_alone(before, after):
    found = list(live_edits.edits(before, after))
    made = before
    for start, stop, new in reversed(found):
        made = made[:start] + new + made[stop:]
    assert made == after
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))
    assert (found == []) is (before == after)


def test_in_long_texts_only_the_changed_part_counts():
    before = "x\n" * 100_000
    assert list(live_edits.edits(before, before + "y")) == [(200_000, 200_000, "y")]
    changed = "a\n" + before + "b\n"
    assert list(live_edits.edits("c\n" + before + "d\n", changed)) == [(0, 200_003, changed[:-1])]


def test_neither_cells_nor_texts_are_replaced():
    printed = [{"output_type": "stream", "name": "stdout", "text": "1\n"}]
    before = Document([Cell("code", "x = 1\nz = 3", id="c0", outputs=printed)])
    document = opened(before.to_nbformat())
    changes = []
    document.ycells.observe_deep(changes.extend)
    again = [{**printed[0], "text": "2\n"}]
    after = Document([Cell("code", "x = 1\ny = 2\nz = 3", id="c0", outputs=again)])
    live_edits.show(document, after.to_nbformat())
    deltas = [event.delta for event in changes if isinstance(event, pycrdt.TextEvent)]
    assert deltas == [[{"retain": 6}, {"insert": "y = 2\n"}]]
    assert not any(event.target is document.ycells for event in changes)
    assert document.get()["cells"][0]["outputs"] == again
