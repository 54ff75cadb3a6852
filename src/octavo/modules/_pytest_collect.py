"""Collect the tests of a notebook: functions and classes as in a file, other cells as one item."""

import ast
import sys
from inspect import CO_COROUTINE
from types import CodeType, FunctionType, ModuleType

import pytest

from octavo.core.errors import OctavoError
from octavo.core.tags import marks_of
from octavo.modules import narrative

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from octavo.modules.cells import ModuleCell
    from octavo.modules.narrative import Check, Narrative

#: The narratives that were collected, by file: they name the cells of failures.
COLLECTED: "dict[str, Narrative]" = {}


class NotebookModule(pytest.Module):
    """A notebook as a test module: its namespace is new, its lines are those of the file."""

    narrative: "Narrative | None" = None
    fault: OctavoError | None = None
    data: bytes = b""

    def _getobj(self) -> ModuleType:
        """Return the module, run up to its tests."""
        if self.fault is not None:
            raise self.CollectError(self._told_fault())
        found = self.narrative
        path = str(self.path)
        module = ModuleType(_module_name(self.path))
        module.__file__ = path
        module.__package__ = _package_of(self.path)
        sys.modules[module.__name__] = module
        if found is None:
            return module
        _reach_neighbours(self.path)
        _show_lines(path, found.source.python)
        COLLECTED[path] = found
        _name_cells(self.config)
        try:
            code = compile_(found.body, found.source.python, path, self.config)
            exec(code, module.__dict__)  # noqa: S102  it is what importing means
        except Exception as error:
            if isinstance(error, (pytest.skip.Exception, pytest.fail.Exception)):
                raise
            name_cells_of(error)
            raise self.CollectError(_told(error, self.path)) from error
        return module

    def collect(self) -> "Iterable[pytest.Item | pytest.Collector]":
        """Return the tests, in the order of their cells."""
        from octavo.modules import _pytest_doctest, _pytest_outputs

        items: list[tuple[int, pytest.Item | pytest.Collector]] = []
        found = self.narrative
        if self.fault is not None:
            raise self.CollectError(self._told_fault())
        if found is not None:
            for node in super().collect():
                name = getattr(node, "originalname", None) or node.name
                if name in found.tests:
                    entry = found.tests[name]
                    _mark(node, entry)
                    items.append((entry.index, node))
            taken = {node.name for _, node in items}
            items += [(check.entry.index, _item(self, check, taken)) for check in found.checks]
        items.sort(key=lambda item: item[0])
        nodes = [node for _, node in items]
        nodes += _pytest_doctest.items(self)
        nodes += _pytest_outputs.items(self)
        return nodes

    def _told_fault(self) -> str:
        """Return the fault of the file, its path from the root of the project."""
        return str(self.fault).replace(str(self.path), self.nodeid)


class CheckItem(pytest.Function):
    """A test cell without functions."""

    check: "Check"

    def setup(self) -> None:
        """Run the checks before it that bind what it needs, if they did not run yet."""
        super().setup()
        self._run_needs(self.check, set())

    def reportinfo(self) -> tuple["Path", int, str]:
        """Return the place of the cell, as pytest shows it."""
        return self.path, self.check.line - 1, self.name

    def _run_needs(self, check: "Check", running: set[int]) -> None:
        module = self.parent
        if not isinstance(module, NotebookModule) or module.narrative is None:
            return
        missing = check.needs() - set(vars(module.obj))
        earlier = [c for c in module.narrative.checks if c.entry.index < check.entry.index]
        for other in reversed(earlier):
            if missing & other.gives() and other.entry.index not in running:
                self._run_needs(other, {*running, other.entry.index})
                missing -= other.gives()
                function_of(other, module)()


def collector(path: "Path", data: bytes, parent: "pytest.Collector") -> NotebookModule | None:
    """Return the collector of a file, None if it has no tests or another file speaks for it."""
    found: Narrative | None = None
    fault: OctavoError | None = None
    try:
        found = narrative.read(data, str(path))
    except OctavoError as error:
        if not _is_meant(path, data, parent):
            return None
        fault = error
    wants_more = _wants_examples(parent.config, data) or (
        parent.config.getoption("octavo_outputs") and path.suffix == ".ipynb"
    )
    if (found is None and fault is None and not wants_more) or _other_speaks(path, parent):
        return None
    node: NotebookModule = NotebookModule.from_parent(parent, path=path)
    node.narrative, node.fault, node.data = found, fault, data
    return node


def _is_meant(path: "Path", data: bytes, parent: "pytest.Collector") -> bool:
    """Return whether the fault of a file is to be told: it has test cells, or was named."""
    if parent.session.isinitpath(path):
        return True
    from octavo.modules import source

    try:
        return any(entry.is_test for entry in source.read(data, str(path))[2])
    except OctavoError as error:
        return path.suffix == ".ipynb" and error.code != "OCT-M001"


def _wants_examples(config: "pytest.Config", data: bytes) -> bool:
    wanted = config.getoption("octavo_doctest") or config.getini("octavo_doctest")
    return bool(wanted) and b">>>" in data


def _other_speaks(path: "Path", parent: "pytest.Collector") -> bool:
    """Return whether another member of the pair is collected in place of this one: its text.

    A member that was named is collected, unless the text was named too.
    """
    from octavo.workspace.find import Finder

    if parent.config.getoption("octavo_outputs") and path.suffix == ".ipynb":
        return False
    try:
        pair = Finder().pair_of(str(path))
    except OctavoError:
        return False
    if pair is None:
        return False
    from pathlib import Path

    members = [Path(name) for name in pair.paths if Path(name).is_file()]
    texts = [member for member in members if member.suffix != ".ipynb"]
    first = (texts or members)[0]
    if first == path:
        return False
    return not parent.session.isinitpath(path) or parent.session.isinitpath(first)


def _item(module: NotebookModule, check: "Check", taken: set[str]) -> CheckItem:
    name = check.entry.name.replace("::", ":").replace("\n", " ")
    while name in taken:
        name += "'"
    taken.add(name)
    node: CheckItem = CheckItem.from_parent(
        module, name=name, callobj=function_of(check, module), originalname=name
    )
    node.check = check
    _mark(node, check.entry)
    return node


def function_of(check: "Check", module: NotebookModule) -> FunctionType:
    """Return a function that runs a check in the namespace of its module."""
    python = module.narrative.source.python if module.narrative else ""
    first = check.line
    for statement in check.body:
        ast.increment_lineno(statement, 1 - first)
    try:
        code = compile_(check.body, python, str(module.path), module.config, awaits=True)
    except SyntaxError as error:
        error.lineno = (error.lineno or 1) + first - 1
        name_cells_of(error)
        raise module.CollectError(_told(error, module.path)) from None
    finally:
        for statement in check.body:
            ast.increment_lineno(statement, first - 1)
    function = FunctionType(_moved(code, first - 1), vars(module.obj), check.entry.name)
    return _waiting(function) if code.co_flags & CO_COROUTINE else function


def _waiting(function: FunctionType) -> FunctionType:
    """Return a function that runs the coroutine of a cell that awaits at its top level."""

    def run() -> None:
        import asyncio

        __tracebackhide__ = True
        asyncio.run(function())

    return run  # type: ignore[return-value]  # a def makes one


def compile_(
    body: "list[ast.stmt]",
    python: str,
    path: str,
    config: "pytest.Config",
    *,
    awaits: bool = False,
) -> CodeType:
    """Return the code of some statements, their assertions rewritten unless that is off.

    With *awaits*, they may await at the top level, as cells of a notebook do.
    """
    from copy import deepcopy

    tree = ast.Module(deepcopy(body), [])
    if config.getoption("assertmode") == "rewrite":
        from _pytest.assertion.rewrite import rewrite_asserts

        rewrite_asserts(tree, python.encode("utf-8", "surrogatepass"), path, config)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if awaits else 0
    code: CodeType = compile(tree, path, "exec", flags, dont_inherit=True)
    return code


def _moved(code: CodeType, by: int) -> CodeType:
    """Return *code* with its lines moved down: it begins at its cell, not at the file."""
    constants = tuple(
        _moved(value, by) if isinstance(value, CodeType) else value for value in code.co_consts
    )
    return code.replace(co_firstlineno=code.co_firstlineno + by, co_consts=constants)


def _mark(node: "pytest.Item | pytest.Collector", entry: "ModuleCell") -> None:
    """Let `-k` find a test by its cell, headings and tags; marks of the cell hold for it."""
    tags = entry.cell.metadata.get("tags")
    words = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    node.extra_keyword_matches.update((entry.name, *entry.headings, *words))
    marks = marks_of(entry.cell)
    if "skip-execution" in marks or "skip" in words:
        node.add_marker(pytest.mark.skip(reason="the cell is not executed"))
    if "may-fail" in marks or "xfail" in words:
        node.add_marker(pytest.mark.xfail(reason="the cell may raise an exception"))


class _CellNames:
    """Names the cells of failures; registered with the first notebook."""

    def pytest_runtest_makereport(self, call: "pytest.CallInfo[None]") -> None:
        """Add `analysis.md:42 (cell "Loading the data")` to the error."""
        if call.excinfo is not None and not isinstance(
            call.excinfo.value, (pytest.skip.Exception, pytest.exit.Exception)
        ):
            name_cells_of(call.excinfo.value)


def _name_cells(config: "pytest.Config") -> None:
    if not config.pluginmanager.has_plugin("octavo-cell-names"):
        config.pluginmanager.register(_CellNames(), "octavo-cell-names")


def name_cells_of(error: BaseException) -> None:
    """Add to an error the cells that it went through, as notes."""
    from octavo.modules import notes

    notes.add(error)
    traceback = error.__traceback__
    while traceback is not None:
        found = COLLECTED.get(traceback.tb_frame.f_code.co_filename)
        entry = found.source.cell_at(traceback.tb_lineno) if found else None
        if found and entry:
            place = found.source.place(traceback.tb_lineno)
            if place not in getattr(error, "__notes__", ()):
                error.add_note(place)
        traceback = traceback.tb_next


def _told(error: Exception, path: "Path") -> str:
    """Return what a module ended with, without the frames of pytest and ours."""
    import traceback as tracebacks

    traceback = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_code.co_filename != str(path):
        traceback = traceback.tb_next
    return "".join(tracebacks.format_exception(type(error), error, traceback)).rstrip()


def _module_name(path: "Path") -> str:
    """Return a name that no other module has: two notebooks may have the same stem."""
    import hashlib

    mark = hashlib.blake2b(str(path).encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    name = f"{path.stem.replace('.', '_')}_{mark}"
    package = _package_of(path)
    return f"{package}.{name}" if package else name


def _package_of(path: "Path") -> str:
    parts: list[str] = []
    folder = path.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts)


def _reach_neighbours(path: "Path") -> None:
    """Let a notebook import the modules beside it, scripts and notebooks, as in its kernel."""
    from octavo.modules import install

    install.install()
    folder = path.parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def _show_lines(path: str, python: str) -> None:
    import linecache

    lines = [line + "\n" for line in python.split("\n")[:-1]]
    linecache.cache[path] = (len(python), None, lines, path)
