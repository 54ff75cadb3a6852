"""JupyterLab and Notebook 7 for the tests: a real server with Octavo, a page in Chromium.

A test asks for the fixture `lab` (conftest.py): one server for all tests, one page for each file
of tests.  Documents are opened and closed by commands of JupyterLab, so that a test costs less
than a second; each leaves the page without documents and without errors on its console.
"""

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

import pytest

from octavo.binder._devtools import find_browser

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "src/octavo/jupyter/labextension"
EXTENSION = "@octavo/labextension"
TOKEN = "octavo-tests"
#: Server extensions of this environment that a test must not depend on.
OTHERS = ("jupyterlab_jupytext", "nbgitpuller", "jupyter_server_ydoc", "jupyter_server_fileid")
#: The same for the extensions of the page; the first asks a server for news.
OTHER_PLUGINS = ("@jupyterlab/apputils-extension:announcements", "jupyterlab-jupytext",
                 "nbdime-jupyterlab", "@jupyter/collaboration-extension",
                 "@jupyter/docprovider-extension")  # fmt: skip
COLLABORATION = ("jupyter_server_ydoc", "jupyter_server_fileid", "@jupyter/collaboration-extension",
                 "@jupyter/docprovider-extension")  # fmt: skip
#: What the console says that is no error of ours: pages without Octavo were seen to say it, too;
#: of connections of kernels, that nothing but JupyterLab is in the stack.
HARMLESS = [
    # Chromium: an observer changed the size of what it observes, which is drawn a frame later.
    "^ResizeObserver loop ",
    # Notebook 7.6, each page: its widget of settings asks for a plugin that it does not have.
    r"^Cannot read properties of undefined \(reading 'schema'\)$",
    # Notebook 7, a double-click in its tree: it makes the document, gives it to a new window and
    # disposes of it here, while its cells are still to be rendered.
    r"^Cannot read properties of null \(reading 'updateRenderOption'\)$",
    # Notebook 7, a page of a notebook after one of /lab/tree/...: the server keeps `treePath` in
    # the one `page_config_data` of all pages, and this page has no command to open that path.
    r"^Command 'filebrowser:open-path' not registered\.$",
    # A test closes a document while its kernel starts: the session is gone, and what JupyterLab
    # and its debugger, which wants the state of each new kernel, have asked gets no reply.
    "^Disposed$",
    r"^(Could not restore the debugger state: )?Canceled future for \w+_request message",
    "^(Error: )?Kernel connection (is disposed|disconnected)",
]
#: What JupyterLab 4.4 and Notebook 7.4 say in addition where a document is closed as soon as it is
#: open: what they put off until the page is idle or drawn again (the rest of the cells, the
#: toolbar, the focus) does not look whether the document is still there.  4.6 does.
if version("jupyterlab").startswith("4.4."):
    HARMLESS += [
        r"^Cannot read properties of null \(reading '(insertWidget|id)'\)$",
        r"^Error while computing the ReactiveToolbar TypeError: Cannot read properties of null",
        r"^TypeError: Cannot read properties of null \(reading 'footer'\)\n +at \w+\._ensureFocus ",
    ]
RUNNING = re.compile(r"https?://[^\s]+:(\d+)/")


class Server:
    """A running Jupyter server: its folder and its address."""

    def __init__(self, process, root, log):
        self.process = process
        self.root = Path(root)
        self.log = log
        self.url = ""

    def address(self, path):
        """Return the address of a page, with the token."""
        return f"{self.url}{path}{'&' if '?' in path else '?'}token={TOKEN}"

    def write(self, path, content):
        """Write a file of the server's folder; a dict is written as JSON."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, dict):
            content = json.dumps(content)
        place.write_text(content, "utf-8")
        return path

    def read(self, path):
        """Return the text of a file of the server's folder."""
        return (self.root / path).read_text("utf-8")

    def request(self, path, data=None, method=None):
        """Return the JSON reply of the server to a request with the token."""
        body = None if data is None else json.dumps(data).encode("utf-8")
        head = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        question = urllib.request.Request(self.url + path, body, head, method=method)
        with urllib.request.urlopen(question, timeout=60) as reply:
            text = reply.read()
        return json.loads(text) if text else None


@contextmanager
def serve(folder, *, collaboration=False, octavo=True, options=()):
    """Start a Jupyter server with JupyterLab and Notebook 7 on an empty folder."""
    folder = Path(folder)
    root, config = folder / "files", folder / "config"
    root.mkdir(parents=True)
    _configure(config, collaboration=collaboration, octavo=octavo)
    extensions = folder / "labextensions"
    extensions.mkdir()
    if octavo:
        (extensions / EXTENSION).parent.mkdir()
        (extensions / EXTENSION).symlink_to(BUILT)
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "0",  # else the environment turns Jupytext on again
        "IPYTHONDIR": str(folder / "ipython"),
        "PYTHONUNBUFFERED": "1",
    }
    words = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={root}", "--LabApp.expose_app_in_browser=True",
        "--JupyterNotebookApp.expose_app_in_browser=True",
        f"--LabApp.extra_labextensions_path={extensions}",
        f"--JupyterNotebookApp.extra_labextensions_path={extensions}", *options,
    ]  # fmt: skip
    log_path = folder / "server.log"
    with (
        log_path.open("w+") as log,
        subprocess.Popen(words, env=environment, stdout=log, stderr=subprocess.PIPE, text=True,
                         cwd=root, start_new_session=True) as process,
    ):  # fmt: skip
        server = Server(process, root, log_path)
        try:
            server.url = _address(process, log)
            reader = threading.Thread(target=keep, args=(process.stderr, log))
            reader.start()
            yield server
        finally:
            _stop(process)
        reader.join()


def _stop(process):
    """End a server and its kernels: one that lives on would hold the pipe that is read here."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _configure(config, *, collaboration, octavo):
    """Write which extensions are on: those of this environment are off unless they are asked for."""
    wanted = set(COLLABORATION) if collaboration else set()
    servers = {name: name in wanted for name in OTHERS}
    if importlib.util.find_spec("octavo.jupyter.extension"):
        servers["octavo.jupyter"] = octavo
    folder = config / "jupyter_server_config.d"
    folder.mkdir(parents=True)
    told = json.dumps({"ServerApp": {"jpserver_extensions": servers}})
    (folder / "tests.json").write_text(told, "utf-8")
    off = {name: True for name in OTHER_PLUGINS if name not in wanted}
    if not octavo:
        off[EXTENSION] = True
    (config / "labconfig").mkdir()
    (config / "labconfig/page_config.json").write_text(json.dumps({"disabledExtensions": off}))


def _address(process, log):
    """Return the address that the server prints when it is up."""
    for line in process.stderr:
        log.write(line)
        found = RUNNING.search(line)
        if found and "127.0.0.1" in line:
            return f"http://127.0.0.1:{found[1]}/"
    log.flush()
    raise AssertionError(f"the server ended: {Path(log.name).read_text('utf-8')}")


def keep(stream, log):
    """Write the rest of what a server says into its log."""
    for line in stream:
        log.write(line)
        log.flush()


@contextmanager
def chromium():
    """Start Chromium without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(),
            args=["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-gpu",
                  "--disable-background-networking", "--disable-component-update",
                  "--disable-sync"],
        )  # fmt: skip
        yield browser
        browser.close()


class Lab:
    """A page of JupyterLab or Notebook 7 with the words that tests need."""

    def __init__(self, server, context, path="lab?reset"):
        self.server = server
        self.errors = []
        self.page = context.new_page()
        self.page.set_default_timeout(15_000)
        self._listen(self.page)
        self.go(path)

    def _listen(self, page):
        page.on("console", lambda told: self._note(told.text, told.type))
        page.on("pageerror", lambda error: self._note(f"{error}", "error"))

    def _note(self, text, kind):
        if kind == "error" and not any(re.search(one, text) for one in HARMLESS):
            self.errors.append(text)

    def go(self, path):
        """Go to a page of the server and wait until its application is there."""
        self.page.goto(self.server.address(path))
        self.page.wait_for_function("window.jupyterapp && window.jupyterapp.restored")
        self.js("window.jupyterapp.restored.then(() => true)")

    def js(self, expression, argument=None):
        """Return the value of an expression of the page."""
        return self.page.evaluate(expression, argument)

    def run(self, command, **arguments):
        """Run a command of JupyterLab by its name."""
        code = "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)"
        return self.js(code, [command, arguments])

    def open(self, path, factory=None, kernel=""):
        """Open a document, without a kernel unless one is named; return its classes."""
        options = {"path": path, "kernelPreference": {"shouldStart": bool(kernel)}}
        if kernel:
            options["kernel"] = {"name": kernel}
        if factory:
            options["factory"] = factory
        return self.js(
            """async (options) => {
                const widget = await window.jupyterapp.commands.execute(
                    'docmanager:open', options);
                await widget.context.ready;
                await widget.revealed;
                return window.jupyterapp.shell.currentWidget.node.className;
            }""",
            options,
        )

    def notebook(self, path, **options):
        """Open a notebook and wait for its cells."""
        self.open(path, **options)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell:visible")
        # JupyterLab forgets the steps of reading a while after the document is ready.
        self.page.wait_for_function(
            "window.jupyterapp.shell.currentWidget.content.model.sharedModel.undoManager"
            ".undoStack.length === 0"
        )

    def model(self, script):
        """Return what a script makes of the notebook that is shown (`notebook`, `panel`)."""
        return self.js(
            "([script]) => { const panel = window.jupyterapp.shell.currentWidget;"
            " return (new Function('panel', 'notebook', script))(panel, panel.content); }",
            [script],
        )

    def metadata(self):
        """Return the metadata of the cells of the notebook that is shown, as they are saved."""
        found = self.model("return notebook.model.toJSON().cells.map(cell => cell.metadata)")
        return [{key: cell[key] for key in cell if key != "trusted"} for cell in found]

    def sources(self):
        """Return the sources of the cells of the notebook that is shown."""
        return self.model("return notebook.widgets.map(cell => cell.model.sharedModel.getSource())")

    def chord(self, key):
        """Press the keys of a command of Octavo: Alt+O, then one more."""
        self.page.keyboard.press("Alt+o")
        self.page.keyboard.press(key if "+" in key else key.lower())

    def picture(self, name):
        """Keep a picture of the page for people to look at, in build/screenshots."""
        folder = ROOT / "build/screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png")

    @contextmanager
    def setting(self, plugin, **values):
        """Change settings of a plugin for a while."""
        for name, value in values.items():
            self.keep_setting(plugin, name, value)
        try:
            yield
        finally:
            for name in values:
                self.keep_setting(plugin, name, None)

    def keep_setting(self, plugin, name, value):
        """Change one setting as the editor of settings does; None takes it away."""
        self.js(
            """async ([plugin, name, value]) => {
                const app = window.jupyterapp;
                const tokens = [...app.pluginRegistry._services.keys()];
                const token = tokens.find(found => found.name.endsWith(':ISettingRegistry'));
                const registry = await app.resolveRequiredService(token);
                await (value === null ? registry.remove(plugin, name)
                                      : registry.set(plugin, name, value));
            }""",
            [plugin, name, value],
        )

    def select(self, first, last=None):
        """Make a cell the active one, in command mode; select those up to *last*, too."""
        self.model(
            f"notebook.deselectAll(); notebook.activeCellIndex = {first};"
            "notebook.mode = 'command'; notebook.node.focus();"
            + (f"notebook.extendContiguousSelectionTo({last});" if last is not None else "")
        )

    def wait_for_document(self, path):
        """Wait until a document is shown with all that is in it."""
        self.page.wait_for_function(
            """path => {
                const shown = window.jupyterapp.shell.currentWidget;
                const cells = shown?.content?.model?.cells;
                return shown?.context?.path === path && shown.context.isReady
                    && (!cells || shown.content.widgets.length === cells.length);
            }""",
            arg=path,
        )

    def save(self):
        """Save the document that is shown."""
        self.run("docmanager:save")

    def close_all(self):
        """Close all documents without a question, and what covers the page."""
        self.js(
            """() => {
                document.querySelectorAll('.jp-Dialog .jp-mod-reject').forEach(no => no.click());
                const shell = window.jupyterapp.shell;
                for (const widget of [...shell.widgets('main')]) {
                    if (widget.context) { widget.context.model.dirty = false; widget.dispose(); }
                }
            }"""
        )


def notebook(*cells, source="x = {n}"):
    """Return a notebook with a code cell for each of the metadata."""
    return {
        "cells": [
            {"cell_type": "code", "id": f"c{n}", "metadata": metadata,
             "source": source.replace("{n}", str(n)), "execution_count": None, "outputs": []}
            for n, metadata in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python",
                                    "name": "python3"}},
        "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip


def in_themes(lab):
    """Show the page in the light theme, then in the dark one, then as it was."""
    for name in ("Light", "Dark"):
        lab.run("apputils:change-theme", theme=f"JupyterLab {name}")
        lab.page.wait_for_selector(
            f"body[data-jp-theme-name='JupyterLab {name}']", state="attached"
        )
        yield name.lower()
    lab.run("apputils:change-theme", theme="JupyterLab Light")


def axe_findings(lab, selector):
    """Return what axe finds in parts of the page that is serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    assert lab.page.locator(selector).count()
    found = Axe().run(lab.page, context={"include": [[selector]]}).response["violations"]
    return [
        (one["id"], node["html"], node["failureSummary"])
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def require():
    """Skip, loudly, where the tests in JupyterLab cannot run."""
    if not find_browser():
        pytest.skip("no Chromium and no Chrome on this machine: JupyterLab was not tested")
    if not (BUILT / "package.json").is_file():
        pytest.skip("the extension of JupyterLab is not built (`make labextension`)")
