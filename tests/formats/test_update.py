"""What a text cannot carry comes from the previous notebook."""

import pytest

import octavo
from octavo import Cell, Document

KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def notebook(*cells, **metadata):
    return Document(cells, {**KERNEL, **metadata}, 5)


def code(source, count=1, **metadata):
    outputs = [{"output_type": "stream", "name": "stdout", "text": f"out {count}\n"}]
    return Cell("code", source, metadata, outputs, count, id=f"id-{count}")


def updated(previous, fmt, edit=None, **options):
    """Return *previous* after a way through a text, with an edit of that text."""
    text = octavo.writes(previous, fmt, **options)
    document = octavo.reads(text if edit is None else edit(text), fmt)
    return octavo.update(document, previous)


FORMATS = [
    "py:percent",
    "py:light",
    "py:hydrogen",
    "py:sphinx",
    "py:nomarker",
    "md",
    "Rmd",
    "md:myst",
]


@pytest.mark.parametrize("fmt", FORMATS)
def test_outputs_counts_ids_and_hidden_metadata_come_back(fmt):
    previous = notebook(
        Cell(
            "markdown",
            "A text",
            {"tags": ["x"]},
            id="m",
            attachments={"a.png": {"image/png": "AA"}},
        ),
        code("x = 1", 1, collapsed=True),
        code("y = 2", 2, tags=["t"], execution={"iopub": "2020"}),
        widgets={"state": {}},
    )
    result = updated(previous, fmt)
    assert result.cells[-2:] == previous.cells[-2:]
    assert {k: v for k, v in result.metadata.items() if k != "jupytext"} == previous.metadata
    if fmt != "py:sphinx":  # its first cell is the magic that the notebook does not have
        assert result.cells == previous.cells


def test_an_edited_cell_keeps_outputs_and_id():
    previous = notebook(code("x = 1", 1), code("y = 2", 2))
    result = updated(previous, "py:percent", lambda text: text.replace("x = 1", "x = 3"))
    assert [c.source for c in result.cells] == ["x = 3", "y = 2"]
    assert [c.id for c in result.cells] == ["id-1", "id-2"]
    assert result.cells[0].execution_count == 1


def test_a_new_cell_has_no_outputs_and_an_own_id():
    previous = notebook(code("x = 1", 1), code("y = 2", 2))
    result = updated(previous, "py:percent", lambda text: text + "\n# %%\nz = 3\n")
    new = result.cells[2]
    assert (new.outputs, new.execution_count) == ([], None)
    assert new.id not in {"id-1", "id-2"}


def test_a_tag_taken_away_in_the_text_stays_away():
    previous = notebook(code("x = 1", 1, tags=["a"], scrolled=True))
    result = updated(previous, "py:percent", lambda text: text.replace(' tags=["a"]', ""))
    assert result.cells[0].metadata == {"scrolled": True}


def test_metadata_that_the_filter_hides_comes_back_also_inside():
    previous = notebook(code("x = 1", 1, a={"b": 1, "c": 2}, d=3))
    result = updated(previous, "py:percent", cell_metadata_filter="a.b,-all")
    assert result.cells[0].metadata == {"a": {"b": 1, "c": 2}, "d": 3}


def test_a_text_without_header_leaves_the_notebook_metadata_alone():
    previous = notebook(code("x = 1", 1), toc={"x": 1})
    document = octavo.reads("# %%\nx = 1\n", "py:percent")
    assert octavo.update(document, previous).metadata == previous.metadata


@pytest.mark.parametrize("fmt", ["py:nomarker"])
def test_code_that_was_commented_out_comes_back_as_code(fmt):
    previous = notebook(code("x = 1", 1), code("plot(x)", 2, tags=["active-ipynb"]))
    assert updated(previous, fmt).cells == previous.cells


def test_the_version_of_the_notebook_stays():
    previous = Document([Cell("code", "1", {}, [])], {}, 2)
    assert updated(previous, "py:percent").nbformat_minor == 2


def test_a_makeshift_lexer_is_not_kept():
    previous = notebook(code("1"), language_info={"name": "python", "pygments_lexer": "ipython3"})
    assert updated(previous, "md:myst").metadata == previous.metadata


def test_the_format_may_be_named():
    previous = notebook(code("x = 1", 1, tags=["a"]))
    document = Document([Cell("code", "x = 1")], KERNEL)
    assert octavo.update(document, previous, "py:nomarker").cells[0].metadata == {"tags": ["a"]}
    assert octavo.update(document, previous, "py:percent").cells[0].metadata == {}
