"""HTML of a page as XHTML of a book: well-formed, ids that are names, pictures as files.

Source: XHTML as EPUB 3.3 takes it; HTML says which elements and attributes it has.
"""

from html.parser import HTMLParser

from octavo.core.patterns import lazy
from octavo.exporters import _escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from octavo.exporters._book_media import Media

    Attributes: TypeAlias = Sequence[tuple[str, str | None]]

_VOID = frozenset("br col hr img source wbr".split())
_RENAMED = {"strike": "s", "tt": "code", "acronym": "abbr", "center": "div", "big": "span",
            "font": "span", "hgroup": "div", "main": "div"}  # fmt: skip
_ELEMENTS = frozenset(
    "a abbr article aside audio b bdi bdo blockquote br caption cite code col colgroup data dd del "
    "details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd "
    "li mark nav ol p pre q rp rt ruby s samp section small source span strong sub summary sup "
    "table tbody td tfoot th thead time tr u ul var video wbr math".split()
)
_BLOCKS = frozenset(
    "article aside blockquote details div dl figure footer h1 h2 h3 h4 h5 h6 header hr nav ol p "
    "pre section table ul".split()
)
_EVERYWHERE = frozenset("class dir lang style title aria-label aria-hidden".split())
_OF = {
    "a": "href", "img": "src alt width height", "ol": "start reversed", "li": "value",
    "td": "colspan rowspan", "th": "colspan rowspan scope", "col": "span", "colgroup": "span",
    "details": "open", "video": "src controls loop muted width height",
    "audio": "src controls loop muted", "source": "src type", "time": "datetime",
    "data": "value", "bdo": "dir",
}  # fmt: skip
_ROLES = frozenset(
    "doc-endnotes doc-backlink doc-noteref doc-bibliography note group img math".split()
)
_KINDS = {"doc-noteref": "noteref", "doc-endnotes": "endnotes", "doc-bibliography": "bibliography"}
_WHOLE = frozenset("width height colspan rowspan span start value".split())
_NO_NAME = lazy(r"[^\w.-]")
_NAME = lazy(r"[^\W\d]")
#: Text that begins a new chapter; no document can hold a comment.
CUT = "<!--chapter-->"


def name_of(text: str) -> str:
    """Return an id as XML takes it: a letter first, no spaces.

    >>> name_of("1-a b"), name_of("law")
    ('n-1-a_b', 'law')
    """
    name = _NO_NAME.sub("_", text)
    return name if _NAME.match(name) else f"n-{name}"


class Chapter(HTMLParser):
    """Reads HTML; then `text` is XHTML, and the rest tells what is in it.

    `headings` are (level, id, words); `file` is the name that other chapters know it by.  *link*
    returns where an address leads, "" for nowhere.
    """

    def __init__(self, html: str, media: "Media", link: "Callable[[str], str]") -> None:
        super().__init__(convert_charrefs=True)
        self.headings: list[tuple[int, str, str]] = []
        self.ids: set[str] = set()
        self.has_math = False
        self._media = media
        self._link = link
        self._parts: list[str] = []
        self._open: list[str] = []
        self._count: dict[str, int] = {}  # of the open elements, so that depth costs nothing
        self._level = 0
        self._words: list[str] = []
        self.feed(html)
        self.close()
        while self._open:
            self._end()
        self.text = "".join(self._parts)

    def handle_starttag(self, tag: str, attrs: "Attributes") -> None:
        """Write an element that a book may have."""
        in_math = self._is_open("math")
        tag = _RENAMED.get(tag, tag)
        if not in_math and tag not in _ELEMENTS:
            return
        if tag in _BLOCKS and self._is_open("p") and not in_math:
            self._end_to("p")
        facts = dict(attrs)
        if tag in ("img", "audio", "video", "source") and not self._with_file(tag, facts):
            return
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._level, self._words = int(tag[1]), []
            self.headings.append((self._level, name_of(facts.get("id") or ""), ""))
        self.has_math |= tag == "math"
        made = self._math(facts) if in_math or tag == "math" else self._attributes(tag, facts)
        if tag in _VOID and not in_math:
            self._parts.append(f"<{tag}{made}/>")
            return
        self._parts.append(f"<{tag}{made}>")
        self._open.append(tag)
        self._count[tag] = self._count.get(tag, 0) + 1

    def handle_startendtag(self, tag: str, attrs: "Attributes") -> None:
        """Write an empty element."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID or self._is_open("math"):
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those in it that were left open."""
        tag = _RENAMED.get(tag, tag)
        if self._is_open(tag):
            self._end_to(tag)

    def handle_data(self, data: str) -> None:
        """Write a text."""
        self._parts.append(_escape.text(data))
        if self._level:
            self._words.append(data)

    def _is_open(self, tag: str) -> bool:
        return self._count.get(tag, 0) > 0

    def _end_to(self, tag: str) -> None:
        while self._end() != tag:
            pass

    def _end(self) -> str:
        tag = self._open.pop()
        self._count[tag] -= 1
        self._parts.append(f"</{tag}>")
        if self._level and tag == f"h{self._level}":
            level, name, _ = self.headings[-1]
            self.headings[-1] = (level, name, " ".join("".join(self._words).split()))
            self._level = 0
        return tag

    def _with_file(self, tag: str, facts: "dict[str, str | None]") -> bool:
        """Put a picture, film or sound aside; write words where a book cannot hold it."""
        address = facts.get("src")
        if not address:
            return tag in ("audio", "video")
        path = self._media.add(address, tag)
        if path:
            facts["src"] = path
            self._media.lacks_words |= tag == "img" and not facts.get("alt")
            return True
        words = facts.get("alt") or facts.get("aria-label") or tag
        self._parts.append(f'<span class="missing">[{_escape.text(words)}]</span>')
        return False

    def _attributes(self, tag: str, facts: "dict[str, str | None]") -> str:
        known = _OF.get(tag, "").split()
        made = []
        for name, value in facts.items():
            said = value or ""
            if name == "id":
                made.append(self._id(said))
            elif name == "role":
                made.append(_role(said))
            elif name == "href" and tag == "a":
                target = self._link(said)
                made.append(f' href="{_escape.attribute(target)}"' if target else "")
            elif name in _WHOLE and not said.isdecimal():
                continue
            elif name in known or name in _EVERYWHERE:
                shown = name if value is None else said
                made.append(f' {name}="{_escape.attribute(shown)}"')
                made.append(f' xml:lang="{_escape.attribute(said)}"' * (name == "lang"))
        if tag == "img" and "alt" not in facts:
            made.append(' alt=""')
        return "".join(made)

    def _id(self, said: str) -> str:
        name = name_of(said)
        if not said or name in self.ids:
            return ""
        self.ids.add(name)
        return f' id="{_escape.attribute(name)}"'

    @staticmethod
    def _math(facts: "dict[str, str | None]") -> str:
        return "".join(
            f' {name}="{_escape.attribute(value or "")}"'
            for name, value in facts.items()
            if name not in ("href", "id", "class") and not name.startswith("on")
        )


def _role(said: str) -> str:
    if said not in _ROLES:
        return ""
    kind = f' epub:type="{_KINDS[said]}"' if said in _KINDS else ""
    return f' role="{said}"{kind}'
