"""Where a cell stands in the text of an ipynb file: needed only to tell about a fault in it."""

import re
from json import JSONDecoder

from octavo.core.errors import Span

_GAP = re.compile(r"[ \t\n\r]*[,:{\[]?[ \t\n\r]*")


def span_of_cell(text: str, number: int) -> Span:
    r"""Return the place of a cell (1-based) in a text that is JSON, unknown if there is none.

    >>> str(span_of_cell('{"nbformat": 4, "cells": [{},\n {}]}', 2))
    '<text>:2:2'
    """
    offset = _offset_of_cells(text)
    if offset is None:
        return Span()
    decode = JSONDecoder().raw_decode
    for _ in range(number - 1):
        _, offset = decode(text, offset)
        offset = _skip(text, offset)
    return Span("", text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _offset_of_cells(text: str) -> int | None:
    """Return the offset of the first cell, None where an object has no list of cells."""
    decode = JSONDecoder().raw_decode
    offset = _skip(text, 0)
    while text[offset] == '"':
        key, offset = decode(text, offset)
        offset = _skip(text, offset)
        if key == "cells" and text[offset] == "[":
            return _skip(text, offset)
        _, offset = decode(text, offset)
        offset = _skip(text, offset)
    return None


def _skip(text: str, offset: int) -> int:
    """Return the offset after white space, one sign of punctuation and white space."""
    gap = _GAP.match(text, offset)
    return gap.end() if gap else offset
