"""Cells to HTML: prose, code with its outputs, raw HTML."""

from octavo.exporters import _escape, _html_outputs
from octavo.exporters._highlight import highlight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.exporters._html_blocks import Blocks
    from octavo.exporters._page import Piece


class Pieces:
    """Writes the pieces of a page one after the other."""

    def __init__(self, blocks: "Blocks") -> None:
        self.blocks = blocks
        self.outputs = _html_outputs.Outputs(blocks)

    def one(self, piece: "Piece") -> str:
        """Return a piece, "" when it shows nothing."""
        if piece.kind == "prose":
            inner = self.blocks.many(piece.blocks)
        elif piece.kind == "raw":
            inner = self._raw(piece)
        else:
            inner = self._code(piece)
        if piece.folds_cell and inner:
            return f'<details class="folded"><summary>Details</summary>\n{inner}</details>\n'
        return inner

    def _raw(self, piece: "Piece") -> str:
        """Return a raw cell if it is HTML; what is for other targets is not shown."""
        from octavo.exporters import _safe

        if piece.mime not in ("text/html", "html"):
            return ""
        return _safe.html(self.blocks.with_images(piece.source))

    def _code(self, piece: "Piece") -> str:
        blocks = self.blocks
        shown = self.outputs.many(piece)
        parts = []
        if piece.shows_input:
            parts.append(_source(piece))
        caption = _html_outputs.caption_of(piece, blocks)
        name = blocks.page.names.get(piece.label) if piece.label else None
        if caption:
            mark = f' id="{_escape.attribute(name.id)}"' if name is not None else ""
            shown = f"<figure{mark}>{shown}{caption}</figure>\n"
        parts.append(shown)
        inner = "".join(parts)
        mark = f' id="{_escape.attribute(name.id)}"' if name is not None and not caption else ""
        return f'<div class="cell"{mark}>\n{inner}</div>\n' if inner or mark else ""


def _source(piece: "Piece") -> str:
    source = highlight(piece.source, piece.language)
    language = _escape.attribute(piece.language)
    code = (
        f'<div class="code"><pre tabindex="0" data-language="{language}">'
        f"<code>{source}</code></pre></div>\n"
    )
    if not piece.folds_input:
        return code
    summary = _escape.text(piece.summary or "Code")
    return f'<details class="folded"><summary>{summary}</summary>\n{code}</details>\n'
