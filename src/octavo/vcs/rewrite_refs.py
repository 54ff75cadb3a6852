"""The end of a rewrite: new refs beside the old ones, or in their place with a way back.

All refs move in one transaction of `git update-ref`, or none.
"""

import os

from octavo.vcs.errors import VcsError
from octavo.workspace import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from octavo.vcs.git import Git
    from octavo.vcs.rewrite_wishes import Report

#: Where the new refs go unless they take the place of the old ones.
BESIDE = "refs/rewritten/"
#: Where the old ones are kept otherwise, and those of working trees that stood on no branch.
BACKUP = "refs/octavo/original/"
_DETACHED = "HEAD"


def publish_beside(git: "Git", report: "Report") -> dict[str, str]:
    """Put the new refs below `refs/rewritten/` and return them; those of earlier runs go.

    Raises: `VcsError` OCT-V002.
    """
    new = {BESIDE + name.removeprefix("refs/"): oid for name, oid in report.refs.items()}
    old = _refs_below(git, BESIDE)
    _move(git, new, old, "octavo: rewrite beside")
    return new


def publish_in_place(git: "Git", report: "Report") -> dict[str, str]:
    """Put the new refs in the place of the old ones and return those that changed.

    The old ones are kept below `refs/octavo/original/`; the files of the working tree become
    those of the new commit.

    Raises: `VcsError` OCT-V007 to OCT-V010 when that could lose something; nothing is changed
    then.
    """
    changed = {name: oid for name, oid in report.refs.items() if report.old_refs.get(name) != oid}
    if not changed:
        return {}
    check(git)
    backup = {BACKUP + name.removeprefix("refs/"): report.old_refs[name] for name in changed}
    tree = _WorkingTree(git)
    target = tree.target(changed, report.commits)
    moves = dict(changed)
    old = {name: report.old_refs[name] for name in changed}
    if tree.is_detached and target != tree.commit:
        moves[_DETACHED] = target
        old[_DETACHED] = tree.commit
        backup[BACKUP + _DETACHED] = tree.commit
    tree.try_to_reach(target)
    _move(git, {**backup, **moves}, old, "octavo: rewrite in place")
    tree.reach(target)
    return changed


def undo(git: "Git") -> dict[str, str]:
    """Bring every ref back to where it was before the last rewrite in place, and return them.

    Raises: `VcsError` OCT-V008 (uncommitted changes), OCT-V011 (there is nothing to undo).
    """
    kept = _refs_below(git, BACKUP)
    if not kept:
        raise VcsError("OCT-V011", f"{git.path}: no rewrite in place is there to be undone")
    _refuse_dirty(git)
    tree = _WorkingTree(git)
    back = {_name(ref): oid for ref, oid in kept.items()}
    target = back.get(_DETACHED, "") if tree.is_detached else back.get(tree.branch, tree.commit)
    target = _commit(git, target or tree.commit)
    tree.try_to_reach(target)
    _move(git, back, kept, "octavo: undo the rewrite")
    tree.reach(target)
    return back


def check(git: "Git") -> None:
    """Refuse a rewrite in place that could lose something.

    Raises: `VcsError` OCT-V007 (an earlier one is still kept), OCT-V008 (uncommitted changes),
    OCT-V009 (other working trees).
    """
    if _refs_below(git, BACKUP):
        raise VcsError(
            "OCT-V007", f"{git.path}: the refs from before an earlier rewrite are still kept",
            hint="`octavo git rewrite --undo` goes back, `--forget` gives them up",
        )  # fmt: skip
    trees = [line for line in git.lines("worktree", "list", "--porcelain")
             if line.startswith("worktree ")]  # fmt: skip
    if len(trees) > 1:
        raise VcsError(
            "OCT-V009", f"{git.path}: the repository has {len(trees)} working trees",
            hint="rewrite beside (without --in-place), or remove the others first",
        )  # fmt: skip
    _refuse_dirty(git)


def forget(git: "Git") -> int:
    """Give up the refs that were kept, and return how many they were."""
    kept = _refs_below(git, BACKUP)
    _move(git, {}, kept, "octavo: forget")
    return len(kept)


def write_map(path: str, commits: "Mapping[str, str]") -> None:
    """Write the commit map: a line of two ids for each commit, old and new.

    Source: the file `commit-map` of git-filter-repo.
    """
    lines = [f"{'old':<40} new"] + [f"{old} {new}" for old, new in sorted(commits.items())]
    files.make_folder(os.path.dirname(os.path.abspath(path)))
    files.replace_file(path, ("\n".join(lines) + "\n").encode("ascii"))


def _name(backup: str) -> str:
    rest = backup.removeprefix(BACKUP)
    return rest if rest == _DETACHED else f"refs/{rest}"


def _refs_below(git: "Git", prefix: str) -> dict[str, str]:
    lines = git.lines("for-each-ref", "--format=%(refname)%00%(objectname)", prefix)
    return dict(line.split("\0") for line in lines)


def _move(git: "Git", new: "Mapping[str, str]", old: "Mapping[str, str]", why: str) -> None:
    """Give refs new values; those of *old* that are not in *new* go.

    What *old* says must still be so, or nothing moves.
    """
    lines = ["start"]
    for name, oid in sorted(new.items()):
        lines.append(f"update {name}\0{oid}\0{old.get(name, '')}")
    for name, oid in sorted(old.items()):
        if name not in new:
            lines.append(f"delete {name}\0{oid}")
    lines += ["prepare", "commit"]
    given = os.fsencode("\0".join(lines) + "\0")
    git.run("update-ref", "--no-deref", "-m", why, "--stdin", "-z", given=given)


def _commit(git: "Git", oid: str) -> str:
    return git.run("rev-parse", "--verify", f"{oid}^{{commit}}").decode("ascii").strip()


def _refuse_dirty(git: "Git") -> None:
    if _is_bare(git):
        return
    if git.run("status", "--porcelain", "--untracked-files=no").strip():
        raise VcsError(
            "OCT-V008", f"{git.path}: there are changes that are not committed",
            hint="commit or stash them first",
        )  # fmt: skip


def _is_bare(git: "Git") -> bool:
    return git.run("rev-parse", "--is-inside-work-tree").strip() != b"true"


class _WorkingTree:
    """The files that a person sees, and the commit that they are of."""

    def __init__(self, git: "Git") -> None:
        self._git = git
        self._is_bare = _is_bare(git)
        code, out, _ = git.ask("symbolic-ref", "--quiet", "HEAD")
        self.branch = os.fsdecode(out).strip() if code == 0 else ""
        self.is_detached = code != 0
        code, out, _ = git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        self.commit = out.decode("ascii").strip() if code == 0 else ""

    def target(self, changed: "Mapping[str, str]", commits: "Mapping[str, str]") -> str:
        """Return the commit that HEAD will be at."""
        if self.is_detached:
            return commits.get(self.commit, self.commit)
        return changed.get(self.branch, self.commit)

    def try_to_reach(self, target: str) -> None:
        """Find out whether the files can become those of *target*.

        Raises: `VcsError` OCT-V010 when a file that git does not know is in the way.
        """
        if self._is_bare or target == self.commit:
            return
        self._git.ask("update-index", "-q", "--refresh")
        code, _, complaint = self._git.ask(
            "read-tree", "--dry-run", "-m", "-u", self.commit, target
        )
        if code:
            raise VcsError(
                "OCT-V010", f"{self._git.path}: {complaint.removeprefix('error: ')}",
                hint="move that file away first; nothing was changed",
            )  # fmt: skip

    def reach(self, target: str) -> None:
        """Make the files those of *target*."""
        if not self._is_bare and target != self.commit:
            self._git.run("read-tree", "-m", "-u", self.commit, target)
