"""Conflicts of pairs: a base for versions without one, and how many wait to be resolved."""

from octavo.core.document import Cell, Document
from octavo.core.merge import CONFLICT, counterparts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Metadata

_MOST_WORK = 4_000_000  # product of line counts beyond which two sources share nothing


def common(ours: Document, theirs: Document) -> Document:
    """Return what two versions share: the base of a merge in which each side only adds.

    Nothing is lost with it: what stands on one side only is kept, and where both sides have
    something else in one place, that is a conflict.
    """
    places = counterparts(ours.cells, theirs.cells)
    pairs = {i: j for j, i in enumerate(places) if i is not None}
    cells = [
        _common_cell(cell, theirs.cells[pairs[i]])
        for i, cell in enumerate(ours.cells)
        if i in pairs
    ]
    return ours.with_(cells=cells, metadata=_common_metadata(ours.metadata, theirs.metadata))


def waiting(document: Document) -> int:
    """Return how many conflicts of *document* are not resolved yet."""
    marks = [cell.metadata.get(CONFLICT) for cell in document.cells]
    sides = [mark.get("side") if isinstance(mark, dict) else None for mark in marks]
    notes = sides.count("note")
    return notes or int(any(sides))


def _common_cell(mine: Cell, yours: Cell) -> Cell:
    metadata = _common_metadata(mine.metadata, yours.metadata)
    if mine.source == yours.source:
        return mine.with_(metadata=metadata)
    return mine.with_(source=_common_lines(mine.source, yours.source), metadata=metadata)


def _common_lines(mine: str, yours: str) -> str:
    from difflib import SequenceMatcher

    a, b = mine.split("\n"), yours.split("\n")
    if len(a) * len(b) > _MOST_WORK:
        return ""
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return "\n".join([line for start, _, size in blocks for line in a[start : start + size]])


def _common_metadata(mine: "Metadata", yours: "Metadata") -> "Metadata":
    return {key: value for key, value in mine.items() if key in yours and yours[key] == value}
