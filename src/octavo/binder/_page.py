"""Look at what a launch opens: through the server's interfaces, and in a real browser."""

import json
import os
from urllib.parse import quote

from octavo.binder import _launch
from octavo.binder._broken import BrokenLink
from octavo.binder.apps import APPS
from octavo.core.errors import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.binder._devtools import Browser
    from octavo.binder._jupyter import Server
    from octavo.binder.links import Launch

_WIDTH, _HEIGHT = 1280, 800
_QUESTION_S = 1.0
_MOST_FILES = 100_000  # that are looked through for a name like the missing one
#: Applications of the JupyterLab family: their pages tell which document is open.
_OPEN_IN_PAGE = frozenset(("lab", "doc", "notebook", "notebooks"))

#: What the page shows now: the open document and its text, or the text of a dialog.
_SHOWN = """(() => {
  const app = window.jupyterapp;
  const dialog = document.querySelector('.jp-Dialog-body, .jp-Dialog-content');
  const state = {path: null, ready: false, source: null, dialog: dialog ? dialog.innerText : ''};
  const widget = app && app.shell && app.shell.currentWidget;
  const context = widget && widget.context;
  if (!context) return state;
  state.path = context.path;
  state.ready = context.isReady;
  if (state.ready && context.model) {
    const join = (source) => [].concat(source).join('');
    state.source = context.model.cells
      ? context.model.toJSON().cells.map((cell) => join(cell.source))
      : context.model.toString();
  }
  return state;
})()"""
#: What JupyterLab's dialogs say when a document does not open.
_FAILED = "/Could not find path|Load Error|Cannot open/i"
#: Seen with JupyterLab 4.6.6, however the path is encoded.
_TREE_HINT = "JupyterLab cannot open what lies in a folder `tree`: rename the folder"
_SHOWN_FOLDER = """(() => {
  const items = document.querySelectorAll('.jp-BreadCrumbs-item');
  return items.length ? items[items.length - 1].title : null;
})()"""


class Document:
    """What is to open: the path on the server ("" unknown), its type, its text, the application."""

    __slots__ = ("app", "path", "said", "source", "type")

    def __init__(self, path: str, kind: str, source: "str | list[str] | None", app: str) -> None:
        self.path = path
        self.type = kind
        self.source = source
        self.app = app
        count = f", {len(source)} cells" if isinstance(source, list) else ""
        self.said = f"{path or 'the top folder'} ({kind}{count})" if kind else f"the address {app}"


def find(server: "Server", address: str, launch: "Launch") -> Document:
    """Return the document at an address of the server.

    Raises: `BrokenLink` OCT-B217 (no such application), OCT-B218 (no such document).
    """
    path, _, query = address.partition("#")[0].partition("?")
    asked = quote(path, safe="/%:@!$&'()*+,;=~-._") + (f"?{query}" if query else "")
    answer = server.get(asked)
    app = APPS.get(launch.app)
    prefix = app.prefix if app else ""
    has_document = app is not None and app.opens != "nothing"
    # Jupyter Notebook itself answers 404 for a missing document: the contents tell it better.
    document = _document(server, address, prefix, launch) if has_document else None
    if answer.status >= 400:
        name = prefix or path.partition("/")[0] + "/"
        raise BrokenLink(
            "OCT-B217", f"the server has no application at {name} (it answers {answer.status})",
            hint=_app_hint(name, is_known=app is not None),
        )  # fmt: skip
    return document or Document("", "", None, address or "/")


def watch(
    browser: "Browser", server: "Server", request: str, document: Document, timeout_s: float
) -> str:
    """Follow the link in a browser; return what was seen.

    Raises: `BrokenLink` OCT-B220 when something else opens.
    """
    browser.new_page()
    server.forget_layout()
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        width=_WIDTH, height=_HEIGHT, deviceScaleFactor=1, mobile=False,
    )  # fmt: skip
    # The token becomes a cookie; it never stands in the address that is proved.
    browser.open(server.url(f"api/me?token={server.token}"))
    browser.wait_for("location.pathname === '/api/me' && document.readyState === 'complete'", 10)
    browser.open(server.url(request))
    return _watch_document(browser, document, timeout_s)


def picture(browser: "Browser") -> bytes:
    """Return a picture of the document; the question for a kernel is answered with none."""
    browser.wait_for("document.querySelector('.jp-Dialog')", _QUESTION_S)
    browser.evaluate("document.querySelector('.jp-Dialog .jp-mod-reject').click()")
    return browser.picture()


def _watch_document(browser: "Browser", document: Document, timeout_s: float) -> str:
    if document.app not in _OPEN_IN_PAGE or not document.type:
        browser.wait_for("!location.pathname.includes('git-pull')", timeout_s)
        browser.wait_for("document.readyState === 'complete'", timeout_s)
        return f"{browser.evaluate('document.title')} at {browser.evaluate('location.pathname')}"
    if document.type == "directory":
        return _watch_folder(browser, document, timeout_s)
    wanted = json.dumps(document.path)
    browser.wait_for(
        f"(() => {{ const seen = {_SHOWN}; return {_FAILED}.test(seen.dialog) || "
        f"(seen.path === {wanted} && seen.ready); }})()",
        timeout_s,
    )
    seen = browser.evaluate(_SHOWN)
    shown = seen if isinstance(seen, dict) else {}
    if shown.get("path") != document.path or not shown.get("ready"):
        what = str(shown.get("dialog") or shown.get("path") or browser.evaluate("location.href"))
        raise BrokenLink(
            "OCT-B220", f"the browser does not show {document.path!r}: {' '.join(what.split())}",
            hint=_TREE_HINT if "/tree/" in document.path else "",
        )  # fmt: skip
    if document.source is not None and shown.get("source") != document.source:
        raise BrokenLink("OCT-B220", f"the browser shows {document.path!r} with another text")
    same = " with its text" if document.source is not None else ""
    return f"{APPS[document.app].title} shows {document.path}{same}"


def _watch_folder(browser: "Browser", document: Document, timeout_s: float) -> str:
    wanted = json.dumps(document.path)
    browser.wait_for(f"{_SHOWN_FOLDER} === {wanted}", timeout_s)
    seen = browser.evaluate(_SHOWN_FOLDER)
    if seen != document.path:
        raise BrokenLink(
            "OCT-B220", f"the browser does not show the folder {document.path!r} but {seen!r}"
        )
    return f"{APPS[document.app].title} shows the folder {document.path}"


def _document(server: "Server", address: str, prefix: str, launch: "Launch") -> Document:
    path = _launch.document_path(address, prefix)
    answer = server.get("api/contents/" + quote(path, safe="/"))
    if answer.status != 200:
        raise BrokenLink(
            "OCT-B218", f"there is no file {path!r} after the pull",
            hint=_missing_hint(server.root, path, launch),
        )  # fmt: skip
    told = json.loads(answer.text)
    return Document(path, str(told["type"]), _source(told), launch.app)


def _source(told: "dict[str, object]") -> "str | list[str] | None":
    """Return the text of a document, a list of those of its cells, None for neither."""
    content = told.get("content")
    if told["type"] == "notebook" and isinstance(content, dict):
        return ["".join(cell["source"]) for cell in content["cells"]]
    return content if told.get("format") == "text" and isinstance(content, str) else None


def _app_hint(name: str, *, is_known: bool) -> str:
    if is_known:
        return "is it installed in the environment of --python? lab/tree/ is always there"
    prefixes = [app.prefix for app in APPS.values()]
    return did_you_mean(name, [prefix.partition("/")[0] + "/" for prefix in prefixes]) or (
        "known: " + ", ".join(prefixes)
    )


def _missing_hint(root: str, path: str, launch: "Launch") -> str:
    """Return the file that was probably meant."""
    files = _files(root)
    for name in files:
        if name.lower() == path.lower():
            return f"it is called {name!r}: capitals count"
    base = path.rpartition("/")[2]
    for name in files:
        if name.rpartition("/")[2] == base:
            return f"it is at {name!r}"
    branch = launch.content.branch if launch.content else ""
    return did_you_mean(path, files) or f"is it committed to {branch or 'the default branch'}?"


def _files(root: str) -> list[str]:
    found: list[str] = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != ".git"]
        relative = os.path.relpath(folder, root).replace(os.sep, "/")
        start = "" if relative == "." else relative + "/"
        found += [start + name for name in (*folders, *names)]
        if len(found) > _MOST_FILES:
            break
    return found
