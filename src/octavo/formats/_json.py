"""Canonical JSON: the bytes of `json.dumps(indent=1, sort_keys=True, ensure_ascii=False)`.

`json.dumps` with an indent does not use the C encoder; this writer quotes with the C function
and joins lists of texts in one go, which is several times faster.
"""

import json.encoder

from octavo.core.errors import FormatError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

quote = json.encoder.encode_basestring


def dumps(value: object, line_start: str = "\n") -> str:
    r"""Return the canonical JSON of *value*.

    *line_start* is a newline and the indentation of the line that the value begins on.

    Raises: `FormatError` OCT-N011 for a value that JSON cannot hold.

    >>> dumps({"b": [1.0, None], "a": "\u2028"})
    '{\n "a": "\u2028",\n "b": [\n  1.0,\n  null\n ]\n}'
    """
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, dict):
        return object_of(_entries(value, line_start + " "), line_start)
    if isinstance(value, (list, tuple)):
        return list_of(_items(value, line_start + " "), line_start)
    return _scalar(value)


def texts(values: "Iterable[str]", line_start: str) -> str:
    """Return the canonical JSON of a list of texts.

    Raises: `TypeError` when one is not a text.
    """
    return list_of(map(quote, values), line_start)


def list_of(items: "Iterable[str]", line_start: str) -> str:
    """Return a JSON array of values that are JSON already."""
    inner = line_start + " "
    text = ("," + inner).join(items)
    return f"[{inner}{text}{line_start}]" if text else "[]"


def object_of(entries: "Iterable[str]", line_start: str) -> str:
    """Return a JSON object of entries `"key": value` that are JSON already."""
    inner = line_start + " "
    text = ("," + inner).join(entries)
    return f"{{{inner}{text}{line_start}}}" if text else "{}"


def is_same_in_msgspec(value: object) -> bool:
    """Return whether msgspec writes *value* as this module does.

    It writes exponents in another way and NaN as null; it takes no keys that are not texts.
    """
    kind = type(value)
    if kind is str or kind is int or value is None or kind is bool:
        return True
    if kind is float:
        return value == 0.0 or 1e-4 <= abs(value) < 1e16  # type: ignore[arg-type]
    if isinstance(value, dict):
        return all(type(key) is str for key in value) and all(
            map(is_same_in_msgspec, value.values())
        )
    return isinstance(value, (list, tuple)) and all(map(is_same_in_msgspec, value))


def _items(values: "list[object] | tuple[object, ...]", line_start: str) -> "Iterable[str]":
    """Return the items of an array as JSON."""
    try:
        return list(map(quote, values))  # type: ignore[arg-type]  # tells by a TypeError
    except TypeError:
        return [dumps(value, line_start) for value in values]


def _entries(entries: "dict[object, object]", line_start: str) -> "Iterable[str]":
    """Return the entries of an object as JSON, sorted by key."""
    try:
        keys = sorted(entries)  # type: ignore[type-var]  # tells by a TypeError
    except TypeError:
        keys = sorted(entries, key=_key)
    return [f"{quote(_key(key))}: {dumps(entries[key], line_start)}" for key in keys]


def _key(key: object) -> str:
    """Return a key as text: JSON takes no others, YAML headers do."""
    return key if isinstance(key, str) else _scalar(key)


def _scalar(value: object) -> str:
    """Return a value that is neither text nor container as JSON."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        text = float.__repr__(value)
        return _NOT_NUMBERS.get(text, text)
    raise FormatError(
        "OCT-N011",
        f"{value!r} ({type(value).__name__}) cannot be written as JSON",
        hint="use a text, a number, true or false, a list or an object",
    )


_NOT_NUMBERS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
