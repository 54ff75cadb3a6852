"""Make, explain, check and prove launch links; keep their build branches.

A launch link opens one notebook of a content repository inside an environment
that was built from another branch or repository, on a BinderHub (such as
mybinder.org) or a JupyterHub.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "SUBCOMMAND ..."

#: Name -> (module of this folder, imported when the subcommand runs; its line in the help).
SUBCOMMANDS: dict[str, tuple[str, str]] = {}


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the name of the subcommand."""
    parser.add_argument(
        "subcommand", choices=tuple(SUBCOMMANDS), metavar="SUBCOMMAND", help="What to do."
    )


def run(arguments: "Namespace") -> int:
    """Run the subcommand without arguments: `octavo.cli` dispatches those that have any."""
    from octavo.cli import main

    return main(["binder", arguments.subcommand])
