"""What an edition asserts of its files: no-leak, no-remote, alt-text, links.

A file that does not keep an assertion is not written.
"""

import os

from octavo.core.errors import Span
from octavo.core.patterns import lazy
from octavo.editions.errors import EditionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.core.document import Document, Json
    from octavo.editions.make import File
    from octavo.editions.plan import Unit

_WORD = lazy(r"\w+")
_TAG = lazy(r"<[^>]*>")
_REMOTE = lazy(
    r"""(?i)<(?:img|script|iframe|audio|video|source|embed|track|input|object|link)\b[^>]*?"""
    r"""\b(?:src|srcset|href|data|poster)\s*=\s*["']?\s*((?:https?:)?//[^"'\s>]+)"""
)
_STYLE = lazy(r"""(?is)<style\b[^>]*>(.*?)</style>|<[^>]*?\bstyle="([^"]*)\"""")
_REMOTE_STYLE = lazy(r"""(?i)(?:url\(|@import)\s*["']?\s*((?:https?:)?//[^"')\s]+)""")
_LINK = lazy(r"""<a\b[^>]*?\bhref="([^"]*)\"""")
_ID = lazy(r"""\bid="([^"]*)\"""")
_LONG_WORD, _LONG_TEXT, _SLICE, _MOST = 12, 16, 80, 20_000


def check_document(names: list[str], unit: "Unit", document: "Document") -> None:
    """Check what an edition asserts of a document.

    Raises: `EditionError` OCT-E072 for the first picture without alternative text.
    """
    if "alt-text" in names:
        _alt_text(Span(unit.path), document)


def check_files(names: list[str], place: Span, files: "list[File]", removed: list[str]) -> None:
    """Check what an edition asserts of files that belong together.

    *removed* are the `fingerprints` of what it takes out; *place* is where the error is told.

    Raises: `EditionError` OCT-E070, OCT-E071, OCT-E073 for the first that does not hold.
    """
    if "no-leak" in names:
        _no_leak(place, files, removed)
    if "no-remote" in names:
        _no_remote(place, files)
    if "links" in names:
        _links(place, files)


def _no_leak(place: Span, files: "list[File]", removed: list[str]) -> None:
    """Look in all files for what the edition took out."""
    for file in files if removed else ():
        text = readable(file.data)
        found = next((one for one in removed if one in text), None)
        if found is not None:
            raise EditionError(
                "OCT-E070", f"no-leak: {file.path} holds what the edition removes: {found[:60]!r}",
                place, hint="it stands elsewhere in the document too, or in a style sheet",
            )  # fmt: skip


def fingerprints(before: "Document", after: "Document") -> list[str]:
    """Return long words and lines that only *before* has, as `readable` would show them."""
    kept = " ".join(map(_plain, _strings(after.to_nbformat())))
    found: dict[str, None] = {}
    for text in _strings(before.to_nbformat()):
        for line in text.splitlines():
            plain = _plain(line)[:_SLICE]
            words = plain.split(" ")
            telling = [word for word in words if len(word) >= _LONG_WORD]
            if len(plain) >= _LONG_TEXT:
                telling.append(plain)
            found.update((one, None) for one in telling if one not in kept)
        if len(found) > _MOST:
            break
    return list(found)


def readable(data: bytes) -> str:
    """Return the words in a file, whatever it is: HTML, a zip of XML, JSON, PDF, text."""
    from html import unescape

    if data.startswith(b"PK\x03\x04"):
        return " ".join(map(readable, _unzipped(data)))
    if data.startswith(b"%PDF"):
        return " ".join(_plain(part.decode("latin-1")) for part in _streams(data))
    text = data.decode("utf-8", "replace")
    plain = unescape(text)
    if "<" not in text:
        return _plain(plain)
    return _plain(plain) + " " + _plain(unescape(_TAG.sub("", text)))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _strings(value: "Json") -> "Iterator[str]":
    """Yield all texts in a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _unzipped(data: bytes) -> "Iterator[bytes]":
    for name, content in _entries(data):
        yield name.encode("utf-8")
        yield content


def _entries(data: bytes) -> "Iterator[tuple[str, bytes]]":
    from io import BytesIO
    from zipfile import ZipFile

    with ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def _streams(data: bytes) -> "Iterator[bytes]":
    """Yield what stands in a PDF in the open, and in its compressed streams."""
    import re
    from zlib import decompressobj, error

    yield data
    for found in re.finditer(rb"stream\r?\n", data):
        try:
            yield decompressobj().decompress(data[found.end() :])
        except error:
            continue


def _no_remote(place: Span, files: "list[File]") -> None:
    for path, data in _shown(files):
        text = data.decode("utf-8", "replace")
        styles = [text] if path.endswith(".css") else map("".join, _STYLE.findall(text))
        found = _REMOTE.search(text) or next(filter(None, map(_REMOTE_STYLE.search, styles)), None)
        if found is not None:
            raise EditionError(
                "OCT-E071", f"no-remote: {path} would fetch {found[1]}",
                place, hint="keep a copy beside the document",
            )  # fmt: skip


def _shown(files: "list[File]") -> "Iterator[tuple[str, bytes]]":
    """Yield what browsers and readers of books show, with the paths."""
    for file in files:
        if file.path.endswith((".html", ".css", ".svg")):
            yield file.path, file.data
        elif file.path.endswith(".epub"):
            for name, data in _entries(file.data):
                if name.endswith((".xhtml", ".css", ".svg")):
                    yield f"{file.path}/{name}", data


def _alt_text(place: Span, document: "Document") -> None:
    from octavo.exporters import _page
    from octavo.exporters._exporter import Settings

    page = _page.compose(document, Settings())
    for piece in page.pieces:
        for block in piece.blocks:
            for node in block.walk():
                if node.type in ("image", "figure") and node.get("src") and not node.get("alt"):
                    raise _without_alt(f"{node.get('src')[:60]} in cell {piece.number}", place)
        for output in piece.outputs:
            if any(mime.startswith("image/") for mime in output.forms) and not output.alt:
                raise _without_alt(f"an output of cell {piece.number}", place)


def _without_alt(what: str, place: Span) -> EditionError:
    return EditionError(
        "OCT-E072", f"alt-text: {what} has no alternative text", place,
        hint="![words](picture.png), `#| fig-alt: words` for outputs",
    )  # fmt: skip


def _links(place: Span, files: "list[File]") -> None:
    """Check that links of pages lead to places of them, or to files that are there."""
    from urllib.parse import unquote

    pages = {file.path: file.data.decode("utf-8") for file in files if file.path.endswith(".html")}
    ids = {path: set(_ID.findall(text)) for path, text in pages.items()}
    made = {file.path for file in files}
    beside = os.path.dirname(place.file)
    for path, text in pages.items():
        for address in _LINK.findall(text):
            if ":" in address.partition("/")[0] or address.startswith("//"):
                continue
            name, _sign, anchor = unquote(address).partition("#")
            folder = os.path.dirname(path)
            target = os.path.normpath(os.path.join(folder, name)).replace(os.sep, "/")
            target = target if name else path
            is_there = target in made or target + "/index.html" in made or os.path.exists(
                os.path.join(beside, name)
            )  # fmt: skip
            if not is_there or (anchor and target in ids and anchor not in ids[target]):
                raise EditionError(
                    "OCT-E073", f"links: {path} links to {address!r}, which is not there",
                    place, hint="a file beside the document, or a heading of it",
                )  # fmt: skip
