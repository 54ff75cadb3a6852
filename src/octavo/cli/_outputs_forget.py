"""Drop what is kept of documents, in case it should not be kept at all.

The outputs themselves go with it unless another document has them too.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "FILE... [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="The texts, as `octavo outputs status` names them."
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="Print errors only.")


def run(arguments: "Namespace") -> int:
    """Drop what is kept of each file; one that fails does not stop the others."""
    from octavo.cli import _output, attempt
    from octavo.core.errors import OctavoError

    code = 0
    for path in arguments.files:

        def action(path: str = path) -> int:
            return _forget(path, quiet=arguments.quiet)

        result = attempt(action)
        if isinstance(result, OctavoError):
            _output.error(result)
            code = max(code, result.exit_code)
    return code


def _forget(path: str, *, quiet: bool) -> int:
    from octavo.cli import _output, _outputs
    from octavo.core.errors import FileError, Span
    from octavo.workspace import output_cleaning

    store = _outputs.store_of(path)
    with store.locked():
        if not output_cleaning.forget(store, path):
            raise FileError(
                "OCT-W031", "nothing is kept of it", Span(path),
                hint="`octavo outputs status` lists the documents",
            )  # fmt: skip
        output_cleaning.remove(store, output_cleaning.garbage(store))
    if not quiet:
        _output.err(_output.one_line(f"{path}: forgotten") + "\n")
    return 0
