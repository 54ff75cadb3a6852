"""The former names of a pair: its files were renamed by something that told nobody (`git mv`)."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from octavo.core.document import Document
    from octavo.workspace.pairs import Pair
    from octavo.workspace.state import Record, Store

#: From this share of equal cells on, a member is taken for an edited version of the former one.
_SAME = 0.5


def find(pair: "Pair", store: "Store", hashes: "Sequence[str]") -> "tuple[Pair, Record] | None":
    """Return the pair that *pair* was before, and its record; None when that is not plain.

    All its members are gone, and one of them is now a member of *pair*, with the content that was
    recorded: *hashes* are those of the members of *pair*, "" for a missing one.
    """
    from octavo.workspace.find import of_record

    targets = [str(target) for target in pair.targets]
    if len(set(targets)) < len(targets):
        return None
    found = []
    for _, record in store.records():
        if sorted(record.targets) != sorted(targets):
            continue
        known = dict(zip(record.targets, record.hashes, strict=True))
        is_same = any(own and known[name] == own for name, own in zip(targets, hashes, strict=True))
        former = of_record(pair.root, record) if is_same else None
        if former is not None and not any(map(os.path.lexists, former.paths)):
            found.append((former, record))
    return found[0] if len(found) == 1 else None


def is_alike(base: "Document", version: "Document") -> bool:
    """Return whether a member may be what has become of the former document."""
    old = {cell.source for cell in base.cells if cell.source}
    new = {cell.source for cell in version.cells if cell.source}
    return len(old & new) >= _SAME * min(len(old), len(new))


def renamed(pair: "Pair", record: "Record") -> "Record":
    """Return a record of the former pair as one of *pair*."""
    from octavo.workspace.state import Record

    names = {str(target): name for name, target in zip(pair.names, pair.targets, strict=True)}
    return Record(
        [names[target] for target in record.targets], record.targets, pair.formats, record.hashes,
        [[] for _ in record.names], record.base, record.conflicts,
    )  # fmt: skip
