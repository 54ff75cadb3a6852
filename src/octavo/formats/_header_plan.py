"""Plan a text: its head, the cells that are left to write, and the settings that hold.

Source: formats.md of the project's reference, section 7, and the observed behaviour of
Jupytext.  The one difference: the line `jupytext_version` is left out.
"""

from octavo.core.languages import BY_SUFFIX, main_language
from octavo.formats import _filters, _names, _yaml
from octavo.formats._header import JUPYTER_LINE, RULE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell, Document, Metadata
    from octavo.core.options import Options
    from octavo.formats._filters import Filter

_UTF8 = " -*- coding: utf-8 -*-"


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


def plan_text(
    document: "Document",
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
    section = modern_section(metadata)
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


def header_lines(cell: "Cell") -> list[str] | None:
    """Return the YAML lines of a raw cell that can stand in the header of a text, else None.

    Only a cell that reading the header gives back exactly is taken.
    """
    if cell.kind != "raw" or not cell.source.startswith("---\n"):
        return None
    if not cell.source.endswith("\n---") or _filters.cell_filter("").apply(cell.metadata):
        return None
    lines = cell.source.split("\n")[1:-1]
    for line in lines:
        if RULE.match(line) or JUPYTER_LINE.match(line) or line != line.strip("\r\f\v"):
            return None
    return lines or None


def modern_section(metadata: "Metadata") -> "Metadata":
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


def _first_lines(document: "Document", section: "Metadata", suffix: str) -> list[str]:
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
