"""What other people's native code draws, drawn in a process of its own.

A chart of Vega can name so many rows, and a picture claim such a size, that whoever draws it runs
out of memory or of time.  That ends the other process, never the one that exports; the next
question starts a new one.
"""

import os
import sys
from marshal import dumps, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from subprocess import Popen
    from typing import IO, TypeAlias

    from octavo.core.document import Json

    Sent: TypeAlias = Json | dict[str, bytes]

_DRAWING_S = 60.0
_TYPESETTING_S = 900.0
_SIZE_BYTES = 8


class Apart:
    """A process that answers questions, one after the other; it starts with the first of them.

    *command* is what answers; this module does.
    """

    def __init__(self, command: "Sequence[str] | None" = None) -> None:
        from threading import Lock

        self._command = command or [sys.executable, "-P", "-m", __spec__.name]
        self._process: Popen[bytes] | None = None
        self._owner = 0
        self._lock = Lock()

    def ask(self, name: str, *arguments: "Sent", patience_s: float) -> object:
        """Return what the function of that *name* returns in the other process.

        Raises: `RuntimeError` with the complaint of that function, or when it ended its process
        or took longer than *patience_s*; `OSError` when there can be no such process.
        """
        with self._lock:
            process = self._started()
            try:
                answer = _asked(process, dumps((name, *arguments)), patience_s)
                complaint, result = loads(answer)  # noqa: S302  from our own process
            except (OSError, ValueError, EOFError, TypeError):
                self.close()
                raise RuntimeError("it took too much memory or time") from None
        if complaint:
            raise RuntimeError(complaint)
        return result

    def close(self) -> None:
        """End the process; a fork of ours leaves it to the one that started it."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.communicate()

    def _started(self) -> "Popen[bytes]":
        import atexit
        from subprocess import DEVNULL, PIPE, Popen

        if self._process is None or self._owner != os.getpid():
            self._owner = os.getpid()
            self._process = Popen(self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)  # noqa: S603
            atexit.unregister(self.close)
            atexit.register(self.close)
        return self._process


def _asked(process: "Popen[bytes]", question: bytes, patience_s: float) -> bytes:
    from threading import Timer

    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:  # pragma: no cover  both are pipes
        return b""
    timer = Timer(patience_s, process.kill)
    timer.daemon = True
    timer.start()
    try:
        _send(stdin, question)
        return _received(stdout)
    finally:
        timer.cancel()


_APART: list[Apart] = []  # one, when it was needed


def typeset(files: "dict[str, bytes]", options: "dict[str, Json]") -> bytes:
    """Return what Typst makes of *files*, as `octavo.exporters._typst.compiled` does.

    Raises: as that does.
    """
    from importlib.util import find_spec

    from octavo.exporters import _typst

    if find_spec("typst") is None:
        raise _typst.missing()
    try:
        made = _apart().ask("typst", files, options, patience_s=_TYPESETTING_S)
    except OSError:  # an interpreter inside of another program cannot start itself
        return _typst.compiled(files, options)
    return made if isinstance(made, bytes) else b""


def draw(kind: str, specification: "dict[str, Json]") -> str | None:
    """Return the SVG of a chart of "vega" or "vega-lite"; "" if it cannot be drawn.

    None where `vl-convert-python` is not installed, which does it without a browser.
    """
    from importlib.util import find_spec

    if find_spec("vl_convert") is None:
        return None
    try:
        return str(_apart().ask(kind, specification, patience_s=_DRAWING_S))
    except (RuntimeError, OSError):
        return ""


def _apart() -> Apart:
    if not _APART:
        _APART.append(Apart())
    return _APART[0]


def _send(pipe: "IO[bytes]", data: bytes) -> None:
    pipe.write(len(data).to_bytes(_SIZE_BYTES, "big") + data)
    pipe.flush()


def _received(pipe: "IO[bytes]") -> bytes:
    return pipe.read(int.from_bytes(pipe.read(_SIZE_BYTES), "big"))


def _drawing(function: str) -> "Callable[[dict[str, Json]], str]":
    def svg(specification: "dict[str, Json]") -> str:
        import vl_convert

        # It may fetch nothing.
        return str(getattr(vl_convert, function)(specification, allowed_base_urls=[]))

    return svg


def _typst(files: "dict[str, bytes]", options: "dict[str, Json]") -> bytes:
    from octavo.exporters import _typst

    return _typst.compiled(files, options)


_FUNCTIONS: "dict[str, Callable[..., str | bytes]]" = {
    "typst": _typst, "vega": _drawing("vega_to_svg"), "vega-lite": _drawing("vegalite_to_svg"),
}  # fmt: skip


def _serve() -> None:
    """Answer the questions that come in through stdin, until it ends."""
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints is no answer
    while question := _received(questions):
        name, *arguments = loads(question)  # noqa: S302  from our own process
        try:
            answer = dumps(("", _FUNCTIONS[name](*arguments)))
        except Exception as error:  # noqa: BLE001  it is told, and the next question answered
            answer = dumps((str(error) or type(error).__name__, None))
        _send(answers, answer)


if __name__ == "__main__":
    _serve()
