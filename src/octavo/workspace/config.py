"""The configuration that rules a file: `octavo.toml`, `[tool.octavo]`, or Jupytext's files.

    config = load("lessons/one.ipynb")
    config.formats_for("lessons/one.ipynb")    ['ipynb,py:percent'] or None
    config.options_for("lessons/one.ipynb")    {'cell_metadata_filter': '-all'}

Nothing is remembered from one call to the next; `Configurations` remembers the configuration of
each folder as long as it lives.
"""

import os

from octavo.core.errors import ConfigError, Span
from octavo.core.options import OPTION_BY_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from octavo.core.errors import Notice
    from octavo.core.options import Value as OptionValue
    from octavo.workspace.config_keys import Key, Value
    from octavo.workspace.config_search import Source
    from octavo.workspace.config_toml import Path, Place


class Setting:
    """A value and the place where it stands; `written` is the key as it is spelled there."""

    __slots__ = ("span", "value", "written")

    def __init__(self, value: "Value", span: Span, written: str) -> None:
        self.value = value
        self.span = span
        self.written = written


class Rule:
    """Settings for the files that fit one of `patterns`."""

    __slots__ = ("patterns", "settings")

    def __init__(self, patterns: list[str], settings: dict[str, Setting]) -> None:
        self.patterns = patterns
        self.settings = settings


class CopyRule:
    """A one-way member: its form, for which documents, and what it holds of them.

    `patterns` is empty when every document has one; `options` are the format options of it;
    `key` is a text that changes with any of this, `span` where the form stands.
    """

    __slots__ = ("format", "key", "options", "outputs", "patterns", "span", "without_tags")

    def __init__(self, patterns: list[str], settings: dict[str, Setting]) -> None:
        values = {name: setting.value for name, setting in settings.items()}
        tags = values.get("without_tags")
        self.patterns = patterns
        self.format = str(values["format"])
        self.span = settings["format"].span
        self.outputs = values.get("outputs") is not False
        self.without_tags = frozenset(tags if isinstance(tags, list) else ())
        self.options = {
            name: value
            for name, value in values.items()
            if name in OPTION_BY_NAME and isinstance(value, (bool, str))
        }
        self.key = repr(sorted((name, str(value)) for name, value in values.items()))

    def fits(self, relative: str) -> bool:
        """Return whether the document at a path from the configuration's root has such a copy."""
        return not self.patterns or _fits(self, relative)


class Config:
    """What one configuration file says.

    `file` is the file ("" = there is none), `dialect` is "octavo", "jupytext" or "", `root` is
    the folder of a project's configuration file ("" when there is none, or when it is the
    user's or the system's).
    """

    __slots__ = ("copies", "dialect", "file", "notices", "root", "rules", "settings")

    def __init__(
        self,
        file: str = "",
        dialect: str = "",
        root: str = "",
        settings: dict[str, Setting] | None = None,
        rules: tuple[Rule, ...] = (),
        notices: "tuple[Notice, ...]" = (),
        copies: tuple[CopyRule, ...] = (),
    ) -> None:
        self.copies = copies
        self.file = file
        self.dialect = dialect
        self.root = root
        self.settings = settings or {}
        self.rules = rules
        self.notices = notices

    def setting(self, key: str, path: str = "") -> Setting | None:
        """Return what was said about *key*: by the first rule for *path* that does, else at all."""
        return next((table[key] for table in self._tables(path) if key in table), None)

    def get(self, key: str, path: str = "") -> "Value | None":
        """Return the value of *key* for the file *path*, its default when nobody set it.

        Raises: `KeyError` for a key that does not exist.
        """
        found = self.setting(key, path)
        if found is not None:
            return found.value
        from octavo.workspace.config_keys import KEY_BY_NAME

        return KEY_BY_NAME[key].default

    def keeps_outputs(self, path: str) -> bool:
        """Return whether the outputs of a file are kept in the output store."""
        found = self.setting("outputs", path)
        return found is not None and found.value == "store"

    def formats_for(self, path: str) -> list[str] | None:
        """Return the groups of paired formats for a file; None when it is not to be paired."""
        found = self.setting("formats", path)
        return list(found.value) or None if found and isinstance(found.value, list) else None

    def options_for(self, path: str) -> "dict[str, OptionValue]":
        """Return the format options that were set for a file."""
        if not self.settings and not self.rules:
            return {}
        found: dict[str, Setting] = {}
        for table in reversed(self._tables(path)):
            found.update(table)
        return {
            name: setting.value
            for name, setting in found.items()
            if name in OPTION_BY_NAME and isinstance(setting.value, (bool, str))
        }

    def all_formats(self) -> list[str]:
        """Return the groups of paired formats of all rules."""
        tables = [rule.settings for rule in self.rules] + [self.settings]
        found = [table["formats"].value for table in tables if "formats" in table]
        return [group for groups in found if isinstance(groups, list) for group in groups]

    def _tables(self, path: str) -> list[dict[str, Setting]]:
        """Return the settings that hold for *path*, the strongest first."""
        if not path or not self.rules:
            return [self.settings]
        relative = self.relative(path)
        return [rule.settings for rule in self.rules if _fits(rule, relative)] + [self.settings]

    def relative(self, path: str) -> str:
        """Return *path* from the root of the configuration, with "/"."""
        full = os.path.abspath(path)
        if not self.root:
            relative = full.lstrip(os.sep)
        elif full.startswith(os.path.join(self.root, "")):
            relative = full[len(os.path.join(self.root, "")) :]
        else:
            relative = os.path.relpath(full, self.root)
        return relative.replace(os.sep, "/")


class Configurations:
    """The configurations of many files: each folder is searched once."""

    __slots__ = ("_environ", "_known", "_told", "_untold")

    def __init__(self, environ: "Mapping[str, str] | None" = None) -> None:
        self._environ = os.environ if environ is None else environ
        self._known: dict[str, Config] = {}
        self._told: set[str] = set()
        self._untold: list[Notice] = []

    def of(self, path: str) -> Config:
        """Return the configuration of a file or folder; errors as `load`."""
        full = os.path.abspath(path)
        folder = full if os.path.isdir(full) else os.path.dirname(full)
        found = self._known.get(folder)
        if found is None:
            found = self._known[folder] = _of_folder(folder, self._environ)
            for notice in found.notices:
                if str(notice) not in self._told:
                    self._told.add(str(notice))
                    self._untold.append(notice)
        return found

    def take_notices(self) -> "tuple[Notice, ...]":
        """Return what is to be told about the files found since the last time, each once."""
        notices, self._untold = tuple(self._untold), []
        return notices


def load(path: str, environ: "Mapping[str, str] | None" = None) -> Config:
    """Return the configuration that rules a file or folder ("" is the current folder).

    Raises: `ConfigError` OCT-C001 (unknown key), OCT-C002 (wrong value), OCT-C003 (the file is
    not TOML, YAML or JSON), each with its place; `FileError` when the file cannot be read.
    """
    return Configurations(environ).of(path)


def read(source: "Source") -> Config:
    """Return what a configuration file says; errors as `load`."""
    from octavo.workspace import config_search

    reader = Reader(source)
    table = reader.table()
    root = "" if source.is_global else os.path.dirname(source.file)
    if source.dialect == config_search.JUPYTEXT:
        return Config(source.file, source.dialect, root, reader.jupytext(table))
    settings, rules = reader.octavo(table)
    return Config(source.file, source.dialect, root, settings, rules, copies=reader.copies(table))


def _of_folder(folder: str, environ: "Mapping[str, str]") -> Config:
    from octavo.workspace import config_search

    source, notices = config_search.find(folder, environ)
    return Config(notices=notices) if source is None else read(source)


def _fits(rule: "Rule | CopyRule", relative: str) -> bool:
    from octavo.core.globs import fits

    return fits(rule.patterns, relative)


class Reader:
    """Turns the table of a configuration file into settings."""

    __slots__ = ("places", "source")

    def __init__(self, source: "Source") -> None:
        self.source = source
        self.places: dict[Path, tuple[Place, Place]] | None = None

    def table(self) -> "dict[str, object]":
        """Return the table of keys, as it is written."""
        from octavo.workspace import config_toml, config_yaml

        file, text = self.source.name, self.source.text
        found: object
        if self._is_yaml():
            load_ = config_yaml.loads_json if file.endswith(".json") else config_yaml.loads
            found = load_(text, file)
        else:
            found = config_toml.loads(text, file)
        for name in self.source.section:
            found = found.get(name) if isinstance(found, dict) else None
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise ConfigError(
                "OCT-C002", "a table of keys belongs here", self.place(()),
                hint='keys and values, such as formats = "ipynb,py:percent"',
            )  # fmt: skip
        return {str(name): value for name, value in found.items()}

    def octavo(self, table: "dict[str, object]") -> tuple[dict[str, Setting], tuple[Rule, ...]]:
        """Return the settings of `octavo.toml` and its rules."""
        from octavo.workspace.config_keys import COPIES, OF_EDITIONS, RULES

        others = (RULES, COPIES, *OF_EDITIONS)
        rest = {name: value for name, value in table.items() if name not in others}
        return self._settings(rest, ()), self._rules(table.get(RULES, []))

    def jupytext(self, table: "dict[str, object]") -> dict[str, Setting]:
        """Return the settings of a file of Jupytext, under our names."""
        from octavo.workspace.config_formats import with_names
        from octavo.workspace.config_jupytext import KEYS, PREFERRED, RENAMED

        found: dict[str, Setting] = {}
        for name, value in table.items():
            if name not in KEYS:
                raise self._unknown(name, (), [*KEYS])
            if value is not None:
                found[name] = self._setting(KEYS[name], value, (name,))
        for theirs, ours in RENAMED.items():
            if theirs in found:
                found.setdefault(ours, found.pop(theirs))
        preferred, formats = found.get(PREFERRED), found.get("formats")
        if preferred and formats and isinstance(formats.value, list):
            names = str(preferred.value)
            groups = [with_names(group, names) for group in formats.value]
            found["formats"] = Setting(groups, formats.span, formats.written)
        return found

    def place(self, path: "Path", *, value: bool = False) -> Span:
        """Return where a key stands (or its value)."""
        from octavo.workspace import config_toml, config_yaml

        if self.places is None:
            module = config_yaml if self._is_yaml() else config_toml
            self.places = module.places(self.source.text)
        found = self.places.get((*self.source.section, *path))
        line, column = found[value] if found else config_toml.NOWHERE
        return Span(self.source.name, line, column)

    def _rules(self, rules: object) -> tuple[Rule, ...]:
        from octavo.workspace.config_keys import PATHS, RULES

        if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
            raise ConfigError(
                "OCT-C002", "rules are tables", self.place((RULES,)),
                hint='write [[rules]] and below it paths = "lessons/**"',
            )  # fmt: skip
        found = []
        for i, rule in enumerate(rules):
            base = (RULES, i)
            if PATHS.name not in rule:
                raise ConfigError(
                    "OCT-C002", "a rule without paths", self.place(base),
                    hint='say for which files it is: paths = "lessons/**"',
                )  # fmt: skip
            paths = self._setting(PATHS, rule[PATHS.name], (*base, PATHS.name)).value
            rest = {name: value for name, value in rule.items() if name != PATHS.name}
            patterns = paths if isinstance(paths, list) else []
            found.append(Rule(patterns, self._settings(rest, base)))
        return tuple(found)

    def copies(self, table: "dict[str, object]") -> tuple[CopyRule, ...]:
        """Return the one-way members."""
        from octavo.workspace.config_keys import COPIES, COPY_FORMAT, COPY_KEY_BY_NAME, PATHS

        tables = table.get(COPIES, [])
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            raise ConfigError(
                "OCT-C002", "copies are tables", self.place((COPIES,)),
                hint='write [[copies]] and below it format = "github///ipynb"',
            )  # fmt: skip
        keys = {**COPY_KEY_BY_NAME, PATHS.name: PATHS}
        found = []
        for i, one in enumerate(tables):
            base = (COPIES, i)
            if COPY_FORMAT.name not in one:
                raise ConfigError(
                    "OCT-C002", "a copy without format", self.place(base),
                    hint='say where it lies: format = "github///ipynb"',
                )  # fmt: skip
            settings = {}
            for name, value in one.items():
                if name not in keys:
                    raise self._unknown(name, base, [*keys])
                settings[name] = self._setting(keys[name], value, (*base, name))
            self._check_copy(settings[COPY_FORMAT.name], (*base, COPY_FORMAT.name))
            paths = settings[PATHS.name].value if PATHS.name in settings else []
            found.append(CopyRule(paths if isinstance(paths, list) else [], settings))
        return tuple(found)

    def _check_copy(self, setting: Setting, path: "Path") -> None:
        """Check that the form of a copy names one file, in a format that exists."""
        from octavo.core.errors import OptionError
        from octavo.workspace import pairs

        text = str(setting.value)
        if "," in text or ";" in text:
            raise ConfigError(
                "OCT-C002", "a copy is one file", self.place(path, value=True),
                hint="write one [[copies]] for each",
            )  # fmt: skip
        try:
            pairs.parse(text)
        except OptionError as error:
            raise ConfigError(
                "OCT-C002", error.message, self.place(path, value=True), hint=error.hint
            ) from None

    def _settings(self, table: "dict[str, object]", base: "Path") -> dict[str, Setting]:
        from octavo.workspace.config_keys import COPIES, KEY_BY_NAME, OF_EDITIONS, PATHS, RULES

        found = {}
        for name, value in table.items():
            key = KEY_BY_NAME.get(name)
            if key is None:
                tables = (PATHS.name,) if base else (RULES, COPIES, *OF_EDITIONS)
                raise self._unknown(name, base, [*KEY_BY_NAME, *tables])
            if base and not key.in_rules:
                raise ConfigError(
                    "OCT-C002", f"{name} is for the whole project, not for a rule",
                    self.place((*base, name)), hint="move it above the first [[rules]]",
                )  # fmt: skip
            found[name] = self._setting(key, value, (*base, name))
            if key.kind == "formats":
                self._check_formats(found[name], value, (*base, name))
        return found

    def _check_formats(self, setting: Setting, value: object, path: "Path") -> None:
        from octavo.workspace import config_formats

        groups = setting.value if isinstance(setting.value, list) else []
        try:
            config_formats.check(groups, value, Span())
        except ConfigError as error:
            error.span = self.place(path, value=True)
            raise

    def _setting(self, key: "Key", value: object, path: "Path") -> Setting:
        from octavo.workspace.config_keys import checked

        try:
            good = checked(key, value, Span())
        except ConfigError as error:
            error.span = self.place(path, value=True)
            raise
        return Setting(good, self.place(path), str(path[-1]))

    def _unknown(self, name: str, base: "Path", known: list[str]) -> ConfigError:
        from octavo.workspace.config_keys import unknown

        return unknown(str(name), known, self.place((*base, name)))

    def _is_yaml(self) -> bool:
        return self.source.file.endswith((".yml", ".yaml", ".json"))
