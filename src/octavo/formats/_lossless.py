"""Write a cell so that it reads back exactly: plain if that is enough, else with hints.

A writer renders a cell in the plain notation, lets the reader of its own format read that
piece of text between plain neighbours, and compares.  Only cells with something unusual in
them are tried at all; see `_hints` for what is added where the plain notation falls short.
"""

from octavo.core.document import Cell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from octavo.core.document import Metadata

    # The notation of a cell with this metadata (its own that the line can hold, and hints).
    Render: TypeAlias = Callable[["Metadata", "Metadata"], str]
    # The cell that a piece of text reads back as, None when it is not exactly one cell.
    Probe: TypeAlias = Callable[[str], "Cell | None"]


#: Entries that say where a cell is active: they stay on the marker as long as they can.
_SHOWN = ("tags", "active", "run_control")


def faithful(
    cell: Cell,
    wanted: "Metadata",
    render: "Render",
    probe: "Probe",
    *,
    facts: "Metadata",
    structure: "Metadata",
) -> str:
    """Return a text that reads back as *cell* with the metadata *wanted*.

    *facts* are hints that are needed anyway, *structure* those that may help when the text
    reads back as something else than one cell with that source.
    """
    text = render(wanted, facts)
    got = probe(text)
    if _same(got, cell, wanted):
        return text
    for extra in _attempts(cell, wanted, got, structure):
        moved = extra.get("metadata")
        moved = moved if isinstance(moved, dict) else {}
        rest = {key: value for key, value in wanted.items() if key not in moved}
        text = render(rest, {**facts, **extra})
        got = probe(text)
        if _same(got, cell, wanted):
            return text
    return _with_source(cell, wanted, render, probe, {**facts, **structure})


def restored(source: str, facts: "Metadata") -> str:
    """Return the exact source that the hints hold, if the text is still as it was written."""
    exact = facts.get("source")
    if isinstance(exact, str) and facts.get("written") == _fingerprint(source):
        return exact
    return source


def _attempts(
    cell: Cell, wanted: "Metadata", got: Cell | None, structure: "Metadata"
) -> "list[Metadata]":
    """Return the hints to try, the least first."""
    odd = {} if got is None else _odd_entries(wanted, got.metadata)
    entries: Metadata = {"metadata": odd} if odd else {}
    kind: Metadata = {"type": cell.kind}
    everything: Metadata = {"metadata": wanted} if wanted else {}
    most = {key: value for key, value in wanted.items() if key not in _SHOWN}
    nearly: Metadata = {"metadata": most} if most and len(most) < len(wanted) else {}
    attempts: list[Metadata] = []
    if got is not None:
        if got.kind == cell.kind and got.source == cell.source:
            attempts.append(entries)
        elif got.kind != cell.kind:
            attempts.append({**kind, **entries})
    if structure:
        attempts += [structure, {**structure, **entries}, {**structure, **kind, **entries}]
    if nearly:
        attempts += [nearly, {**structure, **kind, **nearly}]
    attempts += [everything, {**kind, **everything}, {**structure, **kind, **everything}]
    return attempts


def _odd_entries(wanted: "Metadata", got: "Metadata") -> "Metadata":
    """Return the entries that did not come back, and those that made others appear."""
    odd = {
        key: value for key, value in wanted.items() if key not in got or not _deep(got[key], value)
    }
    if not odd and len(got) != len(wanted):
        return wanted
    return odd


def _with_source(
    cell: Cell, wanted: "Metadata", render: "Render", probe: "Probe", facts: "Metadata"
) -> str:
    """Return a text that holds the exact source in its hints: the last resort."""
    facts = {**facts, "type": cell.kind, "source": cell.source, "written": ""}
    if wanted:
        facts["metadata"] = wanted
    got = probe(render({}, facts))
    written = "" if got is None else _fingerprint(got.source)
    return render({}, {**facts, "written": written})


def _fingerprint(source: str) -> str:
    from zlib import crc32

    return f"{crc32(source.encode('utf-8', 'surrogatepass')):08x}"


def _same(got: Cell | None, cell: Cell, wanted: "Metadata") -> bool:
    return (
        got is not None
        and got.kind == cell.kind
        and got.source == cell.source
        and same_metadata(got.metadata, wanted)
    )


def same_metadata(a: "Metadata", b: "Metadata") -> bool:
    """Return whether two metadata are equal, True and 1 told apart, NaN equal to NaN."""
    return (not a and not b) or _deep(a, b)


def _deep(a: object, b: object) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_deep(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_deep, a, b))
    return type(a) is type(b) and (a == b or (isinstance(a, float) and repr(a) == repr(b)))
