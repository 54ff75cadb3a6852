r"""BibTeX files: entries with their fields, TeX accents as letters.

Reading never fails: what is not understood is skipped and told, and the next `@` is read again.

Source: the BibTeX format as its manual describes it (`btxdoc`, Patashnik 1988): entries in braces
or parentheses, `@string`, `@preamble`, `@comment`, values joined by `#`.
"""

import unicodedata

from octavo.core.errors import Notice, Span
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_AT = lazy(r"@\s*([A-Za-z]+)\s*([{(])")
_NAME = lazy(r"[^\s\"#%'(),={}]+")
_KEY = lazy(r"[^\s,{}]+")
_SPACE = lazy(r"(?:\s|%[^\n]*(?:\n|\Z))*")
_COMMAND = lazy(r"\\([A-Za-z]+|.)\s*", 16)  # 16: re.DOTALL
_MATH = lazy(r"(?<!\\)(\$[^$]*\$)")
_BLANKS = lazy(r"[ \t\r\n]+")  # not the no-break space that "~" is
_AND = lazy(r"\s+and\s+")
_MONTHS = {
    name[:3]: name.capitalize()
    for name in (
        "january february march april may june july august september october november december"
    ).split()
}
#: What a command puts above or below the letter that follows: combining characters.
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
    "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…", "textquoteright": "’",
    "S": "§", "P": "¶", "copyright": "©", "pounds": "£", "TeX": "TeX", "LaTeX": "LaTeX",
    "&": "&", "%": "%", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}", " ": " ", "-": "",
    "/": "", ",": "\u2009", "\\": " ", "textbackslash": "\\", "BibTeX": "BibTeX",
}  # fmt: skip


class Person:
    """An author or editor: `family` (with a "von" before it, a "Jr." after it) and `given`."""

    __slots__ = ("family", "given")

    def __init__(self, family: str, given: str = "") -> None:
        self.family = family
        self.given = given

    def initials(self) -> str:
        """Return the first letters of the given names: "D. E."."""
        parts = self.given.replace(".", ". ").split()
        return " ".join("-".join(f"{p[0]}." for p in part.split("-") if p) for part in parts)


class Entry:
    """An entry: `kind` ("article"), `key`, the `fields` as plain text, the line of its "@"."""

    __slots__ = ("authors", "editors", "fields", "key", "kind", "line")

    def __init__(self, kind: str, key: str, fields: dict[str, str], line: int) -> None:
        self.kind = kind
        self.key = key
        self.line = line
        self.authors = people(fields.pop("author", ""))
        self.editors = people(fields.pop("editor", ""))
        self.fields = {name: plain(value) for name, value in fields.items()}

    def get(self, *names: str) -> str:
        """Return the first of these fields that the entry has, "" without."""
        return next((self.fields[name] for name in names if self.fields.get(name)), "")

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Entry({self.kind!r}, {self.key!r})"


def read(text: str, file: str = "") -> tuple[dict[str, Entry], list[Notice]]:
    r"""Return the entries of a BibTeX file by their keys, and what could not be read.

    Of two entries with one key the first counts.

    >>> entries, _ = read('@book{tug, author = "Knuth, Donald E.", title = {The {\\TeX}book}}')
    >>> entries["tug"].get("title"), entries["tug"].authors[0].family
    ('The TeXbook', 'Knuth')
    """
    reader = _Reader(text, file)
    reader.read()
    return reader.entries, reader.notices


def plain(value: str) -> str:
    r"""Return the text of a value: accents and letters of TeX as Unicode, formulas kept.

    >>> plain("{\\'E}cole, G{\\\"o}del -- $x^2$")
    'École, Gödel – $x^2$'
    """
    parts = _MATH.split(value)
    parts[::2] = [_without_tex(part) for part in parts[::2]]
    return _BLANKS.sub(" ", "".join(parts)).strip()


def people(value: str) -> list[Person]:
    """Return the persons of an `author` field.

    >>> [(p.family, p.given) for p in people("Ada Lovelace and van der Berg, Jan and {The Team}")]
    [('Lovelace', 'Ada'), ('van der Berg', 'Jan'), ('The Team', '')]
    """
    return [_person(part) for part in _split_outside_braces(value) if part.strip()]


def _person(text: str) -> Person:
    text = text.strip()
    if text.startswith("{") and text.endswith("}") and "{" not in text[1:]:
        return Person(plain(text))
    parts = [part.strip() for part in _commas(text)]
    if len(parts) == 2:
        return Person(plain(parts[0]), plain(parts[1]))
    if len(parts) > 2:
        return Person(f"{plain(parts[0])}, {plain(parts[1])}", plain(" ".join(parts[2:])))
    words = _words(text)
    first = next((i for i, word in enumerate(words[:-1]) if word[:1].islower()), len(words) - 1)
    return Person(plain(" ".join(words[first:])), plain(" ".join(words[:first])))


def _split_outside_braces(value: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for found in _AND.finditer(value):
        if _depth(value[start : found.start()]) == 0:
            parts.append(value[start : found.start()])
            start = found.end()
    return [*parts, value[start:]]


def _depth(text: str) -> int:
    return text.count("{") - text.count("}")


def _commas(text: str) -> list[str]:
    return _outside_braces(text, ",")


def _words(text: str) -> list[str]:
    return [word for word in _outside_braces(text.replace("~", " "), " \t\n") if word]


def _outside_braces(text: str, signs: str) -> list[str]:
    parts, depth = [""], 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if sign in signs and depth <= 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _without_tex(text: str) -> str:
    made: list[str] = []
    accent = ""
    place = 0
    while place < len(text):
        command = _COMMAND.match(text, place)
        if command is not None:
            name = command[1]
            place = command.end() if name.isalpha() else command.start() + 2
            if name in _ACCENTS:
                accent = _ACCENTS[name]
                continue
            made.append(_accented(_LETTERS.get(name, ""), accent))
        elif text[place] in "{}":
            place += 1
            continue
        else:
            sign = "\u00a0" if text[place] == "~" else text[place]
            made.append(_accented(sign, accent) if not sign.isspace() else sign)
            place += 1
            if sign.isspace():
                continue
        accent = ""
    return (
        "".join(made).replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”")
    )


def _accented(letter: str, accent: str) -> str:
    if not accent:
        return letter
    base = {"ı": "i", "ȷ": "j"}.get(letter, letter)
    return unicodedata.normalize("NFC", base[:1] + accent) + base[1:]


class _Wrong(Exception):  # noqa: N818  a signal inside of the reader
    """The text at a place is no BibTeX."""

    def __init__(self, what: str, place: int) -> None:
        super().__init__(what)
        self.place = place


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._strings = dict(_MONTHS)
        self.entries: dict[str, Entry] = {}
        self.notices: list[Notice] = []

    def read(self) -> None:
        place = 0
        while (found := _AT.search(self._text, place)) is not None:
            try:
                place = self._block(found[1].lower(), found[2], found.start(), found.end())
            except _Wrong as wrong:
                self._tell(str(wrong), wrong.place)
                place = found.end()

    def _tell(self, what: str, place: int) -> None:
        before = self._text[:place]
        column = place - (before.rfind("\n") + 1) + 1
        span = Span(self._file, before.count("\n") + 1, column)
        self.notices.append(Notice("OCT-E021", what, span, hint="the entry is left out"))

    def _block(self, kind: str, opening: str, start: int, place: int) -> int:
        closing = "}" if opening == "{" else ")"
        if kind in ("comment", "preamble"):
            return self._skip(place, opening, closing)
        if kind == "string":
            fields, place = self._fields(place, closing)
            self._strings |= fields
            return place
        place = self._space(place)
        key = _KEY.match(self._text, place)
        if key is None:
            raise _Wrong("an entry without a key", place)
        place = self._space(key.end())
        fields = {}
        if self._text[place : place + 1] == ",":
            fields, place = self._fields(place + 1, closing)
        elif self._text[place : place + 1] == closing:
            place += 1
        else:
            raise _Wrong(f"a comma is missing after the key {key[0]!r}", place)
        if key[0] in self.entries:
            self._tell(f"the key {key[0]!r} stands twice, the first one counts", start)
        else:
            line = self._text.count("\n", 0, start) + 1
            self.entries[key[0]] = Entry(kind, key[0], fields, line)
        return place

    def _skip(self, place: int, opening: str, closing: str) -> int:
        depth = 1
        while place < len(self._text) and depth:
            sign = self._text[place]
            depth += (sign == opening) - (sign == closing)
            place += 1
        return place

    def _space(self, place: int) -> int:
        found = _SPACE.match(self._text, place)
        return found.end() if found is not None else place

    def _fields(self, place: int, closing: str) -> tuple[dict[str, str], int]:
        fields: dict[str, str] = {}
        while True:
            place = self._space(place)
            sign = self._text[place : place + 1]
            if sign == closing:
                return fields, place + 1
            if sign == ",":
                place += 1
                continue
            name = _NAME.match(self._text, place)
            if name is None:
                raise _Wrong("a field or the end of the entry is missing", place)
            place = self._space(name.end())
            if self._text[place : place + 1] != "=":
                raise _Wrong(f"'=' is missing after {name[0]!r}", place)
            value, place = self._value(place + 1)
            fields.setdefault(name[0].lower(), value)

    def _value(self, place: int) -> tuple[str, int]:
        parts: list[str] = []
        while True:
            place = self._space(place)
            sign = self._text[place : place + 1]
            if sign == "{":
                part, place = self._braced(place)
            elif sign == '"':
                part, place = self._quoted(place)
            else:
                word = _NAME.match(self._text, place)
                if word is None:
                    raise _Wrong("a value is missing", place)
                part = self._strings.get(word[0].lower(), word[0])
                place = word.end()
            parts.append(part)
            place = self._space(place)
            if self._text[place : place + 1] != "#":
                return "".join(parts), place
            place += 1

    def _braced(self, place: int) -> tuple[str, int]:
        depth, end = 0, place
        while end < len(self._text):
            sign = self._text[end]
            if sign == "\\":
                end += 2
                continue
            depth += (sign == "{") - (sign == "}")
            end += 1
            if not depth:
                return self._text[place + 1 : end - 1], end
        raise _Wrong("a brace is never closed", place)

    def _quoted(self, place: int) -> tuple[str, int]:
        depth, end = 0, place + 1
        while end < len(self._text):
            sign = self._text[end]
            if sign == '"' and not depth:
                return self._text[place + 1 : end], end + 1
            depth += (sign == "{") - (sign == "}")
            end += 1
        raise _Wrong("a quotation mark is never closed", place)


def keys_like(key: str, entries: "Iterable[str]") -> str:
    """Return a hint that names the nearest key."""
    from octavo.core.errors import did_you_mean

    return did_you_mean(key, sorted(entries))
