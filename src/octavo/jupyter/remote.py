"""Text notebooks that are not on the local disk: read and written through their own manager.

Saves are merged from the state that their client had, as for local files (`revisions`).  Outputs
are kept in memory, as long as the server runs.  Pairs are not followed here: nothing could be
written to both members at once.
"""

from octavo.core.errors import FormatError
from octavo.workspace.state import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from octavo.core.document import Document
    from octavo.jupyter.revisions import Revisions


class RemoteDocuments:
    """Opens and saves texts; `get` and `save` are those of the manager, made awaitable."""

    def __init__(
        self,
        get: "Callable[[str], Awaitable[dict[str, Any]]]",
        save: "Callable[[dict[str, Any], str], Awaitable[Any]]",
        revisions: "Revisions",
    ) -> None:
        self._get = get
        self._save = save
        self._revisions = revisions
        self._known: dict[str, Document] = {}

    async def open(self, path: str, client: str = "") -> "Document":
        """Return the document of a text, with the ids and outputs that were known of it."""
        text = await self._text(path)
        document = self._read(path, text or "")
        self._known[path] = document
        self._revisions.give(_key(path), document, _state(text), client)
        return document

    async def save(self, path: str, sent: "Document", client: str = "") -> "dict[str, Any]":
        """Write what a client sent, merged with what changed in the file meanwhile."""
        from octavo.core import ids
        from octavo.formats import _names, _text
        from octavo.jupyter.documents import Merge

        sent = ids.unique(sent)
        base = self._revisions.base_for(_key(path), sent, client)
        text = await self._text(path)
        merge = Merge(sent, base, lambda: _state(text))
        document = sent if text is None else merge(self._read(path, text))
        target = _names.of_path(path)
        if text is not None:
            target = _names.parse(_text.read_text(text, target, {}, path).origin.format)
        new = _text.write_text(document, target, {}, text)
        if new != text:
            await self._save({"type": "file", "format": "text", "content": new}, path)
        self._known[path] = document
        held = "" if merge.is_merged else _state(new)
        self._revisions.move(_key(path), base, sent, held, client)
        return {"merged": merge.is_merged, "conflicts": merge.conflicts}

    def renamed(self, old: str, new: str) -> None:
        """Keep what is known of a file, or of all files in a folder, under a new name."""
        for path in [path for path in self._known if _is_in(path, old)]:
            name = new + path[len(old) :]
            self._known[name] = self._known.pop(path)
            self._revisions.rename(_key(path), _key(name))

    def forget(self, removed: str) -> None:
        """Forget a file that was deleted, or all files of a folder."""
        for path in [path for path in self._known if _is_in(path, removed)]:
            del self._known[path]
            self._revisions.forget(_key(path))

    def _read(self, path: str, text: str) -> "Document":
        from octavo.core import ids
        from octavo.formats import _names, _text
        from octavo.formats._update import update

        try:
            document = _text.read_text(text, _names.of_path(path), {}, path)
        except FormatError as error:
            raise error.in_file(path) from None
        known = self._known.get(path)
        return ids.unique(document if known is None else update(document, known))

    async def _text(self, path: str) -> str | None:
        """Return the text of a file, None when there is none."""
        from tornado.web import HTTPError

        try:
            model = await self._get(path)
        except HTTPError as error:
            if error.status_code == 404:
                return None
            raise
        return str(model["content"])


def _is_in(path: str, place: str) -> bool:
    return path == place or path.startswith(place + "/")


def _key(path: str) -> str:
    """Return the name under which the revisions of a file are kept."""
    return digest(b"remote\0" + path.encode("utf-8", "surrogatepass"))


def _state(text: str | None) -> str:
    """Return what tells one content of a file from the others, "" for a missing one."""
    return "" if text is None else digest(text.encode("utf-8", "surrogatepass"))
