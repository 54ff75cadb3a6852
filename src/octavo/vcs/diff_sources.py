"""What `octavo diff A B` compares: files, files of revisions, whole trees."""

import os

from octavo.vcs import diff_trees
from octavo.vcs.diff_versions import Pair, Version
from octavo.vcs.errors import VcsError
from octavo.vcs.git import Git
from octavo.vcs.installed import rules_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STDIN = "-"


def find(
    words: "Sequence[str]", paths: "Sequence[str]", folder: str = ".", *, given: bytes = b""
) -> "Iterator[Pair]":
    """Yield what is to be compared.

    *words* are up to two of: a file, `REV:path`, a revision; or `A..B`, `A...B` as git has them.
    With none, the last commit is compared with the working tree; with one, that with the working
    tree.  *paths* narrow trees; so does a folder behind a revision.  Two folders are compared
    with each other, as `git difftool --dir-diff` wants it.  A file `-` holds *given*.

    Raises: `VcsError` OCT-V022 for a word that is neither, OCT-V023 for words that do not go
    together.
    """
    if len(words) == 2 and all(os.path.isdir(word) for word in words):
        yield from diff_trees.folders(*words)
        return
    git = Git(folder)
    folders = [word for word in words if os.path.isdir(word) and not _is_revision(word, git)]
    named = [word for word in words if word not in folders]
    sides = _range(named[0], git) if len(named) == 1 else []
    sides = sides or [_side(word, git) for word in named] or [("tree", "HEAD")]
    kinds = [kind for kind, _ in sides]
    if "file" not in kinds and "blob" not in kinds:
        yield from diff_trees.trees(git, [name for _, name in sides], [*folders, *paths])
    elif folders:
        raise _not_together(words)
    elif kinds == ["file"]:
        yield _with_revision("HEAD", sides[0][1])
    elif kinds == ["tree", "file"]:
        yield _with_revision(sides[0][1], sides[1][1])
    elif "tree" not in kinds and len(sides) == 2:
        old, new = (_version(git, *side, given) for side in sides)
        if "blob" in kinds:
            old.rules = new.rules = rules_of(git)
        yield Pair(old, new)
    else:
        raise _not_together(words)


def _range(word: str, git: Git) -> list[tuple[str, str]]:
    """Return both sides of `A..B`, or of `A...B`: what B did since it left A."""
    if os.path.lexists(word) or ".." not in word or ":" in word:
        return []
    dots = "..." if "..." in word else ".."
    old, _, new = word.partition(dots)
    old, new = old or "HEAD", new or "HEAD"
    if dots == "...":
        code, out, _ = git.ask("merge-base", old, new)
        if code:
            raise VcsError("OCT-V022", f"{word}: there is no commit that both come from",
                           hint="check the spelling")  # fmt: skip
        old = out.decode("ascii").strip()[:12]
    return [_side(old, git), _side(new, git)]


def _side(word: str, git: Git) -> tuple[str, str]:
    """Return what a word is: "file", "blob" (REV:path) or "tree" (a revision)."""
    if word == STDIN or (os.path.lexists(word) and not os.path.isdir(word)):
        return "file", word
    if ":" in word and git.ask("cat-file", "-e", word)[0] == 0:
        return "blob", word
    if _is_revision(word, git):
        return "tree", word
    raise VcsError(
        "OCT-V022", f"{word} is neither a file nor a revision",
        hint="check the spelling; `REV:path` names a file of a revision",
    )  # fmt: skip


def _is_revision(word: str, git: Git) -> bool:
    return git.ask("rev-parse", "--verify", "--quiet", word + "^{tree}")[0] == 0


def _not_together(words: "Sequence[str]") -> VcsError:
    return VcsError(
        "OCT-V023", f"{' and '.join(words)} cannot be compared",
        hint="two files, a revision and a file, REV:path, or two revisions",
    )  # fmt: skip


def _version(git: Git, kind: str, word: str, given: bytes) -> Version:
    if word == STDIN:
        is_json = given.lstrip()[:1] == b"{"
        return Version(word, "-.ipynb" if is_json else word, given)
    if kind == "file":
        return _of_file(word)
    return Version(word, word.rpartition(":")[2], git.run("cat-file", "blob", word))


def _of_file(path: str) -> Version:
    from octavo.workspace import files

    return Version(path, path, files.read_bytes(path))


def _with_revision(revision: str, path: str) -> Pair:
    """Return a file as it was in a revision, and as it is; both as git keeps them."""
    git = Git(os.path.dirname(os.path.abspath(path)))
    code, out, _ = git.ask("cat-file", "blob", f"{revision}:./{os.path.basename(path)}")
    old = Version(f"{revision}:{path}", path, out if code == 0 else None)
    new = _of_file(path)
    old.rules = new.rules = rules_of(git)
    return Pair(old, new)
