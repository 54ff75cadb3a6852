"""Source code in colours: spans with the short class names of Pygments."""

from octavo.core import languages
from octavo.exporters import _escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pygments.lexer import Lexer

#: Spellings of kernels, beyond the table of languages.
_ALIASES = {
    "ipython": "python", "ipython3": "python", "python3": "python", "cython3": "cython",
    "ir": "r", "q#": "qsharp", "script of scripts": "python",
}  # fmt: skip
_LEXERS: "dict[str, Lexer | None]" = {}


def highlight(source: str, language: str) -> str:
    """Return *source* as HTML, with spans where the language is known.

    >>> highlight("x = 1", "python")
    '<span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>'
    """
    parts: list[str] = []
    for name, value in tokens(source, language):
        shown = _escape.text(value)
        parts.append(f'<span class="{name}">{shown}</span>' if name else shown)
    return "".join(parts)


def tokens(source: str, language: str) -> "Iterator[tuple[str, str]]":
    """Yield the short class names of Pygments ("" = none) and their texts."""
    lexer = _lexer(language.lower())
    if lexer is None:
        yield "", source
        return
    from pygments.token import STANDARD_TYPES

    for kind, value in lexer.get_tokens(source):
        name = next((STANDARD_TYPES[t] for t in reversed(kind.split()) if t in STANDARD_TYPES), "")
        yield ("" if name == "w" else name), value


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
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
