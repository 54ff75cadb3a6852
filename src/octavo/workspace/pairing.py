"""Pair a document with files in other formats, change its pair, and end it.

The list of formats is noted in the document (`jupytext.formats`), so that every member knows
the others.
"""

import os

from octavo.core.errors import FileError, OptionError, Span
from octavo.workspace import files, pairs, sync
from octavo.workspace.find import own_formats
from octavo.workspace.state import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document
    from octavo.workspace.find import Finder
    from octavo.workspace.pairs import Pair


class Pairing:
    """What is to be done so that a file is in a pair.

    `pair` is the new one, `old` the one that it is in by now (None: none), `dropped` are files
    that leave it.
    """

    __slots__ = ("_formats", "_wants_no_header", "dropped", "old", "pair")

    def __init__(
        self, pair: "Pair", old: "Pair | None", formats: str, *, wants_no_header: bool
    ) -> None:
        self.pair = pair
        self.old = old if old is not None and set(old.paths) != set(pair.paths) else None
        self._formats = formats
        self._wants_no_header = wants_no_header
        left = [] if self.old is None else [p for p in self.old.paths if p not in pair.paths]
        self.dropped = [path for path in left if os.path.lexists(path)]

    def noted(self, document: "Document") -> "Document":
        """Return the document with the names of its members."""
        metadata = sync.with_setting(document.metadata, "formats", self._formats)
        if not self._wants_no_header:
            # A text without header is read with the wish to stay so; but its pair must be told.
            metadata = sync.with_setting(metadata, "notebook_metadata_filter", None)
        return document.with_(metadata=metadata)


def plan(path: str, wanted: str, finder: "Finder", *, exact: bool = False) -> Pairing:
    """Return how *path* is paired with the members *wanted*, besides those that it has.

    With *exact*, *wanted* are all its members.

    Raises: `OptionError` OCT-O033 when they name no other file, and as `pairs.of_path`.
    """
    _, document = own_formats(path, look=True)
    if document is None:
        document = files.read_document(path, None, {})  # raises: there is no such file
    old = finder.pair_of(path)
    known = old.formats if old and not exact else ""
    formats = whole_list(path, document.origin.format, wanted, known)
    pair = pairs.of_path(path, formats, finder.root_of(path), document.metadata)
    if len(pair.paths) == 1:
        raise OptionError(
            "OCT-O033", f"{wanted!r} names no other file", hint="for example py:percent"
        )
    wants_no_header = b"notebook_metadata_filter" in files.read_bytes(path)
    return Pairing(pair, old, formats, wants_no_header=wants_no_header)


def pair(path: str, formats: str, finder: "Finder") -> sync.Result:
    """Make *formats* the members of a file's document, and write those that are missing.

    Raises: as `plan` and `sync.sync_pair`.
    """
    pairing = plan(os.path.abspath(path), formats, finder, exact=True)
    if pairing.old is not None:
        store = Store(pairing.old.root)
        with sync.locked(store):
            _synced(pairing.old, finder, store, forgotten if pairing.dropped else None)
            store.forget(pairing.old)
    store = Store(pairing.pair.root)
    with sync.locked(store):
        return _synced(pairing.pair, finder, store, pairing.noted)


def renew(path: str, finder: "Finder") -> sync.Result:
    """Sync the pair that a file belongs to.

    Raises: `FileError` OCT-W025 when the file is in no pair, and as `sync.sync_pair`.
    """
    found = _pair_of(path, finder)
    store = Store(found.root)
    with sync.locked(store):
        return _synced(found, finder, store, None)


def unpair(path: str, finder: "Finder") -> "Pair":
    """Sync a pair once more and end it; return what it was.

    Raises: `FileError` OCT-W025 when the file is in no pair, and as `sync.sync_pair`.
    """
    found = _pair_of(path, finder)
    store = Store(found.root)
    with sync.locked(store):
        _synced(found, finder, store, forgotten)
        store.forget(found)
    return found


def forgotten(document: "Document") -> "Document":
    """Return a document that names no members."""
    return document.with_(metadata=sync.with_setting(document.metadata, "formats", None))


def whole_list(path: str, short: str, wanted: str, known: str) -> str:
    """Return the list of all members: the file's own form first, those it had, then *wanted*.

    >>> whole_list("x.py", "py:percent", "ipynb", "")
    'ipynb,py:percent'
    """
    shorts = [part.strip() for part in wanted.split(",") if part.strip()]
    endings = {pairs.parse(part).ending for part in shorts}
    kept = [part for part in known.split(",") if part and pairs.parse(part).ending not in endings]
    if not kept and not any(path.endswith(ending) for ending in endings):
        kept = [short]
    return ",".join(sorted([*kept, *shorts], key=lambda part: not part.endswith("ipynb")))


def _pair_of(path: str, finder: "Finder") -> "Pair":
    found = finder.pair_of(path)
    if found is None:
        raise FileError("OCT-W025", "is not paired", Span(path), hint="pair it first")
    return found


def _synced(
    found: "Pair", finder: "Finder", store: Store, change: "sync.Change | None"
) -> sync.Result:
    config = finder.config_of(found.paths[0])
    return sync.sync_pair(
        found, store, change=change, options=config.options_for(found.paths[0]),
        outputs=finder.stores.open_for(found.paths[0], config), config=config,
    )  # fmt: skip
