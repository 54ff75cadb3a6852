"""Files that a text includes: MyST's `{include}` directive and Quarto's `{{< include >}}`."""

import os

from octavo.core.errors import FileError, FormatError, Span
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from octavo.core.document import Document

_INCLUDE = lazy(
    r"(?m)^(`{3,}|~{3,}|:{3,})\{include\}[ \t]+(\S.*?)[ \t]*\n(?::[^\n]*\n)*\1[ \t]*$"
    r"|^[ \t]*\{\{<\s*include\s+(\S+?)\s*>\}\}[ \t]*$"
)
_FRONT_MATTER = lazy(r"\A---[ \t]*\n.*?\n---[ \t]*\n", 16)  # 16: re.DOTALL
_MOST = 1000


def expand(document: "Document", path: str, root: str, seen: "Callable[[str], None]") -> "Document":
    """Return *document* with the files that its Markdown includes; *seen* is told each of them.

    Only files in the project are read.

    Raises: `FileError` OCT-E060 for a file that is missing or lies outside, `FormatError`
    OCT-E061 for one that includes itself, by whatever way.
    """
    if not any("include" in cell.source for cell in document.cells if cell.kind == "markdown"):
        return document
    reader = _Reader(root, seen)
    cells = [
        cell.with_(source=reader.text(cell.source, [os.path.abspath(path)], cell.line))
        if cell.kind == "markdown" and "include" in cell.source
        else cell
        for cell in document.cells
    ]
    return document.with_(cells=cells)


class _Reader:
    """Puts files in the place of what includes them."""

    def __init__(self, root: str, seen: "Callable[[str], None]") -> None:
        self._root = os.path.realpath(root)
        self._seen = seen
        self._count = 0

    def text(self, text: str, chain: list[str], line: int) -> str:
        """Return *text*, which stands in the last file of *chain*, with what it includes."""
        parts, at = [], 0
        for found in _INCLUDE.finditer(text):
            parts.append(text[at : found.start()])
            here = line + text.count("\n", 0, found.start()) if line else 0
            name = (found[2] or found[3]).strip("\"'")
            parts.append(self._file(name, chain, here).rstrip("\n"))
            at = found.end()
        return "".join([*parts, text[at:]])

    def _file(self, name: str, chain: list[str], line: int) -> str:
        from octavo.formats import _text
        from octavo.workspace import files
        from octavo.workspace.config_search import shown

        place = Span(shown(chain[-1]), line)
        path = os.path.normpath(os.path.join(os.path.dirname(chain[-1]), name))
        real = os.path.realpath(path)
        if os.path.commonpath((self._root, real)) != self._root or not os.path.isfile(real):
            raise FileError(
                "OCT-E060", f"there is no file {name!r} to include", place,
                hint="paths are relative to the file, and stay in the project",
            )  # fmt: skip
        if path in chain:
            way = " -> ".join(shown(one) for one in [*chain[chain.index(path) :], path])
            raise FormatError(
                "OCT-E061", f"includes itself: {way}", place, hint="take one of these out"
            )
        self._count += 1
        if self._count > _MOST:
            raise FormatError("OCT-E061", f"includes more than {_MOST} files", place)
        self._seen(path)
        text = _text.decode(files.read_bytes(path), path).replace("\r\n", "\n")
        return self.text(_FRONT_MATTER.sub("", text, count=1), [*chain, path], 1)
