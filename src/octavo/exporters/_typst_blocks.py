"""Nodes of prose to Typst's markup: one method a type of node.

Every text goes in as a string literal, `#"..."`, so nothing that a person wrote can be taken
for markup.
"""

from octavo.core.errors import Notice, Span
from octavo.core.patterns import lazy
from octavo.exporters import _escape, _images, _resolve, _safe, _typst_math
from octavo.exporters._node import BLOCK_TYPES, Node
from octavo.exporters._writer import NodeWriter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match

    from octavo.exporters._exporter import Settings
    from octavo.exporters._page import Page

#: Typst applies only so many rules inside of each other: what stands in more of these nodes
#: follows them without a frame.
_HOLDERS = ("quote", "list", "admonition", "group", "tabs", "figure", "table", "definitions")
_DEEPEST = 12
_WRAPS = {"emphasis": "emph", "strong": "strong", "strike": "strike", "subscript": "sub",
          "superscript": "super", "underline": "underline", "small": "smallcaps"}  # fmt: skip
KINDS = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"))
_TONES = {"tip": "green", "exercise": "green", "solution": "green", "warning": "orange",
          "caution": "orange", "important": "orange", "danger": "red"}  # fmt: skip
_LENGTHS = {"px": (0.75, "pt"), "em": (1.0, "em"), "%": (1.0, "%"), "cm": (1.0, "cm"),
            "mm": (1.0, "mm"), "in": (1.0, "in"), "pt": (1.0, "pt")}  # fmt: skip


#: Words without places to break them: no line begins with a full stop or a bracket, so a blank
#: before one of those is no such place.  Scripts without blanks have places everywhere.
#: Source: Unicode Standard Annex 14, LB13.
_LONG_WORD = lazy(
    r"(?:[!-\u1fff\u2010-\u2e7f\ufb00-\ufefe\U00010000-\U0001bfff]| (?=[!)\],./:;?}])){61,}"
)
_LONGEST_PART = 60
_PART = lazy(".{1,8}")
_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def literal(text: str) -> str:
    r"""Return a string literal of Typst.

    >>> print(literal('say "x"\n'))
    "say \"x\"\n"
    """
    text = _escape.possible(text)
    for sign, escaped in _ESCAPES:
        text = text.replace(sign, escaped)
    return f'"{text}"'


def shown(text: str) -> str:
    """Return a text as content."""
    return f"#{breakable(text)}" if text else ""


def place(name: str) -> str:
    """Return a place that links lead to, where nothing else bears the label."""
    return f"#metadata(none)#label({literal(name)})"


def breakable(text: str) -> str:
    """Return a string literal for a text to be read: a word that fills a line may be broken.

    Typst would let it run off the page.
    """
    if _LONG_WORD.search(text) is not None:
        text = _LONG_WORD.sub(_with_breaks, text)
    return literal(text)


def _with_breaks(word: "Match[str]") -> str:
    parts = word[0].split(" ")
    return " \u200b".join(
        "\u200b".join(_PART.findall(part)) if len(part) > _LONGEST_PART else part for part in parts
    )


class TypstBlocks(NodeWriter):
    """Writes the nodes of a page; `files` gathers pictures, `notices` what could not be shown."""

    def __init__(self, page: "Page", settings: "Settings") -> None:
        self.page = page
        self.settings = settings
        self.files: dict[str, bytes] = {}
        self.notices: list[Notice] = []
        self._footnotes = {note.get("number"): note for note in page.footnotes}
        self._noted: set[str] = set()
        self._depth = 0
        self.after_title = ""  # what stands below the first heading of level 1

    def written(self, node: Node) -> str:
        """Return a node and all below it."""
        if node.type not in _HOLDERS:
            return super().written(node)
        if self._depth == _DEEPEST:
            return f"{self.other(node)}\n\n"
        self._depth += 1
        made = super().written(node)
        self._depth -= 1
        return made

    def placed(self, name: str, made: str, *, is_block: bool) -> str:  # noqa: ARG002  both may have one
        """Return what became of a labelled node, with its label."""
        return made if f"#label({literal(name)})" in made else place(name) + made

    def other(self, node: Node) -> str:
        """Return a node whose type has no method, and all below it."""
        name = _WRAPS.get(node.type)
        if name is not None:
            return f"#{name}[{self.many(node.children)}]"
        made = shown(node.text) + self.many(node.children)
        return f"{made}\n\n" if node.type in BLOCK_TYPES else made

    def label(self, node: Node) -> str:
        """Return the label of a node, "" when it has none."""
        name = node.get("id") or node.label
        return f" #label({literal(name)})" if name else ""

    def picture(self, data: bytes, mime: str, alt: str, size: str = "") -> str:
        """Return a picture; it is kept once however often it is shown."""
        from hashlib import blake2b

        data = _safe.svg(data) if mime == "image/svg+xml" else in_svg(data, mime)
        name = f"{blake2b(data, digest_size=10).hexdigest()}.svg"
        self.files[name] = data
        described = f", alt: {literal(alt)}" if alt else ""
        return f"#fitted({literal(name)}{described}{size})"

    def formula(self, tex: str, *, block: bool, name: str = "", number: str = "") -> str:
        """Return a formula, as code where a command is not known."""
        source = _typst_math.without_label(tex)
        try:
            made = _typst_math.to_typst(source)
        except _typst_math.UnknownTexError as error:
            self.notices.append(
                Notice("OCT-E006", f"a formula is shown as it was written: {error}", Span())
            )
            return f'#raw({breakable(source)}, lang: "latex"{", block: true" if block else ""})'
        alt = literal(" ".join(source.split()))
        numbering = ', numbering: "(1)"' if number else ""
        mark = f" #label({literal(name)})" if name else ""
        return (
            f"#math.equation(block: {str(block).lower()}, alt: {alt}{numbering}, $ {made} $){mark}"
            + ("\n\n" if block else "")
        )

    def on_heading(self, node: Node) -> str:
        level = node.get("level")
        after = ""
        if level == "1":
            after, self.after_title = self.after_title, ""
        inner = self.many(node.children)
        return f"#heading(level: {level})[{inner}]{self.label(node)}\n\n{after}"

    def on_paragraph(self, node: Node) -> str:
        inner = self.many(node.children)
        if node.get("id"):
            return f"#block[{inner}]{self.label(node)}\n\n"
        return inner if node.facts.get("tight") else f"{inner}\n\n"

    def on_code(self, node: Node) -> str:
        return f"#input[{source(node.text.rstrip(chr(10)), node.get('language'))}]\n\n"

    def on_math(self, node: Node) -> str:
        name = node.get("id") or node.label
        return self.formula(node.text, block=True, name=name, number=node.get("number"))

    def on_math_span(self, node: Node) -> str:
        return self.formula(node.text, block=False)

    def on_quote(self, node: Node) -> str:
        return f"#quote(block: true)[{self.many(node.children)}]\n\n"

    def on_list(self, node: Node) -> str:
        items = [f"[{self._item(item)}]" for item in node.children]
        name = "enum" if node.facts.get("ordered") else "list"
        start = f"start: {node.get('start')}, " if node.facts.get("start") else ""
        return f"#{name}({start}{', '.join(items)})\n\n" if items else ""

    def _item(self, node: Node) -> str:
        checked = node.facts.get("checked")
        box = "" if checked is None else f"#checkbox[{'☑' if checked else '☐'}] "
        return box + self.many(node.children)

    def on_table(self, node: Node) -> str:
        width = max((len(row.children) for row in node.children), default=0)
        if not width:
            return ""
        aligns = [cell.get("align") or "left" for cell in node.children[0].children]
        aligns += ["left"] * (width - len(aligns))
        heads: list[str] = []
        rows: list[str] = []
        for row in node.children:
            cells = [f"[{self.many(cell.children)}]" for cell in row.children]
            cells += ["[]"] * (width - len(cells))
            (heads if row.facts.get("header") else rows).extend(cells)
        parts = [f"columns: {width}", f"align: ({', '.join(aligns)},)"]
        parts += [f"table.header({', '.join(heads)})"] if heads else []
        return f"#table({', '.join(parts + rows)})\n\n"

    def on_rule(self, _node: Node) -> str:
        return "#line(length: 100%, stroke: 0.5pt + gray)\n\n"

    def on_html(self, node: Node) -> str:
        text = _safe.plain(node.text)
        made = [shown(text)] * bool(text) + [self.one(image) for image in node.children]
        return "".join(f"{part}\n\n" for part in made)

    def on_admonition(self, node: Node) -> str:
        children = list(node.children)
        word = node.get("word") or node.get("name")
        title = ""
        if children and children[0].type == "title":
            title = self.many(children.pop(0).children)
        title = title or shown(word.capitalize())
        tone = _TONES.get(node.get("name"), "blue")
        return f"#admonition({tone}, [{title}])[{self.many(children)}]{self.label(node)}\n\n"

    def on_title(self, node: Node) -> str:
        return f"*{self.many(node.children)}*\n\n"

    def on_figure(self, node: Node) -> str:
        children = list(node.children)
        if node.get("src"):
            content = self.on_image(node)
        else:
            content = self.one(children.pop(0)) if children else ""
        kind = node.get("kind") or "figure"
        return self.figure(content, self.many(children).strip(), kind, self.label(node))

    def figure(self, content: str, caption: str, kind: str, label: str) -> str:
        """Return a figure with its caption and number."""
        word = _resolve.WORDS.get(kind, "Figure")
        made = {"table": "table", "listing": "raw"}.get(kind, "image")
        told = f", caption: [{caption}]" if caption else ""
        facts = f'kind: {made}, supplement: "{word}"{told}'
        return f"#figure({facts})[{content}]{label}\n\n"

    def on_image(self, node: Node) -> str:
        found = _images.load(node.get("src"), self.settings, node.line)
        if not isinstance(found, Notice) and found.mime not in KINDS:
            found = Notice("OCT-E003", f"no picture for a PDF: {found.mime}", Span("", node.line))
        if isinstance(found, Notice):
            self.notices.append(found)
            alt = f": {node.get('alt')}" if node.get("alt") else ""
            return f"#emph[{shown(f'[{found.message}{alt}]')}]"
        return self.picture(found.data, found.mime, node.get("alt"), _size(node))

    def on_definitions(self, node: Node) -> str:
        parts, term = [], ""
        for child in node.children:
            if child.type == "term":
                term = self.many(child.children)
            else:
                parts.append(f"terms.item([{term}], [{self.many(child.children)}])")
                term = ""
        return f"#terms({', '.join(parts)})\n\n" if parts else ""

    def on_tabs(self, node: Node) -> str:
        return "".join(
            f"#strong[{shown(tab.get('title'))}]\n\n{self.many(tab.children)}"
            for tab in node.children
        )

    def on_group(self, node: Node) -> str:
        return self.many(node.children)

    def on_note(self, node: Node) -> str:
        return f"#emph[{shown(f'[{node.text}]')}]\n\n"

    def on_contents(self, _node: Node) -> str:
        return "#outline()\n\n"

    def on_code_span(self, node: Node) -> str:
        return f"#raw({breakable(node.text)})"

    def on_html_span(self, node: Node) -> str:
        return "#linebreak()" if node.text.lower().startswith("<br") else ""

    def on_span(self, node: Node) -> str:
        return self.many(node.children)

    def on_link(self, node: Node) -> str:
        href, inner = node.get("href"), self.many(node.children)
        if href.startswith("#"):
            name = self.page.names.get(href[1:])
            return f"#link(label({literal(name.id)}))[{inner}]" if name is not None else inner
        return f"#link({literal(href)})[{inner}]" if "://" in href or ":" in href else inner

    def on_softbreak(self, _node: Node) -> str:
        return "\n"

    def on_hardbreak(self, _node: Node) -> str:
        return "#linebreak()"

    def on_footnote_ref(self, node: Node) -> str:
        number = node.get("number")
        name = f"fn-{number}"
        note = self._footnotes.get(number)
        if number in self._noted or note is None:
            return f"#footnote(label({literal(name)}))"
        self._noted.add(number)
        return f"#footnote[{self.many(note.children).strip()}] #label({literal(name)})"

    def on_reference(self, node: Node) -> str:
        inner, name = self.many(node.children), node.get("id")
        return f"#link(label({literal(name)}))[{inner}]" if name else inner

    def on_abbreviation(self, node: Node) -> str:
        return shown(node.text)

    def on_footnotes(self, _node: Node) -> str:
        return ""  # each stands where it is named

    def on_bibliography(self, node: Node) -> str:
        return self.many(node.children)


def source(text: str, language: str) -> str:
    """Return code as a block."""
    name = f", lang: {literal(language)}" if language else ""
    return f"#raw({breakable(text)}, block: true{name})"


def in_svg(data: bytes, mime: str) -> bytes:
    """Return a raster picture as an SVG that holds it: files in memory are texts for Typst."""
    width, height = _images.size(data)
    width, height = width or 640, height or 480
    address = _images.Image(data, mime).address()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'href="{address}"/></svg>'
    ).encode("ascii")


def _size(node: Node) -> str:
    parts = ""
    for name in ("width", "height"):
        text = node.get(name)
        number = text.rstrip("abcdefghijklmnopqrstuvwxyz%")
        unit = _LENGTHS.get(text[len(number) :] or "px")
        if unit is not None and number.replace(".", "", 1).isdecimal():
            parts += f", {name}: {float(number) * unit[0]:g}{unit[1]}"
    return parts
