"""A browser without a window, driven over a pipe by the DevTools protocol of Chromium.

A pipe needs no open port and no WebSocket; the browser ends when the pipe does.

Source: https://chromedevtools.github.io/devtools-protocol/, `--remote-debugging-pipe`.
"""

import json
import os
import select
import sys
import time

from octavo.binder import _process
from octavo.core.errors import OctavoError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from typing import Self

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",  # containers have no user namespaces; it sees nothing but our own server
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)
#: Puts the two ends of the pipe where the browser looks for them: descriptors 3 and 4.
_MOVE_PIPES = (
    "import os, sys; first, second = (os.dup(os.dup(int(word))) for word in sys.argv[1:3]); "
    "os.dup2(first, 3); os.dup2(second, 4); os.execv(sys.argv[3], sys.argv[3:])"
)
#: What the protocol says when a page is left while it is asked.
_PAGE_LEFT = ("navigated or closed", "context was destroyed", "Cannot find context")
_POLL_S = 0.05
_PIECE = 1 << 18
_DRAWN_MS = 400  # nothing tells when a page has drawn everything


class BrowserError(OctavoError):
    """The browser cannot be started, or does not answer."""

    exit_code = 4


def find_browser() -> str:
    """Return the path of a Chromium or Chrome on this machine, an empty string for none."""
    import shutil

    if sys.platform == "win32":
        return ""  # there, a program inherits no pipes by number
    return next((path for path in map(shutil.which, _PROGRAMS) if path), "")


class Browser:
    """A browser with one page, that runs while the `with` block does."""

    def __init__(self, program: str, folder: str, timeout_s: float) -> None:
        self._program = program
        self._folder = folder
        self._timeout_s = timeout_s
        self._process: subprocess.Popen[bytes] | None = None
        self._to_browser = self._from_browser = -1
        self._buffer = b""
        self._calls = 0
        self._session = self._target = ""

    def __enter__(self) -> "Self":
        """Start the browser and open an empty page.

        Raises: `BrowserError` OCT-B221.
        """
        theirs_in, self._to_browser = os.pipe()
        self._from_browser, theirs_out = os.pipe()
        try:
            try:
                self._start(theirs_in, theirs_out)
            finally:
                os.close(theirs_in)
                os.close(theirs_out)
            self.new_page()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End the browser."""
        for pipe in (self._to_browser, self._from_browser):
            os.close(pipe)
        if self._process is not None:
            _process.stop(self._process)

    def new_page(self) -> None:
        """Leave the page for an empty one, without asking it: it may hold changes."""
        old, self._session = self._target, ""
        self._target = str(self.call("Target.createTarget", url="about:blank")["targetId"])
        if old:
            self.call("Target.closeTarget", targetId=old)
        attached = self.call("Target.attachToTarget", targetId=self._target, flatten=True)
        self._session = str(attached["sessionId"])

    def call(self, method: str, **parameters: object) -> "dict[str, object]":
        """Return the result of a method of the protocol; events are passed over.

        Raises: `BrowserError` OCT-B221.
        """
        self._calls += 1
        message: dict[str, object] = {"id": self._calls, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        end = time.monotonic() + self._timeout_s
        try:
            self._send(json.dumps(message).encode("ascii") + b"\0")
            while True:
                answer = self._receive(end)
                if answer.get("id") == self._calls:
                    break
        except OSError as fault:
            raise BrowserError("OCT-B221", f"{self._program} ended: {fault}") from None
        if "error" in answer:
            raise BrowserError("OCT-B221", f"{method}: {answer['error']}")
        result = answer["result"]
        return result if isinstance(result, dict) else {}

    def evaluate(self, expression: str) -> object:
        """Return the value of a JavaScript expression in the page.

        None if it throws, or if the page was left for another in the meantime.
        """
        try:
            answer = self.call(
                "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
            )
        except BrowserError as error:
            if any(words in error.message for words in _PAGE_LEFT):
                return None
            raise
        result = answer.get("result")
        return result.get("value") if isinstance(result, dict) else None

    def wait_for(self, expression: str, timeout_s: float) -> object:
        """Return the value of an expression once it is true; what it was at the end otherwise."""
        end = time.monotonic() + timeout_s
        while True:
            value = self.evaluate(expression)
            if value or time.monotonic() > end:
                return value
            time.sleep(_POLL_S)

    def open(self, url: str) -> None:
        """Go to a page, without waiting for it."""
        self.call("Page.navigate", url=url)

    def picture(self) -> bytes:
        """Return a picture of the page once it is drawn, as PNG."""
        from base64 import b64decode

        self.evaluate(f"new Promise((done) => setTimeout(done, {_DRAWN_MS}))")
        return b64decode(str(self.call("Page.captureScreenshot", format="png")["data"]))

    def _start(self, theirs_in: int, theirs_out: int) -> None:
        folder = os.path.join(self._folder, "browser")
        os.makedirs(folder, 0o700, exist_ok=True)
        argv = [sys.executable, "-I", "-S", "-c", _MOVE_PIPES, str(theirs_in), str(theirs_out)]
        argv += [self._program, *_FLAGS, f"--user-data-dir={folder}", "about:blank"]
        # The browser puts a socket there, and the path of a socket holds 107 bytes: "." is short.
        environment = {**os.environ, "HOME": folder, "TMPDIR": "."}
        pipes = (theirs_in, theirs_out)
        self._process = _process.start(argv, environment, folder, inherited=pipes)

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._to_browser, data) :]

    def _receive(self, end: float) -> "dict[str, object]":
        while b"\0" not in self._buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._from_browser], [], [], left)[0]:
                raise OSError(f"no answer within {self._timeout_s:g} s")
            piece = os.read(self._from_browser, _PIECE)
            if not piece:
                raise OSError("it closed the pipe")
            self._buffer += piece
        message, _, self._buffer = self._buffer.partition(b"\0")
        answer: dict[str, object] = json.loads(message)
        return answer
