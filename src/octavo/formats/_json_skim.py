"""Read and write notebooks full of images without looking into them.

nbformat writes one line for each string and fixed indentations, so where the outputs of a cell
begin and end can be seen from the beginnings of lines alone; long lines are jumped over.  What
is cut out stays a slice of the text.  On the way back the slice is copied as it is, provided
that it is what nbformat would write.

Files with another layout, or with short lines, are left to the ordinary readers.
"""

from octavo.core._notebook_lines import join_outputs, split_outputs
from octavo.core.document import Document
from octavo.core.raw_json import RawJson
from octavo.formats._json import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from octavo.core.document import Json

_OPENING = '   "outputs": [\n'
_BEFORE_LIST = len('   "outputs": ')
_CLOSING = "   ]"
_MARK = "octavo:"
#: Jumping from line to line pays for lines of this length on average.
_PAYS_CHARS = 400
_LINES_TO_JUDGE = 3_000

_LONG_LINE = 2_000
_KEY_START = "\n   "


def skim(text: "str | bytes") -> "tuple[str, list[RawJson]] | None":
    """Return the notebook without its outputs, and these; None when it does not pay.

    In the place of the outputs stands a mark, see `put_back`.
    """
    bounds = _bounds(text)
    if not bounds:
        return None
    pieces: list[str] = []
    last = 0
    for number, (start, stop) in enumerate(bounds):
        pieces += (_as_text(text[last:start]), f'[{{"output_type": "{_MARK}{number}"}}]')
        last = stop
    pieces.append(_as_text(text[last:]))
    ascii_only = text.isascii()
    raws = [RawJson(text, start, stop, ascii=ascii_only) for start, stop in bounds]
    return "".join(pieces), raws


def put_back(document: Document, raws: list[RawJson]) -> Document | None:
    """Return *document* with the outputs that `skim` took; None when they do not fit."""
    cells = []
    taken = 0
    for cell in document.cells:
        outputs = cell.raw_outputs
        if isinstance(outputs, list) and outputs and _is_mark(outputs[0], taken):
            cells.append(cell.with_(outputs=raws[taken]))
            taken += 1
        else:
            cells.append(cell)
    return document.with_(cells=cells) if taken == len(raws) else None


def _is_mark(output: "Json", number: int) -> bool:
    return isinstance(output, dict) and output.get("output_type") == f"{_MARK}{number}"


def _as_text(piece: "str | bytes") -> str:
    return piece if isinstance(piece, str) else piece.decode("utf-8")


def _bounds(text: "str | bytes") -> "list[tuple[int, int]]":
    """Return where the lists of outputs begin and end; [] when the lines are short."""
    newline, opening, closing = "\n", _OPENING, _CLOSING
    if isinstance(text, bytes):
        newline, opening, closing = b"\n", _OPENING.encode(), _CLOSING.encode()  # type: ignore[assignment]
    find, startswith = text.find, text.startswith
    bounds: list[tuple[int, int]] = []
    at = find(newline) + 1  # type: ignore[arg-type]
    count = 0
    start = 0
    while at:
        count += 1
        if count == _LINES_TO_JUDGE and at < _LINES_TO_JUDGE * _PAYS_CHARS:
            return []
        if start:
            if startswith(closing, at):  # type: ignore[arg-type]
                bounds.append((start, at + len(_CLOSING)))
                start = 0
        elif startswith(opening, at):  # type: ignore[arg-type]
            start = at + _BEFORE_LIST
        at = find(newline, at) + 1  # type: ignore[arg-type]
    return [] if start or len(text) < count * _PAYS_CHARS else bounds


def is_canonical(raw: RawJson) -> bool:
    """Return whether nbformat would write the outputs just as they stand in the slice.

    Long strings without escapes stand for themselves; everything else is decoded, encoded
    again and compared.
    """
    reduced = _reduced(raw)
    if reduced is None:
        return False
    import json

    try:
        outputs: list[Json] = join_outputs(json.loads(reduced))
    except (ValueError, RecursionError, TypeError, AttributeError):
        return False
    items = ("," + _KEY_START + " ").join(
        dumps(output, _KEY_START + " ") for output in split_outputs(outputs)
    )
    return reduced == f"[{_KEY_START} {items}{_KEY_START}]"


def _reduced(raw: RawJson) -> str | None:
    """Return the slice with short stand-ins for long plain strings; None when it cannot be."""
    source, stop = raw.source, raw.stop
    plain = _Plain(raw)
    pieces: list[str] = []
    at = last = raw.start
    while at < stop:
        end = source.find(plain.newline, at, stop) + 1 or stop  # type: ignore[arg-type]
        if end - at > _LONG_LINE:
            bounds = plain.string_in(at, end)
            if bounds is None:
                return None
            pieces += (_as_text(source[last : bounds[0]]), str(len(pieces)))
            last = bounds[1]
        at = end
    pieces.append(_as_text(source[last:stop]))
    return "".join(pieces)


class _Plain:
    """Finds long strings that stand for themselves, in a text or in its bytes, by offsets."""

    def __init__(self, raw: RawJson) -> None:
        self._source = source = raw.source
        self._ascii = raw.ascii
        self.newline, self._quote, self._escape, self._key = _SIGNS[isinstance(source, bytes)]
        self._n = b"n" if isinstance(source, bytes) else "n"

    def string_in(self, at: int, end: int) -> "tuple[int, int] | None":
        """Return where the one string of a line begins and ends, within its quotes.

        None when it holds escapes (but for a newline at its end) or is not ASCII.
        """
        source = self._source
        find: Callable[[object, int, int], int] = source.find  # type: ignore[assignment]
        opening = find(self._key, at, at + 300)
        start = opening + 4 if opening >= 0 else find(self._quote, at, at + 300) + 1
        tail = source.rfind(self._quote, end - 4, end)  # type: ignore[arg-type]
        if start <= 0 or tail <= start or find(self._quote, start, tail) >= 0:
            return None
        escape = find(self._escape, start, tail)
        if escape >= 0:
            if escape != tail - 2 or source[escape + 1 : tail] != self._n:
                return None
            tail = escape
        if not self._ascii and not source[start:tail].isascii():
            return None
        return start, tail


#: newline, quote, backslash and what stands between key and text: for texts and for bytes.
_SIGNS = {False: ("\n", '"', "\\", '": "'), True: (b"\n", b'"', b"\\", b'": "')}
