"""Notebooks as the files of a package: `__all__`, active cells, and where each comes from.

Each cell is a section below a line that names its notebook, its id, a hash of the section and
the cell's title.  Editors show such a line as a cell.  Identity and hash are what
`export_back` needs to bring an edit home:

    # %% ../analysis.ipynb [3f2a9c1d 9b1e44d0] Loading the data
"""

import ast
import re

from octavo.core.errors import Span
from octavo.core.patterns import lazy
from octavo.modules import directives, magics, source
from octavo.modules.cells import headings_in
from octavo.modules.errors import ModuleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from octavo.core.document import Document
    from octavo.modules.cells import ModuleCell

HEAD = (
    "# Written by `octavo export-module`: `octavo export-module --back` brings edits of cells home."
)
MARKER = lazy(r"# %% (?P<path>.+?) \[(?P<id>[^\s\]]+) (?P<hash>[0-9a-f]{8})\](?: (?P<title>.*))?\Z")
_NAME = lazy(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\Z")
_FUTURE = lazy(r"from[ \t]+__future__[ \t]+import[ \t]+[\w, \t]+?(?:[ \t]*#.*)?\Z")


class Notebook:
    """A notebook to export: its path as named, what it holds, its code cells, its module.

    `renamed` tells which modules the notebooks beside it become, by the names they are imported
    as in notebooks.
    """

    __slots__ = ("cells", "document", "module", "path", "renamed")

    def __init__(
        self,
        path: str,
        module: str,
        document: "Document",
        cells: "tuple[ModuleCell, ...]",
        renamed: "dict[str, str] | None" = None,
    ) -> None:
        self.path = path
        self.module = module
        self.document = document
        self.cells = cells
        self.renamed = renamed or {}


class Section:
    """A cell as it stands in a module.

    `lines` are its lines there, each with the number of its line in the cell (0-based).
    """

    __slots__ = ("entry", "is_public", "lines", "notebook")

    def __init__(
        self,
        notebook: Notebook,
        entry: "ModuleCell",
        lines: "list[tuple[str, int]]",
        *,
        is_public: bool,
    ) -> None:
        self.notebook = notebook
        self.entry = entry
        self.lines = lines
        self.is_public = is_public

    @property
    def text(self) -> str:
        """The section without its marker."""
        return "\n".join(line for line, _ in self.lines)


class Module:
    """A module to write: its dotted name, and its sections in order."""

    __slots__ = ("name", "sections")

    def __init__(self, name: str) -> None:
        self.name = name
        self.sections: list[Section] = []


def plan(notebooks: "Iterable[Notebook]") -> list[Module]:
    """Return the modules that some notebooks make, in the order in which they are named.

    Raises: `ModuleError` OCT-M005 for a name that no module can have; as `source.python_lines`.
    """
    modules: dict[str, Module] = {}
    for book in notebooks:
        said = {entry.index: directives.of_cell(entry.cell) for entry in book.cells}
        says_nothing = not any(said.values())
        for entry in book.cells:
            export = said[entry.index]
            is_wanted = entry.is_active if export is None else not entry.is_test
            if not is_wanted or (export is None and not says_nothing):
                continue
            if export is not None and not _is_active(entry):
                continue
            name = (export.module if export else "") or book.module
            if not _NAME.match(name):
                raise ModuleError(
                    "OCT-M005", f"{name!r} is no name for a module", Span(book.path, entry.line),
                    hint="name it with `#| default_exp package.module`, or rename the notebook",
                )  # fmt: skip
            lines = exported_lines(entry, book.path, book.renamed)
            if lines:
                is_public = export is None or export.is_public
                section = Section(book, entry, lines, is_public=is_public)
                modules.setdefault(name, Module(name)).sections.append(section)
    return list(modules.values())


def _is_active(entry: "ModuleCell") -> bool:
    """Return whether a cell that asks for export may be in a module: `eval: false` may."""
    from octavo.core.active import is_active

    return is_active(entry.cell.metadata, ".py")


def text_of(module: Module, link: "Callable[[str], str]") -> str:
    """Return the text of a module; *link* gives the path of a notebook as seen from there.

    Raises: `ModuleError` OCT-M006 for a cell that holds a line as those that part sections.
    """
    parts = [_docstring(module), HEAD]
    future = dict.fromkeys(
        line.strip()
        for section in module.sections
        for line in section.entry.cell.source.split("\n")
        if _FUTURE.match(line)
    )
    if future:
        parts.append("\n" + "\n".join(future))
    names = _public_names(module)
    if names is not None:
        parts.append("\n__all__ = [" + _listed(names) + "]")
    for section in module.sections:
        for line, number in section.lines:
            if MARKER.match(line):
                place = section.entry.lines[number] if section.entry.lines else 0
                raise ModuleError(
                    "OCT-M006", "a line looks as those that part the cells of a module",
                    Span(section.notebook.path, place), hint="write it in another way",
                )  # fmt: skip
        parts.append("\n" + marker_of(section, link(section.notebook.path)))
        parts.append(section.text)
    return "\n".join(part for part in parts if part) + "\n"


def marker_of(section: Section, path: str) -> str:
    """Return the line above a section."""
    title = section.entry.name.replace("\n", " ").strip()
    return f"# %% {path} [{section.entry.cell.id} {hash_of(section.text)}] {title}".rstrip()


def hash_of(text: str) -> str:
    """Return eight hexadecimal digits for the text of a section."""
    from hashlib import blake2b

    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def exported_lines(
    entry: "ModuleCell", path: str, renamed: "dict[str, str]"
) -> "list[tuple[str, int]]":
    """Return the lines of a cell in a module, each with its number in the cell.

    Directives, magics, `from __future__` and blank lines at both ends are left out; an import
    of another notebook that becomes a module of another name is that of the module.

    Raises: `ModuleSyntaxError` OCT-M002.
    """
    original = entry.cell.source.split("\n")
    python = source.python_lines(entry, path)
    imports = _imports("\n".join(python), renamed) if renamed else {}
    starts = {start for start, _ in magics.logical_lines(original)}  # others may be in strings
    kept = [
        (imports.get(i, line), i)
        for i, line in enumerate(python)
        if not (i in starts and (directives.is_directive(line) or _FUTURE.match(line)))
        and not (line != original[i] and not line.strip())
    ]
    while kept and not kept[0][0].strip():
        kept.pop(0)
    while kept and not kept[-1][0].strip():
        kept.pop()
    return kept


def _imports(python: str, renamed: "dict[str, str]") -> dict[int, str]:
    """Return the lines of a cell that import other notebooks, as they are in a package."""
    try:
        tree = ast.parse(python)
    except (SyntaxError, ValueError):
        return {}  # told when the module is compiled
    lines = python.split("\n")
    found: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module in renamed:
            i = node.lineno - 1
            pattern = rf"\bfrom(\s+){re.escape(node.module)}(\s+)import\b"
            found[i] = re.sub(
                pattern, rf"from\g<1>{renamed[node.module]}\g<2>import", found.get(i, lines[i])
            )
        elif (
            isinstance(node, ast.Import)
            and node.lineno == node.end_lineno
            and any(alias.name in renamed for alias in node.names)
        ):
            i = node.lineno - 1
            line = lines[i].encode()
            new = "; ".join(_import(alias, renamed) for alias in node.names)
            found[i] = line[: node.col_offset].decode() + new + line[node.end_col_offset :].decode()
    return found


def _import(alias: ast.alias, renamed: "dict[str, str]") -> str:
    module = renamed.get(alias.name)
    if module is None:
        return f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
    package, _, last = module.rpartition(".")
    name = alias.asname or alias.name
    rename = f" as {name}" if name != last else ""
    return f"from {package} import {last}{rename}" if package else f"import {last}{rename}"


def _docstring(module: Module) -> str:
    """Return the docstring: the first Markdown cell of the notebook that names the module."""
    book = module.sections[0].notebook
    first = book.document.cells[0] if book.document.cells else None
    if first is None or first.kind != "markdown" or book.module != module.name:
        return f'"""The module {module.name}."""'
    text = first.source.strip()
    headings = headings_in(text)
    if headings and text.split("\n")[0].lstrip().startswith("#"):
        text = headings[0][1] + "".join("\n" + line for line in text.split("\n")[1:])
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    end = "\n" if "\n" in text or text.endswith('"') else ""
    return f'"""{text}{end}"""' if text else f'"""The module {module.name}."""'


def _public_names(module: Module) -> list[str] | None:
    """Return the names for `__all__`, None if a cell gives it itself.

    Raises: `SyntaxError` with the line of the notebook.
    """
    names: dict[str, None] = {}
    for section in module.sections:
        python = source.python_of([section.entry], section.notebook.path)
        for node in ast.parse(python, section.notebook.path).body:
            for name in _defined(node):
                if name == "__all__":
                    return None
                if section.is_public and not name.startswith("_"):
                    names[name] = None
    return list(names)


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = list(node.targets)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        targets = [node.target]
    elif isinstance(node, (ast.If, ast.Try, ast.With)):
        return [name for inner in node.body for name in _defined(inner)]
    return [
        name.id
        for target in targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    ]


def _listed(names: list[str]) -> str:
    line = ", ".join(f'"{name}"' for name in names)
    if len(line) <= 80:
        return line
    return "\n" + "".join(f'    "{name}",\n' for name in names)
