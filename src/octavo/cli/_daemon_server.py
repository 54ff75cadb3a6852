"""The warm process: answers `octavo sync --daemon` over a socket that only its user can open.

It runs nothing but `octavo sync`, only for files of its own project, and only for a client of the
same version and the same user.
"""

import contextlib
import io
import os
import socket
import struct
import threading
import time

from octavo import __version__
from octavo.cli import _daemon_client
from octavo.core.errors import FileError, OctavoError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

_LARGEST = 1 << 20  # bytes of a request
_PATIENCE_S = 10.0  # for a client that sends nothing
_LOOK_S = 0.5  # how often to look whether to end


class Server:
    """Serves one project until *stop* is set; *busy* is held while a request runs."""

    def __init__(self, root: str, busy: "threading.Lock", stop: "threading.Event") -> None:
        self.root = os.path.realpath(root)
        self.path = ""
        self.served = 0
        self._busy = busy
        self._stop = stop
        self._socket: socket.socket | None = None
        self._inode = 0
        self._thread: threading.Thread | None = None
        self._last_s = time.monotonic()

    def open(self) -> None:
        """Open the socket; one that a dead process left is removed.

        Raises: `FileError` OCT-W041 (no such sockets here), OCT-W042 (the project is served),
        OCT-W043 (the socket cannot be made).
        """
        from octavo.workspace.state import Store
        from octavo.workspace.sync import locked

        if not hasattr(socket, "AF_UNIX"):  # pragma: no cover  Windows
            raise FileError(
                "OCT-W041", "this system has no sockets for it", Span(self.root),
                hint="`octavo sync` does the same without a warm process",
            )  # fmt: skip
        self.path = _daemon_client.socket_path(self.root)
        with locked(Store(self.root)):
            _check_folder(os.path.dirname(self.path), self.root)
            if os.path.lexists(self.path):
                if _daemon_client.request(self.path, "status", ()) is not None:
                    raise FileError(
                        "OCT-W042", "is served by another process already", Span(self.root),
                        hint="`octavo daemon status` tells by which, `octavo daemon stop` ends it",
                    )  # fmt: skip
                os.unlink(self.path)
            self._bind()

    def _bind(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            self._socket.bind(self.path)
        except OSError as error:
            self._socket.close()
            self._socket = None
            raise FileError(
                "OCT-W043", f"no socket can be made: {error.strerror}", Span(self.path),
                hint="`octavo sync` does the same without a warm process",
            ) from None  # fmt: skip
        finally:
            os.umask(mask)
        self._inode = os.lstat(self.path).st_ino
        self._socket.listen(64)
        self._socket.settimeout(_LOOK_S)

    def start(self) -> None:
        """Serve in a thread of its own."""
        self._thread = threading.Thread(target=self.serve, name="octavo-daemon", daemon=True)
        self._thread.start()

    def serve(self, idle_s: float = 0.0) -> None:
        """Serve until it is stopped, or nobody asked for *idle_s* (0: for ever)."""
        server = self._socket
        if server is None:
            return
        while not self._stop.is_set() and self._is_there():
            if idle_s and time.monotonic() - self._last_s > idle_s:
                return
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            except OSError:
                return  # closed
            with connection, contextlib.suppress(OSError):
                connection.settimeout(_PATIENCE_S)
                self._answer(connection)
            self._last_s = time.monotonic()

    def close(self) -> None:
        """Stop serving and remove the socket, if it is still ours."""
        self._stop.set()
        if self._is_there():
            os.unlink(self.path)
        if self._socket is not None:
            self._socket.close()
        if self._thread is not None:
            self._thread.join(_PATIENCE_S)

    def _is_there(self) -> bool:
        try:
            return os.lstat(self.path).st_ino == self._inode
        except OSError:
            return False

    def _answer(self, connection: socket.socket) -> None:
        if not _is_same_user(connection):
            return
        data = _received(connection)
        fields = data.decode("utf-8", "surrogateescape").split("\0")
        if len(fields) < 4 or fields[0] != _daemon_client.MAGIC.decode():
            return
        _, version, verb, folder = fields[:4]
        if verb == "stop":
            self._stop.set()
            reply = _reply("0", b"", b"")
        elif version != __version__:
            # Another version was installed: whoever asks next starts that one.
            self._stop.set()
            reply = _reply(_daemon_client.REFUSED, b"another version", b"")
        elif verb == "status":
            requests = f"{self.served} request{'s' * (self.served != 1)}"
            text = f"process {os.getpid()}, version {__version__}, {requests}\n"
            reply = _reply("0", text.encode(), b"")
        else:
            reply = self._sync(verb, folder, fields[4:])
        connection.sendall(reply)

    def _sync(self, verb: str, folder: str, words: "Sequence[str]") -> bytes:
        """Return the answer to a request to sync."""
        if verb != "sync" or not os.path.isabs(folder):
            return _reply(_daemon_client.REFUSED, b"unknown request", b"")
        out, err = _Stream(), _Stream()
        with self._busy, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = self._run(folder, list(words))
        self.served += 1
        if code is None:
            return _reply(_daemon_client.REFUSED, b"outside of the project", b"")
        return _reply(str(code), out.data(), err.data())

    def _run(self, folder: str, words: list[str]) -> int | None:
        """Run `octavo sync`; None when a file lies outside of the project."""
        from octavo.cli import _output, _parser, attempt, sync

        found: list[Namespace] = []

        def parse() -> int:
            arguments = _parser.parse(_parser.of_command("sync", sync), words)
            if arguments is not None:
                found.append(arguments)
            return 0

        error = attempt(parse)
        if not isinstance(error, OctavoError) and found:
            arguments = found[0]
            names = [os.path.join(folder, name) for name in arguments.files or ["."]]
            arguments.files = [os.path.normpath(name) for name in names]
            arguments.folder = folder
            if not all(self._is_inside(name) for name in arguments.files):
                return None
            error = attempt(lambda: sync.run(arguments))
        if isinstance(error, OctavoError):
            _output.error(error)
            return error.exit_code
        return error

    def _is_inside(self, path: str) -> bool:
        real = os.path.realpath(path)
        return real == self.root or real.startswith(self.root.rstrip(os.sep) + os.sep)


class _Stream(io.TextIOWrapper):
    """A text stream that keeps its bytes."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors="surrogateescape", newline="")

    def data(self) -> bytes:
        """Return what was written."""
        self.flush()
        buffer = self.buffer
        return buffer.getvalue() if isinstance(buffer, io.BytesIO) else b""


def _reply(code: str, out: bytes, err: bytes) -> bytes:
    head = f"octavo {__version__} {code} {len(out)}\n"
    return head.encode("ascii") + out + err


def _received(connection: socket.socket) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while size <= _LARGEST and (piece := connection.recv(1 << 16)):
        pieces.append(piece)
        size += len(piece)
    return b"" if size > _LARGEST else b"".join(pieces)


def _is_same_user(connection: socket.socket) -> bool:
    """Return whether the process at the other end is one of ours, where the system tells."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return True  # the mode of the socket lets nobody else in
    data = connection.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i"))
    return bool(struct.unpack("3i", data)[1] == os.getuid())


def _check_folder(folder: str, root: str) -> None:
    """Make the folder of a socket; one outside of the project must be ours alone."""
    if folder.startswith(root + os.sep):
        return
    os.makedirs(folder, mode=0o700, exist_ok=True)
    status = os.lstat(folder)
    if status.st_uid != os.getuid() or status.st_mode & 0o077 or os.path.islink(folder):
        raise FileError(
            "OCT-W043", "no socket can be made: others may write there", Span(folder),
            hint="remove that folder, or set XDG_RUNTIME_DIR",
        )  # fmt: skip
