"""Fenced blocks of Markdown cells in a script: `%%` inside a closed one is content."""

import re
from bisect import bisect_right

from octavo.core.patterns import lazy
from octavo.formats import _comments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.formats._percent import Notation

_FENCE = lazy(r" {0,3}(`{3,}|~{3,})(.*)\Z", re.DOTALL)


class Closers:
    """Where a text has lines that close fenced blocks."""

    __slots__ = ("_longest", "_places", "text")

    def __init__(self, notation: "Notation", text: str) -> None:
        self.text = text
        sign, end = re.escape(notation.comment), re.escape(notation.end)
        pattern = re.compile(rf"(?m)^(?:{sign} ?)? {{0,3}}(`{{3,}}|~{{3,}})\s*(?:{end})?[^\S\n]*$")
        self._places: dict[str, list[int]] = {"`": [], "~": []}
        self._longest: dict[str, list[int]] = {"`": [], "~": []}
        for match in reversed(list(pattern.finditer(text))):
            char, longest = match[1][0], self._longest[match[1][0]]
            self._places[char].append(-match.start())
            longest.append(max(len(match[1]), longest[-1] if longest else 0))

    def follow(self, fence: str, offset: int) -> bool:
        """Return whether some line after *offset* would close *fence*."""
        places = self._places[fence[0]]
        n = bisect_right(places, -offset)
        return n > 0 and self._longest[fence[0]][n - 1] >= len(fence)


class Fences:
    """Follow fenced blocks of a Markdown cell: does a line lie inside one that is closed?"""

    __slots__ = ("_closers", "_fence", "_notation")

    def __init__(self, notation: "Notation", closers: Closers) -> None:
        self._notation = notation
        self._closers = closers
        self._fence = ""

    @property
    def is_open(self) -> bool:
        """Tell whether a fence is open."""
        return bool(self._fence)

    def read(self, line: str, end: int) -> None:
        """Go on past *line*, which ends at offset *end*."""
        if "```" not in line and "~~~" not in line:
            return
        match = _FENCE.match(_comments.uncomment(line, self._notation.comment, self._notation.end))
        if match is None:
            return
        if self._fence:
            if _closes(match, self._fence):
                self._fence = ""
        elif (match[1][0] != "`" or "`" not in match[2]) and self._closers.follow(match[1], end):
            self._fence = match[1]


def left_open(source: str) -> str:
    """Return the fence that is open at the end of *source*, or ""."""
    fence = ""
    for line in source.split("\n"):
        match = _FENCE.match(line)
        if match is None:
            continue
        if fence:
            if _closes(match, fence):
                fence = ""
        elif match[1][0] != "`" or "`" not in match[2]:
            fence = match[1]
    return fence


def _closes(match: "re.Match[str]", fence: str) -> bool:
    return match[1][0] == fence[0] and len(match[1]) >= len(fence) and not match[2].strip()
