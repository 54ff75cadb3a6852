"""Errors and notices: each has a stable code, a place in a text, and a hint.

OctavoError
├── FormatError       a text or notebook cannot be read or written as asked   OCT-F, OCT-N
├── OptionError       an unknown format, option or value                      OCT-O
├── FileError         a file cannot be read or written                        OCT-W
├── ConfigError       a configuration file is wrong                           OCT-C
└── RunError          a document cannot be run                                OCT-R
    └── CellFailedError   a cell of it failed
"""


class Span:
    """A place in a text: file name, 1-based line and column (0 = unknown)."""

    __slots__ = ("column", "file", "line")

    def __init__(self, file: str = "", line: int = 0, column: int = 0) -> None:
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        """Return `file:line:column`, without the parts that are unknown."""
        parts = [self.file or "<text>"]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Span({str(self)!r})"


class OctavoError(Exception):
    """The root of all errors that Octavo raises on purpose.

    `code` is stable (documented in docs/reference/errors.md), `exit_code` is what the command
    ends with when nothing else was wrong.
    """

    exit_code = 2

    def __init__(
        self, code: str, message: str, span: Span | None = None, *, hint: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.span = span or Span()
        self.hint = hint

    def __str__(self) -> str:
        """Return `file:line:col: message [code] (hint: ...)` on one line."""
        place = f"{self.span}: " if self.span.file or self.span.line else ""
        hint = f" (hint: {self.hint})" if self.hint else ""
        return f"{place}{self.message} [{self.code}]{hint}"

    def in_file(self, file: str) -> "OctavoError":
        """Return the same error with its place in *file*, if no file was known."""
        if not self.span.file:
            self.span = Span(file, self.span.line, self.span.column)
        return self


class FormatError(OctavoError, ValueError):
    """A text or a notebook cannot be read or written as asked."""

    exit_code = 3


class OptionError(OctavoError, ValueError):
    """An unknown format or option, or a value that an option does not take."""

    exit_code = 2


class FileError(OctavoError, OSError):
    """A file cannot be read or written."""

    exit_code = 4

    def __init__(
        self, code: str, message: str, span: Span | None = None, *, hint: str = ""
    ) -> None:
        OctavoError.__init__(self, code, message, span, hint=hint)


class ConfigError(OctavoError, ValueError):
    """A configuration file is wrong."""

    exit_code = 5


class RunError(OctavoError, RuntimeError):
    """A document cannot be run: no kernel, or no place for its outputs."""

    exit_code = 6


class InternalError(OctavoError):
    """A fault of Octavo, or of a package that adds to it."""

    exit_code = 70

    @classmethod
    def of(cls, error: Exception) -> "InternalError":
        """Return the error that tells people about *error*."""
        return cls(
            "OCT-X001",
            f"internal error: {type(error).__name__}: {error}",
            hint="please report it, with the output of the same command under OCTAVO_DEBUG=1",
        )


class CellFailedError(RunError):
    """A cell failed while it ran; `cell` is its number among all cells (1-based)."""

    exit_code = 1

    def __init__(
        self,
        code: str,
        message: str,
        span: Span | None = None,
        *,
        hint: str = "",
        cell: int = 0,
        line_in_cell: int = 0,
    ) -> None:
        super().__init__(code, message, span, hint=hint)
        self.cell = cell
        self.line_in_cell = line_in_cell


class Notice:
    """A warning of a reader or writer: nothing was lost, but somebody should look."""

    __slots__ = ("code", "hint", "message", "span")

    def __init__(
        self, code: str, message: str, span: Span | None = None, *, hint: str = ""
    ) -> None:
        self.code = code
        self.message = message
        self.span = span or Span()
        self.hint = hint

    def __str__(self) -> str:
        """Return `file:line:col: message [code] (hint: ...)` on one line."""
        hint = f" (hint: {self.hint})" if self.hint else ""
        return f"{self.span}: {self.message} [{self.code}]{hint}"

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Notice({str(self)!r})"


def did_you_mean(word: str, words: "list[str]") -> str:
    """Return a hint `did you mean 'x'?` for the nearest of *words*, or an empty string."""
    import difflib

    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else ""
