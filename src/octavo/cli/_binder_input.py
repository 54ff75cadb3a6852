"""Words of a binder command: from the command line, or a line each from stdin."""

import sys

from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def words_or_stdin(words: "Sequence[str]", what: str) -> list[str]:
    """Return the words, with each `-` replaced by the lines of stdin.

    Raises: `OptionError` OCT-O023 when there are none.
    """
    found = [line for word in words for line in (_stdin_lines() if word == "-" else (word,))]
    if not found:
        raise OptionError("OCT-O023", f"no {what} given", hint="name one, or - for stdin")
    return found


def stdin_text() -> str:
    """Return all of stdin."""
    data = sys.stdin.buffer.read() if sys.stdin is not None else b""
    return data.decode("utf-8", "surrogateescape")


def _stdin_lines() -> "Iterator[str]":
    return (line for line in stdin_text().replace("\r\n", "\n").split("\n") if line.strip())
