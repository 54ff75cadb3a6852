"""Nodes of prose to WordprocessingML: one method a type of node.

Source: ECMA-376, part 1, 17 (WordprocessingML); elements stand in the order of its schemas.
"""

from octavo.core import percents
from octavo.core.errors import Notice, Span
from octavo.core.patterns import lazy
from octavo.exporters import _docx_numbering, _escape, _images, _omml, _raster, _resolve, _safe
from octavo.exporters._docx_package import SUFFIXES, Package
from octavo.exporters._highlight import tokens
from octavo.exporters._node import Node
from octavo.exporters._writer import NodeWriter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from octavo.exporters._exporter import Settings
    from octavo.exporters._page import Page

WIDTH = 9298  # of the text, in twentieths of a point
_EMU = 635  # English metric units, of which a twentieth of a point has 635
_PIXEL = 9525
_TALLEST = 8_000_000  # of a picture: it has to fit on a page with its caption
_COLUMNS = 60  # Word takes 63
_LONGEST_ADDRESS, _LONGEST_TIP = 2000, 250  # characters; with more, Word finds a file damaged
_MANY = 9  # columns that have room in letters of the usual size
_NARROW = (
    '<w:tblCellMar><w:left w:w="30" w:type="dxa"/><w:right w:w="30" w:type="dxa"/></w:tblCellMar>'
)
_TAG = lazy(r"<[^>]*>")
_WRAPS = {
    "emphasis": ("i", "<w:i/>"), "strong": ("b", "<w:b/>"), "strike": ("strike", "<w:strike/>"),
    "underline": ("u", '<w:u w:val="single"/>'), "small": ("smallCaps", "<w:smallCaps/>"),
    "subscript": ("vertAlign", '<w:vertAlign w:val="subscript"/>'),
    "superscript": ("vertAlign", '<w:vertAlign w:val="superscript"/>'),
}  # fmt: skip
_ORDER = ("rStyle", "b", "i", "smallCaps", "strike", "color", "u", "vertAlign")
_TONES = {"tip": "1A6E3C", "exercise": "1A6E3C", "solution": "1A6E3C", "warning": "8A5A00",
          "caution": "8A5A00", "important": "8A5A00", "danger": "B3261E"}  # fmt: skip
#: Colours of code by the first letters of Pygments' short names; the longest that fits.
_COLOURS = {"k": "8250A8", "ow": "8250A8", "s": "1A6E3C", "m": "0B5E94", "il": "0B5E94",
            "c": "5F6770", "nf": "8A4600", "nc": "8A4600", "nd": "8A4600", "nb": "0B5E94",
            "nt": "8A4600", "na": "8A4600"}  # fmt: skip
_SHARE = {"px": _PIXEL, "em": 11 * 12700, "cm": 360_000, "mm": 36_000, "in": 914_400, "pt": 12_700,
          "%": WIDTH * _EMU / 100}  # fmt: skip


class DocxBlocks(NodeWriter):
    """Writes the nodes of a page; `notices` gathers what could not be shown as asked."""

    def __init__(self, page: "Page", settings: "Settings", package: Package) -> None:
        self.page = page
        self.settings = settings
        self.package = package
        self.numbering = _docx_numbering.Numbering()
        self.notices: list[Notice] = []
        self.footnotes: list[str] = []
        self._footnotes = {note.get("number"): note for note in page.footnotes}
        self.after_title = ""  # what stands below the first heading of level 1
        self._part = "document"
        self._format: dict[str, str] = {}  # of letters, by the names of `_ORDER`
        self._style = ""  # of paragraphs that have none
        self._lead = ""  # what the next paragraph begins with
        self._sign = ""  # of the list, for the next paragraph
        self._level = -1  # of lists
        self._indent = 0
        self._tone = ""  # of the admonition around
        self._names: dict[str, str] = {}
        self._marks = 0
        self._pictures = 0

    def other(self, node: Node) -> str:
        """Return a node whose type has no method, and all below it."""
        wrap = _WRAPS.get(node.type)
        if wrap is not None:
            return self._formatted(wrap[0], wrap[1], node)
        return self.run(node.text) + self.many(node.children)

    # Letters

    def run(self, text: str, **more: str) -> str:
        """Return a text in the format of where it stands."""
        if not text:
            return ""
        return f"<w:r>{self._letters(more)}{_text(text)}</w:r>"

    def lines(self, text: str) -> str:
        """Return a text of several lines."""
        return f"<w:r>{self._letters({})}{_lines(text)}</w:r>"

    def _letters(self, more: "dict[str, str]") -> str:
        known = {**self._format, **more}
        facts = "".join([known[name] for name in _ORDER if name in known])
        return f"<w:rPr>{facts}</w:rPr>" if facts else ""

    def _formatted(self, name: str, how: str, node: Node) -> str:
        before = self._format
        self._format = {**before, name: how}
        made = self.many(node.children)
        self._format = before
        return made

    # Paragraphs

    def paragraph(
        self, inner: str, style: str = "", *, keep: bool = False, align: str = "", more: str = ""
    ) -> str:
        """Return a paragraph; the first of a list's item gets its sign."""
        style = style or self._style
        sign, self._sign = self._sign, ""
        lead, self._lead = self._lead, ""
        indent = self._indent
        edge = ""
        if self._tone:
            line = f'w:val="single" w:sz="24" w:space="8" w:color="{self._tone}"'
            edge = f"<w:pBdr><w:left {line}/></w:pBdr>"
        out = f' w:hanging="{_docx_numbering.hanging()}"' if sign else ""
        facts = (
            (f'<w:pStyle w:val="{style}"/>' if style else "")
            + ("<w:keepNext/>" if keep else "")
            + sign
            + edge
            + more
            + (f'<w:ind w:left="{indent}"{out}/>' if indent else "")
            + (f'<w:jc w:val="{align}"/>' if align else "")
        )
        return f"<w:p>{f'<w:pPr>{facts}</w:pPr>' if facts else ''}{lead}{inner}</w:p>"

    def bookmark(self, name: str, inner: str) -> str:
        """Return a place that links can lead to, around *inner*."""
        if not name:
            return inner
        self._marks += 1
        mark = f'w:id="{self._marks}"'
        shown = self._bookmark(name)
        return f'<w:bookmarkStart {mark} w:name="{shown}"/>{inner}<w:bookmarkEnd {mark}/>'

    def placed(self, name: str, made: str, *, is_block: bool) -> str:  # noqa: ARG002  both may have one
        """Return what became of a labelled node, with its bookmark."""
        has_one = f'w:name="{self._bookmark(name)}"' in made
        return made if has_one else self.bookmark(name, "") + made

    def _bookmark(self, name: str) -> str:
        """Return the name of a bookmark: letters and digits, at most 40 of them."""
        if name not in self._names:
            word = "".join(c if c.isascii() and c.isalnum() else "_" for c in name)[:28]
            self._names[name] = f"_{word}_{len(self._names) + 1}"
        return self._names[name]

    def on_heading(self, node: Node) -> str:
        number = f"{node.get('number')} " if node.get("number") else ""
        inner = self.bookmark(node.get("id"), self.run(number) + self.many(node.children))
        after = ""
        if node.get("level") == "1":
            after, self.after_title = self.after_title, ""
        return self.paragraph(inner, f"Heading{node.get('level')}") + after

    def on_paragraph(self, node: Node) -> str:
        return self.paragraph(self.bookmark(node.get("id"), self.many(node.children)))

    def on_title(self, node: Node) -> str:
        return self.paragraph(self._formatted("b", "<w:b/>", node), keep=True)

    def on_code(self, node: Node) -> str:
        return self.code(node.text.rstrip("\n"), node.get("language"))

    def code(self, text: str, language: str) -> str:
        """Return code in its colours."""
        runs = []
        for name, value in tokens(text, language):
            colour = next((_COLOURS[name[:n]] for n in (2, 1) if name[:n] in _COLOURS), "")
            facts = f'<w:rPr><w:color w:val="{colour}"/></w:rPr>' if colour else ""
            runs.append(f"<w:r>{facts}{_lines(value)}</w:r>")
        return self.paragraph("".join(runs), "SourceCode")

    def formula(self, tex: str, *, block: bool, number: str = "", name: str = "") -> str:
        """Return a formula; a block is a paragraph.  What is not known is shown as it is."""
        made = _omml.omml(tex, block=block)
        if made is None:
            self.notices.append(Notice("OCT-E006", "a formula is shown as it was written", Span()))
            inner = self.run(" ".join(tex.split()), rStyle='<w:rStyle w:val="VerbatimChar"/>')
            return self.paragraph(inner) if block else inner
        if not block:
            return made
        made = self.bookmark(name, made)
        if not number:
            made = made.replace("<m:oMath>", "<m:oMathPara><m:oMath>", 1)
            return self.paragraph(made.replace("</m:oMath>", "</m:oMath></m:oMathPara>", 1))
        stops = (
            f'<w:tab w:val="center" w:pos="{WIDTH // 2}"/><w:tab w:val="right" w:pos="{WIDTH}"/>'
        )
        tab = "<w:r><w:tab/></w:r>"
        inner = f"{tab}{made}{tab}{self.run(f'({number})')}"
        return self.paragraph(inner, more=f"<w:tabs>{stops}</w:tabs>")

    def on_math(self, node: Node) -> str:
        name = node.get("id") or node.label
        return self.formula(node.text, block=True, number=node.get("number"), name=name)

    def on_math_span(self, node: Node) -> str:
        return self.formula(node.text, block=False)

    def on_quote(self, node: Node) -> str:
        before, self._style = self._style, "Quote"
        made = self.many(node.children)
        self._style = before
        return made

    def on_list(self, node: Node) -> str:
        before = self._indent, self._style, self._sign
        self._level += 1
        base = 0 if self._level == 0 else _docx_numbering.indent(self._level - 1)
        sign = self.numbering.begin(
            ordered=bool(node.facts.get("ordered")), level=self._level,
            start=int(node.get("start") or "1"),
        )  # fmt: skip
        self._indent += _docx_numbering.indent(self._level) - base
        self._style = "ListParagraph"
        parts = []
        for item in node.children:
            self._sign = sign
            checked = item.facts.get("checked")
            if checked is not None:
                self._lead = self.run("☑ " if checked else "☐ ")
            parts.append(self.many(item.children))
            if self._sign:
                parts.append(self.paragraph(""))
        self._level -= 1
        self._indent, self._style, self._sign = before
        return "".join(parts)

    def on_table(self, node: Node) -> str:
        rows = []
        for row in node.children:
            is_head = bool(row.facts.get("header"))
            cells = [(self.many(cell.children), cell.get("align")) for cell in row.children]
            rows.append((is_head, cells))
        return self.table(rows, name=node.get("id"))

    def table(self, rows: "Sequence[tuple[bool, list[tuple[str, str]]]]", *, name: str = "") -> str:
        """Return a table of rows: whether it heads the table, and its cells with their sides."""
        width = max((len(cells) for _, cells in rows), default=0)
        if not width:
            return ""
        if width > _COLUMNS:
            left_out = width - _COLUMNS
            self.notices.append(
                Notice("OCT-E008", f"Word takes no more than {_COLUMNS} columns: "
                       f"{left_out} of a table are left out", Span())
            )  # fmt: skip
            width = _COLUMNS
        before = self._indent, self._style, self._tone, self._sign
        self._indent, self._tone, self._sign = 0, "", ""
        self._style = "TableSmall" if width > _MANY else ""
        made = []
        for is_head, cells in rows:
            whole = [*cells, *[("", "")] * (width - len(cells))][:width]
            shown = "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>'
                f"{self.paragraph(inner, align=align)}</w:tc>"
                for inner, align in whole
            )
            head = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if is_head else ""
            made.append(f"<w:tr>{head}{shown}</w:tr>")
        self._indent, self._style, self._tone, self._sign = before
        has_head = int(any(is_head for is_head, _ in rows))
        grid = "".join(f'<w:gridCol w:w="{n}"/>' for n in _widths(rows, width, small=width > _MANY))
        inset = f'<w:tblInd w:w="{self._indent}" w:type="dxa"/>' if self._indent else ""
        after = '<w:p><w:pPr><w:spacing w:after="60" w:line="120" w:lineRule="auto"/></w:pPr></w:p>'
        place = self.bookmark(name, "") if name else ""
        return (
            f'{place}<w:tbl><w:tblPr><w:tblStyle w:val="OctavoTable"/>'
            f'<w:tblW w:w="0" w:type="auto"/>{inset}{_NARROW * (width > _MANY)}'
            f'<w:tblLook w:val="06{2 * has_head}0" '
            f'w:firstRow="{has_head}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
            f'w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
            f"{''.join(made)}</w:tbl>{after}"
        )

    def on_rule(self, _node: Node) -> str:
        line = '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="C4CAD1"/></w:pBdr>'
        return f"<w:p><w:pPr>{line}</w:pPr></w:p>"

    def on_html(self, node: Node) -> str:
        text = _safe.plain(node.text)
        words = self.paragraph(self.lines(text)) if text else ""
        pictures = [self.paragraph(self.one(image), "Figure") for image in node.children]
        return words + "".join(pictures)

    def on_admonition(self, node: Node) -> str:
        children = list(node.children)
        tone = _TONES.get(node.get("name"), "1F5F8B")
        word = node.get("word") or node.get("name")
        before = self._tone, self._indent, self._style
        self._tone, self._indent, self._style = tone, self._indent + 200, "Admonition"
        self._format["color"] = f'<w:color w:val="{tone}"/>'
        has_title = bool(children) and children[0].type == "title"
        title = self.many(children.pop(0).children) if has_title else self.run(word.capitalize())
        del self._format["color"]
        made = self.paragraph(self.bookmark(node.get("id"), title), "AdmonitionTitle")
        made += self.many(children)
        self._tone, self._indent, self._style = before
        return made

    def on_figure(self, node: Node) -> str:
        children = list(node.children)
        if node.get("src"):
            content = self.paragraph(self.on_image(node), "Figure", keep=True)
        else:
            content = self.one(children.pop(0)) if children else ""
        kind = node.get("kind") or "figure"
        first = children.pop(0) if children and children[0].type == "paragraph" else None
        inner = self.many(first.children) if first is not None else ""
        caption = self.caption(kind, node.get("number"), inner, node.get("id")) if inner else ""
        return content + caption + self.many(children)

    def caption(self, kind: str, number: str, inner: str, name: str) -> str:
        """Return a caption with a number that Word can count on from."""
        word = _resolve.WORDS.get(kind, "Figure")
        field = f" SEQ {word} \\* ARABIC \\r {number} "
        shown = f'<w:fldSimple w:instr="{field}">{self.run(number)}</w:fldSimple>'
        start = self.bookmark(name, self.run(f"{word} ") + shown)
        return self.paragraph(f"{start}{self.run(': ')}{inner}", "Caption")

    def on_image(self, node: Node) -> str:
        found = _images.load(node.get("src"), self.settings, node.line)
        if not isinstance(found, Notice):
            size = node.get("width"), node.get("height")
            made = self.picture(found.data, found.mime, node.get("alt"), size)
            if made:
                return made
            told = f"no picture for a Word file: {found.mime}"
            found = Notice("OCT-E003", told, Span("", node.line))
        self.notices.append(found)
        alt = f": {node.get('alt')}" if node.get("alt") else ""
        return self.run(f"[{found.message}{alt}]", i="<w:i/>")

    def picture(self, data: bytes, mime: str, alt: str, size: tuple[str, str] = ("", "")) -> str:
        """Return a picture in a line of text, "" where Word cannot show it."""
        density = 1.0
        if mime not in SUFFIXES or not (mime == "image/bmp" or all(_images.size(data))):
            data, mime, density = _raster.png(data, mime, self.settings) or b"", "image/png", 0.5
        if not data:
            return ""
        across, along = _extent(_images.size(data), size, density)
        self._pictures += 1
        name = self.package.picture(self._part, data, mime)
        told = _escape.attribute(alt)
        facts = f'id="{self._pictures}" name="Picture {self._pictures}" descr="{told}"'
        return (
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{across}" cy="{along}"/><wp:docPr {facts}/>'
            '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/>'
            "</wp:cNvGraphicFramePr><a:graphic>"
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f"<pic:pic><pic:nvPicPr><pic:cNvPr {facts}/><pic:cNvPicPr/></pic:nvPicPr>"
            f'<pic:blipFill><a:blip r:embed="{name}"/><a:stretch><a:fillRect/></a:stretch>'
            f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{across}" '
            f'cy="{along}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    def on_definitions(self, node: Node) -> str:
        return self.many(node.children)

    def on_term(self, node: Node) -> str:
        return self.paragraph(self.bookmark(node.get("id"), self.many(node.children)), "Term")

    def on_definition(self, node: Node) -> str:
        before = self._indent, self._style
        self._indent, self._style = self._indent + 400, "Definition"
        made = self.many(node.children)
        self._indent, self._style = before
        return made

    def on_tabs(self, node: Node) -> str:
        return "".join(
            self.paragraph(self.run(tab.get("title"), b="<w:b/>"), keep=True)
            + self.many(tab.children)
            for tab in node.children
        )

    def on_group(self, node: Node) -> str:
        return self.many(node.children)

    def on_note(self, node: Node) -> str:
        return self.paragraph(self.run(f"[{node.text}]", i="<w:i/>"))

    def on_contents(self, _node: Node) -> str:
        return self.contents()

    def contents(self) -> str:
        """Return the table of contents, a field that Word can renew."""
        entries = []
        for node in self.page.headings():
            level = int(node.get("level"))
            if level > 3 or (level == 1 and node.plain() == self.page.title):
                continue
            number = f"{node.get('number')} " if node.get("number") else ""
            link = (
                f'<w:hyperlink w:anchor="{self._bookmark(node.get("id"))}" w:history="1">'
                f"{self.run(number + node.plain())}</w:hyperlink>"
            )
            entries.append((level, link))
        made = []
        field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
        code = (
            '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" \\h \\n \\u </w:instrText></w:r>'
        )
        for n, (level, link) in enumerate(entries):
            start = field.format("begin") + code + field.format("separate") if n == 0 else ""
            end = field.format("end") if n == len(entries) - 1 else ""
            space = '<w:spacing w:after="240"/>' if end else ""
            made.append(self.paragraph(start + link + end, f"TOC{level}", more=space))
        return "".join(made)

    def on_code_span(self, node: Node) -> str:
        return self.run(node.text, rStyle='<w:rStyle w:val="VerbatimChar"/>')

    def on_html_span(self, node: Node) -> str:
        return "<w:r><w:br/></w:r>" if node.text.lower().startswith("<br") else ""

    def on_link(self, node: Node) -> str:
        href = node.get("href")
        if href.startswith("#"):
            found = self.page.names.get(href[1:])
            return self._inside(found.id if found is not None else "", node)
        if not href or len(href) > _LONGEST_ADDRESS or not _safe.is_address(href):
            return self.many(node.children)
        name = self.package.link(self._part, percents.address(href))
        inner = self._formatted("rStyle", '<w:rStyle w:val="Hyperlink"/>', node)
        title = _escape.attribute(node.get("title")[:_LONGEST_TIP])
        told = f' w:tooltip="{title}"' if title else ""
        return f'<w:hyperlink r:id="{name}"{told} w:history="1">{inner}</w:hyperlink>'

    def _inside(self, name: str, node: Node) -> str:
        inner = self.many(node.children)
        if not name:
            return inner
        mark = self._bookmark(name)
        return f'<w:hyperlink w:anchor="{mark}" w:history="1">{inner}</w:hyperlink>'

    def on_reference(self, node: Node) -> str:
        return self._inside(node.get("id"), node)

    def on_softbreak(self, _node: Node) -> str:
        return self.run(" ")

    def on_hardbreak(self, _node: Node) -> str:
        return "<w:r><w:br/></w:r>"

    def on_footnote_ref(self, node: Node) -> str:
        number = node.get("number")
        note = self._footnotes.pop(number, None)
        raised = '<w:vertAlign w:val="superscript"/>'
        if self._part == "footnotes":  # Word has no notes to notes
            return self.run(f"[{number}]", vertAlign=raised)
        if note is None:
            field = f" NOTEREF {self._bookmark(f'fn-{number}')} \\f \\h "
            shown = self.run(number, vertAlign=raised)
            return f'<w:fldSimple w:instr="{field}">{shown}</w:fldSimple>'
        self.footnotes.append(self._footnote(note, len(self.footnotes) + 1))
        style = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
        run = f'<w:r>{style}<w:footnoteReference w:id="{len(self.footnotes)}"/></w:r>'
        return self.bookmark(f"fn-{number}", run)

    def _footnote(self, note: Node, number: int) -> str:
        names = ("_part", "_format", "_style", "_lead", "_sign", "_level", "_indent", "_tone")
        before = [getattr(self, name) for name in names]
        style = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
        lead = f"<w:r>{style}<w:footnoteRef/></w:r><w:r>{_text(' ')}</w:r>"
        values: tuple[object, ...] = ("footnotes", {}, "FootnoteText", lead, "", -1, 0, "")
        for name, value in zip(names, values, strict=True):
            setattr(self, name, value)
        inner = self.many(note.children)
        inner = self.paragraph("") + inner if self._lead else inner
        for name, value in zip(names, before, strict=True):
            setattr(self, name, value)
        return f'<w:footnote w:id="{number}">{inner}</w:footnote>'

    def on_abbreviation(self, node: Node) -> str:
        return self.run(node.text)

    def on_footnotes(self, _node: Node) -> str:
        return ""  # each stands where it is named

    def on_bibliography(self, node: Node) -> str:
        before, self._style = self._style, "Bibliography"
        made = self.many(node.children)
        self._style = before
        return made


def _widths(
    rows: "Sequence[tuple[bool, list[tuple[str, str]]]]", width: int, *, small: bool
) -> list[int]:
    """Return how wide columns are: as their longest texts want, and no wider than the page."""
    letter, padding = (75, 70) if small else (140, 260)
    wanted = [padding + letter] * width
    for is_head, cells in rows:
        bold = letter + letter // 4 * is_head
        for n, (inner, _align) in enumerate(cells[:width]):
            wanted[n] = max(wanted[n], padding + bold * min(len(_TAG.sub("", inner)), 60))
    share = min(1.0, WIDTH / sum(wanted))
    return [max(1, int(n * share)) for n in wanted]


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{_escape.text(text)}</w:t>'


def _lines(text: str) -> str:
    """Return lines with the breaks and tabs of Word between them."""
    made = []
    for n, line in enumerate(text.split("\n")):
        made.append("<w:br/>" * bool(n))
        made.extend("<w:tab/>" * bool(k) + _text(part) * bool(part)
                    for k, part in enumerate(line.split("\t")))  # fmt: skip
    return "".join(made)


def _extent(known: tuple[int, int], asked: tuple[str, str], density: float) -> tuple[int, int]:
    """Return width and height of a picture: as asked for, and no larger than the page."""
    across, along = (round((side or 300) * _PIXEL * density) for side in known)
    shape = along / across
    width, height = (_length(text) for text in asked)
    if width:
        across, along = width, height or round(width * shape)
    elif height:
        across, along = round(height / shape), height
    shrunk = min(1.0, WIDTH * _EMU / across, _TALLEST / along)
    return max(1, round(across * shrunk)), max(1, round(along * shrunk))


def _length(text: str) -> int:
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz%")
    unit = _SHARE.get(text[len(number) :] or "px")
    if unit is None or not number.replace(".", "", 1).isdecimal():
        return 0
    return round(float(number) * unit)
