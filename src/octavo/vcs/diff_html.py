"""Diffs as one page of HTML: cells side by side, both versions of a picture, no network."""

from pkgutil import get_data

from octavo.exporters import _ansi, _escape, _images, _safe
from octavo.exporters._highlight import highlight
from octavo.vcs import outputs as output_words
from octavo.vcs.diff import title
from octavo.vcs.diff_lines import Line, lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Cell
    from octavo.vcs.diff import CellChange, Diff

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
_AROUND = 3
_LONGEST = 20_000  # characters of an output that is shown


class Entry:
    """A diff and the names of its sides."""

    __slots__ = ("diff", "language", "new", "old")

    def __init__(self, diff: "Diff", old: str, new: str, language: str) -> None:
        self.diff = diff
        self.old = old
        self.new = new
        self.language = language


def page(entries: "Iterable[Entry]", heading: str) -> str:
    """Return the whole page."""
    parts = [_entry(entry) for entry in entries]
    body = "".join(parts) or '<p class="none">No differences.</p>\n'
    name = _escape.text(heading)
    style = (get_data("octavo.vcs", "diff.css") or b"").decode("utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{name}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n<main>\n<h1>{name}</h1>\n{body}"
        "</main>\n</body>\n</html>\n"
    )


def _entry(entry: Entry) -> str:
    shown = [change for change in entry.diff.cells if change.is_shown]
    counts = {
        word: sum(change.status == word for change in shown)
        for word in ("added", "removed", "changed")
    }
    told = ", ".join(f"{n} {word}" for word, n in counts.items() if n) or "only moved cells"
    same = len(entry.diff.cells) - len(shown)
    old, new = _escape.text(entry.old), _escape.text(entry.new)
    rows = "".join([_metadata_row(*change) for change in entry.diff.metadata])
    rows += "".join([_cell(change, entry.language) for change in shown])
    return (
        f"<section>\n<h2>{new}</h2>\n"
        f'<p class="names"><span class="minus">{old}</span> <span aria-hidden="true">→</span> '
        f'<span class="plus">{new}</span> · {told}, {same} the same</p>\n{rows}</section>\n'
    )


def _cell(change: "CellChange", language: str) -> str:
    cell = change.cell
    number = change.new_number or change.old_number
    words = [change.status] if change.status != "same" else []
    if change.kind and change.old is not None:
        words.append(f"was {change.old.kind}")
    if change.moved:
        words.append(f"moved from {change.old_number}")
    if change.outputs and not change.source:
        words.append("outputs only")
    name = _escape.text(title(cell))
    head = (
        f'<h3><span class="kind">{cell.kind} {number}</span> {name} '
        f'<span class="status {change.status}">{", ".join(words)}</span></h3>\n'
    )
    parts = [head]
    if change.status in ("added", "removed") or change.source or change.kind:
        parts.append(_sources(change, language if cell.kind == "code" else "markdown"))
    parts += [_metadata_row(*one) for one in change.metadata]
    if change.outputs or (change.status in ("added", "removed") and cell.outputs):
        parts.append(_outputs(change))
    return f'<article class="{change.status}">\n{"".join(parts)}</article>\n'


def _sources(change: "CellChange", language: str) -> str:
    old = change.old.source if change.old is not None else ""
    new = change.new.source if change.new is not None else ""
    left, right = _sides(lines(old, new))
    if change.old is None:
        return f'<div class="one">{_column(right, language, "After")}</div>\n'
    if change.new is None:
        return f'<div class="one">{_column(left, language, "Before")}</div>\n'
    columns = _column(left, language, "Before") + _column(right, language, "After")
    return f'<div class="two">{columns}</div>\n'


def _sides(all_lines: list[Line]) -> tuple[list[Line | None], list[Line | None]]:
    """Return the lines of both sides, one beside the other (None: nothing is there)."""
    left: list[Line | None] = []
    right: list[Line | None] = []

    def level() -> None:
        length = max(len(left), len(right))
        left.extend([None] * (length - len(left)))
        right.extend([None] * (length - len(right)))

    for line in all_lines:
        if line.sign == " ":
            level()
            left.append(line)
            right.append(line)
        else:
            (left if line.sign == "-" else right).append(line)
    level()
    return left, right


def _column(side: "list[Line | None]", language: str, label: str) -> str:
    shown = "".join([_line(line, language) for line in side])
    prose = ' class="prose"' if language == "markdown" else ""
    return f'<pre{prose} tabindex="0" aria-label="{label}">{shown}</pre>'


def _line(line: Line | None, language: str) -> str:
    if line is None:
        return '<span class="line gap"> </span>'
    if line.sign == " ":
        return f'<span class="line">{highlight(line.text, language) or " "}</span>'
    tag, word = ("del", "minus") if line.sign == "-" else ("ins", "plus")
    if not line.marks:
        inner = highlight(line.text, language) or " "
    else:
        parts, at = [], 0
        for start, stop in line.marks:
            parts.append(_escape.text(line.text[at:start]))
            parts.append(f"<mark>{_escape.text(line.text[start:stop])}</mark>")
            at = stop
        inner = "".join([*parts, _escape.text(line.text[at:])])
    return f'<{tag} class="line {word}">{inner}</{tag}>'


def _metadata_row(key: str, old: object, new: object) -> str:
    from json import dumps

    sides = "".join(
        f'<code class="{word}">{_escape.text(dumps(value, ensure_ascii=False))}</code> '
        for word, value in (("minus", old), ("plus", new))
        if value is not None
    )
    return f'<p class="metadata">metadata <b>{_escape.text(key)}</b>: {sides}</p>\n'


def _outputs(change: "CellChange") -> str:
    columns = "".join(
        f'<div class="outputs" role="group" aria-label="{label}">{_shown(cell)}</div>'
        for cell, label in ((change.old, "Outputs before"), (change.new, "Outputs after"))
        if cell is not None
    )
    return f'<div class="two">{columns}</div>\n'


def _shown(cell: "Cell") -> str:
    parts = []
    for output, words in zip(
        [one for one in cell.outputs or () if isinstance(one, dict)],
        output_words.summaries(cell),
        strict=True,
    ):
        data = output.get("data")
        forms = data if isinstance(data, dict) else {}
        mime = next((one for one in _PICTURES if one in forms), "")
        if mime:
            address = _address(mime, output_words.text_of(forms[mime]))
            parts.append(f'<img src="{address}" alt="{_escape.attribute(words)}">')
        else:
            text = output.get("text", output.get("traceback", forms.get("text/plain", words)))
            if output.get("output_type") == "error":
                text = "\n".join(map(str, text)) if isinstance(text, list) else text
            plain = _ansi.plain(output_words.text_of(text))[:_LONGEST]
            parts.append(f'<pre tabindex="0">{_escape.text(plain)}</pre>')
        parts.append(f'<p class="words">{_escape.text(words)}</p>')
    return "".join(parts) or '<p class="words">no outputs</p>'


def _address(mime: str, data: str) -> str:
    if mime == "image/svg+xml":
        return _images.Image(_safe.svg(data.encode("utf-8", "replace")), mime).address()
    allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
    return f"data:{mime};base64,{''.join(sign for sign in data if sign in allowed)}"
