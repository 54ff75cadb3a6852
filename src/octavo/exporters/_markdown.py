"""Prose to a tree of nodes: CommonMark, tables, footnotes, math, and MyST's directives and roles.

markdown-it reads the text; here its flat list of tokens becomes the nodes of `_node`, in which
nothing is left of the syntax: a `{note}` fence, a `::: {.callout-note}` of Quarto and a
`> [!NOTE]` of GitHub are the same admonition.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from octavo.core.patterns import lazy
from octavo.exporters import _directives, _html_images, _roles
from octavo.exporters._node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_ALERT = lazy(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*\Z")
_BOX = lazy(r"\[([ xX])\](?:[ \t]|\Z)")
_HEADING_MARK = lazy(
    r"""(.*?)[ \t]*\{((?:(?:[#.][\w:.-]+|[\w-]+=(?:"[^"{}]*"|'[^'{}]*'|[^\s"'{}]+))[ \t]*)+)\}"""
    r"[ \t]*\Z"
)
_ALIGN = lazy(r"text-align:\s*(left|right|center)")
_PARSERS: "dict[bool, MarkdownIt]" = {}
_DEPTH = ContextVar("_DEPTH", default=0)
#: Directives and roles inside of more nodes are shown as they were written, and so is what stands
#: in more quotes and lists: nobody means so many.
_DEEPEST = 20
_DEEPEST_BLOCKS = 40
_UNNAMED = ("row", "cell", "item", "term", "definition", "footnotes", "footnote")
_HOLDERS = ("quote", "item", "definition", "footnote")

#: Tokens that open a node, with its type; the tokens between it and its end are the children.
_BLOCKS = {
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "blockquote_open": "quote",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "table_open": "table",
    "tr_open": "row",
    "th_open": "cell",
    "td_open": "cell",
    "dl_open": "definitions",
    "dt_open": "term",
    "dd_open": "definition",
    "footnote_block_open": "footnotes",
    "footnote_open": "footnote",
}
_INLINES = {
    "em_open": "emphasis",
    "strong_open": "strong",
    "s_open": "strike",
    "sub_open": "subscript",
    "sup_open": "superscript",
    "link_open": "link",
    "span_open": "span",
}
_TEXTS = {
    "text": "text",
    "text_special": "text",
    "code_inline": "code_span",
    "math_inline": "math_span",
    "math_inline_double": "math_span",
    "html_inline": "html_span",
}


def parse(text: str, *, extended: bool = True, first_line: int = 1) -> list[Node]:
    """Return the blocks of a Markdown text.

    With *extended* false, only CommonMark is read.  Never fails: what is not understood is kept
    as text, an unknown directive as a `note` above its content.

    Source: CommonMark 0.31, the MyST specification (directives, roles, targets, comments).

    >>> parse("# A *b*")
    [(heading level=1 (text 'A ') (emphasis (text 'b')))]
    """
    tokens = _parser(extended).parse(text)
    return _Builder(text, extended=extended, first_line=first_line).build(tokens)


def parse_inline(text: str, *, extended: bool = True, line: int = 0) -> list[Node]:
    """Return the inline nodes of a text, as of a title."""
    tokens = _parser(extended).parseInline(text)
    with _deeper(1):
        return inlines(tokens[0].children or (), line) if tokens else []


@contextmanager
def _deeper(nodes: int) -> "Iterator[None]":
    """Note that what is read now stands in so many more nodes."""
    token = _DEPTH.set(_DEPTH.get() + nodes)
    try:
        yield
    finally:
        _DEPTH.reset(token)


def _parser(extended: bool) -> "MarkdownIt":  # noqa: FBT001
    """Return the parser, made once."""
    if extended not in _PARSERS:
        _PARSERS[extended] = _make_parser(extended)
    return _PARSERS[extended]


def _make_parser(extended: bool) -> "MarkdownIt":  # noqa: FBT001
    from markdown_it import MarkdownIt

    limits = {"maxNesting": _DEEPEST_BLOCKS}
    if not extended:
        return MarkdownIt("commonmark", limits)
    from mdit_py_plugins.amsmath import amsmath_plugin
    from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
    from mdit_py_plugins.colon_fence import colon_fence_plugin
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.myst_blocks import myst_block_plugin
    from mdit_py_plugins.myst_role import myst_role_plugin

    parser = MarkdownIt("commonmark", limits).enable(["table", "strikethrough"])
    dollarmath_plugin(parser, allow_space=False, allow_digits=False, double_inline=True)
    _mend_formulas_at_the_start(parser)
    for plugin in (
        amsmath_plugin, colon_fence_plugin, deflist_plugin, footnote_plugin, myst_role_plugin,
        myst_block_plugin, attrs_block_plugin,
    ):  # fmt: skip
        plugin(parser)
    attrs_plugin(parser, spans=True)
    return parser


def _mend_formulas_at_the_start(parser: "MarkdownIt") -> None:
    """Let a text begin with a formula, whatever it ends with: `$g$ in m/s2`.

    mdit-py-plugins 0.5 looks at the character before a `$`, which at the start of a text is the
    last one.
    """
    from mdit_py_plugins.dollarmath.index import math_inline_dollar

    plain = math_inline_dollar(False, False, True)

    def rule(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001  as markdown-it calls it
        source = state.src
        state.src = source + " " if state.pos == 0 else source
        try:
            return plain(state, silent)
        finally:
            state.src = source

    parser.inline.ruler.at("math_inline", rule)


class _Builder:
    """Makes a tree from tokens; directives are parsed in turn."""

    def __init__(self, text: str, *, extended: bool, first_line: int) -> None:
        self._text = text
        self._extended = extended
        self._first_line = first_line
        self._labels: list[str] = []  # of targets above: `(label)=`

    def build(self, tokens: "Sequence[Token]") -> list[Node]:
        root = Node("document")
        stack = [root]
        for token in tokens:
            if token.type.endswith("_close"):
                if token.type.removesuffix("close") + "open" in _BLOCKS:
                    self._finish(stack.pop())
                continue
            kind = _BLOCKS.get(token.type)
            if kind is not None:
                node = self._opened(kind, token)
                stack[-1].children.append(node)
                stack.append(node)
                is_full = kind in _HOLDERS and token.level + 1 >= _DEEPEST_BLOCKS
                if is_full and token.map:
                    # The parser leaves out what stands in it.
                    lines = self._text.split("\n")[slice(*token.map)]
                    node.children.append(Node("code", text="\n".join(lines)))
            elif token.type == "inline":
                stack[-1].children += self._inline(token, stack[-1])
            else:
                with _deeper(len(stack)):
                    stack[-1].children += self._single(token)
        if self._labels:
            root.children.append(self._take_labels(Node("group")))  # what follows is named
        return root.children

    def _line(self, token: "Token") -> int:
        return token.map[0] + self._first_line if token.map else 0

    def _opened(self, kind: str, token: "Token") -> Node:
        node = Node(kind, line=self._line(token), classes=str(token.attrs.get("class", "")))
        node.label = str(token.attrs.get("id", ""))
        self._take_labels(node)
        if kind == "heading":
            node.facts["level"] = int(token.tag[1:])
        elif kind == "list":
            node.facts["ordered"] = token.type == "ordered_list_open"
            if "start" in token.attrs:
                node.facts["start"] = int(token.attrs["start"])
        elif kind == "cell":
            align = _ALIGN.search(str(token.attrs.get("style", "")))
            node.facts["align"] = align[1] if align else ""
            node.facts["header"] = token.type == "th_open"
        elif kind == "footnote":
            node.facts["number"] = int(token.meta["id"]) + 1
            node.facts["key"] = str(token.meta.get("label") or token.meta["id"] + 1)
        elif kind == "paragraph" and token.hidden:
            node.facts["tight"] = True
        return node

    def _take_labels(self, node: Node) -> Node:
        """Give the labels of the targets above to the first block that can carry them."""
        if node.type not in _UNNAMED:
            labels, self._labels = [*self._labels, node.label], []
            node.label = ""
            for label in labels:
                _add_label(node, label)
        return node

    def _finish(self, node: Node) -> None:
        if node.type == "heading":
            _take_heading_mark(node)
        elif node.type == "quote":
            _turn_into_admonition(node)
        elif node.type == "item":
            _take_box(node)
        elif node.type == "row":
            node.facts["header"] = all(cell.facts.get("header") for cell in node.children)
        elif node.type == "paragraph" and len(node.children) == 1:
            _turn_into_figure(node)

    def _inline(self, token: "Token", parent: Node) -> list[Node]:
        return inlines(token.children or (), self._line(token) or parent.line)

    def _single(self, token: "Token") -> list[Node]:
        """Return the nodes of a token that stands alone."""
        line = self._line(token)
        label = str(token.attrs.get("id", ""))
        if token.type in ("fence", "colon_fence"):
            return self._fence(token, line)
        if token.type == "code_block":
            return [Node("code", text=token.content, line=line)]
        if token.type in ("math_block", "math_block_label", "amsmath"):
            name = token.info.strip() if token.type == "math_block_label" else ""
            text = token.content.strip("\n")
            return [self._take_labels(Node("math", text=text, line=line, label=name or label))]
        if token.type == "hr":
            return [Node("rule", line=line)]
        if token.type == "html_block":
            images = _html_images.images_in(token.content, line)
            return [Node("html", images, text=token.content, line=line)]
        if token.type == "myst_target":
            self._labels.append(token.content)
        return []  # a comment, the mark of a block of cells, or a target

    def _fence(self, token: "Token", line: int) -> list[Node]:
        is_deep = _DEPTH.get() > _DEEPEST
        directive = None if is_deep else _directives.opened(token.info)
        if directive is None:
            if token.type == "colon_fence" and not is_deep:
                inner = parse(token.content, extended=True, first_line=line + 1)
                if "panel-tabset" in _classes(token.info).split():
                    return [_tabset(inner, line)]
                return [Node("group", inner, line=line, classes=_classes(token.info))]
            language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
            language = language.strip("{}").lstrip(".")
            node = Node("code", text=token.content, line=line, language=language)
            return [self._take_labels(node)]
        nodes = _directives.expand(directive, token.content, line, parse, parse_inline)
        if nodes:
            self._take_labels(nodes[-1])
        return nodes


def _tabset(inner: list[Node], line: int) -> Node:
    """Return the tabs of Quarto: a heading starts each, those below it belong to it."""
    levels = [int(str(node.facts["level"])) for node in inner if node.type == "heading"]
    tabs = Node("tabs", line=line)
    for node in inner:
        if node.type == "heading" and node.facts["level"] == min(levels):
            tabs.children.append(Node("tab", title=node.plain(), line=node.line))
        elif tabs.children:
            tabs.children[-1].children.append(node)
        else:
            tabs.children.append(Node("tab", [node], title="", line=line))
    return tabs


def _classes(info: str) -> str:
    """Return the classes that the words after a colon fence name.

    >>> _classes("{.notes #me key=1}"), _classes(" sidebar ")
    ('notes', 'sidebar')
    """
    words = info.strip().strip("{}").split()
    return " ".join(word.lstrip(".") for word in words if word[0] != "#" and "=" not in word)


def inlines(tokens: "Iterable[Token]", line: int) -> list[Node]:
    """Return the nodes of inline tokens."""
    root = Node("document")
    stack = [root]
    for token in tokens:
        if token.type.endswith("_close") and token.type.removesuffix("close") + "open" in _INLINES:
            stack.pop()
            continue
        kind = _INLINES.get(token.type)
        if kind is not None:
            node = Node(kind, line=line, facts=_link_facts(token))
            node.label, node.classes = _marks(token)
            stack[-1].children.append(node)
            stack.append(node)
        else:
            stack[-1].children += _inline_single(token, line)
    return root.children


def _link_facts(token: "Token") -> "dict[str, object]":
    if token.type != "link_open":
        return {}
    return {"href": str(token.attrs.get("href", "")), "title": str(token.attrs.get("title", ""))}


def _marks(token: "Token") -> tuple[str, str]:
    return str(token.attrs.get("id", "")), str(token.attrs.get("class", ""))


def _inline_single(token: "Token", line: int) -> list[Node]:
    kind = _TEXTS.get(token.type)
    label, classes = _marks(token)
    if kind == "html_span" and (images := _html_images.images_in(token.content, line)):
        return images
    if kind is not None:
        return [Node(kind, text=token.content, line=line, label=label, classes=classes)] * bool(
            token.content
        )
    if token.type in ("softbreak", "hardbreak"):
        return [Node(token.type, line=line)]
    if token.type == "image":
        facts = {
            name: str(token.attrs.get(name, "")) for name in ("src", "title", "width", "height")
        }
        alt = Node("alt", inlines(token.children or (), line)).plain()
        alt = str(token.attrs.get("alt") or "") or alt
        return [Node("image", line=line, label=label, classes=classes, alt=alt, facts=facts)]
    if token.type == "footnote_ref":
        number, use = int(token.meta["id"]) + 1, int(token.meta["subId"])
        key = str(token.meta.get("label") or number)
        return [Node("footnote_ref", line=line, number=number, key=key, use=use)]
    if token.type == "myst_role" and _DEPTH.get() > _DEEPEST:
        return [Node("code_span", text=token.content, line=line)]
    if token.type == "myst_role":
        return _roles.expand(token.meta["name"], token.content, line, parse_inline)
    return []  # the anchor at the end of a footnote: each exporter makes its own


def _add_label(node: Node, label: str) -> None:
    """Give a node one more label: the last is its own, all lead to it."""
    if label and label != node.label:
        if node.label:
            node.facts["aliases"] = [*node.texts("aliases"), node.label]
        node.label = label


def _take_heading_mark(node: Node) -> None:
    """Read `{#label .class}` at the end of a heading, as Pandoc and Quarto write it."""
    last = node.children[-1] if node.children else None
    found = _HEADING_MARK.match(last.text) if last is not None and last.type == "text" else None
    if last is None or found is None:
        return
    last.text = found[1]
    for word in found[2].split():
        if word.startswith("#"):
            _add_label(node, word[1:])
        elif word.startswith("."):
            node.classes = f"{node.classes} {word[1:]}".strip()


def _turn_into_admonition(node: Node) -> None:
    """Turn a quote that begins with `[!NOTE]` into an admonition."""
    first = node.children[0] if node.children else None
    if first is None or first.type != "paragraph" or not first.children:
        return
    word = first.children[0]
    found = _ALERT.match(word.text) if word.type == "text" else None
    if found is None or (len(first.children) > 1 and first.children[1].type != "softbreak"):
        return
    node.type = "admonition"
    node.facts["name"] = found[1].lower()
    del first.children[:2]
    if not first.children:
        del node.children[0]


def _take_box(node: Node) -> None:
    """Read the box of a task list."""
    first = node.children[0] if node.children else None
    word = first.children[0] if first is not None and first.children else None
    found = _BOX.match(word.text) if word is not None and word.type == "text" else None
    if found is None or word is None:
        return
    node.facts["checked"] = found[1] != " "
    word.text = word.text[found.end() :]


def _turn_into_figure(node: Node) -> None:
    """Turn a paragraph that holds just a titled or labelled image into a figure, as Pandoc does."""
    (image,) = node.children
    if image.type != "image" or not (image.label or image.get("title")):
        return
    node.type = "figure"
    _add_label(node, image.label)
    node.classes = image.classes
    node.facts.update({name: image.get(name) for name in ("src", "alt", "width", "height")})
    caption = image.get("title") or image.get("alt")
    node.children = [Node("paragraph", parse_inline(caption, line=node.line), line=node.line)]
