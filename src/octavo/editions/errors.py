"""What goes wrong with editions: OCT-E."""

from octavo.core.errors import OctavoError


class EditionError(OctavoError, RuntimeError):
    """A check of an edition found something: an assertion does not hold."""

    exit_code = 1


class Fault:
    """An error as a plain value, which can go from one process to another."""

    __slots__ = ("code", "column", "exit_code", "file", "hint", "line", "message")

    def __init__(self, error: OctavoError) -> None:
        self.code = error.code
        self.message = error.message
        self.file = error.span.file
        self.line = error.span.line
        self.column = error.span.column
        self.hint = error.hint
        self.exit_code = error.exit_code

    def __str__(self) -> str:
        """Return what the error said, on one line."""
        place = ":".join(map(str, filter(None, (self.file, self.line, self.column))))
        hint = f" (hint: {self.hint})" if self.hint else ""
        return f"{place + ': ' if place else ''}{self.message} [{self.code}]{hint}"

    def as_dict(self) -> dict[str, object]:
        """Return the fields for JSON."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "exit_code"}
