"""Remove outputs that no document needs any more.

What is kept of a file that is gone stays: it may have been renamed, or be on another branch.
`--forget-missing` drops that too.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[FOLDER] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "folder", nargs="?", default=".", metavar="FOLDER",
        help="A folder of the project. Default: this folder.",
    )  # fmt: skip
    parser.add_argument(
        "--forget-missing", action="store_true",
        help="Drop what is kept of files that are gone, and damaged records.",
    )  # fmt: skip
    parser.add_argument("-n", "--dry-run", action="store_true", help="Say what would be removed.")
    parser.add_argument("--json", action="store_true", help="Report as JSON on stdout.")
    parser.add_argument("-q", "--quiet", action="store_true", help="Print errors only.")


def run(arguments: "Namespace") -> int:
    """Remove what nobody needs."""
    from octavo.cli import _output, _outputs
    from octavo.workspace import output_cleaning

    store = _outputs.store_of(arguments.folder)
    if arguments.dry_run:
        found = output_cleaning.garbage(store, forget_missing=arguments.forget_missing)
    else:
        with store.locked():
            found = output_cleaning.garbage(store, forget_missing=arguments.forget_missing)
            output_cleaning.remove(store, found)
    if arguments.json:
        _output.out_json(
            {
                "removed": [store.name_of(path) for path in found.paths],
                "size_bytes": found.size_bytes,
                "forgotten": found.documents,
                "dry_run": arguments.dry_run,
            }
        )
    elif not arguments.quiet:
        if found.held_back:
            _output.err(
                f"{store.name_of(found.held_back)}: is damaged, so no output is removed "
                "(--forget-missing drops it)\n"
            )
        for name in found.documents:
            _output.err(_output.one_line(f"{name}: {_would(arguments, 'forgotten')}") + "\n")
        sum_ = f"{_outputs.count(len(found.paths), 'file')}, {_outputs.size(found.size_bytes)}"
        _output.err(f"octavo: {sum_} {_would(arguments, 'removed')}\n")
    return 0


def _would(arguments: "Namespace", what: str) -> str:
    return f"would be {what}" if arguments.dry_run else what
