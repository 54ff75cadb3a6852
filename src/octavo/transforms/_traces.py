"""What a document keeps of cells and outputs that are gone: states of widgets, attachments."""

import re

from octavo.core.percents import unquote
from octavo.core.tags import marks_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from octavo.core.document import Cell, Document, Json

    #: Whether the marks of a cell drop an output.
    Judge: TypeAlias = Callable[[Json, frozenset[str]], bool]

_STATE = "application/vnd.jupyter.widget-state+json"
_VIEW = "application/vnd.jupyter.widget-view+json"
_MODEL = "IPY_MODEL_"
_LINKS = ("LinkModel", "DirectionalLinkModel")


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


def without_caught(document: "Document", is_dropped: "Judge") -> "Document":
    """Return *document* without what Output widgets caught that the marks of a cell drop.

    What a cell prints may stand in the state of a widget that it shows.
    """
    widgets = document.metadata.get("widgets")
    states = dict(_states(widgets)) if isinstance(widgets, dict) else {}
    is_changed = False
    for cell in document.cells if states else ():
        marks = marks_of(cell)
        for name in _reached(states, _views_of(cell.outputs or ())):
            left = _without_outputs(states[name], marks, is_dropped)
            is_changed |= left is not states[name]
            states[name] = left
    if not is_changed or not isinstance(widgets, dict):
        return document
    metadata = {**document.metadata, "widgets": _with_states(widgets, states)}
    return document.with_(metadata=metadata)


def _without_outputs(model: "Json", marks: frozenset[str], is_dropped: "Judge") -> "Json":
    """Return the model of an Output widget without the outputs that marks drop."""
    state = model.get("state") if isinstance(model, dict) else None
    outputs = state.get("outputs") if isinstance(state, dict) else None
    if not isinstance(model, dict) or not isinstance(state, dict) or not isinstance(outputs, list):
        return model
    kept = [one for one in outputs if not is_dropped(one, marks)]
    return model if len(kept) == len(outputs) else {**model, "state": {**state, "outputs": kept}}


def _views(document: "Document") -> "Iterator[str]":
    """Yield the models that outputs show."""
    for cell in document.cells:
        raw = cell.raw_outputs
        if raw and not (isinstance(raw, bytes) and _VIEW.encode() not in raw):
            yield from _views_of(cell.outputs or ())


def _views_of(outputs: "Iterable[Json]") -> "Iterator[str]":
    for output in outputs:
        data = output.get("data") if isinstance(output, dict) else None
        yield from _named(data.get(_VIEW) if isinstance(data, dict) else None)


def _named(view: "Json") -> "Iterator[str]":
    if isinstance(view, dict) and isinstance(view.get("model_id"), str):
        yield str(view["model_id"])


def _states(widgets: "dict[str, Json]") -> "dict[str, Json]":
    section = widgets.get(_STATE)
    states = section.get("state") if isinstance(section, dict) else None
    return states if isinstance(states, dict) else {}


def _with_states(widgets: "dict[str, Json]", states: "dict[str, Json]") -> "dict[str, Json]":
    section = widgets.get(_STATE)
    facts = section if isinstance(section, dict) else {}
    return {_STATE: {**facts, "state": states}}


def _widgets(widgets: "dict[str, Json]", wanted: set[str]) -> "dict[str, Json]":
    """Return the states of the models in *wanted*, of those they need, and their links."""
    states = _states(widgets)
    kept = _reached(states, wanted)
    if not kept:
        return {}
    kept |= {name for name, value in states.items() if _links(value, kept)}
    return _with_states(widgets, {name: one for name, one in states.items() if name in kept})


def _reached(states: "dict[str, Json]", names: "Iterable[str]") -> set[str]:
    """Return the models of those names, and all that they need."""
    kept: set[str] = set()
    waiting = [name for name in names if name in states]
    while waiting:
        model = waiting.pop()
        if model not in kept:
            kept.add(model)
            waiting += [name for name in _references(states[model]) if name in states]
    return kept


def _links(model: "Json", kept: set[str]) -> bool:
    """Return whether a model joins others that are kept, as `jslink` does."""
    if not isinstance(model, dict) or model.get("model_name") not in _LINKS:
        return False
    named = set(_references(model.get("state")))
    return len(named) > 1 and named <= kept


def _references(value: "Json") -> "Iterator[str]":
    if isinstance(value, str):
        yield from re.findall(rf"{_MODEL}(\w+)", value)
    elif isinstance(value, dict):
        yield from _named(value.get(_VIEW))
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
