"""Serve a project: answer `octavo sync --daemon` until nobody has asked for a while.

`octavo sync --daemon` starts it by itself, and `octavo watch` serves too.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[FOLDER] [options]"
_IDLE_S = 1800.0


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument("folder", nargs="?", default=".", help="A folder of the project.")
    parser.add_argument(
        "--idle", type=float, default=_IDLE_S, metavar="SECONDS",
        help="End after so long without a request; 0: never. Default: 1800.",
    )  # fmt: skip


def run(arguments: "Namespace") -> int:
    """Serve until somebody ends it, or nobody asks."""
    import os
    import threading

    from octavo.cli import _daemon_server, _output, _signals
    from octavo.workspace.find import Finder

    stop = threading.Event()
    root = Finder().root_or(os.path.abspath(arguments.folder))
    server = _daemon_server.Server(root, threading.Lock(), stop)
    with _signals.ended_by(stop):
        server.open()
        _output.err(f"octavo: serving {root}\n")
        try:
            server.serve(arguments.idle)
        finally:
            server.close()
    return 0
