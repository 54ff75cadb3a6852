"""What the percent and the hydrogen format share: cells that start with `# %%`.

The two differ in their treatment of magics only; each has its own file with its FORMAT.
"""

import re
from bisect import bisect_right

from octavo.core.active import has_active_mark, is_active
from octavo.core.document import Cell, Document
from octavo.core.languages import BY_SUFFIX, main_language, same_language
from octavo.core.patterns import lazy
from octavo.formats import (
    _attributes,
    _cell_language,
    _comments,
    _header,
    _hints,
    _lossless,
    _triple_quotes,
)
from octavo.formats._blank_lines import Ahead, between_text
from octavo.formats._magics import magics_of
from octavo.formats._strings import StringScanner, has_triple_quotes, is_balanced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.core.document import Kind, Metadata, Origin
    from octavo.core.languages import Language
    from octavo.core.options import Options
    from octavo.formats._header import Plan

VERSION = "1.3"
OLDEST = "1.1"
OPTIONS = (*_header.COMMON_OPTIONS, "comment_magics", "cell_markers")

_TYPES = ("markdown", "raw", "md")
_FENCE = lazy(r" {0,3}(`{3,}|~{3,})(.*)\Z", re.DOTALL)
_GO_CELL_MAGIC = lazy(r"(?m)^((?://[^\S\n]*)*)(%%[^\S\n]*$|%%[^\S\n]+-.*$)")
_GO_ESCAPED = lazy(r"(?m)^((?://[^\S\n]*)*)//[^\S\n]*gonb:%%")


class Notation:
    """The notation of one language: its comment signs and the patterns made of them."""

    __slots__ = ("comment", "end", "escaped", "is_go", "language", "looks_like", "marker", "suffix")

    def __init__(self, suffix: str) -> None:
        row: Language = BY_SUFFIX[suffix]
        self.suffix = suffix
        self.language = row.name
        self.comment = row.comment
        self.end = row.comment_end
        self.is_go = row.magics == "go"
        sign, blank = re.escape(row.comment), r"[^\S\n]"
        tail = (
            rf"{blank}*(?:{re.escape(row.comment_end)})?{blank}*"
            if row.comment_end
            else rf"{blank}*"
        )
        alone = rf"(?:%%|<codecell>|In\[[0-9 ]*\]:?){tail}"
        #: A marker line; group 1 is what stands after `%%`, None for the lone forms.
        self.marker = re.compile(
            rf"(?m)^{blank}*{sign}{blank}*(?:%%((?:%*{blank}| *md$).*)|{alone})$"
        )
        #: A line of a source that gets (or, written, has) one more comment sign by "escape".
        self.looks_like = re.compile(
            rf"(?m)^({blank}*)((?:{sign} ?)+{blank}*(?:%%|<codecell>|In\[))"
        )
        self.escaped = re.compile(
            rf"(?m)^({blank}*){sign} ((?:{sign} ?)+{blank}*(?:%%|<codecell>|In\[))"
        )


_NOTATIONS: dict[str, Notation] = {}


def notation_of(suffix: str) -> Notation:
    """Return the notation for scripts with that suffix (built once)."""
    found = _NOTATIONS.get(suffix)
    if found is None:
        found = _NOTATIONS[suffix] = Notation(suffix)
    return found


# ---- reading ---------------------------------------------------------------------------


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
        self._closers: _Closers | None = None
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
        first, last = f"{sign} %%{end}\n1\n\n", f"\n{sign} %%{end}\n2\n"
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
        title, metadata = _attributes.split_title(text)
        return self._title(title, metadata)

    def _title(self, title: str, metadata: "Metadata") -> "tuple[Metadata, Metadata, Kind | None]":
        kind: Kind | None = None
        for word in _TYPES:
            if f"[{word}]" in title:
                title = title.replace(f"[{word}]", "").strip()
                kind = "raw" if word == "raw" else "markdown"
                if word == "md":
                    metadata["region_name"] = word
                break
        bare = title.lstrip("%")
        if len(bare) < len(title):
            metadata["cell_depth"] = len(title) - len(bare)
            title = bare.strip()
        if title:
            metadata["title"] = title
        if kind is None and "cell_type" in metadata:
            named = metadata.pop("cell_type")
            kind = "raw" if named == "raw" else "markdown" if named == "markdown" else "code"
        metadata, facts = _hints.unpack(metadata)
        named = _hints.kind_of(facts)
        return metadata, facts, named or kind  # type: ignore[return-value]

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
                self._closers = _Closers(self._notation, text)
            fences = _Fences(self._notation, self._closers)
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
        if metadata and (
            not is_active(metadata, notation.suffix)
            or ("active" not in metadata and isinstance(language, str) and language != self._main)
        ):
            return _comments.uncomment(source, notation.comment, notation.end)
        if notation.is_go:
            source = _GO_ESCAPED.sub(r"\1%%", source)
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
            source = _GO_ESCAPED.sub(r"\1%%", source)
        return _comments.uncomment(source, notation.comment, notation.end)


def _follow(
    scanner: StringScanner, fences: "_Fences | None", text: str, at: int, stop: int
) -> None:
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


class _Closers:
    """Where a text has lines that close fenced blocks."""

    __slots__ = ("_longest", "_places", "text")

    def __init__(self, notation: Notation, text: str) -> None:
        self.text = text
        sign, end = re.escape(notation.comment), re.escape(notation.end)
        pattern = re.compile(rf"(?m)^(?:{sign} ?)? {{0,3}}(`{{3,}}|~{{3,}})\s*(?:{end})?[^\S\n]*$")
        self._places: dict[str, list[int]] = {"`": [], "~": []}
        self._longest: dict[str, list[int]] = {"`": [], "~": []}
        for match in reversed(list(pattern.finditer(text))):
            char, longest = match[1][0], self._longest[match[1][0]]
            self._places[char].append(-match.start())
            longest.append(max(len(match[1]), longest[-1] if longest else 0))

    def follow(self, fence: str, offset: int) -> bool:
        """Return whether some line after *offset* would close *fence*."""
        places = self._places[fence[0]]
        n = bisect_right(places, -offset)
        return n > 0 and self._longest[fence[0]][n - 1] >= len(fence)


class _Fences:
    """Follow fenced blocks of a Markdown cell: does a line lie inside one that is closed?"""

    __slots__ = ("_closers", "_fence", "_notation")

    def __init__(self, notation: Notation, closers: _Closers) -> None:
        self._notation = notation
        self._closers = closers
        self._fence = ""

    @property
    def is_open(self) -> bool:
        """Tell whether a fence is open."""
        return bool(self._fence)

    def read(self, line: str, end: int) -> None:
        """Go on past *line*, which ends at offset *end*."""
        if "```" not in line and "~~~" not in line:
            return
        match = _FENCE.match(_comments.uncomment(line, self._notation.comment, self._notation.end))
        if match is None:
            return
        if self._fence:
            if _closes(match, self._fence):
                self._fence = ""
        elif (match[1][0] != "`" or "`" not in match[2]) and self._closers.follow(match[1], end):
            self._fence = match[1]


def _closes(match: "re.Match[str]", fence: str) -> bool:
    return match[1][0] == fence[0] and len(match[1]) >= len(fence) and not match[2].strip()


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


# ---- writing ---------------------------------------------------------------------------


def write(
    document: Document, options: "Options", *, name: str, comments_magics: bool, splits_magics: bool
) -> str:
    """Return *document* in the percent notation.

    *name* is the format's, *comments_magics* its default; *splits_magics*: cells that start
    with a language magic (`%%bash`) say so on the marker.
    """
    notation = notation_of(options.suffix)
    plan = _header.plan_text(
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
    closers: _Closers | None = None
    last_quotes = max(text.rfind('"""'), text.rfind("'''"))
    ends, offset = [], 0
    for chunk in chunks:
        offset += len(chunk) + 1
        ends.append(offset)
    for i in suspects:
        cell = plan.cells[i]
        fence = _left_open(cell.source) if cell.kind != "code" else ""
        if fence and closers is None:
            closers = _Closers(notation, text)
        if (closers is not None and fence and closers.follow(fence, ends[i])) or (
            last_quotes >= ends[i] and not is_balanced(chunks[i], plan.language)
        ):
            is_last = i == len(chunks) - 1
            chunks[i] = writer.chunk(cell, is_last=is_last, is_open=True)


def _left_open(source: str) -> str:
    """Return the fence that is open at the end of *source*, or ""."""
    fence = ""
    for line in source.split("\n"):
        match = _FENCE.match(line)
        if match is None:
            continue
        if fence:
            if _closes(match, fence):
                fence = ""
        elif match[1][0] != "`" or "`" not in match[2]:
            fence = match[1]
    return fence


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
        self._plain_markers = {
            "code": self._marker("", ""),
            "markdown": self._marker("[markdown]", ""),
            "raw": self._marker("[raw]", ""),
        }

    def chunk(self, cell: Cell, *, is_last: bool = False, is_open: bool = False) -> str:
        """Return marker and body of *cell*, without a newline at the end.

        *is_open*: the cell leaves a fence open that a later cell would close.
        """
        if not cell.metadata and not is_last and not is_open and not self._is_unusual(cell):
            return self._plain(cell)
        return self._careful(cell, is_last=is_last, is_open=is_open)

    def _is_unusual(self, cell: Cell) -> bool:
        if cell.kind == "code" and self._magics.may_occur(cell.source):
            return True
        source = cell.source
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

    def _plain(self, cell: Cell) -> str:
        """Write a cell without metadata in which nothing could be mistaken."""
        marker = self._plain_markers[cell.kind]
        if cell.kind == "code":
            return f"{marker}\n{cell.source}" if cell.source else marker
        return f"{marker}\n{self._prose(cell, cell.source)}"

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
        if (
            self._splits_magics
            and cell.kind != "markdown"
            and not ({"language", "magic_args"} & metadata.keys())
        ):
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
        marker = self._marker(
            self._words(_hints.pack(own, facts), kind), source if is_code and active else ""
        )
        if notation.is_go and language == main:
            source = _GO_CELL_MAGIC.sub(r"\1//gonb:\2", source)
        if not is_code or not active:
            body = self._prose(cell, source)
        else:
            body = magics_of(language).comment(source, commented=self._comments_magics)
        if facts.get("escape") is True:
            body = notation.looks_like.sub(rf"\1{notation.comment} \2", body)
        return f"{marker}\n{body}" if body or not (is_code and active) else marker

    def _words(self, metadata: "Metadata", kind: str) -> str:
        """Return depth, title, type and metadata of a marker."""
        words: list[str] = []
        depth, title = metadata.get("cell_depth"), metadata.get("title")
        left = dict(metadata)
        if isinstance(depth, int) and depth is not True and depth > 0:
            words.append("%" * depth)
            del left["cell_depth"]
        if isinstance(title, str) and title:
            words.append(title)
            del left["title"]
        if kind:
            region = left.get("region_name")
            if region == "md" and kind == "markdown":
                del left["region_name"]
                kind = "md"
            words.append(f"[{kind}]")
        pairs = _attributes.write_pairs(left, as_json=self._as_json)
        if pairs:
            words.append(pairs)
        return " ".join(words)

    def _marker(self, words: str, source: str) -> str:
        indent = ""
        if source and source[0].isspace():
            first = source.partition("\n")[0]
            bare = first.lstrip()
            indent = first[: len(first) - len(bare)] if bare else ""
        text = f"%%{words}" if words.startswith("%") or not words else f"%% {words}"
        return indent + _comments.comment(text, self._notation.comment, self._notation.end)

    def _prose(self, cell: Cell, source: str) -> str:
        """Return the body of a cell that is no code in this script."""
        markers = self._markers
        if cell.kind != "code" and (markers or cell.metadata):
            own = cell.metadata.get("cell_marker") if cell.metadata else None
            if isinstance(own, str) and _triple_quotes.is_marker(own):
                markers = own
            if markers and self._notation.suffix == ".py":
                quoted = _triple_quotes.quote(source, markers, raw=self._splits_magics)
                if quoted is not None:
                    return quoted
        return _comments.comment(source, self._notation.comment, self._notation.end)


def _commented(cell: Cell, notation: Notation) -> str:
    """Return the source as it would look in the text, as far as markers are concerned."""
    if cell.kind == "code":
        return cell.source + "\n" + _comments.comment(cell.source, notation.comment, notation.end)
    return _comments.comment(cell.source, notation.comment, notation.end)
