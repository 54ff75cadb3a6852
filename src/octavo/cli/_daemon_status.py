"""Tell whether a process serves the project, and which; exit code 1 when none does."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[FOLDER] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument("folder", nargs="?", default=".", help="A folder of the project.")
    parser.add_argument("--json", action="store_true", help="Print JSON.")


def run(arguments: "Namespace") -> int:
    """Ask the process about itself."""
    import os

    from octavo.cli import _daemon_client, _output

    path = ""
    if hasattr(os, "getuid"):
        path = _daemon_client.find_socket(os.path.realpath(arguments.folder))
    answer = _daemon_client.request(path, "status", ()) if path else None
    if arguments.json:
        version = answer.version if answer else None
        _output.out_json({"running": answer is not None, "version": version, "socket": path})
    elif answer is None:
        _output.out("not running\n")
    else:
        _output.out(f"running: {answer.out.decode()}" if answer.out else "running\n")
    return 0 if answer is not None else 1
