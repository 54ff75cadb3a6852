"""Outputs in a few words: what they are, how large, and a hash that tells whether they changed."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell, Json

_SHOWN = 60
_FORMS = ("image/png", "image/jpeg", "image/svg+xml", "image/gif", "text/html", "text/latex",
          "text/markdown", "application/json", "text/plain")  # fmt: skip


def summaries(cell: "Cell") -> list[str]:
    r"""Return a line for each output of a cell.

    >>> from octavo.core.document import Cell
    >>> stream = {"output_type": "stream", "name": "stdout", "text": "1\n2\n"}
    >>> summaries(Cell("code", "", outputs=[stream]))
    ["stdout, 2 lines: '1'"]
    """
    return [_summary(output) for output in cell.outputs or () if isinstance(output, dict)]


def texts(cell: "Cell") -> list[str]:
    r"""Return the outputs of a cell in lines: what each is, and its text below it.

    >>> from octavo.core.document import Cell
    >>> stream = {"output_type": "stream", "name": "stdout", "text": "1\n2\n"}
    >>> texts(Cell("code", "", outputs=[stream]))
    ['stdout, 2 lines', '  1', '  2']
    """
    found = []
    for output in cell.outputs or ():
        if isinstance(output, dict):
            text = _text(output)
            found.append(_summary(output) if text is None else _summary(output).partition(": ")[0])
            found += [f"  {line}" for line in (text or "").splitlines()]
    return found


def _text(output: "dict[str, Json]") -> str | None:
    """Return what an output shows as plain text, None where it is no text."""
    data = output.get("data")
    if output.get("output_type") == "stream":
        return text_of(output.get("text", ""))
    if output.get("output_type") == "error":
        trace = output.get("traceback")
        return "\n".join(map(str, trace)) if isinstance(trace, list) else None
    if isinstance(data, dict) and "text/plain" in data:
        return text_of(data["text/plain"])
    return None


def text_of(data: "Json") -> str:
    """Return text that nbformat may have split into lines."""
    return "".join(map(str, data)) if isinstance(data, list) else str(data)


def _summary(output: "dict[str, Json]") -> str:
    kind = output.get("output_type")
    if kind == "stream":
        text = text_of(output.get("text", ""))
        return f"{output.get('name', 'stdout')}, {_lines(text)}: {_first(text)!r}"
    if kind == "error":
        return f"error {output.get('ename', '')}: {_first(str(output.get('evalue', '')))}"
    data = output.get("data")
    forms = data if isinstance(data, dict) else {}
    mime = next((form for form in _FORMS if form in forms), next(iter(forms), ""))
    text = text_of(forms.get(mime, ""))
    if mime == "text/plain":
        return f"{mime}, {_lines(text)}: {_first(text)!r}"
    return f"{mime or 'nothing'}, {_size(mime, text)}, {_hash(text)}"


def _lines(text: str) -> str:
    n = len(text.splitlines())
    return f"{n} line{'s' * (n != 1)}"


def _first(text: str) -> str:
    first = text.strip("\n").partition("\n")[0]
    return first if len(first) <= _SHOWN else first[:_SHOWN] + "..."


def _size(mime: str, text: str) -> str:
    is_base64 = mime.startswith(("image/", "audio/", "video/")) and mime != "image/svg+xml"
    n = len(text) * 3 // 4 if is_base64 else len(text.encode("utf-8", "replace"))
    return f"{n:,} bytes" if n < 10_000 else f"{n / 1000:,.0f} kB"


def _hash(text: str) -> str:
    from hashlib import blake2b

    return blake2b(text.encode("utf-8", "replace"), digest_size=4).hexdigest()
