"""Slides: how a document is cut, and the file: valid, safe, nothing hidden in it."""

import re

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo import Cell, Document
from octavo.exporters import _deck, slides
from octavo.exporters._exporter import Settings
from octavo.exporters._page import compose
from support import every_output

FRONT = Cell("raw", "---\ntitle: A & B\nauthor: Ada\n---")


def cell(source, slide="", kind="markdown", outputs=()):
    metadata = {"slideshow": {"slide_type": slide}} if slide else {}
    return Cell(kind, source, metadata, list(outputs) if kind == "code" else None)


def cut(*cells):
    """Return the slides as lists of the texts of their parts, "+" before a fragment."""
    page = compose(Document(cells), Settings(), without=frozenset(("skip-slide",)))
    made = []
    for slide in _deck.slides(page):
        parts = []
        for part in slide.parts:
            texts = [piece.source or " ".join(b.plain() for b in piece.blocks)
                     for piece in part.pieces]  # fmt: skip
            if texts:
                parts.append("+" * part.is_fragment + " ".join(texts))
        made.append(("v" * slide.is_below, parts))
    return made


def export(*cells, **settings):
    (artifact,) = slides.export(Document(cells), Settings(**settings))
    return artifact.data.decode("utf-8")


def assert_valid(text):
    html5lib.HTMLParser(strict=True).parse(text)


def test_slide_types_of_rise_cut_the_document():
    assert cut(
        cell("first", "slide"), cell("more"), cell("later", "fragment"), cell("with it", "-"),
        cell("below", "subslide"), cell("never", "skip"), cell("x = 1", "slide", "code"),
    ) == [("", ["first more", "+later with it"]), ("v", ["below"]), ("", ["x = 1"])]  # fmt: skip


def test_what_stands_before_the_first_slide_is_a_slide():
    assert cut(cell("before"), cell("first", "slide")) == [("", ["before"]), ("", ["first"])]


def test_headings_cut_a_document_without_slide_types():
    text = "# One\n\na\n\n## Two\n\nb\n\n### Three\n\nc\n\n#### Four\n\n---\n\nd"
    assert cut(cell(text), cell("y", kind="code")) == [
        ("", ["One a"]), ("", ["Two b"]), ("v", ["Three c Four"]), ("", ["d y"])]  # fmt: skip


def test_pauses_and_fragments_of_quarto():
    text = "## A\n\na\n\n. . .\n\nb\n\n::: {.fragment}\nc\n:::\n\nd"
    assert cut(cell(text)) == [("", ["A a", "+b", "+c", "d"])]


def test_a_long_slide_goes_on_below():
    code = [cell("\n".join(f"x{n} = {n}" for n in range(15)), kind="code") for _ in range(3)]
    made = cut(cell("## Long"), *code)
    assert [below for below, _ in made] == ["", "v", "v"]


def test_notes_are_for_the_speaker():
    text = export(cell("shown", "slide"), cell("SECRET of *mine*", "notes"))
    assert '<aside class="notes" hidden>\n<p>SECRET of <em>mine</em></p>' in text
    text = export(cell("## A\n\n::: {.notes}\nsaid\n:::\n\nb\n\n```{notes}\nmore\n```"))
    assert '<aside class="notes" hidden>\n<div class="notes"><p>said</p>' in text.replace(">\n<p>s", "><p>s")  # fmt: skip
    assert "unknown directive" not in text


def test_what_is_skipped_is_nowhere():
    cells = [cell("# A", "slide"), cell("SKIPPED[^n] [@key]\n\n[^n]: SKIPPED", "skip"),
             cell("SKIPPED", "skip", "code"), Cell("markdown", "SKIPPED", {"tags": ["remove_cell"]})]  # fmt: skip
    assert "SKIPPED" not in export(*cells)


def test_each_slide_has_a_name_and_an_address():
    text = export(FRONT, cell("## One\n\na\n\n## Two"))
    assert (
        '<section class="slide" id="/1" aria-roledescription="slide" aria-label="1 of 3: A &amp; B">'
        in text
    )
    assert (
        '<section class="slide" id="/2" aria-roledescription="slide" aria-label="2 of 3: One">'
        in text
    )
    assert "<h1>A &amp; B</h1>" in text
    assert '<p class="byline">Ada</p>' in text


def test_who_wrote_it_stands_below_the_title():
    text = export(FRONT, cell("# Title\n\nwords", "slide"))
    assert re.search(r"</h1>\n<p class=\"byline\">Ada</p>\n<p>words</p>", text)
    text = export(FRONT, cell("words", "slide"))
    assert re.search(r"<p>words</p>\n<p class=\"byline\">Ada</p>", text)


def test_a_slide_type_that_says_nothing_leaves_it_to_the_headings():
    assert cut(cell("## A", "-"), cell("## B", "odd")) == [("", ["A"]), ("", ["B"])]


def test_there_are_as_many_slides_as_slide_types():
    cells = [FRONT, *(cell(f"{n}", kind) for n, kind in enumerate(("slide", "subslide", "slide")))]
    assert export(*cells).count('<section class="slide"') == 3


def test_a_footnote_stands_on_the_slide_that_names_it():
    text = export(cell("## A\n\none[^a]\n\n## B\n\ntwo[^b]\n\n[^a]: FIRST\n[^b]: SECOND"))
    first, second = text.index("FIRST"), text.index("SECOND")
    assert text.index('id="/1"') < first < text.index('id="/2"') < second
    assert '<li id="fn-2" value="2">' in text


def test_the_works_that_are_cited_have_a_slide():
    bib = b"@book{k, title={T}, author={Knuth, Donald}, year=1984}"
    text = export(Cell("raw", "---\nbibliography: a.bib\n---"), cell("As [@k] says", "slide"),
                  resource=lambda _path: bib)  # fmt: skip
    assert "2 of 2: References" in text


def test_an_empty_document_has_a_slide():
    assert "1 of 1: nothing" in export(stem="nothing")
    assert_valid(export())


def test_only_our_script_may_run_and_nothing_is_fetched():
    text = export(cell("# A"))
    assert "default-src 'none'" in text
    assert text.count("<script>") == 1
    assert "http:" not in text.replace("http://www.w3.org", "").replace("http-equiv", "")


def test_outputs_of_every_kind_are_shown():
    text = export(*every_output.notebook().cells)
    assert_valid(text)
    for name, (_, word) in every_output.KINDS.items():
        assert word in text, name
    assert "window.hit" not in text
    assert "x.example.org" not in text


def test_the_same_document_gives_the_same_bytes():
    document = every_output.notebook()
    first, second = (next(iter(slides.export(document, Settings()))).data for _ in range(2))
    assert first == second


@given(
    st.lists(
        st.tuples(
            st.text("<>&\"'`*_[]()!#$\\{}:-=.^\n a1\x00", max_size=30),
            st.sampled_from(("", "slide", "subslide", "fragment", "skip", "notes", "-", "odd")),
            st.sampled_from(("markdown", "code", "raw")),
        ),
        max_size=6,
    )
)
def test_every_document_gives_valid_slides(cells):
    assert_valid(export(*(cell(*facts) for facts in cells)))


def test_styles_of_the_user_come_last():
    assert "--accent: red" in export(cell("# A"), css=":root { --accent: red }</style>")


@pytest.mark.parametrize("name", ["deck", "slide", "/1"])
def test_foreign_names_do_not_break_the_file(name):
    output = every_output.data(text__html=f"<div id='{name}' class='slide fragment'>x</div>")
    assert_valid(export(Cell("code", "1", {}, [output]), cell(f"## {name}")))
