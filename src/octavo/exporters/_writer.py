"""What all writers of nodes share: one method for each type of node."""

from octavo.exporters._node import BLOCK_TYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from octavo.exporters._node import Node

    Method: TypeAlias = Callable[[Node], str]


#: Nodes that those around them write, and references, whose id is that of something else.
_PARTS = frozenset(
    "row cell item term definition footnotes footnote title tab reference footnote_ref".split()
)


class NodeWriter:
    """Writes a node by its method `on_TYPE`; one that has none goes to `other`."""

    def many(self, nodes: "Iterable[Node]") -> str:
        """Return nodes one after the other."""
        return "".join([self.one(node) for node in nodes])

    def one(self, node: "Node") -> str:
        """Return a node and all below it, with the place that links to it lead to."""
        made = self.written(node)
        name = node.get("id") if node.label and node.type not in _PARTS else ""
        return self.placed(name, made, is_block=node.type in BLOCK_TYPES) if name else made

    def written(self, node: "Node") -> str:
        """Return a node and all below it."""
        method: Method | None = getattr(self, f"on_{node.type}", None)
        return self.other(node) if method is None else method(node)

    def placed(self, name: str, made: str, *, is_block: bool) -> str:  # noqa: ARG002  for others
        """Return what became of a labelled node, with the place that links to it lead to."""
        return made

    def other(self, node: "Node") -> str:
        """Return a node whose type has no method."""
        raise NotImplementedError
