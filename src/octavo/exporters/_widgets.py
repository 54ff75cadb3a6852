"""Widgets as they were when the notebook was saved: what their models say, as plain values.

    shelf = Shelf(document.metadata)
    shelf.fill(outputs, marks)            each output that shows a known model gets its `widget`

Only what an output shows is ever looked at.  Models that are neither of Jupyter itself nor charts
of Altair or Plotly, and states that make no sense, give no widget: the output is then shown in
another of its forms.

Source: the models of `@jupyter-widgets` (base, controls, output) and the schema of their state.
"""

from octavo.core.errors import Notice, Span
from octavo.exporters import _charts, _outputs, _widget_values
from octavo.exporters._widget_values import Model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from octavo.core.document import Json
    from octavo.exporters._outputs import Output

    Reader: TypeAlias = Callable[[Model, "Widget"], None]

VIEW = "application/vnd.jupyter.widget-view+json"
_STATE = "application/vnd.jupyter.widget-state+json"
_REFERENCE = "IPY_MODEL_"
_MODULES = frozenset(("", "jupyter-js-widgets", "@jupyter-widgets/base",
                      "@jupyter-widgets/controls", "@jupyter-widgets/output"))  # fmt: skip
_DEEPEST, _MOST = 40, 2000  # boxes in boxes; widgets of one output: a box may hold itself
_OPTIONS = 500  # of a list that are shown
_HIDDEN_VALUE = "\N{BULLET}" * 6


class Widget:
    """A widget: its kind, its label, and its value as text.

        slider     facts low, high, at                  text is the value
        interval   facts low, high, start, stop         text is the value
        field      facts type ("text", "number", ...)   area   a text of several lines
        choice     facts style, options (label, is chosen)
        check      facts on, style ("box", "toggle")    progress   facts low, high, at
        button     facts style                          colours    facts colours
        tags       facts tags                           date       facts type
        label      a text with formulas                 html       HTML of somebody
        box        facts style, columns                 tabs, folds   facts chosen
        outputs    outputs (a picture is one, too)      unknown    text is the model's name

    `parts` are the widgets in it, each with a title that may be "".
    """

    __slots__ = ("facts", "kind", "label", "outputs", "parts", "text")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.label = ""
        self.text = ""
        self.facts: dict[str, object] = {}
        self.parts: list[tuple[str, Widget]] = []
        self.outputs: list[Output] = []

    def number(self, name: str) -> float:
        """Return a fact that is a number."""
        value = self.facts.get(name)
        return value if isinstance(value, float) else 0.0

    def size(self) -> int:
        """Return how many rows it takes, about."""
        inner = [part.size() for _, part in self.parts]
        if self.kind == "box" and self.facts["style"] == "row":
            return max(inner, default=0)
        return sum(inner) + len(self.outputs) * 3 + (self.kind not in ("box", "outputs"))


class Shelf:
    """The models of a document by their names."""

    def __init__(self, metadata: "dict[str, Json]") -> None:
        widgets = metadata.get("widgets")
        section = widgets.get(_STATE) if isinstance(widgets, dict) else None
        states = section.get("state") if isinstance(section, dict) else None
        self._states: dict[str, Json] = states if isinstance(states, dict) else {}
        self._marks: frozenset[str] = frozenset()
        self._left = 0
        self.notices: list[Notice] = []

    def fill(self, outputs: "list[Output]", marks: frozenset[str], number: int) -> None:
        """Give each output of cell *number* that shows a known model its widget.

        *marks* are those of the cell; `notices` tells of models in boxes that are not known.
        """
        for output in outputs if self._states else ():
            self._left, self._marks = _MOST, marks
            self._give(output, ())
            strange = _unknown_in(output.widget) if output.widget is not None else {}
            if strange:
                self.notices.append(
                    Notice("OCT-E005", f"widgets of an unknown kind: {', '.join(strange)}", Span(),
                           hint=f"cell {number}")
                )  # fmt: skip

    def _give(self, output: "Output", above: tuple[str, ...]) -> None:
        view = output.forms.get(VIEW)
        name = view.get("model_id") if isinstance(view, dict) else None
        if isinstance(name, str) and self._left > 0:
            found = self._open(name, above)
            output.widget = None if found.kind == "unknown" else found

    def _open(self, name: str, above: tuple[str, ...]) -> Widget:
        """Return the widget of a model; *above* are the names of the boxes around it."""
        model = Model(self._states.get(name))
        reader = _READERS.get(model.name) if model.module in _MODULES else None
        self._left -= 1
        if reader is None and (chart := _chart(model)) is not None:
            return chart
        if reader is None or name in above or len(above) > _DEEPEST or self._left < 0:
            unknown = Widget("unknown")
            unknown.text = model.name.removesuffix("Model")
            return unknown
        widget = Widget(reader[0])
        widget.label = model.text("description")
        if reader[1] is not None:
            reader[1](model, widget)
        if model.name in _BOXES:
            self._put_in(widget, model, (*above, name))
        elif widget.kind == "outputs" and model.name == "OutputModel":
            self._show(widget, model, (*above, name))
        return widget

    def _put_in(self, widget: Widget, model: Model, above: tuple[str, ...]) -> None:
        titles = model.titles()
        chosen = model.number("selected_index", -1) if model.name == "StackModel" else None
        for n, reference in enumerate(model.items("children")):
            name = str(reference).removeprefix(_REFERENCE)
            if (chosen is None or n == chosen) and self._left > 0 and not self._is_hidden(name):
                title = titles[n] if n < len(titles) else ""
                widget.parts.append((title, self._open(name, above)))

    def _is_hidden(self, name: str) -> bool:
        layout = Model(self._states.get(name)).text("layout").removeprefix(_REFERENCE)
        style = Model(self._states.get(layout))
        return style.text("display") == "none" or style.text("visibility") == "hidden"

    def _show(self, widget: Widget, model: Model, above: tuple[str, ...]) -> None:
        """Put what an Output widget caught into it."""
        widget.outputs = _outputs.of(model.items("outputs"), self._marks)
        for output in widget.outputs:
            self._give(output, above)


def _chart(model: Model) -> Widget | None:
    """Return the widget of a chart of Altair or Plotly: an output that is drawn as any other."""
    forms = _charts.forms_of_model(model.state, has_buffers=model.has_buffers)
    if not forms:
        return None
    widget = Widget("outputs")
    output = _outputs.Output("data", 1)
    output.forms = forms
    widget.outputs = [output]
    return widget


def _unknown_in(widget: Widget) -> dict[str, None]:
    """Return the names of unknown models in a widget, each once."""
    found: dict[str, None] = {}
    waiting = [widget]
    while waiting:
        one = waiting.pop()
        if one.kind == "unknown":
            found[one.text or "no model"] = None
        waiting += [part for _, part in one.parts]
        waiting += [output.widget for output in one.outputs if output.widget is not None]
    return found


# One function for each kind of model.


def _slider(model: Model, widget: Widget) -> None:
    low, high = model.number("min", 0.0), model.number("max", 100.0)
    at = model.number("value", low)
    widget.facts = {"low": low, "high": high, "at": at}
    widget.text = model.readout(at)


def _logarithmic(model: Model, widget: Widget) -> None:
    low, high = model.number("min", 0.0), model.number("max", 4.0)
    value = model.number("value", 1.0)
    at = _widget_values.logarithm(value, model.number("base", 10.0), low)
    widget.facts = {"low": low, "high": high, "at": at}
    widget.text = model.readout(value, ".3g")


def _interval(model: Model, widget: Widget) -> None:
    start, stop = model.pair("value", 0.0, 1.0)
    widget.facts = {"low": model.number("min", 0.0), "high": model.number("max", 100.0),
                    "start": start, "stop": stop}  # fmt: skip
    widget.text = f"{model.readout(start)} \N{EN DASH} {model.readout(stop)}"


def _selection_slider(model: Model, widget: Widget) -> None:
    labels = model.labels()
    at = model.number("index", 0.0)
    widget.facts = {"low": 0.0, "high": float(max(1, len(labels) - 1)), "at": at}
    widget.text = labels[int(at)] if 0 <= at < len(labels) else ""


def _selection_interval(model: Model, widget: Widget) -> None:
    labels = model.labels()
    start, stop = model.pair("index", 0.0, 0.0)
    widget.facts = {"low": 0.0, "high": float(max(1, len(labels) - 1)),
                    "start": start, "stop": stop}  # fmt: skip
    shown = [labels[int(at)] for at in (start, stop) if 0 <= at < len(labels)]
    widget.text = " \N{EN DASH} ".join(shown)


def _field(model: Model, widget: Widget) -> None:
    widget.facts = {"type": "text"}
    widget.text = model.text("value")


def _password(model: Model, widget: Widget) -> None:
    widget.facts = {"type": "text"}
    widget.text = _HIDDEN_VALUE if model.text("value") else ""


def _number_field(model: Model, widget: Widget) -> None:
    widget.facts = {"type": "text"}
    widget.text = model.text("value") or "0"


def _text(model: Model, widget: Widget) -> None:
    widget.text = model.text("value")


def _choice(style: str) -> "Reader":
    def read(model: Model, widget: Widget) -> None:
        index = model.state.get("index")
        chosen = index if isinstance(index, list) else [index]
        labels = model.labels()
        options = [(label, n in chosen) for n, label in enumerate(labels)]
        kept = [one for n, one in enumerate(options) if n < _OPTIONS or one[1]]
        widget.facts = {"style": style, "options": kept, "left_out": len(options) - len(kept)}
        widget.text = ", ".join([label for label, is_chosen in options if is_chosen])

    return read


def _check(style: str) -> "Reader":
    def read(model: Model, widget: Widget) -> None:
        is_on = model.state.get("value") is True
        widget.facts = {"on": is_on, "style": style}
        widget.text = "yes" if is_on else "no"

    return read


def _valid(model: Model, widget: Widget) -> None:
    is_on = model.state.get("value") is True
    widget.facts = {"type": "text"}
    widget.text = "Valid" if is_on else model.text("readout") or "Invalid"


def _button(model: Model, widget: Widget) -> None:
    style = model.text("button_style")
    widget.facts = {"style": style if style.isalpha() else ""}
    words = (widget.label, model.text("tooltip"), model.text("icon"), "Button")
    widget.text = next(filter(None, words))
    widget.label = ""


def _colour(model: Model, widget: Widget) -> None:
    widget.text = model.text("value") or "black"
    widget.facts = {"colours": [widget.text]}


def _several(fact: str) -> "Reader":
    def read(model: Model, widget: Widget) -> None:
        found = [_widget_values.text(one) for one in model.items("value")[:_OPTIONS]]
        widget.facts = {fact: found}
        widget.text = ", ".join(found)

    return read


def _date(kind: str) -> "Reader":
    def read(model: Model, widget: Widget) -> None:
        widget.text = _widget_values.moment(model.state.get("value"), kind)
        widget.facts = {"type": kind if widget.text else "text"}

    return read


def _play(model: Model, widget: Widget) -> None:
    _slider(model, widget)
    widget.label = widget.label or "Play"


def _html(model: Model, widget: Widget) -> None:
    widget.text = model.text("value")
    widget.facts = {"formulas": model.name == "HTMLMathModel"}


def _medium(kind: str, usual: str) -> "Reader":
    """Return the reader of a model whose value is the bytes of a picture, a film or a sound."""

    def read(model: Model, widget: Widget) -> None:
        output = _outputs.Output("data", 1)
        mime, data = model.medium(kind, usual)
        words = model.text("tooltip") or widget.label or kind.capitalize()
        output.forms = {mime: data} if mime else {}
        output.forms["text/plain"] = f"[{words}]"
        output.alt = words
        size = {name: model.text(name) for name in ("width", "height")}
        output.metadata = {
            mime: {name: int(said) for name, said in size.items() if said.isdecimal()}
        }
        widget.label = ""
        widget.outputs = [output]

    return read


def _box(style: str) -> "Reader":
    def read(_model: Model, widget: Widget) -> None:
        widget.facts = {"style": style}

    return read


def _chosen(model: Model, widget: Widget) -> None:
    chosen = model.state.get("selected_index", 0 if widget.kind == "tabs" else None)
    widget.facts = {"chosen": chosen if isinstance(chosen, int) else -1}


_BOXES = frozenset(
    ("BoxModel", "VBoxModel", "HBoxModel", "GridBoxModel", "TabModel", "AccordionModel",
     "StackModel")
)  # fmt: skip
_READERS: "dict[str, tuple[str, Reader | None]]" = {
    "IntSliderModel": ("slider", _slider),
    "FloatSliderModel": ("slider", _slider),
    "FloatLogSliderModel": ("slider", _logarithmic),
    "IntRangeSliderModel": ("interval", _interval),
    "FloatRangeSliderModel": ("interval", _interval),
    "SelectionSliderModel": ("slider", _selection_slider),
    "SelectionRangeSliderModel": ("interval", _selection_interval),
    "PlayModel": ("slider", _play),
    "IntProgressModel": ("progress", _slider),
    "FloatProgressModel": ("progress", _slider),
    "TextModel": ("field", _field),
    "ComboboxModel": ("field", _field),
    "PasswordModel": ("field", _password),
    "IntTextModel": ("field", _number_field),
    "FloatTextModel": ("field", _number_field),
    "BoundedIntTextModel": ("field", _number_field),
    "BoundedFloatTextModel": ("field", _number_field),
    "TextareaModel": ("area", _text),
    "ValidModel": ("field", _valid),
    "DatePickerModel": ("date", _date("date")),
    "DatetimeModel": ("date", _date("datetime-local")),
    "NaiveDatetimeModel": ("date", _date("datetime-local")),
    "TimeModel": ("date", _date("time")),
    "DropdownModel": ("choice", _choice("dropdown")),
    "SelectModel": ("choice", _choice("list")),
    "SelectMultipleModel": ("choice", _choice("many")),
    "RadioButtonsModel": ("choice", _choice("radio")),
    "ToggleButtonsModel": ("choice", _choice("buttons")),
    "CheckboxModel": ("check", _check("box")),
    "ToggleButtonModel": ("check", _check("toggle")),
    "ButtonModel": ("button", _button),
    "FileUploadModel": ("button", _button),
    "ColorPickerModel": ("colours", _colour),
    "ColorsInputModel": ("colours", _several("colours")),
    "TagsInputModel": ("tags", _several("tags")),
    "IntsInputModel": ("tags", _several("tags")),
    "FloatsInputModel": ("tags", _several("tags")),
    "LabelModel": ("label", _text),
    "HTMLModel": ("html", _html),
    "HTMLMathModel": ("html", _html),
    "ImageModel": ("outputs", _medium("image", "png")),
    "VideoModel": ("outputs", _medium("video", "mp4")),
    "AudioModel": ("outputs", _medium("audio", "mp3")),
    "BoxModel": ("box", _box("row")),
    "HBoxModel": ("box", _box("row")),
    "VBoxModel": ("box", _box("column")),
    "GridBoxModel": ("box", _box("grid")),
    "StackModel": ("box", _box("column")),
    "TabModel": ("tabs", _chosen),
    "AccordionModel": ("folds", _chosen),
    "OutputModel": ("outputs", None),
}
