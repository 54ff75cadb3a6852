"""Prose becomes a tree in which nothing is left of the syntax."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.exporters._markdown import parse, parse_inline


def tree(text):
    return [repr(node) for node in parse(text)]


NOTE = "(admonition name='note' word='note' (paragraph (text 'Look.')))"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("```{note}\nLook.\n```", "note"),
        (":::{note}\nLook.\n:::", "note"),
        ("::: {.callout-note}\nLook.\n:::", "note"),
        (":::note\nLook.\n:::", "note"),
        ("```{note} Look.\n```", "note"),
    ],
)
def test_every_spelling_of_a_note_is_the_same(text, kind):
    assert tree(text) == [NOTE]


def test_an_alert_of_github_is_an_admonition():
    assert tree("> [!WARNING]\n> Look.") == [
        "(admonition name='warning' (paragraph (text 'Look.')))"
    ]
    assert parse("> [!WARNING] not alone")[0].type == "quote"


def test_options_of_a_directive_may_be_yaml():
    for body in (":name: one\n:alt: A\nSay.", "---\nname: one\nalt: A\n---\nSay."):
        (figure,) = parse(f"```{{figure}} a.png\n{body}\n```")
        assert (figure.label, figure.get("alt"), figure.get("src")) == ("one", "A", "a.png")
        assert figure.plain() == "Say."


def test_an_unknown_directive_keeps_its_content():
    note, body = parse("```{nonsense} word\nkept\n```")
    assert (note.type, note.text) == ("note", "unknown directive {nonsense} word")
    assert body.plain() == "kept"


def test_lines_are_those_of_the_cell():
    nodes = parse("# One\n\n:::{note} T\n:class: x\n\nInner\n:::\n\nlast")
    assert [node.line for node in nodes] == [1, 3, 9]
    assert [node.line for node in nodes[1].walk() if node.type == "paragraph"] == [6]


def test_headings_take_marks_of_pandoc_and_targets_of_myst():
    assert parse("# Title {#here .wide}")[0].label == "here"
    assert parse("(here)=\n# Title")[0].label == "here"


def test_boxes_of_a_task_list():
    (box_list,) = parse("- [ ] a\n- [x] b\n- c")
    assert [item.facts.get("checked") for item in box_list.children] == [False, True, None]


def test_tables_of_lists_and_of_commas():
    rows = "(table (row header=True (cell header=True (text 'a')) (cell header=True (text 'b')))"
    rows += " (row (cell (text '1')) (cell (text '2'))))"
    assert tree("```{list-table}\n:header-rows: 1\n* - a\n  - b\n* - 1\n  - 2\n```") == [rows]
    assert tree("```{csv-table}\n:header: a,b\n1,2\n```") == [rows]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{sub}`2`", "(subscript (text '2'))"),
        ("{ref}`A title <there>`", "(reference target='there' kind='title' (text 'A title'))"),
        ("{numref}`there`", "(reference target='there' kind='number')"),
        ("{cite:t}`one,two`", "(citation keys=['one', 'two'] kind='t' (text 'one, two'))"),
        ("{abbr}`ab (a bee)`", "(abbreviation title='a bee' 'ab')"),
        ("{unknown}`text`", "(code_span role='unknown' 'text')"),
    ],
)
def test_roles(text, shown):
    assert [repr(node) for node in parse_inline(text)] == [shown]


def test_without_extensions_it_is_commonmark():
    assert parse("$a$ [^1]", extended=False)[0].plain() == "$a$ [^1]"


@given(st.text("#*_`~{}[]()!:$\\<>|-+=%^&;\n \t.1aéA\"'", max_size=60))
def test_no_text_is_refused(text):
    for node in parse(text):
        node.plain()


@pytest.mark.parametrize("text", ["$g$ in m/s2", "$g$ is 2", "$g$"])
def test_a_text_may_begin_with_a_formula(text):
    (paragraph,) = parse(text)
    assert paragraph.children[0].type == "math_span"
    assert parse("2$g$ x")[0].children[0].type == "text"


@pytest.mark.parametrize("mark", ["{kind=how-to}", '{#a .b audience="x y"}', "{.b lang='de'}"])
def test_attributes_of_a_heading_are_not_shown(mark):
    (heading,) = parse(f"## Title {mark}")
    assert heading.plain() == "Title"
