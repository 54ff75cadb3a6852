"""A page cut into slides: by the slide types of RISE, or by headings where no cell has one.

By headings: those of levels 1 and 2 begin a slide, those of level 3 one below, and so does a
rule (`---`).  A paragraph of three points, `. . .`, holds back what follows, and a block of the
class `notes` is for the speaker, both as in Quarto.  What is too long for a slide goes on below.
"""

from octavo.exporters import _charts
from octavo.exporters._node import Node
from octavo.exporters._outputs import joined
from octavo.exporters._page import Piece

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.exporters._outputs import Output
    from octavo.exporters._page import Page

_TYPES = frozenset(("slide", "subslide", "fragment", "skip", "notes"))
_PAUSE = ". . ."
_LINES = 24  # that a slide holds before its letters become small
_LINE = 75  # characters
_PICTURE = 11  # lines
_TALLEST = 14  # lines of an output; what is longer scrolls


class Part:
    """Pieces that come together; a fragment comes when the speaker asks for it."""

    __slots__ = ("is_fragment", "pieces")

    def __init__(self, *, is_fragment: bool) -> None:
        self.is_fragment = is_fragment
        self.pieces: list[Piece] = []


class Slide:
    """A slide: its parts, what the speaker sees, and whether it stands below another one."""

    __slots__ = ("is_below", "notes", "parts")

    def __init__(self, *, is_below: bool = False) -> None:
        self.is_below = is_below
        self.parts = [Part(is_fragment=False)]
        self.notes: list[Piece] = []

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on it, nor to be said about it."""
        return not (self.notes or any(part.pieces for part in self.parts))

    def pieces(self) -> "Iterator[Piece]":
        """Yield what is on the slide, in reading order."""
        for part in self.parts:
            yield from part.pieces

    def nodes(self) -> "Iterator[Node]":
        """Yield every node of the prose on the slide."""
        for piece in self.pieces():
            for block in piece.blocks:
                yield from block.walk()

    def title(self) -> str:
        """Return the text of its first heading, "" when it has none."""
        return next((node.plain() for node in self.nodes() if node.type == "heading"), "")


def slides(page: "Page") -> list[Slide]:
    """Return the slides of a page; a document with nothing to show has one, which is empty."""
    pieces = [piece for piece in page.pieces if _is_shown(piece)]
    found = _by_marks(pieces) if is_marked(page) else _by_headings(pieces)
    return [slide for slide in found if not slide.is_empty] or [Slide()]


def is_marked(page: "Page") -> bool:
    """Return whether slide types cut the document, not headings."""
    return any(piece.slide in _TYPES for piece in page.pieces)


def _is_shown(piece: Piece) -> bool:
    if piece.kind == "prose":
        return bool(piece.blocks)
    if piece.kind == "raw":
        return piece.mime in ("text/html", "html") and bool(piece.source.strip())
    return piece.shows_input or bool(piece.outputs or piece.label)


def _by_marks(pieces: list[Piece]) -> list[Slide]:
    found = [Slide()]
    for piece in pieces:
        if piece.slide == "skip":
            continue
        if piece.slide == "notes":
            found[-1].notes.append(piece)
            continue
        if piece.slide in ("slide", "subslide") or _is_bibliography(piece):
            found.append(Slide(is_below=piece.slide == "subslide"))
        elif piece.slide == "fragment":
            found[-1].parts.append(Part(is_fragment=True))
        found[-1].parts[-1].pieces.append(piece)
    return found


def _is_bibliography(piece: Piece) -> bool:
    """Return whether a piece is the list of works that stands in no cell."""
    kinds = [block.type for block in piece.blocks]
    return kinds == ["heading", "bibliography"] and not piece.marks


def _by_headings(pieces: list[Piece]) -> list[Slide]:
    cutter = _Cutter()
    for piece in pieces:
        if piece.kind == "prose":
            for block in piece.blocks:
                cutter.block(block, piece)
        else:
            cutter.piece(piece)
    return cutter.slides


class _Cutter:
    """Cuts prose at its headings, and long slides between their pieces."""

    def __init__(self) -> None:
        self.slides = [Slide()]
        self._lines = 0

    def piece(self, piece: Piece) -> None:
        self._make_room(_height(piece))
        self.slides[-1].parts[-1].pieces.append(piece)

    def block(self, block: Node, piece: Piece) -> None:
        level = int(block.get("level", "9")) if block.type == "heading" else 9
        if level <= 3 or block.type == "rule":
            self._begin(is_below=level == 3)
        if block.type == "rule":
            return
        if block.type == "paragraph" and block.plain() == _PAUSE:
            self.slides[-1].parts.append(Part(is_fragment=True))
            return
        is_fragment = _has_class(block, "fragment")
        if _has_class(block, "notes"):
            self.slides[-1].notes.append(piece.with_blocks([block]))
            return
        self._make_room(_height_of(block))
        if is_fragment:
            self.slides[-1].parts.append(Part(is_fragment=True))
        last = self.slides[-1].parts[-1].pieces
        if last and last[-1].number == piece.number and last[-1].kind == "prose":
            last[-1].blocks.append(block)
        else:
            last.append(piece.with_blocks([block]))
        if is_fragment:
            self.slides[-1].parts.append(Part(is_fragment=False))

    def _begin(self, *, is_below: bool) -> None:
        self.slides.append(Slide(is_below=is_below))
        self._lines = 0

    def _make_room(self, lines: int) -> None:
        """Go on below when a slide is full, but not right after its heading."""
        has_more = any(node.type != "heading" for node in _tops(self.slides[-1]))
        if has_more and self._lines + lines > _LINES:
            self._begin(is_below=True)
        self._lines += lines


def _tops(slide: Slide) -> "Iterator[Node]":
    for piece in slide.pieces():
        yield from piece.blocks or [Node("code")]


def _has_class(block: Node, name: str) -> bool:
    return block.type == "group" and name in (block.get("name"), *block.classes.split())


def _height(piece: Piece) -> int:
    lines = piece.source.count("\n") + 2 if piece.shows_input else 0
    return lines + sum(_height_of_output(output) for output in piece.outputs)


def _height_of_output(output: "Output") -> int:
    if output.widget is not None:
        return min(output.widget.size() + 1, _TALLEST)
    is_chart = _charts.vega(output) is not None or _charts.plotly(output) is not None
    if is_chart or any(mime.startswith(("image/", "video/")) for mime in output.forms):
        return _PICTURE
    text = output.text or joined(output.forms.get("text/plain", ""))
    return min(text.count("\n") + 1, _TALLEST)


def _height_of(block: Node) -> int:
    """Return about how many lines a block of prose takes."""
    if block.type in ("figure", "image") or any(node.type == "image" for node in block.walk()):
        return _PICTURE
    if block.type == "code":
        return block.text.count("\n") + 1
    if block.type == "table":
        return len(block.children) + 1
    items = sum(node.type in ("item", "paragraph", "math") for node in block.walk())
    return max(items, len(block.plain()) // _LINE + 1)
