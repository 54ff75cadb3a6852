"""Keep the kernel of a document: what ran already, and is as it was, does not run again.

A kernel can only go forward: after its last cell ran, there is no way back to the state before
it.  So cells that were added behind run alone; if a cell that ran is no longer as it was, the
kernel is started anew and all cells run.  Outputs of different kernels are never mixed.
"""

import asyncio
import threading

from octavo.run.execute import Run, Runner, places_to_run, step_of, with_parameters
from octavo.run.kernel import Kernel
from octavo.run.kernelspecs import name_for
from octavo.run.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any, Self, TypeVar

    from octavo.core.document import Document

    Result = TypeVar("Result")


class Session:
    """A kernel that stays between the runs of one document; a context that ends it.

    It has a thread and an event loop of its own, so it may be used from anywhere.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        self._runner: Runner | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, document: "Document") -> Run:
        """Run the cells of *document* that the kernel has not run yet; `ran` counts these.

        Raises: `RunError` OCT-R001 to OCT-R005 when there is no kernel to run it with.
        """
        return self._wait_for(self._run(document))

    def close(self) -> None:
        """End the kernel."""
        if self._loop.is_closed():
            return
        self._wait_for(self._drop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> "Self":
        """Return the session itself."""
        return self

    def __exit__(
        self,
        kind: "type[BaseException] | None",
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        """End the kernel."""
        self.close()

    def _wait_for(self, work: "Coroutine[Any, Any, Result]") -> "Result":
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _run(self, document: "Document") -> Run:
        document = with_parameters(document, self._settings)
        wanted = [
            step_of(document.cells[place], self._settings) for place in places_to_run(document)
        ]
        if not wanted:
            return Run(document, [], "", 0, 0)
        name = name_for(document, self._settings.kernel)
        if self._runner is not None and not _goes_on(self._runner, name, wanted):
            await self._drop()
        if self._runner is None:
            kernel = Kernel(name)
            await kernel.start(self._settings)
            self._runner = Runner(kernel)
        run = await self._runner.run(document, self._settings)
        if run.errors:
            await self._drop()
        return run

    async def _drop(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.kernel.close()


def _goes_on(runner: Runner, name: str, wanted: list[tuple[str, bool]]) -> bool:
    """Return whether a kernel can go on from where it is."""
    lives = not runner.kernel.died.is_set() and runner.kernel.name == name
    return lives and wanted[: len(runner.done)] == runner.done
