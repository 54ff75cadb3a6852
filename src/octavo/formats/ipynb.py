"""Jupyter notebooks: nbformat 3 and 4 in, the exact bytes of nbformat's own writer out."""

from octavo.core.document import Document, Origin
from octavo.core.errors import FormatError, Span
from octavo.core.notebook import MINOR_WITH_IDS, TRANSIENT_CELL, TRANSIENT_NOTEBOOK
from octavo.core.raw_json import RawJson
from octavo.formats._format import Format, Keeps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from json import JSONDecodeError
    from typing import Never

    from octavo.core.options import Options

#: From this size on a notebook is read and written with msgspec, if something imported it
#: already, and from the second on also if its import has to be paid for.
_LARGE_BYTES = 200_000
_HUGE_BYTES = 2_000_000


def read(
    text: str | bytes,
    options: "Options | None" = None,  # noqa: ARG001  every format's reader takes them
    origin: Origin | None = None,
) -> Document:
    """Return the document of an ipynb file.

    Raises: `FormatError`

    - OCT-N001: the file is empty
    - OCT-N002: the bytes are not UTF-8
    - OCT-N003: the text is not JSON
    - OCT-N004 to OCT-N009: the JSON is no notebook, see `octavo.core.notebook.from_json`
    - OCT-N010: the JSON is nested too deeply, or holds a number that is too long
    """
    origin = Origin() if origin is None else origin
    try:
        document = _read_fast(text) or _read_exact(text)
    except FormatError as error:
        error.in_file(origin.path)
        raise
    for cell in document.cells:
        cell.metadata.pop(TRANSIENT_CELL, None)
    for key in TRANSIENT_NOTEBOOK:
        document.metadata.pop(key, None)
    return document.with_(origin=origin.with_(format="ipynb"))


def write(
    document: Document,
    options: "Options | None" = None,  # noqa: ARG001  every format's writer takes them
) -> str:
    """Return the text of an ipynb file.

    The text holds lone surrogates where the notebook does; `write_bytes` escapes them.

    Raises: `FormatError` OCT-N011 for values that JSON cannot hold, OCT-N010 for values that
    are nested too deeply.
    """
    return "".join(
        [part if isinstance(part, str) else str(part, "utf-8") for part in _parts(document)]
    )


def write_bytes(document: Document) -> bytes:
    """Return the bytes of an ipynb file (UTF-8, lone surrogates escaped).

    Raises: as `write`.
    """
    return b"".join(
        [
            # "backslashreplace" gives what JSON calls the character: \udc80
            part.encode("utf-8", "backslashreplace") if isinstance(part, str) else part
            for part in _parts(document)
        ]
    )


def _parts(document: Document) -> "Iterator[str | bytes | memoryview]":
    """Yield the text of an ipynb file in parts, those that are known as bytes as bytes."""
    if document.nbformat_minor >= MINOR_WITH_IDS:
        from octavo.core import ids

        document = ids.assign(document)
    try:
        if not _has_slices(document) and _is_large(_size_bytes(document)):
            from octavo.formats import _json_msgspec

            yield from _json_msgspec.parts(document)
        else:
            from octavo.formats import _json_cells

            yield from _json_cells.parts(document)
    except (RecursionError, ValueError) as error:
        if isinstance(error, FormatError):
            raise
        _too_much()


def _has_slices(document: Document) -> bool:
    """Return whether outputs of *document* are slices of a file: these are best copied."""
    return any(isinstance(cell.raw_outputs, RawJson) for cell in document.cells)


def _size_bytes(document: Document) -> int:
    """Return about how large the file will be, counted no further than is asked for."""
    size_bytes = 0
    for cell in document.cells:
        size_bytes += 200 + len(cell.source) + len(cell.raw_outputs or ())
        if size_bytes >= _HUGE_BYTES:
            break
    return size_bytes


def _is_large(size_bytes: int) -> bool:
    """Return whether msgspec is worth its import for a notebook of that size."""
    if size_bytes < _LARGE_BYTES:
        return False
    import sys

    return size_bytes >= _HUGE_BYTES or "msgspec" in sys.modules


def _read_fast(text: str | bytes) -> Document | None:
    """Return the document of a large file that holds nothing unusual, else None."""
    if len(text) >= _LARGE_BYTES:
        document = _read_skimmed(text)
        if document is not None:
            return document
    if not _is_large(len(text)):
        return None
    from octavo.formats import _json_msgspec

    if isinstance(text, bytes) and not text.isascii():
        _decoded(text)
        text = text.removeprefix(b"\xef\xbb\xbf")
    elif isinstance(text, str):
        text = text.removeprefix("\ufeff")
    return _json_msgspec.read(text)


def _read_skimmed(text: str | bytes) -> Document | None:
    """Return the document of a file with long lines in its outputs, which stay slices."""
    from octavo.formats import _json_skim

    try:
        skimmed = _json_skim.skim(text)
        if skimmed is None:
            return None
        skeleton, raws = skimmed
        return _json_skim.put_back(_read_exact(skeleton), raws)
    except (FormatError, UnicodeDecodeError):
        return None  # the ordinary reader tells what is wrong, and where


def _read_exact(text: str | bytes) -> Document:
    """Return the document of a file, or tell what is wrong with it."""
    import json

    from octavo.core.notebook import CellError, from_json

    if isinstance(text, bytes):
        text = _decoded(text)
    text = text.removeprefix("\ufeff")
    if not text or text.isspace():
        raise FormatError(
            "OCT-N001",
            "the notebook file is empty",
            hint="Jupyter leaves empty files behind when a notebook was never saved; open the "
            "notebook and save it, or delete the file",
        )
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        _not_json(text, error)
    except (RecursionError, ValueError):
        _too_much()
    try:
        return from_json(notebook)
    except CellError as error:
        from octavo.formats._json_place import span_of_cell

        error.span = span_of_cell(text, error.number)
        raise


def _decoded(text: bytes) -> str:
    """Return the text of UTF-8 bytes.

    Raises: `FormatError` OCT-N002 with the place of the first byte that is not UTF-8.
    """
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8")
        raise FormatError(
            "OCT-N002",
            f"the byte 0x{text[error.start]:02x} is not valid UTF-8",
            Span("", before.count("\n") + 1, len(before) - before.rfind("\n")),
            hint="save the file as UTF-8; if it is binary, it is no notebook",
        ) from error


def _not_json(text: str, error: "JSONDecodeError") -> "Never":
    """Raise the error for a text that is not JSON."""
    conflict = _conflict_line(text)
    if conflict:
        hint = (
            f"line {conflict} is a conflict marker of a git merge: resolve the merge, or take "
            "one side with `git checkout --ours` or `--theirs`"
        )
    elif error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
        hint = "the file ends too early, it was not saved whole: restore it from a checkpoint"
    else:
        hint = "a notebook file holds JSON; is this a text notebook with a wrong suffix?"
    raise FormatError(
        "OCT-N003", f"not JSON: {error.msg}", Span("", error.lineno, error.colno), hint=hint
    ) from error


def _conflict_line(text: str) -> int:
    """Return the number of the first line that is a git conflict marker, 0 if none is."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(("<<<<<<< ", ">>>>>>> ", "||||||| ")):
            return number
    return 0


def _too_much() -> "Never":
    """Raise the error for JSON that is beyond what a notebook can hold."""
    raise FormatError(
        "OCT-N010",
        "the notebook is nested too deeply, or a number in it has thousands of digits",
        hint="look into the outputs and metadata; `jq` shows such files",
    )


FORMAT = Format(
    "ipynb",
    (".ipynb",),
    read,
    write,
    summary="Jupyter notebooks, byte for byte as nbformat writes them",
    version="4.5",
    oldest="3.0",
    keeps=Keeps(outputs=True),
    default_for=(".ipynb",),
)
