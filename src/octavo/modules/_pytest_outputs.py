"""`pytest --octavo-outputs`: run a notebook again and compare with its stored outputs."""

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from octavo.core.document import Cell, Document
    from octavo.modules._pytest_collect import NotebookModule
    from octavo.run.execute import Run


class OutputItem(pytest.Item):
    """A code cell with stored outputs."""

    place: int
    line: int

    def runtest(self) -> None:
        """Compare the outputs of the cell; the notebook is run for its first cell."""
        run = _run_of(self.parent)  # type: ignore[arg-type]  # made by `items` below
        from octavo.modules.outputs import differences

        stored = _document_of(self.parent).cells[self.place]  # type: ignore[arg-type]  # as above
        fresh = run.document.cells[self.place]
        config = self.config
        found = differences(
            stored.outputs or [], fresh.outputs or [],
            sanitize=config.getini("octavo_sanitize"),
            tolerance=float(config.getini("octavo_tolerance")),
        )  # fmt: skip
        if found:
            raise OutputError("\n".join(found))

    def repr_failure(self, excinfo: "pytest.ExceptionInfo[BaseException]") -> str:  # type: ignore[override]  # a text is enough
        """Return what differs, without a traceback."""
        return f'{self.path.name}:{self.line} (cell "{self.cell_name}")\n{excinfo.value}'

    def reportinfo(self) -> tuple["Path", int, str]:
        """Return the place of the cell."""
        return self.path, max(self.line - 1, 0), self.name

    cell_name = ""


class OutputError(AssertionError):
    """The outputs of a cell are not the stored ones."""


_IGNORED = frozenset(("ignore-output", "nbval-ignore-output", "nbval-skip", "remove-output"))
_RUNS = pytest.StashKey["tuple[Document, Run | None]"]()


def items(module: "NotebookModule") -> "Iterable[pytest.Item]":
    """Return the cells of a notebook whose outputs are compared, if that is asked for."""
    if not module.config.getoption("octavo_outputs") or module.path.suffix != ".ipynb":
        return []
    from octavo.modules import source
    from octavo.run.execute import is_run

    document, _, entries = source.read(module.data, str(module.path))
    module.stash[_RUNS] = (document, None)
    found: list[pytest.Item] = []
    for entry in entries:
        if not is_run(entry.cell) or _is_ignored(entry.cell):
            continue
        node: OutputItem = OutputItem.from_parent(module, name=f"outputs of {entry.name}")
        node.place, node.line, node.cell_name = entry.index, entry.line, entry.name
        found.append(node)
    return found


def _is_ignored(cell: "Cell") -> bool:
    """Return whether a cell says that its outputs may be anything, by tag, metadata or comment."""
    tags = cell.metadata.get("tags")
    words = (
        {tag.replace("_", "-").lower() for tag in tags if isinstance(tag, str)}
        if isinstance(tags, list)
        else set()
    )
    first = cell.source.split("\n", 1)[0].replace("_", "-").lower().lstrip("# ")
    return bool(words & _IGNORED) or first in _IGNORED


def _document_of(module: "NotebookModule") -> "Document":
    return module.stash[_RUNS][0]


def _run_of(module: "NotebookModule") -> "Run":
    from octavo.run.execute import execute
    from octavo.run.settings import Settings

    document, run = module.stash[_RUNS]
    if run is None:
        settings = Settings(allow_errors=True).in_folder(str(module.path.parent))
        run = execute(document, settings)
        module.stash[_RUNS] = (document, run)
    return run
