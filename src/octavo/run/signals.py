"""Run a coroutine to its end, or until the process is asked to stop."""

import asyncio
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any, TypeVar

    Result = TypeVar("Result")

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


def run_until_stopped(work: "Coroutine[Any, Any, Result]") -> "Result":
    """Return what *work* returns; at Ctrl-C or SIGTERM it is cancelled, and cleans up.

    Raises: `KeyboardInterrupt` after Ctrl-C, `SystemExit` (128 + the signal) after the others.
    """
    stopped: list[int] = []
    before = {number: signal.getsignal(number) for number in _numbers()}
    try:
        return asyncio.run(_cancelled_by_signals(work, stopped))
    except asyncio.CancelledError:
        if stopped and stopped[0] != signal.SIGINT:
            raise SystemExit(128 + stopped[0]) from None
        raise KeyboardInterrupt from None
    finally:
        _restore(before)


def _numbers() -> list[int]:
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


async def _cancelled_by_signals(
    work: "Coroutine[Any, Any, Result]", stopped: list[int]
) -> "Result":
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)

    def stop(number: int) -> None:
        stopped.append(number)
        task.cancel()

    for number in _numbers():
        try:
            loop.add_signal_handler(number, stop, number)
        except (NotImplementedError, RuntimeError, ValueError):
            break  # Windows, or not the main thread: signals go their usual way
    return await task


def _restore(before: "dict[int, Any]") -> None:
    """Put back the handlers that were there."""
    for number, handler in before.items():
        try:
            signal.signal(number, handler)
        except (TypeError, ValueError):
            return  # not the main thread: nothing was changed
