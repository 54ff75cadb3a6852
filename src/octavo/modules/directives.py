r"""What a cell says about export: nbdev's directives, or our tags.

`#| default_exp pkg.core` names the module of a notebook, as does `octavo: {module: pkg.core}`
in its metadata.  `#| export`, `#| exports` and `#| exporti` (not in `__all__`) export a cell,
into the module that they name or that of the notebook; the tags `export` and `export-internal`
do the same.  A notebook that says nothing exports all cells that run on import.
"""

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell, Document

_LINE = lazy(r"[ \t]*#[ \t]?\|[ \t]*(.*?)[ \t]*\Z")
_EXPORTS = {"export": True, "exports": True, "exporti": False}
_TAGS = {"export": True, "export-internal": False}
#: Lines with these words are for tools, not for readers of the module.
_WORDS = frozenset(
    "default_exp export exports exporti hide hide_input hide_output hide_line".split()
)


class Export:
    """How a cell is exported: into which module ("" = that of the notebook), and is it public."""

    __slots__ = ("is_public", "module")

    def __init__(self, module: str, *, is_public: bool) -> None:
        self.module = module
        self.is_public = is_public


def of_cell(cell: "Cell") -> Export | None:
    r"""Return how a code cell says that it is exported, None if it says nothing.

    >>> from octavo.core.document import Cell
    >>> of_cell(Cell("code", "#| export other\nx = 1")).module
    'other'
    """
    for line in cell.source.split("\n"):
        found = _LINE.match(line)
        if found is None:
            if line.strip():
                break
            continue
        word, _, rest = found[1].partition(" ")
        if word in _EXPORTS:
            return Export(rest.strip(), is_public=_EXPORTS[word])
    tags = cell.metadata.get("tags") if cell.metadata else None
    for tag in tags if isinstance(tags, (list, tuple)) else ():
        if isinstance(tag, str) and tag in _TAGS:
            return Export("", is_public=_TAGS[tag])
    return None


def module_of(document: "Document") -> str:
    """Return the module that a notebook names for itself, or ""."""
    section = document.metadata.get("octavo")
    named = section.get("module") if isinstance(section, dict) else None
    if isinstance(named, str) and named:
        return named
    for cell in document.cells:
        if cell.kind == "code" and "default_exp" in cell.source:
            for line in cell.source.split("\n"):
                found = _LINE.match(line)
                word, _, rest = (found[1] if found else "").partition(" ")
                if word == "default_exp" and rest.strip():
                    return rest.strip()
    return ""


def is_directive(line: str) -> bool:
    """Return whether a line is a directive that has no place in a module."""
    found = _LINE.match(line)
    if found is None:
        return False
    word = found[1].partition(" ")[0]
    return word in _WORDS or word.endswith(":")
