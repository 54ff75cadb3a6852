"""Pair a document with files in other formats, and write those that are missing.

The list of formats is noted in the document (`jupytext.formats`), so that every member knows
the others. Members that exist already are merged with it. To pair a whole tree, write
`formats = "ipynb,py:percent"` into octavo.toml instead.
"""

from octavo.cli import _syncing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.workspace.find import Finder

USAGE = "FILE... --with FORMATS [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="The documents to pair.")
    parser.add_argument(
        "--with", dest="formats", metavar="FORMATS", required=True,
        help="The other members, such as py:percent,md or notebooks///ipynb,scripts///py.",
    )  # fmt: skip
    _syncing.add_flags(parser)


def run(arguments: "Namespace") -> int:
    """Pair all files."""
    from octavo.cli import attempt
    from octavo.core.errors import OctavoError
    from octavo.workspace.find import Finder

    finder = Finder()
    report = _syncing.Report(arguments)
    for path in arguments.files:

        def action(path: str = path) -> int:
            _pair(path, arguments.formats, finder, report)
            return 0

        result = attempt(action)
        if isinstance(result, OctavoError):
            report.fault(result)
    return report.finish(summary=False)


def _pair(path: str, wanted: str, finder: "Finder", report: _syncing.Report) -> None:
    from octavo.workspace import pairing
    from octavo.workspace.state import Store

    found = pairing.plan(path, wanted, finder)
    if found.old is not None and not report.arguments.dry_run:
        # A member that is one no more would else call the others back.
        change = pairing.forgotten if found.dropped else None
        if _syncing.sync_one(found.old, finder, report, change=change) is None:
            return
        Store(found.old.root).forget(found.old)
        for one in found.dropped:
            report.tell(f"{_syncing.shown(one)}: is no member any more; it stays")
    _syncing.sync_one(found.pair, finder, report, change=found.noted)
