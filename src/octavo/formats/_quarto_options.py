"""Options of Quarto's code cells: lines `#| key: value` at the top of the code.

Quarto keeps its own options (`echo`, `label`, ...) in the source of a cell, and every other key
as metadata of the cell; so do we.  What YAML cannot carry exactly stands in the one option
`octavo`, and all lines after it are source:

    #| tags: [a]
    #| octavo: '{"metadata": {"label": 1}}'

Source: the public documentation of Quarto and files that `quarto convert` wrote.
"""

import re

from octavo.core.languages import comment_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json, Metadata

#: Where Quarto's comment sign is not the usual one of the language.
_COMMENTS = {
    "octave": ("#", ""),
    "sas": ("*", ";"),
    "stata": ("*", ""),
    "c": ("/*", "*/"),
    "css": ("/*", "*/"),
    "sql": ("--", ""),
    "mermaid": ("%%", ""),
    "dot": ("//", ""),
    "ojs": ("//", ""),
    "fortran": ("!", ""),
}
#: Options that Quarto reads from the source of a cell: they are no metadata.
_OWN = frozenset(
    """
    eval echo warning error output include label classes panel column fig-cap fig-subcap
    fig-scap fig-cap-location tbl-cap-location cap-location fig-column tbl-column fig-link
    fig-align fig-alt fig-env fig-pos lst-label lst-cap out-width out-height md-indent
    code-fold code-line-numbers code-summary code-overflow html-table-processing layout-align
    layout-valign layout-ncol layout-nrow layout tbl-cap tbl-colwidths
    """.split()
)
_HINT = "octavo"
_VERBATIM = "verbatim"
_ENTRY_START = re.compile(r"[^\s#-].*:(?:\s|\Z)|[^\s#-][^:]*\Z")
_SIMPLE_ENTRY = re.compile(
    r"([A-Za-z][\w-]*): (?:(true|false)|(0|-?[1-9][0-9]{0,15})|([A-Za-z][\w/-]*)"
    r"|\[((?:[A-Za-z][\w/-]*(?:, [A-Za-z][\w/-]*)*)?)\])\Z",
    re.ASCII,
)
_WORD = re.compile(r"[A-Za-z][\w/-]*\Z", re.ASCII)
_RESERVED = frozenset("y n yes no on off true false null".split())


def encode(source: str, metadata: "Metadata", language: str) -> str:
    """Return the lines of a code cell: its options and its source."""
    start, end = _signs(language)
    if not metadata and not source.startswith(start):
        return source
    own, rest = _split(source, start, end)
    entries = {key: _entry(key, value) for key, value in metadata.items()}
    lines = [_comment(entry, start, end) for entry in entries.values()]
    text = "\n".join([*own, *lines, *rest])
    got = decode(text, language)
    if got[0] == source and _same(got[1], metadata):
        return text
    odd: Metadata = {}
    lines = []
    for key, entry in entries.items():
        found = _entries([entry])
        if (
            key not in _OWN
            and key != _HINT
            and found
            and _same({found[0][1]: found[0][2]}, {key: metadata[key]})
        ):
            lines.append(_comment(entry, start, end))
        else:
            odd[key] = metadata[key]
    lines.append(_comment(_hint(odd), start, end))
    return "\n".join([*lines, source])


def decode(text: str, language: str) -> "tuple[str, Metadata]":
    """Return source and metadata of a code cell: the inverse of `encode`."""
    start, end = _signs(language)
    if not text.startswith(start):
        return text, {}
    own, rest = _split(text, start, end)
    texts = [_uncomment(line, start, end) for line in own]
    held, count = _find_hint(texts)
    if count:  # all after the hint is source
        own, rest, texts = own[: count - 1], [*own[count:], *rest], texts[: count - 1]
    entries = _entries(texts)
    if not entries and not count:
        return text, {}
    kept: list[str] = []
    metadata: Metadata = {}
    at = 0
    for lines, key, value in entries:
        if key in _OWN:
            kept += own[at : at + lines]
        elif key in metadata:
            return text, {}
        else:
            metadata[key] = value
        at += lines
    metadata.update(held)
    return "\n".join([*kept, *rest]), metadata


def _find_hint(texts: "list[str]") -> "tuple[Metadata, int]":
    """Return the metadata that the hint carries, and the number of its line (0: there is none)."""
    for i, text in enumerate(texts):
        if text.startswith(_HINT + ": "):
            entry = _read_entry(text)
            held = _held(entry[1]) if entry else None
            if held is not None:
                return held, i + 1
    return {}, 0


def _signs(language: str) -> tuple[str, str]:
    return _COMMENTS.get(language) or comment_of(language)


def _split(source: str, start: str, end: str) -> "tuple[list[str], list[str]]":
    """Return the option lines at the top, and the other lines."""
    lines = source.split("\n")
    count = 0
    for line in lines:
        bare = line.removeprefix(start).lstrip()
        if not line.startswith(start) or not bare.startswith("|"):
            break
        if end and not line.rstrip().endswith(end):
            break
        count += 1
    return lines[:count], lines[count:]


def _comment(text: str, start: str, end: str) -> str:
    return f"{start}| {text} {end}" if end else f"{start}| {text}"


def _uncomment(line: str, start: str, end: str) -> str:
    text = line[len(start) :].lstrip()[1:].removeprefix(" ")
    if end:
        text = text.rstrip().removesuffix(end).rstrip()
    return text


def _entries(lines: "list[str]") -> "list[tuple[int, str, Json]]":
    """Return number of lines, key and value of each entry, [] when the lines are no mapping."""
    groups: list[list[str]] = []
    for line in lines:
        if _ENTRY_START.match(line) or not groups:
            groups.append([line])
        else:
            groups[-1].append(line)
    entries = []
    for group in groups:
        found = _read_entry("\n".join(group))
        if found is None:
            return []
        entries.append((len(group), *found))
    return entries


def _read_entry(text: str) -> "tuple[str, Json] | None":
    match = _SIMPLE_ENTRY.match(text)
    if match is not None and match[1].lower() not in _RESERVED:
        key, flag, number, word, words = match.groups()
        if flag:
            return key, flag == "true"
        if number:
            return key, int(number)
        found = words.split(", ") if words else []
        if word and word.lower() not in _RESERVED:
            return key, word
        if not word and not _RESERVED.intersection(map(str.lower, found)):
            return key, list(found)
    from octavo.formats import _yaml

    try:
        value: object = _yaml.load(text)
    except ValueError:
        return None
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((key, content),) = value.items()
    return (key, as_json(content)) if isinstance(key, str) else None


def as_json(value: object) -> "Json":
    """Return YAML data as JSON has it: dates and the like as texts."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [as_json(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def _entry(key: str, value: "Json") -> str:
    """Return `key: value` on one line, as Quarto writes it (collections in flow style)."""
    if _WORD.match(key) and key.lower() not in _RESERVED:
        if isinstance(value, bool):
            return f"{key}: {'true' if value else 'false'}"
        if isinstance(value, str) and _is_word(value):
            return f"{key}: {value}"
        if isinstance(value, list) and all(isinstance(x, str) and _is_word(x) for x in value):
            return f"{key}: [{', '.join(map(str, value))}]"
    import yaml

    for flow in (True, False) if isinstance(value, (dict, list)) else (False, True):
        text = yaml.safe_dump(
            {key: value},
            default_flow_style=flow,
            sort_keys=False,
            allow_unicode=True,
            width=float("inf"),
        )
        text = text.removesuffix("\n")
        if flow:
            text = text[1:-1]
        if "\n" not in text:
            return text
    return ""


def _is_word(text: str) -> bool:
    return _WORD.match(text) is not None and text.lower() not in _RESERVED


def _hint(metadata: "Metadata") -> str:
    """Return the option that carries what the others cannot."""
    if not metadata:
        return f"{_HINT}: {_VERBATIM}"
    import json

    text = json.dumps({"metadata": metadata}).replace("'", "''")
    return f"{_HINT}: '{text}'"


def _held(value: "Json") -> "Metadata | None":
    """Return the metadata that such an option carries, None when it is another."""
    if value == _VERBATIM:
        return {}
    if not isinstance(value, str) or not value.startswith('{"metadata": '):
        return None
    import json

    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return None
    metadata = found.get("metadata") if isinstance(found, dict) and len(found) == 1 else None
    return metadata if isinstance(metadata, dict) else None


def _same(a: "Metadata", b: "Metadata") -> bool:
    """Return whether two metadata are equal as JSON (true is not 1)."""
    import json

    return json.dumps(a) == json.dumps(b)
