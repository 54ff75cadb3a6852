"""The top-level blocks of a MyST text that are borders of cells.

Borders are fences that open with `{code-cell}` or `{raw-cell}`, and block breaks (`+++`, with
or without a JSON object).  Both count at the top level only: what stands in another fence, in
a list, in a quotation or in an HTML block is content.  Only as much of Markdown is followed as
this takes, so that a document costs one pass of a regular expression.

Source: the CommonMark specification 0.31 (fenced code, HTML blocks, lists), and the syntax of
block breaks of the MyST specification.
"""

import re

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from octavo.core.document import Metadata

    # kind ("code", "raw", "break"), offsets of the first character and after the last one,
    # then for a fence: content and lexer; for a break: "" and its metadata.
    Border: TypeAlias = tuple[str, int, int, str, "str | Metadata"]

_DIRECTIVES = (("{code-cell}", "code"), ("{raw-cell}", "raw"))

_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|"
    "dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|"
    "header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|"
    "param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul"
)
_ATTRIBUTE = r"""\s+[a-zA-Z_:][\w:.-]*(?:\s*=\s*(?:[^"'=<>`\x00-\x20]+|'[^'\n]*'|"[^"\n]*"))?"""
#: A line that may begin a block which matters here.  The text is searched with a newline in
#: front, so that the pattern has a literal start (ten times faster than a `^`).
_START = lazy(
    r"\n( {0,3})(?:"
    r"(`{3,})([^`\n]*)(?=\n|\Z)"
    r"|(~{3,})([^\n]*)"
    r"|(\+[ \t]*\+[ \t]*\+[+ \t]*)([^\n]*)"
    r"|<(?=[!?/a-zA-Z])"
    r")"
)
_INDENT, _TICKS, _TICK_INFO, _TILDES, _TILDE_INFO, _BREAK, _BREAK_INFO = range(1, 8)
_HTML = lazy(
    r"(script|pre|style|textarea)(?=[\s>]|\Z)|(!--)|(\?)|(!\[CDATA\[)|(![A-Za-z])"
    rf"|(/?(?:{_TAGS})(?=\s|/?>|\Z))"
    rf"|((?:[a-z][a-z0-9-]*(?:{_ATTRIBUTE})*\s*/?>|/[a-z][a-z0-9-]*\s*>)[^\S\n]*(?=\n|\Z))",
    re.IGNORECASE,
)
_HTML_UNTIL_BLANK, _HTML_ALONE = 6, 7
#: What ends an HTML block, by the group that its start matched.
_HTML_ENDS = {
    1: lazy(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    2: lazy("-->"),
    3: lazy(r"\?>"),
    4: lazy(r"\]\]>"),
    5: lazy(">"),
}
_BLANK_LINE = lazy(r"\n[^\S\n]*(?=\n|\Z)")
_CLOSERS = {
    "`": lazy(r"\n {0,3}(`{3,})[ \t\r]*(?=\n|\Z)"),
    "~": lazy(r"\n {0,3}(~{3,})[ \t\r]*(?=\n|\Z)"),
}
#: A line after which no paragraph is open, though it is not blank.
_NO_PARAGRAPH = lazy(
    r" {0,3}(?:#{1,6}(?:\s|\Z)|%|\(.+\)=\s*\Z|\+[ \t]*\+[ \t]*\+"
    r"|([-_*])[ \t]*(?:\1[ \t]*){2,}\Z)"
)
_UNDERLINE = lazy(r" {0,3}(?:=+|-+)\s*\Z")
_RUN_OF_TICKS = lazy(r"(?:\A|[\n\r]) {0,3}(`{3,})")


def borders(text: str, at: int) -> "Iterator[Border]":
    """Yield the borders of *text* from offset *at* on; `text[at]` must be a newline."""
    context: _Context | None = None
    settled = at  # no list and no paragraph is open here
    search = _START.search
    while True:
        found = search(text, at)
        if found is None:
            return
        start = found.start() + 1
        html = None
        if found.lastindex == _INDENT:
            html = _HTML.match(text, found.end())
            if html is None:
                at = found.end()
                continue
        alone = html is not None and html.lastindex == _HTML_ALONE
        if alone or len(found[1]) > 1:
            # Only an indented line can lie in a list item, and only a lone tag can go on with a
            # paragraph: what stands before is followed line by line when one of them is met.
            if context is None or context.at < settled:
                context = _Context(text, settled + 1)
            context.read_until(start)
            if context.holds(len(found[1])) or (alone and context.paragraph):
                at = found.end()
                continue
        if html is not None:
            at = _end_of_html(text, html)
        elif found[_TICKS] or found[_TILDES]:
            kind, lexer, content, at = _fence(text, found)
            if kind:
                yield kind, start, at, content, lexer
        else:
            at = found.end()
            metadata = break_metadata(found[_BREAK_INFO])
            if metadata is not None:
                yield "break", start, at, "", metadata
        settled = at
        if at >= len(text):
            return


def break_metadata(text: str) -> "Metadata | None":
    """Return the JSON object that stands after `+++`, {} for nothing, None for other text."""
    text = text.strip()
    if not text:
        return {}
    if not text.startswith("{"):
        return None
    import json

    try:
        metadata = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return metadata if isinstance(metadata, dict) else None


def fence_for(source: str) -> str:
    """Return the shortest run of backticks that encloses *source* safely."""
    longest = max((len(run) for run in _RUN_OF_TICKS.findall(source)), default=0)
    return "`" * max(3, longest + 1)


def _fence(text: str, found: "re.Match[str]") -> tuple[str, str, str, int]:
    """Return kind ("" for a fence that is content), lexer, content and end of a fence."""
    opener = found[_TICKS] or found[_TILDES]
    info = found[_TICK_INFO] if found[_TICKS] else found[_TILDE_INFO]
    at = found.end()
    width = len(opener)
    for close in _CLOSERS[opener[0]].finditer(text, at):
        if len(close[1]) >= width:
            inner, end = close.start(), close.end()
            break
    else:
        inner = end = len(text)
    for directive, kind in _DIRECTIVES:
        if info.startswith(directive):
            content = text[at + 1 : inner + 1]
            if found[1]:
                content = _outdented(content, len(found[1]))
            return kind, info[len(directive) :].strip(), content, end
    return "", "", "", end


def _outdented(content: str, width: int) -> str:
    """Return *content* without up to *width* leading spaces on each line."""
    return re.sub(rf"(?m)^ {{1,{width}}}", "", content)


def _end_of_html(text: str, found: "re.Match[str]") -> int:
    """Return where the HTML block ends that begins with *found*."""
    group = found.lastindex or 0
    if group in (_HTML_UNTIL_BLANK, _HTML_ALONE):
        end = _BLANK_LINE.search(text, found.start())
        return len(text) if end is None else end.start()
    close = _HTML_ENDS[group].search(text, found.end())
    if close is None:
        return len(text)
    end_of_line = text.find("\n", close.end())
    return len(text) if end_of_line < 0 else end_of_line


_ITEM = lazy(r"( {0,3})([-+*]|(\d{1,9})[.)])([ \t]+(?=\S)|[ \t]*\Z)")
_HTML_TERMINATOR = (
    r"<(?:(?:script|pre|style|textarea)(?=[\s>]|\Z)|!--|\?|!\[CDATA\[|![A-Za-z]"
    rf"|/?(?:{_TAGS})(?=\s|/?>|\Z))"
)
_HTML_LINE = lazy(rf" {{0,3}}{_HTML_TERMINATOR}", re.IGNORECASE)
#: A line that ends a paragraph though no blank line stands before it.
_TERMINATOR = lazy(
    r" {0,3}(?:`{3,}[^`]*\Z|~{3}|#{1,6}(?:\s|\Z)|>|%|\(.+\)=\s*\Z"
    rf"|{_HTML_TERMINATOR}|([-_*])[ \t]*(?:\1[ \t]*){{2,}}\Z)",
    re.IGNORECASE,
)
_RULE = lazy(r" {0,3}([-_*])[ \t]*(?:\1[ \t]*){2,}\Z")
_QUOTED = lazy(r"\A(?: {0,3}>)+ ?")
_FENCE = lazy(r" {0,3}(?:`{3,}[^`]*\Z|~{3})")
_INNER_FENCE = lazy(r"(?:(?:[-+*]|\d{1,9}[.)]|>)[ \t]+)*(`{3,}(?=[^`]*\Z)|~{3,})")


class _Context:
    """Follow a text line by line: is a list item open, is a paragraph?"""

    __slots__ = ("_empty", "_fence", "_text", "_width", "at", "paragraph")

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self.at = at
        self._width = 0  # columns before the content of the open item, 0 without one
        self.paragraph = False
        self._empty = False  # the item began with a line that holds its marker alone
        self._fence = ""

    def read_until(self, start: int) -> None:
        """Go on to the line at offset *start*."""
        while self.at < start:
            end = self._text.find("\n", self.at)
            self._read(self._text[self.at : end])
            self.at = end + 1

    def holds(self, indent: int) -> bool:
        """Return whether a line with that indentation lies in the open list item."""
        return 0 < self._width <= indent

    def _read(self, line: str) -> None:
        if not line.strip(" \t"):
            self.paragraph = False
            if self._empty:
                self._width = 0
            return
        indent = _columns(line)
        if self._width and indent >= self._width:
            self._read_content(line.lstrip(" \t"))
            return
        item = None if _RULE.match(line) else _ITEM.match(line)
        if item is not None and self._may_start(item):
            self._start(item, line)
        elif self._width and self.paragraph and not _TERMINATOR.match(line):
            return  # a lazy continuation
        else:
            self._width = 0
            self._empty = False
            self._fence = ""
            self.paragraph = (indent < 4 or self.paragraph) and self._is_prose(line)

    def _read_content(self, line: str) -> None:
        self._empty = False
        fence = _INNER_FENCE.match(line)
        if self._fence:
            if fence is not None and fence[1].startswith(self._fence):
                self._fence = ""
            return
        if fence is not None:
            self._fence = fence[1]
        self.paragraph = fence is None and self._is_prose(line)

    def _is_prose(self, line: str) -> bool:
        """Return whether a paragraph is open after *line*."""
        bare = _QUOTED.sub("", line)
        if not bare.strip() or _NO_PARAGRAPH.match(bare) or _FENCE.match(bare):
            return False
        if "<" in bare and _HTML_LINE.match(bare):
            return False
        return not (self.paragraph and _UNDERLINE.match(bare))

    def _may_start(self, item: "re.Match[str]") -> bool:
        """Return whether the line can begin an item: not all can interrupt a paragraph."""
        if not self.paragraph or self._width:
            return True
        return item[3] in (None, "1") and item.end() < len(item.string)

    def _start(self, item: "re.Match[str]", line: str) -> None:
        marker = _columns(item[1]) + len(item[2])
        content = line[item.end() :]
        gap = _columns(line[item.end(2) : item.end()], marker)
        if not content or gap > 4:
            gap = 1
        self._width = marker + gap
        self._empty = not content
        self._fence = ""
        self.paragraph = False
        if content:
            self._read_content(content)


def _columns(text: str, start: int = 0) -> int:
    """Return how many columns the leading blanks of *text* take from column *start* on."""
    column = start
    for char in text:
        if char == " ":
            column += 1
        elif char == "\t":
            column += 4 - column % 4
        else:
            break
    return column - start
