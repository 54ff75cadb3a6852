"""Notebooks of nbformat 3 (IPython 2 and older), turned into nbformat 4.

What goes where is what nbformat's own conversion does: worksheets are joined, heading cells
become Markdown, `input` becomes `source`, `pyout` becomes `execute_result`, and so on.
"""

from octavo.core.errors import FormatError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json, Metadata

_MIME_TYPES = {
    "text": "text/plain",
    "html": "text/html",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "latex": "text/latex",
    "json": "application/json",
    "javascript": "application/javascript",
}

_MULTILINE = ("text", "html", "svg", "latex", "javascript", "json")
_OUTPUT_TYPES = {"pyout": "execute_result", "pyerr": "error"}
_NOT_DATA = ("output_type", "execution_count", "metadata")


def upgrade(notebook: "Metadata") -> "Metadata":
    """Return a notebook of nbformat 3 as nbformat 4.5, without cell ids.

    Raises: `FormatError` OCT-N006 when worksheets or their cells are no lists.
    """
    upgraded = {
        key: value
        for key, value in notebook.items()
        if key not in {"worksheets", "orig_nbformat", "orig_nbformat_minor"}
    }
    metadata = upgraded.get("metadata", {})
    if isinstance(metadata, dict):
        upgraded["metadata"] = {
            key: value for key, value in metadata.items() if key not in {"name", "signature"}
        }
    cells: list[Json] = [_cell(cell) for cell in _cells(notebook)]
    upgraded.update(nbformat=4, nbformat_minor=5, cells=cells)
    return upgraded


def _cells(notebook: "Metadata") -> "list[Json]":
    """Return the cells of all worksheets."""
    worksheets = notebook.get("worksheets", [])
    if not isinstance(worksheets, list):
        raise FormatError(
            "OCT-N006", "worksheets is not a list", hint="is this a notebook of nbformat 3?"
        )
    cells: list[Json] = []
    for number, worksheet in enumerate(worksheets, 1):
        found = worksheet.get("cells") if isinstance(worksheet, dict) else None
        if not isinstance(found, list):
            raise FormatError(
                "OCT-N006",
                f"worksheet {number} has no list of cells",
                hint="each worksheet of nbformat 3 holds its cells",
            )
        cells.extend(found)
    return cells


def _cell(cell: "Json") -> "Json":
    """Return one cell of nbformat 3 as nbformat 4; what is no cell stays for the reader."""
    if not isinstance(cell, dict):
        return cell
    upgraded = {key: value for key, value in cell.items() if key != "trusted"}
    if cell.get("cell_type") == "code":
        return _code_cell(upgraded)
    for key in ("source", "rendered"):
        if key in upgraded:
            upgraded[key] = _join(upgraded[key])
    if cell.get("cell_type") == "heading":
        upgraded["source"] = _heading(upgraded.get("source", ""), upgraded.pop("level", 1))
    if cell.get("cell_type") in {"heading", "html"}:
        upgraded["cell_type"] = "markdown"
    return upgraded


def _code_cell(cell: "Metadata") -> "Metadata":
    """Return a code cell with the names of nbformat 4."""
    cell.pop("language", None)
    if "collapsed" in cell:
        collapsed = cell.pop("collapsed")
        metadata = cell.get("metadata", {})
        if isinstance(metadata, dict):
            cell["metadata"] = {**metadata, "collapsed": collapsed}
    cell["source"] = _join(cell.pop("input", ""))
    cell["execution_count"] = cell.pop("prompt_number", None)
    outputs = cell.get("outputs", [])
    cell["outputs"] = (
        [_output(output) for output in outputs] if isinstance(outputs, list) else outputs
    )
    return cell


def _heading(source: "Json", level: "Json") -> "Json":
    """Return the Markdown of a heading cell, on one line."""
    if not isinstance(source, str):
        return source
    depth = level if isinstance(level, int) else 1
    return "#" * depth + " " + " ".join(source.splitlines())


def _join(value: "Json") -> "Json":
    """Return a multi-line value as one text.

    Old writers dropped the line ends (`splitlines()` without keeping them), later ones did not.
    """
    if not isinstance(value, list):
        return value
    lines = [line for line in value if isinstance(line, str)]
    if len(lines) != len(value):
        return value
    has_line_ends = bool(lines) and lines[0].endswith(("\n", "\r"))
    return ("" if has_line_ends else "\n").join(lines)


def _output(output: "Json") -> "Json":
    """Return one output of nbformat 3 as nbformat 4."""
    if not isinstance(output, dict):
        return output
    upgraded = {key: _join(value) if key in _MULTILINE else value for key, value in output.items()}
    kind = upgraded.get("output_type")
    if kind in {"pyout", "display_data"}:
        return _display(upgraded)
    if kind == "stream":
        upgraded["name"] = upgraded.pop("stream", "stdout")
    elif kind == "pyerr":
        upgraded["output_type"] = "error"
    return upgraded


def _display(output: "Metadata") -> "Metadata":
    """Return a displayed result with its data in one bundle, by MIME type."""
    upgraded: Metadata = {
        "output_type": _OUTPUT_TYPES.get(str(output["output_type"]), output["output_type"])
    }
    if output["output_type"] == "pyout":
        upgraded["execution_count"] = output.pop("prompt_number", None)
    metadata = output.get("metadata", {})
    upgraded["metadata"] = _by_mime_type(metadata) if isinstance(metadata, dict) else metadata
    if "execution_count" in output:
        upgraded.setdefault("execution_count", output["execution_count"])
    data = _by_mime_type({key: value for key, value in output.items() if key not in _NOT_DATA})
    if isinstance(data.get("application/json"), str):
        data["application/json"] = _parsed(data["application/json"])
    upgraded["data"] = data
    return upgraded


def _by_mime_type(bundle: "Metadata") -> "Metadata":
    """Return a bundle with MIME types for the short names of nbformat 3."""
    return {_MIME_TYPES.get(key, key): value for key, value in bundle.items()}


def _parsed(text: "Json") -> "Json":
    """Return the value of a JSON text; a text that is no JSON stays a text."""
    import json

    try:
        value: Json = json.loads(str(text))
    except ValueError:
        return text
    return value
