"""One page of HTML: self-contained, offline, for every screen and reader."""

from octavo.exporters import _assets, _escape, _html_frame, _live
from octavo.exporters._exporter import Artifact, Exporter
from octavo.exporters._html_blocks import Blocks
from octavo.exporters._html_pieces import Pieces
from octavo.exporters._page import compose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Document
    from octavo.exporters._exporter import Settings
    from octavo.exporters._page import Page


def export(document: "Document", settings: "Settings") -> "Iterable[Artifact]":
    """Return the page of a document; images stand in it."""
    page = compose(document, settings)
    blocks = Blocks(page, settings, is_live=True)
    body = body_of(page, blocks)
    text = _page(page, blocks, body, settings)
    notices = [*page.notices, *blocks.notices]
    return [Artifact(f"{settings.stem}.html", text.encode("utf-8"), notices)]


def body_of(page: "Page", blocks: Blocks) -> str:
    """Return the pieces of a page and its footnotes, without head and frame."""
    pieces = Pieces(blocks)
    return "".join([pieces.one(piece) for piece in page.pieces]) + blocks.footnotes()


def _page(page: "Page", blocks: Blocks, body: str, settings: "Settings") -> str:
    title = _escape.text(page.title)
    contents = blocks.contents() if settings.contents else ""
    side = _html_frame.contents("Contents", contents) if contents.count("<li>") > 1 else ""
    body = _html_frame.headed(page, body)
    about = _html_frame.about(page)
    frames = _assets.text("frames.js") if blocks.libraries else ""
    style = _assets.text("page.css") + settings.css.replace("</", "<\\/")
    return (
        f'<!DOCTYPE html>\n<html lang="{_escape.attribute(page.language)}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="Octavo">\n{about}'
        f"{_html_frame.theme()}{_live.policy(body)}<style>\n{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#content">Skip to the content</a>\n'
        f'<div class="layout">\n{side}<main id="content">\n{body}</main>\n</div>\n'
        f"{_live.libraries(blocks.libraries, settings)}"
        f"<script>\n{_assets.text('page.js')}{frames}</script>\n</body>\n</html>\n"
    )


EXPORTER = Exporter("html", ".html", export, summary="A self-contained page.")
