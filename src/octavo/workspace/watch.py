"""Keep pairs in sync while people edit them: which change concerns which pair, and when.

Own writes come back as events.  They are recognised by the hash of their content, never by
time.  A file that is being written (empty, cut off, no JSON yet) is looked at again a few times
before anybody is told.  While git changes the working tree, changes are collected.
"""

import os
import time

from octavo.core.errors import FileError, FormatError, OctavoError, Span
from octavo.workspace import config_search, files, find, outputs, state, sync, watch_moves

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Protocol

    from octavo.workspace.pairs import Pair

    class StopEvent(Protocol):
        """What tells that watching is to end."""

        def is_set(self) -> bool:
            """Return whether to stop."""

    Guard = Callable[[Callable[[], int]], int | OctavoError]

_QUIET_MS = 30  # without a further change for so long, a group of changes is complete
_LONGEST_MS = 400  # a group is handed on after this time even if changes go on
_TICK_MS = 200  # how often to look for files whose time has come
#: How long to wait for a file that is half written, one try after the other.
_RETRY_S = (0.15, 0.3, 0.6, 1.0)
_DELETED_S = 0.5  # editors delete a file to write it anew
_GIT_PATIENCE_S = 10.0
_CONFIGURATIONS = frozenset(
    (config_search.OCTAVO_FILE, config_search.PYPROJECT, *config_search.JUPYTEXT_FILES)
)


class Listener:
    """Who is told what happens; the default does nothing."""

    def synced(self, path: str, result: "sync.Result") -> None:
        """A pair was synced because *path* changed ("" at the start)."""

    def failed(self, path: str, error: OctavoError) -> None:
        """A pair could not be synced."""

    def told(self, path: str, what: str, text: str) -> None:
        """Something else happened: *what* is "deleted", "renamed" or "configuration"."""


class Tree:
    """The pairs of some folders and files, and what was last seen of their members.

    *guard* runs an action and returns its error instead of raising it.
    """

    def __init__(self, names: "Sequence[str]", listener: Listener, guard: "Guard") -> None:
        self._typed = list(names)
        self._names = [os.path.abspath(name) for name in names]
        self._listener = listener
        self._guard = guard
        self._finder = find.Finder()
        self._known: dict[str, str] = {}
        self._pairs: dict[str, Pair] = {}
        self._pending: dict[str, tuple[float, int]] = {}
        self._git_since = 0.0
        self._told: set[str] = set()
        self._above = self._configurations_above()
        self._configurations = self._configuration_state()

    @property
    def pairs(self) -> "list[Pair]":
        """The pairs that are watched."""
        return list(dict.fromkeys(self._pairs.values()))

    def folders(self) -> list[str]:
        """Return the folders to watch: those that were named, and those of their members.

        Raises: `FileError` OCT-W001 for a name that is not there.
        """
        found: dict[str, None] = {}
        for typed, name in zip(self._typed, self._names, strict=True):
            if not os.path.lexists(name):
                raise FileError("OCT-W001", "no such file", Span(typed), hint="check the spelling")
            found[name if os.path.isdir(name) else os.path.dirname(name)] = None
        for entry in self._finder.all(self._names):
            for path in () if isinstance(entry, OctavoError) else entry.paths:
                folder = os.path.dirname(path)
                if os.path.isdir(folder):
                    found[folder] = None
        return _topmost(found)

    def begin(self) -> None:
        """Sync all pairs."""
        for entry in self._finder.all(self._names):
            if isinstance(entry, OctavoError):
                self._fail("", entry)
            elif entry.is_fresh:
                self._remember(entry)
            else:
                fault = self._sync("", entry)
                if fault is not None:
                    self._fail("", fault)

    def changed(self, paths: "Iterable[str]", now: float) -> None:
        """Note that files changed, or folders."""
        for path in paths:
            for one in self._documents(path):
                self._pending[one] = (now, 0)

    def work(self, now: float) -> None:
        """Sync the pairs whose members changed, as far as their time has come."""
        current = self._configuration_state()
        if current != self._configurations:
            self._configurations = current
            self._reload()
        due = [path for path, (when, _) in self._pending.items() if when <= now]
        if not due or self._git_is_busy(now):
            return
        done: set[str] = set()
        for old, new in list(watch_moves.moved(due, self._pairs, self._known)):
            done |= self._renamed(old, new)
        for path in sorted(due, key=os.path.lexists, reverse=True):
            tries = self._pending.pop(path)[1]
            if path not in done:
                done |= self._look(path, tries, now)

    def _look(self, path: str, tries: int, now: float) -> set[str]:
        """Sync the pair of a file that may have changed; return the files this settled."""
        if not os.path.lexists(path):
            self._look_at_deleted(path, tries, now)
            return set()
        found: list[Pair | None] = []

        def action() -> int:
            data = files.read_bytes(path)
            if state.digest(data) == self._known.get(path):
                return 0
            if tries < len(_RETRY_S) and self._is_half(path, data):
                self._again(path, tries, now)
                return 0
            found.append(self._pair(path))
            return 0

        error = self._guard(action)
        if isinstance(error, OctavoError):
            self._retry_or_fail(path, error, tries, now)
            return {path}
        pair = found[0] if found else None
        if pair is None:
            return {path}
        fault = self._sync(path, pair)
        if fault is not None:
            self._retry_or_fail(path, fault, tries, now)
        return set(pair.paths)

    def _pair(self, path: str) -> "Pair | None":
        """Return the pair of a file, if it is one that is watched."""
        pair = self._finder.pair_of(path) or self._pairs.get(path)
        if pair is None or not self._finder.is_meant(path, pair):
            return None
        return pair if any(self._is_named(one) for one in pair.paths) else None

    def _is_named(self, path: str) -> bool:
        return any(
            path == name or path.startswith(name.rstrip(os.sep) + os.sep) for name in self._names
        )

    def _is_half(self, path: str, data: bytes) -> bool:
        """Return whether a file that was whole before looks as if it was still being written."""
        if path not in self._known:
            return not data
        return not data or not data.endswith((b"\n", b"}", b" "))

    def _sync(self, path: str, pair: "Pair", *, tells: bool = True) -> OctavoError | None:
        """Sync a pair and tell what was done, or return the error."""
        store = state.Store(pair.root)
        results: list[sync.Result] = []

        def action() -> int:
            first = pair.paths[0]
            config = self._finder.config_of(first)
            kept = outputs.open_for(first, config)
            with sync.locked(store):
                options = config.options_for(first)
                results.append(
                    sync.sync_pair(pair, store, options=options, outputs=kept, config=config)
                )
            return 0

        error = self._guard(action)
        if isinstance(error, OctavoError):
            return error
        self._remember(pair)
        self._told.clear()
        changed = any(one.status != "unchanged" for one in results[0].copies)
        if tells and (changed or results[0].status not in ("unchanged", "gone")):
            self._listener.synced(path, results[0])
        return None

    def _remember(self, pair: "Pair") -> None:
        record = state.Store(pair.root).load(pair)
        if record is None:
            return
        hashes = dict(zip(record.names, record.hashes, strict=True))
        for name, path in zip(pair.names, pair.paths, strict=True):
            self._pairs[path] = pair
            self._known[path] = hashes[name]

    def _again(self, path: str, tries: int, now: float) -> None:
        self._pending[path] = (now + _RETRY_S[tries], tries + 1)

    def _retry_or_fail(self, path: str, error: OctavoError, tries: int, now: float) -> None:
        may_pass = isinstance(error, (FormatError, FileError))
        if may_pass and tries < len(_RETRY_S):
            self._again(path, tries, now)
        else:
            self._fail(path, error)

    def _fail(self, path: str, error: OctavoError) -> None:
        """Tell an error, each once until something succeeds."""
        if str(error) not in self._told:
            self._told.add(str(error))
            self._listener.failed(path, error)

    def _look_at_deleted(self, path: str, tries: int, now: float) -> None:
        """Tell that a member is gone, when it does not come back at once."""
        pair = self._pairs.get(path)
        if pair is None:
            return
        if tries == 0:
            self._pending[path] = (now + _DELETED_S, 1)
            return
        del self._pairs[path]
        self._known.pop(path, None)
        left = [os.path.basename(one) for one in pair.paths if os.path.lexists(one)]
        text = "deleted"
        if left:
            text += f"; {', '.join(left)} stays, and the next edit there writes it again"
        self._listener.told(path, "deleted", text)

    def _renamed(self, old: str, new: str) -> set[str]:
        """Let the other members of a pair follow a rename; return the files this settled."""
        before = self._pairs.get(old)
        if before is None:
            return set()  # it went with the other member of its pair
        moves: list[tuple[str, str]] = []
        found: list[Pair] = []

        def action() -> int:
            after = self._pair(new)
            if after is None:
                return 0
            found.append(after)
            store = state.Store(before.root)
            with sync.locked(store):
                moves.extend(watch_moves.follow(before, after, self._known))
                store.forget(before)
            return 0

        error = self._guard(action)
        if isinstance(error, OctavoError):
            self._fail(new, error)
            return set()
        for path in before.paths:
            self._pairs.pop(path, None)
            self._known.pop(path, None)
        self._finder = find.Finder()
        if moves:
            names = ", ".join(os.path.basename(target) for _, target in moves)
            self._listener.told(new, "renamed", f"renamed from {os.path.basename(old)}: {names}")
            self._sync(new, found[0], tells=False)
        return set(before.paths)

    def _documents(self, path: str) -> "Iterator[str]":
        """Yield the files that a change of *path* concerns."""
        name = os.path.basename(path)
        if name in _CONFIGURATIONS:
            self._configurations = ()
            return
        if find.is_foreign(path, self._names):
            return
        if os.path.isdir(path):
            yield from find.walk(path)[0]
        elif path in self._pairs or find.is_document(name):
            yield path
        elif not os.path.lexists(path):
            below = path + os.sep
            yield from [one for one in self._pairs if one.startswith(below)]

    def _git_is_busy(self, now: float) -> bool:
        """Return whether git is changing the tree; a lock that stays is not waited for."""
        roots = {pair.root for pair in self._pairs.values()} or set(self._names)
        if any(os.path.exists(os.path.join(root, ".git", "index.lock")) for root in roots):
            self._git_since = self._git_since or now
            return now - self._git_since < _GIT_PATIENCE_S
        self._git_since = 0.0
        return False

    def _reload(self) -> None:
        """Read the configuration anew and sync what it says now."""
        self._finder = find.Finder()
        self._told.clear()
        self._listener.told("", "configuration", "the configuration changed: all pairs are synced")

        def action() -> int:
            self.begin()
            return 0

        error = self._guard(action)
        if isinstance(error, OctavoError):
            self._fail("", error)

    def _configuration_state(self) -> tuple[object, ...]:
        """Return what the configuration files above look like."""
        return tuple(state.signature(path) for path in self._above)

    def _configurations_above(self) -> list[str]:
        """Return where configuration files may stand, from what is watched up to the project."""
        folders: dict[str, None] = {}
        for name in self._names:
            folder = name if os.path.isdir(name) else os.path.dirname(name)
            root = self._finder.root_or(folder)
            while folder not in folders:
                folders[folder] = None
                if folder in (root, os.path.dirname(folder)):
                    break
                folder = os.path.dirname(folder)
        return [os.path.join(folder, name) for folder in folders for name in _CONFIGURATIONS]


def changes(folders: "Sequence[str]", stop: "StopEvent") -> "Iterator[list[str]]":
    """Yield the paths that changed, again and again, and nothing when it is time to look.

    Raises: `FileError` OCT-W040 when the system watches no more files.
    """
    from watchfiles import watch

    try:
        for found in watch(
            *folders, watch_filter=None, debounce=_LONGEST_MS, step=_QUIET_MS, stop_event=stop,
            rust_timeout=_TICK_MS, yield_on_timeout=True, raise_interrupt=False,
            ignore_permission_denied=True,
        ):  # fmt: skip
            yield [path for _, path in found]
    except OSError as fault:
        raise FileError(
            "OCT-W040", f"cannot be watched: {fault}", Span(folders[0] if folders else "."),
            hint="watch fewer folders, raise fs.inotify.max_user_watches, "
            "or set WATCHFILES_FORCE_POLLING=1",
        ) from None  # fmt: skip


def clock() -> float:
    """Return the time that `Tree.work` counts in, seconds."""
    return time.monotonic()


def _topmost(folders: "Iterable[str]") -> list[str]:
    """Return *folders* without those that lie in another of them."""
    found: list[str] = []
    for folder in sorted(folders):
        if not any(folder == top or folder.startswith(top + os.sep) for top in found):
            found.append(folder)
    return found
