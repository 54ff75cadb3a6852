"""Documents from nbformat's dictionaries and back."""

import copy
import json
import warnings

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octavo.core._notebook_lines import split_attachments, split_outputs
from octavo.core.document import Cell, Document
from octavo.core.errors import FormatError
from octavo.core.notebook import (
    decode_outputs,
    from_json,
    from_nbformat,
    to_nbformat,
)


def notebook(*cells, minor=5, **keys):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": minor, **keys}


def code(**keys):
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": "",
    }
    return {**cell, **keys}


def markdown(**keys):
    return {"cell_type": "markdown", "metadata": {}, "source": "", **keys}


def test_fields_of_a_code_cell():
    outputs = [{"output_type": "stream", "name": "stdout", "text": "a\nb\n"}]
    cell = code(id="x", source="1\n2", execution_count=3, outputs=outputs, metadata={"tags": ["t"]})
    (found,) = from_nbformat(notebook(cell)).cells
    assert found == Cell("code", "1\n2", {"tags": ["t"]}, outputs, 3, None, "x")


def test_split_texts_are_joined():
    cell = code(
        source=["1\n", "2"],
        outputs=[
            {"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]},
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {
                    "text/plain": ["a\n", "b"],
                    "image/png": ["a\n", "b"],
                    "application/json": ["a\n", "b"],
                    "application/x+json": ["a"],
                    "x": ["a", 1],
                },
            },
            {"output_type": "error", "ename": "", "evalue": "", "traceback": ["a", "b"]},
        ],
        attachments={"a.png": {"text/plain": ["a", "b"]}},
    )
    (found,) = from_nbformat(notebook(cell)).cells
    assert found.source == "1\n2"
    assert found.outputs[0]["text"] == "a\nb\n"
    assert found.outputs[1]["data"] == {
        "text/plain": "a\nb",
        "image/png": "a\nb",
        "application/json": ["a\n", "b"],
        "application/x+json": ["a"],
        "x": ["a", 1],
    }
    assert found.outputs[2]["traceback"] == ["a", "b"]
    assert found.attachments == {"a.png": {"text/plain": "ab"}}


def test_raw_outputs_are_joined_when_asked_for():
    cell = Cell(
        "code", "", outputs=b'[{"output_type":"stream","name":"stdout","text":["a\\n","b"]}]'
    )
    (found,) = to_nbformat(Document([cell]))["cells"]
    assert found["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "a\nb"}]
    assert decode_outputs(b"[1]") == [1]


def test_odd_outputs_stay():
    outputs = [
        1,
        {},
        {"text": ["a"]},
        {"output_type": "stream", "text": [1]},
        {"output_type": "display_data"},
        {"output_type": "display_data", "data": [1]},
        {"output_type": "display_data", "data": {1: ["a", "b\n"], 2: "a\n"}},
    ]
    document = from_nbformat(notebook(code(id="a", outputs=outputs, attachments={"a": [1]})))
    kept = copy.deepcopy(outputs)
    kept[-1]["data"][1] = "ab\n"
    assert document.cells[0].outputs == kept
    assert split_outputs(document.cells[0].outputs) == kept
    assert split_attachments(document.cells[0].attachments) == {"a": [1]}


def test_what_is_missing_is_filled_in():
    document = from_nbformat(
        {"cells": [{"cell_type": "code"}, {"cell_type": "raw"}], "nbformat": 4}
    )
    assert document.cells == (Cell("code", "", outputs=[]), Cell("raw", ""))
    assert document.nbformat_minor == 4
    assert document.metadata == {}
    assert from_nbformat({"cells": [markdown(id="x")]}).nbformat_minor == 5


def test_ids_stay_as_they_are():
    document = from_nbformat(
        notebook(markdown(id="x"), markdown(id="x"), markdown(), markdown(id=None))
    )
    assert [cell.id for cell in document.cells] == ["x", "x", None, None]


def test_ids_are_assigned_from_minor_version_5_on():
    assert "id" in Document([Cell("raw", "")]).to_nbformat()["cells"][0]
    assert (
        "id" not in Document([Cell("raw", "", id="x")], nbformat_minor=4).to_nbformat()["cells"][0]
    )


def test_unknown_keys_survive():
    cells = [
        code(id="a", new={"x": [1]}),
        markdown(id="b", outputs=[1], execution_count=2),
        code(id="c", execution_count="*"),
        markdown(id="d", attachments=None),
        code(id=5),
    ]
    before = notebook(*cells, new=[1], metadata={"new": {"x": 1}})
    document = from_nbformat(before)
    assert document.to_nbformat() == before
    assert document.extra == {"new": [1]}
    assert document.cells[0].extra == {"new": {"x": [1]}}
    assert document.cells[2].execution_count is None
    assert document.cells[4].id is None


def test_nothing_is_shared_with_the_dictionaries():
    before = nbformat.from_dict(notebook(code(id="a", outputs=[{"output_type": "x", "a": [1]}])))
    document = from_nbformat(before)
    kept = copy.deepcopy(document.to_nbformat())
    before.cells[0].metadata["x"] = 1
    before.cells[0].outputs[0].a.append(2)
    document.to_nbformat()["cells"][0]["outputs"][0]["a"].append(3)
    document.to_nbformat()["metadata"]["x"] = 1
    assert document.to_nbformat() == kept
    assert type(document.metadata) is dict
    assert type(document.cells[0].metadata) is dict


def test_any_mapping_will_do():
    from types import MappingProxyType

    document = from_nbformat(
        MappingProxyType(notebook(markdown(metadata=MappingProxyType({"a": (1,)}))))
    )
    assert document.cells[0].metadata == {"a": [1]}


def test_other_kinds_of_cells_have_no_outputs():
    cell = Cell("markdown", "", outputs=[{"output_type": "x"}], execution_count=1)
    (found,) = Document([cell]).to_nbformat()["cells"]
    assert set(found) == {"cell_type", "id", "metadata", "source"}
    (found,) = Document([Cell("code", "")]).to_nbformat()["cells"]
    assert found["outputs"] == []
    assert found["execution_count"] is None


@pytest.mark.parametrize(
    ("wrong", "code_", "words"),
    [
        ([], "OCT-N004", "a list, not an object"),
        (None, "OCT-N004", "null"),
        ("text", "OCT-N004", "a text"),
        (1.5, "OCT-N004", "a number"),
        (True, "OCT-N004", "true or false"),
        ({}, "OCT-N004", "neither nbformat nor cells"),
        ({"a": 1}, "OCT-N004", "neither nbformat nor cells"),
        ({"nbformat": 2, "worksheets": []}, "OCT-N005", "2"),
        ({"nbformat": 5, "cells": []}, "OCT-N005", "5"),
        ({"nbformat": "4", "cells": []}, "OCT-N005", "'4'"),
        ({"nbformat": True, "cells": []}, "OCT-N005", "True"),
        ({"nbformat": 4, "nbformat_minor": "5", "cells": []}, "OCT-N005", "4.'5'"),
        ({"nbformat": 4, "nbformat_minor": -1, "cells": []}, "OCT-N005", "4.-1"),
        ({"nbformat": 4}, "OCT-N006", "cells is missing"),
        ({"nbformat": 4, "cells": {}}, "OCT-N006", "cells is an object, not a list"),
        ({"nbformat": 3, "worksheets": {}}, "OCT-N006", "worksheets"),
        ({"nbformat": 3, "worksheets": [1]}, "OCT-N006", "worksheet 1"),
        ({"nbformat": 3, "worksheets": [{"cells": 1}]}, "OCT-N006", "worksheet 1"),
        (notebook(markdown(), 7), "OCT-N007", "cell 2 is a number"),
        (notebook(markdown(), {"source": ""}), "OCT-N007", "cell 2 has no cell_type"),
        (notebook({"cell_type": "heading"}), "OCT-N007", "cell 1: unknown cell_type 'heading'"),
        (notebook({"cell_type": ["code"]}), "OCT-N007", "cell 1: unknown cell_type ['code']"),
        (notebook(markdown(source=1)), "OCT-N008", "cell 1: source is a number"),
        (notebook(markdown(source=None)), "OCT-N008", "cell 1: source"),
        (notebook(markdown(source=["a", 1])), "OCT-N008", "cell 1: source is a list"),
        (notebook(markdown(metadata=[])), "OCT-N008", "cell 1: metadata is a list"),
        (notebook(code(), code(outputs={})), "OCT-N008", "cell 2: outputs is an object"),
        (notebook(metadata=[]), "OCT-N009", "notebook metadata is a list"),
        (notebook(metadata=b""), "OCT-N009", "unknown"),
    ],
)
def test_what_is_no_notebook_is_told(wrong, code_, words):
    with pytest.raises(FormatError) as caught:
        from_json(copy.deepcopy(wrong))
    assert caught.value.code == code_
    assert words in caught.value.message
    assert caught.value.hint


# nbformat 3


def converted_by_nbformat(notebook3):
    """Return what nbformat makes of a notebook, without ids and transient metadata."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = nbformat.reads(json.dumps(notebook3), 4)
    found = json.loads(json.dumps(found))
    for key in ("orig_nbformat", "orig_nbformat_minor", "signature"):
        found["metadata"].pop(key, None)
    for cell in found["cells"]:
        cell.pop("id")
    return found


def converted(notebook3):
    found = from_nbformat(notebook3).to_nbformat()
    for cell in found["cells"]:
        cell.pop("id")
    return found


LINES = st.one_of(
    st.text("ab\n\r\u2028é", max_size=6),
    st.lists(st.text("ab\u2028", max_size=3).map(lambda line: line + "\n"), max_size=3),
    st.lists(st.text("ab", max_size=3), max_size=3),
)
OBJECTS = st.dictionaries(st.sampled_from(["tags", "png", "text", "a"]), st.integers(), max_size=2)
DATA = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("text", "html", "svg", "latex", "javascript"), LINES),
        "png": st.text("abc=", max_size=5),
        "jpeg": st.text("abc=", max_size=5),
        "json": st.sampled_from(["[1, 2.50]", '{"a": null}', ["[1,\n", "2]"]]),
        "application/pdf": st.just("x"),
        "metadata": OBJECTS,
    },
)
OUTPUTS_3 = st.one_of(
    st.builds(lambda data, n: {**data, "output_type": "pyout", "prompt_number": n}, DATA, st.integers(0, 9)),
    st.builds(lambda data: {**data, "output_type": "display_data"}, DATA),
    st.fixed_dictionaries(
        {"output_type": st.just("stream"), "text": LINES}, optional={"stream": st.just("stderr")}
    ),
    st.fixed_dictionaries(
        {
            "output_type": st.just("pyerr"),
            "ename": st.text("a"), "evalue": st.text("a"), "traceback": st.lists(st.text("a")),
        }
    ),
)  # fmt: skip
CELLS_3 = st.one_of(
    st.fixed_dictionaries(
        {
            "cell_type": st.just("code"), "language": st.just("python"), "input": LINES,
            "outputs": st.lists(OUTPUTS_3, max_size=3),
        },
        optional={
            "collapsed": st.booleans(), "prompt_number": st.integers(0, 9), "metadata": OBJECTS,
            "unknown": st.integers(),
        },
    ),
    st.fixed_dictionaries(
        {"cell_type": st.sampled_from(["markdown", "raw", "html"]), "source": LINES},
        optional={"metadata": OBJECTS, "rendered": LINES},
    ),
    st.fixed_dictionaries(
        {"cell_type": st.just("heading"), "source": LINES}, optional={"level": st.integers(1, 6)}
    ),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(CELLS_3, max_size=3), max_size=2),
    st.dictionaries(st.sampled_from(["name", "signature", "authors", "x"]), st.just("y")),
)
def test_nbformat_3_is_upgraded_as_nbformat_does(worksheets, metadata):
    before = {
        "metadata": {"name": "", **metadata}, "nbformat": 3, "nbformat_minor": 0,
        "worksheets": [{"cells": cells, "metadata": {}} for cells in worksheets],
        "orig_nbformat": 2,
    }  # fmt: skip
    assert converted(before) == converted_by_nbformat(before)


def test_nbformat_3_without_what_nbformat_needs():
    before = {
        "nbformat": 3,
        "worksheets": [
            {
                "cells": [
                    {
                        "cell_type": "code", "metadata": {"trusted": True}, "trusted": True,
                        "collapsed": True,
                        "outputs": [
                            {"output_type": "display_data", "json": "no json", "metadata": 1},
                            {"output_type": "pyout", "execution_count": 5, "json": {}},
                            {"output_type": "display_data", "execution_count": 5},
                            {"output_type": "new", "text": [1]},
                            7,
                        ],
                    },
                    {"cell_type": "heading", "level": "x", "source": ["a", "b"]},
                ]
            }
        ],
    }  # fmt: skip
    code_cell, heading = from_nbformat(before).to_nbformat()["cells"]
    assert code_cell["metadata"] == {"trusted": True, "collapsed": True}
    assert "trusted" not in code_cell
    assert code_cell["outputs"] == [
        {"output_type": "display_data", "data": {"application/json": "no json"}, "metadata": 1},
        {
            "output_type": "execute_result",
            "data": {"application/json": {}},
            "metadata": {},
            "execution_count": None,
        },
        {"output_type": "display_data", "data": {}, "metadata": {}, "execution_count": 5},
        {"output_type": "new", "text": [1]},
        7,
    ]
    assert heading["source"] == "# a b"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (7, "cell 1 is a number"),
        ({"cell_type": "heading", "source": 1}, "cell 1: source is a number"),
        ({"cell_type": "code", "input": 1}, "cell 1: source is a number"),
        ({"cell_type": "code", "outputs": 1}, "cell 1: outputs is a number"),
        ({"cell_type": "code", "metadata": 1, "collapsed": True}, "cell 1: metadata is a number"),
    ],
)
def test_wrong_types_in_nbformat_3_are_told(cell, words):
    with pytest.raises(FormatError, match=words):
        from_nbformat({"nbformat": 3, "worksheets": [{"cells": [cell]}]})


def test_wrong_notebook_metadata_in_nbformat_3_is_told():
    with pytest.raises(FormatError, match="notebook metadata is a number"):
        from_nbformat({"nbformat": 3, "metadata": 1, "worksheets": []})


def test_missing_version_is_guessed():
    assert from_nbformat({"worksheets": []}).cells == ()
