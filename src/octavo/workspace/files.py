"""Read documents from files and write them back, atomically.

A file is replaced as a whole: the new bytes go to a temporary file in the same folder, reach
the disk (fsync), then take the name of the old file.  Whatever happens in between - a full
disk, a kill, a crash - the old file stays as it was.  A file whose bytes would not change is
not touched.

Who says what he has read gets a compare-and-swap: if another program wrote the file since, it
stays as that program left it.
"""

import os
import stat

from octavo.core.errors import FileError, FormatError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike
    from typing import Final

    from octavo.core.document import Document
    from octavo.formats._names import Target


class Anything:
    """The class of `ANYTHING`: whatever stands in a file may be replaced."""

    __slots__ = ()


ANYTHING: "Final" = Anything()
CHANGED_MEANWHILE = "OCT-W015"
_PIECE = 1 << 18  # bytes that are compared at once
_TEMPORARY = ".octavo-{pid}-{mark}.tmp"
#: From here on it may be what somebody else wrote: `leftovers` does not simply remove it.
_SWAPPED = ".{}.octavo-{}-{}.swap"
_FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_FILE_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)


def read_bytes(path: "str | PathLike[str]") -> bytes:
    """Return the bytes of a file.

    Raises: `FileError` OCT-W001 (no such file), OCT-W002 (a folder), OCT-W003 (not readable),
    OCT-W007 (no possible name).
    """
    name = os.fspath(path)
    try:
        with open(name, "rb") as fp:
            return fp.read()
    except (OSError, ValueError) as error:
        raise _read_error(name, error) from None


def read_regular(path: "str | PathLike[str]") -> bytes:
    """Return the bytes of a file, never of a pipe or device, which might not end.

    Raises: `FileError` as `read_bytes`.
    """
    name = os.fspath(path)
    try:
        mode = os.stat(name).st_mode
    except (OSError, ValueError) as error:
        raise _read_error(name, error) from None
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise FileError(
            "OCT-W003", "cannot be read: it is a pipe or a device", Span(name),
            hint="put a file in its place",
        )  # fmt: skip
    return read_bytes(name)


def read_document(
    path: "str | PathLike[str]", fmt: str | None, options: "dict[str, bool | str]"
) -> "Document":
    """Return the document in a file; cells get no ids here.

    *fmt* is a short name; without it the suffix of the path and the content tell the format.

    Raises: `FileError` as `read_bytes`, `FormatError` when the file holds no such document.
    """
    from octavo.formats import _names, _text

    name = os.fspath(path)
    source = source_of(name, _names.parse(fmt) if fmt else _names.Target())
    data = read_bytes(name)
    try:
        return _text.read_text(data, source, options, name)
    except FormatError as error:
        raise error.in_file(name) from None


def write_document(
    document: "Document",
    path: "str | PathLike[str]",
    fmt: str | None,
    options: "dict[str, bool | str]",
) -> bool:
    """Write *document* to a file and return whether its bytes changed.

    Without *fmt*, the format is the one the document was read from if the suffix is the same,
    else the one of the suffix.  The bytes of cells that did not change are kept.

    Raises: `FileError` as `replace_file`; the file is then as it was before.
    """
    from octavo.formats import _names, _text

    name = os.fspath(path)
    target = target_of(name, _names.parse(fmt) if fmt else _names.Target(), document.origin.format)
    target = _text.settle_target(target, document.metadata, options)
    data = document_bytes(document, target, options, previous_text(name, target))
    return replace_file(name, data)


def source_of(path: str, said: "Target") -> "Target":
    """Return the target to read *path* as: *said*, filled up from the suffix of the path."""
    from octavo.formats import _index, _names

    if said.suffix and said.suffix != _names.AUTO:
        return said
    suffix = _names.of_path(path).suffix
    if suffix not in _index.SUFFIXES:
        suffix = ""
    if said.name and suffix not in _index.suffixes_of(said.name):
        return _names.Target("", said.name)
    return _names.Target(suffix, said.name)


def target_of(path: str, said: "Target", origin: str = "") -> "Target":
    """Return the target to write *path* as: *said*, else *origin* or the suffix of the path."""
    from octavo.formats import _index, _names

    if said.suffix:
        return said
    suffix = _names.of_path(path).suffix
    if said.name:
        return _names.Target(suffix if suffix in _index.suffixes_of(said.name) else "", said.name)
    target = _names.parse(suffix)
    if origin:
        read_as = _names.parse(origin)
        if read_as.suffix == suffix:
            return read_as
    return target


def previous_text(path: str, target: "Target") -> str | None:
    """Return the text that stands at *path*, None where there is none to keep bytes of."""
    if holds_outputs(target) or not os.path.isfile(path):
        return None
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        return None


def holds_outputs(target: "Target") -> bool:
    """Return whether *target* is a notebook: a format that carries outputs."""
    from octavo.formats import _index

    fmt = _index.get(target.name or _index.default_name(target.suffix))
    return fmt is not None and fmt.keeps.outputs


def document_bytes(
    document: "Document",
    target: "Target",
    options: "dict[str, bool | str]",
    previous: str | None = None,
) -> bytes:
    """Return the bytes of *document* in the format *target*.

    The newlines and the byte order mark are those of *previous*, else those of the text that
    the document was read from.

    Raises: `FormatError` OCT-F002 for half a surrogate pair, which UTF-8 cannot express.
    """
    from octavo.core.lines import restore
    from octavo.formats import _names, _text

    if target.suffix == _names.IPYNB:
        from octavo.formats import ipynb

        return ipynb.write_bytes(document)
    text = _text.write_text(document, target, options, previous)
    if holds_outputs(target):
        # A lone surrogate stands inside a JSON string, where this spelling means the same.
        return text.encode("utf-8", "backslashreplace")
    if previous is None:
        text = restore(text, document.origin.newline, bom=document.origin.bom)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        column = error.start - text.rfind("\n", 0, error.start)
        raise FormatError(
            "OCT-F002",
            f"U+{ord(text[error.start]):04X} is half a surrogate pair: no UTF-8 text can hold it",
            Span("", line, column),
            hint="only ipynb can carry it: correct the cell, or keep the notebook",
        ) from None


def replace_file(
    path: "str | PathLike[str]", data: bytes, seen: "bytes | Anything | None" = ANYTHING
) -> bool:
    """Make *data* the content of a file, all or nothing, and return whether it changed.

    *seen* is what the file must hold (None: it must not exist); if another program has written
    something else, that stays.  See docs/pairing.md for what the system must offer for that.

    A symbolic link stays one: the file it points to is replaced.  Permissions, owner and
    extended attributes of the old file are kept; a new file gets what the umask allows.  Pipes
    and devices are written through.

    Raises: `FileError` OCT-W002 (a folder), OCT-W004 (no such folder), OCT-W005 (not
    writable), OCT-W006 (disk full), OCT-W007 (no possible name), OCT-W008 (another fault of
    the system), OCT-W015 (it holds something else than *seen*).  The file is then as it was
    before, and no temporary file is left.
    """
    name = os.fspath(path)
    try:
        return _replace(name, data, seen)
    except (BrokenPipeError, FileError):
        raise
    except (OSError, ValueError) as error:
        raise write_error(name, error) from None


def make_folder(path: "str | PathLike[str]") -> None:
    """Make a folder and those above it, if they are not there.

    Raises: `FileError` as `replace_file`.
    """
    name = os.fspath(path)
    try:
        os.makedirs(name, exist_ok=True)
    except (OSError, ValueError) as error:
        raise write_error(name, error) from None


def rename(path: "str | PathLike[str]", new: "str | PathLike[str]") -> None:
    """Give a file a new name.  The caller has seen that nothing stands there.

    Raises: `FileError` as `replace_file`.
    """
    try:
        os.rename(path, new)
    except (OSError, ValueError) as error:
        raise write_error(os.fspath(new), error) from None


def remove_file(path: "str | PathLike[str]") -> None:
    """Remove a file of ours that is not wanted any more.

    Raises: `FileError` as `replace_file`.
    """
    try:
        os.unlink(path)
    except (OSError, ValueError) as error:
        raise write_error(os.fspath(path), error) from None


def remove_empty_folders(folder: str, topmost: str) -> None:
    """Remove *folder* and those above it up to *topmost*, as long as they are empty."""
    while folder.startswith(topmost):
        try:
            os.rmdir(folder)
        except OSError:
            return  # somebody put something there
        folder = os.path.dirname(folder)


class temporary_beside:  # noqa: N801  used like a function
    """A context with a temporary file in the folder of *path*, of which its name is part.

    A program that is given it finds its settings and the modules of that folder.  Where the
    folder cannot be written, the file lies in the system's folder for such files.
    """

    def __init__(self, path: "str | PathLike[str]", suffix: str, data: bytes) -> None:
        folder, base = os.path.split(os.fspath(path))
        stem = "".join(char if char.isalnum() else "_" for char in os.path.splitext(base)[0])
        self._folder = folder or "."
        self._base = f"{stem}_{os.urandom(4).hex()}{suffix}"
        self._data = data
        self._name = ""

    def __enter__(self) -> str:
        """Write the file and return its path."""
        import tempfile

        fault: OSError | None = None
        for folder in (self._folder, tempfile.gettempdir()):
            self._name = os.path.join(folder, self._base)
            try:
                fd = os.open(self._name, _FILE_FLAGS, 0o600)
            except OSError as error:
                fault = error
                continue
            try:
                _write_all(fd, self._data)
            finally:
                os.close(fd)
            return self._name
        raise write_error(self._name, fault or OSError()) from None

    def __exit__(self, *_: object) -> None:
        """Remove the file."""
        _remove(self._name)


def _replace(name: str, data: bytes, seen: "bytes | Anything | None") -> bool:
    old = _status(name)
    if not isinstance(seen, Anything) and (old is None) != (seen is None):
        raise _changed(name)
    if old is not None and not stat.S_ISREG(old.st_mode):
        if stat.S_ISDIR(old.st_mode):
            raise _is_folder(name)
        _write_through(name, data)
        return True
    if old is not None:
        if old.st_size == len(data) and _holds(name, data):
            return False
        if not old.st_mode & 0o222 or not os.access(name, os.W_OK):
            raise _read_only(name)
    _swap(os.path.realpath(name), data, old, seen)
    return True


def _status(name: str) -> os.stat_result | None:
    try:
        return os.stat(name)
    except FileNotFoundError:
        return None


def _holds(name: str, data: bytes) -> bool:
    """Return whether a file has exactly these bytes, piece by piece: it may be large."""
    offset = 0
    try:
        with open(name, "rb", buffering=0) as fp:
            while piece := fp.read(_PIECE):
                if not data.startswith(piece, offset):
                    return False
                offset += len(piece)
    except OSError:
        return False
    return offset == len(data)


def _write_through(name: str, data: bytes) -> None:
    fd = os.open(name, os.O_WRONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    try:
        _write_all(fd, data)
    finally:
        os.close(fd)


def _swap(
    name: str, data: bytes, old: os.stat_result | None, seen: "bytes | Anything | None"
) -> None:
    """Write *data* beside *name* and let it take the name."""
    folder = os.path.dirname(name) or "."
    mark = os.urandom(6).hex()
    temporary = os.path.join(folder, _TEMPORARY.format(pid=os.getpid(), mark=mark))
    try:
        _create(temporary, data, name, old)
        if isinstance(seen, Anything):
            os.replace(temporary, name)
        elif seen is None:
            _take_free_name(temporary, name)
    except BaseException:
        _remove(temporary)
        raise
    if isinstance(seen, bytes):
        swapped = os.path.join(folder, _SWAPPED.format(os.path.basename(name), os.getpid(), mark))
        with _Turn(folder):
            _compare_and_swap(temporary, swapped, name, data, seen)
    _sync_folder(folder)


def _renamed(old: str, new: str) -> str:
    """Rename a file and return its name, the old one if the new one is too long."""
    try:
        os.rename(old, new)
    except OSError:
        return old
    return new


class _Turn:
    """A context in which no other process of ours exchanges files of a folder."""

    __slots__ = ("_fd", "_folder")

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._fd = -1

    def __enter__(self) -> None:
        try:
            import fcntl

            self._fd = os.open(self._folder, _FOLDER_FLAGS)
            fcntl.flock(self._fd, fcntl.LOCK_EX)
        except (ImportError, OSError):
            return  # Windows, or a file system without locks

    def __exit__(self, *_: object) -> None:
        if self._fd >= 0:
            os.close(self._fd)


def _take_free_name(temporary: str, name: str) -> None:
    """Give a file a name that no other file may have."""
    try:
        os.link(temporary, name)
    except FileExistsError:
        raise _changed(name) from None
    except OSError:  # a file system without hard links
        if os.path.lexists(name):
            raise _changed(name) from None
        os.replace(temporary, name)
        return
    _remove(temporary)


def _compare_and_swap(temporary: str, swapped: str, name: str, data: bytes, seen: bytes) -> None:
    """Let a new file take the place of one that holds *seen*, and of no other."""
    from octavo.workspace.exchange import exchange, is_possible

    is_exchanged = False
    try:
        if is_possible():  # loaded before the name changes: between the two nobody should die
            temporary = _renamed(temporary, swapped)
            is_exchanged = exchange(temporary, name)
        if not is_exchanged:
            _replace_linked(temporary, name, seen)
    except FileNotFoundError:
        raise _changed(name) from None  # somebody removed it
    finally:
        if not is_exchanged:
            _remove(temporary)
    if is_exchanged:
        _look_at_replaced(temporary, name, data, seen)


def _look_at_replaced(replaced: str, name: str, data: bytes, seen: bytes) -> None:
    """Remove what was replaced, if it is what was *seen*; if not, it goes back to its place.

    Nothing else removes it: it may be the only copy of what somebody has just written.
    """
    if _holds(replaced, seen):
        _remove(replaced)
        return
    from octavo.workspace.exchange import exchange

    exchange(replaced, name)
    if _holds(replaced, data):
        _remove(replaced)
    else:
        # Written again, over ours: the later version stays, the other goes beside it.
        exchange(replaced, name)
        os.replace(replaced, f"{name}.{os.urandom(3).hex()}.saved")
    raise _changed(name)


def _replace_linked(temporary: str, name: str, seen: bytes) -> None:
    """Do the same without an exchange: a second name keeps what is replaced.

    Who writes in place is noticed; who replaces the file himself, only until just before.
    """
    second = temporary + ".old"
    try:
        os.link(name, second)
    except OSError:  # a file system without hard links: the last look decides
        if not _holds(name, seen):
            raise _changed(name) from None
        os.replace(temporary, name)
        return
    try:
        if not (_holds(second, seen) and os.path.samefile(name, second)):
            raise _changed(name)
        os.replace(temporary, name)
        if not _holds(second, seen):
            os.replace(second, name)
            raise _changed(name)
    finally:
        _remove(second)


def _create(temporary: str, data: bytes, name: str, old: os.stat_result | None) -> None:
    """Write a new file whose bytes are on the disk when this returns."""
    fd = os.open(temporary, _FILE_FLAGS, 0o666 if old is None else 0o600)
    try:
        _write_all(fd, data)
        if old is not None:
            _copy_rights(fd, name, old)
        os.fsync(fd)
    finally:
        os.close(fd)


def _write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def _copy_rights(fd: int, name: str, old: os.stat_result) -> None:
    """Give the new file the owner, extended attributes and permissions of the old one."""
    new = os.fstat(fd)
    if hasattr(os, "fchown") and (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(fd, old.st_uid, old.st_gid)
        except OSError:
            _keep_group(fd, old.st_gid)
    _copy_attributes(fd, name)
    if hasattr(os, "fchmod"):
        os.fchmod(fd, stat.S_IMODE(old.st_mode))


def _keep_group(fd: int, group: int) -> None:
    try:
        os.fchown(fd, -1, group)
    except OSError:
        return  # not a member of that group: the file belongs to who writes it


def _copy_attributes(fd: int, name: str) -> None:
    if not hasattr(os, "listxattr"):
        return
    try:
        for attribute in os.listxattr(name):
            os.setxattr(fd, attribute, os.getxattr(name, attribute))
    except OSError:
        return  # a file system without attributes, or one that only the system may set


def _remove(temporary: str) -> None:
    try:
        os.unlink(temporary)
    except OSError:
        return  # it was never made, or the folder is gone


def _sync_folder(folder: str) -> None:
    """Bring the new name to the disk, where the system can do that."""
    try:
        fd = os.open(folder, _FOLDER_FLAGS)
    except OSError:
        return  # Windows opens no folders
    try:
        os.fsync(fd)
    except OSError:
        return  # a file system that cannot: the file itself is whole
    finally:
        os.close(fd)


def _read_error(name: str, error: OSError | ValueError) -> FileError:
    """Return the error of reading *name*, in our words."""
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return FileError("OCT-W001", "no such file", Span(name), hint="check the spelling")
    if isinstance(error, IsADirectoryError) or os.path.isdir(name):
        return _is_folder(name)
    if _is_bad_name(error):
        return _bad_name(name)
    return FileError(
        "OCT-W003",
        f"cannot be read: {_reason(error)}",
        Span(name),
        hint="check its permissions" if isinstance(error, PermissionError) else "",
    )


def write_error(name: str, error: OSError | ValueError) -> FileError:
    """Return the error of writing *name*, in our words."""
    import errno

    number = getattr(error, "errno", None)
    folder = os.path.dirname(name) or "."
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return FileError(
            "OCT-W004", f"no such folder: {folder}", Span(name), hint="create the folder first"
        )
    if number in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return FileError(
            "OCT-W006", "the disk is full", Span(name),
            hint="free some space; the file is as it was before",
        )  # fmt: skip
    if isinstance(error, PermissionError) or number == errno.EROFS:
        return FileError(
            "OCT-W005", f"cannot be written: {_reason(error)}", Span(name),
            hint="check the permissions of the file and of its folder",
        )  # fmt: skip
    if isinstance(error, IsADirectoryError):
        return _is_folder(name)
    if _is_bad_name(error):
        return _bad_name(name)
    return FileError("OCT-W008", f"cannot be written: {_reason(error)}", Span(name))


def _is_bad_name(error: OSError | ValueError) -> bool:
    import errno

    if not isinstance(error, OSError):
        return True  # a NUL character in the name
    return error.errno == errno.ENAMETOOLONG or (
        error.errno == errno.EINVAL and error.filename is not None
    )


def _bad_name(name: str) -> FileError:
    shown = ascii(name)[1:-1] if not name.isprintable() else name
    if len(shown) > 80:
        shown = shown[:60] + "..." + shown[-17:]
    return FileError(
        "OCT-W007", "no file can have this name", Span(shown), hint="choose a shorter, plain name"
    )


def _is_folder(name: str) -> FileError:
    return FileError("OCT-W002", "is a folder, not a file", Span(name), hint="name a file in it")


def _changed(name: str) -> FileError:
    return FileError(
        CHANGED_MEANWHILE, "was written by another program meanwhile", Span(name),
        hint="it stays as that program left it: run the command again",
    )  # fmt: skip


def _read_only(name: str) -> FileError:
    return FileError(
        "OCT-W005", "is read-only", Span(name), hint="allow writing, for example with `chmod u+w`"
    )


def _reason(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", "") or str(error)).lower()
