"""How many blank lines stand between two cells: PEP 8 in Python, one elsewhere.

Two blank lines go around functions and classes at the top level; a chunk that already has two
blank lines where they would be needed cancels that.

Source: formats.md of the project's reference, section 6, and the observed behaviour of
Jupytext.
"""

from octavo.formats._strings import StringScanner, has_triple_quotes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

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
        if not lines:
            return self
        code = _finds_code(lines)
        definition = _finds_definition(lines)
        two_blank = self.blank and not lines[-1].strip()
        return Ahead(
            text=True,
            code=(self.code and not two_blank) if code is None else code,
            definition=(self.definition and not two_blank) if definition is None else definition,
            blank=not lines[0].strip(),
        )


def between(lines: "Sequence[str]", ahead: Ahead, suffix: str) -> int:
    """Return the number of blank lines between the chunk *lines* and what follows it."""
    if not ahead.text:
        return 1
    if not lines:
        return 0
    if suffix != ".py":
        return 1
    if ends_with_definition(lines):
        return 2 if ahead.code else 1
    last = lines[-1]
    if ahead.definition and last.strip() and not last.startswith("#"):
        return 2
    return 1


def ends_with_definition(lines: "Sequence[str]") -> bool:
    """Return whether the last statement of *lines* is the body of a function or class."""
    if not any(line.startswith(_DEFINITION) for line in lines):
        return False
    outside = lines
    if any(has_triple_quotes(line) for line in lines):
        scanner = StringScanner("python")
        outside = []
        for line in lines:
            if not scanner.quoted:
                outside.append(line)
            scanner.read(line)
    blank_below = False
    for line in reversed(outside):
        if not line.strip():
            if blank_below:
                return False
            blank_below = True
            continue
        blank_below = False
        if not line.startswith(_PASSED_AFTER):
            return line.startswith(_DEFINITION)
    return False


def _finds_code(lines: "Sequence[str]") -> bool | None:
    """Return whether code comes first (False: two blank lines do), None if neither does."""
    blank_above = False
    for line in lines:
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


def _finds_definition(lines: "Sequence[str]") -> bool | None:
    """Return whether the first code is a definition, None if there is no code."""
    scanner = StringScanner("python")
    blank_above = False
    for line in lines:
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
