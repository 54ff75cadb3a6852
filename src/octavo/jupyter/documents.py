"""Documents on the local disk, as the server opens and saves them.

A text notebook, or a pair, is one document.  To open one is to sync it: what was edited outside
reaches all members.  To save one is to sync it with one more version, that of the client, merged
from the state that the client had (`revisions`).  So the engine of `workspace.sync` does all of
it: nothing is overwritten that nobody saw, members are written only if their bytes differ, and
an interrupted save is completed.

A text without a pair is a pair of one member, whose state (ids, outputs) is kept in the
server's own folder.
"""

import os

from octavo.core.errors import FileError, OctavoError
from octavo.workspace import files, journal, state, sync
from octavo.workspace.find import Finder, walk
from octavo.workspace.pairs import Pair
from octavo.workspace.recent import Recent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from octavo.core.document import Document
    from octavo.jupyter.revisions import Revision, Revisions
    from octavo.workspace.find import Named

    Change = Callable[[Document], Document]

_READ_ONLY = frozenset(("OCT-W005", "OCT-W006", "OCT-W008", "OCT-W023"))


class Opened:
    """A document as it was opened; `pair` has one member for a text alone."""

    __slots__ = ("document", "pair")

    def __init__(self, pair: Pair, document: "Document") -> None:
        self.pair = pair
        self.document = document


class Saved:
    """What became of a save.

    `is_merged`: the files hold more than what the client sent; `conflicts` counts the new ones,
    `written` are the files that changed.
    """

    __slots__ = ("conflicts", "is_merged", "pair", "written")

    def __init__(
        self, pair: Pair, written: tuple[str, ...], conflicts: int, *, is_merged: bool
    ) -> None:
        self.pair = pair
        self.written = written
        self.conflicts = conflicts
        self.is_merged = is_merged


class Documents:
    """Opens and saves documents; *folder* is the server's own."""

    def __init__(self, folder: str, revisions: "Revisions") -> None:
        self.folder = folder
        self.revisions = revisions
        self._named: dict[str, Named] = {}
        self._keys: dict[str, str] = {}  # under which each file is known
        self._recent = Recent()

    def pair_of(self, path: str) -> Pair | None:
        """Return the pair that a file is a member of, None when it is alone.

        Raises: `OctavoError` when its pairing cannot be understood.
        """
        return Finder(self._named).pair_of(path)

    def open(self, path: str, client: str | None = "") -> Opened:
        """Return the document of a text or a member of a pair; the pair is synced.

        It is given to *client*; None is nobody who will save it.

        Raises: `FileError`, `FormatError`, `ConfigError`.
        """
        finder = Finder(self._named)
        pair = finder.pair_of(path) or self._alone(finder, path)
        store = self._store(pair)
        try:
            with sync.locked(store):
                self._sync(finder, pair, store, self._take_over(finder, path, pair))
                found = sync.document_of(pair, store)
        except FileError as error:
            if error.code not in _READ_ONLY or not os.path.isfile(path):
                raise
            found = None
        if found is None:
            return Opened(pair, self._unrecorded(path))
        document, record = found
        if len(pair.paths) == 1:
            document = self._with_stored_outputs(finder, pair, document)
        if client is not None:
            self.revisions.give(self.key_of(pair), document, record.base, client)
        return Opened(pair, document)

    def follow(self, path: str) -> None:
        """Bring what was edited outside into all members of a pair; errors as `open`."""
        finder = Finder()
        pair = finder.pair_of(path)
        if pair is not None:
            store = self._store(pair)
            with sync.locked(store):
                self._sync(finder, pair, store)

    def save(self, path: str, sent: "Document", client: str = "") -> Saved:
        """Bring what a client sent into the files, merged with what changed there meanwhile.

        Raises: `FileError`, `FormatError`, `ConfigError`; no file is then half written.
        """
        from octavo.core import ids

        sent = ids.unique(sent)
        if not os.path.lexists(path):
            files.replace_file(path, b"", None)
        finder = Finder(self._named)
        pair = finder.pair_of(path) or self._alone(finder, path)
        store = self._store(pair)
        key = self.key_of(pair)
        with sync.locked(store):
            self._take_over(finder, path, pair)
            base = self.revisions.base_for(key, sent, client)
            merge = Merge(sent, base, lambda: self._recorded(pair, store))
            result = self._sync(finder, pair, store, merge)
            found = sync.document_of(pair, store)
            recorded = "" if found is None or merge.is_merged else found[1].base
            self.revisions.move(key, base, sent, recorded, client)
            if len(pair.paths) == 1 and found is not None:
                self._store_outputs(finder, pair, found[0])
        saved = Saved(pair, result.written, merge.conflicts, is_merged=merge.is_merged)
        self._follow_new_pair(path, pair)
        return saved

    def is_current(self, pair: Pair) -> bool:
        """Return whether the files still hold what was opened or saved last."""
        store = self._store(pair)
        record = store.load(pair)
        if record is None or store.is_fresh(store.record_path(state.key_of(pair)), record):
            return True
        return bool(self._recorded(pair, store))

    def members_of(self, path: str) -> tuple[str, ...]:
        """Return the files of the document that a file belongs to: itself, if it is alone."""
        try:
            pair = self.pair_of(path)
        except OctavoError:
            pair = None
        return (path,) if pair is None else pair.paths

    def key_of(self, pair: Pair) -> str:
        """Return the name under which the revisions of a document are kept."""
        return state.digest(f"{pair.root}\0{state.key_of(pair)}".encode("utf-8", "surrogateescape"))

    def renamed(self, old: Pair, new_path: str) -> None:
        """Keep what is known of a document whose files were renamed."""
        if any(map(os.path.lexists, old.paths)):
            return
        finder = Finder(self._named)
        try:
            pair = finder.pair_of(new_path) or self._alone(finder, new_path)
        except OctavoError:
            return  # it says that it is paired with what is elsewhere: told when it is opened
        self._move_state(old, pair)
        self.revisions.rename(self.key_of(old), self.key_of(pair))

    def inside(self, folder: str) -> list[Pair]:
        """Return the documents in a folder and those below it; texts alone have one member."""
        finder = Finder(self._named)
        found: list[Pair] = []
        done: set[str] = set()
        for path in walk(folder)[0] if os.path.isdir(folder) else ():
            try:
                pair = finder.pair_of(path)
            except OctavoError:
                pair = None  # told when it is opened
            if path not in done and (pair is not None or not path.endswith(".ipynb")):
                found.append(pair or self._alone(finder, path))
                done.update(found[-1].paths)
        return found

    def forget(self, pair: Pair) -> None:
        """Forget a document that was deleted."""
        store = self._store(pair)
        if os.path.isdir(store.folder):
            store.forget(pair)
        self.revisions.forget(self.key_of(pair))

    def alone(self, path: str) -> Pair:
        """Return a text as a pair of one member."""
        return self._alone(Finder(self._named), path)

    def _alone(self, finder: Finder, path: str) -> Pair:
        from octavo.formats import _names

        path = os.path.abspath(path)
        return Pair(finder.root_of(path), "", [path], [_names.of_path(path)])

    def _store(self, pair: Pair) -> state.Store:
        if len(pair.paths) > 1 or pair.formats:
            store = state.Store(pair.root)
        else:
            name = state.digest(pair.root.encode("utf-8", "surrogateescape"))[:16]
            store = state.Store(pair.root, folder=os.path.join(self.folder, "texts", name))
        store.recent = self._recent
        return store

    def _recorded(self, pair: Pair, store: state.Store) -> str:
        """Return the recorded state if all members still hold it, else ""."""
        record = store.load(pair)
        if record is None:
            return ""
        hashes = dict(zip(record.names, record.hashes, strict=True))
        members = zip(pair.names, pair.paths, strict=True)
        unchanged = all(journal.hash_of(path) == hashes[name] for name, path in members)
        return record.base if unchanged else ""

    def _sync(
        self, finder: Finder, pair: Pair, store: state.Store, change: "Change | None" = None
    ) -> sync.Result:
        config = finder.config_of(pair.paths[0])
        text = next((path for path in pair.paths if not path.endswith(".ipynb")), pair.paths[0])
        return sync.sync_pair(
            pair, store, options=config.options_for(text), change=change, config=config,
            outputs=finder.stores.open_for(text, config),
        )  # fmt: skip

    def _take_over(self, finder: Finder, path: str, pair: Pair) -> "Change | None":
        """Keep what is known of a file that was paired, or whose pair ended, since it was opened.

        Return what gives the outputs and ids of a text alone to its new pair, None if none does.
        """
        key = self.key_of(pair)
        change: Change | None = None
        for member in dict.fromkeys((os.path.abspath(path), *pair.paths)):
            former = self._keys.get(member, key)
            self._keys[member] = key
            if former != key:
                self.revisions.adopt(key, former)
                change = change or self._outputs_of(self._alone(finder, member), former)
        return change

    def _outputs_of(self, alone: Pair, key: str) -> "Change | None":
        """Return what gives the outputs of a text to its pair, if *key* is that of the text."""
        if key != self.key_of(alone):
            return None
        found = sync.document_of(alone, self._store(alone))
        return None if found is None else lambda paired: _with_outputs(paired, found[0])

    def _with_stored_outputs(self, finder: Finder, pair: Pair, document: "Document") -> "Document":
        """Return the document of a text with what the output store of its project has for it."""
        from octavo.workspace import outputs

        (path,) = pair.paths
        kept = finder.stores.open_for(path, finder.config_of(path))
        return document if kept is None else outputs.recall(document, path, kept)

    def _store_outputs(self, finder: Finder, pair: Pair, document: "Document") -> None:
        from octavo.workspace import outputs

        (path,) = pair.paths
        kept = finder.stores.open_for(path, finder.config_of(path))
        if kept is not None:
            outputs.remember(document, path, kept)

    def _unrecorded(self, path: str) -> "Document":
        """Return the document of a file in a place where nothing can be written."""
        from octavo.core import ids

        return ids.unique(files.read_document(path, None, {}))

    def _follow_new_pair(self, path: str, old: Pair) -> None:
        """Write the members that the document names since this save."""
        finder = Finder(self._named)
        pair = finder.pair_of(path)
        if pair is not None and sorted(pair.paths) != sorted(old.paths):
            store = self._store(pair)
            with sync.locked(store):
                self._sync(finder, pair, store)

    def _move_state(self, old: Pair, new: Pair) -> None:
        """Give the record of the old names to the new ones, so that outputs and ids stay."""
        before, after = self._store(old), self._store(new)
        found = sync.document_of(old, before)
        if found is None or len(old.names) != len(new.names):
            return
        _, record = found
        base = before.base(old, record)
        names = dict(zip(old.names, new.names, strict=True))
        targets = dict(zip(old.names, map(str, new.targets), strict=True))
        renamed = state.Record(
            [names[name] for name in record.names], [targets[name] for name in record.names],
            new.formats, record.hashes, [[] for _ in record.names], record.base, record.conflicts,
        )  # fmt: skip
        if base is not None:
            after.save(new, renamed, base)
            before.forget(old)


def _with_outputs(paired: "Document", alone: "Document") -> "Document":
    """Return a pair with the outputs of its text, unless its notebook has some of its own."""
    from octavo.formats._update import update

    return paired if any(cell.outputs for cell in paired.cells) else update(paired, alone)


class Merge:
    """The change that a save makes: the client's version merged with that of the files."""

    def __init__(
        self, sent: "Document", base: "Revision | None", recorded: "Callable[[], str]"
    ) -> None:
        self._sent = sent
        self._base = base
        self._recorded = recorded
        self.conflicts = 0
        self.is_merged = False

    def __call__(self, current: "Document") -> "Document":
        """Return the document to be written, *current* being what the files hold."""
        sent = self._sent.with_(origin=current.origin)
        self.is_merged, self.conflicts = False, 0
        # Asked after the members were read: if one changes meanwhile, the sync begins anew.
        if self._base is not None and self._base.base and self._base.base == self._recorded():
            return sent
        from octavo.core import ids
        from octavo.core.merge import merge
        from octavo.jupyter.revisions import with_outputs
        from octavo.workspace.conflict import common

        if self._base is None:
            base = common(sent, current)
        else:
            base = with_outputs(self._base.document, sent, current)
        merged = merge(base, sent, current, labels=("this notebook", "the file"))
        document = ids.unique(merged.document)
        self.conflicts = len(merged.conflicts)
        self.is_merged = document.cells != sent.cells or document.metadata != sent.metadata
        return document
