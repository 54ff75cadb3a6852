"""List the configuration: every key, its value, and with --explain where that stands.

The nearest octavo.toml (or [tool.octavo] of a pyproject.toml) rules, from the folder of the file
up to the root of the repository; where there is none, the configuration of Jupytext.
"""

import os

from octavo.cli import _output, _table
from octavo.core.errors import OctavoError, OptionError, Span, did_you_mean
from octavo.workspace import config, files
from octavo.workspace.config import Setting
from octavo.workspace.config_keys import COPIES, COPY_KEYS, KEYS, PATHS, RULES, json_schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from octavo.workspace.config import Config, CopyRule
    from octavo.workspace.config_keys import Key, Value

USAGE = "[KEY] [--explain FILE] [options]"
_UNSET = "-"


class _Offered(tuple[str, ...]):
    """Words that the completion offers; `run` says what is wrong with any other."""

    __slots__ = ()

    def __contains__(self, word: object) -> bool:
        """Let argparse pass every word."""
        return True


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add(
        "key",
        nargs="?",
        metavar="KEY",
        choices=_Offered(key.name for key in KEYS),
        help="Tell about one key only, such as formats.",
    )
    add(
        "--explain",
        metavar="FILE",
        help="Show the value of each key for a file or folder, and where it stands.",
    )
    add("--help-keys", action="store_true", help="Tell what each key means.")
    add("--schema", action="store_true", help="Print the JSON Schema of octavo.toml, for editors.")
    add("--json", action="store_true", help="Print JSON.")


def run(arguments: "Namespace") -> int:
    """Print what was asked for."""
    if arguments.schema:
        _output.out_json(json_schema())
        return 0
    keys = [key for key in KEYS if arguments.key in (None, key.name)]
    if not keys:
        hint = did_you_mean(arguments.key, [key.name for key in KEYS])
        raise OptionError(
            "OCT-O001", f"unknown key {arguments.key!r}", hint=hint or "`octavo config` lists them"
        )
    if arguments.help_keys:
        _tell_keys(keys, as_json=arguments.json)
        return 0
    path = arguments.explain or ""
    found = config.load(path)
    for notice in found.notices:
        _output.err(_output.one_line(str(notice)) + "\n")
    recorded = _recorded(path)
    settings = {key.name: _setting(found, key, path, recorded) for key in keys}
    if arguments.json:
        _output.out_json(_record(found, keys, path, settings))
    else:
        lines = _lines(found, keys, path, settings)
        _output.out("".join(line + "\n" for line in lines))
    return 0


def _recorded(path: str) -> "dict[str, object]":
    """Return the settings that a document has in itself, if *path* is one that can be read."""
    if not os.path.isfile(path):
        return {}
    try:
        section = files.read_document(path, None, {}).metadata.get("jupytext")
    except OctavoError:
        return {}
    return dict(section) if isinstance(section, dict) else {}


def _setting(
    found: "Config", key: "Key", path: str, recorded: "dict[str, object]"
) -> Setting | None:
    """Return what holds when *path* is written: its own formats, else the configuration first."""
    configured = found.setting(key.name, path)
    own = recorded.get(key.name)
    if own is None or (configured is not None and key.kind != "formats"):
        return configured
    if not isinstance(own, (bool, str)):
        return configured
    value: Value = [own] if key.kind == "formats" and isinstance(own, str) else own
    return Setting(value, Span(path), f"jupytext.{key.name}")


def _lines(
    found: "Config", keys: "list[Key]", path: str, settings: "dict[str, Setting | None]"
) -> "Iterator[str]":
    if not path:
        rows = [(key.name, shown(_value(key, settings))) for key in keys]
        yield from _table.lines(("key", "value"), rows)
        return
    yield f"{path}: {_ruler(found)}"
    places = [
        (key.name, shown(_value(key, settings)), _origin(key, settings[key.name])) for key in keys
    ]
    if len(keys) > 1:
        places += [
            (COPIES, shown(rule.format), str(Span(rule.span.file, rule.span.line)))
            for rule in _copies(found, path)
        ]
    yield from _table.lines(("key", "value", "where"), places)


def _copies(found: "Config", path: str) -> "list[CopyRule]":
    """Return the one-way members that a document has, all of them for a folder."""
    if os.path.isdir(path or "."):
        return list(found.copies)
    return [rule for rule in found.copies if rule.fits(found.relative(path))]


def _value(key: "Key", settings: "dict[str, Setting | None]") -> "Value | None":
    setting = settings[key.name]
    return key.default if setting is None else setting.value


def _ruler(found: "Config") -> str:
    """Return which file rules, in words."""
    from octavo.workspace.config_search import shown as shown_path

    return f"ruled by {shown_path(found.file)}" if found.file else "no configuration file"


def _origin(key: "Key", setting: Setting | None) -> str:
    """Return where a value stands, and under which name when that is not the key's own."""
    if setting is None:
        return "default"
    written = f" ({setting.written})" if setting.written != key.name else ""
    place = Span(setting.span.file, setting.span.line)
    return f"{place}{written}"


def _record(
    found: "Config", keys: "list[Key]", path: str, settings: "dict[str, Setting | None]"
) -> dict[str, object]:
    values: dict[str, object] = {}
    for key in keys:
        setting = settings[key.name]
        values[key.name] = {
            "value": _value(key, settings),
            "file": setting.span.file if setting else "",
            "line": setting.span.line if setting else 0,
            "column": setting.span.column if setting else 0,
            "written": setting.written if setting else "",
        }
    return {
        "path": path,
        "file": found.file,
        "dialect": found.dialect,
        "root": found.root,
        "keys": values,
        "copies": [
            {"format": rule.format, "file": rule.span.file, "line": rule.span.line}
            for rule in _copies(found, path)
        ],
        "warnings": [
            {"code": notice.code, "message": notice.message, "file": notice.span.file}
            for notice in found.notices
        ],
    }


def _tell_keys(keys: "list[Key]", *, as_json: bool) -> None:
    if as_json:
        _output.out_json({"keys": [_key_record(key) for key in keys]})
        return
    for key in keys:
        default = "" if key.default is None else f", default {shown(key.default)}"
        _output.out(f"{key.name} ({key.kind}{default})\n    {key.help}\n")
    if len(keys) > 1:
        for name, table in ((RULES, (PATHS,)), (COPIES, (*COPY_KEYS[:3], PATHS))):
            for key in table:
                _output.out(f"[[{name}]] {key.name} ({key.kind})\n    {key.help}\n")


def _key_record(key: "Key") -> dict[str, object]:
    return {
        "name": key.name,
        "kind": key.kind,
        "default": key.default,
        "help": key.help,
        "choices": list(key.choices),
        "example": key.example,
    }


def shown(value: "Value | None") -> str:
    """Return a value as it would be written in TOML, `-` for none.

    >>> shown(True), shown("a,b"), shown(["ipynb,py", "md,Rmd"]), shown(None)
    ('true', '"a,b"', '"ipynb,py;md,Rmd"', '-')
    """
    from octavo.workspace.config_toml import dumps

    if value is None:
        return _UNSET
    return dumps(";".join(value) if isinstance(value, list) else value)
