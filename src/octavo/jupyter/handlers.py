"""The REST interface below `octavo/api/`: what pages ask beyond the contents API.

GET    status            versions, who owns the contents
GET    formats           the formats that a document can be paired with
POST   sniff             {paths}: which of these files are notebooks, by their content
GET    pair?path=        the members of a document and how they stand
PUT    pair              {path, formats}: these are its members
POST   pair              {path}: sync them now
DELETE pair?path=        end the pair
GET    pairs?path=       the pairs of a folder
POST   preview           {content, format, path}: the text that a save would write
"""

import asyncio
import json
import os

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

import octavo
from octavo.core.errors import OctavoError
from octavo.jupyter.contents import OctavoContents, ensured
from octavo.workspace.sniff import Sniffer, format_of, suffix_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any, TypeAlias

    from octavo.jupyter.remote import RemoteDocuments

    Method: TypeAlias = Callable[[Any], Awaitable[None]]

_MOST_PATHS = 10_000
#: For what is asked by POST and changes nothing.
_authorized_to_read: "Callable[[Method], Method]" = authorized("read")


class _Handler(APIHandler):
    """What all handlers share: paths of the API, errors as JSON.

    What a user may do with the contents, he may do here.
    """

    auth_resource = "contents"

    def reply(self, value: object) -> None:
        """Send *value* as JSON."""
        self.set_header("Content-Type", "application/json")
        _ = self.finish(json.dumps(value))

    def refuse(self, error: OctavoError) -> None:
        """Send an error: what is wrong, its code, what to do."""
        self.set_status(404 if error.code == "OCT-W001" else 400)
        self.reply({"message": error.message, "code": error.code, "hint": error.hint})

    @property
    def inner(self) -> "Any":
        """The contents manager of Jupyter."""
        manager = self.settings["contents_manager"]
        return manager.inner if isinstance(manager, OctavoContents) else manager

    @property
    def remote(self) -> "RemoteDocuments | None":
        """What mirrors files that are not on the local disk; None where all are."""
        manager = self.settings["contents_manager"]
        return manager.remote if isinstance(manager, OctavoContents) else None

    @property
    def root(self) -> str:
        """The folder that the API shows, or that it is mirrored in.

        Raises: 501 when the files are not on the local disk, and the contents not ours.
        """
        from octavo.jupyter.extension import is_local

        if self.remote is not None:
            return self.remote.mirror.folder
        if not is_local(self.inner):
            raise web.HTTPError(501, reason="pairs need files on the local disk")
        return str(self.inner.root_dir)

    def os_path(self, path: str) -> str:
        """Return where a file of the API lies or is mirrored; 404 outside of its root."""
        if self.remote is not None:
            return self.remote.mirror.path_of(path.strip("/"))
        _ = self.root
        return str(self.inner._get_os_path(path.strip("/")))  # noqa: SLF001  Jupyter's extensions use it

    def name_of(self, os_path: str) -> str:
        """Return what the API calls a file."""
        if self.remote is not None:
            return self.remote.mirror.drive_path_of(os_path) or os_path
        return os.path.relpath(os_path, self.root).replace(os.sep, "/")

    def body(self, *names: str) -> "list[Any]":
        """Return these values of the JSON that was sent; 400 when one is missing."""
        sent = self.get_json_body()
        if not isinstance(sent, dict) or any(name not in sent for name in names):
            raise web.HTTPError(400, reason=f"the body has to hold {', '.join(names)}")
        return [sent[name] for name in names]

    async def check_seen(self, path: str) -> None:
        """Check that nothing on the way to a file is hidden.

        Raises: 404, as Jupyter does, unless hidden files are allowed.
        """
        if not self.inner.allow_hidden and await ensured(self.inner.is_hidden(path.strip("/"))):
            raise web.HTTPError(404, reason="no such file or folder")

    async def perform(self, action: "Callable[[], object]") -> None:
        """Reply with what *action* returns, or with its error."""
        await self._perform(asyncio.to_thread(action))

    async def work(self, path: str, action: "Callable[[str], object]", formats: str = "") -> None:
        """Reply with what *action* makes of a document, given where it lies, or with its error.

        *formats* are those that it is paired with.  Raises: 404 for a hidden file, as Jupyter does.
        """
        await self.check_seen(path)
        if self.remote is not None:
            await self._perform(self.remote.work(path.strip("/"), action, formats))
        else:
            await self._perform(asyncio.to_thread(action, self.os_path(path)))

    async def _perform(self, working: "Awaitable[object]") -> None:
        try:
            self.reply(await working)
        except OctavoError as error:
            self.refuse(error)


class StatusHandler(_Handler):
    """`status`."""

    @web.authenticated
    @authorized
    def get(self) -> None:
        """Reply with versions and who owns the contents."""
        self.reply(status(self.settings))


class FormatsHandler(_Handler):
    """`formats`."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Reply with the formats, each with its suffixes."""
        await self.perform(formats)


class SniffHandler(_Handler):
    """`sniff`."""

    @web.authenticated
    @_authorized_to_read
    async def post(self) -> None:
        """Reply for each path whether it is a notebook, and in which format."""
        (paths,) = self.body("paths")
        if not isinstance(paths, list) or len(paths) > _MOST_PATHS:
            raise web.HTTPError(400, reason=f"paths is a list of at most {_MOST_PATHS} paths")
        found = await self._formats_of([str(path) for path in paths])
        self.reply({path: {"notebook": bool(name), "format": name} for path, name in found.items()})

    async def _formats_of(self, paths: list[str]) -> dict[str, str]:
        from octavo.jupyter.extension import is_local

        if not is_local(self.inner):
            return {path: await self._sniffed(path) for path in paths}
        places: dict[str, str] = {}
        for path in paths:
            try:
                places[path] = self.os_path(path)
            except web.HTTPError:  # outside of the root: it is none of ours
                places[path] = ""
        sniffer = self.settings.setdefault("octavo_sniffer", Sniffer())
        found = await asyncio.to_thread(sniffer.formats_of, filter(None, places.values()))
        return {path: found.get(place, "") for path, place in places.items()}

    async def _sniffed(self, path: str) -> str:
        """Sniff a file through its own manager."""
        suffix = suffix_of(path)
        if not suffix:
            return ""
        try:
            model = await ensured(self.inner.get(path, content=True, type="file", format="text"))
        except web.HTTPError:
            return ""
        return format_of(str(model["content"]), suffix)


class PairHandler(_Handler):
    """`pair`: one document."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Reply with its members."""
        await self._info(self.get_query_argument("path"))

    @web.authenticated
    @authorized
    async def put(self) -> None:
        """Pair it, and reply with its members."""
        from octavo.workspace import pairing
        from octavo.workspace.find import Finder

        path, wanted = map(str, self.body("path", "formats"))
        await self._info(path, lambda place: pairing.pair(place, wanted, Finder()), wanted)

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Sync it, and reply with its members."""
        from octavo.workspace import pairing
        from octavo.workspace.find import Finder

        (path,) = self.body("path")
        await self._info(str(path), lambda place: pairing.renew(place, Finder()))

    @web.authenticated
    @authorized
    async def delete(self) -> None:
        """End the pair, and reply with what is left."""
        from octavo.workspace import pairing
        from octavo.workspace.find import Finder

        path = self.get_query_argument("path")
        await self._info(path, lambda place: pairing.unpair(place, Finder()))

    async def _info(
        self, path: str, first: "Callable[[str], object]" = lambda _: None, formats: str = ""
    ) -> None:
        from octavo.jupyter import pair_info

        def action(place: str) -> object:
            first(place)
            return pair_info.info(place, self.name_of)

        await self.work(path, action, formats)


class PairsHandler(_Handler):
    """`pairs`: those of a folder."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Reply with the pairs."""
        from octavo.jupyter import pair_info

        path = self.get_query_argument("path", "")
        await self.check_seen(path)
        if not await ensured(self.inner.dir_exists(path.strip("/"))):
            raise web.HTTPError(404, reason="no such folder")
        folder = self.os_path(path)
        if self.remote is not None and not await asyncio.to_thread(os.path.isdir, folder):
            self.reply({"pairs": []})  # nobody has opened a document there
            return
        await self.perform(lambda: {"pairs": pair_info.of_folder(folder, self.name_of)})


class PreviewHandler(_Handler):
    """`preview`."""

    @web.authenticated
    @_authorized_to_read
    async def post(self) -> None:
        """Reply with the text of a notebook, and the suffix of its file."""
        from octavo.jupyter import preview
        from octavo.jupyter.extension import is_local

        content, short = self.body("content", "format")
        path = str((self.get_json_body() or {}).get("path", ""))
        is_here = is_local(self.inner) or self.remote is not None
        place = self.os_path(path) if path and is_here else ""
        await self.perform(lambda: preview.text_of(content, str(short), place))


def status(settings: "dict[str, Any]") -> "dict[str, Any]":
    """Return the version, who owns the contents, and which neighbours are there."""
    from importlib.util import find_spec

    manager = settings["contents_manager"]
    is_ours = isinstance(manager, OctavoContents)
    inner = manager.inner if is_ours else manager
    return {
        "version": octavo.__version__,
        "contents": {
            "active": is_ours,
            "owner": type(manager).__name__,
            "inner": f"{type(inner).__module__}.{type(inner).__qualname__}",
        },
        "jupytext": hasattr(inner, "paired_notebooks"),
        "collaboration": find_spec("jupyter_server_ydoc") is not None,
    }


def formats() -> "list[dict[str, Any]]":
    """Return the formats of texts: name, what it is, suffixes; those of scripts last.

    `default_for` are the suffixes that mean this format when none is named.
    """
    from octavo.formats import _index

    found = []
    for name in _index.names():
        fmt = _index.get(name)
        if fmt is not None and not fmt.keeps.outputs:
            default_for = [suffix for suffix in fmt.suffixes if _index.default_name(suffix) == name]
            found.append(
                {
                    "name": name, "summary": fmt.summary, "suffixes": list(fmt.suffixes),
                    "default_for": default_for,
                }
            )  # fmt: skip
    return sorted(found, key=lambda row: len(row["suffixes"]))


#: What the extension adds to the server: (pattern below the base URL, handler).
HANDLERS: "list[tuple[str, type[APIHandler]]]" = [
    (r"octavo/api/status", StatusHandler),
    (r"octavo/api/formats", FormatsHandler),
    (r"octavo/api/sniff", SniffHandler),
    (r"octavo/api/pair", PairHandler),
    (r"octavo/api/pairs", PairsHandler),
    (r"octavo/api/preview", PreviewHandler),
]
