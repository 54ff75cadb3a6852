"""A notebook with outputs of every kind that tools write, made by code."""

import base64
import json
import struct
import zlib

from octavo import Cell, Document


def png(width=64, height=40, colour=(31, 95, 139)):
    """Return a picture of one colour."""
    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


PNG = base64.b64encode(png()).decode("ascii")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60" viewBox="0 0 120 60">'
    '<rect width="120" height="60" fill="#eef"/><circle cx="30" cy="30" r="20" fill="#c33"/>'
    '<text x="60" y="35">SVGWORD</text></svg>'
)
TABLE = (
    "<div><style scoped>.dataframe td {color: red}</style><table border='1' class='dataframe'>"
    "<thead><tr style='text-align: right;'><th></th><th>city</th><th>mean</th></tr></thead><tbody>"
    "<tr><th>0</th><td>Oslo</td><td>6.1</td></tr><tr><th>1</th><td>Rome &amp; Bari</td><td>15.5</td>"
    "</tr></tbody></table><p>2 rows × 2 columns</p></div>"
)
HUGE_TABLE = (
    "<table><thead><tr>"
    + "".join(f"<th>c{n}</th>" for n in range(30))
    + "</tr></thead><tbody>"
    + "".join(
        "<tr>" + "".join(f"<td>{r * n}</td>" for n in range(30)) + "</tr>" for r in range(200)
    )
    + "</tbody></table>"
)
PLOTLY = {
    "data": [{"type": "bar", "x": [1, 2], "y": [3, 4]}],
    "layout": {"title": {"text": "bars"}},
}
ALTAIR = (
    "<style>#v {width: 100%}</style><div id='v'></div><script>(function(spec, embedOpt){"
    "const paths = {'vega': 'https://x.example.org/vega'}; vegaEmbed(outputDiv, spec, embedOpt);"
    '})({"title": "ALTAIRWORD", "data": {"name": "d"}, "mark": {"type": "bar"}, "encoding": '
    '{"x": {"field": "a"}, "y": {"field": "b"}}, "datasets": {"d": [{"a": "A", "b": 1.5}]}, '
    '"$schema": "https://vega.github.io/schema/vega-lite/v6.4.1.json"}, {"mode": "vega-lite"});'
    "</script>"
)
WIDGET = {"model_id": "abc", "version_major": 2, "version_minor": 0}
HOSTILE = (
    "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"
    "<svg onload='window.hit = 1'><script>window.hit = 1</script></svg>"
    "<iframe srcdoc='<script>parent.hit = 1</script>'></iframe>"
    "<a href='javascript:window.hit = 1'>link</a><form action='https://x.example.org'><input></form>"
    "<style>@import 'https://x.example.org/a.css'; .deck {display: none}</style>"
    "<link rel=stylesheet href='https://x.example.org/b.css'><base href='https://x.example.org/'>"
    "<meta http-equiv=refresh content='0;url=https://x.example.org'><object data='x.swf'></object>"
    "<div style='background: url(https://x.example.org/c.png)'>HOSTILEWORD</div>"
    "</main></section></body><section class='slide' id='deck'>closed</section>"
)
BAD_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" onload="window.hit = 1" width="9" height="9">'
    "<script>window.hit = 1</script>"
    '<image href="https://x.example.org/d.png" width="9" height="9"/></svg>'
)


def data(**forms):
    """Return an output of forms: `text__html="..."` for text/html."""
    made = {name.replace("__", "/").replace("_", "+"): value for name, value in forms.items()}
    return {"output_type": "display_data", "data": made, "metadata": {}}


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def mime(name, value, **others):
    output = data(**others)
    output["data"] = {name: value, **output["data"]}
    return output


#: Each kind with its output and a word that a reader must find, "" where a picture says it.
KINDS = {
    "stream": (stream("STREAMWORD\n10%\r100%\n"), "STREAMWORD"),
    "stderr": (stream("WARNWORD\n", "stderr"), "WARNWORD"),
    "ansi": (stream("\x1b[1;31mREDWORD\x1b[0m \x1b[38;5;208morange\x1b[0m"), "REDWORD"),
    "error": (
        {"output_type": "error", "ename": "ValueError", "evalue": "BADWORD",
         "traceback": ["\x1b[0;31mValueError\x1b[0m: BADWORD"]}, "BADWORD",
    ),
    "error without a traceback": (
        {"output_type": "error", "ename": "KeyError", "evalue": "KEYWORD", "traceback": []},
        "KEYWORD",
    ),
    "png": (data(image__png=PNG, text__plain="<Figure size 640x480>"), ""),
    "svg": (data(image__svg_xml=SVG, text__plain="<Figure>"), ""),
    "pandas": (data(text__html=TABLE, text__plain="   city\n0  Oslo"), "Oslo"),
    "huge table": (data(text__html=HUGE_TABLE, text__plain="..."), "c29"),
    "html": (data(text__html="<p>PLAIN<b>HTML</b></p>", text__plain="<HTML object>"), "HTML"),
    "plotly": (
        mime("application/vnd.plotly.v1+json", PLOTLY, text__html="<div><script>Plotly.newPlot()"
             "</script></div>", text__plain="Figure()"), "bars",
    ),
    "plotly alone": (mime("application/vnd.plotly.v1+json", PLOTLY), "Chart (bar)"),
    "altair": (data(text__html=ALTAIR, text__plain="alt.Chart(...)"), "ALTAIRWORD"),
    "vega with data elsewhere": (
        mime("application/vnd.vegalite.v5+json", {"data": {"url": "https://data.example.org/a.csv"},
             "mark": "point"}, text__plain="<VegaLite>"), "https://data.example.org/a.csv",
    ),
    "widget": (
        mime("application/vnd.jupyter.widget-view+json", WIDGET, text__plain="IntSlider(value=3)"),
        "IntSlider(value=3)",
    ),
    "latex": (data(text__latex="$\\displaystyle \\frac{1}{x^{2}}$", text__plain="x**-2"), ""),
    "latex that is no formula": (
        data(text__latex="\\begin{tabular}{l}a\\end{tabular}", text__plain="TABULARWORD"), "",
    ),
    "markdown": (data(text__markdown="**MARKWORD** and $x$", text__plain="<Markdown>"), "MARKWORD"),
    "json": (data(application__json={"JSONWORD": [1, 2]}, text__plain="<JSON>"), "JSONWORD"),
    "video": (
        mime("video/mp4", base64.b64encode(b"\0\0\0\x18ftypmp42").decode(),
             text__plain="<Video VIDEOWORD>"), "",
    ),
    "audio": (mime("audio/wav", base64.b64encode(b"RIFF").decode(), text__plain="<Audio>"), ""),
    "damaged png": (data(image__png="no base64!", text__plain="DAMAGEDWORD"), ""),
    "empty png": (data(image__png=""), ""),
    "unknown": (mime("application/x-unknown", "?"), "application/x-unknown"),
    "nothing": (data(), "nothing"),
    "hostile": (data(text__html=HOSTILE, text__plain="<HTML>"), "HOSTILEWORD"),
    "hostile svg": (data(image__svg_xml=BAD_SVG, text__plain="<SVG>"), ""),
    "long text": (stream("line of a log\n" * 3000), "line of a log"),
    "no display": (data(text__plain="\x00\x01CONTROLWORD\ud800"), "CONTROLWORD"),
}  # fmt: skip


def notebook(names=None):
    """Return a notebook with a heading and a cell for each kind of output."""
    cells = [Cell("markdown", "# Outputs of every kind")]
    for number, name in enumerate(names or KINDS):
        output = json.loads(json.dumps(KINDS[name][0]))
        cells.append(Cell("markdown", f"## {name.capitalize()}"))
        cells.append(Cell("code", f"show({number})", {}, [output]))
    return Document(cells, {"kernelspec": {"name": "python3", "language": "python"}})
