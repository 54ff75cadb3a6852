r"""On which lines of an ipynb file does each line of a cell's source stand?

Jupyter writes one line of the file for each line of a source.  In a file of another layout
(JSON on one line, a source as one string) several lines share one.
"""

import json
import re
from bisect import bisect_right

#: Where cells stand, in nbformat 4 and 3.
_LISTS_OF_CELLS = (["{", "cells["], ["{", "worksheets[", "{", "cells["])
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],]')


def source_lines(text: str) -> list[list[int]]:
    r"""Return, for each cell of an ipynb text, the line of the file of each line of its source.

    >>> source_lines('{"cells": [{"source": [\n"a\\n",\n"b"]}]}')
    [[2, 3]]
    """
    newlines = [found.start() for found in re.finditer("\n", text)]
    return [_lines_of(tokens, newlines) for tokens in _tokens_of_sources(text)]


def _lines_of(tokens: "list[tuple[int, str]]", newlines: list[int]) -> list[int]:
    """Return the line on which each line of a source starts, from the strings that hold it."""
    found: list[int] = []
    is_new = True
    for offset, token in tokens:
        line = bisect_right(newlines, offset) + 1
        part = json.loads(token, strict=False)
        if is_new:
            found.append(line)
        found += [line] * part.count("\n")
        is_new = False
        if part.endswith("\n"):
            found.pop()
            is_new = True
    return found or [0]


def _tokens_of_sources(text: str) -> "list[list[tuple[int, str]]]":
    """Return the strings in `source` (or `input`) of each object in a list called `cells`."""
    cells: list[list[tuple[int, str]]] = []
    path: list[str] = []  # the key below which each open bracket stands
    key = ""
    in_cell = 0  # the depth of the cell that is open
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign in ("{", "["):
            if sign == "{" and path in _LISTS_OF_CELLS:
                cells.append([])
                in_cell = len(path) + 1
            path.append(key + sign)
            key = ""
        elif sign in ("}", "]"):
            if len(path) == in_cell:
                in_cell = 0
            if path:
                path.pop()
            key = ""
        elif sign == ",":
            if path and path[-1].endswith("{"):
                key = ""
        elif path and path[-1].endswith("{") and not key:
            key = sign[1:-1]
        elif in_cell and (
            (len(path) == in_cell and key in ("source", "input"))
            or (len(path) == in_cell + 1 and path[-1] in ("source[", "input["))
        ):
            cells[-1].append((found.start(), sign))
    return cells
