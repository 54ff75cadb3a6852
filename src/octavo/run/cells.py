"""Run one cell in a kernel: take its outputs, keep its limits, notice when the kernel dies."""

import asyncio

from octavo.run import failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell
    from octavo.core.errors import CellFailedError
    from octavo.run.collect import CellOutputs, Collector, Message
    from octavo.run.kernel import Kernel
    from octavo.run.settings import Settings

_QUIET_S = 4.0  # after the reply, so long may outputs stay away before they count as lost
TOO_LONG = "OCT-R012"
_LAST_S = 1.0  # what a dead kernel has sent is there by then


class _TooMuchOutput(Exception):  # noqa: N818  a signal, not an error
    """A cell printed more than it may."""


class _Running:
    """A cell that runs: its outputs go to *collector* until the kernel says that it is done."""

    def __init__(
        self, kernel: "Kernel", request: str, collector: "Collector", most_bytes: int
    ) -> None:
        self._kernel = kernel
        self._request = request
        self._collector = collector
        self._outputs: CellOutputs = collector.cell
        self._most_bytes = most_bytes
        self._seen = 0

    async def finish(self) -> "Message":
        """Return the reply, as soon as it and all outputs are there."""
        listening = asyncio.create_task(self._listen())
        replying = asyncio.create_task(self._reply())
        try:
            await asyncio.wait({listening, replying}, return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                listening.result()
            reply = await replying
            while not listening.done():
                seen = self._seen
                await asyncio.wait({listening}, timeout=_QUIET_S)
                if seen == self._seen and not listening.done():
                    return reply
            listening.result()
            return reply
        finally:
            listening.cancel()
            replying.cancel()
            await asyncio.gather(listening, replying, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            message = await self._kernel.next_output()
            if message["parent_header"].get("msg_id") != self._request:
                continue
            self._seen += 1
            if self._collector.take(message):
                return
            if self._most_bytes and self._outputs.size_bytes > self._most_bytes:
                raise _TooMuchOutput

    async def _reply(self) -> "Message":
        while True:
            message = await self._kernel.next_reply()
            if message["parent_header"].get("msg_id") == self._request:
                return message


async def run_cell(
    kernel: "Kernel",
    cell: "Cell",
    number: int,
    collector: "Collector",
    settings: "Settings",
    limit_s: float,
    *,
    allows_errors: bool,
) -> "CellFailedError | None":
    """Run a cell; its outputs are in `collector.cell`.  Return how it failed, None if it did not.

    An error that is allowed is none.
    """
    collector.begin()
    if kernel.died.is_set():
        return _died(kernel, cell, number)
    request = kernel.execute(cell.source, allows_errors=allows_errors)
    running = _Running(kernel, request, collector, settings.output_bytes)
    finishing = asyncio.create_task(running.finish())
    dying = asyncio.create_task(kernel.died.wait())
    try:
        await asyncio.wait(
            {finishing, dying}, timeout=limit_s or None, return_when=asyncio.FIRST_COMPLETED
        )
        if not finishing.done() and dying.done():
            await asyncio.wait({finishing}, timeout=_LAST_S)
            if not finishing.done():
                return _died(kernel, cell, number)
        if not finishing.done():
            ended = await _stop(kernel, finishing, dying, settings.grace_s)
            return _too_long(cell, number, limit_s, ended)
        try:
            reply = finishing.result()
        except _TooMuchOutput:
            return await _too_much(kernel, cell, number, settings)
        if reply["content"]["status"] == "ok" or allows_errors:
            return None
        return failure.failed(cell, number, reply)
    finally:
        finishing.cancel()
        dying.cancel()
        await asyncio.gather(finishing, dying, return_exceptions=True)


async def _stop(
    kernel: "Kernel",
    finishing: "asyncio.Task[Message]",
    dying: "asyncio.Task[bool]",
    grace_s: float,
) -> bool:
    """Interrupt a cell, kill the kernel if that does not help; return whether it helped."""
    await kernel.interrupt()
    await asyncio.wait({finishing, dying}, timeout=grace_s, return_when=asyncio.FIRST_COMPLETED)
    if finishing.done() and finishing.exception() is None:
        return True
    kernel.kill()
    return False


def _too_long(cell: "Cell", number: int, limit_s: float, ended: bool) -> "CellFailedError":  # noqa: FBT001  said at its one call
    how = "was interrupted" if ended else "did not heed an interrupt: its kernel was killed"
    return failure.problem(
        TOO_LONG, cell, number, f"ran longer than {limit_s:g} s and {how}",
        hint="a longer --timeout, or less work",
    )  # fmt: skip


async def _too_much(
    kernel: "Kernel", cell: "Cell", number: int, settings: "Settings"
) -> "CellFailedError":
    """Stop a cell that prints without end."""
    kernel.kill()
    await asyncio.wait_for(kernel.died.wait(), settings.grace_s)
    return failure.problem(
        "OCT-R015", cell, number,
        f"has outputs of more than {settings.output_bytes / 1e6:g} MB: its kernel was killed",
        hint="print less, or allow more with --max-output",
    )  # fmt: skip


def _died(kernel: "Kernel", cell: "Cell", number: int) -> "CellFailedError":
    how = kernel.how_it_ended()
    what = "could not run to its end: the kernel died" + (f" ({how})" if how else "")
    words = kernel.last_words().rpartition("\n")[2].strip()
    return failure.problem("OCT-R011", cell, number, what, hint=words[:300])
