"""Octavo in Jupyter: the server extension, and what its pages need."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _jupyter_server_extension_points() -> "list[dict[str, str]]":
    """Tell Jupyter Server where the extension is."""
    return [{"module": "octavo.jupyter"}]


def _load_jupyter_server_extension(server: "Any") -> None:
    """Set up the extension in a Jupyter server."""
    from octavo.jupyter.extension import load

    load(server)
