"""What a document keeps of cells and outputs that are gone: states of widgets, attachments."""

import re

from octavo.core.percents import unquote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.core.document import Cell, Document, Json

_STATE = "application/vnd.jupyter.widget-state+json"
_VIEW = "application/vnd.jupyter.widget-view+json"
_MODEL = "IPY_MODEL_"


def without_traces(document: "Document") -> "Document":
    """Return *document* without what belongs to no cell or output that it has."""
    cells = [_without_attachments(cell) for cell in document.cells]
    document = document.with_(cells=cells)
    widgets = document.metadata.get("widgets")
    if not isinstance(widgets, dict):
        return document
    kept = _widgets(widgets, set(_views(document)))
    metadata = {key: value for key, value in document.metadata.items() if key != "widgets"}
    return document.with_(metadata={**metadata, "widgets": kept} if kept else metadata)


def _without_attachments(cell: "Cell") -> "Cell":
    """Return a cell without attachments that its text does not show."""
    if not cell.attachments:
        return cell
    text = cell.source + unquote(cell.source)
    kept = {name: data for name, data in cell.attachments.items() if f"attachment:{name}" in text}
    return cell if len(kept) == len(cell.attachments) else cell.with_(attachments=kept or None)


def _views(document: "Document") -> "Iterator[str]":
    """Yield the models that outputs show."""
    for cell in document.cells:
        raw = cell.raw_outputs
        if not raw or (isinstance(raw, bytes) and _VIEW.encode() not in raw):
            continue
        for output in cell.outputs or ():
            data = output.get("data") if isinstance(output, dict) else None
            view = data.get(_VIEW) if isinstance(data, dict) else None
            if isinstance(view, dict) and isinstance(view.get("model_id"), str):
                yield str(view["model_id"])


def _widgets(widgets: "dict[str, Json]", wanted: set[str]) -> "dict[str, Json]":
    """Return the states of the models in *wanted*, and of those that they need."""
    section = widgets.get(_STATE)
    states = section.get("state") if isinstance(section, dict) else None
    if not isinstance(section, dict) or not isinstance(states, dict):
        return {}
    kept: set[str] = set()
    waiting = sorted(wanted & set(states))
    while waiting:
        model = waiting.pop()
        if model in kept:
            continue
        kept.add(model)
        waiting += [name for name in _references(states[model]) if name in states]
    if not kept:
        return {}
    state = {name: value for name, value in states.items() if name in kept}
    return {_STATE: {**section, "state": state}}


def _references(value: "Json") -> "Iterator[str]":
    if isinstance(value, str):
        yield from re.findall(rf"{_MODEL}(\w+)", value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
