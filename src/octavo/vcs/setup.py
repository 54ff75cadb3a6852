"""Teach git what notebooks are, in a repository or for a person; and make it forget again."""

import os

from octavo.core.errors import FileError
from octavo.vcs import blocks
from octavo.vcs.errors import VcsError
from octavo.vcs.git import Git
from octavo.workspace import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from octavo.vcs.filter_process import Rules

NAME = "octavo"
#: Settings of other tools that do the same: two of them get in each other's way.
_RIVALS = {
    "diff.jupyternotebook.command": "nbdime", "merge.jupyternotebook.driver": "nbdime",
    "filter.nbstripout.clean": "nbstripout", "diff.ipynb.textconv": "nbstripout",
    "filter.jupyternotebook.clean": "nbdev", "merge.nbdev-merge.driver": "nbdev",
}  # fmt: skip
_QUIET_CHARS = frozenset("/._-+:@%=,")


class Places:
    """The two files of an installation: the configuration, and the attributes."""

    __slots__ = ("attributes", "config")

    def __init__(self, config: str, attributes: str) -> None:
        self.config = config
        self.attributes = attributes


class Status:
    """What is active: `attributes` of a notebook, `settings`, and tools that do the same."""

    __slots__ = ("attributes", "global_", "local", "rivals", "settings")

    def __init__(self) -> None:
        self.local = False
        self.global_ = False
        self.attributes: dict[str, str] = {}
        self.settings: dict[str, str] = {}
        self.rivals: list[str] = []


def places(git: Git, *, is_global: bool, environ: "Mapping[str, str]") -> Places:
    """Return the files that an installation changes.

    Source: git-config(1), "FILES"; gitattributes(5).

    Raises: `VcsError` OCT-V003 outside of a repository.
    """
    if is_global:
        return Places(_global_config(environ), _global_attributes(git, environ))
    folder = git.folder()
    code, out, _ = git.ask("rev-parse", "--show-toplevel")
    top = os.fsdecode(out).removesuffix("\n") if code == 0 else ""
    attributes = os.path.join(top, ".gitattributes") if top else ""
    return Places(
        os.path.join(folder, "config"), attributes or os.path.join(folder, "info", "attributes")
    )


def install(where: Places, command: str, rules: "Rules", patterns: list[str]) -> list[str]:
    """Write both files and return those that changed.

    *command* starts Octavo; *patterns* are paths of texts to merge by cell too.
    """
    has_filter = rules.outputs or rules.counts or bool(rules.format)
    attributes = f"*.ipynb diff={NAME} merge={NAME}" + (f" filter={NAME}" if has_filter else "")
    lines = [attributes, *[f"{pattern} merge={NAME}" for pattern in patterns]]
    changed = []
    for path, block in (
        (where.config, config_lines(command, rules)),
        (where.attributes, lines),
    ):
        before = _read(path)
        after = blocks.with_block(before, block)
        if after != before:
            files.make_folder(os.path.dirname(path))
            files.replace_file(path, after.encode("utf-8", "surrogateescape"))
            changed.append(path)
    return changed


def uninstall(where: Places) -> list[str]:
    """Take out exactly what `install` put in, and return the files that changed."""
    changed = []
    for path in (where.config, where.attributes):
        before = _read(path)
        if before is None or not blocks.has_block(before):
            continue
        after = blocks.without_block(before)
        if after is None:
            os.unlink(path)
        else:
            files.replace_file(path, after.encode("utf-8", "surrogateescape"))
        changed.append(path)
    return changed


def config_lines(command: str, rules: "Rules") -> list[str]:
    """Return the sections of git's configuration."""
    flags = "".join(
        [
            " --strip-outputs" if rules.outputs else "",
            " --strip-counts" if rules.counts else "",
            f" --convert {_shell(rules.format)}" if rules.format else "",
        ]
    )
    sections = {
        f'diff "{NAME}"': {"textconv": f"{command} git textconv"},
        f'merge "{NAME}"': {
            "name": "notebooks, merged by cell",
            "driver": f"{command} git merge %O %A %B %L %P",
        },
        f'difftool "{NAME}"': {"cmd": f'{command} diff "$LOCAL" "$REMOTE" || true'},
        f'mergetool "{NAME}"': {
            "cmd": f'{command} git merge "$BASE" "$LOCAL" "$REMOTE" --output "$MERGED"',
            "trustExitCode": "true",
        },
    }  # fmt: skip
    if flags:
        sections[f'filter "{NAME}"'] = {
            "process": f"{command} git filter{flags}",
            "clean": f"{command} git filter{flags} --once clean",
            "smudge": f"{command} git filter{flags} --once smudge",
            "required": "false",
        }
    lines = []
    for name, values in sections.items():
        lines.append(f"[{name}]")
        lines += [f"\t{key} = {_value(value)}" for key, value in values.items()]
    return lines


def command_line(python: str, program: str) -> str:
    """Return how git starts Octavo: *program* if it is found on the PATH, else *python*."""
    return "octavo" if program else f"{_shell(python)} -m octavo"


def status(git: Git, environ: "Mapping[str, str]") -> Status:
    """Return what is active in a repository."""
    found = Status()
    for is_global in (False, True):
        text = _read(places(git, is_global=is_global, environ=environ).config)
        is_there = text is not None and blocks.has_block(text)
        if is_global:
            found.global_ = is_there
        else:
            found.local = is_there
    code, out, _ = git.ask("check-attr", "-z", "diff", "merge", "filter", "--", "x.ipynb")
    words = os.fsdecode(out).split("\0") if code == 0 else []
    for n in range(0, len(words) - 2, 3):
        found.attributes[words[n + 1]] = words[n + 2]
    for key in ("diff.textconv", "merge.driver", "filter.process"):
        section, _, name = key.partition(".")
        full = f"{section}.{NAME}.{name}"
        code, out, _ = git.ask("config", "--get", full)
        if code == 0:
            found.settings[full] = os.fsdecode(out).strip()
    for key, tool in _RIVALS.items():
        if git.ask("config", "--get", key)[0] == 0:
            found.rivals.append(f"{tool} ({key})")
    return found


def _global_config(environ: "Mapping[str, str]") -> str:
    named = environ.get("GIT_CONFIG_GLOBAL")
    if named:
        return named
    home = environ.get("HOME") or os.path.expanduser("~")
    own = os.path.join(home, ".gitconfig")
    shared = os.path.join(
        environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"), "git/config"
    )
    return own if os.path.exists(own) or not os.path.exists(shared) else shared


def _global_attributes(git: Git, environ: "Mapping[str, str]") -> str:
    code, out, _ = git.ask("config", "--global", "--type=path", "--get", "core.attributesFile")
    if code == 0 and out.strip():
        return os.fsdecode(out).strip()
    home = environ.get("HOME") or os.path.expanduser("~")
    folder = environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    return os.path.join(folder, "git", "attributes")


def _read(path: str) -> str | None:
    try:
        return files.read_bytes(path).decode("utf-8", "surrogateescape")
    except FileError as error:
        if error.code == "OCT-W001":
            return None
        raise VcsError("OCT-V021", f"{path}: {error.message}", hint=error.hint) from None


def _shell(word: str) -> str:
    """Return a word for the shell that git starts commands with."""
    if word and all((sign.isalnum() and sign.isascii()) or sign in _QUIET_CHARS for sign in word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"


def _value(text: str) -> str:
    r"""Return a value for git's configuration, in quotes where it must be.

    >>> print(_value("'/my python' -m octavo"))
    "'/my python' -m octavo"
    """
    if not any(sign in text for sign in "\"\\;#'") and text == text.strip():
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
