"""Word files: well formed, known structure, the same bytes every time."""

import io
import re
import zipfile
from xml.etree import ElementTree as ET

import docx as python_docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.test_pdf import EVERYTHING
from octavo import Cell, Document
from octavo.exporters import docx
from octavo.exporters._exporter import Settings
from support import every_output

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def export(*cells, metadata=None, **settings):
    (artifact,) = docx.export(Document(cells, metadata), Settings(**settings))
    return artifact


def part(artifact, name="document"):
    with zipfile.ZipFile(io.BytesIO(artifact.data)) as zipped:
        return zipped.read(f"word/{name}.xml").decode("utf-8")


def opened(*cells, **settings):
    return python_docx.Document(io.BytesIO(export(*cells, **settings).data))


def prose(text, **settings):
    """Return the paragraphs below the title, each with its style."""
    found = opened(Cell("markdown", text), **settings)
    return [(p.style.name, p.text) for p in found.paragraphs if p.style.name != "Title"]


def test_headings_are_headings():
    text = "# A\n\n## B *c*\n\n### D\n\n###### E"
    assert prose(text) == [("Heading 1", "A"), ("Heading 2", "B c"), ("Heading 3", "D"),
                           ("Heading 6", "E")]  # fmt: skip


def test_a_title_of_the_head_stands_on_top():
    found = opened(Cell("raw", "---\ntitle: T & U\nauthor: Ada\ndate: 2026\n---"))
    assert [(p.style.name, p.text) for p in found.paragraphs] == [
        ("Title", "T & U"), ("Subtitle", "Ada · 2026")]  # fmt: skip
    assert found.core_properties.title == "T & U"
    assert found.core_properties.author == "Ada"


def test_lists_are_lists_and_each_counts_from_its_start():
    artifact = export(Cell("markdown", "1. a\n\n   b\n\n2. c\n   - d\n\ntext\n\n7. e"))
    xml = part(artifact)
    signs = re.findall(r'<w:ilvl w:val="(\d)"/><w:numId w:val="(\d)"/>', xml)
    assert signs == [("0", "1"), ("0", "1"), ("1", "2"), ("0", "3")]
    starts = re.findall(r'<w:startOverride w:val="(\d)"/>', part(artifact, "numbering"))
    assert starts == ["1", "1", "7"]


def test_tables_have_heads():
    found = opened(Cell("markdown", "| a | b |\n|:--|--:|\n| 1 | **2** |"))
    (table,) = found.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["a", "b"], ["1", "2"]]
    assert "tblHeader" in table.rows[0]._tr.xml
    assert "tblHeader" not in table.rows[1]._tr.xml


def test_formulas_are_formulas():
    xml = part(export(Cell("markdown", "$x^2$ and\n\n$$ y $$\n\n$$ z $$ (law)\n\n{eq}`law`")))
    assert xml.count("<m:oMath>") == 3
    assert xml.count("<m:oMathPara>") == 1
    assert '<w:t xml:space="preserve">(1)</w:t>' in xml
    mark = re.search(r'<w:bookmarkStart w:id="1" w:name="(_law_\d)"/>', xml)[1]
    assert f'<w:hyperlink w:anchor="{mark}"' in xml


def test_a_formula_that_is_not_known_is_text():
    artifact = export(Cell("markdown", r"$\foo$"))
    assert [notice.code for notice in artifact.notices] == ["OCT-E006"]
    assert r"\foo" in part(artifact)


def test_footnotes_are_footnotes():
    artifact = export(Cell("markdown", "a[^n] b[^n]\n\n[^n]: why [x](https://example.org/a b)"))
    assert part(artifact).count("<w:footnoteReference ") == 1
    assert "NOTEREF" in part(artifact)
    assert "why" in part(artifact, "footnotes")
    assert "why" not in part(artifact)


def test_pictures_have_alternative_texts_and_captions():
    artifact = export(
        Cell("markdown", '```{figure} a.png\n:name: f\n:alt: A "blue" box\n:width: 50%\nThe *box*\n```\n\n{ref}`f`'),
        resource=lambda _path: every_output.png(400, 100),
    )  # fmt: skip
    xml = part(artifact)
    assert 'descr="A &quot;blue&quot; box"' in xml
    assert f'<wp:extent cx="{9298 * 635 // 2}" cy="{9298 * 635 // 8}"/>' in xml.replace(
        f'cy="{round(9298 * 635 / 8)}"', f'cy="{9298 * 635 // 8}"'
    )
    assert " SEQ Figure " in xml
    found = python_docx.Document(io.BytesIO(artifact.data))
    assert len(found.inline_shapes) == 1
    assert [p.text for p in found.paragraphs if p.style.name == "Caption"] == ["Figure : The box"]


def test_a_missing_picture_is_told_in_its_place():
    artifact = export(Cell("markdown", "![Alt](no.png) ![x](https://example.org/a.png)"))
    assert [notice.code for notice in artifact.notices] == ["OCT-E003", "OCT-E002"]
    assert "[no such image: no.png: Alt]" in part(artifact)


def test_pictures_that_word_does_not_know_are_drawn():
    artifact = export(Cell("code", "1", {}, [every_output.data(image__svg_xml=every_output.SVG)]))
    with zipfile.ZipFile(io.BytesIO(artifact.data)) as zipped:
        (name,) = [name for name in zipped.namelist() if name.startswith("word/media/")]
        assert zipped.read(name).startswith(b"\x89PNG")


def test_links_lead_outside_and_never_to_scripts():
    artifact = export(
        Cell("markdown", '[a](https://example.org/é?a=1&b=2 "t") <b>[b](javascript:x)</b>')
    )
    with zipfile.ZipFile(io.BytesIO(artifact.data)) as zipped:
        links = zipped.read("word/_rels/document.xml.rels").decode()
    assert 'Target="https://example.org/%C3%A9?a=1&amp;b=2" TargetMode="External"' in links
    assert "javascript" not in links


def test_citations_lead_to_the_works():
    bib = b"@book{k, title={T}, author={Knuth, Donald}, year=1984}"
    artifact = export(Cell("raw", "---\nbibliography: a.bib\n---"), Cell("markdown", "See [@k]."),
                      resource=lambda _path: bib)  # fmt: skip
    found = python_docx.Document(io.BytesIO(artifact.data))
    assert [p.text for p in found.paragraphs if p.style.name == "Bibliography"] == [
        "Knuth, D. (1984). T."
    ]


def test_code_keeps_its_lines_and_colours():
    found = opened(Cell("code", "def f():\n\treturn 1"))
    (code,) = [p for p in found.paragraphs if p.style.name == "Source Code"]
    assert code.text == "def f():\n\treturn 1"
    assert "8250A8" in code._p.xml


def test_everything_that_prose_can_hold():
    artifact = export(Cell("markdown", EVERYTHING), metadata={"authors": ['Ä "B"'], "lang": "de"})
    assert sorted(notice.code for notice in artifact.notices) == ["OCT-E003", "OCT-E006"]
    assert 'w:lang w:val="de"' in part(artifact, "styles")
    text = "".join(ET.fromstring(part(artifact)).itertext())
    for word in ("Head", "quote", "one", "done", "Title", "Body", "Caption", "Term", "definition",
                 "One", 'print("x")', "html"):  # fmt: skip
        assert word in text, word


def test_outputs_of_every_kind_are_shown():
    artifact = export(*every_output.notebook().cells)
    text = "".join(ET.fromstring(part(artifact)).itertext())
    for name, (_, word) in every_output.KINDS.items():
        assert word in text, name
    assert "x.example.org" not in text


def test_a_table_of_many_columns_is_cut():
    row = "|" + "a|" * 70
    artifact = export(Cell("markdown", f"{row}\n|{'--|' * 70}\n{row}"))
    assert [notice.code for notice in artifact.notices] == ["OCT-E008"]
    assert part(artifact).count("<w:gridCol ") == 60


def test_what_is_hidden_is_nowhere():
    cells = [Cell("code", "SECRET", {"tags": ["remove_input"]}, [every_output.stream("shown")]),
             Cell("markdown", "SECRET", {"tags": ["remove-cell"]})]  # fmt: skip
    artifact = export(*cells)
    with zipfile.ZipFile(io.BytesIO(artifact.data)) as zipped:
        assert all(b"SECRET" not in zipped.read(name) for name in zipped.namelist())
    assert "shown" in part(artifact)


def test_the_same_document_gives_the_same_bytes():
    cells = [Cell("markdown", EVERYTHING), *every_output.notebook().cells]
    assert export(*cells).data == export(*cells).data
    with zipfile.ZipFile(io.BytesIO(export(*cells).data)) as zipped:
        assert {entry.date_time for entry in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_contents_stand_below_the_title():
    text = "# Title\n\n" + "\n\n".join(f"## Part {n}" for n in range(6))
    styles = [style for style, _ in prose(text)]
    assert styles == ["Heading 1", *["toc 2"] * 6, *["Heading 2"] * 6]
    assert [style for style, _ in prose(text, contents=False)] == ["Heading 1", *["Heading 2"] * 6]


@given(
    st.lists(
        st.tuples(
            st.text("<>&\"'`*_[]()!#$\\{}:-=.^|~\n a1\x00\x0b", max_size=40),
            st.sampled_from(("markdown", "code", "raw")),
        ),
        max_size=5,
    )
)
def test_every_document_opens(cells):
    artifact = export(*(Cell(kind, text) for text, kind in cells), number_sections=True)
    for name in ("document", "footnotes", "numbering", "styles", "settings", "footer"):
        ET.fromstring(part(artifact, name))
    body = ET.fromstring(part(artifact))[0]
    assert {child.tag for child in body} <= {
        f"{WORD}{name}" for name in ("p", "tbl", "sectPr", "bookmarkStart", "bookmarkEnd")
    }


@pytest.mark.parametrize("width", ["50px", "2cm", "10%", "odd", "0", "1e9px"])
def test_pictures_stay_on_the_page(width):
    artifact = export(Cell("markdown", f"```{{figure}} a.png\n:width: {width}\nC\n```"),
                      resource=lambda _path: every_output.png(3000, 9))  # fmt: skip
    across = int(re.search(r'<wp:extent cx="(\d+)"', part(artifact))[1])
    assert 0 < across <= 9298 * 635


def test_pictures_that_html_names_are_in_the_file():
    output = every_output.data(text__html="<img src='a.png' alt='of an output'>")
    cells = [Cell("markdown", "<p>\n<img src='a.png' alt='of prose'>\n</p>"),
             Cell("code", "1", {}, [output])]  # fmt: skip
    text = part(export(*cells, resource=lambda _path: every_output.png()))
    assert 'descr="of prose"' in text
    assert 'descr="of an output"' in text


def test_latex_that_is_no_formula_gives_way_to_a_table():
    table = every_output.data(
        text__latex="\\begin{tabular}{l}a\\end{tabular}", text__html=every_output.TABLE
    )
    artifact = export(Cell("code", "1", {}, [table]))
    assert "tabular" not in part(artifact)
    assert "Oslo" in part(artifact)
