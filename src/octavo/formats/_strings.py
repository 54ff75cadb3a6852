"""Which lines of a code cell lie inside a triple-quoted string?

Such lines cannot be markers or magics.  The scanner is deliberately simple, and its habits are
part of the format: it knows `'`, `"` and triple quotes, looks at one preceding backslash only,
forgets single quotes at the end of a line, skips what follows a comment sign, and tracks
nothing in R.

Source: the observed behaviour of Jupytext (string parser), which decides where cells end.
"""

import re

from octavo.core.languages import BY_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class StringScanner:
    """Follow strings line by line: `quoted` tells whether the next line starts inside one."""

    __slots__ = ("_comment", "_events", "_ignore", "quoted")

    def __init__(self, language: str | None) -> None:
        row = BY_NAME.get(language) if language else None
        self._ignore = language is None or (row is not None and not row.strings)
        self._comment = row.comment if row else ""
        self._events = _events(self._comment)
        self.quoted = ""

    def read(self, line: str) -> None:
        """Go on past *line*."""
        if self._ignore or ('"' not in line and "'" not in line):
            return
        if not self.quoted and self._comment and line.lstrip().startswith(self._comment):
            return
        self._scan(line)

    def _scan(self, line: str) -> None:
        single = ""
        last_triple = -1
        for event in self._events.finditer(line):
            i = event.start()
            char = line[i]
            if char not in "\"'":
                if not single and not self.quoted:
                    return  # a comment: nothing after it counts
                continue
            if line[i - 1 : i] == "\\":
                continue
            if single:
                if single == char:
                    single = ""
                continue
            if line[i - 2 : i + 1] == char * 3 and i >= last_triple + 3:
                if self.quoted == char:
                    self.quoted = ""
                    last_triple = i
                elif not self.quoted:
                    self.quoted = char
                    last_triple = i
                continue
            if not self.quoted:
                single = char


def _events(comment: str) -> "re.Pattern[str]":
    """Return the pattern of what matters on a line: quotes and the comment sign."""
    found = _EVENTS.get(comment)
    if found is None:
        sign = "|" + re.escape(comment) if comment else ""
        found = _EVENTS[comment] = re.compile(f"[\"']{sign}")
    return found


_EVENTS: "dict[str, re.Pattern[str]]" = {}


def has_triple_quotes(text: str) -> bool:
    """Return whether *text* could open a string that spans lines."""
    return '"""' in text or "'''" in text


def quoted_lines(lines: "Sequence[str]", language: str | None) -> list[bool]:
    """Return for each line whether it starts inside a triple-quoted string."""
    scanner = StringScanner(language)
    inside: list[bool] = []
    for line in lines:
        inside.append(bool(scanner.quoted))
        scanner.read(line)
    return inside


def is_balanced(text: str, language: str | None) -> bool:
    """Return whether no triple-quoted string is left open at the end of *text*."""
    if not has_triple_quotes(text) or _is_plainly_balanced(text, language):
        return True
    scanner = StringScanner(language)
    for line in text.split("\n"):
        scanner.read(line)
    return not scanner.quoted


def _is_plainly_balanced(text: str, language: str | None) -> bool:
    """Return True when one pass can tell that all strings are closed; False means unsure."""
    row = BY_NAME.get(language) if language else None
    sign = row.comment if row else ""
    pattern = _PLAIN.get(sign)
    if pattern is None:
        pattern = _PLAIN[sign] = _plain_pattern(sign)
    return pattern.match(text) is not None


def _plain_pattern(sign: str) -> "re.Pattern[str]":
    """Return the pattern of a text whose strings and comments hold nothing ambiguous."""
    start = re.escape(sign[0]) if sign else ""
    escape = r"\\(?![\\\"'])"
    tokens = [rf"[^\"'\\{start}]++", escape]
    tokens += [rf"{q * 3}(?:[^{q}\\]|{q}(?!{q}{q})|{escape})*+{q * 3}(?!{q})" for q in "\"'"]
    tokens += [rf"{q}(?!{q}{q})(?:[^{q}\n\\]|{escape})*+{q}(?!{q})" for q in "\"'"]
    tokens += [rf"{q}{q}(?!{q})" for q in "\"'"]
    if sign:
        tokens += [
            rf"{re.escape(sign)}[^\n]*+",
            rf"{start}(?!{re.escape(sign[1:])})" if sign[1:] else "",
        ]
    return re.compile("(?:" + "|".join(filter(None, tokens)) + r")*+\Z")


_PLAIN: "dict[str, re.Pattern[str]]" = {}
