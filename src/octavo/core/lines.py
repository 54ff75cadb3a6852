"""Lines: newline styles, byte order marks, and splitting as nbformat does."""


def normalise(text: str) -> tuple[str, bool, str]:
    r"""Return the text with plain newlines, whether a BOM led it, and its newline style.

    A text in which *every* line ends with `\r\n` has that style; its newlines become `\n` and
    are written back by `restore`.  In any other text a `\r` is content and stays.

    >>> normalise("a\r\nb\r\n")
    ('a\nb\n', False, '\r\n')
    >>> normalise("a\r\nb\n")
    ('a\r\nb\n', False, '\n')
    """
    bom = text.startswith("\ufeff")
    if bom:
        text = text[1:]
    if "\r\n" in text and text.count("\r\n") == text.count("\n"):
        return text.replace("\r\n", "\n"), bom, "\r\n"
    return text, bom, "\n"


def restore(text: str, newline: str = "\n", *, bom: bool = False) -> str:
    """Return *text* in a newline style: the inverse of `normalise`."""
    if newline != "\n":
        text = text.replace("\n", newline)
    return "\ufeff" + text if bom else text


def split_as_nbformat(text: str) -> list[str]:
    """Return the lines of *text* with their ends, as nbformat stores multi-line strings.

    nbformat uses `str.splitlines`, which also splits at form feeds, U+2028 and others;
    `"".join` gives the text back.
    """
    return text.splitlines(keepends=True)
