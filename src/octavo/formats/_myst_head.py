"""The front matter of a MyST text: notebook metadata at the root, other YAML as a raw cell.

    read    text -> Head: metadata, the source of the first raw cell, where cells begin
    plan    Document -> Plan: the text of the front matter, the cells left to write, settings

The keys at the root are notebook metadata, those under `jupyter:` too; the keys that
`root_level_metadata_filter` leaves out make the first raw cell, a block between `---` lines.

Source: formats.md of the project's reference, sections 2 and 7, and the observed behaviour of
Jupytext.
"""

import re

from octavo.core.errors import Notice, Span
from octavo.core.patterns import lazy
from octavo.formats import _filters, _header_plan, _myst_ends, _myst_options, _yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Cell, Document, Json, Metadata, Origin
    from octavo.core.options import Options
    from octavo.formats._filters import Filter

_OPEN = lazy(r"(-{3,})[ \t]*\n")
#: The version of the format is no text, which keeps the fast path of YAML away.
_VERSION = lazy(r"(?m)^( +format_version: )(0\.[0-9]+)$")
_JUPYTER = "jupyter"
#: Keys that are notebook metadata whatever else the front matter holds.
_OF_NOTEBOOKS = frozenset((*_filters.KEPT_IN_HEADER, "language_info", _JUPYTER))
_TOP_KEY = lazy(r"[^\s#\[\]{}&*!|>%@`,?:-]")
#: Ends a raw cell's lines that would read back in another layout.
_VERBATIM = "# octavo: verbatim"


class Head:
    """What a front matter says.

    `metadata`: the notebook's; `raw`: the source of the first raw cell or None; `stop`: offset
    of the first character after it; `line`: 1-based line there; `found`: whether there was one;
    `ends`: the ends of cells that it tells.
    """

    __slots__ = ("ends", "found", "line", "metadata", "notices", "raw", "stop")

    def __init__(self) -> None:
        self.metadata: Metadata = {}
        self.raw: str | None = None
        self.ends: object = None
        self.stop = 0
        self.line = 1
        self.found = False
        self.notices: list[Notice] = []


class Plan:
    """The text of the front matter ("" or with its last newline) and what writing needs.

    `ends`: the ends of cells that the front matter tells (see `_myst_ends`).
    """

    __slots__ = ("cells", "ends", "filter", "lexer", "text")

    def __init__(
        self,
        text: str,
        cells: "tuple[Cell, ...]",
        cell_filter: "Filter",
        lexer: str,
        ends: dict[str, str],
    ) -> None:
        self.text = text
        self.cells = cells
        self.filter = cell_filter
        self.lexer = lexer
        self.ends = ends


# ---- reading ---------------------------------------------------------------------------


def read(text: str, options: "Options", origin: "Origin") -> Head:
    """Return what the front matter of *text* says.

    Never fails: what is no YAML mapping stays in the text, and a notice tells why.
    """
    head = Head()
    block = _find_block(text)
    if block is None:
        return head
    inner, stop = block
    try:
        value = _yaml.load(_VERSION.sub(r"\1'\2'", inner)) if inner.strip() else {}
    except ValueError as error:
        value, problem = None, f"the front matter is no YAML: {error}"
    else:
        problem = "the front matter is no mapping"
    if not isinstance(value, dict):
        head.notices.append(
            Notice("OCT-F010", problem, Span(origin.path, 1), hint="it was kept as text")
        )
        return head
    head.found = True
    head.stop = stop
    head.line = text.count("\n", 0, stop) + 1
    _sort(head, inner, dict(value.items()), options)
    return head


def _find_block(text: str) -> tuple[str, int] | None:
    """Return the lines of the front matter, and the offset after its last line."""
    opening = _OPEN.match(text)
    if opening is None:
        return None
    width = len(opening[1])
    end = re.compile(rf"(?m)^(?: {{0,3}}-{{{width},}}|\.\.\.)[ \t\r]*(?:\n|\Z)").search(
        text, opening.end()
    )
    return None if end is None else (text[opening.end() : end.start()], end.end())


def _sort(head: Head, inner: str, value: "dict[object, Json]", options: "Options") -> None:
    """Put the entries of the front matter into the metadata or into the raw cell."""
    nested = value.pop(_JUPYTER, None)
    metadata = _myst_options.jsonable(nested) if isinstance(nested, dict) else {}
    root = _myst_options.jsonable(value)
    section = {**_section(metadata), **_section(root)}
    representation = section.get("text_representation")
    if isinstance(representation, dict):
        head.ends = representation.get(_myst_ends.KEY)
    settings = options.over(section)
    chosen = _filters.root_filter(
        settings.text("root_level_metadata_filter"), all_by_default=True
    ).apply(root)
    chosen = {key: item for key, item in chosen.items() if _filters.VALID_KEY.match(key)}
    if any(_is_lossy(value.get(key)) for key in chosen):
        chosen = {key: item for key, item in chosen.items() if key in _OF_NOTEBOOKS}
    _merge(metadata, chosen)
    head.metadata = metadata
    rest = {key: item for key, item in value.items() if _text_of(key) not in chosen}
    if not rest:
        return
    if settings.flag("root_level_metadata_as_raw_cell", default=True):
        head.raw = f"---\n{_raw_lines(inner, rest)}---"
    else:
        section = dict(_section(metadata))
        section["root_level_metadata"] = _myst_options.jsonable(rest)
        metadata["jupytext"] = section


def _section(metadata: "Metadata") -> "Metadata":
    section = metadata.get("jupytext")
    return section if isinstance(section, dict) else {}


def _text_of(key: object) -> str:
    return key if isinstance(key, str) else next(iter(_myst_options.jsonable({key: None})))


def _is_lossy(value: object) -> bool:
    """Return whether YAML data holds what JSON cannot (dates, sets, bytes, odd keys)."""
    if isinstance(value, dict):
        return any(not isinstance(key, str) or _is_lossy(item) for key, item in value.items())
    if isinstance(value, list):
        return any(map(_is_lossy, value))
    return value is not None and not isinstance(value, (bool, int, float, str))


def _merge(target: "Metadata", update: "Metadata") -> None:
    for key, value in update.items():
        here = target.get(key)
        if isinstance(value, dict) and isinstance(here, dict):
            _merge(here, value)
        else:
            target[key] = value


def _raw_lines(inner: str, rest: "dict[object, Json]") -> str:
    """Return the lines for the raw cell of the entries *rest*.

    They are those of the text, verbatim; but where the text is as we write it (lists in flow
    style), they are in block style, as such cells are written in notebooks.
    """
    lines = _lines_of(inner, rest)
    verbatim = lines.removesuffix(_VERBATIM + "\n")
    if verbatim != lines:
        return verbatim
    if _is_simple(rest):
        return lines or _in_blocks(rest)
    if not lines or lines == _myst_options.dump(rest):
        return _in_blocks(rest)
    return lines


def _is_simple(value: "dict[object, Json]") -> bool:
    """Return whether there is but one layout: texts and mappings of texts."""
    return all(
        isinstance(item, (str, bool))
        or (isinstance(item, dict) and bool(item) and _is_simple(item))  # type: ignore[arg-type]
        for item in value.values()
    )


def _in_blocks(value: "dict[object, Json]") -> str:
    if all(isinstance(key, str) for key in value) and _is_simple(value):
        return _yaml.dump(value, sort_keys=False)  # type: ignore[arg-type]
    import yaml

    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))


def _lines_of(inner: str, rest: "dict[object, Json]") -> str:
    """Return the lines of *inner* that hold the entries *rest*, "" if they cannot be told."""
    chosen: list[str] = []
    block: list[str] = []
    lines = inner.split("\n")[:-1] if inner.endswith("\n") else inner.split("\n")
    for line in [*lines, None]:
        if line is not None and not _TOP_KEY.match(line):
            block.append(line)
            continue
        if block and _holds_any(block, rest):
            chosen += block
        if line is not None:
            leading = block if block and not any(map(_TOP_KEY.match, block)) else []
            block = [*leading, line]
    text = "".join(line + "\n" for line in chosen)
    return text if text and _mapping(text) == rest else ""


def _holds_any(block: list[str], rest: "dict[object, Json]") -> bool:
    value = _mapping("\n".join(block))
    return bool(value) and all(key in rest for key in value)


def _mapping(text: str) -> "dict[object, Json]":
    """Return the mapping that a YAML text holds, {} for anything else."""
    try:
        value = _yaml.load(text)
    except ValueError:
        return {}
    return dict(value.items()) if isinstance(value, dict) else {}


# ---- writing ---------------------------------------------------------------------------


def plan(document: "Document", options: "Options", *, name: str, version: str) -> Plan:
    """Return the front matter of *document*, the cells left to write, and the settings."""
    metadata = dict(document.metadata)
    section = _header_plan.modern_section(metadata)
    options = options.over(section)
    section.update(options.values)
    recorded = section.pop("default_lexer", None)
    language = metadata.get("language_info")
    lexer = language.get("pygments_lexer") if isinstance(language, dict) else None
    representation: Metadata = {
        "extension": options.suffix,
        "format_name": name,
        "format_version": float(version),
    }
    section["text_representation"] = representation
    stored = section.pop("root_level_metadata", None)
    metadata["jupytext"] = section
    metadata = _filters.notebook_filter(options.text("notebook_metadata_filter")).apply(metadata)
    metadata = dict(sorted(metadata.items()))
    ends = {}
    if _section(metadata).get("text_representation") is representation:
        ends = _myst_ends.collect(document.cells)
        representation.update({_myst_ends.KEY: ends} if ends else {})  # type: ignore[dict-item]
    cells = document.cells
    raw = options.flag("root_level_metadata_as_raw_cell", default=True)
    cell_filter = _filters.cell_filter(options.text("cell_metadata_filter"))
    text = ""
    if not raw and isinstance(stored, dict) and stored:
        text = _with_entries(stored, metadata, options)
    elif raw and cells and cells[0].kind == "raw" and not cell_filter.apply(cells[0].metadata):
        text = _with_raw(cells[0].source, metadata, options)
        cells = cells[1:] if text else cells
    if not text:
        root = _at_root(metadata, options)
        text = f"---\n{_myst_options.dump(root)}---\n" if root else ""
    return Plan(text, cells, cell_filter, _lexer(lexer or recorded), ends)


def _lexer(lexer: object) -> str:
    """Return what stands after `{code-cell}`, "" where it cannot."""
    if not isinstance(lexer, str) or "`" in lexer or "\n" in lexer:
        return ""
    return lexer.strip()


def _at_root(metadata: "Metadata", options: "Options") -> "Metadata":
    """Return the mapping of the front matter: what the filter keeps out goes to `jupyter`."""
    words = options.text("root_level_metadata_filter")
    root = _filters.root_filter(words, all_by_default=True).apply(metadata)
    root = {key: value for key, value in root.items() if _filters.VALID_KEY.match(key)}
    if _JUPYTER in root:
        del root[_JUPYTER]
    rest = {key: value for key, value in metadata.items() if key not in root}
    return {**root, _JUPYTER: rest} if rest else root


def _with_entries(entries: "Metadata", metadata: "Metadata", options: "Options") -> str:
    """Return a front matter with *entries* before the metadata."""
    filtered = _excluding(list(entries), metadata, options)
    if filtered is None:
        return ""
    root = _at_root(*filtered)
    return f"---\n{_myst_options.dump({**entries, **root})}---\n"


def _with_raw(source: str, metadata: "Metadata", options: "Options") -> str:
    """Return a front matter that reads back as the raw cell *source* too, "" if none does."""
    if not source.startswith("---\n") or not source.endswith("\n---"):
        return ""
    lines = source[4:-3]
    try:
        entries = _yaml.load(lines) if lines.strip() else None
    except ValueError:
        return ""
    if not isinstance(entries, dict) or not entries:
        return ""
    filtered = _excluding([_text_of(key) for key in entries], metadata, options)
    if filtered is None:
        return ""
    root = _myst_options.dump(_at_root(*filtered))
    for front in _candidates(lines, entries):  # type: ignore[arg-type]
        text = f"---\n{front}{root}---\n"
        if _reads_back(text, source, filtered[0], options):
            return text
    return ""


def _candidates(lines: str, entries: "dict[object, Json]") -> "list[str]":
    """Return the lines to try for a raw cell, the best first."""
    if _is_simple(entries):
        return [lines, f"{lines}{_VERBATIM}\n"]
    if all(isinstance(key, str) for key in entries) and lines == _in_blocks(entries):
        return [_myst_options.dump(entries), lines, f"{lines}{_VERBATIM}\n"]
    return [lines, f"{lines}{_VERBATIM}\n"]


def _excluding(
    names: list[str], metadata: "Metadata", options: "Options"
) -> "tuple[Metadata, Options] | None":
    """Return metadata and options in which the filter keeps *names* out of the metadata.

    None when one of them is notebook metadata here.
    """
    if _JUPYTER in names or "jupytext" in names or any(name in metadata for name in names):
        return None
    if any("," in name or name != name.strip() for name in names):
        return None
    words = options.text("root_level_metadata_filter")
    kept = _filters.root_filter(words, all_by_default=True).apply(dict.fromkeys(names))
    missing = [f"-{name}" for name in kept if _filters.VALID_KEY.match(name)]
    if not words:
        missing = [f"-{name}" for name in names]
    words = ",".join(filter(None, [words, *missing]))
    section = metadata.get("jupytext")
    section = dict(section) if isinstance(section, dict) else {}
    section.pop("root_level_metadata_filter", None)
    if not section and options.text("notebook_metadata_filter"):
        # Else the next writing would add what this filter leaves out.
        section["notebook_metadata_filter"] = options.text("notebook_metadata_filter")
    section["root_level_metadata_filter"] = words
    metadata = dict(sorted({**metadata, "jupytext": section}.items()))
    return metadata, options.with_(root_level_metadata_filter=words)


def _reads_back(text: str, source: str, metadata: "Metadata", options: "Options") -> bool:
    """Return whether *text* reads as this raw cell and this metadata."""
    from octavo.core.document import Origin
    from octavo.core.options import Options
    from octavo.formats._lossless import same_metadata

    head = read(text, Options({}, options.suffix), Origin())
    own = _without_representation(head.metadata)
    return (
        head.raw == source
        and head.stop == len(text)
        and same_metadata(own, _without_representation(metadata))
    )


def _without_representation(metadata: "Metadata") -> "Metadata":
    section = dict(_section(metadata))
    section.pop("text_representation", None)
    return {**metadata, "jupytext": section}
