"""YAML of headers: a fast path for the subset that we write ourselves, PyYAML for the rest.

Importing PyYAML costs about 15 ms, half of what a whole conversion may take; nearly every
header is nested mappings of plain words.
"""

import re

from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json, Metadata

#: A scalar that YAML reads as this very text without quotes.  The words that YAML takes for
#: something else (yes, null, ...) are excluded by `_RESERVED`, numbers by the first letter.
#: A colon within a word (`ipynb,py:percent`, the list of every pair) opens no mapping.
_PLAIN = lazy(
    r"(?!\.\.\.)[A-Za-z./](?:[A-Za-z0-9_.+()/@=*,-]|:(?=[A-Za-z0-9_./])|[ ](?=[A-Za-z0-9(.]))*\Z"
)
_QUOTED = lazy(r"'([A-Za-z0-9_.+() /@=*,{}\[\]-]*)'\Z")
_VERSION = lazy(r"[0-9]+\.[0-9]+\.[0-9A-Za-z.]+\Z")
_ENTRY = lazy(r"( *)([A-Za-z_][A-Za-z0-9_.@/-]*):(?: (.*))?\Z")
_RESERVED = frozenset("y n yes no on off true false null".split())
_NUMBER_LIKE = lazy(r"\.(?:inf|nan|[0-9_]+)|[0-9]", re.IGNORECASE)
_FOLD = 80  # PyYAML folds lines that are longer


def load(text: str) -> "Json":
    """Return the value of a YAML text.

    Raises: `ValueError` when the text is no YAML (any error of the parser).
    """
    quick = _load_simple(text)
    if quick is not None:
        return quick
    import yaml

    try:
        return yaml.safe_load(text)  # type: ignore[no-any-return]
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        raise ValueError(_problem(error)) from None


def dump(data: "Metadata", *, sort_keys: bool = True) -> str:
    """Return *data* as block YAML, exactly as PyYAML's `safe_dump` would write it.

    Source: the layout of headers that Jupytext writes (PyYAML, block style, sorted keys).
    """
    lines: list[str] = []
    if _dump_simple(data, "", lines, sort_keys):
        return "\n".join(lines) + "\n" if lines else "{}\n"
    import yaml

    return str(yaml.safe_dump(data, default_flow_style=False, sort_keys=sort_keys))


def _is_plain(text: str) -> bool:
    return (
        _PLAIN.match(text) is not None
        and text.lower() not in _RESERVED
        and not _NUMBER_LIKE.match(text)
    )


def _dump_simple(data: "Metadata", indent: str, lines: list[str], sort_keys: bool) -> bool:  # noqa: FBT001
    """Append the lines of *data*; return False when a value needs PyYAML."""
    for key in sorted(data) if sort_keys else data:
        value = data[key]
        if not _is_plain(str(key)) or " " in key:
            return False
        if isinstance(value, dict):
            if not value:
                return False
            lines.append(f"{indent}{key}:")
            if not _dump_simple(value, indent + "  ", lines, sort_keys):
                return False
        elif value is True or value is False:
            lines.append(f"{indent}{key}: {'true' if value else 'false'}")
        elif isinstance(value, str) and len(indent) + len(key) + len(value) + 2 < _FOLD:
            if _is_plain(value) or _VERSION.match(value):
                lines.append(f"{indent}{key}: {value}")
            elif _FLOAT_LIKE.match(value):
                lines.append(f"{indent}{key}: '{value}'")
            else:
                return False
        else:
            return False
    return True


_FLOAT_LIKE = lazy(r"[0-9]{1,4}\.[0-9]{1,4}\Z")


def _load_simple(text: str) -> "Metadata | None":
    """Return nested mappings of plain words, or None when the text holds anything else."""
    root: Metadata = {}
    stack: list[tuple[int, Metadata]] = [(0, root)]
    opened: tuple[int, Metadata] | None = None  # a key whose value must follow, indented
    for line in text.split("\n"):
        if not line:
            continue
        entry = _ENTRY.match(line)
        if entry is None:
            return None
        indent, key, value = len(entry[1]), entry[2], entry[3]
        if opened is not None:
            if indent <= opened[0]:
                return None
            stack.append((indent, opened[1]))
            opened = None
        while stack and stack[-1][0] > indent:
            stack.pop()
        if not stack or stack[-1][0] != indent or key.lower() in _RESERVED:
            return None
        here = stack[-1][1]
        if key in here:
            return None
        if value is None:
            child: Metadata = {}
            here[key] = child
            opened = (indent, child)
        else:
            scalar = _scalar(value)
            if scalar is None:
                return None
            here[key] = scalar
    return None if opened is not None or not root else root


def _scalar(text: str) -> "bool | str | None":
    if text in ("true", "false"):
        return text == "true"
    if _is_plain(text) or _VERSION.match(text):
        return text
    quoted = _QUOTED.match(text)
    return quoted[1] if quoted else None


def _problem(error: Exception) -> str:
    """Return one line about what PyYAML did not like."""
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error).split("\n")[0]
    return f"{what} (line {mark.line + 1} of the YAML)" if mark is not None else str(what)
