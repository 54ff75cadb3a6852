"""Pictures, films and sounds of a book: files by their content, each once."""

from octavo.core.errors import Notice, Span
from octavo.exporters import _images, _raster, _safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.exporters._exporter import Settings

FOLDER = "media"
#: What every reading system shows, and the suffix of each.
_PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp",
             "image/svg+xml": "svg"}  # fmt: skip
_SOUNDS = {"audio/mpeg": "mp3", "audio/mp4": "m4a"}
_FILMS = {"video/mp4": "mp4", "video/webm": "webm"}
_KINDS = {"img": _PICTURES, "audio": _SOUNDS, "video": _FILMS, "source": {**_SOUNDS, **_FILMS}}


class Media:
    """The files of a book; `lacks_words` tells whether any picture has no alternative text."""

    def __init__(self, settings: "Settings") -> None:
        self._settings = settings
        self.files: dict[str, tuple[str, bytes]] = {}  # by path: mime type and content
        self.notices: list[Notice] = []
        self.lacks_words = False

    def add(self, address: str, tag: str) -> str:
        """Return the path of what a `data:` address holds, "" where a book cannot hold it."""
        found = _images.decoded(address) if address.startswith("data:") else None
        if found is None:
            return ""
        mime, data = found.mime, found.data
        if tag == "img":
            mime = _images.mime_of(data)
            data = _safe.svg(data) if mime == "image/svg+xml" else data
        suffix = _KINDS[tag].get(mime)
        if mime == "image/svg+xml" and not _is_whole(data):
            drawn = _raster.png(data, mime, self._settings)
            mime, data, suffix = "image/png", drawn or b"", "png" if drawn else None
        if suffix is None:
            self.notices.append(
                Notice("OCT-E009", f"a book cannot hold {found.mime}: words stand in its place",
                       Span(), hint="PNG, JPEG, SVG, MP4 and MP3 can be read everywhere")
            )  # fmt: skip
            return ""
        from hashlib import blake2b

        path = f"{FOLDER}/{blake2b(data, digest_size=10).hexdigest()}.{suffix}"
        self.files[path] = (mime, data)
        return path


def _is_whole(data: bytes) -> bool:
    """Return whether an SVG picture is XML, as books want it."""
    from xml.parsers.expat import ExpatError, ParserCreate

    try:
        ParserCreate(namespace_separator=" ").Parse(data, True)
    except ExpatError:
        return False
    return b"xmlns" in data
