"""Three-way merge of short texts, line by line."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    # base[start:stop] is replaced by these lines
    Hunk: TypeAlias = tuple[int, int, Sequence[str]]

_MOST_WORK = 4_000_000  # product of line counts beyond which two versions count as unrelated


def merge_lines(
    base: "Sequence[str]", ours: "Sequence[str]", theirs: "Sequence[str]"
) -> list[str] | None:
    """Return *base* with the changes of both versions, or None where they overlap.

    Changes that touch each other without overlapping are both made.

    >>> merge_lines(["a", "b"], ["A", "b"], ["a", "B"])
    ['A', 'B']
    >>> merge_lines(["a"], ["A"], ["B"]) is None
    True
    """
    mine, yours = _hunks(base, ours), _hunks(base, theirs)
    if mine is None or yours is None:
        return None
    merged: list[str] = []
    at = i = j = 0
    while i < len(mine) or j < len(yours):
        first = mine[i] if i < len(mine) else None
        second = yours[j] if j < len(yours) else None
        if first is not None and second is not None and _same_hunk(first, second):
            hunk, i, j = first, i + 1, j + 1
        elif second is None or (first is not None and first[:2] <= second[:2]):
            assert first is not None  # noqa: S101  the loop's condition says so
            if second is not None and _overlap(first, second):
                return None
            hunk, i = first, i + 1
        else:
            if first is not None and _overlap(second, first):
                return None
            hunk, j = second, j + 1
        start, stop, lines = hunk
        merged += base[at:start]
        merged += lines
        at = stop
    merged += base[at:]
    return merged


def _same_hunk(a: "Hunk", b: "Hunk") -> bool:
    return a[:2] == b[:2] and list(a[2]) == list(b[2])


def _overlap(first: "Hunk", second: "Hunk") -> bool:
    """Return whether *first* (which starts no later) reaches into *second*."""
    if first[0] == second[0]:
        return True
    return first[1] > second[0]


def _hunks(base: "Sequence[str]", version: "Sequence[str]") -> "list[Hunk] | None":
    """Return the changes from *base* to *version*, or None when that is too much work."""
    head = 0
    most = min(len(base), len(version))
    while head < most and base[head] == version[head]:
        head += 1
    tail = 0
    while tail < most - head and base[-1 - tail] == version[-1 - tail]:
        tail += 1
    old = base[head : len(base) - tail]
    new = version[head : len(version) - tail]
    if not old and not new:
        return []
    if not old or not new:
        return [(head, head + len(old), new)]
    if len(old) * len(new) > _MOST_WORK:
        return None
    from difflib import SequenceMatcher

    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        (head + start, head + stop, new[begin:end])
        for tag, start, stop, begin, end in codes
        if tag != "equal"
    ]
