"""A real Jupyter server in a process of its own, and clients of its shared documents."""

import asyncio
import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

PATIENCE_S = 60.0
#: What else an environment may enable; each test says which of them it wants.
_OTHERS = (
    "jupyter_lsp", "jupyter_server_fileid", "jupyter_server_nbmodel", "jupyter_server_terminals",
    "jupyter_server_ydoc", "jupyterlab", "jupyterlab_jupytext", "nbdime", "nbgitpuller",
    "notebook", "notebook_shim", "octavo.jupyter",
)  # fmt: skip


class JupyterServer:
    """A server of a folder; `extensions` are the server extensions that are enabled in it."""

    def __init__(self, folder, home, extensions, *, settings=None, python_path=""):
        self.folder = folder
        self.token = secrets.token_hex(16)
        configuration = {
            "ServerApp": {
                "jpserver_extensions": {name: name in extensions for name in _OTHERS},
            },
            "IdentityProvider": {"token": self.token},
            **(settings or {}),
        }
        place = home / "config"
        place.mkdir(parents=True, exist_ok=True)
        (home / "data").mkdir(exist_ok=True)
        (place / "jupyter_server_config.json").write_text(json.dumps(configuration))
        environment = {
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(place),
            "JUPYTER_NO_CONFIG": "",
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTER_PREFER_ENV_PATH": "0",
            "PYTHONPATH": python_path,
        }
        self.log = home / "server.log"
        self.output = self.log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", "--no-browser", "--ServerApp.port=0",
             "--ServerApp.ip=127.0.0.1", "--allow-root", f"--ServerApp.root_dir={folder}"],
            env=environment, stdout=self.output, stderr=subprocess.STDOUT, cwd=home,
        )  # fmt: skip
        self.url = self._started(home / "runtime")

    def _started(self, runtime):
        """Return the address as soon as the server answers."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self.process.poll() is None:
            for found in runtime.glob("jpserver-*.json"):
                with contextlib.suppress(ValueError):
                    self.url = json.loads(found.read_text())["url"]
                    if self.is_up():
                        return self.url
            time.sleep(0.05)
        self.stop()
        pytest.fail(f"the server did not start:\n{self.log.read_text()[-3000:]}")

    def is_up(self):
        try:
            return bool(self.request("GET", "api"))
        except OSError:
            return False

    def request(self, method, page, body=None):
        """Return the decoded answer; `urllib.error.HTTPError` for one of 4xx."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + page, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read() or b"null")

    def refused(self, method, page, body=None):
        """Return status and decoded answer of a request that has to fail."""
        try:
            self.request(method, page, body)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())
        pytest.fail(f"{method} {page} did not fail")

    def get(self, path, **query):
        words = "&".join(f"{key}={value}" for key, value in query.items())
        return self.request("GET", f"api/contents/{path}?{words}")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE_S)
        self.output.close()

    async def connect(self, page, protocol=()):
        """Return a websocket."""
        from tornado.httpclient import HTTPRequest
        from tornado.websocket import websocket_connect

        url = self.url.replace("http", "ws", 1) + page
        headers = {"Authorization": f"token {self.token}"}
        return await websocket_connect(
            HTTPRequest(url, headers=headers), subprotocols=list(protocol) or None
        )


class Collaborator:
    """A client of a shared notebook, as JupyterLab is one, without a browser."""

    def __init__(self, server, path):
        from jupyter_ydoc import YNotebook
        from pycrdt import Doc

        self.server = server
        self.path = path
        self.document = YNotebook(Doc())
        self.document_id = ""
        self.changed = asyncio.Event()

    async def __aenter__(self):
        from pycrdt import Provider

        session = await asyncio.to_thread(
            self.server.request, "PUT", f"api/collaboration/session/{self.path}",
            {"format": "json", "type": "notebook"},
        )  # fmt: skip
        self.document_id = f"json:notebook:{session['fileId']}"
        page = f"api/collaboration/room/{self.document_id}?sessionId={session['sessionId']}"
        self.socket = await self.server.connect(page)
        self.document.observe(lambda *_: self.changed.set())
        self.provider = Provider(self.document.ydoc, _Channel(self.socket, page))
        self.stack = contextlib.AsyncExitStack()
        await self.stack.enter_async_context(self.provider)
        await self.until(lambda notebook: notebook["cells"])
        return self

    async def __aexit__(self, *_):
        self.socket.close()
        with contextlib.suppress(ExceptionGroup, RuntimeError):
            await self.stack.aclose()

    def notebook(self):
        return self.document.get()

    def sources(self):
        return [cell["source"] for cell in self.notebook()["cells"]]

    def type(self, number, text):
        """Append to the source of a cell."""
        source = self.document.ycells[number]["source"]
        source += text

    async def until(self, is_so, patience_s=PATIENCE_S):
        """Wait until the notebook is as wanted, and return how long that took in seconds."""
        start = time.monotonic()
        while not is_so(self.notebook()):
            self.changed.clear()
            left = start + patience_s - time.monotonic()
            assert left > 0, self.notebook()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.changed.wait(), min(left, 1))
        return time.monotonic() - start


class _Channel:
    """A websocket of tornado as a channel of pycrdt."""

    def __init__(self, socket, path):
        self._socket = socket
        self.path = path

    def __aiter__(self):
        return self

    async def __anext__(self):
        message = await self._socket.read_message()
        if message is None:
            raise StopAsyncIteration
        return message

    async def send(self, message):
        await self._socket.write_message(message, binary=True)

    async def recv(self):
        return await self.__anext__()
