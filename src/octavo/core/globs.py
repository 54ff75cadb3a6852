"""Patterns of paths in rules: `lessons/**`, `*.md`, `notes/`, `part-[1-3].{py,md}`, `!drafts/`."""

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_ALTERNATIVES = 64


def fits(patterns: "Iterable[str]", path: str) -> bool:
    """Return whether *path* fits one of *patterns* and none of those that begin with "!".

    Where all begin with "!", everything else fits.

    >>> fits(["lessons/**", "!drafts/"], "lessons/drafts/a.md")
    False
    """
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    unwanted = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    if any(matches(pattern, path) for pattern in unwanted):
        return False
    return any(matches(pattern, path) for pattern in wanted) or (bool(unwanted) and not wanted)


def matches(pattern: str, path: str) -> bool:
    """Return whether *path* (relative to the configuration file, with "/") fits *pattern*.

    `*` and `?` stay within one name, `[a-c]` and `[!a-c]` are one character, `{a,b}` is one or
    the other, `**` stands for any folders, also none; a pattern without "/" fits a name in any
    folder, and one that ends with "/" fits everything below that folder.

    >>> matches("lessons/**", "lessons/a/b.md"), matches("*.md", "lessons/b.md")
    (True, True)
    >>> matches("lessons/*.md", "lessons/a/b.md"), matches("drafts/", "a/drafts/b.md")
    (False, True)
    >>> matches("{a,b}/n[1-3].py", "b/n2.py"), matches("n[!1-3].py", "n2.py")
    (True, False)
    """
    return any(_matches(one, path) for one in _alternatives(pattern))


def _matches(pattern: str, path: str) -> bool:
    is_anchored = "/" in pattern.rstrip("/")
    plain = pattern.removeprefix("./").removeprefix("/")
    if plain.endswith("/"):
        plain += "**"
    if not is_anchored:
        plain = "**/" + plain
    return re.fullmatch(_expression(plain), path, re.DOTALL) is not None


def _alternatives(pattern: str) -> list[str]:
    """Return the patterns that `{a,b}` stands for; too many of them are none."""
    found = [pattern]
    while len(found) <= _MOST_ALTERNATIVES:
        spread = [one for pattern in found for one in _without_braces(pattern)]
        if spread == found:
            return found
        found = spread
    return [pattern]


def _without_braces(pattern: str) -> list[str]:
    """Return what the first pair of braces without others in it stands for."""
    braces = _BRACES.search(pattern)
    if braces is None:
        return [pattern]
    before, after = pattern[: braces.start()], pattern[braces.end() :]
    return [before + word + after for word in braces.group(1).split(",")]


def _expression(pattern: str) -> str:
    parts = []
    i = 0
    while i < len(pattern):
        found = _CLASS.match(pattern, i)
        if found:
            parts.append(_class(found.group(1), found.group(2)))
            i = found.end()
            continue
        for glob, expression in _GLOBS:
            if pattern.startswith(glob, i):
                parts.append(expression)
                i += len(glob)
                break
        else:
            parts.append(re.escape(pattern[i]))
            i += 1
    return "".join(parts)


def _class(sign: str, characters: str) -> str:
    """Return the expression of one character of a class, the class itself if it is none."""
    words = re.sub(r"([\\^\[\]&~|])", r"\\\1", characters)
    expression = f"[{'^/' if sign else ''}{words}]"
    try:
        re.compile(expression)
    except re.error:
        return re.escape(f"[{sign}{characters}]")
    return expression


_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
_CLASS = re.compile(r"\[([!^]?)([^]/]+)\]")
#: Longest first.
_GLOBS = (("**/", "(?:[^/]+/)*"), ("**", ".*"), ("*", "[^/]*"), ("?", "[^/]"))
