"""Notebooks full of images are read and written without a look into the images."""

import copy
import json
import pickle

import nbformat
import pytest

import octavo
from octavo import Cell, FormatError
from octavo.core.raw_json import RawJson
from octavo.formats import _json_skim, ipynb

IMAGE = "iVBORw0KGgo" * 30_000


def display(data, **metadata):
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def notebook(*outputs, metadata=None):
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["Text\n", "é"]},
        *(
            {
                "cell_type": "code",
                "execution_count": n,
                "id": f"c{n}",
                "metadata": {},
                "outputs": found,
                "source": [f"plot({n})"],
            }
            for n, found in enumerate(outputs)
        ),
    ]
    return {"cells": cells, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5}


def canonical(tree):
    return nbformat.writes(nbformat.from_dict(tree)) + "\n"


@pytest.fixture(params=[str, bytes])
def form(request):
    return (lambda text: text) if request.param is str else (lambda text: text.encode())


PLAIN = [
    [display({"image/png": IMAGE + "\n", "text/plain": ["<Figure>"]})],
    [display({"image/png": IMAGE})],
    [],
    [
        {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]},
        display({"image/jpeg": IMAGE}),
    ],
    [display({"text/html": ["<p>" + "x" * 5000 + "</p>\n", "é"], "image/png": IMAGE})],
    [display({"text/plain": ["x" * 5000], "image/png": IMAGE}, width=1.5)],
]
ODD = [
    [display({"image/png": IMAGE, "application/json": {"a": [1e-7, 10**30], "b": "\u2028"}})],
    [display({"text/plain": ["é" * 5000], "image/png": IMAGE})],
    [display({"text/plain": ["tab\t" * 2000], "image/png": IMAGE})],
    [display({"text/plain": ['"' * 5000], "image/png": IMAGE})],
]


def test_outputs_stay_slices_of_the_file(form):
    data = form(canonical(notebook(*PLAIN)))
    held = [cell.raw_outputs for cell in octavo.reads(data, "ipynb").cells]
    assert held[0] is None
    assert all(isinstance(raw, RawJson) and raw.source is data for raw in held[1:3])
    assert held[3] == []


@pytest.mark.parametrize("outputs", [PLAIN, ODD, PLAIN + ODD])
def test_what_was_read_is_written_byte_for_byte(form, outputs):
    text = canonical(notebook(*outputs))
    document = octavo.reads(form(text), "ipynb")
    assert octavo.writes(document, "ipynb") == text
    assert ipynb.write_bytes(document) == text.encode()
    assert (
        ipynb.write_bytes(document.with_(cells=document.cells[:2]))
        == canonical(notebook(*outputs[:1])).encode()
    )


def test_outputs_have_the_values_that_nbformat_reads(form):
    text = canonical(notebook(*PLAIN, *ODD))
    expected = nbformat.reads(text, 4).cells
    for cell, other in zip(octavo.reads(form(text), "ipynb").cells, expected, strict=True):
        assert cell.outputs == other.get("outputs")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"text/plain"', '"\\u0074ext/plain"'),
        lambda text: text.replace('"metadata": {}', '"metadata": { }'),
        lambda text: text.replace('"width": 1.5', '"width": 1.50'),
        lambda text: text.replace(IMAGE[:11], "iVBORw0KG\\/", 1),
        lambda text: text.replace('"<Figure>"', '"<Fig",\n       "ure>"'),
    ],
)
def test_outputs_in_another_spelling_are_written_as_nbformat_does(form, change):
    text = change(canonical(notebook(*PLAIN)))
    document = octavo.reads(form(text), "ipynb")
    expected = nbformat.writes(nbformat.reads(text, 4)) + "\n"
    assert octavo.writes(document, "ipynb") == expected


def test_other_layouts_are_left_to_the_ordinary_reader(form):
    tree = notebook(*PLAIN)
    for text in (
        json.dumps(tree),
        json.dumps(tree, indent=2),
        canonical(tree).replace("\n", "\r\n"),
    ):
        document = octavo.reads(form(text), "ipynb")
        assert not any(isinstance(cell.raw_outputs, RawJson) for cell in document.cells)
        assert octavo.writes(document, "ipynb") == canonical(tree)


def test_a_look_alike_in_the_metadata_is_no_cell(form):
    tree = notebook(*PLAIN, metadata={"x": {"outputs": [1, 2], "y": 3}})
    text = canonical(tree)
    assert '\n   "outputs": [\n' in text[text.rindex('"metadata"') :]
    document = octavo.reads(form(text), "ipynb")
    assert document.metadata == tree["metadata"]
    assert octavo.writes(document, "ipynb") == text


def test_short_lines_are_not_worth_it(form):
    stream = {"output_type": "stream", "name": "stdout", "text": [f"{n}\n" for n in range(40_000)]}
    assert _json_skim.skim(form(canonical(notebook([stream])))) is None


def test_a_cut_file_is_told(form):
    text = canonical(notebook(*PLAIN))
    with pytest.raises(FormatError) as caught:
        octavo.reads(form(text[: len(text) // 2]), "ipynb")
    assert caught.value.code == "OCT-N003"


def test_damage_inside_outputs_is_told_when_they_are_needed(form):
    text = canonical(notebook(*PLAIN)).replace('"<Figure>"', "<Figure>")
    document = octavo.reads(form(text), "ipynb")
    assert "plot(0)" in octavo.writes(document, "py:percent", notebook_metadata_filter="-all")
    with pytest.raises(FormatError) as caught:
        octavo.writes(document, "ipynb")
    assert caught.value.code == "OCT-N003"


def test_slices_are_values(form):
    document = octavo.reads(form(canonical(notebook(*PLAIN))), "ipynb")
    cell = document.cells[1]
    for twin in (copy.deepcopy(cell), pickle.loads(pickle.dumps(cell))):
        assert twin == cell
        assert twin.raw_outputs == cell.raw_outputs
        assert hash(twin.raw_outputs) == hash(cell.raw_outputs)
    assert cell.raw_outputs == cell.raw_outputs.text().encode()
    assert cell.raw_outputs != document.cells[2].raw_outputs
    assert cell.raw_outputs != 1
    assert repr(cell.raw_outputs).startswith("RawJson(")
    assert cell == Cell("code", "plot(0)", {}, cell.outputs, 0, id="c0")
