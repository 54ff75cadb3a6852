"""`octavo convert --diff`: how the file would change, written nowhere."""

from octavo.cli import _output
from octavo.cli._conversion import old_bytes, status_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.cli._conversion import Conversion, Outcome

_NO_NEWLINE = "\\ no newline at the end of the file"


def show(conversion: "Conversion", outcome: "Outcome", *, color: bool) -> int:
    """Put the unified diff of the target into *outcome*; return 0, also when it differs."""
    outcome.status = status_of(conversion)
    old = _text(old_bytes(conversion.output))
    new = _text(conversion.data)
    name = "<stdout>" if conversion.is_stdout else conversion.output
    outcome.diff = "".join(unified(old, new, name, color=color))
    return 0


def unified(old: str, new: str, name: str, *, color: bool = False) -> "Iterator[str]":
    r"""Yield the lines of a unified diff, in colour if asked.

    >>> print("".join(unified("a\nb\n", "a\nc\n", "x.py")), end="")
    --- x.py (now)
    +++ x.py (converted)
    @@ -1,2 +1,2 @@
     a
    -b
    +c
    """
    from difflib import unified_diff

    for line in unified_diff(
        _lines(old), _lines(new), f"{name} (now)", f"{name} (converted)", lineterm=""
    ):
        body, newline, note = line.partition(_NO_NEWLINE)
        shown = body.replace("\r", "\\r") if newline else line.replace("\r", "\\r")
        yield (_output.paint(shown, _color(line)) if color else shown) + "\n" + (
            _NO_NEWLINE + "\n" if newline else note
        )  # fmt: skip


def _lines(text: str) -> list[str]:
    """Return the lines; a mark that no text holds tells that the last one has no end."""
    lines = text.split("\n")
    if lines[-1]:
        lines[-1] += _NO_NEWLINE
    else:
        del lines[-1]
    return lines


def _color(line: str) -> str:
    if line.startswith(("---", "+++")):
        return "head"
    return {"+": "add", "-": "remove", "@": "place"}.get(line[:1], "")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
