"""The options of a MyST cell: YAML in lines `:key: value`, or between `---` lines.

A fast path reads and writes what nearly all cells have (words, numbers, flags, lists of words);
PyYAML, which costs 15 ms to import, does the rest, with the same result.

Source: the directive options of the MyST specification; the layout is that of PyYAML with
lists in flow style, as Jupytext writes it.
"""

import re

from octavo.core.patterns import lazy
from octavo.formats import _hints, _yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json, Metadata

_WORD = r"[A-Za-z./][A-Za-z0-9_./@+()-]*(?: [A-Za-z0-9_.(@][A-Za-z0-9_./@+()-]*)*"
_PLAIN = lazy(rf"{_WORD}\Z")
_LIST = lazy(rf"\[({_WORD}(?:, {_WORD})*)?\]\Z")
_KEY = lazy(r"[A-Za-z_][A-Za-z0-9_.@/-]*\Z")
_INTEGER = lazy(r"-?[1-9][0-9]{0,17}\Z|0\Z")
_OPTION = lazy(r":([A-Za-z][A-Za-z0-9_.@/-]*): (.+)\Z")
_QUOTED = lazy(r"'([^'\n]*)'\Z")
_RESERVED = frozenset("y n yes no on off true false null".split())
_NUMBER_LIKE = lazy(r"\.(?:inf|nan|[0-9_]+)", re.IGNORECASE)
_CONSTANTS: "dict[str, Json]" = {"true": True, "false": False, "null": None}
_VERSION = 0.13  # the one number with a point that every header holds
_FOLD = 78  # PyYAML folds lines that are longer than 80
_BLOCK_END = lazy(r"(?m)^-{3,}[^\n]*\n?")


class UnreadableError(Exception):
    """Options that are no YAML mapping; the message tells why."""


# ---- reading ---------------------------------------------------------------------------


def split(content: str) -> "tuple[Metadata, str]":
    """Return the options of a fence and the source after them.

    *content* is what stands between the lines of the fence, each line with its newline.  One
    blank line before the source is dropped.

    Raises: `UnreadableError` when the options are no mapping.
    """
    if content.startswith("---"):
        options, content = _split_block(content)
    elif content.startswith(":") or content.lstrip(" \t").startswith(":"):
        options, content = _split_lines(content)
    else:
        options = {}
    line, newline, rest = content.partition("\n")
    if newline and not line.strip():
        content = rest
    return options, content.removesuffix("\n")


def _split_block(content: str) -> "tuple[Metadata, str]":
    start = content.find("\n") + 1
    end = _BLOCK_END.search(content, start) if start else None
    if end is None:
        return _load(content[start:] if start else ""), ""
    return _load(content[start : end.start()]), content[end.end() :]


def _split_lines(content: str) -> "tuple[Metadata, str]":
    at = 0
    lines: list[str] = []
    while at < len(content):
        end = content.find("\n", at)
        end = len(content) if end < 0 else end
        line = content[at:end].lstrip()
        if not line.startswith(":"):
            break
        lines.append(line)
        at = end + 1
    return _load_lines(lines), content[at:]


def _load_lines(lines: list[str]) -> "Metadata":
    """Return the options in lines that each begin with a colon."""
    options: Metadata = {}
    for line in lines:
        found = _OPTION.match(line)
        value = None if found is None else _scalar(found[2])
        if found is None or value is _UNKNOWN or found[1].lower() in _RESERVED | options.keys():
            return _load("\n".join(line[1:] for line in lines))
        options[found[1]] = value
    return options


_UNKNOWN: "Json" = object()  # type: ignore[assignment]  # a mark that no YAML holds


def _scalar(text: str) -> "Json":
    """Return the value of a simple YAML scalar or list of words, `_UNKNOWN` for others."""
    if _is_plain(text):
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.match(text):
        return int(text)
    quoted = _QUOTED.match(text)
    if quoted is not None:
        return quoted[1]
    words = _LIST.match(text)
    if words is None:
        return _UNKNOWN
    items = words[1].split(", ") if words[1] else []
    return items if all(map(_is_plain, items)) else _UNKNOWN  # type: ignore[return-value]


def _load(text: str) -> "Metadata":
    if not text.strip():
        return {}
    try:
        value = _yaml.load(text)
    except ValueError as error:
        value = _load_outdented(text, error)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UnreadableError("the options are no mapping")
    return jsonable(value)


def _load_outdented(text: str, error: ValueError) -> "Json":
    """Return the value of YAML whose lines are all indented."""
    from textwrap import dedent

    bare = dedent(text)
    if bare == text:
        raise UnreadableError(f"the options are no YAML: {error}") from None
    try:
        return _yaml.load(bare)
    except ValueError as again:
        raise UnreadableError(f"the options are no YAML: {again}") from None


def jsonable(value: object) -> "Metadata":
    """Return YAML data as JSON can hold it: dates and odd keys as texts."""
    if isinstance(value, dict):
        return {_key(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [jsonable(item) for item in value]  # type: ignore[return-value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value  # type: ignore[return-value]
    return str(value)  # type: ignore[return-value]


def _key(key: object) -> str:
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    return str(key)


def unpack_hints(options: "Metadata") -> "tuple[Metadata, Metadata]":
    """Return *options* without hints, and the hints (JSON, in a YAML string in fences)."""
    packed = options.get(_hints.KEY)
    if isinstance(packed, str):
        import json

        try:
            packed = json.loads(packed)
        except (ValueError, RecursionError):
            return options, {}
    plain, facts = _hints.unpack({**options, _hints.KEY: packed})
    return (_hints.release(plain), facts) if facts else (options, facts)


# ---- writing ---------------------------------------------------------------------------


class Writer:
    """Writes options; texts of equal metadata are remembered, as many cells share theirs."""

    __slots__ = ("_texts",)

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def text(self, metadata: "Metadata") -> str:
        """Return the lines of *metadata*, with the blank line after a block of colons."""
        if len(metadata) == 1 and "tags" in metadata:
            quick = _tags(metadata["tags"])
            if quick:
                return quick
        key = repr(metadata)
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = _text(metadata)
        return found


def _tags(tags: "Json") -> str:
    """Return the line of tags that are plain words, else ""."""
    if not isinstance(tags, list) or not tags:
        return ""
    for tag in tags:
        if not isinstance(tag, str) or not _is_plain(tag):
            return ""
    text = ", ".join(tags)  # type: ignore[arg-type]  # the loop tells
    return f":tags: [{text}]\n\n" if len(text) < _FOLD - len("tags: []") else ""


def _text(metadata: "Metadata") -> str:
    from octavo.formats._lossless import same_metadata

    odd: Metadata = {}
    if _hints.KEY in metadata:
        odd = {_hints.KEY: metadata[_hints.KEY]}
        metadata = {key: value for key, value in metadata.items() if key != _hints.KEY}
    lines, exact = _lines(metadata)
    if not exact:
        kept: Metadata = {}
        for key, value in metadata.items():
            if same_metadata(_again({key: value}), {key: value}):
                kept[key] = value
            else:
                odd[key] = value
        lines, _ = _lines(kept)
    if odd:
        lines.append(f"{_hints.KEY}: '{_hints.dumps({'metadata': odd})}'")
    if all(line and line[0].isalpha() for line in lines):
        return "".join(f":{line}\n" for line in lines) + "\n"
    return "---\n" + "\n".join(lines) + "\n---\n"


def _again(metadata: "Metadata") -> "Metadata":
    """Return what *metadata* would be read as."""
    try:
        return _load("\n".join(_lines(metadata)[0]))
    except UnreadableError:  # pragma: no cover  no text is known that PyYAML writes so
        return {}


def _lines(metadata: "Metadata") -> tuple[list[str], bool]:
    """Return the YAML lines of *metadata*, and whether they surely hold it exactly."""
    if not metadata:
        return [], True
    lines: list[str] = []
    if _dump_simple(metadata, "", lines):
        return lines, True
    return dump(metadata).split("\n")[:-1], False


def dump(data: "Metadata | dict[object, Json]") -> str:
    """Return *data* as YAML in the order of its keys, lists in flow style, Unicode kept."""
    lines: list[str] = []
    if _dump_simple(data, "", lines):
        return "\n".join(lines) + "\n"
    import yaml

    class Dumper(yaml.SafeDumper):
        """Lists in flow style where they hold no mappings, and no anchors."""

        def ignore_aliases(self, _data: object) -> bool:
            return True

    def represent_list(dumper: Dumper, items: "list[Json]") -> yaml.Node:
        flow = not any(isinstance(item, dict) for item in items)
        return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=flow)

    def represent_dict(dumper: Dumper, items: "Metadata") -> yaml.Node:
        return dumper.represent_mapping("tag:yaml.org,2002:map", items, flow_style=False)

    Dumper.add_representer(list, represent_list)
    Dumper.add_representer(dict, represent_dict)
    return str(yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True))


def _is_plain(text: str) -> bool:
    return (
        _PLAIN.match(text) is not None
        and text.lower() not in _RESERVED
        and _NUMBER_LIKE.match(text) is None
        and text not in (".", "...")
    )


def _dump_simple(data: "Metadata | dict[object, Json]", indent: str, lines: list[str]) -> bool:
    """Append the lines of *data*; return False when a value needs PyYAML."""
    for key, value in data.items():
        if not isinstance(key, str) or not _KEY.match(key) or key.lower() in _RESERVED:
            return False
        if isinstance(value, dict) and value:
            lines.append(f"{indent}{key}:")
            if len(indent) > _FOLD // 2 or not _dump_simple(value, indent + "  ", lines):
                return False
            continue
        text = _simple_text(value)
        if not text or len(indent) + len(key) + len(text) + 2 > _FOLD:
            return False
        lines.append(f"{indent}{key}: {text}")
    return True


def _simple_text(value: "Json") -> str:
    """Return the YAML of a simple value, "" for others."""
    if isinstance(value, str):
        return value if _is_plain(value) else ""
    if value is True or value is False or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float):
        return "0.13" if value == _VERSION else ""
    if isinstance(value, int):
        return str(value) if -(10**17) < value < 10**17 else ""
    if isinstance(value, list):
        items = [_simple_text(item) for item in value if not isinstance(item, list)]
        return f"[{', '.join(items)}]" if len(items) == len(value) and all(items) else ""
    return "" if value else "{}"
