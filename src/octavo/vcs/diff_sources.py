"""What `octavo diff A B` compares: files, files of revisions, whole trees."""

import os

from octavo.core.errors import OctavoError
from octavo.vcs.errors import VcsError
from octavo.vcs.git import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from octavo.core.document import Document

_NOTEBOOKS = (".ipynb", ".md", ".markdown", ".Rmd", ".qmd", ".myst", ".mystnb")
_MARKERS = (b"# %%", b"#%%", b"jupytext:", b"// %%", b"-- %%", b"#' ", b"@app.cell")


class Version:
    """One side of a file: how it is called, its path, and its bytes (None: it is not there)."""

    __slots__ = ("data", "label", "path")

    def __init__(self, label: str, path: str, data: bytes | None) -> None:
        self.label = label
        self.path = path
        self.data = data

    def document(self) -> "Document":
        """Return the document; an empty one where the file is not there.

        Raises: `FormatError`, `OptionError` when it is no document.
        """
        from octavo.core.document import Document
        from octavo.formats import _names, _text
        from octavo.workspace import files

        if self.data is None:
            return Document()
        target = files.source_of(self.path, _names.Target())
        return _text.read_text(self.data, target, {}, self.path)


class Pair:
    """Two versions of a file, or of two files."""

    __slots__ = ("new", "old")

    def __init__(self, old: Version, new: Version) -> None:
        self.old = old
        self.new = new


def find(words: "Sequence[str]", paths: "Sequence[str]", folder: str = ".") -> "Iterator[Pair]":
    """Yield what is to be compared.

    *words* are up to two of: a file, `REV:path`, a revision.  With none, the last commit is
    compared with the working tree; with one, that with the working tree.  *paths* narrow trees.

    Raises: `VcsError` OCT-V022 for a word that is neither, OCT-V023 for words that do not go
    together.
    """
    git = Git(folder)
    sides = [_side(word, git) for word in words] or [("tree", "HEAD")]
    kinds = [kind for kind, _ in sides]
    if kinds == ["file"]:
        yield Pair(_of_revision(git, "HEAD", sides[0][1]), _of_file(sides[0][1]))
    elif len(sides) == 2 and "tree" not in kinds:
        old, new = (_version(git, *side) for side in sides)
        yield Pair(old, new)
    elif kinds == ["tree", "file"]:
        yield Pair(_of_revision(git, sides[0][1], sides[1][1]), _of_file(sides[1][1]))
    elif set(kinds) == {"tree"}:
        yield from _trees(git, [name for _, name in sides], paths)
    else:
        raise VcsError(
            "OCT-V023", f"{' and '.join(words)} cannot be compared",
            hint="two files, a revision and a file, REV:path, or two revisions",
        )  # fmt: skip


def _side(word: str, git: Git) -> tuple[str, str]:
    """Return what a word is: "file", "blob" (REV:path) or "tree" (a revision)."""
    if os.path.lexists(word) and not os.path.isdir(word):
        return "file", word
    if ":" in word and git.ask("cat-file", "-e", word)[0] == 0:
        return "blob", word
    if git.ask("rev-parse", "--verify", "--quiet", word + "^{tree}")[0] == 0:
        return "tree", word
    raise VcsError(
        "OCT-V022", f"{word} is neither a file nor a revision",
        hint="check the spelling; `REV:path` names a file of a revision",
    )  # fmt: skip


def _version(git: Git, kind: str, word: str) -> Version:
    if kind == "file":
        return _of_file(word)
    return Version(word, word.rpartition(":")[2], git.run("cat-file", "blob", word))


def _of_file(path: str) -> Version:
    from octavo.workspace import files

    return Version(path, path, files.read_bytes(path))


def _of_revision(git: Git, revision: str, path: str) -> Version:
    """Return a file as it was in a revision."""
    folder = os.path.dirname(os.path.abspath(path))
    name = f"{revision}:./{os.path.basename(path)}"
    code, out, _ = Git(folder).ask("cat-file", "blob", name)
    del git
    return Version(f"{revision}:{path}", path, out if code == 0 else None)


def _trees(git: Git, revisions: list[str], paths: "Sequence[str]") -> "Iterator[Pair]":
    """Yield the documents that differ between two revisions, or one and the working tree."""
    listing = git.run("diff", "--raw", "-z", "--no-abbrev", "-M", *revisions, "--", *paths)
    words = os.fsdecode(listing).split("\0")
    top = os.fsdecode(git.run("rev-parse", "--show-cdup")).strip()
    right = revisions[1] if len(revisions) > 1 else ""
    at = 0
    while at < len(words) - 1:
        _, _, old_oid, new_oid, status = words[at].lstrip(":").split(" ")
        old_path = new_path = words[at + 1]
        at += 2
        if status[0] in "RC":
            new_path = words[at]
            at += 1
        if not new_path.endswith(_suffixes()):
            continue
        old = _blob(git, old_oid) if status[0] != "A" else None
        new = _new_blob(git, new_oid, status, os.path.join(git.path, top, new_path), right)
        if _is_document(new_path, old, new):
            label = f"{right}:{new_path}" if right else new_path
            yield Pair(
                Version(f"{revisions[0]}:{old_path}", old_path, old), Version(label, new_path, new)
            )


def _suffixes() -> tuple[str, ...]:
    from octavo.formats import _index

    return tuple(_index.SUFFIXES)


def _blob(git: Git, oid: str) -> bytes | None:
    if set(oid) == {"0"}:
        return None
    code, out, _ = git.ask("cat-file", "blob", oid)
    return out if code == 0 else None


def _new_blob(git: Git, oid: str, status: str, path: str, revision: str) -> bytes | None:
    from octavo.workspace import files

    if status[0] == "D":
        return None
    found = _blob(git, oid)
    if found is not None or revision:
        return found
    try:
        return files.read_bytes(path)
    except OctavoError:
        return None


def _is_document(path: str, old: bytes | None, new: bytes | None) -> bool:
    """Return whether a file of a tree is a document: a plain script is not."""
    if path.endswith(_NOTEBOOKS):
        return True
    return any(marker in (data or b"")[:65536] for data in (old, new) for marker in _MARKERS)
