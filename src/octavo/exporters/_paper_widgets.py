"""Widgets on paper, where nothing can be moved: "Label: value", and what boxes hold, in order."""

from octavo.exporters import _safe
from octavo.exporters._node import Node
from octavo.exporters._outputs import Output
from octavo.exporters._widget_text import inline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.exporters._widgets import Widget

_WITHIN = frozenset(("box", "tabs", "folds"))
_NOTHING = "\N{EN DASH}"


def told(widget: "Widget") -> "Iterator[Node | Output]":
    """Yield paragraphs and outputs that say what a widget shows."""
    if widget.kind == "outputs":
        yield from widget.outputs
    elif widget.kind in _WITHIN:
        yield from _inner(widget)
    elif widget.kind == "html" and "<table" in widget.text.lower():
        yield from [_paragraph(_label(widget))] * bool(widget.label)
        table = Output("data", 1)
        table.forms = {"text/html": widget.text}
        yield table
    else:
        yield _paragraph(_line(widget))


def _inner(widget: "Widget") -> "Iterator[Node | Output]":
    parts = [part for _, part in widget.parts]
    if widget.facts.get("style") == "row" and all(map(_is_line, parts)):
        words: list[Node] = []
        for part in parts:
            words += [Node("text", text=" ")] * bool(words) + _line(part)
        yield from [_paragraph(words)] * bool(words)
        return
    for title, part in widget.parts:
        if title:
            yield _paragraph([Node("strong", [Node("text", text=title)])])
        yield from told(part)


def _is_line(widget: "Widget") -> bool:
    is_table = widget.kind == "html" and "<table" in widget.text.lower()
    return widget.kind not in _WITHIN and widget.kind not in ("outputs", "area") and not is_table


def _paragraph(inner: list[Node]) -> Node:
    return Node("paragraph", inner)


def _label(widget: "Widget") -> list[Node]:
    if not widget.label:
        return []
    name = widget.label.strip().rstrip(":")
    return [Node("strong", [*inline(name), Node("text", text=":")]), Node("text", text=" ")]


def _line(widget: "Widget") -> list[Node]:
    """Return what a widget without others in it says."""
    if widget.kind == "button":
        return [Node("text", text=f"[{widget.text}]")]
    if widget.kind == "unknown":
        return [Node("text", text=f"[a widget that cannot be shown: {widget.text or 'unknown'}]")]
    text = widget.text
    if widget.kind == "html":
        text = _safe.plain(text)
    elif widget.kind == "progress":
        text = f"{text} of {widget.number('high'):g}"
    if widget.kind != "area":
        return [*_label(widget), *inline(text or _NOTHING * (widget.kind not in ("html", "label")))]
    lines = _label(widget)
    for n, line in enumerate(text.split("\n")):
        lines += [Node("hardbreak")] * bool(n) + [Node("text", text=line)]
    return lines
