"""What the Markdown and the R Markdown format share: reading their cells.

Where cells begin and end is told in `_markdown_cells`, what fences say in `_markdown_fences`;
`_markdown_writer` writes.
"""

import re

from octavo.core.active import is_active
from octavo.core.document import Cell, Document
from octavo.core.errors import Notice, Span
from octavo.core.languages import main_language
from octavo.core.patterns import lazy
from octavo.formats import (
    _attributes,
    _cell_language,
    _doxygen,
    _header,
    _hints,
    _lossless,
)
from octavo.formats._magics import magics_of
from octavo.formats._markdown_cells import Splitter
from octavo.formats._markdown_fences import ChunkFences, Fences, OldFences, fence_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.core.document import Origin
    from octavo.core.options import Options
    from octavo.formats._markdown_cells import Piece

REGION_NAMES = ("markdown", "md")

_OLD_VERSIONS = ("1.0", "1.1")
_ESCAPED_END = lazy(r"^(<!--[^\S\n]*#)#(#*end(?:region|markdown|md|raw)\b)", re.MULTILINE)


class Dialect:
    """What tells the two formats apart.

    `comments_magics` is the default of that option; `as_chunks`: fences carry R options.
    """

    __slots__ = ("as_chunks", "comments_magics", "name")

    def __init__(self, name: str, *, as_chunks: bool, comments_magics: bool) -> None:
        self.name = name
        self.as_chunks = as_chunks
        self.comments_magics = comments_magics

    def fences(self, options: "Options", main: str | None, version: str) -> Fences:
        """Return the fences of a text."""
        names = options.names("custom_language_magics")
        languages = (
            names | {name.upper() for name in names} | ({fence_word(main)} if main else set())
        )
        if self.as_chunks:
            return ChunkFences(languages, runtools=options.flag("use_runtools"))
        return OldFences(languages) if version in _OLD_VERSIONS else Fences(languages)


def read(text: str, options: "Options", origin: "Origin", dialect: Dialect) -> Document:
    """Return the document that *text* holds."""
    head = _header.read_head(text, options, origin, "")
    settings = options.over(head.settings)
    main = main_language(head.metadata, options.suffix)
    reader = Reader(dialect, settings, main, origin.version, trims=head.found)
    body = text[head.stop :] if head.stop else text
    cells = list(reader.cells(body, head.line))
    tells = "main_language" in head.settings
    notices = [
        Notice("OCT-F030", f"the chunk options {words!r} are not balanced", Span(origin.path, line))
        for line, words in reader.odd
    ]
    document = _header.settle(
        head, cells, options, suffix=options.suffix, origin=origin, uses_json=reader.uses_json,
        notices=notices,
    )  # fmt: skip
    if head.found and not tells:
        return _without_setting(document, "main_language")
    return document


def _without_setting(document: Document, name: str) -> Document:
    """Return *document* without a setting that its header does not name.

    The next text would name it, though nothing changed.
    """
    section = document.metadata.get("jupytext")
    if not isinstance(section, dict) or name not in section:
        return document
    metadata = {key: value for key, value in document.metadata.items() if key != "jupytext"}
    left = {key: value for key, value in section.items() if key != name}
    return document.with_(metadata={**metadata, "jupytext": left} if left else metadata)


class Reader:
    """Reads the cells of one text."""

    __slots__ = (
        "_comments", "_custom", "_dialect", "_doxygen", "_main", "_splitter", "_suffix", "_word",
        "odd", "uses_json",
    )  # fmt: skip

    def __init__(
        self, dialect: Dialect, options: "Options", main: str | None, version: str, *, trims: bool
    ) -> None:
        self._dialect = dialect
        self._main = main
        self._word = fence_word(main) if main else None
        self._suffix = options.suffix
        self._comments = options.flag("comment_magics", default=dialect.comments_magics)
        self._doxygen = options.flag("doxygen_equation_markers")
        self._custom = options.names("custom_cell_magics") | options.names("custom_language_magics")
        self._splitter = Splitter(
            dialect.fences(options, main, version),
            main or "python",
            at_headings=options.flag("split_at_heading"),
            trims=trims,
        )
        self.uses_json = False
        self.odd: list[tuple[int, str]] = []

    def cells(self, body: str, line: int) -> "Iterator[Cell]":
        """Yield the cells of *body*, the first line of which is line *line*."""
        for piece in self._splitter.pieces(body, line):
            if piece.kind == "fence":
                yield self._fence(piece)
            elif piece.kind == "region":
                yield self._region(piece)
            else:
                source = piece.source
                if self._doxygen and piece.kind == "text":
                    source = _doxygen.from_doxygen(source)
                yield Cell("markdown", source, line=piece.line)

    def one(self, text: str, main: str, before: str, after: str) -> Cell | None:
        """Return the cell that *text* reads as between neighbours, None if not just one.

        *main* is the language of the whole text; *before* is a cell "1" or nothing, *after*
        begins with the end of the line and goes on with a cell "2" or nothing.
        """
        found = list(self.cells(before + text + after, 1))
        first, last = bool(before), len(after) > 1
        if len(found) != 1 + first + last:
            return None
        if (first and found[0].source != "1") or (last and found[-1].source[-1:] != "2"):
            return None
        return _cell_language.settled(found[first], main, self._custom)

    def _fence(self, piece: "Piece") -> Cell:
        opening = piece.opening
        assert opening is not None  # noqa: S101  what a piece of that kind has
        self.uses_json = self.uses_json or opening.uses_json
        source, metadata, facts = piece.source, opening.metadata, opening.facts
        if not metadata and not facts and opening.language == self._word:
            if self._comments or "escape" in source:
                magics = magics_of(self._main or "python")
                source = magics.uncomment(source, commented=self._comments)
            return Cell("code", source, {}, [], line=piece.line)
        if opening.is_odd:
            self.odd.append((piece.line, str(metadata.get(_attributes.UNPARSED, ""))))
        metadata = dict(metadata)
        language = opening.language
        if not self._dialect.as_chunks or is_active(metadata, self._suffix):
            magics = magics_of(language or self._main or "python")
            source = magics.uncomment(source, commented=self._comments)
        kind = _hints.kind_of(facts)
        if not kind:
            kind = "code" if language or self._dialect.as_chunks else "raw"
            if not is_active(metadata, ".ipynb"):
                kind = "raw"
        held = facts.get("metadata")
        if (
            kind == "raw"
            and metadata.get("active") == ""
            and not (isinstance(held, dict) and "active" in held)
        ):
            del metadata["active"]
        if language and language != self._word:
            metadata["language"] = language
        if facts:
            source = _lossless.restored(source, facts)
        return Cell(kind, source, metadata, [] if kind == "code" else None, line=piece.line)  # type: ignore[arg-type]

    def _region(self, piece: "Piece") -> Cell:
        self.uses_json = self.uses_json or _attributes.is_object(piece.words)
        title, metadata = _attributes.split_title(piece.words)
        if title:
            metadata["title"] = title
        if piece.name in REGION_NAMES:
            metadata["region_name"] = piece.name
        metadata, facts = _hints.unpack(metadata)
        kind: str = "raw" if piece.name == "raw" else "markdown"
        kind = _hints.kind_of(facts) or kind
        source = piece.source
        if facts.get("escape") is True:
            source = _ESCAPED_END.sub(r"\1\2", source)
        if self._doxygen and kind == "markdown":
            source = _doxygen.from_doxygen(source)
        if facts:
            source = _lossless.restored(source, facts)
        return Cell(kind, source, metadata, line=piece.line)  # type: ignore[arg-type]
