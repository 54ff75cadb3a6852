"""The order of the pages of a site, and the navigation that shows it.

The `toctree`s of the first page tell the order, if there are any; the rest follows by `order` in
the head of a document, then by name.
"""

import posixpath
from fnmatch import fnmatchcase

from octavo.core.patterns import lazy
from octavo.exporters import _escape
from octavo.exporters._site_page import INDEX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from octavo.exporters._site_links import Links
    from octavo.exporters._site_page import SitePage

_FIRST = (INDEX, "README", "readme")
_NUMBERS = lazy(r"(\d+)")


def put_first(pages: "Sequence[SitePage]") -> bool:
    """Make an index or a README the first page, and return whether there is one."""
    first = next((page for name in _FIRST for page in pages if page.path == name), None)
    if first is not None and first.path != INDEX:
        first.alias, first.path = first.alias or first.path, INDEX
    return first is not None


class Group:
    """Pages below one caption ("" for those without)."""

    __slots__ = ("caption", "pages")

    def __init__(self, caption: str, pages: "list[SitePage]") -> None:
        self.caption = caption
        self.pages = pages


class Navigation:
    """The pages of a site in the order in which they are read."""

    def __init__(self, pages: "Sequence[SitePage]") -> None:
        self.groups = _groups(sorted(pages, key=_order))
        self.pages = [page for group in self.groups for page in group.pages]
        self._places = {page.path: n for n, page in enumerate(self.pages)}

    def html(self, page: "SitePage", links: "Links") -> str:
        """Return the navigation as seen from a page."""
        parts: list[str] = []
        for group in self.groups:
            if group.caption:
                parts.append(f'<p class="caption">{_escape.text(group.caption)}</p>\n')
            items = [_item(page, other, links) for other in group.pages]
            parts.append(f"<ul>\n{''.join(items)}</ul>\n")
        return "".join(parts)

    def neighbours(self, page: "SitePage") -> "tuple[SitePage | None, SitePage | None]":
        """Return the pages before and after a page."""
        at = self._places[page.path]
        before = self.pages[at - 1] if at else None
        return before, self.pages[at + 1] if at + 1 < len(self.pages) else None

    def caption_of(self, page: "SitePage") -> str:
        """Return the caption above a page."""
        return next((group.caption for group in self.groups if page in group.pages), "")


def _item(page: "SitePage", other: "SitePage", links: "Links") -> str:
    current = ' aria-current="page"' if other is page else ""
    address = _escape.attribute(links.address(page, other))
    return f'<li><a href="{address}"{current}>{_escape.text(other.title)}</a></li>\n'


def _groups(pages: "list[SitePage]") -> list[Group]:
    first = [page for page in pages if page.path == INDEX]
    rest = {page.path: page for page in pages if page.path != INDEX}
    groups = [Group("", first)] if first else []
    for home in first:
        for caption, entries in home.toctrees:
            found = [page for _, target in entries for page in _matching(home, target, rest)]
            found = list(dict.fromkeys(found))
            for page in found:
                rest.pop(page.path, None)
            if found:
                groups.append(Group(caption, found))
    folders: dict[str, list[SitePage]] = {}
    for page in rest.values():
        folders.setdefault(posixpath.dirname(page.path), []).append(page)
    groups += [Group(_caption(folder), found) for folder, found in sorted(folders.items())]
    return groups


def _matching(home: "SitePage", target: str, rest: "dict[str, SitePage]") -> "list[SitePage]":
    """Return the pages that an entry of a toctree means: one, or those that fit a pattern."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(home.path), target))
    if "*" not in path:
        found = rest.get(path) or rest.get(posixpath.splitext(path)[0])
        return [found] if found is not None else []
    depth = path.count("/")
    return [
        page for name, page in rest.items() if name.count("/") == depth and fnmatchcase(name, path)
    ]


def _caption(folder: str) -> str:
    return folder.rpartition("/")[2].replace("-", " ").replace("_", " ").capitalize()


def _order(page: "SitePage") -> tuple[int, float, list[tuple[int, int, str]]]:
    """Return what sorts pages: by number if they have one, names as people count."""
    try:
        number = float(page.order)
    except ValueError:
        number = float("inf")
    parts = _NUMBERS.split(page.path.lower())
    name = [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts]
    return page.path != INDEX, number, name
