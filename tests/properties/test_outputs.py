"""Outputs of cells that nobody edited come back, whatever is done around them."""

import tempfile
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from octavo import reads, writes
from octavo.core.document import Cell, Document
from octavo.workspace import outputs

SOURCES = st.lists(st.sampled_from([f"step({n})\nfollow({n})" for n in range(12)]), min_size=1)


def notebook(sources):
    cells = []
    for n, source in enumerate(sources):
        size = 2000 if n % 3 == 0 else 1
        text = {"name": "stdout", "output_type": "stream", "text": f"{source}|" * size}
        cells.append(Cell("code", source, outputs=[text], execution_count=n))
    return Document(cells)


@given(SOURCES, st.randoms(use_true_random=False), st.sampled_from(["py:percent", "md", "md:myst"]))
def test_unchanged_cells_have_their_outputs(sources, random, fmt):
    changed = list(sources)
    random.shuffle(changed)
    for n in range(random.randint(0, 3)):
        changed.insert(random.randint(0, len(changed)), f"new({n})")
    with tempfile.TemporaryDirectory() as root:
        store = outputs.OutputStore(root)
        path = f"{root}/x.{fmt.partition(':')[0]}"
        outputs.remember(notebook(sources), path, store)
        text = writes(notebook(changed), fmt)
        found = outputs.recall(reads(text, fmt), path, store)
    assert [cell.source for cell in found.cells] == changed
    once = {source for source, n in Counter(sources).items() if n == 1}
    for cell in found.cells:
        if cell.source in once:
            assert cell.outputs[0]["text"].startswith(f"{cell.source}|")
    assert found.notices == ()


@given(SOURCES, SOURCES)
def test_going_back_brings_the_outputs_back(before, after):
    with tempfile.TemporaryDirectory() as root:
        store = outputs.OutputStore(root)
        path = f"{root}/x.py"
        for sources in (before, after):
            outputs.remember(notebook(sources), path, store)
        found = outputs.recall(reads(writes(notebook(before), "py:percent")), path, store)
    once = {source for source, n in Counter(before).items() if n == 1}
    for cell in found.cells:
        if cell.source in once:
            assert cell.outputs[0]["text"].startswith(f"{cell.source}|")
