"""Whatever two sides do to a notebook that they share: no line is lost, none comes back."""

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.merge import CONFLICT
from octavo.vcs.merge_driver import Versions, merge_versions
from vcs import three_ways

with_or_without_ids = pytest.mark.parametrize("with_ids", [True, False], ids=["ids", "no ids"])


def merged(base, ours, theirs, with_ids):
    """Return the cells of a merge; the file is a valid notebook in any case."""
    versions = [
        three_ways.to_bytes(list(enumerate(base)), with_ids=with_ids),
        ours.to_bytes(with_ids=with_ids),
        theirs.to_bytes(with_ids=with_ids),
    ]
    result = merge_versions(Versions(*versions, "n.ipynb"))
    nbformat.validate(json.loads(result.data))
    return json.loads(result.data)["cells"], result.conflicts


def lines_of(cells):
    """Return all lines; a cell that lost all of its lines is empty."""
    return [line for cell in cells for line in "".join(cell["source"]).split("\n") if line]


@with_or_without_ids
@given(three_ways.sizes, three_ways.edits, three_ways.edits)
def test_no_line_that_a_side_wrote_is_ever_lost(with_ids, sizes, mine, yours):
    base = three_ways.base_cells(sizes)
    ours, theirs = three_ways.side(base, mine, "o"), three_ways.side(base, yours, "t")
    cells, conflicts = merged(base, ours, theirs, with_ids)
    lines = lines_of(cells)
    assert set(lines) >= ours.written | theirs.written
    untouched = {line for cell in base for line in cell} - ours.removed - theirs.removed
    assert set(lines) >= untouched
    if not conflicts:
        assert sorted(lines) == sorted(untouched | ours.written | theirs.written)


@with_or_without_ids
@given(three_ways.sizes, three_ways.edits, three_ways.edits)
def test_what_one_side_edits_and_the_other_deletes_is_a_conflict(with_ids, sizes, mine, yours):
    base = three_ways.base_cells(sizes)
    ours, theirs = three_ways.side(base, mine, "o"), three_ways.side(base, yours, "t")
    cells, _ = merged(base, ours, theirs, with_ids)
    in_conflict = "\n".join(
        "".join(cell["source"]) for cell in cells if CONFLICT in cell["metadata"]
    )
    for one, other in ((ours, theirs), (theirs, ours)):
        for number, lines in one.cells:
            if number is None or number not in other.deleted or lines == base[number]:
                continue
            kept = set(lines) & set(base[number])
            if with_ids or 2 * len(kept) > max(len(lines), len(base[number])):
                assert "\n".join(lines) in in_conflict


@with_or_without_ids
@given(three_ways.sizes, three_ways.edits, st.booleans())
def test_a_side_that_did_nothing_gives_the_other(with_ids, sizes, drawn, is_ours):
    base = three_ways.base_cells(sizes)
    made, same = three_ways.side(base, drawn, "x"), three_ways.side(base, [], "y")
    ours, theirs = (made, same) if is_ours else (same, made)
    cells, conflicts = merged(base, ours, theirs, with_ids)
    assert conflicts == []
    assert [cell["source"] for cell in cells] == [
        "\n".join(lines).splitlines(keepends=True) for _, lines in made.cells
    ]


@with_or_without_ids
@given(three_ways.sizes, three_ways.edits, three_ways.edits)
def test_both_ways_round_the_same_lines_come_out(with_ids, sizes, mine, yours):
    base = three_ways.base_cells(sizes)
    ours, theirs = three_ways.side(base, mine, "o"), three_ways.side(base, yours, "t")
    forth, conflicts = merged(base, ours, theirs, with_ids)
    back, others = merged(base, theirs, ours, with_ids)
    assert bool(conflicts) == bool(others)
    if not conflicts:
        assert sorted(lines_of(forth)) == sorted(lines_of(back))
