"""Write cells in the light notation: paragraphs where that is enough, else between markers.

Most cells are plain: prose is commented, code is itself.  A cell in which something could be
mistaken is read back between plain neighbours, and gets a marker, or a hint on the marker, when
it does not come back as it was.
"""

from octavo.core.active import has_active_mark, is_active
from octavo.core.document import Cell, Document, Origin
from octavo.core.languages import same_language
from octavo.core.lines import normalise
from octavo.core.patterns import lazy
from octavo.formats import (
    _cell_language,
    _comments,
    _header,
    _header_plan,
    _hints,
    _light,
    _lossless,
    _marker_words,
    _triple_quotes,
)
from octavo.formats._blank_lines import Ahead, between_text
from octavo.formats._light_reader import Reader
from octavo.formats._magics import comment_go_cells, magics_of
from octavo.formats._strings import has_triple_quotes, is_balanced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json, Metadata
    from octavo.core.options import Options
    from octavo.formats._header_plan import Plan
    from octavo.formats._light import Notation

_PARAGRAPH_ENDS = lazy(r"\n[^\S\n]*+\n(?:[^\S\n]*+\n)*+(?![^\S\n])")
_ONE_LINE = lazy('"""[^"\\n]*"""')
_MOST_BLANK_LINES = 2


def write(document: Document, options: "Options") -> str:
    """Return *document* as a light script."""
    plain = _light.notation_of(options.suffix)
    plan = _header_plan.plan_text(
        document, options, name="light", version=_light.VERSION, prefix=plain.comment,
        suffix=plain.end,
    )  # fmt: skip
    words = _light.split_markers(plan.options.text("cell_markers"))
    notation = _light.notation_of(options.suffix, words) if words else plain
    writer = Writer(notation, plan)
    chunks = [writer.chunk(cell) for cell in plan.cells]
    _settle(writer, plan.cells, chunks)
    text = _text(plan, notation, chunks)
    if chunks and not chunks[0].marked and not plan.yaml and _is_misread(plan, notation, text):
        chunks[0] = writer.marked(plan.cells[0])
        _settle(writer, plan.cells, chunks)
        text = _text(plan, notation, chunks)
    return text


def write_without_markers(document: Document, options: "Options") -> str:
    """Return *document* as a script in which nothing tells where the cells were."""
    notation = _light.notation_of(options.suffix)
    plan = _header_plan.plan_text(
        document, options, name="nomarker", version="1.0", prefix=notation.comment,
        suffix=notation.end,
    )  # fmt: skip
    writer = Writer(notation, plan)
    chunks = [Chunk(writer.bare(cell)) for cell in plan.cells]
    return _text(plan, notation, chunks, keeps_apart=False)


class Chunk:
    """The text of a cell, and what matters to its neighbours.

    `marked`: it stands between markers.  `prose`: it is a paragraph of comments.  `closed`: its
    end marker is the plain one, which may be left out.  `counts_blank`: a hint tells the blank
    lines at the end of the source.  `opens`: it is a paragraph that begins with a custom start
    marker, which holds only if the next cell begins with one too.  `unclosed`: it leaves a
    string open, which holds only if nothing that follows could close it.
    """

    __slots__ = ("closed", "counts_blank", "marked", "opens", "prose", "text", "unclosed")

    def __init__(
        self,
        text: str,
        *,
        marked: bool = False,
        prose: bool = False,
        closed: bool = False,
        counts_blank: bool = False,
        opens: bool = False,
        unclosed: bool = False,
    ) -> None:
        self.text = text
        self.marked = marked
        self.prose = prose
        self.closed = closed
        self.counts_blank = counts_blank
        self.opens = opens
        self.unclosed = unclosed


# ---- cells next to each other ----------------------------------------------------------


def _settle(writer: "Writer", cells: "tuple[Cell, ...]", chunks: list[Chunk]) -> None:
    """Give a marker to paragraphs that would be read together with a neighbour."""
    closes = False
    for i in range(len(chunks) - 1, -1, -1):
        chunk = chunks[i]
        if chunk.unclosed and closes:
            chunks[i] = writer.marked(cells[i], follows_strings=False)
        elif chunk.opens and not (i + 1 < len(chunks) and writer.starts_cell(chunks[i + 1])):
            chunks[i] = writer.marked(cells[i])
        closes = closes or has_triple_quotes(chunk.text)
    for i in range(1, len(chunks)):
        chunk, before = chunks[i], chunks[i - 1]
        if chunk.marked or not chunk.text[:1].isspace():
            continue
        if chunk.text.isspace():
            is_joined = before.marked or not before.text.strip()
        else:
            is_joined = not (before.marked or before.prose)
        if is_joined:
            chunks[i] = writer.marked(cells[i])


def _is_misread(plan: "Plan", notation: "Notation", text: str) -> bool:
    """Return whether reading takes something of the cells for a head, a BOM, or newlines."""
    if normalise(text)[0] != text:
        return True
    head = _header.read_head(text, plan.options, Origin(), notation.comment, notation.end)
    return head.stop != sum(len(line) + 1 for line in plan.head)


def _text(
    plan: "Plan", notation: "Notation", chunks: list[Chunk], *, keeps_apart: bool = True
) -> str:
    """Return head and chunks with the blank lines that belong between them.

    With *keeps_apart*, a layout that would join two cells is not honoured.
    """
    pieces: list[str] = []
    ahead = Ahead()
    after: Chunk | None = None
    opening = f"{notation.comment} {_light.START}"
    suffix, is_python = notation.suffix, notation.is_python_script
    for i in range(len(chunks) - 1, -1, -1):
        cell, chunk = plan.cells[i], chunks[i]
        text = chunk.text
        layout = cell.metadata
        asked = layout.get("lines_to_next_cell") if layout else None
        if chunk.closed:
            inner = layout.get("lines_to_end_of_cell_marker") if layout else None
            if _is_end_redundant(chunk, after, opening):
                text = text[: text.rfind("\n")]
                asked = _larger(asked, inner)
            elif is_python:
                text = _with_blank_lines(chunk, ahead, inner)
        count = between_text(text, ahead, suffix)
        if asked is not None and after is not None:
            if keeps_apart:
                before = chunks[i - 1] if i else None
                count = _allowed(asked, count, before, chunk, after, notation)
            elif isinstance(asked, int):
                count = max(asked, 0)
        if after is None:
            pieces.append(text + "\n")
        else:
            pieces.append(text + "\n" * (count + 1))
        if is_python:
            ahead = ahead.with_text(text + "\n" * count)
        after = chunk
    pieces.reverse()
    body = "".join(pieces)
    if not plan.head:
        return body
    count = 0
    if plan.yaml and body:
        count = 1 if plan.blank is None or body[0].isspace() else min(plan.blank, 1)
    return "\n".join(plan.head) + "\n" + "\n" * count + body


def _larger(asked: "Json", inner: "Json") -> "Json":
    """Return the larger number of blank lines: after the cell, or before its end marker."""
    if isinstance(inner, int) and inner and (not isinstance(asked, int) or inner > asked):
        return inner
    return asked


def _is_end_redundant(chunk: Chunk, after: "Chunk | None", opening: str) -> bool:
    """Return whether the end marker can be left out: the next cell or the end tells it too."""
    if after is None:
        return True
    return after.text.startswith(opening) and _ends_with_text(chunk)


def _ends_with_text(chunk: Chunk) -> bool:
    """Return whether the body of a marked chunk is empty or ends with a line that is not blank."""
    body = chunk.text[chunk.text.find("\n") + 1 : chunk.text.rfind("\n") + 1]
    return body == "\n" or not body or bool(body[:-1].rpartition("\n")[2].strip())


def _with_blank_lines(chunk: Chunk, ahead: Ahead, asked: "object") -> str:
    """Return the chunk with two blank lines before its end marker, where PEP 8 wants them."""
    at = chunk.text.rfind("\n")
    content = chunk.text[:at]
    if not (chunk.counts_blank or content.rpartition("\n")[2].strip()):
        return chunk.text
    if not isinstance(asked, int) or asked not in (0, _MOST_BLANK_LINES):
        asked = between_text(content, ahead, ".py")
    if asked < _MOST_BLANK_LINES:
        return chunk.text
    return content + "\n" * _MOST_BLANK_LINES + chunk.text[at:]


def _allowed(
    asked: object,
    usual: int,
    before: "Chunk | None",
    chunk: Chunk,
    after: Chunk,
    notation: "Notation",
) -> int:
    """Return the number of blank lines: as many as asked for, if cells stay apart."""
    if not isinstance(asked, int) or isinstance(asked, bool) or asked < 0 or _begins_blank(after):
        return usual
    if _begins_blank(chunk):
        if before is None:
            return min(asked, _MOST_BLANK_LINES)
        is_alone = not (before.marked or _begins_blank(before))
        return _MOST_BLANK_LINES if asked >= _MOST_BLANK_LINES and is_alone else usual
    if asked == 0:
        joins = chunk.prose or not (chunk.marked or notation.start_line.match(after.text))
        return usual if joins else 0
    return min(asked, _MOST_BLANK_LINES)


def _begins_blank(chunk: Chunk) -> bool:
    return not chunk.text.partition("\n")[0].strip()


# ---- one cell --------------------------------------------------------------------------


class Writer:
    """Writes cells in the light notation."""

    __slots__ = (
        "_as_json", "_comments_magics", "_end_marker", "_magic_sign", "_magics", "_notation",
        "_plan", "_quotes", "_reader", "_start_marker",
    )  # fmt: skip

    def __init__(self, notation: "Notation", plan: "Plan") -> None:
        self._notation = notation
        self._plan = plan
        self._comments_magics = plan.options.flag("comment_magics", default=True)
        self._as_json = plan.options.flag("cell_metadata_json")
        markers = plan.options.text("cell_markers")
        is_quote = "," in markers and _triple_quotes.is_marker(markers)
        self._quotes = markers if is_quote and notation.is_python_script else ""
        self._magics = magics_of(plan.language)
        self._reader = Reader(
            notation, plan.language, uncomments=self._comments_magics, custom=plan.custom
        )
        self._magic_sign = _cell_language.magic_sign(plan.language)
        self._start_marker = f"{notation.comment} {notation.start_word}"
        self._end_marker = f"{notation.comment} {notation.end_word}"

    def chunk(self, cell: Cell) -> Chunk:
        """Return the text of *cell* as it stands between any neighbours, or nearly any."""
        if cell.metadata or self._is_unusual(cell):
            return self._careful(cell)
        return self._usual(cell)

    def starts_cell(self, chunk: Chunk) -> bool:
        """Return whether the first line of *chunk* is a start marker."""
        return self._notation.start_line.match(chunk.text) is not None

    def _is_unusual(self, cell: Cell) -> bool:
        source, notation = cell.source, self._notation
        if self._magics.may_occur(source) or (notation.is_go and "gonb:" in source):
            return True
        if cell.kind == "markdown":
            first = source.lstrip()
            return first.startswith((notation.start_word, notation.end_word, "+")) or bool(
                self._quotes
            )
        return (
            cell.kind == "raw"
            or source[:1].isspace()
            or source[-1:].isspace()
            or source.startswith(self._magic_sign)
            or (has_triple_quotes(source) and self._has_long_strings(source))
            or notation.may_look_like.search("\n" + source) is not None
        )

    def _has_long_strings(self, source: str) -> bool:
        """Return whether strings of *source* may span lines in a way that matters."""
        if not is_balanced(source, self._plan.language):
            return True
        on_one_line = "'''" not in source and source.count('"""') == 2 * len(
            _ONE_LINE.findall(source)
        )
        return not on_one_line and _PARAGRAPH_ENDS.search(source) is not None

    def _usual(self, cell: Cell) -> Chunk:
        """Write a cell without metadata in which nothing could be mistaken."""
        source, notation = cell.source, self._notation
        if cell.kind == "markdown":
            return Chunk(_comments.comment(source, notation.comment, notation.end), prose=True)
        if self._is_all_comments(source) or _PARAGRAPH_ENDS.search(source) is not None:
            text = f"{self._start_marker}\n{source}\n{self._end_marker}"
            return Chunk(text, marked=True, closed=not notation.custom)
        return Chunk(source)

    def _is_all_comments(self, source: str) -> bool:
        sign = self._notation.comment
        return source.startswith(sign) and source.count("\n") == source.count("\n" + sign)

    def _careful(self, cell: Cell) -> Chunk:
        """Write a cell that may need a marker or hints."""
        wanted = self._plan.filter.apply(cell.metadata)
        paragraph = self._paragraph(cell, wanted)
        return self.marked(cell) if paragraph is None else paragraph

    # ---- paragraphs --------------------------------------------------------------------

    def _paragraph(self, cell: Cell, wanted: "Metadata") -> Chunk | None:
        """Return the cell as a paragraph, None when it would not be read back."""
        if cell.kind == "raw" or wanted.keys() - {"comment_questions"}:
            return None
        if cell.kind == "markdown":
            if wanted or self._quotes_of(cell):
                return None
            chunk = Chunk(self._prose(cell.source, marked=False), prose=True)
        else:
            text = self._code_paragraph(cell, wanted)
            if text is None:
                return None
            chunk = Chunk(text, opens=self.starts_cell(Chunk(text)))
        if not self._comes_back(chunk, cell, wanted):
            return None
        chunk.unclosed = self._reader.rescued
        return chunk

    def _code_paragraph(self, cell: Cell, wanted: "Metadata") -> str | None:
        """Return the text of a code cell without marker, None when it has to have one."""
        source, notation, main = cell.source, self._notation, self._plan.language
        if _cell_language.take_magic(source, main, self._plan.custom) is not None:
            return None
        lines = source.split("\n")
        if len(lines) > 1 and not (lines[0].strip() and lines[-1].strip()):
            return None
        explicit = wanted.get("comment_questions") is not False
        if explicit and self._comments_magics and self._magics.only_explicit(source):
            return None
        text = self._active_code(source, main, explicit=explicit)
        if notation.custom and (
            notation.start_line.match(text) or notation.is_end_marker(text.partition("\n")[0])
        ):
            return text
        if self._is_all_comments(source) or not self._reader.is_one_paragraph(text):
            return None
        return text

    def _comes_back(self, chunk: Chunk, cell: Cell, wanted: "Metadata") -> bool:
        indented = not chunk.prose and chunk.text[:1].isspace() and not chunk.text.isspace()
        got = self._reader.one(chunk.text, after_code=not indented, before_marker=chunk.opens)
        return (
            got is not None
            and got.kind == cell.kind
            and got.source == cell.source
            and _lossless.same_metadata(got.metadata, wanted)
        )

    # ---- cells with markers ------------------------------------------------------------

    def marked(self, cell: Cell, *, follows_strings: bool = True) -> Chunk:
        """Return the text of *cell* between markers, such that it reads back exactly.

        Without *follows_strings*, a hint says that a string in it is never closed.
        """
        wanted = self._plan.filter.apply(cell.metadata)
        body = self._render(cell, wanted, {}).partition("\n")[2].rpartition("\n")[0]
        facts: Metadata = {}
        if self._notation.is_python_script and _loses_blank_lines(body):
            facts["blank"] = len(body) - len(body.rstrip("\n"))
        structure: Metadata = {}
        if not follows_strings:
            facts["quotes"] = False
        elif has_triple_quotes(cell.source):
            structure["quotes"] = False
        if self._notation.looks_like.search(body):
            structure["escape"] = True
        text = _lossless.faithful(
            cell.with_(metadata=wanted),
            wanted,
            lambda metadata, hints: self._render(cell, metadata, hints),
            self._reader.one,
            facts=facts,
            structure=structure,
        )
        closed = not self._notation.custom and text.endswith("\n" + self._end_marker)
        return Chunk(
            text,
            marked=True,
            closed=closed,
            counts_blank="blank" in facts,
            unclosed=self._reader.rescued,
        )

    def _render(self, cell: Cell, metadata: "Metadata", facts: "Metadata") -> str:
        """Return a cell with this metadata on its start marker and these hints."""
        source, main, language = cell.source, self._plan.language, self._plan.language
        own = {key: value for key, value in metadata.items() if key != "comment_questions"}
        if cell.kind != "markdown" and not ({"language", "magic_args"} & own.keys()):
            taken = _cell_language.take_magic(source, main, self._plan.custom)
            if taken is not None:
                language, arguments, source = taken
                if arguments:
                    own["magic_args"] = arguments
                own["language"] = language
        elif isinstance(own.get("language"), str):
            language = str(own["language"])
        moved = facts.get("metadata")
        known = {**own, **moved} if isinstance(moved, dict) else own
        word = self._type_word(cell, known)
        if cell.kind == "raw" and not word and "active" not in own and not has_active_mark(known):
            own["active"] = known["active"] = ""
        if word:
            body = self._prose_body(cell, source, known)
        else:
            body = self._code_body(cell, source, language, known)
        if facts.get("escape") is True:
            body = self._notation.escape(body)
        return self._between_markers(body, own, facts, word)

    def _between_markers(self, body: str, own: "Metadata", facts: "Metadata", word: str) -> str:
        notation = self._notation
        end = notation.end_word_for(body)
        asked = own.get("endofcell")
        if not notation.custom:
            if isinstance(asked, str) and asked not in ("", "-"):
                end = asked
            own = {key: value for key, value in own.items() if key != "endofcell"}
            if end != "-":
                own["endofcell"] = end
        words = _marker_words.write_words(_hints.pack(own, facts), word, as_json=self._as_json)
        start = f"{self._start_marker} {words}" if words else self._start_marker
        return f"{start}\n{body}\n{notation.comment} {end}"

    def _type_word(self, cell: Cell, metadata: "Metadata") -> str:
        """Return the type that the marker has to name; code and most raw cells need none."""
        if cell.kind != "raw":
            return "" if cell.kind == "code" else cell.kind
        if not has_active_mark(metadata):
            return "raw" if "active" in metadata else ""
        is_quiet = not is_active(metadata, ".ipynb") and metadata.get("active") != ""
        return "" if is_quiet else "raw"

    def bare(self, cell: Cell) -> str:
        """Return the text of *cell* without any marker."""
        wanted = self._plan.filter.apply(cell.metadata)
        main = self._plan.language
        if cell.kind == "markdown":
            marker = cell.metadata.get("cell_marker") if cell.metadata else None
            if isinstance(marker, str):
                quoted = _triple_quotes.quote(cell.source, marker, raw=False)
                if quoted is not None:
                    return quoted
            return self._prose(cell.source, marked=bool(wanted))
        named = wanted.get("language")
        source, language = cell.source, named if isinstance(named, str) else main
        taken = _cell_language.take_magic(source, main, self._plan.custom)
        if taken is not None:
            language, _, source = taken
        if cell.kind == "raw" and not has_active_mark(wanted):
            wanted = {**wanted, "active": ""}
        return self._code_body(cell, source, language, wanted)

    # ---- from a source to the lines of a text ------------------------------------------

    def _code_body(self, cell: Cell, source: str, language: str, metadata: "Metadata") -> str:
        notation, main = self._notation, self._plan.language
        in_use = is_active(metadata, notation.suffix)
        if is_active(metadata, notation.suffix, default=same_language(language, main)):
            explicit = metadata.get("comment_questions") is not False
            return self._active_code(source, language, explicit=explicit)
        quoted = None if in_use else self._quoted(cell, source)
        if quoted is not None:
            return quoted
        text = notation.escape_start(source, language)
        if in_use:
            text = magics_of(language).comment(text, commented=self._comments_magics)
        return _comments.comment(text, notation.comment, notation.end)

    def _active_code(self, source: str, language: str, *, explicit: bool) -> str:
        if self._notation.is_go and language == self._plan.language:
            source = comment_go_cells(source)
        text = self._notation.escape_start(source, language)
        magics = magics_of(language)
        return magics.comment(text, commented=self._comments_magics, explicit=explicit)

    def _prose_body(self, cell: Cell, source: str, metadata: "Metadata") -> str:
        notation = self._notation
        if not is_active(metadata, notation.suffix, default=False):
            quoted = self._quoted(cell, source)
            if quoted is not None:
                return quoted
        if is_active(metadata, notation.suffix):
            return self._prose(source, marked=True)
        text = notation.escape_start(source, self._plan.language)
        return _comments.comment(text, notation.comment, notation.end)

    def _quoted(self, cell: Cell, source: str) -> str | None:
        """Return *source* in the triple quotes that are asked for, None without them."""
        quotes = self._quotes_of(cell)
        return _triple_quotes.quote(source, quotes, raw=False) if quotes else None

    def _quotes_of(self, cell: Cell) -> str:
        """Return the triple quotes that the cell, or else the option, asks for, or ""."""
        if not self._notation.is_python_script:
            return ""
        own = cell.metadata.get("cell_marker") if cell.metadata else None
        if isinstance(own, str) and _triple_quotes.is_marker(own):
            return own
        return self._quotes if cell.kind == "markdown" else ""

    def _prose(self, source: str, *, marked: bool) -> str:
        """Return commented prose, its magics commented on their own, twice under a marker."""
        notation, magics = self._notation, self._magics
        if notation.is_go:
            source = comment_go_cells(source)
        text = magics.comment(source, commented=self._comments_magics, explicit=False)
        text = _comments.comment(text, notation.comment, notation.end)
        if not marked:
            return text
        text = notation.escape_start(text, self._plan.language)
        return magics.comment(text, commented=self._comments_magics)


def _loses_blank_lines(body: str) -> bool:
    """Return whether exactly two blank lines at the end would be taken for a separation."""
    content, *last = body.rsplit("\n", 2)
    return (
        len(last) == _MOST_BLANK_LINES
        and not any(line.strip() for line in last)
        and bool(content.rpartition("\n")[2].strip())
    )
