"""Books: whole by the rules of EPUB, one chapter after the other, the same bytes every time."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.test_pdf import EVERYTHING
from octavo import Cell, Document
from octavo.exporters import epub
from octavo.exporters._exporter import Settings
from support import every_output, widget_states
from support.books import Book

TWO = """# One

Words[^n] and [there](#two), $x^2$.

## Inner

(here)=
### Deeper

# Two

See {ref}`here`, [one](#inner) and the note[^n] again.

[^n]: A note.
"""


def export(*cells, metadata=None, **more):
    (artifact,) = epub.export(Document(cells, metadata), Settings(**more))
    return artifact


def book(*cells, **more):
    return Book(export(*cells, **more).data)


def prose(text, **more):
    return book(Cell("markdown", text), **more)


def many(**documents):
    entries = [
        (name.replace("__", "/"), Document([Cell("markdown", text)]), Settings(name))
        for name, text in documents.items()
    ]
    (artifact,) = epub.export_many(entries, Settings("book"))
    return Book(artifact.data), artifact


def test_a_chapter_begins_at_each_heading_of_level_1():
    made = prose(TWO)
    assert made.contents() == [
        ("One", "c001.xhtml"), ("Inner", "c001.xhtml#inner"), ("Deeper", "c001.xhtml#here"),
        ("Two", "c002.xhtml"),
    ]  # fmt: skip
    assert [name.rpartition("/")[2] for name in made.spine] == ["nav.xhtml", "c001.xhtml", "c002.xhtml"]  # fmt: skip


def test_links_and_notes_reach_over_chapters():
    made = prose(TWO)
    first, second = (made.files[f"EPUB/c00{n}.xhtml"].decode() for n in (1, 2))
    assert '<a href="c002.xhtml#two">there</a>' in first
    assert '<a class="reference" href="c001.xhtml#here">Deeper</a>' in second
    assert 'href="#fn-1" role="doc-noteref" epub:type="noteref"' in first
    assert 'href="c001.xhtml#fn-1"' in second
    assert 'href="c002.xhtml#fnref-1-2"' in first


def test_formulas_stay_mathml_and_code_its_colours():
    made = book(Cell("markdown", "# A\n\n$$ x $$ (law)"), Cell("code", "def f(): pass"))
    text = made.files["EPUB/c001.xhtml"].decode()
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"' in text
    assert '<span class="k">def</span>' in text
    assert "MathML" in made.facts("schema:accessibilityFeature")


def test_pictures_are_files_and_each_is_there_once():
    output = every_output.data(image__png=every_output.PNG)
    cell = Cell("code", "1", {"alt": "blue"}, [output])
    made = book(Cell("markdown", "![blue](a.png)"), cell, cell,
                resource=lambda _path: every_output.png())  # fmt: skip
    assert [name for name in made.files if "/media/" in name] == ["EPUB/media/" + media_name(made)]
    assert "alternativeText" in made.facts("schema:accessibilityFeature")
    assert made.facts("schema:accessModeSufficient") == ["textual"]


def media_name(made):
    return next(name for name in made.files if "/media/" in name).rpartition("/")[2]


def test_pictures_without_words_are_told():
    output = every_output.data(image__png=every_output.PNG)
    made = book(Cell("code", "1", {}, [output]))
    assert "alternativeText" not in made.facts("schema:accessibilityFeature")
    assert made.facts("schema:accessModeSufficient") == []
    assert "no alternative text" in made.facts("schema:accessibilitySummary")[0]


def test_the_head_of_a_document_is_that_of_the_book():
    head = "---\ntitle: A & B\nauthor: [C, D]\ndate: 2026-05-04\nlang: de_AT\n---"
    made = book(Cell("raw", head), Cell("markdown", "Text."))
    text = made.files[made.opf].decode()
    assert "<dc:title>A &amp; B</dc:title>" in text
    assert "<dc:creator>C</dc:creator>\n<dc:creator>D</dc:creator>" in text
    assert "<dc:date>2026-05-04</dc:date>" in text
    assert made.facts("dcterms:modified") == ["2026-05-04T00:00:00Z"]
    assert "<dc:language>de-AT</dc:language>" in text


@pytest.mark.parametrize("date", ["yesterday", "2026-02-31", "May 2026", "20260101"])
def test_a_date_that_is_none_is_left_out(date):
    made = book(Cell("raw", f"---\ndate: '{date}'\n---"), Cell("markdown", "Text."))
    assert b"dc:date" not in made.files[made.opf]
    assert made.facts("dcterms:modified") == ["1980-01-01T00:00:00Z"]


def test_documents_are_chapters_in_the_order_of_the_index():
    made, artifact = many(
        index="# Home\n\n```{toctree}\n:caption: Guide\nsub/b\na\n```\n",
        a="# A\n\nto [b](sub/b.md#in-b)\n\n# Not another chapter",
        sub__b="# B\n\n## In B\n\n[home](../index.md) and [nothing](gone.md)",
        z="# Z",
    )
    chapters = [entry for entry in made.contents() if "#" not in entry[1]]
    assert [words for words, _ in chapters] == ["Home", "B", "A", "Z"]
    assert b"<span>Guide</span>" in made.files["EPUB/nav.xhtml"]
    assert b'href="c002.xhtml#in-b"' in made.files["EPUB/c003.xhtml"]
    assert [notice.code for notice in artifact.notices] == ["OCT-E030"]
    assert b"<dc:title>Home</dc:title>" in made.files[made.opf]


def test_a_book_of_documents_without_an_index_is_named_as_its_file():
    made, _ = many(a="# A", b="# B")
    assert b"<dc:title>book</dc:title>" in made.files[made.opf]


def test_outputs_of_every_kind_are_in_a_book():
    artifact = export(*every_output.notebook().cells)
    made = Book(artifact.data)
    for name, (_, word) in every_output.KINDS.items():
        assert word in made.words, name
    assert "x.example.org" not in made.words
    assert all(b"x.example.org" not in data for data in made.files.values())


def test_widgets_are_told_and_prose_of_every_kind_is_there():
    document = widget_states.notebook()
    made = book(Cell("markdown", EVERYTHING), *document.cells, metadata=document.metadata)
    assert [word for word in widget_states.SHOWN if word not in made.words] == []
    assert [word for word in widget_states.HIDDEN if word in made.words] == []


def test_hidden_parts_are_not_in_a_book():
    made = book(Cell("code", "SECRET", {"tags": ["remove_input"]}, [every_output.stream("shown")]))
    assert "shown" in made.words
    assert all(b"SECRET" not in data for data in made.files.values())


def test_boxes_and_tabs_need_no_hand():
    made = prose("- [x] done\n- [ ] open\n\n::::{tab-set}\n:::{tab-item} T\ninner\n:::\n::::")
    assert "\N{BALLOT BOX WITH CHECK} done" in made.words
    assert "T\ninner" in made.words


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<h2 id='1 x'>a</h2><p id=y>b</p><p id=y>c</p>", 'id="n-1_x"'),
        ("<table border=1 align=center><tr><td width=50% bgcolor=red>x", "<tr><td>x</td></tr>"),
        ("<center><font color=red>f</font></center>", "<div>f</div>"),
        ("<a href='missing.csv'>m</a> <a href='#nowhere'>n</a>", "<a>m</a> <a>n</a>"),
        ("<a href='https://x.example/a b'>m</a>", 'href="https://x.example/a%20b"'),
        ("a&nbsp;b <b>never closed", "a\u00a0b <b>never closed</b>"),
        ("<span role=foo aria-labelledby=zz>s</span>", "<span>s</span>"),
        ("<img src='data:image/png;base64,AAAA' alt='words'>", '<span class="missing">[words]</span>'),
        ("<audio src='data:audio/wav;base64,UklG' controls></audio>", "[audio]"),
    ],
)  # fmt: skip
def test_foreign_html_becomes_what_a_book_takes(html, shown):
    output = every_output.data(text__html=html)
    made = book(Cell("code", "1", {}, [output]))
    assert shown in made.files["EPUB/c001.xhtml"].decode()


def test_a_picture_that_is_no_xml_is_drawn_or_told():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect></svg>'
    made = book(Cell("code", "1", {"alt": "words"}, [every_output.data(image__svg_xml=svg)]))
    assert not [name for name in made.files if name.endswith(".svg")]


def test_the_same_document_gives_the_same_bytes():
    cells = [Cell("markdown", TWO), *every_output.notebook().cells]
    assert export(*cells).data == export(*cells).data
    assert export(*cells).data != export(*cells, Cell("markdown", "more")).data


def test_a_style_sheet_of_ones_own_is_added():
    made = prose("# A", css="p { color: red }")
    assert made.files["EPUB/book.css"].decode().endswith("p { color: red }")


@pytest.mark.parametrize("text", ["", "# ", "#\n\n#\n", "text"])
def test_a_document_with_nothing_in_it_is_a_book(text):
    assert prose(text).contents()


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(
    ["<b>", "</b>", "<p>", "</p>", "<div>", "</div>", "<ul><li>", "<a href='#a'>", "<h1>", "# H\n", "\n\n",
     "<br>", "<img src=x>", "<td>", "<table>", "&nbsp;", "&", "<", "]]>", "<!--", "-->", "<![CDATA[", "text ",
     "`", "$x$", "<math>", "<svg>", "id='a'", "<span id=a>", "- [ ] x\n", "[^n]", "\n[^n]: n\n", "\0", "\ud800",
     "<!--chapter-->", "```\n"]), max_size=14).map("".join))  # fmt: skip
def test_no_text_breaks_a_book(text):
    prose(text)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=40), st.sampled_from(["png", "svg+xml", "jpeg", "x-odd"]))
def test_no_picture_breaks_a_book(data, kind):
    address = base64.b64encode(data).decode("ascii")
    prose(f"![a](data:image/{kind};base64,{address})")
    book(
        Cell("code", "1", {}, [every_output.data(**{f"image__{kind}".replace("+", "_"): address})])
    )
