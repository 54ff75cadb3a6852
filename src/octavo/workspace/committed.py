"""What the last commit holds of a pair: the common state of its members in a fresh clone.

Git is only read: no lock is taken and no index is written.  What its filters do to files (line
ends, stripped outputs) is done to what is read here, too.
"""

import os

from octavo.core.errors import FileError, Span
from octavo.workspace import git_process, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.workspace.pairs import Pair

#: What a diff is not to run: programs that make files readable.
_PLAIN = ("--no-ext-diff", "--no-textconv")

#: A file of Git LFS that is not here is not fetched: its pointer is no notebook.
_OFFLINE = {"GIT_LFS_SKIP_SMUDGE": "1"}


def state_of(pair: "Pair") -> "tuple[list[bytes], frozenset[str]] | None":
    """Return the members as the last commit has them, and the names of those that differ now.

    None where nobody can tell: there is no repository, no git, or no such member in the commit.
    """
    if not any(map(state.is_repository, state.above_of(os.path.abspath(pair.root)))):
        return None
    git = _Git(pair.root)
    contents = []
    try:
        for name in pair.names:
            code, out, _ = git.ask("cat-file", "--filters", f"HEAD:./{name}", extra=_OFFLINE)
            if code:
                return None
            contents.append(out)
        code, out, _ = git.ask(
            "diff", "--name-only", "--relative", "-z", *_PLAIN, "HEAD", "--", *pair.names
        )
    except FileError:
        return None
    if code:
        return None
    changed = (name.decode("utf-8", "surrogateescape") for name in out.split(b"\0") if name)
    return contents, frozenset(changed)


class _Git(git_process.Starter):
    flags = ("--literal-pathspecs",)

    def missing(self, message: str, hint: str) -> FileError:
        return FileError("OCT-W001", message, Span(self.path), hint=hint)
