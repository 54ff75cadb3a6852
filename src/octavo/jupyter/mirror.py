"""A copy on the local disk of files that only a contents manager can read and write.

    FOLDER/octavo.toml      empty: the mirror is a project of its own
    FOLDER/...              the files, as they were seen last
    FOLDER/.pushing.json    what is being written to the drive, until all of it is there

The drive is what counts: a file is fetched anew before it is used.  What a killed server left
half written is completed as soon as one of the files is fetched again, if nobody changed it.
"""

import asyncio
import json
import os

from octavo.workspace import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_PUSHING = ".pushing.json"
#: Signs that a name on a disk cannot have everywhere; "%" so that names can be read back.
_SIGNS = {"%": "%25", ":": "%3A", "\\": "%5C"}


class Moved(Exception):  # noqa: N818  not an error: the caller begins anew
    """A file of the drive is another than the one that was fetched."""


class Mirror:
    """The mirror of what *manager* holds, in *folder*."""

    def __init__(self, manager: "Any", folder: str) -> None:
        self.folder = folder
        self._manager = manager
        self._seen: dict[str, str | None] = {}
        self._pushing: dict[str, list[str | None]] | None = None

    def path_of(self, path: str) -> str:
        """Return where a file of the drive is mirrored.

        Raises: `HTTPError` 404 for a path that leaves the drive.
        """
        parts = path.split("/")
        if any(part in (".", "..") or "\0" in part for part in parts):
            from tornado.web import HTTPError

            raise HTTPError(404, f"No such file: {path}")
        return os.path.join(self.folder, *map(_written, parts))

    def drive_path_of(self, path: str) -> str | None:
        """Return the path on the drive of a mirrored file, None outside of the mirror."""
        relative = os.path.relpath(path, self.folder)
        parts = relative.split(os.sep)
        return None if ".." in parts else "/".join(map(_read, parts))

    async def pull(self, path: str) -> None:
        """Let the mirror hold what the drive holds now."""
        text = await self._text(path)
        pushing = await self._unfinished()
        if path in pushing:
            seen, wanted = pushing.pop(path)
            if text == seen and wanted is not None:
                await self._save(path, wanted)
                text = wanted
            await asyncio.to_thread(self._note, pushing)
        self._seen[path] = text
        await asyncio.to_thread(self._mirror, self.path_of(path), text)

    async def push(self, paths: "Iterable[str]") -> None:
        """Let the drive hold what the mirror holds, where that changed since it was fetched.

        Raises: `Moved` when the drive changed meanwhile; then nothing was written.
        """
        changed = {}
        for path in paths:
            text = await asyncio.to_thread(_text_of, self.path_of(path))
            if text is not None and text != self._seen.get(path):
                changed[path] = text
        for path in changed:
            if await self._text(path) != self._seen.get(path):
                raise Moved(path)
        if not changed:
            return
        pushing = await self._unfinished()
        pushing.update({path: [self._seen.get(path), text] for path, text in changed.items()})
        await asyncio.to_thread(self._note, pushing)
        try:
            for path, text in changed.items():
                await self._save(path, text)
                self._seen[path] = text
        finally:
            # Also where the drive refuses: that is told, and not to be done behind one's back.
            for path in changed:
                pushing.pop(path, None)
            await asyncio.to_thread(self._note, pushing)

    def move(self, old: str, new: str) -> None:
        """Follow the renaming of a file or a folder of the drive."""
        before, after = self.path_of(old), self.path_of(new)
        if os.path.lexists(before) and not os.path.lexists(after):
            files.make_folder(os.path.dirname(after))
            files.rename(before, after)
        for path in [path for path in self._seen if _is_in(path, old)]:
            self._seen[new + path[len(old) :]] = self._seen.pop(path)

    def remove(self, removed: str) -> None:
        """Follow the removal of a file or a folder of the drive."""
        place = self.path_of(removed)
        if os.path.isfile(place):
            files.remove_file(place)
        for folder, _, names in os.walk(place):
            for name in names:
                files.remove_file(os.path.join(folder, name))
        for path in [path for path in self._seen if _is_in(path, removed)]:
            del self._seen[path]

    def _mirror(self, place: str, text: str | None) -> None:
        marker = os.path.join(self.folder, "octavo.toml")
        if not os.path.isfile(marker):
            files.make_folder(self.folder)
            files.replace_file(marker, b"")
        files.make_folder(os.path.dirname(place))
        if text is None:
            if os.path.lexists(place):
                files.remove_file(place)
            return
        data = text.encode("utf-8", "surrogatepass")
        if not os.path.isfile(place) or files.read_bytes(place) != data:
            files.replace_file(place, data)

    async def _text(self, path: str) -> str | None:
        """Return the text of a file of the drive, None when there is none."""
        from tornado.web import HTTPError

        from octavo.jupyter.contents import ensured

        try:
            asked = self._manager.get(path, content=True, type="file", format="text")
            model = await ensured(asked)
        except HTTPError as error:
            if error.status_code == 404:
                return None
            raise
        return str(model["content"])

    async def _save(self, path: str, text: str) -> None:
        from octavo.jupyter.contents import ensured

        folder = path.rpartition("/")[0]
        if folder and self._seen.get(path) is None:
            await self._make_folder(folder)
        model = {"type": "file", "format": "text", "content": text}
        await ensured(self._manager.save(model, path))

    async def _make_folder(self, folder: str) -> None:
        from octavo.jupyter.contents import ensured

        if await ensured(self._manager.dir_exists(folder)):
            return
        if "/" in folder:
            await self._make_folder(folder.rpartition("/")[0])
        await ensured(self._manager.save({"type": "directory"}, folder))

    async def _unfinished(self) -> "dict[str, list[str | None]]":
        """Return what a push did not complete: what the drive held, what it is to hold."""
        if self._pushing is None:
            self._pushing = await asyncio.to_thread(self._noted)
        return self._pushing

    def _noted(self) -> "dict[str, list[str | None]]":
        place = os.path.join(self.folder, _PUSHING)
        try:
            found = json.loads(files.read_bytes(place)) if os.path.isfile(place) else {}
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _note(self, pushing: "dict[str, list[str | None]]") -> None:
        place = os.path.join(self.folder, _PUSHING)
        if pushing:
            files.make_folder(self.folder)
            files.replace_file(place, json.dumps(pushing).encode("ascii"))
        elif os.path.isfile(place):
            files.remove_file(place)


def _text_of(place: str) -> str | None:
    if not os.path.isfile(place):
        return None
    return files.read_bytes(place).decode("utf-8", "surrogatepass")


def _written(part: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in part)


def _read(part: str) -> str:
    for sign, written in reversed(_SIGNS.items()):
        part = part.replace(written, sign)
    return part


def _is_in(path: str, place: str) -> bool:
    return path == place or path.startswith(place + "/")
