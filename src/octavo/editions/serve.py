"""A local server of what editions wrote; pages in it reload when they are built anew.

It listens on this machine only.  The script that reloads is put into pages as they are sent, so
the files stay as they are.
"""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from octavo.core.errors import FileError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

EVENTS = "/.octavo/events"
_SCRIPT = (
    b"<script>(()=>{const s=new EventSource('/.octavo/events');"
    b"s.addEventListener('built',()=>location.reload())})()</script>"
)
_TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml",
    ".ipynb": "application/json", ".pdf": "application/pdf", ".png": "image/png",
    ".jpg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
    ".md": "text/plain; charset=utf-8", ".py": "text/plain; charset=utf-8",
}  # fmt: skip
_BEAT_S = 15.0  # a browser that has gone away is noticed so


class Server:
    """Serves the files of a folder tree; `paths` are those that may be seen, from *root*."""

    def __init__(self, root: str, port: int = 0) -> None:
        self.root = root
        self.paths: list[str] = []
        self.count = 0
        self._turn = threading.Condition()
        self._is_over = False
        try:
            self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler_of(self))
        except (OSError, OverflowError) as error:
            raise FileError(
                "OCT-E075",
                f"cannot listen on port {port}: {error}",
                Span(),
                hint="leave --port out",
            ) from None
        self._http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._http.server_address[1]}/"

    def __enter__(self) -> "Self":
        """Start to listen."""
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop to listen."""
        with self._turn:
            self._is_over = True
            self._turn.notify_all()
        self._http.shutdown()
        self._http.server_close()

    def built(self, paths: list[str]) -> None:
        """Tell all browsers that files were built anew."""
        with self._turn:
            self.paths = sorted(paths)
            self.count += 1
            self._turn.notify_all()

    def wait(self, seen: int) -> int:
        """Wait until more than *seen* builds were told, or a while; return how many were."""
        with self._turn:
            self._turn.wait_for(lambda: self.count > seen or self._is_over, timeout=_BEAT_S)
            return -1 if self._is_over else self.count

    def content(self, path: str) -> tuple[bytes, str] | None:
        """Return what is at a path of the server and its type, None when nothing is."""
        from octavo.workspace import files

        if path in ("", "/"):
            return self._index(), _TYPES[".html"]
        name = path.lstrip("/")
        if name.endswith("/"):
            name += "index.html"
        if name not in self.paths:
            return None
        kind = _TYPES.get(os.path.splitext(name)[1].lower(), "application/octet-stream")
        try:
            data = files.read_regular(os.path.join(self.root, *name.split("/")))
        except FileError:
            return None
        return (_with_script(data) if kind.startswith("text/html") else data), kind

    def _index(self) -> bytes:
        """Return a page with a link to each file."""
        from html import escape
        from urllib.parse import quote

        rows = "".join(
            f'<li><a href="/{quote(path)}">{escape(path)}</a></li>\n' for path in self.paths
        )
        text = (
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            "<title>Editions</title><style>:root{color-scheme:light dark}body{font:1rem/1.6 "
            "system-ui,sans-serif;margin:2rem auto;max-width:50rem;padding:0 1rem}</style></head>"
            f"<body><main><h1>Editions</h1>\n<ul>\n{rows}</ul></main></body></html>\n"
        )
        return _with_script(text.encode("utf-8"))


def _with_script(data: bytes) -> bytes:
    head, sign, tail = data.rpartition(b"</body>")
    return head + _SCRIPT + sign + tail if sign else data + _SCRIPT


def _handler_of(server: Server) -> type[BaseHTTPRequestHandler]:
    """Return the class that answers requests; it knows its server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer a request."""
            from urllib.parse import unquote, urlsplit

            host = (self.headers.get("Host") or "").rpartition(":")[0]
            if host not in ("127.0.0.1", "localhost"):  # a page elsewhere that asks by its name
                self.send_error(403)
                return
            path = unquote(urlsplit(self.path).path)
            if path == EVENTS:
                self._events()
                return
            found = server.content(path)
            if found is None:
                self.send_error(404)
                return
            data, kind = found
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(data)

        def _events(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            seen = server.count
            try:
                self.wfile.write(b": hello\n\n")
                while True:
                    self.wfile.flush()
                    now = server.wait(seen)
                    if now < 0:
                        return
                    self.wfile.write(b"event: built\ndata: \n\n" if now > seen else b": beat\n\n")
                    seen = now
            except OSError:
                return  # the browser has gone away

        def log_message(self, *_arguments: object) -> None:
            """Say nothing about requests."""

    return Handler
