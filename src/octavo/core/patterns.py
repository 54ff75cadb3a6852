"""Regular expressions that are compiled when they are first used.

Compiling the patterns of all rules costs more than a small conversion does; most conversions
need a few of them.
"""

import re

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class _Lazy:
    """Stands for a pattern; after the first use its methods are the pattern's own."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(self._pattern, self._flags)
        for method in _METHODS:
            self.__dict__[method] = getattr(compiled, method)
        return getattr(compiled, name)


def lazy(pattern: str, flags: int = 0) -> "re.Pattern[str]":
    """Return what can be used as the compiled pattern.

    >>> lazy("a+").findall("aab")
    ['aa']
    """
    return _Lazy(pattern, flags)  # type: ignore[return-value]  # it answers as one
