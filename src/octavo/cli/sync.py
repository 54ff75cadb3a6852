"""Make all files of each pair the same document again; no edit is lost.

What changed is told by content, never by file times. If several members changed, they are
merged cell by cell. Where two people changed the same thing, both versions are kept in the
document as marked cells, and the exit code is 1; `octavo resolve` finishes such a conflict.
"""

from octavo.cli import _syncing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.workspace.pairs import Pair

_NOT_PAIRED = "OCT-W025"
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
        "--check", action="store_true",
        help="Write nothing; end with 1 if something would change or git's index disagrees.",
    )  # fmt: skip
    parser.add_argument(
        "--staged", action="store_true",
        help="End with 1, too, where git's index lacks what a pair holds now. For hooks.",
    )  # fmt: skip
    parser.add_argument(
        "--if-paired", action="store_true", help="Pass over files that belong to no pair."
    )
    parser.add_argument(
        "--daemon", action="store_true",
        help="Let the warm process of the project do it; start one if there is none.",
    )  # fmt: skip
    _syncing.add_flags(parser)


def run(arguments: "Namespace") -> int:
    """Sync all pairs; one that fails does not stop the others."""
    from octavo.core.errors import OctavoError
    from octavo.workspace.find import Finder

    arguments.dry_run = arguments.dry_run or arguments.check
    finder = Finder()
    report = _syncing.Report(arguments)
    done: list[Pair] = []
    for entry in finder.all(arguments.files or ["."]):
        _syncing.clean_up(finder, report)
        if isinstance(entry, OctavoError):
            if not (arguments.if_paired and entry.code == _NOT_PAIRED):
                report.fault(entry)
            continue
        _syncing.sync_one(entry, finder, report, marks=arguments.on_conflict == "mark")
        done.append(entry)
    if arguments.check or arguments.staged:
        from octavo.cli import _staged

        _staged.look(done, finder, report, staged=arguments.staged)
    if arguments.daemon and done:
        from octavo.cli import _daemon_start

        _daemon_start.start(done[0].root)
    return report.finish(summary=bool(done) or not arguments.if_paired)
