r"""Equations with Doxygen's markers: `$$..$$` is `\f[..\f]`, `$` is `\f$`.

Source: the option `doxygen_equation_markers` of Jupytext.
"""

import re

from octavo.core.patterns import lazy

_LONG = lazy(r"(?<!\\)\$\$(.*?)(?<!\\)\$\$", re.DOTALL)
_INLINE = lazy(r"(?<![\\$])\$(?!\$)")


def to_doxygen(source: str) -> str:
    r"""Return Markdown with Doxygen's markers.

    >>> to_doxygen("$x$ and $$y$$")
    '\\f$x\\f$ and \\f[y\\f]'
    """
    if "$" not in source:
        return source
    return _INLINE.sub(r"\\f$", _LONG.sub(r"\\f[\1\\f]", source))


def from_doxygen(text: str) -> str:
    r"""Return Markdown with dollar signs: the inverse of `to_doxygen`.

    >>> from_doxygen("\\f$x\\f$ and \\f[y\\f]")
    '$x$ and $$y$$'
    """
    pieces: list[str] = []
    at = 0
    while (start := text.find("\\f[", at)) >= 0 and (end := text.find("\\f]", start + 3)) >= 0:
        pieces += (text[at:start], "$$", text[start + 3 : end], "$$")
        at = end + 3
    return ("".join(pieces) + text[at:]).replace("\\f$", "$")
