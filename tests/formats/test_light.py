"""light: where cells begin and end in a script, and when a cell gets a marker or a hint."""

import pytest

import octavo
from octavo import Cell, Document
from octavo.formats.light import FORMAT
from properties.strategies import KERNEL, assert_survives, cell, notebook

PLAIN = {"jupytext": {"notebook_metadata_filter": "-all"}}


def cells(text, fmt="py:light", **options):
    return [(c.kind, c.source) for c in octavo.reads(text, fmt, **options).cells]


def read_one(text, fmt="py:light", **options):
    (found,) = octavo.reads(text, fmt, **options).cells
    return found.kind, found.source, found.metadata


def write(*parts, fmt="py:light", **options):
    return octavo.writes(Document(parts, PLAIN), fmt, **options)


def code(source, **metadata):
    return cell("code", source, metadata)


def prose(source, **metadata):
    return cell("markdown", source, metadata)


# ---- paragraphs --------------------------------------------------------------------------


def test_paragraphs_are_cells_and_comments_are_markdown():
    text = "# # A title\n#\n# with text\n\nx = 1\n# a comment\n\ny = 2\n"
    assert cells(text) == [
        ("markdown", "# A title\n\nwith text"),
        ("code", "x = 1\n# a comment"),
        ("code", "y = 2"),
    ]


def test_an_indented_line_continues_the_paragraph():
    assert cells("def f():\n    a\n\n    b\n\n\n\n    c\n\nx\n") == [
        ("code", "def f():\n    a\n\n    b\n\n\n\n    c"),
        ("code", "x"),
    ]


def test_a_string_continues_the_paragraph():
    text = 'x = """\n\na\n\n# + b\n"""\n\ny\n'
    assert cells(text) == [("code", 'x = """\n\na\n\n# + b\n"""'), ("code", "y")]


def test_a_string_that_is_never_closed_hides_nothing():
    assert cells('x = """\n\ny\n\nz\n') == [("code", 'x = """'), ("code", "y"), ("code", "z")]


def test_a_comment_that_holds_a_magic_is_code():
    assert cells("# %matplotlib inline\n\n# # %matplotlib inline\n\n# %x\n# text\n") == [
        ("code", "%matplotlib inline"),
        ("markdown", "%matplotlib inline"),
        ("code", "%x\n# text"),
    ]


def test_two_blank_lines_separate_as_one_does_and_more_are_an_empty_cell():
    assert cells("x\n\n\ny\n") == [("code", "x"), ("code", "y")]
    assert cells("x\n\n\n\ny\n") == [("code", "x"), ("code", ""), ("code", "y")]


def test_a_text_of_blank_lines_is_empty_cells():
    assert cells("") == []
    assert cells("\n") == [("code", "")]
    assert cells("\n\n\n") == [("code", ""), ("code", "")]


def test_every_cell_knows_its_line():
    text = "# a\n\n\nx\n\n# +\ny\n\nz\n# -\n\n# b\n"
    assert [c.line for c in octavo.reads(text, "py:light").cells] == [1, 4, 6, 12]


def test_a_question_that_is_no_magic_without_marker_is_kept_so():
    assert read_one("print?\n") == ("code", "print?", {"comment_questions": False})
    assert read_one("# +\n# print?\n") == ("code", "print?", {})
    assert_survives(notebook([code("print?", comment_questions=False)]), "py:light")


# ---- cells with markers ------------------------------------------------------------------


def test_a_marker_opens_a_cell_wherever_it_stands():
    assert cells("x\n# +\ny\n\nz\n# -\nw\n") == [("code", "x"), ("code", "y\n\nz"), ("code", "w")]


def test_a_marker_within_a_paragraph_of_comments_is_text():
    assert cells("# a list\n# + item\n") == [("markdown", "a list\n+ item")]


def test_a_cell_ends_at_the_next_marker_and_at_the_end():
    assert cells("# +\nx\n\ny\n\n\n# +\nz\n\nw\n") == [("code", "x\n\ny"), ("code", "z\n\nw")]


def test_title_type_and_metadata_stand_on_the_marker():
    text = '# + A title [markdown] tags=["a"]\n# text\n'
    assert read_one(text) == ("markdown", "text", {"tags": ["a"], "title": "A title"})
    assert read_one("# + [md]\n# text\n") == ("markdown", "text", {"region_name": "md"})
    assert read_one("# + %% deep\nx\n") == ("code", "x", {"cell_depth": 2, "title": "deep"})


def test_metadata_of_older_versions_are_one_object():
    document = octavo.reads('# + {"tags": ["a"]}\nx\n', "py:light")
    assert document.cells[0].metadata == {"tags": ["a"]}
    assert document.metadata["jupytext"]["cell_metadata_json"] is True


def test_a_cell_type_among_the_metadata_counts():
    assert read_one('# + cell_type="markdown"\n# text\n')[0] == "markdown"
    assert read_one('# + cell_type="code"\nx\n')[0] == "code"
    assert read_one('# + cell_type="odd"\n# x\n')[0] == "raw"


def test_raw_cells_are_cells_that_are_active_nowhere():
    assert read_one('# + active=""\n# raw\n') == ("raw", "raw", {})
    assert write(cell("raw", "raw")) == '# + active=""\n# raw\n'


def test_a_raw_marker_is_read():
    assert read_one("# + [raw]\n# raw\n") == ("raw", "raw", {})


def test_cells_in_another_language_are_commented():
    assert read_one('# + language="bash" magic_args="-e"\n# ls\n') == ("code", "%%bash -e\nls", {})
    assert write(code("%%bash -e\nls")) == '# + magic_args="-e" language="bash"\n# ls\n'


def test_magics_in_a_cell_of_another_language_come_back():
    source = "%%python\n!ls\n# !ls"
    text = octavo.writes(Document([code(source)]), "R:light")
    assert "# # !ls\n# # # !ls\n" in text
    assert cells(text, "R:light") == [("code", source)]


def test_a_longer_end_marker_is_left_out_of_the_metadata():
    source = "x\n\n# -\n\n# --\ny"
    text = write(code(source), code("z"))
    assert text == f'# + endofcell="---"\n{source}\n# ---\n\nz\n'
    first = octavo.reads(text, "py:light").cells[0]
    assert (first.source, first.metadata) == (source, {})


@pytest.mark.parametrize("word", ["--", "abc", "-", "", 1])
def test_a_users_own_end_of_cell_survives(word):
    assert_survives(notebook([code("x\n\n# -\ny", endofcell=word), code("z")]), "py:light")


# ---- when a marker is written ------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("x = 1", "x = 1\n"),
        ("", "\n"),
        ("def f():\n    a\n\n    b", "def f():\n    a\n\n    b\n"),
        ("x\n\ny", "# +\nx\n\ny\n"),
        ("# a comment", "# +\n# a comment\n"),
        ("print?", "# +\n# print?\n"),
        ("%time x", "# %time x\n"),
        ("# + x\ny", "# # + x\ny\n"),
        ('"""a\n\nb"""', '"""a\n\nb"""\n'),
        ("'''a'''\n\ny", "# +\n'''a'''\n\ny\n"),
        ("x\n", "# +\nx\n\n"),
    ],
)
def test_code_gets_a_marker_where_a_paragraph_is_not_enough(source, text):
    assert write(code(source)) == text


def test_what_looks_like_a_marker_in_a_string_stays_as_it_is():
    source = 'x = """\n# + a\n"""\n# + b'
    assert write(code(source)) == 'x = """\n# + a\n"""\n# # + b\n'
    assert_survives(notebook([code(source)]), "py:light")


def test_an_end_marker_is_left_out_before_a_marker_and_at_the_end():
    assert write(code("a\n\nb"), code("c\n\nd")) == "# +\na\n\nb\n\n# +\nc\n\nd\n"
    assert write(code("a\n\nb"), code("c")) == "# +\na\n\nb\n# -\n\nc\n"


def test_an_end_marker_stays_after_a_blank_line():
    assert write(code("a\n"), code("c\n\nd")) == "# +\na\n\n# -\n\n# +\nc\n\nd\n"


def test_two_blank_lines_stand_before_an_end_marker_after_a_function():
    function = "def f():\n    return 1"
    text = write(code(f"x = 1\n\n{function}"), code("f()"))
    assert text == f"# +\nx = 1\n\n{function}\n\n\n# -\n\nf()\n"
    assert cells(text)[0] == ("code", f"x = 1\n\n{function}")


@pytest.mark.parametrize("blank", ["\n", "\n\n", "\n\n\n", "\n ", "\n\n "])
def test_blank_lines_at_the_end_of_a_function_survive(blank):
    function = f"x = 1\n\ndef f():\n    return 1{blank}"
    assert_survives(notebook([code(function), code("f()")]), "py:light")
    assert_survives(notebook([code(function), code("a\n\nb")]), "py:light")
    assert_survives(notebook([code(function)]), "py:light")


def test_indented_code_gets_a_marker_after_a_paragraph_only():
    assert write(prose("a"), code("  x")) == "# a\n\n  x\n"
    assert write(code("a"), code("  x")) == "a\n\n# +\n  x\n"


@pytest.mark.parametrize("before", [[], [prose("a")], [code("a")], [code("a\n\nb")], [code("")]])
@pytest.mark.parametrize("blank", ["", " ", "\t", "\u2028"])
@pytest.mark.parametrize("after", [[], [code("")], [code("x")], [code("  x")], [code("x\n\ny")]])
def test_blank_cells_survive_anywhere(before, blank, after):
    assert_survives(notebook([*before, code(blank), *after]), "py:light")
    assert_survives(notebook([*before, code(blank), code(blank), *after]), "py:light")


def test_markdown_that_looks_like_a_marker_gets_one():
    assert write(prose("+ item")) == "# + [markdown]\n# # + item\n"
    assert cells("# + [markdown]\n# # + item\n") == [("markdown", "+ item")]


def test_markdown_with_metadata_gets_a_marker():
    assert write(prose("text", tags=["a"])) == '# + [markdown] tags=["a"]\n# text\n'
    assert write(prose("text", region_name="md", a=1)) == "# + [md] a=1\n# text\n"


@pytest.mark.parametrize(
    "source", ["%matplotlib inline", "# %time x", "Why?", "# Why?", "!ls", "cat"]
)
def test_magics_in_prose_survive_with_and_without_marker(source):
    assert_survives(notebook([prose(source), prose(source, a=1)]), "py:light")


def test_commented_prose_of_older_files_comes_back_whole():
    # The peer comments such a line twice under a marker, and uncomments it once.
    assert cells("# + [markdown] a=1\n# # # %matplotlib inline\n") == [
        ("markdown", "%matplotlib inline")
    ]


def test_a_string_left_open_is_told_only_if_something_could_close_it():
    assert write(code("x = '''"), code("y")) == "x = '''\n\ny\n"
    text = write(code("x = '''"), code("y = '''"))
    assert text == "# + octavo={\"quotes\": false}\nx = '''\n# -\n\ny = '''\n"
    assert cells(text) == [("code", "x = '''"), ("code", "y = '''")]


@pytest.mark.parametrize(
    "first",
    [
        code("#!/bin/sh"),
        code("# coding: latin-1\nx"),
        prose("---\na: 1\n---"),
        code("\ufeffx"),
        code("\r"),
        code("a\r\nb\r"),
    ],
)
def test_a_first_cell_is_not_taken_for_a_header(first):
    assert_survives(Document([first, code("1")], PLAIN), "py:light")


def test_active_marks_do_not_change_the_kind():
    for mark in ({"active": ""}, {"active": "py"}, {"tags": ["active-ipynb"]}, {"active": 5}):
        parts = [cell(kind, "x = 1", mark) for kind in ("code", "markdown", "raw")]
        assert_survives(notebook(parts), "py:light")


def test_code_that_is_not_active_here_is_commented():
    text = write(code("x = 1\n# + y", tags=["active-ipynb"]))
    assert text == '# + tags=["active-ipynb"]\n# x = 1\n# # # + y\n'
    assert read_one(text) == ("code", "x = 1\n# + y", {"tags": ["active-ipynb"]})


def test_code_that_is_inactive_in_the_notebook_stays_code():
    text = write(code("x = 1", tags=["active-py"]))
    assert text == '# + tags=["active-py"] octavo={"type": "code"}\nx = 1\n'
    assert read_one('# + tags=["active-py"]\nx = 1\n')[0] == "raw"


# ---- custom markers ----------------------------------------------------------------------

REGION = {"cell_markers": "region,endregion"}


def test_custom_markers_always_come_in_pairs():
    text = write(code("a\n\nb"), code("c\n\nd"), **REGION)
    assert text == "# region\na\n\nb\n# endregion\n\n# region\nc\n\nd\n# endregion\n"
    assert cells(text, **REGION) == [("code", "a\n\nb"), ("code", "c\n\nd")]


def test_only_the_innermost_region_is_a_cell():
    text = "# region A\n\n# region B a=1\nx\n\ny\n# endregion\n\n# endregion\n"
    document = octavo.reads(text, "py:light", **REGION)
    assert [(c.source, c.metadata) for c in document.cells] == [
        ("# region A", {}),
        ("x\n\ny", {"title": "B", "a": 1}),
        ("# endregion", {}),
    ]
    assert octavo.writes(document, "py:light") == text


def test_an_outer_region_of_prose_is_prose():
    text = "# region [markdown]\n# a\n\n# region\nx\n# endregion\n"
    assert cells(text, **REGION)[0] == ("markdown", "region [markdown]\na")


def test_a_region_that_is_never_closed_ends_with_the_text():
    assert cells("# region a=1\nx\n\ny\n", **REGION) == [("code", "x\n\ny")]


def test_an_end_marker_alone_is_code():
    assert cells("# endregion\n# text\n", **REGION) == [("code", "# endregion\n# text")]


@pytest.mark.parametrize(
    "source", ["region", "regional", "endregion", "# region x", "# endregion", "a\n\n# region\nb"]
)
def test_what_looks_like_a_region_survives(source):
    parts = [cell(kind, source) for kind in ("code", "markdown", "raw")]
    assert_survives(notebook([*parts, *reversed(parts)]), "py:light", **REGION)


def test_a_source_that_opens_a_region_needs_no_marker_before_one():
    text = write(code("# region x"), code("a\n\nb"), **REGION)
    assert text == "# region x\n\n# region\na\n\nb\n# endregion\n"
    assert cells(text, **REGION) == [("code", "# region x"), ("code", "a\n\nb")]


def test_markers_of_one_word_are_ignored_with_a_notice():
    document = octavo.reads("# +\nx\n\ny\n", "py:light", cell_markers="region")
    assert [c.source for c in document.cells] == ["x\n\ny"]
    assert [notice.code for notice in document.notices] == ["OCT-F020"]
    assert "'region'" in str(document.notices[0])
    assert write(code("a\n\nb"), cell_markers="region") == "# +\na\n\nb\n"


def test_markers_are_kept_in_the_header():
    text = octavo.writes(Document([code("a\n\nb")], KERNEL), "py:light", **REGION)
    assert "#     cell_markers: region,endregion\n" in text
    assert cells(text) == [("code", "a\n\nb")]


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        ("# {{{\n1\n# }}}\n", ".py", {"cell_markers": "{{{,}}}"}),
        ("// region\n1\n// endregion\n", ".js", {"cell_markers": "region,endregion"}),
        ("# a region\n", ".py", None),
        ('"""\n# region\n"""\n', ".py", None),
        ("1 + 1\n", ".py", None),
    ],
)
def test_folding_markers_are_recognised(text, suffix, expected):
    assert FORMAT.sniff(text, suffix) == expected


# ---- triple quotes -----------------------------------------------------------------------


def test_prose_stands_in_triple_quotes_where_the_cell_asks_for_it():
    text = write(prose("a\n\nb", cell_marker='"""'), code("1"))
    assert text == '# + [markdown]\n"""\na\n\nb\n"""\n# -\n\n1\n'
    assert cells(text) == [("markdown", "a\n\nb"), ("code", "1")]


def test_prose_stands_in_triple_quotes_where_the_option_asks_for_it():
    text = write(prose("a"), code("1"), cell_markers='""","""')
    assert text == '# + [markdown]\n"""a"""\n# -\n\n1\n'
    assert cells(text) == [("markdown", "a"), ("code", "1")]


def test_raw_cells_stand_in_triple_quotes_too():
    text = write(cell("raw", "a", {"cell_marker": "'''"}))
    assert text == "# + active=\"\"\n'''\na\n'''\n"
    assert cells(text) == [("raw", "a")]


def test_prose_with_quotes_in_it_survives_in_quotes():
    parts = [prose('a """ b', cell_marker='"""'), code("1\n\n2")]
    assert cells(write(*parts)) == [(part.kind, part.source) for part in parts]


# ---- languages and layout ----------------------------------------------------------------


def test_block_comments_lose_their_end_on_reading():
    parts = [prose("a\n\nb"), code("(* x *)", tags=["active-ipynb"]), cell("raw", "x")]
    text = write(*parts, fmt="ml:light")
    assert text.startswith("(* a *)\n(* *)\n(* b *)\n\n(* + tags=")
    assert cells(text, "ml:light") == [(c.kind, c.source) for c in parts]
    assert cells("(* + [raw] a=1 *)\n(* x *)\n(* -\n", "ml:light") == [("raw", "x")]


def test_go_magics_become_comments():
    text = write(code("%%\nx := 1"), prose("%% text"), fmt="go:light")
    assert text == "//gonb:%%\nx := 1\n\n// %% text\n"
    assert cells(text, "go:light") == [("code", "%%\nx := 1"), ("markdown", "%% text")]


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (0, "a\n\nb\n"),
        (1, "a\n\nb\n"),
        (2, "a\n\n\nb\n"),
        (5, "a\n\n\nb\n"),
        (-1, "a\n\nb\n"),
        ("x", "a\n\nb\n"),
    ],
)
def test_a_layout_is_honoured_as_long_as_cells_stay_apart(asked, text):
    assert write(code("a", lines_to_next_cell=asked), code("b")) == text


def test_a_marker_may_follow_at_once():
    text = write(code("a", lines_to_next_cell=0), code("b\n\nc"))
    assert text == "a\n# +\nb\n\nc\n"
    text = write(code("a\n\nb", lines_to_next_cell=0), code("c"))
    assert text == "# +\na\n\nb\n# -\nc\n"


def test_blank_lines_before_an_end_marker_are_honoured():
    text = write(code("a\n\nb", lines_to_end_of_cell_marker=2), code("c"))
    assert text == "# +\na\n\nb\n\n\n# -\n\nc\n"
    text = write(code("", a=1, lines_to_end_of_cell_marker=2), code("c"))
    assert text == "# + a=1\n\n# -\n\nc\n"
    text = write(code("a\n\nb", lines_to_end_of_cell_marker=2), code("c\n\nd"))
    assert text == "# +\na\n\nb\n\n\n# +\nc\n\nd\n"


def test_an_empty_cell_may_ask_for_blank_lines():
    text = write(code("a"), code("", lines_to_next_cell=2), code("b"))
    assert text == "a\n\n\n\n\nb\n"
    assert cells(text) == [("code", "a"), ("code", ""), ("code", "b")]
    assert write(code("", lines_to_next_cell=0), code("b")) == "\nb\n"


def test_an_empty_cell_after_a_header_survives():
    assert_survives(Document([code(""), code("1")], KERNEL), "py:light")
    header = Cell("raw", "---\na: 1\n---", {"lines_to_next_cell": 0})
    assert_survives(Document([header, code(""), code("1")], KERNEL), "py:light")


def test_an_odd_name_of_a_language_is_no_reason_to_fail():
    assert read_one("# + language=1\nx\n") == ("code", "x", {"language": 1})
