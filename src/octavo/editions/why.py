"""Why a cell is in or out of each edition."""

import os

from octavo.core.errors import OptionError, Span, did_you_mean
from octavo.editions import prepare
from octavo.editions.plan import units

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.editions.prepare import Row


class Answer:
    """What an edition does with a cell: `row` as in the manifest."""

    __slots__ = ("edition", "row", "unit")

    def __init__(self, edition: str, unit: str, row: "Row") -> None:
        self.edition = edition
        self.unit = unit
        self.row = row

    def as_dict(self) -> dict[str, object]:
        """Return the fields for JSON."""
        return {"edition": self.edition, "unit": self.unit, **self.row}


def why(path: str, cell: str = "", folder: str = "") -> list[Answer]:
    """Return what each edition does with a cell of a document, with all cells without *cell*.

    *cell* is an id, a number (1-based), or a line `L12` of a text.  Nothing is run or written.

    Raises: `OptionError` OCT-E058 for a document of no edition, OCT-E059 for an unknown cell.
    """
    from octavo.workspace import config_editions, files

    files.read_bytes(path)  # raises: there is no such file
    config = config_editions.load(folder or os.path.dirname(os.path.abspath(path)))
    source = os.path.relpath(os.path.abspath(path), config.root).replace(os.sep, "/")
    found = []
    for unit in units(config, config.named([])):
        if unit.source == source:
            rows = prepare.prepare(unit, runs=False).rows
            found += [
                Answer(unit.edition.name, unit.name, row) for row in _chosen(rows, cell, path)
            ]
    if not found:
        raise OptionError(
            "OCT-E058", "is in no edition", Span(path), hint="`from` of the editions says which are"
        )
    return found


def _chosen(rows: "list[Row]", cell: str, path: str) -> "list[Row]":
    if not cell:
        return rows
    found = [row for row in rows if row["cell"] == cell]
    if not found and cell.isdigit():
        found = [row for row in rows if row["number"] == int(cell)]
    if not found and cell[:1] == "L" and cell[1:].isdigit():
        found = [row for row in rows if int(str(row["line"])) in range(1, int(cell[1:]) + 1)][-1:]
    if not found:
        names = [str(row["cell"]) for row in rows]
        raise OptionError(
            "OCT-E059", f"has no cell {cell!r}", Span(path),
            hint=did_you_mean(cell, names) or f"a number from 1 to {len(rows)}, or an id",
        )  # fmt: skip
    return found
