"""The rules of the Markdown format: fences, regions, blank lines, and what Jupytext loses."""

import pytest

import octavo
from octavo import Cell, Document

PYTHON = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
NO_HEADER = "-all"


def code(source, **metadata):
    return Cell("code", source, metadata, [])


def prose(source, **metadata):
    return Cell("markdown", source, metadata)


def raw(source, **metadata):
    return Cell("raw", source, metadata)


def body(*cells, metadata=None, **options):
    """Return the text of cells, without the header."""
    text = octavo.writes(Document(cells, PYTHON if metadata is None else metadata), "md", **options)
    return text.partition("\n---\n\n")[2]


def cells(text, fmt="md", **options):
    return [
        (cell.kind, cell.source, cell.metadata) for cell in octavo.reads(text, fmt, **options).cells
    ]


def sources(text, fmt="md", **options):
    return [source for _, source, _ in cells(text, fmt, **options)]


def survives(*given, metadata=None, **options):
    """Return whether cells come back from a text with its header."""
    text = octavo.writes(Document(given, PYTHON if metadata is None else metadata), "md", **options)
    return cells(text) == [(cell.kind, cell.source, cell.metadata) for cell in given]


# ---- fences ----------------------------------------------------------------------------


def test_a_fence_in_a_known_language_is_a_code_cell():
    text = 'A title\n\n```python tags=["a"] slow\n1 + 1\n```\n\nMore\n'
    assert cells(text) == [
        ("markdown", "A title", {}),
        ("code", "1 + 1", {"tags": ["a"], "slow": None}),
        ("markdown", "More", {}),
    ]


@pytest.mark.parametrize("language", ["R", "bash", "SQL", "c++", "wolfram language", "PYTHON"])
def test_fences_name_their_language(language):
    text = f"```{language}\nx\n```\n"
    assert cells(text)[0][0] == "code"
    assert octavo.writes(octavo.reads(text, "md"), "md") == text


@pytest.mark.parametrize(
    "info", ["", "mermaid", "pythonic", "{python}", "{note}", "python .noeval"]
)
def test_other_fences_are_prose(info):
    text = f"A block:\n```{info}\nx\n```\n"
    assert cells(text) == [("markdown", text[:-1], {})]


def test_a_block_of_another_language_holds_blank_lines():
    text = "A block:\n```yaml\na: 1\n\n\nb: 2\n```\nand text\n"
    assert sources(text) == [text[:-1]]


def test_a_fence_that_is_not_evaluated_is_a_cell_of_its_own_at_the_start():
    assert cells("```python .noeval\n1\n```\n\ntext\n") == [
        ("markdown", "```python .noeval\n1\n```", {}),
        ("markdown", "text", {}),
    ]


def test_custom_languages_open_cells():
    text = "```mermaid\ngraph TD\n```\n"
    assert cells(text)[0][0] == "markdown"
    document = octavo.reads(text, "md", custom_language_magics="mermaid")
    assert document.cells[0].source == "%%mermaid\ngraph TD" or document.cells[0].kind == "code"
    assert octavo.writes(document, "md") == text


def test_fences_grow_with_the_code():
    assert body(code("```\n````\nx")) == "`````python\n```\n````\nx\n`````\n"
    assert sources("````python\n```\nx\n```\n````\n") == ["```\nx\n```"]


def test_strings_hide_fences():
    text = '```python\nx = """\n```\n"""\n```\n'
    assert sources(text) == ['x = """\n```\n"""']


def test_a_string_that_is_never_closed_hides_nothing():
    assert sources("```python\nx = '''\n```\n\ntext\n") == ["x = '''", "text"]


def test_an_open_string_grows_the_fence():
    text = body(code("x = '''"), code("y = '''"))
    assert text == "````python\nx = '''\n````\n\n````python\ny = '''\n````\n"
    assert sources(text) == ["x = '''", "y = '''"]


def test_an_unclosed_fence_goes_to_the_end():
    assert cells("```python\nx\n\ny") == [("code", "x\n\ny", {})]


def test_cells_in_another_language_say_so_on_the_fence():
    text = body(code("%%bash -e\nls"), code("%%time\nx"), code("%%bash"))
    assert text == (
        '```bash magic_args="-e"\nls\n```\n\n```python\n%%time\nx\n```\n\n```python\n%%bash\n```\n'
    )


def test_magics_stay_unless_the_option_comments_them():
    assert body(code("%time x")) == "```python\n%time x\n```\n"
    commented = body(code("%time x"), comment_magics=True)
    assert commented == "```python\n# %time x\n```\n"
    assert sources(commented, comment_magics=True) == ["%time x"]


def test_a_magic_with_escape_survives():
    text = body(code("%timeit x # escape"))
    assert text == "```python\n# %timeit x # escape\n```\n"
    assert sources(text) == ["%timeit x # escape"]


def test_the_language_of_the_kernel_opens_cells_though_the_table_lacks_it():
    metadata = {"kernelspec": {"display_name": "K", "language": "my kotlin", "name": "k"}}
    text = octavo.writes(Document([prose("text"), code("val x = 1")], metadata), "md")
    assert text.endswith("text\n\n```my-kotlin\nval x = 1\n```\n")
    assert cells(text) == [("markdown", "text", {}), ("code", "val x = 1", {})]


def test_an_unknown_language_without_header_is_marked():
    metadata = {"kernelspec": {"display_name": "K", "language": "kotlin", "name": "k"}}
    document = Document([code("val x = 1")], metadata)
    text = octavo.writes(document, "md", notebook_metadata_filter=NO_HEADER)
    assert text == '```kotlin octavo={"type": "code"}\nval x = 1\n```\n'
    assert cells(text) == [("code", "val x = 1", {})]


# ---- regions ---------------------------------------------------------------------------


def test_a_region_carries_title_and_metadata():
    text = '<!-- #region A title tags=["a"] -->\none\n\n\ntwo\n<!-- #endregion -->\n'
    assert cells(text) == [("markdown", "one\n\n\ntwo", {"title": "A title", "tags": ["a"]})]
    assert body(prose("one\n\n\ntwo", tags=["a"], title="A title")) == text


@pytest.mark.parametrize("name", ["md", "markdown"])
def test_other_names_of_regions_are_kept(name):
    text = f"<!-- #{name} -->\ntext\n<!-- #end{name} -->\n"
    assert cells(text) == [("markdown", "text", {"region_name": name})]
    assert body(prose("text", region_name=name)) == text


def test_fences_with_json_are_read():
    assert cells('```python {"a": 1}\n1\n```\n') == [("code", "1", {"a": 1})]


def test_raw_cells_are_regions():
    text = '<!-- #raw raw_mimetype="text/html" -->\n<b>\n<!-- #endraw -->\n'
    assert cells(text) == [("raw", "<b>", {"raw_mimetype": "text/html"})]
    assert body(raw("<b>", raw_mimetype="text/html")) == text


def test_regions_with_json_stay_so():
    text = '<!-- #region t {"a": 1} -->\nx\n<!-- #endregion -->\n'
    document = octavo.reads(text, "md")
    assert document.cells[0].metadata == {"a": 1, "title": "t"}
    assert octavo.writes(document, "md") == text


@pytest.mark.parametrize(
    "source",
    ["", "\n", "x\n\n\ny", "```python\n1\n```", "<!-- #region -->", "\nx", "# a\n\n\n\n# b"],
)
def test_prose_that_would_read_as_something_else_gets_a_region(source):
    text = body(code("1"), prose(source), code("2"))
    assert f"<!-- #region -->\n{source}\n<!-- #endregion -->\n" in text
    assert sources(text) == ["1", source, "2"]


@pytest.mark.parametrize("source", ["x\n", "a\n\nb", "```\nx\n```", "- a\n\n      b", "<!-- c -->"])
def test_prose_that_reads_back_has_no_marks(source):
    text = body(code("1"), prose(source), code("2"))
    assert text == f"```python\n1\n```\n\n{source}\n\n```python\n2\n```\n"
    assert survives(code("1"), prose(source), code("2"))


def test_the_end_of_a_region_inside_one_gets_one_more_sign():
    source = "<!-- #region -->\n<!-- #endregion -->\n<!-- ##endregion -->"
    text = body(prose(source))
    assert text == (
        '<!-- #region octavo={"escape": true} -->\n<!-- #region -->\n<!-- ##endregion -->\n'
        "<!-- ###endregion -->\n<!-- #endregion -->\n"
    )
    assert sources(text) == [source]


def test_an_unclosed_region_goes_to_the_end():
    assert cells("<!-- #raw -->\na\n\n\nb\n") == [("raw", "a\n\n\nb", {})]


# ---- borders of text -------------------------------------------------------------------


def test_two_blank_lines_part_prose():
    assert sources("a\n\nb\n\n\nc\n") == ["a\n\nb", "c"]
    assert body(prose("a"), prose("b")) == "a\n\n\nb\n"


def test_more_blank_lines_belong_to_the_text_before():
    assert sources("a\n\n\n\n\nb\n") == ["a\n\n", "b"]


def test_blank_lines_in_blocks_part_nothing():
    text = "a\n\n    b\n\n\n    c\n\n```\nx\n\n\ny\n```\n"
    assert sources(text) == [text[:-1]]


def test_indented_code_before_prose_gets_a_region():
    text = body(prose("a\n\n    b"), prose("c"))
    assert text == "<!-- #region -->\na\n\n    b\n<!-- #endregion -->\n\nc\n"


def test_prose_that_starts_indented_makes_a_region_before_it():
    text = body(prose("a"), prose("    b"))
    assert sources(text) == ["a", "    b"]


@pytest.mark.parametrize("header", ["", NO_HEADER])
def test_indented_code_at_the_end_keeps_its_border(header):
    document = Document([prose("a\n\n    b"), code("1"), prose("c\n\n    d\n"), code("2")], PYTHON)
    text = octavo.writes(document, "md", notebook_metadata_filter=header)
    assert sources(text) == ["a\n\n    b", "1", "c\n\n    d\n", "2"]


def test_a_text_that_no_tool_wrote_keeps_the_blank_line_after_indented_code():
    assert sources("a\n\n    b\n\n```python\n1\n```\n") == ["a\n\n    b\n", "1"]


def test_headings_start_cells_where_the_option_says_so():
    text = "# a\n\ntext\n\n## b\nmore\n# no\n"
    assert sources(text) == [text[:-1]]
    document = octavo.reads(text, "md", split_at_heading=True)
    assert [cell.source for cell in document.cells] == ["# a\n\ntext", "## b\nmore\n# no"]
    assert octavo.writes(document, "md") == text


def test_a_heading_after_more_blank_lines_leaves_one_to_the_text_before():
    assert sources("a\n\n\n# b\n", split_at_heading=True) == ["a\n", "# b"]
    document = Document([prose("a\n"), prose("# b"), prose("c")], PYTHON)
    text = octavo.writes(document, "md", split_at_heading=True)
    assert text.endswith("\n\na\n\n\n# b\n\n\nc\n")
    assert sources(text) == ["a\n", "# b", "c"]


def test_layout_that_would_change_a_cell_is_not_honoured():
    text = body(prose("text\n", lines_to_next_cell=0), code("1"))
    assert text == "text\n\n\n```python\n1\n```\n"


@pytest.mark.parametrize("source", ["- a\n    b", "a\n\n    b", "a\n\n    $b$"])
def test_borders_without_header_depend_on_indented_code(source):
    document = Document([prose(source), code("1")], {})
    options = {"notebook_metadata_filter": NO_HEADER, "doxygen_equation_markers": True}
    text = octavo.writes(document, "md", **options)
    assert sources(text, doxygen_equation_markers=True) == [source, "1"]
    assert ("\n\n```python" in text) == (source == "- a\n    b")


def test_layout_that_a_notebook_brings_is_honoured():
    cell = prose("text", lines_to_next_cell=0)
    assert body(cell, code("1"), metadata=PYTHON) == "text\n```python\n1\n```\n"
    after = Cell("code", "1", {"lines_to_next_cell": 2}, [])
    assert body(after, prose("text")) == "```python\n1\n```\n\n\ntext\n"
    assert octavo.reads(body(cell, code("1")), "md").cells[0].metadata == {}


# ---- the head --------------------------------------------------------------------------


def test_the_header_can_be_hidden():
    document = Document([prose("text")], PYTHON)
    text = octavo.writes(document, "md", hide_notebook_metadata=True)
    assert text.startswith("<!--\n\n---\njupyter:\n")
    assert text.endswith("---\n\n-->\n\ntext\n")
    back = octavo.reads(text, "md")
    assert back.metadata["kernelspec"] == PYTHON["kernelspec"]
    assert octavo.writes(back, "md") == text


def test_other_yaml_is_a_raw_cell():
    text = "---\ntitle: A title\n---\n\ntext\n"
    assert cells(text) == [("raw", "---\ntitle: A title\n---", {}), ("markdown", "text", {})]
    assert octavo.writes(octavo.reads(text, "md"), "md") == text


@pytest.mark.parametrize(
    "source", ["---\na: 1\n---", "#!shebang", "coding: latin-1", "\ufeffx", "a\r"]
)
def test_a_first_cell_is_not_taken_for_a_head(source):
    document = Document([prose(source)], PYTHON)
    text = octavo.writes(document, "md", notebook_metadata_filter=NO_HEADER)
    assert cells(text) == [("markdown", source, {})]


def test_metadata_is_not_taken_for_an_encoding():
    document = Document([prose("text", encoding=1)], PYTHON)
    text = octavo.writes(document, "md", notebook_metadata_filter=NO_HEADER)
    assert cells(text) == [("markdown", "text", {"encoding": 1})]


def test_the_suffix_tells_the_version():
    document = Document([code("1")], PYTHON)
    assert "format_version: '1.3'" in octavo.writes(document, "md")
    assert "format_version: '1.2'" in octavo.writes(document, ".markdown")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_old_versions_read_any_fence_as_a_cell(version):
    head = (
        "---\njupyter:\n  jupytext:\n    text_representation:\n      extension: .md\n"
        f"      format_name: markdown\n      format_version: '{version}'\n"
        "  kernelspec:\n    display_name: Python 3\n    language: python\n    name: python3\n---\n\n"
    )
    text = (
        head
        + "```\na\n```\n\n```python\n1\n```\n\n```python .noeval\n2\n```\n\ntext\n```\nb\n```\n"
    )
    assert cells(text) == [
        ("raw", "a", {}),
        ("code", "1", {}),
        ("raw", "2", {}),
        ("markdown", "text\n```\nb\n```", {}),
    ]


def test_the_main_language_is_named_where_a_reader_would_guess_another():
    document = Document([code("%%bash\nls"), code("%%bash\ncd"), code("1")], {})
    text = octavo.writes(document, "md")
    assert "main_language: python" in text
    assert sources(text) == ["%%bash\nls", "%%bash\ncd", "1"]
    bare = octavo.writes(document, "md", notebook_metadata_filter=NO_HEADER)
    assert sources(bare) == ["%%bash\nls", "%%bash\ncd", "1"]


def test_a_synonym_of_the_language_without_header_is_no_metadata():
    metadata = {"kernelspec": {"display_name": "O", "language": "octave", "name": "octave"}}
    document = Document([code("x = 1"), code("y = 2")], metadata)
    text = octavo.writes(document, "md", notebook_metadata_filter=NO_HEADER)
    assert cells(text) == [("code", "x = 1", {}), ("code", "y = 2", {})]


def test_languages_of_other_cells_do_not_become_the_main_one():
    given = [raw("x", language="klingon"), prose("a", language="klingon")]
    for header in ("", NO_HEADER):
        text = octavo.writes(
            Document([*given, code("1", language="klingon")], {}),
            "md",
            notebook_metadata_filter=header,
        )
        assert cells(text)[2] == ("code", "1", {"language": "klingon"})
        assert cells(text)[:2] == [
            ("raw", "x", {"language": "klingon"}), ("markdown", "a", {"language": "klingon"})
        ]  # fmt: skip


# ---- active cells, metadata ------------------------------------------------------------


def test_inactive_code_of_a_foreign_file_is_raw():
    assert cells('```python tags=["active-py"]\n1\n```\n') == [
        ("raw", "1", {"tags": ["active-py"]})
    ]
    assert cells('```python active=""\n1\n```\n') == [("raw", "1", {})]


@pytest.mark.parametrize(
    "metadata",
    [
        {"tags": ["active-py"]}, {"tags": ["active-md"]}, {"active": ""}, {"active": "md"},
        {"run_control": {"frozen": True}},
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
def test_cells_keep_their_kind_wherever_they_are_active(kind, metadata):
    cell = Cell(kind, "x = 1", metadata, [] if kind == "code" else None)
    assert cells(body(code("1"), cell, code("2")))[1] == (kind, "x = 1", metadata)


def test_metadata_that_a_line_cannot_carry_goes_into_a_hint():
    text = body(code("1", **{"my key": 1, "tags": ["a"]}))
    assert text == '```python tags=["a"] octavo={"metadata": {"my key": 1}}\n1\n```\n'


def test_prose_with_a_language_magic_keeps_it():
    text = body(prose("%%bash\nls"))
    assert text == '<!-- #region language="bash" -->\nls\n<!-- #endregion -->\n'
    assert survives(prose("%%bash\nls"))
    assert body(prose("%% mermaid")) == "%% mermaid\n"


def test_equations_can_be_doxygens():
    text = body(prose("$x$ and $$y$$"), doxygen_equation_markers=True)
    assert text == "\\f$x\\f$ and \\f[y\\f]\n"
    assert sources(text, doxygen_equation_markers=True) == ["$x$ and $$y$$"]


@pytest.mark.parametrize("source", ["\\f$", "\\f[ $", "\\$$x$$", "$$$", ""])
def test_equations_that_doxygens_markers_would_change_survive(source):
    text = body(prose(source, a=1), prose(source), doxygen_equation_markers=True)
    assert sources(text, doxygen_equation_markers=True) == [source, source]


def test_lines_tell_where_cells_begin():
    text = "---\ntitle: x\n---\n\na\n\n```python\n1\n\n2\n```\n\n<!-- #raw -->\nx\n<!-- #endraw -->\n\n\nb\n"
    assert [cell.line for cell in octavo.reads(text, "md").cells] == [1, 5, 7, 13, 18]
