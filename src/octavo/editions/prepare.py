"""From a file to the document of an edition: read, select, transform, run, transform, and why."""

import os

from octavo.core.errors import FileError, FormatError
from octavo.transforms import _expression, _index, hide
from octavo.transforms import select as selecting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from octavo.core.document import Cell, Document, Json
    from octavo.editions.plan import Unit
    from octavo.transforms._sections import Part
    from octavo.transforms.select import Judge
    from octavo.workspace.config_editions import Edition

    Row: TypeAlias = dict[str, Json]

_MARKS = "marks"


class Prepared:
    """The document of an edition, and how it came about.

    `before` is the document as it was read, `hidden` the one without what marks drop; `rows`
    tells of each cell whether it is in, and why; `inputs` are the files that were read besides,
    `tags` and `audiences` what the cells say; `ran` counts the cells that a kernel ran.
    """

    __slots__ = ("audiences", "before", "document", "hidden", "inputs", "ran", "rows", "tags")

    def __init__(self, before: "Document") -> None:
        self.before = before
        self.document = before
        self.hidden = before
        self.rows: list[Row] = []
        self.inputs: list[str] = []
        self.tags: set[str] = set()
        self.audiences: set[str] = set()
        self.ran = 0


def prepare(unit: "Unit", *, runs: bool = True) -> Prepared:
    """Return the source of a unit as its edition wants it.

    Raises: `FileError`, `FormatError` for what cannot be read, `RunError`, `CellFailedError`
    from a run.
    """
    source, edition, path = unit.source, unit.edition, unit.path
    inputs: list[str] = []
    before, own = _read(path, unit.root, inputs)
    prepared = Prepared(before)
    prepared.inputs = inputs
    _note_words(prepared, source)
    history = _History(before)
    judge = judge_of(edition)
    decisions = selecting.decide(before, judge, source)
    document = history.step(before, selecting.chosen(before, decisions), "", decisions)
    steps = [(word, *_index.step(word)) for word in edition.texts("transform")]
    early = [word for word, transform, _ in steps if not transform.after_run]
    late = [word for word, transform, _ in steps if transform.after_run]
    try:
        document = _all(document, early, source, history)
        document = _with_params(document, unit.params)
        if runs and edition.text("execute") != "never":
            document, prepared.ran = _run(document, unit, path, inputs)
        document = _all(document, late, source, history)
    except FormatError as error:
        raise error.in_file(path) from None
    prepared.document = _finished(document, before, own, edition.words)
    hidden = hide.remove_hidden(document)
    if edition.text("marks") == "remove":
        history.step(document, hidden, _MARKS)
    prepared.hidden = _finished(hidden, before, own, edition.words)
    prepared.rows = history.rows()
    return prepared


def judge_of(edition: "Edition") -> "Judge":
    """Return what decides whether a part is in: kind, audience, language, then the expression."""
    select = edition.text("select")
    wanted = _expression.parse(_expression.named(select)) if select else None
    kinds = list(_expression.kinds(edition.texts("kind")))
    audiences = [word.lower() for word in edition.texts("audience")]
    languages = [word.lower() for word in edition.texts("language")]

    def judge(part: "Part") -> str:
        facts = part.facts
        if kinds and facts.kind and not set(facts.kind) & set(kinds):
            return f"kind: {', '.join(facts.kind)} is not {' or '.join(kinds)}"
        if audiences and facts.audience:
            said = [word.lower() for word in facts.audience]
            if not set(said) & set(audiences):
                return f"audience: {', '.join(facts.audience)} is not {' or '.join(audiences)}"
        if languages and not _speaks(part, languages):
            return f"language: {facts.language or ', '.join(facts.lang)} is not " + (
                " or ".join(languages)
            )
        if wanted is not None and not wanted.holds(facts):
            return f"select: {wanted.text}"
        return ""

    return judge


def _speaks(part: "Part", languages: list[str]) -> bool:
    """Return whether a part is in one of these languages, or says nothing about it."""
    from octavo.core.languages import find

    facts = part.facts
    spoken = [word for word in languages if find(word) is None]
    written = [word for word in languages if word not in spoken]
    if facts.lang and spoken and not {word.lower() for word in facts.lang} & set(spoken):
        return False
    if not facts.language or not written:
        return True
    row = find(facts.language)
    names = {facts.language.lower(), row.name.lower() if row else ""}
    return any(word in names or (find(word) or row) is row for word in written)


class _History:
    """What happened to each cell, step by step."""

    def __init__(self, document: "Document") -> None:
        self._order = [cell.id for cell in document.cells]
        self._kinds = {cell.id: cell.kind for cell in document.cells}
        self._lines = {cell.id: cell.line for cell in document.cells}
        self._out: dict[str | None, str] = {}
        self._changes: dict[str | None, list[str]] = {}

    def step(
        self,
        old: "Document",
        new: "Document",
        why: str,
        decisions: "list[selecting.Decision] | None" = None,
    ) -> "Document":
        """Note what a step did, and return what it made."""
        reasons = {one.cell.id: one.why for one in decisions or ()}
        cells = {cell.id: cell for cell in new.cells}
        for cell in old.cells:
            reason = reasons.get(cell.id, why)
            other = cells.get(cell.id)
            if other is None:
                self._out.setdefault(cell.id, reason)
            elif other is not cell:
                for what in _changed(cell, other):
                    self._changes.setdefault(cell.id, []).append(f"{what}: {reason}")
        return new

    def rows(self) -> "list[Row]":
        """Return a row for each cell of the document that was read."""
        return [
            {
                "number": number, "cell": name, "kind": self._kinds[name],
                "line": self._lines[name], "in": name not in self._out,
                "why": self._out.get(name, ""), "changes": [*self._changes.get(name, ())],
            }
            for number, name in enumerate(self._order, 1)
        ]  # fmt: skip


def _changed(old: "Cell", new: "Cell") -> "Iterator[str]":
    if old.source != new.source:
        yield "source"
    if old.raw_outputs is not new.raw_outputs and old.outputs != new.outputs:
        yield "outputs"


def _read(path: str, root: str, inputs: list[str]) -> "tuple[Document, frozenset[str | None]]":
    """Return a document with an id in each cell, and the ids that are its own."""
    from octavo.core import ids
    from octavo.editions import includes
    from octavo.workspace import files

    document = files.read_document(path, None, {})
    if document.origin.path and not path.endswith(".ipynb"):
        document = _with_outputs(document, path, inputs)
    own = frozenset(cell.id for cell in document.cells if cell.id)
    document = ids.unique(includes.expand(document, path, root, inputs.append))
    return document, own


def _with_outputs(document: "Document", path: str, inputs: list[str]) -> "Document":
    """Return a text with the outputs of its pair, or of the output store."""
    from octavo.formats._update import update
    from octavo.workspace import files, outputs
    from octavo.workspace.find import Finder

    finder = Finder()
    pair = finder.pair_of(path)
    for member, target in zip(pair.paths, pair.targets, strict=True) if pair else ():
        if files.holds_outputs(target) and os.path.isfile(member):
            inputs.append(member)
            return update(document, files.read_document(member, None, {}), None)
    store = outputs.open_for(path, finder.config_of(path))
    if store is None:
        return document
    inputs.append(store.record_path(store.name_of(path)))
    return outputs.recall(document, path, store)


def _note_words(prepared: Prepared, source: str) -> None:
    from octavo.transforms import _sections

    for part in _sections.parts(prepared.before, source):
        prepared.tags |= part.facts.tags
        prepared.audiences.update(word.lower() for word in part.facts.audience)


def _all(document: "Document", words: list[str], source: str, history: _History) -> "Document":
    for word in words:
        document = history.step(document, _index.apply(document, word, source), word)
    return document


def _with_params(document: "Document", params: "dict[str, Json]") -> "Document":
    if not params:
        return document
    from octavo.core import ids
    from octavo.transforms.parameters import inject

    return ids.assign(inject(document, params))


def _run(
    document: "Document", unit: "Unit", path: str, inputs: list[str]
) -> "tuple[Document, int]":
    """Return *document* with the outputs of a run, or of the same run made before."""
    from octavo.run import execute
    from octavo.run.settings import Settings
    from octavo.workspace import running
    from octavo.workspace.run_cache import RunCache, declared_inputs

    edition = unit.edition
    job = running.Job(path, document)
    settings = Settings(
        kernel=edition.text("kernel"), cwd=job.cwd, cell_s=float(edition.text("timeout") or 0)
    )
    cache = None
    inputs += declared_inputs(document, job.cwd)
    if edition.text("execute") == "cache":
        cache = RunCache(unit.root, job, settings, slot=f"{edition.name}/{unit.name}")
        known = cache.known()
        if known is not None:
            return known.document, 0
    done = execute.execute(document, settings)
    for error in done.errors:
        error.span = running.place(job, error)
        raise error
    if cache is not None:
        cache.remember(done)
    return done.document, done.ran


def _finished(
    document: "Document",
    before: "Document",
    own: "frozenset[str | None]",
    words: "tuple[str, ...]",
) -> "Document":
    """Return *document* without ids made of texts that are no longer there, and unpaired.

    What headings say to us is not for readers, nor are the states of widgets that nobody shows.
    """
    from octavo.core import ids
    from octavo.transforms import _sections, _traces

    sources = {cell.id: cell.source for cell in before.cells}
    document = _sections.plain_headings(document, words)
    cells = [
        cell.with_(id=None)
        if cell.id not in own and sources.get(cell.id, cell.source) != cell.source
        else cell
        for cell in document.cells
    ]
    metadata = dict(document.metadata)
    section = metadata.get("jupytext")
    if isinstance(section, dict) and "formats" in section:
        metadata["jupytext"] = {key: section[key] for key in section if key != "formats"}
    document = document.with_(cells=cells, metadata=metadata)
    return ids.assign(_traces.without_traces(document))


def images_of(document: "Document") -> "Iterator[tuple[str, int]]":
    """Yield the pictures that the prose of a document names, and their lines in the cell."""
    from octavo.exporters import _markdown

    for cell in document.cells:
        text = cell.source
        if cell.kind != "markdown" or not any(w in text for w in _SIGNS):
            continue
        for block in _markdown.parse(text):
            for node in block.walk():
                address = node.get("src") if node.type in ("image", "figure") else ""
                if address and "://" not in address and not address.startswith(_APART):
                    yield address, cell.line + node.line


_SIGNS = ("![", "figure}", "image}", "<img", "<IMG")
_APART = ("data:", "attachment:", "//", "#")


def resource_of(path: str, inputs: list[str]) -> "Callable[[str], bytes | None]":
    """Return a reader of the files that a document names; each goes into *inputs*."""
    from octavo.workspace import resources

    read = resources.reader(path)
    folder = os.path.dirname(os.path.abspath(path))

    def noting(name: str) -> bytes | None:
        full = os.path.normpath(os.path.join(folder, name.lstrip("/")))
        if full not in inputs and "\0" not in full:
            inputs.append(full)
        try:
            return read(name)
        except FileError:
            return None

    return noting
