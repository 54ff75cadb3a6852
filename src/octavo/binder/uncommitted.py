"""Find build files that were edited but not committed: a build branch does not have them yet."""

import os

from octavo.binder import environment_files, package_metadata
from octavo.binder.snapshot import Snapshot
from octavo.core.errors import FileError, Notice, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.binder.git_plumbing import Repository


def uncommitted(repository: "Repository", commit: str) -> list[Notice]:
    """Return a warning for each build file of the working tree that is not as in *commit*.

    The index is not asked, and newlines do not count: git may change them on the way.
    """
    top = _working_tree(repository.path)
    found = repository.commit(commit) if top else None
    if not top or found is None:
        return []
    snapshot = Snapshot(repository, found.tree)
    folder = environment_files.folder_of(lambda name: os.path.isdir(os.path.join(top, name)))
    names = [folder + name for name in environment_files.COSTS] + list(package_metadata.FILES)
    return [
        Notice("OCT-B132", "has changes that are not committed, so they do not count yet",
               Span(name), hint="commit it, then run this again")
        for name in names
        if (data := _read(os.path.join(top, name))) is not None
        and data != (snapshot.data(name) or b"").replace(b"\r\n", b"\n")
    ]  # fmt: skip


def _working_tree(path: str) -> str:
    """Return the top folder of the working tree around *path*, "" if there is none."""
    at = os.path.abspath(path)
    while not os.path.exists(os.path.join(at, ".git")):
        above = os.path.dirname(at)
        if above == at or _is_bare(at):
            return ""
        at = above
    return at


def _is_bare(folder: str) -> bool:
    return all(os.path.exists(os.path.join(folder, name)) for name in ("HEAD", "objects", "refs"))


def _read(path: str) -> bytes | None:
    from octavo.workspace.files import read_bytes

    if not os.path.isfile(path):
        return None
    try:
        return read_bytes(path).replace(b"\r\n", b"\n")
    except FileError:
        return None  # a warning is not worth an error
