"""Patterns of paths in rules: `lessons/**`, `*.md`, `notes/`."""

import re


def matches(pattern: str, path: str) -> bool:
    """Return whether *path* (relative to the configuration file, with "/") fits *pattern*.

    `*` and `?` stay within one name, `**` stands for any folders, also none; a pattern without
    "/" fits a name in any folder, and one that ends with "/" fits everything below that folder.

    >>> matches("lessons/**", "lessons/a/b.md"), matches("*.md", "lessons/b.md")
    (True, True)
    >>> matches("lessons/*.md", "lessons/a/b.md"), matches("drafts/", "a/drafts/b.md")
    (False, True)
    """
    is_anchored = "/" in pattern.rstrip("/")
    plain = pattern.removeprefix("./").removeprefix("/")
    if plain.endswith("/"):
        plain += "**"
    if not is_anchored:
        plain = "**/" + plain
    return re.fullmatch(_expression(plain), path, re.DOTALL) is not None


def _expression(pattern: str) -> str:
    parts = []
    i = 0
    while i < len(pattern):
        for glob, expression in _GLOBS:
            if pattern.startswith(glob, i):
                parts.append(expression)
                i += len(glob)
                break
        else:
            parts.append(re.escape(pattern[i]))
            i += 1
    return "".join(parts)


#: Longest first.
_GLOBS = (("**/", "(?:[^/]+/)*"), ("**", ".*"), ("*", "[^/]*"), ("?", "[^/]"))
