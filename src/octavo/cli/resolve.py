"""Finish the conflicts that a sync or a merge of git left in a document.

Without a side, the marked cells that are still there stay and lose their marks: edit them as
you like, delete what you do not want, then resolve. A conflict that nobody has seen yet is marked
first, and not resolved.
"""

from octavo.cli import _syncing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.core.document import Document

_NOT_PAIRED = "OCT-W025"
USAGE = "FILE... [--ours | --theirs | --both] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="Documents, or any member of each pair."
    )
    sides = parser.add_mutually_exclusive_group()
    for side, which in (("ours", "the first"), ("theirs", "the second"), ("both", "each")):
        sides.add_argument(
            f"--{side}", dest="side", action="store_const", const=side,
            help=f"Keep {which} version of every conflict.",
        )  # fmt: skip
    _syncing.add_flags(parser)


def run(arguments: "Namespace") -> int:
    """Resolve the conflicts of all files."""
    from octavo.core.errors import OctavoError
    from octavo.core.merge import resolve
    from octavo.workspace.find import Finder

    def finish(document: "Document") -> "Document":
        return resolve(document, arguments.side or "both")

    finder = Finder()
    report = _syncing.Report(arguments)
    for entry in finder.all(arguments.files):
        if isinstance(entry, OctavoError) and entry.code == _NOT_PAIRED:
            _syncing.change_alone(entry.span.file, report, finish)
        elif isinstance(entry, OctavoError):
            report.fault(entry)
        elif not _syncing.has_new_conflicts(entry, finder, report):
            _syncing.sync_one(entry, finder, report, change=finish)
    return report.finish(summary=False)
