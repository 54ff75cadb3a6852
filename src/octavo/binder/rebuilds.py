"""Foretell which commits make a hub build a new image, and how much of it.

A hub names images after the commit that the build ref leads to: any new commit there is a new
image.  With a build branch the commits of the content are none of its commits, unless they
change what the branch is made from; that is found out by making it, in memory, for each.
"""

from octavo.binder import (
    build_branch,
    conda_text,
    environment_build,
    environment_files,
    requirement_lines,
)
from octavo.binder.environment_files import CACHED, EVERYTHING, NONE, PACKAGES, cost_of, worst
from octavo.binder.errors import BinderError
from octavo.binder.git_plumbing import Entry
from octavo.binder.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from octavo.binder.environment_build import Wishes
    from octavo.binder.git_plumbing import Repository

MEANINGS = {
    NONE: "no new image",
    CACHED: "new image, its packages are cached",
    PACKAGES: "new image, its packages are installed again",
    EVERYTHING: "new image, everything is built again",
    "broken": "no image can be built",
}
BROKEN = "broken"
_ABSENT = "000000"


class Change:
    """A file that a commit changes, and what is built again because of it."""

    __slots__ = ("cost", "path")

    def __init__(self, path: str, cost: str) -> None:
        self.path = path
        self.cost = cost


class Step:
    """A commit, what is built again because of it, and why nothing can be built ("" if it can)."""

    __slots__ = ("changes", "commit", "cost", "error", "subject")

    def __init__(self, commit: str, subject: str) -> None:
        self.commit = commit
        self.subject = subject
        self.cost = NONE
        self.changes: list[Change] = []
        self.error: BinderError | None = None


class _Raw:
    """A commit of the log: its files with their entries before and after."""

    __slots__ = ("commit", "files", "parent", "subject", "tree")

    def __init__(self, commit: str, tree: str, parent: str, subject: str) -> None:
        self.commit = commit
        self.tree = tree
        self.parent = parent
        self.subject = subject
        self.files: dict[str, Entry | None] = {}


class _Made:
    """A build branch made in memory: its files by path, or why there is none."""

    __slots__ = ("entries", "error", "folder", "is_late", "seen", "snapshot")

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.seen = snapshot.seen
        self.entries: dict[str, Entry] = {}
        self.error: BinderError | None = None
        self.is_late = False
        self.folder = ""


def foretell(
    repository: "Repository", span: str, wishes: "Wishes", *, is_direct: bool = False
) -> "Iterator[Step]":
    """Yield the commits of *span* (`A..B`; `A` alone means `A..HEAD`), oldest first.

    Of merges, the first parent counts: it is what the branch pointed to before.  *is_direct*
    tells that the image is built from the branch of the content itself.

    Raises: `BinderError` OCT-B117 for an unknown commit, OCT-B150 for no range.
    """
    first, last = _ends(span)
    start = build_branch.find_commit(repository, first)
    end = build_branch.find_commit(repository, last)
    log = _log(repository, start.oid, end.oid)
    if is_direct:
        yield from map(_Direct(repository).step, log)
        return
    before = _make(Snapshot(repository, start.tree), wishes)
    previous = start.oid
    for raw in log:
        if raw.parent != previous and (parent := repository.commit(raw.parent)):
            before = _make(Snapshot(repository, parent.tree), wishes)  # A is on another line
        new = Snapshot(repository, raw.tree)
        after = before if new.is_same(before.seen) else _make(new, wishes)
        yield _step(raw, before, after, wishes)
        before, previous = after, raw.commit


def _ends(span: str) -> tuple[str, str]:
    first, dots, last = span.partition("..")
    if last.startswith(".") or not first or ".." in last:
        raise BinderError(
            "OCT-B150", f"{span!r} is no range of commits", hint="such as v1..main or HEAD~10.."
        )
    return first, (last if dots and last else "HEAD")


def _log(repository: "Repository", first: str, last: str) -> "Iterator[_Raw]":
    """Yield the commits from *first* (left out) to *last*, with the files each changes."""
    out = repository.run(
        "log", "-z", "-m", "--first-parent", "--reverse", "--raw",
        "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-color", "--no-show-signature",
        "--encoding=UTF-8", "--format=%x01%H%x00%T%x00%P%x00%s", f"{first}..{last}",
    )  # fmt: skip
    fields = iter(out.decode("utf-8", "surrogateescape").split("\0"))
    raw: _Raw | None = None
    for field in fields:
        mark = field.lstrip("\n")
        if mark.startswith("\x01"):
            if raw is not None:
                yield raw
            tree, parents, subject = next(fields), next(fields), next(fields)
            raw = _Raw(mark[1:], tree, parents.partition(" ")[0], subject)
        elif mark.startswith(":") and raw is not None:
            _, mode, _, oid, _ = mark.split(" ")
            raw.files[next(fields)] = None if mode == _ABSENT else Entry(mode, oid)
    if raw is not None:
        yield raw


def _make(snapshot: Snapshot, wishes: "Wishes") -> _Made:
    """Make the build branch of a commit in memory."""
    made = _Made(snapshot)
    try:
        build = environment_build.compose(snapshot, wishes)
    except BinderError as error:
        made.error = error
        return made
    made.entries = build_branch.entries_of_build(build, len(snapshot.tree))
    made.folder = build.folder
    made.is_late = environment_files.installs_late(
        build.names(), is_package=False,
        has_local_references=_has_local_references(build.folder, build.text),
    )  # fmt: skip
    return made


def _step(raw: _Raw, before: _Made, after: _Made, wishes: "Wishes") -> Step:
    """Tell what happens when the image is built from the build branch."""
    step = Step(raw.commit, raw.subject)
    step.error = after.error
    step.cost = BROKEN if after.error else _cost(before, after)
    for path, entry in raw.files.items():
        cost = NONE
        if step.cost != NONE and _is_asked_for(path, (before, after)):
            old = before.snapshot
            alone = _make(Snapshot(old.repository, old.tree, {path: entry}), wishes)
            cost = BROKEN if alone.error else _cost(before, alone)
        step.changes.append(Change(path, cost))
    return step


def _cost(before: _Made, after: _Made) -> str:
    """Return what is built again when one build branch follows another."""
    if before.error or before.folder != after.folder:
        return EVERYTHING
    paths = [path for path, _ in build_branch.changes(before.entries, after.entries)]
    is_late = before.is_late or after.is_late
    return worst([cost_of(path, after.folder, is_late=is_late) for path in paths])


def _is_asked_for(path: str, made: tuple[_Made, ...]) -> bool:
    """Return whether a build branch may depend on a file."""
    folders = [path[:i] for i, c in enumerate(path) if c == "/"]
    return any(name in one.seen for one in made for name in (path, *folders))


def _has_local_references(folder: str, text: "Callable[[str], str | None]") -> bool:
    """Return whether pip is told to read other files of the ref: it is copied first then."""
    lines = (text(f"{folder}requirements.txt") or "").split("\n")
    for name in environment_files.CONDA_FILES:
        found = text(folder + name)
        if found is not None:
            lines += conda_text.read(found, folder + name).pip
    return any(requirement_lines.is_local(line) for line in lines)


class _Direct:
    """Tells what happens when the image is built from the branch of the content itself."""

    def __init__(self, repository: "Repository") -> None:
        self.repository = repository
        self.seen: dict[str, Entry | None] = {}
        self.folder = ""
        self.is_late = False

    def step(self, raw: _Raw) -> Step:
        """Return what a commit causes: always a new image, as a hub names it by the commit."""
        step = Step(raw.commit, raw.subject)
        snapshot = Snapshot(self.repository, raw.tree)
        if not self.seen or not snapshot.is_same(self.seen):
            try:
                self._look(snapshot)
            except BinderError as error:
                step.error = error
        step.changes = [
            Change(path, cost_of(path, self.folder, is_late=self.is_late)) for path in raw.files
        ]
        step.cost = BROKEN if step.error else worst([CACHED, *(one.cost for one in step.changes)])
        return step

    def _look(self, snapshot: Snapshot) -> None:
        """Find out where the build files are, and when packages are installed."""
        self.folder = environment_files.folder_of(snapshot.is_folder)
        self.seen = snapshot.seen
        names = {name for name in environment_files.COSTS
                 if snapshot.entry(self.folder + name) is not None}  # fmt: skip
        self.is_late = environment_files.installs_late(
            names,
            is_package=_installs_root(snapshot, self.folder, names),
            has_local_references=_has_local_references(self.folder, snapshot.text),
        )


def _installs_root(snapshot: Snapshot, folder: str, names: set[str]) -> bool:
    """Return whether repo2docker installs the root of the content as a package.

    Source: repo2docker 2026.4, `PythonBuildPack._is_python_package`.
    """
    if folder or "Dockerfile" in names or names.intersection(environment_files.CONDA_FILES):
        return False
    if snapshot.entry("setup.py") is not None:
        return True
    text = snapshot.text("pyproject.toml") or ""
    return "[build-system]" in text and "[project]" in text
