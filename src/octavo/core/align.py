"""Match the cells of two versions of a document: which cell became which?

The work is near-linear in cells and bytes.  Anchors come first (equal cells, in order), then,
between two anchors, cells that are equal up to formatting, the last part of a cell that was
split, and cells that share lines.  Cells that moved unchanged are found before a weaker sign
could give their counterpart to another cell; those that moved and were edited are known by their
words, before what is left is matched because it stands in the same place.
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
_BETWEEN_WORDS = {ord(char): " " for char in "!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~"}
_COMMON_LINE = 8  # a line or word that stands in more cells tells nothing
_MOST_CANDIDATES = 4
_PART = 5  # a fifth of both sources together stands in lines that two versions share
_ALIKE = 0.55  # the share of words that tells a cell that moved from a new one


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
    gaps = _align_gaps(old, new, _still_open(gaps, found), _WEAK_RULES, found)
    _find_moved_and_edited(old, new, found)
    _align_gaps(old, new, _still_open(gaps, found), (_same_place,), found)
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
    """Match cells that share most in lines which are rare in the gap; the surest come first."""
    where: dict[Hashable, list[int]] = {}
    for i in olds:
        for line in _lines(old[i]):
            where.setdefault(line, []).append(i)
    found: list[tuple[float, int, int]] = []
    for j in news:
        votes: dict[int, float] = {}
        shared: dict[int, int] = {}
        for line, size in _lines(new[j]).items():
            places = where.get(line, ())
            if len(places) <= _COMMON_LINE:
                for i in places:
                    votes[i] = votes.get(i, 0) + size / len(places)
                    shared[i] = shared.get(i, 0) + size
        found += [
            (-votes[i], j, i)
            for i in sorted(votes, key=lambda i: (-votes[i], i))[:_MOST_CANDIDATES]
            if shared[i] * _PART >= len(old[i].source) + len(new[j].source)
        ]
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, j, i in sorted(found):
        if j not in pairs and i not in used:
            pairs[j] = i
            used.add(i)
    return _increasing([(pairs[j], j) for j in news if j in pairs])


def _lines(cell: "Cell") -> "dict[Hashable, int]":
    """Return the lines of a cell that tell something, and their lengths."""
    lines = (line.strip() for line in cell.source.split("\n"))
    return {(cell.kind, line): len(line) for line in lines if len(line) > 1}


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
_WEAK_RULES: "tuple[Rule, ...]" = (_last_parts, _shared_lines)


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
    """Match cells that are left over on both sides and share most of their words."""
    news = [j for j, i in enumerate(found) if i is None]
    used = {i for i in found if i is not None}
    olds = [i for i in range(len(old)) if i not in used]
    if not news or not olds:
        return
    words = {i: _words(old[i]) for i in olds}
    where: dict[Hashable, list[int]] = {}
    for i in olds:
        for sign in (*words[i], *_lines(old[i])):
            where.setdefault(sign, []).append(i)
    pairs: list[tuple[float, int, int, int]] = []
    for j in news:
        mine = _words(new[j])
        for i in _candidates((*mine, *_lines(new[j])), where):
            share = _share(words[i], mine)
            if share >= _ALIKE:
                pairs.append((-share, abs(i - j), j, i))
    for _, _, j, i in sorted(pairs):
        if found[j] is None and i not in used:
            found[j] = i
            used.add(i)


def _candidates(signs: "Iterable[Hashable]", where: "dict[Hashable, list[int]]") -> list[int]:
    """Return the few old cells that have the most rare words and lines of a cell."""
    votes: dict[int, float] = {}
    for sign in signs:
        places = where.get(sign, ())
        if len(places) <= _COMMON_LINE:
            for i in places:
                votes[i] = votes.get(i, 0) + 1 / len(places)
    return sorted(votes, key=lambda i: (-votes[i], i))[:_MOST_CANDIDATES]


def _words(cell: "Cell") -> "dict[Hashable, int]":
    """Return how often each word stands in a cell."""
    counts: dict[Hashable, int] = {}
    for word in cell.source.translate(_BETWEEN_WORDS).split():
        counts[cell.kind, word] = counts.get((cell.kind, word), 0) + 1
    return counts


def _share(a: "dict[Hashable, int]", b: "dict[Hashable, int]") -> float:
    both = sum(min(count, b[word]) for word, count in a.items() if word in b)
    return 2 * both / (sum(a.values()) + sum(b.values()))


def likeness(a: "Cell", b: "Cell") -> float:
    """Return the share of words that two cells have in common, 0 to 1.

    >>> from octavo.core.document import Cell
    >>> likeness(Cell("code", "total = price * 2"), Cell("code", "total = price * 3"))
    0.6666666666666666
    """
    mine, yours = _words(a), _words(b)
    return _share(mine, yours) if mine and yours else 0.0
