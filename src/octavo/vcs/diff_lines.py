"""Two versions of a source as lines, with the words that differ."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Line:
    """A line of a source: `sign` is " ", "-" or "+"; `marks` are (start, stop) of changed words."""

    __slots__ = ("marks", "sign", "text")

    def __init__(self, sign: str, text: str, marks: "tuple[tuple[int, int], ...]" = ()) -> None:
        self.sign = sign
        self.text = text
        self.marks = marks


_NEAR_LINES = 8  # new lines among which the version of an old one is looked for
_MOST_LINES = 4000  # lines of a source up to which they are matched one by one


def lines(old: str, new: str) -> list[Line]:
    """Return both sources as lines; words that differ in changed lines are marked."""
    from difflib import SequenceMatcher

    a, b = old.split("\n") if old else [], new.split("\n") if new else []
    if max(len(a), len(b)) > _MOST_LINES:
        return [*(Line("-", text) for text in a), *(Line("+", text) for text in b)]
    found: list[Line] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Line(" ", text) for text in a[i1:i2]]
        else:
            found += _changed_lines(a[i1:i2], b[j1:j2])
    return found


def _changed_lines(old: list[str], new: list[str]) -> list[Line]:
    """Return lines that took the place of others, with marks where one is a version of another."""
    minus = [Line("-", text) for text in old]
    plus = [Line("+", text) for text in new]
    for i, j in _line_pairs(old, new):
        minus[i], plus[j] = _words(old[i], new[j])
    return minus + plus


def _line_pairs(old: list[str], new: list[str]) -> "Iterator[tuple[int, int]]":
    """Yield which lines may be versions of each other, in order: by place, else by their words."""
    if len(old) == len(new):
        yield from zip(range(len(old)), range(len(new)), strict=True)
        return
    words = [set(text.split()) for text in new]
    at = 0
    for i, text in enumerate(old):
        mine = set(text.split())
        for j in range(at, min(at + _NEAR_LINES, len(new))):
            if mine and 2 * len(mine & words[j]) >= max(len(mine), len(words[j])):
                yield i, j
                at = j + 1
                break


def _words(old: str, new: str) -> tuple[Line, Line]:
    """Return a changed line of both sides with the words that differ; none if nearly all do."""
    import re
    from difflib import SequenceMatcher

    a, b = re.findall(r"\w+|\s+|.", old), re.findall(r"\w+|\s+|.", new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if len(a) > _MOST_LINES or len(b) > _MOST_LINES or matcher.ratio() < 0.3:
        return Line("-", old), Line("+", new)
    marks: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    starts = (_starts(a), _starts(b))
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            for side, (first, last) in enumerate(((i1, i2), (j1, j2))):
                if last > first:
                    marks[side].append((starts[side][first], starts[side][last]))
    return Line("-", old, tuple(marks[0])), Line("+", new, tuple(marks[1]))


def _starts(words: list[str]) -> list[int]:
    found = [0]
    for word in words:
        found.append(found[-1] + len(word))
    return found


def context(all_lines: list[Line], around: int) -> list[Line | None]:
    """Return the lines that changed and *around* about them; None where some are left out."""
    wanted: set[int] = set()
    for n, line in enumerate(all_lines):
        if line.sign != " ":
            wanted.update(range(n - around, n + around + 1))
    found: list[Line | None] = []
    last = -1
    for n in sorted(one for one in wanted if 0 <= one < len(all_lines)):
        if n != last + 1 and n > 0:
            found.append(None)
        found.append(all_lines[n])
        last = n
    if found and last != len(all_lines) - 1:
        found.append(None)
    return found
