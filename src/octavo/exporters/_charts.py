"""Charts that cannot be alive, of Vega, Plotly and Bokeh: a picture, or words and a table.

Their JSON is read from the forms of an output, or from the HTML that Altair and Plotly write with
scripts that fetch their libraries.  `Settings.draw` draws the charts of Vega where it can.

Source: the JSON of Vega-Lite 5 and 6, Vega 5 and 6, Plotly 5 and 6.
"""

import json

from octavo.core.errors import Notice, Span
from octavo.core.patterns import lazy
from octavo.exporters import _bokeh
from octavo.exporters._json_in import json_at
from octavo.exporters._node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from octavo.core.document import Json
    from octavo.exporters._exporter import Settings
    from octavo.exporters._outputs import Output

    Facts: TypeAlias = dict[str, Json]

PLOTLY = "application/vnd.plotly.v1+json"
_VEGA, _VEGA_LITE = "application/vnd.vega.v5+json", "application/vnd.vegalite.v5+json"
_VEGA_START = lazy(r"(?:\}\)\(|vegaEmbed\([^,{]*,|\bspec\s*=)\s*(?=\{)")
_PLOTLY_START = lazy(r"Plotly\.(?:newPlot|react|plot)\(\s*(?:\"[^\"]*\"|'[^']*'|\w+)\s*,\s*(?=\[)")
_COMMA = lazy(r"\s*,\s*(?=\{)")
_COLUMNS = ("x", "y", "z", "labels", "values", "lat", "lon", "r", "theta", "text", "locations")
_ROWS, _MOST_COLUMNS = 20, 12
_SHOWN = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")


def settle(forms: "Facts") -> None:
    """Put the JSON of a chart in the place of HTML that needs scripts from the network."""
    html = forms.get("text/html")
    if not isinstance(html, str) or "<script" not in html:
        return
    if _spec(forms) is None and PLOTLY not in forms:
        if "vegaEmbed" in html and (spec := _vega_in(html)) is not None:
            forms[_VEGA_LITE if _is_lite(spec) else _VEGA] = spec
        elif "Plotly." in html and (figure := _plotly_in(html)) is not None:
            forms[PLOTLY] = figure
        else:
            return
    del forms["text/html"]


def forms_of_model(state: "Facts", *, has_buffers: bool) -> "Facts":
    """Return the form of a chart that is a widget: of Altair or of Plotly, {} for any other.

    A figure whose numbers stand in buffers is not whole here.
    """
    spec, traces = state.get("spec"), state.get("_widget_data")
    if isinstance(spec, dict) and any(key in spec for key in _PARTS):
        return {_VEGA_LITE if _is_lite(spec) else _VEGA: spec}
    if isinstance(traces, list) and not has_buffers:
        layout = state.get("_widget_layout")
        return {PLOTLY: {"data": traces, "layout": layout if isinstance(layout, dict) else {}}}
    return {}


def vega(output: "Output") -> "tuple[str, Facts] | None":
    """Return "vega" or "vega-lite" and the specification of a chart, None without one."""
    return _spec(output.forms)


def plotly(output: "Output") -> "Facts | None":
    """Return the figure of Plotly that an output is, None when it is none."""
    found = _loaded(output.forms.get(PLOTLY))
    return found if isinstance(found, dict) else None


def still(output: "Output", settings: "Settings", notices: "list[Notice]", number: int) -> None:
    """Give a chart that has no other form a picture, or what it says as prose in `chart`.

    That it is only told goes into *notices*; *number* is that of its cell.
    """
    if output.chart or any(mime in output.forms for mime in _SHOWN):
        return
    found = vega(output)
    if found is not None:
        is_whole = not remote(found[1])
        drawn = settings.draw(*found) if is_whole else ""
        if drawn:
            output.forms["image/svg+xml"] = drawn
            output.alt = output.alt or title_of(found[1]) or _about_vega(found[1])
            return
        output.chart = _told_vega(found[1])
        hint = "it cannot be drawn" if is_whole else "its data are elsewhere"
        if drawn is None:
            hint = "vl-convert-python draws it"
    else:
        figure, script = plotly(output), _bokeh.script(output)
        if figure is None and not script:
            return
        output.chart = _told_bokeh(script) if figure is None else _told_plotly(figure)
        hint = "give it a picture too"
    notices.append(
        Notice("OCT-E004", "a chart that needs scripts is shown as words and a table", Span(),
               hint=f"cell {number}; {hint}")
    )  # fmt: skip


def remote(spec: "Json") -> str:
    """Return the first address that a chart would fetch, "" when it has all in it."""
    for key, value in _walk(spec):
        if key == "url" and isinstance(value, str) and not value.startswith("data:"):
            return value
    return ""


def title_of(spec: "Facts") -> str:
    """Return the title of a chart, "" without one."""
    title = spec.get("title")
    title = title.get("text") if isinstance(title, dict) else title
    title = " ".join(map(str, title)) if isinstance(title, list) else title
    return title if isinstance(title, str) else ""


def _spec(forms: "Facts") -> "tuple[str, Facts] | None":
    for mime, data in forms.items():
        if mime.startswith("application/vnd.vega") and mime.endswith("+json"):
            found = _loaded(data)
            if isinstance(found, dict):
                return ("vega-lite" if "vegalite" in mime else "vega"), found
    return None


def _loaded(data: "Json") -> "Json":
    if not isinstance(data, str) or not data.lstrip().startswith("{"):
        return data
    try:
        found: Json = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found


def _vega_in(html: str) -> "Facts | None":
    for match in _VEGA_START.finditer(html):
        found, _ = json_at(html, match.end())
        if isinstance(found, dict) and any(key in found for key in _PARTS):
            return found
    return None


_PARTS = ("$schema", "mark", "marks", "layer", "concat", "hconcat", "vconcat", "facet", "repeat")


def _is_lite(spec: "Facts") -> bool:
    schema = str(spec.get("$schema", ""))
    return "/vega/" not in schema and "marks" not in spec


def _plotly_in(html: str) -> "Facts | None":
    for match in _PLOTLY_START.finditer(html):
        data, end = json_at(html, match.end())
        comma = _COMMA.match(html, end)
        layout = json_at(html, comma.end())[0] if comma else {}
        if isinstance(data, list):
            return {"data": data, "layout": layout if isinstance(layout, dict) else {}}
    return None


# Words and tables


def _told_vega(spec: "Facts") -> list[Node]:
    address = remote(spec)
    more = f" Its data are elsewhere, and nothing is fetched: {address}" if address else ""
    rows = next((value for value in _data_of(spec) if value), [])
    names = list(dict.fromkeys(str(key) for row in rows[:_ROWS] for key in row))
    cells = [[row.get(name) for name in names] for row in rows]
    return [_headline(title_of(spec), _about_vega(spec) + "." + more), *_table(names, cells)]


def _about_vega(spec: "Facts") -> str:
    """Return what is known of a chart in words: its description, or its marks and fields."""
    said = spec.get("description")
    if isinstance(said, str) and said.strip():
        return said.strip().rstrip(".")
    marks, fields = dict[str, None](), dict[str, None]()
    for key, value in _walk(spec):
        if key == "mark":
            kind = value.get("type") if isinstance(value, dict) else value
            marks[str(kind)] = None
        elif key == "field" and isinstance(value, str):
            fields[value] = None
    kinds = " and ".join(marks)
    return _said(f"Chart ({kinds})" if kinds else "Chart", fields)


def _told_plotly(figure: "Facts") -> list[Node]:
    layout, traces = figure.get("layout"), figure.get("data")
    kinds = dict[str, None]()
    columns: list[tuple[str, Json]] = []
    for trace in traces if isinstance(traces, list) else ():
        if not isinstance(trace, dict):
            continue
        kinds[str(trace.get("type", "scatter"))] = None
        for name in _COLUMNS:
            label = f"{trace['name']}: {name}" if trace.get("name") else name
            columns.append((label, trace.get(name)))
    title = title_of(layout) if isinstance(layout, dict) else ""
    return _told(title, [*kinds], columns)


def _told_bokeh(script: str) -> list[Node]:
    return _told(*_bokeh.told(script))


def _told(title: str, kinds: list[str], columns: "list[tuple[str, Json]]") -> list[Node]:
    """Return what a chart of columns says; those that are no lists of values are left out."""
    read = [(name, _numbers(column)) for name, column in columns]
    shown = [(name, one) for name, one in read if one and not isinstance(one[0], (list, dict))]
    names = [name for name, _ in shown]
    length = max((len(one) for _, one in shown), default=0)
    cells = [[one[n] if n < len(one) else None for _, one in shown] for n in range(length)]
    about = _said(f"Chart ({' and '.join(kinds)})" if kinds else "Chart", dict.fromkeys(names))
    return [_headline(title, about + "."), *_table(names, cells)]


def _said(what: str, fields: "dict[str, None]") -> str:
    return f"{what} of {', '.join(fields)}" if fields else what


def _headline(title: str, about: str) -> Node:
    strong = [Node("strong", [Node("text", text=title)]), Node("text", text=" ")] if title else []
    return Node("paragraph", [*strong, Node("text", text=about)])


def _table(names: list[str], rows: "list[list[Json]]") -> list[Node]:
    """Return a table of the first rows, and how many more there are; [] without any."""
    if not names or not rows:
        return []
    names = names[:_MOST_COLUMNS]
    head = Node("row", [_cell(name, is_head=True) for name in names], header=True)
    body = [Node("row", [_cell(value) for value in row[: len(names)]]) for row in rows[:_ROWS]]
    table = Node("table", [head, *body], align=[""] * len(names))
    left_out = len(rows) - len(body)
    more = Node("paragraph", [Node("text", text=f"[... {left_out:,} more rows]")])
    return [table, more] if left_out else [table]


def _cell(value: "Json", *, is_head: bool = False) -> Node:
    text = f"{value:.6g}" if isinstance(value, float) else "" if value is None else str(value)[:200]
    return Node("cell", [Node("text", text=text)] if text else [], header=is_head, align="")


def _data_of(spec: "Json") -> "Iterator[list[Facts]]":
    """Yield the rows that stand in a specification."""
    for key, value in _walk(spec):
        if key in ("values", "datasets"):
            for rows in value.values() if isinstance(value, dict) else [value]:
                if isinstance(rows, list) and rows and isinstance(rows[0], dict):
                    yield [row for row in rows if isinstance(row, dict)]


def _walk(value: "Json") -> "Iterator[tuple[str, Json]]":
    """Yield all keys of objects with their values, outer ones first; data are not gone into."""
    from collections import deque

    waiting = deque([value])
    while waiting:
        one = waiting.popleft()
        if isinstance(one, dict):
            yield from one.items()
            waiting += [inner for key, inner in one.items() if key not in ("values", "datasets")]
        elif isinstance(one, list):
            waiting += one


def _numbers(value: "Json") -> "list[Json]":
    """Return a column of Plotly: a list, or numbers packed as base64."""
    if isinstance(value, dict) and isinstance(value.get("bdata"), str):
        return _unpacked(str(value["bdata"]), str(value.get("dtype", "")))
    return value if isinstance(value, list) else []


_CODES = {"f8": "d", "f4": "f", "i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I"}


def _unpacked(data: str, kind: str) -> "list[Json]":
    from base64 import b64decode
    from struct import error, iter_unpack

    try:
        return [one[0] for one in iter_unpack(f"<{_CODES[kind]}", b64decode(data))]
    except (KeyError, ValueError, error):
        return []
