"""A site: documents joined by navigation, links and a search that needs no server.

    pages = [render(path, document, settings) ...]     each by itself; may be kept between builds
    artifacts = join(pages, settings)                  navigation, links, search, shared files

Everything is a file: the site works from a folder on a disk, without the network.
"""

import json
import posixpath

from octavo.core.errors import Notice, OptionError, Span
from octavo.exporters import _assets, _escape, _html_frame, _live, _site_nav
from octavo.exporters._exporter import Artifact, Exporter
from octavo.exporters._site_links import Links
from octavo.exporters._site_nav import Navigation
from octavo.exporters._site_page import INDEX, SitePage, render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from octavo.core.document import Document
    from octavo.exporters._exporter import Entry, Settings

__all__ = ("EXPORTER", "SitePage", "export_many", "join", "render")

STATIC = "_static"


def export_many(entries: "Iterable[Entry]", settings: "Settings") -> "Iterable[Artifact]":
    """Return the site of documents; an entry is (path without suffix, document, its settings)."""
    return join([render(path, document, own) for path, document, own in entries], settings)


def join(pages: "Sequence[SitePage]", settings: "Settings") -> list[Artifact]:
    """Return the files of a site.  `settings.title` is its name, `settings.css` its theme.

    Raises: `OptionError` OCT-E031 when two documents would be the same page.
    """
    pages = _with_first_page(list(pages), settings)
    _check_places(pages)
    links = Links(pages)
    navigation = Navigation(pages)
    title = settings.title or next((p.title for p in pages if p.path == INDEX), "") or "Documents"
    made = []
    for page in navigation.pages:
        told = len(links.notices)
        text = _page(page, navigation, links, title)
        notices = [*_placed(page), *links.notices[told:]]
        made.append(Artifact(page.file, text.encode("utf-8"), notices))
    style = _assets.text("page.css") + _assets.text("site.css") + settings.css
    scripts = ("page.js", "site.js", "frames.js")
    shared = {
        "octavo.css": style,
        "octavo.js": "".join(map(_assets.text, scripts)),
        "search.js": _search_index(navigation.pages),
    }
    for name in sorted({name for page in pages for name in page.libraries}):
        shared[f"{name}.js"] = _live.as_file(name, settings)
    return [
        *made,
        *[Artifact(f"{STATIC}/{name}", text.encode("utf-8")) for name, text in shared.items()],
    ]


def _placed(page: SitePage) -> "list[Notice]":
    """Return the notices of a page with the file that they are about."""
    return [
        one if one.span.file
        else Notice(one.code, one.message, Span(page.source, one.span.line), hint=one.hint)
        for one in page.notices
    ]  # fmt: skip


def _with_first_page(pages: "list[SitePage]", settings: "Settings") -> "list[SitePage]":
    """Return the pages with one that is the first: a README, or a list of all."""
    if _site_nav.put_first(pages):
        return pages
    home = SitePage(INDEX)
    home.title = settings.title or "Contents"
    rest = Navigation(pages)
    items = "".join(
        f'<li><a data-octavo="doc 0 {_quoted(page.path)}"></a></li>\n' for page in rest.pages
    )
    home.body = f'<h1 class="page-title">{_escape.text(home.title)}</h1>\n<ul>\n{items}</ul>\n'
    home.language = pages[0].language if pages else "en"
    return [home, *pages]


def _quoted(path: str) -> str:
    from octavo.core.percents import quote

    return quote(f"{path}#")


def _check_places(pages: "list[SitePage]") -> None:
    known: dict[str, SitePage] = {}
    for page in pages:
        other = known.setdefault(page.path.lower(), page)
        if other is not page:
            raise OptionError(
                "OCT-E031", f"{other.source} and {page.source} would be the same page",
                hint="rename one of them, or leave it out",
            )  # fmt: skip


def _page(page: SitePage, navigation: Navigation, links: Links, title: str) -> str:
    up = posixpath.relpath(".", posixpath.dirname(page.file) or ".")
    static = _escape.attribute(posixpath.normpath(posixpath.join(up, STATIC)))
    home = _escape.attribute(posixpath.normpath(posixpath.join(up, f"{INDEX}.html")))
    shown = _escape.text(page.title if page.title == title else f"{page.title} - {title}")
    contents = crumbs = ""
    if page.contents:
        contents = _html_frame.contents("On this page", page.contents)
    caption = _escape.text(navigation.caption_of(page))
    if caption:
        link = f'<a href="{home}">{_escape.text(title)}</a>'
        crumbs = f'<p class="crumbs">{link} / {caption}</p>\n'
    return (
        f'<!DOCTYPE html>\n<html lang="{_escape.attribute(page.language)}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{shown}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="Octavo">\n{page.about}'
        f"{_html_frame.theme()}{_live.policy(page.body)}"
        f'<link rel="stylesheet" href="{static}/octavo.css">\n</head>\n'
        f'<body class="site" data-root="{_escape.attribute(up)}">\n'
        '<a class="skip" href="#content">Skip to the content</a>\n'
        f'<header class="site-head"><a class="site-title" href="{home}">{_escape.text(title)}</a>\n'
        '<div class="search" role="search"></div></header>\n'
        '<div class="site-layout">\n'
        f'<details class="site-menu" open><summary>Menu</summary>\n<nav aria-label="Site">\n'
        f"{navigation.html(page, links)}</nav></details>\n"
        f'<div class="layout">\n{contents}<main id="content">\n{crumbs}{links.resolved(page)}'
        f"{_turn(page, navigation, links)}</main>\n</div>\n</div>\n"
        f"{_live.links(page.libraries, static)}"
        f'<script src="{static}/search.js"></script>\n<script src="{static}/octavo.js"></script>\n'
        "</body>\n</html>\n"
    )


def _turn(page: SitePage, navigation: Navigation, links: Links) -> str:
    """Return the links to the pages before and after."""
    parts = []
    for other, name, word in zip(
        navigation.neighbours(page), ("prev", "next"), ("Previous", "Next"), strict=True
    ):
        if other is not None:
            address = _escape.attribute(links.address(page, other))
            parts.append(
                f'<a class="{name}" rel="{name}" href="{address}"><span>{word}</span> '
                f"{_escape.text(other.title)}</a>\n"
            )
    inner = "".join(parts)
    return (
        f'<nav class="turn" aria-label="Previous and next page">\n{inner}</nav>\n' if inner else ""
    )


def _search_index(pages: "Sequence[SitePage]") -> str:
    """Return the index of the search as a script: files on a disk can be loaded, not fetched."""
    rows = [[page.file, page.title, page.sections] for page in pages]
    told = _escape.possible(json.dumps(rows, ensure_ascii=False, separators=(",", ":")))
    told = told.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'"use strict";\nwindow.octavoSearch = {told};\n'


def export(document: "Document", settings: "Settings") -> "Iterable[Artifact]":
    """Return the site of one document."""
    return export_many([(settings.stem, document, settings)], settings)


EXPORTER = Exporter(
    "site", ".html", export, export_many=export_many, is_folder=True,
    summary="Pages with navigation and a search that works offline.",
)  # fmt: skip
