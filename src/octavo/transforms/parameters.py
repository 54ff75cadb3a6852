"""Put parameters into a document, as papermill does.

A cell tagged `injected-parameters` follows the one tagged `parameters`, whose values are the
defaults; a second time it is replaced.  Without such a cell the parameters come first.
"""

from octavo.core.document import Cell
from octavo.core.errors import RunError
from octavo.core.languages import comment_of, find
from octavo.core.patterns import lazy
from octavo.core.tags import BY_NAME, marks_of
from octavo.transforms._language import language_of
from octavo.transforms._transform import Transform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from octavo.core.document import Document, Json
    from octavo.transforms._transform import Step

_DEFAULTS, _INJECTED = "parameters", "injected-parameters"
_NAME = lazy(r"[^\W\d]\w*\Z")
_NAME_IN_R = lazy(r"(?:[^\W\d_]|\.(?!\d))[\w.]*\Z")


class Writer:
    """How a language writes assignments.

    `line` has the places `{name}` and `{value}`; `words` are true, false and nothing; `text`
    quotes a text; `items` and `pairs` open and close lists and tables, `pair` joins an entry.
    Where `items` or `pairs` is empty, the language has no such literal.
    """

    __slots__ = ("items", "line", "pair", "pairs", "separator", "text", "words")

    def __init__(
        self,
        line: str,
        words: str,
        text: "Callable[[str], str]",
        *,
        items: tuple[str, str] | None = ("[", "]"),
        pairs: tuple[str, str] | None = ("{", "}"),
        pair: str = "{key}: {value}",
        separator: str = ", ",
    ) -> None:
        self.line = line
        self.words = words.split()
        self.text = text
        self.items = items
        self.pairs = pairs
        self.pair = pair
        self.separator = separator


def _json_text(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _dollar_text(text: str) -> str:
    return _json_text(text).replace("$", "\\$")


def _shell_text(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _doubled(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_PYTHON = Writer("{name} = {value}", "True False None", repr)
_JAVASCRIPT = Writer("var {name} = {value};", "true false null", _json_text)

WRITERS = {
    "python": _PYTHON,
    "coconut": _PYTHON,
    "sage": _PYTHON,
    "xonsh": _PYTHON,
    "R": Writer(
        "{name} <- {value}", "TRUE FALSE NULL", _json_text,
        items=("list(", ")"), pairs=("list(", ")"), pair="{key} = {value}",
    ),
    "julia": Writer(
        "{name} = {value}", "true false nothing", _dollar_text,
        pairs=("Dict(", ")"), pair="{key} => {value}",
    ),
    "bash": Writer(
        "{name}={value}", "true false ''", _shell_text,
        items=("(", ")"), pairs=None, separator=" ",
    ),
    "powershell": Writer(
        "${name} = {value}", "$true $false $null", _doubled,
        items=("@(", ")"), pairs=("@{", "}"), pair="{key} = {value}",
    ),
    "javascript": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
    "scala": Writer(
        "val {name} = {value}", "true false None", _json_text,
        items=("Seq(", ")"), pairs=("Map(", ")"), pair="{key} -> {value}",
    ),
    "groovy": Writer(
        "{name} = {value}", "true false null", _dollar_text, pairs=("[", "]"),
    ),
    "matlab": Writer(
        "{name} = {value};", "true false []", _doubled, items=("{", "}"), pairs=None,
    ),
    "csharp": Writer(
        "var {name} = {value};", "true false null", _json_text,
        items=("new [] { ", " }"), pairs=None,
    ),
    "fsharp": Writer(
        "let {name} = {value}", "true false null", _json_text,
        items=("[", "]"), pairs=None, separator="; ",
    ),
    "lua": Writer(
        "{name} = {value}", "true false nil", _json_text,
        items=("{", "}"), pair="[{key}] = {value}",
    ),
}  # fmt: skip


def inject(document: "Document", parameters: "Mapping[str, Json]") -> "Document":
    r"""Return *document* with a cell that sets *parameters*.

    Raises: `RunError` OCT-R022 for a name or value that the language cannot have, or a
    language in which Octavo writes no assignments.

    >>> from octavo.core.document import Cell, Document
    >>> document = Document([Cell("code", "days = 365", {"tags": ["parameters"]})])
    >>> [cell.source for cell in inject(document, {"days": 7}).cells]
    ['days = 365', '# Parameters\ndays = 7']
    """
    source = source_of(parameters, language_of(document))
    cells = list(document.cells)
    marks = [marks_of(cell) if cell.kind == "code" else frozenset() for cell in cells]
    for place, cell in enumerate(cells):
        if _INJECTED in marks[place]:
            cells[place] = cell.with_(source=source)
            return document.with_(cells=cells)
    first = 1 if cells and _is_header(cells[0]) else 0
    after = next((i + 1 for i, found in enumerate(marks) if _DEFAULTS in found), first)
    tag = BY_NAME[_INJECTED].tag
    cells.insert(after, Cell("code", source, {"tags": [tag]}, outputs=[]))
    return document.with_(cells=cells)


def source_of(parameters: "Mapping[str, Json]", language: str) -> str:
    """Return the assignments of *parameters* in a language.

    >>> print(source_of({"name": "Ada", "sizes": [1, 2.5]}, "R"))
    # Parameters
    name <- "Ada"
    sizes <- list(1, 2.5)
    """
    row = find(language)
    writer = WRITERS.get(row.name if row else language)
    if writer is None:
        raise RunError(
            "OCT-R022", f"parameters cannot be written in {language}",
            hint="Octavo writes them in " + ", ".join(sorted(WRITERS)),
        )  # fmt: skip
    start, end = comment_of(language)
    lines = [f"{start} Parameters{' ' + end if end else ''}"]
    for name, value in parameters.items():
        _check_name(name, writer)
        lines.append(writer.line.format(name=name, value=_value(value, writer, name)))
    return "\n".join(lines)


def _is_header(cell: Cell) -> bool:
    return cell.kind == "raw" and cell.source.startswith("---")


def _check_name(name: str, writer: Writer) -> None:
    from keyword import iskeyword

    pattern = _NAME_IN_R if writer is WRITERS["R"] else _NAME
    if not pattern.match(name) or (writer is _PYTHON and iskeyword(name)):
        raise RunError(
            "OCT-R022", f"{name!r} cannot be the name of a parameter",
            hint="a letter, then letters, digits and underscores",
        )  # fmt: skip


def _value(value: "Json", writer: Writer, name: str) -> str:
    if value is None or isinstance(value, bool):
        return writer.words[2 if value is None else 0 if value else 1]
    if isinstance(value, str):
        return writer.text(value)
    if isinstance(value, (int, float)):
        return _number(value, writer, name)
    parts = writer.items if isinstance(value, list) else writer.pairs
    if parts is None or (writer is WRITERS["bash"] and not _is_flat(value)):
        raise RunError(
            "OCT-R022", f"the language has no literal for the parameter {name!r}",
            hint="give its parts as parameters of their own",
        )  # fmt: skip
    if isinstance(value, list):
        inner = [_value(item, writer, name) for item in value]
    else:
        inner = [
            writer.pair.format(key=writer.text(str(key)), value=_value(item, writer, name))
            for key, item in value.items()
        ]
    return parts[0] + writer.separator.join(inner) + parts[1]


def _number(value: float, writer: Writer, name: str) -> str:
    from math import isfinite

    if isfinite(value):
        return repr(value)
    if writer is _PYTHON:
        return f"float({str(value)!r})"
    raise RunError("OCT-R022", f"{value} cannot be the value of the parameter {name!r}")


def _is_flat(value: object) -> bool:
    return isinstance(value, list) and not any(isinstance(item, (list, dict)) for item in value)


def _apply(document: "Document", step: "Step") -> "Document":
    """Inject what stands after the colon: a JSON object."""
    import json

    try:
        values = json.loads(step.argument or "{}")
    except ValueError as error:
        raise RunError("OCT-R022", f"is not JSON: {error}") from None
    if not isinstance(values, dict):
        raise RunError("OCT-R022", "parameters are a JSON object", hint='inject:{"g": 9.81}')
    return inject(document, values) if values else document


TRANSFORMS = (
    Transform("inject", _apply, takes="PARAMETERS as JSON", after_run=False,
              summary='Set parameters, `inject:{"g": 9.81}`.'),
)  # fmt: skip
