"""A JupyterHub for the tests: a real hub with its proxy, servers that installed Octavo's wheel.

The servers of the users run in an environment of their own, which borrows the libraries of this
one and has nothing enabled but JupyterLab, Notebook 7 and what the wheel brings.
"""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from end_to_end import jupyter_lab
from end_to_end.jupyter_lab import ROOT

PROXY = ROOT / "labextension/node_modules/configurable-http-proxy/bin/configurable-http-proxy"
#: What JupyterLab and Notebook 7 put into the environment in which they are installed.
BORROWED = (
    "share/jupyter/lab",
    "share/jupyter/labextensions/@jupyter-notebook",
    "etc/jupyter/jupyter_server_config.d/jupyter-lsp-jupyter-server.json",
    "etc/jupyter/jupyter_server_config.d/jupyterlab.json",
    "etc/jupyter/jupyter_server_config.d/notebook.json",
    "etc/jupyter/jupyter_server_config.d/notebook_shim.json",
)
#: No page asks a server for news.
QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false",
                                                         "checkForUpdates": False}}  # fmt: skip
CONFIGURATION = """
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}/campus/"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{ports[1]}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{homes}/{{username}}"
c.Spawner.cmd = ["{python}", "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root", "--LabApp.expose_app_in_browser=True",
                  "--JupyterNotebookApp.expose_app_in_browser=True"]
c.Spawner.environment = {{"JUPYTER_PREFER_ENV_PATH": "1"}}
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
# A server in which jupyter-collaboration has a document open does not end when it is interrupted.
c.LocalProcessSpawner.interrupt_timeout = 3
c.LocalProcessSpawner.term_timeout = 1
"""


class Hub:
    """A running hub: its address, the homes of its users, the environment of their servers."""

    def __init__(self, url, homes, environment):
        self.url = url
        self.homes = homes
        self.environment = environment


class Person(jupyter_lab.Server):
    """The server of somebody who is logged in; its files are those of the home."""

    def __init__(self, hub, name, context):
        super().__init__(None, hub.homes / name, None)
        self.hub = hub
        self.name = name
        self.context = context
        self.url = f"{hub.url}user/{name}/"

    def address(self, path):
        """Return the address of a page: the browser holds the cookie of the login."""
        return self.url + path

    def log_in(self):
        """Log in by the form of the hub; it starts the server and goes to JupyterLab."""
        page = self.context.new_page()
        page.set_default_timeout(120_000)
        page.goto(self.hub.url)
        page.fill("#username_input", self.name)
        page.fill("#password_input", "any")
        page.click("#login_submit")
        page.wait_for_url(f"{self.url}lab**")
        page.close()


def require():
    """Skip, loudly, where no hub can run."""
    jupyter_lab.require()
    if not importlib.util.find_spec("jupyterhub"):
        pytest.skip("JupyterHub is not installed (group `hub`): nothing was tested in it")
    if not PROXY.is_file() or not shutil.which("node"):
        pytest.skip("the proxy of JupyterHub is not there (`make labextension` brings it)")


@contextmanager
def serve(folder):
    """Start a hub on an empty folder."""
    homes = folder / "homes"
    homes.mkdir()
    environment = _environment(folder)
    ports = _free_ports(3)
    (folder / "jupyterhub_config.py").write_text(
        CONFIGURATION.format(
            ports=ports, proxy=[shutil.which("node"), str(PROXY)], homes=homes,
            python=environment / "bin/python",
        )
    )  # fmt: skip
    words = [sys.executable, "-m", "jupyterhub", "-f", "jupyterhub_config.py"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    with (
        (folder / "hub.log").open("w+") as log,
        subprocess.Popen(words, env=clean, stderr=subprocess.PIPE, stdout=log, text=True,
                         cwd=folder, start_new_session=True) as process,
    ):  # fmt: skip
        try:
            _wait(process, log)
            reader = threading.Thread(target=jupyter_lab.keep, args=(process.stderr, log))
            reader.start()
            yield Hub(f"http://127.0.0.1:{ports[0]}/campus/", homes, environment)
        finally:
            # A hub that is asked to end ends its proxy and the servers of all users first.
            process.terminate()
            process.wait(60)
        reader.join()


def _environment(folder):
    """Make the environment of the servers: the wheel is installed, libraries are borrowed."""
    built = folder / "wheel"
    _run("-m", "build", "--wheel", "--no-isolation", "--outdir", built, ROOT)
    place = folder / "environment"
    _run("-m", "venv", place)
    python = place / "bin/python"
    (wheel,) = built.glob("*.whl")
    _run("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel, python=python)
    (library,) = place.glob("lib/python*/site-packages")
    borrowed = importlib.util.find_spec("jupyterhub").submodule_search_locations[0]
    (library / "borrowed.pth").write_text(f"{Path(borrowed).parent}\n")
    for name in BORROWED:
        found = place / name
        found.parent.mkdir(parents=True, exist_ok=True)
        found.symlink_to(Path(sys.prefix) / name)
    _administer(place, python)
    return place


def _administer(environment, python):
    """Do what docs/jupyter.md tells administrators, with the defaults that stand there."""
    for verb in ("disable", "lock"):
        _run(
            "-m", "jupyterlab.labextensions", verb, "@octavo/labextension:inspector", python=python
        )
    page = (ROOT / "docs/jupyter.md").read_text("utf-8").partition("## JupyterHub")[2]
    defaults = json.loads(page.partition("```json")[2].partition("```")[0])
    place = environment / "etc/jupyter/labconfig/default_setting_overrides.json"
    place.write_text(json.dumps({**defaults, **QUIET}), "utf-8")


def _run(*words, python=sys.executable):
    """Run Python, and show what it said where it fails."""
    ran = subprocess.run(
        [python, *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    assert ran.returncode == 0, ran.stdout


def _free_ports(count):
    """Return ports on which nobody listens."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _wait(process, log):
    """Wait until the hub says that it runs."""
    for line in process.stderr:
        log.write(line)
        if "JupyterHub is now running" in line:
            return
    log.flush()
    raise AssertionError(f"the hub ended: {Path(log.name).read_text('utf-8')}")


def share(person, names):
    """Turn extensions of this environment on for one person, by files in the home."""
    config = person.root / ".jupyter"
    (config / "jupyter_server_config.d").mkdir(parents=True)
    told = {"ServerApp": {"jpserver_extensions": dict.fromkeys(names, True)}}
    (config / "jupyter_server_config.d/shared.json").write_text(json.dumps(told), "utf-8")
    pages = person.root / ".local/share/jupyter/labextensions"
    pages.mkdir(parents=True)
    (pages / "@jupyter").symlink_to(Path(sys.prefix) / "share/jupyter/labextensions/@jupyter")
