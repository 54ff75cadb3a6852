"""MyST roles: ONE table of what stands in braces before back-ticks, `{name}`text``."""

from octavo.core.patterns import lazy
from octavo.exporters._node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    ParseInline: TypeAlias = Callable[..., list[Node]]
    Expand: TypeAlias = Callable[[str, str, int, "ParseInline"], list[Node]]

_TITLED = lazy(r"(.*?)\s*<([^<>]+)>\s*\Z")
_ABBREVIATION = lazy(r"(.*?)\s*\((.*)\)\s*\Z")

#: Roles that wrap their text in a node of that type.
_WRAPPERS = {
    "sub": "subscript", "subscript": "subscript",
    "sup": "superscript", "superscript": "superscript",
    "emphasis": "emphasis", "strong": "strong",
    "underline": "underline", "u": "underline", "smallcaps": "small", "sc": "small",
    "del": "strike", "strike": "strike",
}  # fmt: skip
#: Roles whose text is kept as it is.
_VERBATIM = {
    "code": "code_span", "literal": "code_span", "kbd": "code_span", "file": "code_span",
    "command": "code_span", "program": "code_span", "samp": "code_span",
    "math": "math_span",
}  # fmt: skip
#: Roles that point to a label; the value tells what they show: the number, the title, both.
_REFERENCES = {
    "ref": "title", "numref": "number", "eq": "equation", "doc": "document", "any": "title",
    "download": "download", "label": "title", "term": "term", "prf:ref": "title",
}  # fmt: skip
_CITATIONS = {
    "cite": "p", "cite:p": "p", "cite:ps": "p", "citep": "p", "footcite": "p", "footcite:p": "p",
    "cite:t": "t", "cite:ts": "t", "citet": "t", "cite:year": "year", "cite:author": "author",
}  # fmt: skip


def expand(name: str, text: str, line: int, parse_inline: "ParseInline") -> list[Node]:
    """Return the nodes of a role; the text of an unknown one stays, as code.

    >>> expand("sub", "2", 1, lambda text, line: [Node("text", text=text)])
    [(subscript (text '2'))]
    """
    if name in _WRAPPERS:
        return [Node(_WRAPPERS[name], parse_inline(text, line=line), line=line)]
    if name in _VERBATIM:
        return [Node(_VERBATIM[name], text=text, line=line)]
    if name in _REFERENCES:
        return [_reference(_REFERENCES[name], text, line, parse_inline)]
    if name in _CITATIONS:
        keys = [key.strip().lstrip("@") for key in text.replace(";", ",").split(",")]
        keys, kind = [key for key in keys if key], _CITATIONS[name]
        shown = ", ".join(keys)
        words = Node("text", text=shown if kind == "t" else f"[{shown}]", line=line)
        return [Node("citation", [words], line=line, keys=keys, kind=kind)]
    if name in ("abbr", "abbreviation"):
        found = _ABBREVIATION.match(text)
        title = found[2] if found else ""
        return [Node("abbreviation", text=found[1] if found else text, line=line, title=title)]
    return [Node("code_span", text=text, line=line, role=name)]


def _reference(kind: str, text: str, line: int, parse_inline: "ParseInline") -> Node:
    found = _TITLED.match(text)
    shown, target = (found[1], found[2]) if found else ("", text)
    children = parse_inline(shown, line=line) if shown else []
    return Node("reference", children, line=line, target=target.strip(), kind=kind)
