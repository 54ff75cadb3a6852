"""Jupyter magics in scripts: comment them out on the way to text, bring them back.

A magic gets one comment sign after its indentation; a line that looks like a commented magic
gets one more, so that uncommenting is exact.  At the end of a line `# escape` forces and
`# noescape` forbids it.

Source: formats.md of the project's reference, and the observed behaviour of Jupytext.
"""

import re

from octavo.core.languages import BY_NAME, comment_of, usual_name
from octavo.core.patterns import lazy
from octavo.formats._strings import StringScanner, has_triple_quotes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_SHELL_WORDS = "cat cd cp mv rm rmdir mkdir copy ddir echo ls ldir ren"

_PYTHON_COMMAND = lazy(r"(?:# |#)*(?:" + _SHELL_WORDS.replace(" ", "|") + r")(?:$|\s$|\s[^=,])")
_PYTHON_HELP_OR_SHELL = lazy(r"\s*(?:(?:# |#)+\s*)?[?!]\s*[A-Za-z.~$\\/{}]")
_PYTHON_ASSIGNMENT = lazy(r"(?:# |#)*\s*[a-zA-Z_][a-zA-Z_$0-9]*\s*=\s*(?:%|%%|%%%|!)[a-zA-Z]")
_PYTHON_HELP_AFTER = lazy(r"\s*(?:# )*[^\s]*\?\s*$")
_CONTINUED = lazy(r".*\\\s*$", re.DOTALL)

#: Cheap signs, for a whole source after a newline, that some line could be a magic at all.
_SIGNS = {
    "python": lazy(
        r"\n(?:[^\S\n]|#)*+(?:[%!?]|[a-zA-Z_][a-zA-Z_$0-9]*+\s*+=\s*+[%!])|\?[^\S\n]*+(?:\n|\Z)"
    ),
    "percent": lazy("%"),
    "colon": lazy(r"\n(?:// |//)*:"),
    "hash-bang": lazy(r"\n(?:// |//)*#!"),
    "go": lazy(r"\n(?:// |//)*[%!]"),
}
_SHELL = lazy(rf"\n[# ]*+(?:{_SHELL_WORDS.replace(' ', '|')})(?:\s|\Z)")


class Magics:
    """The magics of one language: what is one, and how it is commented and uncommented."""

    __slots__ = ("_comment", "_forbid", "_force", "_pattern", "_sign", "is_python", "language")

    def __init__(self, language: str) -> None:
        self.language = language
        row = BY_NAME.get(usual_name(language))
        rule = row.magics if row else ""
        self.is_python = rule == "python"
        self._sign = _SIGNS.get(rule)
        self._comment = comment_of(language)[0]
        start = _start(rule, self._comment)
        self._pattern = re.compile(start) if rule else None
        sign = re.escape(self._comment)
        self._force = re.compile(rf"{start}(.*){sign}\s*escape") if rule else None
        self._forbid = re.compile(rf"{start}(.*){sign}\s*noescape") if rule else None

    def may_occur(self, source: str) -> bool:
        """Return whether some line of *source* could be a magic (a cheap test)."""
        if self._sign is None:
            return False
        if self.is_python:
            text = "\n" + source
            if _SHELL.search(text) is not None:
                return True
            if "%" not in source and "!" not in source and "?" not in source:
                return False
            return self._sign.search(text) is not None
        return self._sign.search("\n" + source) is not None

    def is_magic(self, line: str, *, commented: bool = True, explicit: bool = False) -> bool:
        """Return whether *line* is a magic that gets (or has) a comment sign.

        *commented* is the option `comment_magics`; *explicit* tells that the line stands in a
        cell with an explicit marker, where `x?` is a magic too.
        """
        if self._pattern is None:
            return False
        if "escape" in line:
            if self._force is not None and self._force.match(line):
                return True
            if self._forbid is not None and self._forbid.match(line):
                return False
        if not commented:
            return False
        if self._pattern.match(line):
            return True
        if not self.is_python:
            return False
        return bool(
            _PYTHON_HELP_OR_SHELL.match(line)
            or _PYTHON_ASSIGNMENT.match(line)
            or (explicit and _PYTHON_HELP_AFTER.match(line))
            or _PYTHON_COMMAND.match(line)
        )

    def comment(self, source: str, *, commented: bool = True, explicit: bool = True) -> str:
        """Return *source* with its magics commented out."""
        return self._each(source, self._comment_line, commented=commented, explicit=explicit)

    def uncomment(self, source: str, *, commented: bool = True, explicit: bool = True) -> str:
        """Return *source* with its magics uncommented: the inverse of `comment`."""
        return self._each(source, self._uncomment_line, commented=commented, explicit=explicit)

    def only_explicit(self, source: str) -> bool:
        """Return whether *source* holds a magic that is one only in a cell with a marker."""
        if not self.is_python or "?" not in source:
            return False
        scanner = StringScanner(self.language)
        for line in source.split("\n"):
            if (
                not scanner.quoted
                and self.is_magic(line, explicit=True)
                and not self.is_magic(line)
            ):
                return True
            scanner.read(line)
        return False

    def _each(
        self, source: str, change: "Callable[[str, bool], str]", *, commented: bool, explicit: bool
    ) -> str:
        if not self.may_occur(source) or (not commented and "escape" not in source):
            return source
        lines = source.split("\n")
        scanner = StringScanner(self.language) if has_triple_quotes(source) else None
        continued = changed = False
        for i, line in enumerate(lines):
            quoted = scanner is not None and scanner.quoted
            if not quoted and (
                continued or self.is_magic(line, commented=commented, explicit=explicit)
            ):
                lines[i] = change(line, continued)
                changed = True
                continued = self.is_python and _CONTINUED.match(line) is not None
            if scanner is not None:
                scanner.read(line)
        return "\n".join(lines) if changed else source

    def _comment_line(self, line: str, continued: bool) -> str:  # noqa: FBT001  a callback
        if continued:
            return f"{self._comment} {line}"
        bare = line.lstrip()
        return f"{line[: len(line) - len(bare)]}{self._comment} {bare}"

    def _uncomment_line(self, line: str, continued: bool) -> str:  # noqa: FBT001  a callback
        bare = line if continued else line.lstrip()
        indent = line[: len(line) - len(bare)]
        if bare.startswith(self._comment + " "):
            return indent + bare[len(self._comment) + 1 :]
        return indent + bare.removeprefix(self._comment)


def _start(rule: str, comment: str) -> str:
    """Return the pattern with which a magic starts, escaped any number of times."""
    sign = re.escape(comment)
    if rule == "colon":
        return r"(?:// |//)*:[a-zA-Z]"
    if rule == "hash-bang":
        return r"(?:// |//)*#![a-zA-Z]"
    if rule == "go":
        return r"(?:// |//)*(?:!|!\*|%|%%|%%%)[a-zA-Z]"
    return rf"\s*(?:{sign} |{sign})*(?:%|%%|%%%)[a-zA-Z]"


_MAGICS: "dict[str, Magics]" = {}


def magics_of(language: str) -> Magics:
    """Return the magics of a language (built once)."""
    found = _MAGICS.get(language)
    if found is None:
        found = _MAGICS[language] = Magics(language)
    return found


#: A line that is a cell magic for the Go kernel, and the comment that stands for it in a script.
_GO_CELL_MAGIC = lazy(r"(?m)^((?://[^\S\n]*)*)(%%[^\S\n]*$|%%[^\S\n]+-.*$)")
_GO_ESCAPED = lazy(r"(?m)^((?://[^\S\n]*)*)//[^\S\n]*gonb:%%")


def comment_go_cells(source: str) -> str:
    """Return *source* with the `%%` lines of Go notebooks as comments."""
    return _GO_CELL_MAGIC.sub(r"\1//gonb:\2", source)


def uncomment_go_cells(source: str) -> str:
    """Return *source* with the `%%` lines of Go notebooks back: the inverse."""
    return _GO_ESCAPED.sub(r"\1%%", source)
