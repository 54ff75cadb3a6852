"""What a run tells: progress while it goes, a line for each file, a record for JSON."""

import sys

from octavo.cli import _output
from octavo.cli._syncing import shown
from octavo.core.errors import CellFailedError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from octavo.core.document import Cell
    from octavo.core.errors import OctavoError
    from octavo.run.execute import Run
    from octavo.workspace.running import Job

_LINE_WIDTH = 79


class RunReport:
    """Collects how all files went; `code` is the exit code."""

    def __init__(self, arguments: "Namespace") -> None:
        self.code = 0
        self.records: list[dict[str, object]] = []
        self._json: bool = arguments.json
        self._quiet: bool = arguments.quiet
        self._shows = not self._quiet and _output.is_terminal(sys.stderr)
        self._counts: dict[str, int] = {}

    def progress(self, job: "Job", done: int, total: int, cell: "Cell") -> None:
        """Show on a terminal which cell runs."""
        if self._shows:
            from octavo.run.failure import title

            text = _output.one_line(f"{shown(job.path)} [{done + 1}/{total}] {title(cell)}")
            _output.err(f"\r\x1b[K{text[:_LINE_WIDTH]}")

    def ran(self, job: "Job", run: "Run", written: "Sequence[str]", *, status: str) -> None:
        """Tell how the run of a document went; status is "ran", "failed" or "cached"."""
        for error in run.errors:
            self._error(error)
        self._note(
            {
                "file": shown(job.path),
                "status": status,
                "kernel": run.kernel,
                "cells": run.total,
                "ran": run.ran,
                "written": [shown(path) for path in written],
                "errors": [_record(error) for error in run.errors],
            }
        )
        names = ", ".join(shown(path) for path in written)
        self.tell(f"{shown(job.path)}: {_ran(run, status)}: {_updated(names)}")

    def would_run(self, job: "Job", kernel: str, cells: int, *, cached: bool) -> None:
        """Tell what a run would do."""
        self._note(
            {
                "file": shown(job.path), "status": "would run", "kernel": kernel, "cells": cells,
                "cached": cached,
            }
        )  # fmt: skip
        what = "nothing changed" if cached else f"would run {_cells(cells)}"
        self.tell(f"{shown(job.path)}: {what}" + (f" with {kernel}" if kernel else ""))

    def fault(self, error: "OctavoError") -> None:
        """Tell that a document could not be run at all."""
        self._error(error)
        self._note(
            {"file": error.span.file, "status": "error", "errors": [_record(error)]}
        )  # fmt: skip

    def finish(self) -> int:
        """Print the sum or the JSON; return the exit code."""
        self._clear()
        if self._json:
            _output.out_json(self.records)
        elif len(self.records) != 1:
            parts = ", ".join(f"{n} {status}" for status, n in sorted(self._counts.items()))
            number = len(self.records)
            word = "document" if number == 1 else "documents"
            self.tell(f"octavo: {number} {word}" + (f": {parts}" if parts else ""))
        return self.code

    def tell(self, text: str) -> None:
        """Print a line about what was done."""
        if not self._quiet:
            self._clear()
            _output.err(_output.one_line(text) + "\n")

    def _error(self, error: "OctavoError") -> None:
        if error.span.file:
            error.span = Span(shown(error.span.file), error.span.line, error.span.column)
        self._clear()
        _output.error(error)
        self.code = max(self.code, error.exit_code)

    def _note(self, record: "dict[str, object]") -> None:
        self.records.append(record)
        status = str(record["status"])
        self._counts[status] = self._counts.get(status, 0) + 1

    def _clear(self) -> None:
        if self._shows:
            _output.err("\r\x1b[K")


def _ran(run: "Run", status: str) -> str:
    if status == "cached":
        return f"{_cells(run.total)} as before, none ran"
    if run.errors:
        return f"stopped after {run.ran} of {_cells(run.total)}"
    return f"{_cells(run.total)} ran"


def _cells(n: int) -> str:
    return "1 cell" if n == 1 else f"{n} cells"


def _updated(names: str) -> str:
    return f"{names} updated" if names else "nothing to update"


def _record(error: "OctavoError") -> dict[str, object]:
    record: dict[str, object] = {
        "code": error.code,
        "message": error.message,
        "file": error.span.file,
        "line": error.span.line,
        "hint": error.hint,
    }
    if isinstance(error, CellFailedError):
        record.update(cell=error.cell, line_in_cell=error.line_in_cell)
    return record
