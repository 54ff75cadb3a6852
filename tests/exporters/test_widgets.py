"""Widgets: drawn as they stood, in every target; no state harms, none of another cell is told."""

import zipfile
from io import BytesIO

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import octavo
from octavo import Cell, Document
from octavo.exporters import _outputs
from octavo.exporters._paper_widgets import told
from octavo.exporters._widgets import Shelf
from support import every_output, widget_states
from support.widget_states import box, model, view


def document(models, *names):
    outputs = [view(name, f"plain {name}") for name in names or ["root"]]
    code = Cell("code", "1", {"tags": ["remove-input"]}, outputs)
    return Document([Cell("markdown", "# T"), code], widget_states.metadata(models))


def drawn(models, *names):
    (artifact,) = octavo.export(document(models, *names), "html")
    text = artifact.data.decode("utf-8")
    return text[text.index('<main id="content">') : text.index("</main>")]


def one(**models):
    (name,) = models
    return drawn(models, name)


def test_every_kind_is_drawn_and_the_page_is_valid():
    (artifact,) = octavo.export(widget_states.notebook(), "html")
    text = artifact.data.decode("utf-8")
    html5lib.HTMLParser(strict=True).parse(text)
    assert [word for word in widget_states.SHOWN if word not in text] == []
    assert [word for word in widget_states.HIDDEN if word in text] == []
    assert [notice.code for notice in artifact.notices] == ["OCT-E005"]
    assert "VBox, Map" in str(artifact.notices[0])


@pytest.mark.parametrize("to", ["slides", "docx"])
def test_other_targets_say_what_widgets_say(to):
    (artifact,) = octavo.export(widget_states.notebook(), to)
    text = artifact.data
    if to == "docx":
        with zipfile.ZipFile(BytesIO(text)) as package:
            text = package.read("word/document.xml")
    text = text.decode("utf-8")
    assert [word for word in widget_states.SHOWN if word not in text] == []
    assert [word for word in widget_states.HIDDEN if word in text] == []


def test_pdf_takes_every_kind_and_stays_accessible():
    (artifact,) = octavo.export(widget_states.notebook(), "pdf")
    assert [notice.code for notice in artifact.notices] == ["OCT-E005"]


@pytest.mark.parametrize(
    ("widget", "made"),
    [
        (model("IntSlider", value=5, max=20, description="n"),
         'aria-label="n" aria-valuetext="5"> <span class="w-value">5</span>'),
        (model("IntSlider"), 'max="100" value="0" step="any" disabled aria-label="Slider"'),
        (model("FloatRangeSlider", value=[1.0, 2.0], max=4.0, readout_format=".1f"),
         'aria-label="Range: 1.0 – 2.0"><span style="left:25.0%;width:25.0%">'),
        (model("FloatProgress", value=3.0, min=1.0, max=5.0), '<progress max="4" value="2"'),
        (model("Dropdown", _options_labels=["a", "<b>"], index=1), "<option selected>&lt;b&gt;<"),
        (model("Checkbox", value=False, description="on"), '<input type="checkbox" disabled> on'),
        (model("ToggleButton", value=True, description="go"), 'aria-pressed="true">go</button>'),
        (model("Text", value='"x"'), 'value="&quot;x&quot;"'),
        (model("Text", value="7", description="$x$"), "<math "),
        (model("ColorPicker", value="red"), 'style="background:red"'),
        (model("ColorPicker", value="red;x:url(y)"), "<code>red;x:url(y)</code>"),
        (model("HTML", value="<b onclick='x'>b</b>"), '<div class="w-html"><b>b</b></div>'),
        (model("HTMLMath", value="<code>$a$</code> $b$"), "<code>$a$</code> <math"),
        (model("DatePicker", value={"year": 2026, "month": 1, "date": 30}), 'type="text" value=""'),
        (model("Image", buffers=b"no picture"), '<pre class="output result" tabindex="0">[Image]</pre>'),
        (model("Image", format="url", buffers=b"https://a.example/b.png"), "[Image]"),
    ],
)  # fmt: skip
def test_one_widget(widget, made):
    assert made in one(w=widget).replace("</div> ", "")


def test_the_picture_of_a_widget_keeps_its_size():
    made = one(w=model("Image", buffers=every_output.png(), width="30", format="png"))
    assert 'alt="Image" width="30">' in made


def test_a_model_of_another_package_is_shown_in_another_form():
    assert "plain w" in one(w={"model_name": "IntSliderModel", "model_module": "other",
                               "state": {"value": 3}})  # fmt: skip
    assert "plain w" in drawn({"v": model("Text")}, "w")


def test_tabs_open_at_the_chosen_one():
    models = {"a": model("Label", value="A"), "b": model("Label", value="B"),
              "w": box("Tab", "a", "b", titles=["one"], selected_index=1)}  # fmt: skip
    made = drawn(models, "w")
    assert made.index("<summary>one</summary>") < made.index(" open><summary>Tab 2</summary>")


def test_tqdm_is_a_line_on_paper():
    models = {
        "a": model("HTML", value="100%"), "b": model("FloatProgress", value=10.0, max=10.0),
        "c": model("HTML", value=" 10/10 [00:01&lt;00:00]"), "w": box("HBox", "a", "b", "c"),
    }  # fmt: skip
    (paragraph,) = told_of(models, "w")
    assert paragraph.plain() == "100% 10 of 10 10/10 [00:01<00:00]"


def told_of(models, name):
    shelf = Shelf(widget_states.metadata(models))
    outputs = _outputs.of([view(name)], frozenset())
    shelf.fill(outputs, frozenset(), 1)
    return list(told(outputs[0].widget))


def test_marks_reach_what_a_widget_caught():
    caught = [every_output.stream("STDOUTWORD"), every_output.stream("kept", "stderr")]
    models = {"w": model("Output", "output", outputs=caught)}
    cell = Cell("code", "1", {"tags": ["remove-stdout"]}, [view("w")])
    for to in ("html", "slides"):
        (artifact,) = octavo.export(Document([cell], widget_states.metadata(models)), to)
        assert b"STDOUTWORD" not in artifact.data
        assert b"kept" in artifact.data


def test_boxes_that_double_and_chains_end():
    models = {f"b{n}": box("VBox", f"b{n + 1}", f"b{n + 1}") for n in range(200)}
    assert len(drawn(models, "b0")) < 1_000_000
    assert "cannot show: VBox" in drawn({"a": box("VBox", "b"), "b": box("VBox", "a")}, "a")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["IPY_MODEL_root", "IPY_MODEL_a", "<script>", "1e999", "-5"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
KEYS = sorted({key for one in widget_states.all_kinds(b"").values() for key in one["state"]})
NAMES = sorted({one["model_name"] for one in widget_states.all_kinds(b"").values()})
MODELS = st.fixed_dictionaries(
    {"model_name": st.sampled_from(NAMES)},
    optional={"state": VALUES | st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6),
              "buffers": VALUES, "model_module": st.just("@jupyter-widgets/controls")},
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.fixed_dictionaries({"root": MODELS, "a": MODELS | VALUES}))
def test_no_state_harms(models):
    html5lib.HTMLParser(strict=True).parse(
        octavo.export(document(models), "html")[0].data.decode("utf-8")
    )
    octavo.export(document(models), "docx")
