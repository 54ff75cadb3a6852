"""The text of a document as other programs get to see it, and the way back from each line.

The text has no header and no metadata of cells, so that nothing in it is the program's business
but the sources.  Magics are comments; where a comment would not do (in an indented block, after a
`=`), a statement stands in.  What a program made of the text is put back cell by cell: ids,
outputs and metadata stay.
"""

import re

from octavo.core.align import align
from octavo.core.document import Cell, Document
from octavo.core.errors import FormatError
from octavo.core.languages import find, main_language
from octavo.formats import _index, _names, _text
from octavo.formats._magics import magics_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.formats._names import Target

_BARE = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "-all"}
_MOST_HEAD = 60  # lines of options that may stand before a source
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)\s*=\s*([%!].*)$")


class TextForm:
    """The text of a document, and what its lines stand for.

    `target` is its format, `text` what a program is given.
    """

    def __init__(self, document: Document, target: "Target") -> None:
        self.document = document
        self.target = _text.settle_target(target, document.metadata, {})
        fmt = _text.get_format(self.target.name or _index.default_name(self.target.suffix))
        self._options: dict[str, bool | str] = {
            name: value for name, value in _BARE.items() if name in fmt.options
        }
        language = main_language(document.metadata, self.target.suffix)
        self._magics = magics_of(language or "python")
        self._hidden: dict[str, str] = {}
        self._shown = [self._hide(cell) for cell in document.cells]
        shown = document.with_(cells=self._shown)
        self.text = _text.write_text(shown, self.target, self._options)
        self._read = _text.read_text(self.text, self.target, {}).cells
        self._starts = starts(self.text, self._read)

    def place(self, line: int) -> tuple[int, int] | None:
        """Return what a line of the text (1-based) stands for: index of the cell, line in it.

        None where the text has other cells than the document.
        """
        if len(self._read) != len(self.document.cells) or not self._read:
            return None
        i = 0
        for j, cell in enumerate(self._read):
            if cell.line <= line:
                i = j
        lines = self._read[i].source.count("\n") + 1
        return i, max(1, min(line - self._starts[i] + 1, lines))

    def back(self, text: str) -> Document:
        """Return the document with the sources of *text*; all else stays as it was.

        Raises: `FormatError` OCT-F060 when *text* is no longer a document like this one.
        """
        if text == self.text:
            return self.document
        cells = _text.read_text(text, self.target, {}).cells
        self._check(text, cells)
        old = self._read
        if len(old) != len(self.document.cells):
            raise FormatError(
                "OCT-F060", f"its text as {self.target} does not have the same cells",
                hint="choose another format with --to",
            )  # fmt: skip
        same = len(old) == len(cells) and all(
            mine.kind == yours.kind for mine, yours in zip(old, cells, strict=True)
        )
        places = list(range(len(old))) if same else align(old, cells)
        return self.document.with_(
            cells=[
                Cell(
                    cell.kind, self._show(cell.source), outputs=[] if cell.kind == "code" else None
                )
                if i is None
                else self._with_source(i, cell)
                for i, cell in zip(places, cells, strict=True)
            ]
        )

    def _with_source(self, i: int, new: Cell) -> Cell:
        """Return a cell with its new source, if the text can tell it at all."""
        cell, shown, seen = self.document.cells[i], self._shown[i], self._read[i]
        if new.source == seen.source or seen.source != shown.source or seen.kind != shown.kind:
            return cell
        source = self._show(new.source)
        if cell.kind == "code" and _is_silent(cell.source) and not _is_silent(source):
            source += ";"
        return cell.with_(source=source)

    def _check(self, text: str, cells: "tuple[Cell, ...]") -> None:
        """Check that a program has not put something else in place of the document."""
        is_code = [cell.kind == "code" for cell in self._read]
        first = self.text.partition("\n")[0]
        marker = first if self._read and self._starts[0] > self._read[0].line else ""
        lost_code = any(is_code) and not any(cell.kind == "code" for cell in cells)
        lost_marks = bool(marker) and marker.split()[:2] not in [
            line.split()[:2] for line in text.split("\n")
        ]
        if lost_code or lost_marks:
            raise FormatError(
                "OCT-F060", "the program printed no document",
                hint="--check runs a program that only prints what it finds",
            )  # fmt: skip

    def _hide(self, cell: Cell) -> Cell:
        """Return a cell with statements for the magics that a comment cannot stand for."""
        magics = self._magics
        if cell.kind != "code" or cell.source.startswith("%%"):
            return cell
        if not magics.is_python or not magics.may_occur(cell.source):
            return cell
        lines = cell.source.split("\n")
        for i, commented in enumerate(magics.comment(cell.source).split("\n")):
            line = lines[i]
            if commented != line and magics.is_magic(line) and not line.endswith("\\"):
                lines[i] = self._statement(line)
        return cell.with_(source="\n".join(lines))

    def _statement(self, line: str) -> str:
        """Return a statement for a magic, the line itself where a comment will do."""
        bare = line.lstrip()
        assigned = _ASSIGNED.match(bare)
        if assigned:
            shown = f"{assigned[1]} = None  # {assigned[2]}"
        elif len(bare) < len(line) and bare.startswith(("%", "!", "?")):
            shown = f"pass  # {bare}"
        else:
            return line
        if self._hidden.setdefault(shown.rstrip(), bare) != bare:
            return line
        return line[: len(line) - len(bare)] + shown

    def _show(self, source: str) -> str:
        """Return *source* with its magics back: the inverse of `_hide`."""
        if not self._hidden:
            return source
        lines = source.split("\n")
        for i, line in enumerate(lines):
            bare = self._hidden.get(line.strip())
            if bare is not None:
                lines[i] = line[: len(line) - len(line.lstrip())] + bare
        return "\n".join(lines)


def _is_silent(source: str) -> bool:
    """Return whether a `;` at the end hides the value of the last line; a comment has none."""
    last = source.rstrip().rpartition("\n")[2]
    return last.endswith(";") or "#" in last or not last


def starts(text: str, cells: "tuple[Cell, ...]") -> list[int]:
    """Return the line (1-based) on which the source of each cell begins in *text*."""
    lines = text.split("\n")
    found = []
    for i, cell in enumerate(cells):
        first = max(cell.line, 1)
        stop = cells[i + 1].line if i + 1 < len(cells) and cells[i + 1].line else len(lines) + 1
        found.append(_start(lines, first, stop, cell.source.split("\n")))
    return found


def _start(lines: list[str], first: int, stop: int, source: list[str]) -> int:
    """Return where *source* begins in the lines from *first* up to *stop*, both 1-based."""
    wanted = [line.strip() for line in source]
    best, most = first, 0
    for start in range(first, max(first + 1, min(stop, first + _MOST_HEAD))):
        score = 0
        for k, line in enumerate(wanted):
            if start - 1 + k >= len(lines) or start + k >= stop:
                break
            score += lines[start - 1 + k].strip().endswith(line)
        if score == len(wanted):
            return start
        if score > most:
            best, most = start, score
    return best


def target_for(said: str, document: Document) -> "Target":
    """Return the format of the text that a program gets: *said*, `auto` for the own language.

    Raises: `OptionError` for an unknown format, or where no language is told.
    """
    from octavo.core.languages import SCRIPT_SUFFIXES, script_suffix

    target = _names.parse(said)
    origin = _names.parse(document.origin.format or "").suffix
    if target.suffix == _names.AUTO and script_suffix(document.metadata) is None:
        suffix = origin if origin in SCRIPT_SUFFIXES else _guessed(document)
        if suffix:
            return _names.Target(suffix, target.name)
    return target


def _guessed(document: Document) -> str:
    """Return the suffix for a document that names no language: that of its kernel, else Python."""
    spec, section = (document.metadata.get(key) for key in ("kernelspec", "jupytext"))
    lexer = section.get("default_lexer") if isinstance(section, dict) else None
    kernel = spec.get("name") if isinstance(spec, dict) else None
    for name in (lexer, kernel):
        row = find(name.rstrip("0123456789.-")) if isinstance(name, str) else None
        if row is not None:
            return row.suffixes[0]
    return "" if kernel else ".py"
