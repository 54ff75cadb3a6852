"""Read the cells of a script in the light notation, by offsets, each line once.

Source: formats.md of the project's reference, section 2, and the observed behaviour of
Jupytext, which decides where the paragraphs of scripts end that were never a notebook.
"""

from octavo.core.active import is_active
from octavo.core.document import Cell, Document
from octavo.core.errors import Notice, Span
from octavo.core.languages import main_language, same_language
from octavo.core.patterns import lazy
from octavo.formats import (
    _attributes,
    _cell_language,
    _comments,
    _header,
    _hints,
    _light,
    _lossless,
    _marker_words,
    _triple_quotes,
)
from octavo.formats._magics import magics_of, uncomment_go_cells
from octavo.formats._strings import StringScanner, has_triple_quotes

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from octavo.core.document import Kind, Metadata, Origin
    from octavo.core.options import Options
    from octavo.formats._light import Notation

_BLANK_RUN = lazy(r"(?:[^\S\n]*+\n)*+")
_INDENT = lazy(r"[^\S\n]++\S")
_NO_BLANK_LINE = lazy(r"[^\S\n]*+\S")
_ONE_BLANK_LINE = lazy(r"[^\S\n]*+\n(?=[^\S\n]*+\S)")
_TWO_BLANK_LINES = lazy(r"[^\S\n]*+\n[^\S\n]*+\n(?=[^\S\n]*+\S)")


def read(
    text: str, options: "Options", origin: "Origin", *, takes_markers: bool = True
) -> Document:
    """Return the document that *text* holds; *takes_markers*: look at `cell_markers`."""
    plain = _light.notation_of(options.suffix)
    head = _header.read_head(text, options, origin, plain.comment, plain.end)
    settings = options.over(head.settings)
    markers = settings.text("cell_markers") if takes_markers else ""
    words = _light.split_markers(markers)
    notation = _light.notation_of(options.suffix, words) if words else plain
    main = main_language(head.metadata, options.suffix) or plain.language
    reader = Reader(notation, main, uncomments=settings.flag("comment_magics", default=True))
    cells = list(reader.cells(text, head.stop, head.line))
    return _header.settle(
        head, cells, options, suffix=options.suffix, origin=origin, uses_json=reader.uses_json,
        notices=[] if words else _ignored_markers(markers, origin),
    )  # fmt: skip


def _ignored_markers(markers: str, origin: "Origin") -> "list[Notice]":
    if not markers or _triple_quotes.is_marker(markers):
        return []
    notice = Notice(
        "OCT-F020",
        f"the cell markers {markers!r} were ignored",
        Span(origin.path, 1),
        hint="write them as 'start,end', for example 'region,endregion'",
    )
    return [notice]


class Reader:
    """Reads the cells of one text in the light notation.

    `rescued` tells whether a string was never closed, so that strings were not followed.
    """

    __slots__ = (
        "_custom", "_has_escapes", "_has_magics", "_has_quotes", "_indented", "_limit",
        "_magics", "_main", "_notation", "_run_end", "_run_start", "_text", "_uncomments",
        "rescued", "uses_json",
    )  # fmt: skip

    def __init__(
        self,
        notation: "Notation",
        main: str,
        *,
        uncomments: bool,
        custom: "frozenset[str]" = frozenset(),
    ) -> None:
        self._notation = notation
        self._main = main
        self._custom = custom
        self._uncomments = uncomments
        self._magics = magics_of(main)
        self.uses_json = False
        self.rescued = False
        self._begin("", 0)

    def _begin(self, text: str, at: int) -> None:
        """Look at the whole text once: what can be passed over in every cell?"""
        self._text = text
        self._limit = len(text) - text.endswith("\n")
        self._run_start = self._run_end = -1
        self._indented = False
        self._has_quotes = has_triple_quotes(text)
        self._has_magics = self._magics.may_occur(text)
        notation = self._notation
        self._has_escapes = (
            at == 0 and text.startswith(notation.comment)
        ) or notation.has_code_started.search(text, at - 1 if at else 0) is not None

    def cells(self, text: str, at: int, line: int) -> "Iterator[Cell]":
        """Yield the cells of *text* from offset *at*, where line *line* begins."""
        if at >= len(text):
            return
        self._begin(text, at)
        limit = self._limit
        while at <= limit:
            cell, stop = self._next(at, line)
            yield cell
            line += text.count("\n", at, stop)
            at = stop

    def _next(self, at: int, line: int) -> tuple[Cell, int]:
        """Return the cell at *at*, and where the next one begins."""
        text, limit, notation = self._text, self._limit, self._notation
        if text.startswith(notation.comment, at):
            marker = notation.start_line.match(text, at, limit)
            if marker is not None:
                return self._marked(marker, line)
            match = notation.prose.match(text, at, limit)
            if match is not None and self._is_prose(at, match.end()):
                return self._prose_paragraph(at, match.end(), line)
        return self._code_paragraph(at, line)

    def one(
        self, text: str, *, after_code: bool = True, before_marker: bool = False
    ) -> Cell | None:
        """Return the cell that *text* reads as between plain neighbours, None if not just one.

        *after_code*: the cell before it is a paragraph of code, else one of prose;
        *before_marker*: the next one begins with a start marker.
        """
        notation = self._notation
        sign, end = notation.comment, notation.end
        before = "1" if after_code else _comments.comment("1", sign, end)
        after = "2"
        if before_marker:
            after = f"{sign} {notation.start_word}\n2\n{sign} {notation.end_word}"
        self.rescued = False
        found = list(self.cells(f"{before}\n\n{text}\n\n{after}\n", 0, 1))
        if len(found) != 3 or found[0].source != "1" or found[2].source != "2":
            return None
        return _cell_language.settled(found[1], self._main, self._custom)

    def is_one_paragraph(self, text: str) -> bool:
        """Return whether *text* as a whole is one paragraph, or what follows one marker."""
        self._begin(text, 0)
        self._limit = len(text)
        return self._next(0, 1)[1] > self._limit

    # ---- paragraphs --------------------------------------------------------------------

    def _is_prose(self, at: int, end: int) -> bool:
        """Return whether the comments from *at* to *end* are prose: none is a magic."""
        notation, text = self._notation, self._text
        if notation.custom and notation.is_end_marker(_line_at(text, at, self._limit)):
            return False
        if not self._has_magics:
            return True
        body = text[at:end]
        if not self._magics.may_occur(body):
            return True
        sign = notation.comment
        return not any(
            self._magics.is_magic(line)
            for line in body.split("\n")
            if not line[len(sign) :].lstrip().startswith(sign)
        )

    def _prose_paragraph(self, at: int, end: int, line: int) -> tuple[Cell, int]:
        text, notation = self._text, self._notation
        if text[end - 1] == "\n":
            body, stop = text[at : end - 1], self._after_blank_line(end)
        else:
            body, stop = text[at:end], self._limit + 1
        if self._has_magics or notation.is_go:
            source = self._active_prose(body, marked=False)
        else:
            source = _comments.uncomment(body, notation.comment, notation.end)
        return Cell("markdown", source, {}, None, line=line), stop

    def _code_paragraph(self, at: int, line: int) -> tuple[Cell, int]:
        end, stop = self._paragraph_end(at, self._main)
        return self._paragraph_cell(self._text[at:end], line), stop

    def _paragraph_cell(self, source: str, line: int) -> Cell:
        metadata: Metadata = {}
        if self._has_magics or self._has_escapes or self._notation.is_go:
            source = self._active_code(source, self._main, marked=False)
            if self._uncomments and "?" in source and self._magics.only_explicit(source):
                metadata["comment_questions"] = False
        return Cell("code", source, metadata, [], line=line)

    def _paragraph_end(self, at: int, language: str | None) -> tuple[int, int]:
        """Return where the paragraph of code at *at* ends, and where the next cell begins.

        Without *language*, strings are not followed.
        """
        text, limit = self._text, self._limit
        search = self._notation.paragraph_event.search
        follows = _Strings(text, at, language) if self._has_quotes and language else None
        at_blank = self._blank_line_at(at)
        if at_blank is not None:
            if not self._is_indented_after(at):
                return self._empty_cell(at_blank)
            position = self._run_end
        else:
            position = at
        while event := search(text, position, limit):
            end = event.start()
            position = event.end()
            if follows is not None and follows.is_quoted_at(end):
                continue
            if event["start"] is not None:
                return end, end + 1
            if not self._is_indented_after(end + 1):
                return end, self._after_blank_line(end + 1)
            position = self._run_end
        if follows is not None and follows.is_quoted_at(limit):
            self.rescued = True  # a string that is never closed hides nothing
            return self._paragraph_end(at, None)
        return limit, limit + 1

    def _empty_cell(self, newline: int) -> tuple[int, int]:
        """Return the end of the cell that a blank line too many is, and the next one's place."""
        stop = newline + 1
        if stop > self._limit or _NO_BLANK_LINE.match(self._text, stop, self._limit):
            return newline, stop
        return newline, self._after_blank_line(stop)

    def _blank_line_at(self, at: int) -> int | None:
        """Return the end of the line at *at* if it is blank, else None."""
        text, limit = self._text, self._limit
        if at < limit and not text[at].isspace():
            return None
        if _NO_BLANK_LINE.match(text, at, limit):
            return None
        end = text.find("\n", at, limit)
        return limit if end < 0 else end

    def _after_blank_line(self, at: int) -> int:
        """Return where the next cell begins after the blank line at *at*.

        One more blank line is passed when text follows it: two are one separation.
        """
        text, limit = self._text, self._limit
        end = text.find("\n", at, limit)
        if end < 0:
            return limit + 1
        stop = end + 1
        if stop < limit and text[stop].isspace():
            more = _ONE_BLANK_LINE.match(text, stop, limit)
            if more is not None:
                return more.end()
        return stop

    def _is_indented_after(self, at: int) -> bool:
        """Return whether the text after the blank lines at *at* is indented.

        Those lines end at `_run_end`; a long run of them is looked at once.
        """
        if not self._run_start <= at < self._run_end:
            match = _BLANK_RUN.match(self._text, at, self._limit)
            self._run_start = at
            self._run_end = at if match is None else match.end()
            self._indented = _INDENT.match(self._text, self._run_end, self._limit) is not None
        return self._indented

    # ---- cells with a marker -----------------------------------------------------------

    def _marked(self, marker: "re.Match[str]", line: int) -> tuple[Cell, int]:
        """Return the cell that a start marker opens, and where the next one begins."""
        at = marker.start()
        words = marker[1]
        if self._notation.end:
            words = words.rstrip().removesuffix(self._notation.end)
        metadata: Metadata = {}
        kind: Kind | None = None
        if words and not words.isspace():
            self.uses_json = self.uses_json or _attributes.is_object(words)
            metadata, kind = _marker_words.read_words(words)
        own, facts = _hints.unpack(metadata) if metadata else (metadata, {})
        end, stop, closed = self._cell_end(
            marker.end(), metadata, follow=facts.get("quotes") is not False
        )
        if closed is None:
            return self._dismissed(at, end, kind, line), stop
        body = self._text[marker.end() + 1 : end]
        if metadata and "endofcell" in metadata and self._needs_end_word(body, metadata):
            rest = {key: value for key, value in metadata.items() if key != "endofcell"}
            own, facts = _hints.unpack(rest)
        if closed:
            body = self._without_separation(body, facts)
        return self._cell(body, own, facts, kind, line), stop

    def _needs_end_word(self, body: str, metadata: "Metadata") -> bool:
        """Return whether the end marker is what a writer chooses for such a cell."""
        notation = self._notation
        word = metadata["endofcell"]
        return not notation.custom and word != "-" and word == notation.end_word_for(body)

    def _dismissed(self, at: int, end: int, kind: "Kind | None", line: int) -> Cell:
        """Return the cell of a custom marker that no end marker follows before the next."""
        body = self._text[at:end]
        if kind is None or kind == "code":
            return self._paragraph_cell(body, line)
        source = self._active_prose(body, marked=False)
        return Cell(kind, source, {}, None, line=line)

    def _cell_end(
        self, at: int, metadata: "Metadata", *, follow: bool
    ) -> "tuple[int, int, bool | None]":
        """Return where the cell whose start marker ends at *at* ends, and the next one's place.

        The third value tells whether an end marker was found, None when there had to be one.
        """
        notation, text, limit = self._notation, self._text, self._limit
        event_of = notation.cell_event
        word = metadata.get("endofcell") if metadata else None
        if isinstance(word, str) and not notation.custom:
            event_of = notation.cell_event_of(word)
        language = metadata.get("language", self._main) if metadata else self._main
        follows = None
        if self._has_quotes and follow:
            follows = _Strings(text, at + 1, language if isinstance(language, str) else self._main)
        position = at
        while event := event_of.search(text, position, limit):
            end = event.start()
            position = event.end()
            if follows is not None and end > at and follows.is_quoted_at(end):
                continue
            if event["start"] is None:
                return end, self._after_end_marker(event.end()), True
            stop = end + 1
            return self._without_blank_lines(at, end), stop, None if notation.custom else False
        if follows is not None and follows.is_quoted_at(limit):
            self.rescued = True
            return self._cell_end(at, metadata, follow=False)
        return limit, limit + 1, False

    def _without_blank_lines(self, at: int, end: int) -> int:
        """Return the end of the text before *end* without up to two blank lines."""
        text = self._text
        for _ in range(2):
            start = text.rfind("\n", at, end)
            if start < 0 or not (text[start:end].isspace()):
                break
            end = start
        return end

    def _after_end_marker(self, at: int) -> int:
        """Return where the next cell begins after the end marker that ends at *at*."""
        text, limit = self._text, self._limit
        stop = at + 1
        if stop < limit and text[stop].isspace():
            for pattern in (_ONE_BLANK_LINE, _TWO_BLANK_LINES):
                match = pattern.match(text, stop, limit)
                if match is not None:
                    return match.end()
        return stop

    def _without_separation(self, body: str, facts: "Metadata") -> str:
        """Return *body* without the two blank lines that PEP 8 asks for before an end marker."""
        blank = _hints.blank_of(facts)
        if blank is not None:
            return body.rstrip("\n") + "\n" * blank
        if not self._notation.is_python_script or not body[-1:].isspace():
            return body
        content, *last = body.rsplit("\n", 2)
        if len(last) < 2 or any(line.strip() for line in last):
            return body
        return content if content.rpartition("\n")[2].strip() else body

    def _cell(
        self, body: str, metadata: "Metadata", facts: "Metadata", kind: "Kind | None", line: int
    ) -> Cell:
        """Return the cell of a body between markers."""
        if facts.get("escape") is True:
            body = self._notation.unescape(body)
        if kind is None or kind == "code":
            source = (
                self._marked_code(body, metadata)
                if metadata
                else self._active_code(body, self._main, marked=True)
            )
        else:
            source = self._marked_prose(body, metadata)
        named = _hints.kind_of(facts)
        if kind is None or kind == "code":
            kind = "code"
            if named == "raw" or not (named or is_active(metadata, ".ipynb")):
                kind = "raw"
                if metadata.get("active") == "":
                    metadata = {key: value for key, value in metadata.items() if key != "active"}
        if named:
            kind = named  # type: ignore[assignment]
        if facts:
            source = _lossless.restored(source, facts)
        return Cell(kind, source, metadata, [] if kind == "code" else None, line=line)

    # ---- from the lines of a text to a source ------------------------------------------

    def _marked_code(self, body: str, metadata: "Metadata") -> str:
        notation = self._notation
        language = metadata.get("language")
        if not isinstance(language, str):
            language = self._main
        in_use = is_active(metadata, notation.suffix)
        if not in_use and notation.is_python_script and has_triple_quotes(body):
            quoted = _triple_quotes.unquote(body)
            if quoted is not None:
                return quoted
        if is_active(metadata, notation.suffix, default=same_language(language, self._main)):
            explicit = metadata.get("comment_questions") is not False
            return self._active_code(body, language, marked=explicit)
        source = _comments.uncomment(body, notation.comment, notation.end)
        if in_use:
            source = magics_of(language).uncomment(source, commented=self._uncomments)
        return self._notation.unescape_start(source, language)

    def _active_code(self, body: str, language: str, *, marked: bool) -> str:
        if self._has_magics or language != self._main:
            magics = magics_of(language)
            body = magics.uncomment(body, commented=self._uncomments, explicit=marked)
        if self._notation.is_go and language == self._main:
            body = uncomment_go_cells(body)
        return self._notation.unescape_start(body, language) if self._has_escapes else body

    def _marked_prose(self, body: str, metadata: "Metadata") -> str:
        notation = self._notation
        if (
            notation.is_python_script
            and has_triple_quotes(body)
            and not is_active(metadata, notation.suffix, default=False)
        ):
            quoted = _triple_quotes.unquote(body)
            if quoted is not None:
                return quoted
        if is_active(metadata, notation.suffix):
            return self._active_prose(body, marked=True)
        source = _comments.uncomment(body, notation.comment, notation.end)
        return self._notation.unescape_start(source, self._main)

    def _active_prose(self, body: str, *, marked: bool) -> str:
        """Return prose whose magics were commented on their own, twice under a marker."""
        notation, magics = self._notation, self._magics
        body = magics.uncomment(body, commented=self._uncomments, explicit=marked)
        if notation.is_go:
            body = uncomment_go_cells(body)
        if marked:
            body = notation.unescape_start(body, self._main)
        source = _comments.uncomment(body, notation.comment, notation.end)
        if marked:
            source = magics.uncomment(source, commented=self._uncomments, explicit=False)
        return source


class _Strings:
    """Follow the strings of a text from *at* on: does a line begin inside one?"""

    __slots__ = ("_at", "_scanner", "_text")

    def __init__(self, text: str, at: int, language: str) -> None:
        self._text = text
        self._at = at
        self._scanner = StringScanner(language)

    def is_quoted_at(self, end: int) -> bool:
        """Return whether a string is open at the end of the line that ends at *end*."""
        text, at, scanner = self._text, self._at, self._scanner
        if end < at:
            return bool(scanner.quoted)
        if scanner.quoted or text.find('"""', at, end) >= 0 or text.find("'''", at, end) >= 0:
            for line in text[at:end].split("\n"):
                scanner.read(line)
        self._at = end + 1
        return bool(scanner.quoted)


def _line_at(text: str, at: int, limit: int) -> str:
    end = text.find("\n", at, limit)
    return text[at : limit if end < 0 else end]
