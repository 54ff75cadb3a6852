"""Plots of Bokeh: what the script of an output says about its document.

Source: the JSON of documents of Bokeh 3, and the script that `bokeh.io.show` writes.
"""

from octavo.core.patterns import lazy
from octavo.exporters._json_in import json_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Pattern

    from octavo.core.document import Json
    from octavo.exporters._outputs import Output

_EXEC = "application/vnd.bokehjs_exec.v0+json"
_LOADER = "application/vnd.bokehjs_load.v0+json"
_LOGO = "bk-notebook-logo"
_ITEMS = lazy(r"\brender_items\s*=\s*(?=\[)")
_DOCUMENTS = lazy(r"\bdocs_json\s*=\s*(?=\{)")
_NAME = lazy(r"[\w-]+\Z")


def is_loader(output: "Output") -> bool:
    """Return whether an output loads the library of others, and shows nothing itself."""
    return _LOADER in output.forms or _LOGO in str(output.forms.get("text/html", ""))


def script(output: "Output") -> str:
    """Return the script that draws a plot, "" when an output is none."""
    found = output.forms.get("application/javascript")
    return found if _EXEC in output.forms and isinstance(found, str) else ""


def places(text: str) -> str:
    """Return the elements that a script draws into: they stand in an output of their own."""
    found = _after(text, _ITEMS)
    items = found if isinstance(found, list) else []
    roots = [item.get("roots") for item in items if isinstance(item, dict)]
    names = [
        (root, name) for one in roots if isinstance(one, dict) for root, name in one.items()
        if isinstance(name, str) and _NAME.match(name) and _NAME.match(root)
    ]  # fmt: skip
    return "".join(f'<div id="{name}" data-root-id="{root}"></div>' for root, name in names)


def told(text: str) -> "tuple[str, list[str], list[tuple[str, Json]]]":
    """Return the title of a plot, the names of what it draws, and its columns."""
    title = ""
    kinds: dict[str, None] = {}
    columns: dict[str, Json] = {}
    for key, model in _models(_after(text, _DOCUMENTS)):
        facts = model.get("attributes")
        facts = facts if isinstance(facts, dict) else {}
        name = str(model.get("name", ""))
        if name == "Title" and not title and isinstance(facts.get("text"), str):
            title = str(facts["text"])
        elif key == "glyph":
            kinds[name.lower()] = None
        elif name == "ColumnDataSource":
            columns |= _columns(facts.get("data"))
    return title, [*kinds], [*columns.items()]


def _columns(data: "Json") -> "dict[str, Json]":
    entries = data.get("entries") if isinstance(data, dict) else None
    found: dict[str, Json] = {}
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, list) and len(entry) == 2:
            found[str(entry[0])] = _packed(entry[1])
    return found


def _packed(value: "Json") -> "Json":
    """Return an array of Bokeh as Plotly packs it; lists stay."""
    array = value.get("array") if isinstance(value, dict) else None
    if isinstance(value, dict) and isinstance(array, dict):
        kind = str(value.get("dtype", ""))
        size = {"64": "8", "32": "4", "16": "2", "int8": "1"}
        width = next((size[bits] for bits in size if kind.endswith(bits)), "")
        return {"bdata": array.get("data"), "dtype": kind[:1] + width}
    return value


def _models(value: "Json") -> "Iterator[tuple[str, dict[str, Json]]]":
    """Yield the models below a value, outer ones first, each with the key that it stands under."""
    from collections import deque

    waiting: deque[tuple[str, Json]] = deque([("", value)])
    while waiting:
        key, one = waiting.popleft()
        if isinstance(one, dict):
            if "attributes" in one:
                yield key, one
            waiting += one.items()
        elif isinstance(one, list):
            waiting += [(key, inner) for inner in one if isinstance(inner, (dict, list))]


def _after(text: str, pattern: "Pattern[str]") -> "Json":
    found = pattern.search(text)
    return None if found is None else json_at(text, found.end())[0]
