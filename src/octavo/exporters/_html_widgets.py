"""Widgets in HTML: as they stood, in plain controls that nobody can move."""

import html

from octavo.core.patterns import lazy
from octavo.exporters import _escape, _math, _safe
from octavo.exporters._widget_text import inline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from octavo.exporters._html_blocks import Blocks, Show
    from octavo.exporters._widgets import Widget

_NAMES = {"slider": "Slider", "interval": "Range", "field": "Text", "area": "Text",
          "choice": "Choice", "progress": "Progress", "date": "Date"}  # fmt: skip
_COLOUR = lazy(r"#(?:[0-9a-fA-F]{3,4}){1,2}\Z|[a-zA-Z]{3,25}\Z|(?:rgb|hsl)a?\([\d\s.,%/]+\)\Z")
_TAG = lazy(r"(<[^>]*>)")
_NESTED = lazy(r"<(math|code|pre)\b")


class Widgets:
    """Writes widgets; what Output widgets caught is written by *show*."""

    def __init__(self, blocks: "Blocks", show: "Show") -> None:
        self._blocks = blocks
        self._show = show

    def html(self, widget: "Widget") -> str:
        """Return the widget of an output."""
        inner = self._one(widget)
        if widget.kind == "outputs":
            return inner
        return f'<div class="output widget">\n{inner}</div>\n' if inner else ""

    def _one(self, widget: "Widget") -> str:
        if widget.kind == "outputs":
            return "".join(map(self._show, widget.outputs))
        method: Callable[[Widget], str] = getattr(self, f"_{widget.kind}")
        return method(widget)

    def _row(self, widget: "Widget", control: str, value: str = "") -> str:
        """Return a control between its label and its value."""
        label = self._words(widget.label)
        label = f'<span class="w-label">{label}</span> ' if label else ""
        shown = f' <span class="w-value">{_escape.text(value)}</span>' if value else ""
        return f'<div class="w-row">{label}{control}{shown}</div>\n'

    def _words(self, text: str) -> str:
        return self._blocks.many(inline(text))

    def _slider(self, widget: "Widget") -> str:
        low, high, at = (_number(widget.number(name)) for name in ("low", "high", "at"))
        control = (
            f'<input type="range" min="{low}" max="{high}" value="{at}" step="any" disabled '
            f'{_named(widget)} aria-valuetext="{_escape.attribute(widget.text)}">'
        )
        return self._row(widget, control, widget.text)

    def _interval(self, widget: "Widget") -> str:
        low, high = widget.number("low"), widget.number("high")
        width = high - low if high > low else 1.0
        start, stop = (
            min(1.0, max(0.0, (widget.number(name) - low) / width)) for name in ("start", "stop")
        )
        style = f"left:{start:.1%};width:{max(0.0, stop - start):.1%}"
        label = _escape.attribute(f"{widget.label or 'Range'}: {widget.text}")
        control = (
            f'<span class="w-track" role="img" aria-label="{label}">'
            f'<span style="{style}"></span></span>'
        )
        return self._row(widget, control, widget.text)

    def _progress(self, widget: "Widget") -> str:
        low = widget.number("low")
        width = widget.number("high") - low
        at = min(max(0.0, widget.number("at") - low), max(0.0, width))
        most = f' max="{_number(width)}" value="{_number(at)}"' if width > 0 else ""
        return self._row(widget, f"<progress{most} {_named(widget)}></progress>")

    def _field(self, widget: "Widget") -> str:
        return self._input(widget, _escape.attribute(widget.facts["type"]))

    _date = _field

    def _input(self, widget: "Widget", kind: str) -> str:
        text = " ".join(widget.text.split("\n"))
        size = f' size="{min(60, max(10, len(text)))}"' if kind == "text" else ""
        control = (
            f'<input type="{kind}" value="{_escape.attribute(text)}"{size} disabled '
            f"{_named(widget)}>"
        )
        return self._row(widget, control)

    def _area(self, widget: "Widget") -> str:
        rows = min(20, max(2, widget.text.count("\n") + 1))
        text = _escape.text(widget.text)
        control = f'<textarea rows="{rows}" cols="40" disabled {_named(widget)}>\n{text}</textarea>'
        return self._row(widget, control)

    def _choice(self, widget: "Widget") -> str:
        style, options = widget.facts["style"], _options(widget)
        if style == "radio":
            return self._radio(widget, options)
        if style == "buttons":
            buttons = "".join(_button(label, is_on=is_on) for label, is_on in options)
            label = _escape.attribute(widget.label or _NAMES["choice"])
            return self._row(
                widget,
                f'<span role="group" class="w-buttons" aria-label="{label}">{buttons}</span>',
            )
        facts = {"list": f' size="{min(8, max(2, len(options)))}"',
                 "many": f' multiple size="{min(8, max(2, len(options)))}"'}  # fmt: skip
        inner = "".join(
            f"<option{' selected' * is_on}>{_escape.text(label)}</option>"
            for label, is_on in options or [("", True)]
        )
        if widget.facts["left_out"]:
            inner += f"<option>[... {widget.facts['left_out']:,} more]</option>"
        more = facts.get(str(style), "")
        return self._row(widget, f"<select{more} disabled {_named(widget)}>{inner}</select>")

    def _radio(self, widget: "Widget", options: "Iterable[tuple[str, bool]]") -> str:
        legend = self._words(widget.label)
        named = "" if legend else f' aria-label="{_NAMES["choice"]}"'
        legend = f"<legend>{legend}</legend>" if legend else ""
        inner = "".join(
            f'<label><input type="radio" disabled{" checked" * is_on}> {_words_or(label)}</label>\n'
            for label, is_on in options
        )
        return f'<fieldset class="w-radio"{named}>{legend}\n{inner}</fieldset>\n'

    def _check(self, widget: "Widget") -> str:
        is_on = widget.facts["on"] is True
        if widget.facts["style"] == "toggle":
            return f'<div class="w-row">{_button(widget.label, is_on=is_on)}</div>\n'
        label = self._words(widget.label) or "Checkbox"
        box = f'<input type="checkbox" disabled{" checked" * is_on}>'
        return f'<div class="w-row"><label>{box} {label}</label></div>\n'

    def _button(self, widget: "Widget") -> str:
        return f'<div class="w-row">{_button(widget.text, str(widget.facts["style"]))}</div>\n'

    def _colours(self, widget: "Widget") -> str:
        return self._row(widget, " ".join(map(_swatch, _texts(widget, "colours"))))

    def _tags(self, widget: "Widget") -> str:
        tags = [f'<span class="w-tag">{_escape.text(tag)}</span>' for tag in _texts(widget, "tags")]
        return self._row(widget, " ".join(tags))

    def _label(self, widget: "Widget") -> str:
        return self._row(widget, f"<span>{self._words(widget.text)}</span>")

    def _html(self, widget: "Widget") -> str:
        inner = _safe.output(widget.text)
        if widget.facts["formulas"]:
            inner = _with_formulas(inner)
        return self._row(widget, f'<div class="w-html">{inner}</div>') if inner else ""

    def _box(self, widget: "Widget") -> str:
        inner = "".join([self._one(part) for _, part in widget.parts])
        return f'<div class="w-box {widget.facts["style"]}">\n{inner}</div>\n' if inner else ""

    def _tabs(self, widget: "Widget") -> str:
        tabs = [
            (title or f"Tab {n}", self._one(part))
            for n, (title, part) in enumerate(widget.parts, 1)
        ]
        chosen = widget.facts["chosen"]
        return self._blocks.tabs(tabs, chosen=chosen if isinstance(chosen, int) else 0)

    def _folds(self, widget: "Widget") -> str:
        return "".join(
            f'<details class="w-fold"{" open" * (widget.facts["chosen"] == n)}>'
            f"<summary>{_escape.text(title or f'Part {n + 1}')}</summary>\n"
            f"{self._one(part)}</details>\n"
            for n, (title, part) in enumerate(widget.parts)
        )

    def _unknown(self, widget: "Widget") -> str:
        text = f"[a widget that this page cannot show: {widget.text or 'unknown'}]"
        return f'<p class="missing">{_escape.text(text)}</p>\n'


def _named(widget: "Widget") -> str:
    """Return the attribute that names a control for those who do not see its label."""
    label = " ".join(widget.label.split()) or _NAMES[widget.kind]
    return f'aria-label="{_escape.attribute(label)}"'


def _button(text: str, style: str = "", *, is_on: bool | None = None) -> str:
    pressed = "" if is_on is None else f' aria-pressed="{str(is_on).lower()}"'
    classes = f' class="{_escape.attribute(style)}"' if style else ""
    return f'<button type="button" disabled{classes}{pressed}>{_words_or(text)}</button>'


def _words_or(text: str) -> str:
    return _escape.text(text.strip() or "\N{EN DASH}")


def _swatch(colour: str) -> str:
    style = f' style="background:{colour}"' if _COLOUR.match(colour) else ""
    return (
        f'<span class="w-swatch"{style} aria-hidden="true"></span>'
        f"<code>{_escape.text(colour)}</code>"
    )


def _number(value: float) -> str:
    return f"{value:.12g}"


def _options(widget: "Widget") -> "list[tuple[str, bool]]":
    found = widget.facts["options"]
    return found if isinstance(found, list) else []


def _texts(widget: "Widget", name: str) -> list[str]:
    found = widget.facts[name]
    return found if isinstance(found, list) else []


def _with_formulas(made: str) -> str:
    """Return clean HTML with its formulas as MathML; code and tags stay."""
    parts = _TAG.split(made)
    nested = 0
    for n, part in enumerate(parts):
        if n % 2:
            nested += bool(_NESTED.match(part)) - part.startswith(("</code", "</pre", "</math"))
        elif not nested and ("$" in part or "\\" in part):
            parts[n] = "".join(
                _math.mathml(node.text)[0] if node.type == "math_span" else _escape.text(node.text)
                for node in inline(html.unescape(part))
            )
    return "".join(parts)
