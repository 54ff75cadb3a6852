"""Files that a build is about to write: a build that was killed left no manifest that tells.

Each is noted in `.octavo/building` before it is written.  The next build takes those that are on
the disk as noted for files of ours, and makes their units anew.
"""

import json
import os

from octavo.core.errors import FileError
from octavo.editions.manifest import digest_of
from octavo.workspace import files, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.core.document import Json
    from octavo.editions.manifest import Manifest


class UnderWay:
    """The notes of the build of a project."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._disk = state.Disk()
        self._path = os.path.join(root, state.FOLDER, "building")

    def begin(self, noted: "dict[str, dict[str, Json]]") -> None:
        """Note files that will be written now: their paths with what the manifest will say."""
        lines = "".join(json.dumps([path, facts]) + "\n" for path, facts in noted.items())
        self._disk.append(self._path, lines.encode("ascii"))

    def end(self) -> None:
        """Forget all notes: the manifest tells now."""
        self._disk.remove(self._path)

    def complete(self, manifest: "Manifest") -> None:
        """Add what an interrupted build wrote to a manifest; its units are not fresh."""
        for path, facts in self._noted():
            if manifest.hashes.get(path) == facts["sha256"]:
                continue
            if digest_of(os.path.join(self._root, *path.split("/"))) == facts["sha256"]:
                manifest.files[path] = facts
                manifest.hashes[path] = str(facts["sha256"])
                for unit in manifest.units.values():
                    held = unit.get("files")
                    if isinstance(held, list) and path in held:
                        unit["key"] = ""

    def _noted(self) -> "Iterator[tuple[str, dict[str, Json]]]":
        try:
            lines = files.read_bytes(self._path).decode("ascii", "replace").split("\n")
        except FileError:
            return
        for line in lines:
            try:
                path, facts = json.loads(line)
                yield str(path), {**facts, "sha256": str(facts["sha256"])}
            except (ValueError, TypeError, KeyError):
                continue  # the last line of a build that was killed may be half of one
