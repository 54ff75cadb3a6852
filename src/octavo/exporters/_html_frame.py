"""What stands around the pieces of a page of HTML."""

from octavo.exporters import _escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.exporters._page import Page


def opening(page: "Page") -> str:
    """Return the title, if no heading is it, and who wrote the document when."""
    has_title = any(node.facts["level"] == 1 for node in page.headings())
    shown = "" if has_title else f'<h1 class="page-title">{_escape.text(page.title)}</h1>\n'
    facts = [*page.authors, page.date]
    if any(facts):
        shown += f'<p class="byline">{_escape.text(" · ".join(filter(None, facts)))}</p>\n'
    return shown


def about(page: "Page") -> str:
    """Return what search engines are told of a page."""
    if not page.description:
        return ""
    return f'<meta name="description" content="{_escape.attribute(page.description)}">\n'
