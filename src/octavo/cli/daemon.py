"""Serve `octavo sync --daemon` from a warm process, ask about it, end it."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "SUBCOMMAND ..."

#: Name -> (module of this folder, imported when the subcommand runs; its line in the help).
SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("_daemon_serve", "Serve a project until nobody asks any more."),
    "status": ("_daemon_status", "Tell whether a process serves the project."),
    "stop": ("_daemon_stop", "End the process that serves the project."),
}


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the name of the subcommand."""
    parser.add_argument(
        "subcommand", choices=tuple(SUBCOMMANDS), metavar="SUBCOMMAND", help="What to do."
    )


def run(arguments: "Namespace") -> int:
    """Run the subcommand without arguments: `octavo.cli` dispatches those that have any."""
    from octavo.cli import main

    return main(["daemon", arguments.subcommand])
