"""Strip documents: outputs and counts, on request metadata, hidden parts, solutions.

Changes the files, or works as a filter: `octavo strip < in.ipynb > out.ipynb`, also as a clean
filter of git. What is not asked for stays, byte for byte.
"""

from octavo.cli import _transforming

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.core.document import Document

USAGE = "[FILE ...] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("--keep", default="", metavar="EXPRESSION",
        help="Cells that keep their outputs, such as 'tag:keep-output'.")  # fmt: skip
    add("--keep-outputs", action="store_true", help="Leave outputs and counts alone.")
    add("--metadata", action="store_true", help="Strip metadata too, but for the kernel.")
    add("--hidden", action="store_true", help="Remove what marks such as remove-cell hide.")
    add("--solutions", action="store_true", help="Put room for answers in place of solutions.")
    add(
        "--transform", action="append", default=[], metavar="STEP",
        help="Another transform, such as lock:non-answer; may be repeated.",
    )  # fmt: skip
    _transforming.add_arguments(parser)


def run(arguments: "Namespace") -> int:
    """Strip each document; one that fails does not stop the others."""
    from octavo.transforms import _expression, _index

    if arguments.keep:
        _expression.parse(_expression.named(arguments.keep))
    for word in arguments.transform:
        _index.step(word)

    def change(document: "Document", name: str) -> "Document":
        return _stripped(document, name, arguments)

    return _transforming.run(arguments, change)


def _stripped(document: "Document", name: str, arguments: "Namespace") -> "Document":
    from octavo.transforms import _index
    from octavo.transforms.clear import clear
    from octavo.transforms.hide import remove_hidden
    from octavo.transforms.strip import strip

    before = document
    if arguments.solutions:
        document = clear(document)
    if arguments.hidden:
        document = remove_hidden(document)
    for word in arguments.transform:
        document = _index.apply(document, word, name)
    document = strip(
        document, outputs=not arguments.keep_outputs, counts=not arguments.keep_outputs,
        metadata=arguments.metadata, keep=arguments.keep, path=name,
    )  # fmt: skip
    return before if document == before else document
