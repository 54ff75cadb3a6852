"""What all writers of nodes share: one method for each type of node."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from octavo.exporters._node import Node

    Method: TypeAlias = Callable[[Node], str]


class NodeWriter:
    """Writes a node by its method `on_TYPE`; one that has none goes to `other`."""

    def many(self, nodes: "Iterable[Node]") -> str:
        """Return nodes one after the other."""
        return "".join([self.one(node) for node in nodes])

    def one(self, node: "Node") -> str:
        """Return a node and all below it."""
        method: Method | None = getattr(self, f"on_{node.type}", None)
        return self.other(node) if method is None else method(node)

    def other(self, node: "Node") -> str:
        """Return a node whose type has no method."""
        raise NotImplementedError
