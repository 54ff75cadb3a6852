"""What pages show of pairs: the members of a document, how they stand, and those of a folder."""

import os

from octavo.core.errors import OctavoError
from octavo.workspace import find, journal, sync
from octavo.workspace.state import Store, key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from octavo.workspace.pairs import Pair


def info(path: str, name: "Callable[[str], str]") -> "dict[str, Any]":
    """Return what is known of the document that a file belongs to; *name* is what a file is called.

    `last_sync_ms` are milliseconds since 1970, None when it was never synced.

    Raises: `OctavoError` when its pairing cannot be understood.
    """
    pair = find.Finder().pair_of(path)
    if pair is None:
        return {
            "path": name(path), "formats": "", "members": [], "last_sync_ms": None,
            "conflicts": 0, "status": "not paired",
        }  # fmt: skip
    store = Store(pair.root)
    record = store.load(pair)
    hashes = {} if record is None else dict(zip(record.names, record.hashes, strict=True))
    members = [
        {
            "path": name(member),
            "format": str(target),
            "exists": os.path.lexists(member),
            "changed": bool(hashes) and journal.hash_of(member) != hashes.get(recorded),
        }
        for recorded, member, target in zip(pair.names, pair.paths, pair.targets, strict=True)
    ]
    return {
        "path": name(path), "formats": pair.formats or _formats(pair),
        "members": members, "last_sync_ms": _last_sync_ms(store, pair),
        "conflicts": 0 if record is None else record.conflicts,
        "status": sync.state_of(pair, store),
    }  # fmt: skip


def of_folder(folder: str, name: "Callable[[str], str]") -> "list[dict[str, Any]]":
    """Return the pairs that have a member in a folder, each with what its members are called.

    `primary` is the member that people open: the notebook, else the first text.
    """
    finder = find.Finder()
    done: set[str] = set()
    found: list[dict[str, Any]] = []
    for file in sorted(os.listdir(folder)):
        path = os.path.join(folder, file)
        if path in done or not find.is_document(file) or not os.path.isfile(path):
            continue
        try:
            pair = finder.pair_of(path)
        except OctavoError:
            continue
        if pair is None or not finder.is_meant(path, pair):
            continue
        done.update(pair.paths)
        present = [member for member in pair.paths if os.path.lexists(member)]
        if len(present) > 1:
            found.append(_entry(pair, present, name))
    return found


def _entry(pair: "Pair", present: list[str], name: "Callable[[str], str]") -> "dict[str, Any]":
    record = Store(pair.root).load(pair)
    primary = next((path for path in present if path.endswith(".ipynb")), present[0])
    return {
        "members": [name(path) for path in present],
        "primary": name(primary),
        "conflicts": 0 if record is None else record.conflicts,
    }


def _formats(pair: "Pair") -> str:
    return ",".join(str(target) for target in pair.targets)


def _last_sync_ms(store: Store, pair: "Pair") -> int | None:
    try:
        return os.stat(store.record_path(key_of(pair))).st_mtime_ns // 1_000_000
    except OSError:
        return None
