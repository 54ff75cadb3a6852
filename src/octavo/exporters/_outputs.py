"""Outputs of code cells: which of their forms is shown, and what may be shown of it."""

from octavo.core.patterns import lazy
from octavo.exporters import _charts, _math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Json
    from octavo.exporters._node import Node
    from octavo.exporters._widgets import Widget

#: What a reader likes best first; each exporter takes the first that it can show.
PREFERRED = (
    "application/vnd.plotly.v1+json",
    "application/vnd.vegalite.v5+json",
    "application/vnd.bokehjs_exec.v0+json",
    "application/vnd.jupyter.widget-view+json",
    "text/html",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/pdf",
    "text/markdown",
    "text/latex",
    "application/json",
    "text/plain",
)


class Output:
    """One output: `kind` is "stream" (then `name`, `text`), "error" or "data" (then `forms`).

    `forms` maps mime types to their data, text joined, binary as base64; `alt` describes an
    image.  An error has `name`, `value` and `text`, its traceback with ANSI codes.  `widget` is
    the widget that it shows, where its model is known (see `_widgets`), `chart` what stands in
    the place of one that cannot be drawn (see `_charts`).
    """

    __slots__ = (
        "alt",
        "chart",
        "forms",
        "kind",
        "metadata",
        "name",
        "number",
        "text",
        "value",
        "widget",
    )

    def __init__(self, kind: str, number: int) -> None:
        self.kind = kind
        self.number = number
        self.name = ""
        self.value = ""
        self.text = ""
        self.alt = ""
        self.forms: dict[str, Json] = {}
        self.metadata: dict[str, Json] = {}
        self.widget: Widget | None = None
        self.chart: list[Node] = []

    def best(self, known: "tuple[str, ...]") -> str:
        """Return the first mime type of *known* that the output has, "" when it has none."""
        return next((mime for mime in known if mime in self.forms), "")


def of(outputs: "Iterable[Json]", marks: frozenset[str], alt: str = "") -> list[Output]:
    """Return outputs without what the marks of a cell drop; streams in a row are joined."""
    found: list[Output] = []
    for number, raw in enumerate(outputs, 1):
        if not isinstance(raw, dict) or _is_dropped(raw, marks):
            continue
        output = _output(raw, number, alt)
        last = found[-1] if found else None
        if last is not None and last.kind == output.kind == "stream" and last.name == output.name:
            last.text += output.text
        else:
            found.append(output)
    return found


def joined(data: "Json") -> str:
    """Return text that nbformat may have split into lines."""
    return "".join(map(str, data)) if isinstance(data, list) else str(data)


def picture(output: Output, mime: str) -> bytes | None:
    """Return the bytes of a picture, None where what was written is none of that kind."""
    from base64 import b64decode
    from binascii import Error

    from octavo.exporters import _images

    data = joined(output.forms[mime])
    if mime == "image/svg+xml":
        return data.encode("utf-8", "replace") if "<svg" in data.lower() else None
    try:
        content = b64decode("".join(data.split()))
    except (Error, ValueError):
        return None
    return content if _images.mime_of(content) == mime else None


def size(output: Output, mime: str) -> dict[str, int]:
    """Return the width and the height that somebody gave a picture, in pixels."""
    facts = output.metadata.get(mime)
    found: dict[str, int] = {}
    for name in ("width", "height"):
        value = facts.get(name) if isinstance(facts, dict) else None
        if isinstance(value, (int, float)) and 1 <= value < _WIDEST:
            found[name] = int(value)
    return found


def needs_scripts(html: str) -> bool:
    """Return whether HTML that shows nothing would show something with its scripts."""
    return "<script" in html.lower()


def forms_for(output: Output, known: "tuple[str, ...]") -> "tuple[str, ...]":
    """Return the forms that a target knows, LaTeX last where it is no formula."""
    data = joined(output.forms.get("text/latex", ""))
    if not data or formula(data):
        return known
    return (*(mime for mime in known if mime != "text/latex"), "text/latex")


def without(output: Output, mime: str) -> Output:
    """Return an output that lacks one of its forms."""
    made = Output(output.kind, output.number)
    made.forms = {name: data for name, data in output.forms.items() if name != mime}
    made.metadata, made.alt = output.metadata, output.alt
    return made


def shortened(text: str) -> str:
    r"""Return a text as it goes on paper: not more than some ten pages of it.

    >>> shortened("a\n" * 1002).count("\n")
    500
    """
    lines = text[:_LONGEST].split("\n")
    if len(lines) > _LINES:
        left_out = text.count("\n") + 1 - _LINES
        return "\n".join(lines[:_LINES]) + f"\n[... {left_out:,} more lines]"
    return cut(text, _LONGEST)


def cut(text: str, most: int) -> str:
    """Return a text, of a longer one the first characters and how many more there are."""
    left_out = len(text) - most
    return f"{text[:most]}\n[... {left_out:,} more characters]" if left_out > 0 else text


def markdown(data: str, *, is_paper: bool = False) -> str:
    """Return a `text/markdown` form, of a long one the paragraphs that a page can show."""
    most = _LONGEST if is_paper else _LONGEST_MARKDOWN
    if len(data) <= most:
        return data
    end = data.rfind("\n\n", most // 2, most)
    end = most if end < 0 else end
    return f"{data[:end]}\n\n\\[... {len(data) - end:,} more characters]"


def words(output: Output, html: str) -> str:
    """Return what HTML without a table says on paper: the plain form if that has words.

    A style sheet says nothing.
    """
    from octavo.exporters import _safe

    plain = joined(output.forms.get("text/plain", ""))
    if plain and not plain.startswith("<"):
        return plain
    return _safe.plain(html) or (plain if needs_scripts(html) else "")


def json_text(data: "Json") -> str:
    """Return JSON as text for people."""
    from json import dumps

    return data if isinstance(data, str) else dumps(data, indent=1, ensure_ascii=False)


_LONGEST_MARKDOWN = 200_000  # characters, of which a page of prose has some 3,000
_WIDEST = 100_000  # pixels of a picture
_LONGEST, _LINES = 40_000, 500  # characters and lines: about ten pages
_FORMULA = lazy(
    r"\\begin\{(?:equation|align|gather|multline|eqnarray|array|[pbvBV]?matrix|smallmatrix|cases|"
    r"split|aligned|gathered|alignedat|alignat|math|displaymath)\*?\}"
)
_BRACKETS = (("$$", "$$"), ("$", "$"), ("\\[", "\\]"), ("\\(", "\\)"))


def formula(data: str) -> str:
    r"""Return the formula of a `text/latex` form, "" where it is LaTeX of another kind, or long.

    >>> formula(r"$\displaystyle x^2$"), formula(r"\section{A}")
    ('x^2', '')
    """
    if len(data) > _math.LONGEST:
        return ""
    text = data.strip()
    for opening, closing in _BRACKETS:
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening):
            inner = text[len(opening) : -len(closing)].strip()
            return inner.removeprefix("\\displaystyle").strip()
    return text if _FORMULA.match(text) else ""


def damaged(output: Output, mime: str) -> Output:
    """Return what stands in the place of a picture that is none: its other forms, or a word."""
    made = without(output, mime)
    made.forms.setdefault("text/plain", "[a damaged picture]")
    return made


def described(output: Output) -> str:
    """Return the plain form of an output as the description of its picture, if it says more."""
    text = joined(output.forms.get("text/plain", ""))
    return "" if text.startswith("<") else text[:200]


def word(output: Output) -> str:
    """Return what an output is, in a word: its own title, or that of its kind."""
    title = output.metadata.get("title")
    if isinstance(title, str) and title:
        return title
    if output.kind == "stream":
        return "Warnings" if output.name == "stderr" else "Printed"
    if output.kind == "error":
        return output.name or "Error"
    kinds = [mime.partition("/")[0] for mime in output.forms]
    if "<table" in joined(output.forms.get("text/html", "")):
        return "Table"
    found = next((kind for kind in ("image", "video", "audio") if kind in kinds), "")
    return {"image": "Picture", "video": "Video", "audio": "Sound"}.get(found, "Result")


def _is_dropped(raw: "dict[str, Json]", marks: frozenset[str]) -> bool:
    name = raw.get("name")
    if raw.get("output_type") == "stream" and f"drop-{name}" in marks:
        return True
    metadata = raw.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return isinstance(tags, list) and any(
        isinstance(tag, str) and tag.replace("_", "-") in ("remove-output", "remove-single-output")
        for tag in tags
    )


def _output(raw: "dict[str, Json]", number: int, alt: str) -> Output:
    kind = raw.get("output_type")
    if kind == "stream":
        output = Output("stream", number)
        output.name = str(raw.get("name", "stdout"))
        output.text = joined(raw.get("text", ""))
        return output
    if kind == "error":
        output = Output("error", number)
        output.name, output.value = str(raw.get("ename", "")), str(raw.get("evalue", ""))
        trace = raw.get("traceback")
        output.text = "\n".join(map(str, trace)) if isinstance(trace, list) else ""
        return output
    output = Output("data", number)
    data = raw.get("data")
    for mime, value in data.items() if isinstance(data, dict) else ():
        is_json = mime.endswith("json") and not isinstance(value, str)
        output.forms[mime] = value if is_json else joined(value)
    _charts.settle(output.forms)
    metadata = raw.get("metadata")
    output.metadata = metadata if isinstance(metadata, dict) else {}
    output.alt = _alt(output) or alt
    return output


def _alt(output: Output) -> str:
    """Return the alternative text of an image, where somebody gave one."""
    if isinstance(output.metadata.get("alt"), str):
        return str(output.metadata["alt"])
    for mime in PREFERRED:
        facts = output.metadata.get(mime)
        if isinstance(facts, dict) and isinstance(facts.get("alt"), str):
            return str(facts["alt"])
    return ""
