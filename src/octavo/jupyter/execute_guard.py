"""Keep frozen cells from kernels, where the server runs the cells of a shared document.

`POST api/kernels/ID/execute` names a cell and its document (jupyter-server-nbmodel offers it,
JupyterLab uses it with `YDocExtension.server_side_execution`).  Whoever handles that page does
so in a subclass that looks at the cell first.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from octavo.core.document import Metadata

_PAGE = "api/kernels/00000000-0000-0000-0000-000000000000/execute"
_NO_PAGE = "octavo/no/such/page"


def guard(app: "Any") -> int:
    """Guard the page that runs cells, if there is one; return how many handlers there were."""
    base_url = app.web_app.settings["base_url"]
    rules = list(_rules_of(app.web_app, base_url))
    for rule in rules:
        rule.target = _guarded(rule.target, app)
    return len(rules)


def _rules_of(web_app: "Any", base_url: str) -> "Iterator[Any]":
    """Yield the rules of the router for that page, without those that fit any page."""
    for host in web_app.default_router.rules:
        for rule in getattr(host.target, "rules", ()):
            regex = getattr(rule.matcher, "regex", None)
            if regex is None or regex.match(base_url + _NO_PAGE):
                continue
            if regex.match(base_url + _PAGE) and hasattr(rule.target, "get_json_body"):
                yield rule


def _guarded(handler: "Any", app: "Any") -> type:
    from jupyter_server.utils import ensure_async

    run = handler.post

    async def post(self: "Any", *words: str, **more: str) -> None:
        """Refuse to run a frozen cell, hand on everything else."""
        if self.current_user and await _names_frozen_cell(app, self.get_json_body() or {}):
            self.set_status(409)
            self.finish(
                {
                    "message": "the cell is frozen or inactive: it was not run",
                    "code": "OCT-J020",
                    "hint": "take the state (frozen, inactive, ...) from the cell to run it",
                }
            )
            return
        await ensure_async(run(self, *words, **more))

    return type(handler.__name__, (handler,), {"post": post, "__doc__": handler.__doc__})


async def _names_frozen_cell(app: "Any", body: "Any") -> bool:
    """Return whether a request names a frozen cell; False if nobody knows the cell."""
    from octavo.jupyter.frozen import is_frozen

    if not isinstance(body, dict):
        return False
    metadata = body.get("metadata")
    named = {**(metadata if isinstance(metadata, dict) else {}), **body}
    cell_id = named.get("cell_id")
    if not isinstance(cell_id, str):
        return False
    found = await _cell_of_room(app, named.get("document_id"), cell_id)
    if found is None:
        found = await _cell_of_file(app, named.get("document_path"), cell_id)
    return found is not None and is_frozen(found[0], found[1])


async def _cell_of_room(app: "Any", room_id: object, cell_id: str) -> "tuple[Metadata, str] | None":
    """Return metadata and source of a cell of a shared document that is open."""
    from octavo.jupyter.rooms import extension_of

    extension = extension_of(app)
    if extension is None or not isinstance(room_id, str):
        return None
    document = await extension.get_document(room_id=room_id, copy=False)
    for cell in getattr(document, "ycells", ()):
        if cell.get("id") == cell_id:
            held = cell.to_py()
            return held.get("metadata") or {}, held.get("source") or ""
    return None


async def _cell_of_file(app: "Any", path: object, cell_id: str) -> "tuple[Metadata, str] | None":
    """Return metadata and source of a cell of a notebook as it was saved."""
    from jupyter_server.utils import ensure_async
    from tornado.web import HTTPError

    if not isinstance(path, str):
        return None
    manager = app.web_app.settings["contents_manager"]
    try:
        model = await ensure_async(manager.get(path, type="notebook", content=True))
    except HTTPError:
        return None  # who runs the cell tells that there is no such document
    for cell in model["content"]["cells"]:
        if cell.get("id") == cell_id:
            return cell.get("metadata") or {}, cell.get("source") or ""
    return None
