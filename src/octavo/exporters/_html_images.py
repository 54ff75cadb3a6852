"""Pictures in HTML that somebody wrote: `<img src="a.png">` is a picture like any other."""

from html.parser import HTMLParser

from octavo.core.patterns import lazy
from octavo.exporters._node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from re import Match

_TAG = lazy(r"""<img\b(?:"[^"]*"|'[^']*'|[^<>"'])*>""", 2)  # 2: re.IGNORECASE


def images_in(html: str, line: int = 0) -> list[Node]:
    """Return the pictures of HTML as nodes, in order.

    >>> images_in('<p><img src="a.png" alt="words"></p>')[0].get("alt")
    'words'
    """
    return [_image(tag[0], line) for tag in _TAG.finditer(html)] if "<" in html else []


def with_images(html: str, images: "Sequence[Node]", made: "Callable[[Node], str]") -> str:
    """Return HTML in which what is *made* of each picture stands in its place.

    Those whose bytes stand in the HTML stay as they are.
    """
    left = iter(images)

    def put(tag: "Match[str]") -> str:
        node = next(left, None)
        is_whole = node is None or _image(tag[0], 0).get("src").startswith("data:")
        return tag[0] if is_whole or node is None else made(node)

    return _TAG.sub(put, html)


class _Reader(HTMLParser):
    """Reads the attributes of one tag."""

    def __init__(self, tag: str) -> None:
        super().__init__(convert_charrefs=True)
        self.facts: dict[str, str] = {}
        self.feed(tag)
        self.close()

    def handle_starttag(self, tag: str, attrs: "Sequence[tuple[str, str | None]]") -> None:
        if tag == "img":
            self.facts = {name: (value or "").strip() for name, value in reversed(attrs)}


def _image(tag: str, line: int) -> Node:
    facts = _Reader(tag).facts
    names = ("src", "alt", "title", "width", "height")
    known: dict[str, object] = {name: facts.get(name, "") for name in names}
    return Node("image", line=line, facts=known)
