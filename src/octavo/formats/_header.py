"""The head of a text: `#!` line, encoding line, YAML between `---` lines, and what it means.

    read_head    text -> Head: metadata, the first raw cell (other YAML), where cells begin
    settle       Head and cells -> Document: languages, filters for texts without a header

The way back is `_header_plan.plan_text`.

Source: formats.md of the project's reference, section 7, and the observed behaviour of
Jupytext.
"""

import re

from octavo.core.document import Cell, Document
from octavo.core.errors import Notice, Span
from octavo.core.patterns import lazy
from octavo.formats import _cell_language, _filters, _yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Metadata, Origin
    from octavo.core.options import Options

#: Options that every format with a header and cell metadata takes.
COMMON_OPTIONS = (
    "notebook_metadata_filter",
    "cell_metadata_filter",
    "root_level_metadata_as_raw_cell",
    "cell_metadata_json",
    "custom_cell_magics",
    "custom_language_magics",
)

RULE = lazy(r"---\s*\Z")
JUPYTER_LINE = lazy(r"jupyter\s*:\s*\Z")
_HIDDEN = lazy(r"\s*<!--(?!\s*#)")  # a comment around the header, no region of a cell
_UTF8 = " -*- coding: utf-8 -*-"


class Head:
    """What the head of a text says.

    `metadata`: the notebook's; `raw`: the source of the first raw cell or None; `stop`: offset
    of the first character after the head and its blank line; `line`: 1-based line there;
    `found`: whether the header had a `jupyter` section; `notices`: what could not be read.
    """

    __slots__ = ("found", "line", "metadata", "notices", "raw", "raw_line", "stop")

    def __init__(self) -> None:
        self.metadata: Metadata = {}
        self.raw: str | None = None
        self.raw_line = 1
        self.stop = 0
        self.line = 1
        self.found = False
        self.notices: list[Notice] = []

    @property
    def settings(self) -> "Metadata":
        """Return the `jupytext` section of the metadata."""
        section = self.metadata.get("jupytext")
        return section if isinstance(section, dict) else {}


def read_head(
    text: str, options: "Options", origin: "Origin", prefix: str, suffix: str = ""
) -> Head:
    """Return what the head of *text* says; *prefix* and *suffix* comment its lines.

    Never fails: a header that is no YAML stays in the text, and a notice tells why.
    """
    head = Head()
    at, line = _read_first_lines(text, prefix, head)
    head.stop, head.line = at, line
    block = _find_block(text, at, line, prefix, suffix)
    if block is None:
        return head
    jupyter, other, at, line = block
    if jupyter:
        try:
            section = _yaml.load("\n".join(jupyter))
        except ValueError as error:
            head.notices.append(_notice(origin, head.line, f"the header is no YAML: {error}"))
            return head
        metadata = section.get("jupyter") if isinstance(section, dict) else None
        if metadata is not None and not isinstance(metadata, dict):
            head.notices.append(_notice(origin, head.line, "`jupyter:` holds no mapping"))
            return head
        own = head.metadata
        head.metadata = _jsonable(metadata or {})
        _merge(head.metadata, own)
        head.found = True
    if other and not _keep_other(head, other, options, origin):
        return head
    head.raw_line = head.line
    if at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if not _bare(text[at:end], prefix, "").strip():
            at, line = min(end + 1, len(text)), line + 1
    head.stop, head.line = at, line
    return head


def settle(
    head: Head,
    cells: "Iterable[Cell]",
    options: "Options",
    *,
    suffix: str,
    origin: "Origin",
    uses_json: bool = False,
    notices: "Iterable[Notice]" = (),
) -> Document:
    """Return the document of a text: cell languages, recorded settings and filters put right.

    *options* are the given ones over those of the header.  A raw cell of the head goes first.
    """
    cells = list(cells)
    metadata = {key: value for key, value in head.metadata.items() if key != "jupytext"}
    section = dict(head.settings)
    section.pop("text_representation", None)
    for name in options:
        section[name] = options.values[name]
    if section.get("rst2md") is True:
        section["rst2md"] = False
    main = _cell_language.document_language(cells, {**metadata, "jupytext": section}, suffix)
    kernelspec = metadata.get("kernelspec")
    if (cells or head.raw) and not (isinstance(kernelspec, dict) and "language" in kernelspec):
        section["main_language"] = main
    custom = options.names("custom_cell_magics") | options.names("custom_language_magics")
    keys: set[str] = set()
    for i, found in enumerate(cells):
        if found.metadata:
            cells[i] = _cell_language.settled(found, main, custom)
            keys.update(cells[i].metadata)
    if head.raw is not None:
        cells.insert(0, Cell("raw", head.raw, line=head.raw_line))
    _update_filters(section, metadata, keys, found=head.found)
    if uses_json:
        section.setdefault("cell_metadata_json", True)
    if section:
        metadata["jupytext"] = section
    return Document(cells, metadata, origin=origin, notices=(*head.notices, *notices))


def _update_filters(
    section: "Metadata", metadata: "Metadata", keys: set[str], *, found: bool
) -> None:
    """Record which metadata the text carries, so that the next writing gives the same text."""
    if not found:
        section["notebook_metadata_filter"] = "-all"
        section.setdefault("cell_metadata_filter", _filter_of(keys))
        return
    if "cell_metadata_filter" in section:
        words = _filters.Words(section["cell_metadata_filter"])
        if not words.all_added:
            told = {name.partition(".")[0] for name in words.added}
            added = words.added + sorted(keys - told)
            excluded = (
                ["all"]
                if words.all_excluded
                else [name for name in words.excluded if name not in keys]
            )
            section["cell_metadata_filter"] = ",".join(added + ["-" + name for name in excluded])
        return
    note_further_keys(section, metadata)


def note_further_keys(section: "Metadata", metadata: "Metadata") -> None:
    """Record the keys that a header keeps only when they are named."""
    recorded = section.get("notebook_metadata_filter")
    names = [name for name in str(recorded or "").split(",") if name]
    if "all" in names or "-all" in names:
        return
    known = {*_filters.KEPT_IN_HEADER, *names, *(name[1:] for name in names if name[:1] == "-")}
    names += [key for key in metadata if key not in known]
    if names:
        section["notebook_metadata_filter"] = ",".join(names)


def _filter_of(keys: set[str]) -> str:
    """Return the filter that keeps just *keys* (everything, if it cannot name one of them)."""
    if all(_filters.VALID_KEY.match(key) and key[0] != "-" and key != "all" for key in keys):
        return ",".join([*sorted(keys), "-all"])
    return "all"


def _read_first_lines(text: str, prefix: str, head: Head) -> tuple[int, int]:
    """Take the `#!` and encoding lines into *head*; return offset and line after them."""
    at, line = 0, 1
    section: Metadata = {}
    comment = "#" if prefix == "#'" else prefix
    if text.startswith("#!"):
        end = text.find("\n")
        end = len(text) if end < 0 else end
        section["executable"] = text[2:end]
        at, line = min(end + 1, len(text)), 2
    if "coding" in text[at : at + 300]:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        found = re.match(
            rf"[ \t\f]*{re.escape(comment)}.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)", text[at:end]
        )
        if found:
            section["encoding"] = text[at:end]
            at, line = min(end + 1, len(text)), line + 1
    if section:
        head.metadata = {"jupytext": section}
    return at, line


def _find_block(
    text: str, at: int, line: int, prefix: str, suffix: str
) -> "tuple[list[str], list[str], int, int] | None":
    """Return the lines under `jupyter:`, the other lines, and offset and line after the block.

    None when there is no block between two `---` lines.
    """
    jupyter: list[str] = []
    other: list[str] = []
    started = hidden = ended = in_jupyter = False
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        raw = text[at:end]
        if not raw.startswith(prefix):
            return None
        at, line = min(end + 1, len(text)), line + 1
        if not prefix and not started and _HIDDEN.match(raw):
            hidden = True
            continue
        if ended:
            if "-->" in raw:
                return jupyter, other, at, line
            if raw.strip():
                return None
            continue
        if hidden and not started and not raw.strip():
            continue
        bare = _bare(raw, prefix, suffix)
        if RULE.match(bare):
            if not started:
                started = True
                continue
            if hidden:
                ended = True
                continue
            return jupyter, other, at, line
        if not started:
            return None
        if JUPYTER_LINE.match(bare):
            in_jupyter = True
        elif bare and not bare[0].isspace():
            in_jupyter = False
        (jupyter if in_jupyter else other).append(bare)
    return None


def _bare(line: str, prefix: str, suffix: str) -> str:
    """Return a line of the head without its comment signs."""
    if prefix:
        spaced = prefix + " "
        line = line.removeprefix(spaced if line.startswith(spaced) else prefix)
    if suffix:
        line = line.removesuffix(" ")
        line = line.removesuffix(suffix)
        line = line.removesuffix(" ")
    return line


def _keep_other(head: Head, lines: list[str], options: "Options", origin: "Origin") -> bool:
    """Keep YAML that is not Jupyter's: as a raw cell, or in the settings."""
    if options.over(head.settings).flag("root_level_metadata_as_raw_cell", default=True):
        head.raw = "\n".join(["---", *lines, "---"])
        return True
    try:
        root = _yaml.load("\n".join(lines))
    except ValueError as error:
        head.notices.append(_notice(origin, head.line, f"the header is no YAML: {error}"))
        head.raw = "\n".join(["---", *lines, "---"])
        return True
    section = {**head.settings, "root_level_metadata": _jsonable(root)}
    head.metadata = {**head.metadata, "jupytext": section}
    return True


def _notice(origin: "Origin", line: int, message: str) -> Notice:
    return Notice("OCT-F010", message, Span(origin.path, line), hint="the header was kept as text")


def _jsonable(value: object) -> "Metadata":
    """Return YAML data with dates as texts and keys as texts, as JSON can hold them."""
    if isinstance(value, dict):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_jsonable(item) for item in value]  # type: ignore[return-value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value  # type: ignore[return-value]
    return str(value)  # type: ignore[return-value]


def _merge(target: "Metadata", update: "Metadata") -> None:
    for key, value in update.items():
        here = target.get(key)
        if isinstance(value, dict) and isinstance(here, dict):
            _merge(here, value)
        else:
            target[key] = value


def looks_like_head(text: str, prefix: str, suffix: str = "") -> bool:
    """Return whether the beginning of *text* would be taken for a head."""
    head = Head()
    at, line = _read_first_lines(text, prefix, head)
    return bool(head.metadata) or _find_block(text, at, line, prefix, suffix) is not None
