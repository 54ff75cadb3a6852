"""The second pass: the records of a history, with texts in the place of notebooks."""

import os

from octavo.vcs import stream
from octavo.vcs.rewrite_scan import FILES, NOTEBOOK, possible_suffixes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from octavo.vcs.rewrite_state import Key, Made

_NOBODY = b"0" * 40  # how the id of nothing begins, however long ids are


class Commits:
    """Changes records one by one.

    *made* tells what became of each blob: ids, or marks of blobs that were sent before.
    """

    def __init__(
        self,
        formats: "Mapping[str, str]",
        made: "Mapping[Key, Made]",
        taken: "Collection[str]",
        same: "Collection[str]",
        *,
        keeps: bool,
    ) -> None:
        self._same = same
        self._formats = formats
        self._made = made
        self._taken = taken
        self._keeps = keeps
        self.marks: dict[str, int] = {}  # of commits, by their old ids

    def rewritten(
        self, records: "Iterable[stream.Record]", tell: "Callable[[int], None]"
    ) -> "Iterator[bytes]":
        """Yield the records for `git fast-import`; *tell* hears how many commits went by.

        Tags are left out: they are made of the old ones when all commits are there.
        """
        for record in records:
            if record.head.startswith(b"tag "):
                continue
            if not record.head.startswith(b"commit "):
                yield record.to_bytes()
                continue
            oid, mark = record.value(b"original-oid"), record.value(b"mark")
            self.marks[oid.decode("ascii")] = int(mark[1:])
            tell(len(self.marks))
            if oid.decode("ascii") in self._same:
                ref = record.head.removeprefix(b"commit ")
                yield b"reset %bfrom %b\n\n" % (ref, mark)
                continue
            record.tail = self._tail(record.tail)
            record.lines = _without_origin(record.lines)
            yield record.to_bytes()

    def _tail(self, lines: list[bytes]) -> list[bytes]:
        made: list[bytes] = []
        for line in lines:
            found = stream.change(line)
            path = "" if found is None else os.fsdecode(found.path)
            if found is None or not self._formats.get(path) or path in self._taken:
                made.append(line)
            else:
                made += [one.to_bytes() for one in self._changes(found, path)]
        return sorted(made, key=_rank)

    def _changes(self, found: stream.Change, path: str) -> "Iterator[stream.Change]":
        """Yield what becomes of a change to a notebook.

        Whatever the notebook was in the commit before - text, or kept because it was broken -
        makes room for what it is now.
        """
        fmt = self._formats[path]
        text_id, notebook_id, suffix = "", "", ""
        if found.kind == b"M" and found.mode in FILES:
            text_id, notebook_id, suffix = self._made[found.oid.decode("ascii"), fmt]
        stem = path.removesuffix(NOTEBOOK)
        for other in sorted(possible_suffixes(fmt) - {suffix}):
            yield stream.Change(b"D", os.fsencode(stem + other))
        if not text_id:
            yield found
            return
        text = os.fsencode(stem + suffix)
        yield stream.Change(b"M", text, found.mode, text_id.encode("ascii"))
        if self._keeps:
            notebook = notebook_id.encode("ascii") or found.oid
            yield stream.Change(b"M", found.path, found.mode, notebook)
        else:
            yield stream.Change(b"D", found.path)


def rewritten_notes(
    records: "Iterable[stream.Record]", commits: "Mapping[str, bytes]", shift: int
) -> "Iterator[bytes]":
    """Yield the records of notes: git keeps them as files named after the commits.

    *commits* maps old ids to marks or new ids; *shift* is added to the marks of the records,
    which are counted from 1 again.
    """
    for record in records:
        record.lines = [_shifted(line, shift) for line in _without_origin(record.lines)]
        record.tail = sorted(
            (_note(line, commits) for line in (_shifted(line, shift) for line in record.tail)),
            key=_rank,
        )
        yield record.to_bytes()


def _note(line: bytes, commits: "Mapping[str, bytes]") -> bytes:
    found = stream.change(line)
    old = "" if found is None else os.fsdecode(found.path).replace("/", "")
    commit = commits.get(old)
    if found is None or commit is None:
        return line
    return b"N %b %b\n" % (b"0" * len(old) if found.kind == b"D" else found.oid, commit)


def _shifted(line: bytes, shift: int) -> bytes:
    for word in (b"mark :", b"from :", b"merge :"):
        if line.startswith(word):
            return b"%b%d\n" % (word, int(line[len(word) :]) + shift)
    return line


def _without_origin(lines: list[bytes]) -> list[bytes]:
    return [line for line in lines if not line.startswith(b"original-oid ")]


def _rank(line: bytes) -> int:
    """Return the place of a line in a commit: parents, then removals, then the rest."""
    if line.startswith((b"from ", b"merge ")):
        return 0
    return 1 if line.startswith((b"D ", b"N " + _NOBODY)) else 2
