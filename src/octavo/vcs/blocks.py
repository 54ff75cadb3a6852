"""A block of our own in a file of the user: put in and taken out again, to the byte.

    # octavo: begin
    ...
    # octavo: end

The first line remembers what stood there before: nothing ("new file"), or a last line that had
no end ("no newline").
"""

_BEGIN, _END = "# octavo: begin", "# octavo: end"
_NEW, _OPEN = " (new file)", " (no newline before)"


def with_block(text: str | None, lines: list[str]) -> str:
    r"""Return *text* (None: there is no file) with a block of *lines*, in place of an older one.

    >>> with_block("a", ["b"])
    'a\n# octavo: begin (no newline before)\nb\n# octavo: end\n'
    """
    if text is not None and has_block(text):
        start, head, newline, stop = _place(text)
        return text[:start] + _block(head, lines, newline) + text[stop:]
    if text is None:
        return _block(_BEGIN + _NEW, lines)
    newline = "\r\n" if "\r\n" in text else "\n"
    if text and not text.endswith("\n"):
        return text + newline + _block(_BEGIN + _OPEN, lines, newline)
    return text + _block(_BEGIN, lines, newline)


def without_block(text: str) -> str | None:
    r"""Return *text* as it was before, None where there was no file.

    >>> without_block("a\n# octavo: begin (no newline before)\nb\n# octavo: end\n")
    'a'
    """
    if not has_block(text):
        return text
    start, head, newline, stop = _place(text)
    before, after = text[:start], text[stop:]
    if head.endswith(_OPEN) and not after:
        before = before.removesuffix(newline)
    rest = before + after
    return None if head.endswith(_NEW) and not rest else rest


def has_block(text: str) -> bool:
    """Return whether a block of ours is there."""
    start = text.find(_BEGIN)
    return start >= 0 and text.find(_END, start) >= 0


def _block(head: str, lines: list[str], newline: str = "\n") -> str:
    return newline.join([head, *lines, _END]) + newline


def _place(text: str) -> tuple[int, str, str, int]:
    """Return where the block starts, its first line, its line ends, and where it stops."""
    start = text.find(_BEGIN)
    head = text[start : text.find("\n", start)]
    newline = "\r\n" if head.endswith("\r") else "\n"
    end = text.find(_END, start)
    stop = text.find("\n", end)
    return start, head.removesuffix("\r"), newline, len(text) if stop < 0 else stop + 1
