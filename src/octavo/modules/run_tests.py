"""Run the tests of notebooks with pytest, and tell how each cell went."""

import os

from octavo.core.errors import Span
from octavo.modules.errors import ModuleError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

#: From the best to the worst.
OUTCOMES = ("passed", "skipped", "failed")
#: Options with which other cells than those tagged `test` are tests.
_MORE = frozenset(("--octavo-doctest", "--octavo-outputs"))
_ALWAYS = (
    "-p", "no:terminal", "-p", "no:cacheprovider", "-o", "addopts=",
    "--continue-on-collection-errors", "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip


class CellResult:
    """How the tests of a cell went.

    `file` and `line` are its place, `name` what it is called, `tests` how many tests it has,
    `outcome` the worst of theirs ("passed", "skipped", "failed"), `details` what failed.
    """

    __slots__ = ("details", "file", "line", "name", "outcome", "tests")

    def __init__(self, file: str, line: int, name: str) -> None:
        self.file = file
        self.line = line
        self.name = name
        self.tests = 0
        self.outcome = OUTCOMES[0]
        self.details: list[str] = []

    def add(self, outcome: str, details: str) -> None:
        """Add the outcome of a test, or of a part of one."""
        self.outcome = max(self.outcome, outcome, key=OUTCOMES.index)
        if outcome == "failed":
            self.details += details.split("\n")


def run(paths: "Sequence[str]", options: "Sequence[str]" = ()) -> "list[CellResult]":
    """Run the tests in *paths* (files or folders) and return how each cell went.

    *options* go to pytest.  The user's `conftest.py` and settings hold, but for `addopts`.

    Raises: `ModuleError` OCT-M011 when pytest is not installed, OCT-M012 when it cannot run.
    """
    try:
        import pytest
    except ImportError:
        raise ModuleError(
            "OCT-M011", "tests need pytest", hint="pip install 'octavo[test]'"
        ) from None
    from octavo.modules import pytest_plugin

    collected = _Reporter()
    plugins: list[object] = [collected]
    if not _is_announced():
        plugins.append(pytest_plugin)
    wanted = [os.path.abspath(path) for path in paths if _has_tests(path, options, collected)]
    if not wanted:
        return list(collected.cells.values())
    code = pytest.main([*_ALWAYS, *options, *wanted], plugins=plugins)
    if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
        raise ModuleError(
            "OCT-M012", f"pytest could not run{collected.fault}", Span(paths[0]),
            hint="`python -m pytest FILE` tells more",
        )  # fmt: skip
    return list(collected.cells.values())


def _has_tests(path: str, options: "Sequence[str]", collected: "_Reporter") -> bool:
    """Return whether pytest can collect a file; one that cannot be read is told as failed."""
    if os.path.isdir(path) or path.endswith(".py") or not {*options}.isdisjoint(_MORE):
        return True
    from octavo.core.errors import OctavoError
    from octavo.modules import narrative
    from octavo.workspace import files

    try:
        return narrative.read(files.read_bytes(path), path) is not None
    except OctavoError as error:
        cell = CellResult(path, 0, "cannot be tested")
        cell.add("failed", str(error))
        collected.cells[path, ""] = cell
        return False


def _is_announced() -> bool:
    """Return whether pytest finds the plugin by itself (Octavo is installed)."""
    from importlib.metadata import entry_points

    return any(entry.name == "octavo" for entry in entry_points(group="pytest11"))


class _Reporter:
    """A plugin that collects the reports of pytest by cell."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str], CellResult] = {}
        self.paths: dict[str, str] = {}
        self.fault = ""

    def pytest_collection_modifyitems(self, items: "list[pytest.Item]") -> None:
        """Note each cell that has tests."""
        for item in items:
            file, line, name = item.location
            self._cell(str(item.path), (line or 0) + 1, name, file).tests += 1

    def pytest_runtest_logreport(self, report: "pytest.TestReport") -> None:
        """Note how a test went."""
        file, line, name = report.location
        path = self.paths.get(report.nodeid.split("::", 1)[0], file)
        outcome = "skipped" if report.skipped else report.outcome
        if report.when == "call" or outcome != "passed":
            cell = self._cell(path, (line or 0) + 1, name, file)
            cell.add(outcome, _essence(report.longreprtext))

    def pytest_itemcollected(self, item: "pytest.Item") -> None:
        """Note where a file stands."""
        self.paths[item.nodeid.split("::", 1)[0]] = str(item.path)

    def pytest_collectreport(self, report: "pytest.CollectReport") -> None:
        """Note a file whose tests could not be collected."""
        if report.failed:
            cell = CellResult(report.nodeid or "", 0, "cannot be tested")
            cell.add("failed", report.longreprtext)
            self.cells[report.nodeid, ""] = cell

    def pytest_internalerror(self, excrepr: object) -> None:
        """Keep what pytest ended with."""
        self.fault = ": " + str(excrepr).rstrip().rpartition("\n")[2]

    def _cell(self, path: str, line: int, name: str, file: str) -> CellResult:
        from octavo.modules._pytest_collect import COLLECTED

        found = COLLECTED.get(path)
        entry = found.source.cell_at(line) if found else None
        if entry:
            line, name = entry.line, entry.name
        shown = os.path.relpath(path) if os.path.isabs(path) else file
        return self.cells.setdefault((path, name), CellResult(shown, line, name))


def _essence(text: str) -> str:
    """Return the failing line and the error, without the rest of a traceback."""
    lines = [line for line in text.split("\n") if line.startswith(("E ", ">"))]
    return "\n".join(line[1:].strip() for line in lines) or text
