"""A book as EPUB 3.3: chapters of XHTML with MathML, pictures as files, no scripts.

    pages = [render(path, document, settings) ...]     each by itself; may be kept between builds
    book = join(pages, settings)                       one chapter a document

A document that is alone has a chapter for each of its headings of level 1.
"""

import posixpath

from octavo.core.errors import Notice, Span
from octavo.core.percents import unquote
from octavo.exporters import _book_package, _site_nav, _site_page
from octavo.exporters._book_blocks import BookBlocks
from octavo.exporters._book_media import Media
from octavo.exporters._book_package import Book, BookChapter
from octavo.exporters._exporter import Artifact, Exporter
from octavo.exporters._html_pieces import Pieces
from octavo.exporters._page import Piece, compose
from octavo.exporters._site_links import Links
from octavo.exporters._site_page import SitePage
from octavo.exporters._xhtml import CUT, Chapter, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from octavo.core.document import Document
    from octavo.exporters._exporter import Entry, Settings
    from octavo.exporters._node import Node

__all__ = ("EXPORTER", "SitePage", "export_many", "join", "render")


def export(document: "Document", settings: "Settings") -> "Iterable[Artifact]":
    """Return the book of one document."""
    return join([render(settings.stem, document, settings, is_alone=True)], settings)


def export_many(entries: "Iterable[Entry]", settings: "Settings") -> "Iterable[Artifact]":
    """Return the book of documents; an entry is (path without suffix, document, its settings)."""
    return join([render(path, document, own) for path, document, own in entries], settings)


def render(
    path: str, document: "Document", settings: "Settings", *, is_alone: bool = False
) -> SitePage:
    """Return the text of a document in a book; what points to other documents is left open."""
    settings.page = path
    page = compose(document, settings)
    page.language = page.language_tag()
    blocks = BookBlocks(page, settings)
    pieces = Pieces(blocks)
    parts = _parts(page.pieces) if is_alone else [page.pieces]
    bodies = ["".join([pieces.one(piece) for piece in part]) for part in parts]
    left = {note.get("number"): note for note in page.footnotes}
    notes = [_notes_of(part, left) for part in parts]
    notes[-1] += left.values()
    texts = [body + blocks.footnotes(some) for body, some in zip(bodies, notes, strict=True)]
    return _site_page.filled(path, document, blocks, CUT.join(texts))


def _parts(pieces: "Iterable[Piece]") -> list[list[Piece]]:
    """Return pieces cut before each heading of level 1 that is not the first of all."""
    parts: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.kind != "prose":
            parts[-1].append(piece)
            continue
        fresh = piece.with_blocks([])
        for block in piece.blocks:
            if block.type == "heading" and block.get("level") == "1" and _shows(parts, fresh):
                parts[-1] += [fresh] * bool(fresh.blocks)
                parts.append([])
                fresh = piece.with_blocks([])
            fresh.blocks.append(block)
        parts[-1] += [fresh] * bool(fresh.blocks)
    return parts


def _shows(parts: list[list[Piece]], fresh: Piece) -> bool:
    return bool(fresh.blocks) or any(piece.blocks or piece.source for piece in parts[-1])


def _notes_of(part: list[Piece], left: "dict[str, Node]") -> "list[Node]":
    """Take the footnotes that a part names first."""
    numbers = [
        node.get("number")
        for piece in part
        for block in piece.blocks
        for node in block.walk()
        if node.type == "footnote_ref"
    ]
    return [left.pop(number) for number in numbers if number in left]


def join(pages: "Sequence[SitePage]", settings: "Settings") -> list[Artifact]:
    """Return the book of pages, one file.

    `settings.title` is its title, else that of the index, of the only page, or the file's name;
    `settings.css` adds to its look.
    """
    has_first = _site_nav.put_first(pages)
    groups = _site_nav.Navigation(pages).groups
    ordered = [page for group in groups for page in group.pages]
    title = ordered[0].title if has_first or len(ordered) == 1 else settings.stem
    book = Book(settings.title or title or settings.stem)
    book.language = settings.language or (ordered[0].language if ordered else "en")
    book.authors = list(dict.fromkeys(name for page in ordered for name in page.authors))
    book.date = max((page.date for page in ordered), default="")
    links = Links(pages)
    media = Media(settings)
    cuts = [(page, part) for page in ordered for part in links.resolved(page).split(CUT)]
    places = _Places(cuts)
    notices: list[Notice] = list(links.notices)
    for n, (page, part) in enumerate(cuts):
        made = Chapter(part, media, lambda said, n=n, page=page: places.link(page, n, said))  # type: ignore[misc]
        title = next((words for _, _, words in made.headings if words), page.title)
        book.chapters.append(BookChapter(places.files[n], title, page.language, made))
    for page in ordered:
        notices += [
            one if one.span.file or not page.source
            else Notice(one.code, one.message, Span(page.source, one.span.line), hint=one.hint)
            for one in page.notices
        ]  # fmt: skip
    book.captions = {
        places.files[n]: group.caption
        for group in groups if group.caption
        for n, (page, _) in enumerate(cuts) if page is group.pages[0]
    }  # fmt: skip
    data = _book_package.save(book, media, settings)
    return [Artifact(f"{settings.stem}.epub", data, [*notices, *media.notices])]


class _Places:
    """Where ids stand: in which file, for each page and for each of its chapters."""

    def __init__(self, cuts: "Sequence[tuple[SitePage, str]]") -> None:
        self.files = [f"c{n:03d}.xhtml" for n in range(1, len(cuts) + 1)]
        self._pages: dict[str, str] = {}
        self._ids: dict[tuple[str, str], str] = {}
        for file, (page, part) in zip(self.files, cuts, strict=True):
            self._pages.setdefault(page.file, file)
            for name in _ids_in(part):
                self._ids.setdefault((page.file, name), file)

    def link(self, page: SitePage, n: int, said: str) -> str:
        """Return where an address in chapter *n* leads, "" for nothing that the book has."""
        path, _, fragment = said.partition("#")
        if ":" in path.partition("/")[0] or path.startswith("//"):
            return said.replace(" ", "%20")
        folder = posixpath.dirname(page.file)
        target = posixpath.normpath(posixpath.join(folder, unquote(path))) if path else page.file
        file = self._pages.get(target, "")
        if not fragment or not file:
            return file if path else ""
        file = self._ids.get((target, unquote(fragment)), "")
        if not file:
            return self._pages[target] if path else ""
        return f"{'' if file == self.files[n] else file}#{name_of(unquote(fragment))}"


def _ids_in(html: str) -> list[str]:
    from html import unescape
    from re import findall

    return [unescape(name) for name in findall(r'<[^>]*?\sid="([^"]*)"', html)]


EXPORTER = Exporter("epub", ".epub", export, export_many=export_many, summary="A book for readers.")
