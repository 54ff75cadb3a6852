"""What the output store keeps of a document: a notebook in which outputs are references.

    {"version": 1, "document": "lessons/x.py", "notebook": {...}, "earlier": [...]}

An output that is small stands in the record, any other in a blob that is named by its hash, so
that equal outputs are kept once.  `earlier` holds cells that were in the document before: when
an edit is taken back, their outputs are too.
"""

from octavo.core.document import Cell, Document
from octavo.core.notebook import TRANSIENT_CELL
from octavo.workspace.state import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    from octavo.core.document import Json

    Tree: TypeAlias = dict[str, Any]  # what JSON gave; `from_bytes` looked at it

_VERSION = 1
#: A value whose JSON is not longer stands in the record itself.
_INLINE_BYTES = 1000
#: So many cells that were in the document before are remembered.
_MOST_EARLIER = 200
_HASH_LENGTH = 40
_HEXADECIMAL = frozenset("0123456789abcdef")


class OutputRecord:
    """What is kept of a document; `name` is its path from the root, with slashes.

    `notebook` is in nbformat's form, each output and attachment `{"value": ...}` or
    `{"blob": HASH}`; `earlier` are code cells in the same form, the latest first.
    """

    __slots__ = ("earlier", "name", "notebook")

    def __init__(self, name: str, notebook: "Tree", earlier: "list[Tree] | None" = None) -> None:
        self.name = name
        self.notebook = notebook
        self.earlier = earlier or []

    def to_bytes(self) -> bytes:
        """Return the record as JSON, line by line, so that git shows what changed."""
        import json

        fields = {
            "version": _VERSION,
            "document": self.name,
            "notebook": self.notebook,
            "earlier": self.earlier,
        }
        text = json.dumps(fields, indent=1, ensure_ascii=False) + "\n"
        return text.encode("utf-8", "backslashreplace")

    @classmethod
    def from_bytes(cls, data: bytes) -> "OutputRecord | None":
        """Return the record in *data*, None when it is damaged or of another version."""
        import json

        try:
            fields = json.loads(data)
            if fields["version"] != _VERSION or not isinstance(fields["document"], str):
                return None
            record = cls(fields["document"], fields["notebook"], fields["earlier"])
            Document.from_nbformat(_bare(record.notebook))
            Document.from_nbformat(_bare({**record.notebook, "cells": list(record.earlier)}))
            return record if all(map(_is_sound, record.cells())) else None
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    def cells(self) -> "Iterator[Tree]":
        """Yield all cells, those of the document and those before."""
        yield from self.notebook["cells"]
        yield from self.earlier

    def sources(self) -> set[str]:
        """Return the sources of the code cells that are in the document."""
        cells = self.notebook["cells"]
        return {str(cell["source"]) for cell in cells if cell["cell_type"] == "code"}

    def blobs(self) -> set[str]:
        """Return the hashes of all blobs that the record needs."""
        return {name for cell in self.cells() for name in _blobs_of(cell)}


def taken_apart(
    document: Document, name: str, old: OutputRecord | None
) -> tuple[OutputRecord, dict[str, bytes]]:
    """Return the record of a document and the blobs it needs; *old* is what was known of it."""
    blobs: dict[str, bytes] = {}
    notebook: Tree = document.to_nbformat()
    cells = [_apart(cell, blobs) for cell in notebook["cells"]]
    return OutputRecord(name, {**notebook, "cells": cells}, _earlier(cells, old)), blobs


def put_together(
    record: OutputRecord, load: "Callable[[str], bytes | None]"
) -> tuple[Document, list[Cell], int]:
    """Return the document of a record, its earlier cells, and how many blobs were missing.

    *load* returns the bytes of a blob, None when it is missing or damaged.
    """
    missing = [0]

    def value_of(held: "Json") -> "list[Json]":
        import json

        if isinstance(held, dict) and "value" in held:
            return [held["value"]]
        data = load(str(held["blob"])) if isinstance(held, dict) else None
        try:
            return [json.loads(data)] if data is not None else _count(missing)
        except (ValueError, RecursionError):
            return _count(missing)

    def document_of(cells: "list[Tree]") -> Document:
        whole: Tree = {**record.notebook, "cells": [_whole(cell, value_of) for cell in cells]}
        return Document.from_nbformat(whole)

    document = document_of(record.notebook["cells"])
    before = document_of(record.earlier)
    return document, list(before.cells), missing[0]


def is_hash(name: object) -> bool:
    """Return whether *name* can be the name of a blob: nothing else is ever made a path."""
    return isinstance(name, str) and len(name) == _HASH_LENGTH and _HEXADECIMAL.issuperset(name)


def _count(missing: list[int]) -> "list[Json]":
    missing[0] += 1
    return []


def _apart(cell: "Tree", blobs: dict[str, bytes]) -> "Tree":
    """Return a cell whose outputs and attachments are references; new blobs go to *blobs*."""
    import json

    def reference(value: "Json") -> "Json":
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        data = text.encode("utf-8", "backslashreplace")
        if len(data) <= _INLINE_BYTES:
            return {"value": value}
        name = digest(data)
        blobs[name] = data
        return {"blob": name}

    changed: Tree = {}
    outputs, attachments = cell.get("outputs"), cell.get("attachments")
    if isinstance(outputs, list):
        changed["outputs"] = [reference(output) for output in outputs]
    if isinstance(attachments, dict):
        changed["attachments"] = {name: reference(value) for name, value in attachments.items()}
    return {**cell, **changed}


def _whole(cell: "Tree", value_of: "Callable[[Json], list[Json]]") -> "Tree":
    """Return a cell with the outputs and attachments that its references stand for."""
    changed: Tree = {}
    outputs, attachments = cell.get("outputs"), cell.get("attachments")
    if isinstance(outputs, list):
        changed["outputs"] = [value for held in outputs for value in value_of(held)]
    if isinstance(attachments, dict):
        changed["attachments"] = {
            name: value for name, held in attachments.items() for value in value_of(held)
        }
    metadata = cell.get("metadata")
    if isinstance(metadata, dict):
        # Whom to trust is told by the reader's own Jupyter, never by a file.
        changed["metadata"] = {
            key: value for key, value in metadata.items() if key != TRANSIENT_CELL
        }
    return {**cell, **changed}


def _earlier(cells: "list[Tree]", old: OutputRecord | None) -> "list[Tree]":
    """Return the cells with outputs that are in the document no more, the latest first."""
    if old is None:
        return []
    seen = {str(cell["source"]) for cell in cells}
    kept: list[Tree] = []
    for cell in old.cells():
        source = str(cell["source"])
        if cell.get("cell_type") == "code" and cell.get("outputs") and source not in seen:
            seen.add(source)
            kept.append(cell)
    return kept[:_MOST_EARLIER]


def _blobs_of(cell: "Tree") -> "Iterator[str]":
    outputs, attachments = cell.get("outputs"), cell.get("attachments")
    held = list(outputs) if isinstance(outputs, list) else []
    held += attachments.values() if isinstance(attachments, dict) else []
    for value in held:
        if isinstance(value, dict) and "blob" in value:
            yield str(value["blob"])


def _is_sound(cell: "Tree") -> bool:
    return isinstance(cell.get("source"), str) and all(map(is_hash, _blobs_of(cell)))


def _bare(notebook: "Tree") -> "Tree":
    """Return a notebook without what only stands for something else."""
    cells = notebook["cells"]
    bare = []
    for cell in cells:
        rest = {key: value for key, value in cell.items() if key != "attachments"}
        bare.append({**rest, "outputs": []} if "outputs" in rest else rest)
    return {**notebook, "cells": bare}
