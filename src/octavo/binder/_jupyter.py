"""A real Jupyter server for one proof: on loopback, with a token, in folders of its own."""

import json
import os
import time
from contextlib import contextmanager

from octavo.binder import _process
from octavo.core.errors import OctavoError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping
    from http.client import HTTPResponse
    from typing import Self

_FOLDERS = ("root", "home", "config", "data", "runtime", "tmp")
_REDIRECTS = (301, 302, 303, 307, 308)
_POLL_S = 0.02
_ORPHAN_S = 900  # a server whose Octavo was killed ends by itself
_LAST_LINES = 3
#: Settings of people that would change what the server does.
_DROPPED = ("JUPYTER_", "NBGITPULLER_", "GIT_", "XDG_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy")

#: No kernels: opening a notebook starts none then.  No news, no updates, no extension manager:
#: each of them would ask the network.
_ARGUMENTS = (
    "--no-browser",
    "--allow-root",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.open_browser=False",
    "--ServerApp.port_retries=50",
    f"--ServerApp.shutdown_no_activity_timeout={_ORPHAN_S}",
    "--ServerApp.terminals_enabled=False",
    "--KernelSpecManager.ensure_native_kernel=False",
    "--KernelSpecManager.allowed_kernelspecs=octavo-none",
    "--LabApp.expose_app_in_browser=True",
    "--JupyterNotebookApp.expose_app_in_browser=True",
    "--LanguageServerManager.autodetect=False",
    "--LabApp.extension_manager=readonly",
    "--YDocExtension.disable_rtc=True",  # rooms know fewer file names than the server does
    "--LabApp.news_url=None",
    "--CheckForUpdateHandler.update_checker_class=jupyterlab.NeverCheckForUpdate",
)


class ServerError(OctavoError):
    """The Jupyter server that a proof needs cannot be had."""

    exit_code = 4


class Answer:
    """What the server answered: status, address after redirects, text."""

    __slots__ = ("path", "status", "text")

    def __init__(self, status: int, path: str, text: str) -> None:
        self.status = status
        self.path = path
        self.text = text


class Server:
    """A Jupyter server that runs while the `with` block does.

    `root` is the folder it serves.  *git* are further environment variables for it.
    """

    def __init__(
        self, python: str, folder: str, git: "Mapping[str, str]", timeout_s: float
    ) -> None:
        self._python = python
        self._folder = folder
        self._git = git
        self._timeout_s = timeout_s
        self._log = os.path.join(folder, "server.log")
        self._process: subprocess.Popen[bytes] | None = None
        self.root = os.path.join(folder, "root")
        self.port = 0
        self.token = ""

    def __enter__(self) -> "Self":
        """Start the server and wait until it listens.

        Raises: `ServerError` OCT-B203 (Python lacks JupyterLab), OCT-B204 (it does not start).
        """
        import secrets

        for name in _FOLDERS:
            os.mkdir(os.path.join(self._folder, name), 0o700)
        self._write_settings()
        self.token = secrets.token_hex(24)
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        argv = [self._python, "-m", "jupyterlab", *_ARGUMENTS]
        argv += [f"--ServerApp.root_dir={self.root}", f"--ServerApp.port={_free_port()}"]
        try:
            self._process = _process.start(argv, self._environment(), self.root, log=log)
        except OSError as fault:
            raise ServerError(
                "OCT-B203",
                f"{self._python}: cannot be started: {fault.strerror}",
                hint="name the Python of the environment with --python",
            ) from None
        finally:
            os.close(log)
        try:
            self.port = self._wait_for_port()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End the server."""
        if self._process is not None:
            _process.stop(self._process)

    def get(self, path: str, *, redirects: int = 10) -> Answer:
        """Return the answer to a request for *path* (as it stands in a URL, without a slash).

        Raises: `ServerError` OCT-B204 when the server does not answer.
        """
        for _ in range(redirects):
            with self._asked(path) as response:
                target = response.getheader("Location")
                if response.status not in _REDIRECTS or target is None:
                    return Answer(response.status, path, response.read().decode("utf-8", "replace"))
                path = _path_of(target)
        return Answer(508, path, "")

    def events(self, path: str) -> "Iterator[dict[str, object]]":
        """Yield the events that the server sends for *path*, each a JSON object."""
        with self._asked(path) as response:
            if response.status != 200:
                yield {"phase": "error", "message": f"{path.partition('?')[0]}: {response.status}"}
                return
            for line in response:
                name, _, value = line.decode("utf-8", "replace").partition(":")
                if name == "data":
                    yield json.loads(value)

    def forget_layout(self) -> None:
        """Forget which documents JupyterLab showed: it would open them again beside the next."""
        import shutil

        folder = os.path.join(self._folder, "config", "workspaces")
        shutil.rmtree(folder, ignore_errors=True)

    def name(self) -> str:
        """Return what runs, with its version."""
        told = json.loads(self.get("api").text)
        return f"Jupyter Server {told['version']}"

    def url(self, path: str) -> str:
        """Return the address of *path*."""
        return f"http://127.0.0.1:{self.port}/{path}"

    @contextmanager
    def _asked(self, path: str) -> "Iterator[HTTPResponse]":
        """Yield the response to a request; the connection is closed at the end."""
        from http.client import HTTPConnection, HTTPException

        connection = HTTPConnection("127.0.0.1", self.port, timeout=self._timeout_s)
        try:
            connection.request("GET", "/" + path, headers={"Authorization": f"token {self.token}"})
            yield connection.getresponse()
        except (OSError, HTTPException) as fault:
            raise ServerError(
                "OCT-B204", f"the Jupyter server does not answer: {fault}", hint=self._last_words()
            ) from None
        finally:
            connection.close()

    def _write_settings(self) -> None:
        """Keep JupyterLab from asking whether it may fetch news."""
        from octavo.workspace import files

        folder = os.path.join(self._folder, "config", "settings", "@jupyterlab/apputils-extension")
        os.makedirs(folder)
        files.replace_file(
            os.path.join(folder, "notification.jupyterlab-settings"), b'{"fetchNews": "false"}\n'
        )

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(_DROPPED) and name.lower() not in _PROXIES
        }
        folders = {name: os.path.join(self._folder, name) for name in _FOLDERS}
        # Packages that were installed with `pip install --user` stay where they are.
        user_base = kept.get("PYTHONUSERBASE") or os.path.join(os.path.expanduser("~"), ".local")
        return kept | {
            "HOME": folders["home"],
            "USERPROFILE": folders["home"],
            "TMPDIR": folders["tmp"],
            "PYTHONUSERBASE": user_base,
            "JUPYTER_CONFIG_DIR": folders["config"],
            "JUPYTER_DATA_DIR": folders["data"],
            "JUPYTER_RUNTIME_DIR": folders["runtime"],
            "JUPYTERLAB_SETTINGS_DIR": os.path.join(folders["config"], "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": os.path.join(folders["config"], "workspaces"),
            "JUPYTER_TOKEN": self.token,
            **self._git,
        }

    def _wait_for_port(self) -> int:
        """Return the port that the server tells in its runtime file."""
        process = self._process
        end = time.monotonic() + self._timeout_s
        while process is not None and time.monotonic() < end:
            if process.poll() is not None:
                raise self._died()
            port = self._told_port(process.pid)
            # The file is there a moment before the server listens.
            if port and _listens(port):
                return port
            time.sleep(_POLL_S)
        raise ServerError(
            "OCT-B204",
            f"the Jupyter server did not start within {self._timeout_s:g} s",
            hint=self._last_words() or "--timeout gives it longer",
        )

    def _told_port(self, pid: int) -> int:
        from octavo.core.errors import FileError
        from octavo.workspace import files

        try:
            told = json.loads(
                files.read_bytes(os.path.join(self._folder, "runtime", f"jpserver-{pid}.json"))
            )
        except (FileError, ValueError):
            return 0  # not there yet, or not yet complete
        return int(told["port"])

    def _died(self) -> ServerError:
        words = self._last_words()
        if "No module named" in words:
            return ServerError(
                "OCT-B203",
                f"{self._python}: no JupyterLab there: {words}",
                hint="`python -m pip install jupyterlab nbgitpuller`, or name the environment's "
                "Python with --python",
            )
        return ServerError("OCT-B204", f"the Jupyter server ended at once: {words}")

    def _last_words(self) -> str:
        """Return the last lines of the log, on one line."""
        from octavo.workspace import files

        lines = files.read_bytes(self._log).decode("utf-8", "replace").strip().split("\n")
        return " / ".join(line.strip() for line in lines[-_LAST_LINES:])


def _free_port() -> int:
    """Return a port that is free now; the server takes the next one should it be lost."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    import socket

    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _path_of(target: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(target)
    return parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
