"""A PDF by Typst: tagged, with bookmarks, without LaTeX and without the network."""

from octavo.core.errors import FormatError, Notice, OptionError, Span
from octavo.core.patterns import lazy
from octavo.exporters import _assets, _outputs, _raster
from octavo.exporters._exporter import Artifact, Exporter
from octavo.exporters._page import compose
from octavo.exporters._paper_outputs import PaperOutputs
from octavo.exporters._typst_blocks import TypstBlocks, breakable, literal, place, shown, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from octavo.core.document import Document, Json
    from octavo.exporters._exporter import Settings
    from octavo.exporters._node import Node
    from octavo.exporters._outputs import Output
    from octavo.exporters._page import Page, Piece
    from octavo.exporters._tables import Table

_FORMS = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp", "text/latex",
          "text/markdown", "text/html", "application/json", "text/plain")  # fmt: skip
_ACCESSIBLE = "ua-1"
_DAMAGED = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="180" height="24"><text x="2" y="16" '
    b'font-size="12" font-family="Libertinus Serif">[a damaged picture]</text></svg>'
)
#: Letters and signs of the fonts that come with Typst; others need fonts of the system.
_FOREIGN = lazy(r"[^\x00-\u04ff\u1d00-\u1fff\u2000-\u27ff\u2900-\u2bff\ufffd\U0001d400-\U0001d7ff]")
_LANGUAGE = lazy(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?")


def export(document: "Document", settings: "Settings") -> "Iterable[Artifact]":
    """Return the PDF of a document.

    It keeps PDF/UA-1 where every picture has an alternative text; a notice tells where not.

    Raises: `OptionError` OCT-E011 (Typst is not installed, or no such standard), `FormatError`
    OCT-E012 when Typst does not take the document.
    """
    page = compose(document, settings)
    blocks = TypstBlocks(page, settings)
    head = _head(page, blocks, settings)
    text = head + "".join([_piece(piece, blocks) for piece in page.pieces])
    data = _compiled(text, blocks, settings)
    notices = [*page.notices, *blocks.notices]
    return [Artifact(f"{settings.stem}.pdf", data, notices)]


def _head(page: "Page", blocks: TypstBlocks, settings: "Settings") -> str:
    """Return the set-up, title and contents; these stand below the heading that is the title."""
    language = _LANGUAGE.match(page.language)
    region = f', region: "{language[2].lower()}"' if language and language[2] else ""
    authors = "".join(f"{literal(name)}, " for name in page.authors)
    has_title = any(node.get("level") == "1" for node in page.headings())
    parts = [
        _assets.text("page.typ"),
        f"#set document(title: {literal(page.title)}, author: ({authors or ''}))\n",
        f'#set text(lang: "{language[1].lower() if language else "en"}"{region})\n',
        '#set heading(numbering: "1.1")\n' if settings.number_sections else "",
        "" if has_title else f"#heading(level: 1)[{shown(page.title)}]\n\n",
    ]
    byline = " · ".join(filter(None, [*page.authors, page.date]))
    front = f"#text(fill: gray.darken(40%))[{shown(byline)}]\n\n" if byline else ""
    if settings.contents and len(page.headings()) > 5:
        front += "#outline(depth: 3)\n\n"
    if page.begins_with_title():
        blocks.after_title = front
    else:
        parts.append(front)
    return "".join(parts)


def _piece(piece: "Piece", blocks: TypstBlocks) -> str:
    if piece.kind == "prose":
        return blocks.many(piece.blocks)
    if piece.kind == "raw":
        return ""
    parts = []
    if piece.shows_input:
        parts.append(f"#input[{source(piece.source, piece.language)}]\n\n")
    outputs = _Outputs(blocks).of(piece)
    name = blocks.page.names.get(piece.label or piece.id)
    if piece.caption and name is not None:
        caption = blocks.many(piece.caption)
        label = f" #label({literal(name.id)})"
        outputs = blocks.figure(outputs, caption, name.kind, label)
    elif piece.label and name is not None:
        parts.insert(0, place(name.id))
    return "".join([*parts, outputs])


class _Outputs(PaperOutputs):
    """Outputs in a PDF."""

    forms = _FORMS
    product = "a PDF"
    blocks: TypstBlocks

    def printed(self, text: str, kind: str) -> str:
        return f"#printed({literal(kind)}, raw({breakable(text)}, block: true))\n\n"

    def picture(self, data: bytes, mime: str, output: "Output", piece: "Piece") -> str:  # noqa: ARG002  others look at it
        alt = output.alt or _outputs.described(output)
        return self.blocks.picture(data, mime, alt) + "\n\n"

    def image(self, node: "Node") -> str:
        return f"{self.blocks.one(node)}\n\n"

    def table(self, table: "Table") -> str:
        cells = [f"[{shown(cell)}]" for row in table.rows for cell in row]
        width = len(table.rows[0])
        heads = cells[: table.headers * width]
        header = f"table.header({', '.join(heads)}), " if heads else ""
        rest = ", ".join(cells[table.headers * width :])
        size = f"{max(0.25, min(0.85, 14 / width)):.2f}em"  # many columns have small letters
        facts = f"columns: {width}, align: right, inset: (x: 0.6em, y: 0.4em)"
        return f"#text(size: {size})[#table({facts}, {header}{rest})]\n\n"

    def remark(self, text: str) -> str:
        return f"#emph[{shown(text)}]\n\n"


def _compiled(text: str, blocks: TypstBlocks, settings: "Settings") -> bytes:
    files = {"main.typ": text.encode("utf-8"), **blocks.files}
    own_fonts = _FOREIGN.search(text) is None

    def compiled(standard: str) -> bytes:
        options: dict[str, Json] = {
            "format": "pdf", "timestamp": 0, "pdf_standards": [standard] if standard else [],
            "ignore_system_fonts": own_fonts,
        }  # fmt: skip
        return settings.typeset(files, options)

    try:
        return _to_standard(compiled, blocks, settings)
    except RuntimeError as error:
        damaged = [
            name for name in blocks.files if not _raster.is_whole(blocks.files[name], settings)
        ]
        if not damaged:
            raise _fault(_first_line(error), settings) from None
    files |= dict.fromkeys(damaged, _DAMAGED)
    told = f"{len(damaged)} damaged" + " picture" + "s" * (len(damaged) > 1)
    blocks.notices.append(Notice("OCT-E003", told, Span(), hint="a word stands in their place"))
    try:
        return _to_standard(compiled, blocks, settings)
    except RuntimeError as error:
        raise _fault(_first_line(error), settings) from None


def _to_standard(
    compiled: "Callable[[str], bytes]", blocks: TypstBlocks, settings: "Settings"
) -> bytes:
    """Return the PDF as the standard that was asked for, else accessible if it can be."""
    if settings.standard:
        return compiled(settings.standard)
    try:
        return compiled(_ACCESSIBLE)
    except RuntimeError as error:
        data = compiled("")
        why = _first_line(error)
        lacks_letters = "could not be displayed" in why
        blocks.notices.append(
            Notice("OCT-E007", f"the PDF is tagged, but does not keep PDF/UA-1: {why}", Span(),
                   hint="install a font with these letters" if lacks_letters
                   else "give pictures an alternative text")
        )  # fmt: skip
        return data


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0].removeprefix("error: ").removeprefix("PDF/UA-1 error: ")


def _fault(said: str, settings: "Settings") -> "FormatError | OptionError":
    first = said.split("\n", maxsplit=1)[0].removeprefix("error: ")
    if settings.standard and "standard" in first:
        return OptionError("OCT-E011", f"{settings.standard!r}: {first}",
                           hint="ua-1, a-2b, a-3b, a-4, 1.7 and 2.0 are standards")  # fmt: skip
    if settings.standard:
        return FormatError("OCT-E012", f"the document does not keep {settings.standard}: {first}",
                           hint="without --standard it is written all the same")  # fmt: skip
    return FormatError("OCT-E012", f"Typst does not take the document: {first}",
                       hint="please report it, with the document")  # fmt: skip


EXPORTER = Exporter("pdf", ".pdf", export, summary="A tagged PDF, made by Typst.")
