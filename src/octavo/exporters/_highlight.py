"""Source code in colours: spans with the short class names of Pygments."""

from octavo.core import languages
from octavo.exporters import _escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pygments.lexer import Lexer
    from pygments.token import _TokenType

#: Spellings of kernels, beyond the table of languages.
_ALIASES = {
    "ipython": "python", "ipython3": "python", "python3": "python", "cython3": "cython",
    "ir": "r", "q#": "qsharp", "script of scripts": "python",
}  # fmt: skip
_LEXERS: "dict[str, Lexer | None]" = {}
_NAMES: "dict[object, str]" = {}
#: Classes that no theme gives a colour: names, signs, operators.
_PLAIN = frozenset(("", "n", "p", "o"))


def highlight(source: str, language: str) -> str:
    """Return *source* as HTML, with spans where the language is known.

    >>> highlight("x = 1", "python")
    'x = <span class="mi">1</span>'
    """
    parts: list[str] = []
    for name, value in tokens(source, language):
        shown = value if value.isalnum() else _escape.text(value)
        parts.append(shown if name in _PLAIN else f'<span class="{name}">{shown}</span>')
    return "".join(parts)


def tokens(source: str, language: str) -> "Iterator[tuple[str, str]]":
    """Yield the short class names of Pygments ("" = none) and their texts."""
    lexer = _lexer(language.lower())
    if lexer is None:
        yield "", source
        return
    for kind, value in lexer.get_tokens(source):
        name = _NAMES.get(kind)
        yield (_name_of(kind) if name is None else name), value


def _name_of(kind: "_TokenType") -> str:
    """Return the class of a kind of token, or of the nearest kind above it that has one."""
    from pygments.token import STANDARD_TYPES

    name = next((STANDARD_TYPES[t] for t in reversed(kind.split()) if t in STANDARD_TYPES), "")
    return _NAMES.setdefault(kind, "" if name == "w" else name)


def _lexer(language: str) -> "Lexer | None":
    if language not in _LEXERS:
        row = languages.find(language)
        _LEXERS[language] = _find(row.lexer if row else _ALIASES.get(language, language))
    return _LEXERS[language]


def _find(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    if not language:
        return None
    if language == "python":
        from octavo.exporters._python_lexer import QuickPythonLexer

        return QuickPythonLexer(stripnl=False, ensurenl=False)
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
