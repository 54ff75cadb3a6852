"""End pairs: the members stay, as documents of their own.

They are synced once more before. A pair that comes from the configuration ends there.
"""

from octavo.cli import _syncing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "FILE... [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="Any member of each pair.")
    _syncing.add_flags(parser)


def run(arguments: "Namespace") -> int:
    """End the pairs of all files."""
    from octavo.core.errors import OctavoError
    from octavo.workspace.find import Finder
    from octavo.workspace.pairing import forgotten
    from octavo.workspace.state import Store

    finder = Finder()
    report = _syncing.Report(arguments)
    for entry in finder.all(arguments.files):
        if isinstance(entry, OctavoError):
            report.fault(entry)
            continue
        done = _syncing.sync_one(entry, finder, report, change=forgotten)
        if done is not None and not arguments.dry_run:
            Store(entry.root).forget(entry)
    return report.finish(summary=False)
