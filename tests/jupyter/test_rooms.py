"""A file that changes under an open shared document: both keep what they have."""

import asyncio
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octavo import Cell, Document
from octavo.core import merge
from octavo.jupyter.rooms import LiveNotebook

pycrdt = pytest.importorskip("pycrdt")
jupyter_ydoc = pytest.importorskip("jupyter_ydoc")

KERNEL = {"kernelspec": {"name": "python3", "display_name": "P"}, "language_info": {"name": "py"}}
PRINTED = [{"output_type": "stream", "name": "stdout", "text": "hello\n"}]


def notebook(*sources, outputs=()):
    cells = [
        Cell("code", source, id=f"c{n}", outputs=list(outputs) if n == 0 else [])
        for n, source in enumerate(sources)
    ]
    return Document(cells, KERNEL).to_nbformat()


def opened(content):
    document = jupyter_ydoc.YNotebook(pycrdt.Doc())
    document.set(content)
    return document, LiveNotebook(document)


def sources(document):
    return [cell["source"] for cell in document.get()["cells"]]


def write(document, number, text):
    """Type at the end of a cell."""
    source = document.ycells[number]["source"]
    source += text


def edited(content, number, source):
    cells = [dict(cell) for cell in content["cells"]]
    cells[number]["source"] = source
    return {**content, "cells": cells}


def take(document, content):
    """Bring in the content of the file, as a room does; return whether it is saved then."""

    async def taken():
        await document.aset(content)
        document.dirty = False
        await asyncio.sleep(0)

    asyncio.run(taken())
    return not document.dirty


def test_a_change_of_the_file_comes_in_and_ids_and_outputs_stay():
    start = notebook("a = 1", "b = 2", outputs=PRINTED)
    document, _ = opened(start)
    assert take(document, edited(start, 1, "b = 3"))
    assert sources(document) == ["a = 1", "b = 3"]
    assert [cell["id"] for cell in document.get()["cells"]] == ["c0", "c1"]
    assert document.get()["cells"][0]["outputs"] == PRINTED


def test_what_was_typed_since_the_last_save_stays_and_waits_to_be_saved():
    start = notebook("a = 1", "b = 2")
    document, _ = opened(start)
    write(document, 0, "  # typed")
    assert not take(document, edited(start, 1, "b = 3"))
    assert sources(document) == ["a = 1  # typed", "b = 3"]


def test_outputs_of_a_run_that_was_not_saved_stay():
    start = notebook("a = 1", "b = 2")
    document, _ = opened(start)
    document.set({**start, "cells": [{**start["cells"][0], "outputs": PRINTED}, start["cells"][1]]})
    take(document, edited(start, 1, "b = 3"))
    assert document.get()["cells"][0]["outputs"] == PRINTED


def test_a_change_of_the_same_line_becomes_a_conflict_that_holds_both():
    start = notebook("a = 1")
    document, _ = opened(start)
    write(document, 0, "0")
    take(document, edited(start, 0, "a = 2"))
    found = Document.from_nbformat(document.get())
    assert any(merge.is_conflict(cell) for cell in found.cells)
    assert {"a = 10", "a = 2"} <= {cell.source for cell in found.cells}


def test_a_save_is_the_new_base():
    start = notebook("a = 1", "b = 2")
    document, live = opened(start)

    class Loader:
        async def maybe_save_content(self, model):
            return {"hash": "x"}

    loader = Loader()
    live.watch_saves(loader)
    write(document, 0, "0")
    saved = document.get()
    asyncio.run(loader.maybe_save_content({"type": "notebook", "content": saved}))
    assert take(document, edited(saved, 0, "a = 1"))
    assert sources(document) == ["a = 1", "b = 2"]


def test_a_save_that_wrote_nothing_changes_no_base():
    start = notebook("a = 1")
    document, live = opened(start)

    class Loader:
        async def maybe_save_content(self, model):
            return None

    loader = Loader()
    live.watch_saves(loader)
    write(document, 0, "0")
    asyncio.run(loader.maybe_save_content({"type": "notebook", "content": document.get()}))
    take(document, notebook("a = 1", "new"))
    assert sources(document) == ["a = 10", "new"]


def test_cells_without_ids_are_merged_too():
    start = {**notebook("a = 1", "b = 2"), "nbformat_minor": 4}
    for cell in start["cells"]:
        del cell["id"]
    document, _ = opened(start)
    write(document, 0, "0")
    take(document, edited(start, 1, "b = 3"))
    assert sources(document) == ["a = 10", "b = 3"]


steps = st.lists(
    st.tuples(st.sampled_from(["type", "save", "file", "poll"]), st.integers(0, 5), st.booleans()),
    max_size=12,
)


@given(steps)
@settings(max_examples=60, deadline=None)
def test_no_word_is_lost_between_a_room_and_its_file(plan):
    start = notebook("one", "two\nlines", "three")
    document, live = opened(start)
    file, is_new = start, False
    words = []
    for number, (step, place, ends) in enumerate(plan):
        if step == "type":
            words.append(f"t{number}t")
            write(document, place % len(document.ycells), ("\n" if ends else " ") + words[-1])
        elif step == "file":
            words.append(f"t{number}t")
            at = place % len(file["cells"])
            source = file["cells"][at]["source"]
            changed = source + " " + words[-1] if ends else words[-1] + "\n" + source
            file, is_new = edited(file, at, changed), True
        elif is_new:  # a room that saves looks at the file first
            take(document, file)
            is_new = False
        elif step == "save":
            file = live.base = document.get()
    take(document, file)
    held = re.findall(r"t\d+t", "\n".join(sources(document)))
    assert set(words) <= set(held)
