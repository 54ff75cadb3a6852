"""Nodes of prose for a book: nothing that a reader has to move or open by a script."""

from octavo.exporters import _escape, _paper_widgets
from octavo.exporters._html_blocks import Blocks
from octavo.exporters._node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.exporters._html_blocks import Show
    from octavo.exporters._widgets import Widget


_BOXES = ("\N{BALLOT BOX} ", "\N{BALLOT BOX WITH CHECK} ")


class BookBlocks(Blocks):
    """Writes HTML without controls: boxes are signs, tabs stand one below the other."""

    def on_item(self, node: Node) -> str:
        """Return an item of a list, its box as a sign."""
        checked = node.facts.get("checked")
        sign = "" if checked is None else _BOXES[bool(checked)]
        return f"<li>{sign}{self.many(node.children)}</li>\n"

    def permalink(self, _name: str) -> str:
        """Return nothing: places of a book are found by its contents."""
        return ""

    def tabs(
        self, tabs: list[tuple[str, str]], marks: str = ' class="tabs"', chosen: int = 0
    ) -> str:
        """Return pairs of a title and a content, one below the other."""
        del chosen
        inner = "".join(
            f'<p class="title">{_escape.text(title)}</p>\n{content}' for title, content in tabs
        )
        return f"<div{marks}>\n{inner}</div>\n"

    def widget(self, widget: "Widget", show: "Show") -> str:
        """Return what a widget says."""
        inner = "".join(
            self.one(part) if isinstance(part, Node) else show(part)
            for part in _paper_widgets.told(widget)
        )
        return f'<div class="output">\n{inner}</div>\n' if inner else ""
