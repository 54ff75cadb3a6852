"""Texts put into HTML and XML: the only ways."""

from octavo.core.patterns import lazy

#: What XML 1.0 and HTML cannot hold, not even as a reference.
_IMPOSSIBLE = lazy("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = lazy("[&<>\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def text(value: str) -> str:
    """Return *value* as the content of an element.

    >>> text("a < b & c")
    'a &lt; b &amp; c'
    """
    if _SPECIAL.search(value) is None:
        return value
    return possible(value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def possible(value: str) -> str:
    r"""Return *value* without the signs that no document can hold.

    >>> possible("a\0")
    'a\ufffd'
    """
    return _IMPOSSIBLE.sub("\ufffd", value)


def attribute(value: object) -> str:
    """Return *value* for an attribute in double quotes.

    >>> attribute('say "no"')
    'say &quot;no&quot;'
    """
    return text(str(value)).replace('"', "&quot;")


def single(value: str) -> str:
    """Return *value* for an attribute in single quotes, as short as can be.

    >>> single('<a b="c">')
    '<a b="c">'
    """
    return _IMPOSSIBLE.sub("\ufffd", value.replace("&", "&amp;").replace("'", "&#39;"))
