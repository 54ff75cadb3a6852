"""The head of a text: `#!` line, encoding line, YAML between `---` lines, and what it means.

    read_head    text -> Head: metadata, the first raw cell (other YAML), where cells begin
    settle       Head and cells -> Document: languages, filters for texts without a header
    plan_text    Document -> Plan: the text of the head, the cells left to write, the settings

Source: formats.md of the project's reference, section 7, and the observed behaviour of
Jupytext.  The one difference: the line `jupytext_version` is left out.
"""

import re

from octavo.core.document import Cell, Document
from octavo.core.errors import Notice, Span
from octavo.core.languages import BY_SUFFIX, main_language
from octavo.core.patterns import lazy
from octavo.formats import _cell_language, _filters, _names, _yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.core.document import Metadata, Origin
    from octavo.core.options import Options
    from octavo.formats._filters import Filter

#: Options that every format with a header and cell metadata takes.
COMMON_OPTIONS = (
    "notebook_metadata_filter",
    "cell_metadata_filter",
    "root_level_metadata_as_raw_cell",
    "cell_metadata_json",
    "custom_cell_magics",
    "custom_language_magics",
)

_RULE = lazy(r"---\s*\Z")
_JUPYTER = lazy(r"jupyter\s*:\s*\Z")
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


class Plan:
    """What a writer needs beside the cells.

    `head`: lines of the head, without the blank lines after it; `blank`: how many of those a
    raw header cell asks for (None: the usual rule); `cells`: the cells left to write;
    `options`: given and recorded options; `language`: the main language; `filter`: the filter
    of cell metadata; `custom`: further cell magics that are languages.
    """

    __slots__ = ("blank", "cells", "custom", "filter", "head", "language", "options", "yaml")

    def __init__(
        self,
        head: list[str],
        cells: "tuple[Cell, ...]",
        options: "Options",
        language: str,
        *,
        blank: int | None,
        yaml: bool,
    ) -> None:
        self.head = head
        self.cells = cells
        self.options = options
        self.language = language
        self.blank = blank
        self.yaml = yaml
        self.filter: Filter = _filters.cell_filter(options.text("cell_metadata_filter"))
        self.custom = options.names("custom_cell_magics") | options.names("custom_language_magics")


# ---- reading ---------------------------------------------------------------------------


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
        if _RULE.match(bare):
            if not started:
                started = True
                continue
            if hidden:
                ended = True
                continue
            return jupyter, other, at, line
        if not started:
            return None
        if _JUPYTER.match(bare):
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


# ---- writing ---------------------------------------------------------------------------


def plan_text(
    document: Document,
    options: "Options",
    *,
    name: str,
    version: str,
    prefix: str,
    suffix: str = "",
    can_hide: bool = False,
) -> Plan:
    """Return head, cells and settings for the text of *document*.

    *prefix* and *suffix* comment the lines of the header; *name* and *version* are the format's.
    """
    metadata = dict(document.metadata)
    section = _modern_section(metadata)
    options = options.over(section)
    section.update(options.values)
    if section.get("rst2md") is True:
        section["rst2md"] = False
    language = _take_main_language(metadata, section, options.suffix)
    head = _first_lines(document, section, options.suffix)
    cells = document.cells
    yaml_lines: list[str] = []
    blank: int | None = None
    root: Metadata = {}
    if not options.flag("root_level_metadata_as_raw_cell", default=True):
        stored = section.pop("root_level_metadata", {})
        root = stored if isinstance(stored, dict) else {}
    elif cells and (lines := header_lines(cells[0])) is not None:
        yaml_lines = lines
        asked = cells[0].metadata.get("lines_to_next_cell")
        blank = asked if isinstance(asked, int) else None
        cells = cells[1:]
    if isinstance(section.get("formats"), str):
        section["formats"] = _names.renamed(
            str(section["formats"]), _names.Target(options.suffix, name), metadata
        )
    section["text_representation"] = {
        "extension": options.suffix,
        "format_name": name,
        "format_version": version,
    }
    metadata["jupytext"] = section
    chosen = _filters.notebook_filter(options.text("notebook_metadata_filter")).apply(metadata)
    if chosen:
        root = {**root, "jupyter": chosen}
    if options.suffix in BY_SUFFIX:
        # What a reader will know: a kernel that the filter leaves out is not part of it.
        language = main_language(chosen, options.suffix) or language
    if root:
        yaml_lines = yaml_lines + _yaml.dump(root).split("\n")[:-1]
    if yaml_lines:
        block = ["---", *yaml_lines, "---"]
        if can_hide and options.flag("hide_notebook_metadata"):
            block = ["<!--", "", *block, "", "-->"]
        head += [_commented(line, prefix, suffix) for line in block]
    return Plan(head, cells, options, language, blank=blank, yaml=bool(yaml_lines))


def header_lines(cell: Cell) -> list[str] | None:
    """Return the YAML lines of a raw cell that can stand in the header of a text, else None.

    Only a cell that reading the header gives back exactly is taken.
    """
    if cell.kind != "raw" or not cell.source.startswith("---\n"):
        return None
    if not cell.source.endswith("\n---") or _filters.cell_filter("").apply(cell.metadata):
        return None
    lines = cell.source.split("\n")[1:-1]
    for line in lines:
        if _RULE.match(line) or _JUPYTER.match(line) or line != line.strip("\r\f\v"):
            return None
    return lines or None


def looks_like_head(text: str, prefix: str, suffix: str = "") -> bool:
    """Return whether the beginning of *text* would be taken for a head."""
    head = Head()
    at, line = _read_first_lines(text, prefix, head)
    return bool(head.metadata) or _find_block(text, at, line, prefix, suffix) is not None


def _modern_section(metadata: "Metadata") -> "Metadata":
    """Return a copy of the `jupytext` section, older spellings of its keys brought up to date.

    Old keys at the root of *metadata* are removed from it.
    """
    found = metadata.get("jupytext")
    section = dict(found) if isinstance(found, dict) else {}
    for old, new in (("jupytext_formats", "formats"), ("nbrmd_formats", "formats"),
                     ("main_language", "main_language"), ("encoding", "encoding"),
                     ("executable", "executable")):  # fmt: skip
        if old in metadata:
            section[new] = metadata.pop(old)
    for old in ("jupytext_format_version", "nbrmd_format_version"):
        metadata.pop(old, None)
    filters = section.pop("metadata_filter", None)
    if isinstance(filters, dict):
        for old in ("notebook", "cells"):
            if old in filters:
                section[f"{old.removesuffix('s')}_metadata_filter"] = filters[old]
    for key in ("notebook_metadata_filter", "cell_metadata_filter"):
        if key in section and not isinstance(section[key], str):
            section[key] = _filters.as_text(section[key])
    return section


def _take_main_language(metadata: "Metadata", section: "Metadata", suffix: str) -> str:
    """Return the main language; forget the recorded one when kernel or suffix say the same."""
    recorded = section.get("main_language")
    language = main_language({**metadata, "jupytext": section}, suffix) or "python"
    kernelspec = metadata.get("kernelspec")
    told = kernelspec.get("language") if isinstance(kernelspec, dict) else None
    if not told:
        row = BY_SUFFIX.get(suffix)
        told = row.name if row else None
    if recorded is not None and recorded == told:
        del section["main_language"]
    return language


def _first_lines(document: Document, section: "Metadata", suffix: str) -> list[str]:
    """Return the `#!` and encoding lines of a script."""
    row = BY_SUFFIX.get(suffix)
    if row is None:
        return []
    lines = []
    if "executable" in section:
        lines.append(f"#!{section.pop('executable')}")
    if "encoding" in section:
        lines.append(str(section.pop("encoding")))
    elif main_language({**document.metadata, "jupytext": section}, suffix) == "python":
        pass  # Python's sources are UTF-8 by themselves
    elif not all(cell.source.isascii() for cell in document.cells):
        lines.append(row.comment + _UTF8)
    return lines


def _commented(line: str, prefix: str, suffix: str) -> str:
    if not prefix:
        return line
    text = f"{prefix} {line}" if line else prefix
    return f"{text} {suffix}" if suffix else text
