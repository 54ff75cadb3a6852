"""The head of a text: YAML, first lines, filters, other metadata."""

import pytest

import octavo
from octavo import Cell, Document

PYTHON = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def test_the_header_names_format_and_kernel_and_no_version_of_a_tool():
    text = octavo.writes(Document([Cell("code", "1")], PYTHON), "py:percent")
    assert text == (
        "# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       extension: .py\n"
        "#       format_name: percent\n#       format_version: '1.3'\n#   kernelspec:\n"
        "#     display_name: Python 3\n#     language: python\n#     name: python3\n# ---\n\n"
        "# %%\n1\n"
    )


def test_the_header_comes_back_as_metadata():
    text = octavo.writes(Document([Cell("code", "1")], PYTHON), "py:percent")
    assert octavo.reads(text, "py").metadata == PYTHON


def test_first_lines_stay_first():
    text = "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# %%\n1\n"
    document = octavo.reads(text, "py:percent")
    assert document.metadata["jupytext"]["executable"] == "/usr/bin/env python"
    assert octavo.writes(document, "py:percent") == text


def test_other_languages_get_an_encoding_line_for_other_letters():
    document = Document([Cell("code", "x <- 'é'")], {"kernelspec": {"language": "R"}})
    assert octavo.writes(document, "R:percent").startswith("# -*- coding: utf-8 -*-\n# ---\n")


def test_other_yaml_is_a_raw_cell():
    text = "# ---\n# title: A title\n# jupyter:\n#   kernelspec:\n#     name: python3\n# ---\n\n# %%\n1\n"
    document = octavo.reads(text, "py:percent")
    assert document.cells[0].kind == "raw"
    assert document.cells[0].source == "---\ntitle: A title\n---"
    assert octavo.reads(octavo.writes(document, "py:percent"), "py").cells[0] == document.cells[0]


def test_other_yaml_may_be_kept_in_the_metadata():
    text = "# ---\n# title: A title\n# ---\n\n# %%\n1\n"
    document = octavo.reads(text, "py:percent", root_level_metadata_as_raw_cell=False)
    assert document.metadata["jupytext"]["root_level_metadata"] == {"title": "A title"}
    assert len(document.cells) == 1
    assert "# title: A title\n" in octavo.writes(document, "py:percent")


@pytest.mark.parametrize(
    "head",
    [
        "# ---\n# a: [1\n# jupyter:\n#  - x: {\n# ---\n",
        "# ---\n# jupyter:\n#   - 1\n# ---\n",
        "# ---\n# jupyter:\n",
    ],
)
def test_a_header_that_is_none_stays_in_the_text(head):
    document = octavo.reads(head + "\n# %%\n1\n", "py:percent")
    assert document.cells[-1].source == "1"
    assert "jupyter:" in document.cells[0].source
    if head.count("---") == 2:
        assert [notice.code for notice in document.notices] == ["OCT-F010"]
        assert document.notices[0].span.line == 1


def test_dates_in_a_header_are_kept_as_text():
    text = "# ---\n# date: 2020-01-01\n# ---\n\n# %%\n1\n"
    document = octavo.reads(text, "py:percent", root_level_metadata_as_raw_cell=False)
    assert document.metadata["jupytext"]["root_level_metadata"] == {"date": "2020-01-01"}


def test_a_text_without_header_is_written_without():
    text = '# %% tags=["a"] b=1\n1\n'
    document = octavo.reads(text, "py:percent")
    assert document.metadata["jupytext"]["cell_metadata_filter"] == "b,tags,-all"
    assert octavo.writes(document, "py:percent") == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", {"a": 1, "tags": ["x"]}),
        ("-a", {"tags": ["x"]}),
        ("a,-all", {"a": 1}),
        ("all", {"a": 1, "collapsed": True, "tags": ["x"], "n": {"b": 1, "c": 2}}),
        ("n.b,-all", {"n": {"b": 1}}),
        ("all,-n.b,-a,-tags,-collapsed", {"n": {"c": 2}}),
        ("collapsed", {"a": 1, "tags": ["x"], "collapsed": True}),
    ],
)
def test_filters_say_which_cell_metadata_enters_the_text(text, kept):
    metadata = {"a": 1, "tags": ["x"], "collapsed": True, "n": {"b": 1, "c": 2}}
    document = Document([Cell("code", "1", metadata)], PYTHON)
    back = octavo.reads(octavo.writes(document, "py:percent", cell_metadata_filter=text), "py")
    expected = kept if text else {**kept, "n": {"b": 1, "c": 2}}
    if text in ("-a", "collapsed"):
        expected = {**kept, "n": {"b": 1, "c": 2}}
    assert back.cells[0].metadata == expected


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", {"kernelspec"}),
        ("widgets", {"kernelspec", "widgets"}),
        ("all", {"kernelspec", "widgets", "toc"}),
        ("all,-toc", {"kernelspec", "widgets"}),
        ("-kernelspec", set()),
        ("-all", set()),
    ],
)
def test_filters_say_which_notebook_metadata_enters_the_text(text, kept):
    document = Document(
        [Cell("code", "1")], {**PYTHON, "widgets": {"a": 1}, "toc": [1, {"x": None}]}
    )
    back = octavo.reads(octavo.writes(document, "py:percent", notebook_metadata_filter=text), "py")
    assert set(back.metadata) - {"jupytext"} == kept


def test_keys_beyond_the_usual_ones_are_kept_at_the_next_writing():
    text = "# ---\n# jupyter:\n#   custom:\n#     x: 1.5\n# ---\n\n# %%\n1\n"
    document = octavo.reads(text, "py:percent")
    assert document.metadata["custom"] == {"x": 1.5}
    assert document.metadata["jupytext"]["notebook_metadata_filter"] == "custom"
    assert "custom:" in octavo.writes(document, "py:percent")


@pytest.mark.parametrize(
    "value",
    [
        "no",
        "3.10",
        "1.0",
        "~",
        "a: b",
        "# x",
        "'q'",
        '"',
        "é",
        "x" * 100,
        "",
        " lead",
        "2020-01-01",
        "1.19.6",
        ".5",
        ".inf",
        "null",
        "a\nb",
    ],
)
def test_texts_that_yaml_would_misread_are_quoted(value):
    document = Document([Cell("code", "1")], {"kernelspec": {"name": value, "display_name": "x"}})
    back = octavo.reads(octavo.writes(document, "py:percent"), "py")
    assert back.metadata["kernelspec"]["name"] == value


def test_old_spellings_of_settings_are_understood():
    metadata = {
        "jupytext_formats": "ipynb,py:light",
        "jupytext_format_version": "1.0",
        "jupytext": {
            "metadata_filter": {"notebook": {"additional": ["toc"]}, "cells": {"excluded": "all"}}
        },
        "toc": True,
    }
    text = octavo.writes(Document([Cell("code", "1", {"tags": ["x"]})], metadata), "py:percent")
    assert "cell_metadata_filter: -all" in text
    assert "formats: ipynb,py:percent" in text
    assert "toc: true" in text
    assert "tags" not in text
