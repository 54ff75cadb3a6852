"""Fast reading and writing of large ipynb files, with msgspec.

This module is imported only for large notebooks: importing msgspec costs more than a small
notebook does.  What msgspec would read or write in another way than `json` does (exponents,
NaN, lone surrogates, unknown keys) is left to the exact reader and writer.
"""

from typing import Any

import msgspec

from octavo.core._notebook_lines import (
    join_attachments,
    join_outputs,
    split_attachments,
    split_outputs,
)
from octavo.core.document import Cell, Document
from octavo.core.notebook import (
    MINOR_WITH_IDS,
)
from octavo.formats._json import is_same_in_msgspec
from octavo.formats._json_cells import CELL_START, cell_metadata, cell_text, frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from octavo.core.document import Json, Metadata

#: A batch is encoded at once when it has this many cells, or this many bytes of outputs.
_BATCH_CELLS = 500
_BATCH_BYTES = 4_000_000


class _Cell(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A cell as it stands in a file; outputs stay bytes."""

    cell_type: str
    source: str | list[str] = ""
    metadata: dict[str, Any] = {}
    outputs: msgspec.Raw = msgspec.Raw()
    execution_count: int | msgspec.UnsetType | None = msgspec.UNSET
    attachments: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    id: str | None = None


class _Notebook(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A notebook as it stands in a file."""

    cells: list[_Cell]
    nbformat: int
    nbformat_minor: int
    metadata: dict[str, Any] = {}


def read(text: str | bytes) -> Document | None:
    """Return the document of an ipynb file, or None when the exact reader has to read it.

    Bytes must be valid UTF-8.
    """
    try:
        notebook = msgspec.json.decode(text, type=_Notebook)
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        return None
    if notebook.nbformat != 4 or notebook.nbformat_minor < 0:
        return None
    cells = []
    for found in notebook.cells:
        cell = _cell(found)
        if cell is None:
            return None
        cells.append(cell)
    return Document(cells, notebook.metadata, notebook.nbformat_minor)


def _cell(found: _Cell) -> Cell | None:
    """Return the cell of a decoded record, or None when something in it is unusual."""
    kind = found.cell_type
    count = found.execution_count
    outputs: bytes | None = bytes(found.outputs)
    if kind == "code":
        outputs = outputs or b"[]"
        if outputs[:1] != b"[":
            return None
    elif kind not in _TEXT_KINDS or outputs or count is not msgspec.UNSET:
        return None
    else:
        outputs = None
    source = found.source
    attachments = found.attachments
    return Cell(
        kind,  # type: ignore[arg-type]  # the lines above tell
        source if isinstance(source, str) else "".join(source),
        found.metadata,
        outputs,
        None if isinstance(count, msgspec.UnsetType) else count,
        None if isinstance(attachments, msgspec.UnsetType) else join_attachments(attachments),
        found.id,
    )


_TEXT_KINDS = ("markdown", "raw")


def parts(document: Document) -> "Iterator[str | bytes]":
    """Yield the text of an ipynb file, most of it as UTF-8 bytes."""
    has_ids = document.nbformat_minor >= MINOR_WITH_IDS
    before, after = frame(document)
    yield before
    separator = ""
    for part in _cell_parts(document.cells, has_ids=has_ids):
        if separator:
            yield separator
        yield part
        separator = ","
    yield after


def _cell_parts(cells: tuple[Cell, ...], *, has_ids: bool) -> "Iterator[str | bytes]":
    """Yield the cells, without the commas between parts: many at once where msgspec can."""
    tree_of = _tree_maker(has_ids=has_ids)
    batch: list[Metadata] = []
    size_bytes = 0
    for number, cell in enumerate(cells, 1):
        tree = tree_of(cell)
        if tree is not None:
            batch.append(tree)
            held = cell.raw_outputs
            size_bytes += len(held) if isinstance(held, bytes) else 0
            if len(batch) < _BATCH_CELLS and size_bytes < _BATCH_BYTES:
                continue
        if batch:
            first = number - len(batch) + (tree is not None)
            yield _encoded(batch) or _exact(cells, first, len(batch), has_ids=has_ids)
            batch, size_bytes = [], 0
        if tree is None:
            yield _exact(cells, number, 1, has_ids=has_ids)
    if batch:
        first = len(cells) - len(batch) + 1
        yield _encoded(batch) or _exact(cells, first, len(batch), has_ids=has_ids)


def _encoded(batch: "list[Metadata]") -> bytes:
    """Return the cells as they stand in a file, b"" when msgspec cannot write them."""
    try:
        encoded = msgspec.json.encode({"cells": batch}, order="sorted")
    except (TypeError, ValueError, RecursionError):
        return b""
    return msgspec.json.format(encoded, indent=1)[len(_BEFORE) : -len(_AFTER)]


_BEFORE = b'{\n "cells": ['
_AFTER = b"\n ]\n}"


def _exact(cells: tuple[Cell, ...], first: int, count: int, *, has_ids: bool) -> str:
    """Return *count* cells from number *first* on (1-based), written without msgspec."""
    return ",".join(
        CELL_START + cell_text(number, cells[number - 1], has_id=has_ids)
        for number in range(first, first + count)
    )


def _tree_maker(*, has_ids: bool) -> "Callable[[Cell], Metadata | None]":
    """Return a function that gives a cell as it stands in a file.

    It gives None when msgspec would write something in the cell in another way than `json`.
    """
    odd_floats: list[float] = []

    def read_float(text: str) -> float:
        value = float(text)
        if not is_same_in_msgspec(value):
            odd_floats.append(value)
        return value

    decode = msgspec.json.Decoder(float_hook=read_float).decode

    def tree_of(cell: Cell) -> "Metadata | None":
        metadata = cell.metadata
        if cell.extra or (metadata and not is_same_in_msgspec(metadata)):
            return None
        tree: Metadata = {
            "cell_type": cell.kind,
            "metadata": cell_metadata(metadata),
            "source": cell.source.splitlines(keepends=True),  # type: ignore[dict-item]  # invariant
        }
        if has_ids and cell.id is not None:
            tree["id"] = cell.id
        if cell.attachments is not None:
            if not is_same_in_msgspec(cell.attachments):
                return None
            tree["attachments"] = split_attachments(cell.attachments)
        if cell.kind == "code":
            outputs = outputs_of(cell)
            if outputs is None:
                return None
            tree["execution_count"] = cell.execution_count
            tree["outputs"] = split_outputs(outputs)
        return tree

    def outputs_of(cell: Cell) -> "list[Json] | None":
        held = cell.raw_outputs
        if not held or held == b"[]":
            return []
        if isinstance(held, list):
            return held if is_same_in_msgspec(held) else None
        if not isinstance(held, bytes):
            return None
        try:
            outputs: list[Json] = join_outputs(decode(held))
        except (ValueError, RecursionError):
            return None
        if odd_floats:
            odd_floats.clear()
            return None
        return outputs

    return tree_of
