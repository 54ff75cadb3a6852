"""Show the page that makes launch links, or write it to a file.

The page is one file that needs no network; put it on any site. Without -o it is
served on 127.0.0.1 until Ctrl-C.
"""

from octavo.cli import _output
from octavo.core.errors import FileError, OptionError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("-o", "--output", metavar="FILE", help="Write the page to FILE, - for stdout.")
    add("--open", action="store_true", help="Open the page in the browser.")
    add("--port", metavar="PORT", default="0", help="Port to serve on. Default: a free one.")
    add("-n", "--dry-run", action="store_true", help="Write, serve and open nothing.")
    add("--json", action="store_true", help="Print JSON.")


def run(arguments: "Namespace") -> int:
    """Write or serve the page."""
    if arguments.output is None:
        return _serve(arguments)
    return _write(arguments)


def _write(arguments: "Namespace") -> int:
    from octavo.binder import ui
    from octavo.workspace import files

    if arguments.output == "-":
        if arguments.open or arguments.json:
            raise OptionError("OCT-O029", "-o - prints the page, and nothing else")
        _output.out_bytes(ui.page())
        return 0
    is_new = False
    if not arguments.dry_run:
        is_new = files.replace_file(arguments.output, ui.page())
    said = "would be written" if arguments.dry_run else "written" if is_new else "unchanged"
    if arguments.json:
        _output.out_json({"file": arguments.output, "status": said})
    else:
        _output.err(_output.one_line(f"{arguments.output}: {said}") + "\n")
    if arguments.open and not arguments.dry_run:
        _open(_file_url(arguments.output))
    return 0


def _serve(arguments: "Namespace") -> int:
    from octavo.binder import ui

    port = _port(arguments.port)
    if arguments.dry_run:
        _output.err("the page would be served on 127.0.0.1\n")
        return 0
    try:
        server = ui.server(port)
    except OSError as fault:
        raise FileError(
            "OCT-B230", f"cannot be served on: {fault.strerror}", Span(f"127.0.0.1:{port}"),
            hint="name another --port",
        ) from None  # fmt: skip
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    with server:
        if arguments.json:
            _output.out_json({"url": url})
        else:
            _output.out(f"{url}\n")
            _output.err("Ctrl-C ends it.\n")
        _output.flush()
        if arguments.open:
            _open(url)
        try:
            server.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            return 0  # the way to end it
    return 0


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise OptionError("OCT-O020", f"binder ui: --port takes a number below 65536, not {text!r}")
    return int(text)


def _file_url(path: str) -> str:
    import pathlib

    return pathlib.Path(path).absolute().as_uri()


def _open(url: str) -> None:
    import webbrowser

    webbrowser.open(url)
