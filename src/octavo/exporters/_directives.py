"""MyST directives, and what Quarto and Docusaurus write in their place: ONE table of names."""

from octavo.core.patterns import lazy
from octavo.exporters._node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Parse: TypeAlias = Callable[..., list[Node]]
    Make: TypeAlias = Callable[["Directive", "Parse", "Parse"], list[Node]]

_OPENED = lazy(r"\{([A-Za-z][\w:+-]*)\}[ \t]*(.*)\Z")
_CALLOUT = lazy(r"\{\.callout-(\w+)([^}]*)\}[ \t]*\Z")
_BARE = lazy(r"(note|tip|info|warning|danger|caution|important|hint)(?:\[(.*)\])?[ \t]*\Z")
_TITLE = lazy(r"""title=(?:"([^"]*)"|'([^']*)')""")
_LABEL = lazy(r"#([\w:.-]+)")
_OPTION = lazy(r":([A-Za-z][\w-]*):(?:[ \t]+(.*))?[ \t]*\Z")

#: Directives that are admonitions, with the kind that decides their colour and sign.
ADMONITIONS = {
    "note": "note", "tip": "tip", "hint": "tip", "important": "important", "info": "note",
    "warning": "warning", "caution": "caution", "attention": "warning", "danger": "danger",
    "error": "danger", "seealso": "seealso", "admonition": "note", "todo": "todo",
    "exercise": "exercise", "solution": "solution", "theorem": "theorem", "proof": "proof",
    "definition": "theorem", "lemma": "theorem", "example": "example", "topic": "note",
    "versionadded": "note", "versionchanged": "note", "deprecated": "warning",
}  # fmt: skip

_TITLED = frozenset(
    "admonition topic exercise solution theorem proof definition lemma example".split()
)


class Directive:
    """A directive as it was written: name, argument, options, body and the line of the body."""

    __slots__ = ("argument", "body", "line", "name", "options")

    def __init__(self, name: str, argument: str, options: "dict[str, str] | None" = None) -> None:
        self.name = name
        self.argument = argument
        self.options = options or {}
        self.body = ""
        self.line = 0


def opened(info: str) -> Directive | None:
    """Return the directive that the words after a fence open, None when they open none.

    >>> opened("{figure} a.png").argument, opened("python"), opened("{.callout-tip}").name
    ('a.png', None, 'tip')
    """
    info = info.strip()
    found = _OPENED.match(info)
    if found is not None:
        return Directive(found[1].lower(), found[2].strip())
    callout = _CALLOUT.match(info)
    if callout is not None:
        return _callout(callout[1], callout[2])
    bare = _BARE.match(info)
    return Directive(bare[1], bare[2] or "") if bare is not None else None


def _callout(name: str, rest: str) -> Directive:
    title, label = _TITLE.search(rest), _LABEL.search(rest)
    options = {"name": label[1]} if label else {}
    if "collapse" in rest:
        options["class"] = "dropdown"
    return Directive(name, (title[1] or title[2] or "") if title else "", options)


def expand(
    directive: Directive, content: str, line: int, parse: "Parse", parse_inline: "Parse"
) -> list[Node]:
    """Return the nodes of a directive, those of its body made by *parse*."""
    options, body, skipped = _split(content)
    directive.options.update(options)
    directive.body = body
    directive.line = line + 1 + skipped
    name = directive.name.removeprefix("prf:").removesuffix("-start")
    if name in ADMONITIONS:
        directive.name = name
        nodes = _admonition(directive, parse, parse_inline)
    else:
        nodes = _MAKERS.get(name, _unknown)(directive, parse, parse_inline)
    for node in nodes[:1]:
        node.line = line
        node.label = node.label or directive.options.get("name", directive.options.get("label", ""))
        node.classes = f"{node.classes} {directive.options.get('class', '')}".strip()
    return nodes


def _split(content: str) -> tuple[dict[str, str], str, int]:
    """Return the options at the top of a body, the rest, and how many lines they took.

    Options stand as `:name: value` or as YAML between two lines `---`.
    """
    lines = content.split("\n")
    options: dict[str, str] = {}
    if lines[0].strip() == "---":
        for n, text in enumerate(lines[1:], 1):
            if text.strip() == "---":
                return options, "\n".join(lines[n + 1 :]), n + 1
            key, _, value = text.partition(":")
            options[key.strip()] = value.strip().strip("\"'")
        return {}, content, 0
    n = 0
    for n, text in enumerate(lines):  # noqa: B007  used below
        found = _OPTION.match(text.strip()) if text.strip() else None
        if found is None:
            break
        options[found[1]] = (found[2] or "").strip()
    else:
        n = len(lines)
    return options, "\n".join(lines[n:]), n


def _inner(directive: Directive, parse: "Parse") -> list[Node]:
    return parse(directive.body, first_line=directive.line)


def _admonition(directive: Directive, parse: "Parse", parse_inline: "Parse") -> list[Node]:
    kind = ADMONITIONS[directive.name]
    argument, body = directive.argument, _inner(directive, parse)
    takes_title = directive.name in _TITLED or bool(body)
    if argument and not takes_title:
        body = [Node("paragraph", parse_inline(argument, line=directive.line))]
        argument = ""
    title = [Node("title", parse_inline(argument, line=directive.line))] if argument else []
    classes = directive.options.get("class", "").split()
    folded = "dropdown" in classes
    is_open = "open" in directive.options or "toggle-shown" in classes
    return [
        Node("admonition", [*title, *body], name=kind, word=directive.name, folded=folded,
             open=is_open)
    ]  # fmt: skip


def _dropdown(directive: Directive, parse: "Parse", parse_inline: "Parse") -> list[Node]:
    title = Node("title", parse_inline(directive.argument or "Details", line=directive.line))
    is_open = "open" in directive.options
    return [Node("admonition", [title, *_inner(directive, parse)], name="details", word="details",
                 folded=True, open=is_open)]  # fmt: skip


def _figure(directive: Directive, parse: "Parse", _parse_inline: "Parse") -> list[Node]:
    caption = _inner(directive, parse)
    facts = {key: directive.options.get(key, "") for key in ("alt", "width", "height")}
    facts["alt"] = facts["alt"] or " ".join(node.plain() for node in caption[:1])
    return [Node("figure", caption, src=directive.argument, facts=facts)]


def _image(directive: Directive, _parse: "Parse", _parse_inline: "Parse") -> list[Node]:
    facts = {key: directive.options.get(key, "") for key in ("alt", "width", "height", "title")}
    return [Node("paragraph", [Node("image", src=directive.argument, facts=facts)])]


def _code(directive: Directive, _parse: "Parse", parse_inline: "Parse") -> list[Node]:
    code = Node("code", text=directive.body, line=directive.line, language=directive.argument)
    caption = directive.options.get("caption", "")
    if not caption:
        return [code]
    shown = Node("paragraph", parse_inline(caption, line=directive.line))
    return [Node("figure", [code, shown], kind="listing")]


def _math(directive: Directive, _parse: "Parse", _parse_inline: "Parse") -> list[Node]:
    text = "\n\n".join(part for part in (directive.argument, directive.body.strip("\n")) if part)
    return [Node("math", text=text)]


def _table(directive: Directive, parse: "Parse", parse_inline: "Parse") -> list[Node]:
    blocks = _inner(directive, parse)
    if not directive.argument:
        return blocks
    caption = Node("paragraph", parse_inline(directive.argument, line=directive.line))
    return [Node("figure", [*blocks, caption], kind="table")]


def _list_table(directive: Directive, parse: "Parse", parse_inline: "Parse") -> list[Node]:
    """Make a table of a list of lists."""
    blocks = _inner(directive, parse)
    headers = int(directive.options.get("header-rows", "0") or 0)
    rows = []
    for n, item in enumerate(blocks[0].children if blocks and blocks[0].type == "list" else ()):
        inner = next((child for child in item.children if child.type == "list"), Node("list"))
        cells = [
            Node("cell", _as_inline(one), header=n < headers, align="") for one in inner.children
        ]
        rows.append(Node("row", cells, header=n < headers))
    if not rows:
        return blocks
    directive.body = ""
    return _captioned(Node("table", rows), directive, parse_inline)


def _csv_table(directive: Directive, _parse: "Parse", parse_inline: "Parse") -> list[Node]:
    import csv

    lines = list(csv.reader(directive.body.strip("\n").split("\n")))
    head = next(csv.reader([directive.options["header"]])) if "header" in directive.options else []
    headers = int(directive.options.get("header-rows", "0") or 0) + bool(head)
    rows = []
    for n, values in enumerate([head, *lines] if head else lines):
        cells = [
            Node(
                "cell",
                parse_inline(value.strip(), line=directive.line),
                header=n < headers,
                align="",
            )
            for value in values
        ]
        rows.append(Node("row", cells, header=n < headers))
    return _captioned(Node("table", rows), directive, parse_inline)


def _captioned(table: Node, directive: Directive, parse_inline: "Parse") -> list[Node]:
    if not directive.argument:
        return [table]
    caption = Node("paragraph", parse_inline(directive.argument, line=directive.line))
    return [Node("figure", [table, caption], kind="table")]


def _as_inline(item: Node) -> list[Node]:
    nodes: list[Node] = []
    for block in item.children:
        if nodes:
            nodes.append(Node("hardbreak"))
        nodes += block.children if block.type == "paragraph" else [block]
    return nodes


def _tabs(directive: Directive, parse: "Parse", _parse_inline: "Parse") -> list[Node]:
    return [Node("tabs", [node for node in _inner(directive, parse) if node.type == "tab"])]


def _tab(directive: Directive, parse: "Parse", _parse_inline: "Parse") -> list[Node]:
    return [Node("tab", _inner(directive, parse), title=directive.argument)]


def _group(directive: Directive, parse: "Parse", parse_inline: "Parse") -> list[Node]:
    inner = _inner(directive, parse)
    if directive.name in ("card", "grid-item-card", "sidebar", "margin", "aside") and (
        directive.argument
    ):
        inner.insert(0, Node("title", parse_inline(directive.argument, line=directive.line)))
    return [Node("group", inner, name=directive.name, link=directive.options.get("link", ""))]


def _quote(directive: Directive, parse: "Parse", _parse_inline: "Parse") -> list[Node]:
    return [Node("quote", _inner(directive, parse))]


def _bibliography(_directive: Directive, _parse: "Parse", _parse_inline: "Parse") -> list[Node]:
    return [Node("bibliography")]


def _contents(_directive: Directive, _parse: "Parse", _parse_inline: "Parse") -> list[Node]:
    return [Node("contents")]


def _toctree(directive: Directive, _parse: "Parse", _parse_inline: "Parse") -> list[Node]:
    """Return the pages of a site in their order, as Sphinx and Jupyter Book name them."""
    entries = []
    for line in directive.body.split("\n"):
        words = line.strip()
        if words and not words.startswith(":"):
            title, _, rest = words.partition("<")
            entries.append((title.strip(), rest.strip(" >")) if rest.endswith(">") else ("", words))
    caption = directive.options.get("caption", "")
    is_hidden = "hidden" in directive.options
    return [Node("toctree", entries=entries, caption=caption, hidden=is_hidden)]


def _hidden(_directive: Directive, _parse: "Parse", _parse_inline: "Parse") -> list[Node]:
    return []


def _unknown(directive: Directive, parse: "Parse", _parse_inline: "Parse") -> list[Node]:
    """Keep the body of a directive that no exporter knows, under a note that says so."""
    told = f"unknown directive {{{directive.name}}}"
    argument = f" {directive.argument}" if directive.argument else ""
    return [Node("note", text=told + argument, line=directive.line), *_inner(directive, parse)]


_MAKERS: "dict[str, Make]" = {
    "dropdown": _dropdown, "details": _dropdown, "toggle": _dropdown,
    "figure": _figure, "image": _image,
    "code": _code, "code-block": _code, "sourcecode": _code, "literalinclude": _unknown,
    "math": _math,
    "table": _table, "list-table": _list_table, "csv-table": _csv_table,
    "tab-set": _tabs, "tabs": _tabs, "tab-item": _tab, "tab": _tab,
    "grid": _group, "grid-item": _group, "grid-item-card": _group, "card": _group, "div": _group,
    "sidebar": _group, "margin": _group, "aside": _group, "container": _group, "centered": _group,
    "notes": _group,
    "epigraph": _quote, "pull-quote": _quote, "blockquote": _quote, "highlights": _quote,
    "bibliography": _bibliography, "contents": _contents, "tableofcontents": _contents,
    "toctree": _toctree, "index": _hidden, "comment": _hidden, "only": _group, "raw": _unknown,
}  # fmt: skip
