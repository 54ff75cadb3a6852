"""Which format a text is in."""

import pytest

import octavo
from octavo import Cell, Document, FormatError, OptionError


def format_of(text, fmt="py"):
    return octavo.reads(text, fmt).origin.format


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# %%\n1\n", "py:percent"),
        ("#%%\n1\n", "py:percent"),
        ("# %% a title\n1\n", "py:percent"),
        ("# <codecell>\n1\n", "py:percent"),
        ("# In[1]:\n1\n", "py:percent"),
        ("# %%\n%matplotlib inline\n", "py:hydrogen"),
        ("# %%\n# %matplotlib inline\n", "py:percent"),
        ("# %%time\n1\n", "py:light"),
        ('x = """\n# %%\n"""\n', "py:light"),
        ("1 + 1\n", "py:light"),
        ("", "py:light"),
        ("# + tags=['a']\n1\n", "py:light"),
        ("# {{{\n1\n# }}}\n", "py:light"),
        ("# region\n1\n# endregion\n", "py:light"),
        ("import marimo\n\napp = marimo.App()\n", "py:marimo"),
        ("#" * 79 + "\n# A\n\n1\n\n" + "#" * 79 + "\n# B\n", "py:sphinx"),
    ],
)
def test_a_python_script_is_recognised_by_its_look(text, expected):
    assert format_of(text) == expected


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        ("#' text\n\n1\n", "R", "R:spin"),
        ("1\n", "R", "R:light"),
        ("# text\n", "md", "md"),
        ("```{code-cell}\n1\n```\n", "md", "md:myst"),
        ("# text\n", ".myst", "myst:myst"),
        ("# text\n", ".mnb", "mnb"),
        ("# text\n", "Rmd", "Rmd"),
        ("# text\n", "qmd", "qmd"),
        ("// %%\nf();\n", "js", "js:percent"),
    ],
)
def test_other_suffixes_are_recognised(text, suffix, expected):
    assert format_of(text, suffix) == expected


@pytest.mark.parametrize("name", ["percent", "light", "hydrogen"])
def test_the_header_goes_before_look_and_request(name):
    document = Document([Cell("code", "1")], {})
    text = octavo.writes(document, f"py:{name}")
    assert format_of(text, "py") == f"py:{name}"
    assert format_of(text, "py:percent") == f"py:{name}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "ipynb"),
        ("# %%\n1\n", "py:percent"),
        ("// %%\n1\n", "cpp:percent"),
        ("Text\n\n```\ncode\n```\n", "md"),
        ("---\ntitle: x\n---\n\nText\n", "md"),
    ],
)
def test_a_text_without_suffix_is_recognised_by_its_content(text, expected):
    assert octavo.reads(text).origin.format == expected


def test_a_header_tells_the_suffix_too():
    text = octavo.writes(Document([Cell("code", "1")], {"kernelspec": {"language": "R"}}), "auto")
    assert octavo.reads(text).origin.format == "R:percent"


def test_the_format_that_a_notebook_records_is_written():
    document = Document([Cell("code", "1")], {"jupytext": {"formats": "ipynb,py:light"}})
    assert "format_name: light" in octavo.writes(document, "py")
    assert "format_name: percent" in octavo.writes(Document([Cell("code", "1")]), "py")


def test_cell_markers_ask_for_light():
    text = octavo.writes(Document([Cell("code", "1")]), "py", cell_markers="region,endregion")
    assert "format_name: light" in text


def test_wrong_bytes_are_named_with_their_place():
    with pytest.raises(FormatError) as caught:
        octavo.reads("# %%\nx = 'é\xff'\n".encode("latin1"), "py:percent")
    error = caught.value
    assert (error.code, error.span.line, error.span.column) == ("OCT-F001", 2, 6)
    assert "iconv" in error.hint


def test_an_option_of_another_format_is_refused():
    with pytest.raises(OptionError) as caught:
        octavo.writes(Document(), "py:percent", split_at_heading=True)
    assert caught.value.code == "OCT-O003"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"comment_magic": True}, "OCT-O001"),
        ({"comment_magics": "perhaps"}, "OCT-O002"),
        ({"cell_markers": 3}, "OCT-O002"),
    ],
)
def test_wrong_options_are_named(options, code):
    with pytest.raises(OptionError) as caught:
        octavo.writes(Document(), "py:percent", **options)
    assert caught.value.code == code


def test_options_are_taken_as_text_too():
    document = Document([Cell("code", "%ls")], {})
    assert "\n%ls" in octavo.writes(document, "py:percent", comment_magics="false")
    assert "\n# %ls" in octavo.writes(document, "py:percent", comment_magics=True)
    assert (
        "tags"
        not in octavo.writes(
            Document([Cell("code", "1", {"tags": ["a"]})]), "py", cell_metadata_filter=False
        ).split("---")[2]
    )
