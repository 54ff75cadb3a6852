"""Charts that cannot be alive: a picture where one can be drawn, else words and a table."""

import base64
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import octavo
from octavo import Cell, Document
from octavo.exporters import _charts, _index
from octavo.exporters._exporter import Settings
from support import every_output, widget_states

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
LITE = {"title": "Bars", "data": {"values": [{"a": "A", "b": 1.25}, {"a": "B", "b": None}]},
        "mark": "bar", "encoding": {"x": {"field": "a"}, "y": {"field": "b"}}}  # fmt: skip
TO_HTML = (
    '<div id="vis"></div><script src="https://x.example.org/vega"></script><script>'
    '(function(vegaEmbed) { var spec = {"$schema": "https://a.example/schema/vega/v5.json", "marks": []};'
    ' var embedOpt = {"mode": "vega"}; vegaEmbed("#vis", spec, embedOpt) })(vegaEmbed);</script>'
)
PLOTLY_HTML = (
    '<div><script src="https://x.example.org/plotly.js"></script><div id="p"></div><script>'
    'if (document.getElementById("p")) { Plotly.newPlot("p", [{"type": "scatter", "name": "s", "x": [1, 2], '
    '"y": {"dtype": "f8", "bdata": "PACKED"}}], {"title": {"text": "Line"}}, {"responsive": true}) }</script></div>'
).replace("PACKED", base64.b64encode(struct.pack("<2d", 0.5, 1.5)).decode())  # fmt: skip


def export(forms, to="html", **more):
    output = {"output_type": "display_data", "data": forms, "metadata": {}}
    cell = Cell("code", "1", {"tags": ["remove-input"]}, [output])
    (artifact,) = _index.get(to).export(Document([cell]), Settings(**more))
    return artifact


def text(artifact):
    found = artifact.data.decode("utf-8")
    return found[found.index("</head>") :]


def lite(spec):
    return {"application/vnd.vegalite.v6+json": spec, "text/plain": "<VegaLite>"}


def test_a_chart_is_drawn_where_it_can_be():
    asked = []
    artifact = export(lite(LITE), draw=lambda *told: asked.append(told) or SVG)
    assert asked == [("vega-lite", LITE)]
    assert 'src="data:image/svg+xml;base64,' in text(artifact)
    assert 'alt="Bars"' in text(artifact)
    assert artifact.notices == ()


def test_a_chart_that_cannot_be_drawn_is_told():
    artifact = export(lite(LITE))
    assert "<strong>Bars</strong> Chart (bar) of a, b.</p>" in text(artifact)
    assert '<th scope="col">a</th><th scope="col">b</th>' in text(artifact)
    assert "<td>A</td><td>1.25</td>" in text(artifact)
    assert [notice.code for notice in artifact.notices] == ["OCT-E004"]


def test_only_the_first_rows_are_told():
    spec = {**LITE, "data": {"values": [{"a": n} for n in range(100)]}}
    assert "[... 80 more rows]" in text(export(lite(spec)))


@pytest.mark.parametrize(
    ("html", "told"),
    [
        (every_output.ALTAIR, "<strong>ALTAIRWORD</strong> Chart (bar) of a, b."),
        (TO_HTML, "Chart."),
        (PLOTLY_HTML, "<strong>Line</strong> Chart (scatter) of s: x, s: y."),
    ],
)
def test_charts_are_found_in_html_that_loads_its_library(html, told):
    made = text(export({"text/html": html, "text/plain": "alt.Chart(...)"}))
    assert told in made
    assert "x.example.org" not in made


def test_packed_numbers_of_plotly_are_read():
    assert "<td>2</td><td>1.5</td>" in text(export({"text/html": PLOTLY_HTML}))


def test_html_with_a_script_of_another_kind_stays():
    forms = {"text/html": "<p>words</p><script>vegaEmbed(1); Plotly.newPlot(2)</script>"}
    assert "<p>words</p>" in text(export(forms))


def test_a_chart_keeps_the_picture_that_it_has():
    forms = {**lite(LITE), "image/png": every_output.PNG}
    assert 'src="data:image/png' in text(export(forms, draw=lambda *_: pytest.fail("was drawn")))


@pytest.mark.parametrize("to", ["html", "slides"])
def test_a_chart_is_alive_where_its_library_is(to):
    forms = {"text/html": every_output.ALTAIR}
    made = text(export(forms, to, library=lambda name: f"/* {name} */"))
    assert 'data-library="vega" title="ALTAIRWORD"' in made
    assert "addEventListener(&quot;message" in made or 'addEventListener("message"' in made


def test_slides_without_live_charts_allow_their_own_script_only():
    assert b"'unsafe-eval'" not in export(lite(LITE), "slides").data
    assert b"'unsafe-eval'" in export(lite(LITE), "slides", library=lambda _: "x").data


def test_a_chart_with_data_elsewhere_is_neither_alive_nor_drawn():
    spec = {**LITE, "data": {"url": "https://a.example/b.csv"}}
    made = text(export(lite(spec), library=lambda _: "x", draw=lambda *_: pytest.fail("drawn")))
    assert "<iframe" not in made
    assert "nothing is fetched: https://a.example/b.csv" in made


@pytest.mark.parametrize("to", ["pdf", "docx"])
def test_paper_has_the_picture(to):
    artifact = export(lite(LITE), to, draw=lambda *_: SVG)
    assert artifact.notices == ()


def test_the_door_of_python_can_leave_plots_still():
    document = Document([Cell("code", "1", {}, [every_output.KINDS["plotly"][0]])])
    assert b"<iframe" not in octavo.export(document, live=False)[0].data


BOKEH_JS = (
    '(function(root) { function embed_document(root) { const docs_json = {"d": {"roots": [{"name": "Figure", '
    '"attributes": {"title": {"name": "Title", "attributes": {"text": "Growth"}}, "renderers": [{"name": '
    '"GlyphRenderer", "attributes": {"data_source": {"name": "ColumnDataSource", "attributes": {"data": {"type": '
    '"map", "entries": [["x", [1, 2]], ["y", {"type": "ndarray", "array": {"type": "bytes", "data": "PACKED"}, '
    '"dtype": "float64"}]]}}}, "glyph": {"name": "Line", "attributes": {}}}}]}}]}}; '
    'const render_items = [{"docid": "d", "roots": {"p1008": "f44a-1"}, "root_ids": ["p1008"]}]; } })(window);'
).replace("PACKED", base64.b64encode(struct.pack("<2d", 0.5, 1.5)).decode())  # fmt: skip
BOKEH = {"application/vnd.bokehjs_exec.v0+json": "", "application/javascript": BOKEH_JS}


def test_a_plot_of_bokeh_is_told_without_its_library():
    made = text(export(BOKEH))
    assert "<strong>Growth</strong> Chart (line) of x, y." in made
    assert "<td>2</td><td>1.5</td>" in made


def test_a_plot_of_bokeh_finds_its_place_in_its_frame():
    made = text(export(BOKEH, library=lambda _: "x"))
    assert '<div id="f44a-1" data-root-id="p1008"></div>' in made
    assert 'title="Growth"' in made


@pytest.mark.parametrize("to", ["html", "docx", "pdf", "slides"])
def test_what_loads_a_library_is_silent(to):
    logo = {"text/html": "<div class='bk-notebook-logo'><span>Loading BokehJS ...</span></div>"}
    loader = {"application/vnd.bokehjs_load.v0+json": "", "application/javascript": "load()"}
    for forms in (logo, loader):
        artifact = export(forms, to)
        assert artifact.notices == ()
        assert b"Loading" not in artifact.data


@pytest.mark.parametrize(
    "script",
    ["draw()", "const docs_json = {", 'docs_json = {} render_items = [1, {}, {"roots": {"a": 3}}]'],
)
def test_odd_plots_of_bokeh_do_no_harm(script):
    forms = {"application/vnd.bokehjs_exec.v0+json": "", "application/javascript": script}
    assert "Chart." in text(export(forms))
    export(forms, library=lambda _: "x")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"spec": LITE}, "<strong>Bars</strong> Chart (bar) of a, b."),
        ({"_widget_data": [{"type": "bar", "x": [1], "y": [2]}],
          "_widget_layout": {"title": {"text": "Bars"}}}, "<strong>Bars</strong> Chart (bar) of x, y."),
        ({"_widget_data": 3, "spec": []}, "plain"),
    ],
)  # fmt: skip
def test_a_chart_that_is_a_widget_is_a_chart(state, told):
    models = {"w": {"model_name": "AnyModel", "model_module": "anywidget", "state": state}}
    cell = Cell("code", "1", {}, [widget_states.view("w", "plain")])
    document = Document([cell], widget_states.metadata(models))
    (artifact,) = _index.get("html").export(document, Settings())
    assert told in artifact.data.decode("utf-8")
    models = {**models, "b": widget_states.box("VBox", "w")}
    document = Document([Cell("code", "1", {}, [widget_states.view("b", "plain")])],
                        widget_states.metadata(models))  # fmt: skip
    (artifact,) = _index.get("html").export(document, Settings(library=lambda _: "x"))
    assert (b"<iframe" in artifact.data) == (told != "plain")


def test_a_figure_whose_numbers_stand_apart_is_not_drawn_without_them():
    model = {"model_name": "AnyModel", "model_module": "anywidget",
             "state": {"_widget_data": [{"type": "bar", "x": {"dtype": "int32"}}]},
             "buffers": [{"path": ["_widget_data", 0, "x", "value"], "encoding": "base64",
                          "data": "AAAA"}]}  # fmt: skip
    cell = Cell("code", "1", {}, [widget_states.view("w", "plain words")])
    (artifact,) = _index.get("html").export(
        Document([cell], widget_states.metadata({"w": model})), Settings(library=lambda _: "x")
    )
    assert b"<iframe" not in artifact.data
    assert b"plain words" in artifact.data


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["url", "https://a.example"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["title", "text", "data", "values", "url", "mark", "field", "layout", "x",
                         "type", "bdata", "dtype", "name", "datasets"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(JSON, st.sampled_from(["application/vnd.vega.v5+json", "application/vnd.vegalite.v5+json", _charts.PLOTLY]))  # fmt: skip
def test_no_chart_harms(data, mime):
    export({mime: data})
    export({mime: data}, library=lambda _: "x")
