"""Keep the build branch: made from a commit of the content, by git plumbing alone.

The index and the working tree are not touched.  A new branch begins with a commit without
parents; later commits follow each other, so that no push is forced.  The same files make no
commit, and so no new image.
"""

from octavo.binder import environment_build
from octavo.binder.errors import BinderError
from octavo.binder.git_plumbing import FOLDER, Entry, format_tree, is_branch_name, object_id
from octavo.binder.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from octavo.binder.environment_build import Build, Built, Wishes
    from octavo.binder.git_plumbing import Commit, Repository
    from octavo.core.errors import Notice

BRANCH = "binder-build"
_TRAILER = "Octavo-Binder: 1"
_REASON = "octavo binder branch"


class Target:
    """The branch to keep; *remote* is where it is published, *adopt* allows one not made by us."""

    __slots__ = ("adopt", "branch", "remote")

    def __init__(
        self, branch: str = BRANCH, remote: str = "origin", *, adopt: bool = False
    ) -> None:
        self.branch = branch
        self.remote = remote
        self.adopt = adopt


class Update:
    """What became of a build branch.

    `status` is "created", "updated" or "unchanged"; `changes` holds each path with "added",
    "changed" or "removed"; `commit` is the tip ("" when nothing was written).
    """

    __slots__ = ("changes", "commit", "notices", "parent", "source", "status", "tree")

    def __init__(self, source: str, parent: str, tree: str, status: str) -> None:
        self.source = source
        self.parent = parent
        self.tree = tree
        self.status = status
        self.commit = parent
        self.changes: list[tuple[str, str]] = []
        self.notices: list[Notice] = []


class _Tip:
    """Where the branch stands: here, and where its next commit goes on."""

    __slots__ = ("commit", "here", "place")

    def __init__(self, here: str, commit: "Commit | None", place: str) -> None:
        self.here = here
        self.commit = commit
        self.place = place


def update(
    repository: "Repository",
    source: str,
    wishes: "Wishes",
    target: Target,
    *,
    is_dry_run: bool = False,
) -> Update:
    """Bring the build branch up to date with the commit *source* of the content.

    Raises: `BinderError` OCT-B101 to OCT-B131; nothing is changed then.
    """
    if not is_branch_name(target.branch):
        raise BinderError("OCT-B118", f"no branch can be called {target.branch!r}")
    commit = find_commit(repository, source)
    tip = _tip(repository, target)
    _check_source(commit, source, tip, target)
    build = environment_build.compose(Snapshot(repository, commit.tree), wishes)
    trees = _trees(build, len(commit.oid))
    result = _compare(repository, commit, tip, trees, build)
    _check_owner(tip, result, target)
    if is_dry_run or (result.status == "unchanged" and tip.here == result.parent):
        return result
    _check_place(tip, target)
    if result.status != "unchanged":
        result.commit = _write(repository, build, trees, commit, tip)
    repository.move_ref(f"refs/heads/{target.branch}", result.commit, tip.here, _REASON)
    if result.status == "unchanged":
        result.status = "created" if not tip.here else "updated"
    return result


def find_commit(repository: "Repository", name: str) -> "Commit":
    """Return the commit that *name* leads to.

    Raises: `BinderError` OCT-B117.
    """
    commit = repository.commit(name)
    if commit is None:
        hint = (
            "the repository has no commit yet" if name == "HEAD" else "`git branch -a` lists them"
        )
        raise BinderError("OCT-B117", f"there is no commit {name!r}", hint=hint)
    return commit


def content_folder(repository: "Repository", remote: str) -> str:
    """Return the folder that nbgitpuller will clone the content into, as far as is known.

    It is the last part of the address of *remote*, without `.git`, which links leave out; a
    repository without remote gives the name of its own folder.
    """
    import os

    code, out, _ = repository.ask("config", "--get", f"remote.{remote}.url")
    address = out.decode("utf-8", "surrogateescape").strip() if code == 0 else ""
    if not address:
        address = os.path.abspath(repository.path)
    name = address.rstrip("/").replace(":", "/").rsplit("/", 1)[-1].removesuffix(".git")
    return name if name.isprintable() else ""


def check_folder(name: str) -> str:
    """Return *name* if the content can be cloned into a folder of this name.

    Raises: `BinderError` OCT-B131.
    """
    parts = name.split("/")
    if not name or not name.isprintable() or any(part in ("", ".", "..") for part in parts):
        raise BinderError(
            "OCT-B131", f"{name!r} is no folder that content can be cloned into",
            hint="name the last part of the content's address, or the targetPath of the link",
        )  # fmt: skip
    return name


def _tip(repository: "Repository", target: Target) -> _Tip:
    """Return where the branch stands, here and at the remote as last fetched."""
    here_ref = f"refs/heads/{target.branch}"
    there_ref = f"refs/remotes/{target.remote}/{target.branch}"
    out = repository.run(
        "for-each-ref", "--format=%(refname)%00%(objectname)%00%(worktreepath)",
        here_ref, there_ref,
    ).decode("utf-8", "surrogateescape")  # fmt: skip
    found = {}
    for line in out.split("\n"):
        if line.count("\0") == 2:
            ref, oid, place = line.split("\0")
            found[ref] = (oid, place)
    here, place = found.get(here_ref, ("", ""))
    there = found.get(there_ref, ("", ""))[0]
    oid = _newer(repository, here, there, target)
    return _Tip(here, repository.commit(oid) if oid else None, place)


def _newer(repository: "Repository", here: str, there: str, target: Target) -> str:
    """Return which of two tips follows the other.

    Raises: `BinderError` OCT-B107 when neither does.
    """
    if not here or not there or here == there:
        return here or there
    for old, new in ((here, there), (there, here)):
        if repository.ask("merge-base", "--is-ancestor", old, new)[0] == 0:
            return new
    raise BinderError(
        "OCT-B107", f"{target.branch} and {target.remote}/{target.branch} went different ways",
        hint=f"delete the local one (git branch -D {target.branch}): it is made again",
    )  # fmt: skip


def _check_source(commit: "Commit", source: str, tip: _Tip, target: Target) -> None:
    if _is_ours(commit) or commit.oid == tip.here:
        raise BinderError(
            "OCT-B109", f"{source} leads to the build branch {target.branch}, not to the content",
            hint="name the branch of the content with --content, such as --content main",
        )  # fmt: skip


def _check_owner(tip: _Tip, result: Update, target: Target) -> None:
    if tip.commit is None or target.adopt or result.status == "unchanged" or _is_ours(tip.commit):
        return
    raise BinderError(
        "OCT-B108", f"the last commit of {target.branch} was not made by this command",
        hint="bring what it holds to the content, then say --adopt: the history is kept",
    )  # fmt: skip


def _check_place(tip: _Tip, target: Target) -> None:
    if tip.place:
        raise BinderError(
            "OCT-B106", f"{target.branch} is checked out in {tip.place}",
            hint="switch that working tree to another branch: its files would no longer fit",
        )  # fmt: skip


def _is_ours(commit: "Commit") -> bool:
    return f"\n{_TRAILER.partition(':')[0]}:" in f"\n{commit.message}"


def _compare(
    repository: "Repository",
    commit: "Commit",
    tip: _Tip,
    trees: "list[tuple[str, dict[str, Entry]]]",
    build: "Build",
) -> Update:
    tree = trees[-1][0]
    parent = tip.commit
    status = "created" if parent is None else "updated"
    if parent is not None and parent.tree == tree:
        status = "unchanged"
    result = Update(commit.oid, parent.oid if parent is not None else "", tree, status)
    result.notices = build.notices
    if status != "unchanged":
        old = entries_of(repository, parent.tree) if parent is not None else {}
        result.changes = changes(old, entries_of_build(build, len(commit.oid)))
    return result


def entries_of(repository: "Repository", tree: str, folder: str = "") -> dict[str, Entry]:
    """Return all files of a tree by path."""
    found: dict[str, Entry] = {}
    for name, entry in repository.tree(tree).items():
        if entry.mode == FOLDER:
            found |= entries_of(repository, entry.oid, f"{folder}{name}/")
        else:
            found[folder + name] = entry
    return found


def entries_of_build(build: "Build", id_length: int) -> dict[str, Entry]:
    """Return the files that a build branch will have, by path.

    *id_length* tells the hash of the repository.
    """
    return {path: Entry(file.mode, _blob_id(file, id_length)) for path, file in build.files.items()}


def changes(old: "Mapping[str, Entry]", new: "Mapping[str, Entry]") -> list[tuple[str, str]]:
    """Return the paths that differ, each with "added", "changed" or "removed"."""
    result = []
    for path in sorted({*old, *new}):
        before, after = old.get(path), new.get(path)
        if before != after:
            kind = "added" if before is None else "removed" if after is None else "changed"
            result.append((path, kind))
    return result


def tree_id(build: "Build", id_length: int) -> str:
    """Return the id of the tree that a build branch will have; nothing is written."""
    return _trees(build, id_length)[-1][0]


def _blob_id(file: "Built", id_length: int) -> str:
    return file.oid if file.data is None else object_id("blob", file.data, id_length)


def _trees(build: "Build", id_length: int) -> "list[tuple[str, dict[str, Entry]]]":
    """Return the trees of a build, those inside others first, each with its id."""
    folders: dict[str, dict[str, Entry]] = {"": {}}
    for path, entry in entries_of_build(build, id_length).items():
        folder, _, name = path.rpartition("/")
        for i in range(len(folder) + 1):
            if folder and (i == len(folder) or folder[i] == "/"):
                folders.setdefault(folder[:i], {})
        folders[folder][name] = entry
    result = []
    for folder in sorted(folders, key=lambda name: (bool(name), name.count("/")), reverse=True):
        oid = object_id("tree", format_tree(folders[folder]), id_length)
        result.append((oid, folders[folder]))
        if folder:
            above, _, name = folder.rpartition("/")
            folders[above][name] = Entry(FOLDER, oid)
    return result


def _write(
    repository: "Repository",
    build: "Build",
    trees: "list[tuple[str, dict[str, Entry]]]",
    commit: "Commit",
    tip: _Tip,
) -> str:
    """Store the objects and return the id of the commit."""
    for file in build.files.values():
        if file.data is not None and not repository.has(_blob_id(file, len(commit.oid))):
            repository.write_blob(file.data)
    written = repository.write_trees(tree for _, tree in trees)
    if written != [oid for oid, _ in trees]:
        raise BinderError("OCT-B103", "git mktree: made other trees than were foreseen")
    parent = tip.commit
    # The date is that of the content: the same commit makes the same branch everywhere.
    date = commit.date if parent is None or parent.seconds <= commit.seconds else parent.date
    message = (
        f"binder: build files of {commit.oid[:10]}\n\n"
        f"Made by `octavo binder branch` from {commit.oid}.\n"
        f"Edit the files on the branch of the content, then run it again.\n\n{_TRAILER}\n"
    )
    return repository.write_commit(trees[-1][0], [parent.oid] if parent else [], message, date)
