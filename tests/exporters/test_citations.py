"""Citations become links to the works that a page lists."""

import pytest

from octavo import Cell, Document
from octavo.exporters import html, pdf
from octavo.exporters._exporter import Settings
from octavo.exporters._page import compose

BIB = rb"""
@book{knuth, author = {Donald E. Knuth}, title = {The {\TeX}book}, publisher = {AW}, year = 1984}
@article{ada, author = {Ada Lovelace and Charles Babbage and Third Person}, title = {On $x^2$},
  journal = {Memoirs}, volume = 3, number = 1, pages = {6-7}, year = 1843, doi = {10.1/x}}
@misc{one, author = {Ann Miller}, title = {One}, year = 2001, url = {https://example.org/a_b}}
@misc{two, author = {Ann Miller}, title = {Two}, year = 2001}
@inproceedings{duo, author = {A. First and B. Second}, title = {Duo}, booktitle = {Proc}, year = 1999}
"""


def settings(**files):
    held = {"references.bib": BIB, **files}
    return Settings("page", resource=held.get)


def page(text, metadata=None, **files):
    return compose(Document([Cell("markdown", text)], metadata), settings(**files))


def words(text, **metadata):
    """Return the first paragraph and the list of works, as text."""
    composed = page(text, metadata)
    blocks = [block for piece in composed.pieces for block in piece.blocks]
    listed = [
        entry.plain()
        for block in blocks
        if block.type == "bibliography"
        for entry in block.children
    ]
    return blocks[0].plain(), listed


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{cite:t}`knuth`", "Knuth (1984)"),
        ("{cite:p}`knuth`", "(Knuth, 1984)"),
        ("{cite}`knuth,ada`", "(Knuth, 1984; Lovelace et al., 1843)"),
        ("{cite:year}`knuth`", "1984"),
        ("{cite:author}`ada`", "Lovelace et al."),
        ("@knuth", "Knuth (1984)"),
        ("@knuth [p. 3]", "Knuth (1984) (p. 3)"),
        ("[@knuth]", "(Knuth, 1984)"),
        ("[see @knuth, ch. 2; @duo]", "(see Knuth, 1984, ch. 2; First and Second, 1999)"),
        ("[-@knuth]", "(1984)"),
        ("{cite:p}`one;two`", "(Miller, 2001a; Miller, 2001b)"),
        ("so says @knuth.", "so says Knuth (1984)."),
    ],
)
def test_authors_and_year_stand_in_the_text(written, shown):
    assert words(written)[0] == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{cite:p}`duo` {cite:p}`knuth,duo`", "[1] [2, 1]"),
        ("@knuth and [@ada, p. 2]", "Knuth [1] and [2, p. 2]"),
    ],
)
def test_numbers_stand_in_the_order_of_the_text(written, shown):
    first, listed = words(written, **{"citation-style": "numeric"})
    assert first == shown
    assert listed[0].startswith("[1] ")


def test_only_cited_works_are_listed_by_author_and_year():
    _, listed = words("@two @knuth @one @ada")
    assert listed == [
        "Knuth, D. E. (1984). The TeXbook. AW.",
        "Lovelace, A., Babbage, C. and Person, T. (1843). On x^2. Memoirs 3(1), 6–7. doi:10.1/x",
        "Miller, A. (2001a). One. https://example.org/a_b",
        "Miller, A. (2001b). Two.",
    ]


@pytest.mark.parametrize(
    "text",
    ["write to me@knuth.org", "`@knuth`", "[@knuth](x.html)", "@nobody said", "$@knuth$"],
)
def test_what_is_no_citation_stays(text):
    assert "1984" not in words(text)[0]


def test_an_unknown_key_is_told_with_its_line_and_shown():
    found = page("first\n\nsee {cite:p}`knut`")
    (notice,) = found.notices
    assert (notice.code, notice.span.line) == ("OCT-E023", 3)
    assert "'knuth'" in notice.hint
    assert found.pieces[0].blocks[1].plain() == "see [knut]"


def test_the_head_names_the_files():
    metadata = {"bibliography": ["a.bib", "gone.bib"]}
    files = {"a.bib": b"@misc{x, author={A}, title={T}, year=1}\n@misc{broken"}
    found = page("@x and @knuth", metadata, **files)
    assert found.pieces[0].blocks[0].plain() == "A (1) and @knuth"
    assert sorted(notice.code for notice in found.notices) == ["OCT-E020", "OCT-E021"]


def test_a_style_that_does_not_exist_is_told():
    found = page("@knuth", {"citation-style": "chicago"})
    assert [notice.code for notice in found.notices] == ["OCT-E022"]
    assert found.pieces[0].blocks[0].plain() == "Knuth (1984)"


def test_the_list_stands_where_it_is_asked_for():
    found = page("# A\n\n@knuth\n\n```{bibliography}\n```\n\n# B")
    kinds = [block.type for piece in found.pieces for block in piece.blocks]
    assert kinds == ["heading", "paragraph", "bibliography", "heading"]


def test_keys_that_differ_by_case_or_signs_have_ids_of_their_own():
    bib = b"@misc{a:b, title={1}}@misc{a-b, title={2}}@misc{A-B, title={3}}"
    found = page("[@a:b; @a-b; @A-B]", {"bibliography": "r.bib"}, **{"r.bib": bib})
    ids = [entry.get("id") for entry in found.pieces[-1].blocks[-1].children]
    assert len(set(ids)) == 3


def test_labels_of_quarto_are_references():
    text = "see @fig-a, @sec-b\n\n![A](x.png){#fig-a}\n\n## So {#sec-b}"
    assert page(text).pieces[0].blocks[0].plain() == "see Figure 1, So"


def test_pages_and_documents_link_to_the_list():
    document = Document([Cell("markdown", "[@knuth; @ada]")])
    (made,) = html.export(document, settings())
    text = made.data.decode()
    assert 'href="#cite-knuth"' in text
    assert '<p id="cite-knuth"' in text
    (made,) = pdf.export(document, settings())
    assert made.data.startswith(b"%PDF")
    assert [notice.code for notice in made.notices] == []
