"""A block of our own in a file of the user: put in and taken out again, to the byte.

    # octavo: begin
    ...
    # octavo: end

What stood there before decides what is left behind: no file at all, or a last line that had no
end.  A file that only one person has remembers that in the first line of the block (`marked`);
a file that is committed does not: others get it too, and for them the block was always there.
"""

import re

_BEGIN, _END = "# octavo: begin", "# octavo: end"
_NEW, _OPEN = " (new file)", " (no newline before)"
_BLOCK = re.compile(
    rf"^{_BEGIN}(?: \([a-z ]+\))?\r?\n(?:(?!{_BEGIN})[^\n]*\n)*?{_END}\r?(?:\n|\Z)", re.MULTILINE
)

NO_FILE, NO_BLOCK, NO_NEWLINE, BLOCK = "no file", "no block", "no newline", "block"


def state(text: str | None) -> str:
    r"""Return what stands in a file before a block goes in.

    >>> [state(text) for text in (None, "", "a", "# octavo: begin\n# octavo: end\n")]
    ['no file', 'no block', 'no newline', 'block']
    """
    if text is None:
        return NO_FILE
    if has_block(text):
        return BLOCK
    return NO_NEWLINE if text and not text.endswith("\n") else NO_BLOCK


def with_block(text: str | None, lines: list[str], *, marked: bool = True) -> str:
    r"""Return *text* (None: there is no file) with a block of *lines*, in place of an older one.

    >>> with_block("a", ["b"])
    'a\n# octavo: begin (no newline before)\nb\n# octavo: end\n'
    """
    if text is not None and has_block(text):
        head, newline = _head(block_of(text))
        return exchanged(text, _block(head, lines, newline))
    before = state(text)
    mark = {NO_FILE: _NEW, NO_NEWLINE: _OPEN}.get(before, "") if marked else ""
    newline = "\r\n" if "\r\n" in (text or "") else "\n"
    between = newline if before == NO_NEWLINE else ""
    return (text or "") + between + _block(_BEGIN + mark, lines, newline)


def without_block(text: str, before: str | None = None) -> str | None:
    r"""Return *text* as it was before (a `state`, else what the block remembers).

    None means that there was no file.

    >>> without_block("a\n# octavo: begin (no newline before)\nb\n# octavo: end\n")
    'a'
    """
    found = _BLOCK.search(text)
    if found is None:
        return text
    head, newline = _head(found.group())
    if before is None:
        marks = {_NEW: NO_FILE, _OPEN: NO_NEWLINE}
        before = marks.get(head.removeprefix(_BEGIN), NO_BLOCK)
    above, below = text[: found.start()], text[found.end() :]
    if before == NO_NEWLINE and not below:
        above = above.removesuffix(newline)
    rest = above + below
    return None if before == NO_FILE and not rest else rest


def block_of(text: str) -> str:
    """Return the block with its first and last line, "" where there is none."""
    found = _BLOCK.search(text)
    return found.group() if found else ""


def exchanged(text: str, block: str) -> str:
    """Return *text* with *block* in the place of the block that is there."""
    found = _BLOCK.search(text)
    return text if found is None else text[: found.start()] + block + text[found.end() :]


def has_block(text: str) -> bool:
    """Return whether a block of ours is there."""
    return _BLOCK.search(text) is not None


def _head(block: str) -> tuple[str, str]:
    """Return the first line of a block, and its line ends."""
    head = block.partition("\n")[0]
    return head.removesuffix("\r"), "\r\n" if head.endswith("\r") else "\n"


def _block(head: str, lines: list[str], newline: str = "\n") -> str:
    return newline.join([head, *lines, _END]) + newline
