"""Documents that are not on the local disk: opened and saved in a mirror, then written back.

All that is done to them is what is done to local documents (`documents`), between a fetch of
their files and a push of what changed.  Where the drive changes meanwhile, it is done again: a
save then as a change of what was fetched before, merged with what the drive holds by now.
"""

import asyncio
import os

from octavo.core.errors import OctavoError
from octavo.jupyter.mirror import Mirror, Moved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from octavo.core.document import Document, Metadata
    from octavo.jupyter.documents import Documents, Opened, Saved
    from octavo.workspace.pairs import Pair

    T = TypeVar("T")

_PATIENCE = 5
#: The name under which a save holds what it was made from while it is repeated.
_AGAIN = "a save that is repeated"


class RemoteDocuments:
    """Opens and saves documents of a drive; *mirror* is where they are worked on."""

    def __init__(self, documents: "Documents", mirror: Mirror) -> None:
        self.mirror = mirror
        self._documents = documents
        self._turn = asyncio.Lock()

    async def fetch(self, path: str) -> None:
        """Let the mirror hold a file, and the other members of its pair."""
        async with self._turn:
            await self._fetch(path)

    async def open(self, path: str, client: str = "") -> "Opened":
        """Return a document; errors as `Documents.open`, and those of the drive."""
        async with self._turn:
            return await self._open(path, client)

    async def save(self, path: str, sent: "Document", client: str = "") -> "Saved":
        """Bring what a client sent into the files, merged with what changed there meanwhile.

        Raises: `HTTPError` 409 when the drive changes faster than it can be written.
        """
        async with self._turn:
            written: tuple[str, ...] = ()
            is_merged, conflicts, name = False, 0, client
            for _ in range(_PATIENCE):
                opened = await self._open(path, None)
                await self._fetch_named(path, sent)
                place = self._place(path)
                saved = await asyncio.to_thread(self._documents.save, place, sent, name)
                written = tuple(dict.fromkeys((*written, *saved.written)))
                is_merged |= saved.is_merged
                conflicts += saved.conflicts
                pair = await asyncio.to_thread(self._documents.pair_of, place)
                if await self._push(pair or saved.pair):
                    if name != client:
                        self._documents.revisions.leave(self._documents.key_of(saved.pair), name)
                    saved.written, saved.is_merged, saved.conflicts = written, is_merged, conflicts
                    return saved
                # What was to be written is a change of what was fetched before.
                sent = (await asyncio.to_thread(self._documents.open, place, None)).document
                name = _AGAIN
                key = self._documents.key_of(opened.pair)
                self._documents.revisions.give(key, opened.document, "", name)
            raise _busy(path)

    async def work(self, path: str, action: "Callable[[str], T]", formats: str = "") -> "T":
        """Return what *action* makes of a mirrored file; the drive gets what changed.

        *formats* are those that the action pairs the file with.

        Raises: `HTTPError` 409 when the drive changes faster than it can be written.
        """
        place = self._place(path)
        async with self._turn:
            for _ in range(_PATIENCE):
                before = self._members(await self._fetch(path))
                await self._fetch_paired(path, formats, {})
                made = await asyncio.to_thread(action, place)
                pair = await asyncio.to_thread(self._documents.pair_of, place)
                members = dict.fromkeys((path, *before, *self._members(pair)))
                if await self._push(pair or self._documents.alone(place), members):
                    return made
                if pair is not None:
                    await asyncio.to_thread(self._documents.forget, pair)
            raise _busy(path)

    async def moved(self, old: str, new: str) -> None:
        """Follow the renaming of a file or a folder."""
        async with self._turn:
            await asyncio.to_thread(self.mirror.move, old, new)

    async def removed(self, path: str) -> None:
        """Follow the removal of a file or a folder."""
        async with self._turn:
            await asyncio.to_thread(self.mirror.remove, path)

    async def _open(self, path: str, client: str | None) -> "Opened":
        for _ in range(_PATIENCE):
            pair = await self._fetch(path)
            if pair is None and not await asyncio.to_thread(os.path.isfile, self._place(path)):
                return await asyncio.to_thread(self._new, path)
            opened = await asyncio.to_thread(self._documents.open, self._place(path), client)
            if await self._push(opened.pair):
                return opened
            # What the mirror took for edits of the files is not on the drive: sync them afresh.
            await asyncio.to_thread(self._documents.forget, opened.pair)
        raise _busy(path)

    def _new(self, path: str) -> "Opened":
        """Return the document of a file that is not there yet."""
        from octavo.core.document import Document
        from octavo.jupyter.documents import Opened

        return Opened(self._documents.alone(self._place(path)), Document([]))

    async def _fetch(self, path: str) -> "Pair | None":
        await self.mirror.pull(path)
        try:
            pair = await asyncio.to_thread(self._documents.pair_of, self._place(path))
        except OctavoError:
            return None  # told when the document is opened or saved
        await self._pull_others(path, pair)
        return pair

    async def _fetch_named(self, path: str, sent: "Document") -> None:
        """Fetch the members that a document names which is to be saved: it may pair them first."""
        from octavo.workspace.find import formats_in

        await self._fetch_paired(path, formats_in(sent.metadata), sent.metadata)

    async def _fetch_paired(self, path: str, formats: str, metadata: "Metadata") -> None:
        from octavo.workspace import pairs

        if formats:
            try:
                named = pairs.of_path(self._place(path), formats, self.mirror.folder, metadata)
            except OctavoError:
                return  # told when it is paired
            await self._pull_others(path, named)

    async def _pull_others(self, path: str, pair: "Pair | None") -> None:
        for member in self._members(pair):
            if member != path:
                await self.mirror.pull(member)

    async def _push(self, pair: "Pair", members: "Iterable[str] | None" = None) -> bool:
        """Write *members* (those of the pair) to the drive; return whether it was as fetched.

        Where the drive refuses, what is recorded of the pair is forgotten: its next sync takes
        no difference between the members for somebody's deletion.
        """
        try:
            await self.mirror.push(self._members(pair) if members is None else members)
        except Moved:
            return False
        except BaseException:
            await asyncio.to_thread(self._documents.forget, pair)
            raise
        return True

    def _members(self, pair: "Pair | None") -> list[str]:
        found = () if pair is None else map(self.mirror.drive_path_of, pair.paths)
        return [path for path in found if path is not None]

    def _place(self, path: str) -> str:
        return self.mirror.path_of(path)


def _busy(path: str) -> Exception:
    from tornado.web import HTTPError

    return HTTPError(409, f"{path} changes faster than it can be written; try again")
