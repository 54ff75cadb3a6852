"""Bring a notebook into an open shared document by small edits, so that cursors stay.

`YNotebook.set` empties the text of a cell that changed and writes it anew, and makes a new cell
where printed outputs changed: whoever types there loses the place.  So sources are edited
character by character here, and outputs are exchanged in their cells, before `set` does what
is left: cells that came, went or moved, and metadata.

A shared text counts in bytes of UTF-8 (pycrdt).
"""

from difflib import SequenceMatcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Edit = tuple[int, int, str]

#: Of longer changed parts no details are looked for: these take quadratic time.
_MOST_CHARACTERS = 2000
_MOST_LINES = 1000


def show(document: "Any", notebook: "dict[str, Any]") -> None:
    """Let a shared document (`YNotebook`) hold a notebook (nbformat), by as little as it takes."""
    wanted = {cell["id"]: cell for cell in notebook["cells"] if cell.get("id")}
    with document.ydoc.transaction():
        for ycell in document.ycells:
            cell = wanted.pop(ycell.get("id"), None)
            if cell is not None and cell["cell_type"] == ycell.get("cell_type"):
                _show_source(ycell, _joined(cell["source"]))
                if cell["cell_type"] == "code":
                    _show_outputs(ycell, cell.get("outputs", []))
        document.set(notebook)


def edits(before: str, after: str) -> "Iterator[Edit]":
    r"""Yield what makes *after* of *before*: from, to (characters of *before*), the new text.

    In order, and none touches another.

    >>> list(edits("x = 1", "x = 12\ny = 3"))
    [(5, 5, '2\ny = 3')]
    """
    offset, before, after = _differing(before, after)
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(old) + len(new) > _MOST_LINES:
        yield offset, offset + len(before), after
        return
    starts = [offset]
    for line in old:
        starts.append(starts[-1] + len(line))
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _within(starts[i1], "".join(old[i1:i2]), "".join(new[j1:j2]))


def _within(start: int, before: str, after: str) -> "Iterator[Edit]":
    offset, before, after = _differing(before, after)
    start += offset
    if len(before) + len(after) > _MOST_CHARACTERS:
        yield start, start + len(before), after
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield start + i1, start + i2, after[j1:j2]


def _differing(before: str, after: str) -> tuple[int, str, str]:
    """Return two texts without what they begin and end with alike, and where they differ first."""
    head = _alike(before, after)
    before, after = before[head:], after[head:]
    tail = _alike(before[::-1], after[::-1])
    return head, before[: len(before) - tail], after[: len(after) - tail]


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _show_source(ycell: "Any", source: str) -> None:
    from pycrdt import Text

    text = ycell.get("source")
    if not isinstance(text, Text):
        return
    before = str(text)
    if before == source:
        return
    # From the end, so that places before an edit stay what they are.
    for start, stop, new in reversed(list(edits(before, source))):
        first = len(before[:start].encode("utf-8"))
        last = first + len(before[start:stop].encode("utf-8"))
        if last > first:
            del text[first:last]
        if new:
            text.insert(first, new)


def _show_outputs(ycell: "Any", outputs: "list[dict[str, Any]]") -> None:
    from pycrdt import Array, Map, Text

    held = ycell.get("outputs")
    if not isinstance(held, Array) or _plain(held.to_py() or []) == _plain(outputs):
        return
    held.clear()
    for output in outputs:
        shared = dict(output)
        if shared.get("output_type") == "stream":
            shared["text"] = Text(_joined(shared.get("text", "")))
        held.append(Map(shared))


def _plain(outputs: "list[dict[str, Any]]") -> "list[dict[str, Any]]":
    """Return outputs with their printed text as one string, to be compared."""
    return [
        {**one, "text": _joined(one["text"])} if one.get("output_type") == "stream" else one
        for one in outputs
    ]


def _joined(text: "str | list[str]") -> str:
    return text if isinstance(text, str) else "".join(text)
