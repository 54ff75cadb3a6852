"""What a rewrite leaves for the next one, so that only new commits are converted.

    .git/octavo/rewrite/state.json      the wishes, blobs, names, commits
    .git/octavo/rewrite/export.marks    old commits by mark, for `git fast-export`
    .git/octavo/rewrite/import.marks    new commits by mark, for `git fast-import`

All of it may be deleted at any time: the next rewrite then does the whole, with the same result.
"""

import os

from octavo.core.errors import FileError
from octavo.workspace import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from octavo.vcs.git import Git

    # (blob, format) -> text, notebook ("" where it stays as it is), suffix; all "": not converted
    Key: TypeAlias = tuple[str, str]
    Made: TypeAlias = tuple[str, str, str]

_VERSION = 1


class State:
    """The record of an earlier run, in *folder*; empty where there is none that fits."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.clear()

    def clear(self) -> None:
        """Forget everything: the next run does the whole."""
        self.made: dict[Key, Made] = {}
        self.names: set[str] = set()
        self.notebooks: set[str] = set()
        self.taken: set[str] = set()
        self.commits: dict[str, str] = {}
        self.problems: list[tuple[str, str]] = []
        self.attributes: list[str] = []
        self.is_used = False

    def path(self, name: str) -> str:
        """Return the path of one of the files."""
        return os.path.join(self.folder, name)

    def same_marks(self) -> set[bytes]:
        """Return the marks of commits that an earlier run left as they are."""
        if not self.is_used:
            return set()
        lines = files.read_bytes(self.path("export.marks")).decode("ascii").splitlines()
        pairs = (line.split(" ")[:2] for line in lines)
        return {mark.encode("ascii") for mark, oid in pairs if self.commits.get(oid) == oid}

    def load(self, key: str, git: "Git") -> None:
        """Read the record if it is one of the same wishes and all that it names still exists."""
        import json

        from octavo import __version__

        self.clear()
        try:
            found = json.loads(files.read_bytes(self.path("state.json")))
            if found["version"] != _VERSION or found["key"] != [__version__, key]:
                return
            self.made = {(oid, fmt): (text, book, suffix)
                         for oid, fmt, text, book, suffix in found["made"]}  # fmt: skip
            self.names = set(found["names"])
            self.notebooks = set(found["notebooks"])
            self.taken = set(found["taken"])
            self.commits = dict(found["commits"])
            self.problems = [(path, reason) for path, reason in found["problems"]]
            self.attributes = list(found["attributes"])
        except (FileError, ValueError, KeyError, TypeError):
            self.clear()
            return
        self.is_used = os.path.isfile(self.path("import.marks")) and self._exists(git)
        if not self.is_used:
            self.clear()

    def _exists(self, git: "Git") -> bool:
        """Return whether no object was collected since."""
        oids = {oid for pair in self.commits.items() for oid in pair}
        oids |= {oid for text, book, _ in self.made.values() for oid in (text, book) if oid}
        asked = "".join(f"{oid}\n" for oid in sorted(oids)).encode("ascii")
        return b" missing" not in git.run("cat-file", "--batch-check=%(objecttype)", given=asked)

    def save(self, key: str, export_marks: bytes, import_marks: bytes) -> None:
        """Write the record; the part that makes it valid goes last."""
        import json

        from octavo import __version__

        files.make_folder(self.folder)
        found = {
            "version": _VERSION,
            "key": [__version__, key],
            "made": sorted([*where, *made] for where, made in self.made.items()),
            "names": sorted(self.names),
            "notebooks": sorted(self.notebooks),
            "taken": sorted(self.taken),
            "commits": sorted(self.commits.items()),
            "problems": sorted(self.problems),
            "attributes": sorted(self.attributes),
        }
        for name in ("state.json", "export.marks", "import.marks"):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        files.replace_file(self.path("export.marks"), export_marks)
        files.replace_file(self.path("import.marks"), import_marks)
        files.replace_file(self.path("state.json"), json.dumps(found).encode("ascii"))
