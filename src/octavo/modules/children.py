"""Processes that `multiprocessing` starts afresh can import notebooks too.

A parent hands to a child what it needs to begin with, pickled.  An object among it installs the
import hook when the child unpickles it, before any function of a notebook arrives.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_MARK = "_octavo_original"


class _Hook:
    """Becomes a call of `_install` in the process that unpickles it."""

    def __init__(self, *, docstrings: bool) -> None:
        self._docstrings = docstrings

    def __reduce__(self) -> "tuple[Callable[..., None], tuple[bool]]":
        return _install, (self._docstrings,)


def _install(docstrings: bool) -> None:  # noqa: FBT001  called by pickle
    from octavo.modules.install import install

    install(docstrings=docstrings)


def reach(spawn: "ModuleType") -> None:
    """Let `multiprocessing.spawn` hand the import hook on, while it is installed."""
    if hasattr(spawn.get_preparation_data, _MARK):
        return
    original = spawn.get_preparation_data

    def get_preparation_data(name: str) -> "dict[str, object]":
        from octavo.modules.install import choice_of_docstrings

        data: dict[str, object] = original(name)
        choice = choice_of_docstrings()
        if choice is not None:
            data["octavo"] = _Hook(docstrings=choice)
        return data

    setattr(get_preparation_data, _MARK, original)
    spawn.get_preparation_data = get_preparation_data  # type: ignore[attr-defined]  # a module
