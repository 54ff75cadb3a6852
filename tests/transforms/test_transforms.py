"""Strip, hide, clear, lock, number, activate: what goes, goes for good; the rest stays."""

from pathlib import Path

import pytest

from octavo import Cell, Document
from octavo.core.errors import FormatError, OptionError
from octavo.transforms import _index
from octavo.transforms.activate import activate
from octavo.transforms.clear import clear
from octavo.transforms.hide import remove_hidden
from octavo.transforms.lock import lock, unlock
from octavo.transforms.number import number
from octavo.transforms.strip import strip
from support.widget_states import STATE, metadata, model, view

DOCS = (Path(__file__).parents[2] / "docs/transforms.md").read_text("utf-8")
OUT = {"output_type": "stream", "name": "stdout", "text": "out"}
ERR = {"output_type": "stream", "name": "stderr", "text": "err"}


def code(source="1", outputs=(), **metadata):
    return Cell("code", source, metadata, list(outputs), 1)


def after(step, *cells):
    return _index.apply(Document(cells), step).cells


def test_strip_removes_outputs_counts_and_what_a_run_wrote():
    cell = code(outputs=[OUT], ExecuteTime={}, tags=["a"])
    (found,) = strip(Document([cell])).cells
    assert (found.outputs, found.execution_count, found.metadata) == ([], None, {"tags": ["a"]})


def test_strip_keeps_what_it_is_told_to():
    cells = [code(outputs=[OUT], tags=["keep"]), code(outputs=[OUT])]
    kept, gone = strip(Document(cells), keep="tag:keep").cells
    assert (kept, gone.outputs) == (cells[0], [])
    assert [c.outputs for c in after("strip-outputs:tag:keep", *cells)] == [[], [OUT]]


def test_strip_metadata_leaves_the_kernel():
    document = Document(
        [code(tags=["a"])], {"kernelspec": {"name": "x"}, "mine": 1}, extra={"k": 1}
    )
    found = strip(document, metadata=True)
    assert (found.metadata, found.cells[0].metadata) == ({"kernelspec": {"name": "x"}}, {})
    assert found.extra is None


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (code(tags=["remove_cell"]), None),
        (code("#| include: false\n1"), None),
        (code("#| hide\n1"), None),
        (code("secret", [OUT], tags=["remove-input"], note="x"), ("", [OUT])),
        (code("secret", tags=["remove-input"]), None),
        (code("#| fig-alt: a\n1", [OUT], tags=["remove-output"]), ("1", [])),
        (code("1", [OUT, ERR], tags=["remove-stderr"]), ("1", [OUT])),
        (code("1", [OUT, {**ERR, "metadata": {"tags": ["remove_output"]}}]), ("1", [OUT])),
        (code("1", [OUT], tags=["hide-input"]), ("1", [OUT])),
    ],
)
def test_remove_hidden_takes_what_marks_drop(cell, found):
    cells = remove_hidden(Document([cell])).cells
    assert [(c.source, c.outputs) for c in cells] == ([found] if found else [])
    assert all("note" not in c.metadata for c in cells)


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("remove-cell:tag:x", [("1", [OUT])]),
        ("remove-input:tag:x", [("", [OUT]), ("1", [OUT])]),
        ("remove-output:tag:x", [("2", []), ("1", [OUT])]),
        ("remove-output", [("2", []), ("1", [])]),
    ],
)
def test_steps_remove_parts(step, found):
    cells = after(step, code("2", [OUT], tags=["x"]), code("1", [OUT]))
    assert [(cell.source, cell.outputs) for cell in cells] == found


def test_steps_fold_parts():
    for word in ("fold", "hide"):
        (cell, other) = after(f"{word}-input:tag:x", code(tags=["x"]), code())
        assert (cell.metadata["tags"], other.metadata) == (["x", "hide-input"], {})
    assert after("fold-input", code(tags=["hide_input"]))[0].metadata == {"tags": ["hide_input"]}


def test_clear_makes_room_in_each_language():
    r = {"kernelspec": {"name": "ir", "language": "R"}}
    source = "f <- 1\n### BEGIN SOLUTION\n2\n### END SOLUTION\n3"
    found = clear(Document([code(source, [OUT])], r)).cells[0]
    assert found.source == "f <- 1\n# YOUR CODE HERE\nstop('No answer given')\n3"
    assert found.outputs == []
    prose = Cell("markdown", "a\n=== BEGIN MARK SCHEME ===\nb\n=== END MARK SCHEME ===\nc")
    assert clear(Document([prose])).cells[0].source == "a\nc"


def test_clear_knows_nbgrader():
    whole = code("answer = 1", nbgrader={"solution": True, "grade_id": "a"})
    assert clear(Document([whole])).cells[0].source == "# YOUR CODE HERE\nraise NotImplementedError"
    task = Cell("markdown", "Do it", {"nbgrader": {"solution": True, "task": True}})
    document = Document([task, code("BEGIN = 1")])
    assert clear(document) is document


@pytest.mark.parametrize("source", ["### BEGIN SOLUTION\n1", "1\n### END SOLUTION",
                                    "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION"])  # fmt: skip
def test_clear_tells_open_regions(source):
    with pytest.raises(FormatError) as caught:
        clear(Document([Cell("code", source, line=10)]))
    assert caught.value.code == "OCT-E052"
    assert caught.value.span.line > 10


def test_lock_and_unlock():
    document = Document([code(tags=["answer"]), Cell("markdown", "a")])
    locked = lock(document, "non-answer")
    assert [cell.metadata.get("deletable") for cell in locked.cells] == [None, False]
    assert unlock(locked) == document
    assert all(cell.metadata["editable"] is False for cell in lock(document).cells)


def test_number_renews_numbers():
    once = number(
        Document([Cell("markdown", "## A\n\n```\n## no\n```"), Cell("markdown", "### B")])
    )
    assert [cell.source for cell in once.cells] == ["## 1 A\n\n```\n## no\n```", "### 1.1 B"]
    assert number(once) == once


def test_activate_takes_the_cells_of_a_target():
    cells = [code("1", tags=["active-ipynb", "x"]), Cell("raw", "2", {"active": "py"}), code("3")]
    assert [c.source for c in activate(Document(cells), "py").cells] == ["2", "3"]
    assert activate(Document(cells), "py").cells[0].kind == "code"
    assert activate(Document(cells), ".ipynb").cells[0].metadata == {"tags": ["x"]}


def test_traces_of_what_is_gone_go_too():
    view = {"output_type": "display_data", "metadata": {},
            "data": {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}}}  # fmt: skip
    state = {"a": {"state": {"layout": "IPY_MODEL_b"}}, "b": {}, "c": {}}
    widgets = {"application/vnd.jupyter.widget-state+json": {"state": state, "version_major": 2}}
    cells = [code(outputs=[view]), Cell("markdown", "![](attachment:a%20b.png)",
             attachments={"a b.png": {}, "c.png": {}})]  # fmt: skip
    found = _index.apply(Document(cells, {"widgets": widgets}), "select:all")
    assert found.metadata == {"widgets": widgets}  # nothing went, so nothing is looked at
    found = _index.apply(
        Document([*cells, code(tags=["x"])], {"widgets": widgets}), "select:not tag:x"
    )
    kept = found.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]
    assert sorted(kept["state"]) == ["a", "b"]
    assert list(found.cells[1].attachments) == ["a b.png"]
    assert "widgets" not in strip(Document(cells, {"widgets": widgets})).metadata


def test_widgets_keep_what_they_show_and_what_joins_them():
    ends = {"source": ["IPY_MODEL_b", "value"], "target": ["IPY_MODEL_c", "value"]}
    models = {
        "a": model("Output", "output", outputs=[view("b")]), "b": model("IntSlider"),
        "c": model("IntText"), "d": model("Label"), "odd": "text",
        "b-c": model("Link", **ends),
        "b-d": model("DirectionalLink", source=ends["source"], target=["IPY_MODEL_d", "value"]),
    }  # fmt: skip
    cells = [code(outputs=[view("a"), view("c")]), code(tags=["x"])]
    found = _index.apply(Document(cells, metadata(models)), "select:not tag:x")
    assert sorted(found.metadata["widgets"][STATE]["state"]) == ["a", "b", "b-c", "c"]


def test_marks_drop_what_widgets_caught():
    caught = [{"output_type": "stream", "name": "stdout", "text": "gone"}, view("c"), "odd"]
    models = {"a": model("VBox", children=["IPY_MODEL_b"]), "c": {"state": 1},
              "b": model("Output", "output", outputs=caught)}  # fmt: skip
    cells = [code(outputs=[view("a")], tags=["remove-stdout"]), code(outputs=[view("b")])]
    found = _index.apply(Document(cells, metadata(models)), "remove-hidden")
    assert found.metadata["widgets"][STATE]["state"]["b"]["state"]["outputs"] == [view("c"), "odd"]
    same = Document(cells[1:], metadata(models))
    assert _index.apply(same, "remove-hidden") is same


@pytest.mark.parametrize(
    ("step", "hint"),
    [("lok", "did you mean 'lock'?"), ("number:x", "write number"), ("lock:tga:x", "did you mean 'tag'?")],
)  # fmt: skip
def test_wrong_steps_are_told(step, hint):
    with pytest.raises(OptionError) as caught:
        _index.step(step)
    assert hint in caught.value.hint


def test_inject_takes_json():
    cells = after('inject:{"g": 9.81}', code("g = 1", tags=["parameters"]))
    assert [cell.source for cell in cells] == ["g = 1", "# Parameters\ng = 9.81"]


def test_every_transform_tells_what_it_does():
    for name, transform in _index.all_of_them().items():
        assert transform.name == name
        assert transform.summary.endswith(".")
        assert f"`{name.split('-')[0]}" in DOCS, name
