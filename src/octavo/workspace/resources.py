"""Files that a document names: pictures and bibliographies beside it, read for exporters.

A notebook may come from anybody.  So only files in the document's project are read, only those
that look like pictures, sound or film or are named as bibliographies, and none above
*LARGEST_BYTES*.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_BYTES = 64 << 20
BIBLIOGRAPHY = ".bib"
_SIGNS = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF", b"<svg", b"<?xml", b"BM",
    b"\x00\x00\x00", b"ID3", b"\xff\xfb", b"OggS", b"\x1aE\xdf\xa3", b"<!--", b"<!DOCTYPE svg",
)  # fmt: skip


def reader(document_path: str) -> "Callable[[str], bytes | None]":
    """Return a function from a path in a document to the bytes of that file, None without it."""
    from octavo.workspace import state

    folder = os.path.dirname(os.path.abspath(document_path))
    root = os.path.realpath(state.root_of(folder))

    def read(path: str) -> bytes | None:
        from octavo.core.errors import FileError
        from octavo.workspace import files

        found = os.path.realpath(os.path.join(folder, path.lstrip("/")))
        if os.path.commonpath((root, found)) != root or not os.path.isfile(found):
            return None
        if os.path.getsize(found) > LARGEST_BYTES:
            return None
        try:
            data = files.read_bytes(found)
        except FileError:
            return None
        if path.lower().endswith(BIBLIOGRAPHY):
            return data
        return data if data[:256].lstrip().startswith(_SIGNS) else None

    def safely(path: str) -> bytes | None:
        try:
            return read(path)
        except (OSError, ValueError):  # a name that no file can have
            return None

    return safely
