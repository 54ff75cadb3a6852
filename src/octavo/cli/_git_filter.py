"""Filter notebooks on their way into git and out: git starts this once for each command."""

from octavo.cli import _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.vcs.filter_process import Rules

USAGE = "[--strip-outputs] [--strip-counts] [--convert FORMAT]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add_rules(parser)
    parser.add_argument(
        "--once", choices=("clean", "smudge"), default="",
        help="Filter one file from stdin to stdout, for versions of git without processes.",
    )  # fmt: skip


def add_rules(parser: "ArgumentParser") -> None:
    """Add what is to become of notebooks."""
    parser.add_argument(
        "--strip-outputs", action="store_true", help="Keep outputs and counts out of git."
    )
    parser.add_argument(
        "--strip-counts", action="store_true", help="Keep execution counts out of git."
    )
    parser.add_argument(
        "--convert", default="", metavar="FORMAT",
        help="Keep notebooks in git as text of this format, such as md or py:percent.",
    )  # fmt: skip


def rules(arguments: "Namespace") -> "Rules":
    """Return what is to become of notebooks.

    Raises: `OptionError` OCT-O010 for an unknown format.
    """
    from octavo.core.errors import OptionError
    from octavo.formats import _names
    from octavo.vcs.filter_process import Rules

    if arguments.convert and _names.parse(arguments.convert).suffix == _names.IPYNB:
        raise OptionError("OCT-O010", "--convert takes a text format, not ipynb")
    return Rules(
        outputs=arguments.strip_outputs, counts=arguments.strip_counts, format=arguments.convert
    )


def run(arguments: "Namespace") -> int:
    """Answer git until it has no more files."""
    import sys

    from octavo.cli import attempt
    from octavo.core.errors import OctavoError, OptionError
    from octavo.vcs import filter_process

    def tell(text: str) -> None:
        _output.err(_output.one_line(f"octavo: {text}") + "\n")

    wishes = rules(arguments)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    if arguments.once:
        data = source.read()
        action = filter_process.clean if arguments.once == "clean" else filter_process.smudge
        try:
            made = action(data, wishes)
        except OctavoError as error:
            tell(f"goes through as it is: {error.message} [{error.code}]")
            made = data
        _output.out_bytes(made)
        return 0
    answers = filter_process.Filter(source, target, wishes, tell)
    if not answers.greet():
        raise OptionError(
            "OCT-O023", "git filter: git starts this command and speaks to it",
            hint="`octavo git install --strip-outputs` sets it up",
        )  # fmt: skip
    fault = attempt(answers.answer)
    if isinstance(fault, OctavoError):
        _output.error(fault)
    return 0  # any other code would let git's command greet once more, see vcs/commands.py
