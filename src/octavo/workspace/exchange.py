"""Let two files take each other's name in one step, where the system can.

After it, what stood in the place of a new file can still be looked at: nobody can have written
something there that is gone unseen.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_AT_FDCWD = -100
_LINUX_EXCHANGE = 2
_MACOS_SWAP = 2
_FUNCTIONS = {"linux": "renameat2", "darwin": "renamex_np"}


def is_possible() -> bool:
    """Return whether this system can exchange files; a file system may not be able to."""
    return _function() is not None


def exchange(first: str, second: str) -> bool:
    """Exchange two files of one folder, and return whether that is possible here.

    False on Windows, on old systems, and on file systems that cannot (some network ones).

    Raises: `OSError` if one of the files is not there.
    """
    call = _function()
    if call is None:
        return False
    import ctypes
    import errno
    import os

    a, b = os.fsencode(first), os.fsencode(second)
    if sys.platform.startswith("linux"):
        result = call(_AT_FDCWD, a, _AT_FDCWD, b, ctypes.c_uint(_LINUX_EXCHANGE))
    else:  # pragma: no cover  macOS
        result = call(a, b, ctypes.c_uint(_MACOS_SWAP))
    if result == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, getattr(errno, "ENOTSUP", errno.EINVAL), errno.EPERM):
        return False
    raise OSError(number, os.strerror(number), second)


def _function() -> "Callable[..., int] | None":
    """Return the function of the C library, None where there is none."""
    name = _FUNCTIONS.get(sys.platform)
    if name is None:
        return None
    import ctypes

    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(None, use_errno=True), name)
    except (AttributeError, OSError):  # pragma: no cover  a C library of before 2018
        return None
    return found
