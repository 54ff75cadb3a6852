"""What of foreign HTML and SVG may stand in a page: text and looks, but no code and no addresses.

Source: the allow-lists of the `nh3` sanitiser (ammonia), extended by what notebooks print.
"""

from octavo.core.patterns import lazy
from octavo.exporters import _escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match

_LENGTH = lazy(r"[0-9]+(?:\.[0-9]+)?(?:px|em|rem|%|ch|vw|vh|cm|mm|in|pt)\Z")
_SCHEME = lazy(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEMES = frozenset("http https mailto tel ftp".split())
_GENERIC = frozenset("class id lang dir title role style tabindex".split())
_STYLES = frozenset(
    "color background background-color border border-collapse border-spacing border-radius "
    "font-family font-size font-style font-weight height line-height margin margin-bottom "
    "margin-left margin-right margin-top max-height max-width min-width overflow overflow-x "
    "overflow-y padding padding-bottom padding-left padding-right padding-top text-align "
    "text-decoration text-indent vertical-align white-space width display border-bottom "
    "border-top border-left border-right".split()
)
_SVG_SCRIPT = lazy(
    r"<\s*(script|foreignObject|iframe|object|embed)\b.*?(?:</\s*\1\s*>|/>|\Z)", 18
)  # 18: re.DOTALL | re.IGNORECASE
_SVG_EVENT = lazy(r"""\s(?:on\w+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", 2)
_SVG_ADDRESS = lazy(
    r"""\s(?:xlink:)?href\s*=\s*(?:"(?!#|data:image/)[^"]*"|'(?!#|data:image/)[^']*')""", 2
)
_SVG_URL = lazy(r"url\(\s*['\"]?(?!#|data:image/)[^)]*\)", 2)
_IMAGE = lazy(r'<img((?:\s+[\w:-]+="[^"]*")*)\s*/?>')
_EMPTY_HEAD = lazy(r'<th((?:\s+[\w:-]+="[^"]*")*)></th>')  # a corner of a table heads nothing
_HEADING = lazy(r"<h([1-6])((?:\s[^>]*)?)>(.*?)</h\1>", 16)  # 16: re.DOTALL
_EMPTY = lazy(r"<(?!img|table|video|audio|hr)[^>]*>|\s")
_FRAME = lazy(
    r"""<iframe\b((?:"[^"]*"|'[^']*'|[^<>"'])*)>(?:[^<]*</iframe\s*>)?""", 2
)  # 2: re.IGNORECASE
#: What Folium puts around its map, with room for it.
_ROOM = lazy(
    r"(?:<div[^>]*>\s*){1,2}<span[^>]*>Make this Notebook Trusted[^<]*</span>\s*(?=<iframe)"
)
_SOURCE = lazy(r"""\bsrc\s*=\s*["']?\s*(https?://[^"'\s>]+)""", 2)
_DOCTYPE = lazy(r"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>|<!ENTITY[^>]*>|<\?(?!xml\b)[^>]*\?>", 18)


def html(text: str) -> str:
    """Return HTML without scripts, forms, frames, remote pictures and addresses that run code."""
    import nh3

    tags = (nh3.ALLOWED_TAGS | {"section", "main", "button", "video", "audio", "source"}) - {"map"}
    attributes = {name: set(values) for name, values in nh3.ALLOWED_ATTRIBUTES.items()}
    attributes["*"] = set(_GENERIC)
    attributes["details"] = {"open"}
    for name in ("video", "audio"):
        attributes[name] = {"controls", "loop", "muted", "width", "height", "src"}
    attributes["source"] = {"src", "type"}
    text = _without_frames(text)
    made = nh3.clean(
        _escape.possible(text),
        tags=tags - {"button"},
        attributes=attributes,
        attribute_filter=_filtered,
        filter_style_properties=set(_STYLES),
        generic_attribute_prefixes={"aria-"},
        url_schemes={*_SCHEMES, "data"},
        link_rel=None,
        strip_comments=True,
    )
    made = _IMAGE.sub(_described, made) if "<img" in made else made
    return _EMPTY_HEAD.sub(r"<td\1></td>", made) if "<th" in made else made


def _without_frames(text: str) -> str:
    if "<iframe" not in text.lower():
        return text
    return _FRAME.sub(_instead_of_frame, _ROOM.sub("", text))


def _instead_of_frame(frame: "Match[str]") -> str:
    """Return a link to a page that was embedded; one without an address is only told."""
    found = _SOURCE.search(frame[1])
    if found is None:
        return "<p>[an embedded page is not shown]</p>"
    address = found[1].replace("<", "%3C")
    return f'<p><a href="{address}">{address}</a></p>'


def is_empty(text: str) -> bool:
    """Return whether cleaned HTML shows nothing: no text and no picture."""
    return not _EMPTY.sub("", text)


def _described(image: "Match[str]") -> str:
    """Return an image for everybody: without an address there is none, and all have an `alt`."""
    if ' src="' not in image[1]:
        return ""
    return image[0] if ' alt="' in image[1] else f'<img alt=""{image[1]}>'


def output(text: str) -> str:
    """Return HTML as `html` does, its headings as bold lines: they are no part of the document.

    >>> output("<h3 id='a'>Title</h3>")
    '<div class="heading"><strong id="a">Title</strong></div>'
    """
    made = html(text)
    if "<h" not in made:
        return made
    return _HEADING.sub(r'<div class="heading"><strong\2>\3</strong></div>', made)


def plain(text: str) -> str:
    """Return the text that HTML shows, for targets without HTML."""
    import html as entities

    import nh3

    text = _without_frames(text)
    return entities.unescape(
        nh3.clean(_escape.possible(text), tags=set(), clean_content_tags={"script", "style"})
    ).strip()


def _filtered(tag: str, name: str, value: str) -> str | None:
    """Drop addresses that would be fetched, and `data:` where it is no picture."""
    if name == "src":
        kinds = ("data:image/", "data:video/", "data:audio/")
        return value if value.strip().lower().startswith(kinds) else None
    if name in ("href", "cite") and value.strip().lower().startswith("data:"):
        return None
    if name == "style" and "url(" in value.lower():
        return None
    del tag
    return value


def inline(text: str) -> str:
    """Return a piece of inline HTML, a single tag most often, if it may stand in a page."""
    if text.startswith("</"):
        return text if text[2:].rstrip("> \n").lower() in _INLINE else ""
    made = html(text)
    name = text[1:].split(maxsplit=1)[0].rstrip("/>").lower() if text.startswith("<") else ""
    if name not in _INLINE:
        return ""
    closing = f"</{name}>"
    return made.removesuffix(closing)


_INLINE = frozenset(
    "b i em strong u s del ins sub sup small mark kbd code span br img a abbr cite q samp var time "
    "wbr bdi bdo dfn".split()
)


def svg(data: bytes) -> bytes:
    """Return an SVG picture without scripts, events and addresses outside of itself."""
    text = data.decode("utf-8", "replace")
    for pattern in (_DOCTYPE, _SVG_SCRIPT, _SVG_EVENT, _SVG_ADDRESS):
        text = pattern.sub("", text)
    return _SVG_URL.sub("none", text).encode("utf-8")


def is_address(href: str) -> bool:
    """Return whether a link may be followed: no `javascript:` and its like.

    >>> is_address("a.html#b"), is_address("JavaScript:alert(1)")
    (True, False)
    """
    scheme = _SCHEME.match("".join(href.split()))
    return scheme is None or scheme[1].lower() in _SCHEMES


def is_length(text: str) -> bool:
    """Return whether *text* is a length in CSS with its unit."""
    return _LENGTH.match(text) is not None
