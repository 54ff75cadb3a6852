from octavo.core.document import Cell, Document
from octavo.core.loss import Loss, compare, first_difference, has_outputs
from octavo.formats._format import Keeps

NOTEBOOK = Keeps(outputs=True)
TEXT = Keeps()


def document(*cells, metadata=None, **fields):
    return Document(cells, metadata, **fields)


def losses(before, after, keeps=TEXT, **views):
    return [(loss.what, loss.key, loss.inherent) for loss in compare(before, after, keeps, **views)]


def test_equal_documents_lose_nothing():
    one = document(Cell("code", "x", {"tags": ["a"]}, [{"a": 1}], 3, id="i"), metadata={"m": 1})
    assert compare(one, one, TEXT) == compare(one, one, NOTEBOOK) == []


def test_change_of_a_source_is_a_fault_with_its_place():
    before = document(Cell("markdown", "a"), Cell("code", "a\nb\nc", line=7))
    after = document(Cell("markdown", "a"), Cell("code", "a\nB\nc"))
    (loss,) = compare(before, after, TEXT)
    assert (loss.cell, loss.line, loss.kind, loss.inherent) == (2, 7, "code", False)
    assert str(loss) == "cell 2 (code): source: line 2: 'b' became 'B'"
    assert repr(loss) == f"Loss({str(loss)!r})"
    assert loss.as_dict() == {
        "cell": 2,
        "detail": "line 2: 'b' became 'B'",
        "inherent": False,
        "key": "",
        "kind": "code",
        "line": 7,
        "what": "source",
    }


def test_format_without_borders_of_cells_loses_them_by_nature():
    before, after = document(Cell("code", "a"), Cell("raw", "b")), document(Cell("code", "a\nb"))
    assert losses(before, after, Keeps(kinds=False)) == [
        ("source", "", True),
        ("cells", "", True),
    ]
    assert losses(before, after) == [("source", "", False), ("cells", "", False)]


def test_cells_that_are_gone_or_new_are_told_apart_from_the_others():
    a, b, c = (Cell("code", name) for name in "abc")
    assert [str(loss) for loss in compare(document(a, b, c), document(a, c), TEXT)] == [
        "cell 2 (code): cells: is gone: 'b'"
    ]
    assert [str(loss) for loss in compare(document(a, c), document(a, b, c), TEXT)] == [
        "cell 1 (code): cells: is new: 'b'"
    ]


def test_kind_of_a_raw_cell_may_be_lost_by_nature():
    before, after = document(Cell("raw", "a")), document(Cell("markdown", "a"))
    assert losses(before, after, Keeps(raw=False)) == [("kind", "", True)]
    assert losses(before, after) == [("kind", "", False)]
    assert losses(after, before, Keeps(raw=False)) == [("kind", "", False)]


def test_what_only_a_notebook_holds_is_lost_by_nature_in_a_text():
    before = document(
        Cell("code", "a", {}, b'[{"output_type": "x"}]', 3, {"f": {}}, "i", extra={"k": 1})
    )
    after = document(Cell("code", "a", {}, [], None, None, "j"))
    names = ["outputs", "execution_count", "attachments", "id", "extra"]
    assert losses(before, after) == [(name, "", True) for name in names]
    assert losses(before, after, NOTEBOOK) == [(name, "", False) for name in names]


def test_outputs_are_equal_in_bytes_and_decoded():
    before = document(Cell("code", "a", {}, b'[{"a": 1}]'))
    assert losses(before, document(Cell("code", "a", {}, [{"a": 1}])), NOTEBOOK) == []
    assert losses(before, document(Cell("code", "a", {}, [{"a": 2}])), NOTEBOOK)


def test_outputs_are_noticed_without_decoding():
    held = (
        None,
        [],
        b"[]",
        b"[\n  ]",
        b"[]" + b" " * 100,
        [{}],
        b'[{"a": 1}]',
        b" " * 100 + b"[1]",
    )
    assert [has_outputs(Cell("code", "", {}, outputs)) for outputs in held] == [False] * 5 + [
        True
    ] * 3


def test_metadata_is_lost_by_nature_where_the_format_carries_none():
    before = document(Cell("code", "", {"tags": [], "x": 1}), Cell("markdown", "", {"y": 2}))
    after = document(Cell("code", ""), Cell("markdown", ""))
    keys = ["tags", "x", "y"]
    for carried, faults in {
        "all": "tags x y",
        "code": "tags x",
        "tags": "tags",
        "none": "",
    }.items():
        found = losses(before, after, Keeps(carried))
        assert found == [("metadata", key, key not in faults.split()) for key in keys]


def test_metadata_that_a_filter_leaves_out_is_lost_by_nature():
    before = document(Cell("code", "", {"x": 1, "collapsed": True}), metadata={"a": 1, "b": 2})
    found = losses(
        before,
        document(Cell("code", "")),
        cell_view=lambda metadata: {"x": metadata["x"]},
        notebook_view=lambda metadata: {"a": metadata["a"]},
    )
    assert found == [
        ("metadata", "a", False),
        ("metadata", "b", True),
        ("metadata", "x", False),
        ("metadata", "collapsed", True),
    ]


def test_metadata_that_changed_or_came_from_nowhere_is_a_fault():
    before, after = (
        document(Cell("code", "", {"x": 1})),
        document(Cell("code", "", {"x": "1", "y": 2})),
    )
    assert [str(loss) for loss in compare(before, after, TEXT)] == [
        "cell 1 (code): metadata x: 1 became '1'",
        "cell 1 (code): metadata y: 2 is new",
    ]


def test_format_with_metadata_of_its_own_may_bring_some():
    before, after = document(Cell("code", "")), document(Cell("code", "", {"y": 2}))
    assert losses(before, after, Keeps("tags")) == [("metadata", "y", True)]
    assert losses(before, after, Keeps("code")) == [("metadata", "y", False)]
    assert losses(document(), document(metadata={"y": 2})) == [("metadata", "y", True)]


def test_settings_of_the_text_are_no_loss():
    before = document(metadata={"jupytext": {"formats": "ipynb,py"}})
    assert losses(before, document(metadata={"jupytext": {"main_language": "python"}})) == []
    assert losses(before, document()) == [("metadata", "jupytext", True)]
    assert losses(document(), before) == []


def test_notebook_metadata_is_lost_by_nature_in_a_format_without_header():
    before = document(metadata={"kernelspec": {"name": "x"}})
    assert losses(before, document(), Keeps(notebook_metadata=False)) == [
        ("metadata", "kernelspec", True)
    ]
    assert losses(before, document()) == [("metadata", "kernelspec", False)]


def test_unknown_keys_of_the_file_are_kept_by_notebooks_only():
    before = document(extra={"k": 1})
    assert losses(before, document()) == [("extra", "", True)]
    assert losses(before, document(), NOTEBOOK) == [("extra", "", False)]


def test_first_difference_of_two_texts():
    assert first_difference("a\nb", "a\nc") == "line 2: 'b' became 'c'"
    assert first_difference("a", "a\nb") == "line 2: 'b' is new"
    assert first_difference("a\nb", "a") == "line 2: 'b' is gone"
    assert len(first_difference("a" * 10_000, "b" * 10_000)) < 200


def test_losses_compare_by_what_they_say():
    assert repr(Loss("id", "gone", inherent=True)) == "Loss('id: gone', inherent=True)"
