r"""A notebook as the source of a Python module, line for line.

    >>> text = "# Story\n\n```python\ndef f():\n    return 1\n```\n"
    >>> module = build(text, "story.md")
    >>> module.python
    '\n\n\ndef f():\n    return 1\n'
    >>> module.cell_at(5).name, module.place(5)
    ('Story', 'story.md:5 (cell "Story")')

Line N of `python` is line N of the file that the user edits, for all formats.  In an ipynb file
it is the line of the JSON, of which Jupyter writes one for each line of a source; where a file
has several lines of code on one line of JSON, the lines that follow move down.

Everything here is pure: text in, text out.
"""

from octavo.core.errors import OctavoError, Span
from octavo.core.lines import normalise
from octavo.modules import cells as _cells
from octavo.modules import magics
from octavo.modules.errors import ModuleError, ModuleSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from octavo.core.document import Document
    from octavo.modules.cells import ModuleCell

#: Raise it when the same file can give other code: it is part of the key of cached bytecode.
READER_VERSION = 1


class ModuleSource:
    """A notebook read as a module.

    - `path`: the file; `document`: what it holds;
    - `python`: the source, line N for line N of the file;
    - `cells`: all code cells (`ModuleCell`), those that do not run on import too.
    """

    __slots__ = ("cells", "document", "path", "python")

    def __init__(
        self, path: str, document: "Document", cells: "tuple[ModuleCell, ...]", python: str
    ) -> None:
        self.path = path
        self.document = document
        self.cells = cells
        self.python = python

    def cell_at(self, line: int) -> "ModuleCell | None":
        """Return the code cell that holds a line of the file (1-based), or None."""
        for entry in self.cells:
            if entry.lines and entry.lines[0] <= line <= entry.lines[-1]:
                return entry
        return None

    def place(self, line: int) -> str:
        """Return `analysis.md:42 (cell "Loading the data")` for a line of the file."""
        return place(self.path, line, self.cell_at(line))

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"ModuleSource({self.path!r})"


def place(path: str, line: int, entry: "ModuleCell | None") -> str:
    """Return `analysis.md:42 (cell "Loading the data")`; without a cell, file and line."""
    name = path.replace("\\", "/").rpartition("/")[2]
    return f'{name}:{line} (cell "{entry.name}")' if entry else f"{name}:{line}"


def read(text: "str | bytes", path: str) -> "tuple[Document, str, tuple[ModuleCell, ...]]":
    """Return the document of a file, its plain text, and its code cells with their lines.

    The format is told by the suffix of *path* and the text, as everywhere.

    Raises: `ModuleError` when the file cannot be read (with the code of the reason), or is no
    Python (OCT-M001).
    """
    from octavo.formats import _names, _text

    target = _names.of_path(path)
    try:
        document = _text.read_text(text, target, {}, path)
        plain = normalise(_text.decode(text, path) if isinstance(text, bytes) else text)[0]
    except OctavoError as error:
        error.in_file(path)
        raise ModuleError(error.code, error.message, error.span, hint=error.hint) from error
    check_language(document, target.suffix, path)
    found = tuple(_cells.code_cells(document.cells))
    if target.suffix == _names.IPYNB:
        _locate_in_json(found, plain)
    else:
        _locate_in_text(found, plain)
    return document, plain, found


def build(
    text: "str | bytes",
    path: str,
    *,
    select: "Callable[[ModuleCell], bool] | None" = None,
) -> ModuleSource:
    """Return the module that a file holds.

    *select* tells which code cells take part, instead of those that run on import; other code
    cells and all prose are blank lines in `python`.  It gets each `ModuleCell`; for a module
    with its tests: `lambda entry: entry.is_active or entry.is_test`.

    Raises: as `read`; `ModuleSyntaxError` OCT-M002 for a magic that a module cannot have.
    """
    document, _, found = read(text, path)
    chosen = [entry for entry in found if (select(entry) if select else entry.is_active)]
    return ModuleSource(path, document, found, python_of(chosen, path))


def python_of(chosen: "Iterable[ModuleCell]", path: str) -> str:
    """Return the Python of some code cells, each line on the line of the file it stands on.

    Raises: `ModuleSyntaxError` OCT-M002 for a magic that a module cannot have.
    """
    lines: list[str] = []
    for entry in chosen:
        for number, line in zip(entry.lines, python_lines(entry, path), strict=False):
            lines += [""] * (number - 1 - len(lines))
            lines.append(line)
    return "\n".join(lines) + "\n" if lines else ""


def python_lines(entry: "ModuleCell", path: str) -> list[str]:
    """Return the source of a cell as lines of Python, its magics skipped or translated.

    Raises: `ModuleSyntaxError` OCT-M002.
    """
    source = entry.cell.source
    try:
        return magics.to_python(source).split("\n")
    except magics.Magic as found:
        line = entry.lines[found.line] if found.line < len(entry.lines) else entry.line
        raise ModuleSyntaxError(
            "OCT-M002",
            f'the magic `{found.text}` in cell "{entry.name}" cannot run in a module',
            Span(path, line, 1),
            hint="tag the cell active-ipynb, or move the magic into a cell of its own that is",
            text=source.split("\n")[found.line],
        ) from None


def check_language(document: "Document", suffix: str, path: str) -> None:
    """Check that a document is in Python.

    Raises: `ModuleError` OCT-M001 naming the language.
    """
    from octavo.core.languages import main_language, usual_name

    info = document.metadata.get("language_info")
    told = info.get("name") if isinstance(info, dict) else None
    language = main_language(document.metadata, suffix) or (told if isinstance(told, str) else "")
    if language and usual_name(language) not in ("python", "ipython"):
        raise ModuleError(
            "OCT-M001",
            f"this notebook is in {language}, not in Python: it cannot be imported",
            Span(path),
            hint="run it in its own kernel; in a notebook of Python, set the kernel",
        )


def _locate_in_json(found: "tuple[ModuleCell, ...]", text: str) -> None:
    from octavo.modules import _json_lines

    wanted = _json_lines.source_lines(text)
    last = 0
    for entry in found:
        count = entry.cell.source.count("\n") + 1
        starts = wanted[entry.index] if entry.index < len(wanted) else []
        starts += [0] * (count - len(starts))
        lines = []
        for start in starts[:count]:
            last = max(last + 1, start)
            lines.append(last)
        entry.lines = tuple(lines)


def _locate_in_text(found: "tuple[ModuleCell, ...]", text: str) -> None:
    """Find the lines of each cell below its marker: options and fences stand above them."""
    lines = text.split("\n")
    after = 0
    for i, entry in enumerate(found):
        start = max(after, entry.cell.line - 1)
        following = found[i + 1].cell.line - 1 if i + 1 < len(found) else len(lines)
        source = entry.cell.source.split("\n")
        offset = _find(source, lines, start, max(following, start + 1))
        entry.lines = tuple(range(offset + 1, offset + 1 + len(source)))
        after = offset + len(source)


def _find(source: list[str], lines: list[str], start: int, stop: int) -> int:
    """Return the index in *lines*, from *start* on, at which *source* stands."""
    size = len(source)
    for offset in range(start, stop):
        if lines[offset : offset + size] == source:
            return offset
    for offset in range(start, stop):
        if all(map(_is_same, source, lines[offset : offset + size])) and offset + size <= len(
            lines
        ):
            return offset
    return start + 1 if start + 1 < stop else start


def _is_same(line: str, written: str) -> bool:
    """Return whether *written* is *line*, indented or commented."""
    if line == written:
        return True
    bare, other = line.strip(), written.strip()
    return bare == other or other.lstrip("#").strip() == bare.lstrip("#").strip()
