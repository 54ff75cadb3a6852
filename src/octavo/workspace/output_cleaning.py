"""How full the output store is, and what of it nobody needs any more."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.workspace.outputs import OutputStore


class Kept:
    """What is kept of one document.

    `state` is "ok", "file is missing" (deleted or renamed), "incomplete" (blobs are missing or
    damaged) or "damaged" (the record itself; `name` is then the path of the record).
    """

    __slots__ = ("cells", "name", "size_bytes", "state")

    def __init__(self, name: str, cells: int, size_bytes: int, state: str) -> None:
        self.name = name
        self.cells = cells
        self.size_bytes = size_bytes
        self.state = state

    def as_dict(self) -> dict[str, object]:
        """Return the record for --json."""
        return {
            "document": self.name,
            "cells": self.cells,
            "size_bytes": self.size_bytes,
            "state": self.state,
        }


class Garbage:
    """Files of the store that nobody needs: `paths`, `size_bytes` in all, `documents` forgotten.

    `held_back` is the path of a damaged record: while it is there, no blob is removed.
    """

    __slots__ = ("documents", "held_back", "paths", "size_bytes")

    def __init__(
        self, paths: list[str], size_bytes: int, documents: list[str], held_back: str
    ) -> None:
        self.paths = paths
        self.size_bytes = size_bytes
        self.documents = documents
        self.held_back = held_back


def survey(store: "OutputStore") -> "Iterator[Kept]":
    """Yield what is kept of each document; every blob is checked."""
    for path, record in store.records():
        size_bytes = os.path.getsize(path)
        if record is None:
            yield Kept(store.name_of(path), 0, size_bytes, "damaged")
            continue
        state = "ok" if _is_there(store, record.name) else "file is missing"
        for name in record.blobs():
            data = store.blob(name)
            if data is None:
                state = "incomplete"
            size_bytes += len(data or b"")
        cells = record.notebook["cells"]
        held = sum(1 for cell in cells if cell.get("outputs"))
        yield Kept(record.name, held, size_bytes, state)


def garbage(store: "OutputStore", *, forget_missing: bool = False) -> Garbage:
    """Return what can be removed: blobs that no record needs, and remains of writes.

    With *forget_missing*, also the records of files that are gone, and damaged records.  Without
    it they stay, for a file that is gone may have been renamed, or be on another branch.  The
    caller holds the lock.
    """
    needed: set[str] = set()
    paths: list[str] = []
    documents: list[str] = []
    held_back = ""
    for path, record in store.records():
        if record is None and not forget_missing:
            held_back = path
        elif record is None or (forget_missing and not _is_there(store, record.name)):
            paths.append(path)
            documents.append(store.name_of(path) if record is None else record.name)
        else:
            needed |= record.blobs()
    blobs = [] if held_back else list(_unneeded(store, needed))
    paths += blobs
    paths += _remains(store)
    size_bytes = sum(os.path.getsize(path) for path in paths)
    return Garbage(paths, size_bytes, documents, held_back)


def remove(store: "OutputStore", found: Garbage) -> None:
    """Remove what `garbage` found.  The caller holds the lock.

    Raises: `FileError` OCT-W005 for a folder that cannot be written.
    """
    for path in found.paths:
        store.disk.remove(path)


def forget(store: "OutputStore", path: str) -> bool:
    """Drop what is kept of a document, and return whether there was anything.

    Its blobs go with the next cleaning.  The caller holds the lock.
    """
    record = store.record_path(store.name_of(path))
    is_kept = os.path.lexists(record)
    store.disk.remove(record)
    return is_kept


def _is_there(store: "OutputStore", name: str) -> bool:
    return os.path.lexists(os.path.join(store.root, *name.split("/")))


def _unneeded(store: "OutputStore", needed: set[str]) -> "Iterator[str]":
    from octavo.workspace.output_records import is_hash

    for path in _files_in(os.path.join(store.folder, "blobs")):
        name = os.path.basename(path).removesuffix(".json")
        if is_hash(name) and name not in needed:
            yield path


def _remains(store: "OutputStore") -> "Iterator[str]":
    """Yield temporary files of writes that were cut short; under the lock there are no others."""
    for path in _files_in(store.folder):
        name = os.path.basename(path)
        if name.startswith(".octavo-") and name.endswith(".tmp"):
            yield path


def _files_in(top: str) -> "Iterator[str]":
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            yield os.path.join(folder, name)
