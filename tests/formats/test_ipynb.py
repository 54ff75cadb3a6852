"""The ipynb format: nbformat's bytes, clear errors, nothing lost."""

import gc
import json
import subprocess
import sys
import time
import warnings

import nbformat
import pytest

from octavo.core.document import Cell, Document, Origin
from octavo.core.errors import FormatError
from octavo.core.options import Options
from octavo.formats import _json, _json_cells, _json_msgspec, ipynb


def text_of(*cells, **keys):
    notebook = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **keys}
    return json.dumps(notebook)


def code(**keys):
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": "",
    }
    return {**cell, **keys}


def error_of(text, path=""):
    with pytest.raises(FormatError) as caught:
        ipynb.read(text, Options(), Origin(path))
    assert caught.value.hint
    return caught.value


@pytest.fixture(params=["exact", "fast"])
def path(request, monkeypatch):
    """Read and write small notebooks on each of the two paths."""
    monkeypatch.setattr(ipynb, "_is_large", lambda size_bytes: request.param == "fast")
    return request.param


# The corpus


def test_every_notebook_of_the_corpus_is_written_as_nbformat_does(corpus, path):
    notebooks = sorted(corpus.rglob("*.ipynb"))
    assert notebooks
    for file in notebooks:
        data = file.read_bytes()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(data, nbformat.NO_CONVERT)
            before = nbformat.writes(notebook, nbformat.NO_CONVERT) + "\n"
        if notebook.nbformat == 4 and notebook.nbformat_minor >= 5:
            assert all("id" in cell for cell in json.loads(data)["cells"]), file
        expected = json.loads(before)
        section = expected["metadata"].get("jupytext", {})
        section.pop("text_representation", None)
        if not section:
            expected["metadata"].pop("jupytext", None)
        expected_text = json.dumps(expected, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        assert ipynb.write(ipynb.read(data)) == expected_text, file


# Values


def test_wire_form_of_a_notebook(path):
    document = Document(
        [
            Cell("markdown", "# A\fB\n", id="m", attachments={"a": {"text/plain": "1\n2"}}),
            Cell("code", "1\n2", {"a": [{}, [], 1e22]}, [], 1, id="c"),
        ],
        {"b": 1, "a": None},
    )
    assert ipynb.write(document) == WIRE_FORM
    assert ipynb.write_bytes(document) == WIRE_FORM.encode()
    assert ipynb.read(WIRE_FORM) == document


WIRE_FORM = """{
 "cells": [
  {
   "attachments": {
    "a": {
     "text/plain": [
      "1\\n",
      "2"
     ]
    }
   },
   "cell_type": "markdown",
   "id": "m",
   "metadata": {},
   "source": [
    "# A\\f",
    "B\\n"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "c",
   "metadata": {
    "a": [
     {},
     [],
     1e+22
    ]
   },
   "outputs": [],
   "source": [
    "1\\n",
    "2"
   ]
  }
 ],
 "metadata": {
  "a": null,
  "b": 1
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
"""


def test_empty_notebook(path):
    text = '{\n "cells": [],\n "metadata": {},\n "nbformat": 4,\n "nbformat_minor": 5\n}\n'
    assert ipynb.write(Document()) == text
    assert ipynb.write_bytes(Document()) == text.encode()
    assert ipynb.read(text) == Document()


def test_unusual_keys_keep_their_alphabetical_place(path):
    text = text_of(
        code(id="a", aa=1, zz=[2]),
        {"cell_type": "raw", "source": "", "outputs": [1]},
        aaa=1,
        zzz={},
    )
    written = ipynb.write(ipynb.read(text))
    expected = json.loads(text)
    expected["cells"][1].update(metadata={}, id=json.loads(written)["cells"][1]["id"])
    expected["cells"][0]["source"] = expected["cells"][1]["source"] = []
    assert written == json.dumps(expected, indent=1, sort_keys=True) + "\n"


@pytest.mark.parametrize("minor", [0, 4, 5, 6])
def test_ids_belong_to_minor_version_5(minor, path):
    document = ipynb.read(text_of(code(id="a"), code(), nbformat_minor=minor))
    assert [cell.id for cell in document.cells] == ["a", None]
    found = json.loads(ipynb.write(document))
    assert found["nbformat_minor"] == minor
    if minor < 5:
        assert all("id" not in cell for cell in found["cells"])
    else:
        assert found["cells"][0]["id"] == "a"
        assert len(found["cells"][1]["id"]) == 8


def test_text_representation_stays_in_text_files(path):
    representation = {"text_representation": {"extension": ".py"}}
    document = ipynb.read(text_of(metadata={"jupytext": representation}))
    assert json.loads(ipynb.write(document))["metadata"] == {}
    assert document.metadata == {"jupytext": representation}
    document = document.with_(metadata={"jupytext": {**representation, "formats": "a"}, "x": 1})
    assert json.loads(ipynb.write(document))["metadata"] == {"jupytext": {"formats": "a"}, "x": 1}
    assert "text_representation" in document.metadata["jupytext"]
    assert json.loads(ipynb.write(Document(metadata={"jupytext": 1})))["metadata"] == {
        "jupytext": 1
    }


def test_transient_metadata_is_neither_read_nor_written(path):
    text = text_of(code(metadata={"trusted": True, "x": 1}), metadata={"signature": "s", "x": 1})
    document = ipynb.read(text)
    assert document.metadata == {"x": 1}
    assert document.cells[0].metadata == {"x": 1}
    document = Document([Cell("raw", "", {"trusted": True})], {"orig_nbformat": 3})
    found = json.loads(ipynb.write(document))
    assert found["metadata"] == found["cells"][0]["metadata"] == {}
    assert document.cells[0].metadata == {"trusted": True}


def test_origin_is_kept_and_completed():
    document = ipynb.read(text_of(), Options(), Origin("a.ipynb"))
    assert document.origin.path == "a.ipynb"
    assert document.origin.format == "ipynb"


def test_byte_order_mark_is_passed_over(path):
    text = "\ufeff" + text_of(code())
    assert ipynb.read(text) == ipynb.read(text[1:])
    assert ipynb.read(text.encode()) == ipynb.read(text[1:])
    assert ipynb.read(text.replace('""', '"é"').encode()).cells[0].source == "é"


def test_last_of_equal_keys_wins(path):
    text = (
        '{"cells": 1, "cells": [{"cell_type": "raw", "source": "a", "source": "b"}], "nbformat": 4}'
    )
    assert ipynb.read(text).cells[0].source == "b"


def test_keys_that_are_no_texts_become_texts(path):
    document = Document([Cell("raw", "", {3: {None: 1, True: 2, 1.5: 3}}, id="a")])
    found = json.loads(ipynb.write(document))["cells"][0]["metadata"]
    assert found == {"3": {"null": 1, "true": 2, "1.5": 3}}


def test_tuples_and_kinds_of_texts_are_written_as_json_does(path):
    class Text(str):
        __slots__ = ()

    document = Document([Cell("raw", "", {"a": (1, Text("x")), "b": Text("y")}, id="a")])
    found = json.loads(ipynb.write(document))["cells"][0]["metadata"]
    assert found == {"a": [1, "x"], "b": "y"}


def test_lone_surrogates_survive_a_file(path):
    document = Document([Cell("code", "\ud800", {}, [], id="a"), Cell("raw", "é😀", id="b")])
    assert "\ud800" in ipynb.write(document)
    data = ipynb.write_bytes(document)
    assert b'"\\ud800"' in data
    assert ipynb.read(data) == ipynb.read(ipynb.write(document)) == document


def test_odd_values_in_raw_outputs_are_written_as_json_does(path):
    raw = b'[{"output_type": "x", "a": [1e5, 1E22, 1e-7, 0.5, 1e400, NaN, 100000000000000000000]}]'
    for used in (
        raw,
        raw.replace(b"NaN", b"1"),
        raw.replace(b"NaN, ", b"").replace(b"1e400", b"1"),
    ):
        document = Document([Cell("code", "", outputs=used, id="a"), Cell("raw", "")])
        expected = json.dumps(json.loads(used), indent=1, sort_keys=True)
        assert expected.replace("\n", "\n   ") in ipynb.write(document)


@pytest.mark.parametrize("change", ["attachments", "outputs", "metadata", "extra"])
def test_exact_writer_serves_single_cells_of_a_large_notebook(change, monkeypatch):
    odd = {"a": float("nan")}
    held = {"output_type": "x", **odd}
    cells = [Cell("code", str(n), {}, [], n, id=str(n)) for n in range(5)]
    cells[2] = cells[2].with_(**{change: [held] if change == "outputs" else odd})
    expected = "".join(_json_cells.parts(Document(cells)))
    monkeypatch.setattr(ipynb, "_is_large", lambda size: True)
    monkeypatch.setattr(_json_msgspec, "_BATCH_CELLS", 2)
    for last in (3, 4, 5):
        document = Document(cells[:last])
        assert ipynb.write(document) == "".join(_json_cells.parts(document))
    assert "NaN" in expected


# Large notebooks


def large_text():
    stream = {"output_type": "stream", "name": "stdout", "text": ["é\n"]}
    return text_of(*[code(source=["a" * 99] * 99, id=str(n), outputs=[stream]) for n in range(250)])


def test_large_notebook_keeps_outputs_as_bytes():
    text = large_text()
    for form in (text, text.encode()):
        document = ipynb.read(form)
        assert type(document.cells[0].raw_outputs) is bytes
        small = ipynb._read_exact(form)
        assert type(small.cells[0].raw_outputs) is list
        assert ipynb.write(document) == "".join(_json_cells.parts(small))


@pytest.mark.parametrize("code_", ["import json", "import json, msgspec"])
def test_msgspec_is_imported_for_large_notebooks_only(code_):
    script = f"""{code_}
import sys
from octavo.formats import ipynb
before = "msgspec" in sys.modules
cell = {{"cell_type": "raw", "source": "x" * 1000}}
def is_loaded_for(count):
    text = json.dumps({{"cells": [cell] * count, "nbformat": 4, "nbformat_minor": 4}})
    assert ipynb.read(ipynb.write(ipynb.read(text))).cells[-1].source == cell["source"]
    return "octavo.formats._json_msgspec" in sys.modules
print(before, is_loaded_for(10), is_loaded_for(300), is_loaded_for(2500))
"""
    found = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    has_msgspec = "msgspec" in code_
    assert found.stdout.split() == [str(has_msgspec), "False", str(has_msgspec), "True"]


@pytest.mark.parametrize(
    "text",
    [
        text_of(code(outputs={})),
        text_of(code(outputs=None)),
        text_of(code(execution_count=1.0)),
        text_of({"cell_type": "raw", "source": "", "execution_count": None}),
        text_of({"cell_type": "raw", "source": "", "outputs": []}),
        text_of({"cell_type": "heading", "source": ""}),
        text_of(code(id=1)),
        text_of(code(new=1)),
        text_of(code(attachments=None)),
        text_of(code(source=["a", 1])),
        text_of(new=1),
        text_of(nbformat=3),
        text_of(nbformat_minor=-1),
        text_of(code(outputs=[1])).replace("[1]", "[NaN]"),
        text_of(code(outputs=["x"])).replace('"x"', '"\\ud800"'),
        text_of(code(source="\ud800")),
        text_of()[:-1],
        "[" * 100_000,
    ],
)
def test_fast_reader_declines_what_is_unusual(text):
    assert _json_msgspec.read(text) is None


def growth(function, small, large):
    """Return how many times longer *large* takes: the least CPU times of interleaved runs."""
    times = {"small": [], "large": []}
    gc.collect()
    gc.disable()
    try:
        for _ in range(9):
            for size, argument in (("small", small), ("large", large)):
                start = time.process_time()
                function(argument)
                times[size].append(time.process_time() - start)
    finally:
        gc.enable()
    return min(times["large"]) / min(times["small"])


def test_time_grows_with_the_number_of_cells_only(path):
    def text(count):
        return text_of(*[code(source="a = 1\nb\n" * 5, metadata={"a": i}) for i in range(count)])

    small, large = text(1500), text(3000)
    assert growth(ipynb.read, small, large) < 2.5
    assert growth(ipynb.write, ipynb.read(small), ipynb.read(large)) < 2.5


# Errors


@pytest.mark.parametrize("text", ["", b"", " \n", "\ufeff", b"\xef\xbb\xbf\n"])
def test_empty_file_is_told(text, path):
    error = error_of(text, "a.ipynb")
    assert error.code == "OCT-N001"
    assert error.span.file == "a.ipynb"
    assert "Jupyter" in error.hint


def test_bytes_that_are_not_utf_8_are_told_with_their_place(path):
    error = error_of('{\n "é": "'.encode() + b"\xff" + b'"}', "a.ipynb")
    assert error.code == "OCT-N002"
    assert str(error.span) == "a.ipynb:2:8"
    assert "0xff" in error.message


def test_wrong_bytes_inside_outputs_are_told(path):
    data = text_of(code(outputs=["x"])).encode().replace(b'"x"', b'"\xff"')
    assert error_of(data).code == "OCT-N002"


@pytest.mark.parametrize("cut", [1, 20, 60, -1])
def test_truncated_file_is_told(cut, path):
    text = json.dumps(json.loads(text_of(code(source="abc\ndef"))), indent=1)
    error = error_of(text[:cut], "a.ipynb")
    assert error.code == "OCT-N003"
    assert error.span.line >= 1
    assert error.span.column >= 1


def test_place_of_a_fault_in_json(path):
    error = error_of('{\n "cells": [\n  {,}\n ]\n}', "a.ipynb")
    assert error.code == "OCT-N003"
    assert str(error.span) == "a.ipynb:3:4"
    assert "wrong suffix" in error.hint


def test_end_of_file_is_told(path):
    for text in ('{\n "cells": [', '{\n "cells": ["abc', '{"cells": [\n'):
        assert "too early" in error_of(text).hint


def test_merge_conflict_is_told_with_its_line(path):
    text = '{\n "cells": [],\n<<<<<<< HEAD\n "nbformat": 4\n=======\n "nbformat": 4,\n>>>>>>> b\n}'
    error = error_of(text, "a.ipynb")
    assert error.code == "OCT-N003"
    assert str(error.span) == "a.ipynb:3:1"
    assert "line 3" in error.hint
    assert "conflict" in error.hint


@pytest.mark.parametrize(
    ("text", "code_"),
    [
        ("[]", "OCT-N004"),
        ("null", "OCT-N004"),
        ("{}", "OCT-N004"),
        ('{"nbformat": 5, "cells": []}', "OCT-N005"),
        ('{"nbformat": 4}', "OCT-N006"),
        (text_of(code(), {"cell_type": "x"}), "OCT-N007"),
        (text_of(code(source=1)), "OCT-N008"),
        (text_of(metadata=1), "OCT-N009"),
        ("[" * 100_000, "OCT-N010"),
        ('{"cells": [], "nbformat": 4, "x": ' + "1" * 5000 + "}", "OCT-N010"),
    ],
)
def test_json_that_is_no_notebook_is_told(text, code_, path):
    error = error_of(text, "a.ipynb")
    assert error.code == code_
    assert error.span.file == "a.ipynb"


@pytest.mark.parametrize("before", ["", '"a": [{"cells": [1]}], ', '"cells": 1, "b": {}, '])
def test_place_of_a_wrong_cell_is_told(before, path):
    text = (
        "{" + before + '"nbformat" :4,\n"cells" : [ {"cell_type": "raw"} ,\n  {"cell_type": "x"}]}'
    )
    assert str(error_of(text, "a.ipynb").span) == "a.ipynb:3:3"


def test_cells_of_nbformat_3_have_no_place(path):
    error = error_of('{"nbformat": 3, "worksheets": [{"cells": [1]}], "cells": {}}', "a.ipynb")
    assert str(error).startswith("a.ipynb: cell 1 is a number")


def test_value_that_json_cannot_hold_is_told(path):
    document = Document([Cell("raw", ""), Cell("raw", "", {"a": [b"x"]})])
    with pytest.raises(FormatError, match=r"cell 2: b'x' \(bytes\)") as caught:
        ipynb.write(document)
    assert caught.value.code == "OCT-N011"
    with pytest.raises(FormatError, match=r"notebook metadata: .*set"):
        ipynb.write(Document(metadata={"a": {1}}))


def test_nesting_that_is_too_deep_is_told(path):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(FormatError) as caught:
        ipynb.write(Document([Cell("raw", "", {"a": deep})]))
    assert caught.value.code == "OCT-N010"


@pytest.mark.parametrize("raw", [b"[" * 100_000 + b"]" * 100_000, b"[" + b"1" * 5000 + b"]"])
def test_raw_outputs_that_cannot_be_written_are_told(raw, path):
    with pytest.raises(FormatError) as caught:
        ipynb.write(Document([Cell("code", "", outputs=raw)]))
    assert caught.value.code == "OCT-N010"


def test_mixed_keys_are_sorted_as_texts():
    assert _json.dumps({"b": 1, 2: 2}) == '{\n "2": 2,\n "b": 1\n}'


def test_format_is_described():
    fmt = ipynb.FORMAT
    assert fmt.name == "ipynb"
    assert fmt.suffixes == (".ipynb",)
    assert fmt.keeps.outputs
    assert fmt.read(fmt.write(Document(), Options()), Options(), Origin()) == Document()
