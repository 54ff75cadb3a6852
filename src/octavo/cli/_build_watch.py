"""`octavo build --watch`: build at each change, and show the files in a browser that follows."""

import os

from octavo.cli import _output, build
from octavo.core.errors import OctavoError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from octavo.editions.serve import Server


def run(arguments: "Namespace") -> int:
    """Build until somebody stops it."""
    import threading

    from octavo.editions.serve import Server
    from octavo.workspace import config_editions, watch

    root = config_editions.load(arguments.project).root
    stop = threading.Event()
    with Server(root, arguments.port) as server:
        _build(arguments, server)
        _output.err(f"octavo: {server.address} shows the editions; Ctrl-C ends it\n")
        if arguments.open:
            import webbrowser

            webbrowser.open(server.address)
        for changed in watch.changes([root], stop):
            if any(_counts(path, root, server) for path in changed):
                _build(arguments, server)
    return 0


def _counts(path: str, root: str, server: "Server") -> bool:
    """Return whether a change is not one of ours, nor in a hidden folder."""
    from octavo.editions.plan import BESIDE

    relative = os.path.relpath(path, root).replace(os.sep, "/")
    parts = relative.split("/")
    if any(part.startswith(".") or part == "__pycache__" for part in parts):
        return False
    return relative != BESIDE and relative not in server.paths and not os.path.isdir(path)


def _build(arguments: "Namespace", server: "Server") -> None:
    from octavo.editions import build as editions

    try:
        report = editions.build(arguments.editions, arguments.project, build.wishes(arguments))
    except OctavoError as error:  # octavo.toml is being edited, for example
        _output.error(error)
        return
    build.tell(report, arguments)
    paths = [one.path for one in report.files if one.status in ("written", "unchanged")]
    if report.changes or sorted(paths) != server.paths:
        server.built(paths)
