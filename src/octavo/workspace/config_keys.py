"""The keys of `octavo.toml`: one record each, for checks, completion, docs and editors."""

from octavo.core.errors import ConfigError, did_you_mean
from octavo.core.options import FORMAT_OPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from octavo.core.errors import Span
    from octavo.core.options import Option

    Value: TypeAlias = bool | float | str | list[str]


class Key:
    """One key of the configuration.

    `kind` is "flag" (true or false), "text" (a list of texts is joined with commas), "filter"
    (a text, or true and false for all and nothing), "choice" (one of `choices`), "formats"
    (groups of paired formats), "number" or "texts" (a text or a list of them, kept as a list).
    `default` is what holds when nobody set the key; None: told in `help`.  A key that is not
    `in_rules` is for the whole project.
    """

    __slots__ = ("choices", "default", "example", "help", "in_rules", "kind", "name")

    def __init__(
        self,
        name: str,
        kind: str,
        default: "Value | None",
        help: str,  # noqa: A002  the word of argparse
        *,
        choices: tuple[str, ...] = (),
        example: str = "",
        in_rules: bool = True,
    ) -> None:
        self.in_rules = in_rules
        self.name = name
        self.kind = kind
        self.default = default
        self.help = help
        self.choices = choices
        self.example = example

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Key({self.name!r})"


def of_option(option: "Option", name: str = "") -> Key:
    """Return the key that sets a format option, called *name* if that is not the option's own."""
    kind = "filter" if option.check == "filter" else option.kind
    return Key(name or option.name, kind, option.default, option.help, example=option.example)


KEYS = (
    Key(
        "formats",
        "formats",
        None,
        "The files that one document lives in, such as 'ipynb,py:percent'; several groups are "
        "separated by ';' or stand in a list, and the first that fits a file holds "
        "(default: files are not paired).",
        example="ipynb,py:percent",
    ),
    Key(
        "outputs",
        "choice",
        "notebook",
        "Where outputs are kept: in the notebook of the pair, or in a store beside the text.",
        choices=("notebook", "store"),
        example="notebook",
    ),
    Key(
        "outputs_folder",
        "text",
        ".octavo/outputs",
        "The folder of the output store, relative to the configuration file; one outside of "
        "'.octavo' can be committed.",
        example="outputs",
        in_rules=False,
    ),
    *map(of_option, FORMAT_OPTIONS),
)

KEY_BY_NAME = {key.name: key for key in KEYS}

#: What a rule has beside keys, and where rules stand.
PATHS = Key(
    "paths",
    "texts",
    None,
    "The files that a rule is for, relative to the configuration file: '*' stands for a part of "
    "a name, '**' for any folders; a pattern without '/' fits in any folder.",
    example="lessons/**",
)
RULES = "rules"
#: Tables that `config_editions` reads.
OF_EDITIONS = ("edition", "document")

#: What a table of `[[copies]]` has: a one-way member of a document, written and never read.
COPIES = "copies"
COPY_FORMAT = Key(
    "format",
    "text",
    None,
    "Where a copy lies and its format, such as 'github///ipynb' or '.clean.ipynb'; a root folder "
    "mirrors the tree of the project.",
    example="github///ipynb",
)
COPY_KEYS = (
    COPY_FORMAT,
    Key(
        "outputs", "flag", True, "Whether a copy has the outputs of its document.",
        example="false",
    ),
    Key(
        "without_tags", "texts", None, "Cells with one of these tags are not in the copy.",
        example="solution",
    ),
    *map(of_option, FORMAT_OPTIONS),
)  # fmt: skip
COPY_KEY_BY_NAME = {key.name: key for key in COPY_KEYS}


def checked(key: Key, value: object, span: "Span") -> "Value":
    """Return *value* as the key takes it.

    Raises: `ConfigError` OCT-C002 for a value of a wrong type, or none of the choices.
    """
    if key.kind == "formats":
        from octavo.workspace import config_formats

        return config_formats.groups(value, span)
    found = _CHECKS[key.kind](value)
    if found is None:
        raise ConfigError(
            "OCT-C002", f"{key.name} takes {_TAKES[key.kind]}, not {_shown(value)}", span,
            hint=_hint(key, value),
        )  # fmt: skip
    if key.choices and found not in key.choices:
        hint = did_you_mean(str(found), list(key.choices)) or "one of " + ", ".join(key.choices)
        raise ConfigError("OCT-C002", f"{key.name} cannot be {found!r}", span, hint=hint)
    return found


def unknown(name: str, known: "Iterable[str]", span: "Span", where: str = "") -> ConfigError:
    """Return the error for a key that does not exist.

    >>> from octavo.core.errors import Span
    >>> str(unknown("format", ["formats"], Span("octavo.toml", 3, 1)))
    "octavo.toml:3:1: unknown key 'format' [OCT-C001] (hint: did you mean 'formats'?)"
    """
    names = list(known)
    hint = did_you_mean(name.replace("-", "_"), names) or "`octavo config` lists the keys"
    return ConfigError("OCT-C001", f"unknown key {name!r}{where}", span, hint=hint)


def json_schema() -> "dict[str, object]":
    """Return the JSON Schema (2020-12) of `octavo.toml`, for editors."""
    from octavo.workspace import config_editions

    properties = {key.name: schema_of_key(key) for key in KEYS}
    rule = {
        "type": "object",
        "description": "Values for the files that fit `paths`; the first rule that fits holds.",
        "additionalProperties": False,
        "required": [PATHS.name],
        "properties": {
            PATHS.name: schema_of_key(PATHS),
            **{key.name: properties[key.name] for key in KEYS if key.in_rules},
        },
    }
    copy = {
        "type": "object",
        "description": "A one-way member: written at each sync, never read back.",
        "additionalProperties": False,
        "required": [COPY_FORMAT.name],
        "properties": {key.name: schema_of_key(key) for key in (*COPY_KEYS, PATHS)},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Octavo configuration",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **properties,
            RULES: {"type": "array", "items": rule},
            COPIES: {"type": "array", "items": copy},
            **config_editions.schema(),
        },
    }


def _flag(value: object) -> "Value | None":
    return value if isinstance(value, bool) else None


def _text(value: object) -> "Value | None":
    texts = _texts(value)
    return None if texts is None else ",".join(texts)


def _texts(value: object) -> list[str] | None:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return value
    return None


def _filter(value: object) -> "Value | None":
    if isinstance(value, bool):
        return "all" if value else "-all"
    return _text(value)


def _choice(value: object) -> "Value | None":
    return value if isinstance(value, str) else None


def _number(value: object) -> "Value | None":
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


_CHECKS = {
    "flag": _flag,
    "text": _text,
    "texts": _texts,
    "filter": _filter,
    "choice": _choice,
    "number": _number,
}
_TAKES = {
    "flag": "true or false",
    "text": "a text",
    "texts": "a text or a list of texts",
    "filter": "a text",
    "choice": "a text",
    "number": "a number",
}
_SHOWN_LENGTH = 60


def _shown(value: object) -> str:
    from reprlib import repr as short_repr

    text = str(value).lower() if isinstance(value, bool) else short_repr(value)
    return text if len(text) <= _SHOWN_LENGTH else text[:_SHOWN_LENGTH] + "..."


def _hint(key: Key, value: object) -> str:
    if key.kind == "flag":
        word = str(value).lower()
        return (
            f"write {key.name} = {'false' if word in ('false', 'no', 'off', '0') else 'true'}"
            + (", without quotes" if isinstance(value, str) else "")
        )
    example = key.example or (key.choices[0] if key.choices else "")
    return f'for example {key.name} = "{example}"' if example else ""


def schema_of_key(key: Key) -> "dict[str, object]":
    """Return the JSON Schema of a key's value."""
    text: dict[str, object] = {"type": "string"}
    texts = {"type": "array", "items": text}
    table = {"type": "object", "additionalProperties": text}
    kinds: dict[str, dict[str, object]] = {
        "flag": {"type": "boolean"},
        "text": {"anyOf": [text, texts]},
        "texts": {"anyOf": [text, texts]},
        "filter": {"anyOf": [text, texts, {"type": "boolean"}]},
        "choice": {"enum": list(key.choices)},
        "number": {"type": "number"},
        "formats": {
            "anyOf": [text, table, {"type": "array", "items": {"anyOf": [text, table]}}],
        },
    }
    return {
        **kinds[key.kind],
        "description": key.help,
        **({} if key.default is None else {"default": key.default}),
        **({"examples": [key.example]} if key.example else {}),
    }
