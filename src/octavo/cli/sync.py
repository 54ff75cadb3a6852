"""Make all files of each pair the same document again; no edit is lost.

What changed is told by content, never by file times. If several members changed, they are
merged cell by cell. Where two people changed the same thing, both versions are kept in the
document as marked cells, and the exit code is 1; `octavo resolve` finishes such a conflict.
"""

from octavo.cli import _syncing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[FILE|FOLDER ...] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE|FOLDER",
        help="Any member of a pair, or a folder with all pairs in it. Default: this folder.",
    )  # fmt: skip
    parser.add_argument(
        "--on-conflict", choices=("mark", "fail"), default="mark",
        help="mark: keep both versions as marked cells. fail: write nothing, report. "
        "Default: mark.",
    )  # fmt: skip
    parser.add_argument(
        "--daemon", action="store_true",
        help="Let the warm process of the project do it; start one if there is none.",
    )  # fmt: skip
    _syncing.add_flags(parser)


def run(arguments: "Namespace") -> int:
    """Sync all pairs; one that fails does not stop the others."""
    from octavo.core.errors import OctavoError
    from octavo.workspace.find import Finder

    if arguments.daemon:
        from octavo.cli import _daemon_start

        _daemon_start.start((arguments.files or ["."])[0])
    finder = Finder()
    report = _syncing.Report(arguments)
    for entry in finder.all(arguments.files or ["."]):
        if isinstance(entry, OctavoError):
            report.fault(entry)
        else:
            _syncing.sync_one(entry, finder, report, marks=arguments.on_conflict == "mark")
    return report.finish()
