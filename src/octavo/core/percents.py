"""Addresses with percent signs, `a%20picture.png`."""

from octavo.core.patterns import lazy


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
    return _UNSAFE.sub(
        lambda found: "".join([f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")]),
        text,
    )


_UNSAFE = lazy(r"[^A-Za-z0-9._~/-]+")
_PERCENTS = lazy(r"(?:%[0-9A-Fa-f]{2})+")
