"""End the process that serves the project, be it `octavo daemon serve` or `octavo watch`."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[FOLDER]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument("folder", nargs="?", default=".", help="A folder of the project.")


def run(arguments: "Namespace") -> int:
    """Ask the process to end; nothing to do when there is none."""
    import os

    from octavo.cli import _daemon_client, _output

    path = ""
    if hasattr(os, "getuid"):
        path = _daemon_client.find_socket(os.path.realpath(arguments.folder))
    answer = _daemon_client.request(path, "stop", ()) if path else None
    _output.out("not running\n" if answer is None else "stopped\n")
    return 0
