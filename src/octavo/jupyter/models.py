"""Notebooks as the contents API sends them, and documents from what clients send."""

from octavo.core.document import Cell, Document
from octavo.core.notebook import TRANSIENT_CELL, TRANSIENT_NOTEBOOK, cell_tree, from_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The minor version in which cells have ids; texts become notebooks of it.
MINOR = 5


class Content(dict[str, "Any"]):
    """A notebook as a dictionary that knows its version, as signatures ask for it."""

    @property
    def nbformat(self) -> int:
        """The major version."""
        return 4


def content_of(document: Document, *, is_text: bool) -> Content:
    """Return the notebook that a client is sent; nothing of it is shared with *document*.

    Outputs are decoded here.  A text without a notebook beside it gets ids (4.5).
    """
    minor = max(document.nbformat_minor, MINOR) if is_text else document.nbformat_minor
    has_ids = minor >= MINOR
    content = Content(
        cells=[_tree(cell, has_id=has_ids) for cell in document.cells],
        metadata=_copy(document.metadata),
        nbformat=4,
        nbformat_minor=minor,
    )
    for key, value in (document.extra or {}).items():
        content[key] = _copy(value)
    return content


def document_of(content: "Any") -> Document:
    """Return the document in what a client sent; it is taken over.

    Raises: `FormatError` as `octavo.core.notebook.from_json`.
    """
    document = from_json(content)
    for cell in document.cells:
        cell.metadata.pop(TRANSIENT_CELL, None)
    for key in TRANSIENT_NOTEBOOK:
        document.metadata.pop(key, None)
    return document


def has_outputs(content: Content) -> bool:
    """Return whether any cell has outputs."""
    return any(cell.get("outputs") for cell in content["cells"])


def trust(content: Content) -> None:
    """Mark the cells of a notebook without outputs: nothing in it could do harm."""
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"][TRANSIENT_CELL] = True


def _tree(cell: Cell, *, has_id: bool) -> "dict[str, Any]":
    tree: dict[str, Any] = cell_tree(cell, has_id=has_id)
    tree["metadata"] = _copy(cell.metadata)
    if cell.attachments is not None:
        tree["attachments"] = _copy(cell.attachments)
    if isinstance(cell.raw_outputs, list):
        tree["outputs"] = _copy(cell.raw_outputs)
    return tree


def _copy(value: "Any") -> "Any":
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value
