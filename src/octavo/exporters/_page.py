"""A whole document, ready to be shown: prose as trees, code with its outputs, names resolved.

Every exporter walks a `Page`; what is hidden never gets into one.
"""

from octavo.core import tags
from octavo.core.patterns import lazy
from octavo.exporters import _citations, _markdown, _outputs, _resolve, _widgets
from octavo.exporters._node import Node
from octavo.transforms._front_matter import head_of, is_front_matter
from octavo.transforms._language import language_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell, Document
    from octavo.core.errors import Notice
    from octavo.exporters._exporter import Settings

_OPTION_LINES = lazy(r"(?:[ \t]*(?:#|//|--|%|;)\|[^\n]*(?:\n|\Z))+")


class Piece:
    """A cell as it is shown.

    `kind` is "prose" (then `blocks`), "code" (then `source`, `outputs`) or "raw" (then `source`
    and `mime`).  `folds_*` ask for a part that readers open; `slide` is the slide type of RISE.
    `label` and `caption` are those of the cell's figure; `number` counts the cells (1-based).
    """

    __slots__ = (
        "alt", "blocks", "caption", "execution_count", "folds_cell", "folds_input",
        "folds_output", "id", "kind", "label", "language", "marks", "mime", "number", "outputs",
        "scrolls", "shows_input", "slide", "source", "summary",
    )  # fmt: skip

    def __init__(self, kind: str, number: int, cell: "Cell | None" = None) -> None:
        self.kind = kind
        self.number = number
        self.id = (cell.id if cell is not None else "") or f"cell-{number}"
        self.marks: frozenset[str] = frozenset()
        self.blocks: list[Node] = []
        self.source = ""
        self.language = ""
        self.mime = ""
        self.outputs: list[_outputs.Output] = []
        self.execution_count: int | None = None
        self.shows_input = True
        self.folds_input = self.folds_output = self.folds_cell = self.scrolls = False
        self.summary = ""
        self.slide = ""
        self.label = ""
        self.caption: list[Node] = []
        self.alt = ""

    def with_blocks(self, blocks: "list[Node]") -> "Piece":
        """Return a piece of the same cell with other prose."""
        made = Piece("prose", self.number)
        made.id, made.folds_cell, made.marks = self.id, self.folds_cell, self.marks
        made.blocks = blocks
        return made


class Page:
    """A document to be shown: title, language (BCP 47), facts of its head, and its pieces.

    `names` maps labels to what they stand for (see `_resolve`), `notices` tells what could not be
    resolved.
    """

    __slots__ = ("authors", "date", "description", "footnotes", "language",
                 "names", "notices", "pieces", "title")  # fmt: skip

    def __init__(self) -> None:
        self.title = ""
        self.authors: list[str] = []
        self.date = ""
        self.description = ""
        self.language = "en"
        self.pieces: list[Piece] = []
        self.footnotes: list[Node] = []
        self.names: dict[str, _resolve.Name] = {}
        self.notices: list[Notice] = []

    def headings(self) -> "list[Node]":
        """Return all headings in reading order."""
        return [
            node
            for piece in self.pieces
            for block in piece.blocks
            for node in block.walk()
            if node.type == "heading"
        ]

    def language_tag(self) -> str:
        """Return the language as far as it is one: letters, digits and hyphens."""
        name = self.language.replace("_", "-")
        return name if name.replace("-", "").isalnum() and name.isascii() else "en"

    def begins_with_title(self) -> bool:
        """Return whether a heading of level 1 comes before all else."""
        first = next((piece for piece in self.pieces if piece.blocks or piece.source), None)
        return bool(
            first is not None
            and first.blocks
            and first.blocks[0].type == "heading"
            and first.blocks[0].facts["level"] == 1
        )

    def append_prose(self, blocks: "list[Node]", number: int) -> None:
        """Add prose that stands in no cell, as a bibliography does."""
        piece = Piece("prose", number)
        piece.blocks = blocks
        self.pieces.append(piece)


def compose(
    document: "Document", settings: "Settings", *, without: frozenset[str] = frozenset()
) -> Page:
    """Return what readers are to see of *document*.

    Cells and parts that a mark drops (`core/tags.py`, every dialect) are left out here, so no
    exporter can leak them; so are cells with a mark of *without*.
    """
    page = Page()
    head = _read_head(page, document, settings)
    language = language_of(document).lower()
    shelf = _widgets.Shelf(document.metadata)
    for number, cell in enumerate(document.cells, 1):
        marks = tags.marks_of(cell)
        if "drop-cell" not in marks and without.isdisjoint(marks):
            page.pieces.append(_piece(cell, number, language, marks, shelf))
    page.notices += shelf.notices
    _citations.cite(page, settings, head)
    _resolve.resolve(page, settings)
    if not page.title:
        first = next((node for node in page.headings() if node.facts["level"] == 1), None)
        page.title = first.plain() if first is not None else settings.stem
    return page


def _read_head(page: Page, document: "Document", settings: "Settings") -> "dict[str, object]":
    """Read title, authors and the like from the metadata and from a YAML cell at the top."""
    head: dict[str, object] = {**head_of(document)}
    page.title = settings.title or _text(head.get("title"))
    page.authors = _authors(head.get("authors", head.get("author")))
    page.date = _text(head.get("date"))
    page.description = _text(head.get("description"))
    page.language = settings.language or _text(head.get("lang", head.get("language"))) or "en"
    return head


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def _authors(value: object) -> list[str]:
    entries = value if isinstance(value, list) else [value]
    names = [entry.get("name") if isinstance(entry, dict) else entry for entry in entries]
    return [str(name) for name in names if name]


def _piece(
    cell: "Cell", number: int, language: str, marks: frozenset[str], shelf: _widgets.Shelf
) -> Piece:
    if cell.kind == "markdown":
        piece = Piece("prose", number, cell)
        piece.blocks = _with_attachments(
            _markdown.parse(cell.source, first_line=cell.line or 1), cell
        )
    elif cell.kind == "raw":
        piece = _raw_piece(cell, number)
    else:
        piece = _code_piece(cell, number, language, marks, shelf)
    piece.marks = marks
    piece.folds_cell = "fold-cell" in marks
    slideshow = cell.metadata.get("slideshow")
    piece.slide = _text(slideshow.get("slide_type")) if isinstance(slideshow, dict) else ""
    return piece


def _raw_piece(cell: "Cell", number: int) -> Piece:
    piece = Piece("raw", number, cell)
    piece.mime = _text(cell.metadata.get("raw_mimetype", cell.metadata.get("format")))
    is_head = number == 1 and is_front_matter(cell)
    piece.source = "" if is_head else cell.source
    return piece


def _code_piece(
    cell: "Cell", number: int, language: str, marks: frozenset[str], shelf: _widgets.Shelf
) -> Piece:
    piece = Piece("code", number, cell)
    options = _cell_options(cell)
    piece.source = _OPTION_LINES.sub("", cell.source, count=1) if options else cell.source
    piece.language = language
    piece.execution_count = cell.execution_count
    piece.shows_input = "drop-input" not in marks and bool(piece.source.strip())
    piece.folds_input = "fold-input" in marks
    piece.folds_output = "fold-output" in marks
    piece.scrolls = "scroll-output" in marks
    piece.summary = options.get("code-summary", "")
    piece.label = options.get("label", "")
    piece.alt = options.get("fig-alt", "") or _text(cell.metadata.get("alt"))
    caption = options.get("fig-cap", options.get("tbl-cap", ""))
    piece.caption = _markdown.parse_inline(caption) if caption else []
    if "drop-output" not in marks:
        piece.outputs = _outputs.of(cell.outputs or (), marks, piece.alt)
        shelf.fill(piece.outputs, marks, number)
    return piece


def _cell_options(cell: "Cell") -> dict[str, str]:
    """Return the `#| key: value` lines at the top of a source."""
    found = _OPTION_LINES.match(cell.source)
    options: dict[str, str] = {}
    for line in found[0].split("\n") if found else ():
        key, colon, value = line.partition("|")[2].partition(":")
        if colon:
            options[key.strip()] = value.strip().strip("\"'")
    return options


def _with_attachments(blocks: list[Node], cell: "Cell") -> list[Node]:
    """Put the attachments of a cell in the place of their names."""
    held = cell.attachments or {}
    for block in blocks:
        for node in block.walk():
            source = node.get("src")
            if node.type not in ("image", "figure") or not source.startswith("attachment:"):
                continue
            bundle = held.get(source.removeprefix("attachment:"))
            if isinstance(bundle, dict) and bundle:
                mime, data = next(iter(bundle.items()))
                node.facts["src"] = f"data:{mime};base64,{_outputs.joined(data)}".replace("\n", "")
    return blocks
