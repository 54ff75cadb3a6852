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
SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "link": ("_binder_link", "Make a launch link, its badge, its QR code."),
    "explain": ("_binder_explain", "Tell in words what a launch link does."),
    "lint": ("_binder_lint", "Find and repair launch links that go wrong."),
    "branch": ("_binder_branch", "Make or renew the branch that images are built from."),
    "smoke": ("_binder_smoke", "Prove on this machine that a link opens its document."),
    "ui": ("_binder_ui", "Show the page that makes links, or write it to a file."),
    "rebuilds": ("_binder_rebuilds", "Foretell which commits make a hub build a new image."),
    "base": ("_binder_base", "Write a base image on which others build with one line."),
}


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the name of the subcommand."""
    parser.add_argument(
        "subcommand", choices=tuple(SUBCOMMANDS), metavar="SUBCOMMAND", help="What to do."
    )


def run(arguments: "Namespace") -> int:
    """Run the subcommand without arguments: `octavo.cli` dispatches those that have any."""
    from octavo.cli import main

    return main(["binder", arguments.subcommand])
