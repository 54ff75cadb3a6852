"""Where the cells of a Quarto document begin and end.

    ```{python}                     a code cell, in the language of the document's kernel
    <!-- cell -->                   begins a Markdown cell where nothing else does
    <!-- cell raw {"a": 1} -->      begins a raw cell; metadata of the cell as JSON
    <!-- begin cell -->             begins a cell that is what stands up to
    <!-- end cell -->               this line: blank lines and fences are content
    everything else                 Markdown; blank lines around it are layout

Quarto takes these comments for comments.
"""

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.core.document import Metadata

_EVENT = re.compile(
    r"^(?:([ \t]*)(`{3,}|~{3,})([^\n]*)|<!-- (begin )?cell((?: [^\n]*)?) -->[ \t]*)$",
    re.MULTILINE,
)
_WORDS = re.compile(r"(?: (raw))?(?: ([0-9]{1,9}))?(?: (\{.*\}))?\Z")
_CHUNK = re.compile(
    r"^[ \t]*`{3,}[ \t]*\{([A-Za-z][\w+#.-]*)(?: *[ ,][^\n]*)?\}[ \t]*$", re.MULTILINE
)
#: Chunks that no Jupyter kernel runs.
_NEVER_MAIN = frozenset("ojs mermaid dot css asis comment embed tikz verbatim".split())
_RAW_FORMATS = {
    "text/html": "html",
    "text/latex": "tex",
    "text/restructuredtext": "rst",
    "application/rtf": "rtf",
}
_RAW_BLOCK = re.compile(r"(`{3,})\{=(\w+)\}\n(?:(.*)\n)?\1\Z", re.DOTALL)
_TICKS = re.compile(r"^[ \t]*(`{3,})", re.MULTILINE)


class Block:
    """One cell as it stands in the text.

    `kind` is "code", "markdown" or "raw"; `body` the text without fences and marks; `indent`
    and `options` what the opening fence of a code cell says beside its language; `is_open`
    tells that the block ran to the end of the text for want of an end.
    """

    __slots__ = (
        "body",
        "indent",
        "is_marked",
        "is_open",
        "kind",
        "metadata",
        "number",
        "options",
        "start",
    )

    def __init__(
        self, kind: str, body: str, start: int, metadata: "Metadata | None" = None
    ) -> None:
        self.kind = kind
        self.body = body
        self.start = start
        self.metadata: Metadata = metadata or {}
        self.indent = ""
        self.options = ""
        self.number = ""
        self.is_marked = metadata is not None
        self.is_open = False


def fence_word(language: str) -> str:
    """Return a language as it stands in an opening fence.

    >>> fence_word("R"), fence_word("C++17")
    ('r', 'c++17')
    """
    return re.sub(r"[^\w+#. -]", "-", language.lower()).strip() or "python"


def guess_word(text: str) -> str:
    """Return the language of most chunks (of the first, when they are even), or ""."""
    counts: dict[str, int] = {}
    for match in _CHUNK.finditer(text):
        word = match[1]
        if word not in _NEVER_MAIN and word == word.lower():
            counts[word] = counts.get(word, 0) + 1
    return max(counts, key=lambda word: counts[word]) if counts else ""


def split(text: str, at: int, word: str) -> "Iterator[Block]":
    """Yield the blocks of *text* from offset *at*; chunks in *word* are code cells."""
    chunk = re.compile(rf"[ \t]*\{{{re.escape(word)}((?: *[ ,].*)?)\}}[ \t]*\Z") if word else None
    start = position = at
    mark: Block | None = None
    is_open = False
    endless: set[str] = set()  # begin marks for which there is no end from here on
    while True:
        event = _EVENT.search(text, position)
        if event is None:
            break
        _, fence, info, begins, words = event.groups()
        if fence:
            opening = chunk.match(info) if chunk and fence[0] == "`" else None
            if opening is None:
                position = event.end()
                if fence[0] == "~" or "`" not in info:
                    closing = _closing(fence[0], len(fence)).search(text, position)
                    if closing is None:
                        is_open = True
                        break
                    position = closing.end()
                continue
            block, position = _chunk_block(text, event, opening[1])
        else:
            found = _mark(words, event.start())
            ended = None
            if found is not None and begins and found.number not in endless:
                ended = _end_of(text, event.end(), found.number)
                if ended is None:
                    endless.add(found.number)
            if found is None or (begins and ended is None):
                position = event.end()
                continue
            block = found
            if ended is None:
                yield from _content(text, start, event.start(), mark)
                mark, start = block, event.end()
                position = start
                continue
            block.body = _exact(text[event.end() + 1 : ended[0]])
            position = ended[1]
        yield from _content(text, start, event.start(), mark)
        yield _unwrapped(block)
        mark, start = None, position
    for block in _content(text, start, len(text), mark):
        block.is_open = is_open
        yield block


def _chunk_block(text: str, event: "re.Match[str]", options: str) -> tuple[Block, int]:
    indent, fence = event[1], event[2]
    closing = re.compile(rf"^{indent}{fence}[ \t]*$", re.MULTILINE).search(text, event.end())
    stop = closing.start() if closing else len(text)
    body = text[event.end() + 1 : stop]
    if closing or body.endswith("\n"):
        body = body[:-1]
    if indent:
        body = "\n".join(line.removeprefix(indent) for line in body.split("\n"))
    block = Block("code", body, event.start())
    block.indent, block.options = indent, options
    block.is_open = closing is None
    return block, closing.end() if closing else len(text)


def _closing(character: str, count: int) -> "re.Pattern[str]":
    return re.compile(rf"^[ \t]*{character}{{{count},}}[ \t]*$", re.MULTILINE)


def _mark(words: str, start: int) -> Block | None:
    """Return the block that a mark begins, None when it is an ordinary comment."""
    match = _WORDS.match(words)
    if match is None:
        return None
    metadata: object = {}
    if match[3]:
        import json

        try:
            metadata = json.loads(match[3])
        except (ValueError, RecursionError):
            return None
    if not isinstance(metadata, dict):
        return None
    block = Block(match[1] or "markdown", "", start, metadata)
    block.number = f" {match[2]}" if match[2] else ""
    return block


def _end_of(text: str, at: int, number: str) -> tuple[int, int] | None:
    """Return where the mark begins and ends that closes an exact cell."""
    closing = re.compile(rf"^<!-- end cell{number} -->[ \t]*$", re.MULTILINE).search(text, at)
    return closing.span() if closing else None


def _exact(body: str) -> str:
    """Return the text between two marks, without the blank line at either end."""
    if body == "\n":
        return ""
    if body.startswith("\n") and body.endswith("\n\n") and len(body) >= 3:
        return body[1:-2]
    return trim(body)


def _content(text: str, start: int, stop: int, mark: Block | None) -> "Iterator[Block]":
    """Yield the Markdown (or the marked cell) between two offsets, if there is any."""
    body = trim(text[start:stop])
    if mark is not None:
        mark.body = body
        yield _unwrapped(mark)
    elif body:
        first = len(text[start:stop]) - len(text[start:stop].lstrip(" \t\n"))
        yield Block("markdown", body, start + first)


def trim(text: str) -> str:
    """Return *text* without the blank lines at its beginning and end."""
    bare = text.rstrip(" \t\n")
    end = text.find("\n", len(bare))
    text = text if end < 0 else text[:end]
    start = len(text) - len(text.lstrip(" \t\n"))
    return text[text.rfind("\n", 0, start) + 1 :] if bare else ""


def _unwrapped(block: Block) -> Block:
    """Take the fence away that shows a raw cell in its format."""
    if block.kind == "raw":
        match = _RAW_BLOCK.match(block.body)
        if match and match[2] == _RAW_FORMATS.get(str(block.metadata.get("raw_mimetype"))):
            block.body = match[3] or ""
    return block


def raw_body(source: str, metadata: "Metadata") -> str:
    """Return the text of a raw cell: in a block of its format, if Quarto has one."""
    name = _RAW_FORMATS.get(str(metadata.get("raw_mimetype")))
    if name is None:
        return source
    fence = longer_fence(source)
    return f"{fence}{{={name}}}\n{source}\n{fence}" if source else f"{fence}{{={name}}}\n{fence}"


def longer_fence(source: str) -> str:
    """Return a fence that no line of *source* starts with."""
    runs = _TICKS.findall(source)
    return "`" * (max(map(len, runs)) + 1) if runs else "```"


def mark_line(kind: str, metadata: "Metadata", *, begins: bool = False, number: str = "") -> str:
    """Return the comment that begins a cell."""
    words = " raw" if kind == "raw" else ""
    words += number
    if metadata:
        import json

        # `>` could end the comment; in JSON it stands in strings only.
        words += " " + json.dumps(metadata).replace(">", "\\u003e")
    return f"<!-- {'begin ' if begins else ''}cell{words} -->"


def exact_cell(kind: str, metadata: "Metadata", body: str) -> str:
    """Return a cell between two marks."""
    number = ""
    count = 0
    while f"<!-- end cell{number} -->" in body:
        count += 1
        number = f" {count}"
    start = mark_line(kind, metadata, begins=True, number=number)
    return (
        f"{start}\n\n{body}\n\n<!-- end cell{number} -->"
        if body
        else (f"{start}\n\n<!-- end cell{number} -->")
    )
