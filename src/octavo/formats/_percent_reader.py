"""Read scripts in the percent notation."""

from octavo.core.active import is_active
from octavo.core.document import Cell, Document
from octavo.core.languages import main_language
from octavo.formats import (
    _attributes,
    _cell_language,
    _comments,
    _header,
    _hints,
    _lossless,
    _marker_words,
    _triple_quotes,
)
from octavo.formats._magics import magics_of, uncomment_go_cells
from octavo.formats._percent import Notation, notation_of
from octavo.formats._percent_fences import Closers, Fences
from octavo.formats._strings import StringScanner, has_triple_quotes, is_balanced

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from octavo.core.document import Kind, Metadata, Origin
    from octavo.core.options import Options


def read(text: str, options: "Options", origin: "Origin", *, comments_magics: bool) -> Document:
    """Return the document that *text* holds; *comments_magics* is the format's default."""
    notation = notation_of(options.suffix)
    head = _header.read_head(text, options, origin, notation.comment, notation.end)
    settings = options.over(head.settings)
    main = main_language(head.metadata, options.suffix) or notation.language
    reader = Reader(
        notation, main, uncomments=settings.flag("comment_magics", default=comments_magics)
    )
    cells = list(reader.cells(text, head.stop, head.line))
    if reader.triple and reader.triple == reader.prose and "cell_markers" not in settings:
        # All prose stands in triple quotes: the next writing does the same.
        settings = settings.with_(cell_markers='"""' if '"""' in text else "'''")
        options = options.over({"cell_markers": settings.text("cell_markers")})
    return _header.settle(
        head, cells, options, suffix=options.suffix, origin=origin, uses_json=reader.uses_json
    )


class Reader:
    """Reads the cells of one text in the percent notation."""

    __slots__ = (
        "_closers",
        "_custom",
        "_main",
        "_notation",
        "_plain_markers",
        "_uncomments",
        "prose",
        "triple",
        "uses_json",
    )

    def __init__(
        self,
        notation: Notation,
        main: str,
        custom: frozenset[str] = frozenset(),
        *,
        uncomments: bool,
    ) -> None:
        self._notation = notation
        self._main = main
        self._custom = custom
        self._closers: Closers | None = None
        self._plain_markers: dict[str, str] = {}
        self._uncomments = uncomments
        self.uses_json = False
        self.prose = 0
        self.triple = 0

    def cells(self, text: str, at: int, line: int) -> "Iterator[Cell]":
        """Yield the cells of *text* from offset *at*, where line *line* begins."""
        markers = list(self._notation.marker.finditer(text, at))
        first = markers[0].start() if markers else len(text)
        if text[at:first].strip():
            yield self._headless(text[at:first], line)
        line += text.count("\n", at, first)
        i, n = 0, len(markers)
        while i < n:
            marker = markers[i]
            metadata, facts, kind = self._options(marker)
            start = min(marker.end() + 1, len(text))
            k = i + 1
            stop = markers[k].start() if k < n else len(text)
            if k < n and self._may_hide_markers(text, start, stop, kind, metadata):
                k, stop = self._end_of_cell(text, start, markers, k, kind, facts, metadata)
            body = text[start:stop]
            yield self._cell(body, metadata, facts, kind, line)
            line += body.count("\n") + 1
            i = k

    def one(self, text: str) -> Cell | None:
        """Return the cell that *text* reads as between plain neighbours, None if not just one."""
        sign = self._notation.comment
        end = " " + self._notation.end if self._notation.end else ""
        first, last = f"{sign} %%{end}\n1\n\n", f"\n\n{sign} %%{end}\n2\n"
        found = list(self.cells(first + text + last, 0, 1))
        if len(found) != 3 or found[2].source != "2" or found[0].source != "1":
            return None
        return _cell_language.settled(found[1], self._main, self._custom)

    def _may_hide_markers(
        self, text: str, start: int, stop: int, kind: "Kind | None", metadata: "Metadata"
    ) -> bool:
        """Return whether a string or a fence that opens in the cell could go on at *stop*."""
        if text.find('"""', start, stop) >= 0 or text.find("'''", start, stop) >= 0:
            language = metadata.get("language", self._main) if metadata else self._main
            if not isinstance(language, str) or not is_balanced(text[start:stop], language):
                return True
        if kind not in ("markdown", "raw"):
            return False
        return text.find("```", start, stop) >= 0 or text.find("~~~", start, stop) >= 0

    def _headless(self, body: str, line: int) -> Cell:
        """Return the code cell that stands before the first marker."""
        return self._cell(body, {}, {}, None, line)

    def _options(self, marker: "re.Match[str]") -> "tuple[Metadata, Metadata, Kind | None]":
        """Return metadata, hints and kind (None: not said) of a marker line."""
        text = marker[1]
        if text is None:
            return {}, {}, None
        known = self._plain_markers.get(text)
        if known is not None:
            return {}, {}, known or None  # type: ignore[return-value]
        found = self._parse_options(marker, text)
        if not found[0] and not found[1] and text != " md":
            self._plain_markers[text] = found[2] or ""
        return found

    def _parse_options(
        self, marker: "re.Match[str]", text: str
    ) -> "tuple[Metadata, Metadata, Kind | None]":
        if self._notation.end:
            text = text.rstrip().removesuffix(self._notation.end)
        if not text.strip():
            return {}, {}, None
        if text == " md" and marker[0].endswith("%% md") and not marker[0][:-5].endswith(" "):
            return {}, {}, "markdown"  # PyCharm
        self.uses_json = self.uses_json or _attributes.is_object(text)
        metadata, kind = _marker_words.read_words(text)
        metadata, facts = _hints.unpack(metadata)
        return metadata, facts, _hints.kind_of(facts) or kind  # type: ignore[return-value]

    def _end_of_cell(
        self,
        text: str,
        start: int,
        markers: "list[re.Match[str]]",
        k: int,
        kind: "Kind | None",
        facts: "Metadata",
        metadata: "Metadata",
    ) -> tuple[int, int]:
        """Return the index of the marker that ends the cell, and its offset.

        Markers inside triple-quoted strings, and inside fenced blocks of Markdown and raw
        cells, are content.
        """
        language = metadata.get("language")
        scanner = StringScanner(language if isinstance(language, str) else self._main)
        follow = facts.get("quotes") is not False
        fences = None
        if follow and kind in ("markdown", "raw"):
            if self._closers is None or self._closers.text is not text:
                self._closers = Closers(self._notation, text)
            fences = Fences(self._notation, self._closers)
        at = start
        while k < len(markers):
            stop = markers[k].start()
            if follow:
                _follow(scanner, fences, text, at, stop)
            at = stop
            if not scanner.quoted and not (fences is not None and fences.is_open):
                return k, stop
            k += 1
        _follow(scanner, None, text, at, len(text))
        if scanner.quoted:
            return self._first_marker_after(start, markers)
        return k, len(text)

    @staticmethod
    def _first_marker_after(start: int, markers: "list[re.Match[str]]") -> tuple[int, int]:
        """Return the marker after *start*: a string that is never closed hides nothing."""
        k = next(k for k, marker in enumerate(markers) if marker.start() >= start)
        return k, markers[k].start()

    def _cell(
        self,
        body: str,
        metadata: "Metadata",
        facts: "Metadata",
        kind: "Kind | None",
        line: int,
    ) -> Cell:
        source = _without_separator(body, _hints.blank_of(facts))
        if kind is None:
            kind = "code"
            if metadata and not is_active(metadata, ".ipynb") and metadata.get("active") != "":
                kind = "raw"
        if facts.get("escape") is True:
            source = self._notation.escaped.sub(r"\1\2", source)
        source = (
            self._code(source, metadata) if kind == "code" else self._prose(source, metadata, kind)
        )
        if facts:
            source = _lossless.restored(source, facts)
        return Cell(kind, source, metadata, [] if kind == "code" else None, line=line)

    def _code(self, source: str, metadata: "Metadata") -> str:
        notation = self._notation
        language = metadata.get("language") if metadata else None
        active = is_active(metadata, notation.suffix)
        if not active and notation.suffix == ".py" and has_triple_quotes(source):
            quoted = _triple_quotes.unquote(source)
            if quoted is not None:
                return quoted
        if metadata and (
            not active
            or ("active" not in metadata and isinstance(language, str) and language != self._main)
        ):
            return _comments.uncomment(source, notation.comment, notation.end)
        if notation.is_go:
            source = uncomment_go_cells(source)
        magics = magics_of(language if isinstance(language, str) else self._main)
        return magics.uncomment(source, commented=self._uncomments)

    def _prose(self, source: str, metadata: "Metadata", kind: "Kind") -> str:
        notation = self._notation
        self.prose += kind == "markdown"
        active = is_active(metadata, notation.suffix, default=False)
        if notation.suffix == ".py" and not active and has_triple_quotes(source):
            quoted = _triple_quotes.unquote(source)
            if quoted is not None:
                self.triple += kind == "markdown"
                return quoted
        if kind == "raw" and active and not is_active(metadata, ".ipynb"):
            magics = magics_of(self._main)
            return magics.uncomment(source, commented=self._uncomments)
        if notation.is_go:
            source = uncomment_go_cells(source)
        return _comments.uncomment(source, notation.comment, notation.end)


def _follow(scanner: StringScanner, fences: "Fences | None", text: str, at: int, stop: int) -> None:
    """Follow strings and fences over the lines from *at* to *stop*."""
    while at < stop:
        end = text.find("\n", at, stop)
        end = stop if end < 0 else end
        line = text[at:end]
        quoted = scanner.quoted
        scanner.read(line)
        if fences is not None and not quoted:
            fences.read(line, end)
        at = end + 1


def _without_separator(body: str, blank: int | None) -> str:
    """Return *body* without the blank lines that separate it from the next marker.

    One blank line separates; exactly two are taken as one separation of PEP 8.
    """
    content = body.rstrip("\n")
    ends = len(body) - len(content)
    if blank is not None:
        return content + "\n" * blank
    if content:
        return content if ends <= 3 else content + "\n" * (ends - 2)
    return "\n" * max(ends - 2, 0)
