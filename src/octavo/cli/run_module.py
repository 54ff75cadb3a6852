"""Run a notebook as the main program, and let it import other notebooks.

As `python -m`, for notebooks too: `octavo run-module analysis` runs the cells of analysis.ipynb,
.md, .Rmd, .qmd or .myst that are active in scripts.  What follows the module are its own arguments.
"""

from octavo.core.errors import OctavoError, OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[options] MODULE [ARGUMENT ...]"
#: The words after the first argument are not ours.
PASSES_ON = True


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "words",
        nargs="*",
        metavar="MODULE",
        help="The name of a module (analysis, package.analysis) or a path, and its arguments.",
    )
    parser.add_argument(
        "--docstrings",
        action="store_true",
        help="Let Markdown before a definition without docstring be its docstring.",
    )


def run(arguments: "Namespace") -> int:
    """Run the module; exit 1, with its traceback, when it raises an error."""
    import os
    import sys

    from octavo.modules import run_module

    if not arguments.words:
        raise OptionError("OCT-O020", "run-module: name a module", hint="such as analysis")
    name, *rest = arguments.words
    try:
        run_module.run(name, rest, folder=os.getcwd(), docstrings=arguments.docstrings)
    except OctavoError:
        raise
    except Exception as error:  # noqa: BLE001  an error of the program that was run
        sys.stdout.flush()
        _show(error.with_traceback(run_module.own_frames(error.__traceback__)))
        return 1
    return 0


def _show(error: Exception) -> None:
    """Show an error of the program as Python would, or as the program itself wants it."""
    import sys
    from traceback import print_exception

    if sys.excepthook is sys.__excepthook__:
        print_exception(error)
    else:
        sys.excepthook(type(error), error, error.__traceback__)
