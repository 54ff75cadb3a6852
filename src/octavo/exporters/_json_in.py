"""JSON that stands in the text of a script."""

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json


def json_at(text: str, start: int) -> "tuple[Json, int]":
    """Return the value that begins at a place, and where it ends; (None, *start*) for none.

    >>> json_at("draw([1, 2], x)", 5)
    ([1, 2], 11)
    """
    try:
        found: tuple[Json, int] = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, start
    return found
