"""Whatever a notebook holds survives Markdown, and ordinary notebooks become Jupytext's bytes."""

import jupytext
import nbformat.v4
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import octavo
from octavo import Document
from properties import strategies as s

KERNELS = [
    None,
    {},
    {"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}},
    {"kernelspec": {"display_name": "Octave", "language": "octave", "name": "octave"}},
    {"kernelspec": {"display_name": "Kotlin", "language": "kotlin", "name": "kotlin"}},
]
kernels = st.sampled_from(KERNELS)

lines = st.lists(
    st.sampled_from(
        [
            "",
            "",
            "",
            "text",
            "# h",
            "    code",
            "  lead",
            "```",
            "```",
            "````",
            "~~~",
            "```yaml",
            "```python",
            "```python k=1",
            "```python .noeval",
            "```bash",
            "```R",
            "```{note}",
            "```{python}",
            "````python",
            "<!-- #region -->",
            "<!-- #endregion -->",
            "<!-- #raw -->",
            "<!-- #endraw -->",
            "<!-- #region t a=1 -->",
            "<!-- c -->",
            "%%bash",
            "x = 1",
            "   ",
        ]
    ),
    max_size=14,
)


def test_every_tricky_cell_survives_between_plain_neighbours():
    for atom in s.ATOMS:
        s.assert_survives(s.between_plain_neighbours(atom), "md")


@pytest.mark.parametrize("copies", [1, 2])
def test_every_tricky_cell_survives_alone_and_next_to_its_like(copies):
    for atom in s.ATOMS:
        s.assert_survives(s.notebook([atom] * copies), "md")


@given(cells=s.mixes, metadata=kernels)
def test_mixes_of_tricky_cells_survive(cells, metadata):
    s.assert_survives(s.notebook(cells, metadata), "md")


@given(cells=s.mixes, metadata=kernels)
def test_mixes_survive_without_header(cells, metadata):
    section = {"jupytext": {"notebook_metadata_filter": "-all"}}
    text = octavo.writes(s.notebook(cells, {**(metadata or {}), **section}), "md")
    if "{code-cell}" not in text and "{raw-cell}" not in text:  # without a header this is MyST
        s.assert_survives(s.notebook(cells, {**(metadata or {}), **section}), "md")


@given(
    cells=s.mixes,
    option=st.sampled_from(
        [
            "split_at_heading",
            "hide_notebook_metadata",
            "comment_magics",
            "cell_metadata_json",
            "doxygen_equation_markers",
        ]
    ),
)
def test_mixes_survive_with_each_option(cells, option):
    s.assert_survives(s.notebook(cells), "md", **{option: True})


@settings(max_examples=200)
@given(text=st.one_of(s.text_lines, lines.map("\n".join)))
def test_any_text_is_read(text):
    document = octavo.reads(text, "md:markdown")
    numbers = [cell.line for cell in document.cells]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= text.count("\n") + 1 for number in numbers)


@settings(max_examples=200)
@given(chosen=lines, with_header=st.booleans())
def test_text_reads_as_in_jupytext(chosen, with_header):
    head = "---\njupyter:\n  kernelspec:\n    display_name: P\n    language: python\n    name: p\n---\n\n"
    text = (head if with_header else "") + "\n".join(chosen) + "\n"
    try:
        expected = [
            (cell.cell_type, cell.source, _without_layout(cell.metadata))
            for cell in jupytext.reads(text, "md:markdown").cells
        ]
    except Exception:  # noqa: BLE001  Jupytext fails on some of these texts
        return
    found = octavo.reads(text, "md:markdown").cells
    if with_header:  # there, a blank line after indented code separates
        expected = [(kind, source.rstrip("\n"), metadata) for kind, source, metadata in expected]
        found = [cell.with_(source=cell.source.rstrip("\n")) for cell in found]
    assert [(cell.kind, cell.source, cell.metadata) for cell in found] == expected


@settings(max_examples=150)
@given(cells=s.mixes)
def test_notebooks_that_jupytext_carries_become_its_bytes(cells):
    assert_jupytexts_bytes(s.notebook(cells), "md")


def assert_jupytexts_bytes(document, fmt):
    """Fail when Jupytext carries *document* and its text is another one."""
    makers = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }
    if any("octavo" in cell.metadata for cell in document.cells):
        return  # the key of the hints
    notebook = nbformat.v4.new_notebook(
        cells=[
            makers[cell.kind](cell.source, metadata=dict(cell.metadata)) for cell in document.cells
        ],
        metadata=dict(document.metadata),
    )
    try:
        theirs = jupytext.writes(notebook, fmt)
        back = jupytext.reads(theirs, fmt).cells
    except Exception:  # noqa: BLE001  Jupytext fails on some of these cells
        return
    kept = [(cell.cell_type, cell.source, _without_layout(cell.metadata)) for cell in back]
    if kept != [(cell.kind, cell.source, s.survivable(cell.metadata)) for cell in document.cells]:
        return
    lines = [line for line in theirs.split("\n") if "jupytext_version" not in line]
    assert octavo.writes(document, fmt).rstrip("\n") == "\n".join(lines).rstrip("\n")


def _without_layout(metadata):
    return {key: value for key, value in metadata.items() if key != "lines_to_next_cell"}


@pytest.mark.parametrize("fmt", ["md:markdown", "Rmd"])
@pytest.mark.parametrize(
    "unit",
    [
        "```\n",
        "````python\n",
        "```{python\n\n\n",
        "<!-- #region -->\n",
        "text\n\n<!-- #md -->\n",
        " \n",
        "\n    x\n",
        "```python\nx = '''\n```\n\n",
        "a\n\n\n",
        "```python .noeval\n",
        "$$ \\f[ ",
    ],
)
def test_adversarial_texts_are_read_in_linear_time(fmt, unit):
    octavo.reads(unit * 20_000, fmt, doxygen_equation_markers=True)  # quadratic: minutes


def test_many_unusual_cells_are_written_in_linear_time():
    cells = [s.cell("markdown", "```"), s.cell("code", "x = '''"), s.cell("markdown", "a\n\n    b")]
    document = Document(cells * 1_000, s.KERNEL)
    assert len(octavo.reads(octavo.writes(document, "md"), "md").cells) == 3_000
