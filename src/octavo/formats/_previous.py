"""Write a document over its previous text: unchanged cells keep their bytes and their style.

    base    what we would write for the document that the previous text holds
    ours    the previous text itself, with the habits of whoever wrote it
    theirs  what we would write for the new document

Each cell of *theirs* is matched with one of *ours*.  An unchanged cell is copied from *ours*;
a changed one is the three-way merge of its lines, so that its marker keeps its spelling.  At
the end the result is read again: if it is not the new document, less is copied.
"""

from octavo.core.align import align
from octavo.core.document import Document, Origin
from octavo.core.merge_lines import merge_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from octavo.core.document import Cell, Metadata
    from octavo.core.options import Options
    from octavo.formats._format import Format

#: Settings of the previous text that are its style; the new document need not know them.
_STYLE = (
    "notebook_metadata_filter",
    "cell_markers",
    "comment_magics",
    "cell_metadata_json",
    "hide_notebook_metadata",
    "split_at_heading",
    "doxygen_equation_markers",
)


def patch(fmt: "Format", document: Document, options: "Options", text: str, previous: str) -> str:
    """Return a text that reads as *text* does, with as many bytes of *previous* as can be."""
    if not previous.strip():
        return text
    old = fmt.read(previous, options, Origin())
    styled = _in_style_of(old, document, options)
    theirs = text if styled is document else fmt.write(styled, options)
    base = fmt.write(old, options)
    if base == previous:
        return theirs
    new = fmt.read(theirs, options, Origin())
    canonical = fmt.read(base, options, Origin())
    if len(canonical.cells) != len(old.cells):
        return theirs
    weave = _Weave(_Regions(base, canonical), _Regions(previous, old), _Regions(theirs, new))
    for careful in (False, True):
        result = weave.text(careful=careful)
        if _reads_as(fmt.read(result, options, Origin()), new):
            return result
    return theirs


def _in_style_of(old: Document, document: Document, options: "Options") -> Document:
    """Return *document* with the style settings of *old* where it has none of its own."""
    old_section, section = _section(old), _section(document)
    missing = {
        key: old_section[key]
        for key in _STYLE
        if key in old_section and key not in section and key not in options
    }
    if not missing:
        return document
    return document.with_(metadata={**document.metadata, "jupytext": {**section, **missing}})


def _section(document: Document) -> "Metadata":
    section = document.metadata.get("jupytext")
    return section if isinstance(section, dict) else {}


def _reads_as(result: Document, wanted: Document) -> bool:
    if len(result.cells) != len(wanted.cells):
        return False
    if any(not _same(a, b) for a, b in zip(result.cells, wanted.cells, strict=True)):
        return False
    a, b = dict(result.metadata), dict(wanted.metadata)
    a.pop("jupytext", None)
    b.pop("jupytext", None)
    return a == b


def _same(a: "Cell", b: "Cell") -> bool:
    return a.kind == b.kind and a.source == b.source and a.metadata == b.metadata


class _Regions:
    """A text cut at its cells: `head`, then one region of whole lines for each cell."""

    def __init__(self, text: str, document: Document) -> None:
        lines = text.split("\n")
        starts = [cell.line - 1 for cell in document.cells]
        bounds = [*starts, len(lines)]
        self.cells = document.cells
        self.head: list[str] = lines[: bounds[0]]
        self.regions = [lines[bounds[n] : bounds[n + 1]] for n in range(len(starts))]


class _Weave:
    """Puts the new text together from the regions of the three versions."""

    def __init__(self, base: _Regions, ours: _Regions, theirs: _Regions) -> None:
        self._base = base
        self._ours = ours
        self._theirs = theirs
        self._places = align(ours.cells, theirs.cells)

    def text(self, *, careful: bool) -> str:
        """Return the text; with *careful*, cells beside changed ones are not copied."""
        head = _merged(self._base.head, self._ours.head, self._theirs.head)
        lines = list(head)
        for j in range(len(self._places)):
            lines += self._region(j, careful=careful)
        return "\n".join(lines)

    def _region(self, j: int, *, careful: bool) -> "Sequence[str]":
        theirs = self._theirs.regions[j]
        i = self._places[j]
        if i is None or (careful and not self._is_settled(j)):
            return theirs
        base, ours = self._base.regions[i], self._ours.regions[i]
        if _same(self._ours.cells[i], self._theirs.cells[j]):
            region: Sequence[str] = ours
        else:
            region = _merged(base, ours, theirs)
        was_last, is_last = i == len(self._ours.cells) - 1, j == len(self._places) - 1
        if was_last != is_last:
            region = _with_end_of(region, theirs)
        return region

    def _is_settled(self, j: int) -> bool:
        """Return whether the cell and its neighbours are as they were, side by side."""
        around = range(max(j - 1, 0), min(j + 2, len(self._places)))
        i = self._places[j]
        return i is not None and all(
            self._places[k] == i + k - j
            and _same(self._ours.cells[i + k - j], self._theirs.cells[k])
            for k in around
        )


def _merged(
    base: "Sequence[str]", ours: "Sequence[str]", theirs: "Sequence[str]"
) -> "Sequence[str]":
    """Return the changes of both; where they overlap, theirs under the first line of ours."""
    if base == theirs:
        return ours
    merged = merge_lines(base, ours, theirs)
    if merged is not None:
        return merged
    if base and ours and theirs and base[0] == theirs[0]:
        return [ours[0], *theirs[1:]]
    return theirs


def _with_end_of(region: "Sequence[str]", model: "Sequence[str]") -> "Sequence[str]":
    """Return *region* with as many blank lines at its end as *model* has."""
    lines = list(region)
    while lines and not lines[-1]:
        lines.pop()
    blank = 0
    while blank < len(model) and not model[len(model) - 1 - blank]:
        blank += 1
    return lines + [""] * blank
