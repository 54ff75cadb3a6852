"""What the commands about pairs share: sync one, print what became of it."""

import os

from octavo.cli import _output, attempt
from octavo.core.errors import Notice, OctavoError, Span
from octavo.formats import _names
from octavo.workspace import sync
from octavo.workspace.copies import notice as copy_notice
from octavo.workspace.state import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from octavo.core.document import Document
    from octavo.formats._names import Target
    from octavo.workspace.find import Finder
    from octavo.workspace.pairs import Pair

CONFLICT = 1


class Report:
    """What became of all pairs of a command, for people and for JSON.

    With *faults* false, an error is only kept: whoever asked prints it.
    """

    def __init__(self, arguments: "Namespace", *, faults: bool = True) -> None:
        self._faults = faults
        self.error: OctavoError | None = None
        self.arguments = arguments
        self.records: list[dict[str, object]] = []
        self.counts: dict[str, int] = {}
        self.code = 0
        self._checks = getattr(arguments, "check", False)
        self._folder: str | None = getattr(arguments, "folder", None)

    def result(self, result: sync.Result) -> None:
        """Add how a pair was synced."""
        status = result.status
        self.records.append(
            {
                "members": [self._shown(path) for path in result.pair.paths],
                "status": status,
                "written": [self._shown(path) for path in result.written],
                "conflicts": [
                    {"reason": one.reason, "detail": one.detail} for one in result.conflicts
                ],
                "waiting": result.waiting,
                "copies": [
                    {"path": self._shown(one.path), "status": one.status} for one in result.copies
                ],
            }
        )
        copies = {one.status for one in result.copies}
        changes = "updated" in (status, *copies)
        found = status == "conflict" or "edited" in copies or (changes and self._checks)
        self._count(status, CONFLICT if found else 0)
        name = self._shown(result.pair.paths[0])
        for notice in (*result.notices, *filter(None, map(copy_notice, result.copies))):
            span = notice.span
            place = Span(self._shown(span.file), span.line, span.column) if span.file else span
            self._tell(str(Notice(notice.code, notice.message, place, hint=notice.hint)))
        for one in result.conflicts:
            self._tell(f"{name}: conflict: {one.detail} {REASONS[one.reason]}")
        if result.conflicts and result.waiting and result.written:
            self._tell(f"{name}: both versions are kept, marked; `octavo resolve` finishes this")
        elif result.conflicts and not result.written:
            self._tell(f"{name}: nothing was written")
        if result.written:
            written = ", ".join(map(self._shown, result.written))
            self._tell(f"{name}: {written} {self._updated()}")
        elif status == "recorded" and len(result.pair.paths) > 1:
            self._tell(f"{name}: all members agree")
        written = ", ".join(
            self._shown(one.path) for one in result.copies if one.status != "unchanged"
        )
        if written:
            self._tell(f"{name}: {written} {self._updated()} (one-way)")
        if result.waiting and not result.conflicts:
            self._tell(f"{name}: {_plural(result.waiting, 'conflict')} to resolve")

    def fresh(self, pair: "Pair") -> None:
        """Add a pair of which nothing changed since the last sync, as its files' status tells."""
        if self.arguments.json:
            self.result(sync.Result(pair, "unchanged"))
        else:
            self.records.append(_NOTHING)
            self._count("unchanged", 0)

    def alone(self, path: str, *, written: bool) -> None:
        """Add a document that is in no pair, and whether it was changed."""
        name = self._shown(path)
        self.records.append({"members": [name], "status": "updated" if written else "unchanged",
                             "written": [name] if written else []})  # fmt: skip
        self._tell(f"{name}: {self._updated() if written else 'no conflict to resolve'}")

    def difference(self, pair: "Pair", text: str) -> None:
        """Add that a pair is not as it should be: a check found it."""
        name = self._shown(pair.paths[0])
        self._tell(f"{name}: {text}")
        self.records.append(
            {"members": [self._shown(path) for path in pair.paths], "status": "differs",
             "text": text}
        )  # fmt: skip
        self.code = max(self.code, CONFLICT)

    def fault(self, error: OctavoError) -> None:
        """Add a pair that could not be synced."""
        if error.span.file:
            error.span = Span(self._shown(error.span.file), error.span.line, error.span.column)
        self.error = error
        if self._faults:
            _output.error(error)
        self.records.append({"status": "failed", "error": str(error), "code": error.code})
        self._count("failed", error.exit_code)

    def finish(self, *, summary: bool = True) -> int:
        """Print the sum or the JSON, and return the exit code."""
        if self.arguments.json:
            _output.out_json(self.records)
        elif summary and sum(self.counts.values()) != 1:
            parts = ", ".join(f"{n} {status}" for status, n in sorted(self.counts.items()))
            self._tell(
                f"octavo: {_plural(sum(self.counts.values()), 'pair')}" + (parts and f": {parts}")
            )
        return self.code

    def _shown(self, path: str) -> str:
        return shown(path, self._folder)

    def _updated(self) -> str:
        return "would be updated" if getattr(self.arguments, "dry_run", False) else "updated"

    def _count(self, status: str, code: int) -> None:
        self.counts[status] = self.counts.get(status, 0) + 1
        self.code = max(self.code, code)

    def tell(self, text: str) -> None:
        """Tell something that is neither result nor fault."""
        self._tell(text)

    def _tell(self, text: str) -> None:
        if not self.arguments.quiet:
            _output.err(_output.one_line(text) + "\n")


_NOTHING: dict[str, object] = {}
REASONS = {
    "both-changed": "changed on both sides",
    "changed-and-deleted": "changed on one side, deleted on the other",
    "metadata": "differs on both sides, the first is kept",
}


def add_flags(parser: "ArgumentParser") -> None:
    """Add the flags that all these commands have."""
    parser.add_argument("-n", "--dry-run", action="store_true", help="Say what would be written.")
    parser.add_argument("--json", action="store_true", help="Report as JSON on stdout.")
    parser.add_argument("-q", "--quiet", action="store_true", help="Print errors only.")


def sync_one(
    pair: "Pair",
    finder: "Finder",
    report: Report,
    *,
    change: "Callable[[Document], Document] | None" = None,
    marks: bool = True,
) -> sync.Result | None:
    """Sync a pair under the lock of its project; None when that failed."""
    if change is None and pair.is_fresh:
        report.fresh(pair)
        return None
    found: list[sync.Result] = []
    store = Store(pair.root)
    writes = not report.arguments.dry_run

    def action() -> int:
        config = finder.config_of(pair.paths[0])

        def synced() -> sync.Result:
            return sync.sync_pair(
                pair, store, change=change, options=config.options_for(pair.paths[0]),
                marks=marks, writes=writes, outputs=finder.stores.open_for(pair.paths[0], config),
                config=config,
            )  # fmt: skip

        if not writes:
            found.append(synced())
            return 0
        with sync.locked(store):
            found.append(synced())
        return 0

    error = attempt(action)
    if isinstance(error, OctavoError):
        report.fault(error)
        return None
    report.result(found[0])
    return found[0]


def clean_up(finder: "Finder", report: Report) -> None:
    """Remove what killed processes left in the folders that were looked through."""
    if not finder.leftovers or report.arguments.dry_run:
        return
    from octavo.workspace import leftovers

    paths, finder.leftovers = finder.leftovers, []
    root = finder.root_or(os.path.dirname(paths[0]))

    def action() -> int:
        with sync.locked(Store(root)):
            for notice in leftovers.clean(paths, root):
                report.tell(str(notice))
        return 0

    error = attempt(action)
    if isinstance(error, OctavoError):
        report.fault(error)


def change_alone(path: str, report: Report, change: "Callable[[Document], Document]") -> None:
    """Change a document that is in no pair."""
    from octavo.workspace import files

    def action() -> int:
        seen = files.read_bytes(path)
        document = files.read_document(path, None, {})
        changed = change(document)
        if changed.cells == document.cells:
            report.alone(path, written=False)
        elif report.arguments.dry_run:
            report.alone(path, written=True)
        else:
            target = files.source_of(path, _names.Target())
            previous = files.previous_text(path, target)
            data = files.document_bytes(changed, _written_as(document, target), {}, previous)
            report.alone(path, written=files.replace_file(path, data, seen))
        return 0

    error = attempt(action)
    if isinstance(error, OctavoError):
        report.fault(error)


def _written_as(document: "Document", target: "Target") -> "Target":
    """Return the format in which a file stands, its name included."""
    return target if target.name else _names.parse(document.origin.format or str(target))


def has_new_conflicts(pair: "Pair", finder: "Finder", report: Report) -> bool:
    """Sync a pair that is in conflict with what its members hold now, and return whether it is.

    Nobody has seen these conflicts, so nobody can mean to resolve them.
    """
    found: list[sync.Result] = []

    def action() -> int:
        options = finder.config_of(pair.paths[0]).options_for(pair.paths[0])
        found.append(sync.sync_pair(pair, Store(pair.root), options=options, writes=False))
        return 0

    error = attempt(action)
    if isinstance(error, OctavoError):
        report.fault(error)
        return True
    if found[0].conflicts:
        sync_one(pair, finder, report)
    return bool(found[0].conflicts)


def follow(path: str) -> None:
    """Let the other members of a pair follow one that a command has changed."""
    from octavo.workspace.find import Finder

    finder = Finder()
    pair = finder.pair_of(path)
    if pair is None:
        return
    store = Store(pair.root)
    with sync.locked(store):
        sync.sync_pair(pair, store, options=finder.config_of(path).options_for(path))


def shown(path: str, folder: str | None = None) -> str:
    """Return a path as people know it: from *folder* (the current one), if it is below that."""
    relative = os.path.relpath(path, folder)
    return path if relative == ".." or relative.startswith(f"..{os.sep}") else relative


def _plural(n: int, word: str) -> str:
    return f"{n} {word}{'s' * (n != 1)}"
