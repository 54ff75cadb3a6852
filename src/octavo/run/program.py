"""Run a program of the user's on a text: no shell, a time limit, nothing left behind."""

import os
import subprocess

from octavo.core.errors import OctavoError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class ProgramError(OctavoError, RuntimeError):
    """A program cannot be started, does not end, or did not do what it was to do."""

    exit_code = 6


class Ended:
    """How a program ended: its exit code, and the bytes it printed."""

    __slots__ = ("code", "err", "out")

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code = code
        self.out = out
        self.err = err


def run_program(
    words: "Sequence[str]", text: bytes, *, timeout_s: float, environ: "Mapping[str, str]"
) -> Ended:
    """Run a program with *text* as its input; *environ* goes before the environment.

    Raises: `ProgramError` OCT-P001 (not found, not executable), OCT-P002 (not ended in time).
    """
    try:
        process = subprocess.Popen(  # noqa: S603  the user's own words, no shell
            list(words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **environ},
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ProgramError(
            "OCT-P001", f"{words[0]!r} cannot be started: {reason.lower()}",
            hint="is it installed in this environment? A path works too",
        ) from None  # fmt: skip
    with process:
        try:
            out, err = process.communicate(text, timeout=timeout_s or None)
        except subprocess.TimeoutExpired:
            _end(process)
            raise ProgramError(
                "OCT-P002", f"{words[0]!r} did not end within {timeout_s:g} seconds",
                hint="--timeout SECONDS allows more",
            ) from None  # fmt: skip
        except BaseException:
            _end(process)
            raise
    return Ended(process.returncode, out, err)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a program and what it started."""
    import signal

    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:  # pragma: no cover  Windows
            process.kill()
    except ProcessLookupError:
        return  # it has just ended
    finally:
        process.communicate()
