"""What changed between two documents, cell by cell: sources, outputs, places, metadata."""

from octavo.core.merge import counterparts
from octavo.vcs import outputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell, Document, Json, Metadata

#: Metadata that tools rewrite at every run or opening.
_NOISE = frozenset(
    "execution ExecuteTime collapsed scrolled widgets language_info trusted kernelspec jupytext "
    "vscode papermill id toc_visible".split()
)


class CellChange:
    """A cell of either side.

    `status` is "same", "added", "removed" or "changed"; `old` and `new` are the cells (None
    where there is none), `old_number` and `new_number` their places (1-based, 0 = none).
    `moved` tells that it stands elsewhere among the others.  `source`, `outputs` and `metadata`
    tell what changed; `kind` that code became prose, say.
    """

    __slots__ = ("kind", "metadata", "moved", "new", "new_number", "old", "old_number", "outputs",
                 "source", "status")  # fmt: skip

    def __init__(
        self, old: "Cell | None", new: "Cell | None", old_number: int, new_number: int
    ) -> None:
        self.old = old
        self.new = new
        self.old_number = old_number
        self.new_number = new_number
        self.moved = False
        self.source = False
        self.kind = False
        self.outputs = False
        self.metadata: list[tuple[str, Json, Json]] = []
        self.status = "same"

    @property
    def cell(self) -> "Cell":
        """The new cell, else the old one."""
        found = self.new if self.new is not None else self.old
        if found is None:  # pragma: no cover  one of them is always there
            raise ValueError("a change of no cell")
        return found

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to tell."""
        return self.status != "same" or self.moved


class Diff:
    """All cells of both sides in reading order, and the metadata of the notebook that changed."""

    __slots__ = ("cells", "metadata")

    def __init__(self, cells: list[CellChange], metadata: "list[tuple[str, Json, Json]]") -> None:
        self.cells = cells
        self.metadata = metadata

    def __bool__(self) -> bool:
        """Return whether anything changed."""
        return bool(self.metadata) or any(cell.is_shown for cell in self.cells)


def diff(
    old: "Document", new: "Document", *, with_outputs: bool = True, with_metadata: bool = False
) -> Diff:
    """Return the changes from *old* to *new*; cells are matched by id, then by content.

    Outputs are compared where both sides can hold some and *with_outputs* asks for it.
    Metadata that tools rewrite by themselves is left out, all of it without *with_metadata*.
    """
    places = counterparts(old.cells, new.cells)
    compares_outputs = with_outputs and _holds_outputs(old) and _holds_outputs(new)
    found: list[CellChange] = []
    kept = _increasing(places)
    by_old = {i: j for j, i in enumerate(places) if i is not None}
    at = 0

    def put_removed(stop: int) -> None:
        nonlocal at
        for i in range(at, stop):
            if i not in by_old:
                change = CellChange(old.cells[i], None, i + 1, 0)
                change.status = "removed"
                found.append(change)
        at = max(at, stop)

    for j, i in enumerate(places):
        if i is None:
            change = CellChange(None, new.cells[j], 0, j + 1)
            change.status = "added"
        else:
            if j in kept:
                put_removed(i)
            change = CellChange(old.cells[i], new.cells[j], i + 1, j + 1)
            _compare(change, compares_outputs, with_metadata)
            change.moved = j not in kept
        found.append(change)
    put_removed(len(old.cells))
    metadata = _changed(old.metadata, new.metadata) if with_metadata else []
    return Diff(found, metadata)


def _compare(change: CellChange, compares_outputs: bool, with_metadata: bool) -> None:  # noqa: FBT001
    """Find out what is different in a cell that both sides have."""
    old, new = change.old, change.new
    if old is None or new is None:  # pragma: no cover  the caller has both
        return
    change.kind = old.kind != new.kind
    change.source = old.source != new.source
    change.outputs = (
        compares_outputs
        and new.kind == "code"
        and old.kind == "code"
        and old.raw_outputs != new.raw_outputs
        and outputs.summaries(old) != outputs.summaries(new)
    )
    change.metadata = _changed(old.metadata, new.metadata) if with_metadata else []
    if change.source or change.kind or change.outputs or change.metadata:
        change.status = "changed"


def _changed(old: "Metadata", new: "Metadata") -> "list[tuple[str, Json, Json]]":
    return [
        (key, old.get(key), new.get(key))
        for key in dict.fromkeys((*old, *new))
        if key not in _NOISE and old.get(key) != new.get(key)
    ]


def _holds_outputs(document: "Document") -> bool:
    """Return whether a document can hold outputs: it was read from a notebook."""
    return document.origin.format in ("ipynb", "")


def _increasing(places: "list[int | None]") -> set[int]:
    """Return the new cells that keep their order: a longest increasing run of old places."""
    from bisect import bisect_left

    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int] = {}
    for j, i in enumerate(places):
        if i is None:
            continue
        at = bisect_left(tails, i)
        if at == len(tails):
            tails.append(i)
            ends.append(j)
        else:
            tails[at] = i
            ends[at] = j
        if at:
            before[j] = ends[at - 1]
    kept: set[int] = set()
    j = ends[-1] if ends else -1
    while j >= 0:
        kept.add(j)
        j = before.get(j, -1)
    return kept


def title(cell: "Cell") -> str:
    """Return what a cell is called: its first heading or line."""
    first = next((line.strip() for line in cell.source.split("\n") if line.strip()), "")
    first = first.lstrip("#% ").strip()
    return first if len(first) <= 50 else first[:50] + "..."
