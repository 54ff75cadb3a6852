"""Names of a whole page: labels, numbers of figures and equations, references, footnotes.

A first pass numbers and collects, a second one fills in what points there.
"""

from octavo.core.errors import Notice, Span
from octavo.core.patterns import lazy
from octavo.core.percents import unquote
from octavo.exporters._node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.exporters._exporter import Settings
    from octavo.exporters._page import Page, Piece

_NOT_A_WORD = lazy(r"[^\w-]+")
#: How a thing of each kind is called before its number.
WORDS = {"figure": "Figure", "table": "Table", "listing": "Listing", "equation": "Equation",
         "section": "Section"}  # fmt: skip


class Name:
    """What a label stands for: `kind`, `number` ("" = none), `title`, and the id of its place."""

    __slots__ = ("id", "kind", "number", "title")

    def __init__(self, kind: str, id: str, number: str = "", title: str = "") -> None:  # noqa: A002
        self.kind = kind
        self.id = id
        self.number = number
        self.title = title


def slug(text: str) -> str:
    """Return an id made of a title, as web pages of this kind have them.

    >>> slug("Loading the data!")
    'loading-the-data'
    """
    text = text.lower().replace("'", "").replace("\u2019", "")
    return _NOT_A_WORD.sub("-", text).strip("-") or "section"


def resolve(page: "Page", settings: "Settings") -> None:
    """Number headings, figures and equations, and fill in references and footnotes."""
    _Collector(page, settings).collect()
    for piece in page.pieces:
        for block in piece.blocks:
            for node in block.walk():
                _turn_into_reference(node)
                if node.type == "reference" and node.get("kind") != "citation":
                    _fill(node, page, piece, settings)


class _Collector:
    """Gives every heading an id, every labelled thing a number."""

    def __init__(self, page: "Page", settings: "Settings") -> None:
        self._page = page
        self._numbers_sections = settings.number_sections
        self._sections: list[int] = []
        self._counts = dict.fromkeys(("figure", "table", "listing", "equation"), 0)
        self._ids: set[str] = set()
        self._footnotes = 0

    def collect(self) -> None:
        for piece in self._page.pieces:
            kept: list[Node] = []
            for block in piece.blocks:
                if block.type == "footnotes":
                    self._take_footnotes(block, piece)
                    continue
                kept.append(block)
                for node in block.walk():
                    self._look_at(node)
                    for alias in node.texts("aliases"):
                        self._page.names.setdefault(alias, self._page.names[node.label])
            piece.blocks = kept
            if piece.label or piece.caption:
                self._look_at_cell(piece)

    def _look_at(self, node: Node) -> None:
        if node.type == "heading":
            self._heading(node)
        elif node.type == "figure":
            kind = node.get("kind") or "figure"
            caption = node.children[-1].plain() if node.children else ""
            self._numbered(node, kind, caption)
        elif node.type == "math" and node.label:
            self._numbered(node, "equation", "")
        elif node.label:
            node.facts["id"] = self._unique(node.label)
            self._page.names[node.label] = Name("place", str(node.facts["id"]), "", node.plain())

    def _look_at_cell(self, piece: "Piece") -> None:
        kind = "table" if piece.label.startswith("tbl-") else "figure"
        self._counts[kind] += 1
        title = Node("title", piece.caption).plain()
        label = piece.label or piece.id
        name = Name(kind, self._unique(label), str(self._counts[kind]), title)
        self._page.names[label] = name

    def _heading(self, node: Node) -> None:
        title = node.plain()
        node.facts["id"] = self._unique(node.label or slug(title))
        level = int(str(node.facts["level"]))
        number = self._section_number(level) if self._numbers_sections and level > 1 else ""
        node.facts["number"] = number
        name = Name("section", str(node.facts["id"]), number, title)
        if node.label:
            self._page.names[node.label] = name
        self._page.names.setdefault(slug(title), name)

    def _section_number(self, level: int) -> str:
        depth = level - 1
        self._sections = [*self._sections[:depth], *[0] * (depth - len(self._sections))]
        self._sections[-1] += 1
        return ".".join(map(str, self._sections))

    def _numbered(self, node: Node, kind: str, title: str) -> None:
        self._counts[kind] += 1
        node.facts["number"] = str(self._counts[kind])
        node.facts["id"] = self._unique(node.label or f"{kind}-{self._counts[kind]}")
        if node.label:
            found = Name(kind, str(node.facts["id"]), str(self._counts[kind]), title)
            self._page.names[node.label] = found

    def _unique(self, wanted: str) -> str:
        """Return *wanted*, or that with a number if the page has it already."""
        found, n = wanted, 1
        while found in self._ids:
            n += 1
            found = f"{wanted}-{n}"
        self._ids.add(found)
        return found

    def _take_footnotes(self, block: Node, piece: "Piece") -> None:
        """Number the footnotes of a cell after those of the cells above."""
        shift = self._footnotes
        for footnote in block.children:
            footnote.facts["number"] = int(str(footnote.facts["number"])) + shift
            self._page.footnotes.append(footnote)
        self._footnotes += len(block.children)
        for other in piece.blocks:
            for node in other.walk():
                if node.type == "footnote_ref":
                    node.facts["number"] = int(str(node.facts["number"])) + shift


def _turn_into_reference(node: Node) -> None:
    """Turn a link to a label, `[](#label)`, that has no words into a reference, which gets some."""
    href = node.get("href")
    if node.type == "link" and not node.children and href.startswith("#"):
        node.type = "reference"
        node.facts = {"target": unquote(href[1:]), "kind": "title"}


def _fill(node: Node, page: "Page", piece: "Piece", settings: "Settings") -> None:
    """Give a reference its place and, where the author gave none, its words."""
    found = page.names.get(node.get("target"))
    if found is None and settings.page:
        node.facts["elsewhere"] = node.get("target")  # the site tells when it is whole
        return
    if found is None:
        page.notices.append(
            Notice("OCT-E001", f"nothing is labelled {node.get('target')!r}",
                   Span("", node.line), hint=f"in cell {piece.number}")
        )  # fmt: skip
        if not node.children:
            node.children = [Node("code_span", text=node.get("target"))]
        return
    node.facts["id"] = found.id
    if not node.children:
        node.children = [Node("text", text=_words(found, node.get("kind")))]


def _words(name: Name, kind: str) -> str:
    if kind == "equation" or name.kind == "equation":
        return f"({name.number})"
    if kind == "number" or (not name.title and name.number):
        return f"{WORDS.get(name.kind, '')} {name.number}".strip() or name.title
    return name.title or name.id
