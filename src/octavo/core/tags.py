"""The ONE table of marks on cells: what tools call `remove-input`, `echo: false`, `hide_input`.

Every tool has its own words for "do not show this" or "do not run this".  They are read into one
vocabulary here, whatever the dialect; when Octavo writes a mark, it writes the tag with hyphens.
A new mark, or a new spelling of one, is one row.

Sources: the documentation of MyST and Jupyter Book (tags), nbconvert (tags, slideshow), Quarto
(cell options), nbdev (directives), papermill (parameters), RISE, hide_code, freeze.
"""

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell, Json, Metadata


class Mark:
    """One row: a meaning and its spellings.

    `tags` are cell tags (hyphen and underscore are the same); `metadata` are paths with the
    value that means it, such as ("jupyter.source_hidden", True); `options` are `#|` lines of
    Quarto, such as ("echo", "false"); `directives` are `#|` words of nbdev.
    """

    __slots__ = ("directives", "metadata", "name", "options", "summary", "tags")

    def __init__(
        self,
        name: str,
        summary: str,
        *,
        tags: str = "",
        metadata: "tuple[tuple[str, Json], ...]" = (),
        options: tuple[tuple[str, str], ...] = (),
        directives: str = "",
    ) -> None:
        self.name = name
        self.summary = summary
        self.tags = tuple(tags.split())
        self.metadata = metadata
        self.options = options
        self.directives = tuple(directives.split())

    @property
    def tag(self) -> str:
        """The tag that Octavo writes for it, "" where no dialect has one."""
        return self.tags[0] if self.tags else ""

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Mark({self.name!r})"


MARKS = (
    Mark(
        "drop-cell", "the cell is not shown at all",
        tags="remove-cell", options=(("include", "false"),), directives="hide",
    ),
    Mark(
        "drop-input", "the source is not shown",
        tags="remove-input hide-code",
        metadata=(("hide_input", True), ("jupyter.source_hidden", True), ("hideCode", True)),
        options=(("echo", "false"),),
    ),
    Mark(
        "drop-output", "the outputs are not shown",
        tags="remove-output",
        metadata=(
            ("hide_output", True), ("jupyter.outputs_hidden", True), ("collapsed", True),
            ("hideOutput", True),
        ),
        options=(("output", "false"),),
    ),
    Mark("drop-stdout", "what was printed is not shown", tags="remove-stdout"),
    Mark(
        "drop-stderr", "warnings are not shown",
        tags="remove-stderr", options=(("warning", "false"),),
    ),
    Mark(
        "fold-input", "the source is folded",
        tags="hide-input", options=(("code-fold", "true"),), directives="code-fold",
    ),
    Mark("fold-output", "the outputs are folded", tags="hide-output"),
    Mark("fold-cell", "the cell is folded", tags="hide-cell"),
    Mark(
        "scroll-output", "long outputs scroll",
        tags="scroll-output output-scroll", metadata=(("scrolled", True),),
    ),
    Mark("tab-output", "each output has a tab", tags="tab-output output-tabs"),
    Mark(
        "skip-execution", "the cell is not run",
        tags="skip-execution",
        metadata=(("run_control.frozen", True), ("frozen", True), ("eval", False)),
        options=(("eval", "false"),),
    ),
    Mark(
        "may-fail", "an error in the cell does not stop the run",
        tags="raises-exception", options=(("error", "true"),),
    ),
    Mark("test", "the cell is a test", tags="test active-test"),
    Mark("parameters", "the cell holds default parameters", tags="parameters"),
    Mark("injected-parameters", "the cell was put in by a run", tags="injected-parameters"),
    Mark(
        "read-only", "the source cannot be edited", metadata=(("editable", False),),
    ),
    Mark(
        "not-deletable", "the cell cannot be deleted", metadata=(("deletable", False),),
    ),
    Mark("slide", "a slide starts", metadata=(("slideshow.slide_type", "slide"),)),
    Mark("subslide", "a slide below starts", metadata=(("slideshow.slide_type", "subslide"),)),
    Mark("fragment", "the cell comes at a click", metadata=(("slideshow.slide_type", "fragment"),)),
    Mark("skip-slide", "the cell is on no slide", metadata=(("slideshow.slide_type", "skip"),)),
    Mark("notes", "the cell is for the speaker", metadata=(("slideshow.slide_type", "notes"),)),
)  # fmt: skip

BY_NAME = {mark.name: mark for mark in MARKS}
_BY_TAG = {tag: mark.name for mark in MARKS for tag in mark.tags}
_BY_OPTION = {option: mark.name for mark in MARKS for option in mark.options}
_BY_DIRECTIVE = {word: mark.name for mark in MARKS for word in mark.directives}
_OPTION_LINE = lazy(r"(?:#|//|--|%|;)\|\s*([A-Za-z][\w-]*)\s*(?::\s*(\S+))?\s*\Z")


def marks_of(cell: "Cell") -> frozenset[str]:
    r"""Return the names of the marks of a cell, whatever the dialect they are written in.

    >>> from octavo.core.document import Cell
    >>> sorted(marks_of(Cell("code", "#| echo: false\n1", {"tags": ["raises_exception"]})))
    ['drop-input', 'may-fail']
    """
    found = set(_marks_of_metadata(cell.metadata)) if cell.metadata else set()
    if cell.kind == "code" and "|" in cell.source[:_LEADING]:
        found |= _marks_of_source(cell.source)
    return frozenset(found)


_LEADING = 4  # `//| ` is the longest sign of an option line


def canonical_tag(tag: str) -> str:
    """Return a known tag in the spelling that Octavo writes; any other tag as it is.

    >>> canonical_tag("remove_cell"), canonical_tag("my_own")
    ('remove-cell', 'my_own')
    """
    hyphens = tag.replace("_", "-")
    return hyphens if hyphens in _BY_TAG else tag


def _marks_of_metadata(metadata: "Metadata") -> "set[str]":
    found: set[str] = set()
    tags = metadata.get("tags")
    if isinstance(tags, (list, tuple)):
        for tag in tags:
            name = _BY_TAG.get(tag.replace("_", "-")) if isinstance(tag, str) else None
            if name:
                found.add(name)
    for mark in MARKS:
        for path, value in mark.metadata:
            if _at(metadata, path) == value:
                found.add(mark.name)
    return found


def _at(metadata: "Metadata", path: str) -> "Json":
    value: Json = metadata
    for key in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def _marks_of_source(source: str) -> set[str]:
    """Return the marks of the `#|` lines at the top of a source."""
    found: set[str] = set()
    for line in source.split("\n"):
        option = _OPTION_LINE.match(line.strip())
        if option is None:
            break
        key, value = option[1], option[2]
        name = _BY_DIRECTIVE.get(key) if value is None else _BY_OPTION.get((key, value))
        if name:
            found.add(name)
    return found
