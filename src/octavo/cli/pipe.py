"""Send documents through a formatter or a checker, and put the result back cell by cell.

The program gets each document as a script: formatters print it anew, and sources change while
ids, outputs and metadata stay; all members of a pair follow. Of checkers (known ones such as `ruff
check`, or any with --check), each place that they name becomes one in your file: its line, or
cell and line of a notebook. Magics are comments meanwhile. No shell is involved.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "COMMAND FILE|FOLDER... [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add(
        "command", metavar="COMMAND",
        help="The program with its arguments, in quotes: 'black -'. {} is a temporary file with "
        "the text, {name} the name that it would have.",
    )  # fmt: skip
    add("files", nargs="*", metavar="FILE|FOLDER", help="Notebooks and texts, or folders of them.")
    add(
        "--check", action="store_true", help="The program prints findings, no text: change nothing."
    )
    add(
        "-t", "--to", "--format", dest="to", default="auto:percent", metavar="FORMAT",
        help="The format of the text. Default: auto:percent.",
    )  # fmt: skip
    add("--diff", action="store_true", help="Show what would change in the text; write nothing.")
    add("-n", "--dry-run", action="store_true", help="Say what would be written.")
    add("-j", "--jobs", type=int, default=1, metavar="N", help="Run so many at once. Default: 1.")
    add(
        "--timeout", type=float, default=60.0, metavar="SECONDS",
        help="End a program that takes longer; 0: never. Default: 60.",
    )  # fmt: skip
    add("--color", choices=("auto", "always", "never"), default="auto", help="Colour the diff.")
    add("--json", action="store_true", help="Report as JSON on stdout.")
    add("-q", "--quiet", action="store_true", help="Print findings and errors only.")


def run(arguments: "Namespace") -> int:
    """Send every document through the program; one that fails does not stop the others."""
    from octavo.cli import _piping
    from octavo.core.errors import OptionError
    from octavo.formats import _names
    from octavo.workspace.pipe import Pipe
    from octavo.workspace.pipe_command import Command

    if not arguments.files:
        raise OptionError("OCT-O023", "no files given", hint="octavo pipe 'black -' a.ipynb")
    _names.parse(arguments.to)
    command = Command(arguments.command, is_check=arguments.check)
    pipe = Pipe(command, arguments.to, arguments.timeout)
    return _piping.Run(pipe, arguments).all(arguments.files)
