"""Print a notebook as text: git calls this for diffs, logs and blame."""

from octavo.cli import _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "FILE [--outputs]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", metavar="FILE", help="A notebook; '-' is stdin.")
    parser.add_argument("--outputs", action="store_true", help="Tell of each output in a line.")


def run(arguments: "Namespace") -> int:
    """Print the text; what is no notebook is printed as it is."""
    import sys

    from octavo.vcs import textconv
    from octavo.workspace import files

    is_stdin = arguments.file == "-"
    data = sys.stdin.buffer.read() if is_stdin else files.read_bytes(arguments.file)
    _output.out_bytes(textconv.readable(data, outputs=arguments.outputs))
    return 0
