"""What a document lost on its way through a format.

`compare(before, after, keeps)` names every difference.  A loss is inherent when the format
does not carry such a thing by its nature (outputs in a text), or when a filter leaves it out
on purpose; the other losses are faults.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Protocol, TypeAlias

    from octavo.core.document import Cell, Document, Json, Metadata

    View: TypeAlias = Callable[[Metadata], Metadata]

    class Keeps(Protocol):
        """What a format carries: see `formats._format.Keeps`."""

        @property
        def cell_metadata(self) -> str:
            """Return "all", "code", "tags" or "none"."""

        @property
        def raw(self) -> bool:
            """Return whether raw cells stay raw."""

        @property
        def kinds(self) -> bool:
            """Return whether cells keep their kind and borders."""

        @property
        def notebook_metadata(self) -> bool:
            """Return whether notebook metadata is carried."""

        @property
        def outputs(self) -> bool:
            """Return whether it is a notebook, which carries outputs, counts and ids."""


_SHOWN = 60
_EMPTY = b"[] \t\r\n"


class Loss:
    """One difference.

    `cell` is the number of the cell before (1-based; 0 = the notebook itself), `line` its line
    in the text it was read from (0 = unknown), `kind` its kind; `what` names the field
    ("source", "kind", "cells", "metadata", "outputs", "execution_count", "id", "attachments",
    "extra", "text"), `key` the key of the metadata.  `detail` says what changed, for people.
    """

    __slots__ = ("cell", "detail", "inherent", "key", "kind", "line", "what")

    def __init__(
        self,
        what: str,
        detail: str,
        *,
        cell: int = 0,
        line: int = 0,
        kind: str = "",
        key: str = "",
        inherent: bool = False,
    ) -> None:
        self.what = what
        self.detail = detail
        self.cell = cell
        self.line = line
        self.kind = kind
        self.key = key
        self.inherent = inherent

    def as_dict(self) -> "dict[str, Json]":
        """Return the fields for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __str__(self) -> str:
        """Return one line for people."""
        place = f"cell {self.cell} ({self.kind}): " if self.cell else ""
        key = f" {self.key}" if self.key else ""
        return f"{place}{self.what}{key}: {self.detail}"

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Loss({str(self)!r}{', inherent=True' if self.inherent else ''})"


def compare(
    before: "Document",
    after: "Document",
    keeps: "Keeps",
    *,
    cell_view: "View | None" = None,
    notebook_view: "View | None" = None,
) -> list[Loss]:
    """Return what of *before* is not the same in *after*, in the order of the cells.

    *keeps* tells what the format carries; the views return the part of the metadata that the
    filters let through (default: all of it).
    """
    losses = list(_notebook(before, after, keeps, notebook_view))
    for i, cell, other in _pairs(before, after):
        if isinstance(other, str):
            losses.append(_unpaired(i, cell, other, keeps))
        else:
            losses += _cell(i, cell, other, keeps, cell_view)
    return losses


def first_difference(before: str, after: str) -> str:
    """Return where two texts differ first, for people.

    >>> first_difference("a = 1", "a = 2")
    "line 1: 'a = 1' became 'a = 2'"
    """
    old, new = before.split("\n"), after.split("\n")
    shared = min(len(old), len(new))
    n = next((i for i in range(shared) if old[i] != new[i]), shared)
    if n == len(old):
        return f"line {n + 1}: {_short(new[n])} is new"
    if n == len(new):
        return f"line {n + 1}: {_short(old[n])} is gone"
    return f"line {n + 1}: {_short(old[n])} became {_short(new[n])}"


def _notebook(
    before: "Document", after: "Document", keeps: "Keeps", view: "View | None"
) -> "Iterator[Loss]":
    visible = view(before.metadata) if view else before.metadata
    if not keeps.notebook_metadata:
        visible = {}
    yield from _metadata(before.metadata, after.metadata, visible, added=not keeps.outputs)
    if not keeps.outputs:
        if before.extra:
            names = ", ".join(before.extra)
            yield Loss("extra", f"unknown keys of the file: {names}", inherent=True)
    elif before.extra != after.extra:
        yield Loss("extra", "unknown keys of the file changed")


def _pairs(before: "Document", after: "Document") -> "Iterator[tuple[int, Cell, Cell | str]]":
    """Yield cells that belong together with the number of the cell before.

    A cell that has no counterpart comes with its fate instead.
    """
    old, new = before.cells, after.cells
    if len(old) == len(new):
        for i, (cell, other) in enumerate(zip(old, new, strict=True), 1):
            yield i, cell, other
        return
    from difflib import SequenceMatcher

    a, b = ([(cell.kind, cell.source) for cell in cells] for cells in (old, new))
    for _, i, i_end, j, j_end in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        shared = min(i_end - i, j_end - j)
        for n in range(shared):
            yield i + n + 1, old[i + n], new[j + n]
        for n in range(i + shared, i_end):
            yield n + 1, old[n], "is gone"
        for n in range(j + shared, j_end):
            yield max(i_end, 1), new[n], "is new"


def _unpaired(i: int, cell: "Cell", fate: str, keeps: "Keeps") -> Loss:
    return Loss(
        "cells", f"{fate}: {_short(cell.source)}",
        cell=i, line=cell.line, kind=cell.kind, inherent=not keeps.kinds,
    )  # fmt: skip


def _cell(
    i: int, old: "Cell", new: "Cell", keeps: "Keeps", view: "View | None"
) -> "Iterator[Loss]":
    def loss(what: str, detail: str, *, key: str = "", inherent: bool = False) -> Loss:
        return Loss(what, detail, cell=i, line=old.line, kind=old.kind, key=key, inherent=inherent)

    if old.kind != new.kind:
        inherent = not keeps.kinds or (old.kind == "raw" and not keeps.raw)
        yield loss("kind", f"became {new.kind}", inherent=inherent)
    if old.source != new.source:
        yield loss("source", first_difference(old.source, new.source), inherent=not keeps.kinds)
    visible = _visible(old, keeps, view)
    added = keeps.cell_metadata in ("tags", "none")
    for found in _metadata(old.metadata, new.metadata, visible, added=added):
        yield loss(found.what, found.detail, key=found.key, inherent=found.inherent)
    yield from _notebook_only(old, new, keeps, loss)


def _visible(cell: "Cell", keeps: "Keeps", view: "View | None") -> "Metadata":
    """Return the metadata of a cell that the format carries and the filters let through."""
    carried = keeps.cell_metadata
    if carried == "none" or (carried == "code" and cell.kind != "code"):
        return {}
    visible = view(cell.metadata) if view else cell.metadata
    if carried == "tags":
        return {key: value for key, value in visible.items() if key == "tags"}
    return visible


def _metadata(
    old: "Metadata", new: "Metadata", visible: "Metadata", *, added: bool
) -> "Iterator[Loss]":
    """Yield the keys that differ; what is not visible is lost by nature.

    *added*: a format that carries no metadata of its own accord may bring some.
    """
    for key, value in old.items():
        if key in new and new[key] == value:
            continue
        inherent = visible.get(key) != value or key == "jupytext"
        detail = f"{_short(value)} became {_short(new[key])}" if key in new else "is gone"
        if not inherent or key not in new:
            yield Loss("metadata", detail, key=key, inherent=inherent)
    for key in new:
        if key not in old and key != "jupytext":
            yield Loss("metadata", f"{_short(new[key])} is new", key=key, inherent=added)


def _notebook_only(
    old: "Cell", new: "Cell", keeps: "Keeps", loss: "Callable[..., Loss]"
) -> "Iterator[Loss]":
    inherent = not keeps.outputs
    if has_outputs(old) and old.raw_outputs != new.raw_outputs and old.outputs != new.outputs:
        yield loss("outputs", _gone_or_changed(new.raw_outputs), inherent=inherent)
    if old.execution_count is not None and old.execution_count != new.execution_count:
        yield loss("execution_count", _gone_or_changed(new.execution_count), inherent=inherent)
    if old.attachments and old.attachments != new.attachments:
        yield loss("attachments", _gone_or_changed(new.attachments), inherent=inherent)
    if old.id and old.id != new.id:
        yield loss("id", _gone_or_changed(new.id), inherent=inherent)
    if old.extra and old.extra != new.extra:
        yield loss("extra", _gone_or_changed(new.extra), inherent=inherent)


def has_outputs(cell: "Cell") -> bool:
    """Return whether a cell has at least one output (without decoding them)."""
    raw = cell.raw_outputs
    if isinstance(raw, bytes):
        # The start tells, without a copy of all images.
        return bool(raw[:64].strip(_EMPTY) or raw[64:].strip(_EMPTY))
    return bool(raw)


def _gone_or_changed(new: object) -> str:
    return "changed" if new and new != b"[]" else "gone"


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 3] + "..."
