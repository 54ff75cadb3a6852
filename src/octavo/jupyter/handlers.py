"""The REST interface below `octavo/api/`: what pages ask beyond the contents API."""

from jupyter_server.base.handlers import APIHandler
from tornado import web

import octavo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class StatusHandler(APIHandler):
    """Tells what is active: `GET octavo/api/status`."""

    @web.authenticated
    def get(self) -> None:
        """Reply with versions and who owns the contents."""
        import json

        _ = self.finish(json.dumps(status(self.settings)))


def status(settings: "dict[str, Any]") -> "dict[str, Any]":
    """Return the version, who owns the contents, and which neighbours are there."""
    from importlib.util import find_spec

    from octavo.jupyter.contents import OctavoContents

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


#: What the extension adds to the server: (pattern below the base URL, handler).
HANDLERS: "list[tuple[str, type[APIHandler]]]" = [
    (r"octavo/api/status", StatusHandler),
]
