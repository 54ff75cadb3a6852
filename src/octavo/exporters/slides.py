"""Slides in one file: offline, for the keyboard, with a view for the speaker and a pen."""

from octavo.exporters import _assets, _deck, _escape, _live
from octavo.exporters._exporter import Artifact, Exporter
from octavo.exporters._html_blocks import Blocks
from octavo.exporters._html_pieces import Pieces
from octavo.exporters._page import compose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Document
    from octavo.exporters._exporter import Settings
    from octavo.exporters._node import Node
    from octavo.exporters._page import Page

_SCRIPTS = ("slides-moves.js", "slides-pen.js", "slides-speaker.js", "slides-keys.js")


def export(document: "Document", settings: "Settings") -> "Iterable[Artifact]":
    """Return the slides of a document; cells of the slide type `skip` are nowhere in them."""
    page = compose(document, settings, without=frozenset(("skip-slide",)))
    blocks = Blocks(page, settings, is_live=True)
    deck = _deck.slides(page)
    body = _body(deck, page, blocks)
    text = _file(page, body, blocks)
    notices = [*page.notices, *blocks.notices]
    return [Artifact(f"{settings.stem}.slides.html", text.encode("utf-8"), notices)]


def _body(deck: list[_deck.Slide], page: "Page", blocks: Blocks) -> str:
    """Return the slides; footnotes stand on the slide that names them first."""
    pieces = Pieces(blocks)
    titles = _titles(deck, page)
    contents = [_content(slide, pieces) for slide in deck]
    notes = [blocks.footnotes(named) for named in _footnotes(deck, page)]
    if deck[0].is_empty or _needs_front(page, blocks.settings):
        titles.insert(0, page.title)
        notes.insert(0, "")
        contents.insert(0, _front(page))
        deck = [_deck.Slide(), *[slide for slide in deck if not slide.is_empty]]
    else:
        contents[0] = _below_title(contents[0], _byline(page))
    total = len(deck)
    parts = []
    for number, slide in enumerate(deck, 1):
        title = _escape.attribute(f"{number} of {total}: {titles[number - 1]}")
        below = ' data-below="true"' if slide.is_below else ""
        said = "".join([pieces.one(piece) for piece in slide.notes])
        aside = f'<aside class="notes" hidden>\n{said}</aside>\n' if said else ""
        parts.append(
            f'<section class="slide" id="/{number}" aria-roledescription="slide" '
            f'aria-label="{title}"{below}>\n<div class="content">\n{contents[number - 1]}'
            f"{notes[number - 1]}</div>\n{aside}</section>\n"
        )
    return "".join(parts)


def _content(slide: _deck.Slide, pieces: Pieces) -> str:
    made = []
    for part in slide.parts:
        inner = "".join([pieces.one(piece) for piece in part.pieces])
        if inner:
            made.append(f'<div class="fragment">\n{inner}</div>\n' if part.is_fragment else inner)
    return "".join(made)


def _titles(deck: list[_deck.Slide], page: "Page") -> list[str]:
    """Return the title of each slide; one without a heading goes on with that above."""
    titles: list[str] = []
    for slide in deck:
        titles.append(slide.title() or (titles[-1] if titles else page.title))
    return titles


def _footnotes(deck: list[_deck.Slide], page: "Page") -> "list[list[Node]]":
    left = {note.get("number"): note for note in page.footnotes}
    found: list[list[Node]] = []
    for slide in deck:
        numbers = [node.get("number") for node in slide.nodes() if node.type == "footnote_ref"]
        found.append([left.pop(number) for number in numbers if number in left])
    return found


def _needs_front(page: "Page", settings: "Settings") -> bool:
    """Return whether the title stands in the head of the document only."""
    has_title = any(node.facts["level"] == 1 for node in page.headings())
    return not has_title and not _deck.is_marked(page) and page.title != settings.stem


def _front(page: "Page") -> str:
    """Return the first slide of a document whose title stands in its head."""
    about = f"<p>{_escape.text(page.description)}</p>\n" if page.description else ""
    return f"<h1>{_escape.text(page.title)}</h1>\n{about}{_byline(page)}"


def _below_title(content: str, byline: str) -> str:
    head, end, rest = content.partition("</h1>\n")
    return head + end + byline + rest if end else content + byline


def _byline(page: "Page") -> str:
    facts = " · ".join(filter(None, [*page.authors, page.date]))
    return f'<p class="byline">{_escape.text(facts)}</p>\n' if facts else ""


def _file(page: "Page", body: str, blocks: Blocks) -> str:
    from hashlib import blake2b

    settings = blocks.settings
    script = '"use strict";\n(() => {\n' + "".join(map(_assets.text, _SCRIPTS)) + "})();\n"
    script += _assets.text("frames.js") * bool(blocks.libraries)
    policy = _policy(script, blocks)
    style = _assets.text("page.css") + _assets.text("slides.css")
    style += settings.css.replace("</", "<\\/")
    name = blake2b(body.encode("utf-8"), digest_size=8).hexdigest()
    libraries = _live.libraries(blocks.libraries, settings)
    about = (
        f'<meta name="description" content="{_escape.attribute(page.description)}">\n'
        if page.description
        else ""
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{_escape.attribute(page.language)}">\n<head>\n'
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{_escape.text(page.title)}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="Octavo">\n{about}'
        f"<style>\n{style}</style>\n</head>\n<body>\n"
        f'<header class="place unseen"></header>\n'
        f'<main class="deck" data-deck="{name}">\n{body}</main>\n'
        f"{_assets.text('slides-controls.html')}{libraries}<script>{script}</script>\n</body>\n</html>\n"
    )


def _policy(script: str, blocks: Blocks) -> str:
    """Return what slides may do: their own script, and frames of live outputs theirs.

    A frame keeps to the rules of the page around it as well as to its own.
    """
    from base64 import b64encode
    from hashlib import sha256

    rules = "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'; "
    if blocks.libraries:
        return rules.replace("img-src data:", "img-src data: blob:; font-src data:") + (
            "script-src 'unsafe-inline' 'unsafe-eval'"
        )
    allowed = b64encode(sha256(script.encode("utf-8")).digest()).decode("ascii")
    return f"{rules}script-src 'sha256-{allowed}'"


EXPORTER = Exporter("slides", ".slides.html", export, summary="Slides in one file.")
