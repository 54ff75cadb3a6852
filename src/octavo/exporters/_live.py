"""Outputs that need scripts: each in a frame that has no origin, no network and no way out.

The libraries (Plotly, Vega, Bokeh) are handed in by `Settings.library`, stand once in a page or a
site, and are sent to the frames as text.  Without one, an output is shown in another of its forms.

Source: HTML (`iframe sandbox`, `srcdoc`), CSP 3; the JSON of Plotly, Vega-Lite and BokehJS.
"""

import json

from octavo.exporters import _assets, _bokeh, _charts, _escape
from octavo.exporters._outputs import Output, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.exporters._exporter import Settings

_HEIGHT, _TALLEST = 450, 4000  # pixels, until the frame tells its own
#: A frame without origin may run what stands in it; it may load nothing.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data:"
)


class Live:
    """An output to be drawn by a library: the HTML it starts from and the script that draws."""

    __slots__ = ("body", "height", "library", "script", "title")

    def __init__(self, library: str, script: str, body: str = '<div id="here"></div>') -> None:
        self.library = library
        self.script = script
        self.body = body
        self.height = _HEIGHT
        self.title = ""


def find(output: Output) -> Live | None:
    """Return how an output is drawn, None where no library draws it."""
    figure, chart = _charts.plotly(output), _charts.vega(output)
    if figure is not None:
        return _plotly(figure)
    if chart is not None and not _charts.remote(chart[1]):
        options = {"actions": False, "mode": chart[0]}
        live = Live("vega", f'vegaEmbed("#here", {_json(chart[1])}, {_json(options)});')
        live.title = _charts.title_of(chart[1])
        return live
    script = _bokeh.script(output)
    if script:
        body = joined(output.forms.get("text/html", "")) or _bokeh.places(script)
        live = Live("bokeh", f"octavoRun({_json(script)});", body)
        live.title = _bokeh.told(script)[0]
        return live
    return None


def _plotly(figure: "_charts.Facts") -> Live:
    layout = figure.get("layout")
    layout = layout if isinstance(layout, dict) else {}
    config = figure.get("config")
    options: dict[str, object] = {"responsive": True, "displaylogo": False}
    options |= config if isinstance(config, dict) else {}
    options["plotlyServerURL"] = ""
    parts = {"data": figure.get("data", []), "layout": layout, "config": options}
    if figure.get("frames"):
        parts["frames"] = figure["frames"]
    live = Live("plotly", f'Plotly.newPlot("here", {_json(parts)});')
    height = layout.get("height")
    if isinstance(height, (int, float)) and 0 < height < _TALLEST:
        live.height = int(height)
    live.title = _charts.title_of(layout)
    return live


def _json(value: object) -> str:
    """Return a value for a script in HTML."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")


def frame(live: Live, title: str) -> str:
    """Return the frame of an output."""
    inner = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><title>Output</title>'
        "<style>body{margin:0;background:#fff}</style></head>"
        f"<body>{live.body}<script>{_assets.text('live.js')}"
        f"window.octavoDraw = () => {{ {live.script} }};</script></body></html>"
    )
    return (
        f'<iframe class="output live" sandbox="allow-scripts" data-library="{live.library}" '
        f'title="{_escape.attribute(title)}" height="{live.height}" '
        f"srcdoc='{_escape.single(inner)}'></iframe>\n"
    )


def policy(body: str) -> str:
    """Return the rule that keeps frames in a page from leading elsewhere."""
    if 'class="output live"' not in body:
        return ""
    return '<meta http-equiv="Content-Security-Policy" content="frame-src \'none\'">\n'


def libraries(names: "Iterable[str]", settings: "Settings") -> str:
    """Return the libraries of a page that is alone, as text that runs in frames only."""
    return "".join(
        f'<script type="application/json" data-library="{name}">'
        f"{_json(settings.library(name) or '')}</script>\n"
        for name in names
    )


def links(names: "Iterable[str]", static: str) -> str:
    """Return the links of a page to the libraries in the files of its site."""
    return "".join(f'<script src="{static}/{name}.js"></script>\n' for name in names)


def as_file(name: str, settings: "Settings") -> str:
    """Return a library as a script that hands it out: a file on a disk cannot be fetched."""
    return f"(window.octavoLibraries ??= {{}}).{name} = {_json(settings.library(name) or '')};\n"
