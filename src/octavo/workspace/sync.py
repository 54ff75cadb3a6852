"""Keep the files of a pair the same document, and lose no edit.

What changed is told by comparing content hashes with the recorded state, never by file times.
One member changed: the others follow.  Several changed: a three-way merge by cell from the
recorded base.  Without a record, the base is what they agreed on under former names or in the last
commit of git; without that, members are merged by content: what one of them has more is kept,
what differs becomes a conflict.  Conflicts are kept in the document, both versions of
them, as marked cells.
"""

import os

from octavo.core.errors import FileError, FormatError, Span
from octavo.workspace import files, journal
from octavo.workspace.lock import Lock
from octavo.workspace.state import Record, Store, digest, signature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from octavo.core.document import Document, Metadata
    from octavo.core.errors import Notice
    from octavo.core.merge import Conflict
    from octavo.formats._names import Target
    from octavo.workspace.config import Config
    from octavo.workspace.copies import CopyResult
    from octavo.workspace.outputs import OutputStore
    from octavo.workspace.pairs import Pair

    Change = Callable[[Document], Document]

_BOM = b"\xef\xbb\xbf"
_ATTEMPTS = 10  # how often a pair is read anew when somebody writes meanwhile


class Result:
    """What became of a pair.

    `status` is "unchanged", "recorded" (all members agree, nothing was known of them),
    "updated", "conflict" or "gone" (no member exists).  `written` are the files that changed,
    `conflicts` the new conflicts, `waiting` counts those in the document, `notices` are the
    warnings of the output store, `copies` tells what became of the one-way members.
    """

    __slots__ = ("conflicts", "copies", "notices", "pair", "status", "waiting", "written")

    def __init__(
        self,
        pair: "Pair",
        status: str,
        written: "Sequence[str]" = (),
        conflicts: "Sequence[Conflict]" = (),
        waiting: int = 0,
        notices: "Sequence[Notice]" = (),
    ) -> None:
        self.notices = tuple(notices)
        self.copies: list[CopyResult] = []
        self.pair = pair
        self.status = status
        self.written = tuple(written)
        self.conflicts = tuple(conflicts)
        self.waiting = waiting


class _Moved(Exception):  # noqa: N818  a signal, not an error
    """Somebody wrote a member while it was merged."""


class _Seen:
    """A member as it was read: its bytes (None: missing), their hash, the signature before."""

    __slots__ = ("_parsed", "data", "hash", "path", "signature", "target")

    def __init__(self, path: str, target: "Target") -> None:
        self.path = path
        self.target = target
        self.signature = signature(path)
        self.data = files.read_regular(path) if os.path.lexists(path) else None
        self.hash = "" if self.data is None else digest(self.data)
        self._parsed: tuple[bytes | None, Document] | None = None

    @property
    def is_notebook(self) -> bool:
        """Whether the member holds outputs."""
        return files.holds_outputs(self.target)

    def parsed(self) -> "Document":
        """Return what the member holds, read once.

        Raises: `FormatError`.
        """
        from octavo.formats import _text

        if self._parsed is None or self._parsed[0] is not self.data:
            try:
                source = files.source_of(self.path, self.target)
                document = _text.read_text(self.data or b"", source, {}, self.path)
            except FormatError as error:
                raise error.in_file(self.path) from None
            self._parsed = (self.data, document)
        return self._parsed[1]


class _Wishes:
    """What the caller of a sync wants."""

    __slots__ = ("change", "marks", "options", "outputs", "writes")

    def __init__(
        self,
        *,
        marks: bool,
        change: "Change | None",
        options: "dict[str, bool | str]",
        writes: bool,
        outputs: "OutputStore | None",
    ) -> None:
        self.outputs = outputs
        self.marks = marks
        self.change = change
        self.options = options
        self.writes = writes


class _Merge:
    """The document that all members are to hold; `sources` are members that do so already."""

    __slots__ = ("conflicts", "document", "notices", "sources")

    def __init__(
        self, document: "Document", sources: list[_Seen], conflicts: "Sequence[Conflict]" = ()
    ) -> None:
        self.document = document
        self.sources = sources
        self.conflicts = tuple(conflicts)
        self.notices: tuple[Notice, ...] = ()


def locked(store: Store) -> Lock:
    """Return the lock of the project; with it, only one process syncs."""
    store.prepare()
    return Lock(os.path.join(store.folder, "lock"))


def sync_pair(
    pair: "Pair",
    store: Store,
    *,
    marks: bool = True,
    change: "Change | None" = None,
    options: "dict[str, bool | str] | None" = None,
    writes: bool = True,
    outputs: "OutputStore | None" = None,
    config: "Config | None" = None,
) -> Result:
    """Make all members of *pair* the same document.  The caller holds the lock.

    With *marks* false, a conflict writes nothing.  *change* is made to the document before it
    is written; *options* are those of the configuration.  With *writes* false, the result only
    tells what would be written.  *outputs* is the store in which the outputs of the notebook
    are kept, and from which a notebook that was never here gets them; *config* tells the one-way
    members.

    Raises: `FileError`, `FormatError`; no file is then half written.
    """
    wishes = _Wishes(marks=marks, change=change, options=options or {}, writes=writes,
                     outputs=outputs)  # fmt: skip
    if writes:
        journal.recover(store, pair)
    for _ in range(_ATTEMPTS):
        try:
            result = _sync_once(pair, store, wishes)
        except _Moved:
            continue
        if config is not None and config.copies:
            result.copies = _copies(pair, store, config, result, writes=writes)
        return result
    raise FileError(
        "OCT-W024", "is being written all the time", Span(pair.paths[0]),
        hint="nothing is lost: sync again when its writer rests",
    )  # fmt: skip


def _copies(
    pair: "Pair", store: Store, config: "Config", result: Result, *, writes: bool
) -> "list[CopyResult]":
    """Write the one-way members, unless there is a conflict that nobody resolved yet."""
    from octavo.workspace import copies

    if result.status in ("gone", "conflict"):
        return []
    if not writes and result.status != "unchanged":
        return [copies.CopyResult(one.path, "updated") for one in copies.of_pair(pair, config)]
    record = store.load(pair)
    document = None if record is None else _base_document(pair, store, record)
    if record is None or document is None:
        return []
    return copies.renew(pair, store, config, document, record.base, writes=writes)


def state_of(pair: "Pair", store: Store) -> str:
    """Return how a pair stands, reading only: "in sync", "changed: ...", "never synced"..."""
    missing = [name for name, path in zip(pair.names, pair.paths, strict=True)
               if not os.path.lexists(path)]  # fmt: skip
    record = store.load(pair)
    if record is None:
        return "never synced"
    hashes = dict(zip(record.names, record.hashes, strict=True))
    changed = [
        name
        for name, path in zip(pair.names, pair.paths, strict=True)
        if name not in missing and journal.hash_of(path) != hashes[name]
    ]
    parts = [f"{what}: {', '.join(names)}" for what, names in
             (("changed", changed), ("missing", missing)) if names]  # fmt: skip
    if record.conflicts:
        parts.append(f"conflicts: {record.conflicts}")
    return "; ".join(parts) or "in sync"


def document_of(pair: "Pair", store: Store) -> "tuple[Document, Record] | None":
    """Return the document that all members agreed on at the last sync, and its record."""
    record = store.load(pair)
    base = None if record is None else _base_document(pair, store, record)
    return None if record is None or base is None else (base, record)


def agree(
    pair: "Pair", contents: "Sequence[bytes | None]", options: "dict[str, bool | str]"
) -> bool:
    """Return whether *contents* of the members (None: missing) are the same document.

    Raises: `FormatError` for a member that cannot be read.
    """
    wishes = _Wishes(marks=True, change=None, options=options, writes=False, outputs=None)
    if sum(data is not None for data in contents) < 2:
        return True
    return _agreed(pair, contents, wishes) is not None


def _agreed(pair: "Pair", contents: "Sequence[bytes | None]", wishes: _Wishes) -> "Document | None":
    """Return the document that *contents* of the members are, None when they are not the same.

    Raises: `FormatError` for a member that cannot be read.
    """
    seen = [_Seen(*entry) for entry in zip(pair.paths, pair.targets, strict=True)]
    for one, data in zip(seen, contents, strict=True):
        one.data = data
    present = [one for one in seen if one.data is not None]
    merged = _merge_by_content(present, wishes)
    is_same = not merged.conflicts and all(
        one in merged.sources or _rendered(one, merged.document, wishes) == one.data
        for one in present
    )
    return merged.document if is_same else None


def _sync_once(pair: "Pair", store: Store, wishes: _Wishes) -> Result:
    change = wishes.change
    record = store.load(pair)
    if record is not None and change is None:
        path = store.record_path(_key(pair))
        if store.is_fresh(path, record):
            return _unchanged(pair, record)
    seen = [_Seen(*entry) for entry in zip(pair.paths, pair.targets, strict=True)]
    if all(one.data is None for one in seen):
        return Result(pair, "gone")
    base = None if record is None else _base_document(pair, store, record)
    old: Pair | None = None
    if record is not None and base is not None:
        changed = _changed(pair, seen, record)
        if not changed and change is None and all(one.data is not None for one in seen):
            if wishes.writes:
                _renew(pair, store, seen, record)
            return _unchanged(pair, record)
        if len(seen) > 1:
            _check_whole(base, changed)
        merged = _merge_with_base(base, changed)
    else:
        merged = _merge_by_content(seen, wishes)
        former = None
        if len(merged.sources) < sum(one.data is not None for one in seen):
            former = _former(pair, store, seen) or _committed(pair, seen, wishes)
        if former is not None:
            base, changed, old = former
            merged = _merge_with_base(base, changed)
        else:
            merged = _with_kept_outputs(pair, seen, merged, wishes)
    if merged.conflicts and not wishes.marks:
        return Result(pair, "conflict", (), merged.conflicts)
    document = _with_formats(merged.document, base)
    if change is not None:
        document = change(document)
        merged.sources = []
    result = _write(pair, store, seen, document, merged, wishes)
    if old is not None and wishes.writes:
        store.forget(old)
    return result


def _former(
    pair: "Pair", store: Store, seen: list[_Seen]
) -> "tuple[Document, list[_Seen], Pair | None] | None":
    """Return the base under the former names, what changed since, and the former pair."""
    from octavo.workspace import former

    found = former.find(pair, store, [one.hash for one in seen])
    base = None if found is None else _base_document(found[0], store, found[1])
    if found is None or base is None:
        return None
    changed = _changed(pair, seen, former.renamed(pair, found[1]))
    if not all(former.is_alike(base, one.parsed()) for one in changed):
        return None
    return base, changed, found[0]


def _committed(
    pair: "Pair", seen: list[_Seen], wishes: _Wishes
) -> "tuple[Document, list[_Seen], Pair | None] | None":
    """Return what the members agreed on in the last commit of git, and what changed since."""
    from octavo.workspace import committed

    found = committed.state_of(pair)
    if found is None:
        return None
    contents, names = found
    # A member that did not change is read as it lies here: git may leave out its outputs.
    contents = [
        one.data if name not in names and one.data is not None else data
        for name, one, data in zip(pair.names, seen, contents, strict=True)
    ]
    try:
        base = _agreed(pair, contents, wishes)
    except FormatError:
        return None
    if base is None:
        return None
    changed = [one for name, one in zip(pair.names, seen, strict=True)
               if name in names and one.data is not None]  # fmt: skip
    return base, changed, None


def _key(pair: "Pair") -> str:
    from octavo.workspace.state import key_of

    return key_of(pair)


def _unchanged(pair: "Pair", record: Record) -> Result:
    status = "conflict" if record.conflicts else "unchanged"
    return Result(pair, status, waiting=record.conflicts)


def _changed(pair: "Pair", seen: list[_Seen], record: Record) -> list[_Seen]:
    """Return the members that hold something else than recorded (missing ones do not)."""
    hashes = dict(zip(record.names, record.hashes, strict=True))
    return [
        one
        for name, one in zip(pair.names, seen, strict=True)
        if one.data is not None and one.hash != hashes[name]
    ]


def _check_whole(base: "Document", changed: list[_Seen]) -> None:
    """Check that no text is in a state that nobody means: emptied, or in a conflict of git.

    Raises: `FileError` OCT-W026, OCT-W027.
    """
    for one in changed:
        if one.is_notebook or one.data is None:
            continue
        if not one.data.removeprefix(_BOM).strip() and any(cell.source for cell in base.cells):
            raise FileError(
                "OCT-W026", "is empty, and its document is not", Span(one.path),
                hint="delete the file to have it written again; to empty the document, empty "
                "the notebook",
            )  # fmt: skip
        line = _git_conflict(one.data)
        if line and not any(_git_conflict(cell.source.encode("utf-8", "surrogatepass"))
                            for cell in base.cells):  # fmt: skip
            raise FileError(
                "OCT-W027", "holds the marks of a conflict of git", Span(one.path, line, 1),
                hint="resolve it first; if it is meant so, write it into the notebook",
            )  # fmt: skip


def _git_conflict(data: bytes) -> int:
    """Return the line of the first mark, 0 unless all marks of a conflict are there in order."""
    if b"<<<<<<< " not in data or b">>>>>>> " not in data:
        return 0
    first = 0
    wanted = iter((b"<<<<<<< ", b"=======", b">>>>>>> "))
    mark = next(wanted)
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.startswith(mark):
            first = first or number
            mark = next(wanted, b"")
            if not mark:
                return first
    return 0


def _renew(pair: "Pair", store: Store, seen: list[_Seen], record: Record) -> None:
    """Record the signatures of members whose content is known now."""
    signatures = dict(zip(pair.names, [one.signature for one in seen], strict=True))
    record.signatures = [signatures[name] for name in record.names]
    store.touch(pair, record)


def _base_document(pair: "Pair", store: Store, record: Record) -> "Document | None":
    from octavo.core import ids
    from octavo.formats import _names, _text

    known = None if store.recent is None else store.recent.get(record.base)
    if known is not None:
        return known
    data = store.base(pair, record)
    if data is None:
        return None
    document = ids.unique(_text.read_text(data, _names.Target(_names.IPYNB), {}))
    if store.recent is not None:
        store.recent.add(record.base, len(data), document)
    return document


def _merge_with_base(base: "Document", changed: list[_Seen]) -> _Merge:
    """Return *base* with the changes of all members."""
    from octavo.core import ids
    from octavo.core.merge import merge

    document = base
    conflicts: list[Conflict] = []
    outputs: Document | None = None
    label = ""
    for one in _notebook_first(changed):
        version = _read(one, base)
        outputs = version if one.is_notebook else outputs
        name = os.path.basename(one.path)
        if not label:
            document, label = version, name
            continue
        merged = merge(base, document, version, labels=(label, name))
        document = ids.unique(merged.document)
        conflicts += merged.conflicts
    if outputs is not None:
        document = _with_outputs(document, outputs)
    return _Merge(document, changed if len(changed) == 1 else [], conflicts)


def _merge_by_content(seen: list[_Seen], wishes: _Wishes) -> _Merge:
    """Return the document of members of which no common state is known."""
    from octavo.core import ids
    from octavo.core.merge import merge
    from octavo.workspace import conflict

    document: Document | None = None
    conflicts: list[Conflict] = []
    label = ""
    sources: list[_Seen] = []
    for one in _notebook_first([one for one in seen if one.data is not None]):
        name = os.path.basename(one.path)
        if document is None:
            document, label = _read(one, None), name
            sources.append(one)
            continue
        version = _read(one, document)
        if _says_the_same(document, version, one, wishes):
            sources.append(one)
            continue
        base = conflict.common(document, version)
        merged = merge(base, document, version, labels=(label, name))
        document = ids.unique(merged.document)
        conflicts += merged.conflicts
        sources = []
    if document is None:  # pragma: no cover  the caller has seen a member
        raise FileError("OCT-W001", "no such file", Span(seen[0].path))
    return _Merge(document, sources, conflicts)


def _with_kept_outputs(pair: "Pair", seen: list[_Seen], merged: _Merge, wishes: _Wishes) -> _Merge:
    """Return *merged* with the outputs of the store, if there is no notebook that has some."""
    from octavo.core import ids
    from octavo.workspace import outputs

    if wishes.outputs is None or any(one.is_notebook and one.data is not None for one in seen):
        return merged
    document = outputs.recall(merged.document, outputs.text_member(pair.paths), wishes.outputs)
    found = _Merge(ids.unique(document), merged.sources, merged.conflicts)
    found.notices = document.notices
    return found


def _keep_outputs(pair: "Pair", seen: list[_Seen], document: "Document", wishes: _Wishes) -> None:
    """Remember the outputs of the notebook in the store."""
    from octavo.workspace import outputs

    if wishes.outputs is not None and any(one.is_notebook for one in seen):
        outputs.remember(document, outputs.text_member(pair.paths), wishes.outputs)


def _notebook_first(seen: list[_Seen]) -> list[_Seen]:
    return sorted(seen, key=lambda one: not one.is_notebook)


def _read(one: _Seen, basis: "Document | None") -> "Document":
    """Return the document of a member; a text gets from *basis* what it cannot carry."""
    from octavo.core import ids
    from octavo.formats import _names
    from octavo.formats._update import update

    document = one.parsed()
    if one.is_notebook:
        return ids.unique(document)
    format_ = _names.parse(document.origin.format)
    if basis is not None:
        document = update(document, basis, format_)
    if _is_blank(one.data):
        # That it has no header says nothing: its document may get one.
        rest = {key: old for key, old in document.metadata.items() if key != "jupytext"}
        document = document.with_(metadata=rest)
    known = None if basis is None else _section(basis.metadata).get("text_representation")
    metadata = with_setting(document.metadata, "text_representation", known)
    return ids.unique(document.with_(metadata=metadata))


def _is_blank(data: bytes | None) -> bool:
    return data is None or not data.removeprefix(_BOM).strip()


def _says_the_same(document: "Document", version: "Document", one: _Seen, wishes: _Wishes) -> bool:
    """Return whether a member holds what it would hold if it were written now."""
    if document.cells == version.cells and document.metadata == version.metadata:
        return True
    try:
        return _rendered(one, document, wishes) == one.data
    except FormatError:
        return False


def _section(metadata: "Metadata") -> "Metadata":
    section = metadata.get("jupytext")
    return section if isinstance(section, dict) else {}


def with_setting(metadata: "Metadata", name: str, value: object) -> "Metadata":
    """Return *metadata* with a setting of the pair's texts; None removes it."""
    section = {key: old for key, old in _section(metadata).items() if key != name}
    if value is not None:
        section[name] = value  # type: ignore[assignment]
    rest = {key: old for key, old in metadata.items() if key != "jupytext"}
    return {**rest, "jupytext": section} if section else rest


def _with_formats(document: "Document", base: "Document | None") -> "Document":
    """Return *document* with the pairing of *base* if a member lost it, in an old version say.

    Only `octavo unpair` ends a pair.
    """
    if base is None or _section(document.metadata).get("formats"):
        return document
    formats = _section(base.metadata).get("formats")
    if not formats:
        return document
    return document.with_(metadata=with_setting(document.metadata, "formats", formats))


def _with_outputs(document: "Document", notebook: "Document") -> "Document":
    """Return *document* with the outputs that the notebook has for its cells."""
    own = {cell.id: cell for cell in notebook.cells if cell.kind == "code"}
    cells = []
    for cell in document.cells:
        held = own.get(cell.id) if cell.kind == "code" else None
        if held is not None:
            cell = cell.with_(  # noqa: PLW2901  the same cell, with outputs
                outputs=held.raw_outputs, execution_count=held.execution_count
            )
        cells.append(cell)
    return document.with_(cells=cells)


def _rendered(one: _Seen, document: "Document", wishes: _Wishes) -> bytes:
    """Return what a member is to hold."""
    from octavo.formats import _index, _names, _text

    if one.is_notebook:
        return files.document_bytes(document, one.target, {})
    previous = None
    if _is_blank(one.data):
        # An empty text has no layout to keep; what comes into it gets a header.
        target = _text.settle_target(one.target, document.metadata, {})
    else:
        target = _names.parse(one.parsed().origin.format)
        previous = _text.decode(one.data or b"", one.path)
    known = _text.get_format(target.name or _index.default_name(target.suffix)).options
    options = {name: value for name, value in wishes.options.items() if name in known}
    if previous is not None and wishes.change is not None:
        previous = _with_header(previous, document, target, options)
    try:
        return files.document_bytes(document, target, options, previous)
    except FormatError as error:
        raise error.in_file(one.path) from None


def _with_header(
    previous: str, document: "Document", target: "Target", options: "dict[str, bool | str]"
) -> str:
    """Return *previous* with a header if it has none and *document* is newly paired.

    A text without header would stay so, but nobody would know of its pair.
    """
    from octavo.core.lines import normalise, restore
    from octavo.formats import _text

    if not _section(document.metadata).get("formats"):
        return previous
    old = _text.read_text(previous, target, {}).metadata
    if any(key != "jupytext" for key in old):
        return previous
    if "formats" in _section(old) or "notebook_metadata_filter" in previous:
        return previous
    fresh = _text.write_text(document, target, options)
    cells = _text.read_text(fresh, target, {}).cells
    header = fresh.split("\n")[: cells[0].line - 1] if cells else []
    text, bom, newline = normalise(previous)
    return restore("\n".join([*header, text]), newline, bom=bom)


def _write(
    pair: "Pair", store: Store, seen: list[_Seen], document: "Document", merged: _Merge,
    wishes: _Wishes,
) -> Result:  # fmt: skip
    """Write *document* into the members that do not hold it, and record the state."""
    from octavo.formats import _names
    from octavo.workspace import conflict

    # What one person has just typed stays as it was typed.
    sources = merged.sources
    base = files.document_bytes(document, _names.Target(_names.IPYNB), {})
    writes: list[tuple[_Seen, bytes]] = []
    hashes: dict[str, str] = {}
    for name, one in zip(pair.names, seen, strict=True):
        if one in sources and one.data is not None:
            new = one.data
        else:
            new = base if one.is_notebook else _rendered(one, document, wishes)
        hashes[name] = digest(new)
        if new != one.data:
            writes.append((one, new))
    waiting = conflict.waiting(document)
    record = _record(pair, seen, hashes, digest(base), waiting, [one for one, _ in writes])
    if wishes.writes:
        _keep_outputs(pair, seen, document, wishes)
        steps = [(one.path, one.hash, new) for one, new in writes]
        _commit(pair, store, seen, journal.Plan(steps, record, base))
    written = [one.path for one, _ in writes]
    status = "updated" if written else "recorded"
    if waiting or merged.conflicts:
        status = "conflict"
    return Result(pair, status, written, merged.conflicts, waiting, merged.notices)


def _record(
    pair: "Pair", seen: list[_Seen], hashes: dict[str, str], base: str, waiting: int,
    written: list[_Seen],
) -> Record:  # fmt: skip
    return Record(
        names=list(pair.names),
        targets=[str(target) for target in pair.targets],
        formats=pair.formats,
        hashes=[hashes[name] for name in pair.names],
        signatures=[[] if one in written else one.signature for one in seen],
        base=base,
        conflicts=waiting,
    )


def _commit(pair: "Pair", store: Store, seen: list[_Seen], plan: journal.Plan) -> None:
    """Write all files of *plan*, if none of the members changed since it was read.

    One file is all or nothing by itself; several need the journal.
    """
    for one in seen:
        if journal.hash_of(one.path) != one.hash:
            raise _Moved
    if len(plan.writes) > 1:
        journal.begin(store, pair, plan)
    held = {one.path: one.data for one in seen}
    for path, old, new in plan.writes:
        if not old:
            files.make_folder(os.path.dirname(path))
        try:
            store.disk.write(path, new, held[path])
        except FileError as error:
            if error.code != files.CHANGED_MEANWHILE:
                raise
            journal.end(store, pair)
            raise _Moved from None
    store.save(pair, plan.record, plan.base)
    if len(plan.writes) > 1:
        journal.end(store, pair)
