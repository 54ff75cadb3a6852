"""Bring edits in an exported module back to the cells of their notebooks, by identity.

The line above each section tells the id of its cell and the hash of what was exported.  A
section of another hash was edited.  Its cell is that of the id, else the only one whose export
has that hash; if the cell was edited too, both stay as they are and the conflict is told.
"""

from difflib import SequenceMatcher

from octavo.modules import export

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from octavo.modules.export import Notebook


class Found:
    """A section in the text of a module: where its cell was, and its text now."""

    __slots__ = ("hash", "id", "line", "path", "text", "title")

    def __init__(
        self, path: str, cell_id: str, digest: str, title: str, text: str, line: int
    ) -> None:
        self.path = path
        self.id = cell_id
        self.hash = digest
        self.title = title
        self.text = text
        self.line = line

    @property
    def is_edited(self) -> bool:
        """Whether the section is not as it was exported."""
        return export.hash_of(self.text) != self.hash


class Verdict:
    """What becomes of an edited section.

    `index` is the position of its cell in the notebook, -1 if it has none.

    `what` is "brought" (`source` is the new source of its cell), "same" (the cell has that edit
    already), "conflict" (the cell was edited too), or "lost" (no cell can be told).
    """

    __slots__ = ("found", "index", "source", "what")

    def __init__(
        self,
        found: Found,
        what: 'Literal["brought", "same", "conflict", "lost"]',
        index: int = -1,
        source: str = "",
    ) -> None:
        self.found = found
        self.what = what
        self.index = index
        self.source = source


def sections(text: str) -> tuple[str, list[Found]]:
    """Return what stands above the first section of a module, and its sections."""
    lines = text.split("\n")
    marks = [(i, mark) for i, line in enumerate(lines) if (mark := export.MARKER.match(line))]
    head = "\n".join(lines[: marks[0][0]] if marks else lines)
    ends = [*(i for i, _ in marks), len(lines)][1:]
    return head, [
        Found(
            mark["path"], mark["id"], mark["hash"], mark["title"] or "",
            _trimmed(lines[i + 1 : end]), i + 1,
        )
        for (i, mark), end in zip(marks, ends, strict=True)
    ]  # fmt: skip


def has_own_code(head: str) -> bool:
    """Return whether code was added above the first section, which has no cell to go to."""
    import ast

    try:
        body = ast.parse(head).body
    except (SyntaxError, ValueError):
        return True
    return not all(
        (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.ImportFrom) and node.module == "__future__")
        or (
            isinstance(node, ast.Assign)
            and [target.id for target in node.targets if isinstance(target, ast.Name)]
            == ["__all__"]
        )
        for node in body
    )


def judge(found: Found, book: "Notebook") -> Verdict:
    """Return what becomes of an edited section, given its notebook.

    Raises: as `export.exported_lines`.
    """
    entries = book.cells
    by_id = [entry for entry in entries if entry.cell.id == found.id]
    exported = {
        entry.index: export.exported_lines(entry, book.path, book.renamed) for entry in entries
    }
    texts = {index: "\n".join(line for line, _ in lines) for index, lines in exported.items()}
    if not by_id:
        by_id = [entry for entry in entries if export.hash_of(texts[entry.index]) == found.hash]
        same = [index for index, text in texts.items() if text == found.text]
        if not by_id and same:
            return Verdict(found, "same", same[0])
    if len(by_id) != 1:
        return Verdict(found, "lost")
    [entry] = by_id
    text = texts[entry.index]
    if text == found.text:
        return Verdict(found, "same", entry.index)
    if export.hash_of(text) != found.hash:
        return Verdict(found, "conflict", entry.index)
    source = carried(entry.cell.source, exported[entry.index], found.text)
    return Verdict(found, "brought", entry.index, source)


def carried(source: str, lines: "list[tuple[str, int]]", edited: str) -> str:
    r"""Return the source of a cell with an edit of its export.

    Lines that were not edited are those of the cell, with the directives and magics above.

    >>> carried("#| export\nx = 1\n%time y = 2", [("x = 1", 1), ("y = 2", 2)], "x = 3\ny = 2")
    '#| export\nx = 3\n%time y = 2'
    """
    original = source.split("\n")
    new = edited.split("\n") if edited else []
    result: list[str] = []
    done = 0  # lines of the cell that were dealt with

    def keep_above(number: int) -> None:
        nonlocal done
        shown = {there for _, there in lines}
        result.extend(original[i] for i in range(done, number) if i not in shown)
        done = max(done, number)

    matcher = SequenceMatcher(None, [line for line, _ in lines], new, autojunk=False)
    for tag, start, stop, new_start, new_stop in matcher.get_opcodes():
        for i in range(start, stop):
            number = lines[i][1]
            keep_above(number)
            if tag == "equal":
                result.append(original[number])
            done = number + 1
        if tag != "equal":
            if start == 0 and stop == 0 and lines:
                keep_above(lines[0][1])
            result.extend(new[new_start:new_stop])
    keep_above(len(original))
    return "\n".join(result)


def _trimmed(lines: list[str]) -> str:
    start, stop = 0, len(lines)
    while start < stop and not lines[start].strip():
        start += 1
    while stop > start and not lines[stop - 1].strip():
        stop -= 1
    return "\n".join(lines[start:stop])
