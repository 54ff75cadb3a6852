"""The tests in a notebook: which code is the module, which are tests to be run one by one.

A test cell that defines tests (`def test_...`, `class Test...`, a `TestCase`) gives its
definitions, imports and assignments to the module; calls of these tests, which run them in the
notebook, are left out.  Everything else in a test cell is a check: it runs as one test.
"""

import ast

from octavo.core.errors import Span
from octavo.modules import source
from octavo.modules.errors import ModuleSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.modules.cells import ModuleCell
    from octavo.modules.source import ModuleSource

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_FOR_MODULE = (
    *_DEFINITIONS, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.AugAssign,
)  # fmt: skip


class Check:
    """The statements of a test cell that run as one test."""

    __slots__ = ("body", "entry")

    def __init__(self, entry: "ModuleCell", body: "list[ast.stmt]") -> None:
        self.entry = entry
        self.body = body

    @property
    def line(self) -> int:
        """The line of the file on which it starts (1-based)."""
        return self.body[0].lineno

    def needs(self) -> set[str]:
        """Return the names that it reads."""
        return {
            node.id
            for statement in self.body
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }

    def gives(self) -> set[str]:
        """Return the names that it binds at its top level."""
        return {name for statement in self.body for name in bound(statement)}


class Narrative:
    """A notebook and its tests.

    - `source`: the file as a module; `body`: the statements of the module, those of test cells
      that hold definitions of tests included;
    - `checks`: what runs as a test each; `tests`: for each function or class in a test cell that
      pytest may collect, its cell.
    """

    __slots__ = ("body", "checks", "source", "tests")

    def __init__(self, module: "ModuleSource") -> None:
        self.source = module
        self.body: list[ast.stmt] = []
        self.checks: list[Check] = []
        self.tests: dict[str, ModuleCell] = {}


def read(data: "str | bytes", path: str) -> "Narrative | None":
    """Return the tests of a file, None if it has no test cell.

    Raises: `ModuleError` when the file cannot be read or is no Python, `ModuleSyntaxError`
    OCT-M002 (a magic), OCT-M010 (a cell is no Python).
    """
    document, _, found = source.read(data, path)
    if not any(entry.is_test for entry in found):
        return None
    chosen = [entry for entry in found if entry.is_active or entry.is_test]
    module = source.ModuleSource(path, document, found, source.python_of(chosen, path))
    return split(module, chosen)


def split(module: "ModuleSource", chosen: "list[ModuleCell]") -> Narrative:
    """Return which code of the *chosen* cells is the module, and which are tests.

    Raises: `ModuleSyntaxError` OCT-M010.
    """
    found = Narrative(module)
    starts = [entry.line for entry in chosen]
    statements: dict[int, list[ast.stmt]] = {entry.index: [] for entry in chosen}
    from bisect import bisect_right

    for statement in _parse(module, chosen).body:
        entry = chosen[bisect_right(starts, statement.lineno) - 1]
        statements[entry.index].append(statement)
    for entry in chosen:
        if entry.is_test:
            _take_tests(found, entry, statements[entry.index])
        else:
            found.body += statements[entry.index]
    return found


def bound(statement: "ast.stmt") -> set[str]:
    """Return the names that a statement binds in its own scope."""
    names: set[str] = set()
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        if isinstance(node, _DEFINITIONS):
            names.add(node.name)
            todo += node.decorator_list
            continue
        if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp)):
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            names.add(node.name)
        todo += ast.iter_child_nodes(node)
    return names


def _take_tests(found: Narrative, entry: "ModuleCell", body: "list[ast.stmt]") -> None:
    names = [
        statement.name
        for statement in body
        if isinstance(statement, _DEFINITIONS) and _is_test_name(statement)
    ]
    if not names and not _has_fixture(body):
        if body:
            found.checks.append(Check(entry, body))
        return
    rest: list[ast.stmt] = []
    for statement in body:
        if isinstance(statement, _FOR_MODULE):
            found.body.append(statement)
        elif not _is_call_of(statement, names) and not _is_text(statement):
            rest.append(statement)
    found.tests.update(dict.fromkeys(names, entry))
    if rest:
        found.checks.append(Check(entry, rest))


def _is_test_name(statement: "ast.stmt") -> bool:
    if isinstance(statement, ast.ClassDef):
        return statement.name.startswith("Test") or any(
            ast.unparse(base).endswith("TestCase") for base in statement.bases
        )
    return isinstance(statement, _DEFINITIONS) and statement.name.startswith("test")


def _has_fixture(body: "list[ast.stmt]") -> bool:
    return any(
        "fixture" in ast.unparse(decorator)
        for statement in body
        if isinstance(statement, _DEFINITIONS)
        for decorator in statement.decorator_list
    )


def _is_call_of(statement: "ast.stmt", names: "list[str]") -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names


def _is_text(statement: "ast.stmt") -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _parse(module: "ModuleSource", chosen: "list[ModuleCell]") -> "ast.Module":
    """Return the syntax tree of all cells; a cell that is no Python is told by its name."""
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they are told when the code is compiled
            return ast.parse(module.python, module.path)
    except (SyntaxError, ValueError, RecursionError) as error:
        for entry in chosen:
            check_syntax(entry, module.path)
        line = getattr(error, "lineno", 0) or 0
        raise _not_python(str(error), module.path, line, module.cell_at(line)) from None


def check_syntax(entry: "ModuleCell", path: str) -> "ast.Module":
    """Return the syntax tree of one cell, its lines those of the cell.

    Raises: `ModuleSyntaxError` OCT-M002, OCT-M010, with the lines of the file.
    """
    import warnings

    lines = source.python_lines(entry, path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError) as error:
        row = min(getattr(error, "lineno", 1) or 1, len(entry.lines)) - 1
        line = entry.lines[row] if entry.lines else 0
        message = getattr(error, "msg", "") or str(error)
        raise _not_python(message, path, line, entry) from None


def _not_python(
    message: str, path: str, line: int, entry: "ModuleCell | None"
) -> ModuleSyntaxError:
    where = f' in cell "{entry.name}"' if entry else ""
    return ModuleSyntaxError(
        "OCT-M010", f"this is no Python{where}: {message}", Span(path, line),
        hint="mend the cell, or tag it so that it takes no part (active-ipynb)",
    )  # fmt: skip
