"""What JupyterHub told the server that it started, and so every program that runs in it."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RESTART = "stop your server in File > Hub Control Panel, and start it again"


class Hub:
    """The server of a user: its name, the path of its pages, the token for them.

    `app` is the application that an administrator chose in place of Jupyter Server, "" for none;
    `ignores_home` says that configuration below the home folder has no effect.
    """

    __slots__ = ("app", "ignores_home", "prefix", "token", "user")

    def __init__(self, environment: "Mapping[str, str]") -> None:
        self.user = environment.get("JUPYTERHUB_USER", "")
        self.prefix = environment.get("JUPYTERHUB_SERVICE_PREFIX", "")
        self.token = environment.get("JUPYTERHUB_API_TOKEN", "")
        self.app = environment.get("JUPYTERHUB_SINGLEUSER_APP", "")
        self.ignores_home = environment.get("JUPYTERHUB_DISABLE_USER_CONFIG", "") not in ("", "0")

    @property
    def is_classic(self) -> bool:
        """Return whether the pages are those of the notebook before version 7."""
        return "notebook" in self.app and "jupyter" not in self.app


def current(environment: "Mapping[str, str]" = os.environ) -> "Hub | None":
    """Return the hub that started the server in which this program runs, None without one."""
    hub = Hub(environment)
    return hub if hub.user and hub.prefix else None


def outside_home(folders: "Iterable[str]") -> list[str]:
    """Return the folders that do not lie in the home folder of the user."""
    home = os.path.realpath(os.path.expanduser("~"))
    return [
        folder for folder in folders if os.path.commonpath([home, os.path.realpath(folder)]) != home
    ]
