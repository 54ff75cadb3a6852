"""Clear solutions: what stands between `BEGIN SOLUTION` and `END SOLUTION` makes room.

Hidden tests and mark schemes (`BEGIN HIDDEN TESTS`, `BEGIN MARK SCHEME`) go too.

Source: the documentation of nbgrader (autograded answer cells), whose regions these are.
"""

from octavo.core.document import Cell
from octavo.core.errors import FormatError, Span
from octavo.core.patterns import lazy
from octavo.transforms._traces import without_traces
from octavo.transforms._transform import Transform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document
    from octavo.transforms._transform import Step

_MARK = lazy(r"^(\s*).*?\b(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)\b")
_ROOM = {"python": "raise NotImplementedError", "R": "stop('No answer given')",
         "julia": 'error("No answer given")', "octave": "error('No answer given')"}  # fmt: skip
_PROSE = "YOUR ANSWER HERE"


def clear(document: "Document") -> "Document":
    r"""Return *document* with room for answers in place of solutions.

    Outputs of a cell that had a solution go with it.  A cell whose metadata call it a solution
    (`nbgrader.solution`) and that has no region is cleared as a whole, unless it is a task.

    Raises: `FormatError` OCT-E052 for a region that is never closed, or was never opened.

    >>> from octavo.core.document import Cell, Document
    >>> cell = Cell("code", "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION")
    >>> print(clear(Document([cell])).cells[0].source)
    def f():
        # YOUR CODE HERE
        raise NotImplementedError
    """
    from octavo.transforms._language import language_of

    language = language_of(document)
    cells = [_cleared(cell, number, language) for number, cell in enumerate(document.cells, 1)]
    if all(new is old for new, old in zip(cells, document.cells, strict=True)):
        return document
    return without_traces(document.with_(cells=cells))


def _cleared(cell: Cell, number: int, language: str) -> Cell:
    lines, found = _without_regions(cell, number, language)
    section = cell.metadata.get("nbgrader")
    facts = section if isinstance(section, dict) else {}
    if not found and facts.get("solution") is True and not facts.get("task"):
        lines, found = _room(cell.kind, language, ""), True
    if not found:
        return cell
    cell = cell.with_(source="\n".join(lines), execution_count=None)
    return cell if cell.raw_outputs is None else cell.with_(outputs=[])


def _without_regions(cell: Cell, number: int, language: str) -> tuple[list[str], bool]:
    if "BEGIN " not in cell.source and "END " not in cell.source:
        return [], False
    kept: list[str] = []
    region = ""
    opened = 0
    found = False
    for i, line in enumerate(cell.source.split("\n")):
        mark = _MARK.match(line)
        if mark is None:
            if not region:
                kept.append(line)
            continue
        found = True
        if mark[2] == "BEGIN" and not region:
            region, opened = mark[3], i
            kept += _room(cell.kind, language, mark[1]) if region == "SOLUTION" else []
        elif mark[2] == "END" and region == mark[3]:
            region = ""
        else:
            raise _fault(cell, number, i, f"{mark[2]} {mark[3]} without its counterpart")
    if region:
        raise _fault(cell, number, opened, f"BEGIN {region} is never closed")
    return kept, found


def _room(kind: str, language: str, indent: str) -> list[str]:
    from octavo.core.languages import comment_of, find

    if kind != "code":
        return [f"{indent}{_PROSE}"]
    start, end = comment_of(language)
    row = find(language)
    lines = [f"{indent}{start} YOUR CODE HERE{' ' + end if end else ''}"]
    stop = _ROOM.get(row.name if row else language)
    return [*lines, indent + stop] if stop else lines


def _fault(cell: Cell, number: int, i: int, message: str) -> FormatError:
    line = cell.line + i + 1 if cell.line else 0
    return FormatError(
        "OCT-E052", f"cell {number}: {message}", Span("", line),
        hint="a region goes from ### BEGIN SOLUTION to ### END SOLUTION in one cell",
    )  # fmt: skip


def _apply(document: "Document", _step: "Step") -> "Document":
    return clear(document)


TRANSFORMS = (
    Transform("clear-solutions", _apply,
              summary="Put room for answers in place of solutions and hidden tests."),
)  # fmt: skip
