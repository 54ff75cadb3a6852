"""Outputs beside text: a store from which a text is reopened with all that it cannot carry.

    FOLDER/documents/KEY.json     what is kept of a document, see `output_records`
    FOLDER/blobs/ab/HASH.json     one output, or one attachment

    store = open_for("x.py")               None unless the configuration says outputs = "store"
    remember(document, "x.py", store)      after a run, a sync, a conversion from a notebook
    document = recall(document, "x.py", store)

The folder is `.octavo/outputs`, or what `outputs_folder` says.  A file keeps its outputs when
it is renamed: it is then known by its cells.  A damaged file counts as a missing one.
"""

import os

from octavo.core.errors import FileError, Notice, Span
from octavo.workspace import files, output_records, state
from octavo.workspace.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.core.document import Cell, Document
    from octavo.workspace.config import Config
    from octavo.workspace.output_records import OutputRecord

DEFAULT_FOLDER = ".octavo/outputs"
#: From this share of equal code cells on, a record is taken for that of a renamed file.
_SAME = 0.5


class OutputStore:
    """The outputs of a project; what was read stays known as long as the object lives."""

    def __init__(
        self, root: str, folder: str = DEFAULT_FOLDER, disk: state.Disk | None = None
    ) -> None:
        self.root = os.path.abspath(root)
        self.folder = os.path.normpath(os.path.join(self.root, folder))
        self.disk = disk or state.Disk()
        self._sources: dict[str, set[str]] | None = None

    def name_of(self, path: str) -> str:
        """Return a path from the root, with slashes."""
        return os.path.relpath(os.path.abspath(path), self.root).replace(os.sep, "/")

    def locked(self) -> Lock:
        """Return a context in which no other process writes to the store, or cleans it."""
        state.Store(self.root).prepare()
        return Lock(os.path.join(self.root, state.FOLDER, "outputs.lock"))

    def load(self, name: str) -> "OutputRecord | None":
        """Return what is kept of a document, None when that is nothing or damaged."""
        data = _read(self.record_path(name))
        record = None if data is None else output_records.OutputRecord.from_bytes(data)
        return record if record is not None and record.name == name else None

    def is_damaged(self, name: str) -> bool:
        """Return whether something is kept of a document that cannot be read."""
        return os.path.lexists(self.record_path(name)) and self.load(name) is None

    def records(self) -> "Iterator[tuple[str, OutputRecord | None]]":
        """Yield the path of each record, and the record if it can be read."""
        folder = os.path.join(self.folder, "documents")
        for file in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            if file.endswith(".json"):
                path = os.path.join(folder, file)
                data = _read(path)
                record = None if data is None else output_records.OutputRecord.from_bytes(data)
                if record is not None and self.record_path(record.name) != path:
                    record = None
                yield path, record

    def nearest(self, name: str, document: "Document") -> "OutputRecord | None":
        """Return what is kept of a document: under its name, else of the most similar one.

        A record under its name counts too when it is of other content, unless one fits better:
        that is how a file that was renamed onto another is known.
        """
        own = self.load(name)
        wanted = {cell.source for cell in document.cells if cell.kind == "code"}
        score = 0.0 if own is None else _share(wanted, own.sources())
        if score >= _SAME or not wanted:
            return own
        best = name
        for other, sources in self._all_sources().items():
            share = _share(wanted, sources)
            if share >= _SAME and share > score:
                best, score = other, share
        return own if best == name else self.load(best)

    def save(self, record: "OutputRecord", blobs: dict[str, bytes]) -> bool:
        """Write a record, its blobs before it; return whether anything changed.

        The caller holds the lock.  Raises: `FileError`; what was kept before is still there.
        """
        changed = False
        for blob, data in blobs.items():
            changed |= self._write(self.blob_path(blob), data)
        if self._sources is not None:
            self._sources[record.name] = record.sources()
        return self._write(self.record_path(record.name), record.to_bytes()) or changed

    def blob(self, name: str) -> bytes | None:
        """Return the bytes of a blob, None when they are gone or damaged."""
        data = _read(self.blob_path(name)) if output_records.is_hash(name) else None
        return data if data is not None and state.digest(data) == name else None

    def record_path(self, name: str) -> str:
        """Return the path of the record of a document."""
        key = state.digest(name.encode("utf-8", "surrogateescape"))[:24]
        return os.path.join(self.folder, "documents", key + ".json")

    def blob_path(self, name: str) -> str:
        """Return the path of a blob."""
        return os.path.join(self.folder, "blobs", name[:2], name + ".json")

    def _write(self, path: str, data: bytes) -> bool:
        files.make_folder(os.path.dirname(path))
        return self.disk.plan(path, data)

    def _all_sources(self) -> dict[str, set[str]]:
        if self._sources is None:
            records = [record for _, record in self.records() if record is not None]
            self._sources = {record.name: record.sources() for record in records}
        return self._sources


class Stores:
    """The output stores of many files: the records of each are looked through once."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[str, OutputStore] = {}

    def open_for(self, path: str, config: "Config") -> OutputStore | None:
        """Return the store of a file as `open_for` does; errors as there."""
        found = open_for(path, config)
        return None if found is None else self._known.setdefault(found.folder, found)


def open_for(path: str, config: "Config | None" = None) -> OutputStore | None:
    """Return the store of the project that a file belongs to, None unless the file has one.

    *config* is the configuration of the file, if that is known already.

    Raises: `ConfigError` for a folder outside of the project.
    """
    config = config or _config_of(path)
    return _opened(path, config) if config.keeps_outputs(path) else None


def of_project(folder: str) -> OutputStore | None:
    """Return the store of the project that a folder belongs to, None if no file of it has one.

    Raises: as `open_for`.
    """
    config = _config_of(folder)
    tables = [config.settings, *[rule.settings for rule in config.rules]]
    if not any("outputs" in table and table["outputs"].value == "store" for table in tables):
        return None
    return _opened(folder, config)


def _config_of(path: str) -> "Config":
    from octavo.workspace import config

    return config.load(path)


def _opened(path: str, config: "Config") -> OutputStore:
    root = os.path.abspath(config.root or state.root_of(path))
    setting = config.settings.get("outputs_folder")
    store = OutputStore(root, str(setting.value) if setting else DEFAULT_FOLDER)
    real = os.path.realpath(store.folder)
    if not real.startswith(os.path.join(os.path.realpath(root), "")):
        from octavo.core.errors import ConfigError

        raise ConfigError(
            "OCT-C002", "outputs_folder is not a folder in the project",
            setting.span if setting else Span(store.folder),
            hint='for example outputs_folder = "outputs"',
        )  # fmt: skip
    return store


def remember(document: "Document", path: str, store: OutputStore) -> bool:
    """Keep the outputs of *document* for the text at *path*; return whether anything changed.

    So are ids, counts, attachments and all metadata.  Of a document without outputs nothing is
    kept, unless something is known of it already: then its outputs were cleared.

    Raises: `FileError`; what was kept before is still there.
    """
    name = store.name_of(path)
    with store.locked():
        old = store.load(name)
        is_new = not os.path.lexists(store.record_path(name))
        if is_new and not any(map(_holds_something, document.cells)):
            return False
        record, blobs = output_records.taken_apart(document, name, old)
        return store.save(record, blobs)


def recall(document: "Document", path: str, store: OutputStore) -> "Document":
    """Return *document*, read from the text at *path*, with all that is kept of it.

    A cell gets the outputs of the cell that it was, whether it moved or was edited; one that is
    as it was some time before gets those of that time.  What is damaged is told in `notices`.
    """
    from octavo.formats._update import update

    name = store.name_of(path)
    record = store.nearest(name, document)
    notices = list(document.notices)
    if store.is_damaged(name):
        notices.append(_notice(path, "the record of its outputs is damaged: it counts as missing"))
    if record is None:
        return document.with_(notices=notices)
    previous, earlier, missing = output_records.put_together(record, store.blob)
    if missing:
        what = "1 output is" if missing == 1 else f"{missing} outputs are"
        notices.append(_notice(path, f"{what} missing or damaged in the output store"))
    found = _with_earlier(update(document, previous), previous, earlier)
    return found.with_(notices=notices)


def text_member(paths: "tuple[str, ...]") -> str:
    """Return the member of a pair under which its outputs are kept: the first text."""
    return next((path for path in paths if not path.endswith(".ipynb")), paths[0])


def _with_earlier(document: "Document", previous: "Document", earlier: "list[Cell]") -> "Document":
    """Return *document*; a cell that is in *earlier* and not in *previous* has its outputs."""
    known = {cell.source for cell in previous.cells if cell.kind == "code"}
    before = {cell.source: cell for cell in earlier if cell.source not in known}
    if not before:
        return document
    cells = []
    for cell in document.cells:
        held = before.get(cell.source) if cell.kind == "code" else None
        if held is not None:
            cell = cell.with_(  # noqa: PLW2901  the same cell, with outputs
                outputs=held.raw_outputs, execution_count=held.execution_count
            )
        cells.append(cell)
    return document.with_(cells=cells)


def _holds_something(cell: "Cell") -> bool:
    from octavo.core.loss import has_outputs

    return has_outputs(cell) or bool(cell.attachments)


def _share(wanted: set[str], sources: set[str]) -> float:
    """Return how much of two sets of sources is the same."""
    return 2 * len(wanted & sources) / max(len(wanted) + len(sources), 1)


def _notice(path: str, message: str) -> Notice:
    return Notice("OCT-W030", message, Span(path), hint="run the document again")


def _read(path: str) -> bytes | None:
    try:
        return files.read_bytes(path)
    except FileError:
        return None
