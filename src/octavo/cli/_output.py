"""Where text goes: results to stdout, everything else to stderr."""

import errno
import os
import sys

from octavo.core.errors import FileError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from octavo.core.errors import OctavoError

STDOUT = "<stdout>"
_COLORS = {"add": "\x1b[32m", "remove": "\x1b[31m", "place": "\x1b[36m", "head": "\x1b[1m"}
_PLAIN = "\x1b[0m"


def out(text: str) -> None:
    """Print a result."""
    out_bytes(text.encode("utf-8", "surrogateescape"))


def out_bytes(data: bytes) -> None:
    """Print the bytes of a result, unchanged."""
    if sys.stdout is None:
        raise FileError("OCT-W005", "is closed", Span(STDOUT))
    buffer = getattr(sys.stdout, "buffer", None)
    try:
        if buffer is None:
            sys.stdout.write(data.decode("utf-8", "replace"))
        else:
            sys.stdout.flush()
            buffer.write(data)
    except BrokenPipeError:
        raise
    except OSError as fault:
        raise _fault(fault) from None


def out_json(value: object) -> None:
    """Print a result as JSON."""
    import json

    out(json.dumps(value, indent=2, ensure_ascii=not _is_text(value)) + "\n")


def err(text: str) -> None:
    """Print to stderr what is not a result."""
    if sys.stderr is None:
        return  # closed: nobody wants to know
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except UnicodeEncodeError:
        sys.stderr.write(text.encode("ascii", "backslashreplace").decode("ascii"))


def error(fault: "OctavoError") -> None:
    """Print an error on one line."""
    has_place = fault.span.file or fault.span.line
    err(one_line(str(fault) if has_place else f"octavo: {fault}") + "\n")


def one_line(text: str) -> str:
    """Return *text* with line breaks and other controls shown, so that it is one line."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def flush() -> int:
    """Bring everything to stdout, so that its faults show up now; return 0."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as fault:
        raise _fault(fault) from None
    return 0


def abandon() -> None:
    """Let nobody flush stdout any more: whoever read it is gone."""
    try:
        fd = sys.stdout.fileno()
    except (OSError, ValueError):
        return  # not a file: nothing is flushed at exit
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, fd)
    os.close(nowhere)


def has_color(wish: str, stream: "TextIO") -> bool:
    """Return whether to print in colour: *wish* is "auto", "always" or "never"."""
    if wish != "auto":
        return wish == "always"
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return is_terminal(stream) and not plain


def is_terminal(stream: "TextIO | None") -> bool:
    """Return whether a person looks at *stream*."""
    return stream is not None and stream.isatty()


def paint(text: str, color: str) -> str:
    """Return *text* in a colour: "add", "remove", "place" or "head"."""
    return f"{_COLORS[color]}{text}{_PLAIN}" if color else text


def _fault(fault: OSError) -> FileError:
    """Return what is wrong with stdout, in our words."""
    abandon()
    is_full = fault.errno == errno.ENOSPC
    reason = "the disk is full" if is_full else f"cannot be written: {fault.strerror}"
    return FileError("OCT-W006" if is_full else "OCT-W008", reason, Span(STDOUT))


def _is_text(value: object) -> bool:
    """Return whether *value* can be printed as UTF-8 (names of files may be any bytes)."""
    try:
        repr_of(value).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def repr_of(value: object) -> str:
    """Return a text that holds every character of *value*."""
    if isinstance(value, dict):
        return "".join(repr_of(part) for pair in value.items() for part in pair)
    if isinstance(value, (list, tuple)):
        return "".join(repr_of(part) for part in value)
    return str(value)
