"""TOML with positions: what tomllib reads, and the line and column of every key and value."""

import re

from octavo.core.errors import ConfigError, Span
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Path: TypeAlias = tuple[str | int, ...]
    Place: TypeAlias = tuple[int, int]

#: Line and column of what cannot be found.
NOWHERE = (0, 0)

_STRING = lazy(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE = lazy(r"[A-Za-z0-9_-]+")
_ATOM = lazy(r"[^,\]}#\n]*")
_BLANK = lazy(r"(?:[ \t\n]|#[^\n]*)*")
_BLANK_OR_COMMA = lazy(r"(?:[ \t\n,]|#[^\n]*)*")
_PLACE = lazy(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_WORD = lazy(r"[^\s,\]}#]+")
_FLAG_WORDS = {"true": "true", "yes": "true", "on": "true",
               "false": "false", "no": "false", "off": "false"}  # fmt: skip


def loads(text: str, file: str) -> "dict[str, object]":
    """Return what a TOML text says.

    Raises: `ConfigError` OCT-C003 with the place of the first fault.
    """
    import tomllib

    plain = text.replace("\r\n", "\n")
    try:
        return tomllib.loads(plain)
    except tomllib.TOMLDecodeError as fault:
        raise _fault(str(fault), plain, file) from None
    except RecursionError:
        raise ConfigError("OCT-C003", "is nested too deeply", Span(file)) from None
    except ValueError as fault:  # a number of thousands of digits
        raise ConfigError("OCT-C003", f"not TOML: {fault}", Span(file)) from None


def locate(text: str, path: "Path", *, value: bool = False) -> tuple[int, int]:
    r"""Return line and column of a key (or of its value) in a valid TOML text.

    *path* leads from the root: names of keys, and numbers in arrays.  (0, 0): it is not there.

    >>> locate('[[rules]]\npaths = ["a", "b"]\n', ("rules", 0, "paths"))
    (2, 1)
    >>> locate('[[rules]]\npaths = ["a", "b"]\n', ("rules", 0, "paths", 1), value=True)
    (2, 15)
    """
    return places(text).get(path, (NOWHERE, NOWHERE))[value]


def places(text: str) -> "dict[Path, tuple[Place, Place]]":
    """Return line and column of every key and of its value in a valid TOML text."""
    plain = text.replace("\r\n", "\n")
    return {
        path: (_place(plain, key), _place(plain, value))
        for path, (key, value) in _Scanner(plain).offsets().items()
    }


def _place(text: str, offset: int) -> "Place":
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def dumps(value: "bool | float | str") -> str:
    r"""Return a value as TOML, on one line.

    >>> print(dumps('say "a"'), dumps("it's"), dumps(False))
    'say "a"' "it's" false
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    if '"' in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return '"' + "".join(_ESCAPES.get(c, c if c.isprintable() else _escape(c)) for c in value) + '"'


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def _escape(c: str) -> str:
    return f"\\U{ord(c):08X}"


class _Scanner:
    """Notes where keys and values stand: path -> offsets of both.

    The text is one that tomllib has read, so nothing is checked again.
    """

    __slots__ = ("found", "last", "offset", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.found: dict[Path, tuple[int, int]] = {}
        self.last: dict[Path, int] = {}
        """The number of the last table in each array of tables."""

    def offsets(self) -> "dict[Path, tuple[int, int]]":
        """Return where keys and values begin."""
        base: Path = ()
        self._skip(_BLANK)
        while self.offset < len(self.text):
            if self.text[self.offset] == "[":
                base = self._header()
            else:
                self._pair(base)
            self._skip(_BLANK)
        return self.found

    def _header(self) -> "Path":
        """Pass `[a.b]` or `[[a.b]]` and return the path of that table."""
        is_array = self.text.startswith("[[", self.offset)
        self.offset += 1 + is_array
        self._skip(_BLANK)
        start = self.offset
        path: Path = ()
        keys = self._keys()
        for i, key in enumerate(keys, 1):
            path = (*path, key)
            self.found.setdefault(path, (start, start))
            if is_array and i == len(keys):
                self.last[path] = self.last.get(path, -1) + 1
            if path in self.last:
                path = (*path, self.last[path])
                self.found.setdefault(path, (start, start))
        self._skip(_BLANK)
        self.offset += 1 + is_array
        return path

    def _pair(self, base: "Path") -> None:
        start = self.offset
        path = base
        for key in self._keys():
            path = (*path, key)
            self.found.setdefault(path, (start, start))
        self._skip(_BLANK)
        self.offset += 1
        self._skip(_BLANK)
        self._value(path, start)

    def _keys(self) -> list[str]:
        """Pass `a."b".c` and return the names."""
        names = [self._key()]
        self._skip(_BLANK)
        while self.text.startswith(".", self.offset):
            self.offset += 1
            self._skip(_BLANK)
            names.append(self._key())
            self._skip(_BLANK)
        return names

    def _key(self) -> str:
        if self.text[self.offset] not in "\"'":
            return self._skip(_BARE)
        import tomllib

        name: str = tomllib.loads("key = " + self._skip(_STRING))["key"]
        return name

    def _value(self, path: "Path", start: int) -> None:
        self.found[path] = (start, self.offset)
        opening = self.text[self.offset : self.offset + 1]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._table(path)
        else:
            self._skip(_STRING if opening in ('"', "'") else _ATOM)

    def _array(self, path: "Path") -> None:
        self.offset += 1
        self._skip(_BLANK_OR_COMMA)
        i = 0
        while not self.text.startswith("]", self.offset):
            self._value((*path, i), self.offset)
            self._skip(_BLANK_OR_COMMA)
            i += 1
        self.offset += 1

    def _table(self, path: "Path") -> None:
        self.offset += 1
        self._skip(_BLANK_OR_COMMA)
        while not self.text.startswith("}", self.offset):
            self._pair(path)
            self._skip(_BLANK_OR_COMMA)
        self.offset += 1

    def _skip(self, pattern: "re.Pattern[str]") -> str:
        """Pass what *pattern* matches here and return it."""
        match = pattern.match(self.text, self.offset)
        if match is None:
            return ""
        self.offset = match.end()
        return match[0]


def _fault(message: str, text: str, file: str) -> ConfigError:
    place = _PLACE.search(message)
    reason = message[: place.start()] if place else message
    line = column = 0
    hint = "a key stands once" if "overwrite" in reason else ""
    if place and place[1]:
        line, column = int(place[1]), int(place[2])
        hint = _hint(text.split("\n")[line - 1], column) or hint
    elif place:
        line = text.rstrip("\n").count("\n") + 1
        last = text.split("\n")[line - 1]
        hint = _hint(last, len(last) + 1) or hint
    reason = reason[:1].lower() + reason[1:]
    return ConfigError("OCT-C003", f"not TOML: {reason}", Span(file, line, column), hint=hint)


def _hint(line: str, column: int) -> str:
    """Return what to write where tomllib stumbled."""
    word = _WORD.match(line, column - 1)
    before = line[: column - 1].rstrip()
    if not before.endswith(("=", "[", ",")):
        return ""
    if word is None:
        return "a value is missing"
    if word[0].lower() in _FLAG_WORDS:
        return f"write {_FLAG_WORDS[word[0].lower()]}, in lower case and without quotes"
    return "texts stand between quotes" if word[0][0].isalpha() else ""
