"""What git's index holds of the members of pairs: what a commit would contain.

git is asked, never told: nothing here changes a repository.
"""

from octavo.core.errors import FileError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from octavo.workspace.pairs import Pair


class Index:
    """The index of the repository around a folder; empty where there is none.

    Names are relative to that folder, with slashes.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.blobs: dict[str, str] = {}
        self.unmerged: set[str] = set()
        for entry in _listed(root, ["ls-files", "--stage", "-z"]):
            head, _, name = entry.partition("\t")
            _, blob, stage = head.split()
            if stage == "0":
                self.blobs[name] = blob
            else:
                self.unmerged.add(name)

    def contents(self, pair: "Pair") -> list[bytes | None]:
        """Return what the index holds of each member, None for those that it lacks."""
        return [
            _git(self.root, ["cat-file", "blob", self.blobs[name]]) if name in self.blobs else None
            for name in pair.names
        ]

    def left_out(self, pair: "Pair") -> tuple[list[str], list[str]]:
        """Return the members that differ from the index, and those it lacks (not ignored)."""
        if not any(name in self.blobs for name in pair.names):
            return [], []
        names = ["--", *(f":(literal){name}" for name in pair.names)]
        changed = _listed(self.root, ["diff", "--name-only", "--relative", "-z", *names])
        new = _listed(self.root, ["ls-files", "--others", "--exclude-standard", "-z", *names])
        return changed, new


def _listed(root: str, words: "Sequence[str]") -> list[str]:
    data = _git(root, words)
    text = "" if data is None else data.decode("utf-8", "surrogateescape")
    return [entry for entry in text.split("\0") if entry]


def _git(root: str, words: "Sequence[str]") -> bytes | None:
    """Return what git prints, None where there is no repository."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603  fixed words, no shell
            ["git", "-C", root, *words],  # noqa: S607  the user's git
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise FileError(
            "OCT-W044", "git is not installed, so its index cannot be looked at", Span(root),
            hint="install git, or leave --check and --staged out",
        ) from None  # fmt: skip
    return done.stdout if done.returncode == 0 else None
