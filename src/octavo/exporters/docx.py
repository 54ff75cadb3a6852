"""A Word file: headings, lists, tables, formulas and notes that Word knows as such."""

from octavo.exporters import _assets, _docx_package, _outputs
from octavo.exporters._docx_blocks import DocxBlocks
from octavo.exporters._exporter import Artifact, Exporter
from octavo.exporters._page import compose
from octavo.exporters._paper_outputs import PaperOutputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Document
    from octavo.exporters._exporter import Settings
    from octavo.exporters._node import Node
    from octavo.exporters._outputs import Output
    from octavo.exporters._page import Page, Piece
    from octavo.exporters._tables import Table

_FORMS = (
    "image/png", "image/jpeg", "image/gif", "image/bmp", "image/svg+xml", "image/webp",
    "text/latex", "text/markdown", "text/html", "application/json", "text/plain",
)  # fmt: skip
_STYLES = {"stderr": "OutputWarning", "error": "OutputError"}
_OFFICE = "http://schemas.openxmlformats.org"
_SPACES = (
    f'xmlns:w="{_OFFICE}/wordprocessingml/2006/main" '
    f'xmlns:m="{_OFFICE}/officeDocument/2006/math" '
    f'xmlns:r="{_OFFICE}/officeDocument/2006/relationships" '
    f'xmlns:wp="{_OFFICE}/drawingml/2006/wordprocessingDrawing" '
    f'xmlns:a="{_OFFICE}/drawingml/2006/main" xmlns:pic="{_OFFICE}/drawingml/2006/picture"'
)


def export(document: "Document", settings: "Settings") -> "Iterable[Artifact]":
    """Return the Word file of a document: the same document gives the same bytes."""
    page = compose(document, settings)
    package = _docx_package.Package()
    blocks = DocxBlocks(page, settings, package)
    body = _head(page, blocks, settings)
    body += "".join([_piece(piece, blocks) for piece in page.pieces])
    parts = {
        "document": "",
        "styles": _assets.text("docx-styles.xml").replace("LANGUAGE", page.language_tag()),
        "numbering": blocks.numbering.part(),
        "settings": _settings(),
        "footnotes": _footnotes(blocks),
        "footer": _footer(),
    }
    parts["document"] = _document(body, _docx_package.footer_name(parts))
    facts = {"dc:title": page.title, "dc:creator": ", ".join(page.authors),
             "dc:description": page.description, "dc:language": page.language}  # fmt: skip
    data = package.save(parts, facts)
    return [Artifact(f"{settings.stem}.docx", data, [*page.notices, *blocks.notices])]


def _head(page: "Page", blocks: DocxBlocks, settings: "Settings") -> str:
    """Return the title, if no heading is it, who wrote it, and the contents."""
    has_title = any(node.get("level") == "1" for node in page.headings())
    title = "" if has_title else blocks.paragraph(blocks.run(page.title), "Title")
    byline = " · ".join(filter(None, [*page.authors, page.date]))
    front = blocks.paragraph(blocks.run(byline), "Subtitle") if byline else ""
    if settings.contents and len(page.headings()) > 5:
        front += blocks.contents()
    if not page.begins_with_title():
        return title + front
    blocks.after_title = front
    return ""


def _piece(piece: "Piece", blocks: DocxBlocks) -> str:
    if piece.kind == "prose":
        return blocks.many(piece.blocks)
    if piece.kind == "raw":
        return ""
    made = blocks.code(piece.source, piece.language) if piece.shows_input else ""
    made += _Outputs(blocks).of(piece)
    name = blocks.page.names.get(piece.label or piece.id)
    if piece.caption and name is not None:
        made += blocks.caption(name.kind, name.number, blocks.many(piece.caption), name.id)
    elif piece.label and name is not None:
        made = blocks.bookmark(name.id, "") + made
    return made


class _Outputs(PaperOutputs):
    """Outputs in a Word file."""

    forms = _FORMS
    product = "a Word file"
    blocks: DocxBlocks

    def printed(self, text: str, kind: str) -> str:
        return self.blocks.paragraph(self.blocks.lines(text), _STYLES.get(kind, "Output"))

    def picture(self, data: bytes, mime: str, output: "Output", piece: "Piece") -> str:
        facts = output.metadata.get(mime)
        size = [str(facts.get(name) or "") if isinstance(facts, dict) else ""
                for name in ("width", "height")]  # fmt: skip
        alt = output.alt or _outputs.described(output)
        made = self.blocks.picture(data, mime, alt, (size[0], size[1]))
        return self.blocks.paragraph(made, "Figure", keep=bool(piece.caption)) if made else ""

    def image(self, node: "Node") -> str:
        return self.blocks.paragraph(self.blocks.one(node), "Figure")

    def table(self, table: "Table") -> str:
        run = self.blocks.run
        rows = [(n < table.headers, [(run(cell), "right") for cell in row])
                for n, row in enumerate(table.rows)]  # fmt: skip
        return self.blocks.table(rows)

    def remark(self, text: str) -> str:
        return self.blocks.paragraph(self.blocks.run(text, i="<w:i/>"))


def _document(body: str, footer: str) -> str:
    page = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{footer}"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1304" w:bottom="1304" '
        'w:left="1304" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
    )
    return f"<w:document {_SPACES}><w:body>{body}{page}</w:body></w:document>"


def _footnotes(blocks: DocxBlocks) -> str:
    """Return the notes, and the lines between them and the text."""
    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{n}"><w:p><w:pPr><w:spacing w:after="0" '
        f'w:line="240" w:lineRule="auto"/></w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for n, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    return f"<w:footnotes {_SPACES}>{lines}{''.join(blocks.footnotes)}</w:footnotes>"


def _footer() -> str:
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return f'<w:ftr {_SPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{number}</w:p></w:ftr>'


def _settings() -> str:
    """Return the settings: made for the Word of today, so it opens without a compatibility mode."""
    notes = '<w:footnote w:id="-1"/><w:footnote w:id="0"/>'
    return (
        f'<w:settings {_SPACES}><w:zoom w:percent="100"/>'
        f'<w:defaultTabStop w:val="709"/><w:footnotePr>{notes}</w:footnotePr><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/'
        'word" w:val="15"/></w:compat><m:mathPr><m:mathFont m:val="Cambria Math"/></m:mathPr>'
        "</w:settings>"
    )


EXPORTER = Exporter("docx", ".docx", export, summary="A Word file.")
