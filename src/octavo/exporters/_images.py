"""Images of a document: found, turned into data addresses, and told about when they are not."""

from octavo.core.errors import Notice, Span
from octavo.core.patterns import lazy
from octavo.core.percents import unquote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.exporters._exporter import Settings

_MIME = lazy(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", 256)  # 256: re.ASCII; RFC 6838, 4.2
#: First bytes of the kinds of images that browsers show.
_SIGNS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"), (b"%PDF", "application/pdf"), (b"<svg", "image/svg+xml"),
    (b"<?xml", "image/svg+xml"), (b"BM", "image/bmp"),
)  # fmt: skip
_SUFFIXES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".webp": "image/webp", ".svg": "image/svg+xml", ".avif": "image/avif", ".bmp": "image/bmp",
    ".pdf": "application/pdf", ".mp4": "video/mp4", ".webm": "video/webm", ".mp3": "audio/mpeg",
    ".wav": "audio/wav", ".ogg": "audio/ogg",
}  # fmt: skip


class Image:
    """The bytes of an image and their mime type."""

    __slots__ = ("data", "mime")

    def __init__(self, data: bytes, mime: str) -> None:
        self.data = data
        self.mime = mime

    def address(self) -> str:
        """Return a `data:` address of it."""
        from base64 import b64encode

        return f"data:{self.mime};base64,{b64encode(self.data).decode('ascii')}"


def load(source: str, settings: "Settings", line: int) -> "Image | Notice":
    """Return the image that a document names, or what is wrong with it.

    Remote addresses are never fetched.
    """
    if source.startswith("data:"):
        found = decoded(source)
        return found or Notice("OCT-E003", "a data address holds no image", Span("", line))
    if "://" in source or source.startswith("//"):
        return Notice("OCT-E002", f"a remote image is not fetched: {source}", Span("", line),
                      hint="keep a copy beside the document")  # fmt: skip
    path = unquote(source.partition("#")[0].partition("?")[0])
    data = settings.resource(path)
    if data is None:
        return Notice("OCT-E003", f"no such image: {path}", Span("", line),
                      hint="paths are relative to the document")  # fmt: skip
    return Image(data, mime_of(data, path))


def mime_of(data: bytes, path: str = "") -> str:
    """Return the mime type of an image by its first bytes, else by its suffix."""
    start = data[:256].lstrip()
    found = next((mime for sign, mime in _SIGNS if start.startswith(sign)), "")
    suffix = "." + path.rpartition(".")[2].lower()
    return found or _SUFFIXES.get(suffix, "application/octet-stream")


def size(data: bytes) -> tuple[int, int]:
    """Return width and height of a raster image in pixels, (0, 0) when they cannot be told.

    Source: the specifications of PNG (IHDR), GIF, JPEG (SOF) and WebP.
    """
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data.startswith(b"GIF8") and len(data) >= 10:
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    if data[8:12] == b"WEBP":
        return _webp_size(data)
    return 0, 0


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = data[at + 5 : at + 7], data[at + 7 : at + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        at += 2 + length
    return 0, 0


def _webp_size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        return (
            1 + int.from_bytes(data[24:27], "little"),
            1 + int.from_bytes(data[27:30], "little"),
        )
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = data[26:28], data[28:30]
    return (int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF)


def decoded(address: str) -> Image | None:
    """Return what a `data:` address holds, None where that cannot be told."""
    from base64 import b64decode

    head, _, body = address.removeprefix("data:").partition(",")
    mime = head.partition(";")[0] or "text/plain"
    is_mime = _MIME.fullmatch(mime) is not None
    try:
        data = (
            b64decode(body, validate=False) if head.endswith(";base64") else unquote(body).encode()
        )
    except ValueError:
        return None
    return Image(data, mime if is_mime else mime_of(data))
