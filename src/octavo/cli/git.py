"""Make git understand notebooks: diffs, merges, filters, and clean histories."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "SUBCOMMAND ..."

#: Name -> (module of this folder, imported when the subcommand runs; its line in the help).
SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "install": ("_git_install", "Teach git what notebooks are."),
    "uninstall": ("_git_uninstall", "Take out exactly what install put in."),
    "status": ("_git_status", "Say what git does with notebooks here."),
    "textconv": ("_git_textconv", "Print a notebook as text; git calls this."),
    "merge": ("_git_merge", "Merge three versions by cell; git calls this."),
    "filter": ("_git_filter", "Filter notebooks into git and out; git calls this."),
    "rewrite": ("_git_rewrite", "Turn notebooks into text in every commit of a history."),
}


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the name of the subcommand."""
    parser.add_argument(
        "subcommand", choices=tuple(SUBCOMMANDS), metavar="SUBCOMMAND", help="What to do."
    )


def run(arguments: "Namespace") -> int:
    """Run the subcommand without arguments: `octavo.cli` dispatches those that have any."""
    from octavo.cli import main

    return main(["git", arguments.subcommand])
