"""Write documents in the percent notation."""

from octavo.core.active import has_active_mark, is_active
from octavo.core.document import Cell, Document
from octavo.core.languages import same_language
from octavo.formats import (
    _cell_language,
    _comments,
    _header_plan,
    _hints,
    _lossless,
    _marker_words,
    _triple_quotes,
)
from octavo.formats._blank_lines import Ahead, between_text
from octavo.formats._magics import comment_go_cells, magics_of
from octavo.formats._percent import VERSION, Notation, notation_of
from octavo.formats._percent_fences import Closers, left_open
from octavo.formats._percent_reader import Reader
from octavo.formats._strings import has_triple_quotes, is_balanced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Metadata
    from octavo.core.options import Options
    from octavo.formats._header_plan import Plan


def write(
    document: Document, options: "Options", *, name: str, comments_magics: bool, splits_magics: bool
) -> str:
    """Return *document* in the percent notation.

    *name* is the format's, *comments_magics* its default; *splits_magics*: cells that start
    with a language magic (`%%bash`) say so on the marker.
    """
    notation = notation_of(options.suffix)
    plan = _header_plan.plan_text(
        document, options, name=name, version=VERSION, prefix=notation.comment, suffix=notation.end
    )
    writer = Writer(notation, plan, comments_magics=comments_magics, splits_magics=splits_magics)
    chunks = [writer.chunk(cell) for cell in plan.cells]
    if plan.cells and plan.cells[-1].source.endswith("\n"):
        chunks[-1] = writer.chunk(plan.cells[-1], is_last=True)
    _close_open_ends(notation, writer, plan, chunks)
    return join(plan, chunks, options.suffix)


def _close_open_ends(notation: Notation, writer: "Writer", plan: "Plan", chunks: list[str]) -> None:
    """Give a hint to cells that leave a string or a fence open, if a later cell closes it."""
    suspects = [
        i
        for i, chunk in enumerate(chunks)
        if has_triple_quotes(chunk) or "```" in chunk or "~~~" in chunk
    ]
    if not suspects:
        return
    text = "\n".join(chunks)
    closers: Closers | None = None
    last_quotes = max(text.rfind('"""'), text.rfind("'''"))
    ends, offset = [], 0
    for chunk in chunks:
        offset += len(chunk) + 1
        ends.append(offset)
    for i in suspects:
        cell = plan.cells[i]
        fence = left_open(cell.source) if cell.kind != "code" else ""
        if fence and closers is None:
            closers = Closers(notation, text)
        if (closers is not None and fence and closers.follow(fence, ends[i])) or (
            last_quotes >= ends[i] and not is_balanced(chunks[i], plan.language)
        ):
            is_last = i == len(chunks) - 1
            chunks[i] = writer.chunk(cell, is_last=is_last, is_open=True)


def join(plan: "Plan", chunks: "list[str]", suffix: str) -> str:
    """Return head and chunks with the blank lines that belong between them."""
    if suffix != ".py" and not any(_asked(cell) is not None for cell in plan.cells):
        text = "\n\n".join(chunks) + "\n" if chunks else ""
    else:
        text = _spaced(plan.cells, chunks, suffix)
    if not plan.head:
        return text
    count = 0
    if plan.yaml:
        count = plan.blank if plan.blank is not None else 1
    return "\n".join(plan.head) + "\n" + ("\n" * count if text else "") + text


def _spaced(cells: "tuple[Cell, ...]", chunks: "list[str]", suffix: str) -> str:
    """Return the chunks, each with the blank lines that what follows it asks for."""
    pieces: list[str] = []
    ahead = Ahead()
    for cell, chunk in zip(reversed(cells), reversed(chunks), strict=True):
        asked = _asked(cell)
        count = between_text(chunk, ahead, suffix) if asked is None else min(asked, 2)
        pieces.append(chunk + "\n" * (count + (1 if ahead.text else 0)))
        ahead = ahead.with_text(chunk + "\n" * count)
    text = "".join(reversed(pieces))
    return text if not text or text.endswith("\n") else text + "\n"


def _asked(cell: Cell) -> int | None:
    """Return the number of blank lines after the cell that a notebook of Jupytext asks for."""
    asked = cell.metadata.get("lines_to_next_cell") if cell.metadata else None
    return asked if isinstance(asked, int) and asked >= 0 else None


class Writer:
    """Writes cells in the percent notation."""

    __slots__ = (
        "_as_json",
        "_comments_magics",
        "_magics",
        "_markers",
        "_notation",
        "_plain_markers",
        "_plan",
        "_proved_markers",
        "_reader",
        "_splits_magics",
    )

    def __init__(
        self, notation: Notation, plan: "Plan", *, comments_magics: bool, splits_magics: bool
    ) -> None:
        self._notation = notation
        self._plan = plan
        self._splits_magics = splits_magics
        self._comments_magics = plan.options.flag("comment_magics", default=comments_magics)
        self._as_json = plan.options.flag("cell_metadata_json")
        markers = plan.options.text("cell_markers")
        self._markers = markers if _triple_quotes.is_marker(markers) else ""
        self._reader = Reader(
            notation, plan.language, plan.custom, uncomments=self._comments_magics
        )
        self._magics = magics_of(plan.language)
        self._proved_markers: dict[tuple[str, str], str] = {}
        self._plain_markers = {
            "code": self._marker("", ""),
            "markdown": self._marker("[markdown]", ""),
            "raw": self._marker("[raw]", ""),
        }

    def chunk(self, cell: Cell, *, is_last: bool = False, is_open: bool = False) -> str:
        """Return marker and body of *cell*, without a newline at the end.

        *is_open*: the cell leaves a fence open that a later cell would close.
        """
        if is_last or is_open or self._has_odd_signs(cell.source):
            return self._careful(cell, is_last=is_last, is_open=is_open)
        marker = self._known_marker(cell)
        text = None if marker is None else self._under(marker, cell)
        if text is None:
            text = self._careful(cell, is_last=False, is_open=False)
            self._learn(cell, text)
        return text

    def _has_odd_signs(self, source: str) -> bool:
        """Return whether something in *source* could be mistaken (a cheap test)."""
        if source[:1].isspace() or source[-1:].isspace():
            return True
        return (
            "%%" in source
            or "In[" in source
            or "<codecell>" in source
            or "\r" in source
            or "escape" in source
            or "#!" in source
            or (self._notation.is_go and "gonb:" in source)
        )

    def _known_marker(self, cell: Cell) -> str | None:
        """Return the marker of a cell without metadata, or one that was proved before."""
        if not cell.metadata:
            return self._plain_markers[cell.kind]
        return self._proved_markers.get((cell.kind, repr(cell.metadata)))

    def _learn(self, cell: Cell, text: str) -> None:
        """Note the marker of a cell that was proved, if it says nothing about its source."""
        if cell.kind == "code" and not is_active(cell.metadata, self._notation.suffix):
            return
        marker = text.partition("\n")[0]
        if cell.metadata and f"{_hints.KEY}=" not in marker and self._under(marker, cell) == text:
            self._proved_markers[cell.kind, repr(cell.metadata)] = marker

    def _under(self, marker: str, cell: Cell) -> str | None:
        """Return a plain cell under a marker; None when its magics do not come back."""
        if cell.kind != "code":
            return f"{marker}\n{self._prose(cell, cell.source)}"
        body = source = cell.source
        if self._magics.may_occur(source):
            body = self._magics.comment(source, commented=self._comments_magics)
            back = self._magics.uncomment(body, commented=self._comments_magics)
            if back != source or self._notation.looks_like.search(body):
                return None
        return f"{marker}\n{body}" if body else marker

    def _careful(self, cell: Cell, *, is_last: bool, is_open: bool) -> str:
        wanted = self._plan.filter.apply(cell.metadata)
        if cell.kind == "code":
            cell = cell.with_(metadata=wanted)
        source = cell.source
        facts: Metadata = {"quotes": False} if is_open else {}
        if source.endswith("\n"):
            body = self._render(cell, wanted, {}).partition("\n")[2]
            trailing = len(body) - len(body.rstrip("\n"))
            if trailing and (is_last or (trailing == 1 and body != "\n")):
                facts["blank"] = trailing
        structure: Metadata = {}
        if has_triple_quotes(source) and not is_balanced(source, self._plan.language):
            structure["quotes"] = False
        if self._notation.looks_like.search(_commented(cell, self._notation)):
            structure["escape"] = True
        return _lossless.faithful(
            cell.with_(metadata=wanted),
            wanted,
            lambda metadata, hints: self._render(cell, metadata, hints),
            self._reader.one,
            facts=facts,
            structure=structure,
        )

    def _render(self, cell: Cell, metadata: "Metadata", facts: "Metadata") -> str:
        """Return the notation of a cell with this metadata on its marker and these hints."""
        notation = self._notation
        source, main, language = cell.source, self._plan.language, self._plan.language
        taken = None
        if self._splits_magics and not ({"language", "magic_args"} & metadata.keys()):
            taken = _cell_language.take_magic(source, main, self._plan.custom)
        own = metadata
        if taken is not None:
            language, arguments, source = taken
            own = {
                **metadata,
                **({"magic_args": arguments} if arguments else {}),
                "language": language,
            }
        elif isinstance(metadata.get("language"), str):
            language = str(metadata["language"])
        active = is_active(own, notation.suffix, default=same_language(language, main))
        is_code = cell.kind == "code" or (
            cell.kind == "raw"
            and has_active_mark(own)
            and not is_active(own, ".ipynb")
            and own.get("active") != ""
        )
        kind = "" if is_code else cell.kind
        words = _marker_words.write_words(_hints.pack(own, facts), kind, as_json=self._as_json)
        marker = self._marker(words, source if is_code and active else "")
        if notation.is_go and language == main:
            source = comment_go_cells(source)
        if not is_code or not active:
            body = self._prose(cell, source)
        else:
            body = magics_of(language).comment(source, commented=self._comments_magics)
        if facts.get("escape") is True:
            body = notation.looks_like.sub(rf"\1{notation.comment} \2", body)
        return f"{marker}\n{body}" if body or not (is_code and active) else marker

    def _marker(self, words: str, source: str) -> str:
        indent = ""
        if source and source[0].isspace():
            first = source.partition("\n")[0]
            bare = first.lstrip(" \t")
            indent = first[: len(first) - len(bare)] if bare else ""
        text = f"%%{words}" if words.startswith("%") or not words else f"%% {words}"
        return indent + _comments.comment(text, self._notation.comment, self._notation.end)

    def _prose(self, cell: Cell, source: str) -> str:
        """Return the body of a cell that is no code in this script."""
        markers = self._markers
        suffix = self._notation.suffix
        if (markers or cell.metadata) and (
            cell.kind != "code" or not is_active(cell.metadata, suffix)
        ):
            own = cell.metadata.get("cell_marker") if cell.metadata else None
            if isinstance(own, str) and _triple_quotes.is_marker(own):
                markers = own
            if markers and suffix == ".py":
                quoted = _triple_quotes.quote(source, markers, raw=self._splits_magics)
                if quoted is not None:
                    return quoted
        return _comments.comment(source, self._notation.comment, self._notation.end)


def _commented(cell: Cell, notation: Notation) -> str:
    """Return the source as it would look in the text, as far as markers are concerned."""
    if cell.kind == "code":
        return cell.source + "\n" + _comments.comment(cell.source, notation.comment, notation.end)
    return _comments.comment(cell.source, notation.comment, notation.end)
