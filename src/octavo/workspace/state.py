"""The last common state of each pair, kept in `.octavo/` at the root of the project.

    .octavo/.gitignore             everything in here is ignored by git
    .octavo/lock                   held while a sync runs
    .octavo/pairs/KEY.json         the members, the hash and the stat signature of each
    .octavo/base/KE/KEY-HASH.ipynb the document that all members agreed on, with its outputs
    .octavo/copies/KEY.json        what was written into its one-way members, see `copies`
    .octavo/journal/KEY            a sync that is under way, see `journal`
    .octavo/build.lock             held while a build writes
    .octavo/building               what a build is about to write, see `editions/underway`

All of it may be deleted at any time: pairs are then compared by their content.  A damaged file
counts as a missing one.
"""

import os

from octavo.core.errors import FileError
from octavo.workspace import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from octavo.workspace.pairs import Pair
    from octavo.workspace.recent import Recent

    Signature: TypeAlias = list[int]

FOLDER = ".octavo"
_VERSION = 1
#: A file that changed so shortly before its record was written may change again unseen.
_RACY_NS = 50_000_000
_NEW_FILE = (
    os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)
_CONFIGURATIONS = ("octavo.toml", ".octavo.toml", "jupytext.toml", ".jupytext.toml", ".jupytext")


class Disk:
    """The way all of a sync's writes go; tests put one here that fails."""

    def write(self, path: str, data: bytes, seen: bytes | None) -> bool:
        """Make *data* the content of a user's file that holds *seen* (None: that is missing).

        Raises: `FileError` OCT-W015 when it holds something else by now, and as `replace_file`.
        """
        return files.replace_file(path, data, seen)

    def note(self, path: str, data: bytes) -> None:
        """Write a file of our own, all or nothing; after a loss of power it may be damaged.

        Raises: `FileError` as `replace_file`.
        """
        temporary = f"{path}.{os.getpid()}.tmp"
        try:
            fd = os.open(temporary, _NEW_FILE, 0o666)
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(fd, rest) :]
            finally:
                os.close(fd)
            os.replace(temporary, path)
        except OSError as error:
            raise files.write_error(path, error) from None

    def append(self, path: str, data: bytes) -> None:
        """Add to a file of our own.

        Raises: `FileError` as `replace_file`.
        """
        try:
            fd = os.open(path, _NEW_FILE & ~os.O_TRUNC | os.O_APPEND, 0o666)
            try:
                os.write(fd, data)
            finally:
                os.close(fd)
        except OSError as error:
            raise files.write_error(path, error) from None

    def plan(self, path: str, data: bytes) -> bool:
        """Write a file of our own that is on the disk when this returns; tell if it changed."""
        return files.replace_file(path, data)

    def remove(self, path: str) -> None:
        """Remove a file of our own; one that is missing is no fault.

        Raises: `FileError` as `replace_file`.
        """
        try:
            os.unlink(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise files.write_error(path, error) from None


class Record:
    """What is known of a pair: the hash and signature of each member, and the base.

    A signature is empty until the content behind it was seen; `conflicts` counts what waits to
    be resolved.
    """

    __slots__ = ("base", "conflicts", "formats", "hashes", "names", "signatures", "targets")

    def __init__(
        self,
        names: list[str],
        targets: list[str],
        formats: str,
        hashes: list[str],
        signatures: "list[Signature]",
        base: str,
        conflicts: int = 0,
    ) -> None:
        self.names = names
        self.targets = targets
        self.formats = formats
        self.hashes = hashes
        self.signatures = signatures
        self.base = base
        self.conflicts = conflicts

    def to_bytes(self) -> bytes:
        """Return the record as JSON."""
        import json

        fields: dict[str, object] = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps({"version": _VERSION, **fields}).encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> "Record | None":
        """Return the record in *data*, None when it is damaged or of another version."""
        import json

        try:
            fields = json.loads(data)
            if fields.pop("version") != _VERSION:
                return None
            record = cls(**fields)
            lists = (record.names, record.targets, record.hashes, record.signatures)
            return record if len({len(entry) for entry in lists}) == 1 else None
        except (ValueError, TypeError, KeyError, AttributeError):
            return None


class Store:
    """The records of one project, in *folder* (default: `.octavo` at its root)."""

    def __init__(self, root: str, disk: Disk | None = None, folder: str = "") -> None:
        self.root = root
        self.folder = folder or os.path.join(root, FOLDER)
        self.disk = disk or Disk()
        self.recent: Recent | None = None  # base documents that were read, if somebody keeps them

    def prepare(self) -> None:
        """Make the folders and the `.gitignore`."""
        for name in ("pairs", "base", "journal"):
            folder = os.path.join(self.folder, name)
            if not os.path.isdir(folder):
                files.make_folder(folder)
        ignored = os.path.join(self.folder, ".gitignore")
        if not os.path.exists(ignored):
            self.disk.note(ignored, b"*\n")

    def load(self, pair: "Pair") -> Record | None:
        """Return the record of *pair*, None when there is none that can be read."""
        data = _read(self.record_path(key_of(pair)))
        record = None if data is None else Record.from_bytes(data)
        return record if record is not None and sorted(record.names) == sorted(pair.names) else None

    def base(self, pair: "Pair", record: Record) -> bytes | None:
        """Return the bytes of the base document, None when they are gone or damaged."""
        data = _read(self.base_path(key_of(pair), record.base))
        return data if data is not None and digest(data) == record.base else None

    def save(self, pair: "Pair", record: Record, base: bytes) -> None:
        """Record a state; the base goes first, so that a record never lacks its own."""
        key = key_of(pair)
        self.prepare()
        path = self.base_path(key, record.base)
        if not os.path.exists(path):
            if not os.path.isdir(self._base_folder(key)):
                files.make_folder(self._base_folder(key))
            self.disk.note(path, base)
        self.disk.note(self.record_path(key), record.to_bytes())
        self._drop_bases(key, keep=record.base)

    def touch(self, pair: "Pair", record: Record) -> None:
        """Record new signatures of files whose content is the same."""
        self.disk.note(self.record_path(key_of(pair)), record.to_bytes())

    def forget(self, pair: "Pair") -> None:
        """Remove all that is known of *pair*."""
        key = key_of(pair)
        self.disk.remove(self.record_path(key))
        self.disk.remove(os.path.join(self.folder, "journal", key))
        self.disk.remove(os.path.join(self.folder, "copies", key + ".json"))
        self._drop_bases(key, keep="")

    def records(self) -> "Iterator[tuple[str, Record]]":
        """Yield each record that can be read, with the path of its file."""
        folder = os.path.join(self.folder, "pairs")
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            path = os.path.join(folder, name)
            data = _read(path) if name.endswith(".json") else None
            record = Record.from_bytes(data) if data is not None else None
            if record is not None:
                yield path, record

    def is_fresh(self, path: str, record: Record) -> bool:
        """Return whether stat alone tells that no member changed since the record in *path*."""
        try:
            written_ns = os.stat(path).st_mtime_ns
        except OSError:
            return False
        for name, old in zip(record.names, record.signatures, strict=True):
            if signature(f"{self.root}/{name}") != old:
                return False
            if len(old) != 4 or max(old[1], old[2]) > written_ns - _RACY_NS:
                return False
        return True

    def record_path(self, key: str) -> str:
        """Return the path of a record."""
        return os.path.join(self.folder, "pairs", key + ".json")

    def base_path(self, key: str, base: str) -> str:
        """Return the path of a base document."""
        return os.path.join(self._base_folder(key), f"{key}-{base}.ipynb")

    def _base_folder(self, key: str) -> str:
        """Return one of 256 folders, so that a sync does not look at the bases of all pairs."""
        return os.path.join(self.folder, "base", key[:2])

    def _drop_bases(self, key: str, keep: str) -> None:
        folder = self._base_folder(key)
        kept = os.path.basename(self.base_path(key, keep))
        if not os.path.isdir(folder):
            return
        for name in os.listdir(folder):
            if name.startswith(key + "-") and name != kept:
                self.disk.remove(os.path.join(folder, name))


def key_of(pair: "Pair") -> str:
    """Return the name under which a pair is recorded: the same, whichever member is asked."""
    return digest("\0".join(sorted(pair.names)).encode("utf-8", "surrogateescape"))[:24]


def digest(data: bytes) -> str:
    """Return the hash of some content."""
    from hashlib import blake2b

    return blake2b(data, digest_size=20).hexdigest()


def signature(path: str) -> "Signature":
    """Return size, mtime, ctime and inode: a file with the same was most likely not changed."""
    try:
        status = os.stat(path)
    except OSError:
        return []
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def root_of(path: str, top: str = "") -> str:
    """Return the folder of the project that a file or folder belongs to.

    That is the nearest folder above with a configuration in it, else with a `.git`, else with
    a `.octavo`, else *top* if it lies above, else the file's own folder.
    """
    start = os.path.abspath(path)
    if not os.path.isdir(start):
        start = os.path.dirname(start)
    above = above_of(start)
    for is_root in (_is_configured, is_repository, _has_state):
        for folder in above:
            if is_root(folder):
                return folder
    return top if top in above else start


def above_of(folder: str) -> list[str]:
    """Return a folder, given by its absolute path, and all above it."""
    above = [folder]
    while os.path.dirname(above[-1]) != above[-1]:
        above.append(os.path.dirname(above[-1]))
    return above


def is_repository(folder: str) -> bool:
    """Return whether a folder is the top of a working tree of git, by the looks of it."""
    return os.path.exists(os.path.join(folder, ".git"))


def _has_state(folder: str) -> bool:
    return os.path.isdir(os.path.join(folder, FOLDER))


def _is_configured(folder: str) -> bool:
    if any(os.path.isfile(os.path.join(folder, name)) for name in _CONFIGURATIONS):
        return True
    data = _read(os.path.join(folder, "pyproject.toml"))
    return data is not None and (b"[tool.octavo" in data or b"[tool.jupytext" in data)


def _read(path: str) -> bytes | None:
    try:
        return files.read_bytes(path)
    except FileError:
        return None
