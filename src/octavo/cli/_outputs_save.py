"""Keep the outputs of notebooks now: of pairs, and of notebooks beside a text of their name.

`octavo sync` and `octavo convert` do it by themselves from then on.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.workspace.find import Finder

USAGE = "[FILE|FOLDER ...] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE|FOLDER",
        help="Members of pairs, or folders with pairs in them. Default: this folder.",
    )  # fmt: skip
    parser.add_argument("-q", "--quiet", action="store_true", help="Print errors only.")


def run(arguments: "Namespace") -> int:
    """Keep the outputs of all notebooks; one that fails does not stop the others."""
    from octavo.cli import _output, attempt
    from octavo.core.errors import OctavoError
    from octavo.workspace.find import Finder

    finder = Finder()
    code = 0
    for entry in finder.all(arguments.files or ["."]):
        result: int | OctavoError
        if isinstance(entry, OctavoError):
            result = entry
        else:

            def action(paths: tuple[str, ...] = entry.paths) -> int:
                return _save(paths, finder, quiet=arguments.quiet)

            result = attempt(action)
        if isinstance(result, OctavoError):
            _output.error(result)
            code = max(code, result.exit_code)
    return code


def _save(paths: tuple[str, ...], finder: "Finder", *, quiet: bool) -> int:
    from octavo.cli import _output, _outputs, _syncing
    from octavo.workspace import files, outputs

    notebook = next((path for path in paths if path.endswith(".ipynb")), "")
    if not os.path.isfile(notebook):
        return 0
    store = outputs.open_for(notebook, finder.config_of(notebook)) or _outputs.store_of(notebook)
    text = outputs.text_member(paths)
    changed = outputs.remember(files.read_document(notebook, None, {}), text, store)
    if not quiet:
        state = "kept" if changed else "unchanged"
        _output.err(_output.one_line(f"{_syncing.shown(notebook)}: outputs {state}") + "\n")
    return 0
