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


_PERCENTS = lazy(r"(?:%[0-9A-Fa-f]{2})+")
