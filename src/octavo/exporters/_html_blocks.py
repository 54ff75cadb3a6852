"""Nodes of prose to HTML: one method a type of node."""

from octavo.core.errors import Notice
from octavo.exporters import (
    _escape,
    _html_images,
    _html_widgets,
    _images,
    _math,
    _outline,
    _resolve,
    _safe,
    _site_links,
)
from octavo.exporters._highlight import highlight
from octavo.exporters._node import Node
from octavo.exporters._writer import NodeWriter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from octavo.exporters._exporter import Settings
    from octavo.exporters._outputs import Output
    from octavo.exporters._page import Page
    from octavo.exporters._widgets import Widget

    #: Writes an output.
    Show: TypeAlias = Callable[[Output], str]

_SIMPLE = {
    "emphasis": "em", "strong": "strong", "strike": "del", "subscript": "sub",
    "superscript": "sup", "underline": "u", "quote": "blockquote", "definitions": "dl",
    "term": "dt", "definition": "dd",
}  # fmt: skip
_WORDS = {"seealso": "See also", "todo": "To do", "details": "Details"}


class Blocks(NodeWriter):
    """Writes the nodes of a page; `notices` gathers what could not be shown as asked.

    `images` keeps each picture once: exporters that write several files may put them aside.
    `is_live` lets outputs run in frames of their own; `libraries` are the scripts they need.
    """

    def __init__(self, page: "Page", settings: "Settings", *, is_live: bool = False) -> None:
        self.page = page
        self.settings = settings
        self.notices: list[Notice] = []
        self.is_live = is_live
        self.libraries: dict[str, None] = {}
        self.heading_shift = 0
        self._footnotes_used: dict[int, int] = {}
        self._tabs = 0

    def other(self, node: Node) -> str:
        """Return a node whose type has no method, and all below it."""
        tag = _SIMPLE.get(node.type)
        if tag is not None:
            end = "\n" if node.type in ("quote", "definitions", "term", "definition") else ""
            return f"<{tag}{self.marks(node)}>{self.many(node.children)}</{tag}>{end}"
        return _escape.text(node.text) + self.many(node.children)

    def placed(self, name: str, made: str, *, is_block: bool) -> str:
        """Return what became of a labelled node, with its id."""
        mark = f'id="{_escape.attribute(name)}"'
        tag = "div" if is_block else "span"
        return made if mark in made else f"<{tag} {mark}>{made}</{tag}>" + "\n" * is_block

    def marks(self, node: Node, *classes: str) -> str:
        """Return the attributes `id` and `class` of a node."""
        found = " ".join(filter(None, (*classes, node.classes)))
        name = node.get("id") or node.label
        return (f' id="{_escape.attribute(name)}"' if name else "") + (
            f' class="{_escape.attribute(found)}"' if found else ""
        )

    def on_image(self, node: Node) -> str:
        """Return an image, its bytes in its address; a note where there is none."""
        found = _images.load(node.get("src"), self.settings, node.line)
        if isinstance(found, Notice):
            self.notices.append(found)
            alt = f": {node.get('alt')}" if node.get("alt") else ""
            return f'<span class="missing">[{_escape.text(found.message + alt)}]</span>'
        if found.mime == "image/svg+xml":
            found = _images.Image(_safe.svg(found.data), found.mime)
        size = "".join(
            f' {name}="{node.get(name)}"'
            for name in ("width", "height")
            if node.get(name).isdecimal()
        )
        style = "".join(
            f"{name}:{node.get(name)};"
            for name in ("width", "height")
            if _safe.is_length(node.get(name))
        )
        style = f' style="{style}"' if style else ""
        title = f' title="{_escape.attribute(node.get("title"))}"' if node.get("title") else ""
        alt = _escape.attribute(node.get("alt"))
        return f'<img src="{found.address()}" alt="{alt}"{title}{size}{style}>'

    def footnotes(self, notes: "list[Node] | None" = None) -> str:
        """Return the footnotes of the page, or some of them; "" when there are none."""
        notes = self.page.footnotes if notes is None else notes
        if not notes:
            return ""
        items = []
        for note in notes:
            number = note.get("number")
            uses = self._footnotes_used.get(int(number), 1)
            back = "".join(
                f' <a class="back" href="#fnref-{number}{_use(n)}" role="doc-backlink" '
                f'aria-label="Back to the text">↩</a>'
                for n in range(uses)
            )
            inner = self.many(note.children)
            end = "</p>\n" if inner.endswith("</p>\n") else ""
            inner = f"{inner.removesuffix(end)}{back}{end}"
            items.append(f'<li id="fn-{number}" value="{number}">{inner}</li>\n')
        opening = '<section class="footnotes" role="doc-endnotes"><hr>\n<ol>\n'
        return f"{opening}{''.join(items)}</ol></section>\n"

    def on_heading(self, node: Node) -> str:
        level = min(6, int(node.get("level")) + self.heading_shift)
        number = node.get("number")
        shown = f'<span class="number">{number}</span> ' if number else ""
        name = _escape.attribute(node.get("id"))
        inner = self.many(node.children)
        return f"<h{level}{self.marks(node)}>{shown}{inner}{self.permalink(name)}</h{level}>\n"

    def permalink(self, name: str) -> str:
        """Return the link of a heading to itself."""
        return f'<a class="permalink" href="#{name}" aria-label="Link to this section">#</a>'

    def widget(self, widget: "Widget", show: "Show") -> str:
        """Return the widget of an output; what it caught is written by *show*."""
        return _html_widgets.Widgets(self, show).html(widget)

    def on_paragraph(self, node: Node) -> str:
        inner = self.many(node.children)
        return inner if node.facts.get("tight") else f"<p{self.marks(node)}>{inner}</p>\n"

    def on_code(self, node: Node) -> str:
        language = node.get("language")
        shown = highlight(node.text.rstrip("\n"), language)
        name = f' data-language="{_escape.attribute(language)}"' if language else ""
        pre = f'<pre tabindex="0"{name}><code>{shown}</code></pre>'
        return f"<div{self.marks(node, 'code')}>{pre}</div>\n"

    def on_math(self, node: Node) -> str:
        made, _ = _math.mathml(node.text, block=True)
        number = node.get("number")
        shown = f'<span class="equation-number">({number})</span>' if number else ""
        return f"<div{self.marks(node, 'equation')}>{made}{shown}</div>\n"

    def on_math_span(self, node: Node) -> str:
        return _math.mathml(node.text)[0]

    def on_list(self, node: Node) -> str:
        start = node.facts.get("start")
        attribute = f' start="{start}"' if start not in (None, 1) else ""
        tag = "ol" if node.facts.get("ordered") else "ul"
        has_boxes = any(item.facts.get("checked") is not None for item in node.children)
        marks = self.marks(node, "tasks" if has_boxes else "")
        return f"<{tag}{marks}{attribute}>\n{self.many(node.children)}</{tag}>\n"

    def on_item(self, node: Node) -> str:
        checked = node.facts.get("checked")
        box = ""
        if checked is not None:
            state, word = (" checked", "done") if checked else ("", "to do")
            box = f'<input type="checkbox" disabled{state} aria-label="{word}"> '
        return f"<li>{box}{self.many(node.children)}</li>\n"

    def on_table(self, node: Node) -> str:
        heads = [row for row in node.children if row.facts.get("header")]
        rows = [row for row in node.children if not row.facts.get("header")]
        head = f"<thead>\n{self.many(heads)}</thead>\n" if heads else ""
        body = f"<tbody>\n{self.many(rows)}</tbody>\n" if rows else ""
        return (
            f'<div class="table" tabindex="0" role="group" aria-label="Table">'
            f"<table{self.marks(node)}>\n{head}{body}</table></div>\n"
        )

    def on_row(self, node: Node) -> str:
        return f"<tr>{self.many(node.children)}</tr>\n"

    def on_cell(self, node: Node) -> str:
        tag = "th" if node.facts.get("header") else "td"
        align = f' class="{node.get("align")}"' if node.get("align") else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{scope}{align}>{self.many(node.children)}</{tag}>"

    def on_rule(self, _node: Node) -> str:
        return "<hr>\n"

    def on_html(self, node: Node) -> str:
        return _safe.html(self.with_images(node.text, node.children))

    def with_images(self, html: str, images: "list[Node] | None" = None) -> str:
        """Return HTML of somebody with the pictures that it names put into it."""
        images = _html_images.images_in(html) if images is None else images
        return _html_images.with_images(html, images, self.on_image) if images else html

    def on_admonition(self, node: Node) -> str:
        kind, word = node.get("name"), node.get("word") or node.get("name")
        children = list(node.children)
        title = self.many(children.pop(0).children) if _is_title(children) else ""
        title = title or _escape.text(_WORDS.get(word, word.capitalize()))
        inner = self.many(children)
        marks = self.marks(node, f"admonition {kind}")
        if node.facts.get("folded"):
            is_open = " open" if node.facts.get("open") else ""
            return f"<details{marks}{is_open}><summary>{title}</summary>\n{inner}</details>\n"
        return f'<div{marks} role="note"><p class="admonition-title">{title}</p>\n{inner}</div>\n'

    def on_title(self, node: Node) -> str:
        return f'<p class="title">{self.many(node.children)}</p>\n'

    def on_figure(self, node: Node) -> str:
        kind = node.get("kind") or "figure"
        children = list(node.children)
        if node.get("src"):
            content = self.on_image(node)
        else:
            content = self.one(children.pop(0)) if children else ""
        word = _resolve.WORDS.get(kind, "Figure")
        number = f'<span class="number">{word} {node.get("number")}:</span> '
        caption = self.many(children)
        if caption.startswith("<p>"):
            caption = caption.removeprefix("<p>").replace("</p>", "", 1)
        shown = f"<figcaption>{number}{caption}</figcaption>" if caption.strip() else ""
        return f"<figure{self.marks(node, kind)}>{content}{shown}</figure>\n"

    def on_tabs(self, node: Node) -> str:
        tabs = [(tab.get("title"), self.many(tab.children)) for tab in node.children]
        return self.tabs(tabs, self.marks(node, "tabs"))

    def tabs(
        self, tabs: list[tuple[str, str]], marks: str = ' class="tabs"', chosen: int = 0
    ) -> str:
        """Return pairs of a title and a content; scripts turn the folds into tabs."""
        self._tabs += 1
        parts = []
        for n, (title, inner) in enumerate(tabs):
            is_open = " open" if n == chosen else ""
            parts.append(
                f'<details class="tab" name="tabs-{self._tabs}"{is_open}>'
                f"<summary>{_escape.text(title)}</summary>\n"
                f'<div class="tab-content">{inner}</div></details>\n'
            )
        return f"<div{marks}>\n{''.join(parts)}</div>\n"

    def on_group(self, node: Node) -> str:
        tag = "aside" if node.get("name") in ("sidebar", "margin", "aside") else "div"
        inner = self.many(node.children)
        return f"<{tag}{self.marks(node, node.get('name'))}>\n{inner}</{tag}>\n"

    def on_toctree(self, node: Node) -> str:
        """Return links to the pages of a site; one page alone has none."""
        entries = node.facts["entries"]
        if not self.settings.page or node.facts.get("hidden") or not isinstance(entries, list):
            return ""
        items = "".join(
            f"<li>{_site_links.to_document(self.settings.page, target, title, node.line)}</li>\n"
            for title, target in entries
            if "*" not in target
        )
        return f"<ul>\n{items}</ul>\n" if items else ""

    def on_note(self, node: Node) -> str:
        return f'<p class="missing">[{_escape.text(node.text)}]</p>\n'

    def on_contents(self, _node: Node) -> str:
        return self.contents()

    def contents(self) -> str:
        """Return the table of contents, nested as the headings are."""
        shown = [
            node for node in self.page.headings()
            if node.get("level") != "1" or node.plain() != self.page.title
        ]  # fmt: skip
        return _outline.nested((int(node.get("level")), f"#{node.get('id')}", _numbered(node))
                               for node in shown)  # fmt: skip

    def on_code_span(self, node: Node) -> str:
        return f"<code>{_escape.text(node.text)}</code>"

    def on_html_span(self, node: Node) -> str:
        return _safe.inline(node.text)

    def on_small(self, node: Node) -> str:
        return f'<span class="small-caps">{self.many(node.children)}</span>'

    def on_span(self, node: Node) -> str:
        return f"<span{self.marks(node)}>{self.many(node.children)}</span>"

    def on_link(self, node: Node) -> str:
        href = node.get("href")
        title = f' title="{_escape.attribute(node.get("title"))}"' if node.get("title") else ""
        inner = self.many(node.children)
        if self.settings.page and _site_links.is_document(href):
            return _site_links.to_document(self.settings.page, href, inner, node.line)
        if not _safe.is_address(href):
            return f"<span{title}>{inner}</span>"
        return f'<a href="{_escape.attribute(href)}"{title}>{inner}</a>'

    def on_softbreak(self, _node: Node) -> str:
        return "\n"

    def on_hardbreak(self, _node: Node) -> str:
        return "<br>\n"

    def on_footnote_ref(self, node: Node) -> str:
        number = int(node.get("number"))
        use = self._footnotes_used.get(number, 0)
        self._footnotes_used[number] = use + 1
        return (
            f'<sup class="footnote"><a id="fnref-{number}{_use(use)}" href="#fn-{number}" '
            f'role="doc-noteref">{number}</a></sup>'
        )

    def on_reference(self, node: Node) -> str:
        inner = self.many(node.children)
        if node.get("elsewhere"):
            kind, target = node.get("kind"), node.get("elsewhere")
            return _site_links.to_name(self.settings.page, kind, target, inner, node.line)
        name = node.get("id")
        return (
            f'<a class="reference" href="#{_escape.attribute(name)}">{inner}</a>' if name else inner
        )

    def on_citation(self, node: Node) -> str:
        return self.many(node.children)

    def on_abbreviation(self, node: Node) -> str:
        title = f' title="{_escape.attribute(node.get("title"))}"' if node.get("title") else ""
        return f"<abbr{title}>{_escape.text(node.text)}</abbr>"

    def on_footnotes(self, _node: Node) -> str:
        return ""  # they stand at the end of the page

    def on_bibliography(self, node: Node) -> str:
        inner = self.many(node.children)
        return f'<div class="bibliography" role="doc-bibliography">\n{inner}</div>\n' * bool(inner)


def _numbered(node: Node) -> str:
    """Return the words of a heading, with its number if it has one."""
    number = f"{node.get('number')} " if node.get("number") else ""
    return number + node.plain()


def _is_title(children: list[Node]) -> bool:
    return bool(children) and children[0].type == "title"


def _use(n: int) -> str:
    return f"-{n + 1}" if n else ""
