"""The cells of a module: which take part, what they are called, where they stand.

The active set is that of `core/active.py` for `py`: cells tagged `active-ipynb` or frozen do
not run on import.  Neither do tests (tagged `test` or `active-...-test`), nor cells that are
never executed (`skip-execution`, `eval: false`).  Markdown and raw cells never become code.
"""

from octavo.core.active import is_active
from octavo.core.patterns import lazy
from octavo.core.tags import marks_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Cell, Metadata

_HEADING = lazy(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*\Z")
_FENCE = lazy(r" {0,3}(`{3,}|~{3,})")
_DEFINITION = lazy(r"(?m)^(?:async[ \t]+def|def|class)[ \t]+(\w+)")
_TITLE_KEYS = ("title", "name", "label")
_OPTION_TITLE = lazy(r"(?m)^#\|[ \t]*(?:label|title):[ \t]*(\S.*?)[ \t]*$")


class ModuleCell:
    """A code cell of a module.

    - `cell`: the `Cell`; `index`: its position among all cells of the document (0-based);
    - `name`: what it is called in messages, unique in the document: its title, else the heading
      above, else its first function or class, else "cell 5";
    - `title`: the title on its marker or the name of its chunk, "" if it has none;
    - `headings`: the headings above it, the outermost first;
    - `definitions`: the functions and classes defined at its top level;
    - `is_test`: tagged as a test; `is_active`: runs when the module is imported;
    - `lines`: for each line of its source, the line of the file (1-based) on which it stands.
    """

    __slots__ = (
        "cell", "definitions", "headings", "index", "is_active", "is_test", "lines", "name",
        "title",
    )  # fmt: skip

    def __init__(self, cell: "Cell", index: int) -> None:
        self.cell = cell
        self.index = index
        self.title = title_of(cell)
        self.headings: tuple[str, ...] = ()
        self.definitions: tuple[str, ...] = tuple(_DEFINITION.findall(cell.source))
        self.is_test = is_test(cell.metadata)
        self.is_active = runs_on_import(cell)
        self.lines: tuple[int, ...] = ()
        self.name = ""

    @property
    def line(self) -> int:
        """The line of the file (1-based) on which the source starts, 0 if it is unknown."""
        return self.lines[0] if self.lines else self.cell.line

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"ModuleCell({self.name!r}, line {self.line})"


def is_test(metadata: "Metadata") -> bool:
    """Return whether a cell with *metadata* is a test.

    >>> is_test({"tags": ["test"]}), is_test({"tags": ["active-ipynb-test"]}), is_test({})
    (True, True, False)
    """
    tags = metadata.get("tags") if metadata else None
    if not isinstance(tags, (list, tuple)):
        return False
    return any(
        tag == "test" or (tag.startswith("active-") and "test" in tag.split("-"))
        for tag in tags
        if isinstance(tag, str)
    )


def runs_on_import(cell: "Cell") -> bool:
    """Return whether *cell* is part of the module: code, active for `py`, no test."""
    return (
        cell.kind == "code"
        and is_active(cell.metadata, ".py")
        and not is_test(cell.metadata)
        and cell.metadata.get("eval") is not False
        and "skip-execution" not in marks_of(cell)
    )


def title_of(cell: "Cell") -> str:
    """Return the title on the marker of *cell*, the name of its chunk, or ""."""
    for key in _TITLE_KEYS:
        title = cell.metadata.get(key) if cell.metadata else None
        if isinstance(title, str) and title.strip():
            return title.strip()
    found = _OPTION_TITLE.search(cell.source) if cell.source.startswith("#|") else None
    return found[1].strip("'\"") if found else ""


def headings_in(markdown: str) -> list[tuple[int, str]]:
    r"""Return level and text of the headings of a Markdown text; fenced lines are none.

    >>> headings_in("# A\n```\n# no\n```\n## B ##")
    [(1, 'A'), (2, 'B')]
    """
    found: list[tuple[int, str]] = []
    fence = ""
    for line in markdown.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence):
                fence = ""
        elif mark:
            fence = mark[1]
        elif heading := _HEADING.match(line):
            found.append((len(heading[1]), heading[2]))
    return found


def code_cells(cells: "Iterable[Cell]") -> list[ModuleCell]:
    """Return the code cells of a document with their names; their lines are not known yet."""
    found: list[ModuleCell] = []
    path: list[tuple[int, str]] = []
    used: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if cell.kind == "markdown":
            for level, text in headings_in(cell.source):
                while path and path[-1][0] >= level:
                    path.pop()
                path.append((level, text))
        elif cell.kind == "code":
            entry = ModuleCell(cell, index)
            entry.headings = tuple(text for _, text in path)
            entry.name = _unique(_name_of(entry), used)
            found.append(entry)
    return found


def _name_of(entry: ModuleCell) -> str:
    if entry.title:
        return entry.title
    if entry.headings:
        return entry.headings[-1]
    return entry.definitions[0] if entry.definitions else f"cell {entry.index + 1}"


def _unique(name: str, used: dict[str, int]) -> str:
    used[name] = count = used.get(name, 0) + 1
    return name if count == 1 else f"{name} ({count})"
