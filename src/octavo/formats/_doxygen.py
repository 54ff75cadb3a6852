r"""Equations with Doxygen's markers: `$$..$$` is `\f[..\f]`, `$` is `\f$`.

Source: the option `doxygen_equation_markers` of Jupytext.
"""

import re

_LONG = re.compile(r"(?<!\\)\$\$(.*?)(?<!\\)\$\$", re.DOTALL)
_INLINE = re.compile(r"(?<![\\$])\$(?!\$)")
_DOXYGEN_LONG = re.compile(r"\\f\[(.*?)\\f\]", re.DOTALL)


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
    if "\\f" not in text:
        return text
    return _DOXYGEN_LONG.sub(r"$$\1$$", text).replace("\\f$", "$")
