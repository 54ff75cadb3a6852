"""Badges: a picture that is a link, in the markup of a page."""

from octavo.binder import links
from octavo.binder.errors import BinderError
from octavo.core.errors import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from octavo.binder.links import Launch

_LOGO = "badge_logo.svg"
ALTERNATIVE = "Launch"


def badge(launch: "Launch", markup: str, *, alternative: str = "") -> str:
    """Return the badge of a launch in a markup: a key of `MARKUPS`.

    Only HTML writes `&` as `&amp;`; in the others that breaks the link.

    Raises: `BinderError` OCT-B008 for an unknown markup, and the errors of `build`.
    """
    if markup not in MARKUPS:
        hint = did_you_mean(markup, list(MARKUPS)) or "known: " + ", ".join(MARKUPS)
        raise BinderError("OCT-B008", f"no badge in {markup!r}", hint=hint)
    text = alternative or ("Binder" if launch.kind == links.BINDER else ALTERNATIVE)
    return MARKUPS[markup](links.build(launch), _image(launch), text)


def _image(launch: "Launch") -> str:
    """Return the address of the picture: a BinderHub has its own."""
    hub = links.hub_url(launch.hub) if launch.kind == links.BINDER else links.MYBINDER
    return f"{hub}/{_LOGO}"


def _markdown(url: str, image: str, text: str) -> str:
    return f"[![{_escaped(text, '[]')}]({image})]({url})"


def _rst(url: str, image: str, text: str) -> str:
    return f".. image:: {image}\n   :target: {url}\n   :alt: {_one_line(text)}"


def _html(url: str, image: str, text: str) -> str:
    from html import escape

    picture = f'<img src="{escape(image)}" alt="{escape(_one_line(text))}">'
    return f'<a href="{escape(url)}">{picture}</a>'


def _asciidoc(url: str, image: str, text: str) -> str:
    plain = _one_line(text).replace('"', "'").replace("]", ")")
    return f'image:{image}["{plain}",link="{url}"]'


def _escaped(text: str, signs: str) -> str:
    text = _one_line(text).replace("\\", "\\\\")
    for sign in signs:
        text = text.replace(sign, f"\\{sign}")
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())


MARKUPS: "dict[str, Callable[[str, str, str], str]]" = {
    "markdown": _markdown,
    "rst": _rst,
    "html": _html,
    "asciidoc": _asciidoc,
}
