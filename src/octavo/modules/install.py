"""Switch the import of notebooks on and off."""

import sys
from importlib.machinery import PathFinder

from octavo.modules.finder import NotebookFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType, TracebackType

    Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


class _State:
    """What was installed, so that it can be taken back."""

    finder: "NotebookFinder | None" = None
    excepthook: "Hook | None" = None


def install(*, docstrings: bool = False) -> None:
    """Let `import` find notebooks: .ipynb, .md, .Rmd, .qmd, .myst beside ordinary .py files.

    With *docstrings*, Markdown before a definition that has no docstring becomes it.  Calling
    it again only changes that choice.  Processes started with `multiprocessing` get the same.
    """
    if _State.finder is not None:
        _State.finder.docstrings = docstrings
        return
    finder = NotebookFinder(docstrings=docstrings)
    _State.finder = finder
    places = [i for i, other in enumerate(sys.meta_path) if other is PathFinder]
    sys.meta_path.insert(places[0] if places else len(sys.meta_path), finder)
    _when_loaded(finder, "linecache", _show_lines)
    _when_loaded(finder, "multiprocessing.spawn", _reach_children)
    _when_loaded(finder, "pdb", _reach_debugger)
    _State.excepthook = sys.excepthook
    sys.excepthook = _excepthook


def uninstall() -> None:
    """Take the import of notebooks back; modules that are loaded stay."""
    if _State.finder in sys.meta_path:
        sys.meta_path.remove(_State.finder)
    _State.finder = None
    if sys.excepthook is _excepthook and _State.excepthook is not None:
        sys.excepthook = _State.excepthook


def is_installed() -> bool:
    """Return whether notebooks can be imported."""
    return _State.finder is not None


def _when_loaded(finder: NotebookFinder, name: str, action: "Callable[[ModuleType], None]") -> None:
    module = sys.modules.get(name)
    if module is not None:
        action(module)
    else:
        finder.after_import[name] = action


def _show_lines(linecache: "ModuleType") -> None:
    from octavo.modules import views

    views.show_all(linecache)


def _reach_children(spawn: "ModuleType") -> None:
    from octavo.modules import children

    children.reach(spawn)


def _reach_debugger(pdb: "ModuleType") -> None:
    from octavo.modules import debugger

    debugger.reach(pdb)


def choice_of_docstrings() -> bool | None:
    """Return the choice that was installed, None where nothing is."""
    return _State.finder.docstrings if _State.finder is not None else None


def _excepthook(
    kind: type[BaseException], error: BaseException, traceback: "TracebackType | None"
) -> None:
    """Name the cells that an error went through, then show it as before."""
    previous = _State.excepthook or sys.__excepthook__
    if is_installed() and isinstance(error, Exception):
        from octavo.modules import notes

        notes.add(error)
        if (
            previous is sys.__excepthook__
            and sys.version_info < (3, 13)
            and notes.places(traceback)
        ):
            # Python's own display reads the file; this one shows the lines of Python.
            from traceback import print_exception

            print_exception(kind, error, traceback)
            return
    previous(kind, error, traceback)
