"""White space at the end of MyST cells, told in the header: `text_representation.blank_ends`.

MyST drops it, so that a Markdown cell with and without a newline at its end are the same text.
Where a header says in which format the text is, it also tells the ends that were dropped: each
as `<kind letter><checksum of the text without the end>: <l, s, t for line, space, tab>`.  The
checksum keeps the end with its cell when others are moved or added, and forgets it when the
cell is edited.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Cell

KEY = "blank_ends"
_LETTERS = str.maketrans("\n \t", "lst")
_BLANKS = str.maketrans("lst", "\n \t")


def collect(cells: "Iterable[Cell]") -> dict[str, str]:
    """Return the ends that MyST would drop, by the key of their cell."""
    cells = list(cells)
    if not any(cell.source[-1:] in ("\n", " ", "\t") for cell in cells):
        return {}
    ends: dict[str, str | None] = {}
    for cell in cells:
        seen, end = split(cell)
        key = key_of(cell.kind, seen)
        # Two cells that differ in their ends only cannot both be told: theirs are told in place.
        ends[key] = end if ends.get(key, end) == end else None
    return {key: end.translate(_LETTERS) for key, end in ends.items() if end}


def split(cell: "Cell") -> tuple[str, str]:
    """Return the text of a cell that MyST keeps, and the end that the header can tell."""
    source = cell.source
    if source[-1:] not in ("\n", " ", "\t") or not source.strip():
        return source, ""
    if cell.kind != "markdown":
        return (source[:-1], "\n") if source[-1] == "\n" else (source, "")
    seen = source.rstrip()
    end = source[len(seen) :]
    if source[0] == "\n" or end[0] != "\n" or end.strip("\n \t"):
        return source, ""
    return seen, end


def key_of(kind: str, seen: str) -> str:
    """Return the key of a cell whose text without its end is *seen*."""
    from zlib import crc32

    return f"{kind[0]}{crc32(seen.encode('utf-8', 'surrogatepass')):08x}"


def restored(cells: "list[Cell]", ends: object) -> "list[Cell]":
    """Return *cells* with the ends that the header tells."""
    if not isinstance(ends, dict) or not ends:
        return cells
    return [_restored(cell, ends.get(key_of(cell.kind, cell.source))) for cell in cells]


def _restored(cell: "Cell", end: object) -> "Cell":
    if not isinstance(end, str) or end.strip("lst"):
        return cell
    return cell.with_(source=cell.source + end.translate(_BLANKS))
