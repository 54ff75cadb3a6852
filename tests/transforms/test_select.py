"""Expressions choose cells and sections; nothing else of a document changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo import Cell, Document
from octavo.core.errors import OctavoError, OptionError
from octavo.transforms import _expression, _sections
from octavo.transforms.select import select


def md(source, **metadata):
    return Cell("markdown", source, metadata)


def code(source, **metadata):
    return Cell("code", source, metadata, [])


def chosen(expression, *cells, metadata=None, path=""):
    return [cell.source for cell in select(Document(cells, metadata), expression, path=path).cells]


CELLS = (
    md("# Title"),
    code("1", tags=["solution", "my_tag"]),
    code("2", kind="How_To"),
    code("3", tags=["kind:tutorial", "audience:teacher"]),
    code("%%bash\n4"),
    Cell("raw", "5"),
)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("tag:solution", ["1"]),
        ("tag:my-tag", ["1"]),
        ("tag:sol*", ["1"]),
        ("not tag:solution and not kind:how-to", ["# Title", "3", "%%bash\n4", "5"]),
        ("kind:tutorial or kind:howto", ["2", "3"]),
        ("kind:tutorial or kind:how-to and tag:x", ["3"]),
        ("(kind:tutorial or kind:how-to) and tag:x", []),
        ("NOT not tag:solution", ["1"]),
        ("audience:Teacher", ["3"]),
        ("language:bash", ["%%bash\n4"]),
        ("language:python", ["1", "2", "3"]),
        ("cell:markdown", ["# Title"]),
        ("tag:\"solution\" or cell:'raw'", ["1", "5"]),
        ("path:notes/**", ["# Title", "1", "2", "3", "%%bash\n4", "5"]),
        ("path:other/**", []),
    ],
)
def test_expressions(expression, found):
    assert chosen(expression, *CELLS, path="notes/a.py") == found


@pytest.mark.parametrize(
    ("expression", "column", "hint"),
    [
        ("tga:x", 1, "did you mean 'tag'?"),
        ("tag:x nad tag:y", 7, ""),
        ("tag:x and", 10, "for example tag:solution"),
        ("(tag:x", 7, "add `)`"),
        ("tag:x)", 6, ""),
        ("solution", 1, "write tag:solution"),
        ("kind:tutrial", 1, "did you mean 'tutorial'?"),
        ("tag:", 1, "for example tag:x"),
        ("", 1, ""),
        ("(" * 500 + "tag:x", 1, ""),
    ],
)
def test_mistakes_are_told_with_their_column(expression, column, hint):
    with pytest.raises(OptionError) as caught:
        _expression.parse(expression)
    assert caught.value.code == "OCT-E050"
    assert f"(column {column})" in caught.value.message
    assert hint in caught.value.hint


@given(st.text("tagkind:()or and not\"'*x", max_size=40) | st.text(max_size=20))
def test_any_text_is_an_expression_or_an_error(text):
    try:
        _expression.parse(text).holds(_sections.Facts())
    except OctavoError as error:
        assert error.code == "OCT-E050"  # noqa: PT017  both outcomes are fine


def test_a_section_ends_at_the_next_heading_of_its_level():
    cells = (
        md("# T\n\n## A {.x}\n\na\n\n### B\n\nb"),
        code("1"),
        md("### C {.y}\n\nc\n\n## D\n\nd"),
        code("2"),
    )
    assert chosen("not tag:x", *cells) == ["# T", "## D\n\nd", "2"]
    assert chosen("tag:y", *cells) == ["### C {.y}\n\nc"]


@pytest.mark.parametrize(
    "heading",
    [
        "## H {.x}", "## H {#id .x k=v} ##", "  ## H {tags=x}", '## H {tags="y, x"}', "{.x}\n## H",
        "H {.x}\n---", "H {.x}\n====",
    ],
)  # fmt: skip
def test_headings_say_it_in_many_ways(heading):
    assert chosen("not tag:x", md(f"before\n\n{heading}\n\nhidden")) == ["before"]


@pytest.mark.parametrize(
    "inner",
    [
        "```\n# no heading\n```", "~~~~\n# no\n~~~\n# no\n~~~~", "<!--\n# no\n-->", "<!-- a -->\n",
        ":::{note}\n# no\n:::", "    # code", "#hashtag", "a <!-- b\n# c\n-->",
    ],
)  # fmt: skip
def test_what_looks_like_a_heading_does_not_end_a_section(inner):
    assert chosen("not tag:x", md(f"# T\n\n## H {{.x}}\n\n{inner}\n\nhidden")) == ["# T"]


def test_metadata_of_a_heading_speak_for_its_section():
    cells = (
        md("# T"),
        md("## A", section={"audience": "teacher", "tags": ["x"]}),
        code("1"),
        md("## B", tags=["section:x", "own"]),
        code("2"),
        md("## C", audience="teacher"),
        code("3"),
    )
    assert chosen("tag:x", *cells) == ["## A", "1", "## B", "2"]
    assert chosen("audience:teacher", *cells) == ["## A", "1", "## C"]
    assert chosen("tag:own", *cells) == ["## B"]


def test_what_is_nearest_holds_and_the_head_speaks_for_all():
    head = Cell("raw", "---\nkind: tutorial\naudience: [student, teacher]\n---")
    cells = (head, md("# T"), md("## R {kind=reference}"), code("1", kind="how-to"), code("2"))
    assert chosen("kind:tutorial", *cells) == [head.source, "# T"]
    assert chosen("kind:how-to", *cells) == [head.source, "1"]
    assert chosen("kind:reference", *cells) == [head.source, "## R {kind=reference}", "2"]
    assert chosen("audience:student", *cells)[1:] == ["# T", "## R {kind=reference}", "1", "2"]
    assert chosen("kind:tutorial", md("# T"), metadata={"kind": "tutorial"}) == ["# T"]


def test_a_document_of_which_nothing_goes_is_the_same():
    document = Document(CELLS)
    assert select(document, "not tag:nothing") is document


headings = st.sampled_from(["# A", "## B {.x}", "### C", "## D {.y kind=tutorial}", "# E {.x}"])
lines = st.lists(headings | st.sampled_from(["text", "", "```", "<!--", "-->", ":::", "::: {x}"]))


@given(st.lists(lines.map("\n".join), max_size=5))
def test_parts_make_up_the_whole(sources):
    document = Document([md(source) for source in sources])
    texts = dict.fromkeys(range(len(sources)), "")
    for part in _sections.parts(document):
        texts[part.place] += part.text
    assert list(texts.values()) == sources


@given(st.lists(lines.map("\n".join), max_size=5))
def test_what_is_out_and_what_is_in_are_all_lines(sources):
    document = Document([md(source) for source in sources])
    inside = "\n".join(cell.source for cell in select(document, "tag:x").cells)
    outside = "\n".join(cell.source for cell in select(document, "not tag:x").cells)
    everything = sorted(line for source in sources for line in source.split("\n") if line)
    assert sorted(line for line in f"{inside}\n{outside}".split("\n") if line) == everything
