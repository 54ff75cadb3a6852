"""A page holds what readers may see, with every name resolved."""

from octavo import Cell, Document
from octavo.exporters._exporter import Settings
from octavo.exporters._page import compose


def page(*cells, metadata=None, **settings):
    return compose(Document(cells, metadata), Settings(**settings))


def prose(*sources):
    return [Cell("markdown", source) for source in sources]


def words(composed):
    return [block.plain() for piece in composed.pieces for block in piece.blocks]


def test_the_title_is_that_of_settings_of_the_head_or_of_the_first_heading():
    head = Cell("raw", "---\ntitle: Of the head\nauthor: [A, {name: B}]\nlang: de\n---")
    assert page(head, title="Mine").title == "Mine"
    found = page(head, *prose("# Heading"))
    assert (found.title, found.authors, found.language) == ("Of the head", ["A", "B"], "de")
    assert page(*prose("text", "# Heading *it*")).title == "Heading it"
    assert page(stem="file").title == "file"


def test_references_show_numbers_and_titles():
    cells = prose(
        "{ref}`why`, {numref}`pic`, {eq}`law`, {ref}`own words <why>`",
        "(why)=\n## Why *so*",
        "```{figure} a.png\n:name: pic\nA picture\n```\n\n$$ x $$ (law)",
    )
    assert words(page(*cells))[0] == "Why so, Figure 1, (1), own words"


def test_a_reference_to_nothing_is_told_and_stays():
    found = page(*prose("see {ref}`nowhere`"))
    assert words(found) == ["see nowhere"]
    assert [notice.code for notice in found.notices] == ["OCT-E001"]


def test_footnotes_count_over_all_cells():
    found = page(*prose("a[^x]\n\n[^x]: one", "b[^x]\n\n[^x]: two"))
    assert [note.facts["number"] for note in found.footnotes] == [1, 2]
    marks = [
        n for p in found.pieces for b in p.blocks for n in b.walk() if n.type == "footnote_ref"
    ]
    assert [mark.facts["number"] for mark in marks] == [1, 2]


def test_equal_headings_get_different_ids():
    found = page(*prose("## Same\n\n## Same"))
    assert [node.facts["id"] for node in found.headings()] == ["same", "same-2"]


def test_sections_are_numbered_on_request():
    found = page(*prose("# T\n\n## A\n\n### B\n\n## C"), number_sections=True)
    assert [node.facts["number"] for node in found.headings()] == ["", "1", "1.1", "2"]


def code(source="1", outputs=(), **metadata):
    return Cell("code", source, metadata, list(outputs))


PRINTED = {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]}
WARNED = {"output_type": "stream", "name": "stderr", "text": "w"}


def test_what_is_dropped_is_on_no_page():
    gone = page(code(tags=["remove_cell"]), code("#| include: false\n1"))
    assert gone.pieces == []
    (piece,) = page(code(outputs=[PRINTED, WARNED], tags=["remove-input", "remove-stderr"])).pieces
    assert not piece.shows_input
    assert [output.text for output in piece.outputs] == ["a\nb"]
    (piece,) = page(code(outputs=[PRINTED], tags=["remove-output"])).pieces
    assert piece.outputs == []


def test_streams_in_a_row_are_one():
    (piece,) = page(code(outputs=[PRINTED, PRINTED, WARNED])).pieces
    assert [(output.name, output.text) for output in piece.outputs] == [
        ("stdout", "a\nba\nb"),
        ("stderr", "w"),
    ]


def test_options_of_quarto_are_not_shown_as_source():
    source = "#| label: fig-a\n#| fig-cap: A *figure*\n#| fig-alt: Described\nplot()"
    (piece,) = page(code(source)).pieces
    assert (piece.source, piece.label, piece.alt) == ("plot()", "fig-a", "Described")


def test_attachments_stand_in_the_page():
    cell = Cell("markdown", "![x](attachment:a.png)", attachments={"a.png": {"image/png": "QUJD"}})
    images = [n for p in page(cell).pieces for b in p.blocks for n in b.walk() if n.type == "image"]
    assert images[0].get("src") == "data:image/png;base64,QUJD"
