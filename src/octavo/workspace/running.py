"""What a run reads, and where its outputs go.

A notebook gets its own outputs, a pair those of its notebook member.  A text alone has no place
for outputs: they go to the output store, or to a file that is named.  Whatever was changed
while the document ran is kept: outputs go to the cells that are still as they ran.
"""

import os

from octavo.core.errors import FileError, RunError, Span
from octavo.workspace import files, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from octavo.core.document import Cell, Document
    from octavo.core.errors import CellFailedError, OctavoError
    from octavo.formats._names import Target
    from octavo.workspace.find import Finder
    from octavo.workspace.outputs import OutputStore
    from octavo.workspace.pairs import Pair
    from octavo.workspace.sync import Change

_ATTEMPTS = 10  # how often a file is read anew when somebody writes meanwhile
_STDIN = "-"


class Job:
    """A document to run: `path` is the file that was named, `cwd` the folder it runs in.

    `home` is the file under which it is known, whichever member of a pair was named.

    `document` is what runs; `save` puts the outputs where they belong and returns the files
    that changed.
    """

    def __init__(self, path: str, document: "Document") -> None:
        self.path = path
        self.home = path
        self.cwd = os.path.dirname(os.path.abspath(path))
        self.document = document

    def save(self, done: "Document") -> "Sequence[str]":
        """Put the outputs of *done* where they belong; return the files that changed."""
        raise NotImplementedError


class NotebookJob(Job):
    """A notebook that is no member of a pair."""

    def __init__(self, path: str) -> None:
        self._data = files.read_bytes(path)
        super().__init__(path, _with_ids(_parsed(self._data, path)))

    def save(self, done: "Document") -> "Sequence[str]":
        """Write the outputs into the notebook; an edit made meanwhile stays."""
        for _ in range(_ATTEMPTS):
            now = files.read_bytes(self.path)
            if now == self._data:
                document = done
            else:
                document = merged(self.document, done, _with_ids(_parsed(now, self.path)))
            data = files.document_bytes(document, _notebook(), {})
            try:
                return [self.path] if files.replace_file(self.path, data, now) else []
            except FileError as error:
                if error.code != files.CHANGED_MEANWHILE:
                    raise
        raise FileError(
            "OCT-W024", "is being written all the time", Span(self.path),
            hint="nothing is lost: run it again when its writer rests",
        )  # fmt: skip


class PairJob(Job):
    """A pair with a notebook among its members; they are synced before and after the run."""

    def __init__(self, path: str, pair: "Pair", finder: "Finder", *, writes: bool = True) -> None:
        from octavo.workspace import outputs

        config = finder.config_of(pair.paths[0])
        self._pair = pair
        self._state = state.Store(pair.root)
        self._options = config.options_for(pair.paths[0])
        self._outputs = outputs.open_for(pair.paths[0], config)
        if writes:
            self._sync(None)
        super().__init__(path, _with_ids(self._read(path)))
        self.home = pair.paths[0]

    def _read(self, path: str) -> "Document":
        """Return the document of the pair: what the notebook says, if there is one yet."""
        members = zip(self._pair.paths, self._pair.targets, strict=True)
        notebook = next(member for member, target in members if files.holds_outputs(target))
        return files.read_document(notebook if os.path.exists(notebook) else path, None, {})

    def save(self, done: "Document") -> "Sequence[str]":
        """Write the outputs into the notebook member; edits made meanwhile stay."""
        before = self.document
        return self._sync(lambda now: merged(before, done, _with_ids(now)))

    def _sync(self, change: "Change | None") -> "Sequence[str]":
        from octavo.workspace import sync

        with sync.locked(self._state):
            result = sync.sync_pair(
                self._pair,
                self._state,
                options=self._options,
                outputs=self._outputs,
                change=change,
            )
        if change is None and result.waiting:
            raise RunError(
                "OCT-R021", "has conflicts that nobody has resolved", Span(self._pair.paths[0]),
                hint="`octavo resolve` finishes them",
            )  # fmt: skip
        return result.written


class TextJob(Job):
    """A text without a notebook; its outputs go to the output store of its project."""

    def __init__(self, path: str, store: "OutputStore") -> None:
        self._outputs = store
        super().__init__(path, self._read(path))

    def save(self, done: "Document") -> "Sequence[str]":
        """Keep the outputs; the text is written only if parameters were put into it."""
        from octavo.workspace import outputs

        now = self._read(self.path)
        document = merged(self.document, done, now)
        written: list[str] = []
        if _sources(document) != _sources(now):
            files.write_document(document, self.path, None, {})
            written.append(self.path)
        if outputs.remember(document, self.path, self._outputs):
            written.append(self._outputs.folder)
        return written

    def _read(self, path: str) -> "Document":
        from octavo.workspace import outputs

        document = files.read_document(path, None, {})
        return _with_ids(outputs.recall(document, path, self._outputs))


class OutputJob(Job):
    """A document whose outputs go to another file; the document itself stays as it is."""

    def __init__(self, path: str, document: "Document", output: str) -> None:
        super().__init__(path, _with_ids(document))
        self.output = output

    def save(self, done: "Document") -> "Sequence[str]":
        """Write the whole document to the other file, in a new folder if need be."""
        files.make_folder(os.path.dirname(os.path.abspath(self.output)))
        return [self.output] if files.write_document(done, self.output, None, {}) else []


def merged(before: "Document", done: "Document", now: "Document") -> "Document":
    """Return *now* with the outputs of *done* in the cells that are still as in *before*."""
    from octavo.core.merge import merge

    if now == before:
        return done
    found = merge(before, done, now, labels=("run", "file")).document
    return _with_ids(_with_outputs_of_renamed(found, done))


def _with_outputs_of_renamed(document: "Document", done: "Document") -> "Document":
    """Give cells that ran, and whose ids somebody gave to other cells, their outputs by source."""
    held = {cell.id: cell.source for cell in document.cells}
    ran = {cell.id for cell in done.cells}
    renamed = {
        cell.source: cell
        for cell in done.cells
        if cell.kind == "code" and held.get(cell.id) != cell.source
    }
    cells = [
        cell.with_(
            outputs=renamed[cell.source].raw_outputs,
            execution_count=renamed[cell.source].execution_count,
        )
        if cell.kind == "code" and cell.id not in ran and cell.source in renamed
        else cell
        for cell in document.cells
    ]
    return document.with_(cells=cells)


def jobs(
    names: "Iterable[str]", finder: "Finder", *, output: str = "", writes: bool = True
) -> "Iterator[Job | OctavoError]":
    """Yield a job for each document of files and folders; each document once.

    An error takes the place of a job that cannot be.
    """
    from octavo.core.errors import OctavoError

    done: set[str] = set()
    for name, is_named in _files(names):
        if os.path.realpath(name) in done:
            continue
        try:
            pair = finder.pair_of(name)
            if pair is None and not is_named and not _is_document(name):
                continue
            done.update(map(os.path.realpath, pair.paths if pair else [name]))
            yield _job(name, pair, finder, output, writes=writes)
        except OctavoError as error:
            done.add(os.path.realpath(name))
            yield error.in_file(name)


def place(job: Job, error: "CellFailedError") -> Span:
    """Return the file, and the line in it, at which a cell of a job failed."""
    if job.path == _STDIN:
        return Span("<stdin>", error.span.line)
    try:
        data = files.read_bytes(job.path)
        here = files.read_document(job.path, None, {})
    except (FileError, ValueError):
        return Span(job.path)
    cell = job.document.cells[error.cell - 1] if error.cell <= len(job.document.cells) else None
    if cell is None:
        return Span(job.path)
    return Span(job.path, _line_of(cell, error, here, data))


def _line_of(cell: "Cell", error: "CellFailedError", here: "Document", data: bytes) -> int:
    """Return the line of *data* in which a cell stands, or fails; 0 if it is not there."""
    number = next((i for i, one in enumerate(here.cells) if one.source == cell.source), None)
    same = error.cell - 1
    if same < len(here.cells) and here.cells[same].source == cell.source:
        number = same
    if number is None:
        return 0
    if not here.cells[number].line:
        from octavo.formats._json_place import span_of_cell

        return span_of_cell(data.decode("utf-8", "replace"), number + 1).line
    return _line_in_text(here.cells[number], error.line_in_cell, data)


def _line_in_text(cell: "Cell", line_in_cell: int, data: bytes) -> int:
    """Return the line of the text at which a cell fails, that of the cell if it is not plain."""
    source = cell.source.split("\n")
    if not 0 < line_in_cell <= len(source):
        return cell.line
    lines = data.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    for start in range(cell.line - 1, min(cell.line + 30, len(lines))):
        if lines[start : start + len(source)] == source:
            return start + line_in_cell
    return cell.line


def _files(names: "Iterable[str]") -> "Iterator[tuple[str, bool]]":
    """Yield the files in *names*, and whether they were named themselves."""
    from octavo.workspace import find

    for name in names:
        if os.path.isdir(name):
            found, _ = find.walk(os.path.abspath(name))
            for path in found:
                yield os.path.relpath(path) if not os.path.isabs(name) else path, False
        else:
            yield name, True


def _is_document(path: str) -> bool:
    from octavo.workspace import find

    return path.endswith(".ipynb") or find.has_header(path)


def _job(
    name: str, pair: "Pair | None", finder: "Finder", output: str, *, writes: bool
) -> Job:  # fmt: skip
    from octavo.workspace import outputs

    if output:
        return OutputJob(name, files.read_document(name, None, {}), _output_path(name, output))
    if pair is not None and any(map(files.holds_outputs, pair.targets)):
        return PairJob(name, pair, finder, writes=writes)
    files.read_bytes(name)  # raises: there is no such file
    if name.endswith(".ipynb"):
        return NotebookJob(name)
    store = outputs.open_for(name, finder.config_of(name))
    if store is not None:
        return TextJob(name, store)
    raise RunError(
        "OCT-R020", "is a text: it has no place for outputs", Span(name),
        hint="--output FILE.ipynb writes them there, `octavo pair FILE --with ipynb` "
        'keeps a notebook beside it, outputs = "store" in octavo.toml keeps them apart',
    )  # fmt: skip


def _output_path(name: str, output: str) -> str:
    """Return the file that is written for *name*; *output* is a file, or a folder for all."""
    if output.endswith(("/", os.sep)) or os.path.isdir(output):
        stem = os.path.splitext(os.path.basename(name))[0]
        return os.path.join(output, stem + ".ipynb")
    target = files.target_of(output, _any())
    if output != _STDIN and not files.holds_outputs(target):
        raise RunError(
            "OCT-R020", "cannot hold outputs", Span(output), hint="write to a file FILE.ipynb"
        )
    return output


def _parsed(data: bytes, path: str) -> "Document":
    from octavo.core.errors import FormatError
    from octavo.formats import _text

    try:
        return _text.read_text(data, _notebook(), {}, path)
    except FormatError as error:
        raise error.in_file(path) from None


def _with_ids(document: "Document") -> "Document":
    from octavo.core import ids

    return ids.unique(document)


def _notebook() -> "Target":
    from octavo.formats import _names

    return _names.Target(_names.IPYNB)


def _sources(document: "Document") -> list[tuple[str, str]]:
    return [(cell.kind, cell.source) for cell in document.cells]


def _any() -> "Target":
    from octavo.formats import _names

    return _names.Target()
