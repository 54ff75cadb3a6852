"""Which metadata enters the text: filters such as `all,-widgets`, `tags,-all`, `a.b`.

Source: the metadata filters of Jupytext (docs, "Jupyter notebooks and metadata").
"""

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Metadata

#: Layout that Jupytext keeps in cell metadata; we read it and never write it.
LAYOUT_KEYS = (
    "skipline",
    "noskipline",
    "cell_marker",
    "lines_to_next_cell",
    "lines_to_end_of_cell_marker",
)
#: Cell metadata of user interfaces that do not belong in a text.
_INTERFACE_KEYS = ("autoscroll", "collapsed", "scrolled", "trusted", "execution", "ExecuteTime")
NEVER_IN_CELLS = frozenset(LAYOUT_KEYS + _INTERFACE_KEYS)
#: Notebook metadata that a text keeps when nothing else is said.
KEPT_IN_HEADER = ("jupytext", "kernelspec", "kernel_info", "orphan", "tocdepth")

VALID_KEY = lazy(r"[a-zA-Z0-9_.@/-]+\Z")


class Words:
    """A filter taken apart: the names to add and to leave out, or "all" for either."""

    __slots__ = ("added", "all_added", "all_excluded", "excluded")

    def __init__(self, text: "object") -> None:
        added, excluded = _split(text)
        self.all_added = "all" in added
        self.all_excluded = "all" in excluded
        self.added = [name for name in added if name]
        self.excluded = [name for name in excluded if name]


class Filter:
    """A filter that is ready to use: `keep` (None = everything) less `drop`."""

    __slots__ = ("drop", "drops_empty_tags", "keep")

    def __init__(
        self, keep: "Iterable[str] | None", drop: "Iterable[str]", *, drops_empty_tags: bool = False
    ) -> None:
        self.keep = None if keep is None else frozenset(keep)
        self.drop = frozenset(drop)
        self.drops_empty_tags = drops_empty_tags

    def apply(self, metadata: "Metadata") -> "Metadata":
        """Return the part of *metadata* that passes; the order of keys stays."""
        if not metadata:
            return {}
        kept = dict(metadata) if self.keep is None else _subset(metadata, self.keep)
        if self.drop:
            kept = _without(kept, self.drop)
        if self.drops_empty_tags and "tags" in kept and not kept["tags"]:
            del kept["tags"]
        return kept


def cell_filter(text: "object") -> Filter:
    """Return the filter of cell metadata for an option text ("" = the default)."""
    words = Words(text)
    if words.all_added:
        return Filter(None, [*words.excluded, *LAYOUT_KEYS])
    if words.all_excluded:
        return Filter(words.added, LAYOUT_KEYS)
    drop = {*words.excluded, *LAYOUT_KEYS, *(NEVER_IN_CELLS - set(words.added))}
    return Filter(None, drop, drops_empty_tags=True)


def notebook_filter(text: "object", default: "tuple[str, ...]" = KEPT_IN_HEADER) -> Filter:
    """Return the filter of notebook metadata for an option text ("" = the default)."""
    words = Words(text)
    if words.all_added:
        return Filter(None, words.excluded)
    if words.all_excluded:
        return Filter(words.added, ())
    return Filter({*words.added, *default}, words.excluded)


def root_filter(text: "object", *, all_by_default: bool) -> Filter:
    """Return the filter for metadata at the root of the YAML header."""
    words = Words(text)
    if words.all_added:
        return Filter(None, words.excluded)
    if words.all_excluded:
        return Filter(words.added, ())
    return Filter(None, words.excluded) if all_by_default else Filter(words.added, words.excluded)


def as_text(text: "object") -> str:
    """Return a filter in its text form, also from the older forms (booleans, dictionaries)."""
    if text is True:
        return "all"
    if text is False:
        return "-all"
    if isinstance(text, dict):
        parts: list[str] = []
        for key, sign in (("additional", ""), ("excluded", "-")):
            names = text.get(key, [])
            parts += [sign + str(name) for name in (["all"] if names == "all" else names)]
        return ",".join(parts)
    return text if isinstance(text, str) else ""


def _split(text: object) -> tuple[list[str], list[str]]:
    added: list[str] = []
    excluded: list[str] = []
    for part in as_text(text).split(","):
        name = part.strip()
        if name.startswith("-"):
            excluded.append(name[1:].strip())
        elif name:
            added.append(name[1:].strip() if name.startswith("+") else name)
    return added, excluded


def _nested(names: "Iterable[str]") -> dict[str, list[str]]:
    inner: dict[str, list[str]] = {}
    for name in names:
        left, dot, right = name.partition(".")
        if dot:
            inner.setdefault(left, []).append(right)
    return inner


def _subset(metadata: "Metadata", keep: "Iterable[str]") -> "Metadata":
    inner = _nested(keep)
    kept: Metadata = {}
    for key, value in metadata.items():
        if key in keep:
            kept[key] = value
        elif key in inner and isinstance(value, dict):
            kept[key] = _subset(value, inner[key])
    return kept


def _without(metadata: "Metadata", drop: "Iterable[str]") -> "Metadata":
    inner = _nested(drop)
    kept: Metadata = {}
    for key, value in metadata.items():
        if key in drop:
            continue
        kept[key] = (
            _without(value, inner[key]) if key in inner and isinstance(value, dict) else value
        )
    return kept
