"""What a run gave, so that the same run need not be made again.

    .octavo/runs/KEY/document     the name of a document
    .octavo/runs/KEY/RUN.json     the outputs of a run of it

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

    from octavo.core.document import Cell, Document, Json, Metadata
    from octavo.run.execute import Run
    from octavo.run.settings import Settings
    from octavo.workspace.running import Job

_VERSION = 1
_KEPT = 4  # runs of a document, with different parameters for example
_DOCUMENT, _SUFFIX = "document", ".json"
_MADE_BY_A_RUN = ("language_info", "widgets")


class RunCache:
    """The earlier runs of one document; a *slot* keeps those of an edition of it apart."""

    def __init__(
        self,
        root: str,
        job: "Job",
        settings: "Settings",
        inputs: "Sequence[str]" = (),
        *,
        slot: str = "",
    ) -> None:
        from octavo.run import execute, kernelspecs

        self._store = state.Store(root)
        self._name = os.path.relpath(os.path.abspath(job.home), root).replace(os.sep, "/")
        self._folder = os.path.join(
            _runs(self._store), _key(self._name + (f"\0{slot}" if slot else ""))
        )
        self._document = execute.with_parameters(job.document, settings)
        self._places = execute.places_to_run(self._document)
        has_code = bool(self._places)
        self._kernel = kernelspecs.name_for(self._document, settings.kernel) if has_code else ""
        start = (
            str(_VERSION), kernelspecs.identity(self._kernel) if has_code else "",
            os.path.abspath(settings.cwd), str(settings.allow_errors),
        )  # fmt: skip
        declared = [*inputs, *_declared(self._document.metadata.get("octavo"))]
        cells = [self._document.cells[place] for place in self._places]
        self.chain = list(_chain(start, declared, cells, settings.cwd))

    def known(self) -> "Run | None":
        """Return the earlier run that was the same, or began so; None if there is none."""
        from octavo.run.execute import Run

        record = next(filter(self._covers, self._records()), None)
        if record is None:
            return None
        cells = list(self._document.cells)
        for place, (outputs, count) in zip(self._places, record.cells, strict=False):
            cells[place] = cells[place].with_(outputs=outputs, execution_count=count)
        document = self._document.with_(
            cells=cells, metadata={**self._document.metadata, **record.metadata}
        )
        return Run(document, [], self._kernel, 0, len(self._places))

    def remember(self, run: "Run") -> None:
        """Keep the outputs of a run; of the earlier ones the last few stay."""
        cells = [run.document.cells[place] for place in self._places]
        metadata = run.document.metadata
        record = _Record(
            self.chain,
            [(cell.outputs or [], cell.execution_count) for cell in cells],
            {name: metadata[name] for name in _MADE_BY_A_RUN if name in metadata},
            whole=run.reaches_back,
        )
        self._store.prepare()
        files.make_folder(self._folder)
        note = self._store.disk.note
        note(os.path.join(self._folder, _DOCUMENT), os.fsencode(self._name))
        note(os.path.join(self._folder, self.chain[-1] + _SUFFIX), record.to_bytes())
        for path in self._paths()[_KEPT:]:
            self._store.disk.remove(path)

    def _covers(self, record: "_Record") -> bool:
        """Return whether a run is this one, or began as it, all outputs made by the way."""
        n = len(self.chain)
        if record.chain == self.chain:
            return True
        return not record.whole and record.chain[:n] == self.chain

    def _records(self) -> "Iterator[_Record]":
        """Yield what is kept of this document: the same run first, then the newest."""
        same = os.path.join(self._folder, self.chain[-1] + _SUFFIX)
        for path in sorted(self._paths(), key=lambda path: path != same):
            record = _record(path)
            if record is not None:
                yield record

    def _paths(self) -> list[str]:
        """Return the files of the runs, the newest first."""
        names = os.listdir(self._folder) if os.path.isdir(self._folder) else []
        paths = [os.path.join(self._folder, name) for name in names if name.endswith(_SUFFIX)]
        return sorted(paths, key=lambda path: (state.signature(path)[1:2], path), reverse=True)


class _Record:
    """A run of a document: what each cell that ran put out.

    `chain` has the key before the first cell and after each; `whole` tells that a later cell
    changed what an earlier one had shown, so that no part of the run stands for itself.
    """

    __slots__ = ("cells", "chain", "metadata", "whole")

    def __init__(
        self,
        chain: list[str],
        cells: "list[tuple[list[Json], int | None]]",
        metadata: "Metadata",
        *,
        whole: bool,
    ) -> None:
        self.chain = chain
        self.cells = cells
        self.metadata = metadata
        self.whole = whole

    def to_bytes(self) -> bytes:
        """Return the record as JSON."""
        import json

        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps({"version": _VERSION, **fields}).encode("ascii")


def declared_inputs(document: "Document", cwd: str) -> list[str]:
    """Return the input files that a document and its cells declare, those that are there."""
    from glob import glob

    patterns = _declared(document.metadata.get("octavo"))
    for cell in document.cells:
        patterns += _declared(cell.metadata)
    return [
        os.path.join(cwd, name)
        for pattern in patterns
        for name in sorted(glob(pattern, root_dir=cwd or None, recursive=True))
        if os.path.isfile(os.path.join(cwd, name))
    ]


def collect_garbage(root: str) -> None:
    """Remove the runs of documents of a project that are gone."""
    store = state.Store(root)
    folder = _runs(store)
    for key in os.listdir(folder) if os.path.isdir(folder) else ():
        inner = os.path.join(folder, key)
        try:
            name = os.fsdecode(files.read_bytes(os.path.join(inner, _DOCUMENT)))
        except FileError:
            name = ""
        if name and os.path.lexists(os.path.join(root, name)):
            continue
        for file in os.listdir(inner) if os.path.isdir(inner) else ():
            store.disk.remove(os.path.join(inner, file))
        _drop_folder(inner)


def _drop_folder(path: str) -> None:
    try:
        os.rmdir(path)
    except OSError:
        return  # somebody has just put a run into it


def _runs(store: state.Store) -> str:
    return os.path.join(store.folder, "runs")


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
        if fields["version"] != _VERSION:
            return None
        cells = [(list(outputs), count) for outputs, count in fields["cells"]]
        chain, metadata = list(fields["chain"]), dict(fields["metadata"])
        record = _Record(chain, cells, metadata, whole=bool(fields["whole"]))
    except (FileError, ValueError, TypeError, KeyError):
        return None
    return record if len(chain) == len(cells) + 1 else None
