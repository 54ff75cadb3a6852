"""Find the pairs of files and folders.

What a file's own metadata says (`jupytext.formats`) goes first, then the configuration, then
the recorded state: a text without header does not say that it is paired.
"""

import os

from octavo.core.errors import FileError, OctavoError, Span
from octavo.workspace import files, pairs, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from octavo.core.document import Document, Metadata
    from octavo.workspace.config import Config
    from octavo.workspace.pairs import Pair
    from octavo.workspace.state import Record, Signature

    Named: TypeAlias = tuple[Signature, str, Metadata]

#: Folders that hold no documents of the user; hidden ones are left out as well.
_FOREIGN_FOLDERS = frozenset(("node_modules", "__pycache__", "site-packages"))
_HEADER_BYTES = 8192
_NOT_A_MEMBER = "OCT-W020"


class Finder:
    """Finds pairs; configurations and records are read once.

    *named* is what files say of their pairs, by path; who keeps it saves reading large notebooks
    that did not change.
    """

    def __init__(self, named: "dict[str, Named] | None" = None) -> None:
        from octavo.workspace.config import Configurations
        from octavo.workspace.outputs import Stores

        self.stores = Stores()
        self._named_formats = {} if named is None else named
        self._configurations = Configurations()
        self._records: dict[str, list[tuple[str, Record]]] = {}
        self._top = ""  # the folder that is looked through
        self._roots: dict[tuple[str, str], str] = {}
        self.leftovers: list[str] = []  # of killed processes, in the folders looked through

    def config_of(self, path: str) -> "Config":
        """Return the configuration that rules a file."""
        return self._configurations.of(path)

    def root_of(self, path: str) -> str:
        """Return the folder of the project that a file belongs to.

        Where nothing marks a project, it is the folder that is looked through.
        """
        root = self.config_of(path).root
        if root:
            return root
        key = (os.path.dirname(os.path.abspath(path)), self._top)
        if os.path.isdir(path):
            return state.root_of(path, self._top)
        if key not in self._roots:
            self._roots[key] = state.root_of(path, self._top)
        return self._roots[key]

    def root_or(self, folder: str) -> str:
        """Return the folder of the project, told by its files alone if a configuration is wrong."""
        try:
            return self.root_of(folder)
        except OctavoError:
            return state.root_of(folder)

    def pair_of(self, path: str) -> "Pair | None":
        """Return the pair that a file belongs to, None when it is not paired.

        Raises: `OctavoError` when its pairing cannot be understood.
        """
        path = os.path.abspath(path)
        root = self.root_of(path)
        config = self.config_of(path)
        if config.copies:
            from octavo.workspace import copies

            original = copies.original_of(path, config)
            if original is not None:
                return self.pair_of(original) if os.path.isfile(original) else None
        formats, metadata = self._own_formats(path)
        if formats:
            return pairs.of_path(path, formats, root, metadata)
        return (
            self._configured(path, root)
            or self._recorded(path, root)
            or self._alone(path, root, config)
        )

    def _own_formats(self, path: str) -> "tuple[str, Metadata]":
        """Return the formats that a file names itself, and its metadata if it was read for that."""
        signature = state.signature(path)
        known = self._named_formats.get(path)
        if known is None or known[0] != signature:
            formats, document = own_formats(path)
            known = (signature, formats, document.metadata if document else {})
            self._named_formats[path] = known
        return known[1], known[2]

    def _alone(self, path: str, root: str, config: "Config") -> "Pair | None":
        """Return a notebook that has copies and no other member."""
        if not path.endswith(".ipynb") or not os.path.isfile(path):
            return None
        if not any(rule.fits(config.relative(path)) for rule in config.copies):
            return None
        return pairs.of_path(path, "ipynb", root)

    def all(self, names: "Iterable[str]") -> "Iterator[Pair | OctavoError]":
        """Yield the pairs of files and of all files in folders, each pair once.

        An error takes the place of a pair that cannot be told.
        """
        done: set[str] = set()
        for name in names:
            found = self._in_folder(name) if os.path.isdir(name) else self._named(name)
            for entry in found:
                if isinstance(entry, OctavoError):
                    yield entry
                elif done.isdisjoint(entry.paths):
                    done.update(entry.paths)
                    yield entry

    def _named(self, name: str) -> "Iterator[Pair | OctavoError]":
        try:
            pair = self.pair_of(name)
            if pair is None:
                files.read_bytes(name)
                raise FileError(
                    "OCT-W025", "is not paired", Span(name),
                    hint="`octavo pair FILE --with py:percent` pairs it",
                )  # fmt: skip
            if not any(map(os.path.lexists, pair.paths)):
                files.read_bytes(name)  # raises: there is no such file
        except OctavoError as error:
            yield error
            return
        yield pair

    def _in_folder(self, folder: str) -> "Iterator[Pair | OctavoError]":
        """Yield the pairs that have a member in *folder*, those that are known first."""
        top = os.path.abspath(folder)
        self._top = top
        known: set[str] = set()
        found, inner = walk(top, self.leftovers)
        for root in dict.fromkeys((self.root_of(top), *inner)):
            for same in self._fresh(root, top):
                known.update(same.paths)
                yield same
        for path in found:
            if path in known:
                continue
            try:
                pair = self.pair_of(path)
            except OctavoError as error:
                known.add(path)
                yield error
                continue
            if pair is not None and self.is_meant(path, pair):
                known.update(pair.paths)
                yield pair

    def _fresh(self, root: str, top: str) -> "Iterator[Pair]":
        """Yield the recorded pairs of a project that did not change, those below *top*."""
        below = top.rstrip(os.sep) + os.sep
        interrupted = _interrupted(root)
        for path, record in self._records_of(root):
            members = [f"{root}{os.sep}{name.replace('/', os.sep)}" for name in record.names]
            if not any([member.startswith(below) for member in members]):  # noqa: C419  faster
                continue
            if state.Store(root).is_fresh(path, record):
                same = of_record(root, record)
                key = os.path.basename(path).removesuffix(".json")
                same.is_fresh = (
                    not record.conflicts
                    and key not in interrupted
                    and self._has_fresh_copies(same, record)
                )
                yield same

    def _has_fresh_copies(self, pair: "Pair", record: "Record") -> bool:
        try:
            config = self.config_of(pair.paths[0])
            if not config.copies:
                return True
            from octavo.workspace import copies

            return copies.are_fresh(pair, state.Store(pair.root), config, record.base)
        except OctavoError:
            return False  # told when the pair is synced

    def is_meant(self, path: str, pair: "Pair") -> bool:
        """Return whether a file that nobody named is a document: a plain script is not."""
        if any(other != path and os.path.isfile(other) for other in pair.paths):
            return True
        if path.endswith(".ipynb"):
            return True
        return b"jupytext:" in files.read_bytes(path)[:_HEADER_BYTES] or bool(
            self._recorded(path, pair.root)
        )

    def _configured(self, path: str, root: str) -> "Pair | None":
        for group in self.config_of(path).formats_for(path) or ():
            try:
                _, document = own_formats(path, look=",auto" in group or "auto:" in group)
                metadata = document.metadata if document else {}
                return pairs.of_path(path, group, root, metadata)
            except FileError as error:
                if error.code != _NOT_A_MEMBER:
                    raise
        return None

    def _recorded(self, path: str, root: str) -> "Pair | None":
        for _, record in self._records_of(root):
            if any(os.path.join(root, *name.split("/")) == path for name in record.names):
                return of_record(root, record)
        return None

    def _records_of(self, root: str) -> "list[tuple[str, Record]]":
        if root not in self._records:
            self._records[root] = list(state.Store(root).records())
        return self._records[root]


def own_formats(path: str, *, look: bool = False) -> "tuple[str, Document | None]":
    """Return the formats that a file names itself ("": none), and its document.

    The document is read only if it may name some, or to *look* at it.
    """
    if not os.path.isfile(path):
        return "", None
    data = files.read_bytes(path)
    is_notebook = path.endswith(".ipynb")
    if not look and b"formats" not in (data if is_notebook else data[:_HEADER_BYTES]):
        return "", None
    document = files.read_document(path, None, {})
    return formats_in(document.metadata), document


def formats_in(metadata: "Metadata") -> str:
    """Return the formats that the metadata of a document name, "" for none."""
    section = metadata.get("jupytext")
    formats = section.get("formats") if isinstance(section, dict) else None
    return formats if isinstance(formats, str) else ""


def _interrupted(root: str) -> "set[str]":
    """Return the keys of pairs whose last sync was interrupted."""
    try:
        return set(os.listdir(os.path.join(root, state.FOLDER, "journal")))
    except OSError:
        return set()


def of_record(root: str, record: "Record") -> "Pair":
    """Return the pair that a record is of."""
    from octavo.formats import _names

    paths = [f"{root}{os.sep}{name.replace('/', os.sep)}" for name in record.names]
    return pairs.Pair(root, record.formats, paths, [_names.parse(t) for t in record.targets])


def walk(top: str, leftovers: list[str] | None = None) -> tuple[list[str], list[str]]:
    """Return the files that may be documents, notebooks before texts, and inner projects.

    What killed processes left behind is added to *leftovers*.
    """
    found: list[str] = []
    projects: list[str] = []
    for folder, folders, names in os.walk(top):
        if state.FOLDER in folders:
            projects.append(folder)
        if leftovers is not None:
            leftovers += [os.path.join(folder, name) for name in names if _is_leftover(name)]
        folders[:] = sorted(name for name in folders if _is_own_folder(folder, name))
        found += [
            os.path.join(folder, name)
            for name in sorted(names, key=lambda name: (not name.endswith(".ipynb"), name))
            if is_document(name)
        ]
    return found, projects


def _is_leftover(name: str) -> bool:
    if not name.startswith("."):
        return False
    from octavo.workspace import leftovers

    return leftovers.is_one(name)


def is_document(name: str) -> bool:
    """Return whether a file of that name may be a document that nobody named."""
    from octavo.formats import _index

    return name.endswith(tuple(_index.SUFFIXES)) and not name.startswith(".")


def is_foreign(path: str, tops: "Iterable[str]") -> bool:
    """Return whether *path* lies in a hidden or foreign folder below one of *tops*."""
    for top in tops:
        below = top.rstrip(os.sep) + os.sep
        if path.startswith(below):
            names = path[len(below) :].split(os.sep)[:-1]
            folders = [os.path.join(top, *names[:i]) for i in range(len(names))]
            return not all(map(_is_own_folder, folders, names))
    return False


def _is_own_folder(folder: str, name: str) -> bool:
    if name.startswith(".") or name in _FOREIGN_FOLDERS:
        return False
    return not os.path.isfile(os.path.join(folder, name, "pyvenv.cfg"))


def has_header(path: str) -> bool:
    """Return whether a text says in its header that it is a document with a kernel."""
    head = files.read_bytes(path)[:_HEADER_BYTES]
    return b"jupytext:" in head or b"kernelspec:" in head
