"""Cell ids that are the same at every reading of the same text.

A cell without id gets eight hexadecimal digits made from its kind, its source and its number
among the cells without id that are equal to it.  So inserting, moving or editing one cell
leaves the ids of all others as they are (but for its equals further down).
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from octavo.core.document import Cell, Document

#: Bytes of a digest; two characters each.
_DIGEST_BYTES = 4


def assign(document: "Document") -> "Document":
    """Return *document* with an id in every cell; ids that are there stay."""
    cells = document.cells
    taken = {cell.id for cell in cells if cell.id}
    if len(taken) == len(cells) or all(cell.id for cell in cells):
        return document
    next_id = _numbering(taken)
    return document.with_(
        cells=[cell if cell.id else cell.with_(id=next_id(cell)) for cell in cells]
    )


def unique(document: "Document") -> "Document":
    """Return *document* with a different id in every cell.

    Missing ids are assigned; where several cells share an id, the first one keeps it.
    """
    cells = document.cells
    taken = {cell.id for cell in cells if cell.id}
    if len(taken) == len(cells):
        return document
    next_id = _numbering(set(taken))
    kept = []
    for cell in cells:
        if cell.id in taken:
            taken.remove(cell.id)
            kept.append(cell)
        else:
            kept.append(cell.with_(id=next_id(cell)))
    return document.with_(cells=kept)


def _numbering(taken: "set[str]") -> "Callable[[Cell], str]":
    """Return a function that gives each cell of a document, in order, an id not in *taken*."""
    from hashlib import blake2b

    occurrences: dict[str, int] = {}

    def next_id(cell: "Cell") -> str:
        content = f"{cell.kind}\0{cell.source}"
        number = occurrences.get(content, 0)
        occurrences[content] = number + 1
        key = content.encode("utf-8", "surrogatepass")
        if number:
            key += b"\0%d" % number
        found = blake2b(key, digest_size=_DIGEST_BYTES).hexdigest()
        while found in taken:
            key += b"\0"
            found = blake2b(key, digest_size=_DIGEST_BYTES).hexdigest()
        taken.add(found)
        return found

    return next_id
