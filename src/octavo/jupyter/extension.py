"""The extension of Jupyter Server: puts our contents in front of the configured ones.

It is enabled on installation (`jupyter_server_config.d/octavo.json`).  Where Jupytext's own
contents manager is active, contents are left to it, and the log says so: two layers that both
turn texts into notebooks would write each file twice.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def load(server: "Any") -> None:
    """Set up the extension in a Jupyter server."""
    from jupyter_server.utils import url_path_join

    from octavo.jupyter.handlers import HANDLERS

    install_contents(server)
    install_guards(server)
    base = server.web_app.settings["base_url"]
    rows = [(url_path_join(base, pattern), handler) for pattern, handler in HANDLERS]
    server.web_app.add_handlers(".*$", rows)


def install_contents(server: "Any") -> bool:
    """Put our contents in front of those of *server*; return whether they are active."""
    from octavo.jupyter.contents import OctavoContents

    inner = server.contents_manager
    if isinstance(inner, OctavoContents):
        return True
    if hasattr(inner, "paired_notebooks"):
        server.log.warning(
            "octavo: Jupytext's contents manager is active, so texts and pairs are left to it; "
            "`octavo doctor` tells how to change that"
        )
        return False
    contents = contents_for(inner)
    server.contents_manager = contents
    server.web_app.settings["contents_manager"] = contents
    server.log.info("octavo: text files are notebooks (contents by %s)", type(inner).__name__)
    return True


def install_guards(server: "Any") -> None:
    """Keep frozen cells from kernels, and what is typed in shared documents from being lost."""
    from octavo.jupyter import execute_guard, kernel_guard, rooms

    settings = server.web_app.settings
    name = "kernel_websocket_connection_class"
    if name in settings:
        settings[name] = kernel_guard.guarded(settings[name])
    rooms.follow(server)
    # Other extensions add their pages after this one.
    server.io_loop.add_callback(execute_guard.guard, server)


def contents_for(inner: "Any", folder: str = "") -> "Any":
    """Return our contents in front of a manager; *folder* is where the server keeps its state."""
    import os

    from octavo.jupyter.contents import OctavoContents
    from octavo.jupyter.documents import Documents
    from octavo.jupyter.mirror import Mirror
    from octavo.jupyter.remote import RemoteDocuments
    from octavo.jupyter.revisions import Revisions

    folder = folder or state_folder()
    revisions = Revisions(os.path.join(folder, "revisions"))
    documents = Documents(folder, revisions)
    if is_local(inner):
        return OctavoContents(inner, documents)

    mirror = Mirror(inner, os.path.join(folder, "mirrors", type(inner).__name__))
    return OctavoContents(inner, documents, RemoteDocuments(documents, mirror))


def is_local(manager: "Any") -> bool:
    """Return whether the files of a manager lie on the local disk, as those of Jupyter's own do."""
    import os

    root = getattr(manager, "root_dir", "")
    return hasattr(manager, "_get_os_path") and isinstance(root, str) and os.path.isdir(root)


def state_folder() -> str:
    """Return the folder in which the server keeps what it knows of open documents."""
    import os

    from jupyter_core.paths import jupyter_data_dir

    return os.path.join(jupyter_data_dir(), "octavo")
