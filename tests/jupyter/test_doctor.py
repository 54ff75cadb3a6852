"""The doctor finds what is wrong with an installation, and says what to do."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.jupyter.http_server import HttpServer

import octavo
from octavo.cli import main
from octavo.jupyter import doctor


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty project, and folders of Jupyter in which nothing is."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return tmp_path


def extensions(place, **enabled):
    folder = place / "jupyter_config_dir/jupyter_server_config.d"
    folder.mkdir(parents=True, exist_ok=True)
    told = {"ServerApp": {"jpserver_extensions": enabled}}
    (folder / "x.json").write_text(json.dumps(told))


def labextension(place, version="0.1.0"):
    folder = place / "jupyter_data_dir/labextensions/@octavo/labextension"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"version": version}))


def findings(check=""):
    return [one for one in doctor.examine(".") if one.check == check or not check]


def one(check):
    (found,) = findings(check)
    return found


def test_a_whole_installation_has_no_problem(place, capsys):
    extensions(place, **{"octavo.jupyter": True, "jupyterlab_jupytext": False})
    labextension(place)
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "PROBLEM" not in told
    assert told.endswith("all is well\n")


def test_jupytext_beside_us_is_a_problem_with_a_way_out(place, capsys):
    extensions(place, **{"octavo.jupyter": True, "jupyterlab_jupytext": True})
    found = one("contents")
    assert found.state == doctor.PROBLEM
    assert found.hint == "jupyter server extension disable jupyterlab_jupytext"
    assert main(["doctor", "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert {"check", "state", "text", "hint"} == set(rows[0])


def test_a_configured_manager_of_jupytext_is_a_problem(place):
    extensions(place, **{"octavo.jupyter": True, "jupyterlab_jupytext": False})
    file = place / "jupyter_config_dir/jupyter_server_config.py"
    file.write_text('c.ServerApp.contents_manager_class = "jupytext.TextFileContentsManager"\n')
    assert "jupytext.TextFileContentsManager" in one("contents").text


def test_a_disabled_server_extension_is_a_problem(place):
    extensions(place, **{"octavo.jupyter": False})
    found = one("server extension")
    assert (found.state, found.hint) == (
        doctor.PROBLEM, "jupyter server extension enable octavo.jupyter",
    )  # fmt: skip


def test_the_labextension_is_missing_disabled_or_there(place, monkeypatch):
    # This environment has it where `make labextension` was run.
    monkeypatch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [])
    assert one("labextension").state == doctor.PROBLEM
    labextension(place)
    assert one("labextension").state == doctor.OK
    config = place / "jupyter_config_dir/labconfig"
    config.mkdir(parents=True)
    page = config / "page_config.json"
    page.write_text('{"disabledExtensions": {"@octavo/labextension:overview": true}}')
    assert [found.state for found in findings("labextension")] == [doctor.NOTE, doctor.OK]
    page.write_text('{"disabledExtensions": ["@octavo/labextension"]}')
    found = one("labextension")
    assert found.state == doctor.PROBLEM
    assert str(page) in found.text


def test_a_running_server_is_asked(tmp_path, monkeypatch):
    server = HttpServer(tmp_path)
    try:
        monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
        found = one("running server")
        assert found.state == doctor.OK
        assert f":{server.port}/" in found.text
    finally:
        server.stop()


@pytest.fixture
def user(place, monkeypatch):
    """The environment of a program in the server that a hub started for Ada."""
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/hub/user/ada/")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "of-the-hub")
    for name in ("JUPYTERHUB_SINGLEUSER_APP", "JUPYTERHUB_DISABLE_USER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return place


def test_without_a_hub_nothing_is_said_of_one(place, monkeypatch):
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    assert findings("hub") == []


def test_the_server_of_a_hub_is_named(user, monkeypatch):
    monkeypatch.setattr(doctor, "_version_of", lambda package: "6.1")
    found = one("hub")
    assert (found.state, found.text) == (doctor.OK, "JupyterHub 6.1: ada at /hub/user/ada/")
    monkeypatch.setattr(doctor, "_version_of", lambda package: "")
    found = one("hub")
    assert found.state == doctor.NOTE
    assert "another environment" in found.text


@pytest.mark.parametrize(
    ("app", "is_classic"),
    [
        ("notebook", True),
        ("notebook.notebookapp.NotebookApp", True),
        ("jupyter_server.serverapp.ServerApp", False),
        ("jupyter-server", False),
        ("extension", False),
    ],
)
def test_a_hub_with_the_classic_notebook_is_a_problem(user, monkeypatch, app, is_classic):
    monkeypatch.setenv("JUPYTERHUB_SINGLEUSER_APP", app)
    states = [found.state for found in findings("hub")]
    assert (doctor.PROBLEM in states) is is_classic


def test_where_a_hub_ignores_homes_their_configuration_does_not_count(user, monkeypatch):
    monkeypatch.setattr("jupyter_core.paths.ENV_CONFIG_PATH", [])
    monkeypatch.setattr("jupyter_core.paths.SYSTEM_CONFIG_PATH", [])
    monkeypatch.setenv("HOME", str(user))
    extensions(user, **{"octavo.jupyter": True})
    assert one("server extension").state == doctor.OK
    monkeypatch.setenv("JUPYTERHUB_DISABLE_USER_CONFIG", "1")
    assert one("server extension").state == doctor.PROBLEM
    assert "home folder has no effect" in findings("hub")[-1].text


def test_who_cannot_change_the_environment_gets_a_command_for_the_own_configuration(
    user, monkeypatch
):
    extensions(user, **{"octavo.jupyter": False})
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    assert one("server extension").hint == "jupyter server extension enable octavo.jupyter --user"


class Answers(BaseHTTPRequestHandler):
    """A server that answers whoever has the token of the hub."""

    def do_GET(self):
        is_known = self.headers["Authorization"] == "token of-the-hub"
        self.send_response(200 if is_known else 403)
        self.end_headers()
        told = {"version": octavo.__version__, "contents": {"active": True, "inner": self.path}}
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *words):
        """Say nothing."""


def test_a_server_of_a_hub_is_asked_with_the_token_of_the_hub(user):
    runtime = user / "jupyter_runtime_dir"
    runtime.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever).start()
        port = server.server_address[1]
        for prefix in ("/hub/user/ada/", "/"):
            told = {"base_url": prefix, "hostname": "127.0.0.1", "port": port, "pid": os.getpid(),
                    "url": f"http://127.0.0.1:{port}{prefix}", "token": "of-the-server",
                    "sock": ""}  # fmt: skip
            (runtime / f"jpserver-{len(prefix)}.json").write_text(json.dumps(told))
        found = {one.state: one for one in findings("running server")}
        server.shutdown()
    assert found[doctor.OK].text.endswith("/hub/user/ada/octavo/api/status")
    assert "Hub Control Panel" in found[doctor.NOTE].hint


@pytest.mark.parametrize(
    ("url", "sock"), [("https://127.0.0.1:1/", ""), ("http+unix://x/", "/tmp/x")]
)
def test_a_server_that_cannot_be_asked_is_not_told_to_restart(place, url, sock):
    runtime = place / "jupyter_runtime_dir"
    runtime.mkdir()
    told = {"base_url": "/", "hostname": "127.0.0.1", "port": 1, "pid": os.getpid(), "url": url,
            "token": "", "sock": sock}  # fmt: skip
    (runtime / "jpserver-1.json").write_text(json.dumps(told))
    found = one("running server")
    assert (found.state, "was not asked" in found.text) == (doctor.NOTE, True)


def test_a_kernel_whose_program_is_gone_is_a_problem(place):
    folder = place / "jupyter_data_dir/kernels/gone"
    folder.mkdir(parents=True)
    spec = {"argv": ["/no/such/python", "-f", "{connection_file}"], "display_name": "G",
            "language": "python"}  # fmt: skip
    (folder / "kernel.json").write_text(json.dumps(spec))
    found = next(one for one in findings("kernels") if one.state == doctor.PROBLEM)
    assert "/no/such/python" in found.text


def test_a_wrong_configuration_is_told_with_its_place(place):
    (place / "project/octavo.toml").write_text('formts = "ipynb,md"\n')
    found = one("configuration")
    assert found.state == doctor.PROBLEM
    assert "octavo.toml:1:1" in found.text
    assert "formats" in found.hint


def test_a_folder_that_is_none_is_an_error(place, capsys):
    assert main(["doctor", "gone"]) == 4
    assert "OCT-W001" in capsys.readouterr().err
