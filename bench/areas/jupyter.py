"""The contents API of Jupyter Server: texts and pairs beside plain notebooks, and under jupytext.

Each figure is the median time of a request over a kept connection, as a multiple of the same
request for a plain notebook of the same cells: on one server Octavo is active, on another
jupytext.  The requests of both servers are made in turn.
"""

import http.client
import importlib.util
import json
import os
import secrets
import statistics
import subprocess
import sys
import time
from pathlib import Path

from frame import Bench

CELLS = 1000
ROUNDS = 15
OUTPUT_MB = 20
PATIENCE_S = 60.0
#: file: (group of the row, limit of GET, limit of PUT); a multiple of the plain notebook.
FILES = {"a.md": (0.6, 0), "a.py": (0.6, 0), "pair.md": (1.2, 1.3), "pair.ipynb": (1.2, 1.3)}
_EXTENSIONS = {"octavo": "octavo.jupyter", "jupytext": "jupyterlab_jupytext"}
_OTHERS = ("jupyterlab", "jupyter_lsp", "jupyter_server_ydoc", "nbdime", "nbgitpuller", "notebook",
           "notebook_shim", "jupyter_server_terminals", "jupyter_server_fileid")  # fmt: skip


def measure(bench: Bench) -> None:
    """Measure GET, PUT and metadata of a notebook, texts and pairs."""
    if importlib.util.find_spec("jupyter_server") is None:
        bench.skip("jupyter", "jupyter_server is not installed")
        return
    cells = 100 if bench.quick else CELLS
    rounds = 3 if bench.quick else ROUNDS
    servers = {}
    try:
        for tool in _EXTENSIONS:
            servers[tool] = Server(bench.folder / tool, tool)
            write_files(servers[tool].files, cells)
            write_large(servers[tool].files, OUTPUT_MB / (10 if bench.quick else 1))
            servers[tool].open_all()
        for server in servers.values():
            server.check_active()
        measure_get(bench, servers, cells, rounds)
        measure_get_edited(bench, servers, cells, min(rounds, 9))
        measure_put(bench, servers, cells, rounds)
        measure_no_change(bench, servers["octavo"])
        measure_metadata(bench, servers, rounds)
    finally:
        for server in servers.values():
            server.stop()


def measure_get(bench: Bench, servers: dict, cells: int, rounds: int) -> None:
    """Measure what it takes to open a document."""
    names = ["plain.ipynb", *FILES]
    times = in_turn(servers, names, rounds, lambda server, name: timed(server.get, name))
    for name, (limit, _) in FILES.items():
        add(bench, f"GET of {cells:,} cells", name, times, "plain.ipynb", limit)


def measure_get_edited(bench: Bench, servers: dict, cells: int, rounds: int) -> None:
    """Measure what it takes to open a document that somebody edited outside."""
    names = ["plain.ipynb", *FILES]

    def edit_and_get(server: "Server", name: str) -> float:
        path = server.files / (name if name == "plain.ipynb" else Path(name).with_suffix(
            ".md" if name.startswith("pair") else Path(name).suffix))  # fmt: skip
        text = path.read_text("utf-8")
        path.write_text(text.replace("in a line or two", f"in {secrets.randbelow(100)} lines", 1))
        future = time.time() + 5 + secrets.randbelow(1000)
        os.utime(path, (future, future))  # for jupytext, which goes by times
        start = time.perf_counter()
        server.get(name)
        return time.perf_counter() - start

    times = in_turn(servers, names, rounds, edit_and_get)
    for name in FILES:
        add(bench, f"GET of {cells:,} cells, one edited outside", name, times, "plain.ipynb", 0)


def measure_put(bench: Bench, servers: dict, cells: int, rounds: int) -> None:
    """Measure what it takes to save a document of which one cell was edited."""
    names = ["plain.ipynb", *FILES]
    contents = {
        (tool, name): server.get(name) for tool, server in servers.items() for name in names
    }

    def save(server: "Server", name: str) -> float:
        content = contents[server.tool, name]
        content["cells"][3]["source"] = f"value = {secrets.randbelow(10**9)}"
        start = time.perf_counter()
        server.put(name, content)
        return time.perf_counter() - start

    times = in_turn(servers, names, rounds, save)
    for name, (_, limit) in FILES.items():
        add(bench, f"PUT of {cells:,} cells, one edited", name, times, "plain.ipynb", limit)


def measure_no_change(bench: Bench, server: "Server") -> None:
    """Count the files that a save without a change touches."""
    before = server.signatures()
    for name in FILES:
        server.put(name, server.get(name))
    touched = sum(1 for path, seen in server.signatures().items() if seen != before.get(path))
    bench.add_limit(
        "PUT without a change", "files touched", touched, None, 0.5, unit="files",
    )  # fmt: skip


def measure_metadata(bench: Bench, servers: dict, rounds: int) -> None:
    """Measure what a page asks before each save: time and hash, of much output."""
    names = ["large.ipynb", "largepair.ipynb", "largepair.md"]
    times = in_turn(servers, names, rounds, lambda server, name: timed(server.metadata, name))
    for name in names[1:]:
        add(bench, f"metadata with {OUTPUT_MB} MB of outputs", name, times, "large.ipynb", 1.0)


def in_turn(servers: dict, names: list[str], rounds: int, request) -> dict:
    """Return the median time of a request in ms, by tool and file; it tells its own in s."""
    found: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds + 1):
        for name in names:
            for tool, server in servers.items():
                found.setdefault((tool, name), []).append(1000 * request(server, name))
    return {key: statistics.median(times[1:]) for key, times in found.items()}


def timed(request, name: str) -> float:
    """Return how long a request takes in seconds."""
    start = time.perf_counter()
    request(name)
    return time.perf_counter() - start


def add(bench: Bench, group: str, name: str, times: dict, plain: str, limit: float) -> None:
    """Add a row: how many times the request for a plain notebook this one takes."""
    octavo, jupytext = (times[tool, name] / times[tool, plain] for tool in _EXTENSIONS)
    case = f"{name} over {plain} ({times['octavo', plain]:.1f} ms)"
    bench.add_limit(group, case, octavo, jupytext, limit, unit="x")


def write_files(folder: Path, cells: int) -> None:
    """Write the same document as a notebook, as texts, and as a pair."""
    import octavo

    document = octavo.Document(cells_of(cells), METADATA)
    octavo.write(document, folder / "plain.ipynb")
    octavo.write(document, folder / "a.md", "md")
    octavo.write(document, folder / "a.py", "py:percent")
    paired = document.with_(metadata={**METADATA, "jupytext": {"formats": "ipynb,md"}})
    octavo.write(paired, folder / "pair.ipynb")
    octavo.write(paired, folder / "pair.md", "md")


def write_large(folder: Path, size_mb: float) -> None:
    """Write a notebook and a pair with pictures in the outputs."""
    import octavo

    pictures = 20
    size = int(size_mb * 1e6 / pictures)
    cells = [
        octavo.Cell("code", f"show({n})", id=f"p{n}", execution_count=n, outputs=[
            {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * size}}
        ])
        for n in range(pictures)
    ]  # fmt: skip
    octavo.write(octavo.Document(cells, METADATA), folder / "large.ipynb")
    metadata = {**METADATA, "jupytext": {"formats": "ipynb,md"}}
    octavo.write(octavo.Document(cells, metadata), folder / "largepair.ipynb")
    octavo.write(octavo.Document(cells, metadata), folder / "largepair.md", "md")


METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def cells_of(count: int) -> list:
    """Return cells, half prose and half code that has printed."""
    import octavo

    cells = []
    for n in range(count):
        if n % 2:
            printed = [{"output_type": "stream", "name": "stdout", "text": f"{n}\n"}]
            source = f"value_{n} = {n}\nfor i in range(value_{n}):\n    print(i, 'of', value_{n})"
            cells.append(
                octavo.Cell("code", source, id=f"c{n}", outputs=printed, execution_count=n)
            )
        else:
            text = f"## Part {n}\n\nSome words about what comes next, in a line or two."
            cells.append(octavo.Cell("markdown", text, id=f"c{n}"))
    return cells


class Server:
    """A Jupyter server of its own folder with one tool in it, and a connection to it."""

    def __init__(self, home: Path, tool: str) -> None:
        self.tool = tool
        self.files = home / "files"
        self.files.mkdir(parents=True)
        self.token = secrets.token_hex(16)
        self._log = (home / "server.log").open("wb")
        self._write_configuration(home)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", "--no-browser", "--ServerApp.port=0",
             "--ServerApp.ip=127.0.0.1", "--allow-root", f"--ServerApp.root_dir={self.files}"],
            env=self._environment(home), stdout=self._log, stderr=subprocess.STDOUT, cwd=home,
        )  # fmt: skip
        self._connection = http.client.HTTPConnection("127.0.0.1", self._port(home / "runtime"))
        self._until_up()

    def _write_configuration(self, home: Path) -> None:
        wanted = {_EXTENSIONS[self.tool]: True}
        others = dict.fromkeys([*_OTHERS, *_EXTENSIONS.values()], False)
        configuration = {
            "ServerApp": {"jpserver_extensions": {**others, **wanted}},
            "IdentityProvider": {"token": self.token},
        }
        (home / "config").mkdir()
        (home / "data").mkdir()
        (home / "config/jupyter_server_config.json").write_text(json.dumps(configuration))

    def _environment(self, home: Path) -> dict[str, str]:
        places = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
        own = {f"JUPYTER_{name}_DIR": str(home / place) for name, place in places.items()}
        return {**os.environ, **own, "JUPYTER_PREFER_ENV_PATH": "0"}

    def _port(self, runtime: Path) -> int:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self._process.poll() is None:
            for found in runtime.glob("jpserver-*.json"):
                text = found.read_text()
                if text.endswith("}"):
                    return json.loads(text)["port"]
            time.sleep(0.05)
        raise RuntimeError(f"the server of {self.tool} did not start")

    def _until_up(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._ask("GET", "/api")
            except OSError:
                if time.monotonic() > end:
                    raise
                self._connection.close()
                time.sleep(0.05)
            else:
                return

    def _ask(self, method: str, page: str, body: object = None) -> dict:
        data = None if body is None else json.dumps(body)
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        self._connection.request(method, page, data, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{self.tool}: {method} {page}: {answer.status} {content[:300]!r}")
        return content

    def get(self, name: str) -> dict:
        """Return the content of a document."""
        answer = self._ask("GET", f"/api/contents/{name}?type=notebook&content=1&hash=1")
        return json.loads(answer)["content"]

    def put(self, name: str, content: dict) -> None:
        """Save a document."""
        model = {"type": "notebook", "format": "json", "content": content}
        self._ask("PUT", f"/api/contents/{name}", model)

    def metadata(self, name: str) -> None:
        """Ask for time and hash of a document."""
        self._ask("GET", f"/api/contents/{name}?type=notebook&content=0&hash=1")

    def open_all(self) -> None:
        """Open each document once: pairs are known then."""
        for path in sorted(self.files.iterdir()):
            if path.is_file():
                self.get(path.name)

    def check_active(self) -> None:
        """Check that a text is a notebook here, and of the right number of cells."""
        if self.get("a.md")["nbformat"] != 4:
            raise RuntimeError(f"{self.tool} is not active")

    def signatures(self) -> dict:
        """Return what tells that a file was written."""
        return {path: (path.stat().st_mtime_ns, path.stat().st_ino)
                for path in self.files.iterdir() if path.is_file()}  # fmt: skip

    def stop(self) -> None:
        """End the server."""
        self._connection.close()
        self._process.terminate()
        self._process.wait(PATIENCE_S)
        self._log.close()
