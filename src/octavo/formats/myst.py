"""myst: MyST Markdown, in which fences `{code-cell}` and `{raw-cell}` are cells.

    # A title

    ```{code-cell} ipython3
    :tags: [hide-input]

    1 + 1
    ```

    +++ {"slideshow": {"slide_type": "slide"}}

    A Markdown cell with metadata.

Source: the MyST specification (block breaks, code cells), formats.md of the project's reference,
section 2, and the observed behaviour of Jupytext.
"""

from octavo.core.document import Cell, Document
from octavo.core.errors import Notice, Span
from octavo.core.patterns import lazy
from octavo.formats import _header, _hints, _myst_blocks, _myst_ends, _myst_head, _myst_options
from octavo.formats._format import Format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json, Metadata, Origin
    from octavo.core.options import Options
    from octavo.formats._myst_blocks import Border

VERSION = "0.13"
OPTIONS = (
    "notebook_metadata_filter",
    "cell_metadata_filter",
    "root_level_metadata_filter",
    "root_level_metadata_as_raw_cell",
)
_OWN_SUFFIXES = (".myst", ".mystnb", ".mnb")

#: A line of a Markdown cell that may begin a block which hides borders, or is one.
_MAY_BEGIN = lazy(r"\n {0,3}(?:```|~~~|\+[ \t]*\+|<[!?a-zA-Z/])")
_ESCAPABLE = lazy(r"(?m)^( {0,3})(\\*(?:```|~~~|\+[ \t]*\+[ \t]*\+|<))")
_ESCAPED = lazy(r"(?m)^( {0,3})\\(\\*(?:```|~~~|\+[ \t]*\+[ \t]*\+|<))")
_FILE_FORMAT = lazy(r"(?m)^file_format:[ \t]*['\"]?mystnb['\"]?[ \t]*$")


# ---- reading ---------------------------------------------------------------------------


def read(text: str, options: "Options", origin: "Origin") -> Document:
    """Return the document that *text* holds."""
    head = _myst_head.read(text, options, origin)
    reader = _Reader(origin)
    cells = _myst_ends.restored(reader.cells(text, head.stop, head.line), head.ends)
    if head.raw is not None:
        cells.insert(0, Cell("raw", head.raw, line=1))
    metadata = _settled(head, options, reader.lexer)
    return Document(cells, metadata, origin=origin, notices=[*head.notices, *reader.notices])


def _settled(head: "_myst_head.Head", options: "Options", lexer: str) -> "Metadata":
    """Return the notebook metadata, with what is needed to write the text again."""
    metadata = {key: value for key, value in head.metadata.items() if key != "jupytext"}
    found = head.metadata.get("jupytext")
    section = dict(found) if isinstance(found, dict) else {}
    section.pop("text_representation", None)
    for name in options:
        section[name] = options.values[name]
    if lexer and "language_info" not in metadata:
        section["default_lexer"] = lexer
    if not head.found:
        section["notebook_metadata_filter"] = "-all"
    else:
        _header.note_further_keys(section, metadata)
    if section:
        metadata["jupytext"] = section
    return metadata


class _Reader:
    """Reads the cells of one text."""

    __slots__ = ("_cells", "_origin", "lexer", "notices")

    def __init__(self, origin: "Origin") -> None:
        self._origin = origin
        self._cells: list[Cell] = []
        self.lexer = ""
        self.notices: list[Notice] = []

    def cells(self, text: str, at: int, line: int) -> list[Cell]:
        """Return the cells of *text* from offset *at*, where line *line* begins."""
        body = "\n" + text[at:]
        append = self._cells.append
        at = counted = 1
        metadata: Metadata = {}
        opened = 0  # offset of the `+++` that the region began with
        for kind, start, stop, content, value in _myst_blocks.borders(body, 0):
            if start > at + 1 or opened:
                line, counted = self._region(body, at, start, metadata, opened, line, counted)
            if kind == "break":
                metadata, opened = value, start  # type: ignore[assignment]
            else:
                line += body.count("\n", counted, start)
                counted = start
                append(self._fenced(kind, content, value, line))
                if metadata or opened:
                    metadata, opened = {}, 0
            at = stop
        if at < len(body):
            self._region(body, at, len(body), metadata, opened, line, counted)
        return self._cells

    def _region(
        self,
        body: str,
        start: int,
        stop: int,
        metadata: "Metadata",
        opened: int,
        line: int,
        counted: int,
    ) -> tuple[int, int]:
        """Add the Markdown cell between two borders, if there is one."""
        region = body[start:stop]
        facts: Metadata = {}
        if _hints.KEY in metadata:
            metadata, facts = _myst_options.unpack_hints(metadata)
        source = _markdown(region, facts) if facts else region.rstrip().lstrip("\n")
        if not source and _hints.blank_of(facts) is None:
            if metadata:
                line += body.count("\n", counted, opened)
                counted = opened
                self._notice(line, "metadata of a Markdown cell that has no text was left out")
            return line, counted
        first = opened or start + len(region) - len(region.lstrip())
        line += body.count("\n", counted, first)
        self._cells.append(Cell("markdown", source, metadata, line=line))
        return line, first

    def _fenced(self, kind: str, content: str, lexer: "Json", line: int) -> Cell:
        """Return the cell of a fence."""
        metadata: Metadata
        try:
            metadata, source = _myst_options.split(content)
        except _myst_options.UnreadableError as problem:
            self._notice(line, f"{problem}; they were kept as text of the cell")
            metadata, source = {}, content.removesuffix("\n")
        if _hints.KEY in metadata:
            metadata, _ = _myst_options.unpack_hints(metadata)
        if kind == "raw":
            return Cell("raw", source, metadata, line=line)
        if lexer and lexer != self.lexer:
            if self.lexer:
                self._notice(line, f"a cell in {lexer!r} in a document in {self.lexer!r}")
            else:
                self.lexer = str(lexer)
        return Cell("code", source, metadata, [], line=line)

    def _notice(self, line: int, message: str) -> None:
        self.notices.append(Notice("OCT-F040", message, Span(self._origin.path, line)))


def _markdown(region: str, facts: "Metadata") -> str:
    """Return the source of a Markdown cell whose `+++` line carries hints."""
    blank = _hints.blank_of(facts)
    if blank is None:
        source = region.rstrip().lstrip("\n")
    else:
        # The line of the `+++` ends, a blank line follows, then the exact text.
        source = region.removeprefix("\n").removeprefix("\n").rstrip("\n") + "\n" * blank
    return _ESCAPED.sub(r"\1\2", source) if facts.get("escape") is True else source


# ---- writing ---------------------------------------------------------------------------


def write(document: Document, options: "Options") -> str:
    """Return *document* as MyST Markdown."""
    plan = _myst_head.plan(document, options, name="myst", version=VERSION)
    writer = _Writer(plan)
    chunks = writer.chunks(plan.cells)
    if plan.text:
        return plan.text + "".join(chunks)
    text = "".join(chunks)[1:]
    if text.startswith("\ufeff") or _myst_head.read(text, options, document.origin).found:
        # Else the first cell would be taken for a front matter, its BOM for that of the file.
        text = "+++\n\n" + text
    return text


class _Writer:
    """Writes cells; each chunk begins with the blank line before the cell."""

    __slots__ = ("_code", "_ends", "_filter", "_options")

    def __init__(self, plan: "_myst_head.Plan") -> None:
        self._filter = plan.filter
        self._ends = plan.ends
        self._options = _myst_options.Writer()
        self._code = f"{{code-cell}} {plan.lexer}\n" if plan.lexer else "{code-cell}\n"

    def chunks(self, cells: "tuple[Cell, ...]") -> list[str]:
        """Return the text of each cell."""
        may_begin = _MAY_BEGIN.search
        code = f"\n```{self._code}"
        chunks: list[str] = []
        append = chunks.append
        after_markdown = False
        for cell in cells:
            source = cell.source
            if cell.kind == "markdown":
                if (
                    cell.metadata
                    or not source
                    or source[0] in _ODD_STARTS
                    or source[-1] in _ODD_ENDS
                    or may_begin(source)
                ):
                    append(
                        self._markdown(
                            cell,
                            after_markdown=after_markdown,
                            is_last=len(chunks) + 1 == len(cells),
                        )
                    )
                elif after_markdown:
                    append(f"\n+++\n\n{source}\n")
                else:
                    append(f"\n{source}\n")
                after_markdown = True
                continue
            after_markdown = False
            if (
                cell.metadata
                or "```" in source
                or (source and (source[0] in _ODD_STARTS or source[-1] == "\n"))
                or cell.kind == "raw"
            ):
                append(self._fenced(cell))
            else:
                append(f"{code}{source}\n```\n")
        return chunks

    def _markdown(self, cell: Cell, *, after_markdown: bool, is_last: bool) -> str:
        """Write a Markdown cell with metadata, or in which something could be mistaken."""
        source = cell.source
        metadata = self._filter.apply(cell.metadata)
        facts: Metadata = {}
        if self._end_is_told(cell):
            source = source[:-1] if source[-1] == "\n" else source
        elif not source or source != source.rstrip().lstrip("\n"):
            facts["blank"] = len(source) - len(source.rstrip("\n"))
        if _is_open(source, is_last=is_last):
            facts["escape"] = True
            source = _ESCAPABLE.sub(r"\1\\\2", source)
        metadata = _hints.pack(metadata, facts)
        if metadata:
            import json

            return f"\n+++ {json.dumps(metadata)}\n\n{source}\n"
        return f"\n+++\n\n{source}\n" if after_markdown else f"\n{source}\n"

    def _fenced(self, cell: Cell) -> str:
        """Write a code or raw cell with metadata, or in which something could be mistaken."""
        source = cell.source
        fence = _myst_blocks.fence_for(source) if "```" in source else "```"
        metadata = self._filter.apply(cell.metadata) if cell.metadata else {}
        options = self._options.text(metadata) if metadata else ""
        if not options.startswith(":"):
            first = source.partition("\n")[0]
            # Such a first line would be dropped, or read as options.
            if source and (not first.strip() or (not options and _looks_like_options(first))):
                options += "\n"
        directive = self._code if cell.kind == "code" else "{raw-cell}\n"
        newline = "" if self._end_is_told(cell) else "\n"
        return f"\n{fence}{directive}{options}{source}{newline}{fence}\n"

    def _end_is_told(self, cell: Cell) -> bool:
        """Return whether the header tells the white space at the end of this cell."""
        if not self._ends:
            return False
        seen, end = _myst_ends.split(cell)
        return bool(end) and _myst_ends.key_of(cell.kind, seen) in self._ends


_SPACES = " \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_ODD_STARTS = frozenset(_SPACES + ":-`~+<\\")
_ODD_ENDS = frozenset(_SPACES)


def _looks_like_options(line: str) -> bool:
    return line.startswith("---") or line.lstrip().startswith(":")


def _is_open(source: str, *, is_last: bool) -> bool:
    """Return whether a Markdown text holds a border, or hides the one after it."""
    body = f"\n{source}\n" if is_last else f"\n{source}\n\n+++\n"
    first: Border | None = next(_myst_blocks.borders(body, 0), None)
    if first is None:
        return not is_last
    return is_last or first[1] != len(body) - len("+++\n")


def sniff(text: str, suffix: str) -> "dict[str, bool | str] | None":
    """Return {} when *text* has cells of this format, or says that it is in it."""
    if suffix in _OWN_SUFFIXES:
        return {}
    if text.startswith("---") and _FILE_FORMAT.search(text.partition("\n---")[0]):
        return {}
    if "{code-cell}" not in text and "{raw-cell}" not in text:
        return None
    found = _myst_blocks.borders("\n" + text, 0)
    return {} if any(border[0] != "break" for border in found) else None


FORMAT = Format(
    "myst",
    (".md", *_OWN_SUFFIXES),
    read,
    write,
    summary="MyST Markdown with {code-cell} and {raw-cell} fences",
    version=VERSION,
    options=OPTIONS,
    sniff=sniff,
    rank=5,
    default_for=_OWN_SUFFIXES,
)
