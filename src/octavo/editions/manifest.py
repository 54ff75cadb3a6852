"""What editions wrote: `edition.lock.json` beside octavo.toml.

It lists every file with its hash and every cell with the reason why it is in or out.  It is
what a build trusts: a file that is not in it, or has another hash, was written by somebody else
and is left alone.
"""

import os

from octavo.core.errors import FileError, FormatError, Span
from octavo.editions.plan import BESIDE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json

VERSION = 1


class Manifest:
    """The manifest of a project.

    `files` maps paths from the root to facts, with "sha256"; `hashes` are those that were read;
    `units` maps "EDITION/UNIT" to
    what was made of it and from what.
    """

    def __init__(self, root: str) -> None:
        self.path = os.path.join(root, BESIDE)
        self.files: dict[str, dict[str, Json]] = {}
        self.units: dict[str, dict[str, Json]] = {}
        self.hashes: dict[str, str] = {}
        self._held: bytes | None = None

    def read(self) -> None:
        """Read the manifest, if there is one.

        Raises: `FormatError` OCT-E056 for one that is damaged.
        """
        import json

        from octavo.workspace import files

        if not os.path.lexists(self.path):
            return
        self._held = files.read_regular(self.path)
        try:
            said = json.loads(self._held)
            if said["version"] != VERSION:
                return
            self.files = dict(said["files"])
            self.units = dict(said["editions"])
            self.hashes = {path: str(one["sha256"]) for path, one in self.files.items()}
        except (ValueError, TypeError, KeyError):
            raise FormatError(
                "OCT-E056", "is damaged", Span(self.path),
                hint="take the version of git; without it, remove it and the files of editions",
            ) from None  # fmt: skip

    def to_bytes(self) -> bytes:
        """Return the manifest as JSON, the same for the same builds."""
        import json

        said = {
            "version": VERSION,
            "files": {path: self.files[path] for path in sorted(self.files)},
            "editions": {name: self.units[name] for name in sorted(self.units)},
        }
        return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode(
            "utf-8", "backslashreplace"
        )

    def is_current(self) -> bool:
        """Return whether the file says what this says."""
        return self._held == self.to_bytes()

    def write(self) -> bool:
        """Write the manifest if it changed, and return whether it did."""
        from octavo.workspace import files

        data = self.to_bytes()
        if data == self._held:
            return False
        changed = files.replace_file(self.path, data)
        self._held = data
        return changed

    def is_ours(self, path: str, full: str) -> bool:
        """Return whether the file at *path* is as we wrote it."""
        return path in self.hashes and digest_of(full) == self.hashes[path]


def digest_of(path: str) -> str:
    """Return the SHA-256 of a file, "" when there is none that can be read."""
    from octavo.workspace import files

    try:
        return digest(files.read_regular(path))
    except FileError:
        return ""


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    from hashlib import sha256

    return sha256(data).hexdigest()
