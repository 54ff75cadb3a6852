"""Outputs of code cells to HTML: safe, offline, and never an empty hole."""

from octavo.core.errors import Notice, Span
from octavo.exporters import (
    _ansi,
    _bokeh,
    _charts,
    _escape,
    _images,
    _live,
    _markdown,
    _math,
    _outputs,
    _safe,
)
from octavo.exporters._highlight import highlight
from octavo.exporters._node import Node
from octavo.exporters._outputs import Output, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from octavo.exporters._html_blocks import Blocks
    from octavo.exporters._page import Piece

    Show: TypeAlias = Callable[["Outputs", Output, str], str]

_STREAMS = ("stdout", "stderr")
_IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp")
#: Forms in the order in which they are tried.
_ORDER = (
    "text/html", "image/svg+xml", *_IMAGES, "text/markdown", "text/latex", "video/mp4",
    "video/webm", "audio/mpeg", "audio/wav", "application/json", "text/plain",
)  # fmt: skip
_LONGEST = 500_000  # characters of a text that a page can show without choking


class Outputs:
    """Writes the outputs of a page; prose in them is written by *blocks*."""

    def __init__(self, blocks: "Blocks") -> None:
        self.blocks = blocks

    def many(self, piece: "Piece") -> str:
        """Return the outputs of a cell, "" when it has none."""
        parts = [(output, self._one(output, piece)) for output in piece.outputs]
        parts = [(output, part) for output, part in parts if part]
        if not parts:
            return ""
        if "tab-output" in piece.marks and len(parts) > 1:
            shown = self.blocks.tabs(_titled(parts))
        else:
            shown = "".join([part for _, part in parts])
        scrolls = " scrolls" if piece.scrolls else ""
        inner = f'<div class="outputs{scrolls}">\n{shown}</div>\n'
        if piece.folds_output:
            return f'<details class="folded"><summary>Output</summary>\n{inner}</details>\n'
        return inner

    def _one(self, output: Output, piece: "Piece") -> str:
        if output.kind == "stream":
            name = output.name if output.name in _STREAMS else "other"
            return self._text(output.text, f"stream {name}")
        if output.kind == "error":
            text = output.text or f"{output.name}: {output.value}"
            return self._text(text, "error")
        live = self._live(output, piece)
        if live is not None:
            return live
        if output.widget is not None:
            return self.blocks.widget(output.widget, lambda one: self._one(one, piece))
        _charts.still(output, self.blocks.settings, self.blocks.notices, piece.number)
        if output.chart:
            return f'<div class="output chart">\n{self.blocks.many(output.chart)}</div>\n'
        mime = output.best(_ORDER)
        if mime:
            return self._data(output, mime, piece)
        return self._unknown(output, piece)

    def _live(self, output: Output, piece: "Piece") -> str | None:
        """Return an output that runs in its own frame, None where it cannot or need not."""
        if _bokeh.is_loader(output):
            return ""
        found = _live.find(output) if self.blocks.is_live else None
        if found is None or not self.blocks.settings.library(found.library):
            return None
        self.blocks.libraries[found.library] = None
        title = output.alt or found.title or f"Interactive output of cell {piece.number}"
        return _live.frame(found, title)

    def _data(self, output: Output, mime: str, piece: "Piece") -> str:
        data = output.forms[mime]
        if mime in _IMAGES or mime == "image/svg+xml":
            return self._image(output, mime, piece)
        if mime == "text/html":
            return self._html(output, joined(data), piece)
        if mime == "text/markdown":
            inner = self.blocks.many(_markdown.parse(_outputs.markdown(joined(data))))
            return f'<div class="output markdown">{inner}</div>\n'
        if mime == "text/latex":
            return self._latex(output)
        if mime == "application/json":
            text = _outputs.cut(_outputs.json_text(data), _LONGEST)
            return f'<pre class="output json" tabindex="0">{highlight(text, "json")}</pre>\n'
        if mime.startswith(("video/", "audio/")):
            tag = mime.partition("/")[0]
            source = _escape.attribute(f"data:{mime};base64,{''.join(joined(data).split())}")
            label = _escape.attribute(output.alt or tag)
            return f'<{tag} class="output" controls src="{source}" aria-label="{label}"></{tag}>\n'
        return self._text(joined(data), "result")

    def _text(self, text: str, classes: str) -> str:
        shown = _ansi.to_html(_outputs.cut(text, _LONGEST))
        return f'<pre class="output {classes}" tabindex="0">{shown}</pre>\n'

    def _image(self, output: Output, mime: str, piece: "Piece") -> str:
        data = _outputs.picture(output, mime)
        if data is None:
            return self._one(_outputs.damaged(output, mime), piece)
        data = _safe.svg(data) if mime == "image/svg+xml" else data
        address = _images.Image(data, mime).address()
        size = "".join(f' {name}="{n}"' for name, n in _outputs.size(output, mime).items())
        alt = _escape.attribute(output.alt or _outputs.described(output))
        return f'<img class="output" src="{address}" alt="{alt}"{size}>\n'

    def _html(self, output: Output, data: str, piece: "Piece") -> str:
        """Return foreign HTML: cleaned; what needs scripts falls back to another form."""
        made = _safe.output(self.blocks.with_images(data))
        if _safe.is_empty(made):
            if _outputs.needs_scripts(data):
                return self._without_scripts(output, piece)
            words = _outputs.words(output, data)
            return self._text(words, "result") if words else ""
        opening = '<div class="output html" tabindex="0" role="group" aria-label="Output">'
        return f"{opening}{made}</div>\n"

    def _without_scripts(self, output: Output, piece: "Piece") -> str:
        self.blocks.notices.append(
            Notice("OCT-E004", "an output that needs scripts is shown in another form",
                   Span(), hint=f"cell {piece.number}")
        )  # fmt: skip
        plain = _outputs.without(output, "text/html")
        mime = plain.best(_ORDER)
        return self._data(plain, mime, piece) if mime else self._unknown(plain, piece)

    def _latex(self, output: Output) -> str:
        data = joined(output.forms["text/latex"])
        tex = _outputs.formula(data)
        if not tex:
            return self._text(joined(output.forms.get("text/plain", data)), "latex")
        is_block = data.strip().startswith(("$$", "\\[", "\\begin"))
        return f'<div class="output latex">{_math.mathml(tex, block=is_block)[0]}</div>\n'

    def _unknown(self, output: Output, piece: "Piece") -> str:
        mimes = ", ".join(output.forms) or "nothing"
        self.blocks.notices.append(
            Notice("OCT-E005", f"an output of an unknown kind: {mimes}", Span(),
                   hint=f"cell {piece.number}; give it a text/plain form too")
        )  # fmt: skip
        text = f"[an output that this page cannot show: {mimes}]"
        return f'<p class="output missing">{_escape.text(text)}</p>\n'


def _titled(parts: list[tuple[Output, str]]) -> list[tuple[str, str]]:
    """Return parts with titles for their tabs, each told from the others."""
    words = [_outputs.word(output) for output, _ in parts]
    titles = [
        f"{word} {words[: n + 1].count(word)}" if words.count(word) > 1 else word
        for n, word in enumerate(words)
    ]
    return [(title, part) for title, (_, part) in zip(titles, parts, strict=True)]


def caption_of(piece: "Piece", blocks: "Blocks") -> str:
    """Return the caption of a cell's figure, "" when it has none."""
    if not piece.caption:
        return ""
    name = blocks.page.names.get(piece.label or piece.id)
    number = f'<span class="number">Figure {name.number}:</span> ' if name is not None else ""
    return f"<figcaption>{number}{blocks.many([Node('span', piece.caption)])}</figcaption>\n"
