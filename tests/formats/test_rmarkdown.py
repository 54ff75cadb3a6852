"""The rules of the R Markdown format: chunks, their options, and what Jupytext loses."""

import pytest

import octavo
from octavo import Cell, Document
from octavo.formats import _rmd_options

PYTHON = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
R = {"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}}


def code(source, **metadata):
    return Cell("code", source, metadata, [])


def body(*cells, metadata=None, **options):
    """Return the text of cells, without the header."""
    document = Document(cells, PYTHON if metadata is None else metadata)
    return octavo.writes(document, "Rmd", **options).partition("\n---\n\n")[2]


def cells(text, **options):
    return [
        (cell.kind, cell.source, cell.metadata)
        for cell in octavo.reads(text, "Rmd", **options).cells
    ]


def only(text, **options):
    """Return the metadata of the only cell."""
    ((_, _, metadata),) = cells(text, **options)
    return metadata


# ---- chunks ----------------------------------------------------------------------------


def test_a_chunk_is_a_code_cell():
    assert cells("text\n```{r}\nx <- 1\n```\n") == [
        ("markdown", "text", {}),
        ("code", "x <- 1", {}),
    ]
    assert body(code("x <- 1"), metadata=R) == "```{r}\nx <- 1\n```\n"


@pytest.mark.parametrize(
    "block", ["```{bibliography}\n```", "```python\n1\n```", "````{python}\n1\n````", "```{r\n```"]
)
def test_other_blocks_in_a_text_are_prose(block):
    assert cells(f"text\n\n{block}\n\ntext\n") == [("markdown", f"text\n\n{block}\n\ntext", {})]


def test_a_chunk_in_any_language_may_start_a_cell():
    text = "```{python}\n1\n```\n\n```{ojs}\nx\n```\n"
    assert cells(text) == [("code", "1", {}), ("code", "x", {"language": "ojs"})]
    again = octavo.writes(octavo.reads(text, "Rmd"), "Rmd")
    assert cells(again) == cells(text)


def test_the_language_of_the_kernel_is_known_in_a_text():
    metadata = {"kernelspec": {"display_name": "K", "language": "kotlin", "name": "k"}}
    text = octavo.writes(Document([Cell("markdown", "text"), code("x")], metadata), "Rmd")
    assert text.endswith("text\n\n```{kotlin}\nx\n```\n")
    assert cells(text) == [("markdown", "text", {}), ("code", "x", {})]


def test_a_language_of_two_words_has_options():
    text = "```{wolfram language a-name, x=1}\n1\n```\n"
    document = octavo.reads(text, "Rmd")
    assert document.cells[0].metadata == {"name": "a-name", "x": 1}
    assert octavo.writes(document, "Rmd") == text


def test_magics_are_comments():
    text = body(code("%time x"), code("%%bash\nls"), code("1"))
    assert text == "```{python}\n# %time x\n```\n\n```{bash}\nls\n```\n\n```{python}\n1\n```\n"
    assert [source for _, source, _ in cells(text)][:2] == ["%time x", "%%bash\nls"]
    assert body(code("%time x"), comment_magics=False) == "```{python}\n%time x\n```\n"


def test_magics_of_another_language_are_comments_too():
    document = Document([code("%%bash\n%time x")], PYTHON)
    text = octavo.writes(document, "Rmd")
    assert text.endswith("```{bash}\n# %time x\n```\n")
    assert cells(text) == [("code", "%%bash\n%time x", {})]


def test_a_chunk_grows_only_where_a_fence_would_end_it():
    assert body(code('"""\n```\n"""')) == '```{python}\n"""\n```\n"""\n```\n'
    text = body(code("```\nx"), code("x = '''"))
    assert text == (
        "````{python octavo='{\"quotes\": false}'}\n```\nx\n````\n\n"
        "```{python octavo='{\"quotes\": false}'}\nx = '''\n```\n"
    )
    assert [source for _, source, _ in cells(text)] == ["```\nx", "x = '''"]


# ---- options ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "metadata"),
    [
        ("r", {}),
        ("r,", {}),
        ("r a-name", {"name": "a-name"}),
        ("r, a=TRUE, b=F", {"a": True, "b": False}),
        ("r fig.width=5, f=1.5", {"fig.width": 5, "f": 1.5}),
        ("r a=c(1, 2), b=list('x')", {"a": [1, 2], "b": ["x"]}),
        ('r a="x, y", b=\'z"\'', {"a": "x, y", "b": 'z"'}),
        ("r a=f(x, y)", {"a": "#R_CODE#f(x, y)"}),
        ("r a=c(1, x)", {"a": "#R_CODE#c(1, x)"}),
        ("r a=b==c", {"a": "#R_CODE#b==c"}),
        ("r a=", {"a": "#R_CODE#"}),
        ("r a=None", {"a": None}),
        ("r TRUE", {"name": "TRUE"}),
        ("r echo=FALSE", {"tags": ["remove_input"]}),
        ("r include=FALSE, results='hide'", {"tags": ["remove_cell", "remove_output"]}),
        ('r results="hide"', {"tags": ["remove_output"]}),
        ('r echo=FALSE, tags=c("a")', {"tags": ["remove_input", "a"]}),
        ('r tags=c("a"), echo=FALSE', {"tags": ["a", "remove_input"]}),
        ("r echo=TRUE", {"echo": True}),
        ('r tags=c("active-ipynb"), eval=FALSE', {"tags": ["active-ipynb"]}),
        ("r eval=FALSE", {"eval": False}),
        ("r octavo='{'", {"octavo": "{"}),
    ],
)
def test_options_are_metadata(options, metadata):
    assert _rmd_options.read(options) == ("R", metadata, True)


@pytest.mark.parametrize("options", ["r foo(", "r a=b)", "r a='x", "r a={", "r a=1, x", "r =1"])
def test_options_that_do_not_match_are_kept_with_a_notice(options):
    text = f"```{{{options}}}\n1\n```\n"
    document = octavo.reads(text, "Rmd")
    assert [notice.code for notice in document.notices] == ["OCT-F030"]
    assert octavo.writes(document, "Rmd") == text


@pytest.mark.parametrize(
    ("metadata", "options"),
    [
        ({"name": "n", "a": True}, "python n, a=TRUE"),
        ({"tags": ["x", "remove_cell"]}, 'python include=FALSE, tags=c("x")'),
        ({"text": 'a "b"'}, "python text='a \"b\"'"),
        ({"text": "#R_CODE#f(x)"}, "python text=f(x)"),
        ({"none": None, "deep": {"a": 1}}, "python none=None, deep={'a': 1}"),
        ({"incorrectly_encoded_metadata": "a=1"}, 'python incorrectly_encoded_metadata="a=1"'),
        ({"incorrectly_encoded_metadata": "a=("}, "python a=("),
    ],
)
def test_metadata_is_options(metadata, options):
    assert _rmd_options.write("python", metadata) == options


@pytest.mark.parametrize(
    "metadata",
    [
        {"a": [1, "2"]},
        {"a": "both \" and '"},
        {"name": "a, b"},
        {"name": "1"},
        {"name": 1},
        {"a": "line\nbreak"},
        {"a": "ends with \\"},
        {"a": "x)"},
        {"a": "#R_CODE#x)"},
        {"a": "#R_CODE#TRUE"},
        {"echo": False},
        {"tags": ["remove_input", "remove_cell"]},
        {"tags": "odd"},
        {"eval": False, "tags": ["active-py"]},
        {"language": "bash"},
        {"a": float("inf")},
        {"active": ""},
        {"active": "Rmd"},
        {"octavo": "{"},
    ],
)
@pytest.mark.parametrize("kind", ["code", "raw"])
def test_odd_metadata_survives(kind, metadata):
    cell = Cell(kind, "x = 1", metadata, [] if kind == "code" else None)
    assert cells(body(Cell("markdown", "text"), cell, code("2")))[1] == (kind, "x = 1", metadata)


def test_hints_are_strings_for_r():
    text = body(code("1", a=[1, "2"]))
    assert text == '```{python octavo=\'{"metadata": {"a": [1, "2"]}}\'}\n1\n```\n'


# ---- visibility, active cells ----------------------------------------------------------


def test_keys_of_runtools_are_options_and_the_header_says_so():
    document = Document(
        [code("1", hide_input=True), code("2", hide_input=True, hide_output=True)], PYTHON
    )
    text = octavo.writes(document, "Rmd")
    assert "use_runtools: true" in text
    assert "```{python echo=FALSE}\n" in text
    assert "```{python include=FALSE}\n" in text
    assert [metadata for _, _, metadata in cells(text)] == [
        {"hide_input": True}, {"hide_input": True, "hide_output": True}
    ]  # fmt: skip


def test_keys_of_runtools_are_metadata_where_no_header_can_say_so():
    document = Document([code("1", hide_output=True)], PYTHON)
    text = octavo.writes(document, "Rmd", notebook_metadata_filter="-all")
    assert text == "```{python hide_output=TRUE}\n1\n```\n"
    assert only(text) == {"hide_output": True}


def test_the_option_decides_what_echo_means():
    text = "```{python echo=FALSE, results='hide', include=TRUE}\n1\n```\n"
    assert only(text, use_runtools=True) == {
        "hide_input": True,
        "hide_output": True,
        "include": True,
    }
    assert only(text, use_runtools=False)["tags"] == ["remove_input", "remove_output"]
    document = octavo.reads("```{python results='hide'}\n1\n```\n", "Rmd", use_runtools=True)
    assert octavo.writes(document, "Rmd") == "```{python results='hide'}\n1\n```\n"


def test_inactive_code_is_not_evaluated():
    text = body(code("%time x", tags=["active-ipynb"]))
    assert text == '```{python tags=c("active-ipynb"), eval=FALSE}\n%time x\n```\n'
    assert cells(text) == [("code", "%time x", {"tags": ["active-ipynb"]})]


def test_raw_cells_are_active_nowhere():
    text = body(Cell("raw", "x"), Cell("raw", "y", {"tags": ["active-ipynb"]}))
    assert text == (
        '```{python active="", eval=FALSE}\nx\n```\n\n'
        '```{python tags=c("active-ipynb"), eval=FALSE, octavo=\'{"type": "raw"}\'}\ny\n```\n'
    )
    assert cells(text) == [("raw", "x", {}), ("raw", "y", {"tags": ["active-ipynb"]})]


def test_prose_keeps_its_regions():
    text = "<!-- #region A title a=1 -->\nx\n<!-- #endregion -->\n\ny\n\n\nz\n"
    assert cells(text) == [
        ("markdown", "x", {"title": "A title", "a": 1}), ("markdown", "y", {}), ("markdown", "z", {})
    ]  # fmt: skip
    assert octavo.writes(octavo.reads(text, "Rmd"), "Rmd") == text


def test_prose_with_a_language_magic_is_prose():
    assert body(Cell("markdown", "%%bash\nls")) == "%%bash\nls\n"
