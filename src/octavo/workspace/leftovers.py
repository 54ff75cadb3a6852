"""Files that a killed process left behind, and what is in them.

    .octavo-PID-MARK.tmp          a file that was being written: of no use to anybody
    .NAME.octavo-PID-MARK.swap    the old or the new version of NAME, see `files.replace_file`

The second may hold what somebody saved in the very moment of the kill: then it is kept, under
a name that people see.
"""

import os
import re

from octavo.core.errors import Notice, Span
from octavo.workspace import files, journal
from octavo.workspace.state import FOLDER, Store, digest

_WRITTEN = re.compile(r"\.octavo-(\d+)-[0-9a-f]+\.tmp(?:\.old)?")
_SWAPPED = re.compile(r"\.(.+)\.octavo-(\d+)-([0-9a-f]+)\.swap", re.DOTALL)
_NOTED = re.compile(r".+\.json\.(\d+)\.tmp")


def is_one(name: str) -> bool:
    """Return whether a file's name is that of a leftover, or of a write that is under way."""
    return name.startswith(".") and ".octavo-" in name and name.endswith((".tmp", ".swap"))


def clean(paths: list[str], root: str) -> list[Notice]:
    """Remove those of *paths* whose process is gone; return what people should know.

    The caller holds the lock of the project at *root*.  Raises: `FileError`.
    """
    store = Store(root)
    known = {one for _, record in store.records() for one in record.hashes}
    for plan in journal.plans(store):
        known.update(*((old, digest(new)) for _, old, new in plan.writes))
    notices = []
    for path in paths:
        folder, name = os.path.split(path)
        written, swapped = _WRITTEN.fullmatch(name), _SWAPPED.fullmatch(name)
        if written and not _is_alive(int(written.group(1))):
            store.disk.remove(path)
        elif swapped and not _is_alive(int(swapped.group(2))):
            target = os.path.join(folder, swapped.group(1))
            notices += _settle(path, target, swapped.group(3), known, store)
    for inner in ("pairs", "journal", "copies"):
        _clean_own(os.path.join(root, FOLDER, inner), store)
    return notices


def _settle(path: str, target: str, mark: str, known: set[str], store: Store) -> "list[Notice]":
    """Remove a version of a file that is known, keep any other."""
    if not os.path.isfile(path):
        return []
    data = files.read_bytes(path)
    is_there = os.path.isfile(target) and files.read_bytes(target) == data
    if is_there or digest(data) in known:
        store.disk.remove(path)
        return []
    saved = f"{target}.{mark[:6]}.saved"
    if not os.path.lexists(saved):
        files.rename(path, saved)
    return [
        Notice(
            "OCT-W033",
            f"a version of {os.path.basename(target)} from the moment of a kill is kept here",
            Span(saved),
            hint="look whether something of it is missing, then remove it",
        )
    ]


def _clean_own(folder: str, store: Store) -> None:
    """Remove what was left in a folder of our own: all in it can be had again."""
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        found = _WRITTEN.fullmatch(name) or _NOTED.fullmatch(name)
        if found and not _is_alive(int(found.group(1))):
            store.disk.remove(os.path.join(folder, name))


def _is_alive(pid: int) -> bool:
    if os.name != "posix":
        return False  # under the lock nobody else writes
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
