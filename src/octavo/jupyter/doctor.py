"""What may be wrong with an installation: one finding for each thing that users stumble over.

A check looks at files and asks running servers; it changes nothing.  Checks that need Jupyter
say that it is absent where it is.
"""

import os
import sys

import octavo
from octavo.core.errors import OctavoError
from octavo.jupyter import hub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

OK, NOTE, PROBLEM = "ok", "note", "problem"
EXTENSION = "octavo.jupyter"
LABEXTENSION = "@octavo/labextension"
JUPYTEXT = "jupyterlab_jupytext"
_OLDEST = {"jupyterlab": (4, 4), "notebook": (7, 4), "jupyter_server": (2, 14)}
_EXTRAS = {
    "run": ("jupyter_client", "documents cannot be run"),
    "pdf": ("typst", "no PDF can be made"),
    "docx": ("docx", "no Word file can be made"),
    "lint": ("pyflakes", "names in cells are not checked"),
}
_PATIENCE_S = 2.0


class Finding:
    """What a check found: its name, "ok", "note" or "problem", and what to do about it."""

    __slots__ = ("check", "hint", "state", "text")

    def __init__(self, check: str, state: str, text: str, hint: str = "") -> None:
        self.check = check
        self.state = state
        self.text = text
        self.hint = hint

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Finding({self.check!r}, {self.state!r}, {self.text!r})"


def examine(folder: str) -> "Iterator[Finding]":
    """Yield what all checks find; *folder* is the one whose configuration and git are looked at."""
    for check in _CHECKS:
        yield from check(folder)


def _octavo(_folder: str) -> "Iterator[Finding]":
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("octavo", OK, f"{octavo.__version__} on Python {version} ({sys.executable})")
    from importlib.util import find_spec

    for extra, (module, lack) in _EXTRAS.items():
        if find_spec(module) is None:
            hint = f"python -m pip install 'octavo[{extra}]'"
            yield Finding(f"extra {extra}", NOTE, f"{module} is not installed: {lack}", hint)


def _versions(_folder: str) -> "Iterator[Finding]":
    for package, oldest in _OLDEST.items():
        version = _version_of(package)
        wanted = ".".join(map(str, oldest))
        if not version:
            yield Finding(package, NOTE, "is not installed in this environment")
        elif tuple(int(part) for part in version.split(".")[:2] if part.isdecimal()) < oldest:
            hint = f"python -m pip install --upgrade '{package}>={wanted}'"
            yield Finding(package, PROBLEM, f"{version} is older than {wanted}", hint)
        else:
            yield Finding(package, OK, version)


def _hub(_folder: str) -> "Iterator[Finding]":
    here = hub.current()
    if here is None:
        return
    version = _version_of("jupyterhub")
    if version:
        yield Finding("hub", OK, f"JupyterHub {version}: {here.user} at {here.prefix}")
    else:
        hint = "install Octavo in the environment in which `jupyterhub-singleuser` runs"
        text = f"the server of {here.user} runs in another environment than this program"
        yield Finding("hub", NOTE, text, hint)
    if here.is_classic:
        hint = "an administrator takes JUPYTERHUB_SINGLEUSER_APP away and restarts the server"
        text = f"{here.app} is the notebook before version 7, in which Octavo does not run"
        yield Finding("hub", PROBLEM, text, hint)
    if here.ignores_home:
        hint = "what is to be changed, an administrator changes for all"
        yield Finding("hub", NOTE, "configuration in your home folder has no effect", hint)


def _server_extension(_folder: str) -> "Iterator[Finding]":
    enabled = _server_extensions()
    if enabled is None:
        return
    if enabled.get(EXTENSION):
        yield Finding("server extension", OK, f"{EXTENSION} is enabled")
    else:
        what = "is disabled" if EXTENSION in enabled else "is not known to Jupyter Server"
        hint = f"jupyter server extension enable {EXTENSION}{_level('--user')}"
        yield Finding("server extension", PROBLEM, f"{EXTENSION} {what}", hint)
    owner = _configured_manager()
    if owner and "jupytext" in owner.lower():
        hint = "remove contents_manager_class from jupyter_server_config"
        yield Finding("contents", PROBLEM, f"Jupytext owns the contents: {owner}", hint)
    elif enabled.get(JUPYTEXT) and _version_of("jupytext"):
        hint = f"jupyter server extension disable {JUPYTEXT}{_level('--user')}"
        yield Finding(
            "contents", PROBLEM,
            "Jupytext's extension is enabled too, and only one of them can own the contents", hint,
        )  # fmt: skip
    else:
        yield Finding("contents", OK, f"in front of {owner or 'the manager of Jupyter Server'}")


def _labextension(_folder: str) -> "Iterator[Finding]":
    if not _version_of("jupyterlab") and not _version_of("notebook"):
        return
    import json

    from jupyter_core.paths import jupyter_path

    folders = _that_count(jupyter_path("labextensions"))
    places = [os.path.join(path, LABEXTENSION) for path in folders]
    place = next((p for p in places if os.path.isfile(os.path.join(p, "package.json"))), "")
    if not place:
        hint = "reinstall Octavo from its wheel; in a clone, `make labextension`"
        yield Finding("labextension", PROBLEM, "is not installed", hint)
        return
    version = json.loads(_text_of(os.path.join(place, "package.json")) or "{}").get("version", "?")
    disabled = _disabled_pages(_config_folders())
    if LABEXTENSION in disabled:
        hint = f"jupyter labextension enable {LABEXTENSION}{_level('--level=user')}"
        yield Finding("labextension", PROBLEM, f"is disabled by {disabled[LABEXTENSION]}", hint)
        return
    parts = sorted(name for name in disabled if name.startswith(f"{LABEXTENSION}:"))
    for name in parts:
        yield Finding("labextension", NOTE, f"{name} is disabled by {disabled[name]}")
    yield Finding("labextension", OK, f"{version} in {place}")


def _servers(_folder: str) -> "Iterator[Finding]":
    if not _version_of("jupyter_server"):
        return
    from jupyter_server.serverapp import list_running_servers

    restart = hub.RESTART if hub.current() else "restart it"
    for server in list_running_servers():
        url = str(server.get("url", ""))
        if server.get("sock") or not url.startswith("http://"):
            hint = "its page octavo/api/status tells what would be said here"
            text = f"{url} was not asked: that is done by plain HTTP only"
            yield Finding("running server", NOTE, text, hint)
            continue
        told = _ask(server)
        if told is None:
            hint = f"{restart}, so that it loads the extension"
            yield Finding("running server", NOTE, f"{url} does not answer for Octavo", hint)
            continue
        contents = told.get("contents", {})
        if told.get("version") != octavo.__version__:
            text = f"{url} runs Octavo {told.get('version')}"
            yield Finding("running server", NOTE, text, f"{restart} to use the new version")
        if contents.get("active"):
            yield Finding("running server", OK, f"{url}: contents in front of {contents['inner']}")
        else:
            hint = f"see `contents` above, then {restart}"
            yield Finding("running server", PROBLEM, f"{url}: {contents.get('owner')} owns the "
                          "contents, texts are not notebooks", hint)  # fmt: skip


def _kernels(_folder: str) -> "Iterator[Finding]":
    from octavo.run import kernelspecs

    found = kernelspecs.installed()
    if not found:
        hint = "python -m pip install ipykernel"
        yield Finding("kernels", NOTE, "there is no kernel: nothing can be run", hint)
        return
    import shutil

    for kernel in found.values():
        if kernel.command and shutil.which(kernel.command) is None:
            hint = f"jupyter kernelspec remove {kernel.name}, and install it anew"
            text = f"{kernel.name}: its program {kernel.command} is gone"
            yield Finding("kernels", PROBLEM, text, hint)
    yield Finding("kernels", OK, ", ".join(sorted(found)))


def _configuration(folder: str) -> "Iterator[Finding]":
    from octavo.workspace import config

    try:
        found = config.load(folder)
    except OctavoError as error:
        yield Finding("configuration", PROBLEM, str(error), error.hint)
        return
    yield Finding("configuration", OK, found.file or "none: the defaults hold")
    for notice in found.notices:
        yield Finding("configuration", NOTE, str(notice), notice.hint)


def _pairs(folder: str) -> "Iterator[Finding]":
    from octavo.workspace.state import Store, root_of

    records = [record for _, record in Store(root_of(folder)).records()]
    waiting = [record.names[0] for record in records if record.conflicts]
    if waiting:
        text = f"conflicts wait in {', '.join(waiting)}"
        yield Finding("pairs", NOTE, text, "`octavo resolve` finishes them")
    elif records:
        yield Finding("pairs", OK, f"{len(records)} recorded, no conflict")


def _git(folder: str) -> "Iterator[Finding]":
    from octavo.vcs import installed, setup
    from octavo.vcs.git import Git

    try:
        git = Git(folder)
        git.folder()
        found = installed.status(git, os.environ)
    except OctavoError:
        return  # no repository, or no git
    is_named = setup.NAME in found.attributes.values()
    if found.gone:
        hint = "run `octavo git install` again"
        yield Finding("git", PROBLEM, f"its commands call {found.gone}, which is gone", hint)
    elif is_named and not found.settings:
        hint = "run `octavo git install`"
        yield Finding("git", NOTE, "the attributes name Octavo, the configuration does not", hint)
    elif is_named:
        yield Finding("git", OK, "diffs and merges of notebooks are set up")
    else:
        yield Finding("git", NOTE, "sees notebooks as JSON", "`octavo git install` changes that")


_CHECKS: "tuple[Callable[[str], Iterator[Finding]], ...]" = (
    _octavo, _versions, _hub, _server_extension, _labextension, _servers, _kernels,
    _configuration, _pairs, _git,
)  # fmt: skip


def _version_of(package: str) -> str:
    """Return the version of a package, "" when it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _server_extensions() -> "dict[str, bool] | None":
    """Return which server extensions the configuration enables; None without Jupyter Server."""
    if not _version_of("jupyter_server"):
        return None
    enabled = _server_section().get("jpserver_extensions", {})
    return {str(name): bool(value) for name, value in enabled.items()}


def _configured_manager() -> str:
    """Return the contents manager that a configuration file names, "" without one."""
    found = _server_section()
    if found.get("contents_manager_class"):
        return str(found["contents_manager_class"])
    for folder in _config_folders():
        for line in _text_of(os.path.join(folder, "jupyter_server_config.py")).split("\n"):
            before, equals, value = line.partition("=")
            if equals and before.strip().endswith(".contents_manager_class"):
                return value.strip().strip("\"'")
    return ""


def _server_section() -> "dict[str, Any]":
    """Return what the JSON files of Jupyter Server say, the stronger ones winning."""
    from jupyter_server.extension.config import ExtensionConfigManager

    manager: Any = ExtensionConfigManager(read_config_path=_config_folders())
    return dict(manager.get("jupyter_server_config").get("ServerApp", {}))


def _config_folders() -> list[str]:
    """Return the folders whose configuration Jupyter reads, the strongest first."""
    from jupyter_core.paths import jupyter_config_path

    return _that_count(jupyter_config_path())


def _that_count(folders: list[str]) -> list[str]:
    """Return the folders that a server looks at: a hub may leave out those of its users."""
    here = hub.current()
    return hub.outside_home(folders) if here and here.ignores_home else folders


def _level(flag: str) -> str:
    """Return what a command needs to change only what is the user's own."""
    return "" if os.access(sys.prefix, os.W_OK) else f" {flag}"


def _disabled_pages(folders: list[str]) -> dict[str, str]:
    """Return the page extensions that are disabled, each with the file that says so."""
    import json

    found: dict[str, str] = {}
    for folder in reversed(folders):
        path = os.path.join(folder, "labconfig", "page_config.json")
        try:
            told = json.loads(_text_of(path) or "{}").get("disabledExtensions", {})
        except ValueError:
            continue
        entries = dict.fromkeys(told, True) if isinstance(told, list) else told
        for name, is_disabled in entries.items():
            found.pop(name, None)
            if is_disabled:
                found[name] = path
    return found


def _text_of(path: str) -> str:
    """Return the text of a file, "" when there is none."""
    from octavo.workspace import files

    if not os.path.isfile(path):
        return ""
    try:
        return files.read_bytes(path).decode("utf-8", "replace")
    except OctavoError:
        return ""


def _ask(server: "dict[str, Any]") -> "dict[str, Any] | None":
    """Return what a server on this machine says of itself, None when it says nothing."""
    import json
    from http.client import HTTPConnection, HTTPException

    host = str(server.get("hostname") or "127.0.0.1")
    connection = HTTPConnection(host, int(server.get("port", 0)), timeout=_PATIENCE_S)
    base = str(server.get("base_url", "/"))
    path = f"{base.rstrip('/')}/octavo/api/status"
    here = hub.current()
    # A server of a hub knows the tokens of the hub, not the one that it writes down.
    token = here.token if here and here.prefix == base else server.get("token")
    try:
        connection.request("GET", path, headers={"Authorization": f"token {token}"})
        reply = connection.getresponse()
        text = reply.read()
        return dict(json.loads(text)) if reply.status == 200 else None
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
