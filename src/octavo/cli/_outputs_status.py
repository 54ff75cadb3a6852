"""List the documents whose outputs are kept, and how much room they take.

Every kept output is checked; exit code 1 if some are missing or damaged.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[FOLDER] [options]"
_FAULTS = ("incomplete", "damaged")


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "folder", nargs="?", default=".", metavar="FOLDER",
        help="A folder of the project. Default: this folder.",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="Print JSON.")


def run(arguments: "Namespace") -> int:
    """List what is kept; nothing is written."""
    from octavo.cli import _output, _outputs, _table
    from octavo.workspace import output_cleaning

    store = _outputs.store_of(arguments.folder)
    found = sorted(output_cleaning.survey(store), key=lambda kept: kept.name)
    if arguments.json:
        _output.out_json([kept.as_dict() for kept in found])
    elif found:
        head = ("document", "cells with outputs", "size", "state")
        rows = [
            (_output.one_line(kept.name), str(kept.cells), _outputs.size(kept.size_bytes),
             kept.state)
            for kept in found
        ]  # fmt: skip
        _output.out("".join(f"{line}\n" for line in _table.lines(head, rows)))
    return int(any(kept.state in _FAULTS for kept in found))
