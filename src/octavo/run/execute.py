"""Run a document: a Document goes in, the same one with new outputs comes out."""

import asyncio

from octavo.core.active import is_active
from octavo.core.errors import CellFailedError
from octavo.core.tags import marks_of
from octavo.run import failure
from octavo.run.cells import TOO_LONG, run_cell
from octavo.run.collect import Collector
from octavo.run.kernel import Kernel
from octavo.run.kernelspecs import name_for
from octavo.run.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from octavo.core.document import Cell, Document
    from octavo.run.collect import CellOutputs

    #: Called before each cell, with how many ran, how many there are, and the cell.
    Progress: TypeAlias = Callable[[int, int, Cell], None]


class Run:
    """How a run went.

    `document` has the outputs of all cells that ran; `errors` tells which cells failed, `ran`
    how many ran of `total`, `kernel` with which kernel.  `reaches_back` tells that a cell
    changed what an earlier one had shown.
    """

    __slots__ = ("document", "errors", "kernel", "ran", "reaches_back", "total")

    def __init__(
        self,
        document: "Document",
        errors: "list[CellFailedError]",
        kernel: str,
        ran: int,
        total: int,
        *,
        reaches_back: bool = False,
    ) -> None:
        self.document = document
        self.errors = tuple(errors)
        self.kernel = kernel
        self.ran = ran
        self.total = total
        self.reaches_back = reaches_back


def execute(document: "Document", settings: Settings | None = None) -> Run:
    """Run the code cells of *document* in a kernel of its own.

    A cell that fails stops the run, unless it is tagged `raises-exception` or errors are
    allowed; the outputs of the cells before it, and its own, are in the result.  This may be
    called where an event loop runs.

    Raises: `RunError` OCT-R001 to OCT-R005 when there is no kernel to run it with.
    """
    wanted = settings or Settings()
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(execute_async(document, wanted))
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(execute_async(document, wanted))).result()


async def execute_async(
    document: "Document", settings: Settings, progress: "Progress | None" = None
) -> Run:
    """Run the code cells of *document*; the kernel is gone when this returns, or is cancelled."""
    document = with_parameters(document, settings)
    if not places_to_run(document):
        return Run(document, [], "", 0, 0)
    name = name_for(document, settings.kernel)
    kernel = Kernel(name)
    is_done = False
    try:
        await kernel.start(settings)
        run = await Runner(kernel).run(document, settings, progress)
        is_done = True
    finally:
        await kernel.close(now=not is_done)
    return run


def with_parameters(document: "Document", settings: Settings) -> "Document":
    """Return *document* with the parameters of *settings* injected, if there are some."""
    if not settings.parameters:
        return document
    from octavo.transforms.parameters import inject

    return inject(document, settings.parameters)


def places_to_run(document: "Document") -> list[int]:
    """Return the indices of the cells that a run runs."""
    return [index for index, cell in enumerate(document.cells) if is_run(cell)]


def is_run(cell: "Cell") -> bool:
    """Return whether a run runs a cell.

    Not if it is empty, marked as frozen or not to run in whatever dialect, or active elsewhere
    than in notebooks only.
    """
    if cell.kind != "code" or not cell.source.strip():
        return False
    return is_active(cell.metadata, ".ipynb") and "skip-execution" not in marks_of(cell)


class Runner:
    """Runs cells in a kernel, one after the other; `done` are those that ran in it so far."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.done: list[tuple[str, bool]] = []
        self._collector = Collector(kernel.send_comm)
        self._outputs: list[CellOutputs] = []

    async def run(
        self, document: "Document", settings: Settings, progress: "Progress | None" = None
    ) -> Run:
        """Run the cells of *document* that have not run here yet; what ran must be its start."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + settings.total_s if settings.total_s else None
        places = places_to_run(document)
        errors: list[CellFailedError] = []
        before = len(self.done)
        for place in places[before:]:
            cell = document.cells[place]
            if progress is not None:
                progress(len(self.done), len(places), cell)
            left = None if deadline is None else deadline - loop.time()
            error = await self._run_one(cell, place + 1, settings, left)
            if error is not None:
                errors.append(error)
                break
        whole = self._with_outputs(document, places)
        return Run(
            whole,
            errors,
            self.kernel.name,
            len(self.done) - before,
            len(places),
            reaches_back=self._collector.reaches_back,
        )

    async def _run_one(
        self, cell: "Cell", number: int, settings: Settings, left: float | None
    ) -> CellFailedError | None:
        """Run a cell within its own limit and what is left of that of the document."""
        if left is not None and left <= 0:
            return _no_time(cell, number, settings)
        step = step_of(cell, settings)
        limit_s = min(filter(None, (settings.cell_s, left)), default=0)
        error = await run_cell(
            self.kernel, cell, number, self._collector, settings, limit_s, allows_errors=step[1]
        )
        self.done.append(step)
        self._outputs.append(self._collector.cell)
        if error is not None and error.code == TOO_LONG and limit_s == left:
            return _no_time(cell, number, settings)
        return error

    def _with_outputs(self, document: "Document", places: list[int]) -> "Document":
        cells = list(document.cells)
        for number, (place, one) in enumerate(zip(places, self._outputs, strict=False), 1):
            cells[place] = cells[place].with_(outputs=one.finished(), execution_count=number)
        metadata = dict(document.metadata)
        if self.kernel.language_info:
            metadata["language_info"] = self.kernel.language_info
        widgets = self._collector.widgets.metadata()
        if widgets:
            metadata["widgets"] = widgets
        return document.with_(cells=cells, metadata=metadata)


def step_of(cell: "Cell", settings: Settings) -> tuple[str, bool]:
    """Return what decides how a cell runs: its source, and whether it may fail."""
    return cell.source, settings.allow_errors or "may-fail" in marks_of(cell)


def _no_time(cell: "Cell", number: int, settings: Settings) -> CellFailedError:
    return failure.problem(
        "OCT-R013", cell, number, f"had no time left: the document may run {settings.total_s:g} s",
        hint="a longer --total-timeout, or less work",
    )  # fmt: skip
