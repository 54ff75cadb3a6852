"""Whatever a notebook holds survives R Markdown, and ordinary notebooks become Jupytext's bytes."""

import jupytext
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import octavo
from octavo.formats import _rmd_options
from properties import strategies as s
from properties.test_markdown import _without_layout, assert_jupytexts_bytes, kernels

lines = st.lists(
    st.sampled_from(
        [
            "",
            "",
            "",
            "text",
            "# h",
            "    code",
            "```",
            "```",
            "````",
            "```yaml",
            "```python",
            "```{python}",
            "```{r}",
            "```{r name, echo=FALSE}",
            "```{bash}",
            "```{python  }",
            '```{python tags=c("a")}',
            '```{python active="", eval=FALSE}',
            "````{python}",
            "```{r",
            "```{ojs}",
            "```{r x=y, z=list(1,2)}",
            "<!-- #region a=1 -->",
            "<!-- #endregion -->",
            "%%bash",
            "x = 1",
            "   ",
        ]
    ),
    max_size=14,
)
option_text = st.text(alphabet="abr ,='\"(){}[]\\TRUE#\n", max_size=30)


def test_every_tricky_cell_survives_between_plain_neighbours():
    for atom in s.ATOMS:
        s.assert_survives(s.between_plain_neighbours(atom), "Rmd")


@pytest.mark.parametrize("copies", [1, 2])
def test_every_tricky_cell_survives_alone_and_next_to_its_like(copies):
    for atom in s.ATOMS:
        s.assert_survives(s.notebook([atom] * copies), "Rmd")


@given(cells=s.mixes, metadata=kernels)
def test_mixes_of_tricky_cells_survive(cells, metadata):
    s.assert_survives(s.notebook(cells, metadata), "Rmd")


@given(cells=s.mixes, metadata=kernels)
def test_mixes_survive_without_header(cells, metadata):
    section = {"jupytext": {"notebook_metadata_filter": "-all"}}
    s.assert_survives(s.notebook(cells, {**(metadata or {}), **section}), "Rmd")


@given(
    cells=s.mixes,
    options=st.sampled_from(
        [
            {"use_runtools": True},
            {"use_runtools": False},
            {"comment_magics": False},
            {"split_at_heading": True},
            {"doxygen_equation_markers": True},
        ]
    ),
)
def test_mixes_survive_with_each_option(cells, options):
    s.assert_survives(s.notebook(cells), "Rmd", **options)


@settings(max_examples=200)
@given(
    text=st.one_of(s.text_lines, lines.map("\n".join), option_text.map("```{{{}}}\n1\n```".format))
)
def test_any_text_is_read(text):
    document = octavo.reads(text, "Rmd")
    numbers = [cell.line for cell in document.cells]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= text.count("\n") + 1 for number in numbers)


@settings(max_examples=200)
@given(chosen=lines)
def test_text_reads_as_in_jupytext(chosen):
    text = "\n".join(chosen) + "\n"
    try:
        notebook = jupytext.reads(text, "Rmd")
    except Exception:  # noqa: BLE001  Jupytext fails on some of these texts
        return
    expected = [
        (cell.cell_type, cell.source, _without_layout(cell.metadata)) for cell in notebook.cells
    ]
    found = octavo.reads(text, "Rmd").cells
    assert [(cell.kind, cell.source, cell.metadata) for cell in found] == expected


@settings(max_examples=150)
@given(cells=s.mixes)
def test_notebooks_that_jupytext_carries_become_its_bytes(cells):
    assert_jupytexts_bytes(s.notebook(cells), "Rmd")


@settings(max_examples=300)
@given(text=option_text)
def test_any_options_are_read(text):
    language, metadata, _ = _rmd_options.read("r " + text)
    assert language == "R"
    written = _rmd_options.write(language, metadata)
    assert _rmd_options.read(written)[0] == "R"
