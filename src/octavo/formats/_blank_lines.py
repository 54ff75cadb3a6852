"""How many blank lines stand between two cells: PEP 8 in Python, one elsewhere.

Two blank lines go around functions and classes at the top level; a chunk that already has two
blank lines where they would be needed cancels that.

Source: formats.md of the project's reference, section 6, and the observed behaviour of
Jupytext.
"""

from octavo.core.patterns import lazy
from octavo.formats._strings import StringScanner, has_triple_quotes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMENTS = lazy(r"(?:#[^\n]*+\n)*+")
_ONE_LINE = lazy('"""[^"\\n]*"""')
_UNDECIDED = "@ )#\n\t\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000"
_DEFINITION = ("def ", "async ", "class ")
_PASSED_BEFORE = ("#", "@", " ", ")")
_PASSED_AFTER = ("#", " ", ")")


class Ahead:
    """What follows a place in the text: is there any text, code, a definition first?

    Built from the end of a document to its start, so that each chunk is looked at once.
    """

    __slots__ = ("blank", "code", "definition", "text")

    def __init__(
        self,
        *,
        text: bool = False,
        code: bool = False,
        definition: bool = False,
        blank: bool = False,
    ) -> None:
        self.text = text
        self.blank = blank
        self.code = code
        self.definition = definition

    def with_chunk(self, lines: "Sequence[str]") -> "Ahead":
        """Return what follows a place before *lines*, when self is what follows after them."""
        return self.with_text("\n".join(lines)) if lines else self

    def with_text(self, text: str) -> "Ahead":
        """Return what follows a place before *text* (lines without the last newline)."""
        start = _COMMENTS.match(text).end()  # type: ignore[union-attr]  # it matches ""
        first = text[start : start + 1]
        if first and first not in _UNDECIDED:
            return _DEFINES if text.startswith(_DEFINITION, start) else _CODE
        if not first and start and self.text and not self.blank:
            return _NOT_BLANK[self.code, self.definition]  # comments and one blank line
        code = _finds_code(text)
        definition = _finds_definition(text)
        blank = not text.partition("\n")[0].strip()
        two_blank = self.blank and not text.rpartition("\n")[2].strip()
        return Ahead(
            text=True,
            code=(self.code and not two_blank) if code is None else code,
            definition=(self.definition and not two_blank) if definition is None else definition,
            blank=blank,
        )


_CODE = Ahead(text=True, code=True)
_DEFINES = Ahead(text=True, code=True, definition=True)
_NOT_BLANK = {
    (code, definition): Ahead(text=True, code=code, definition=definition)
    for code in (False, True)
    for definition in (False, True)
}


def between(lines: "Sequence[str]", ahead: Ahead, suffix: str) -> int:
    """Return the number of blank lines between the chunk *lines* and what follows it."""
    if not ahead.text:
        return 1
    return between_text("\n".join(lines), ahead, suffix) if lines else 0


def between_text(text: str, ahead: Ahead, suffix: str) -> int:
    """Return the number of blank lines between *text* and what follows it."""
    if not ahead.text or suffix != ".py":
        return 1
    if ends_with_definition(text):
        return 2 if ahead.code else 1
    if ahead.definition:
        last = text.rpartition("\n")[2]
        if last.strip() and not last.startswith("#"):
            return 2
    return 1


def ends_with_definition(text: str) -> bool:
    """Return whether the last statement of *text* is the body of a function or class."""
    if not (
        "\ndef " in text or "\nclass " in text or "\nasync " in text or text.startswith(_DEFINITION)
    ):
        return False
    spans_lines = has_triple_quotes(text) and not (
        "'''" not in text and text.count('"""') == 2 * len(_ONE_LINE.findall(text))
    )
    if not spans_lines:
        last = text[text.rfind("\n") + 1 :]
        if last.strip() and not last.startswith(_PASSED_AFTER):
            return last.startswith(_DEFINITION)
    lines = text.split("\n")
    if spans_lines:
        lines = _outside_strings(lines)
    blank_below = False
    for line in reversed(lines):
        if not line.strip():
            if blank_below:
                return False
            blank_below = True
            continue
        blank_below = False
        if not line.startswith(_PASSED_AFTER):
            return line.startswith(_DEFINITION)
    return False


def _outside_strings(lines: list[str]) -> list[str]:
    """Return the lines that do not begin inside a string."""
    scanner = StringScanner("python")
    outside = []
    for line in lines:
        if not scanner.quoted:
            outside.append(line)
        scanner.read(line)
    return outside


def _finds_code(text: str) -> bool | None:
    """Return whether code comes first (False: two blank lines do), None if neither does."""
    blank_above = False
    for line in text[_COMMENTS.match(text).end() :].split("\n"):  # type: ignore[union-attr]
        bare = line.strip()
        if bare.startswith("#"):
            blank_above = False
        elif bare:
            return True
        elif blank_above:
            return False
        else:
            blank_above = True
    return None


def _finds_definition(text: str) -> bool | None:
    """Return whether the first code is a definition, None if there is no code."""
    start = _COMMENTS.match(text).end()  # type: ignore[union-attr]  # it matches ""
    scanner = StringScanner("python")
    blank_above = False
    for line in text[start:].split("\n"):
        quoted = scanner.quoted
        scanner.read(line)
        if quoted:
            blank_above = not line.strip()
            continue
        if not line.strip():
            if blank_above:
                return False
            blank_above = True
            continue
        blank_above = False
        if line.startswith(_DEFINITION):
            return True
        if not line.startswith(_PASSED_BEFORE):
            return False
    return None
