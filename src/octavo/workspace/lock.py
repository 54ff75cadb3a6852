"""One sync at a time in a project, and one build.

The lock is one of the operating system on an open file: it goes away with the process that
holds it, however that ends, so it is never stale.
"""

import os

from octavo.core.errors import FileError, Span
from octavo.workspace import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

_PAUSE_S = 0.02


class Lock:
    """A context in which no other process, and no other lock of this one, does the same work.

    *work* is a word for it; *waits* is called once when the lock is not free.

    Raises: `FileError` OCT-W023 when the other did not end within *patience_s*, and as
    `files.replace_file` when there can be no lock.
    """

    def __init__(
        self,
        path: str,
        patience_s: float = 60.0,
        *,
        work: str = "sync",
        waits: "Callable[[], None] | None" = None,
    ) -> None:
        self.path = path
        self.patience_s = patience_s
        self.work = work
        self._waits = waits
        self._fd = -1

    def __enter__(self) -> "Self":
        """Wait for the lock."""
        import time

        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        try:
            self._fd = os.open(self.path, flags, 0o666)
        except OSError as error:
            raise files.write_error(self.path, error) from None
        deadline = time.monotonic() + self.patience_s
        is_free = _take(self._fd)
        if not is_free and self._waits is not None:
            self._waits()
        while not is_free:
            if time.monotonic() > deadline:
                os.close(self._fd)
                raise FileError(
                    "OCT-W023", f"another {self.work} of this project is still running",
                    Span(self.path), hint="wait for it, or end it",
                )  # fmt: skip
            time.sleep(_PAUSE_S)
            is_free = _take(self._fd)
        return self

    def __exit__(
        self,
        kind: "type[BaseException] | None",
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        """Give the lock back: closing the file does."""
        os.close(self._fd)


def _take(fd: int) -> bool:
    """Take the lock if it is free, and return whether it was."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover  Windows
        return _take_on_windows(fd)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks: writes are still all or nothing
    return True


def _take_on_windows(fd: int) -> bool:  # pragma: no cover  Windows
    import importlib

    msvcrt = importlib.import_module("msvcrt")
    try:
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True
