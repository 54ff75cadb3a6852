"""Compiled notebooks, cached as Python caches scripts: in `__pycache__`, one file a Python.

The cache of analysis.ipynb is `analysis.ipynb.octavo.cpython-311.pyc`, so that it never takes
the place of that of analysis.py.  It is valid for one version of Python and of our reader, one
choice of docstrings, and one content of the file: while time, size and inode change time are
those that were recorded the file is not read; else the hash of its bytes decides, so that a
file that was only touched is not compiled again.

PYTHONDONTWRITEBYTECODE, PYTHONPYCACHEPREFIX, `-O` and folders that cannot be written are
respected.
"""

import os
import sys

# importlib.util, which takes them from here, would load contextlib (2 ms).
from importlib._bootstrap_external import MAGIC_NUMBER, cache_from_source
from marshal import dumps, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

    from octavo.modules.loader import NotebookLoader

_HASH_BYTES = 8
_NUMBER_BYTES = 8
_STAMP_BYTES = 3 * _NUMBER_BYTES
#: A file written so shortly before its cache may have been written again in the same tick.
_TICK_NS = 100_000_000

Stamp = tuple[int, int, int]


class Compiled:
    """The code of a notebook, the stamp of the file it was made from, and what it holds.

    `code_hash` is a hash of the active code alone: prose, outputs and places are not in it.
    """

    __slots__ = ("code", "code_hash", "stamp")

    def __init__(self, code: "CodeType", stamp: Stamp, code_hash: bytes) -> None:
        self.code = code
        self.stamp = stamp
        self.code_hash = code_hash


def stamp_of(path: str) -> Stamp:
    """Return what changes when the file changes: times and size."""
    status = os.stat(path)
    return status.st_mtime_ns, status.st_size, status.st_ctime_ns


def path_of(path: str) -> str | None:
    """Return the path of the cache of a notebook, None where Python caches nothing."""
    try:
        return cache_from_source(path + ".octavo.py")
    except NotImplementedError:
        return None


def load(loader: "NotebookLoader", path: str) -> Compiled:
    """Return the compiled notebook, from its cache if that is valid.

    Raises: as `NotebookLoader.compile`.
    """
    cache = path_of(path)
    stamp = stamp_of(path)
    cached = _read(loader, cache) if cache else b""
    head = _head(loader)
    data: bytes | None = None
    if cache and cached.startswith(head):
        is_same = cached[len(head) : len(head) + _STAMP_BYTES] == _stamp_bytes(stamp)
        is_certain = is_same and _is_later(cache, stamp)
        if not is_certain:
            data = loader.get_data(path)
        if is_certain or _content_hash(cached, head) == _hash(data or b""):
            compiled = _unpacked(cached, head, stamp, path)
            if compiled is not None:
                if not is_certain:
                    _write(loader, path, cache, head, compiled, _content_hash(cached, head))
                return compiled
    data = loader.get_data(path) if data is None else data
    code, code_hash = loader.compile(data, path)
    compiled = Compiled(code, stamp, code_hash)
    if cache:
        _write(loader, path, cache, head, compiled, _hash(data))
    return compiled


def hash_of_code(python: str) -> bytes:
    """Return a hash of the code in a padded source: blank lines do not count."""
    return _hash(
        "\n".join(line for line in python.split("\n") if line).encode("utf-8", "surrogatepass")
    )


def _hash(data: bytes) -> bytes:
    from importlib.util import source_hash

    return source_hash(data)


def _head(loader: "NotebookLoader") -> bytes:
    from octavo.modules.loader import READER_VERSION

    return MAGIC_NUMBER + b"OCT" + bytes((READER_VERSION, loader.docstrings))


def _stamp_bytes(stamp: Stamp) -> bytes:
    return b"".join([number.to_bytes(_NUMBER_BYTES, "little", signed=True) for number in stamp])


def _content_hash(cached: bytes, head: bytes) -> bytes:
    at = len(head) + _STAMP_BYTES
    return cached[at : at + _HASH_BYTES]


def _is_later(cache: str, stamp: Stamp) -> bool:
    """Return whether the cache is so much younger than the file that no write was missed."""
    try:
        return os.stat(cache).st_mtime_ns - max(stamp[0], stamp[2]) > _TICK_NS
    except OSError:
        return False


def _read(loader: "NotebookLoader", cache: str) -> bytes:
    try:
        return loader.get_data(cache)
    except OSError:
        return b""


def _unpacked(cached: bytes, head: bytes, stamp: Stamp, path: str) -> Compiled | None:
    at = len(head) + _STAMP_BYTES + _HASH_BYTES
    try:
        code = loads(memoryview(cached)[at + _HASH_BYTES :])  # noqa: S302  as Python does
    except (EOFError, ValueError, TypeError):
        return None  # cut short: it is written again
    if code.co_filename != path:
        code = _moved(code, path)
    return Compiled(code, stamp, cached[at : at + _HASH_BYTES])


def _moved(code: "CodeType", path: str) -> "CodeType":
    """Return *code* with the path that its file has now."""
    constants = tuple(
        _moved(constant, path) if isinstance(constant, type(code)) else constant
        for constant in code.co_consts
    )
    return code.replace(co_filename=path, co_consts=constants)


def _write(
    loader: "NotebookLoader",
    path: str,
    cache: str,
    head: bytes,
    compiled: Compiled,
    content_hash: bytes,
) -> None:
    if sys.dont_write_bytecode:
        return
    parts = (head, _stamp_bytes(compiled.stamp), content_hash, compiled.code_hash)
    try:
        mode = os.stat(path).st_mode | 0o200
    except OSError:
        mode = 0o666
    # `set_data` is atomic, makes the folder, and gives up in silence where it cannot write.
    loader.set_data(cache, b"".join(parts) + dumps(compiled.code), _mode=mode)
