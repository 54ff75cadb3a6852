"""Links between the pages of a site: marks while a page is written, addresses once all are known.

A page is rendered without looking at the others, so that it can be kept while they change.  A
link to another document, or to a label that stands elsewhere, is left as a mark with what was
asked for; `Links.resolved` puts the address, and the title where the author gave none.
"""

import posixpath

from octavo.core.errors import Notice, Span
from octavo.core.patterns import lazy
from octavo.core.percents import quote, unquote
from octavo.exporters import _escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.exporters._site_page import SitePage

_MARK = lazy(r'<a data-octavo="(doc|ref) (\d+) ([^"]*)">(.*?)</a>', 16)  # 16: re.DOTALL


def is_document(href: str) -> bool:
    """Return whether an address is that of a document beside this one.

    >>> is_document("guide/intro.md#top"), is_document("https://x.org/a.md"), is_document("a.png")
    (True, False, False)
    """
    from octavo.formats import _index

    path = href.partition("#")[0]
    return (
        bool(path)
        and "://" not in path
        and not path.startswith(("/", "mailto:", "data:"))
        and path.endswith(tuple(_index.SUFFIXES))
    )


def to_document(page: str, href: str, inner: str, line: int) -> str:
    """Return the mark of a link from *page* to a document."""
    path, _, fragment = href.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path)))
    asked = quote(f"{_without_suffix(target)}#{fragment}")
    return f'<a data-octavo="doc {line} {asked}">{inner}</a>'


def to_name(page: str, kind: str, target: str, inner: str, line: int) -> str:
    """Return the mark of a reference to a label, or of `{doc}`, which names a page."""
    if kind == "document":
        path = (
            target[1:]
            if target.startswith("/")
            else posixpath.join(posixpath.dirname(page), target)
        )
        asked = quote(f"{_without_suffix(posixpath.normpath(path))}#")
        return f'<a data-octavo="doc {line} {asked}">{inner}</a>'
    return f'<a data-octavo="ref {line} {quote(kind + " " + target)}">{inner}</a>'


def _without_suffix(path: str) -> str:
    from octavo.formats import _index

    ending = next((suffix for suffix in _index.SUFFIXES if path.endswith(suffix)), "")
    return path.removesuffix(ending)


class Links:
    """The addresses of all pages and labels of a site."""

    def __init__(self, pages: "Iterable[SitePage]") -> None:
        self._pages = {page.path: page for page in pages}
        self._pages |= {page.alias: page for page in list(self._pages.values()) if page.alias}
        self._names: dict[str, tuple[SitePage, list[str]]] = {}
        for page in self._pages.values():
            for label, name in page.names.items():
                self._names.setdefault(label, (page, name))
        self.notices: list[Notice] = []

    def resolved(self, page: "SitePage") -> str:
        """Return the body of a page with addresses in place of marks."""
        if "data-octavo" not in page.body:
            return page.body
        parts: list[str] = []
        at = 0
        for mark in _MARK.finditer(page.body):
            parts.append(page.body[at : mark.start()])
            asked = unquote(mark[3])
            if mark[1] == "doc":
                parts.append(self._document(page, asked, mark[4], int(mark[2])))
            else:
                parts.append(self._name(page, asked, mark[4], int(mark[2])))
            at = mark.end()
        return "".join([*parts, page.body[at:]])

    def address(self, page: "SitePage", other: "SitePage", fragment: str = "") -> str:
        """Return the address of another page, as seen from *page*."""
        path = posixpath.relpath(other.file, posixpath.dirname(page.file) or ".")
        if other is page and fragment:
            path = ""
        return quote(path) + (f"#{quote(fragment)}" if fragment else "")

    def _document(self, page: "SitePage", asked: str, inner: str, line: int) -> str:
        path, _, fragment = asked.partition("#")
        other = self._pages.get(path)
        if other is None:
            self._tell(page, f"no page {path!r} in this site", line)
            return f"<span>{inner or _escape.text(path)}</span>"
        if fragment and fragment not in other.ids:
            self._tell(page, f"{path!r} has no place {fragment!r}", line)
            fragment = ""
        return self._link(page, other, fragment, inner or _escape.text(other.title))

    def _name(self, page: "SitePage", asked: str, inner: str, line: int) -> str:
        kind, _, target = asked.partition(" ")
        found = self._names.get(target)
        if found is None:
            self._tell(page, f"nothing is labelled {target!r}", line)
            return f"<code>{inner or _escape.text(target)}</code>"
        other, (id_, words, title) = found
        shown = words if kind in ("number", "equation") else title or words
        return self._link(page, other, id_, inner or _escape.text(shown))

    def _link(self, page: "SitePage", other: "SitePage", fragment: str, inner: str) -> str:
        address = _escape.attribute(self.address(page, other, fragment))
        return f'<a class="reference" href="{address}">{inner}</a>'

    def _tell(self, page: "SitePage", what: str, line: int) -> None:
        span = Span(page.source, line)
        self.notices.append(Notice("OCT-E030", what, span, hint="the words stay, without a link"))
