"""Headings as a nested list of links."""

from octavo.exporters import _escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def nested(headings: "Iterable[tuple[int, str, str]]") -> str:
    """Return headings as a list, deeper ones in lists of their own: (level, address, words).

    >>> nested([(2, "#a", "A"), (3, "#b", "B")])
    '<ol><li><a href="#a">A</a><ol><li><a href="#b">B</a></li></ol></li></ol>'
    """
    parts: list[str] = []
    levels: list[int] = []
    for level, address, words in headings:
        while levels and levels[-1] > level:
            parts.append("</li></ol>")
            levels.pop()
        if levels and levels[-1] == level:
            parts.append("</li>")
        else:
            parts.append("<ol>")
            levels.append(level)
        parts.append(f'<li><a href="{_escape.attribute(address)}">{_escape.text(words)}</a>')
    return "".join([*parts, "</li></ol>" * len(levels)])
