"""A diff as JSON: for programs that show or judge changes.

    {"old": "a.ipynb", "new": "b.ipynb", "changed": true,
     "metadata": [{"key": ..., "old": ..., "new": ...}],
     "cells": [{"status": "changed", "kind": "code", "moved": false,
                "old": {"number": 1, "id": "a", "line": 3}, "new": {...} or null,
                "source": {"old": "...", "new": "..."},       where it changed
                "outputs": {"old": ["..."], "new": ["..."]},  where they changed
                "metadata": [...]}]}

Cells that are the same are left out.
"""

from octavo.vcs import outputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell, Json
    from octavo.vcs.diff import CellChange, Diff


def record(found: "Diff", old: str, new: str) -> dict[str, object]:
    """Return a diff of two documents called *old* and *new* as values for JSON."""
    return {
        "old": old,
        "new": new,
        "changed": bool(found),
        "metadata": _metadata(found.metadata),
        "cells": [_cell(change) for change in found.cells if change.is_shown],
    }


def _cell(change: "CellChange") -> dict[str, object]:
    made: dict[str, object] = {
        "status": change.status,
        "kind": change.cell.kind,
        "moved": change.moved,
        "old": _place(change.old, change.old_number),
        "new": _place(change.new, change.new_number),
    }
    if change.source or change.kind or change.status in ("added", "removed"):
        made["source"] = {
            "old": None if change.old is None else change.old.source,
            "new": None if change.new is None else change.new.source,
        }
    if change.outputs:
        made["outputs"] = {
            "old": [] if change.old is None else outputs.summaries(change.old),
            "new": [] if change.new is None else outputs.summaries(change.new),
        }
    if change.metadata:
        made["metadata"] = _metadata(change.metadata)
    return made


def _place(cell: "Cell | None", number: int) -> dict[str, object] | None:
    if cell is None:
        return None
    return {"number": number, "id": cell.id, "line": cell.line}


def _metadata(changes: "list[tuple[str, Json, Json]]") -> list[dict[str, object]]:
    return [{"key": key, "old": old, "new": new} for key, old, new in changes]
