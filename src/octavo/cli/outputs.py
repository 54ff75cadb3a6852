"""Look after the output store: what is kept beside the texts of a project.

With `outputs = "store"` in octavo.toml, `octavo sync` and `octavo convert` keep
the outputs of notebooks in a store, and give them back when a text is opened as
a notebook.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "SUBCOMMAND ..."

#: Name -> (module of this folder, imported when the subcommand runs; its line in the help).
SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "status": ("_outputs_status", "List the documents whose outputs are kept."),
    "save": ("_outputs_save", "Keep the outputs of notebooks now."),
    "gc": ("_outputs_gc", "Remove outputs that no document needs any more."),
    "forget": ("_outputs_forget", "Drop what is kept of documents."),
}


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the name of the subcommand."""
    parser.add_argument(
        "subcommand", choices=tuple(SUBCOMMANDS), metavar="SUBCOMMAND", help="What to do."
    )


def run(arguments: "Namespace") -> int:
    """Run the subcommand without arguments: `octavo.cli` dispatches those that have any."""
    from octavo.cli import main

    return main(["outputs", arguments.subcommand])
