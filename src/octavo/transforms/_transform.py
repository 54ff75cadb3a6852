"""What a transform is: a function from a Document to a Document, and facts about it."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from octavo.core.document import Document

    Apply: TypeAlias = Callable[["Document", "Step"], Document]


class Step:
    """One use of a transform: `argument` is what stands after the colon, `path` the document's."""

    __slots__ = ("argument", "name", "path")

    def __init__(self, name: str, argument: str = "", path: str = "") -> None:
        self.name = name
        self.argument = argument
        self.path = path


class Transform:
    """A transform: its name, what it does, and the function that does it.

    `takes` says what may follow the colon, "" = nothing.  `after_run` tells that it works on
    what a run has made, so it comes after the run.
    """

    __slots__ = ("after_run", "apply", "name", "summary", "takes")

    def __init__(
        self, name: str, apply: "Apply", *, summary: str, takes: str = "", after_run: bool = True
    ) -> None:
        self.name = name
        self.apply = apply
        self.summary = summary
        self.takes = takes
        self.after_run = after_run

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Transform({self.name!r})"
