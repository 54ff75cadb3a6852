'''sphinx: Python scripts for Sphinx-Gallery, with Markdown in blocks of comments.

    """
    The first Markdown cell
    """

    1 + 1

    ###############################################################################
    # Another Markdown cell

Code cells are bare; a line `""` parts two that are neighbours.  The format has no place for
cell metadata; what it could not hold at all stands between two comments, see `_BEGIN`.

Source: the syntax of Sphinx-Gallery scripts, formats.md of the project's reference, section 2,
and the observed behaviour of Jupytext.
'''

import json
import re
from bisect import bisect_right

from octavo.core.active import is_active
from octavo.core.document import Cell, Document
from octavo.core.errors import OptionError
from octavo.core.languages import main_language
from octavo.core.patterns import lazy
from octavo.formats import _cell_language, _comments, _header, _header_plan, _hints, _lossless
from octavo.formats._blank_lines import Ahead, between
from octavo.formats._format import Format, Keeps
from octavo.formats._magics import magics_of
from octavo.formats._strings import StringScanner, has_triple_quotes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.core.document import Kind, Metadata, Origin
    from octavo.core.options import Options
    from octavo.formats._header_plan import Plan

VERSION = "1.1"
OPTIONS = (*_header.COMMON_OPTIONS, "comment_magics", "rst2md")

_SUFFIX = ".py"
_RULE = "#" * 79
_HASHES = lazy(r"# ?#{19,}\s*\Z")
_RULES = lazy(r"(?m)^# ?#{19,}[^\S\n]*$")
_MATPLOTLIB = "%matplotlib inline"
_TRIPLE = ('"""', "'''")
_QUOTED_CELLS = "\n\n".join(
    f"{quotes}\n{word}\n{quotes}" for quotes, word in zip(_TRIPLE, "bc", strict=True)
)
_SEPARATOR = '""'
#: An empty Markdown cell where `""` would be a separator.
_EMPTY = "''"
#: Opens and closes a cell that the format has no notation for, such as a raw cell, or code with
#: a line that would start another cell.  JSON after the first tells what the cell is.
_BEGIN, _END = "# octavo: ", "# octavo: end"
#: What may make the plain notation of a code cell read as something else.
_HOLDS_MARK = lazy(r"(?m)^# octavo:")
_SIGN = lazy(r"\A\s|\s\Z|\"\"|''|^# ?#{19}|^# octavo:|^# %%|\r", re.MULTILINE)


# ---- reading ---------------------------------------------------------------------------


def read(text: str, options: "Options", origin: "Origin") -> Document:
    """Return the document that *text* holds.

    Raises: `OptionError` OCT-O040 when `rst2md` is asked for and Sphinx-Gallery is missing.
    """
    head = _header.read_head(text, options, origin, "#")
    settings = options.over(head.settings)
    main = main_language(head.metadata, _SUFFIX) or "python"
    reader = _Reader(main, uncomments=settings.flag("comment_magics", default=True))
    cells = reader.cells(text[head.stop :], head.line)
    if settings.flag("rst2md"):
        cells = _with_markdown(cells)
    if not (cells and cells[0].source == _MATPLOTLIB and cells[0].metadata):
        cells.insert(0, Cell("code", _MATPLOTLIB, {}, [], line=head.line))
    return _header.settle(head, cells, options, suffix=_SUFFIX, origin=origin)


class _Block:
    """Lines of one cell: `kind`, first line, line after the last, first line of the next block.

    "code" is bare, "empty" is a line `""` or `''`; "quoted" and "commented" are Markdown;
    "enclosed" stands between the comments `_BEGIN` and `_END`, and has `facts`; "nothing" is a
    blank line that separates.
    """

    __slots__ = ("facts", "following", "kind", "start", "stop")

    def __init__(
        self, kind: str, start: int, stop: int, following: int, facts: "Metadata | None" = None
    ) -> None:
        self.kind = kind
        self.start = start
        self.stop = stop
        self.following = following
        self.facts: Metadata = facts or {}


class _Reader:
    """Reads the cells of one text."""

    __slots__ = ("_ends", "_lines", "_main", "_uncomments")

    def __init__(self, main: str, *, uncomments: bool) -> None:
        self._main = main
        self._uncomments = uncomments
        self._lines: list[str] = []
        self._ends: dict[str, list[int]] = {}

    def cells(self, text: str, line: int) -> list[Cell]:
        """Return the cells of *text*, whose first line is line *line* of a file."""
        self._lines = lines = text.removesuffix("\n").split("\n") if text else []
        self._ends = {}
        if _BEGIN in text:
            for i, found in enumerate(lines):
                if found.startswith(_END):
                    self._ends.setdefault(found, []).append(i)
        blocks = list(self._blocks())
        self._trim(blocks)
        return [
            self._cell(block, line)
            for i, block in enumerate(blocks)
            if block.kind != "nothing" and not _is_separator(blocks, i, lines)
        ]

    def one(self, text: str) -> Cell | None:
        """Return the cell that *text* reads as between Markdown cells, None if not just one."""
        found = self.cells(f"{_RULE}\n# a\n\n{text}\n\n{_RULE}\n# b\n", 1)
        if len(found) != 3 or (found[0].source, found[2].source) != ("a", "b"):
            return None
        if has_triple_quotes(text):
            # A quote that is never closed would be closed by the next one.
            quoted = self.cells(f"{text}\n\n{_QUOTED_CELLS}\n", 1)
            if [cell.source for cell in quoted[1:]] != ["b", "c"]:
                return None
        return _cell_language.settled(found[1], self._main)

    def _blocks(self) -> "Iterator[_Block]":
        """Yield the blocks of the text; those of code with all blank lines after them."""
        at, n = 0, len(self._lines)
        while at < n:
            block = self._block(at)
            if block is None:
                stop = self._end_of_code(at)
                block = _Block("code", at, stop, stop)
            yield block
            at = block.following

    def _block(self, at: int) -> _Block | None:
        """Return the block that begins on line *at*, None if that is code."""
        line = self._lines[at]
        sign = line[:1]
        if sign == "#":
            if _HASHES.match(line):
                return self._commented(at)
            return self._enclosed(at) if line.startswith(_BEGIN) else None
        if sign not in ('"', "'"):
            return None
        if line in (_SEPARATOR, _EMPTY):
            return _Block("empty", at, at + 1, self._after_blank(at + 1))
        return self._quoted(at, line[:3]) if line.startswith(_TRIPLE) else None

    def _after_blank(self, at: int) -> int:
        """Return the line after a blank line at *at*, *at* if there is none."""
        lines = self._lines
        return at + 1 if at < len(lines) and not lines[at].strip() else at

    def _commented(self, at: int) -> _Block:
        stop = at + 1
        while stop < len(self._lines) and self._lines[stop].startswith("#"):
            stop += 1
        return _Block("commented", at, stop, self._after_blank(stop))

    def _quoted(self, at: int, quotes: str) -> _Block | None:
        for i in range(at, len(self._lines)):
            line = self._lines[i]
            if line.rstrip().endswith(quotes) and (i > at or line.strip() != quotes):
                if i == at and len(line.strip()) < 6:
                    continue  # the quotes that open are not those that close
                return _Block("quoted", at, i + 1, self._after_blank(i + 1))
        return None

    def _enclosed(self, at: int) -> _Block | None:
        try:
            facts = json.loads(self._lines[at][len(_BEGIN) :])
        except (ValueError, RecursionError):
            return None
        if not isinstance(facts, dict):
            return None
        number = facts.pop("end", 0)
        ends = self._ends.get(f"{_END} {number}" if number else _END, [])
        place = bisect_right(ends, at)
        _, known = _hints.unpack({_hints.KEY: facts})
        if place == len(ends) or not known:
            return None
        stop = ends[place] + 1
        return _Block("enclosed", at, stop, self._after_blank(stop), facts)

    def _end_of_code(self, at: int) -> int:
        """Return the line on which the block after the code at *at* begins."""
        lines = self._lines
        scanner = StringScanner("python")
        for i in range(at, len(lines)):
            line = lines[i]
            if i > at and not scanner.quoted and line[:1] in ('"', "'", "#") and self._block(i):
                return i
            scanner.read(line)
        return len(lines)

    def _trim(self, blocks: list[_Block]) -> None:
        """Take away the blank lines that only separate, from the last block to the first.

        As many are taken as writing would put there; where the layout is another, one is.
        """
        lines = self._lines
        ahead = after = Ahead()
        separator: list[str] = []
        for i in reversed(range(len(blocks))):
            block = blocks[i]
            if _is_separator(blocks, i, lines):
                separator = [_SEPARATOR]
                continue
            is_last = i == len(blocks) - 1
            if block.kind == "code":
                if not is_last:
                    block.stop -= self._blank_below(block, ahead)
            elif (
                block.kind in ("quoted", "empty", "enclosed")
                and not is_last
                and blocks[i + 1].kind == "code"
            ):
                ahead = self._without_second_blank(block, blocks[i + 1], ahead, after)
            after = ahead
            chunk = lines[block.start : block.stop]
            count = between(chunk, ahead, _SUFFIX)
            ahead = ahead.with_chunk([*chunk, *[""] * count, *separator])
            separator = []

    def _blank_below(self, block: _Block, ahead: Ahead) -> int:
        """Return how many blank lines at the end of a code block are no content."""
        lines = self._lines
        for count in (2, 1):
            stop = block.stop - count
            if stop < block.start or any(lines[stop : block.stop]):
                continue
            if between(lines[block.start : stop], ahead, _SUFFIX) == count:
                return count
        last = block.stop - 1
        return 1 if last >= block.start and not lines[last].strip() else 0

    def _without_second_blank(
        self, block: _Block, code: _Block, ahead: Ahead, after: Ahead
    ) -> Ahead:
        """Take the second of two separating blank lines from the code after a quoted cell."""
        lines = self._lines
        if lines[code.start]:
            return ahead
        without = after.with_chunk(lines[code.start + 1 : code.stop])
        if between(lines[block.start : block.stop], without, _SUFFIX) != 2:
            return ahead
        if code.following - code.start == 1:
            code.kind = "nothing"
        elif code.stop - code.start < 2:
            return ahead
        code.start += 1
        return without

    def _cell(self, block: _Block, line: int) -> Cell:
        source = "\n".join(self._lines[block.start : block.stop])
        line += block.start
        if block.kind == "code":
            return Cell("code", self._code(source), {}, [], line=line)
        if block.kind == "enclosed":
            return self._held(block, line)
        if block.kind == "empty":
            source = ""
        elif block.kind == "quoted":
            source = _unquoted(source)
        else:
            source = _comments.uncomment(source.partition("\n")[2], "#")
        return Cell("markdown", source, {}, line=line)

    def _held(self, block: _Block, line: int) -> Cell:
        """Return the cell that stands between two comments."""
        metadata, facts = _hints.unpack({_hints.KEY: block.facts})
        source = "\n".join(self._lines[block.start + 1 : block.stop - 1])
        kind: Kind = _hints.kind_of(facts) or "code"  # type: ignore[assignment]
        if kind == "code" and is_active(_hints.release(metadata), _SUFFIX):
            source = self._code(source)
        else:
            source = _comments.uncomment(source, "#")
        source = _lossless.restored(source, facts)
        return Cell(kind, source, metadata, [] if kind == "code" else None, line=line)

    def _code(self, source: str) -> str:
        if source.startswith("# %%") and "\n" in source:
            bare = _comments.uncomment(source, "#")
            if _comments.comment(bare, "#") == source and _cell_language.take_magic(
                bare, self._main
            ):
                return bare
        return magics_of(self._main).uncomment(source, commented=self._uncomments)


def _is_separator(blocks: list[_Block], i: int, lines: list[str]) -> bool:
    """Return whether a block is the line `""` between two code cells."""
    return (
        blocks[i].kind == "empty"
        and lines[blocks[i].start] == _SEPARATOR
        and (i == 0 or blocks[i - 1].kind == "code")
        and i + 1 < len(blocks)
        and blocks[i + 1].kind == "code"
    )


def _unquoted(text: str) -> str:
    """Return what stands in the triple quotes around *text*."""
    quotes = text[:3]
    first, newline, rest = text.partition("\n")
    text = rest if newline and first.strip() == quotes else text[3:]
    body, newline, last = text.rpartition("\n")
    if last.strip() == quotes:
        return body
    return body + newline + last[: last.rfind(quotes)]


def _with_markdown(cells: list[Cell]) -> list[Cell]:
    """Return *cells* with Markdown in place of reStructuredText."""
    from collections import defaultdict
    from itertools import count

    try:
        from sphinx_gallery.notebook import rst2md  # type: ignore[import-not-found]
    except ImportError:
        raise OptionError(
            "OCT-O040",
            "the option rst2md needs Sphinx-Gallery, which is not installed",
            hint="pip install sphinx-gallery, or leave the option out",
        ) from None

    def convert(source: str) -> str:
        numbers = count(start=1)
        levels: defaultdict[str, int] = defaultdict(lambda: next(numbers))
        converted = rst2md(source, {"notebook_images": False}, "", levels)
        return str(converted).removesuffix("\n")

    return [
        cell.with_(source=convert(cell.source)) if cell.kind == "markdown" and cell.source else cell
        for cell in cells
    ]


# ---- writing ---------------------------------------------------------------------------


def write(document: Document, options: "Options") -> str:
    """Return *document* as a Sphinx-Gallery script.

    Raises: `OptionError` OCT-O041 when `rst2md` is asked for: there is no way back.
    """
    if options.flag("rst2md"):
        raise OptionError(
            "OCT-O041",
            "the option rst2md works in one direction, from reStructuredText to Markdown",
            hint="leave the option out",
        )
    plan = _header_plan.plan_text(document, options, name="sphinx", version=VERSION, prefix="#")
    writer = _Writer(plan)
    text = _join(plan.cells, [writer.chunk(cell) for cell in plan.cells])
    if plan.yaml:
        blank = plan.blank if plan.blank is not None else 1
        return "\n".join(plan.head) + "\n" * (blank + 1) + text
    if _misleads(text):
        text = f"{_SEPARATOR}\n{text}"
    return "".join(f"{line}\n" for line in plan.head) + text


def _misleads(text: str) -> bool:
    """Return whether the beginning of a script without header would be taken for something."""
    return (
        text.startswith("\ufeff")
        or _header.looks_like_head(text, "#")
        or ("\r\n" in text and text.count("\r\n") == text.count("\n"))
    )


def _join(cells: "tuple[Cell, ...]", chunks: list[str]) -> str:
    """Return *chunks* with the blank lines and separators that belong between them."""
    pieces: list[str] = []
    ahead = Ahead()
    follows_code = False
    for i in reversed(range(len(cells))):
        lines = chunks[i].split("\n")
        is_code = cells[i].kind == "code" and not chunks[i].startswith(_BEGIN)
        if i == 0 and is_code and chunks[0] in (_MATPLOTLIB, f"# {_MATPLOTLIB}"):
            break
        asked = cells[i].metadata.get("lines_to_next_cell") if cells[i].metadata else None
        count = between(lines, ahead, _SUFFIX)
        if isinstance(asked, int):
            count = max(0, min(asked, 2))
        if chunks[i] == _SEPARATOR and _could_separate(cells, i, count):
            lines = [_EMPTY]
        lines += [""] * count
        if is_code and follows_code:
            lines.append(_SEPARATOR)
            following = chunks[i + 1]
            is_blank = not following.partition("\n")[0].strip()
            if is_blank and (following or i + 2 == len(cells)):
                lines.append("")  # the line after a separator is dropped if it is blank
        pieces.append("\n".join(lines) + "\n")
        ahead = ahead.with_chunk(lines)
        follows_code = is_code
    text = "".join(reversed(pieces))
    return text.removesuffix("\n")


def _could_separate(cells: "tuple[Cell, ...]", i: int, blank: int) -> bool:
    """Return whether an empty Markdown cell, *blank* lines below it, could be a separator."""
    if i > 0 and cells[i - 1].kind == "markdown":
        return False
    # After two blank lines there could be an empty code cell between them.
    return blank == 2 or (i + 1 < len(cells) and cells[i + 1].kind != "markdown")


class _Writer:
    """Writes cells; remembers whether the first Markdown cell was written."""

    __slots__ = ("_comments_magics", "_first", "_magics", "_plan", "_reader")

    def __init__(self, plan: "Plan") -> None:
        self._plan = plan
        self._first = True
        self._comments_magics = plan.options.flag("comment_magics", default=True)
        self._magics = magics_of(plan.language)
        self._reader = _Reader(plan.language, uncomments=self._comments_magics)

    def chunk(self, cell: Cell) -> str:
        """Return the text of *cell*, without a newline at the end."""
        if cell.kind == "markdown":
            return self._markdown(cell)
        wanted: Metadata = {}
        if cell.kind == "raw" or not is_active(cell.metadata, _SUFFIX):
            wanted = self._plan.filter.apply(cell.metadata)
            return self._careful(cell, wanted)
        source = cell.source
        if _SIGN.search(source) or self._magics.may_occur(source):
            return self._careful(cell, wanted)
        return source

    def _careful(self, cell: Cell, wanted: "Metadata") -> str:
        """Write code in which something could be mistaken, raw cells and inactive ones."""
        facts: Metadata = {}
        source = cell.source
        if (
            cell.kind == "raw"
            or (source and not source.strip())
            or _HOLDS_MARK.search(self._code(source))
        ):
            facts["type"] = cell.kind
        return _lossless.faithful(
            Cell(cell.kind, cell.source, wanted),
            wanted,
            lambda metadata, hints: self._render(cell, metadata, hints),
            self._reader.one,
            facts=facts,
            structure={"type": cell.kind},
        )

    def _render(self, cell: Cell, metadata: "Metadata", facts: "Metadata") -> str:
        inner = facts.get("metadata")
        whole = {**metadata, **(inner if isinstance(inner, dict) else {})}
        if cell.kind == "raw" or not is_active(whole, _SUFFIX):
            body = _comments.comment(cell.source, "#")
        else:
            body = self._code(cell.source)
        if not whole and not facts:
            return body
        facts = {**facts, "metadata": whole} if whole else facts
        lines = body.split("\n")
        end, number = _END, 0
        while end in lines:
            number += 1
            end = f"{_END} {number}"
        if number:
            facts = {**facts, "end": number}
        return f"{_BEGIN}{json.dumps(facts)}\n{body}\n{end}"

    def _code(self, source: str) -> str:
        if _cell_language.take_magic(source, self._plan.language, self._plan.custom):
            return _comments.comment(source, "#")
        return self._magics.comment(source, commented=self._comments_magics)

    def _markdown(self, cell: Cell) -> str:
        own = cell.metadata.get("cell_marker") if cell.metadata else None
        marker = own if isinstance(own, str) else '"""' if self._first else _RULE
        self._first = False
        source = cell.source
        if not source:
            return marker if marker in (_SEPARATOR, _EMPTY) else _SEPARATOR
        if marker in _TRIPLE and not any(
            line.rstrip().endswith(marker) for line in source.split("\n")
        ):
            return f"{marker}\n{source}\n{marker}"
        if not _HASHES.match(marker) or not marker.startswith("#" * 20):
            marker = _RULE
        return f"{marker}\n{_comments.comment(source, '#')}"


def sniff(text: str, suffix: str) -> "dict[str, bool | str] | None":
    """Return {} when *text* has at least two lines of twenty or more hash signs."""
    if suffix != _SUFFIX:
        return None
    from octavo.formats._guess import outside_strings

    rules = outside_strings(text, suffix, _RULES)
    return {} if sum(1 for _ in zip(range(2), rules, strict=False)) == 2 else None


FORMAT = Format(
    "sphinx",
    (_SUFFIX,),
    read,
    write,
    summary="Python scripts for Sphinx-Gallery",
    version=VERSION,
    options=OPTIONS,
    keeps=Keeps("none", kinds=False),
    sniff=sniff,
    rank=50,
    aliases=("sphinx-gallery",),
)
