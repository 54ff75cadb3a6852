"""Notebooks of every shape: the bytes are those of nbformat, on both paths."""

import contextlib
import json
import warnings

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octavo.core.document import Document
from octavo.core.notebook import decode_outputs
from octavo.formats import _json, _json_cells, _json_msgspec, ipynb

EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ODD_TEXTS = st.sampled_from(
    [
        "",
        "\n",
        "a\n",
        "a\nb",
        "\r",
        "a\r\nb\r",
        "\f",
        "\v\x1c\x1d\x1e\x85\u2028\u2029",
        '"\\',
        "\\n",
        "\x00\x1f\x7f",
        "\ufeff",
        "é😀",
        "</script>",
        "NaN",
        "1e5",
    ]
)
LONE_SURROGATES = st.sampled_from(["\ud800", "a\udc80b\n", "\udfff\u2028"])
TEXTS = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), ODD_TEXTS)
ANY_TEXTS = st.one_of(TEXTS, TEXTS, TEXTS, TEXTS, LONE_SURROGATES)
FLOATS = st.one_of(
    st.floats(),
    st.sampled_from(
        [0.0, -0.0, 1e-4, 9.999e-05, 1e-05, 1e15, 9999999999999998.0, 1e16, 1e22, 1e-7, 5e-324,
         float("nan"), float("inf"), float("-inf"), 123456789.123, 1.7976931348623157e308]
    ),
)  # fmt: skip
PLAIN_FLOATS = st.floats(min_value=1e-4, max_value=1e15, exclude_max=True)
INTEGERS = st.one_of(st.integers(), st.sampled_from([2**63, 2**64, -(2**63) - 1, 10**30]))


def values(texts, floats):
    leaves = st.one_of(st.none(), st.booleans(), INTEGERS, floats, texts)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)
        ),
        max_leaves=6,
    )


MIME_TYPES = st.sampled_from(
    ["text/plain", "text/html", "image/png", "image/svg+xml", "application/javascript",
     "application/json", "application/vnd.x+json", "application/pdf", "text/", "x"]
)  # fmt: skip
IDS = st.text("abcdefgh0123-_", min_size=1, max_size=8)


@st.composite
def notebooks(draw, texts=ANY_TEXTS, floats=FLOATS):
    """Draw notebooks as they stand in memory: multi-line texts joined."""
    value = values(texts, floats)
    objects = st.dictionaries(
        texts.filter(lambda key: key not in {"trusted", "signature", "jupytext"}), value, max_size=3
    )
    bundles = st.dictionaries(
        MIME_TYPES, st.one_of(texts, value.filter(lambda v: not isinstance(v, list))), max_size=3
    )
    count = st.one_of(st.none(), st.integers(0, 10**6))

    def fixed(**parts):
        return st.fixed_dictionaries(parts)

    outputs = st.one_of(
        fixed(output_type=st.just("stream"), name=st.sampled_from(["stdout", "stderr"]), text=texts),
        fixed(output_type=st.just("display_data"), data=bundles, metadata=objects),
        fixed(
            output_type=st.just("execute_result"),
            data=bundles, metadata=objects, execution_count=count,
        ),
        fixed(
            output_type=st.just("error"),
            ename=texts, evalue=texts, traceback=st.lists(texts, max_size=3),
        ),
        fixed(output_type=st.just("new_kind"), text=texts, anything=value),
    )  # fmt: skip
    minor = draw(st.integers(0, 5))
    cells = []
    for cell_id in draw(st.lists(IDS, max_size=5, unique=True)):
        kind = draw(st.sampled_from(["code", "markdown", "raw"]))
        cell = {"cell_type": kind, "metadata": draw(objects), "source": draw(texts)}
        if minor >= 5:
            cell["id"] = cell_id
        if kind == "code":
            cell["execution_count"] = draw(count)
            cell["outputs"] = draw(st.lists(outputs, max_size=3))
        if draw(st.integers(0, 4)) == 0:
            cell["attachments"] = draw(st.dictionaries(texts, bundles, max_size=2))
        if draw(st.integers(0, 9)) == 0:
            cell["unknown key"] = draw(value)
        cells.append(cell)
    notebook = {
        "cells": cells, "metadata": draw(objects), "nbformat": 4, "nbformat_minor": minor,
    }  # fmt: skip
    if draw(st.integers(0, 9)) == 0:
        notebook["a key before cells"] = draw(value)
        notebook["worksheets or so"] = draw(value)
    return notebook


def written_by_nbformat(notebook):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nbformat.writes(nbformat.from_dict(notebook), nbformat.NO_CONVERT) + "\n"


def read_by_nbformat(text):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nbformat.reads(text, nbformat.NO_CONVERT)


def exact(document):
    return "".join(_json_cells.parts(document))


def fast(document):
    return "".join(
        part if isinstance(part, str) else part.decode() for part in _json_msgspec.parts(document)
    )


@EXAMPLES
@given(notebooks())
def test_bytes_are_those_of_nbformat(notebook):
    document = Document.from_nbformat(notebook)
    expected = written_by_nbformat(notebook)
    assert ipynb.write(document) == expected
    assert exact(document) == expected
    assert fast(document) == expected


@EXAMPLES
@given(notebooks())
def test_file_of_nbformat_comes_back_byte_for_byte(notebook):
    text = written_by_nbformat(notebook)
    document = ipynb.read(text)
    assert ipynb.write(document) == text
    assert fast(document) == text


@EXAMPLES
@given(notebooks(TEXTS, PLAIN_FLOATS), st.sampled_from(["canonical", "compact", "as it comes"]))
def test_raw_outputs_are_written_as_decoded_ones(notebook, form):
    canonical = written_by_nbformat(notebook)
    text = {
        "canonical": canonical,
        "compact": json.dumps(notebook, separators=(",", ":"), ensure_ascii=False),
        "as it comes": json.dumps(notebook, indent=4),
    }[form]
    document = _json_msgspec.read(text)
    if document is None:
        assert any("unknown key" in cell for cell in notebook["cells"]) or (
            "a key before cells" in notebook
        )
        return
    assert all(
        isinstance(cell.raw_outputs, bytes) == (cell.kind == "code") for cell in document.cells
    )
    assert exact(document) == fast(document) == canonical
    assert _json_msgspec.read(text.encode()) == document


@EXAMPLES
@given(notebooks())
def test_fast_reader_agrees_with_the_exact_one_or_declines(notebook):
    text = written_by_nbformat(notebook)
    document = _json_msgspec.read(text)
    if document is not None:
        expected = ipynb._read_exact(text)
        assert fast(document) == exact(expected) == text
        for cell, other in zip(document.cells, expected.cells, strict=True):
            assert type(cell.execution_count) is type(other.execution_count)
            assert cell.source == other.source
            if cell.kind == "code":
                assert repr(decode_outputs(cell.raw_outputs)) == repr(other.outputs)


@EXAMPLES
@given(notebooks())
def test_reading_gives_what_nbformat_reads(notebook):
    text = written_by_nbformat(notebook)
    ours = ipynb.read(text).to_nbformat()
    theirs = read_by_nbformat(text)
    # repr, for NaN is not equal to itself
    assert repr(sort(ours)) == repr(sort(theirs))


def sort(value):
    if isinstance(value, dict):
        return {key: sort(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [sort(item) for item in value]
    return value


@EXAMPLES
@given(notebooks())
def test_bytes_can_always_be_read_again(notebook):
    document = Document.from_nbformat(notebook)
    data = ipynb.write_bytes(document)
    assert ipynb.write_bytes(ipynb.read(data)) == data
    assert data.decode("utf-8") == ipynb.write(document).encode("utf-8", "backslashreplace").decode(
        "utf-8"
    )


@EXAMPLES
@given(notebooks())
def test_dictionaries_survive_the_document(notebook):
    before = repr(notebook)
    document = Document.from_nbformat(notebook)
    assert repr(sort(document.to_nbformat())) == repr(sort(notebook))
    assert repr(notebook) == before


@settings(max_examples=150, deadline=None)
@given(values(ANY_TEXTS, FLOATS))
def test_canonical_json_is_that_of_the_standard_library(value):
    assert _json.dumps(value) == json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)


@settings(max_examples=120, deadline=None)
@given(values(TEXTS, FLOATS))
def test_values_that_count_as_the_same_are_written_alike_by_msgspec(value):
    import msgspec

    if _json.is_same_in_msgspec(value):
        encoded = msgspec.json.encode(value, order="sorted")
        assert msgspec.json.format(encoded, indent=1).decode() == _json.dumps(value)


@settings(max_examples=120, deadline=None)
@given(st.one_of(st.text(), st.binary(), values(TEXTS, FLOATS).map(json.dumps)))
def test_odd_input_ends_in_our_error_or_a_document(text):
    from octavo.core.errors import FormatError

    for candidate in (text, '{"cells": [' + text if isinstance(text, str) else b"{" + text):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ipynb, "_is_large", lambda size: size % 2)
            with contextlib.suppress(FormatError):
                assert isinstance(ipynb.read(candidate), Document)


@EXAMPLES
@given(notebooks(TEXTS, PLAIN_FLOATS), st.data())
def test_changed_notebook_ends_in_our_error_or_a_document(notebook, data):
    """Put a value of a wrong type somewhere: both paths agree on what happens."""
    from octavo.core.errors import FormatError

    wrong = data.draw(values(TEXTS, PLAIN_FLOATS))
    holders = [notebook, *notebook["cells"]]
    holder = data.draw(st.sampled_from(holders))
    holder[data.draw(st.sampled_from([*sorted(holder), "attachments", "outputs", "id"]))] = wrong
    text = json.dumps(notebook)
    results = []
    for large in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ipynb, "_is_large", lambda size, large=large: large)
            try:
                results.append(ipynb.write(ipynb.read(text)))
            except FormatError as error:
                results.append(str(error))
    assert results[0] == results[1]
