"""Option records: one record for the API, the flags, the configuration and the docs.

The JSON Schema for editors is made from them too.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeAlias

    Value: TypeAlias = bool | str


class Option:
    """One option of a format.

    `kind` is "flag" (true or false) or "text"; `default` is what a format assumes when nobody
    said anything (None: each format has its own default, told in `help`); `direction` is
    "read", "write" or "both"; `check` names the rule for a text value (see `_CHECKS`).
    """

    __slots__ = ("check", "default", "direction", "example", "help", "kind", "name")

    def __init__(
        self,
        name: str,
        kind: str,
        default: "Value | None",
        help: str,  # noqa: A002  the word of argparse
        *,
        direction: str = "both",
        check: str = "",
        example: str = "",
    ) -> None:
        self.name = name
        self.kind = kind
        self.default = default
        self.help = help
        self.direction = direction
        self.check = check
        self.example = example

    @property
    def flag(self) -> str:
        """The command-line spelling."""
        return "--" + self.name.replace("_", "-")

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Option({self.name!r})"


FORMAT_OPTIONS = (
    Option(
        "comment_magics",
        "flag",
        None,
        "Comment out Jupyter magics in the text (default: true in scripts and R Markdown, "
        "false in Markdown and hydrogen).",
    ),
    Option(
        "cell_markers",
        "text",
        "",
        "Cell markers: 'start,end' in light scripts, or triple quotes for Markdown cells in "
        "percent scripts.",
        check="markers",
        example="region,endregion",
    ),
    Option(
        "split_at_heading",
        "flag",
        False,
        "Start a new Markdown cell at each heading of a Markdown document.",
    ),
    Option(
        "hide_notebook_metadata",
        "flag",
        False,
        "Put the header of a Markdown document in an HTML comment.",
        direction="write",
    ),
    Option(
        "root_level_metadata_as_raw_cell",
        "flag",
        True,
        "Show YAML of the header that is not Jupyter's as a first raw cell.",
    ),
    Option(
        "cell_metadata_json",
        "flag",
        False,
        "Write cell metadata as one JSON object instead of key=value.",
    ),
    Option(
        "use_runtools",
        "flag",
        None,
        "In R Markdown, map echo, include and results to hide_input and hide_output (default: "
        "when a cell has one of these keys).",
    ),
    Option(
        "doxygen_equation_markers",
        "flag",
        False,
        "Write equations of Markdown documents with Doxygen's markers.",
    ),
    Option(
        "rst2md",
        "flag",
        False,
        "Turn reStructuredText of Sphinx-Gallery scripts into Markdown when reading "
        "(needs sphinx-gallery).",
        direction="read",
    ),
    Option(
        "notebook_metadata_filter",
        "text",
        "",
        "Notebook metadata to keep in the text, such as 'all,-language_info'.",
        check="filter",
        example="all,-widgets",
    ),
    Option(
        "root_level_metadata_filter",
        "text",
        "",
        "Metadata to keep at the root of the YAML header (MyST), such as '-all,kernelspec'.",
        check="filter",
        example="-all",
    ),
    Option(
        "cell_metadata_filter",
        "text",
        "",
        "Cell metadata to keep in the text, such as 'tags,-all'.",
        check="filter",
        example="tags,-all",
    ),
    Option(
        "custom_cell_magics",
        "text",
        "",
        "Names of cell magics to treat as languages, separated by commas.",
        example="sparksql,dot",
    ),
    Option(
        "custom_language_magics",
        "text",
        "",
        "Further languages that open code cells in Markdown documents.",
        example="mermaid",
    ),
)

OPTION_BY_NAME = {option.name: option for option in FORMAT_OPTIONS}


class Options:
    """The options of one conversion, as far as somebody set them, and the suffix of the text.

    `options["name"]` gives the value that holds: the one that was set, else the default of the
    record.  `"name" in options` tells whether somebody set it.
    """

    __slots__ = ("suffix", "values")

    def __init__(self, values: "Mapping[str, Value] | None" = None, suffix: str = "") -> None:
        self.values: dict[str, Value] = dict(values or {})
        self.suffix = suffix

    def __getitem__(self, name: str) -> "Value | None":
        """Return the value that holds for *name*."""
        found = self.values.get(name)
        return OPTION_BY_NAME[name].default if found is None else found

    def __contains__(self, name: str) -> bool:
        """Return whether *name* was set."""
        return name in self.values

    def __iter__(self) -> "Iterator[str]":
        """Iterate over the names that were set."""
        return iter(self.values)

    def flag(self, name: str, default: bool = False) -> bool:  # noqa: FBT001, FBT002
        """Return a flag; *default* is the format's own when the record has none."""
        value = self[name]
        return default if value is None else bool(value)

    def text(self, name: str) -> str:
        """Return a text option, "" when it was not set."""
        value = self[name]
        return value if isinstance(value, str) else ""

    def names(self, name: str) -> frozenset[str]:
        """Return a comma-separated option as a set of names."""
        return frozenset(filter(None, (part.strip() for part in self.text(name).split(","))))

    def over(self, weaker: "Mapping[str, object]") -> "Options":
        """Return these options with those of *weaker* filled in where nothing was set.

        *weaker* may be the `jupytext` section of a notebook: keys that are no options, and
        values of a wrong type, are passed over.
        """
        values: dict[str, Value] = {}
        for name, value in weaker.items():
            option = OPTION_BY_NAME.get(name)
            if option is None:
                continue
            if isinstance(value, bool if option.kind == "flag" else str):
                values[name] = value
        values.update(self.values)
        return Options(values, self.suffix)

    def with_(self, *, suffix: str | None = None, **values: "Value") -> "Options":
        """Return a copy with these values set."""
        return Options({**self.values, **values}, self.suffix if suffix is None else suffix)

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Options({self.values!r}, {self.suffix!r})"


def parse_options(
    given: "Mapping[str, object]", allowed: "Iterable[str] | None" = None
) -> "dict[str, Value]":
    """Return *given* as option values, texts such as "true" turned into flags.

    Raises: `OptionError` OCT-O001 for an unknown name, OCT-O002 for a value of a wrong kind,
    OCT-O003 for an option that the format does not know.
    """
    from octavo.core.errors import OptionError, did_you_mean

    names = None if allowed is None else set(allowed)
    values: dict[str, Value] = {}
    for name, value in given.items():
        option = OPTION_BY_NAME.get(name.replace("-", "_"))
        if option is None:
            hint = did_you_mean(name, list(OPTION_BY_NAME)) or (
                "`octavo formats --options` lists them"
            )
            raise OptionError("OCT-O001", f"unknown option {name!r}", hint=hint)
        if names is not None and option.name not in names:
            raise OptionError(
                "OCT-O003",
                f"option {option.name!r} is not known to this format",
                hint="`octavo formats --options` tells which format takes which option",
            )
        values[option.name] = _parse_value(option, value)
    return values


_FLAGS = {"true": True, "1": True, "yes": True, "on": True,
          "false": False, "0": False, "no": False, "off": False}  # fmt: skip


def _parse_value(option: Option, value: object) -> "Value":
    from octavo.core.errors import OptionError

    if option.kind == "flag":
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in _FLAGS:
            return _FLAGS[value.lower()]
        raise OptionError(
            "OCT-O002",
            f"option {option.name!r} takes true or false, not {value!r}",
            hint=f"write {option.name}=true or {option.name}=false",
        )
    if isinstance(value, (list, tuple)):
        value = ",".join(str(part) for part in value)
    if isinstance(value, bool) and option.check == "filter":
        return "all" if value else "-all"
    if not isinstance(value, str):
        raise OptionError(
            "OCT-O002",
            f"option {option.name!r} takes a text, not {value!r}",
            hint=f"for example {option.name}={option.example!r}",
        )
    return value


def json_schema() -> "dict[str, object]":
    """Return the JSON Schema (2020-12) of the options table, for editors and configuration."""
    kinds = {"flag": "boolean", "text": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Octavo format options",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            option.name: {
                "type": kinds[option.kind],
                "description": option.help,
                **({} if option.default is None else {"default": option.default}),
                **({"examples": [option.example]} if option.example else {}),
            }
            for option in FORMAT_OPTIONS
        },
    }
