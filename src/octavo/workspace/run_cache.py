"""What a run gave, so that the same run need not be made again.

    .octavo/runs/KEY-RUN.json     the outputs of a run of a document

A run is the same if the kernel, its packages, the working directory, the parameters, the
sources of all cells that run and the declared input files are the same.  All of it may be
deleted at any time; a damaged file counts as a missing one.
"""

import os

from octavo.core.errors import FileError
from octavo.workspace import files, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from octavo.core.document import Cell, Json, Metadata
    from octavo.run.execute import Run
    from octavo.run.settings import Settings
    from octavo.workspace.running import Job

_VERSION = 1
_KEPT = 4  # runs of a document, with different parameters for example
_MADE_BY_A_RUN = ("language_info", "widgets")


class RunCache:
    """The earlier runs of one document."""

    def __init__(
        self, root: str, job: "Job", settings: "Settings", inputs: "Sequence[str]" = ()
    ) -> None:
        from octavo.run import execute, kernelspecs

        self._store = state.Store(root)
        self._folder = os.path.join(self._store.folder, "runs")
        self._name = os.path.relpath(os.path.abspath(job.path), root).replace(os.sep, "/")
        self._document = execute.with_parameters(job.document, settings)
        self._places = execute.places_to_run(self._document)
        self._kernel = kernelspecs.name_for(self._document, settings.kernel)
        start = (
            str(_VERSION), kernelspecs.identity(self._kernel), os.path.abspath(settings.cwd),
            str(settings.allow_errors),
        )  # fmt: skip
        declared = [*inputs, *_declared(self._document.metadata.get("octavo"))]
        cells = [self._document.cells[place] for place in self._places]
        self.chain = list(_chain(start, declared, cells, settings.cwd))

    def known(self) -> "Run | None":
        """Return the earlier run that was the same, None if there is none."""
        from octavo.run.execute import Run

        record = _record(self._path())
        if record is None or record.key != self.key or len(record.cells) != len(self._places):
            return None
        cells = list(self._document.cells)
        for place, (outputs, count) in zip(self._places, record.cells, strict=True):
            cells[place] = cells[place].with_(outputs=outputs, execution_count=count)
        document = self._document.with_(
            cells=cells, metadata={**self._document.metadata, **record.metadata}
        )
        return Run(document, [], self._kernel, 0, len(self._places))

    def remember(self, run: "Run") -> None:
        """Keep the outputs of a run, and drop what is no longer of use."""
        cells = [run.document.cells[place] for place in self._places]
        metadata = run.document.metadata
        record = _Record(
            self._name,
            self.key,
            [(cell.outputs or [], cell.execution_count) for cell in cells],
            {name: metadata[name] for name in _MADE_BY_A_RUN if name in metadata},
        )
        self._store.prepare()
        files.make_folder(self._folder)
        self._store.disk.note(self._path(), record.to_bytes())
        collect_garbage(self._store)

    @property
    def key(self) -> str:
        """The key of the whole run: the last of the chain."""
        return self.chain[-1]

    def _path(self) -> str:
        return os.path.join(self._folder, f"{_key(self._name)}-{self.key[:24]}.json")


class _Record:
    """A run of a document: what each cell that ran put out."""

    __slots__ = ("cells", "document", "key", "metadata")

    def __init__(
        self,
        document: str,
        key: str,
        cells: "list[tuple[list[Json], int | None]]",
        metadata: "Metadata",
    ) -> None:
        self.document = document
        self.key = key
        self.cells = cells
        self.metadata = metadata

    def to_bytes(self) -> bytes:
        """Return the record as JSON."""
        import json

        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps({"version": _VERSION, **fields}).encode("ascii")


def collect_garbage(store: state.Store) -> None:
    """Remove the runs of documents that are gone, and all but the last few of the others."""
    folder = os.path.join(store.folder, "runs")
    runs: dict[str, list[tuple[int, str]]] = {}
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        record = _record(path) if name.endswith(".json") else None
        if record is None or not os.path.exists(os.path.join(store.root, record.document)):
            store.disk.remove(path)
            continue
        runs.setdefault(record.document, []).append((os.stat(path).st_mtime_ns, path))
    for found in runs.values():
        for _, path in sorted(found, reverse=True)[_KEPT:]:
            store.disk.remove(path)


def _chain(
    start: "Sequence[str]", declared: "Sequence[str]", cells: "Iterable[Cell]", cwd: str
) -> "Iterator[str]":
    """Yield the key before the first cell, then that of each: it holds all that came before."""
    key = _joined(*start, *_digests(declared, cwd))
    yield key
    for cell in cells:
        inputs = _declared(cell.metadata)
        key = _joined(key, cell.source, *sorted(map(str, _tags(cell))), *_digests(inputs, cwd))
        yield key


def _tags(cell: "Cell") -> "list[Json]":
    """Return what of a cell's metadata decides how it runs."""
    from octavo.core.tags import marks_of

    return ["may-fail"] if "may-fail" in marks_of(cell) else []


def _declared(section: object) -> list[str]:
    """Return the input files that metadata declares, `inputs = ["data.csv"]`."""
    found = section.get("inputs") if isinstance(section, dict) else None
    if isinstance(found, str):
        return [found]
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def _digests(patterns: "Iterable[str]", cwd: str) -> "Iterator[str]":
    """Yield name and hash of each file that fits a pattern; a pattern may fit none."""
    from glob import glob

    for pattern in patterns:
        yield pattern
        for name in sorted(glob(pattern, root_dir=cwd or None, recursive=True)):
            path = os.path.join(cwd, name)
            for file in _files_in(path) if os.path.isdir(path) else [path]:
                yield os.path.relpath(file, cwd or os.curdir)
                yield state.digest(files.read_bytes(file))


def _files_in(folder: str) -> "Iterator[str]":
    for inner, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield os.path.join(inner, name)


def _joined(*parts: str) -> str:
    data = "\0".join(f"{len(part)}:{part}" for part in parts)
    return state.digest(data.encode("utf-8", "surrogatepass"))


def _key(name: str) -> str:
    return state.digest(name.encode("utf-8", "surrogateescape"))[:24]


def _record(path: str) -> "_Record | None":
    """Return the record in a file, None when it is missing, damaged or of another version."""
    import json

    try:
        fields = json.loads(files.read_bytes(path))
        if fields.pop("version") != _VERSION:
            return None
        cells = [(list(outputs), count) for outputs, count in fields["cells"]]
        return _Record(fields["document"], fields["key"], cells, dict(fields["metadata"]))
    except (FileError, ValueError, TypeError, KeyError, AttributeError):
        return None
