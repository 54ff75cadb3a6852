"""The plan of a sync that writes several files, on the disk before the first of them changes.

A sync that was interrupted is completed from its plan: as long as each file holds what it held
before or what it was to hold, the rest is written and the new state recorded.  Where somebody
edited a file meanwhile, the plan is dropped instead: the old record stays, and the next merge
sees every change, those that were already written included.
"""

import os

from octavo.workspace.state import Record, Store, digest, key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.workspace.pairs import Pair


class Plan:
    """Files to write: (path, hash before or "" for a missing file, new bytes), and the state."""

    __slots__ = ("base", "record", "writes")

    def __init__(self, writes: list[tuple[str, str, bytes]], record: Record, base: bytes) -> None:
        self.writes = writes
        self.record = record
        self.base = base

    def to_bytes(self, root: str) -> bytes:
        """Return the plan as one line of JSON, followed by all contents."""
        import json

        head = {
            "record": self.record.to_bytes().decode("ascii"),
            "writes": [
                (os.path.relpath(path, root), old, len(new)) for path, old, new in self.writes
            ],
        }
        body = json.dumps(head).encode("ascii") + b"\n"
        body += b"".join([new for _, _, new in self.writes]) + self.base
        return digest(body).encode("ascii") + b"\n" + body

    @classmethod
    def from_bytes(cls, data: bytes, root: str) -> "Plan | None":
        """Return the plan in *data*, None when it is not whole."""
        import json

        check, _, body = data.partition(b"\n")
        if digest(body).encode("ascii") != check:
            return None
        line, _, contents = body.partition(b"\n")
        head = json.loads(line)
        record = Record.from_bytes(head["record"].encode("ascii"))
        if record is None:
            return None
        writes = []
        for name, old, size_bytes in head["writes"]:
            writes.append((os.path.join(root, name), old, contents[:size_bytes]))
            contents = contents[size_bytes:]
        return cls(writes, record, contents)


def begin(store: Store, pair: "Pair", plan: Plan) -> None:
    """Bring the plan to the disk."""
    store.prepare()
    store.disk.plan(_path(store, pair), plan.to_bytes(store.root))


def end(store: Store, pair: "Pair") -> None:
    """Remove the plan: all of it was done, or it no longer holds."""
    store.disk.remove(_path(store, pair))


def recover(store: Store, pair: "Pair") -> bool:
    """Complete an interrupted sync of *pair*, or drop its plan; return whether there was one."""
    from octavo.core.errors import FileError
    from octavo.workspace import files

    try:
        data = files.read_bytes(_path(store, pair))
    except FileError:
        return False
    plan = Plan.from_bytes(data, store.root)
    if plan is not None and _complete(store, plan):
        store.save(pair, plan.record, plan.base)
    end(store, pair)
    return True


def plans(store: Store) -> "Iterator[Plan]":
    """Yield the plans of all syncs that were interrupted."""
    from octavo.core.errors import FileError
    from octavo.workspace import files

    folder = os.path.join(store.folder, "journal")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        try:
            plan = Plan.from_bytes(files.read_bytes(os.path.join(folder, name)), store.root)
        except FileError:
            continue
        if plan is not None:
            yield plan


def _complete(store: Store, plan: Plan) -> bool:
    """Write what is left to write, if every file is as the plan found it or was to leave it."""
    from octavo.core.errors import FileError
    from octavo.workspace import files

    held = [
        files.read_regular(path) if os.path.lexists(path) else None for path, _, _ in plan.writes
    ]
    for now, (_, old, new) in zip(held, plan.writes, strict=True):
        if now != new and ("" if now is None else digest(now)) != old:
            return False
    try:
        for now, (path, _, new) in zip(held, plan.writes, strict=True):
            store.disk.write(path, new, now)
    except FileError as error:
        if error.code != files.CHANGED_MEANWHILE:
            raise
        return False
    return True


def hash_of(path: str) -> str:
    """Return the hash of a file, "" for a missing one."""
    from octavo.workspace import files

    return digest(files.read_regular(path)) if os.path.lexists(path) else ""


def _path(store: Store, pair: "Pair") -> str:
    return os.path.join(store.folder, "journal", key_of(pair))
