"""Which files to convert: names, patterns and folders become jobs."""

import os

from octavo.core.errors import FileError, OctavoError, OptionError, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.formats._names import Target

#: Folders that hold no notebooks of the user; hidden ones are left out as well.
_FOREIGN_FOLDERS = frozenset(("node_modules", "__pycache__", "site-packages"))
STDIN = "-"
STDOUT = "-"


class Job:
    """One document to convert.

    `output` is the file named by -o ("-" = stdout), "" where the format tells it; `folder` is
    the folder to write to, "" for the folder of the input.  `fault` is an error that was met
    while looking for the file.  `searched`: the file was found in a folder, so it is only
    meant when it is in the format of --from.
    """

    __slots__ = ("fault", "folder", "input", "output", "searched")

    def __init__(
        self,
        input: str,  # noqa: A002  the word for it
        *,
        output: str = "",
        folder: str = "",
        fault: OctavoError | None = None,
        searched: bool = False,
    ) -> None:
        self.input = input
        self.output = output
        self.folder = folder
        self.fault = fault
        self.searched = searched

    @property
    def name(self) -> str:
        """The input as messages show it."""
        return "<stdin>" if self.input == STDIN else self.input


class _Found:
    """A file that was found, and its folder below the one that was named."""

    __slots__ = ("below", "fault", "path", "searched")

    def __init__(
        self,
        path: str,
        below: str = "",
        *,
        searched: bool = False,
        fault: OctavoError | None = None,
    ) -> None:
        self.path = path
        self.below = below
        self.searched = searched
        self.fault = fault


def jobs(files: list[str], output: str, source: "Target", *, recursive: bool) -> list[Job]:
    """Return the jobs for *files*, in the order they were named, each file once.

    *output* is what -o says.  Raises: `OptionError` OCT-O023 without files, OCT-O024 when
    several documents would go to one place.
    """
    if not files:
        raise OptionError("OCT-O023", "no files given", hint="name files, or - for stdin")
    found: dict[str, _Found] = {}
    for file in files:
        for one in _find(file, source, recursive=recursive):
            found.setdefault(one.path, one)
    into_folder = _is_folder(output, several=len(found) > 1 or _is_search(files))
    return [_job(one, output, into_folder=into_folder) for one in found.values()]


def _job(one: _Found, output: str, *, into_folder: bool) -> Job:
    if into_folder:
        folder = os.path.join(output, one.below) if one.below else output
        return Job(one.path, folder=folder, fault=one.fault, searched=one.searched)
    if one.path == STDIN and not output:
        output = STDOUT
    return Job(one.path, output=output, fault=one.fault, searched=one.searched)


def _is_search(files: list[str]) -> bool:
    return any(_is_pattern(file) or os.path.isdir(file) for file in files)


def _is_folder(output: str, *, several: bool) -> bool:
    """Return whether -o names a folder."""
    if not output:
        return False
    if os.path.isdir(output) or output.endswith(("/", os.sep)):
        return True
    if several and output == STDOUT:
        raise OptionError(
            "OCT-O024", "several documents cannot share stdout", hint="name a folder with -o"
        )
    if several and os.path.exists(output):
        raise OptionError(
            "OCT-O024", f"several documents cannot share the file {output}",
            hint="name a folder with -o",
        )  # fmt: skip
    return several


def _find(file: str, source: "Target", *, recursive: bool) -> "Iterator[_Found]":
    if file == STDIN:
        yield _Found(file)
    elif os.path.isdir(file):
        yield from _in_folder(file, source, recursive=recursive)
    elif _is_pattern(file):
        yield from _matching(file)
    else:
        yield _Found(file)


def _is_pattern(file: str) -> bool:
    has_signs = "*" in file or "?" in file or "]" in file.partition("[")[2]
    return has_signs and not os.path.lexists(file)


def _matching(pattern: str) -> "Iterator[_Found]":
    """Yield the files that a pattern matches; `**` stands for any folders."""
    from glob import glob

    fixed = _fixed_part(pattern)
    paths = sorted(path for path in glob(pattern, recursive=True) if not os.path.isdir(path))
    if not paths:
        fault = FileError(
            "OCT-W014", "no file matches", Span(pattern), hint="** stands for any folders"
        )
        yield _Found(pattern, fault=fault)
    for path in paths:
        yield _Found(path, _below(path, fixed))


def _fixed_part(pattern: str) -> str:
    """Return the folder in which the search for *pattern* begins."""
    fixed = pattern
    while _is_pattern(fixed):
        fixed = os.path.dirname(fixed)
    return fixed


def _below(path: str, folder: str) -> str:
    below = os.path.relpath(os.path.dirname(path) or ".", folder or ".")
    return "" if below == "." else below


def _in_folder(folder: str, source: "Target", *, recursive: bool) -> "Iterator[_Found]":
    if not recursive:
        fault = FileError(
            "OCT-W002", "is a folder, not a file", Span(folder),
            hint="--recursive converts the notebooks in it",
        )  # fmt: skip
        yield _Found(folder, fault=fault)
        return
    paths = list(_walk(folder, _suffixes(source)))
    if not paths:
        fault = FileError(
            "OCT-W014", "no file in it fits", Span(folder),
            hint="--from names what to look for; notebooks are looked for without it",
        )  # fmt: skip
        yield _Found(folder, fault=fault)
    for path in paths:
        yield _Found(path, _below(path, folder), searched=True)


def _walk(folder: str, suffixes: tuple[str, ...]) -> "Iterator[str]":
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if _is_own_folder(place, name))
        for name in sorted(names):
            if name.endswith(suffixes) and not name.startswith("."):
                yield os.path.join(place, name)


def _suffixes(source: "Target") -> tuple[str, ...]:
    """Return the suffixes of the files to look for: by default notebooks."""
    from octavo.formats import _index, _names

    if source.suffix and source.suffix != _names.AUTO:
        return (source.suffix,)
    return _index.suffixes_of(source.name) if source.name else (_names.IPYNB,)


def _is_own_folder(place: str, name: str) -> bool:
    """Return whether a folder may hold notebooks of the user: no caches, no environments."""
    if name.startswith(".") or name in _FOREIGN_FOLDERS:
        return False
    return not os.path.isfile(os.path.join(place, name, "pyvenv.cfg"))
