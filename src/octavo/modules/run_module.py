"""Run a module, notebook or script, as the main program, with notebooks to import from."""

import os
import sys

from octavo.core.errors import Span
from octavo.modules import finder, install, notes
from octavo.modules.errors import ModuleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType


def run(name: str, arguments: "Sequence[str]", *, folder: str, docstrings: bool = False) -> None:
    """Run module *name* as `__main__`, as `python -m` does; *name* may be a path too.

    Modules are looked for in *folder*, or beside the file that a path names.  An error that the
    module raises gets the cells that it went through as notes.

    Raises: `ModuleError` OCT-M004 when there is no such module, and what the module raises.
    """
    from runpy import run_module

    path = os.path.join(folder, name)
    if os.path.isfile(path) and (name.endswith(".py") or finder.is_notebook(name)):
        folder, name = os.path.dirname(os.path.abspath(path)), _stem(path)
    was_installed, path_before, arguments_before = install.is_installed(), [*sys.path], [*sys.argv]
    install.install(docstrings=docstrings)
    sys.path.insert(0, folder)
    try:
        found = _found(name, folder)
        sys.argv[:] = [found, *arguments]
        run_module(name, run_name="__main__", alter_sys=True)
    except Exception as error:
        notes.add(error)
        raise
    finally:
        sys.path[:], sys.argv[:] = path_before, arguments_before
        if not was_installed:
            install.uninstall()


def _found(name: str, folder: str) -> str:
    """Return the file of a module.

    Raises: `ModuleError` OCT-M004.
    """
    from importlib.util import find_spec

    try:
        found = find_spec(name)
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise ModuleError(
            "OCT-M004", f"no module named {name!r}", Span(folder),
            hint="name a notebook or script beside which you are, or a path to it", name=name,
        )  # fmt: skip
    return found.origin or name


def own_frames(traceback: "TracebackType | None") -> "TracebackType | None":
    """Return *traceback* from the module on: without the frames that started it."""
    here = traceback
    while here is not None:
        if here.tb_frame.f_globals.get("__name__") == "__main__" and not _is_ours(here):
            return here
        here = here.tb_next
    return traceback


def _is_ours(entry: "TracebackType") -> bool:
    """Return whether a frame is one of `python -m octavo`."""
    return entry.tb_frame.f_globals.get("__package__") == "octavo"


def _stem(path: str) -> str:
    """Return the name under which a file is imported.

    Raises: `ModuleError` OCT-M004 for a name with a dot: Python would look for a package.
    """
    file = os.path.basename(path)
    stem = file[:-3] if file.endswith(".py") else finder.stem_of(file)
    if "." in stem:
        raise ModuleError(
            "OCT-M004", f"{file!r} cannot be a module: its name has a dot", Span(path),
            hint="rename it",
        )  # fmt: skip
    return stem
