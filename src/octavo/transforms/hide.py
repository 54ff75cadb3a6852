"""Hide, fold or remove inputs, outputs and cells: put on the tag, or carry out what tags say."""

from octavo.core.document import Cell
from octavo.core.patterns import lazy
from octavo.core.tags import BY_NAME, marks_of
from octavo.transforms import _expression, _sections
from octavo.transforms._traces import without_caught, without_traces
from octavo.transforms._transform import Transform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Document, Json, Metadata
    from octavo.transforms._transform import Step

#: Lines at the top of a cell that tell about its outputs.
_ABOUT_OUTPUTS = lazy(r"(?m)^[ \t]*(?:#|//|--|%)\|[ \t]*(?:fig|tbl|lst)-[\w-]+[ \t]*:.*\n?")
#: Metadata that stay where the source goes: what marks and sections need.
_OF_MARKS = ("tags", "slideshow", "kind", "audience", "lang", "hide_input", "hideCode", "jupyter",
             "collapsed", "scrolled", "editable", "deletable", "alt", "caption")  # fmt: skip
_ABOUT = ("alt", "caption", "fig-alt", "fig-cap", "image/png", "image/jpeg", "image/svg+xml")


def remove_hidden(document: "Document") -> "Document":
    r"""Return *document* without what its marks drop, in every dialect of `core/tags.py`.

    Cells, sources, outputs and streams go for good, with what tells about them.

    >>> from octavo.core.document import Cell, Document
    >>> cells = [Cell("code", "1", {"tags": ["remove_cell"]}), Cell("code", "#| echo: false\n2")]
    >>> [cell.source for cell in remove_hidden(Document(cells)).cells]
    []
    """
    left = without_caught(document, _is_dropped)
    cells = [found for cell in left.cells if (found := shown(cell)) is not None]
    if left is document and len(cells) == len(left.cells) and all(map(_same, cells, left.cells)):
        return document
    return without_traces(left.with_(cells=cells))


def shown(cell: Cell) -> Cell | None:
    """Return what marks leave of a cell, None when they drop it."""
    marks = marks_of(cell)
    if "drop-cell" in marks:
        return None
    if cell.kind != "code":
        return cell
    if "drop-output" in marks:
        cell = _without_outputs(cell)
    elif cell.raw_outputs:
        cell = _without_some_outputs(cell, marks)
    if "drop-input" in marks:
        left: Metadata = {key: cell.metadata[key] for key in _OF_MARKS if key in cell.metadata}
        cell = cell.with_(source="", metadata=left, execution_count=None, extra=None)
        if not cell.raw_outputs:
            return None
    return cell


def mark(document: "Document", name: str, expression: str, path: str = "") -> "Document":
    """Return *document* with the tag of a mark on the cells that an expression is true of."""
    wanted = _expression.of_step(expression)
    places = {part.place for part in _sections.parts(document, path) if wanted.holds(part.facts)}
    tag = BY_NAME[name].tag
    cells = [
        _tagged(cell, tag) if place in places and cell.kind == "code" and name not in marks_of(cell)
        else cell
        for place, cell in enumerate(document.cells)
    ]  # fmt: skip
    return document.with_(cells=cells)


def _same(one: Cell, other: Cell) -> bool:
    return one is other


def _without_outputs(cell: Cell) -> Cell:
    left = {key: value for key, value in cell.metadata.items() if key not in _ABOUT}
    source = _ABOUT_OUTPUTS.sub("", cell.source)
    return cell.with_(outputs=[], execution_count=None, metadata=left, source=source)


def _without_some_outputs(cell: Cell, marks: frozenset[str]) -> Cell:
    """Return a cell without the streams that marks drop, and outputs with a tag of their own."""
    raw = cell.raw_outputs
    has_tags = not isinstance(raw, bytes) or b"remove" in raw
    if not has_tags and not marks & {"drop-stdout", "drop-stderr"}:
        return cell
    outputs = cell.outputs or []
    kept = [output for output in outputs if not _is_dropped(output, marks)]
    return cell if len(kept) == len(outputs) else cell.with_(outputs=kept)


def _is_dropped(output: "Json", marks: frozenset[str]) -> bool:
    if not isinstance(output, dict):
        return False
    if output.get("output_type") == "stream" and f"drop-{output.get('name')}" in marks:
        return True
    metadata = output.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return isinstance(tags, list) and any(
        isinstance(tag, str) and tag.replace("_", "-") in ("remove-output", "remove-single-output")
        for tag in tags
    )


def _tagged(cell: Cell, tag: str) -> Cell:
    tags = cell.metadata.get("tags")
    old: Iterable[Json] = tags if isinstance(tags, (list, tuple)) else ()
    return cell.with_(metadata={**cell.metadata, "tags": [*old, tag]})


def _marking(name: str, alias: str = "") -> "Transform":
    def apply(document: "Document", step: "Step") -> "Document":
        return mark(document, name, step.argument, step.path)

    return Transform(alias or name, apply, takes="EXPRESSION, all code cells without it",
                     summary=f"Fold: {BY_NAME[name].summary}.")  # fmt: skip


def _removing(part: str) -> "Transform":
    def apply(document: "Document", step: "Step") -> "Document":
        wanted = _expression.of_step(step.argument)
        places = {
            one.place for one in _sections.parts(document, step.path) if wanted.holds(one.facts)
        }
        tag = BY_NAME[f"drop-{part}"].tag
        cells = [
            shown(_tagged(cell, tag)) if place in places else cell
            for place, cell in enumerate(document.cells)
        ]
        return without_traces(document.with_(cells=[cell for cell in cells if cell is not None]))

    return Transform(
        f"remove-{part}", apply, takes="EXPRESSION", after_run=part != "cell",
        summary=f"Remove: {BY_NAME[f'drop-{part}'].summary}, nor kept in any file.",
    )  # fmt: skip


def _hidden(document: "Document", _step: "Step") -> "Document":
    return remove_hidden(document)


TRANSFORMS = (
    *(_marking(f"fold-{part}") for part in ("input", "output", "cell")),
    *(_marking(f"fold-{part}", f"hide-{part}") for part in ("input", "output", "cell")),
    *(_removing(part) for part in ("input", "output", "cell")),
    Transform("remove-hidden", _hidden, summary="Remove for good what marks drop."),
)
