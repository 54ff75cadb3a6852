"""Documents from and to the dictionaries of nbformat.

nbformat keeps multi-line texts joined in memory and split into lines in files.  Octavo's model
keeps them joined; `from_nbformat` takes both (see `_notebook_lines`).
"""

from octavo.core._notebook_lines import join_attachments, join_outputs, joined
from octavo.core.document import Cell, Document
from octavo.core.errors import FormatError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Never

    from octavo.core.document import Json, Kind, Metadata
    from octavo.core.raw_json import RawJson

#: Metadata that nbformat never keeps in files.
TRANSIENT_NOTEBOOK = ("orig_nbformat", "orig_nbformat_minor", "signature")
TRANSIENT_CELL = "trusted"

#: The first minor version in which cells have ids.
MINOR_WITH_IDS = 5

_TOP_LEVEL = frozenset(("cells", "metadata", "nbformat", "nbformat_minor"))
_TEXT_KEYS = frozenset(("cell_type", "id", "metadata", "source", "attachments"))
_CODE_KEYS = _TEXT_KEYS | {"outputs", "execution_count"}
_KEYS = {"code": _CODE_KEYS, "markdown": _TEXT_KEYS, "raw": _TEXT_KEYS}


class CellError(FormatError):
    """A cell of a notebook is not as it must be; `number` tells which one (1-based)."""

    number = 0


def from_nbformat(notebook: "Mapping[str, Json]") -> Document:
    """Return the document of a notebook in nbformat's dictionaries (version 3 or 4).

    Nothing is shared with *notebook*: changing it later does not change the document.

    Raises: `FormatError` OCT-N004 to OCT-N009 when it is no notebook, see `from_json`.
    """
    return from_json(_plain(notebook))


def to_nbformat(document: Document) -> "dict[str, Json]":
    """Return the notebook as nbformat 4 dictionaries, multi-line texts joined.

    Nothing is shared with the document.  From nbformat 4.5 on every cell gets an id.
    """
    has_ids = document.nbformat_minor >= MINOR_WITH_IDS
    if has_ids:
        from octavo.core import ids

        document = ids.assign(document)
    cells: list[Json] = [_plain(cell_tree(cell, has_id=has_ids)) for cell in document.cells]
    notebook: dict[str, Json] = {
        "cells": cells,
        "metadata": _plain(document.metadata),
        "nbformat": 4,
        "nbformat_minor": document.nbformat_minor,
    }
    for key, value in (document.extra or {}).items():
        notebook[key] = _plain(value)
    return notebook


def from_json(notebook: object) -> Document:
    """Return the document of a decoded notebook file (nbformat 3 or 4), which it may take over.

    Raises: `FormatError`

    - OCT-N004: not an object, or nothing in it tells of a notebook
    - OCT-N005: a version of nbformat that is not 3 or 4
    - OCT-N006: `cells` is missing or not a list
    - OCT-N007: a cell is not an object, or of an unknown type
    - OCT-N008: the source, metadata or outputs of a cell have a wrong type
    - OCT-N009: the metadata of the notebook is not an object
    """
    if not isinstance(notebook, dict):
        raise FormatError(
            "OCT-N004",
            f"not a notebook: the JSON holds {_type_name(notebook)}, not an object",
            hint="a notebook is a JSON object with cells, metadata and nbformat",
        )
    if _major(notebook) == 3:
        from octavo.core._notebook_v3 import upgrade

        notebook = upgrade(notebook)
    found = notebook.get("cells")
    if not isinstance(found, list):
        _wrong("OCT-N006", "cells", found, "a list")
    metadata = notebook.get("metadata", {})
    if not isinstance(metadata, dict):
        _wrong("OCT-N009", "notebook metadata", metadata, "an object")
    cells = [_cell(number, cell) for number, cell in enumerate(found, 1)]
    extra = {key: value for key, value in notebook.items() if key not in _TOP_LEVEL}
    return Document(cells, metadata, _minor(notebook, cells), extra=extra or None)


def cell_tree(cell: Cell, *, has_id: bool) -> "Metadata":
    """Return one cell as nbformat's dictionary; its parts are shared with the cell."""
    tree: Metadata = {"cell_type": cell.kind}
    if has_id and cell.id is not None:
        tree["id"] = cell.id
    tree["metadata"] = cell.metadata
    if cell.attachments is not None:
        tree["attachments"] = cell.attachments
    if cell.kind == "code":
        tree["execution_count"] = cell.execution_count
        tree["outputs"] = outputs_of(cell)
    tree["source"] = cell.source
    if cell.extra:
        tree.update(cell.extra)
    return tree


def outputs_of(cell: Cell) -> "list[Json]":
    """Return the outputs of a code cell, multi-line texts joined ([] when there are none)."""
    held = cell.raw_outputs
    if held is None:
        return []
    return held if isinstance(held, list) else decode_outputs(held)


def decode_outputs(raw: "bytes | RawJson") -> "list[Json]":
    """Return the outputs in a JSON array that nobody looked into, multi-line texts joined.

    Raises: `FormatError` OCT-N003 when the array is damaged.
    """
    import json

    text = raw.decode("utf-8", "surrogatepass") if isinstance(raw, bytes) else raw.text()
    try:
        outputs: list[Json] = json.loads(text)
    except json.JSONDecodeError as error:
        raise FormatError(
            "OCT-N003",
            f"the outputs of a cell are not JSON: {error}",
            hint="clear the outputs of the notebook, or restore it from a checkpoint",
        ) from None
    return join_outputs(outputs)


def _cell(number: int, cell: object) -> Cell:
    """Return the cell of a decoded dictionary, which it may take over."""
    if not isinstance(cell, dict):
        _wrong_cell("OCT-N007", number, "", cell, "an object")
    kind = _kind(number, cell)
    source = cell.get("source", "")
    if not isinstance(source, str):
        source = joined(source) if isinstance(source, list) else source
        if not isinstance(source, str):
            _wrong_cell("OCT-N008", number, ": source", source, "a text or a list of texts")
    metadata = cell.get("metadata", {})
    if not isinstance(metadata, dict):
        _wrong_cell("OCT-N008", number, ": metadata", metadata, "an object")
    outputs = None
    if kind == "code":
        outputs = cell.get("outputs", [])
        if not isinstance(outputs, list):
            _wrong_cell("OCT-N008", number, ": outputs", outputs, "a list")
        join_outputs(outputs)
    extra = None if cell.keys() <= _KEYS[kind] else _extra(cell, kind)
    count = cell.get("execution_count") if kind == "code" else None
    if count is not None and type(count) is not int:
        extra, count = {**(extra or {}), "execution_count": count}, None
    cell_id = cell.get("id")
    if cell_id is not None and not isinstance(cell_id, str):
        extra, cell_id = {**(extra or {}), "id": cell_id}, None
    attachments = cell.get("attachments")
    if isinstance(attachments, dict):
        join_attachments(attachments)
    elif "attachments" in cell:
        extra, attachments = {**(extra or {}), "attachments": attachments}, None
    return Cell(kind, source, metadata, outputs, count, attachments, cell_id, 0, extra)


def _kind(number: int, cell: "Metadata") -> "Kind":
    """Return the kind of a cell.

    Raises: `FormatError` OCT-N007 when it has none that we know.
    """
    kind = cell.get("cell_type")
    if kind in ("code", "markdown", "raw"):
        return kind  # type: ignore[return-value]  # the line above tells
    fault = " has no cell_type" if kind is None else f": unknown cell_type {kind!r}"
    error = CellError(
        "OCT-N007", f"cell {number}{fault}", hint="a cell is of type code, markdown or raw"
    )
    error.number = number
    raise error


def _extra(cell: "Metadata", kind: "Kind") -> "Metadata":
    """Return the entries of a cell that nbformat does not know for its kind."""
    known = _KEYS[kind]
    return {key: value for key, value in cell.items() if key not in known}


def _major(notebook: "Metadata") -> int:
    """Return the major version of nbformat: 3 or 4."""
    version = notebook.get("nbformat")
    if version is None:
        if isinstance(notebook.get("cells"), list):
            return 4
        if isinstance(notebook.get("worksheets"), list):
            return 3
        raise FormatError(
            "OCT-N004",
            "not a notebook: the JSON object has neither nbformat nor cells",
            hint="a notebook is a JSON object with cells, metadata and nbformat",
        )
    if type(version) is int and version in (3, 4):
        return version
    hint = "Octavo reads nbformat 3 and 4"
    if type(version) is int and version < 3:
        hint += "; `jupyter nbconvert --to notebook` brings older notebooks up to date"
    elif type(version) is int:
        hint += "; this file was written by a newer program, save it as nbformat 4"
    raise FormatError("OCT-N005", f"unknown version of nbformat: {version!r}", hint=hint)


def _minor(notebook: "Metadata", cells: list[Cell]) -> int:
    """Return the minor version; where it is missing, the one that the cells need."""
    minor = notebook.get("nbformat_minor")
    if minor is None:
        return MINOR_WITH_IDS if any(cell.id is not None for cell in cells) else 4
    if type(minor) is not int or minor < 0:
        raise FormatError(
            "OCT-N005",
            f"unknown version of nbformat: 4.{minor!r}",
            hint="nbformat_minor is a number, 5 today",
        )
    return minor


def _wrong_cell(code: str, number: int, key: str, value: object, wanted: str) -> "Never":
    """Raise the error for a value of a wrong type in a cell."""
    error = CellError(
        code, f"cell {number}{key} is {_type_name(value)}, not {wanted}", hint=_REPAIR
    )
    error.number = number
    raise error


def _wrong(code: str, place: str, value: object, wanted: str) -> "Never":
    """Raise the error for a value of a wrong type."""
    raise FormatError(code, f"{place} is {_type_name(value)}, not {wanted}", hint=_REPAIR)


_REPAIR = "repair the file, or restore it from a checkpoint or from version control"


def _type_name(value: object) -> str:
    """Return the JSON name of a value's type, with its article."""
    if value is None:
        return "missing or null"
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "a number" if isinstance(value, (int, float)) else "unknown")


def _plain(value: object) -> "Json":
    """Return a copy in plain dictionaries and lists."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "keys") and hasattr(value, "__getitem__"):
        return {key: _plain(value[key]) for key in value.keys()}  # noqa: SIM118  any mapping
    return value  # type: ignore[return-value]  # a leaf, whatever it is
