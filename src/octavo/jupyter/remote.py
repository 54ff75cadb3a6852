"""Text notebooks that are not on the local disk: read and written through their own manager.

Their outputs and the state from which a save is merged are kept in memory, as long as the server
runs.  Pairs are not followed here: nothing could be written to both members at once.
"""

from octavo.core.errors import FormatError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from octavo.core.document import Document


class RemoteDocuments:
    """Opens and saves texts; `get` and `save` are those of the manager, made awaitable."""

    def __init__(
        self,
        get: "Callable[[str], Awaitable[dict[str, Any]]]",
        save: "Callable[[dict[str, Any], str], Awaitable[Any]]",
    ) -> None:
        self._get = get
        self._save = save
        self._known: dict[str, Document] = {}

    async def open(self, path: str) -> "Document":
        """Return the document of a text, with the ids and outputs that were known of it."""
        document = await self._read(path)
        self._known[path] = document
        return document

    async def save(self, path: str, sent: "Document") -> "dict[str, Any]":
        """Write what a client sent, merged with what changed in the file meanwhile."""
        from octavo.core import ids
        from octavo.core.merge import merge
        from octavo.formats import _names, _text

        sent = ids.unique(sent)
        base = self._known.get(path)
        text = await self._text(path)
        document, conflicts = sent, 0
        if text is not None and base is not None:
            current = await self._read(path)
            merged = merge(base, sent, current, labels=("this notebook", "the file"))
            document, conflicts = ids.unique(merged.document), len(merged.conflicts)
        target = _names.of_path(path)
        if text is not None:
            target = _names.parse(_text.read_text(text, target, {}, path).origin.format)
        new = _text.write_text(document, target, {}, text)
        if new != text:
            await self._save({"type": "file", "format": "text", "content": new}, path)
        self._known[path] = document
        return {"merged": document.cells != sent.cells, "conflicts": conflicts}

    async def _read(self, path: str) -> "Document":
        from octavo.core import ids
        from octavo.formats import _names, _text
        from octavo.formats._update import update

        text = await self._text(path)
        try:
            document = _text.read_text(text or "", _names.of_path(path), {}, path)
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
