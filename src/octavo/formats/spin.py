"""spin: R scripts that knitr turns into reports, with Markdown in lines that start with `#'`.

    #' A title
    #' =======

    #+ a-name, echo=FALSE
    plot(cars)

A code cell without options is a paragraph; one with options begins with `#+`.

Source: the documentation of `knitr::spin`, formats.md of the project's reference, section 2,
and the observed behaviour of Jupytext.
"""

import re

from octavo.core.active import has_active_mark, is_active
from octavo.core.document import Cell, Document
from octavo.core.errors import Notice, Span
from octavo.core.languages import main_language
from octavo.core.patterns import lazy
from octavo.formats import (
    _cell_language,
    _comments,
    _filters,
    _header,
    _header_plan,
    _hints,
    _lossless,
    _rmd_options,
)
from octavo.formats._format import Format, Keeps
from octavo.formats._magics import magics_of
from octavo.formats._strings import StringScanner, has_triple_quotes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Kind, Metadata, Origin
    from octavo.core.options import Options
    from octavo.formats._header_plan import Plan

VERSION = "1.0"
OPTIONS = (*_header.COMMON_OPTIONS, "comment_magics", "use_runtools")

_PROSE, _CODE = "#'", "#+"
#: Lines of code that look like `#+`; they get one more comment sign in the text.
_LIKE_START = lazy(r"(?m)^(?=(?:# |#)*(?:#|# )\+)")
_ESCAPED_START = lazy(r"(?m)^# ?(?=(?:# |#)*(?:#|# )\+)")
#: Lines of code that look like `#'`; they get one more with the hint "escape".
_LIKE_PROSE = lazy(r"(?m)^(?=(?:# )*#')")
_ESCAPED_PROSE = lazy(r"(?m)^# (?=(?:# )*#')")
#: What may make the plain notation of a code cell read as something else.
_SIGN = lazy(r"\A\s|\s\Z|\n\s*\n|^#|\r|escape", re.MULTILINE)


# ---- reading ---------------------------------------------------------------------------


def read(text: str, options: "Options", origin: "Origin") -> Document:
    """Return the document that *text* holds."""
    head = _header.read_head(text, options, origin, _PROSE)
    settings = options.over(head.settings)
    main = main_language(head.metadata, options.suffix) or "R"
    reader = _Reader(options.suffix, main, settings)
    cells = reader.cells(text[head.stop :], head.line)
    notices = [Notice("OCT-F020", message, Span(origin.path, line)) for line, message in reader.odd]
    return _header.settle(
        head, cells, options, suffix=options.suffix, origin=origin, notices=notices
    )


class _Reader:
    """Reads the cells of one text; `odd` tells what was not understood, by line."""

    __slots__ = ("_following", "_lines", "_main", "_runtools", "_suffix", "_uncomments", "odd")

    def __init__(self, suffix: str, main: str, settings: "Options") -> None:
        self._suffix = suffix
        self._main = main
        self._uncomments = settings.flag("comment_magics", default=True)
        self._runtools = settings.flag("use_runtools")
        self._lines: list[str] = []
        self._following: list[int] = []
        self.odd: list[tuple[int, str]] = []

    def cells(self, text: str, line: int) -> list[Cell]:
        """Return the cells of *text*, whose first line is line *line* of a file."""
        self._lines = lines = text.removesuffix("\n").split("\n") if text else []
        self._following = _next_not_blank(lines)
        self.odd = []
        cells: list[Cell] = []
        at, n = 0, len(lines)
        while at < n:
            cell, then = self._cell(at, line + at)
            cells.append(cell)
            if then + 1 < n and not lines[then].strip() and lines[then + 1].strip():
                then += 1
            at = then
        return cells

    def one(self, text: str) -> Cell | None:
        """Return the cell that *text* reads as between Markdown cells, None if not just one."""
        found = self.cells(f"#' a\n\n{text}\n\n#' b\n", 1)
        if len(found) != 3 or (found[0].source, found[2].source) != ("a", "b"):
            return None
        return _cell_language.settled(found[1], self._main)

    def _cell(self, at: int, line: int) -> tuple[Cell, int]:
        """Return the cell that begins on line *at*, and the line after it."""
        first = self._lines[at]
        if first.startswith(_PROSE):
            stop, then = self._end_of_prose(at)
            source = _comments.uncomment("\n".join(self._lines[at:stop]), _PROSE)
            return Cell("markdown", source, {}, line=line), then
        if not first.startswith(_CODE):
            stop, then = self._end_of_code(at, at, self._main)
            source = self._code("\n".join(self._lines[at:stop]), {}, {})
            return Cell("code", source, {}, [], line=line), then
        return self._chunk(at, line)

    def _chunk(self, at: int, line: int) -> tuple[Cell, int]:
        """Return the cell whose options stand on line *at*."""
        _, metadata, understood = _rmd_options.read(
            "r " + self._lines[at][len(_CODE) :], runtools=self._runtools
        )
        if not understood:
            self.odd.append((line, "brackets or quotes of the options are never closed"))
        metadata, facts = _hints.unpack(metadata)
        named = _hints.kind_of(facts)
        if named == "markdown" and self._prose_follows(at + 1):
            stop, then = self._end_of_prose(at + 1)
            source = _comments.uncomment("\n".join(self._lines[at + 1 : stop]), _PROSE)
            return Cell("markdown", source, metadata, line=line), then
        blank = _hints.blank_of(facts)
        if blank is None:
            language = metadata.get("language")
            stop, then = self._end_of_code(
                at, at + 1, language if isinstance(language, str) else self._main
            )
            source = "\n".join(self._lines[at + 1 : stop])
        else:
            stop = then = self._next_marker(at + 1)
            source = "\n".join(self._lines[at + 1 : stop]).rstrip("\n") + "\n" * blank
        metadata = self._without_switches(metadata, facts)
        whole = _hints.release(metadata)
        kind: Kind = named or ("code" if is_active(whole, ".ipynb") else "raw")  # type: ignore[assignment]
        source = _lossless.restored(self._code(source, whole, facts), facts)
        if kind == "raw" and metadata.get("active") == "" and "active" not in _inner(facts):
            metadata = {key: value for key, value in metadata.items() if key != "active"}
        return Cell(kind, source, metadata, [] if kind == "code" else None, line=line), then

    def _without_switches(self, metadata: "Metadata", facts: "Metadata") -> "Metadata":
        """Return *metadata* without the `eval=FALSE` that only says that a cell is inactive."""
        if metadata.get("eval") is not False or "eval" in _inner(facts):
            return metadata
        if is_active(_hints.release(metadata), self._suffix):
            return metadata
        return {key: value for key, value in metadata.items() if key != "eval"}

    def _code(self, source: str, metadata: "Metadata", facts: "Metadata") -> str:
        language = metadata.get("language")
        if not is_active(metadata, self._suffix) or (
            "active" not in metadata and isinstance(language, str) and language != self._main
        ):
            return _comments.uncomment(source, "#")
        source = magics_of(self._main).uncomment(source, commented=self._uncomments)
        source = _ESCAPED_START.sub("", source)
        return _ESCAPED_PROSE.sub("", source) if facts.get("escape") is True else source

    def _prose_follows(self, at: int) -> bool:
        return at < len(self._lines) and self._lines[at].startswith(_PROSE)

    def _end_of_prose(self, at: int) -> tuple[int, int]:
        lines = self._lines
        while at < len(lines) and lines[at].startswith(_PROSE):
            at += 1
        return at, at + (at < len(lines) and not lines[at].strip())

    def _next_marker(self, at: int) -> int:
        lines = self._lines
        while at < len(lines) and not lines[at].startswith((_CODE, _PROSE)):
            at += 1
        return at

    def _end_of_code(self, start: int, at: int, language: str) -> tuple[int, int]:
        """Return where the code ends that begins on line *at*, and the line after it.

        It ends at the next marker, and at a blank line unless the next line is indented.
        *start* is the first line of the cell, *at* the one after its options, if it has some.
        """
        lines, n = self._lines, len(self._lines)
        scanner = StringScanner(language)
        for i in range(at, n):
            line = lines[i]
            quoted = scanner.quoted
            scanner.read(line)
            if quoted:
                continue
            if line.startswith((_CODE, _PROSE)):
                return i, i
            if not line.strip() and not self._is_indented_after(i):
                if i > start:
                    return i, i + 1
                return i + 1, i + 1 + (i + 1 >= n or not lines[i + 1].strip())
        return n, n

    def _is_indented_after(self, i: int) -> bool:
        """Return whether the next line with text after line *i* is indented."""
        following = self._following[i]
        return following < len(self._lines) and self._lines[following][0].isspace()


def _next_not_blank(lines: list[str]) -> list[int]:
    """Return for each line the number of the first line from there on that has text."""
    following = [len(lines)] * len(lines)
    last = len(lines)
    for i in range(len(lines) - 1, -1, -1):
        if lines[i].strip():
            last = i
        following[i] = last
    return following


def _inner(facts: "Metadata") -> "Metadata":
    inner = facts.get("metadata")
    return inner if isinstance(inner, dict) else {}


# ---- writing ---------------------------------------------------------------------------


def write(document: Document, options: "Options") -> str:
    """Return *document* as an R script for knitr's spin."""
    document = _with_runtools(document, options)
    plan = _header_plan.plan_text(document, options, name="spin", version=VERSION, prefix=_PROSE)
    writer = _Writer(plan, options.suffix)
    chunks: list[str] = []
    goes_on = after_code = False
    for cell in plan.cells:
        chunk = writer.chunk(cell)
        if not chunk.startswith((_CODE, _PROSE)) and (
            goes_on or (after_code and chunk[:1].isspace())
        ):
            chunk = f"{_CODE}\n{chunk}"
        goes_on = _goes_on(chunk)
        after_code = cell.kind != "markdown"
        chunks.append(chunk)
    text = _join(plan.cells, chunks)
    if not plan.yaml and chunks and _misleads(text):
        chunks[0] = _guarded(plan.cells[0], chunks[0])
        text = _join(plan.cells, chunks)
    if not plan.head:
        return text
    blank = plan.blank if plan.blank is not None else 1
    return "\n".join(plan.head) + "\n" + ("\n" * blank if plan.yaml and text else "") + text


_VISIBILITY = frozenset(("remove_cell", "remove_input", "remove_output"))


def _with_runtools(document: Document, options: "Options") -> Document:
    """Return *document* with `use_runtools` recorded if a cell has one of its keys.

    `include`, `echo` and `results` then stand for `hide_input` and `hide_output`, not for tags;
    a text without header cannot tell that, so it must not hold both.
    """
    section = document.metadata.get("jupytext")
    section = dict(section) if isinstance(section, dict) else {}
    settings = options.over(section)
    marked = [cell.metadata for cell in document.cells if cell.metadata and cell.kind != "markdown"]
    if settings["use_runtools"] is not None or not any(
        metadata.get("hide_input") or metadata.get("hide_output") for metadata in marked
    ):
        return document
    kept = _filters.notebook_filter(settings.text("notebook_metadata_filter"))
    if not kept.apply({"jupytext": section}) and any(map(_is_hidden_by_tag, marked)):
        return document
    section["use_runtools"] = True
    return document.with_(metadata={**document.metadata, "jupytext": section})


def _is_hidden_by_tag(metadata: "Metadata") -> bool:
    tags = metadata.get("tags")
    return isinstance(tags, list) and any(
        isinstance(tag, str) and tag in _VISIBILITY for tag in tags
    )


def _join(cells: "tuple[Cell, ...]", chunks: list[str]) -> str:
    """Return the chunks, a blank line after each, or as many as the notebook asks for."""
    pieces: list[str] = []
    for i, (cell, chunk) in enumerate(zip(cells, chunks, strict=True)):
        asked = cell.metadata.get("lines_to_next_cell") if cell.metadata else None
        count = max(0, min(asked, 2)) if isinstance(asked, int) else 1
        pieces.append(chunk + "\n" * (count + 1 if i + 1 < len(chunks) else 1))
    return "".join(pieces)


def _goes_on(chunk: str) -> bool:
    """Return whether a chunk goes on until the next marker."""
    first = chunk.partition("\n")[0]
    return first.startswith(_CODE) and f"{_hints.KEY}=" in first and '"blank"' in first


def _misleads(text: str) -> bool:
    """Return whether the beginning of a script without header would be taken for something."""
    return (
        text.startswith("\ufeff")
        or _header.looks_like_head(text, _PROSE)
        or ("\r\n" in text and text.count("\r\n") == text.count("\n"))
    )


def _guarded(cell: Cell, chunk: str) -> str:
    """Return the first chunk of a text with a mark, so that it is taken for what it is."""
    if cell.kind != "markdown":
        return f"{_CODE}\n{chunk}"
    options = _rmd_options.write("", {_hints.KEY: {"type": "markdown"}})
    return f"{_CODE} {options}\n{chunk}"


class _Writer:
    """Writes cells."""

    __slots__ = ("_comments_magics", "_magics", "_plan", "_reader", "_runtools", "_suffix")

    def __init__(self, plan: "Plan", suffix: str) -> None:
        self._plan = plan
        self._suffix = suffix
        self._comments_magics = plan.options.flag("comment_magics", default=True)
        self._runtools = plan.options.flag("use_runtools")
        self._magics = magics_of(plan.language)
        self._reader = _Reader(suffix, plan.language, plan.options)

    def chunk(self, cell: Cell) -> str:
        """Return the text of *cell*, without a newline at the end."""
        source = cell.source
        if cell.kind == "markdown":
            return _comments.comment(source, _PROSE)
        if (
            cell.kind == "raw"
            or cell.metadata
            or _SIGN.search(source)
            or has_triple_quotes(source)
            or self._magics.may_occur(source)
        ):
            return self._careful(cell)
        return source

    def _careful(self, cell: Cell) -> str:
        """Write code with options, or in which something could be mistaken, and raw cells."""
        wanted = self._plan.filter.apply(cell.metadata)
        structure: Metadata = {"blank": len(cell.source) - len(cell.source.rstrip("\n"))}
        is_blank = (
            bool(cell.source)
            and not cell.source.strip()
            and cell.kind == "code"
            and is_active(wanted, self._suffix)
        )
        if _LIKE_PROSE.search(cell.source):
            structure["escape"] = True
        return _lossless.faithful(
            cell.with_(metadata=wanted),
            wanted,
            lambda metadata, hints: self._render(cell, metadata, hints),
            self._reader.one,
            facts=structure if is_blank else {},
            structure=structure,
        )

    def _render(self, cell: Cell, metadata: "Metadata", facts: "Metadata") -> str:
        source, main = cell.source, self._plan.language
        whole = {**metadata, **_inner(facts)}
        own = dict(metadata)
        language = main
        if not {"language", "magic_args"} & whole.keys():
            taken = _cell_language.take_magic(source, main, self._plan.custom)
            if taken is not None:
                language, arguments, source = taken
                if arguments:
                    own["magic_args"] = arguments
                own["language"] = language
        elif isinstance(metadata.get("language"), str):
            language = str(metadata["language"])
        if cell.kind == "raw" and not has_active_mark(whole):
            own["active"] = whole["active"] = ""
        active = is_active(whole, self._suffix)
        if not active:
            own["eval"] = False
        foreign = language if language != main else ""
        body = self._body(source, facts, active=active, foreign=foreign)
        options = _rmd_options.write("", _hints.pack(own, facts), runtools=self._runtools)
        return f"{_CODE} {options}\n{body}" if options else body

    def _body(self, source: str, facts: "Metadata", *, active: bool, foreign: str) -> str:
        """Return the lines of a code cell; *foreign* is its language when it is another one."""
        if not active or (foreign and _has_comment(source)):
            return _comments.comment(source, "#")
        if facts.get("escape") is True:
            source = _LIKE_PROSE.sub("# ", source)
        if foreign:
            return magics_of(foreign).comment(source, commented=self._comments_magics)
        source = _LIKE_START.sub("# ", source)
        return self._magics.comment(source, commented=self._comments_magics)


def _has_comment(source: str) -> bool:
    """Return whether a line starts with the sign that reading takes away."""
    return source.startswith("#") or "\n#" in source


def sniff(text: str, suffix: str) -> "dict[str, bool | str] | None":
    """Return {} when a line of an R script starts with `#'`."""
    del suffix
    return {} if text.startswith(_PROSE) or f"\n{_PROSE}" in text else None


FORMAT = Format(
    "spin",
    (".R", ".r"),
    read,
    write,
    summary="R scripts for knitr's spin",
    version=VERSION,
    options=OPTIONS,
    keeps=Keeps("code"),
    sniff=sniff,
    rank=60,
)
