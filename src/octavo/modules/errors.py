"""Errors of notebooks that are imported as modules; each names file, line and cell.

ModuleError         an ImportError: another language, an ambiguous name, an unreadable file
ModuleSyntaxError   a SyntaxError: a magic that has no meaning in a module
"""

from octavo.core.errors import OctavoError, Span


class ModuleError(OctavoError, ImportError):
    """A notebook cannot be imported (codes OCT-M...)."""

    exit_code = 3

    def __init__(
        self,
        code: str,
        message: str,
        span: Span | None = None,
        *,
        hint: str = "",
        name: str | None = None,
    ) -> None:
        OctavoError.__init__(self, code, message, span, hint=hint)
        self.name = name
        self.path = self.span.file or None


class ModuleSyntaxError(OctavoError, SyntaxError):
    """A cell of a module holds something that is no Python (codes OCT-M...)."""

    exit_code = 3

    def __init__(
        self, code: str, message: str, span: Span, *, hint: str = "", text: str = ""
    ) -> None:
        told = f"{message} [{code}]" + (f" (hint: {hint})" if hint else "")
        SyntaxError.__init__(self, told, (span.file, span.line, span.column or 1, text))
        self.code = code
        self.message = message
        self.span = span
        self.hint = hint
