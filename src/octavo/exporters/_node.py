"""The tree of a piece of prose: what exporters walk.

Blocks

    heading        level                    inline children
    paragraph                               inline children
    code           language, caption        text
    math           number                   text (TeX)
    quote                                   blocks
    list           ordered, start, tight    items
    item           checked (None: no box)   blocks
    table          align (one a column)     rows
    row            header                   cells
    cell           align                    inline children
    rule
    html                                    text; its pictures
    admonition     name, folded, open       a `title` first (if any), then blocks
    title                                   inline children
    figure         src, alt, width, height  blocks of the caption; a table or listing: first block
    definitions                             `term` and `definition` in turn
    term                                    inline children
    definition                              blocks
    tabs                                    `tab` (label) with blocks
    group          name (grid, card, ...)   blocks
    footnotes                               `footnote` (number, key) with blocks
    bibliography
    contents
    toctree        entries (title, page), caption, hidden
    note           what is wrong            text

Inline

    text, code_span, math_span, html_span   text
    emphasis, strong, strike, subscript, superscript, small, underline    inline children
    link           href, title              inline children
    image          src, alt, title, width, height
    softbreak, hardbreak
    footnote_ref   number, key, use
    reference      target, kind             inline children (empty: to be filled in)
    citation       keys, kind               (kind "t": in the text, "p": in parentheses)
    abbreviation   title                    text

Every node may have `label` (a name that references point to), `classes`, and `line` (1-based in
its cell).
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

BLOCK_TYPES = frozenset(
    "heading paragraph code math quote list item table row cell rule html admonition title "
    "figure definitions term definition tabs tab group footnotes footnote bibliography contents "
    "toctree note".split()
)


class Node:
    """A node of the tree: a type, facts about it, a text or children."""

    __slots__ = ("children", "classes", "facts", "label", "line", "text", "type")

    def __init__(
        self,
        type: str,  # noqa: A002  the word of syntax trees
        children: "Iterable[Node]" = (),
        text: str = "",
        *,
        line: int = 0,
        label: str = "",
        classes: str = "",
        facts: "Mapping[str, object] | None" = None,
        **more: object,
    ) -> None:
        self.type = type
        self.children = list(children)
        self.text = text
        self.line = line
        self.label = label
        self.classes = classes
        self.facts = {**(facts or {}), **more}

    def get(self, name: str, default: str = "") -> str:
        """Return a fact as text, *default* when it is not known."""
        value = self.facts.get(name)
        return default if value is None else str(value)

    def texts(self, name: str) -> list[str]:
        """Return a fact that is a list as texts, [] when it is not known."""
        value = self.facts.get(name)
        return [str(one) for one in value] if isinstance(value, list) else []

    def walk(self) -> "Iterator[Node]":
        """Yield this node and all below it, in reading order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def plain(self) -> str:
        """Return the text below this node without any markup, as for titles and alt texts."""
        parts = []
        for node in self.walk():
            if node.type in ("text", "code_span", "math_span", "code", "math", "abbreviation"):
                parts.append(node.text)
            elif node.type == "image":
                parts.append(node.get("alt"))
            elif (
                parts
                and parts[-1] != " "
                and (node.type in BLOCK_TYPES or node.type in ("softbreak", "hardbreak"))
            ):
                parts.append(" ")
        return "".join(parts).strip()

    def __eq__(self, other: object) -> bool:
        """Return whether both say the same (lines aside)."""
        if not isinstance(other, Node):
            return NotImplemented
        return (
            self.type == other.type
            and self.text == other.text
            and self.label == other.label
            and self.classes == other.classes
            and self.facts == other.facts
            and self.children == other.children
        )

    __hash__ = None  # type: ignore[assignment]  # children change while the tree is made

    def __repr__(self) -> str:
        """Return a form that shows the whole tree, for tests."""
        facts = "".join(f" {key}={value!r}" for key, value in self.facts.items() if value)
        label = f" #{self.label}" if self.label else ""
        text = f" {self.text!r}" if self.text else ""
        inner = "".join(f" {child!r}" for child in self.children)
        return f"({self.type}{label}{facts}{text}{inner})"
