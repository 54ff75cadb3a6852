"""Make a document for one target: cells that are active elsewhere only are left out."""

from octavo.core.active import has_active_mark, is_active
from octavo.transforms._traces import without_traces
from octavo.transforms._transform import Transform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell, Document
    from octavo.transforms._transform import Step


def activate(document: "Document", target: str) -> "Document":
    """Return the cells of *document* that are active in files that end with *target*.

    Their marks go, as they have had their say; a raw cell that is active there becomes code.

    >>> from octavo.core.document import Cell, Document
    >>> cells = [Cell("code", "1", {"tags": ["active-ipynb"]}), Cell("code", "2")]
    >>> [cell.source for cell in activate(Document(cells), "py").cells]
    ['2']
    """
    suffix = "." + target.lstrip(".")
    kept = [_plain(cell) for cell in document.cells if is_active(cell.metadata, suffix)]
    return without_traces(document.with_(cells=kept))


def _plain(cell: "Cell") -> "Cell":
    if not has_active_mark(cell.metadata):
        return cell
    metadata = {key: value for key, value in cell.metadata.items() if key != "active"}
    tags = metadata.get("tags")
    if isinstance(tags, (list, tuple)):
        left = [tag for tag in tags if not (isinstance(tag, str) and tag.startswith("active-"))]
        metadata["tags"] = left
        if not left:
            del metadata["tags"]
    if cell.kind == "raw":
        return cell.with_(kind="code", metadata=metadata, outputs=[])
    return cell.with_(metadata=metadata)


def _apply(document: "Document", step: "Step") -> "Document":
    return activate(document, step.argument) if step.argument else document


TRANSFORMS = (
    Transform("activate", _apply, takes="SUFFIX", after_run=False,
              summary="Leave out what is active elsewhere only, `activate:py`."),
)  # fmt: skip
