r'''Markdown cells in triple quotes: `"""` in Python scripts, `r"""` where backslashes occur.'''

_QUOTES = ('"""', "'''")


def is_marker(text: str) -> bool:
    """Return whether the value of `cell_markers` or `cell_marker` means triple quotes."""
    left, right = parts(text)
    return bool(left) and left.lstrip("rR").startswith(right[-3:])


def parts(text: str) -> tuple[str, str]:
    """Return what opens and what closes a quoted cell, ("", "") if *text* is something else."""
    left, comma, right = text.partition(",")
    if not comma:
        right = "\n" + left.lstrip("rR")
        left += "\n"
    bare = left[1:] if left[:1] in ("r", "R") else left
    if bare[:3] in _QUOTES and right[-3:] == bare[:3]:
        return left, right
    return "", ""


def quote(source: str, marker: str, *, raw: bool) -> str | None:
    """Return *source* in the quotes that *marker* means; None if it would not come back.

    With *raw*, a text with backslashes becomes a raw string.
    """
    left, right = parts(marker)
    if not left:
        return None
    if raw and left[:1] not in ("r", "R") and "\\" in source:
        left = "r" + left
    text = left + source + right
    return text if unquote(text) == source else None


def unquote(text: str) -> str | None:
    """Return what stands in the triple quotes that *text* as a whole is, else None."""
    content = text.strip()
    for prefix in ("", "r", "R"):
        for quotes in _QUOTES:
            left = prefix + quotes
            if (
                content.startswith(left)
                and content.endswith(quotes)
                and len(content) >= len(left) + len(quotes)
            ):
                inner = content[len(left) : -len(quotes)]
                inner = inner.removeprefix("\n")
                return inner.removesuffix("\n")
    return None
