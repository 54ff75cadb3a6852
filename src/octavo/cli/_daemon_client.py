"""Ask the warm process of a project: little is imported here, editors start us at every save.

A request is the words below, separated by NUL; the answer is a line `octavo VERSION CODE SIZE`,
followed by SIZE bytes for stdout and by the rest for stderr.

    octavo  VERSION  VERB  FOLDER  WORD...

The socket lies in `.octavo/` of the project.  Where that path is too long for a socket, it lies in
a folder of the user's own below the folder for such things.
"""

import os
import sys

from octavo import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SOCKET = "daemon.sock"
MAGIC = b"octavo"
REFUSED = "refused"
_LONGEST = 100  # bytes in the path of a socket: 108 on Linux, 104 elsewhere
_PIECE = 1 << 16
_PATIENCE_S = 120.0


class Answer:
    """What the process answered: the exit code ("refused": it did nothing), stdout, stderr."""

    __slots__ = ("code", "err", "out", "version")

    def __init__(self, version: str, code: str, out: bytes, err: bytes) -> None:
        self.version = version
        self.code = code
        self.out = out
        self.err = err


def ask_to_sync(words: "Sequence[str]") -> int | None:
    """Let the warm process run `octavo sync` with *words*, print what it says, return its code.

    None: nobody answers, or whoever does is of another version; nothing was done.
    """
    rest = [word for word in words if word != "--daemon"]
    path = find_socket(_start(rest))
    answer = request(path, "sync", rest) if path else None
    if answer is None or answer.code == REFUSED:
        return None
    for stream, data in ((sys.stdout, answer.out), (sys.stderr, answer.err)):
        if data:
            stream.write(data.decode("utf-8", "surrogateescape"))
            stream.flush()
    return int(answer.code)


def find_socket(folder: str) -> str:
    """Return the path of the nearest socket of ours, at *folder* or above it; "" if none."""
    while True:
        path = socket_path(folder)
        if _is_ours(path):
            return path
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above


def socket_path(root: str) -> str:
    """Return where the socket of a project lies."""
    path = os.path.join(root, ".octavo", SOCKET)
    if len(os.fsencode(path)) <= _LONGEST:
        return path
    from hashlib import blake2b

    name = blake2b(os.fsencode(root), digest_size=12).hexdigest()
    return os.path.join(runtime_folder(), name + ".sock")


def runtime_folder() -> str:
    """Return the folder for sockets whose own folder has too long a path."""
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(base):
        return os.path.join(base, "octavo")
    return f"/tmp/octavo-{os.getuid()}"  # noqa: S108  its owner and mode are checked before use


def request(path: str, verb: str, words: "Sequence[str]") -> Answer | None:
    """Send a request to the socket at *path*; None when nobody answers."""
    import _socket  # without the 3 ms of `socket`

    fields = [MAGIC.decode(), __version__, verb, os.getcwd(), *words]
    data = "\0".join(fields).encode("utf-8", "surrogateescape")
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        connection.settimeout(_PATIENCE_S)
        connection.connect(path)
        connection.sendall(data)
        connection.shutdown(_socket.SHUT_WR)
        pieces = []
        while piece := connection.recv(_PIECE):
            pieces.append(piece)
    except OSError:
        return None
    finally:
        connection.close()
    return _parsed(b"".join(pieces))


def _parsed(data: bytes) -> Answer | None:
    head, _, body = data.partition(b"\n")
    parts = head.split()
    if len(parts) != 4 or parts[0] != MAGIC or not parts[3].isdigit():
        return None
    code, size = parts[2].decode("ascii", "replace"), int(parts[3])
    if not code.isdigit() and code != REFUSED:
        return None
    return Answer(parts[1].decode("ascii", "replace"), code, body[:size], body[size:])


def _start(words: "Sequence[str]") -> str:
    """Return the folder in which to look for the project: that of the first file."""
    for word in words:
        if not word.startswith("-") and os.path.exists(word):
            path = os.path.realpath(word)
            return path if os.path.isdir(path) else os.path.dirname(path)
    return os.path.realpath(".")


def _is_ours(path: str) -> bool:
    """Return whether a socket lies at *path* that only we can have made."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    is_socket = status.st_mode & 0o170000 == 0o140000
    return is_socket and status.st_uid == os.getuid() and not status.st_mode & 0o077
