"""The documents that differ between two trees: revisions, the working tree, folders."""

import os

from octavo.core.errors import OctavoError
from octavo.vcs.diff_versions import Pair, Version
from octavo.vcs.git import Git, Objects
from octavo.vcs.installed import rules_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NOTEBOOKS = (".ipynb", ".md", ".markdown", ".Rmd", ".qmd", ".myst", ".mystnb")
_LFS = b"version https://git-lfs.github.com/spec/"
_MARKERS = (b"# %%", b"#%%", b"jupytext:", b"// %%", b"-- %%", b"#' ", b"@app.cell")


def folders(old: str, new: str) -> "Iterator[Pair]":
    """Yield the documents that differ between two folders."""
    from octavo.workspace import files

    names = {name for folder in (old, new) for name in _files_below(folder)}
    for name in sorted(names):
        sides = [
            Version(path, name, files.read_bytes(path) if os.path.isfile(path) else None)
            for path in (os.path.join(old, name), os.path.join(new, name))
        ]
        if sides[0].data != sides[1].data and _is_document(name, sides[0].data, sides[1].data):
            yield Pair(*sides)


def _files_below(folder: str) -> "Iterator[str]":
    for top, _, names in os.walk(folder):
        for name in names:
            if name.endswith(_suffixes()):
                yield os.path.relpath(os.path.join(top, name), folder)


def trees(git: Git, revisions: list[str], paths: "Sequence[str]") -> "Iterator[Pair]":
    """Yield the documents that differ between two revisions, or one and the working tree."""
    listing = git.run("diff", "--raw", "-z", "--no-abbrev", "-M", *revisions, "--", *paths)
    words = os.fsdecode(listing).split("\0")
    top = os.path.join(git.path, os.fsdecode(git.run("rev-parse", "--show-cdup")).strip())
    right = revisions[1] if len(revisions) > 1 else ""
    rules = rules_of(git)
    at = 0
    with Objects(git) as objects:
        while at < len(words) - 1:
            entry = words[at].lstrip(":").split(" ")
            old_path = new_path = words[at + 1]
            at += 2
            if entry[-1][0] in "RC":
                new_path = words[at]
                at += 1
            if not new_path.endswith(_suffixes()) or not _are_files(entry):
                continue
            old = _blob(objects, entry[2])
            new = _new_blob(objects, entry, "" if right else os.path.join(top, new_path))
            if _is_document(new_path, old, new):
                label = f"{right}:{new_path}" if right else new_path
                yield Pair(
                    Version(f"{revisions[0]}:{old_path}", old_path, old, rules),
                    Version(label, new_path, new, rules),
                )


def _are_files(entry: list[str]) -> bool:
    """Return whether both sides are plain files, or not there: no links, no submodules."""
    modes = [mode for mode in entry[:2] if mode != "000000"]
    return all(mode.startswith("100") for mode in modes)


def _suffixes() -> tuple[str, ...]:
    from octavo.formats import _index

    return tuple(_index.SUFFIXES)


def _blob(objects: Objects, oid: str) -> bytes | None:
    found = None if set(oid) == {"0"} else objects.read(oid)
    return None if found is None else found[1]


def _new_blob(objects: Objects, entry: list[str], path: str) -> bytes | None:
    """Return the new content: that of an object, else of the file *path* of the working tree."""
    from octavo.workspace import files

    if entry[-1][0] == "D":
        return None
    found = _blob(objects, entry[3])
    if found is not None or not path:
        return found
    try:
        return files.read_bytes(path)
    except OctavoError:
        return None


def _is_document(path: str, old: bytes | None, new: bytes | None) -> bool:
    """Return whether a file of a tree is a document: a plain script is not, nor one in LFS."""
    sides = [data for data in (old, new) if data is not None]
    if all(data.startswith(_LFS) for data in sides):
        return False
    if path.endswith(_NOTEBOOKS):
        return True
    return any(marker in data[:65536] for data in sides for marker in _MARKERS)
