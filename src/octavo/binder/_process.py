"""Processes that are gone when we are: each in a session of its own, stopped as a group."""

import atexit
import os
import signal
import subprocess
import threading
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_GRACE_S = 5.0
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")

#: What runs now.  A signal may come between a start and the `with` block that ends it.
_running: "set[subprocess.Popen[bytes]]" = set()


def start(
    argv: "Sequence[str]",
    environment: "Mapping[str, str]",
    folder: str,
    *,
    log: int = subprocess.DEVNULL,
    inherited: "Sequence[int]" = (),
) -> "subprocess.Popen[bytes]":
    """Start a program; *log* and *inherited* are file descriptors, the latter kept open in it.

    A session of its own keeps the Ctrl-C of our terminal from it: we end it ourselves, in order.
    """
    process = None
    try:
        with _signals_held_back():
            process = subprocess.Popen(  # noqa: S603  the caller names the program, no shell
                list(argv),
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=tuple(inherited),
                start_new_session=True,
            )
            _running.add(process)
    except BaseException:
        if process is not None:
            stop(process)
        raise
    return process


def stop(process: "subprocess.Popen[bytes]", grace_s: float = _GRACE_S) -> None:
    """End a program and everything it started: asked first, killed after *grace_s* seconds."""
    try:
        if process.poll() is None:
            process.terminate()
            process.wait(grace_s)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _kill_group(process.pid)
        process.wait()
        _running.discard(process)


@atexit.register
def _stop_all() -> None:
    for process in list(_running):
        stop(process, grace_s=0.5)


@contextmanager
def _signals_held_back() -> "Iterator[None]":
    """Let signals wait: a program that has been forked must be known before anything is raised."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    numbers = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
    before = {n: signal.getsignal(n) for n in numbers}
    ours = {n: handler for n, handler in before.items() if callable(handler)}
    for number in ours:
        signal.signal(number, lambda n, _frame: came.append(n))
    try:
        yield
    finally:
        for number, handler in ours.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


def _kill_group(group: int) -> None:
    if hasattr(os, "killpg"):
        try:
            os.killpg(group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return  # everybody had left
