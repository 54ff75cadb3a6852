"""The first look at a history: which notebooks there are, and which names are taken."""

import os

from octavo.vcs import stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from octavo.vcs.rewrite_state import Key, State
    from octavo.vcs.rewrite_wishes import Wishes

FILES = (b"100644", b"100755")
NOTEBOOK = ".ipynb"


class Scan:
    """What a pass over the commits finds.

    Paths are texts in which bytes that are no UTF-8 are surrogates.  `formats` has every path
    that was seen and ends like a notebook, with its format ("" where it is not meant); `wanted`
    maps a blob and format to a path of it, in the order of the history.  `same` are commits in
    whose history there is no notebook: they stay what they are, signatures included.
    """

    def __init__(self, wishes: "Wishes", state: "State") -> None:
        self._wishes = wishes
        self.formats: dict[str, str] = {}
        self.wanted: dict[Key, str] = {}
        self.names = set(state.names)
        self.attributes = set(state.attributes)
        self.commit_count = 0
        self.highest_mark = 0
        self.same: dict[str, str] = {}  # with their marks
        self._same_marks = state.same_marks()
        for path in state.notebooks:
            self.format_of(path)

    def see(self, records: "Iterable[stream.Record]") -> None:
        """Look at a stream."""
        for record in records:
            mark = record.value(b"mark")
            self.highest_mark = max(self.highest_mark, int(mark[1:]) if mark else 0)
            if record.head.startswith(b"commit "):
                self.commit_count += 1
                is_same = True
                for line in record.tail:
                    if line.startswith(b"M "):
                        is_same &= not self._see(line)
                    elif line.startswith((b"from ", b"merge ")):
                        is_same &= line.partition(b" ")[2].strip() in self._same_marks
                if is_same:
                    self._same_marks.add(mark)
                    oid = record.value(b"original-oid").decode("ascii")
                    self.same[oid] = mark.decode("ascii")

    def _see(self, line: bytes) -> bool:
        """Look at a file of a commit, and return whether it is a notebook that is meant."""
        found = stream.change(line)
        if found is None:  # pragma: no cover  the caller has seen the M
            return False
        path = os.fsdecode(found.path)
        fmt = self.format_of(path)
        if fmt and found.mode in FILES:
            self.wanted.setdefault((found.oid.decode("ascii"), fmt), path)
            return True
        self.names.add(path)
        if path.rpartition("/")[2] == ".gitattributes":
            self.attributes.add(path)
        return bool(fmt)

    def format_of(self, path: str) -> str:
        """Return the format of a notebook, "" for every other file."""
        fmt = self.formats.get(path)
        if fmt is None:
            if not path.endswith(NOTEBOOK):
                return ""
            fmt = self._wishes.format_of(path)
            self.formats[path] = fmt
        return fmt

    def notebooks(self) -> set[str]:
        """Return the paths of the notebooks that are meant."""
        return {path for path, fmt in self.formats.items() if fmt}

    def taken(self) -> dict[str, str]:
        """Return the notebooks whose text would have the name of another file, and that name.

        That file may be in other commits only: a name that means two things in one history is
        never given away.
        """
        folders = {name[:n] for name in self.names for n, sign in enumerate(name) if sign == "/"}
        found = {}
        for path in sorted(self.notebooks()):
            for suffix in sorted(possible_suffixes(self.formats[path])):
                text = path.removesuffix(NOTEBOOK) + suffix
                if text in self.names or text in folders:
                    found[path] = text
                    break
        return found


def possible_suffixes(fmt: str) -> set[str]:
    """Return the suffixes that a text of *fmt* may have: "auto" depends on the notebook."""
    from octavo.core.languages import SCRIPT_SUFFIXES
    from octavo.formats import _names

    target = _names.parse(fmt)
    return set(SCRIPT_SUFFIXES) if target.suffix in ("", ".auto") else {target.suffix}
