"""Two sides of a document become one, and no edit is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo import Cell, Document
from octavo.core.merge import is_conflict, merge, resolve


def code(source, **fields):
    return Cell("code", source, fields.pop("metadata", {}), fields.pop("outputs", []), **fields)


def document(*cells, **metadata):
    return Document([cell if isinstance(cell, Cell) else code(cell) for cell in cells], metadata)


def sources(merged):
    return [cell.source for cell in merged.document.cells]


def test_edits_of_different_cells_are_both_made():
    merged = merge(document("a", "b", "c"), document("a2", "b", "c"), document("a", "b", "c2"))
    assert sources(merged) == ["a2", "b", "c2"]
    assert merged.conflicts == ()


def test_edits_of_different_lines_are_both_made():
    merged = merge(document("a\nb\nc"), document("A\nb\nc"), document("a\nb\nC"))
    assert sources(merged) == ["A\nb\nC"]


def test_edits_of_one_line_keep_both_versions_and_say_so():
    merged = merge(document("x = 0", "y"), document("x = 1", "y"), document("x = 2", "y"))
    note, mine, yours, rest = merged.document.cells
    assert note.kind == "markdown"
    assert (mine.source, yours.source, rest.source) == ("x = 1", "x = 2", "y")
    assert mine.metadata["conflict"]["side"] == "ours"
    assert is_conflict(yours)
    assert not is_conflict(rest)
    assert [(c.cell, c.reason) for c in merged.conflicts] == [(0, "both-changed")]


@pytest.mark.parametrize(
    ("side", "expected"),
    [("ours", ["x = 1", "y"]), ("theirs", ["x = 2", "y"]), ("both", ["x = 1", "x = 2", "y"])],
)
def test_a_conflict_is_resolved(side, expected):
    merged = merge(document("x = 0", "y"), document("x = 1", "y"), document("x = 2", "y"))
    resolved = resolve(merged.document, side)
    assert [cell.source for cell in resolved.cells] == expected
    assert not any(is_conflict(cell) for cell in resolved.cells)


def test_cells_added_on_both_sides_are_kept():
    merged = merge(document("a", "b"), document("a", "mine", "b"), document("a", "yours", "b"))
    assert sources(merged) == ["a", "mine", "yours", "b"]


def test_a_cell_added_alike_on_both_sides_is_one():
    merged = merge(document("a"), document("a", "new"), document("a", "new"))
    assert sources(merged) == ["a", "new"]


def test_a_deleted_cell_goes_when_the_other_side_left_it_alone():
    assert sources(merge(document("a", "b"), document("b"), document("a", "b"))) == ["b"]
    assert sources(merge(document("a", "b"), document("a", "b"), document("a"))) == ["a"]


@pytest.mark.parametrize("swap", [False, True])
def test_a_deleted_cell_stays_when_the_other_side_changed_it(swap):
    sides = [document("b"), document("a = 1\nz = 5", "b")]
    if swap:
        sides.reverse()
    merged = merge(document("a = 1\nz = 0", "b"), *sides)
    assert "a = 1\nz = 5" in sources(merged)
    assert [c.reason for c in merged.conflicts] == ["changed-and-deleted"]


def test_moved_cells_take_the_edits_of_the_other_side():
    merged = merge(document("a", "b", "c"), document("c", "a", "b"), document("a", "b2", "c"))
    assert sources(merged) == ["c", "a", "b2"]
    merged = merge(document("a", "b", "c"), document("a", "b2", "c"), document("c", "a", "b"))
    assert sources(merged) == ["c", "a", "b2"]


def test_outputs_come_with_the_source_that_made_them():
    base = document(code("a", outputs=[{"o": 0}]), code("b", outputs=[{"o": 0}]))
    ours = document(code("a", outputs=[{"o": 1}], execution_count=1), code("b", outputs=[{"o": 1}]))
    theirs = document(code("a2", outputs=[{"o": 2}]), code("b", outputs=[{"o": 0}]))
    first, second = merge(base, ours, theirs).document.cells
    assert (first.source, first.outputs) == ("a2", [{"o": 2}])
    assert second.outputs == [{"o": 1}]


def test_outputs_run_on_the_other_side_only_are_taken():
    base = document(code("a"))
    merged = merge(base, document(code("a")), document(code("a", outputs=[{"o": 1}])))
    assert merged.document.cells[0].outputs == [{"o": 1}]


def test_metadata_merge_by_key():
    base = document(code("a", metadata={"tags": ["x", "y"], "k": 1, "n": {"a": 1}}))
    ours = document(code("a", metadata={"tags": ["x", "y", "z"], "k": 2, "n": {"a": 1, "b": 2}}))
    theirs = document(code("a", metadata={"tags": ["y"], "n": {"a": 3}, "k": 1, "new": True}))
    merged = merge(base, ours, theirs)
    assert merged.document.cells[0].metadata == {
        "tags": ["y", "z"], "k": 2, "n": {"a": 3, "b": 2}, "new": True,
    }  # fmt: skip
    assert merged.conflicts == ()


def test_metadata_that_both_sides_changed_is_reported():
    merged = merge(
        document(code("a", metadata={"k": 0}), v=0),
        document(code("a", metadata={"k": 1}), v=1),
        document(code("a", metadata={"k": 2}), v=2),
    )
    assert [(c.cell, c.reason) for c in merged.conflicts] == [(0, "metadata"), (None, "metadata")]


def test_what_tools_rewrite_is_no_conflict():
    merged = merge(
        document("a", language_info={"version": "1"}),
        document("a", language_info={"version": "2"}),
        document("a", language_info={"version": "3"}),
    )
    assert merged.conflicts == ()


def test_a_kind_that_changed_is_an_edit():
    base = document(code("a", id="i"))
    ours = Document([Cell("markdown", "a", id="i")])
    assert [c.kind for c in merge(base, ours, base).document.cells] == ["markdown"]


def test_ids_find_a_cell_that_was_rewritten():
    base = document(code("a", id="1"), code("b", id="2"))
    ours = document(code("b", id="2"), code("entirely new", id="1"))
    theirs = document(code("a", id="1"), code("b", id="2", metadata={"t": 1}))
    merged = merge(base, ours, theirs)
    assert sources(merged) == ["b", "entirely new"]
    assert merged.document.cells[0].metadata == {"t": 1}


names = st.lists(st.sampled_from(["a", "b", "c", "d\ne", "f\ng\nh"]), max_size=6)


@given(base=names, side=names)
def test_a_side_that_did_not_change_gives_the_other(base, side):
    old, new = document(*base), document(*side)
    assert sources(merge(old, new, old)) == side
    assert merge(old, new, old).conflicts == ()
    assert sorted(sources(merge(old, old, new))) == sorted(side)
    assert sources(merge(old, new, new)) == side


@given(base=names, data=st.data())
def test_every_edited_line_survives(base, data):
    def edited(side):
        cells = list(base)
        for n in range(len(cells)):
            if data.draw(st.booleans()):
                cells[n] += f"\n{side} edit {n}"
        if data.draw(st.booleans()):
            cells.insert(data.draw(st.integers(0, len(cells))), f"{side} new")
        return cells

    ours, theirs = edited("ours"), edited("theirs")
    merged = merge(document(*base), document(*ours), document(*theirs))
    text = "\n".join(sources(merged))
    for line in "\n".join(ours + theirs).split("\n"):
        if " edit " in line or " new" in line:
            assert line in text.split("\n")


def test_metadata_that_clash_keep_both_versions_of_the_cell():
    base, mine, yours = (document(code("x", metadata={"name": name})) for name in "abc")
    merged = merge(base, mine, yours)
    assert [conflict.reason for conflict in merged.conflicts] == ["metadata"]
    assert [cell.metadata.get("name") for cell in merged.document.cells] == [None, "b", "c"]
    assert [cell.metadata for cell in resolve(merged.document, "theirs").cells] == [{"name": "c"}]


def test_a_source_rewritten_on_one_side_takes_the_metadata_of_the_other():
    base = document("first", "x = 1", "last")
    tagged = document("first", code("x = 1", metadata={"tags": ["t"]}), "last")
    rewritten = document("first", "table.describe()", "last")
    for merged in (merge(base, tagged, rewritten), merge(base, rewritten, tagged)):
        assert merged.conflicts == ()
        cell = merged.document.cells[1]
        assert (cell.source, cell.metadata) == ("table.describe()", {"tags": ["t"]})


def test_an_empty_cell_that_both_sides_filled_is_a_conflict():
    base, ours, theirs = (document("a", code(text, id="i"), "b") for text in ("", "x", "y"))
    assert [c.reason for c in merge(base, ours, theirs).conflicts] == ["both-changed"]


def test_another_cell_in_the_place_of_one_takes_none_of_its_lines():
    old = "load_data(path)\nclean(rows)\nplt.show()"
    mine = "summary = table.describe()\nprint(summary)\nwrite(report)\nplt.show()"
    base, ours = document("first", old, "last"), document("first", mine, "last")
    theirs = document("first", old.replace("show()", "show(block=False)"), "last")
    merged = merge(base, ours, theirs)
    assert [conflict.reason for conflict in merged.conflicts] == ["both-changed"]
    assert sources(merged)[2:4] == [mine, theirs.cells[1].source]
