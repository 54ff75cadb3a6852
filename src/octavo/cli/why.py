"""Tell why a cell is in or out of each edition.

Nothing is run or written. A cell is named by its id, its number, or a line of the text (L12).
"""

from octavo.cli import _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.editions.why import Answer

USAGE = "FILE[#CELL] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "cell", metavar="FILE#CELL", help="A document, or a cell of it: lesson.md#3."
    )
    parser.add_argument("--json", action="store_true", help="Print JSON.")


def run(arguments: "Namespace") -> int:
    """Print a line for each edition and cell."""
    import os

    from octavo.editions import why

    path, _, cell = arguments.cell.rpartition("#")
    if not path or os.path.exists(arguments.cell):
        path, cell = arguments.cell, ""
    answers = why.why(path, cell)
    if arguments.json:
        _output.out_json([answer.as_dict() for answer in answers])
        return 0
    for answer in answers:
        _output.out(_output.one_line(_line(answer, path)) + "\n")
    return 0


def _line(answer: "Answer", path: str) -> str:
    row = answer.row
    line = f":{row['line']}" if row["line"] else ""
    changes = row["changes"]
    choice = answer.unit.partition("?")[2]
    parts = [
        answer.edition
        + (f" ({choice})" if choice else "")
        + f": {path}{line} cell {row['number']} ({row['cell']}) is "
        + ("in" if row["in"] else "out")
    ]
    if row["why"]:
        parts.append(f"by {row['why']}")
    if isinstance(changes, list) and changes:
        parts.append("changed: " + "; ".join(map(str, changes)))
    return ", ".join(parts)
