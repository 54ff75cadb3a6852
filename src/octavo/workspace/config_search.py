"""Find the configuration file that rules: upwards from a file, then the user's and the system's.

In each folder `octavo.toml` goes before `[tool.octavo]` of `pyproject.toml`, then come Jupytext's
files and `[tool.jupytext]`.  The first that is found rules alone.  Octavo's own files are sought
up to the root of the repository or the home folder, Jupytext's up to the root, as it does.
"""

import os
import re

from octavo.core.errors import ConfigError, FileError, Notice, Span
from octavo.workspace import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OCTAVO, JUPYTEXT = "octavo", "jupytext"
OCTAVO_FILE = "octavo.toml"
PYPROJECT = "pyproject.toml"
#: Jupytext's files in the order in which it looks for them; the last is a program.
JUPYTEXT_FILES = (
    "jupytext", "jupytext.toml", "jupytext.yml", "jupytext.yaml", "jupytext.json",
    ".jupytext", ".jupytext.toml", ".jupytext.yml", ".jupytext.yaml", ".jupytext.json",
    ".jupytext.py",
)  # fmt: skip
CEILINGS = ("OCTAVO_CEILING_DIRECTORIES", "JUPYTEXT_CEILING_DIRECTORIES")


class Source:
    """A configuration file: its path, whose it is, and the table in it that counts.

    `dialect` is "octavo" or "jupytext"; `section` leads to the table, () is the whole file;
    `is_global` tells that it is the user's or the system's, not the project's.
    """

    __slots__ = ("dialect", "file", "is_global", "section", "text")

    def __init__(
        self, file: str, text: str, dialect: str, section: tuple[str, ...], *, is_global: bool
    ) -> None:
        self.file = file
        self.text = text
        self.dialect = dialect
        self.section = section
        self.is_global = is_global

    @property
    def name(self) -> str:
        """The path as people would type it here: from the current folder, if it is below that."""
        return shown(self.file)


def shown(file: str) -> str:
    """Return a path as people would type it here."""
    relative = os.path.relpath(file)
    return file if relative.startswith(os.pardir) else relative


def find(
    folder: str, environ: "Mapping[str, str]", dialects: tuple[str, ...] = (OCTAVO, JUPYTEXT)
) -> "tuple[Source | None, tuple[Notice, ...]]":
    """Return the source that rules the files of *folder* (absolute), and what is to be told.

    A `.jupytext.py` is a program: it is not run, and the search ends there.

    Raises: `FileError` for a configuration file that cannot be read, `ConfigError` OCT-C003 for
    one that is no UTF-8.
    """
    for place, names in _places(folder, environ):
        for dialect in (name for name in names if name in dialects):
            found = _look(place.path, dialect, is_global=place.is_global)
            if isinstance(found, Notice):
                return None, (found,)
            if found is not None:
                return found, ()
    return None, ()


def in_folder(folder: str, dialect: str) -> Source | None:
    """Return the source that stands in this very folder; errors as `find`."""
    found = _look(folder, dialect, is_global=False)
    return found if isinstance(found, Source) else None


class _Place:
    """A folder that may hold a configuration file."""

    __slots__ = ("is_global", "path")

    def __init__(self, path: str, *, is_global: bool = False) -> None:
        self.path = path
        self.is_global = is_global


def _places(
    folder: str, environ: "Mapping[str, str]"
) -> "Iterator[tuple[_Place, tuple[str, ...]]]":
    """Yield the folders to look into, nearest first, and whose files may be there."""
    names: tuple[str, ...] = (OCTAVO, JUPYTEXT)
    ceilings = _ceilings(environ)
    home = os.path.expanduser("~")
    while True:
        yield _Place(folder), names
        if folder == home or os.path.exists(os.path.join(folder, ".git")):
            names = (JUPYTEXT,)
        parent = os.path.dirname(folder)
        if folder in ceilings or parent == folder:
            break
        folder = parent
    for base in _global_folders(environ, home):
        for dialect in (OCTAVO, JUPYTEXT):
            own = os.path.join(base, dialect)
            if os.path.isdir(own) and not (dialect == OCTAVO and _is_checkout(own)):
                yield _Place(own, is_global=True), (dialect,)
        if os.path.isdir(base):
            yield _Place(base, is_global=True), (OCTAVO, JUPYTEXT)


def _is_checkout(folder: str) -> bool:
    """Return whether a folder is a project's, such as a clone of Octavo in the home folder."""
    return any(os.path.exists(os.path.join(folder, name)) for name in (".git", PYPROJECT))


def _ceilings(environ: "Mapping[str, str]") -> set[str]:
    return {
        os.path.abspath(folder)
        for name in CEILINGS
        for folder in environ.get(name, "").split(os.pathsep)
        if folder.strip()
    }


def _global_folders(environ: "Mapping[str, str]", home: str) -> list[str]:
    """Return the folders of the user's and of the system's configuration."""
    if environ.get("XDG_CONFIG_HOME"):
        folders = [environ["XDG_CONFIG_HOME"]]
    elif environ.get("USERPROFILE"):
        folders = [environ["USERPROFILE"]]
    else:
        folders = [os.path.join(home, ".config"), home]
    if environ.get("XDG_CONFIG_DIRS"):
        folders += environ["XDG_CONFIG_DIRS"].split(os.pathsep)
    elif environ.get("ALLUSERSPROFILE"):
        folders.append(environ["ALLUSERSPROFILE"])
    else:
        folders += [
            os.path.join(os.sep, "usr", "local", "share"),
            os.path.join(os.sep, "usr", "share"),
        ]
    return [folder for folder in folders if os.path.isabs(folder)]


def _look(folder: str, dialect: str, *, is_global: bool) -> "Source | Notice | None":
    names = (OCTAVO_FILE,) if dialect == OCTAVO else JUPYTEXT_FILES
    for name in names:
        file = os.path.join(folder, name)
        if not os.path.isfile(file):
            continue
        if name.endswith(".py"):
            return _not_run(file)
        return Source(file, _read(file), dialect, (), is_global=is_global)
    return None if is_global else _in_pyproject(folder, dialect)


def _not_run(file: str) -> Notice:
    return Notice(
        "OCT-C004", "is a program, and Octavo runs no configuration: it is passed over",
        Span(shown(file)), hint=f"say the same in {OCTAVO_FILE} beside it",
    )  # fmt: skip


def _in_pyproject(folder: str, dialect: str) -> Source | None:
    """Return the section of `pyproject.toml`, if it has one; the rest is others' affair."""
    file = os.path.join(folder, PYPROJECT)
    if not os.path.isfile(file):
        return None
    try:
        data = files.read_bytes(file)
    except FileError:
        return None
    if not _may_hold(data.decode("utf-8", "replace"), dialect):
        return None
    source = Source(file, _decode(data, file), dialect, ("tool", dialect), is_global=False)
    from octavo.workspace import config_toml

    tool = config_toml.loads(source.text, source.name).get("tool")
    return source if isinstance(tool, dict) and dialect in tool else None


def _may_hold(text: str, name: str) -> bool:
    """Return whether *text* has a section of that name, without reading it as TOML."""
    if name not in text:
        return False
    header = rf"(?m)^[ \t]*\[+[ \t]*[\"']?tool[\"']?[ \t]*\.[ \t]*[\"']?{name}\b"
    other = r"(?m)^[ \t]*(?:\[[ \t]*[\"']?tool[\"']?[ \t]*\]|[\"']?tool[\"']?[ \t]*[.=])"
    key = rf"(?m)(?:^|[{{.,])[ \t]*[\"']?{name}[\"']?[ \t]*[.=]"
    return bool(re.search(header, text) or (re.search(other, text) and re.search(key, text)))


def _read(file: str) -> str:
    return _decode(files.read_bytes(file), file)


def _decode(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise ConfigError(
            "OCT-C003",
            f"byte 0x{data[fault.start]:02x} is not valid UTF-8",
            Span(shown(file), line),
            hint="save the file as UTF-8",
        ) from None
