"""MyST Markdown: which lines are cells, how options and front matter are read and written."""

import json
import time
from itertools import pairwise

import pytest

import octavo
from octavo import Cell, Document
from octavo.core.options import Options
from octavo.formats import _myst_blocks, _myst_options, myst
from properties.strategies import assert_survives, between_plain_neighbours, cell, notebook

PLAIN = {"jupytext": {"notebook_metadata_filter": "-all"}}


def read(text):
    return octavo.reads(text, "md:myst")


def cells(text):
    return [(cell.kind, cell.source) for cell in read(text).cells]


def write(*parts, metadata=None):
    return octavo.writes(Document(parts, PLAIN if metadata is None else metadata), "md:myst")


# ---- which lines are cells ---------------------------------------------------------------


def test_fences_are_cells_and_the_rest_is_markdown():
    text = "# A title\n\n```{code-cell} ipython3\n1 + 1\n```\n\n~~~{raw-cell}\nraw\n~~~\nend\n"
    assert cells(text) == [
        ("markdown", "# A title"),
        ("code", "1 + 1"),
        ("raw", "raw"),
        ("markdown", "end"),
    ]


def test_every_cell_knows_its_line():
    text = '---\nkernelspec: {name: a}\n---\n\n\nx\n\n```{code-cell}\n1\n```\n\n+++ {"a": 1}\n\ny\n'
    assert [cell.line for cell in read(text).cells] == [6, 8, 12]


@pytest.mark.parametrize(
    "text",
    [
        "```{note}\n```{code-cell}\n```",
        "````md\n```{code-cell}\n1\n```\n````",
        "- item\n\n  ```{code-cell}\n  1\n  ```",
        "1. item\n   ```{code-cell}\n   1\n   ```",
        "- item\n  goes on\nlazily\n  ```{code-cell}\n  1\n  ```",
        "- item\n  <div>\n  +++\nc",
        "> ```{code-cell}\n> 1\n> ```",
        "    ```{code-cell}\n    1\n    ```",
        "<!--\n```{code-cell}\n1\n```\n-->",
        "<pre>\n\n```{code-cell}\n1\n```\n</pre>",
        "<div>\n```{code-cell}\n1\n```\n</div>",
        "<img src='a'>\n```{code-cell}\n1\n```",
        "<?php\n\n+++\n?>",
        "<![CDATA[\n+++\n]]>",
        "<!DOCTYPE\n+++\n>",
        ":::{note}\ntext\n:::",
        "``` {code-cell}\n1\n```",
        "```{code-cell} a`b",
        "+ + item",
        "+++ words",
        "+++ [1]",
        "+++ {broken",
    ],
)
def test_what_stands_in_other_blocks_is_content(text):
    assert cells(text) == [("markdown", text.rstrip())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- item\n```{code-cell}\n1\n```", [("markdown", "- item"), ("code", "1")]),
        ("- a\n\n-\n\n  ```{code-cell}\n  1\n  ```", [("markdown", "- a\n\n-"), ("code", "1")]),
        ("text\n<b>\n```{code-cell}\n1\n```", [("markdown", "text\n<b>"), ("code", "1")]),
        ("# h\n<b>\n```{code-cell}\n1\n```", [("markdown", "# h\n<b>\n```{code-cell}\n1\n```")]),
        ("<div>\n\n```{code-cell}\n1\n```", [("markdown", "<div>"), ("code", "1")]),
        ("   ```{code-cell}\n   1\n     2\n 3\n  ```", [("code", "1\n  2\n3")]),
        ("```{code-cell}\nnever closed", [("code", "never closed")]),
        ("```{code-cell}\n```", [("code", "")]),
        ("```{code-cell}", [("code", "")]),
        ("````{code-cell}\n```\n````", [("code", "```")]),
        ("> q\n```{code-cell}\n1\n```", [("markdown", "> q"), ("code", "1")]),
        ("a\n\n+ + +\nb", [("markdown", "a"), ("markdown", "b")]),
        ("+++\n\n\n+++\n\nb\n+++\n", [("markdown", "b")]),
        ("1) a\n2. b\n   +++\nc", [("markdown", "1) a\n2. b\n   +++\nc")]),
        ("text\n2. b\n   +++\nc", [("markdown", "text\n2. b"), ("markdown", "c")]),
        ("-     code\n  +++\nc", [("markdown", "-     code\n  +++\nc")]),
        ("-\ta\n  +++\nc", [("markdown", "-\ta"), ("markdown", "c")]),
        (
            "- ```\n  x\n  ```\nlazy\n  +++\nc",
            [("markdown", "- ```\n  x\n  ```\nlazy"), ("markdown", "c")],
        ),
        ("title\n===\n<b>\n+++\n\nc", [("markdown", "title\n===\n<b>\n+++\n\nc")]),
    ],
)
def test_borders(text, expected):
    assert cells(text) == expected


def test_unclosed_and_indented_blocks_cost_linear_time():
    def seconds(n):
        text = "- a\n" + "  +++ x\n<b>\n  ```\n" * n + "<!--\n" * n
        start = time.process_time()
        read(text)
        return time.process_time() - start

    times = [min(seconds(n) for _ in range(3)) for n in (2000, 8000)]
    assert all(b < 12 * max(a, 0.01) for a, b in pairwise(times))


# ---- options -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "metadata", "source"),
    [
        (":tags: [a, b]\n\nx\n", {"tags": ["a", "b"]}, "x"),
        (":tags: [a, 1]\nx\n", {"tags": ["a", 1]}, "x"),
        ("  :a: 1\n:b: -2\n:c: 0\n\n\nx\n", {"a": 1, "b": -2, "c": 0}, "\nx"),
        (":a: true\n:b: null\n:c: 'x y'\n", {"a": True, "b": None, "c": "x y"}, ""),
        (":a: 1.5\n:b: .5\n:c: [yes]\n", {"a": 1.5, "b": 0.5, "c": [True]}, ""),
        (":a: {b: 1}\n:empty: []\n", {"a": {"b": 1}, "empty": []}, ""),
        (":a: 2020-01-01\n", {"a": "2020-01-01"}, ""),
        (":a:\n", {"a": None}, ""),
        (":\n", {}, ""),
        ("---\na:\n  b: [1]\n---\nx\n", {"a": {"b": [1]}}, "x"),
        ("---\n  a: 1\n  b: '2'\n---\n\n\nx\n", {"a": 1, "b": "2"}, "\nx"),
        ("---\na: 1\n", {"a": 1}, ""),
        ("---\n---\nx\n", {}, "x"),
        ("---", {}, ""),
        ("---\n7: a\nyes: b\n~: c\n---\n", {"7": "a", "true": "b", "null": "c"}, ""),
        ("x\n:a: 1\n", {}, "x\n:a: 1"),
        (":# a comment\nx\n", {}, "x"),
    ],
)
def test_options(lines, metadata, source):
    assert _myst_options.split(lines) == (metadata, source)


@pytest.mark.parametrize(
    "lines",
    [":a: [", ":text", ":a\n", "---\n- a\n---", "---\n a: 1\nb:\n---", "---\n b: [\n c\n---"],
)
def test_options_that_cannot_be_read_stay_as_text(lines):
    document = read(f"```{{code-cell}}\n{lines}\n1\n```\n")
    assert [(c.kind, c.source, c.metadata) for c in document.cells] == [("code", f"{lines}\n1", {})]
    assert [(notice.code, notice.span.line) for notice in document.notices] == [("OCT-F040", 1)]
    assert_survives(document, "md:myst")


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"tags": ["a", "b c"]}, ":tags: [a, b c]\n\n"),
        ({"a": 1, "b": True, "c": None, "d": "x"}, ":a: 1\n:b: true\n:c: null\n:d: x\n\n"),
        ({"a": {}, "b": [1, "x"]}, ":a: {}\n:b: [1, x]\n\n"),
        ({"_a": 1}, "---\n_a: 1\n---\n"),
        ({"a": {"b": {"c": "d"}}}, "---\na:\n  b:\n    c: d\n---\n"),
        ({"a": "yes", "b": "1", "c": "é"}, ":a: 'yes'\n:b: '1'\n:c: é\n\n"),
        ({"a": "x\ny"}, "---\na: 'x\n\n  y'\n---\n"),
        ({"a": [{"b": 1}]}, "---\na:\n- b: 1\n---\n"),
        ({"my key": 1}, ":my key: 1\n\n"),
        ({"tags": []}, ":tags: []\n\n"),
        ({"tags": ["a,b", 1]}, ":tags: ['a,b', 1]\n\n"),
        ({"tags": ["a" * 90]}, f":tags: [{'a' * 90}]\n\n"),
        ({"octavo": 1}, ':octavo: \'{"metadata": {"octavo": 1}}\'\n\n'),
        ({"a\x85": 1, "b": 2}, ':b: 2\n:octavo: \'{"metadata": {"a\\u0085": 1}}\'\n\n'),
    ],
)
def test_options_are_written(metadata, expected):
    assert _myst_options.Writer().text(metadata) == expected
    assert _myst_options.unpack_hints(_myst_options.split(expected + "x\n")[0])[0] == metadata


def test_a_fast_option_line_is_what_pyyaml_writes():
    yaml = pytest.importorskip("yaml")
    for value in ("a", "a b", "./x", "a.b", ".class", "x(1)", "a@b", 0, 12, -5, True, None, {}):
        lines = []
        assert _myst_options._dump_simple({"key": value}, "", lines)
        assert "\n".join(lines) + "\n" == yaml.safe_dump({"key": value}, default_flow_style=False)
        assert _myst_options._scalar(lines[0].removeprefix("key: ")) in (
            value,
            _myst_options._UNKNOWN,
        )


def test_a_string_that_is_no_hint_is_metadata():
    assert read("```{code-cell}\n:octavo: word\n\n1\n```").cells[0].metadata == {"octavo": "word"}
    assert read('+++ {"octavo": [1]}\n\nx').cells[0].metadata == {"octavo": [1]}


# ---- writing -----------------------------------------------------------------------------


def test_plain_cells():
    text = write(cell("code", "1"), cell("markdown", "a"), cell("markdown", "b"), cell("raw", "r"))
    assert text == "```{code-cell}\n1\n```\n\na\n\n+++\n\nb\n\n```{raw-cell}\nr\n```\n"


def test_markdown_metadata_is_json_after_the_break():
    text = write(cell("markdown", "a", {"tags": ["é"], "b": {"c": 1.5}}))
    assert text == '+++ {"tags": ["\\u00e9"], "b": {"c": 1.5}}\n\na\n'


def test_a_fence_outgrows_the_fences_in_the_code():
    assert write(cell("code", "```\n  ````\n```")).startswith("`````{code-cell}\n")


@pytest.mark.parametrize("source", [":key", "---", "\nx", " \nx", "\f\nx"])
def test_a_source_that_would_be_taken_for_options_gets_a_blank_line(source):
    assert write(cell("code", source)) == f"```{{code-cell}}\n\n{source}\n```\n"


def test_borders_in_markdown_are_escaped():
    source = "Look:\n\n```{code-cell}\n1\n```\n\n+++\n\\+++"
    text = write(cell("markdown", source), cell("code", "2"))
    assert text == (
        '+++ {"octavo": {"escape": true}}\n\nLook:\n\n\\```{code-cell}\n1\n\\```\n\n\\+++\n\\\\+++\n'
        "\n```{code-cell}\n2\n```\n"
    )
    assert cells(text)[0] == ("markdown", source)


def test_what_is_never_closed_needs_no_escape_at_the_end():
    assert write(cell("code", "1"), cell("markdown", "```")).endswith("\n```\n\n```\n")
    assert_survives(between_plain_neighbours(cell("markdown", "```")), "md:myst")


def test_empty_markdown_cells_stay():
    document = notebook([cell("markdown", ""), cell("markdown", "\n\n"), cell("markdown", " ")])
    assert_survives(document, "md:myst")
    assert_survives(document.with_(metadata=PLAIN), "md:myst")


def test_the_header_tells_the_ends_of_cells():
    text = octavo.writes(
        notebook([cell("markdown", "a\n"), cell("code", "b\n"), cell("code", "c")]), "md:myst"
    )
    assert "\na\n\n```{code-cell}\nb\n```\n" in text
    assert "    blank_ends:\n      me8b7be43: l\n      c71beeff9: l\n" in text
    moved = text.replace("```{code-cell}\nc\n```", "```{code-cell}\nd\n```").replace(
        "\na\n", "\nz\n\n+++\n\na\n"
    )
    assert cells(moved) == [("markdown", "z"), ("markdown", "a\n"), ("code", "b\n"), ("code", "d")]


@pytest.mark.parametrize("other", ["a", "a\n\n", "a\n "])
def test_equal_cells_with_other_ends_stay_apart(other):
    for kind in ("markdown", "code", "raw"):
        assert_survives(
            notebook([cell(kind, "a\n"), cell("code", "x"), cell(kind, other)]), "md:myst"
        )


def test_ends_that_make_no_sense_are_passed_over():
    front = "---\njupytext:\n  text_representation:\n    blank_ends: {}\n---\n\na\n"
    for ends in ("1", "[l]", "{me8b7be43: x}", "{me8b7be43: 1}", "{m00000000: l}"):
        assert cells(front.format(ends)) == [("markdown", "a")]


# ---- lexers ------------------------------------------------------------------------------


def test_the_lexer_of_the_kernel_is_written_and_read():
    metadata = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    text = octavo.writes(Document([cell("code", "1")], metadata), "md:myst")
    assert text.endswith("```{code-cell} ipython3\n1\n```\n")
    assert read(text).metadata == {"jupytext": {"default_lexer": "ipython3"}}
    assert octavo.writes(read(text), "md:myst") == text


def test_a_lexer_that_no_fence_can_hold_is_left_out():
    for lexer in ("a`b", "a\nb", 1, None):
        text = write(
            cell("code", "1"), metadata={"language_info": {"pygments_lexer": lexer}, **PLAIN}
        )
        assert text == "```{code-cell}\n1\n```\n"


def test_a_second_lexer_is_noticed():
    document = read("```{code-cell} a\n```\n```{code-cell}\n```\n```{code-cell} b\n```\n")
    assert document.metadata["jupytext"]["default_lexer"] == "a"
    assert [notice.span.line for notice in document.notices] == [5]


# ---- front matter ------------------------------------------------------------------------


def test_front_matter_is_notebook_metadata():
    document = read("---\nkernelspec:\n  name: a\ntitle: b\n---\n\nx\n")
    assert document.metadata["kernelspec"] == {"name": "a"}
    assert document.metadata["title"] == "b"
    again = octavo.writes(document, "md:myst")
    assert "\ntitle: b\n" in again
    assert octavo.writes(read(again), "md:myst") == again


def test_the_jupyter_section_is_notebook_metadata_too():
    text = (
        "---\njupyter:\n  kernelspec:\n    name: a\n  zz: 1\nkernelspec:\n  display_name: b\n---\n"
    )
    metadata = read(text).metadata
    assert metadata["kernelspec"] == {"name": "a", "display_name": "b"}
    assert metadata["zz"] == 1


@pytest.mark.parametrize(
    "lines",
    [
        "title: a",
        "title: a # a comment\n# another\nb: 'c'",
        "# first\ntitle: a",
        "tags:\n- a\n- b",
        "tags: [a, b]",
        "tags: [a, b]\n# octavo: verbatim",
        "title: é",
        'title: "\\xE9"',
        "date: 2020-01-01",
        "my key: 1",
        "1: 2",
        "a: &x [1]\nb: *x",
        "a: {b: {c: [1, {d: e}]}}",
        "a:\n\n  b: 1\n\nc: 2",
        "title: a\n ",
        "jupyter: 1",
        "kernelspec: 1",
        "a: [",
        "- a",
        "a",
        "",
        "a: 1\n...\nb: 2",
        "a: 1\n---\nb: 2",
        "a,b: 1",
    ],
)
def test_a_raw_cell_that_looks_like_front_matter_survives(lines):
    raw = cell("raw", f"---\n{lines}\n---")
    for metadata in (None, PLAIN, {"jupytext": {"root_level_metadata_filter": "-all"}}, {}):
        assert_survives(notebook([raw], metadata), "md:myst")
        assert_survives(notebook([raw, cell("raw", "x"), raw], metadata), "md:myst")


def test_a_raw_cell_becomes_front_matter_as_the_filter_says():
    text = octavo.writes(
        notebook([cell("raw", "---\ntitle: a\n---"), cell("code", "1")]), "md:myst"
    )
    assert text.startswith("---\ntitle: a\njupytext:\n  text_representation:\n")
    assert "\n  root_level_metadata_filter: -title\n" in text


def test_dates_are_kept_as_they_are():
    text = "---\ntitle: a\ndate: 2020-01-01\nkernelspec:\n  name: k\n---\n\nx\n"
    document = read(text)
    assert document.metadata == {"kernelspec": {"name": "k"}}
    assert document.cells[0].source == "---\ntitle: a\ndate: 2020-01-01\n---"
    assert "\ndate: 2020-01-01\n" in octavo.writes(document, "md:myst")


def test_front_matter_in_one_mapping_is_laid_out_anew():
    document = read("---\n{title: a, jupytext: {root_level_metadata_filter: -title}}\n---\n\nx\n")
    assert document.cells[0].source == "---\ntitle: a\n---"


def test_lines_that_need_others_are_laid_out_anew():
    document = read("---\na: &x [1]\njupytext: {root_level_metadata_filter: -b}\nb: *x\n---\n\nx\n")
    assert document.metadata["a"] == [1]
    assert document.cells[0].source == "---\nb:\n- 1\n---"


def test_entries_in_the_settings_never_replace_metadata():
    section = {"root_level_metadata": {"kernelspec": 1}, "root_level_metadata_as_raw_cell": False}
    text = octavo.writes(
        notebook([], {"kernelspec": {"name": "a"}, "jupytext": section}), "md:myst"
    )
    assert read(text).metadata["kernelspec"] == {"name": "a"}


def test_other_entries_can_be_kept_in_the_settings():
    text = "---\ntitle: a\ntags: {2020-01-01: [b]}\n---\n\nx\n"
    options = {"root_level_metadata_as_raw_cell": False, "root_level_metadata_filter": "-title"}
    document = octavo.reads(text, "md:myst", **options)
    assert document.metadata["jupytext"]["root_level_metadata"]["title"] == "a"
    assert [c.kind for c in document.cells] == ["markdown"]
    again = octavo.writes(document, "md:myst")
    assert again.startswith("---\ntitle: a\n")
    assert octavo.reads(again, "md:myst").cells == document.cells


@pytest.mark.parametrize("lines", ["a: [", "- a", "text", "a: b: c"])
def test_front_matter_that_is_no_mapping_stays_in_the_text(lines):
    text = f"---\n{lines}\n---\n\nx\n"
    document = read(text)
    assert [notice.code for notice in document.notices] == ["OCT-F010"]
    assert octavo.writes(document, "md:myst") == text


def test_an_empty_front_matter_is_one():
    assert cells("---\n---\nx") == [("markdown", "x")]
    assert cells("---\nnever closed") == [("markdown", "---\nnever closed")]


def test_a_first_cell_is_not_taken_for_a_front_matter():
    assert write(cell("markdown", "---\na: 1\n---\ntext")).startswith("+++\n\n---\n")
    assert write(cell("markdown", "\ufeffx")) == "+++\n\n\ufeffx\n"


def test_metadata_kept_out_of_the_root_goes_under_jupyter():
    metadata = {"kernelspec": {"name": "a"}, "jupytext": {"root_level_metadata_filter": "-all"}}
    document = Document([cell("code", "1")], metadata)
    text = octavo.writes(document, "md:myst")
    assert "\njupyter:\n  jupytext:\n    root_level_metadata_filter: -all\n" in f"\n{text}"
    assert read(text).metadata == metadata


def test_metadata_that_the_root_cannot_hold_goes_under_jupyter():
    metadata = {"my key": 1, "jupyter": {"a": 1}, "jupytext": {"notebook_metadata_filter": "all"}}
    assert read(octavo.writes(Document([], metadata), "md:myst")).metadata == metadata


def test_cell_metadata_can_be_filtered():
    text = octavo.writes(
        Document([cell("code", "1", {"a": 1, "tags": ["b"]})], PLAIN),
        "md:myst",
        cell_metadata_filter="tags,-all",
    )
    assert text == "```{code-cell}\n:tags: [b]\n\n1\n```\n"


# ---- recognising -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        ("", ".mystnb", {}),
        ("---\nfile_format: mystnb\n---\n", ".md", {}),
        ("```{code-cell}\n```\n", ".md", {}),
        ("a\n\n```{raw-cell}\n```\n", ".md", {}),
        ("````\n```{code-cell}\n```\n````\n", ".md", None),
        ("+++\n", ".md", None),
        ("# text\n", ".md", None),
    ],
)
def test_sniff(text, suffix, expected):
    assert myst.sniff(text, suffix) == expected


def test_a_break_without_json_object_has_no_metadata():
    assert _myst_blocks.break_metadata(" ") == {}
    assert _myst_blocks.break_metadata("{}") == {}
    assert _myst_blocks.break_metadata("x") is None


def test_metadata_without_a_cell_is_noticed():
    document = read('x\n\n+++ {"a": 1}\n\n```{code-cell}\n```\n')
    assert [(notice.code, notice.span.line) for notice in document.notices] == [("OCT-F040", 3)]


# ---- the peer ----------------------------------------------------------------------------


def test_texts_of_jupytext_are_read_and_written_alike(corpus):
    import jupytext  # noqa: F401  tells that the peer is there

    for path in sorted((corpus / "outputs/ipynb_to_myst").glob("*.md")):
        text = path.read_text("utf-8")
        document = read(text)
        assert octavo.writes(document, "md:myst", previous=text) == text
        assert read(octavo.writes(document, "md:myst")).cells == document.cells


def test_ten_thousand_cells_cost_linear_time():
    def seconds(n):
        plain = [
            cell("code", "x = 1\ny = 2"),
            cell("markdown", "Some text\n\nand more"),
            Cell("markdown", "+++"),
        ]
        document = Document(plain * n, PLAIN)
        start = time.process_time()
        read(myst.write(document, Options({}, ".md")))
        return time.process_time() - start

    times = [min(seconds(n) for _ in range(3)) for n in (500, 2000)]
    assert times[1] < 10 * times[0]


def test_json_is_written_as_python_writes_it():
    metadata = {"a": float("inf"), "b": 10**30, "c": "\ud83d"}
    text = write(cell("markdown", "x", metadata))
    assert text == f"+++ {json.dumps(metadata)}\n\nx\n"
    assert read(text).cells[0].metadata == metadata
