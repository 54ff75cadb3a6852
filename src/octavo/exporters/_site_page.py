"""One page of a site as it is kept between builds: its HTML, and what other pages ask of it."""

from octavo.exporters import _html_frame, _resolve
from octavo.exporters._html_blocks import Blocks
from octavo.exporters._html_pieces import Pieces
from octavo.exporters._page import compose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from octavo.core.document import Document
    from octavo.core.errors import Notice
    from octavo.exporters._exporter import Settings
    from octavo.exporters._page import Page

_MOST_WORDS = 20_000  # characters of a section that are searched
INDEX = "index"


class SitePage:
    """A page that was rendered: everything in it is text, so that it can be kept as JSON.

    `path` is its place ("guide/intro"), `alias` the one that it had before it became the first
    page, `names` maps labels to (id, words, title), `sections` are
    (id, title, text) for the search, `libraries` the scripts that its outputs need, `toctrees` are
    (caption, [(title, page)]).
    """

    __slots__ = ("about", "alias", "authors", "body", "contents", "date", "ids", "language",
                 "libraries", "names", "notices", "order", "path", "sections", "source", "title",
                 "toctrees")  # fmt: skip

    def __init__(self, path: str, source: str = "") -> None:
        self.path = path
        self.alias = ""
        self.source = source
        self.title = ""
        self.language = "en"
        self.authors: list[str] = []
        self.date = ""
        self.about = ""
        self.body = ""
        self.contents = ""
        self.order = ""
        self.libraries: list[str] = []
        self.ids: list[str] = []
        self.names: dict[str, list[str]] = {}
        self.sections: list[list[str]] = []
        self.toctrees: list[tuple[str, list[list[str]]]] = []
        self.notices: list[Notice] = []

    @property
    def file(self) -> str:
        """The file of the page in the site."""
        return f"{self.path}.html"

    def to_json(self) -> "dict[str, Any]":
        """Return what is kept of the page."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "notices"}

    @classmethod
    def from_json(cls, kept: "dict[str, Any]") -> "SitePage":
        """Return a page that was kept.  Raises: `KeyError`, `TypeError` for what is none."""
        page = cls(kept["path"])
        for name in cls.__slots__:
            if name in kept:
                setattr(page, name, kept[name])
        return page


def render(path: str, document: "Document", settings: "Settings") -> SitePage:
    """Return the page of a document at its place in a site.

    What points to other pages is left open: `_site_links.Links` fills it in.
    """
    settings.page = path
    page = compose(document, settings)
    blocks = Blocks(page, settings, is_live=True)
    pieces = Pieces(blocks)
    body = "".join([pieces.one(piece) for piece in page.pieces]) + blocks.footnotes()
    return filled(path, document, blocks, body)


def filled(path: str, document: "Document", blocks: Blocks, body: str) -> SitePage:
    """Return the page of a body that *blocks* wrote, below its title."""
    page, settings = blocks.page, blocks.settings
    made = SitePage(path, document.origin.path)
    made.title, made.language = page.title, page.language
    made.about = _html_frame.about(page)
    made.authors, made.date = page.authors, page.date
    made.body = _html_frame.headed(page, body)
    made.libraries = list(blocks.libraries)
    contents = blocks.contents() if settings.contents else ""
    made.contents = contents if contents.count("<li>") > 1 else ""
    made.order = str(document.metadata.get("order", ""))
    made.ids = [name.id for name in page.names.values()]
    made.names = {label: _told(name) for label, name in page.names.items()}
    made.sections = _sections(page)
    made.toctrees = _toctrees(page)
    made.notices = [*page.notices, *blocks.notices]
    return made


def _told(name: _resolve.Name) -> list[str]:
    words = f"{_resolve.WORDS.get(name.kind, '')} {name.number}".strip()
    words = f"({name.number})" if name.kind == "equation" else words
    return [name.id, words, name.title]


def _sections(page: "Page") -> list[list[str]]:
    """Return the text of each section, for the search."""
    found = [["", "", ""]]
    for piece in page.pieces:
        if piece.kind == "code" and piece.shows_input:
            found[-1][2] += f" {piece.source}"
        for block in piece.blocks:
            if block.type == "heading":
                found.append([block.get("id"), block.plain(), ""])
            elif block.type != "toctree":
                found[-1][2] += f" {block.plain()}"
    sections = [[id_, title, " ".join(text.split())[:_MOST_WORDS]] for id_, title, text in found]
    return [section for section in sections if section[1] or section[2]]


def _toctrees(page: "Page") -> "list[tuple[str, list[list[str]]]]":
    return [
        (block.get("caption"), [list(entry) for entry in block.facts["entries"]])  # type: ignore[attr-defined]
        for piece in page.pieces
        for block in piece.blocks
        if block.type == "toctree"
    ]
