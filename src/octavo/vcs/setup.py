"""Teach git what notebooks are, in a repository or for a person; and make it forget again."""

import os

from octavo.core.errors import FileError
from octavo.vcs import blocks, commands, install_record, stream
from octavo.vcs.errors import VcsError
from octavo.vcs.git import Git
from octavo.workspace import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from octavo.vcs.filter_process import Rules

    Change: TypeAlias = tuple[str, str | None, str | None]

NAME = "octavo"


class Places:
    """The two files of an installation: the configuration, and the attributes."""

    __slots__ = ("attributes", "config")

    def __init__(self, config: str, attributes: str) -> None:
        self.config = config
        self.attributes = attributes


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
    attributes = os.path.join(top, ".gitattributes")
    if not top or os.path.islink(attributes):  # git reads no link in a working tree
        attributes = os.path.join(folder, "info", "attributes")
    return Places(os.path.join(folder, "config"), attributes)


def install(
    where: Places, python: str, rules: "Rules", patterns: list[str], *, is_dry: bool = False
) -> list[str]:
    """Write both files and return those that change; with *is_dry*, only return them.

    *python* is the Python that has Octavo; *patterns* are paths of texts to merge by cell too.
    """
    has_filter = rules.outputs or rules.counts or bool(rules.format)
    attributes = f"*.ipynb diff={NAME} merge={NAME}" + (f" filter={NAME}" if has_filter else "")
    wanted = [attributes, *[f"{_pattern(pattern)} merge={NAME}" for pattern in patterns]]
    config, text = _read(where.config), _read(where.attributes)
    record = install_record.read(config or "")
    key = _key(where)
    record[key] = install_record.looked_at(text, record.get(key), _missing_folder(where.attributes))
    lines = [*install_record.lines(record), *_config_lines(python, rules)]
    return _change(
        [
            (where.config, config, blocks.with_block(config, lines)),
            (where.attributes, text, blocks.with_block(text, wanted, marked=False)),
        ],
        is_dry=is_dry,
    )


def uninstall(where: Places, *, is_dry: bool = False) -> list[str]:
    """Take out exactly what `install` put in, and return the files that change.

    The working trees of a repository share their configuration: all of them forget Octavo.
    """
    config = _read(where.config)
    if config is None or not blocks.has_block(config):
        return []
    record = install_record.read(config)
    wanted: list[Change] = [(where.config, config, blocks.without_block(config))]
    home = os.path.dirname(os.path.realpath(where.config))
    record = {os.path.normpath(os.path.join(home, key)): found for key, found in record.items()}
    for path, found in record.items():
        text = _read(path)
        if text is not None:
            wanted.append((path, text, install_record.undone(text, found)))
    changed = _change(wanted, is_dry=is_dry)
    for path, found in record.items():
        if not is_dry and found.folder and not os.path.exists(path):
            files.remove_empty_folders(os.path.dirname(path), found.folder)
    return changed


def config_text(where: Places) -> str | None:
    """Return the text of the configuration, None where there is no file."""
    return _read(where.config)


def has_foreign_block(where: Places) -> bool:
    """Return whether the attributes file has a block that no installation here has made."""
    config, text = _read(where.config), _read(where.attributes)
    known = install_record.read(config or "").get(_key(where))
    is_own = known is not None and known.state != blocks.BLOCK
    return text is not None and blocks.has_block(text) and not is_own


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


def _config_lines(python: str, rules: "Rules") -> list[str]:
    """Return the sections of git's configuration."""
    lines = []
    for name, values in commands.sections(python, NAME, rules).items():
        lines.append(f"[{name}]")
        lines += [f"\t{key} = {_value(value)}" for key, value in values.items()]
    return lines


def _change(wanted: "list[Change]", *, is_dry: bool) -> list[str]:
    """Write (path, text before, text after), all or none; return the paths that change.

    Raises: `FileError` for the first that cannot be written; those before it are put back.
    """
    changes = [change for change in wanted if change[1] != change[2]]
    done: list[Change] = []
    try:
        for change in changes if not is_dry else ():
            _put(*change)
            done.append(change)
    except FileError:
        for path, before, after in reversed(done):
            _put(path, after, before)
        raise
    return [path for path, _, _ in changes]


def _put(path: str, seen: str | None, text: str | None) -> None:
    if text is None:
        files.remove_file(path)
        return
    files.make_folder(os.path.dirname(path))
    old = None if seen is None else seen.encode("utf-8", "surrogateescape")
    files.replace_file(path, text.encode("utf-8", "surrogateescape"), old)


def _key(where: Places) -> str:
    """Return the attributes file as seen from the configuration: both may move together."""
    folder, name = os.path.split(where.attributes)
    try:
        path = os.path.relpath(
            os.path.realpath(folder), os.path.dirname(os.path.realpath(where.config))
        )
    except ValueError:  # pragma: no cover  another drive of Windows
        path = folder
    return os.path.join(path, name)


def _missing_folder(path: str) -> str:
    """Return the topmost folder above *path* that is not there, "" if there is none."""
    missing = ""
    folder = os.path.dirname(path)
    while folder and not os.path.isdir(folder):
        missing, folder = folder, os.path.dirname(folder)
    return missing


def _pattern(text: str) -> str:
    """Return a pattern as an attributes file wants it: in quotes where it must be."""
    is_plain = not any(sign.isspace() for sign in text) and text[:1] not in ("#", "!", '"')
    return text if is_plain else stream.quoted(os.fsencode(text)).decode("ascii")


def _value(text: str) -> str:
    r"""Return a value for git's configuration, in quotes where it must be.

    >>> print(_value("'/my python' -m octavo"))
    "'/my python' -m octavo"
    """
    if not any(sign in text for sign in "\"\\;#'") and text == text.strip():
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
