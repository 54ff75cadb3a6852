"""The filter that git keeps running for a whole command: notebooks on their way in and out.

Source: gitattributes(5), "Long Running Filter Process"; the packets of protocol-common.
"""

from octavo.core.errors import OctavoError
from octavo.vcs.filter_outputs import KeptOutputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from octavo.core.document import Cell, Document

    Tell = Callable[[str], None]

_MOST = 65516  # bytes of content in a packet
_FLUSH = b"0000"
_SHORT = 64  # bytes of JSON within which a list may be empty


class Rules:
    """What becomes of a notebook on its way into git.

    `outputs` and `counts` are taken out; `format` makes it a text of that format instead
    ("" = it stays a notebook), which becomes a notebook again on its way out.
    """

    __slots__ = ("counts", "format", "outputs")

    def __init__(
        self,
        *,
        outputs: bool = False,
        counts: bool = False,
        format: str = "",  # noqa: A002  the word for it
    ) -> None:
        self.outputs = outputs
        self.counts = counts
        self.format = format


def clean(data: bytes, rules: Rules, see: "Callable[[Document], None] | None" = None) -> bytes:
    """Return what git is to keep of a file; the same for what git keeps already.

    *see* gets the notebook that becomes text.

    Raises: `OctavoError` when the file is no notebook.
    """
    from octavo.formats import _names, _text
    from octavo.workspace import files

    if rules.format and data.lstrip()[:1] != b"{":
        return data  # it is text already
    document = _text.read_text(data, _names.Target(_names.IPYNB), {})
    if rules.format:
        if see is not None:
            see(document)
        target = _text.settle_target(_names.parse(rules.format), document.metadata, {})
        return files.document_bytes(document, target, {})
    cells = []
    is_changed = False
    for cell in document.cells:
        if cell.kind == "code":
            if rules.outputs and _has_outputs(cell):
                cell, is_changed = cell.with_(outputs=[]), True  # noqa: PLW2901  the same cell
            if (rules.counts or rules.outputs) and cell.execution_count is not None:
                cell, is_changed = cell.with_(execution_count=None), True  # noqa: PLW2901
        cells.append(cell)
    if not is_changed:
        return data
    return files.document_bytes(document.with_(cells=cells), _names.Target(_names.IPYNB), {})


def _has_outputs(cell: "Cell") -> bool:
    """Return whether a cell has outputs; large ones are not decoded for that."""
    held = cell.raw_outputs
    if held is None or isinstance(held, list):
        return bool(held)
    return len(held) > _SHORT or bool(cell.outputs)


def smudge(
    data: bytes, rules: Rules, complete: "Callable[[Document], Document] | None" = None
) -> bytes:
    """Return what the working tree is to have: a notebook where git keeps a text.

    *complete* may give it what the text could not carry.

    Raises: `OctavoError` when the text cannot be read.
    """
    if not rules.format or data.lstrip()[:1] == b"{":
        return data
    from octavo.core import ids
    from octavo.formats import _names, _text
    from octavo.workspace import files

    document = _text.read_text(data, _names.parse(rules.format), {})
    if complete is not None:
        document = complete(document)
    return files.document_bytes(ids.assign(document), _names.Target(_names.IPYNB), {})


class Filter:
    """Answers git until it closes the stream.

    A file that cannot be filtered goes through as it is, and *tell* hears why: a `git add`
    never loses work.  Files that become notebooks again may be delayed: git asks for all of
    them first and fetches them then.
    """

    def __init__(self, source: "BinaryIO", target: "BinaryIO", rules: Rules, tell: "Tell") -> None:
        self._source = source
        self._target = target
        self._rules = rules
        self._tell = tell
        self._outputs = KeptOutputs(tell)
        self._waiting: dict[str, bytes] = {}

    def greet(self) -> bool:
        """Greet git and return whether it spoke this protocol."""
        welcome = self._list()
        if not welcome or welcome[0] != "git-filter-client" or "version=2" not in welcome:
            return False
        self._send("git-filter-server", "version=2")
        offered = self._list() or []
        known = [f"capability={name}" for name in ("clean", "smudge", "delay")]
        taken = [line for line in known if line in offered]
        self._send(*taken)
        return True

    def answer(self) -> int:
        """Answer until git has no more files; return the exit code."""
        while True:
            request = self._list()
            if request is None:
                return 0
            self._answer(dict(line.split("=", 1) for line in request if "=" in line))

    def _answer(self, request: dict[str, str]) -> None:
        command, path = request.get("command", ""), request.get("pathname", "")
        if command == "list_available_blobs":
            self._send(*[f"pathname={name}" for name in self._waiting])
            self._send("status=success")
            return
        data = self._content()
        if command == "smudge" and path in self._waiting:
            self._reply(self._waiting.pop(path))
            return
        if command not in ("clean", "smudge"):
            self._send("status=error")
            return
        made = self._filtered(command, path, data)
        if command == "smudge" and request.get("can-delay") == "1" and self._rules.format:
            self._waiting[path] = made
            self._send("status=delayed")
            return
        self._reply(made)

    def _filtered(self, command: str, path: str, data: bytes) -> bytes:
        try:
            if command == "clean":
                return clean(data, self._rules, lambda found: self._outputs.remember(found, path))
            return smudge(data, self._rules, lambda found: self._outputs.recall(found, path))
        except OctavoError as error:
            self._tell(f"{path}: goes through as it is: {error.message} [{error.code}]")
        except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
            self._tell(f"{path}: goes through as it is: {type(error).__name__}: {error}")
        return data

    # packets

    def _packet(self) -> bytes | None:
        """Return the next packet, b"" for a flush, None at the end of the stream."""
        head = self._source.read(4)
        if len(head) < 4:
            return None
        size = int(head, 16)
        return self._source.read(size - 4) if size > 4 else b""

    def _list(self) -> list[str] | None:
        """Return the lines up to the next flush, None at the end of the stream."""
        lines: list[str] = []
        while True:
            packet = self._packet()
            if packet is None:
                return None
            if not packet:
                return lines
            lines.append(packet.decode("utf-8", "surrogateescape").removesuffix("\n"))

    def _content(self) -> bytes:
        """Return the content of a file, which is in memory once: `getvalue` makes no copy."""
        from io import BytesIO

        content = BytesIO()
        while packet := self._packet():
            content.write(packet)
        return content.getvalue()

    def _send(self, *lines: str) -> None:
        for line in lines:
            data = line.encode("utf-8", "surrogateescape") + b"\n"
            self._target.write(b"%04x" % (len(data) + 4) + data)
        self._target.write(_FLUSH)
        self._target.flush()

    def _reply(self, data: bytes) -> None:
        self._send("status=success")
        rest = memoryview(data)
        while rest:
            piece, rest = rest[:_MOST], rest[_MOST:]
            self._target.write(b"%04x" % (len(piece) + 4))
            self._target.write(piece)
        self._target.write(_FLUSH + _FLUSH)
        self._target.flush()
