"""Cell ids that are the same at every reading of the same text.

A cell without id gets eight hexadecimal digits made from its kind, its source and its number
among the cells without id that are equal to it.  So inserting, moving or editing one cell
leaves the ids of all others as they are (but for its equals further down).
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Document

#: Bytes of a digest; two characters each.
_DIGEST_BYTES = 4


def assign(document: "Document") -> "Document":
    """Return *document* with an id in every cell; ids that are there stay."""
    cells = document.cells
    if all([cell.id for cell in cells]):  # noqa: C419  a list is faster than a generator
        return document
    return _with_ids(document, [cell.id for cell in cells])


def unique(document: "Document") -> "Document":
    """Return *document* with a different id in every cell.

    Missing ids are assigned; where several cells share an id, the first one keeps it.
    """
    kept: dict[str | None, int] = {}
    for index, cell in enumerate(document.cells):
        kept.setdefault(cell.id, index)
    if len(kept) == len(document.cells) and all(kept):
        return document
    return _with_ids(
        document,
        [cell.id if kept[cell.id] == index else None for index, cell in enumerate(document.cells)],
    )


def _with_ids(document: "Document", kept: "Iterable[str | None]") -> "Document":
    """Return *document* with the ids in *kept*, and new ones where that has none."""
    from hashlib import blake2b

    # How many cells asked for an id: equal cells get different ids, in their order.
    wanted = {cell.id: 1 for cell in document.cells}
    cells = []
    for cell, old in zip(document.cells, kept, strict=True):
        if old:
            cells.append(cell)
            continue
        content = f"{cell.kind}\0{cell.source}".encode("utf-8", "surrogatepass")
        found = blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()
        if found in wanted:
            first, number = found, wanted[found]
            while found in wanted:
                key = content + b"\0%d" % number
                found = blake2b(key, digest_size=_DIGEST_BYTES).hexdigest()
                number += 1
            wanted[first] = number
        wanted[found] = 1
        cells.append(cell.with_(id=found))
    return document.with_(cells=cells)
