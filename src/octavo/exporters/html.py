"""One page of HTML: self-contained, offline, for every screen and reader."""

from octavo.exporters import _assets, _escape, _html_outputs
from octavo.exporters._exporter import Artifact, Exporter
from octavo.exporters._highlight import highlight
from octavo.exporters._html_blocks import Blocks
from octavo.exporters._page import compose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Document
    from octavo.exporters._exporter import Settings
    from octavo.exporters._page import Page, Piece


def export(document: "Document", settings: "Settings") -> "Iterable[Artifact]":
    """Return the page of a document; images stand in it."""
    page = compose(document, settings)
    blocks = Blocks(page, settings)
    body = body_of(page, blocks)
    text = _page(page, blocks, body, settings)
    notices = [*page.notices, *blocks.notices]
    return [Artifact(f"{settings.stem}.html", text.encode("utf-8"), notices)]


def body_of(page: "Page", blocks: Blocks) -> str:
    """Return the pieces of a page and its footnotes, without head and frame."""
    outputs = _html_outputs.Outputs(blocks)
    parts = [_piece(piece, blocks, outputs) for piece in page.pieces]
    return "".join(parts) + blocks.footnotes()


def _piece(piece: "Piece", blocks: Blocks, outputs: _html_outputs.Outputs) -> str:
    if piece.kind == "prose":
        inner = blocks.many(piece.blocks)
    elif piece.kind == "raw":
        inner = _raw(piece)
    else:
        inner = _code(piece, blocks, outputs)
    if piece.folds_cell and inner:
        return f'<details class="folded"><summary>Details</summary>\n{inner}</details>\n'
    return inner


def _raw(piece: "Piece") -> str:
    """Return a raw cell if it is HTML; what is for other targets is not shown."""
    from octavo.exporters import _safe

    return _safe.html(piece.source) if piece.mime in ("text/html", "html") else ""


def _code(piece: "Piece", blocks: Blocks, outputs: _html_outputs.Outputs) -> str:
    shown = outputs.many(piece)
    parts = []
    if piece.shows_input:
        source = highlight(piece.source, piece.language)
        language = _escape.attribute(piece.language)
        code = (
            f'<div class="code"><pre tabindex="0" data-language="{language}">'
            f"<code>{source}</code></pre></div>\n"
        )
        if piece.folds_input:
            summary = _escape.text(piece.summary or "Code")
            code = f'<details class="folded"><summary>{summary}</summary>\n{code}</details>\n'
        parts.append(code)
    caption = _html_outputs.caption_of(piece, blocks)
    name = blocks.page.names.get(piece.label) if piece.label else None
    if caption:
        mark = f' id="{_escape.attribute(name.id)}"' if name is not None else ""
        shown = f"<figure{mark}>{shown}{caption}</figure>\n"
    parts.append(shown)
    inner = "".join(parts)
    return f'<div class="cell">\n{inner}</div>\n' if inner else ""


def _page(page: "Page", blocks: Blocks, body: str, settings: "Settings") -> str:
    title = _escape.text(page.title)
    contents = blocks.contents() if settings.contents else ""
    side = (
        f'<nav class="contents" aria-label="Contents"><h2>Contents</h2>{contents}</nav>\n'
        if contents.count("<li>") > 1
        else ""
    )
    has_title = any(node.facts["level"] == 1 for node in page.headings())
    head = "" if has_title else f'<h1 class="page-title">{title}</h1>\n'
    facts = [*page.authors, page.date]
    if any(facts):
        head += f'<p class="byline">{_escape.text(" · ".join(filter(None, facts)))}</p>\n'
    about = (
        f'<meta name="description" content="{_escape.attribute(page.description)}">\n'
        if page.description
        else ""
    )
    style = _assets.text("page.css") + settings.css.replace("</", "<\\/")
    return (
        f'<!DOCTYPE html>\n<html lang="{_escape.attribute(page.language)}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="Octavo">\n{about}'
        f"<style>\n{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#content">Skip to the content</a>\n'
        f'<div class="layout">\n{side}<main id="content">\n{head}{body}</main>\n</div>\n'
        f"<script>\n{_assets.text('page.js')}</script>\n</body>\n</html>\n"
    )


EXPORTER = Exporter("html", ".html", export, summary="A self-contained page.")
