"""The files of a commit, read without a working tree."""

from octavo.binder.errors import BinderError
from octavo.binder.git_plumbing import FOLDER, LINK, SUBMODULE, Entry
from octavo.core.errors import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from octavo.binder.git_plumbing import Repository

_LONGEST_CHAIN = 10


class Snapshot:
    """The files of a tree; symbolic links are followed inside it.

    `seen` holds what was asked for and what was there: what is made from a snapshot depends on
    nothing else.  `changes` replaces entries (None = absent).
    """

    __slots__ = ("changes", "repository", "seen", "tree")

    def __init__(
        self,
        repository: "Repository",
        tree: str,
        changes: "Mapping[str, Entry | None] | None" = None,
    ) -> None:
        self.repository = repository
        self.tree = tree
        self.changes = changes or {}
        self.seen: dict[str, Entry | None] = {}

    def entry(self, path: str) -> Entry | None:
        """Return what stands at *path*: a file, a folder, a link or a submodule."""
        found = self._look_up(path)
        self.seen[path] = found
        return found

    def file(self, path: str) -> Entry | None:
        """Return the file at *path*, or the one that a link leads to, None if there is none.

        Raises: `BinderError` OCT-B127 for a link that leads out of the repository.
        """
        at = path
        for _ in range(_LONGEST_CHAIN):
            entry = self.entry(at)
            if entry is None or entry.mode in (FOLDER, SUBMODULE):
                return None
            if entry.mode != LINK:
                return entry
            target = self.repository.blob(entry.oid).decode("utf-8", "surrogateescape")
            at = join(at.rpartition("/")[0], target)
            if not at:
                break
        raise BinderError(
            "OCT-B127", f"is a link to {target!r}, which is outside the repository", Span(path),
            hint="replace the link by the file",
        )  # fmt: skip

    def is_folder(self, path: str) -> bool:
        """Return whether a folder stands at *path*."""
        entry = self.entry(path.rstrip("/"))
        return entry is not None and entry.mode == FOLDER

    def below(self, folder: str) -> "Iterator[tuple[str, Entry]]":
        """Yield all files, links and submodules below a folder, by path."""
        folder = folder.rstrip("/")
        found = dict(self._walk(folder))
        for path, entry in self.changes.items():
            if path.startswith(folder + "/"):
                if entry is None:
                    found.pop(path, None)
                else:
                    found[path] = entry
        yield from sorted(found.items())

    def data(self, path: str) -> bytes | None:
        """Return the bytes of a file, None if there is none."""
        entry = self.file(path)
        return None if entry is None else self.repository.blob(entry.oid)

    def text(self, path: str) -> str | None:
        """Return the text of a file, None if there is none.

        Raises: `BinderError` OCT-B119 when it is not UTF-8.
        """
        data = self.data(path)
        return None if data is None else decode(data, path)

    def is_same(self, other: "Mapping[str, Entry | None]") -> bool:
        """Return whether the entries of *other* are those of this snapshot."""
        return all(self._look_up(path) == entry for path, entry in other.items())

    def _look_up(self, path: str) -> Entry | None:
        if path in self.changes:
            return self.changes[path]
        oid = self.tree
        parts = path.split("/")
        for i, part in enumerate(parts):
            entry = self.repository.tree(oid).get(part)
            if entry is None or i == len(parts) - 1:
                return entry
            if entry.mode != FOLDER:
                return None
            oid = entry.oid
        return None

    def _walk(self, folder: str) -> "Iterator[tuple[str, Entry]]":
        start = self.entry(folder)
        todo = [(folder, start)] if start is not None and start.mode == FOLDER else []
        while todo:
            at, top = todo.pop()
            for name, entry in self.repository.tree(top.oid).items():
                path = f"{at}/{name}"
                if entry.mode == FOLDER:
                    todo.append((path, entry))
                else:
                    yield path, entry


def join(folder: str, path: str) -> str:
    """Return *path*, seen from *folder*, as a path from the root; "" when it leads out.

    >>> join("binder", "../a/./b.txt"), join("", "../x")
    ('a/b.txt', '')
    """
    if path.startswith("/"):
        return ""
    parts = [part for part in folder.split("/") if part]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def decode(data: bytes, path: str) -> str:
    """Return the text of *data*; a byte order mark is left out.

    Raises: `BinderError` OCT-B119 when it is not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BinderError(
            "OCT-B119", "is not UTF-8", Span(path, line), hint="save it as UTF-8"
        ) from None
