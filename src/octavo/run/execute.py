"""Run a document: a Document goes in, the same one with new outputs comes out."""

import asyncio

from octavo.core.active import is_active
from octavo.core.errors import CellFailedError
from octavo.core.tags import marks_of
from octavo.run import failure
from octavo.run.cells import run_cell
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
    how many ran of `total`, `kernel` with which kernel.
    """

    __slots__ = ("document", "errors", "kernel", "ran", "total")

    def __init__(
        self,
        document: "Document",
        errors: "list[CellFailedError]",
        kernel: str,
        ran: int,
        total: int,
    ) -> None:
        self.document = document
        self.errors = tuple(errors)
        self.kernel = kernel
        self.ran = ran
        self.total = total


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
    places = places_to_run(document)
    if not places:
        return Run(document, [], "", 0, 0)
    name = name_for(document, settings.kernel)
    kernel = Kernel(name)
    is_done = False
    try:
        await kernel.start(settings)
        run = await _run_cells(document, places, kernel, settings, progress)
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


async def _run_cells(
    document: "Document",
    places: list[int],
    kernel: Kernel,
    settings: Settings,
    progress: "Progress | None",
) -> Run:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + settings.total_s if settings.total_s else None
    collector = Collector(kernel.send_comm)
    errors: list[CellFailedError] = []
    ran: dict[int, CellOutputs] = {}
    for done, place in enumerate(places):
        cell = document.cells[place]
        if progress is not None:
            progress(done, len(places), cell)
        left = None if deadline is None else deadline - loop.time()
        if left is not None and left <= 0:
            errors.append(_no_time(cell, place + 1, settings))
            break
        allows_errors = settings.allow_errors or "may-fail" in marks_of(cell)
        limit_s = min(filter(None, (settings.cell_s, left)), default=0)
        error = await run_cell(
            kernel, cell, place + 1, collector, settings, limit_s, allows_errors=allows_errors
        )
        ran[place] = collector.cell
        if error is not None:
            if error.code == "OCT-R012" and left is not None and limit_s == left:
                error = _no_time(cell, place + 1, settings)
            errors.append(error)
            break
    done_document = _with_outputs(document, ran, collector, kernel)
    return Run(done_document, errors, kernel.name, len(ran), len(places))


def _with_outputs(
    document: "Document", ran: "dict[int, CellOutputs]", collector: Collector, kernel: Kernel
) -> "Document":
    cells = list(document.cells)
    for number, (place, outputs) in enumerate(ran.items(), 1):
        cells[place] = cells[place].with_(outputs=outputs.finished(), execution_count=number)
    metadata = dict(document.metadata)
    if kernel.language_info:
        metadata["language_info"] = kernel.language_info
    widgets = collector.widgets.metadata()
    if widgets:
        metadata["widgets"] = widgets
    return document.with_(cells=cells, metadata=metadata)


def _no_time(cell: "Cell", number: int, settings: Settings) -> CellFailedError:
    return failure.problem(
        "OCT-R013", cell, number, f"had no time left: the document may run {settings.total_s:g} s",
        hint="a longer --total-timeout, or less work",
    )  # fmt: skip
