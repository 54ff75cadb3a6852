"""One vocabulary of marks, many dialects."""

import pytest

from octavo import Cell
from octavo.core import tags


@pytest.mark.parametrize(
    ("metadata", "source", "expected"),
    [
        ({"tags": ["remove-cell"]}, "1", {"drop-cell"}),
        ({"tags": ["remove_cell"]}, "1", {"drop-cell"}),
        ({"tags": ["hide-input", "own"]}, "1", {"fold-input"}),
        ({"hide_input": True}, "1", {"drop-input"}),
        ({"jupyter": {"source_hidden": True}}, "1", {"drop-input"}),
        ({"jupyter": "odd"}, "1", set()),
        ({"run_control": {"frozen": True}}, "1", {"skip-execution"}),
        ({"slideshow": {"slide_type": "slide"}}, "1", {"slide"}),
        ({"editable": False, "deletable": False}, "1", {"read-only", "not-deletable"}),
        ({}, "#| include: false\n1", {"drop-cell"}),
        ({}, "//| eval: false\n1", {"skip-execution"}),
        ({}, "#| hide\n1", {"drop-cell"}),
        ({}, "#| label: x\n#| echo: false\n1", {"drop-input"}),
        ({}, "x = 1\n#| echo: false", set()),
        ({"tags": "no list"}, "1", set()),
        ({"tags": [1]}, "1", set()),
    ],
)
def test_marks_are_read_from_every_dialect(metadata, source, expected):
    assert tags.marks_of(Cell("code", source, metadata)) == expected


def test_option_lines_mean_nothing_in_prose():
    assert tags.marks_of(Cell("markdown", "#| echo: false")) == frozenset()


def test_every_known_tag_is_written_with_hyphens():
    for mark in tags.MARKS:
        for tag in mark.tags:
            assert tags.canonical_tag(tag.replace("-", "_")) == tag


def test_the_table_has_no_spelling_twice():
    spellings = [tag for mark in tags.MARKS for tag in mark.tags]
    assert len(spellings) == len(set(spellings))
    assert all(tags.BY_NAME[mark.name] is mark for mark in tags.MARKS)
    assert tags.BY_NAME["drop-cell"].tag == "remove-cell"
    assert tags.BY_NAME["slide"].tag == ""
