"""The bytes of an ipynb file, part by part: the form that nbformat writes.

Every cell is a part of its own, so that a writer that is faster for most cells
(`_json_msgspec`) can leave the others to this one.
"""

from octavo.core._notebook_lines import (
    split_attachments,
    split_outputs,
)
from octavo.core.errors import FormatError
from octavo.core.notebook import (
    MINOR_WITH_IDS,
    TRANSIENT_CELL,
    TRANSIENT_NOTEBOOK,
    cell_tree,
    outputs_of,
)
from octavo.core.raw_json import RawJson
from octavo.formats import _json_skim
from octavo.formats._json import dumps, list_of, quote, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from octavo.core.document import Cell, Document, Metadata

#: Where the keys of the notebook stand.
_LINE = "\n "
#: Where the keys of a cell stand: three levels deep.
CELL_START = "\n  "
_KEY = "\n   "


def parts(document: "Document") -> "Iterator[str | memoryview]":
    """Yield the text of an ipynb file, cell by cell."""
    has_ids = document.nbformat_minor >= MINOR_WITH_IDS
    before, after = frame(document)
    yield before
    for number, cell in enumerate(document.cells, 1):
        if number > 1:
            yield ","
        held = cell.raw_outputs
        if isinstance(held, RawJson) and not cell.extra and _json_skim.is_canonical(held):
            yield from _around(number, cell, held, has_id=has_ids)
        else:
            yield CELL_START + cell_text(number, cell, has_id=has_ids)
    yield after


def _around(
    number: int, cell: "Cell", outputs: RawJson, *, has_id: bool
) -> "Iterator[str | memoryview]":
    """Yield the JSON of a cell in parts, with its outputs as they stand in their source."""
    text = CELL_START + cell_text(number, cell.with_(outputs=[]), has_id=has_id)
    before, key, after = text.partition(_KEY + '"outputs": []')
    yield before + key[:-2]
    yield outputs.piece()
    yield after


def frame(document: "Document") -> tuple[str, str]:
    """Return what stands before and after the cells."""
    values: dict[str, object] = {
        "metadata": notebook_metadata(document.metadata),
        "nbformat": 4,
        "nbformat_minor": document.nbformat_minor,
        **(document.extra or {}),
    }
    entries = {key: _entry(key, value) for key, value in values.items()}
    entries["cells"] = '"cells": [' if document.cells else '"cells": []'
    keys = sorted(entries)
    middle = keys.index("cells") + 1
    before = "{" + _LINE + ("," + _LINE).join(entries[key] for key in keys[:middle])
    after = "".join("," + _LINE + entries[key] for key in keys[middle:]) + "\n}\n"
    return before, (_LINE + "]" if document.cells else "") + after


def _entry(key: str, value: object) -> str:
    """Return an entry of the notebook; an error tells which one it was."""
    try:
        return f"{quote(key)}: {dumps(value, _LINE)}"
    except FormatError as error:
        message = f"notebook {key}: {error.message}"
        raise FormatError(error.code, message, hint=error.hint) from error


def notebook_metadata(metadata: "Metadata") -> "Metadata":
    """Return the notebook metadata without what belongs into text files or memory only."""
    kept = {key: value for key, value in metadata.items() if key not in TRANSIENT_NOTEBOOK}
    section = kept.get("jupytext")
    if isinstance(section, dict) and "text_representation" in section:
        section = {key: value for key, value in section.items() if key != "text_representation"}
        if section:
            kept["jupytext"] = section
        else:
            del kept["jupytext"]
    return kept


def cell_metadata(metadata: "Metadata") -> "Metadata":
    """Return the metadata of a cell without what belongs into memory only."""
    if TRANSIENT_CELL not in metadata:
        return metadata
    return {key: value for key, value in metadata.items() if key != TRANSIENT_CELL}


def cell_text(number: int, cell: "Cell", *, has_id: bool) -> str:
    """Return the JSON of one cell; *number* is for errors (1-based).

    Raises: `FormatError` OCT-N011 for values that JSON cannot hold.
    """
    try:
        if cell.extra:
            return dumps(_file_tree(cell, has_id=has_id), CELL_START)
        return "{" + _KEY + ("," + _KEY).join(_entries(cell, has_id=has_id)) + CELL_START + "}"
    except FormatError as error:
        raise FormatError(error.code, f"cell {number}: {error.message}", hint=error.hint) from error


def _entries(cell: "Cell", *, has_id: bool) -> "Iterable[str]":
    """Yield the entries of a cell with no unknown keys, in alphabetical order."""
    if cell.attachments is not None:
        yield '"attachments": ' + dumps(split_attachments(cell.attachments), _KEY)
    yield f'"cell_type": "{cell.kind}"'
    is_code = cell.kind == "code"
    if is_code:
        yield '"execution_count": ' + dumps(cell.execution_count)
    if has_id and cell.id is not None:
        yield '"id": ' + quote(cell.id)
    metadata = cell.metadata
    yield '"metadata": ' + (dumps(cell_metadata(metadata), _KEY) if metadata else "{}")
    if is_code:
        outputs = [dumps(output, _KEY + " ") for output in split_outputs(outputs_of(cell))]
        yield '"outputs": ' + list_of(outputs, _KEY)
    yield '"source": ' + texts(cell.source.splitlines(keepends=True), _KEY)


def _file_tree(cell: "Cell", *, has_id: bool) -> "Metadata":
    """Return a cell as the dictionary that stands in a file."""
    extra = cell.extra or {}
    tree = cell_tree(cell.with_(extra=None), has_id=has_id)
    tree["metadata"] = cell_metadata(cell.metadata)
    tree["source"] = list(cell.source.splitlines(keepends=True))
    if cell.attachments is not None:
        tree["attachments"] = split_attachments(cell.attachments)
    if cell.kind == "code":
        tree["outputs"] = split_outputs(outputs_of(cell))
    return {**tree, **extra}
