"""Texts of widgets: formulas may stand in them, as MathJax finds them."""

from octavo.core.patterns import lazy
from octavo.exporters._node import Node

_FORMULA = lazy(
    r"\$\$([^$]+)\$\$|\$([^$\s](?:[^$\n]*[^$\s])?)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", 16
)  # 16: re.DOTALL


def inline(text: str) -> list[Node]:
    r"""Return a text as nodes: words and formulas.

    >>> inline(r"if $x$ or \(y\)")
    [(text 'if '), (math_span 'x'), (text ' or '), (math_span 'y')]
    """
    found: list[Node] = []
    start = 0
    for match in _FORMULA.finditer(text):
        if match.start() > start:
            found.append(Node("text", text=text[start : match.start()]))
        found.append(Node("math_span", text=str(match[match.lastindex or 0])))
        start = match.end()
    if start < len(text):
        found.append(Node("text", text=text[start:]))
    return found
