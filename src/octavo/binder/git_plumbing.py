"""Read and write git objects and refs; the index and the working tree are never looked at.

Git is started with lists of arguments, never through a shell, and hears nothing of the
variables (`GIT_DIR`, `GIT_INDEX_FILE`, ...) that a hook hands down: the path tells the
repository.  Everything is read through one `git cat-file --batch`, so the number of processes
does not grow with the history.
"""

from octavo.binder.errors import BinderError
from octavo.workspace import git_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from subprocess import Popen
    from types import TracebackType
    from typing import IO, Self

FILE, SCRIPT, LINK, FOLDER, SUBMODULE = "100644", "100755", "120000", "40000", "160000"
_ODD = frozenset(" ~^:?*[\\\x7f")


class Entry:
    """A line of a tree: the mode and the id of a file, folder, link or submodule."""

    __slots__ = ("mode", "oid")

    def __init__(self, mode: str, oid: str) -> None:
        self.mode = mode
        self.oid = oid

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and (self.mode, self.oid) == (other.mode, other.oid)

    def __hash__(self) -> int:
        return hash((self.mode, self.oid))

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Entry({self.mode}, {self.oid})"


class Repository(git_process.Starter):
    """A git repository (bare or not, a worktree, a submodule) found from a folder.

    Its methods raise `BinderError` OCT-B102 (git is missing) and OCT-B103 (git fails; in its own
    words).
    """

    def __init__(self, path: str, environment: "Mapping[str, str] | None" = None) -> None:
        super().__init__(path, environment)
        self._reader: Popen[bytes] | None = None
        self._trees: dict[str, dict[str, Entry]] = {}

    def __enter__(self) -> "Self":
        return self

    def __exit__(
        self,
        kind: "type[BaseException] | None",
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process that reads objects."""
        if self._reader is not None:
            self._reader.communicate()
            self._reader = None

    def find(self, name: str) -> tuple[str, str, bytes] | None:
        """Return the id, kind and content of the object *name*, None if there is none.

        Raises: `BinderError` OCT-B101 when the folder is in no git repository.
        """
        if "\n" in name:
            return None
        questions, answers = self._open()
        question = name.encode("utf-8", "surrogateescape")
        try:
            questions.write(question + b"\n")
            questions.flush()
            head = answers.readline()
        except OSError:
            head = b""
        if not head:
            raise self._no_repository()
        # "NAME missing", "NAME ambiguous": the name itself may hold spaces.
        if head.rstrip(b"\n") in (question + b" missing", question + b" ambiguous"):
            return None
        oid, kind, size = head.decode("ascii").split(" ")
        data = answers.read(int(size) + 1)[:-1]
        return oid, kind, data

    def commit(self, name: str) -> "Commit | None":
        """Return the commit that *name* leads to, None if there is none."""
        found = self.find(f"{name}^{{commit}}")
        return None if found is None else Commit(found[0], found[2])

    def tree(self, oid: str) -> dict[str, Entry]:
        """Return the entries of a tree object by name."""
        if oid not in self._trees:
            found = self.find(oid)
            if found is None or found[1] != "tree":
                raise _missing(oid)
            self._trees[oid] = parse_tree(found[2], len(oid) // 2)
        return self._trees[oid]

    def blob(self, oid: str) -> bytes:
        """Return the bytes of a file object."""
        found = self.find(oid)
        if found is None:
            raise _missing(oid)
        return found[2]

    def has(self, oid: str) -> bool:
        """Return whether there is an object of this id."""
        return self.find(oid) is not None

    def write_blob(self, data: bytes) -> None:
        """Store the bytes of a file."""
        self.run("hash-object", "-w", "-t", "blob", "--no-filters", "--stdin", given=data)

    def write_trees(self, trees: "Iterable[Mapping[str, Entry]]") -> list[str]:
        """Store trees, those inside others first, and return their ids."""
        given = b"\0".join(b"".join(_tree_lines(tree)) for tree in trees)
        return self.run("mktree", "-z", "--batch", given=given + b"\0").decode("ascii").split()

    def write_commit(self, tree: str, parents: "Sequence[str]", message: str, date: str) -> str:
        """Store a commit and return its id; *date* is `SECONDS ZONE`."""
        words = [word for parent in parents for word in ("-p", parent)]
        dates = {"GIT_AUTHOR_DATE": f"@{date}", "GIT_COMMITTER_DATE": f"@{date}"}
        code, out, complaint = self.ask(
            "commit-tree", tree, *words, given=message.encode("utf-8", "surrogateescape"),
            extra=dates,
        )  # fmt: skip
        if code and ("identity" in complaint or "ident name" in complaint):
            raise BinderError(
                "OCT-B104", "git does not know who makes the commit",
                hint="tell it: git config user.name NAME; git config user.email ADDRESS",
            )  # fmt: skip
        if code:
            raise _failure(("commit-tree",), complaint)
        return out.decode("ascii").strip()

    def move_ref(self, ref: str, new: str, old: str, reason: str) -> None:
        """Let *ref* point to *new* if it still points to *old* ("" = it must not exist).

        Raises: `BinderError` OCT-B105 when somebody else moved it meanwhile.
        """
        before = old or "0" * len(new)
        code, _, complaint = self.ask("update-ref", "-m", reason, "--", ref, new, before)
        if code and ("but expected" in complaint or "already exists" in complaint):
            raise BinderError(
                "OCT-B105", f"{ref} was changed by somebody else at the same time",
                hint="nothing was changed: run the command again",
            )  # fmt: skip
        if code:
            raise _failure(("update-ref",), complaint)

    def _open(self) -> "tuple[IO[bytes], IO[bytes]]":
        if self._reader is None:
            self._reader = self.start(("cat-file", "--batch"))
        questions, answers = self._reader.stdin, self._reader.stdout
        if questions is None or answers is None:
            raise self._no_repository()
        return questions, answers

    def missing(self, message: str, hint: str) -> BinderError:
        """Return OCT-B102."""
        return BinderError("OCT-B102", message, hint=hint)

    def failure(self, words: "Sequence[str]", code: int, complaint: str) -> BinderError:  # noqa: ARG002
        """Return OCT-B103, with git's own words."""
        return _failure(words, complaint)

    def _no_repository(self) -> BinderError:
        reader, self._reader = self._reader, None
        complaint = ""
        if reader is not None:
            complaint = git_process.said(reader.communicate()[1])
        reason = complaint.removeprefix("fatal: ").split("\n")[0].split(" (or any")[0]
        return BinderError(
            "OCT-B101", f"{self.path}: {reason or 'cannot be read as a git repository'}",
            hint="name the folder of a repository with -C",
        )  # fmt: skip


class Commit:
    """What a commit object says."""

    __slots__ = ("date", "message", "oid", "parents", "tree")

    def __init__(self, oid: str, data: bytes) -> None:
        head, _, message = data.partition(b"\n\n")
        lines = head.decode("utf-8", "surrogateescape").split("\n")
        self.oid = oid
        self.tree = _values(lines, "tree")[0]
        self.parents = tuple(_values(lines, "parent"))
        self.date = " ".join(_values(lines, "committer")[0].rsplit(" ", 2)[1:])
        self.message = message.decode("utf-8", "replace")

    @property
    def seconds(self) -> int:
        """The time of the commit, in seconds since 1970."""
        return int(self.date.split(" ")[0])


def parse_tree(data: bytes, id_size: int) -> dict[str, Entry]:
    """Return the entries of the bytes of a tree object; *id_size* is in bytes."""
    entries: dict[str, Entry] = {}
    offset = 0
    while offset < len(data):
        space = data.index(b" ", offset)
        end = data.index(b"\0", space)
        name = data[space + 1 : end].decode("utf-8", "surrogateescape")
        mode = data[offset:space].decode("ascii")
        offset = end + 1 + id_size
        entries[name] = Entry(mode, data[end + 1 : offset].hex())
    return entries


def format_tree(entries: "Mapping[str, Entry]") -> bytes:
    """Return the bytes of a tree object."""
    return b"".join(
        b"%b %b\0%b" % (entry.mode.encode("ascii"), name, bytes.fromhex(entry.oid))
        for name, entry in _sorted(entries)
    )


def object_id(kind: str, data: bytes, id_length: int) -> str:
    """Return the id that git gives an object; *id_length* (40 or 64 digits) tells the hash."""
    import hashlib

    make = hashlib.sha256 if id_length == 64 else hashlib.sha1
    return make(b"%b %d\0" % (kind.encode("ascii"), len(data)) + data).hexdigest()


def is_branch_name(name: str) -> bool:
    """Return whether git takes *name* as the name of a branch.

    Source: git-check-ref-format(1).
    """
    if not name or name[0] in "-/" or name[-1] in "/." or name in ("@", "HEAD"):
        return False
    if ".." in name or "@{" in name or "//" in name:
        return False
    if any(c in _ODD or ord(c) < 0x20 for c in name):
        return False
    return not any(part[:1] == "." or part.endswith(".lock") for part in name.split("/"))


def _sorted(entries: "Mapping[str, Entry]") -> "list[tuple[bytes, Entry]]":
    """Return entries in the order of git: a folder sorts as if its name ended in a slash."""
    pairs = [(name.encode("utf-8", "surrogateescape"), entry) for name, entry in entries.items()]
    return sorted(pairs, key=lambda pair: pair[0] + b"/" * (pair[1].mode == FOLDER))


def _tree_lines(tree: "Mapping[str, Entry]") -> "Iterable[bytes]":
    kinds = {FOLDER: b"tree", SUBMODULE: b"commit"}
    for name, entry in _sorted(tree):
        mode = entry.mode.encode("ascii").rjust(6, b"0")
        kind = kinds.get(entry.mode, b"blob")
        yield b"%b %b %b\t%b\0" % (mode, kind, entry.oid.encode("ascii"), name)


def _values(lines: "Sequence[str]", key: str) -> list[str]:
    return [line[len(key) + 1 :] for line in lines if line.startswith(key + " ")]


def _missing(oid: str) -> BinderError:
    return BinderError(
        "OCT-B103", f"the repository lacks the object {oid}",
        hint="a shallow or partial clone? fetch the rest with git",
    )  # fmt: skip


def _failure(words: "Sequence[str]", complaint: str) -> BinderError:
    reason = complaint.partition("\n")[0].removeprefix("fatal: ").removeprefix("error: ")
    return BinderError("OCT-B103", f"git {words[0]}: {reason or 'failed'}")
