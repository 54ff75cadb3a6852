"""Chunk options of R Markdown: `r name, echo=FALSE, tags=c("a")` and cell metadata.

Values are R's: TRUE and FALSE, `c(...)` and `list(...)`, strings in either quotes.  What is
none of these stays R code, marked by `#R_CODE#` in the metadata.  `include`, `echo` and
`results` stand for tags, or for the older keys `hide_input` and `hide_output` (*runtools*).

Source: formats.md of the project's reference, and the observed behaviour of Jupytext.
"""

from octavo.core.active import is_active
from octavo.core.patterns import lazy
from octavo.formats import _attributes, _hints

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Json, Metadata

R_CODE = "#R_CODE#"

_LANGUAGE = lazy(r"(wolfram language(?=[\s,]|\Z)|[^\s,]*)[\s,]?[ ,]*")
_LOGICAL = {"TRUE": True, "T": True, "FALSE": False, "F": False}
#: Option, its values (the first is written), and the tag that says the same.
_TAGS = (
    ("include", ("FALSE",), "remove_cell"),
    ("echo", ("FALSE",), "remove_input"),
    ("results", ("'hide'", '"hide"'), "remove_output"),
)
#: Option, its values, and the keys of the notebook extension "runtools".
_RUNTOOLS = (
    ("include", ("FALSE",), ("hide_input", "hide_output")),
    ("echo", ("FALSE",), ("hide_input",)),
    ("results", ("'hide'", '"hide"'), ("hide_output",)),
)
_TOKEN = lazy(r"[\\'\"(){}\[\],=]")
_OPENING = {"(": ")", "{": "}", "[": "]"}


# ---- writing ---------------------------------------------------------------------------


def write(language: str, metadata: "Metadata", *, runtools: bool = False) -> str:
    """Return language and metadata as chunk options, without the braces around them.

    >>> write("R", {"name": "plot", "tags": ["remove_input"], "fig.width": 5})
    'r plot, echo=FALSE, fig.width=5'
    """
    left = dict(metadata)
    words: list[str] = []
    name = left.get("name")
    if isinstance(name, str):
        del left["name"]
    words += _runtools_words(left) if runtools else _tag_words(left)
    words += [_option(key.strip(), value) for key, value in left.items()]
    text = language.lower()
    if isinstance(name, str):
        text += f" {name},"
    if words:
        text += " " + ", ".join(words)
    return text.strip(",").strip()


def _runtools_words(left: "Metadata") -> list[str]:
    """Take the keys that an option stands for out of *left*; return the options."""
    words = []
    for option, values, keys in _RUNTOOLS:
        if all(left.get(key) is True for key in keys):
            words.append(f"{option}={values[0]}")
            for key in keys:
                del left[key]
    return words


def _tag_words(left: "Metadata") -> list[str]:
    """Take the tags that an option stands for out of *left*; return the options."""
    tags = left.get("tags")
    if not isinstance(tags, list):
        return []
    words = []
    for option, values, tag in _TAGS:
        if tag in tags:
            words.append(f"{option}={values[0]}")
            tags = [other for other in tags if other != tag]
    if words:
        if tags:
            left["tags"] = tags
        else:
            del left["tags"]
    return words


def _option(key: str, value: "Json") -> str:
    if key == _attributes.UNPARSED and isinstance(value, str) and _split(value) is None:
        return value
    if key == _hints.KEY and isinstance(value, dict):
        return f"{key}='{_hints.dumps(value)}'"
    return f"{key}={_value(key, value)}"


def _value(key: str, value: "Json") -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, list):
        return "c({})".format(", ".join(f'"{item}"' for item in value))
    if isinstance(value, str):
        if value.startswith(R_CODE) and key != "active":
            return value[len(R_CODE) :]
        return f'"{value}"' if '"' not in value or key == "active" else f"'{value}'"
    return str(value)


# ---- reading ---------------------------------------------------------------------------


def read(text: str, *, runtools: bool = False) -> "tuple[str, Metadata, bool]":
    """Return language and metadata of chunk options, and whether all could be understood.

    What cannot be taken apart is kept as it is, to be written back.

    >>> read("r plot, echo=FALSE, fig.width=5")
    ('R', {'name': 'plot', 'tags': ['remove_input'], 'fig.width': 5}, True)
    """
    match = _LANGUAGE.match(text)
    head = match[1] if match else ""
    rest = text[match.end() :] if match else ""
    language = "R" if head == "r" else head
    if not rest.strip():
        return language, {}, True
    pairs = _split(rest)
    if pairs is None:
        return language, {_attributes.UNPARSED: rest.strip()}, False
    metadata: Metadata = {}
    for i, (key, value) in enumerate(pairs):
        if i == 0 and not key:
            metadata["name"] = _literal("name", value)
        elif not _read_visibility(metadata, key, value, runtools=runtools):
            found = _literal(key, value)
            if key == "tags" and isinstance(found, list) and isinstance(metadata.get(key), list):
                found = [*metadata[key], *found]  # type: ignore[misc]  # a list, see above
            metadata[key] = found
    if "eval" in metadata and not is_active(metadata, ".Rmd"):
        del metadata["eval"]
    return language, metadata, True


def _split(text: str) -> "list[tuple[str, str]] | None":
    """Return the pairs of name and value, None when brackets or quotes do not match."""
    pairs: list[tuple[str, str]] = []
    closing: list[str] = []
    quote = key = ""
    start = 0
    named = False
    for token in _TOKEN.finditer(text):
        sign, at = token[0], token.start()
        if sign in "'\"":
            if text[at - 1 : at] != "\\" and (not quote or quote == sign):
                quote = "" if quote else sign
        elif quote or sign == "\\":
            continue
        elif sign in _OPENING:
            closing.append(_OPENING[sign])
        elif sign in ")}]":
            if not closing or closing.pop() != sign:
                return None
        elif closing:
            continue
        elif sign == "=":
            if not named:
                key, named, start = text[start:at].strip(), True, at + 1
        else:
            if not _add(pairs, key, text[start:at].strip(), named=named):
                return None
            key, named, start = "", False, at + 1
    if quote or closing or not _add(pairs, key, text[start:].strip(), named=named):
        return None
    return pairs


def _add(pairs: "list[tuple[str, str]]", key: str, value: str, *, named: bool) -> bool:
    """Add a pair; return False when an option after the first has no name."""
    if named or value:
        if not key and (pairs or named):
            return False
        pairs.append((key, value))
    return True


def _read_visibility(metadata: "Metadata", key: str, value: str, *, runtools: bool) -> bool:
    """Add what `include`, `echo` and `results` stand for; return whether it was one of them."""
    if runtools:
        for option, values, names in _RUNTOOLS:
            if key == option and value in values:
                metadata.update(dict.fromkeys(names, True))
                return True
        return False
    for option, values, tag in _TAGS:
        if key == option and value in values:
            tags = metadata.get("tags")
            metadata["tags"] = [*tags, tag] if isinstance(tags, list) else [tag]
            return True
    return False


def _literal(key: str, value: str) -> "Json":
    """Return the value that R code stands for, if it is a plain one."""
    if value in _LOGICAL and key != "name":
        return _LOGICAL[value]
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        inner = value[1:-1]
        return _hint(inner) if key == _hints.KEY and inner[:1] == "{" else inner
    code = value
    if value.startswith("c(") and value.endswith(")"):
        value = "[" + value[2:-1] + "]"
    elif value.startswith("list(") and value.endswith(")"):
        value = "[" + value[5:-1] + "]"
    try:
        return _attributes.python_literal(value)
    except ValueError:
        return code if key == "name" else R_CODE + code


def _hint(text: str) -> "Json":
    """Return the facts of a hint, or the text when it is none."""
    import json

    try:
        facts: Json = json.loads(text)
    except ValueError:
        return text
    return facts
