"""A diff as text, for terminals: cells under their headings, words that changed in colour."""

from octavo.vcs import outputs as output_words
from octavo.vcs.diff import title
from octavo.vcs.diff_lines import Line, context, lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from octavo.vcs.diff import CellChange, Diff

    Paint: TypeAlias = Callable[[str, str], str]

_RED, _GREEN, _CYAN, _BOLD, _MARK, _PLAIN = (
    "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[1m", "\x1b[7m", "\x1b[0m",
)  # fmt: skip
_NOT_MARK = "\x1b[27m"


def render(
    found: "Diff", old: str, new: str, *, color: bool, around: int = 3, with_outputs: bool = False
) -> str:
    """Return a diff of two documents called *old* and *new*.

    *around* lines about a change are shown; *with_outputs* shows the text of outputs.
    """
    paint = _paint if color else _plain
    made = [paint(f"--- {_visible(old)}", _BOLD), paint(f"+++ {_visible(new)}", _BOLD)]
    for key, before, after in found.metadata:
        made += _metadata("notebook", key, before, after, paint)
    for change in found.cells:
        if change.is_shown:
            made += _cell(change, paint, around, with_outputs=with_outputs)
    return "\n".join(made) + "\n"


def _cell(
    change: "CellChange", paint: "Paint", around: int, *, with_outputs: bool
) -> "Iterator[str]":
    yield paint(_visible(_heading(change)), _CYAN)
    if change.status in ("added", "removed") or change.source or change.kind:
        old = change.old.source if change.old is not None else ""
        new = change.new.source if change.new is not None else ""
        for line in context(lines(old, new), around):
            yield paint("  ...", _CYAN) if line is None else _line(line, paint)
    for key, before, after in change.metadata:
        yield from _metadata("cell", key, before, after, paint)
    if change.outputs or (with_outputs and change.status != "same"):
        if with_outputs:
            yield from _output_texts(change, paint, around)
        else:
            yield from _outputs(change, paint)


def _heading(change: "CellChange") -> str:
    cell = change.cell
    number = change.new_number or change.old_number
    line = f", line {cell.line}" if cell.line else ""
    words = [change.status] if change.status != "same" else []
    if change.kind and change.old is not None:
        words.append(f"was {change.old.kind}")
    if change.moved:
        words.append(f"moved from {change.old_number}")
    if change.outputs and not change.source:
        words.append("outputs only")
    told = f": {title(cell)}" if title(cell) else ""
    return f"@@ {cell.kind} cell {number}{line}, {', '.join(words)}{told} @@"


def _line(line: Line, paint: "Paint") -> str:
    color = {"-": _RED, "+": _GREEN}.get(line.sign, "")
    if not color:
        return _visible(" " + line.text)
    parts, at = [line.sign], 0
    for start, stop in line.marks if paint is _paint else ():
        parts += [_visible(line.text[at:start]), _MARK, _visible(line.text[start:stop]), _NOT_MARK]
        at = stop
    return paint("".join([*parts, _visible(line.text[at:])]), color)


def _outputs(change: "CellChange", paint: "Paint") -> "Iterator[str]":
    old = output_words.summaries(change.old) if change.old is not None else []
    new = output_words.summaries(change.new) if change.new is not None else []
    for sign, color, here, there in (("-", _RED, old, new), ("+", _GREEN, new, old)):
        for word in here:
            if word not in there:
                yield paint(_visible(f"{sign}> output: {word}"), color)


def _output_texts(change: "CellChange", paint: "Paint", around: int) -> "Iterator[str]":
    from octavo.exporters import _ansi

    old, new = (
        "\n".join(_ansi.plain(line) for line in output_words.texts(cell)) if cell else ""
        for cell in (change.old, change.new)
    )
    for line in context(lines(old, new), around):
        if line is None:
            yield paint("  ...", _CYAN)
        else:
            yield _line(Line(line.sign, "> " + line.text), paint)


def _metadata(
    what: str, key: str, before: object, after: object, paint: "Paint"
) -> "Iterator[str]":
    from json import dumps

    if before is not None:
        yield paint(f"-> {what} metadata {key}: {dumps(before, ensure_ascii=False)}", _RED)
    if after is not None:
        yield paint(f"+> {what} metadata {key}: {dumps(after, ensure_ascii=False)}", _GREEN)


def _visible(text: str) -> str:
    """Return a text without anything that would steer a terminal."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() or sign == "\t" else repr(sign)[1:-1] for sign in text
    )


def _paint(text: str, color: str) -> str:
    return f"{color}{text}{_PLAIN}"


def _plain(text: str, _color: str) -> str:
    return text
