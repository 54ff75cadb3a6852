"""Strip a document: outputs, counts, metadata."""

from octavo.transforms import _expression, _sections
from octavo.transforms._traces import without_traces
from octavo.transforms._transform import Transform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell, Document, Metadata
    from octavo.transforms._transform import Step

#: What a notebook says about its kernel; the rest of its metadata is of tools.
_KERNEL = ("kernelspec", "language_info")
_TRACES = ("ExecuteTime", "execution", "collapsed", "scrolled")  # what a run leaves in metadata


def strip(
    document: "Document",
    *,
    outputs: bool = True,
    counts: bool = True,
    metadata: bool = False,
    keep: str = "",
    path: str = "",
) -> "Document":
    """Return *document* without outputs and counts, on request without metadata.

    *keep* is an expression of cells that keep their outputs.  Without *metadata*, only what a
    run wrote into them goes.

    >>> from octavo.core.document import Cell, Document
    >>> done = Document([Cell("code", "1", outputs=[{"output_type": "stream"}], execution_count=3)])
    >>> strip(done).cells[0].outputs
    []
    """
    kept = _places(document, keep, path) if keep else frozenset()
    cells = [
        cell if place in kept else _stripped(cell, outputs=outputs, counts=counts)
        for place, cell in enumerate(document.cells)
    ]
    stripped = without_traces(document.with_(cells=cells))
    return _without_metadata(stripped) if metadata else stripped


def _places(document: "Document", expression: str, path: str) -> frozenset[int]:
    wanted = _expression.of_step(expression)
    return frozenset(
        part.place for part in _sections.parts(document, path) if wanted.holds(part.facts)
    )


def _stripped(cell: "Cell", *, outputs: bool, counts: bool) -> "Cell":
    if cell.kind != "code":
        return cell
    if counts and cell.execution_count is not None:
        cell = cell.with_(execution_count=None)
    if outputs and cell.raw_outputs:
        cell = cell.with_(outputs=[])
    if outputs and any(key in cell.metadata for key in _TRACES):
        left = {key: value for key, value in cell.metadata.items() if key not in _TRACES}
        cell = cell.with_(metadata=left)
    return cell


def _without_metadata(document: "Document") -> "Document":
    cells = [cell.with_(metadata={}) if cell.metadata else cell for cell in document.cells]
    left: Metadata = {
        key: document.metadata[key] for key in _KERNEL if key in document.metadata
    }  # fmt: skip
    return document.with_(cells=cells, metadata=left, extra=None)


def _outputs(document: "Document", step: "Step") -> "Document":
    chosen = f"not ({_expression.named(step.argument)})" if step.argument else ""
    return strip(document, keep=chosen, path=step.path)


def _counts(document: "Document", _step: "Step") -> "Document":
    return strip(document, outputs=False)


def _metadata(document: "Document", _step: "Step") -> "Document":
    return strip(document, outputs=False, counts=False, metadata=True)


def _keep(document: "Document", _step: "Step") -> "Document":
    return document


TRANSFORMS = (
    Transform("strip-outputs", _outputs, takes="EXPRESSION, all cells without it",
              summary="Remove outputs and execution counts."),
    Transform("strip-counts", _counts, summary="Remove execution counts."),
    Transform("strip-metadata", _metadata,
              summary="Remove the metadata of cells, and of the notebook all but its kernel."),
    Transform("keep-outputs", _keep, summary="Leave outputs as they are (it is so anyway)."),
)  # fmt: skip
