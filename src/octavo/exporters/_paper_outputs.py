"""Outputs of cells on paper: which form of an output is shown, whatever the file is."""

from octavo.core.errors import Notice, Span
from octavo.exporters import (
    _ansi,
    _bokeh,
    _charts,
    _html_images,
    _markdown,
    _outputs,
    _paper_widgets,
    _tables,
)
from octavo.exporters._node import Node
from octavo.exporters._outputs import joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.exporters._docx_blocks import DocxBlocks
    from octavo.exporters._outputs import Output
    from octavo.exporters._page import Piece
    from octavo.exporters._tables import Table
    from octavo.exporters._typst_blocks import TypstBlocks

_ROWS = 500


class PaperOutputs:
    """Draws outputs; a format of paper says how the parts look.

    `forms` are the MIME types that it can show, the best one first; `product` is what a reader
    has in hand.  The kind of a printed text is "stdout", "stderr", "error" or "result".
    """

    forms: "tuple[str, ...]" = ()
    product = ""

    def __init__(self, blocks: "DocxBlocks | TypstBlocks") -> None:
        self.blocks = blocks

    def of(self, piece: "Piece") -> str:
        """Return all outputs of a cell."""
        return "".join([self._drawn(output, piece) for output in piece.outputs])

    def printed(self, text: str, kind: str) -> str:
        """Return text as it was printed."""
        raise NotImplementedError

    def picture(self, data: bytes, mime: str, output: "Output", piece: "Piece") -> str:
        """Return a picture, "" when it cannot be shown."""
        raise NotImplementedError

    def image(self, node: Node) -> str:
        """Return a picture that HTML names."""
        raise NotImplementedError

    def table(self, table: "Table") -> str:
        """Return a table."""
        raise NotImplementedError

    def remark(self, text: str) -> str:
        """Return words of our own in place of an output."""
        raise NotImplementedError

    def _drawn(self, output: "Output", piece: "Piece") -> str:
        if output.kind == "stream":
            return self._printed(output.text, output.name)
        if output.kind == "error":
            return self._printed(output.text or f"{output.name}: {output.value}", "error")
        if output.widget is not None:
            return "".join(
                self.blocks.one(part) if isinstance(part, Node) else self._drawn(part, piece)
                for part in _paper_widgets.told(output.widget)
            )
        if _bokeh.is_loader(output):
            return ""
        _charts.still(output, self.blocks.settings, self.blocks.notices, piece.number)
        if output.chart:
            return self.blocks.many(output.chart)
        mime = output.best(_outputs.forms_for(output, self.forms))
        if not mime:
            return self._unknown(output, piece)
        if mime.startswith("image/"):
            return self._picture(output, mime, piece)
        return self._words(output, mime)

    def _words(self, output: "Output", mime: str) -> str:
        data = joined(output.forms[mime])
        if mime == "text/html":
            return self._html(output, data)
        if mime == "text/latex":
            tex = _outputs.formula(data)
            return self.blocks.formula(tex, block=True) if tex else self._printed(data, "result")
        if mime == "text/markdown":
            return self.blocks.many(_markdown.parse(_outputs.markdown(data, is_paper=True)))
        if mime == "application/json":
            data = _outputs.json_text(output.forms[mime])
        return self._printed(data, "result")

    def _printed(self, text: str, kind: str) -> str:
        text = _outputs.shortened(_ansi.plain(text).rstrip("\n"))
        return self.printed(text, kind) if text else ""

    def _picture(self, output: "Output", mime: str, piece: "Piece") -> str:
        data = _outputs.picture(output, mime)
        made = self.picture(data, mime, output, piece) if data is not None else ""
        return made or self._drawn(_outputs.damaged(output, mime), piece)

    def _html(self, output: "Output", data: str) -> str:
        table = _tables.find(data)
        if table is None:
            images = "".join(map(self.image, _html_images.images_in(data)))
            return self._printed(_outputs.words(output, data), "result") + images
        left_out = len(table.rows) - _ROWS
        more = self._printed(f"[... {left_out:,} more rows]", "result") if left_out > 0 else ""
        return self.table(_tables.Table(table.rows[:_ROWS], table.headers)) + more

    def _unknown(self, output: "Output", piece: "Piece") -> str:
        kinds = ", ".join(output.forms) or "nothing"
        self.blocks.notices.append(
            Notice("OCT-E005", f"an output of an unknown kind: {kinds}", Span(),
                   hint=f"cell {piece.number}; give it a text/plain form too")
        )  # fmt: skip
        return self.remark(f"[an output that {self.product} cannot show: {kinds}]")
