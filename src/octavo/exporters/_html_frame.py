"""What stands around the pieces of a page of HTML."""

from octavo.exporters import _assets, _escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.exporters._page import Page


def headed(page: "Page", body: str) -> str:
    """Return a body below its title, which may be in it, and who wrote the document when."""
    facts = [*page.authors, page.date]
    line = _escape.text(" · ".join(filter(None, facts)))
    byline = f'<p class="byline">{line}</p>\n' if line else ""
    if not any(node.facts["level"] == 1 for node in page.headings()):
        return f'<h1 class="page-title">{_escape.text(page.title)}</h1>\n{byline}{body}'
    title, end, rest = body.partition("</h1>\n")
    return f"{title}{end}{byline}{rest}" if body.startswith("<h1") else byline + body


def about(page: "Page") -> str:
    """Return what search engines are told of a page."""
    if not page.description:
        return ""
    return f'<meta name="description" content="{_escape.attribute(page.description)}">\n'


def contents(label: str, inner: str) -> str:
    """Return the table of contents beside a page; a small screen folds it."""
    return (
        f'<nav class="contents" aria-label="{label}"><details open><summary>{label}</summary>'
        f"{inner}</details></nav>\n"
    )


def theme() -> str:
    """Return the script of the head: the theme that a reader chose, before anything is drawn."""
    return f"<script>{_assets.text('theme.js').strip()}</script>\n"
