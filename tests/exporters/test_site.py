"""A site: pages that find each other, and are found."""

import json
import posixpath
from urllib.parse import unquote, urlsplit

import html5lib
import pytest

from octavo import Cell, Document
from octavo.core.document import Origin
from octavo.core.errors import OptionError
from octavo.exporters import site
from octavo.exporters._exporter import Settings


def document(path, *sources, tags=()):
    cells = [Cell("markdown", source) for source in sources]
    cells += [Cell("code", f"x = '{tag}'", {"tags": [tag]}) for tag in tags]
    return Document(cells, origin=Origin(f"{path}.md", "md"))


def build(pages, **settings):
    """Return the files of a site and what was told, from texts by their path."""
    entries = [
        (path, text if isinstance(text, Document) else document(path, text), Settings())
        for path, text in pages.items()
    ]
    made = list(site.export_many(entries, Settings(**settings)))
    files = {artifact.path: artifact.data.decode("utf-8") for artifact in made}
    return files, [notice for artifact in made for notice in artifact.notices]


def addresses(text):
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    return [(a.get("href"), "".join(a.itertext()).strip()) for a in tree.iter("a") if a.get("href")]


def link(text, words):
    (found,) = {address for address, shown in addresses(text) if shown == words}
    return found


def ids(text):
    return {
        e.get("id") for e in html5lib.parse(text, namespaceHTMLElements=False).iter() if e.get("id")
    }


def assert_whole(files):
    """Check that pages are valid, that each address leads somewhere, and nothing is remote."""
    for path, text in files.items():
        if not path.endswith(".html"):
            continue
        html5lib.HTMLParser(strict=True).parse(text)
        assert "data-octavo" not in text
        tree = html5lib.parse(text, namespaceHTMLElements=False)
        for element in tree.iter():
            address = element.get("href") or element.get("src")
            if address is None or address.startswith("data:"):
                continue
            parts = urlsplit(address)
            assert not parts.netloc or element.tag == "a", address
            if parts.netloc:
                continue
            target = posixpath.normpath(
                posixpath.join(posixpath.dirname(path), unquote(parts.path))
            )
            target = target if parts.path else path
            assert target in files, (path, address)
            if parts.fragment:
                assert unquote(parts.fragment) in ids(files[target]), (path, address)


def test_links_between_documents_become_links_between_pages():
    files, notices = build(
        {
            "index": "# Home\n\n[go](guide/a%20b.md) [](guide/c.ipynb#part) {doc}`guide/c`",
            "guide/a b": "# A\n\n[home](../index.md), [c](c.ipynb), [out](https://x.org/y.md)",
            "guide/c": "# The C\n\n## Part",
        }
    )
    assert notices == []
    assert_whole(files)
    assert link(files["index.html"], "go") == "guide/a%20b.html"
    assert "guide/c.html#part" in [address for address, _ in addresses(files["index.html"])]
    assert link(files["guide/a b.html"], "home") == "../index.html"
    assert link(files["guide/a b.html"], "out") == "https://x.org/y.md"


def test_labels_are_found_on_other_pages():
    files, notices = build(
        {
            "one": "# One\n\nsee {ref}`place`, {numref}`pic`, {eq}`law`, {ref}`mine <place>`",
            "two": "# Two\n\n(place)=\n## A place\n\n```{figure} https://x.org/a.png\n:name: pic\nA\n"
            "```\n\n$$ x $$ (law)",
        }
    )
    assert [notice.code for notice in notices] == ["OCT-E002"]
    assert_whole(files)
    shown = {words: address for address, words in addresses(files["one.html"])}
    assert shown["A place"] == "two.html#place"
    assert shown["Figure 1"] == "two.html#pic"
    assert shown["(1)"] == "two.html#law"
    assert shown["mine"] == "two.html#place"


def test_what_leads_nowhere_is_told_with_its_place_and_stays():
    files, notices = build(
        {"index": "# H\n\nfirst\n\n[x](gone.md) {ref}`nothing` [y](b.md#no)", "b": "# B"}
    )
    assert {(n.code, n.span.file) for n in notices} == {("OCT-E030", "index.md")}
    assert len(notices) == 3
    assert all(notice.span.line == 5 for notice in notices)
    assert_whole(files)
    assert "<span>x</span>" in files["index.html"]
    assert link(files["index.html"], "y") == "b.html"


def test_toctrees_of_the_first_page_give_the_order():
    home = (
        "# Home\n\n```{toctree}\n:caption: Guide\n:glob:\n\nlast\nThe first <first>\n*\n```\n\n"
        "```{toctree}\n:caption: Reference\n:glob:\n\nref/*\n```"
    )
    files, _ = build({"index": home, "first": "# F", "last": "# L", "other": "# O", "ref/a": "# A"})
    assert_whole(files)
    text = files["last.html"]
    nav = text[text.index('<nav aria-label="Site">') : text.index("</nav>")]
    order = [
        nav.index(words) for words in (">Home<", "Guide", ">L<", ">F<", ">O<", "Reference", ">A<")
    ]
    assert order == sorted(order)
    turn = text[text.index('class="turn"') :]
    assert turn.index("Home") < turn.index(">Next<")
    assert 'aria-current="page">L<' in nav


def test_without_a_first_page_there_is_one():
    files, _ = build({"b10": "# Ten", "b9": "# Nine", "sub/c": "# C"}, title="All")
    assert_whole(files)
    text = files["index.html"]
    assert text.index("Nine") < text.index("Ten") < text.index(">C<")
    files, _ = build({"README": "# Read me", "a": "# A\n\n[r](README.md)"})
    assert_whole(files)
    assert link(files["a.html"], "r") == "index.html"


def test_pages_that_differ_by_case_only_are_refused():
    with pytest.raises(OptionError) as error:
        build({"a": "# A", "A": "# B"})
    assert error.value.code == "OCT-E031"


def search(files):
    text = files["_static/search.js"]
    return json.loads(text[text.index("[") : text.rindex("]") + 1])


def test_the_search_knows_each_section():
    files, _ = build({"index": "# Home\n\nwelcome\n\n## Part *one*\n\nneedle & `</script>`"})
    ((file, title, sections),) = search(files)
    assert (file, title) == ("index.html", "Home")
    assert sections == [["home", "Home", "welcome"], ["part-one", "Part one", "needle & </script>"]]


def test_what_is_removed_is_in_no_file():
    kept = document("index", "# Home", tags=["remove-cell", "remove-input", "kept"])
    files, _ = build({"index": kept})
    for text in files.values():
        assert "x = 'remove" not in text
        assert "x = &#x27;remove" not in text
    assert "x = 'kept'" in files["_static/search.js"]


def test_pages_that_were_kept_make_the_same_site():
    texts = {"index": "# H\n\n[](b.md) {ref}`l`", "b": "(l)=\n# B\n\n[^1]\n\n[^1]: note"}
    pages = [site.render(path, document(path, text), Settings()) for path, text in texts.items()]
    kept = [site.SitePage.from_json(json.loads(json.dumps(page.to_json()))) for page in pages]
    first, second = site.join(pages, Settings()), site.join(kept, Settings())
    assert [(a.path, a.data) for a in first] == [(a.path, a.data) for a in second]


def test_a_page_alone_has_no_marks_of_sites():
    from octavo.exporters import html

    (made,) = html.export(document("x", "[a](b.md)\n\n```{toctree}\nb\n```"), Settings())
    text = made.data.decode()
    assert "data-octavo" not in text
    assert 'href="b.md"' in text
