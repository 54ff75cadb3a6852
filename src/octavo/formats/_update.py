"""Give a document that was read from a text what only the notebook holds.

Outputs, counts, ids, attachments, and the metadata that the text does not carry come from the
previous notebook, cell by cell.
"""

from octavo.core.active import is_active
from octavo.core.align import align
from octavo.core.document import Cell, Document
from octavo.formats import _filters, _index, _names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from octavo.core.document import Metadata
    from octavo.formats._filters import Filter
    from octavo.formats._names import Target

    FilterOf = Callable[[Cell], "Filter"]


def update(document: Document, previous: Document, target: "Target | None" = None) -> Document:
    """Return *document* with what its text cannot carry, taken from *previous*.

    *target* is the format that *document* was read from (default: what it remembers).
    """
    target = target if target and (target.name or target.suffix) else _origin_of(document)
    carried = _carried_metadata(target)
    section = document.metadata.get("jupytext")
    section = section if isinstance(section, dict) else {}
    filter_of = _filter_of(carried, section)
    old_cells = previous.cells
    seen = old_cells
    if carried == "none":
        seen = tuple(_as_prose(cell, target.suffix) for cell in old_cells)
    places = align(seen, document.cells)
    cells = [
        cell if i is None else _combined(cell, old_cells[i], filter_of(cell))
        for cell, i in zip(document.cells, places, strict=True)
    ]
    return document.with_(
        cells=_with_free_ids(cells, places),
        metadata=_notebook_metadata(document.metadata, previous.metadata, section),
        nbformat_minor=previous.nbformat_minor,
        extra=previous.extra,
    )


def _origin_of(document: Document) -> "Target":
    """Return the format that a document remembers, a script in percent if it does not."""
    return _names.parse(document.origin.format or "py:percent")


def _carried_metadata(target: "Target") -> str:
    """Return which cell metadata the format carries: "all", "code", "tags" or "none"."""
    name = target.name or _index.default_name(target.suffix)
    fmt = _index.get(name)
    return fmt.keeps.cell_metadata if fmt else "all"


def _filter_of(carried: str, section: "Metadata") -> "FilterOf":
    """Return the filter of metadata that the text carries, for a cell."""
    nothing = _filters.cell_filter("-all")
    usual = _filters.cell_filter(section.get("cell_metadata_filter", ""))
    tags = _filters.cell_filter("tags,-all")
    if carried == "none":
        return lambda _: nothing
    if carried == "tags":
        return lambda _: tags
    if carried == "code":
        return lambda cell: usual if cell.kind == "code" else nothing
    return lambda _: usual


def _as_prose(cell: Cell, suffix: str) -> Cell:
    """Return a code cell that is commented out in the text as the prose that it reads as."""
    if cell.kind == "code" and not is_active(cell.metadata, suffix):
        return cell.with_(kind="markdown")
    return cell


def _combined(cell: Cell, old: Cell, kept: "Filter") -> Cell:
    """Return *old* with the source of *cell*, and its metadata as far as the text carries it."""
    metadata = dict(cell.metadata)
    carried = kept.apply(old.metadata)
    for key, value in old.metadata.items():
        if key not in carried and key not in _filters.LAYOUT_KEYS:
            metadata[key] = value
        elif isinstance(value, dict) and carried.get(key) != value:
            metadata[key] = _restored(metadata.get(key), value, carried.get(key))
    return old.with_(source=cell.source, metadata=metadata, line=cell.line)


def _restored(new: object, old: "Metadata", carried: object) -> "Metadata":
    """Return a nested entry of which the text carries a part: the rest comes from *old*."""
    result = dict(new) if isinstance(new, dict) else {}
    shown = carried if isinstance(carried, dict) else {}
    result.update({key: value for key, value in old.items() if key not in shown})
    return result


def _notebook_metadata(new: "Metadata", old: "Metadata", section: "Metadata") -> "Metadata":
    if section.get("notebook_metadata_filter") == "-all":
        return old
    carried = _filters.notebook_filter(section.get("notebook_metadata_filter", "")).apply(old)
    metadata = {**new, **{key: value for key, value in old.items() if key not in carried}}
    return _without_makeshifts(metadata)


def _without_makeshifts(metadata: "Metadata") -> "Metadata":
    """Return *metadata* without what a reader recorded for want of what is there now."""
    section, info = metadata.get("jupytext"), metadata.get("language_info")
    if not isinstance(section, dict) or not isinstance(info, dict):
        return metadata
    if "default_lexer" not in section or "pygments_lexer" not in info:
        return metadata
    rest = {key: value for key, value in section.items() if key != "default_lexer"}
    metadata = {key: value for key, value in metadata.items() if key != "jupytext"}
    return {**metadata, "jupytext": rest} if rest else metadata


def _with_free_ids(cells: list[Cell], places: list[int | None]) -> list[Cell]:
    """Return *cells*; a new cell whose id a matched cell has gets none (one is made later)."""
    taken = {cell.id for cell, i in zip(cells, places, strict=True) if i is not None}
    return [
        cell.with_(id=None) if i is None and cell.id in taken and cell.id is not None else cell
        for cell, i in zip(cells, places, strict=True)
    ]
