"""What went wrong in a cell, in our words: which cell, which line of it, and what to do."""

from octavo.core.errors import CellFailedError, Span
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell
    from octavo.run.collect import Message

_TITLE_LENGTH = 50
_VALUE_LENGTH = 300
_COLOR = lazy(r"\x1b\[[0-9;]*m")
_FRAME = lazy(r"(?:Cell In\s*\[(\d+)\]|<ipython-input-(\d+)-[0-9a-f]+>)[^\n]*?,? line (\d+)")
_NO_INPUT = "StdinNotImplementedError"


def failed(cell: "Cell", number: int, reply: "Message") -> CellFailedError:
    """Return the error of a cell that raised one."""
    content = reply["content"]
    name, value = str(content.get("ename", "error")), str(content.get("evalue", ""))
    if name == _NO_INPUT:
        return problem("OCT-R014", cell, number, "asks for input, but nobody can answer",
                       hint="give it a parameter instead (-p NAME VALUE)")  # fmt: skip
    line = _line_in_cell(content.get("traceback") or [], content.get("execution_count"))
    if line:
        line += _blank_lines(cell.source)
    what = f"failed: {name}: {value}" if value else f"failed: {name}"
    if line:
        what = what.replace("failed:", f"failed in its line {line}:", 1)
    return problem(
        "OCT-R010", cell, number, what[:_VALUE_LENGTH], line_in_cell=line,
        hint="tag it raises-exception if that is meant, or use --allow-errors",
    )  # fmt: skip


def problem(
    code: str, cell: "Cell", number: int, what: str, *, hint: str = "", line_in_cell: int = 0
) -> CellFailedError:
    """Return an error about a cell, with its number and its first line."""
    place = Span("", cell.line)
    message = f"cell {number} ({title(cell)}) {what}"
    return CellFailedError(code, message, place, hint=hint, cell=number, line_in_cell=line_in_cell)


def title(cell: "Cell") -> str:
    r"""Return the first line of a cell that tells something, shortened.

    >>> from octavo.core.document import Cell
    >>> title(Cell("code", "\n#| echo: false\nx = 1"))
    'x = 1'
    """
    lines = [line.strip() for line in cell.source.split("\n")]
    said = [line for line in lines if line and "|" not in line[:3]]
    first = (said or [line for line in lines if line] or [""])[0]
    return first if len(first) <= _TITLE_LENGTH else first[: _TITLE_LENGTH - 3] + "..."


def _blank_lines(source: str) -> int:
    """Return how many blank lines lead a source: IPython does not count them."""
    lines = source.split("\n")
    return next((i for i, line in enumerate(lines) if line.strip()), 0)


def _line_in_cell(traceback: list[str], count: int | None) -> int:
    """Return the line of the cell at which an error came up, 0 if the traceback does not say."""
    text = _COLOR.sub("", "\n".join(str(part) for part in traceback))
    for found in _FRAME.finditer(text):
        if count is None or int(found[1] or found[2]) == count:
            return int(found[3])
    return 0
