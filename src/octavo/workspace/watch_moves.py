"""Renames in a watched tree: a member got another name, the others follow."""

import os

from octavo.core.errors import FileError
from octavo.workspace import files, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from octavo.workspace.pairs import Pair


def moved(
    paths: "Sequence[str]", pairs: "Mapping[str, Pair]", known: "Mapping[str, str]"
) -> "Iterator[tuple[str, str]]":
    """Yield (old, new) for each member that is gone and whose content has a new name.

    *paths* changed together; *known* are the hashes of the members of *pairs*.
    """
    gone = {known[path]: path for path in paths
            if path in pairs and path in known and not os.path.lexists(path)}  # fmt: skip
    if not gone:
        return
    for path in paths:
        if path in pairs or not os.path.isfile(path):
            continue
        content = _hash(path)
        old = gone.get(content, "")
        if old and os.path.splitext(old)[1] == os.path.splitext(path)[1]:
            del gone[content]
            yield old, path


def follow(
    before: "Pair", after: "Pair", known: "Mapping[str, str]"
) -> "Iterator[tuple[str, str]]":
    """Give the members of *before* that did not change their names in *after*; yield each move.

    A file that stands at the new name already is left alone.
    """
    targets = {str(target): path for path, target in zip(after.paths, after.targets, strict=True)}
    for old, target in zip(before.paths, before.targets, strict=True):
        new = targets.get(str(target), "")
        if not new or os.path.lexists(new) or not os.path.isfile(old):
            continue
        if _hash(old) == known.get(old):
            files.make_folder(os.path.dirname(new))
            files.rename(old, new)
            yield old, new


def _hash(path: str) -> str:
    try:
        return state.digest(files.read_bytes(path))
    except FileError:
        return ""
