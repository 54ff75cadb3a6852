"""Widgets as notebooks keep them: models by their names, made by code."""

import base64

from octavo import Cell, Document
from support import every_output

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


def model(name, module="controls", buffers=None, **state):
    """Return a model: `model("IntSlider", value=3)`."""
    made = {"model_name": f"{name}Model", "model_module": f"@jupyter-widgets/{module}",
            "model_module_version": "2.0.0", "state": state}  # fmt: skip
    if buffers is not None:
        data = base64.b64encode(buffers).decode("ascii")
        made["buffers"] = [{"path": ["value"], "encoding": "base64", "data": data}]
    return made


def box(kind, *children, **state):
    """Return a box around models."""
    return model(kind, children=[f"IPY_MODEL_{name}" for name in children], **state)


def view(name, text="Widget()"):
    """Return an output that shows a model."""
    forms = {VIEW: {"model_id": name, "version_major": 2, "version_minor": 0}, "text/plain": text}
    return {"output_type": "display_data", "metadata": {}, "data": forms}


def metadata(models):
    """Return the metadata of a notebook that keeps these models."""
    section = {"version_major": 2, "version_minor": 0, "state": models}
    return {"widgets": {STATE: section}}


def all_kinds(picture):
    """Return models of every kind below a box named "root"; *picture* is a PNG."""
    choices = {"_options_labels": ["oak", "elm", "ash"]}
    caught = [
        {"output_type": "stream", "name": "stdout", "text": "CAUGHTWORD\n"},
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<p>CAUGHT <b>HTML</b></p>"}},
        view("inner"),
    ]  # fmt: skip
    models = {
        "slider": model("IntSlider", value=5, max=20, description="SLIDERWORD"),
        "float": model("FloatSlider", value=0.25, max=1.0, readout_format=".2f"),
        "log": model("FloatLogSlider", value=1000.0, max=6.0, description="log"),
        "range": model("FloatRangeSlider", value=[1.0, 2.5], max=5.0, description="RANGEWORD"),
        "steps": model("SelectionSlider", index=1, description="steps", **choices),
        "span": model("SelectionRangeSlider", index=[0, 1], description="span", **choices),
        "progress": model("IntProgress", value=30, description="PROGRESSWORD"),
        "text": model("Text", value='TEXTWORD "<&', description="name"),
        "secret": model("Password", value="SECRETWORD", description="password"),
        "number": model("BoundedFloatText", value=2.5, description="number"),
        "area": model("Textarea", value="\nAREAWORD\nmore", description="area"),
        "valid": model("Valid", value=True, description="valid"),
        "date": model("DatePicker", value={"year": 2026, "month": 10, "date": 28}),
        "time": model("Time", value={"hours": 9, "minutes": 5, "seconds": 0}, description="time"),
        "moment": model(
            "NaiveDatetime", value={"year": 2026, "month": 0, "date": 2, "hours": 3, "minutes": 4}
        ),
        "drop": model("Dropdown", index=1, description="DROPWORD", **choices),
        "list": model("Select", index=None, description="list", **choices),
        "many": model("SelectMultiple", index=[0, 2], description="many", **choices),
        "radio": model("RadioButtons", index=2, description="RADIOWORD", **choices),
        "radio2": model("RadioButtons", index=0, **choices),
        "buttons": model("ToggleButtons", index=0, **choices),
        "check": model("Checkbox", value=True, description="CHECKWORD"),
        "toggle": model("ToggleButton", value=True, description="TOGGLEWORD"),
        "button": model("Button", description="BUTTONWORD", button_style="success"),
        "icon": model("Button", description="", icon="trash", button_style="danger"),
        "upload": model("FileUpload", description="Upload"),
        "colour": model("ColorPicker", value="#1f5f8b", description="colour"),
        "colours": model("ColorsInput", value=["red", "url(x)"]),
        "tags": model("TagsInput", value=["TAGWORD", "b"]),
        "label": model("Label", value="LABELWORD $x^2$"),
        "html": model("HTML", value="<h4>HTMLWORD</h4><script>window.hit = 1</script>"),
        "math": model("HTMLMath", value="<b>sum</b> $a &lt; b$ <code>$no$</code>"),
        "image": model("Image", buffers=picture, format="png", width="30", tooltip="IMAGEWORD"),
        "inner": model("Text", value="INNERWORD", description="inner"),
        "output": model("Output", "output", outputs=caught),
        "row": box("HBox", "label", "button"),
        "grid": box("GridBox", "text", "number"),
        "stack": box("Stack", "check", "hidden", selected_index=0),
        "hidden": model("Label", value="HIDDENWORD"),
        "away": model("Label", value="AWAYWORD", layout="IPY_MODEL_nowhere"),
        "nowhere": model("Layout", "base", display="none"),
        "tab": box("Tab", "slider", "radio", titles=["First", "TABWORD"], selected_index=1),
        "fold": box("Accordion", "drop", "area", titles=["FOLDWORD"], selected_index=0),
        "strange": {"model_name": "MapModel", "model_module": "jupyter-leaflet", "state": {}},
        "self": box("VBox", "self", "label"),
    }  # fmt: skip
    models["root"] = box("VBox", *[name for name in models if name != "nowhere"])
    return models


def notebook():
    """Return a notebook that shows all of them."""
    cell = Cell("code", "1", {"tags": ["remove-input"]}, [view("root")])
    models = all_kinds(every_output.png())
    return Document([Cell("markdown", "# Widgets"), cell], metadata(models))


#: What every reader of `all_kinds` must find, and what none may.
SHOWN = ("SLIDERWORD", "RANGEWORD", "PROGRESSWORD", "TEXTWORD", "AREAWORD", "DROPWORD", "RADIOWORD",
         "CHECKWORD", "TOGGLEWORD", "BUTTONWORD", "TAGWORD", "LABELWORD", "HTMLWORD", "INNERWORD",
         "CAUGHTWORD", "TABWORD", "FOLDWORD", "elm", "2026-11-28", "09:05", "MapModel"[:-5])  # fmt: skip
HIDDEN = ("SECRETWORD", "AWAYWORD", "window.hit", 'url(x)"')
