"""Writing Markdown and R Markdown documents: plain where it reads back, else with marks.

Prose gets a region, code a longer fence, and only where that is not enough a hint (see
`_hints`): each cell with anything unusual in it is proved by reading it back.
"""

import re

from octavo.core.active import has_active_mark, is_active
from octavo.core.document import Cell, Document
from octavo.core.languages import main_language, usual_name
from octavo.core.patterns import lazy
from octavo.formats import (
    _attributes,
    _cell_language,
    _doxygen,
    _filters,
    _header,
    _header_plan,
    _hints,
    _lossless,
    _rmd_options,
)
from octavo.formats._magics import magics_of
from octavo.formats._markdown import REGION_NAMES, Reader
from octavo.formats._markdown_cells import REGION_CLOSING
from octavo.formats._markdown_fences import PLAIN_CLOSING, fence_word
from octavo.formats._strings import has_triple_quotes, is_balanced, quoted_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json, Metadata
    from octavo.core.options import Options
    from octavo.formats._header_plan import Plan
    from octavo.formats._markdown import Dialect

_BACKTICKS = lazy(r"^`{3,}", re.MULTILINE)
_REGION_END = lazy(r"^(<!--[^\S\n]*#)(#*end(?:region|markdown|md|raw)\b)", re.MULTILINE)
#: What lines of prose may be that could be read as something else than one Markdown cell.
_SIGNS = r"\n(?:```|<!--[^\S\n]*#|[^\S\n]*\n(?:[^\S\n]*\n| {4}%s))"
_TROUBLE = lazy(_SIGNS % "")
_TROUBLE_WITH_HEADINGS = lazy(_SIGNS % "|#")


def write(document: Document, options: "Options", dialect: "Dialect", version: str) -> str:
    """Return *document* as text; *version* is that of the format.

    Where the header does not tell the main language, a reader takes the most frequent one: the
    text is read back, and what would be mistaken is said in another way.
    """
    plan, known, runtools = _plan(document, options, dialect, version)
    word = plan.language if known else usual_name(fence_word(plan.language))
    writer = Writer(dialect, plan, known, word, runtools=runtools)
    body = writer.body()
    if known is None and writer.language_of(body) != word:
        if main_language(document.metadata, options.suffix) is None:
            document = _with_setting(document, "main_language", plan.language)
            plan, known, _ = _plan(document, options, dialect, version)
        splits = known is not None
        body = Writer(dialect, plan, known, word, runtools=runtools, splits=splits).body()
    if not plan.head:
        return body
    blank = 0
    if plan.yaml and body:
        blank = 1 if plan.blank is None else min(plan.blank, 1)
    return "\n".join(plan.head) + "\n" + "\n" * blank + body


def _plan(
    document: Document, options: "Options", dialect: "Dialect", version: str
) -> "tuple[Plan, str | None, bool]":
    """Return the plan of the text, and what its header tells.

    That is the main language (or None), and whether chunk options stand for keys of runtools.
    """
    recorded = document.metadata.get("jupytext")
    section: Metadata = recorded if isinstance(recorded, dict) else {}
    runtools = False
    is_told = True
    if dialect.as_chunks:
        is_told = options.over(section)["use_runtools"] is not None
        runtools = options.over(section).flag("use_runtools")
    records = False
    if not is_told and _hides(document, ("code", "markdown", "raw")):
        runtools = True
        records = _hides(document, ("code", "raw"))
    if records:
        document = _with_setting(document, "use_runtools", value=True)
    plan = _header_plan.plan_text(
        document, options, name=dialect.name, version=version, prefix="",
        can_hide=not dialect.as_chunks,
    )  # fmt: skip
    chosen = _filters.notebook_filter(plan.options.text("notebook_metadata_filter")).apply(
        document.metadata
    )
    settings = chosen.get("jupytext")
    if records and not (isinstance(settings, dict) and "use_runtools" in settings):
        plan.options = plan.options.with_(use_runtools=False)
        runtools = False
    return plan, main_language(chosen, options.suffix), runtools


def _with_setting(document: Document, name: str, value: "Json") -> Document:
    """Return *document* with a setting recorded in its metadata."""
    section = document.metadata.get("jupytext")
    section = {**(section if isinstance(section, dict) else {}), name: value}
    return document.with_(metadata={**document.metadata, "jupytext": section})


def _hides(document: Document, kinds: tuple[str, ...]) -> bool:
    """Return whether a cell of these kinds has one of the keys of runtools."""
    return any(
        cell.metadata.get("hide_input") or cell.metadata.get("hide_output")
        for cell in document.cells
        if cell.metadata and cell.kind in kinds
    )


class Writer:
    """Writes the cells of one text.

    *known* is the main language that the header tells; *runtools*: chunk options stand for
    `hide_input` and `hide_output`; *splits*: cells in other languages say
    so on their fence; *word* is what stands on fences for the main language.
    """

    __slots__ = (
        "_as_json", "_comments", "_dialect", "_doxygen", "_fence", "_has_header", "_magics",
        "_plan", "_proved", "_reader", "_reads_fence", "_runtools", "_splits", "_splits_headings",
        "_trouble", "_word",
    )  # fmt: skip

    def __init__(
        self,
        dialect: "Dialect",
        plan: "Plan",
        known: str | None,
        word: str,
        *,
        runtools: bool,
        splits: bool = True,
    ) -> None:
        options = plan.options
        self._dialect = dialect
        self._plan = plan
        self._splits = splits
        self._comments = options.flag("comment_magics", default=dialect.comments_magics)
        self._as_json = options.flag("cell_metadata_json")
        self._runtools = runtools
        self._doxygen = options.flag("doxygen_equation_markers")
        self._splits_headings = options.flag("split_at_heading")
        self._magics = magics_of(plan.language)
        self._has_header = any(line.startswith("jupyter:") for line in plan.head)
        self._reader = Reader(dialect, options, known, "", trims=self._has_header)
        self._proved: dict[str, tuple[str, str] | None] = {}
        self._trouble = _TROUBLE_WITH_HEADINGS if self._splits_headings else _TROUBLE
        self._word = word
        self._fence = self._open_fence(self._word)
        self._reads_fence = self._prove(Cell("code", "1")) is not None

    def body(self) -> str:
        """Return the text of all cells."""
        pieces: list[str] = []
        follower = ""
        for i in range(len(self._plan.cells) - 1, -1, -1):
            cell = self._plan.cells[i]
            leader = self._plan.cells[i - 1] if i else None
            chunk, is_plain = self._chunk(cell, leader, follower)
            pieces.append(chunk + "\n" * (1 + self._blank(cell, chunk, follower, is_plain)))
            follower = self._kind_of_text(chunk) if is_plain else "fence"
        pieces.reverse()
        return "".join(pieces)

    def language_of(self, body: str) -> str:
        """Return the main language that a reader finds in a text whose header tells none."""
        return _cell_language.document_language(self._reader.cells(body, 1), {}, "")

    def _kind_of_text(self, chunk: str) -> str:
        """Return what Markdown without marks means to the text before it."""
        if chunk.startswith(("    ", "```{")):
            return "glued"  # two blank lines do not part it from a text
        return "heading" if self._splits_headings and chunk.startswith("#") else "text"

    def _blank(self, cell: Cell, chunk: str, follower: str, is_plain: bool) -> int:  # noqa: FBT001
        """Return the number of blank lines after a cell."""
        if not follower:
            return 0
        if is_plain and follower != "fence":
            return 1 if follower == "heading" else 2
        if is_plain and not self._has_header and self._sticks(chunk):
            return 0
        asked = cell.metadata.get("lines_to_next_cell") if cell.metadata else None
        if isinstance(asked, int) and asked >= 0:
            if not is_plain:
                return min(asked, 2)
            if not asked and chunk.rpartition("\n")[2].strip():
                return 0
        return 1

    def _sticks(self, chunk: str) -> bool:
        """Return whether a blank line after *chunk* would be read as a part of it."""
        if "\n    " not in chunk:
            return False
        got = self._read_text(chunk, "", "fence")
        source = _doxygen.from_doxygen(chunk) if self._doxygen else chunk
        return got is None or got.source != source

    def _chunk(self, cell: Cell, leader: Cell | None, follower: str) -> tuple[str, bool]:
        """Return the text of *cell*, and whether it is Markdown without marks around it.

        *leader* is the cell before it, *follower* says what comes after it.
        """
        source = cell.source
        if cell.metadata and leader is not None and (marks := self._marks(cell)):
            return f"{marks[0]}\n{source}\n{marks[1]}", False
        if cell.kind == "markdown":
            wanted = self._kept(cell)
            if not wanted:
                text = _doxygen.to_doxygen(source) if self._doxygen else source
                if self._reads_plain(text, source, leader, follower):
                    return text, True
        elif (
            cell.kind == "code"
            and not cell.metadata
            and self._reads_fence
            and not self._is_unusual(source)
        ):
            return f"{self._fence}\n{source}\n```", False
        else:
            wanted = self._kept(cell)
        return self._careful(cell, wanted, leader), False

    def _is_unusual(self, source: str) -> bool:
        """Return whether a code cell needs more than a look."""
        return (
            "```" in source
            or "escape" in source
            or source[:2] in ("%%", "#!")
            or (has_triple_quotes(source) and not is_balanced(source, self._plan.language))
            or (self._comments and self._magics.may_occur(source))
        )

    def _reads_plain(self, text: str, source: str, leader: Cell | None, follower: str) -> bool:
        """Return whether *text* without marks reads as one Markdown cell with that source."""
        if leader is None and self._looks_like_head(text, is_only=not follower):
            return False
        if follower == "glued":
            return False
        if self._is_ordinary(text):
            return True
        if not self._dialect.as_chunks and self._taken(source) is not None:
            return False
        before = self._neighbour("1") + "\n" if leader else ""
        endings = [follower]
        if follower == "fence" and not self._has_header and "\n    " in text:
            endings.append("stuck")
        for ending in endings:
            got = self._read_text(text, before, ending)
            if got is not None and got.kind == "markdown" and got.source == source:
                return True
        return False

    def _is_ordinary(self, text: str) -> bool:
        """Return whether *text* is prose that nothing could mistake (a quick look)."""
        if not text or text[0].isspace() or text[-1].isspace():
            return False
        if text.startswith(("```", "<!--", "%%")):
            return False
        if self._doxygen and ("$" in text or "\\f" in text):
            return False
        return self._trouble.search(text) is None

    def _looks_like_head(self, text: str, *, is_only: bool = False) -> bool:
        """Return whether *text*, as the first cell, would be taken for a header.

        Or its first character for a byte order mark, or a return before each newline for the
        newline style of the file.
        """
        if self._plan.head:
            return False
        if text.startswith("\ufeff") or (is_only and text.endswith("\r")):
            return True
        return _header.looks_like_head(text + "\n", "")

    def _read_text(self, text: str, before: str, after: str) -> Cell | None:
        """Return the cell that *text* reads as, followed by another cell."""
        follower = {
            "": "\n",
            "fence": "\n\n" + self._neighbour("2"),
            "stuck": "\n" + self._neighbour("2"),
            "text": "\n\n\n2\n",
            "heading": "\n\n# 2\n",
        }[after]
        return self._reader.one(text, self._word, before, follower)

    def _neighbour(self, source: str) -> str:
        return f"{self._open_fence('python')}\n{source}\n```\n"

    def _open_fence(self, language: str) -> str:
        word = fence_word(language)
        return f"```{{{word.lower()}}}" if self._dialect.as_chunks else f"```{word}"

    # -- cells that need care

    def _careful(self, cell: Cell, wanted: "Metadata", leader: Cell | None) -> str:
        """Return a cell with marks around it, proved by reading it back."""
        before = self._neighbour("1") + "\n" if leader else ""
        if leader is not None and leader.kind == "markdown" and not self._kept(leader):
            before = "1\n\n"
        after = "\n\n" + self._neighbour("2")

        def probe(text: str) -> Cell | None:
            if leader is None and self._looks_like_head(text):
                return None
            return self._reader.one(text, self._word, before, after)

        return _lossless.faithful(
            cell.with_(metadata=wanted),
            wanted,
            lambda metadata, facts: self._render(cell, metadata, facts),
            probe,
            facts={},
            structure={},
        )

    def _marks(self, cell: Cell) -> "tuple[str, str] | None":
        """Return the lines around *cell* if it has usual metadata and an ordinary source.

        Many cells have the same metadata: one of them is proved by reading.
        """
        source = cell.source
        if self._doxygen or not self._splits or "<!--" in source or self._is_unusual(source):
            return None
        key = cell.kind + repr(cell.metadata)
        if key not in self._proved:
            self._proved[key] = self._prove(cell.with_(source="1"))
        return self._proved[key]

    def _kept(self, cell: Cell) -> "Metadata":
        """Return the metadata of a cell that the text is to carry."""
        return self._plan.filter.apply(cell.metadata) if cell.metadata else {}

    def _prove(self, cell: Cell) -> "tuple[str, str] | None":
        """Return the lines around *cell* if it reads back exactly, without any hint."""
        wanted = self._kept(cell)
        if "language" in wanted or (not wanted and cell.kind == "markdown"):
            return None
        text = self._render(cell, wanted, {})
        after = "\n\n" + self._neighbour("2")
        got = self._reader.one(text, self._word, "1\n\n", after)
        if got is None or got.kind != cell.kind or got.source != "1":
            return None
        if not _lossless.same_metadata(got.metadata, wanted):
            return None
        opening, _, rest = text.partition("\n")
        return opening, rest.rpartition("\n")[2]

    def _taken(self, source: str) -> "tuple[str, str, str] | None":
        """Return language, arguments and source of a cell with a language magic."""
        if not self._splits:
            return None
        return _cell_language.take_magic(source, self._plan.language, self._plan.custom)

    def _render(self, cell: Cell, metadata: "Metadata", facts: "Metadata") -> str:
        """Return the notation of a cell with this metadata on its marker and these hints."""
        if cell.kind == "markdown":
            return self._region(cell, metadata, facts)
        if cell.kind == "code" or self._dialect.as_chunks:
            return self._code(cell, metadata, facts)
        if is_active(metadata, self._plan.options.suffix, default=False):
            return self._code(cell, metadata, facts)
        return self._region(cell, metadata, facts)

    def _region(self, cell: Cell, metadata: "Metadata", facts: "Metadata") -> str:
        """Return a cell between comments."""
        left = {k: v for k, v in metadata.items() if k not in _filters.LAYOUT_KEYS}
        source, name = cell.source, "raw"
        if cell.kind == "markdown":
            name = "region"
            taken = None
            if not self._dialect.as_chunks and not {"language", "magic_args"} & left.keys():
                taken = self._taken(source)
            if taken is not None:
                language, arguments, source = taken
                left |= {"magic_args": arguments} if arguments else {}
                left["language"] = language
            if left.get("region_name") in REGION_NAMES:
                name = str(left.pop("region_name"))
            if self._doxygen:
                source = _doxygen.to_doxygen(source)
        elif left.get("active") == "":
            del left["active"]
        if not self._splits and isinstance(left.get("language"), str):
            del left["language"]
        if REGION_CLOSING[name].search(f"\n{source}"):
            source = _REGION_END.sub(r"\1#\2", source)
            facts = {**facts, "escape": True}
        words = self._words(_hints.pack(left, facts))
        start = f"<!-- #{name} {words} -->" if words else f"<!-- #{name} -->"
        if self._doxygen and not source and cell.kind == "markdown":
            return f"{start}\n<!-- #end{name} -->"
        return f"{start}\n{source}\n<!-- #end{name} -->"

    def _words(self, metadata: "Metadata") -> str:
        """Return title and metadata of a region."""
        title = metadata.get("title")
        if isinstance(title, str) and title and "{" not in title and "=" not in title:
            rest = {key: value for key, value in metadata.items() if key != "title"}
            words = _attributes.write_pairs(rest, as_json=self._as_json)
            return f"{title} {words}" if words else title
        return _attributes.write_pairs(metadata, as_json=self._as_json)

    def _code(self, cell: Cell, metadata: "Metadata", facts: "Metadata") -> str:
        """Return a cell between fences."""
        as_chunks = self._dialect.as_chunks
        own = {k: v for k, v in metadata.items() if k not in _filters.LAYOUT_KEYS}
        source, language = cell.source, self._word
        taken = None
        if not self._splits and isinstance(own.get("language"), str):
            del own["language"]
        elif not {"language", "magic_args"} & own.keys():
            taken = self._taken(source)
        if taken is not None:
            language, arguments, source = taken
            own |= {"magic_args": arguments} if arguments else {}
        elif isinstance(own.get("language"), str):
            language = str(own["language"] if as_chunks else own.pop("language"))
        if cell.kind == "raw" and as_chunks and not has_active_mark(own):
            own["active"] = ""
        elif own.get("active") == "" and not as_chunks:
            del own["active"]
        active = not as_chunks or is_active(own, self._plan.options.suffix)
        if not active:
            own["eval"] = False
        elif self._comments or "escape" in source:
            source = magics_of(language).comment(source, commented=self._comments)
        return self._fenced(language, own, facts, source)

    def _fenced(self, language: str, own: "Metadata", facts: "Metadata", source: str) -> str:
        """Return the source between fences that no line of it (nor a string) hides."""
        language = fence_word(language)
        fence = "```"
        is_open = has_triple_quotes(source) and not is_balanced(source, language)
        if self._dialect.as_chunks:
            if is_open or _has_closing(source, language):
                facts = {**facts, "quotes": False}
            if "quotes" in facts and _BACKTICKS.search(source):
                fence = _longer_than(source)
            own = _hints.pack(own, facts)
            words = _rmd_options.write(language, own, runtools=self._runtools)
            return f"{fence}{{{words}}}\n{source}\n{fence}"
        fence = _longer_than(source)
        if is_open and fence == "```":
            fence = "````"
        words = _attributes.write_pairs(_hints.pack(own, facts))
        return (
            f"{fence}{language} {words}\n{source}\n{fence}"
            if words
            else (f"{fence}{language}\n{source}\n{fence}")
        )


def _longer_than(source: str) -> str:
    """Return a fence that no line of *source* starts with."""
    runs = _BACKTICKS.findall(source)
    return "`" * (max(map(len, runs)) + 1) if runs else "```"


def _has_closing(source: str, language: str) -> bool:
    """Return whether a line of *source*, outside strings, would close a chunk."""
    found = PLAIN_CLOSING.search("\n" + source)
    if found is None:
        return False
    if not has_triple_quotes(source):
        return True
    lines = source.split("\n")
    inside = quoted_lines(lines, language)
    return any(
        not quoted and line.startswith("```") and not line[3:].strip()
        for line, quoted in zip(lines, inside, strict=True)
    )
