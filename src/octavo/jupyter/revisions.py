"""What clients were given: the base from which each of their saves is merged.

The contents API does not say from which state a client started.  So every state that was handed
out or saved is remembered, and a save is taken for a change of the one that its client holds:
the only one, if the client names itself, else the nearest of those that somebody holds.  Where
two are equally near, the older one is taken: both versions then stay, as a conflict.

    FOLDER/KEY/index.json      the revisions, oldest first, and who holds them
    FOLDER/KEY/NAME.json       the cells of one, outputs by their checksum

All of it survives a restart of the server, and may be deleted: a save without a base is then
merged by content, and keeps what stands on either side.
"""

import json
import os
import zlib

from octavo.core.document import Cell, Document
from octavo.core.errors import FileError
from octavo.workspace import files, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_MOST = 48  # revisions of a document
_OUTPUTS = "octavo-checksum"


class Revision:
    """A state of a document: `document` holds checksums for outputs.

    `base` is the recorded state that it is equal to ("" when it is equal to none); `held` counts
    for each client how often it got this state and did not move on.
    """

    __slots__ = ("base", "document", "held", "name")

    def __init__(self, name: str, document: Document, base: str, held: dict[str, int]) -> None:
        self.name = name
        self.document = document
        self.base = base
        self.held = held


class Revisions:
    """The revisions of all documents, in a folder of the server's own."""

    def __init__(self, folder: str, disk: state.Disk | None = None) -> None:
        self.folder = folder
        self._disk = disk or state.Disk()
        self._known: dict[str, list[Revision]] = {}

    def give(self, key: str, document: Document, base: str, client: str) -> None:
        """Remember that *client* was given *document*, which is the recorded state *base*."""
        known = self._load(key)
        found = next((one for one in known if base and one.base == base), None)
        if found is None:
            found = self._add(key, known, summarised(document), base)
        _let_go(known, client)
        found.held[client] = 1 if client else found.held.get("", 0) + 1
        self._save_index(key, known)

    def base_for(self, key: str, document: Document, client: str) -> Revision | None:
        """Return the state that *document*, sent by *client*, was made from; None: nobody knows."""
        known = self._load(key)
        own = [one for one in known if client and one.held.get(client)]
        held = own or [one for one in known if one.held] or known
        return held[0] if len(held) == 1 else _nearest(held, document)

    def move(
        self, key: str, old: Revision | None, document: Document, base: str, client: str
    ) -> None:
        """Remember that *client*, which held *old*, holds *document* now, as it sent it."""
        known = self._load(key)
        if old is not None:
            _release(old, client)
        _let_go(known, client)
        summary = summarised(document)
        found = next((one for one in known if _is_same(one.document, summary)), None)
        if found is None:
            found = self._add(key, known, summary, base)
        elif base:
            found.base = base
        found.held[client] = 1 if client else found.held.get("", 0) + 1
        self._save_index(key, known)

    def leave(self, key: str, client: str) -> None:
        """Forget what *client* holds: it will not save again."""
        known = self._load(key)
        _let_go(known, client)
        self._save_index(key, known)

    def rename(self, old: str, new: str) -> None:
        """Keep what is known of a document whose files have new names."""
        known = self._load(old)
        self._known[new] = known
        self._known.pop(old, None)
        for one in known:
            self._write(os.path.join(self.folder, new, one.name), _to_json(one.document))
        self._save_index(new, known)
        self.forget(old)

    def adopt(self, key: str, former: str) -> None:
        """Take over what is known of a document under its former key: its files are others now."""
        known = self._load(key)
        for old in self._load(former):
            for client in old.held:
                _let_go(known, client)
            self._add(key, known, old.document, "").held.update(old.held)
        self._save_index(key, known)
        self.forget(former)

    def forget(self, key: str) -> None:
        """Remove all that is known of a document."""
        self._known.pop(key, None)
        folder = os.path.join(self.folder, key)
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            self._disk.remove(os.path.join(folder, name))
        files.remove_empty_folders(folder, self.folder)

    def _add(self, key: str, known: list[Revision], summary: Document, base: str) -> Revision:
        numbers = [int(one.name.partition(".")[0]) for one in known]
        name = f"{max(numbers, default=0) + 1}.json"
        made = Revision(name, summary, base, {})
        known.append(made)
        self._write(os.path.join(self.folder, key, name), _to_json(made.document))
        while len(known) > _MOST:
            dropped = next((one for one in known[:-1] if not one.held), known[0])
            known.remove(dropped)
            self._disk.remove(os.path.join(self.folder, key, dropped.name))
        return made

    def _load(self, key: str) -> list[Revision]:
        if key not in self._known:
            self._known[key] = list(self._read(key))
        return self._known[key]

    def _read(self, key: str) -> "Iterator[Revision]":
        folder = os.path.join(self.folder, key)
        for entry in _json_in(os.path.join(folder, "index.json")) or ():
            if not isinstance(entry, dict):
                continue
            document = _of_json(_json_in(os.path.join(folder, str(entry.get("name")))))
            held = entry.get("held")
            if document is not None and isinstance(held, dict):
                counts = {str(name): n for name, n in held.items() if isinstance(n, int)}
                yield Revision(str(entry["name"]), document, str(entry.get("base")), counts)

    def _save_index(self, key: str, known: list[Revision]) -> None:
        entries = [{"name": one.name, "base": one.base, "held": one.held} for one in known]
        self._write(os.path.join(self.folder, key, "index.json"), entries)

    def _write(self, path: str, value: object) -> None:
        folder = os.path.dirname(path)
        if not os.path.isdir(folder):
            files.make_folder(folder)
        self._disk.note(path, json.dumps(value).encode("ascii"))


def with_outputs(base: Document, ours: Document, theirs: Document) -> Document:
    """Return *base* with the outputs that its checksums stand for, as far as a side has them.

    A side whose outputs are still those of *base* is then seen to have left them alone.
    """
    mine = {cell.id: cell for cell in ours.cells if cell.kind == "code"}
    yours = {cell.id: cell for cell in theirs.cells if cell.kind == "code"}
    cells = []
    for cell in base.cells:
        if cell.kind == "code":
            wanted = _checksum_in(cell)
            for side in (mine.get(cell.id), yours.get(cell.id)):
                if side is not None and _checksum(side) == wanted:
                    cell = cell.with_(outputs=side.raw_outputs)  # noqa: PLW2901  the same cell
                    break
        cells.append(cell)
    return base.with_(cells=cells)


def summarised(document: Document) -> Document:
    """Return *document* with a checksum in place of the outputs of each cell."""
    cells = [
        cell.with_(outputs=[{_OUTPUTS: _checksum(cell)}] if cell.kind == "code" else None,
                   attachments=None, line=0)
        for cell in document.cells
    ]  # fmt: skip
    return Document(cells, document.metadata, document.nbformat_minor)


def _let_go(known: list[Revision], client: str) -> None:
    """Forget what a client with a name held before; the others cannot be told apart."""
    if client:
        for one in known:
            one.held.pop(client, None)


def _release(revision: Revision, client: str) -> None:
    left = revision.held.get(client, 0) - 1
    if left > 0:
        revision.held[client] = left
    else:
        revision.held.pop(client, None)


def _nearest(known: "list[Revision]", document: Document) -> Revision | None:
    """Return the revision that differs in the fewest cells, then lines; of several the oldest."""
    best: list[Revision] = []
    least = -1
    for one in known:
        distance = _distance(one.document, document)
        if least < 0 or distance < least:
            best, least = [one], distance
        elif distance == least:
            best.append(one)
    if len(best) < 2:
        return best[0] if best else None
    return min(best, key=lambda one: _line_distance(one.document, document))


def _distance(old: Document, new: Document) -> int:
    before = {(cell.id, cell.kind, cell.source) for cell in old.cells}
    after = {(cell.id, cell.kind, cell.source) for cell in new.cells}
    return len(before ^ after)


def _line_distance(old: Document, new: Document) -> int:
    sources = {cell.id: cell.source for cell in old.cells}
    distance = 0
    for cell in new.cells:
        before = sources.get(cell.id, "")
        if before != cell.source:
            distance += len(set(before.split("\n")) ^ set(cell.source.split("\n")))
    return distance


def _is_same(one: Document, other: Document) -> bool:
    return one.cells == other.cells and one.metadata == other.metadata


def _checksum_in(cell: Cell) -> int:
    held = cell.raw_outputs
    first = held[0] if isinstance(held, list) and held else None
    value = first.get(_OUTPUTS) if isinstance(first, dict) else None
    return value if isinstance(value, int) else -1


def _checksum(cell: Cell) -> int:
    """Return a number that is the same for the same outputs, however they are held."""
    outputs = cell.outputs
    return _crc(outputs, 0) if outputs else 0


def _crc(value: object, crc: int) -> int:
    if isinstance(value, str):
        return zlib.crc32(value.encode("utf-8", "surrogatepass"), crc + 1)
    if isinstance(value, list):
        for item in value:
            crc = _crc(item, crc)
        return crc + 1
    if isinstance(value, dict):
        for key in sorted(value):
            crc = _crc(value[key], zlib.crc32(key.encode("utf-8", "surrogatepass"), crc))
        return crc + 2
    return zlib.crc32(repr(value).encode("ascii", "replace"), crc + 3)


def _to_json(document: Document) -> "dict[str, Any]":
    cells = [
        [cell.kind, cell.source, cell.metadata, cell.id, cell.execution_count, _checksum_in(cell)]
        for cell in document.cells
    ]
    return {"cells": cells, "metadata": document.metadata, "minor": document.nbformat_minor}


def _of_json(value: "Any") -> Document | None:
    try:
        cells = [
            Cell(kind, source, metadata, [{_OUTPUTS: crc}] if kind == "code" else None, count,
                 id=name)
            for kind, source, metadata, name, count, crc in value["cells"]
        ]  # fmt: skip
        return Document(cells, value["metadata"], value["minor"])
    except (TypeError, KeyError, ValueError):
        return None


def _json_in(path: str) -> "Any":
    try:
        return json.loads(files.read_bytes(path))
    except (FileError, ValueError):
        return None
