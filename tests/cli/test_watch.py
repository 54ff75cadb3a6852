"""`octavo watch` and the warm process, as processes of their own."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time

import pytest

from octavo.cli import _daemon_client, _daemon_server

HEADER = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n\n"
PATIENCE_S = 60.0

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="no sockets of this kind here")


def wait_for(condition):
    """Wait until *condition* holds, as long as a very busy machine may need."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)  # between two looks, not instead of one


@pytest.fixture
def project(folder):
    (folder / ".git").mkdir()
    (folder / "a.py").write_text(HEADER + "# %%\nx = 1\n")
    yield folder
    path = folder / ".octavo/daemon.sock"
    if path.exists():
        _daemon_client.request(str(path), "stop", [])


@pytest.fixture
def start(project):
    """Return a function that starts `octavo` with arguments; all are ended afterwards."""
    running = []

    def start_one(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "octavo", *arguments],
            cwd=project,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start_one
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def holds(path, text):
    return lambda: path.exists() and text in path.read_text()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_watch_follows_edits_and_ends_cleanly(project, start, ending):
    watch = start("watch", "--json")
    assert json.loads(watch.stdout.readline())["event"] == "synced"
    assert json.loads(watch.stdout.readline()) == {"event": "ready", "pairs": 1, "folders": ["."]}
    (project / "new.py.tmp").write_text(HEADER + "# %%\nx = 2\n")
    (project / "new.py.tmp").replace(project / "a.py")
    wait_for(holds(project / "a.ipynb", "x = 2"))
    record = json.loads(watch.stdout.readline())
    assert (record["file"], record["written"]) == ("a.py", ["a.ipynb"])
    watch.send_signal(ending)
    assert watch.wait(PATIENCE_S) == 0
    out, err = watch.communicate()
    assert (out, err) == ("", "")
    assert not (project / ".octavo" / "daemon.sock").exists()


def test_watch_serves_requests(octavo, project, start):
    watch = start("watch", "-q")
    wait_for((project / ".octavo/daemon.sock").exists)
    (project / "b.py").write_text(HEADER + "# %%\ny = 2\n")
    assert octavo("sync", "--daemon", "b.py").code == 0
    assert (project / "b.ipynb").exists()
    assert "process" in octavo("daemon", "status").out
    assert octavo("daemon", "stop").out == "stopped\n"
    assert watch.wait(PATIENCE_S) == 0


def test_first_request_starts_a_process_for_the_next(octavo, project):
    done = octavo("sync", "--daemon", "a.py")
    assert (done.code, done.errors) == (0, ["a.ipynb: a.ipynb updated"])
    wait_for(lambda: octavo("daemon", "status").code == 0)
    (project / "a.py").write_text(HEADER + "# %%\nx = 3\n")
    asked = _daemon_client.request(str(project / ".octavo/daemon.sock"), "sync", ["a.py"])
    assert (asked.code, asked.err.decode()) == ("0", "a.ipynb: a.ipynb updated\n")
    assert octavo("daemon", "stop").code == 0
    wait_for(lambda: octavo("daemon", "status").code == 1)
    wait_for(lambda: not (project / ".octavo/daemon.sock").exists())


def test_served_sync_prints_and_ends_like_any_other(octavo, project, start, folder, monkeypatch):
    serve = start("daemon", "serve")
    assert serve.stderr.readline().startswith("octavo: serving ")
    (project / "sub").mkdir()
    (project / "sub/c.py").write_text(HEADER + "# %%\nz = 1\n")
    monkeypatch.chdir(project / "sub")
    done = octavo("sync", "--daemon", "c.py", "--json")
    assert done.json[0]["written"] == ["c.ipynb"]
    done = octavo("sync", "--daemon", "missing.py")
    assert done.code == 4
    assert done.errors[0].startswith("missing.py: no such file [OCT-W001]")
    assert octavo("sync", "--daemon", "--wrong").code == 2
    assert (
        "2 requests" in octavo("daemon", "status").out
        or "3 requests" in octavo("daemon", "status").out
    )


def test_socket_is_for_its_owner_only(project, start):
    serve = start("daemon", "serve")
    serve.stderr.readline()
    path = project / ".octavo/daemon.sock"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_only_one_process_serves_a_project(project, start):
    start("daemon", "serve").stderr.readline()
    second = start("daemon", "serve")
    assert second.wait(PATIENCE_S) == 4
    assert "OCT-W042" in second.stderr.read()
    beside = start("watch")
    assert "OCT-W042" in beside.stderr.readline()
    assert beside.stderr.readline() == "octavo: watching 1 pair in .\n"


def test_process_ends_when_nobody_asks(project, start):
    serve = start("daemon", "serve", "--idle", "0.01")
    assert serve.wait(PATIENCE_S) == 0
    assert not (project / ".octavo/daemon.sock").exists()


def test_socket_of_a_dead_process_is_replaced(octavo, project, start):
    first = start("daemon", "serve")
    first.stderr.readline()
    first.kill()
    first.wait(PATIENCE_S)
    assert (project / ".octavo/daemon.sock").exists()
    assert octavo("daemon", "status").code == 1
    assert start("daemon", "serve").stderr.readline().startswith("octavo: serving ")
    assert octavo("daemon", "status").code == 0


def test_file_outside_of_the_project_is_not_for_the_process(octavo, project, start, tmp_path):
    serve = start("daemon", "serve")
    serve.stderr.readline()
    outside = tmp_path / "out.py"
    outside.write_text(HEADER + "# %%\nx = 1\n")
    path = str(project / ".octavo/daemon.sock")
    for words in (["../out.py"], [str(outside)]):
        assert _daemon_client.request(path, "sync", words).code == _daemon_client.REFUSED
    (project / "link.py").symlink_to(outside)
    assert _daemon_client.request(path, "sync", ["link.py"]).code == _daemon_client.REFUSED
    assert not (tmp_path / "out.ipynb").exists()


def test_other_version_is_refused_and_leaves(octavo, project, start, monkeypatch):
    serve = start("daemon", "serve")
    serve.stderr.readline()
    monkeypatch.setattr(_daemon_client, "__version__", "99.0")
    path = str(project / ".octavo/daemon.sock")
    assert _daemon_client.request(path, "sync", ["a.py"]).code == _daemon_client.REFUSED
    assert serve.wait(PATIENCE_S) == 0


@pytest.mark.parametrize(
    "data", [b"", b"\0\0", b"\xff" * 100, b"octavo\0a", b"GET / HTTP/1.1\r\n", b"x" * (2 << 20)]
)
def test_odd_requests_change_nothing(octavo, project, start, data):
    serve = start("daemon", "serve")
    serve.stderr.readline()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(project / ".octavo/daemon.sock"))
        try:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            assert client.recv(100) == b""
        except (BrokenPipeError, ConnectionResetError):
            pass  # nobody reads so much
    assert octavo("daemon", "status").code == 0


def test_other_commands_than_sync_are_refused(project, start):
    serve = start("daemon", "serve")
    serve.stderr.readline()
    path = str(project / ".octavo/daemon.sock")
    assert _daemon_client.request(path, "convert", ["a.py"]).code == _daemon_client.REFUSED


def test_long_path_has_its_socket_elsewhere(octavo, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "r"))
    root = str(tmp_path / ("long" * 30))
    path = _daemon_client.socket_path(root)
    assert path.startswith(str(tmp_path / "r" / "octavo"))
    assert _daemon_client.socket_path(root + "x") != path


def test_project_in_a_deep_folder_is_served(octavo, project, start, monkeypatch):
    with tempfile.TemporaryDirectory(prefix="o") as runtime:
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        deep = project / ("deep" * 12) / ("deeper" * 8)
        deep.mkdir(parents=True)
        (deep / "octavo.toml").write_text('formats = "ipynb,py:percent"\n')
        (deep / "d.py").write_text(HEADER + "# %%\nx = 1\n")
        serve = start("daemon", "serve", str(deep))
        assert serve.stderr.readline().startswith("octavo: serving ")
        monkeypatch.chdir(deep)
        assert octavo("sync", "--daemon", "d.py").code == 0
        assert "1 request\n" in octavo("daemon", "status").out
        assert octavo("daemon", "stop").out == "stopped\n"
        assert serve.wait(PATIENCE_S) == 0


def test_socket_that_others_may_open_is_not_used(project, tmp_path):
    (project / ".octavo").mkdir()
    path = project / ".octavo/daemon.sock"
    with socket.socket(socket.AF_UNIX) as fake:
        fake.bind(str(path))
        path.chmod(0o666)
        assert _daemon_client.find_socket(str(project)) == ""
        path.chmod(0o600)
        assert _daemon_client.find_socket(str(project)) == str(path)


def test_runtime_folder_of_others_is_refused(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(OSError, match="OCT-W043"):
        _daemon_server._check_folder(str(folder), str(tmp_path / "project"))


CLIENT = """
import sys
before = set(sys.modules)
from octavo.cli import main
code = main(sys.argv[1:])
print(*sorted(set(sys.modules) - before))
"""


def test_client_loads_next_to_nothing(project, start):
    serve = start("daemon", "serve")
    serve.stderr.readline()
    done = subprocess.run(
        [sys.executable, "-c", CLIENT, "sync", "--daemon", "-q", "a.py"],
        cwd=project, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(done.stdout.split()) <= {
        "_socket", "errno", "octavo", "octavo.cli", "octavo.cli._daemon_client",
        "octavo.cli._output", "octavo.core", "octavo.core.errors",
    }  # fmt: skip
    assert (project / "a.ipynb").exists()
