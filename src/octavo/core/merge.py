"""Three-way merge of documents, cell by cell: pairing, git and Jupyter all call this one.

    base     the last common state
    ours     one side, theirs the other

A cell that changed on one side only comes from there, with its outputs.  Where both sides
changed the source, the lines are merged; where they overlap, *both* versions are kept as
conflict cells: nothing is ever dropped.  Outputs, counts and the metadata of tools are never a
conflict.
"""

from octavo.core.align import align, likeness
from octavo.core.document import Cell, Document
from octavo.core.merge_lines import merge_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from octavo.core.document import Json, Metadata

#: Cell metadata under which a conflict cell says what it is.
CONFLICT = "conflict"

_ALIKE = 0.4  # the share of words below which a cell without ids is another one
_NEAR = 50  # added cells among which a twin is looked for
#: Metadata that tools rewrite at every run; a difference in it is no conflict.
_VOLATILE = frozenset(
    ("execution", "ExecuteTime", "collapsed", "scrolled", "widgets", "language_info", "trusted")
)


class Conflict:
    """A place where both sides changed the same thing.

    `cell` is the index of the first conflict cell in the merged document (None for notebook
    metadata); `reason` is "both-changed", "changed-and-deleted" or "metadata"; `detail` names
    what, for people.
    """

    __slots__ = ("cell", "detail", "reason")

    def __init__(self, cell: int | None, reason: str, detail: str) -> None:
        self.cell = cell
        self.reason = reason
        self.detail = detail

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Conflict({self.cell!r}, {self.reason!r}, {self.detail!r})"


class Merged:
    """The merged document, and the conflicts in it (none: a clean merge)."""

    __slots__ = ("conflicts", "document")

    def __init__(self, document: Document, conflicts: "Sequence[Conflict]") -> None:
        self.document = document
        self.conflicts = tuple(conflicts)


def merge(
    base: Document,
    ours: Document,
    theirs: Document,
    *,
    labels: tuple[str, str] = ("ours", "theirs"),
) -> Merged:
    """Return *base* with the changes of both sides.

    *labels* name the sides in conflict cells.  The result takes ids, version and whatever else
    is not merged from *ours*.
    """
    weave = _Weave(base, ours, theirs, labels)
    cells = weave.cells()
    metadata, clashes = _merge_metadata(base.metadata, ours.metadata, theirs.metadata)
    conflicts = [
        *weave.conflicts,
        *(Conflict(None, "metadata", f"notebook metadata {key!r}") for key in clashes),
    ]
    minor = max(ours.nbformat_minor, theirs.nbformat_minor)
    return Merged(ours.with_(cells=cells, metadata=metadata, nbformat_minor=minor), conflicts)


def is_conflict(cell: Cell) -> bool:
    """Return whether a cell is one side of a conflict, or the note above it."""
    return isinstance(cell.metadata.get(CONFLICT), dict)


def resolve(document: Document, side: str) -> Document:
    """Return *document* with its conflicts resolved for "ours", "theirs" or "both".

    Notes above conflicts go away; the cells that stay lose their mark.
    """
    cells = []
    for cell in document.cells:
        mark = cell.metadata.get(CONFLICT)
        if not isinstance(mark, dict):
            cells.append(cell)
        elif mark.get("side") != "note" and side in ("both", mark.get("side")):
            rest = {key: value for key, value in cell.metadata.items() if key != CONFLICT}
            cells.append(cell.with_(metadata=rest))
    return document.with_(cells=cells)


class _Weave:
    """Puts the cells of both sides together."""

    def __init__(
        self, base: Document, ours: Document, theirs: Document, labels: tuple[str, str]
    ) -> None:
        self._base, self._ours, self._theirs = base.cells, ours.cells, theirs.cells
        self._labels = labels
        self.conflicts: list[Conflict] = []
        of_ours = counterparts(self._base, self._ours)
        of_theirs = counterparts(self._base, self._theirs)
        self._base_of_ours, self._base_of_theirs = of_ours, of_theirs
        self._in_ours = {i: j for j, i in enumerate(of_ours) if i is not None}
        self._in_theirs = {i: j for j, i in enumerate(of_theirs) if i is not None}

    def cells(self) -> list[Cell]:
        """Return the merged cells."""
        merged: list[Cell] = []
        for i, j, k in self._order():
            merged += self._merge_one(i, j, k, len(merged))
        return merged

    def _order(self) -> list[tuple[int | None, int | None, int | None]]:
        """Return the cells as (base, ours, theirs) indices, in the order of the result.

        The side that moved cells gives the order (ours, if both did); a cell that the other
        side added follows the cell that it follows there.
        """
        leads_ours = _is_increasing(self._base_of_theirs) or not _is_increasing(self._base_of_ours)
        lead, other = self._base_of_ours, self._base_of_theirs
        in_other = self._in_theirs
        if not leads_ours:
            lead, other, in_other = other, lead, self._in_ours
        added = self._added_after(other, {i for i in lead if i is not None})
        twins = self._twins(lead, added, leads_ours=leads_ours)
        doubled = set(twins.values())
        order: list[tuple[int | None, int | None, int | None]] = []

        def put(i: int | None, j: int | None, k: int | None) -> None:
            order.append((i, j, k) if leads_ours else (i, k, j))

        def put_added(anchor: int | None) -> None:
            for k in added.get(anchor, ()):
                if k not in doubled:
                    put(other[k], None, k)

        anchor: int | None = None
        for j, i in enumerate(lead):
            if i is not None:
                put_added(anchor)
                anchor = i
            put(i, j, twins.get(j) if i is None else in_other.get(i))
        put_added(anchor)
        return [entry for entry in order if self._is_kept(*entry)]

    @staticmethod
    def _added_after(
        other: "Sequence[int | None]", common: "set[int]"
    ) -> dict[int | None, list[int]]:
        """Return, for each common base cell (None: the start), what follows it in *other*.

        That is what *other* added, and what it kept while the leading side deleted it.
        """
        added: dict[int | None, list[int]] = {}
        anchor: int | None = None
        for k, i in enumerate(other):
            if i is not None and i in common:
                anchor = i
            else:
                added.setdefault(anchor, []).append(k)
        return added

    def _twins(
        self,
        lead: "Sequence[int | None]",
        added: dict[int | None, list[int]],
        *,
        leads_ours: bool,
    ) -> dict[int, int]:
        """Return which cells both sides added alike, in the same place."""
        mine, yours = self._ours, self._theirs
        other = self._base_of_theirs
        if not leads_ours:
            mine, yours, other = yours, mine, self._base_of_ours
        twins: dict[int, int] = {}
        anchor: int | None = None
        left = {key: [k for k in places if other[k] is None] for key, places in added.items()}
        for j, i in enumerate(lead):
            if i is not None:
                anchor = i
                continue
            candidates = left.get(anchor, [])
            twin = next((k for k in candidates[:_NEAR] if _same(mine[j], yours[k])), None)
            if twin is not None:
                twins[j] = twin
                candidates.remove(twin)
        return twins

    def _is_kept(self, i: int | None, j: int | None, k: int | None) -> bool:
        """Return whether a cell stays: one side deleted it only if the other left it alone."""
        if i is None or (j is not None and k is not None):
            return True
        if j is None and k is None:
            return False
        left = self._ours[j] if j is not None else self._theirs[k or 0]
        return not _same(left, self._base[i])

    def _merge_one(self, i: int | None, j: int | None, k: int | None, at: int) -> list[Cell]:
        mine = None if j is None else self._ours[j]
        yours = None if k is None else self._theirs[k]
        if i is None:
            only = mine if mine is not None else yours
            return [] if only is None else [only]
        base = self._base[i]
        if mine is None or yours is None:
            left = mine if mine is not None else yours
            if left is None:
                return []
            side = "ours" if mine is not None else "theirs"
            self.conflicts.append(Conflict(at, "changed-and-deleted", _title(left)))
            return [
                self._note(left, "changed on one side, deleted on the other"),
                self._marked(left, side),
            ]
        return self._merge_cell(base, mine, yours, at)

    def _merge_cell(self, base: Cell, mine: Cell, yours: Cell, at: int) -> list[Cell]:
        metadata, clashes = _merge_metadata(base.metadata, mine.metadata, yours.metadata)
        if clashes:
            detail = f"metadata {', '.join(clashes)} of {_title(mine)}"
            return self._both(mine, yours, Conflict(at, "metadata", detail))
        if mine.kind == yours.kind and mine.source == yours.source:
            chosen = yours if _holds(base, mine) and not _holds(base, yours) else mine
            return [_taking(chosen, mine, metadata)]
        if mine.source == base.source:
            return [_taking(yours, mine, metadata)]
        if yours.source == base.source:
            return [_taking(mine, mine, metadata)]
        if _is_version(mine, base) and _is_version(yours, base):
            lines = merge_lines(
                base.source.split("\n"), mine.source.split("\n"), yours.source.split("\n")
            )
            if lines is not None:
                return [_taking(mine, mine, metadata).with_(source="\n".join(lines))]
        return self._both(mine, yours, Conflict(at, "both-changed", _title(mine)))

    def _both(self, mine: Cell, yours: Cell, conflict: Conflict) -> list[Cell]:
        """Return both versions of a cell, marked, under a note."""
        self.conflicts.append(conflict)
        return [
            self._note(mine, "changed on both sides"),
            self._marked(mine, "ours"),
            self._marked(yours, "theirs").with_(id=None),
        ]

    def _note(self, cell: Cell, what: str) -> Cell:
        ours, theirs = self._labels
        text = (
            f"**Conflict**: the next cell was {what} ({ours}, {theirs}). "
            "Keep what you want of the marked cells, then run `octavo resolve`."
        )
        return Cell("markdown", text, {CONFLICT: {"side": "note"}}, line=cell.line)

    def _marked(self, cell: Cell, side: str) -> Cell:
        label = self._labels[0] if side == "ours" else self._labels[1]
        mark: Metadata = {"side": side, "label": label}
        return cell.with_(metadata={**cell.metadata, CONFLICT: mark})


def counterparts(base: "Sequence[Cell]", side: "Sequence[Cell]") -> list[int | None]:
    """Return for each cell of *side* its counterpart in *base*: by id first, then by content."""
    where = {cell.id: i for i, cell in enumerate(base) if cell.id}
    if len(where) < len(base):
        return align(base, side)
    found: list[int | None] = [None] * len(side)
    used: set[int] = set()
    for j, cell in enumerate(side):
        i = where.get(cell.id) if cell.id else None
        if i is not None and i not in used and base[i].kind == cell.kind:
            found[j] = i
            used.add(i)
    if None in found and len(used) < len(base):
        left_base = [i for i in range(len(base)) if i not in used]
        left_side = [j for j, i in enumerate(found) if i is None]
        rest = align([base[i] for i in left_base], [side[j] for j in left_side])
        for j, i in zip(left_side, rest, strict=True):
            if i is not None:
                found[j] = left_base[i]
    return found


def _is_increasing(places: "Sequence[int | None]") -> bool:
    last = -1
    for i in places:
        if i is None:
            continue
        if i < last:
            return False
        last = i
    return True


def _same(a: Cell, b: Cell) -> bool:
    return a.kind == b.kind and a.source == b.source and _calm(a.metadata) == _calm(b.metadata)


def _is_version(cell: Cell, base: Cell) -> bool:
    """Return whether *cell* is an edit of *base*, not another cell that took its place.

    Lines of the one have no place in the other; the same id tells that they have.
    """
    return (cell.id is not None and cell.id == base.id) or likeness(cell, base) >= _ALIKE


def _holds(base: Cell, cell: Cell) -> bool:
    """Return whether *cell* still has the outputs of *base*."""
    return cell.raw_outputs == base.raw_outputs and cell.execution_count == base.execution_count


def _calm(metadata: "Metadata") -> "Metadata":
    return {key: value for key, value in metadata.items() if key not in _VOLATILE}


def _taking(chosen: Cell, mine: Cell, metadata: "Metadata") -> Cell:
    """Return *chosen* (source, outputs, attachments) under the id of ours."""
    return chosen.with_(metadata=metadata, id=mine.id)


def _title(cell: Cell) -> str:
    first = cell.source.strip().partition("\n")[0][:60]
    return f"{cell.kind} cell {first!r}"


def _merge_metadata(
    base: "Metadata", ours: "Metadata", theirs: "Metadata"
) -> "tuple[Metadata, list[str]]":
    """Return the metadata of both sides, key by key, and the keys on which they disagree."""
    merged: Metadata = {}
    clashes: list[str] = []
    for key in dict.fromkeys((*ours, *theirs, *base)):
        value, clash = _merge_value(
            base.get(key, _NONE), ours.get(key, _NONE), theirs.get(key, _NONE)
        )
        if value is not _NONE:
            merged[key] = value
        if clash and key not in _VOLATILE:
            clashes.append(key)
    return merged, clashes


_NONE: "Json" = object()  # type: ignore[assignment]  # a mark that no metadata holds


def _merge_value(base: "Json", ours: "Json", theirs: "Json") -> "tuple[Json, bool]":
    if theirs in (ours, base):
        return ours, False
    if ours == base:
        return theirs, False
    if isinstance(ours, dict) and isinstance(theirs, dict):
        inner, clashes = _merge_metadata(base if isinstance(base, dict) else {}, ours, theirs)
        return inner, bool(clashes)
    if isinstance(ours, list) and isinstance(theirs, list):
        # Lists of tags: keep what either side has, without what either side took away.
        old = base if isinstance(base, list) else []
        gone = [item for item in old if item not in ours or item not in theirs]
        kept = [item for item in ours if item not in gone]
        return kept + [item for item in theirs if item not in kept and item not in gone], False
    if ours is _NONE:
        return theirs, True
    return ours, True
