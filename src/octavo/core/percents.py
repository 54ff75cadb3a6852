"""Addresses with percent signs, `a%20picture.png`."""

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match


def unquote(text: str) -> str:
    """Return an address with its percent signs decoded.

    >>> unquote("a%20picture.png")
    'a picture.png'
    """
    return _PERCENTS.sub(
        lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), text
    )


def quote(text: str) -> str:
    """Return a path or a name as it may stand in an address.

    >>> quote("guide/a picture.png"), quote("ä?#")
    ('guide/a%20picture.png', '%C3%A4%3F%23')
    """
    return _UNSAFE.sub(_percents, text)


def address(text: str) -> str:
    """Return a whole address as one that files take that want ASCII; its marks stay.

    >>> address("https://example.org/é b?c=%20")
    'https://example.org/%C3%A9%20b?c=%20'
    """
    return _NO_MARK.sub(_percents, text)


def _percents(found: "Match[str]") -> str:
    return "".join([f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")])


_NO_MARK = lazy(r"[^A-Za-z0-9._~/!#$%&'()*+,:;=?@\[\]-]+")
_UNSAFE = lazy(r"[^A-Za-z0-9._~/-]+")
_PERCENTS = lazy(r"(?:%[0-9A-Fa-f]{2})+")
