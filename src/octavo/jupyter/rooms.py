"""Shared documents: a change of the file goes into the open room, and takes nothing from it.

A room of jupyter-collaboration takes the content of a file that changed behind its back in
place of its own, and what was typed since the last save is gone.  Here it is merged instead,
cell by cell, with what the room last shared with the file as the base.  It stays unsaved, so
the room writes it in its own time.
"""

import functools

from octavo.jupyter import live_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from octavo.core.document import Json

    Notebook = dict[str, Json]

EVENTS = "https://schema.jupyter.org/jupyter_collaboration/session/v1"
_EXTENSION = "jupyter_server_ydoc"
_LABELS = ("open document", "file")


def extension_of(app: "Any") -> "Any":
    """Return the collaboration extension of a server, None when it is not active."""
    found = app.extension_manager.extension_apps.get(_EXTENSION)
    extension = next(iter(found), None) if found else None
    return extension if hasattr(extension, "get_document") else None


def follow(app: "Any") -> None:
    """Let each notebook that is opened for collaboration merge what comes from its file."""
    lives: dict[str, LiveNotebook] = {}

    async def opened(logger: "Any", schema_id: str, data: "dict[str, Any]") -> None:  # noqa: ARG001  so they are called
        if data.get("action") in ("initialize", "clean") and ":notebook:" in data["room"]:
            await _enliven(app, data["room"], lives)

    if app.event_logger is not None:
        app.event_logger.add_listener(schema_id=EVENTS, listener=opened)


async def _enliven(app: "Any", room_id: str, lives: "dict[str, LiveNotebook]") -> None:
    extension = extension_of(app)
    document = None
    if extension is not None:
        document = await extension.get_document(room_id=room_id, copy=False)
    if document is None:  # everybody has left the room
        lives.pop(room_id, None)
        return
    known = lives.get(room_id)
    if known is not None and known.document is document:
        return
    loader = extension.file_loaders[room_id.rpartition(":")[2]]
    lives[room_id] = LiveNotebook(document)
    lives[room_id].watch_saves(loader)


def merged(base: "Notebook", ours: "Notebook", theirs: "Notebook") -> "Notebook":
    """Return the notebook *ours* with what changed from *base* to *theirs*."""
    from octavo.core import ids
    from octavo.core.document import Document
    from octavo.core.merge import merge

    documents = [ids.unique(Document.from_nbformat(one)) for one in (base, ours, theirs)]
    found = merge(documents[0], documents[1], documents[2], labels=_LABELS)
    return ids.unique(found.document).to_nbformat()


class LiveNotebook:
    """The open document of a room; `base` is what it last shared with its file."""

    def __init__(self, document: "Any") -> None:
        self.document = document
        self.base: Notebook = document.get()
        # The room calls this with the new content of the file, and only then.
        document.aset = self.take

    async def take(self, theirs: "Notebook") -> None:
        """Bring the content of the file into the document, without an interruption.

        Nobody can type between the look at the document and the change of it.
        """
        ours: Notebook = self.document.get()
        if ours == self.base:
            live_edits.show(self.document, theirs)
            self.base = self.document.get()
            return
        found = merged(self.base, ours, theirs)
        live_edits.show(self.document, found)
        self.base = theirs
        if found["cells"] != theirs["cells"]:
            import asyncio

            # The room says that all is saved as soon as this returns; afterwards it is not.
            asyncio.get_running_loop().call_soon(self._unsaved)

    def watch_saves(self, loader: "Any") -> None:
        """Take what the room saves to its file as the new base."""
        save = loader.maybe_save_content

        @functools.wraps(save)
        async def saved(model: "dict[str, Any]") -> "dict[str, Any] | None":
            answer: dict[str, Any] | None = await save(model)
            if answer is not None and model["type"] == "notebook":
                self.base = model["content"]
            return answer

        loader.maybe_save_content = saved

    def _unsaved(self) -> None:
        self.document.dirty = True
