"""One kernel: start it, talk to it, end it with everything that it started.

A kernel leads a process group of its own.  However a run ends, the whole group is killed, so
that no process of a cell is left behind.
"""

import asyncio
import os
import signal

from octavo.core.errors import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from jupyter_client.kernelspec import KernelSpec

    from octavo.run.collect import Message
    from octavo.run.settings import Settings

_TAIL_BYTES = 4000  # of what the kernel itself prints
_PIECE_BYTES = 65536
_ALIVE_S = 0.1  # how often to look whether the kernel lives
_STARTS = 3  # a port that was free a moment ago may be taken
_ANSWER_S = 1.0
_TAKEN = "Address already in use"


class Kernel:
    """A running kernel.  Make one with `await start(...)`, end it with `await close()`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.language_info: dict[str, Any] = {}
        self.died = asyncio.Event()
        self._tail = b""
        self._manager: Any = None
        self._client: Any = None
        self._watch: asyncio.Task[None] | None = None
        self._stderr = -1
        self._group = 0

    async def start(self, settings: "Settings") -> None:
        """Start the kernel and wait until it answers.

        Raises: `RunError` OCT-R001 to OCT-R005.
        """
        from octavo.run import kernelspecs

        spec = kernelspecs.checked(self.name)
        for attempt in range(1, _STARTS + 1):
            try:
                await self._start_once(spec, settings)
            except RunError:
                await self.close(now=True)
                if attempt == _STARTS or _TAKEN not in self.last_words():
                    raise
            except BaseException:
                await self.close(now=True)
                raise
            else:
                return
            self.died = asyncio.Event()
            self._tail = b""

    def execute(self, source: str, *, allows_errors: bool) -> str:
        """Send the source of a cell; return the id of the request."""
        request: str = self._client.execute(
            source, store_history=True, allow_stdin=False, stop_on_error=not allows_errors
        )
        return request

    async def next_output(self) -> "Message":
        """Return the next message of the IOPub channel."""
        message: Message = await self._client.get_iopub_msg(timeout=None)
        return message

    async def next_reply(self) -> "Message":
        """Return the next message of the shell channel."""
        message: Message = await self._client.get_shell_msg(timeout=None)
        return message

    def send_comm(self, parent: "Message", content: "dict[str, Any]") -> None:
        """Send a message of a widget."""
        message = self._client.session.msg(
            "comm_msg", content=content, parent=parent["parent_header"]
        )
        self._client.shell_channel.send(message)

    async def interrupt(self) -> None:
        """Interrupt what runs, as Ctrl-C would."""
        try:
            await self._manager.interrupt_kernel()
        except (OSError, RuntimeError):
            return  # it is gone: that is seen elsewhere

    def kill(self) -> None:
        """Kill the kernel and all of its process group, at once."""
        if self._group and hasattr(os, "killpg"):
            try:
                os.killpg(self._group, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return

    async def close(self, *, now: bool = False) -> None:
        """End the kernel, politely unless *now*: what it does at its exit is done."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        try:
            if self._client is not None:
                self._client.stop_channels()
            if self._manager is not None and self._manager.has_kernel:
                await self._shut_down(now=now or self.died.is_set())
        finally:
            self.kill()
            await self._forget()

    def how_it_ended(self) -> str:
        """Return how the process ended, "" when nobody knows."""
        process = getattr(getattr(self._manager, "provisioner", None), "process", None)
        code = getattr(process, "returncode", None)
        if not isinstance(code, int):
            return ""
        if code >= 0:
            return f"exit code {code}"
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return name + (": often because memory ran out" if name == "SIGKILL" else "")

    def last_words(self) -> str:
        """Return the end of what the kernel itself printed, warnings left out."""
        lines = self._tail.decode("utf-8", "replace").split("\n")
        return "\n".join(line for line in lines if "WARNING" not in line).strip()

    async def _start_once(self, spec: "KernelSpec", settings: "Settings") -> None:
        from jupyter_client.manager import AsyncKernelManager

        manager = AsyncKernelManager(kernel_name=self.name)
        manager._kernel_spec = spec  # noqa: SLF001  it was looked up and checked already
        manager.shutdown_wait_time = settings.grace_s
        self._manager = manager
        write = self._ear()
        try:
            await manager.start_kernel(
                cwd=settings.cwd or None, stdout=write, stderr=write,
                extra_arguments=_quiet_arguments(spec),
            )  # fmt: skip
        except (OSError, ValueError, RuntimeError) as error:
            raise RunError(
                "OCT-R004", f"the kernel {self.name!r} cannot be started: {error}",
                hint=f"`{_command(spec)}` must be a program that is there",
            ) from None  # fmt: skip
        finally:
            os.close(write)
        self._group = _group_of(manager)
        self._watch = asyncio.create_task(self._look_after())
        self._client = manager.client()
        self._client.start_channels(stdin=False, hb=False, control=False)
        await self._wait_until_ready(settings.start_s)

    def _ear(self) -> int:
        """Return where the kernel prints to; its last words are kept."""
        read, write = os.pipe()
        try:
            os.set_blocking(read, False)
            asyncio.get_running_loop().add_reader(read, self._listen)
        except (NotImplementedError, OSError):  # pragma: no cover  Windows
            os.close(read)
            os.close(write)
            return os.open(os.devnull, os.O_WRONLY)
        self._stderr = read
        return write

    async def _wait_until_ready(self, limit_s: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + limit_s if limit_s else float("inf")
        while loop.time() < deadline:
            if self.died.is_set():
                await asyncio.sleep(0)
                self._listen()
                raise RunError(
                    "OCT-R004", f"the kernel {self.name!r} ended before it answered",
                    hint=_last_line(self.last_words()) or "run its command by hand to see why",
                )  # fmt: skip
            if await self._answers(min(_ANSWER_S, deadline - loop.time())):
                return
        raise RunError(
            "OCT-R005", f"the kernel {self.name!r} did not answer within {limit_s:g} s",
            hint=_last_line(self.last_words()) or "--start-timeout allows it more time",
        )  # fmt: skip

    async def _answers(self, limit_s: float) -> bool:
        """Ask who the kernel is, and return whether its answer came on both channels."""
        request = self._client.kernel_info()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + limit_s
        reply: Message | None = None
        is_idle = False
        while reply is None or not is_idle:
            left = deadline - loop.time()
            if left <= 0 or self.died.is_set():
                return False
            left = min(left, _ALIVE_S)
            if reply is None:
                message = await _soon(self._client.get_shell_msg, left)
                if message and message["parent_header"].get("msg_id") == request:
                    reply = message
            else:
                message = await _soon(self._client.get_iopub_msg, left)
                is_idle = bool(message and message["parent_header"].get("msg_id") == request)
        self.language_info = reply["content"].get("language_info") or {}
        return True

    async def _look_after(self) -> None:
        """Set `died` as soon as the process is gone."""
        while await self._manager.is_alive():  # noqa: ASYNC110  a process tells nobody
            await asyncio.sleep(_ALIVE_S)
        self.died.set()

    async def _shut_down(self, *, now: bool) -> None:
        limit_s = 2 * self._manager.shutdown_wait_time + 5
        if now:
            self.kill()
        try:
            await asyncio.wait_for(self._manager.shutdown_kernel(now=now), limit_s)
        except (OSError, RuntimeError, TimeoutError):
            self.kill()

    async def _forget(self) -> None:
        """Give back what was opened for the kernel."""
        manager, self._manager, self._client = self._manager, None, None
        if manager is not None:
            await manager.cleanup_resources()
        if self._stderr >= 0:
            asyncio.get_running_loop().remove_reader(self._stderr)
            os.close(self._stderr)
            self._stderr = -1
        self._group = 0

    def _listen(self) -> None:
        """Take what the kernel itself printed; only its end is kept."""
        try:
            piece = os.read(self._stderr, _PIECE_BYTES)
        except BlockingIOError:
            return
        if not piece:
            asyncio.get_running_loop().remove_reader(self._stderr)
        self._tail = (self._tail + piece)[-_TAIL_BYTES:]


async def _soon(get: "Callable[..., Any]", limit_s: float) -> "Message | None":
    """Return the next message of a channel, None if none comes in time."""
    from queue import Empty

    try:
        message: Message = await get(timeout=limit_s)
    except Empty:
        return None
    return message


def _quiet_arguments(spec: "KernelSpec") -> list[str]:
    """Return what keeps IPython from writing a history for runs."""
    is_ipython = any("ipykernel" in word for word in spec.argv)
    return ["--HistoryManager.hist_file=:memory:"] if is_ipython else []


def _command(spec: "KernelSpec") -> str:
    return str(spec.argv[0]) if spec.argv else ""


def _group_of(manager: object) -> int:
    """Return the process group that the kernel leads, 0 where there are none."""
    provisioner = getattr(manager, "provisioner", None)
    group, pid = getattr(provisioner, "pgid", None), getattr(provisioner, "pid", None)
    return group if isinstance(group, int) and group == pid else 0


def _last_line(text: str) -> str:
    return text.rpartition("\n")[2].strip()[:300]
