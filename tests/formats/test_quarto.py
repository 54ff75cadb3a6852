"""Quarto documents: the text that Quarto writes, what it would lose, and files written by hand."""

import pytest

import octavo
from octavo import Cell, Document

PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}
HEAD = "---\njupyter: python3\n---\n\n"


def body(*cells):
    """Return the cells of the text, without its header."""
    text = octavo.writes(Document(cells, {"kernelspec": PYTHON}), "qmd")
    assert text.startswith(HEAD)
    return text[len(HEAD) :]


def read(text):
    return octavo.reads(text, "qmd")


def view(document):
    return [(cell.kind, cell.source, cell.metadata) for cell in document.cells]


def test_code_stands_between_fences():
    assert body(Cell("code", "%%R\nx <- 1")) == "```{python}\n%%R\nx <- 1\n```\n"
    assert body(Cell("code", "'''\n```\n'''")) == "````{python}\n'''\n```\n'''\n````\n"
    assert body(Cell("code", "")) == "```{python}\n```\n"


@pytest.mark.parametrize(
    ("kernelspec", "header", "fence"),
    [
        (PYTHON, "jupyter: python3", "python"),
        ({"display_name": "R", "language": "R", "name": "ir"}, None, "r"),
        ({"display_name": "ir", "language": "R", "name": "ir"}, "jupyter: ir", "r"),
        ({"display_name": "C++17", "language": "C++17", "name": "xcpp17"}, None, "c++17"),
        ({**PYTHON, "env": {}}, None, "python"),
    ],
)
def test_kernel_is_a_name_or_a_whole_specification(kernelspec, header, fence):
    text = octavo.writes(Document([Cell("code", "1")], {"kernelspec": kernelspec}), "qmd")
    assert f"\n```{{{fence}}}\n1\n```\n" in text
    assert (header or "jupyter:\n  kernelspec:\n") in text
    assert read(text).metadata["kernelspec"]["name"] == kernelspec["name"]
    assert octavo.writes(read(text), "qmd") == text


def test_metadata_are_options_of_the_cell():
    metadata = {"tags": ["a", "b"], "attributes": {"classes": [], "id": "", "n": "10"}, "x": True}
    source = "#| echo: false\n#| fig-cap: A\n1 + 1"
    text = body(Cell("code", source, metadata))
    assert text == (
        "```{python}\n#| echo: false\n#| fig-cap: A\n#| tags: [a, b]\n"
        "#| attributes: {classes: [], id: '', n: '10'}\n#| x: true\n1 + 1\n```\n"
    )
    assert view(read(HEAD + text)) == [("code", source, metadata)]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("R", "#| tags: [a]"),
        ("javascript", "//| tags: [a]"),
        ("haskell", "--| tags: [a]"),
        ("matlab", "%| tags: [a]"),
        ("octave", "#| tags: [a]"),
        ("ocaml", "(*| tags: [a] *)"),
        ("sas", "*| tags: [a] ;"),
        ("scheme", ";;| tags: [a]"),
    ],
)
def test_options_are_comments_of_the_language(language, line):
    kernelspec = {"display_name": "x", "language": language, "name": "x"}
    document = Document([Cell("code", "x", {"tags": ["a"]})], {"kernelspec": kernelspec})
    text = octavo.writes(document, "qmd")
    assert f"\n{line}\nx\n```\n" in text
    assert read(text).cells[0].metadata == {"tags": ["a"]}


@pytest.mark.parametrize(
    ("source", "metadata"),
    [
        ("#| custom: 1\nx", {}),
        ("x", {"label": "fig-a", "tags": ["b"]}),
        ("#| octavo: verbatim\nx", {"a": float("inf")}),
        ("#| echo: [", {"b": 10**30, "": None}),
        ("x", {"octavo": {"a": "\ud800"}}),
    ],
)
def test_what_options_cannot_say_is_kept(source, metadata):
    text = body(Cell("code", source, metadata))
    assert "#| octavo: " in text
    assert view(read(HEAD + text)) == [("code", source, metadata)]


@pytest.mark.parametrize(
    "options", ["#| echo=FALSE", "#| echo: [", "#| - a", "#| export", "#| a: 1\n#| a: 2", "#|"]
)
def test_options_that_are_no_mapping_are_source(options):
    assert view(read(f"```{{python}}\n{options}\nx\n```\n")) == [("code", f"{options}\nx", {})]


def test_cells_that_quarto_would_merge_are_marked():
    cells = [Cell("markdown", "# A"), Cell("markdown", "b"), Cell("raw", "c"), Cell("markdown", "")]
    text = body(*cells)
    assert text == (
        "# A\n\n<!-- cell -->\n\nb\n\n<!-- cell raw -->\n\nc\n\n"
        "<!-- begin cell -->\n\n<!-- end cell -->\n"
    )
    assert [cell[:2] for cell in view(read(HEAD + text))] == [
        (cell.kind, cell.source) for cell in cells
    ]


def test_raw_cells_in_a_format_are_blocks_of_it():
    cell = Cell("raw", "<b>x</b>", {"raw_mimetype": "text/html"})
    text = body(cell)
    assert text == (
        '<!-- cell raw {"raw_mimetype": "text/html"} -->\n\n```{=html}\n<b>x</b>\n```\n'
    )
    assert view(read(HEAD + text)) == [(cell.kind, cell.source, cell.metadata)]


@pytest.mark.parametrize(
    "text",
    [
        "```{{python}}\n1\n```",
        "````markdown\n```{python}\n1\n```\n````",
        "~~~\n```{python}\n~~~",
        "```{r}\n1\n```",
        "```{ojs}\n1\n```",
        "```python\n1\n```",
        "::: {.callout-note}\ntext\n:::",
        "<!-- a comment -->",
        "<!-- cell [ -->",
        "<!-- begin cell -->",
        "`{python} 1 + 1`",
        "```",
    ],
)
def test_other_blocks_stay_markdown(text):
    document = read(f"{HEAD}a\n\n{text}\n")
    assert [cell[:2] for cell in view(document)] == [("markdown", f"a\n\n{text}")]
    assert [cell[:2] for cell in view(read(octavo.writes(document, "qmd")))] == [
        ("markdown", f"a\n\n{text}")
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("```{r}\n1\n```\n", "r"),
        ("```{julia}\n1\n```\n\n```{ojs}\n2\n```\n\n```{ojs}\n2\n```\n", "julia"),
        ("```{r}\n1\n```\n\n```{python}\n2\n```\n\n```{python}\n3\n```\n", "python"),
        ("```{mermaid}\n1\n```\n", None),
    ],
)
def test_language_without_header_is_that_of_most_chunks(text, language):
    document = read(text)
    found = [cell.source for cell in document.cells if cell.kind == "code"]
    assert len(found) == (0 if language is None else text.count(f"{{{language}}}"))
    assert octavo.writes(document, "qmd") == text


def test_other_front_matter_is_a_first_raw_cell():
    text = '---\ntitle: "A: b"\nformat:\n  html:\n    toc: true\njupyter: python3\n---\n\nText.\n'
    document = read(text)
    assert view(document)[0] == (
        "raw",
        '---\ntitle: "A: b"\nformat:\n  html:\n    toc: true\n---',
        {},
    )
    assert document.metadata["kernelspec"]["name"] == "python3"
    assert octavo.writes(document, "qmd") == text
    text = text.replace("jupyter: python3\n", "")
    assert octavo.writes(read(text), "qmd") == text
    assert read(text).metadata == {}


def test_repeated_front_matter_is_dropped():
    block = "---\njupyter: python3\n---\n\n"
    assert view(read(block + block + "a\n")) == [("markdown", "a", {})]


@pytest.mark.parametrize("line", ["jupyter: [", "jupyter: 1", "jupyter:"])
def test_header_that_names_no_kernel_is_kept_with_a_notice(line):
    text = f"---\n{line}\ntitle: x\n---\n\na\n"
    document = read(text)
    assert [notice.code for notice in document.notices] == ["OCT-F080"]
    assert view(document) == [
        ("raw", f"---\n{line}\ntitle: x\n---", {}),
        ("markdown", "a", {}),
    ]
    assert view(read(octavo.writes(document, "qmd"))) == view(document)


@pytest.mark.parametrize("text", ["---\n---\n", "---\nno end\n", "--- \n", "----\na: b\n----\n"])
def test_lines_that_are_no_front_matter_stay_text(text):
    assert view(read(text)) == [("markdown", text[:-1], {})]


def test_header_keeps_what_it_says():
    text = (
        "---\njupyter:\n  custom: 1\n  jupytext:\n    formats: ipynb,qmd\n"
        "  kernelspec:\n    display_name: Python 3\n    language: python\n    name: python3\n"
        "---\n\n```{python}\n1\n```\n"
    )
    document = read(text)
    assert document.metadata["custom"] == 1
    assert octavo.writes(document, "qmd") == text


def test_indentation_and_options_of_a_fence_are_kept():
    text = HEAD + "- a\n\n  ```{python, echo=FALSE}\n  if x:\n\n      y\n  ```\n"
    document = read(text)
    assert view(document)[1] == (
        "code",
        "if x:\n\n    y",
        {"md-indent": "  ", "fence_options": ", echo=FALSE"},
    )
    assert octavo.writes(document, "qmd") == text


def test_filters_choose_metadata():
    document = Document([Cell("code", "1", {"a": 1, "b": 2})], {"kernelspec": PYTHON, "c": 3})
    text = octavo.writes(document, "qmd", cell_metadata_filter="b,-all")
    assert "#| b: 2" in text
    assert "#| a" not in text
    assert read(text).metadata["jupytext"] == {"cell_metadata_filter": "b,-all"}
    assert "  c: 3\n" in octavo.writes(document, "qmd", notebook_metadata_filter="c")


def test_language_is_recorded_where_chunks_in_text_would_hide_it():
    cells = [Cell("markdown", "````\n```{r}\n```\n```{r}\n```\n````"), Cell("code", "x")]
    document = Document(cells, {"language_info": {"name": "julia"}})
    text = octavo.writes(document, "qmd")
    assert "main_language: julia" in text
    assert [cell.kind for cell in read(text).cells] == ["markdown", "code"]


def test_lines_of_cells_are_told():
    document = read(HEAD + "a\n\n```{python}\n1\n```\n\n\n<!-- cell -->\n\nb\n")
    assert [cell.line for cell in document.cells] == [5, 7, 12]


def test_unclosed_fence_ends_with_the_text():
    assert view(read(HEAD + "```{python}\n1\n\n2")) == [("code", "1\n\n2", {})]
