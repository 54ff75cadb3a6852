"""Where cells of Markdown and R Markdown documents begin and end.

    fence    a block in a known language is a code cell
    region   `<!-- #region title k=v -->` ... `<!-- #endregion -->`, also `#md`, `#markdown`, `#raw`
    text     everything else, up to two blank lines or the next fence or region

The rules for text are simple on purpose, and its habits decide where cells of existing files
end: fences count only at the start of a line, a block of another language is skipped as a
whole, and so is indented code after a blank line.

Source: formats.md of the project's reference, section 2, and the observed behaviour of Jupytext.
"""

import re

from octavo.core.patterns import lazy
from octavo.formats._markdown_fences import PLAIN_CLOSING
from octavo.formats._strings import StringScanner, has_triple_quotes, is_balanced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.formats._markdown_fences import Fences, Opening

_REGION = lazy(r"<!--[^\S\n]*#(region|markdown|md|raw)(.*)-->[^\S\n]*$", re.MULTILINE)
REGION_CLOSING = {
    name: lazy(rf"(?m)\n<!--[^\S\n]*#end{name}[^\S\n]*-->[^\S\n]*$")
    for name in ("region", "markdown", "md", "raw")
}
_BLANK = r"[^\S\n]*\n"
_EVENT = (
    r"\n(?:(?P<fence>```)"
    r"|(?P<region><!--[^\S\n]*#(?:region|markdown|md|raw).*-->[^\S\n]*$)"
    rf"|{_BLANK}(?:(?P<indented> {{4}}[^\S\n]*\S)|(?P<double>{_BLANK})%s))"
)
_EVENTS = lazy(_EVENT % "", re.MULTILINE)
_EVENTS_AND_HEADINGS = lazy(_EVENT % "|(?P<heading>#)", re.MULTILINE)
_NOT_BLANK = lazy(r"\n(?=[^\S\n]*\S)")
_NOT_INDENTED = lazy(r"\n(?! {4})(?=[^\S\n]*\S)")
_BLANK_LINES = lazy(r"(?:[^\S\n]*\n){0,3}")


class Piece:
    """One cell as it stands in the text.

    `kind` is "fence", "region", "prose" (a block that is Markdown although a language leads
    it) or "text"; `name` is that of the region; `words` its options; `opening` what the fence
    says; `start` and `stop` are the offsets of the source, `line` the first line.
    """

    __slots__ = ("kind", "line", "name", "opening", "source", "words")

    def __init__(
        self,
        kind: str,
        source: str,
        line: int,
        opening: "Opening | None" = None,
        name: str = "",
        words: str = "",
    ) -> None:
        self.kind = kind
        self.source = source
        self.line = line
        self.opening = opening
        self.name = name
        self.words = words


class Splitter:
    """Cuts a text into pieces.

    *language* is that of fences which do not tell theirs; *at_headings*: a heading after a
    blank line starts a cell; *trims*: the blank line between indented code and the next fence
    or region separates (it is content in texts that no tool wrote).
    """

    __slots__ = ("_events", "_fences", "_headings", "_language", "_trims")

    def __init__(self, fences: "Fences", language: str, *, at_headings: bool, trims: bool) -> None:
        self._fences = fences
        self._language = language
        self._headings = at_headings
        self._events = _EVENTS_AND_HEADINGS if at_headings else _EVENTS
        self._trims = trims

    def pieces(self, body: str, line: int) -> "Iterator[Piece]":
        """Yield the pieces of *body*, the first line of which is line *line*."""
        text = "\n" + body if body.endswith("\n") else f"\n{body}\n"
        at, end = 1, len(text) if body else 1
        while at < end:
            explicit = False
            piece: Piece | None = None
            if text.startswith("```", at):
                line_end = text.find("\n", at)
                opening = self._fences.opening(text[at:line_end])
                if opening is not None:
                    piece, then, explicit = self._fence(text, at, line_end, opening, line)
            elif text.startswith("<!--", at):
                match = _REGION.match(text, at)
                if match is not None:
                    piece, then, explicit = self._region(text, match, line)
            if piece is None:
                stop, then, explicit = self._text_end(text, at, end)
                piece = Piece("text", text[at : stop - 1] if stop > at else "", line)
            yield piece
            if text.startswith("\n", then) and then + 1 < end and not text[then + 1].isspace():
                then += 1
            elif then < end and text[then].isspace():
                then = _after_blank(text, then, end, explicit=explicit)
            line += text.count("\n", at, then)
            at = then

    def _fence(
        self, text: str, at: int, line_end: int, opening: "Opening", line: int
    ) -> tuple[Piece, int, bool]:
        """Return the piece of a fence, where the next line after it begins, and if it closed."""
        closing = opening.closing.search(text, line_end)
        if closing is None:
            stop, then = len(text) - 1, len(text)
        else:
            stop = closing.start()
            if opening.follows and self._may_hide_fences(text[line_end + 1 : stop], opening):
                stop = self._end_of_code(text, line_end, stop, opening)
            then = text.find("\n", stop + 1) + 1
        if opening.is_prose:
            return Piece("prose", text[at : then - 1], line), then, False
        source = text[line_end + 1 : stop] if stop > line_end else ""
        return Piece("fence", source, line, opening), then, closing is not None

    def _may_hide_fences(self, code: str, opening: "Opening") -> bool:
        """Return whether a string that opens in *code* goes on after it."""
        return has_triple_quotes(code) and not is_balanced(code, opening.language or self._language)

    def _end_of_code(self, text: str, start: int, stop: int, opening: "Opening") -> int:
        """Return the first closing fence that does not lie in a string.

        A string that is never closed hides nothing.
        """
        scanner = StringScanner(opening.language or self._language)
        at = start + 1
        while True:
            found = opening.closing.search(text, at - 1)
            if found is None:
                return stop
            for code_line in text[at : found.start() + 1].split("\n")[:-1]:
                scanner.read(code_line)
            if not scanner.quoted:
                return found.start()
            at = found.start() + 1
            line_end = text.find("\n", at)
            scanner.read(text[at:line_end])
            at = line_end + 1

    @staticmethod
    def _region(text: str, match: "re.Match[str]", line: int) -> tuple[Piece, int, bool]:
        name, words = match[1], match[2]
        line_end = match.end()
        closing = REGION_CLOSING[name].search(text, line_end)
        stop = len(text) - 1 if closing is None else closing.start()
        then = len(text) if closing is None else closing.end() + 1
        source = text[line_end + 1 : stop] if stop > line_end else ""
        return Piece("region", source, line, None, name, words), then, closing is not None

    def _text_end(self, text: str, at: int, end: int) -> tuple[int, int, bool]:
        """Return where the text from *at* ends and the next cell starts.

        And whether two blank lines separate the two.
        """
        closing = PLAIN_CLOSING
        position = at - 1
        while True:
            event = self._events.search(text, position)
            if event is None:
                return end, end, False
            here, blanks, trims = event.start() + 1, 0, False
            if event.lastgroup in ("indented", "double"):
                here, blanks = self._after_blanks(text, event, end)
                if here >= end:
                    return end, end, False
                trims = blanks == 0 and self._trims
            elif event.lastgroup == "heading":
                return here, event.end() - 1, False
            before = _line_before(text, here, at)
            if before is not None and not blanks and event.lastgroup in ("fence", "region"):
                blanks = 1
            if text.startswith("```", here):
                line_end = text.find("\n", here)
                fence = text[here:line_end]
                opening = self._fences.opening(fence)
                if opening is None or not opening.is_cell:
                    if opening is None and blanks > 1 and not fence.startswith("```{"):
                        return _two_lines_before(text, here), here, True
                    closing = closing if opening is None else opening.closing
                    closed = closing.search(text, here)
                    if closed is None:
                        return end, end, False
                    position = closed.start() + 1
                    continue
            elif not _REGION.match(text, here):
                if blanks and self._headings and text.startswith("#", here):
                    return text.rfind("\n", 0, here - 1) + 1, here, False
                if blanks > 1:
                    return _two_lines_before(text, here), here, True
                position = here
                continue
            if before is not None and before > at and (blanks or trims):
                return before, here, False
            return here, here, False

    @staticmethod
    def _after_blanks(text: str, event: "re.Match[str]", end: int) -> tuple[int, int]:
        """Return the line that goes on after blank lines or indented code.

        And how many blank lines count before it: two or more (2), or none after indented code.
        """
        here = event.end() - 1
        if event.lastgroup == "double":
            found = _NOT_BLANK.search(text, here)
            if found is None:
                return end, 0
            here = found.start() + 1
            if not text.startswith("    ", here):
                return here, 2
        found = _NOT_INDENTED.search(text, here)
        return (end, 0) if found is None else (found.start() + 1, 0)


def _line_before(text: str, here: int, at: int) -> int | None:
    """Return where the line before *here* begins, if it is blank and not before *at*."""
    if here <= at:
        return None
    before = text.rfind("\n", 0, here - 1) + 1
    return before if not text[before : here - 1].strip() else None


def _two_lines_before(text: str, here: int) -> int:
    return text.rfind("\n", 0, text.rfind("\n", 0, here - 1)) + 1


def _after_blank(text: str, then: int, end: int, *, explicit: bool) -> int:
    """Return where the next cell begins after the blank lines that separate it.

    One blank line is dropped; two are after the end of a fence or region; others are content.
    """
    match = _BLANK_LINES.match(text, then)
    after = match.end() if match else then
    count = text.count("\n", then, after)
    if after < end and (count == 1 or (count == 2 and explicit)):
        return after
    return then
