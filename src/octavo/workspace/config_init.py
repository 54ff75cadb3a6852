"""The text of a first `octavo.toml`, plain or taken over from a configuration of Jupytext."""

from octavo.core.errors import ConfigError, Notice, Span
from octavo.core.options import OPTION_BY_NAME
from octavo.workspace import config_formats, config_toml
from octavo.workspace.config_keys import KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.workspace.config import Config, Setting
    from octavo.workspace.config_keys import Key, Value

_HEAD = """\
# How Octavo treats the notebooks of this folder and of those below it.
# `octavo config --explain FILE` shows which value holds for a file, and why;
# `octavo config --help-keys` tells about every key.
"""

_FORMATS = """
# The files that one document lives in; an edit of one reaches the others with `octavo sync`.
{formats}
"""

_RULES = """
# Other values for some files: the first rule that fits and sets a key holds.
# [[rules]]
# paths = "lessons/**"
# formats = "ipynb,md:myst"
"""

_OUTPUTS = """
# Keep outputs beside texts, so that a project can commit texts only; `outputs_folder` can be
# committed.
# outputs = "store"
# outputs_folder = "outputs"
"""

_COPIES = """
# One-way members, such as a copy without outputs for GitHub: written, never read back.
# [[copies]]
# format = "github///ipynb"
# outputs = false
"""

_OPTIONS = """
# Options of formats: take the "# " away to set one.
"""

_MIGRATED = """\
# Taken over from {file}, which this file replaces for Octavo.
# `octavo config --explain FILE` shows which value holds for a file, and why.

"""

_KEYS_OF_OPTIONS = [key for key in KEYS if key.name in OPTION_BY_NAME]
_SERVER_ONLY = "speaks to Jupytext's server extension only"


def fresh(formats: str = "") -> str:
    """Return a first `octavo.toml` that pairs files as *formats*; "" leaves them alone.

    Raises: `ConfigError` OCT-C002 for formats that do not exist.
    """
    if formats:
        place = Span("--formats")
        config_formats.check(config_formats.groups(formats, place), formats, place)
    line = f"formats = {config_toml.dumps(formats or 'ipynb,py:percent')}"
    formats_lines = _FORMATS.format(formats=line if formats else "# " + line)
    options = "".join(map(_commented, _KEYS_OF_OPTIONS))
    # Keys of the whole file go first: those below a table would be the table's.
    return _HEAD + formats_lines + _OUTPUTS + _OPTIONS + options + _RULES + _COPIES


def migrated(config: "Config", name: str) -> tuple[str, tuple[Notice, ...]]:
    """Return an `octavo.toml` that says what *config* says, and what it cannot say.

    *config* is one of Jupytext, *name* its file as people know it.
    """
    from octavo.workspace.config_jupytext import PREFERRED, SERVER_KEYS

    lines = [_MIGRATED.format(file=name)]
    notices: list[Notice] = []
    for key in KEYS:
        setting = config.settings.get(key.name)
        if setting is None:
            continue
        fault = _fault(key, setting)
        if fault is not None:
            notices.append(_left_out(setting, fault.message, fault.hint))
        lines.append(("# " if fault else "") + f"{key.name} = {_toml(setting.value)}\n")
    for setting in config.settings.values():
        if setting.written in SERVER_KEYS:
            notices.append(_left_out(setting, _SERVER_ONLY))
        elif setting.written == PREFERRED and "formats" not in config.settings:
            notices.append(_left_out(setting, "names formats, but `formats` is not set"))
    return "".join(lines), tuple(notices)


def _fault(key: "Key", setting: "Setting") -> ConfigError | None:
    """Return why a value that Jupytext takes is none of Octavo's."""
    if key.kind != "formats" or not isinstance(setting.value, list):
        return None
    try:
        config_formats.check(setting.value, "", Span())
    except ConfigError as error:
        return error
    return None


def _left_out(setting: "Setting", reason: str, hint: str = "") -> Notice:
    return Notice(
        "OCT-C006", f"{setting.written} cannot be taken over: {reason}", setting.span, hint=hint
    )


def _toml(value: "Value") -> str:
    if not isinstance(value, list):
        return config_toml.dumps(value)
    if len(value) > 1 and all("," in group for group in value):
        return "[" + ", ".join(map(config_toml.dumps, value)) + "]"
    return config_toml.dumps(";".join(value))


def _commented(key: "Key") -> str:
    value = key.example or key.default
    shown = _toml(value or False)
    comment = "\n".join(f"# {line}" for line in _wrapped(key.help))
    return f"\n{comment}\n# {key.name} = {shown}\n"


def _wrapped(text: str, width: int = 96) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
