"""Where launch links stand in a text: Markdown, HTML, notebooks, anything else.

A link inside HTML is written with `&amp;`; elsewhere `&amp;` is a fault.  In a notebook only the
source of cells is looked at: outputs, attachments and metadata are not ours to judge or change.
"""

from json import JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]  # the stubs leave it out

from octavo.binder.reading import is_launch
from octavo.core.errors import FormatError, Span
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

HTML = "html"
TEXT = "text"
NOTEBOOK = "notebook"

_URL = lazy(r"https?://[^\s<>\"'`\\^{}|\[\]]+")
_ATTRIBUTE = lazy(r"[\w:-]+\s*=\s*[\"']?$")
_ENTITY = lazy(r"&(amp|#38|#x26|quot|#34|#39|#x27|lt|gt);")
_ENTITIES = {"quot": '"', "#34": '"', "#39": "'", "#x27": "'", "lt": "<", "gt": ">"}
_ESCAPE = lazy(r"\\(?:u[0-9a-fA-F]{4}|.)", 16)  # DOTALL
_GAP = lazy(r"[ \t\n\r]*[,:]?[ \t\n\r]*")
_TAG_WIDTH = 64  # characters before a link that may hold the name of its attribute
_TRAILING = ".,;:!?*_~"


class Place:
    """A link in a text: what stands from *start* to *stop* (0-based offsets) means *url*."""

    __slots__ = ("_writing", "start", "stop", "url")

    def __init__(self, start: int, stop: int, url: str, writing: str) -> None:
        self.start = start
        self.stop = stop
        self.url = url
        self._writing = writing

    def written(self, url: str) -> str:
        """Return another link as it must be written here."""
        if HTML in self._writing:
            from html import escape

            url = escape(url)
        if NOTEBOOK in self._writing:
            from json import dumps

            url = dumps(url, ensure_ascii=False)[1:-1]
        return url


def places(text: str, kind: str) -> "Iterator[Place]":
    """Yield the launch links of a text, in order; *kind* is "html", "text" or "notebook".

    Raises: `FormatError` OCT-N003 for a notebook that is no JSON.
    """
    if kind == NOTEBOOK:
        yield from _notebook_places(text)
        return
    for start, stop, url, writing in _found(text, kind):
        yield Place(start, stop, url, writing)


def _found(text: str, kind: str) -> "Iterator[tuple[int, int, str, str]]":
    """Yield start, stop, link and how it is written."""
    for match in _URL.finditer(text):
        start = match.start()
        raw = _trimmed(match[0])
        before = text[max(0, start - _TAG_WIDTH) : start]
        writing = HTML if kind == HTML or _ATTRIBUTE.search(before) else TEXT
        url = _ENTITY.sub(_character, raw) if writing == HTML else raw
        if is_launch(url):
            yield start, start + len(raw), url, writing


def _character(match: "re.Match[str]") -> str:
    return _ENTITIES.get(match[1], "&")


def _trimmed(raw: str) -> str:
    """Return a link without the punctuation of the sentence around it."""
    depth = 0
    for i, sign in enumerate(raw):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            raw = raw[:i]
            break
    return raw.rstrip(_TRAILING)


def _notebook_places(text: str) -> "Iterator[Place]":
    try:
        sources = list(_sources(text))
    except (ValueError, IndexError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise FormatError("OCT-N003", "not JSON: links cannot be found", Span("", line)) from None
    for start, stop in sources:
        source, offsets = _decoded(text, start, stop)
        for first, last, url, writing in _found(source, TEXT):
            yield Place(offsets[first], offsets[last], url, f"{NOTEBOOK} {writing}")


def _decoded(text: str, start: int, stop: int) -> tuple[str, "range | list[int]"]:
    """Return what a JSON string means, and the offset of each of its characters in *text*."""
    raw = text[start:stop]
    if "\\" not in raw:
        return raw, range(start, stop + 1)
    parts: list[str] = []
    offsets: list[int] = []
    end = 0
    for match in _ESCAPE.finditer(raw):
        parts.append(raw[end : match.start()])
        offsets += range(start + end, start + match.start() + 1)
        parts.append(scanstring(match[0] + '"', 0)[0])
        end = match.end()
    parts.append(raw[end:])
    offsets += range(start + end, stop + 1)
    return "".join(parts), offsets


def _sources(text: str) -> "Iterator[tuple[int, int]]":
    """Yield the start and stop of every JSON string that is source of a cell."""
    for key, offset in _members(text, _after(text, 0)):
        if key == "cells" and text[offset] == "[":
            for cell in _elements(text, offset):
                if text[cell] == "{":
                    yield from _cell_sources(text, cell)


def _cell_sources(text: str, cell: int) -> "Iterator[tuple[int, int]]":
    for key, offset in _members(text, cell):
        if key == "source":
            starts = [offset] if text[offset] == '"' else list(_elements(text, offset))
            for start in starts:
                if text[start] == '"':
                    yield start + 1, scanstring(text, start + 1)[1] - 1


def _members(text: str, offset: int) -> "Iterator[tuple[str, int]]":
    """Yield the keys of the object at *offset*, with the offset of each value."""
    if text[offset] != "{":
        return
    offset = _after(text, offset + 1)
    while text[offset] != "}":
        key, offset = scanstring(text, offset + 1)
        offset = _after(text, offset)
        yield key, offset
        offset = _after(text, JSONDecoder().raw_decode(text, offset)[1])


def _elements(text: str, offset: int) -> "Iterator[int]":
    """Yield the offsets of the elements of the list at *offset*."""
    if text[offset] != "[":
        return
    offset = _after(text, offset + 1)
    while text[offset] != "]":
        yield offset
        offset = _after(text, JSONDecoder().raw_decode(text, offset)[1])


def _after(text: str, offset: int) -> int:
    """Return the offset behind white space, one `,` or `:` and white space."""
    gap = _GAP.match(text, offset)
    return gap.end() if gap else offset
