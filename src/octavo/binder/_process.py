"""Processes that are gone when we are: each in a session of its own, stopped as a group."""

import os
import signal
import subprocess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_GRACE_S = 5.0


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
    return subprocess.Popen(  # noqa: S603  the caller names the program, no shell reads the words
        list(argv),
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=tuple(inherited),
        start_new_session=True,
    )


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


def _kill_group(group: int) -> None:
    if hasattr(os, "killpg"):
        try:
            os.killpg(group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return  # everybody had left
