"""Name the cells that an error went through, as notes of the exception (PEP 678).

Traceback (most recent call last):
  ...
  File "/home/ada/analysis.md", line 42, in load
    return rows / 0
ZeroDivisionError: division by zero
analysis.md:42 (cell "Loading the data")
"""

from octavo.core.errors import OctavoError
from octavo.modules.errors import ModuleSyntaxError
from octavo.modules.loader import LOADED, NotebookLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


def add(error: BaseException) -> None:
    """Add to *error*, and to those it came from, the cells of notebooks they went through."""
    seen: set[int] = set()
    here: BaseException | None = error
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        _add(here)
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)


def places(traceback: "TracebackType | None") -> list[str]:
    """Return `analysis.md:42 (cell "Loading the data")` for each frame in a notebook."""
    found = []
    while traceback is not None:
        path = traceback.tb_frame.f_code.co_filename
        if path in LOADED:
            place = _place(LOADED[path], traceback.tb_lineno)
            if place:
                found.append(place)
        traceback = traceback.tb_next
    return list(dict.fromkeys(found))


def _add(error: BaseException) -> None:
    found = places(error.__traceback__)
    if isinstance(error, SyntaxError) and not isinstance(error, ModuleSyntaxError):
        found += _place_of_syntax_error(error)
    known = getattr(error, "__notes__", ())
    for place in found:
        if place not in known:
            error.add_note(place)


def _place_of_syntax_error(error: SyntaxError) -> list[str]:
    from octavo.modules.finder import is_notebook

    path, line = error.filename, error.lineno
    if not path or not line or not is_notebook(path):
        return []
    loader = LOADED.get(path) or NotebookLoader("", path)
    place = _place(loader, line)
    return [place] if place else []


def _place(loader: NotebookLoader, line: int | None) -> str:
    try:
        module = loader.module_source()
    except (OSError, OctavoError):
        return ""
    return module.place(line) if line and module.cell_at(line) else ""
