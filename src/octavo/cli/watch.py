"""Keep pairs in sync while you edit them; also answers `octavo sync --daemon` at once.

Every pair is synced at the start, then each as soon as one of its files changes: one line tells
what was written. Ctrl-C ends it. A file that cannot be read, or a conflict, is told and stops
nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator
    from threading import Event, Lock

    from octavo.cli import _watching
    from octavo.cli._daemon_server import Server
    from octavo.workspace.watch import StopEvent, Tree

USAGE = "[FILE|FOLDER ...] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE|FOLDER",
        help="Members of pairs, or folders with all pairs in them. Default: this folder.",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="Print one JSON object a line.")
    parser.add_argument("-q", "--quiet", action="store_true", help="Print errors only.")
    parser.add_argument(
        "--no-socket", action="store_true", help="Do not answer `octavo sync --daemon`."
    )


def run(arguments: "Namespace") -> int:
    """Watch until somebody ends it."""
    import threading

    from octavo.cli import _signals, _watching, attempt
    from octavo.workspace.watch import Tree

    names = arguments.files or ["."]
    report = _watching.Report(json=arguments.json, quiet=arguments.quiet)
    tree = Tree(names, report, attempt)
    folders = tree.folders()
    stop, busy = threading.Event(), threading.Lock()
    with _signals.ended_by(stop):
        server = None if arguments.no_socket else _open_socket(names[0], busy, stop, report)
        try:
            _follow(tree, folders, report, busy, stop)
        finally:
            if server is not None:
                server.close()
    return 0


def _follow(
    tree: "Tree", folders: list[str], report: "_watching.Report", busy: "Lock", stop: "StopEvent"
) -> None:
    """Sync everything, then whatever changes; the watch stands before the first look."""
    from octavo.workspace import watch

    begun = False
    for paths in _changes(folders, stop):
        with busy:
            if not begun:
                tree.begin()
                report.ready(len(tree.pairs), folders)
                begun = True
            now = watch.clock()
            tree.changed(paths, now)
            tree.work(now)


def _changes(folders: list[str], stop: "StopEvent") -> "Iterator[list[str]]":
    from octavo.workspace import watch

    return watch.changes(folders, stop)


def _open_socket(
    name: str, busy: "Lock", stop: "Event", report: "_watching.Report"
) -> "Server | None":
    """Serve requests beside the watch, if nobody serves the project yet."""
    import os

    from octavo.cli import _daemon_server
    from octavo.core.errors import OctavoError
    from octavo.workspace.find import Finder

    root = Finder().root_or(os.path.abspath(name))
    try:
        server = _daemon_server.Server(root, busy, stop)
        server.open()
    except OctavoError as error:
        report.note(str(error))
        return None
    server.start()
    return server
