"""The contents manager in front of the one that is configured: texts are notebooks, pairs one.

A proxy, not a subclass: whatever manager is configured (synchronous or not) stays the one that
lists folders, serves files and owns hooks and checkpoints.  Only requests for a notebook whose
file is a text, and requests for members of pairs, are answered here.  What a document is and how
it is saved is told by `documents`; files that are not on the local disk are mirrored there first
(`remote`).
"""

import asyncio
import os
from contextlib import contextmanager

from octavo.core.errors import FormatError, OctavoError
from octavo.jupyter import models
from octavo.workspace import state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from typing import Any

    from octavo.core.document import Document
    from octavo.jupyter.documents import Documents, Opened, Saved
    from octavo.jupyter.remote import RemoteDocuments
    from octavo.workspace.pairs import Pair

    Model = dict[str, Any]

#: The header by which our own pages name themselves, so that each save is told from the others.
CLIENT_HEADER = "X-Octavo-Client"
#: What is told of a save that was merged; clients that do not know it see an older time instead.
MERGED = "octavo"
_OWN = frozenset(("inner", "_documents", "_hashes", "_locks", "_remote", "_shown"))
_STATUS = {"OCT-W001": 404, "OCT-W004": 404, "OCT-W005": 403, "OCT-W006": 507, "OCT-W002": 400}


class OctavoContents:
    """What Jupyter Server calls; everything that is not here is answered by `inner`."""

    def __init__(
        self, inner: "Any", documents: "Documents", remote: "RemoteDocuments | None" = None
    ) -> None:
        self.inner = inner
        self._documents = documents
        self._remote = remote
        self._hashes: dict[str, tuple[list[int], str]] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._shown: dict[str, tuple[tuple[list[int], ...], datetime]] = {}

    @property
    def remote(self) -> "RemoteDocuments | None":
        """What mirrors files that are not on the local disk; None where all are."""
        return self._remote

    def __getattr__(self, name: str) -> "Any":
        """Return what the inner manager has under that name."""
        return getattr(self.inner, name)

    def __setattr__(self, name: str, value: object) -> None:
        """Set an attribute of the inner manager, unless it is our own."""
        if name in _OWN:
            object.__setattr__(self, name, value)
        else:
            setattr(self.inner, name, value)

    async def get(
        self,
        path: str,
        content: bool = True,  # noqa: FBT001, FBT002  the signature is Jupyter's
        type: str | None = None,  # noqa: A002
        format: str | None = None,  # noqa: A002
        require_hash: bool = False,  # noqa: FBT001, FBT002
    ) -> "Model":
        """Return the model of a file, a folder or a notebook, as any contents manager does."""
        path = path.strip("/")
        if self._is_notebook(path, type):
            return await self._notebook(path, content=content, require_hash=require_hash)
        model = await self._inner_get(path, content, type, format, require_hash)
        return await self._as_member(path, model, require_hash=require_hash)

    async def save(self, model: "Model", path: str = "") -> "Model":
        """Save a file or a notebook; what changed meanwhile is merged, never overwritten."""
        path = path.strip("/")
        if not self._is_notebook(path, model.get("type")) or "chunk" in model:
            saved = await ensured(self.inner.save(model, path))
            return await self._as_member(path, saved, require_hash=False)
        if _is_ipynb(path):
            named = self._is_far_pair(model)
            if await (self._fetched_pair(path) if named else self._pair(path)) is None:
                saved = await ensured(self.inner.save(model, path))
                return await self._followed(path, saved, is_named=named)
        if "content" not in model:
            raise _http_error(400, "No file content provided")
        async with self._lock(path):
            return await self._save_notebook(model, path)

    async def new(self, model: "Model | None" = None, path: str = "") -> "Model":
        """Create a file; a notebook whose name is that of a text is written as one."""
        path = path.strip("/")
        if model is None or not self._is_notebook(path, model.get("type")):
            return await ensured(self.inner.new(model, path))  # type: ignore[no-any-return]
        if "content" not in model:
            model = {**model, "content": _empty(), "format": "json"}
        return await self.save(model, path)

    async def new_untitled(self, path: str = "", type: str = "", ext: str = "") -> "Model":  # noqa: A002
        """Create a file with a name of its own; a notebook may have the suffix of a text."""
        name = f"x{ext}"
        if type != "notebook" or not ext or _is_ipynb(name) or not _is_text(name):
            return await ensured(self.inner.new_untitled(path=path, type=type, ext=ext))  # type: ignore[no-any-return]
        if not await ensured(self.inner.dir_exists(path.strip("/"))):
            raise _http_error(404, f"No such directory: {path}")
        wanted = self.inner.untitled_notebook + ext
        name = await ensured(self.inner.increment_filename(wanted, path.strip("/")))
        return await self.new({"type": "notebook"}, f"{path}/{name}".strip("/"))

    async def update(self, model: "Model", path: str) -> "Model":
        """Rename, and return the model."""
        path = path.strip("/")
        new_path = (model.get("path") or path).strip("/")
        if path != new_path:
            await self.rename(path, new_path)
        return await self.get(new_path, content=False)

    async def rename(self, old_path: str, new_path: str) -> None:
        """Rename a file and the other members of its pair, with their checkpoints."""
        old_path, new_path = old_path.strip("/"), new_path.strip("/")
        pair = await self._fetched_pair(old_path)
        alone = pair is None and _is_text(old_path)
        place = self._os_path(old_path)
        inside = await self._in_thread(lambda: self._documents.inside(place))
        old = self._documents.alone(place) if alone and not inside else pair
        for before, after in await self._moves(pair, old_path, new_path):
            await ensured(self.inner.rename(before, after))
            if self._remote is not None:
                await self._remote.moved(before, after)
        if old is not None:
            await self._in_thread(lambda: self._documents.renamed(old, self._os_path(new_path)))
        for one in inside:
            moved = self._os_path(new_path) + one.paths[0][len(place) :]
            await self._in_thread(lambda: self._documents.renamed(one, moved))  # noqa: B023  awaited

    async def rename_file(self, old_path: str, new_path: str) -> None:
        """Rename as `rename` does."""
        await self.rename(old_path, new_path)

    async def delete(self, path: str) -> None:
        """Delete a file and the other members of its pair."""
        path = path.strip("/")
        if not path:
            await ensured(self.inner.delete(path))
            return
        pair = await self._fetched_pair(path)
        for member in self._members(pair, path):
            if await ensured(self.inner.file_exists(member)) or member == path:
                await ensured(self.inner.delete(member))
                if self._remote is not None:
                    await self._remote.removed(member)
        if pair is not None:
            await self._in_thread(lambda: self._documents.forget(pair))
        elif _is_text(path):
            alone = self._documents.alone(self._os_path(path))
            await self._in_thread(lambda: self._documents.forget(alone))

    async def delete_file(self, path: str) -> None:
        """Delete as `delete` does."""
        await self.delete(path)

    async def copy(self, from_path: str, to_path: str | None = None) -> "Model":
        """Copy a file, and the other members of its pair to names that fit."""
        model: Model = await ensured(self.inner.copy(from_path, to_path))
        pair = await self._fetched_pair(from_path.strip("/"))
        if pair is None:
            return model
        for before, after in await self._moves(pair, from_path.strip("/"), model["path"]):
            is_there = await ensured(self.inner.file_exists(before))
            if before != from_path.strip("/") and is_there:
                source = await self._inner_get(before, True, "file", "text", False)
                body = {key: source[key] for key in ("type", "format", "content")}
                await ensured(self.inner.save(body, after))
        return model

    async def trust_notebook(self, path: str) -> None:
        """Trust the outputs of a notebook or a text."""
        model = await self.get(path, type="notebook")
        content = model["content"]
        models.trust(content)
        self.inner.check_and_sign(content, path)

    async def create_checkpoint(self, path: str) -> "Model":
        """Remember the state of a file and of the other members of its pair."""
        path = path.strip("/")
        pair = await self._fetched_pair(path)
        if pair is not None:
            # What was edited outside goes into all members first: they are restored together.
            await self._follow(path)
        made: Model = await ensured(self.inner.create_checkpoint(path))
        for member in self._members(pair, path):
            if member != path and await ensured(self.inner.file_exists(member)):
                await ensured(self.inner.create_checkpoint(member))
        return made

    async def restore_checkpoint(self, checkpoint_id: str, path: str) -> None:
        """Bring back the state of a checkpoint, of all members of a pair."""
        for member in await self._members_with(checkpoint_id, path.strip("/")):
            await ensured(self.inner.restore_checkpoint(checkpoint_id, member))

    async def delete_checkpoint(self, checkpoint_id: str, path: str) -> None:
        """Delete a checkpoint, of all members of a pair."""
        for member in await self._members_with(checkpoint_id, path.strip("/")):
            await ensured(self.inner.delete_checkpoint(checkpoint_id, member))

    async def _members_with(self, checkpoint_id: str, path: str) -> list[str]:
        """Return *path*, and the other members of its pair that have a checkpoint."""
        found = []
        for member in self._members(await self._fetched_pair(path), path):
            known = await ensured(self.inner.list_checkpoints(member))
            if member == path or any(one["id"] == checkpoint_id for one in known):
                found.append(member)
        return found

    async def _notebook(self, path: str, *, content: bool, require_hash: bool) -> "Model":
        """Return the model of a text as a notebook, or of a member of a pair."""
        if _is_ipynb(path) and (self._remote is not None or not await self._is_paired(path)):
            model = await self._inner_get(path, content, "notebook", None, require_hash)
            if not (self._is_far_pair(model) or await self._is_paired(path)):
                return model
        model = await self._inner_get(path, False, "file", None, require_hash=False)
        model.update(type="notebook", mimetype=None)
        if content:
            opened = await self._open(path)
            is_text = all(not _is_ipynb(member) for member in opened.pair.paths)
            made = models.content_of(opened.document, is_text=is_text)
            self._mark_trusted(made, path)
            model.update(content=made, format="json")
            self.inner.emit(data={"action": "get", "path": path})
            model = await self._as_member(path, model, require_hash=require_hash)
            return await self._as_held(model, opened.pair)
        return await self._as_member(path, model, require_hash=require_hash)

    async def _save_notebook(self, model: "Model", path: str) -> "Model":
        self.inner.run_pre_save_hooks(model=model, path=path)
        content = models.Content(model["content"])
        self.inner.check_and_sign(content, path)
        try:
            document = models.document_of(content)
        except FormatError as error:
            raise _http_error(400, str(error)) from None
        saved = await self._saved(path, document)
        reply = await self.get(path, content=False, type="notebook")
        if saved.is_merged:
            reply[MERGED] = {"merged": True, "conflicts": saved.conflicts}
            reply["last_modified"] = _just_before(reply["last_modified"])
        else:
            reply = await self._as_held(reply, saved.pair)
        if self._remote is None:
            self.inner.run_post_save_hooks(model=reply, os_path=self._os_path(path))
        for written in saved.written:
            member = self._api_path(written)
            if member is not None:
                self.inner.emit(data={"action": "save", "path": member})
        return reply

    async def _followed(self, path: str, saved: "Model", *, is_named: bool) -> "Model":
        """Write the twins of a notebook that this very save paired."""
        self._hashes.pop(path, None)
        if is_named or await self._is_paired(path):
            await self._follow(path)
            return await self._as_member(path, saved, require_hash=False)
        return saved

    async def _open(self, path: str) -> "Opened":
        """Return a document, synced; errors as those of the API."""
        client = _client(path)
        if self._remote is None:
            return await self._in_thread(  # type: ignore[no-any-return]
                lambda: self._documents.open(self._os_path(path), client)
            )
        with self._told():
            return await self._remote.open(path, client)

    async def _saved(self, path: str, document: "Document") -> "Saved":
        """Save a document; errors as those of the API."""
        client = _client(path)
        if self._remote is None:
            return await self._in_thread(  # type: ignore[no-any-return]
                lambda: self._documents.save(self._os_path(path), document, client)
            )
        with self._told():
            return await self._remote.save(path, document, client)

    async def _follow(self, path: str) -> None:
        """Bring what was edited outside into all members of a pair."""
        if self._remote is None:
            await self._in_thread(lambda: self._documents.follow(self._os_path(path)))
        else:
            await self._open(path)

    def _mark_trusted(self, content: models.Content, path: str) -> None:
        if models.has_outputs(content):
            self.inner.mark_trusted_cells(content, path)
        else:
            models.trust(content)

    async def _as_member(self, path: str, model: "Model", *, require_hash: bool) -> "Model":
        """Give a model the time and hash of its whole document."""
        if model.get("type") == "directory" or not _is_document(path):
            return model
        members = await asyncio.to_thread(self._documents.members_of, self._os_path(path))
        if self._remote is not None:
            return await self._as_far_member(path, model, members, require_hash=require_hash)
        if require_hash or "hash" in model:
            model.update(hash=self._hash(members), hash_algorithm="sha256")
        if len(members) > 1:
            model["last_modified"] = self._last_modified(members, model["last_modified"])
        return model

    async def _as_far_member(
        self, path: str, model: "Model", members: "tuple[str, ...]", *, require_hash: bool
    ) -> "Model":
        """Do so for a document that is not on the local disk."""
        if require_hash and "hash" not in model:
            own = await self._inner_get(path, False, "file", None, require_hash)
            model.update(hash=own["hash"], hash_algorithm=own["hash_algorithm"])
        hashes = {path: str(model.get("hash"))}
        for member in map(self._api_path, members):
            if member in (None, path) or not await ensured(self.inner.file_exists(member)):
                continue
            found = await self._inner_get(str(member), False, "file", None, require_hash)
            model["last_modified"] = max(model["last_modified"], found["last_modified"])
            hashes[str(member)] = str(found.get("hash"))
        if "hash" in model and len(hashes) > 1:
            model["hash"] = _hash_of_all([hashes[name] for name in sorted(hashes)])
        return model

    async def _as_held(self, model: "Model", pair: "Pair") -> "Model":
        """Give an older time to a model of files that somebody has edited by now.

        Looked at after the time was: an edit that is later than both has a later time.
        """
        if self._remote is None and not await self._in_thread(
            lambda: self._documents.is_current(pair)
        ):
            model["last_modified"] = _just_before(model["last_modified"])
        return model

    def _last_modified(self, members: "tuple[str, ...]", own: "datetime") -> "datetime":
        """Return when the document changed last: never earlier than it was told before."""
        from datetime import UTC, datetime

        signatures = tuple(state.signature(member) for member in members)
        times = [found[1] for found in signatures if found]
        latest = datetime.fromtimestamp(max(times) / 1e9, tz=UTC) if times else own
        seen, told = self._shown.get(members[0], ((), latest))
        if seen == signatures:
            return told
        told = max(latest, told)
        if seen and told == self._shown[members[0]][1]:
            told = _just_after(told)
        self._shown[members[0]] = (signatures, told)
        return told

    def _hash(self, members: "tuple[str, ...]") -> str:
        found = [self._hash_of(member) for member in members]
        return found[0] if len(found) == 1 else _hash_of_all(found)

    def _hash_of(self, member: str) -> str:
        """Return the hash of a file, computed once for each state of it."""
        from hashlib import sha256

        from octavo.workspace import files

        signature = state.signature(member)
        known = self._hashes.get(member)
        if known is not None and known[0] == signature:
            return known[1]
        if not signature:
            return ""
        digest = sha256(files.read_bytes(member)).hexdigest()
        self._hashes[member] = (signature, digest)
        return digest

    async def _is_paired(self, path: str) -> bool:
        pair = await self._pair(path)
        return pair is not None

    async def _pair(self, path: str) -> "Pair | None":
        """Return the pair that a file belongs to, as far as it is known; None when it is alone."""
        if not path or not _is_document(path):
            return None
        try:
            return await asyncio.to_thread(self._documents.pair_of, self._os_path(path))
        except OctavoError:
            return None  # told when the document is opened or saved

    async def _fetched_pair(self, path: str) -> "Pair | None":
        """Return the pair that a file belongs to; one that is far away is looked at first."""
        if self._remote is not None and _is_document(path):
            from tornado.web import HTTPError

            try:
                with self._told():
                    await self._remote.fetch(path)
            except HTTPError as error:
                if error.status_code != 400:
                    raise
                return None  # a folder with such a name, or no text at all
        return await self._pair(path)

    def _is_far_pair(self, model: "Model") -> bool:
        """Return whether a notebook that is not on the local disk says that it is paired."""
        content = model.get("content")
        if self._remote is None or not isinstance(content, dict):
            return False
        from octavo.workspace.find import formats_in

        return bool(formats_in(content.get("metadata", {})))

    def _members(self, pair: "Pair | None", path: str) -> list[str]:
        """Return the members of a pair as the API names them, *path* first."""
        found = [] if pair is None else [self._api_path(member) for member in pair.paths]
        return list(dict.fromkeys([path, *(member for member in found if member is not None)]))

    async def _moves(self, pair: "Pair | None", old: str, new: str) -> list[tuple[str, str]]:
        """Return the old and the new name of each file that moves when *old* becomes *new*."""
        from octavo.workspace import pairs

        moves = [(old, new)]
        if pair is None or not pair.formats:
            return moves
        try:
            target = pairs.of_path(self._os_path(new), pair.formats, pair.root)
        except OctavoError as error:
            raise _http_error(409, f"{new}: {error.message}") from None
        for before, after in zip(pair.paths, target.paths, strict=True):
            names = self._api_path(before), self._api_path(after)
            if names[0] is None or names[1] is None or names[0] == old:
                continue
            if not await self._is_there(names[0], before):
                continue
            if await self._is_there(names[1], after):
                raise _http_error(409, f"File already exists: {names[1]}")
            moves.append((names[0], names[1]))
        return moves

    async def _is_there(self, path: str, os_path: str) -> bool:
        if self._remote is None:
            return await asyncio.to_thread(os.path.lexists, os_path)
        return bool(await ensured(self.inner.file_exists(path)))

    def _is_notebook(self, path: str, type: str | None) -> bool:  # noqa: A002
        """Return whether a request asks for a document that may be ours."""
        if type == "notebook":
            return _is_text(path) or _is_ipynb(path)
        return type is None and _is_ipynb(path)

    def _os_path(self, path: str) -> str:
        """Return where a file lies on the local disk, or is mirrored there."""
        if self._remote is not None:
            return self._remote.mirror.path_of(path)
        return str(self.inner._get_os_path(path))  # noqa: SLF001  Jupyter's own extensions use it

    def _api_path(self, os_path: str) -> str | None:
        """Return the path of a file in the API, None when it lies outside of its root."""
        if self._remote is not None:
            return self._remote.mirror.drive_path_of(os_path)
        root = os.path.abspath(self.inner.root_dir)
        relative = os.path.relpath(os_path, root)
        return None if relative.startswith("..") else relative.replace(os.sep, "/")

    def _lock(self, path: str) -> asyncio.Lock:
        return self._locks.setdefault(path, asyncio.Lock())

    async def _inner_get(
        self, path: str, content: bool, type: str | None, format: str | None, require_hash: bool  # noqa: A002, FBT001
    ) -> "Model":  # fmt: skip
        """Ask the inner manager; one that knows nothing of hashes is not asked for any."""
        more = {"require_hash": True} if require_hash else {}
        try:
            found = self.inner.get(path, content=content, type=type, format=format, **more)
            return await ensured(found)  # type: ignore[no-any-return]
        except TypeError:
            if not more:
                raise
        model = await ensured(self.inner.get(path, content=content, type=type, format=format))
        # Pages compare it to see whether a file changed.
        model.update(hash=str(model["last_modified"]), hash_algorithm="last-modified")
        return model  # type: ignore[no-any-return]

    async def _in_thread(self, action: "Callable[[], Any]") -> "Any":
        """Return what *action* does on the disk; its errors become those of the API."""
        with self._told():
            return await asyncio.to_thread(action)

    @contextmanager
    def _told(self) -> "Iterator[None]":
        """Tell errors of documents as the API does."""
        try:
            yield
        except OctavoError as error:
            message = str(error)
            if self._remote is not None:
                message = message.replace(self._remote.mirror.folder + os.sep, "")
            raise _http_error(_STATUS.get(error.code, 400), message) from None


def _client(path: str) -> str:
    """Return the name that the client of this request gave itself, "" without."""
    from jupyter_server.base.call_context import CallContext
    from tornado.websocket import WebSocketHandler

    handler = CallContext.get(CallContext.JUPYTER_HANDLER)
    if handler is None or isinstance(handler, WebSocketHandler):
        return f"room {path}"  # a server-side document: there is one for each file
    return str(handler.request.headers.get(CLIENT_HEADER, ""))[:64]


def _empty() -> "dict[str, Any]":
    return {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": models.MINOR}


def _is_ipynb(path: str) -> bool:
    return path.endswith(".ipynb")


def _is_text(path: str) -> bool:
    """Return whether a file has the suffix of a text that can be a notebook."""
    from octavo.formats import _index

    return not _is_ipynb(path) and path.endswith(tuple(_index.SUFFIXES))


def _is_document(path: str) -> bool:
    return _is_ipynb(path) or _is_text(path)


def _hash_of_all(hashes: list[str]) -> str:
    from hashlib import sha256

    return sha256("\n".join(hashes).encode("ascii", "backslashreplace")).hexdigest()


def _just_before(time: "datetime") -> "datetime":
    from datetime import timedelta

    return time - timedelta(milliseconds=1)


def _just_after(time: "datetime") -> "datetime":
    from datetime import timedelta

    return time + timedelta(microseconds=1)


async def ensured(value: "Any") -> "Any":
    """Return the result of a manager's method, whether that is a coroutine or not."""
    from inspect import isawaitable

    return await value if isawaitable(value) else value


def _http_error(status: int, message: str) -> Exception:
    from tornado.web import HTTPError

    return HTTPError(status, message, reason=message.partition("\n")[0][:200])
