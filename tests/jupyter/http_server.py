"""A real Jupyter server with our contents, and clients that speak HTTP with it."""

import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import quote

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")
OTHERS = ("jupyterlab", "notebook", "jupyterlab_jupytext", "nbgitpuller", "jupyter_server_ydoc",
          "jupyter_server_fileid", "jupyter_lsp", "jupyter_server_terminals", "nbdime",
          "notebook_shim")  # fmt: skip


class HttpServer:
    """A server on a folder; `restart` ends its process and starts another on the same folder."""

    def __init__(self, folder, *, octavo=True, options=()):
        self.root = folder / "files"
        self.root.mkdir(parents=True)
        self._folder = folder
        extensions = {**dict.fromkeys(OTHERS, False), "octavo.jupyter": octavo}
        place = folder / "config/jupyter_server_config.d"
        place.mkdir(parents=True)
        told = {"ServerApp": {"jpserver_extensions": extensions}}
        (place / "tests.json").write_text(json.dumps(told))
        self.port = 0
        self._options = options
        self._start()

    def _start(self):
        folder = self._folder
        environment = {
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "JUPYTER_PREFER_ENV_PATH": "0",
        }
        words = [
            sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root",
            f"--port={self.port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
            "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={self.root}",
            "--FileContentsManager.delete_to_trash=False", *self._options,
        ]  # fmt: skip
        self._log = (folder / "server.log").open("a+")
        self._process = subprocess.Popen(
            words, env=environment, stdout=self._log, stderr=subprocess.PIPE, text=True,
            cwd=self.root,
        )  # fmt: skip
        for line in self._process.stderr:
            self._log.write(line)
            found = ADDRESS.search(line)
            if found:
                self.port = int(found[1])
                break
        else:
            self._log.flush()
            raise AssertionError((folder / "server.log").read_text())
        self._until_it_listens()
        self._reader = threading.Thread(target=self._keep, daemon=True)
        self._reader.start()

    def _until_it_listens(self):
        """Wait: the address is told some milliseconds before the port is open."""
        deadline = time.monotonic() + 30
        pause = threading.Event()
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except ConnectionRefusedError:
                assert time.monotonic() < deadline
                pause.wait(0.01)
            else:
                return

    def _keep(self):
        with contextlib.suppress(ValueError):
            for line in self._process.stderr:
                self._log.write(line)

    def stop(self):
        """End the process at once, as a crash does."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self._process.stderr.close()
        self._log.close()

    def restart(self):
        self.stop()
        self._start()


class HttpClient:
    """One client with a connection of its own; it may name itself."""

    def __init__(self, server, name=""):
        self._server = server
        self._name = name
        self._connection = None

    def request(self, method, path, body=None):
        """Return the status and the JSON of a reply; a connection that is gone is opened anew."""
        data = None if body is None else json.dumps(body).encode()
        head = {"Content-Type": "application/json"}
        if self._name:
            head["X-Octavo-Client"] = self._name
        for attempt in (1, 2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self._server.port, 30)
            try:
                self._connection.request(method, path, data, head)
                reply = self._connection.getresponse()
                text = reply.read()
                return reply.status, json.loads(text) if text.startswith((b"{", b"[")) else text
            except (ConnectionError, http.client.HTTPException):
                self._connection.close()
                self._connection = None
                if attempt == 2:
                    raise
        raise AssertionError

    def close(self):
        if self._connection is not None:
            self._connection.close()

    def get(self, path, *, content=1, kind="notebook"):
        """Return the model of a notebook."""
        question = f"/api/contents/{quote(path)}?content={content}&hash=1&type={kind}"
        status, model = self.request("GET", question)
        assert status == 200, model
        return model

    def put(self, path, content):
        """Save a notebook and return the model of the reply."""
        body = {"type": "notebook", "format": "json", "content": content}
        status, model = self.request("PUT", f"/api/contents/{quote(path)}", body)
        assert status in (200, 201), model
        return model
