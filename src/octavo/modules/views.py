"""Show the Python of loaded notebooks to whoever asks `linecache`: pdb, inspect, tracebacks.

The lines are made when somebody looks at them, so importing costs nothing for it.
"""

import sys

from octavo.core.errors import OctavoError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.modules.loader import NotebookLoader


class Lines:
    """The lines of a loaded notebook as `linecache` keeps them: each with its newline."""

    __slots__ = ("_lines", "_loader")

    def __init__(self, loader: "NotebookLoader") -> None:
        self._loader = loader
        self._lines: list[str] | None = None

    def _get(self) -> list[str]:
        if self._lines is None:
            try:
                python = self._loader.module_source().python
            except (OSError, OctavoError):
                python = ""
            self._lines = python.splitlines(keepends=True) if python.isascii() else _split(python)
        return self._lines

    def __len__(self) -> int:
        return len(self._get())

    def __getitem__(self, index: "int | slice") -> "str | list[str]":
        return self._get()[index]

    def __iter__(self) -> "Iterator[str]":
        return iter(self._get())


def _split(python: str) -> list[str]:
    return [line + "\n" for line in python.split("\n")[:-1]]


def show(loader: "NotebookLoader") -> None:
    """Let `linecache` show the Python of a loaded notebook; if nobody loaded it yet, later."""
    linecache = sys.modules.get("linecache")
    if linecache is not None:
        _put(linecache.cache, loader)


def show_all(linecache: object) -> None:
    """Let `linecache`, which was just loaded, show all loaded notebooks."""
    from octavo.modules.loader import LOADED

    for loader in LOADED.values():
        _put(linecache.cache, loader)  # type: ignore[attr-defined]  # a module


def _put(cache: "dict[str, object]", loader: "NotebookLoader") -> None:
    # Without a time, `linecache.checkcache` lets the entry stay.
    cache[loader.path] = (loader.stamp[1], None, Lines(loader), loader.path)


def hide_all() -> None:
    """Take the notebooks out of `linecache`."""
    from octavo.modules.loader import LOADED

    linecache = sys.modules.get("linecache")
    for path in LOADED if linecache is not None else ():
        linecache.cache.pop(path, None)  # type: ignore[union-attr]  # it is there
