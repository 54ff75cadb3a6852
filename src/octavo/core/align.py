"""Match the cells of two versions of a document: which cell became which?

The work is near-linear in cells and bytes.  Anchors come first (equal cells, in order), then,
between two anchors, cells that are equal up to formatting, the last part of a cell that was
split, cells that share lines, and cells that simply stand in the same place.  Cells that moved
unchanged are found before a weaker sign could give their counterpart to another cell.
"""

from bisect import bisect_left

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence
    from typing import TypeAlias

    from octavo.core.document import Cell

    Pair: TypeAlias = tuple[int, int]
    Key: TypeAlias = Callable[[Cell], Hashable]
    Gap: TypeAlias = tuple[list[int], list[int]]
    Rule: TypeAlias = Callable[[Sequence[Cell], Sequence[Cell], list[int], list[int]], list[Pair]]

#: Characters that formatters change: two sources that differ in these only are the same.
_FORMATTING = {ord(char): None for char in " \t\n,'\"()\\"}
_COMMON_LINE = 8  # a line that stands in more cells tells nothing


def align(old: "Sequence[Cell]", new: "Sequence[Cell]") -> list[int | None]:
    """Return for each cell of *new* the index of its counterpart in *old*, or None.

    Counterparts have the same kind; each old cell is used at most once.

    >>> from octavo.core.document import Cell
    >>> a, b, c = (Cell("code", source) for source in ("a = 1", "b = 2", "c = 3"))
    >>> align([a, b], [a, c, b])
    [0, None, 1]
    """
    found: list[int | None] = [None] * len(new)
    gaps: list[Gap] = [(list(range(len(old))), list(range(len(new))))]
    gaps = _align_gaps(old, new, gaps, _STRONG_RULES, found)
    _find_moved(old, new, found)
    _align_gaps(old, new, _still_open(gaps, found), _WEAK_RULES, found)
    _find_moved_and_edited(old, new, found)
    return found


def _align_gaps(
    old: "Sequence[Cell]",
    new: "Sequence[Cell]",
    gaps: "list[Gap]",
    rules: "Iterable[Rule]",
    found: list[int | None],
) -> "list[Gap]":
    """Match the cells of each gap, by ever weaker signs; return the gaps that are left."""
    for rule in rules:
        rest: list[Gap] = []
        for gap_old, gap_new in gaps:
            if not gap_old or not gap_new:
                continue
            pairs = rule(old, new, gap_old, gap_new)
            for i, j in pairs:
                found[j] = i
            rest += _gaps_between(gap_old, gap_new, pairs)
        gaps = rest
    return gaps


def _still_open(gaps: "list[Gap]", found: list[int | None]) -> "list[Gap]":
    """Return *gaps* without the cells that were found elsewhere."""
    used = {i for i in found if i is not None}
    return [
        ([i for i in olds if i not in used], [j for j in news if found[j] is None])
        for olds, news in gaps
    ]


def _gaps_between(olds: list[int], news: list[int], pairs: "Sequence[Pair]") -> "list[Gap]":
    """Return the gaps that *pairs* (increasing in both) leave in a gap."""
    if not pairs:
        return [(olds, news)]
    gaps = []
    at_old = at_new = 0
    for i, j in pairs:
        next_old = bisect_left(olds, i, at_old)
        next_new = bisect_left(news, j, at_new)
        gaps.append((olds[at_old:next_old], news[at_new:next_new]))
        at_old, at_new = next_old + 1, next_new + 1
    gaps.append((olds[at_old:], news[at_new:]))
    return gaps


def exact_key(cell: "Cell") -> "Hashable":
    """Return kind and source."""
    return (cell.kind, cell.source)


def loose_key(cell: "Cell") -> "Hashable":
    """Return kind and source without what formatters change."""
    return (cell.kind, cell.source.translate(_FORMATTING))


def _equal_ends(
    old: "Sequence[Cell]", new: "Sequence[Cell]", olds: list[int], news: list[int]
) -> "list[Pair]":
    """Match equal cells at the beginning and at the end of a gap."""
    head = 0
    most = min(len(olds), len(news))
    while head < most and _equal(old[olds[head]], new[news[head]]):
        head += 1
    tail = 0
    while tail < most - head and _equal(old[olds[-1 - tail]], new[news[-1 - tail]]):
        tail += 1
    pairs = list(zip(olds[:head], news[:head], strict=True))
    if tail:
        pairs += zip(olds[-tail:], news[-tail:], strict=True)
    return pairs


def _equal(a: "Cell", b: "Cell") -> bool:
    return a.kind == b.kind and a.source == b.source


def _by_key(key: "Key", *, unique: bool) -> "Callable[..., list[Pair]]":
    """Return the rule that matches cells with equal keys, in order.

    With *unique*, only keys that occur once on each side (safe anchors); else the n-th
    occurrence goes with the n-th.
    """

    def rule(
        old: "Sequence[Cell]", new: "Sequence[Cell]", olds: list[int], news: list[int]
    ) -> "list[Pair]":
        where: dict[Hashable, list[int]] = {}
        for i in olds:
            where.setdefault(key(old[i]), []).append(i)
        seen: dict[Hashable, list[int]] = {}
        for j in news:
            seen.setdefault(key(new[j]), []).append(j)
        pairs: list[Pair] = []
        for name, places in seen.items():
            here = where.get(name)
            if here is None or (unique and (len(here) > 1 or len(places) > 1)):
                continue
            pairs += zip(here, places, strict=False)
        pairs.sort(key=lambda pair: pair[1])
        return _increasing(pairs)

    return rule


def _last_parts(
    old: "Sequence[Cell]", new: "Sequence[Cell]", olds: list[int], news: list[int]
) -> "list[Pair]":
    """Match a cell with the old one that it is the last part of (a cell was split)."""
    by_last_line: dict[Hashable, list[int]] = {}
    for i in olds:
        by_last_line.setdefault(_last_line(old[i]), []).append(i)
    pairs: list[Pair] = []
    used: set[int] = set()
    for j in news:
        ending = new[j].source.translate(_FORMATTING)
        if not ending:
            continue
        for i in by_last_line.get(_last_line(new[j]), ())[:_COMMON_LINE]:
            if i not in used and old[i].source.translate(_FORMATTING).endswith(ending):
                used.add(i)
                pairs.append((i, j))
                break
    return _increasing(pairs)


def _last_line(cell: "Cell") -> "Hashable":
    line = cell.source.rstrip().rpartition("\n")[2]
    return (cell.kind, line.translate(_FORMATTING))


def _shared_lines(
    old: "Sequence[Cell]", new: "Sequence[Cell]", olds: list[int], news: list[int]
) -> "list[Pair]":
    """Match cells that share the most lines which are rare in the gap."""
    where: dict[Hashable, list[int]] = {}
    for i in olds:
        for line in _lines(old[i]):
            where.setdefault(line, []).append(i)
    pairs: list[Pair] = []
    used: set[int] = set()
    for j in news:
        votes: dict[int, int] = {}
        for line in _lines(new[j]):
            places = where.get(line, ())
            if len(places) <= _COMMON_LINE:
                for i in places:
                    votes[i] = votes.get(i, 0) + 1
        best = max(votes, key=lambda i: (votes[i], -i), default=None)
        if best is not None and best not in used:
            used.add(best)
            pairs.append((best, j))
    return _increasing(pairs)


def _lines(cell: "Cell") -> "set[Hashable]":
    lines = (line.strip() for line in cell.source.split("\n"))
    return {(cell.kind, line) for line in lines if len(line) > 1}


def _same_place(
    old: "Sequence[Cell]", new: "Sequence[Cell]", olds: list[int], news: list[int]
) -> "list[Pair]":
    """Match what is left in order, kind by kind, as long as neither side is empty."""
    pairs: list[Pair] = []
    at = 0
    for j in news:
        if not new[j].source.strip():
            continue
        for k in range(at, min(at + _COMMON_LINE, len(olds))):
            if old[olds[k]].kind == new[j].kind:
                pairs.append((olds[k], j))
                at = k + 1
                break
    return pairs


_STRONG_RULES: "tuple[Rule, ...]" = (
    _equal_ends,
    _by_key(exact_key, unique=True),
    _by_key(exact_key, unique=False),
    _by_key(loose_key, unique=False),
)
_WEAK_RULES: "tuple[Rule, ...]" = (_last_parts, _shared_lines, _same_place)


def _increasing(pairs: "list[Pair]") -> "list[Pair]":
    """Return a longest subsequence of *pairs* (sorted by new) that increases in old too."""
    tails: list[int] = []  # old index at the end of the best run of each length
    ends: list[int] = []  # its position in *pairs*
    before: list[int] = [-1] * len(pairs)
    for n, (i, _) in enumerate(pairs):
        length = bisect_left(tails, i)
        before[n] = ends[length - 1] if length else -1
        if length == len(tails):
            tails.append(i)
            ends.append(n)
        else:
            tails[length] = i
            ends[length] = n
    run: list[Pair] = []
    n = ends[-1] if ends else -1
    while n >= 0:
        run.append(pairs[n])
        n = before[n]
    run.reverse()
    return run


def _find_moved(old: "Sequence[Cell]", new: "Sequence[Cell]", found: list[int | None]) -> None:
    """Match equal cells that are left over on both sides, wherever they stand."""
    if None not in found:
        return
    used = {i for i in found if i is not None}
    left = [i for i in range(len(old)) if i not in used]
    for key in (exact_key, loose_key):
        where: dict[Hashable, list[int]] = {}
        for i in reversed(left):
            where.setdefault(key(old[i]), []).append(i)
        for j, i_found in enumerate(found):
            if i_found is None and new[j].source.strip():
                places = where.get(key(new[j]))
                if places:
                    found[j] = places.pop()
        used = {i for i in found if i is not None}
        left = [i for i in left if i not in used]


def _find_moved_and_edited(
    old: "Sequence[Cell]", new: "Sequence[Cell]", found: list[int | None]
) -> None:
    """Match cells that are left over on both sides and share most of their lines."""
    news = [j for j, i in enumerate(found) if i is None]
    if not news:
        return
    used = {i for i in found if i is not None}
    olds = [i for i in range(len(old)) if i not in used]
    if not olds:
        return
    for i, j in _shared_lines(old, new, olds, news):
        mine, yours = _lines(old[i]), _lines(new[j])
        if 2 * len(mine & yours) >= max(len(mine), len(yours)):
            found[j] = i
