"""One-way members of a document: written at each sync, never read back.

    [[copies]]
    format = "github///ipynb"
    paths = "lessons/**"
    outputs = false

What was written last is recorded in `.octavo/copies/`, and what is about to be written: a sync
may be killed after either.  A copy that holds anything else was edited by somebody: his version
is kept beside it, and told.
"""

import os

from octavo.core.errors import FileError, Notice, Span
from octavo.workspace import files, pairs
from octavo.workspace.state import Store, digest, key_of, signature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from octavo.core.document import Cell, Document, Metadata
    from octavo.workspace.config import Config, CopyRule
    from octavo.workspace.pairs import Pair

    Known = dict[str, dict[str, object]]

EDITED = ".edited"
_FOLDER = "copies"
_COMING = "coming"  # the hash of what a sync was about to write
_ATTEMPTS = 10


class Copy:
    """A file that is written from a document, and the rule that says how."""

    __slots__ = ("path", "rule")

    def __init__(self, path: str, rule: "CopyRule") -> None:
        self.path = path
        self.rule = rule


class CopyResult:
    """What became of a copy: `status` is "unchanged", "updated" or "edited".

    "edited": somebody changed it; `kept` is the file that holds his version.
    """

    __slots__ = ("kept", "path", "status")

    def __init__(self, path: str, status: str, kept: str = "") -> None:
        self.path = path
        self.status = status
        self.kept = kept


def of_pair(pair: "Pair", config: "Config") -> list[Copy]:
    """Return the copies of a document.

    Raises: `OptionError` for a form that cannot be understood; `FileError` OCT-W021 (outside of
    the project), OCT-W022 (a member of the pair, or another copy).
    """
    found: list[Copy] = []
    for rule in config.copies:
        if any(map(rule.fits, map(config.relative, pair.paths))):
            taken = (*pair.paths, *(copy.path for copy in found))
            found.append(Copy(pairs.further_path(pair, rule.format, taken), rule))
    return found


def original_of(path: str, config: "Config") -> str | None:
    """Return a member of the document that a copy is made of; None when *path* is no copy.

    A file that can only be a copy is one even if its document is gone: then the path of what
    may have been its document is returned.
    """
    for rule in config.copies:
        fitting = [
            one
            for one in pairs.originals(path, rule.format, config.root, config.all_formats())
            if rule.fits(config.relative(one))
        ]
        there = next((one for one in fitting if os.path.isfile(one)), None)
        if there is not None:
            return there
        if fitting and pairs.is_apart(rule.format):
            return fitting[0]
    return None


def are_fresh(pair: "Pair", store: Store, config: "Config", base: str) -> bool:
    """Return whether the status of all copies tells that nothing is to be done; reads only."""
    wanted = of_pair(pair, config)
    known = _load(store, pair)
    return len(wanted) == len(known) and all(
        _is_fresh(copy, known.get(_name(copy, store)), base) for copy in wanted
    )


def renew(
    pair: "Pair", store: Store, config: "Config", document: "Document", base: str,
    *, writes: bool = True,
) -> list[CopyResult]:  # fmt: skip
    """Write the copies of *document*, the recorded state of *pair*; *base* is its hash.

    The caller holds the lock.  Raises: `FileError`, `FormatError`; each copy is then as it was,
    or as it is to be.
    """
    wanted = of_pair(pair, config)
    known = _load(store, pair)
    if not wanted and not known:
        return []
    now: Known = {}
    results = []
    try:
        for copy in wanted:
            name = _name(copy, store)
            old = known.get(name)
            if _is_fresh(copy, old, base):
                now[name] = old or {}
                results.append(CopyResult(copy.path, "unchanged"))
                continue
            data = _content(copy, document, config)

            def intend(entry: "dict[str, object]", name: str = name) -> None:
                known[name] = entry
                _save(store, pair, {**known, **now})

            results.append(_written(copy, data, old, store, intend if writes else None))
            now[name] = {
                "hash": digest(data),
                "signature": signature(copy.path),
                "made_from": _made_from(copy, base),
            }
    finally:
        if writes and now != known:
            _save(store, pair, {**known, **now} if len(now) < len(wanted) else now)
    return results


def state_of(pair: "Pair", store: Store, config: "Config") -> "Iterator[tuple[str, str]]":
    """Yield each copy and how it stands: "up to date", "missing", "edited" or "out of date"."""
    known = _load(store, pair)
    record = store.load(pair)
    for copy in of_pair(pair, config):
        old = known.get(_name(copy, store))
        if not os.path.lexists(copy.path):
            yield copy.path, "missing"
        elif old is None or record is None:
            yield copy.path, "out of date"
        elif not _is_ours(files.read_regular(copy.path), old):
            yield copy.path, "edited"
        else:
            is_new = old.get("made_from") == _made_from(copy, record.base)
            yield copy.path, "up to date" if is_new else "out of date"


def _written(
    copy: Copy, data: bytes, old: "dict[str, object] | None", store: Store,
    intend: "Callable[[dict[str, object]], None] | None",
) -> CopyResult:  # fmt: skip
    """Make *data* the content of a copy; what somebody else wrote into it is kept.

    *intend* records what the copy may hold from now on; without it, nothing is written.
    """
    kept = ""
    for _ in range(_ATTEMPTS):
        held = files.read_regular(copy.path) if os.path.lexists(copy.path) else None
        if held == data:
            return CopyResult(copy.path, "edited" if kept else "unchanged", kept)
        is_ours = held is None or _is_ours(held, old)
        if not is_ours:
            kept = _free_name(copy.path, held or b"")
        if intend is None:
            break
        try:
            if not is_ours:
                store.disk.write(kept, held or b"", held if os.path.lexists(kept) else None)
            before = {} if not is_ours or held is None else {"hash": digest(held)}
            intend({**(old or {}), **before, _COMING: digest(data)})
            files.make_folder(os.path.dirname(copy.path))
            store.disk.write(copy.path, data, held)
            break
        except FileError as error:
            if error.code != files.CHANGED_MEANWHILE:
                raise
    return CopyResult(copy.path, "edited" if kept else "updated", kept)


def _is_ours(held: bytes, old: "dict[str, object] | None") -> bool:
    """Return whether a copy holds what a sync wrote, though it may not have ended."""
    return old is not None and digest(held) in (old.get("hash"), old.get(_COMING))


def _free_name(path: str, data: bytes) -> str:
    """Return a name beside *path* at which nothing stands, or these bytes."""
    number = 1
    while True:
        name = path + EDITED + (f"-{number}" if number > 1 else "")
        if not os.path.lexists(name) or files.read_bytes(name) == data:
            return name
        number += 1


def _content(copy: Copy, document: "Document", config: "Config") -> bytes:
    from octavo.formats import _index, _names, _text

    rule = copy.rule
    target = _text.settle_target(pairs.parse(rule.format).target, document.metadata, {})
    options = {**config.options_for(copy.path), **rule.options}
    known = _text.get_format(target.name or _index.default_name(target.suffix)).options
    metadata = _metadata(document, rule, is_notebook=target.suffix == _names.IPYNB)
    cells = [_cell(cell, rule) for cell in document.cells if not _is_hidden(cell, rule)]
    options = {name: value for name, value in options.items() if name in known}
    return files.document_bytes(document.with_(cells=cells, metadata=metadata), target, options)


def _is_hidden(cell: "Cell", rule: "CopyRule") -> bool:
    tags = cell.metadata.get("tags")
    return isinstance(tags, list) and not rule.without_tags.isdisjoint(map(str, tags))


def _cell(cell: "Cell", rule: "CopyRule") -> "Cell":
    from octavo.formats import _filters

    wish = rule.options.get("cell_metadata_filter")
    if wish is not None:
        cell = cell.with_(metadata=_filters.cell_filter(wish).apply(cell.metadata))
    if not rule.outputs and cell.kind == "code":
        cell = cell.with_(outputs=[], execution_count=None)
    return cell


def _metadata(document: "Document", rule: "CopyRule", *, is_notebook: bool) -> "Metadata":
    """Return the metadata of a copy: it is no member of the pair, so it does not say so."""
    from octavo.formats import _filters

    metadata: Metadata = dict(document.metadata)
    section = metadata.pop("jupytext", None)
    wish = rule.options.get("notebook_metadata_filter")
    if is_notebook:
        return _filters.notebook_filter(wish).apply(metadata) if wish is not None else metadata
    if isinstance(section, dict):
        gone = ("formats", "text_representation")
        rest = {key: value for key, value in section.items() if key not in gone}
        metadata.update({"jupytext": rest} if rest else {})
    return metadata


def _made_from(copy: Copy, base: str) -> str:
    return digest(f"{base} {copy.rule.key}".encode())


def _is_fresh(copy: Copy, old: "dict[str, object] | None", base: str) -> bool:
    return (
        old is not None
        and old.get("made_from") == _made_from(copy, base)
        and bool(old.get("signature"))
        and old.get("signature") == signature(copy.path)
    )


def _name(copy: Copy, store: Store) -> str:
    return os.path.relpath(copy.path, store.root).replace(os.sep, "/")


def _path(store: Store, pair: "Pair") -> str:
    return os.path.join(store.folder, _FOLDER, key_of(pair) + ".json")


def _load(store: Store, pair: "Pair") -> "Known":
    """Return what is known of the copies of a pair: nothing if the file is damaged."""
    import json

    try:
        known = json.loads(files.read_bytes(_path(store, pair)))
    except (FileError, ValueError, RecursionError):
        return {}
    if not isinstance(known, dict) or not all(isinstance(one, dict) for one in known.values()):
        return {}
    return known


def _save(store: Store, pair: "Pair", known: "Known") -> None:
    import json

    store.prepare()
    path = _path(store, pair)
    if known:
        files.make_folder(os.path.dirname(path))
        store.disk.note(path, json.dumps(known).encode("ascii"))
    else:
        store.disk.remove(path)


def notice(result: CopyResult) -> Notice | None:
    """Return what people should hear of a copy that somebody edited."""
    if result.status != "edited":
        return None
    return Notice(
        "OCT-W032",
        "was edited, but a copy is not read back: that version is kept as "
        + os.path.basename(result.kept),
        Span(result.path),
        hint="carry the edit over into the document, then remove that file",
    )
