"""The page that makes launch links: one file, which asks nothing of anybody.

The parts are in `ui_page/`; here they become one page with a policy that lets a browser run this
script and this style, and load nothing at all.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

_FOLDER = os.path.join(os.path.dirname(__file__), "ui_page")
_POLICY = "default-src 'none'"
_SCRIPTS = ("links.js", "page.js")
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
)


def page() -> bytes:
    """Return the page: the same bytes every time."""
    script = "\n" + "\n".join(map(_part, _SCRIPTS))
    style = "\n" + _part("page.css")
    text = _part("index.html").replace(_POLICY, _policy(script, style))
    text = text.replace("<style></style>", f"<style>{style}</style>")
    return text.replace("<script></script>", f"<script>{script}</script>").encode("utf-8")


def server(port: int) -> "ThreadingHTTPServer":
    """Return a server of the page on 127.0.0.1; port 0 is any that is free."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    data = page()

    class Handler(BaseHTTPRequestHandler):
        """Answers with the page at /, with 404 elsewhere."""

        server_version = "octavo"
        sys_version = ""

        def do_GET(self) -> None:
            self._answer()

        def do_HEAD(self) -> None:
            self._answer()

        def log_message(self, *_: object) -> None:
            """Say nothing: the terminal shows the address, no more."""

        def _answer(self) -> None:
            found = self.path.partition("?")[0] in ("/", "/index.html")
            body = data if found else b"There is one page only: /\n"
            self.send_response(200 if found else 404)
            for name, value in _HEADERS if found else (("Content-Type", "text/plain"),):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def _part(name: str) -> str:
    from octavo.workspace import files

    return files.read_bytes(os.path.join(_FOLDER, name)).decode("utf-8").replace("\r\n", "\n")


def _policy(script: str, style: str) -> str:
    """Return the policy of the page: this script, this style, nothing from anywhere."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    from base64 import b64encode
    from hashlib import sha256

    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")
