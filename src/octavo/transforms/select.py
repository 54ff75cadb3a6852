"""Take the cells and sections of a document that an expression is true of."""

from octavo.transforms import _expression, _sections
from octavo.transforms._traces import without_traces
from octavo.transforms._transform import Transform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from octavo.core.document import Cell, Document
    from octavo.transforms._sections import Part
    from octavo.transforms._transform import Step

    Judge: TypeAlias = Callable[[Part], str]


class Decision:
    """Whether a cell is in: `why` is "" for a cell that is, whole.

    `text` is what is left of the source; it differs from the source where sections of the cell
    are out.
    """

    __slots__ = ("cell", "is_in", "place", "text", "why")

    def __init__(self, place: int, cell: "Cell", text: str | None, why: str) -> None:
        self.place = place
        self.cell = cell
        self.is_in = text is not None
        self.text = cell.source if text is None else text
        self.why = why


def select(document: "Document", expression: str, *, path: str = "") -> "Document":
    r"""Return *document* with the cells and sections that *expression* is true of.

    What belonged only to the others (attachments, states of widgets) goes with them.  The front
    matter stays.

    Raises: `OptionError` OCT-E050 for an expression that cannot be read.

    >>> from octavo.core.document import Cell, Document
    >>> text = "# A\n\n## B {.solution}\n\nsecret\n\n## C\n"
    >>> [
    ...     cell.source
    ...     for cell in select(Document([Cell("markdown", text)]), "not tag:solution").cells
    ... ]
    ['# A\n\n## C']
    """
    wanted = _expression.parse(_expression.named(expression))
    return chosen(document, decide(document, judge_of(wanted), path))


def judge_of(wanted: "_expression.Expression") -> "Judge":
    """Return a judge that says why a part is out: the expression is not true of it."""
    return lambda part: "" if wanted.holds(part.facts) else f"select: {wanted.text}"


def decide(document: "Document", judge: "Judge", path: str = "") -> list[Decision]:
    """Return what becomes of each cell; *judge* says why a part is out, "" when it is in."""
    kept: dict[int, list[str]] = {}
    why: dict[int, str] = {}
    for part in _sections.parts(document, path):
        reason = "" if part.is_head else judge(part)
        if reason:
            why.setdefault(part.place, reason)
        else:
            kept.setdefault(part.place, []).append(part.text)
    return [
        Decision(place, cell, _joined(kept.get(place), cell, place in why), why.get(place, ""))
        for place, cell in enumerate(document.cells)
    ]


def chosen(document: "Document", decisions: list[Decision]) -> "Document":
    """Return what is in, without traces of what is not."""
    if all(one.is_in and one.text == one.cell.source for one in decisions):
        return document
    cells = [
        one.cell if one.text == one.cell.source else one.cell.with_(source=one.text)
        for one in decisions
        if one.is_in
    ]
    return without_traces(document.with_(cells=cells))


def _joined(texts: "list[str] | None", cell: "Cell", is_cut: bool) -> str | None:  # noqa: FBT001
    if texts is None:
        return None
    if not is_cut:
        return cell.source
    text = "".join(texts).rstrip("\n")
    return text if text.strip() else None


def _apply(document: "Document", step: "Step") -> "Document":
    return select(document, step.argument, path=step.path)


TRANSFORMS = (
    Transform("select", _apply, takes="EXPRESSION", after_run=False,
              summary="Keep the cells and sections that an expression is true of."),
)  # fmt: skip
