"""Fences of Markdown and R Markdown documents: which of them open code cells, and what they say."""

import re

from octavo.core.languages import FENCE_LANGUAGES
from octavo.core.patterns import lazy
from octavo.formats import _attributes, _hints, _rmd_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Metadata

#: The end of a block that is opened by three backticks; it begins at the end of a line.
PLAIN_CLOSING = lazy(r"(?m)\n```[^\S\n]*$")

_MARKDOWN_FENCE = lazy(r"(`{3,})[^\S\n]*([^\s`]\S*)(.*)\Z", re.DOTALL)
_CHUNK_FENCE = lazy(r"(`{3,})\{(.*)\}\s*\Z", re.DOTALL)
_NOT_EVALUATED = ".noeval"
_HINT = f" {_hints.KEY}="
_UNFIT = lazy(r"[\s`,{}]+")
_SPACED_LANGUAGES = tuple(sorted(name for name in FENCE_LANGUAGES if " " in name))


def fence_word(language: str) -> str:
    """Return a language as it stands on a fence: one word, unless the table knows it.

    >>> fence_word("wolfram language"), fence_word("my language")
    ('wolfram language', 'my-language')
    """
    return language if language in FENCE_LANGUAGES else _UNFIT.sub("-", language)


class Opening:
    """What the line says that opens a fenced block.

    `language` is "" for a block that is no code; `closing` finds the end of the block;
    `follows` tells that strings in the code hide fences; `is_prose` that the block is Markdown
    although a language leads it; `is_cell` that it is a cell also in the middle of a text;
    `is_odd` that its options could not be understood.
    """

    __slots__ = (
        "closing", "facts", "follows", "is_cell", "is_odd", "is_prose", "language", "metadata",
        "uses_json",
    )  # fmt: skip

    def __init__(
        self, language: str, metadata: "Metadata", closing: "re.Pattern[str]", *, follows: bool
    ) -> None:
        self.metadata, self.facts = _hints.unpack(metadata)
        own = self.metadata.get("language")
        if isinstance(own, str) and own:
            language = own
            self.metadata = {k: v for k, v in self.metadata.items() if k != "language"}
        self.language = language
        self.closing = closing
        self.follows = follows and self.facts.get("quotes") is not False
        self.is_prose = False
        self.is_cell = True
        self.is_odd = False
        self.uses_json = False


class Fences:
    """The fences of Markdown documents: ```` ```python k=v ````.

    *languages* are further languages that open cells.
    """

    __slots__ = ("_found", "_languages")

    def __init__(self, languages: "frozenset[str]") -> None:
        self._languages = FENCE_LANGUAGES | languages
        self._found: dict[str, Opening | None] = {}

    def opening(self, line: str) -> Opening | None:
        """Return what a line that starts with three backticks opens, None if no cell."""
        if line in self._found:
            return self._found[line]
        found = self._found[line] = self._read(line)
        return found

    def is_known(self, language: str) -> bool:
        """Return whether fences in that language are code cells wherever they stand."""
        return language in self._languages

    def _read(self, line: str) -> Opening | None:
        match = _MARKDOWN_FENCE.match(line)
        if match is None:
            return None
        fence, word, rest = match.groups()
        for name in _SPACED_LANGUAGES:
            if (word + rest).startswith(name) and not (word + rest)[len(name) :][:1].strip():
                word, rest = name, (word + rest)[len(name) :]
        hinted = _HINT in rest
        if not hinted and not self.is_known(word):
            return None
        language, metadata = word, _attributes.read_pairs(rest)
        if not rest.strip():
            metadata = {}
        elif _attributes.is_object(rest):
            language, metadata = _attributes.split_language(word + rest)
        closing = re.compile("\n" + fence)
        is_prose = metadata.get(_NOT_EVALUATED, "") is None
        opening = Opening(language, metadata, closing, follows=len(fence) == 3)
        opening.uses_json = _attributes.is_object(rest)
        opening.is_prose = is_prose
        opening.is_cell = (hinted or self.is_known(opening.language)) and not opening.is_prose
        if opening.is_prose:
            opening.language, opening.metadata, opening.facts = "", {}, {}
        return opening


class OldFences(Fences):
    """The fences of Markdown documents of version 1.0 and 1.1: each opens a cell.

    At the start of a cell, a block without language is a raw cell.
    """

    __slots__ = ()

    def _read(self, line: str) -> Opening | None:
        rest = line[3:]
        language, metadata = _attributes.split_language(rest)
        is_prose = metadata.get(_NOT_EVALUATED, "") is None
        opening = Opening(language, metadata, PLAIN_CLOSING, follows=True)
        opening.uses_json = _attributes.is_object(rest)
        opening.is_cell = self.is_known(opening.language)
        if is_prose:
            opening.is_cell = False
            opening.language, opening.metadata, opening.facts = "", {}, {}
        return opening


class ChunkFences(Fences):
    """The fences of R Markdown: ```` ```{python name, k=v} ````."""

    __slots__ = ("_runtools",)

    def __init__(self, languages: "frozenset[str]", *, runtools: bool) -> None:
        super().__init__(languages)
        self._runtools = runtools

    def _read(self, line: str) -> Opening | None:
        match = _CHUNK_FENCE.match(line)
        if match is None:
            return None
        fence, options = match.groups()
        hinted = _HINT in options
        if len(fence) > 3 and not hinted:
            return None  # an example of a chunk, not a chunk
        language, metadata, understood = _rmd_options.read(options, runtools=self._runtools)
        closing = PLAIN_CLOSING
        if len(fence) > 3:
            closing = re.compile(rf"(?m)\n{fence}[^\S\n]*$")
        opening = Opening(language, metadata, closing, follows=True)
        opening.is_odd = not understood
        opening.is_cell = hinted or self.is_known(opening.language)
        return opening
