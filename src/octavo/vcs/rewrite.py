"""Rewrite a history: notebooks become text in every commit, everything else stays as it is.

`git fast-export` tells the commits without the contents of files, `git cat-file` gives the
notebooks, each distinct one once, and `git fast-import` takes the new commits.  New objects go
into the repository itself, new refs into a place beside it: until all of it is done, no ref of
the repository has moved.
"""

import os

from octavo.vcs import blobs, stream
from octavo.vcs.errors import VcsError
from octavo.vcs.git import Git, Objects, one_line
from octavo.vcs.rewrite_commits import Commits, rewritten_notes
from octavo.vcs.rewrite_scan import Scan
from octavo.vcs.rewrite_state import State
from octavo.vcs.rewrite_tags import Tags, losses
from octavo.vcs.rewrite_wishes import Report, Wishes
from octavo.workspace import files, git_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from octavo.vcs.rewrite_state import Key

    Tell = Callable[[int, int, str], None]

_NOTES = "refs/notes/"
_CACHES = "refs/notes/textconv/"
_DEFAULT_REFS = ("refs/heads", "refs/tags", "refs/notes")
_EXPORT = (
    "fast-export", "--no-data", "--show-original-ids", "--signed-tags=strip", "--reencode=no",
    "--tag-of-filtered-object=rewrite", "--mark-tags", "--fake-missing-tagger",
)  # fmt: skip


class Rewrite:
    """One rewrite of one repository.

    *tell* hears (done, all, "notebooks" or "commits") as it goes on; *processes* convert.
    """

    def __init__(
        self, git: Git, wishes: Wishes, *, processes: int = 1, tell: "Tell | None" = None
    ) -> None:
        self.git = git
        self.wishes = wishes
        self.report = Report()
        self._processes = processes
        self._tell = tell or (lambda _done, _all, _what: None)

    def plan(self) -> Report:
        """Look at everything and convert it, but write nothing.

        Raises: `VcsError` OCT-V002 to OCT-V005.
        """
        refs = self._refs()
        scan = self._scan(refs, State(""))
        with Objects(self.git) as objects:
            for key, made in zip(scan.wanted, self._converted(scan.wanted, objects), strict=True):
                self._count(scan.wanted[key], made)
        self._finish_report(refs, scan)
        return self.report

    def run(self, folder: str, state: State) -> Report:
        """Write the new commits; the refs of the repository do not move.

        *folder* becomes a bare repository that has the new refs; *state* is what an earlier
        run left, and is renewed.

        Raises: `VcsError` OCT-V002 to OCT-V006.
        """
        refs = self._refs()
        state.load(self.wishes.key(), self.git)
        scan = self._scan(refs, state)
        if state.is_used and state.taken != set(scan.taken()):
            # What was converted before must not be now: the whole begins again.
            state.clear()
            scan = self._scan(refs, state)
        self.report.reused_count = len(state.commits)
        self._write(refs, scan, folder, state)
        self._finish_report(refs, scan)
        return self.report

    def _refs(self) -> list[str]:
        """Return the refs that are rewritten.

        Raises: `VcsError` OCT-V004 (a shallow clone), OCT-V005 (there is nothing to rewrite).
        """
        if self.git.run("rev-parse", "--is-shallow-repository").strip() == b"true":
            raise VcsError(
                "OCT-V004", f"{self.git.path}: a shallow clone lacks a part of its history",
                hint="`git fetch --unshallow` brings it",
            )  # fmt: skip
        form = "--format=%(refname)%00%(objectname)%00%(objecttype)%00%(*objecttype)%00%(symref)"
        for line in self.git.lines("for-each-ref", form, *(self.wishes.refs or _DEFAULT_REFS)):
            name, oid, kind, peeled, symbolic = line.split("\0")
            if symbolic or name.startswith(_CACHES):
                continue  # it follows what it points to, or can be made anew
            if "commit" in (kind, peeled) or (kind == "tag" and self._is_commit(name)):
                self.report.old_refs[name] = oid
            else:
                self.report.left.append((name, f"it points to a {peeled or kind}, not to a commit"))
        if not self.report.old_refs:
            raise VcsError(
                "OCT-V005", f"{self.git.path}: there are no commits to rewrite",
                hint="`git for-each-ref` lists what there is",
            )  # fmt: skip
        return list(self.report.old_refs)

    def _is_commit(self, name: str) -> bool:
        return self.git.ask("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")[0] == 0

    def _scan(self, refs: list[str], state: State) -> Scan:
        scan = Scan(self.wishes, state)
        history = _without_notes(refs)
        if history:
            scan.see(self._export(history, *_known_to_export(state)))
        return scan

    def _export(self, refs: list[str], *words: str) -> "Iterator[stream.Record]":
        """Yield the records of the history of *refs*.

        Raises: `VcsError` OCT-V002 in git's own words.
        """
        from tempfile import TemporaryFile

        # Complaints go to a file: a pipe that nobody reads would fill up and stop git.
        with TemporaryFile() as complaints:
            process = self.git.start(
                (*_EXPORT, *words, *refs), stdin=None, stderr=complaints.fileno()
            )
            output = process.stdout
            if output is None:  # pragma: no cover  it is a pipe
                return
            try:
                yield from stream.records(output)  # type: ignore[arg-type]  # a reader of bytes
            finally:
                output.close()
                code = process.wait()
            if code:
                complaints.seek(0)
                said = one_line(git_process.said(complaints.read()))
                raise VcsError("OCT-V002", f"git fast-export: {said or f'exit code {code}'}")

    def _converted(self, wanted: "Iterable[Key]", objects: Objects) -> "Iterator[blobs.Converted]":
        keys = list(wanted)

        def contents() -> "Iterator[tuple[bytes, blobs.Recipe]]":
            for n, (oid, fmt) in enumerate(keys):
                self._tell(n, len(keys), "notebooks")
                found = objects.read(oid)
                data = found[1] if found is not None else b""
                self.report.bytes_before += len(data)
                yield data, self.wishes.recipe(fmt)

        size = self._size(keys) if self._processes > 1 else 0
        yield from blobs.convert_all(contents(), size, self._processes)
        self._tell(len(keys), len(keys), "notebooks")

    def _size(self, keys: "list[Key]") -> int:
        names = "".join(f"{oid}\n" for oid, _ in keys).encode("ascii")
        out = self.git.run("cat-file", "--batch-check=%(objectsize)", given=names)
        return sum(int(line) for line in out.split() if line.isdigit())

    def _count(self, path: str, made: blobs.Converted) -> None:
        self.report.blob_count += 1
        if made.problem:
            self.report.problems.append((path, made.problem))
        self.report.bytes_after += len(made.text) + len(made.notebook or b"")

    def _write(self, refs: list[str], scan: Scan, folder: str, state: State) -> None:
        """Send everything to `git fast-import`, then read what it made."""
        kind = self.git.run("rev-parse", "--show-object-format").decode("ascii").strip()
        self.git.run("init", "--quiet", "--bare", f"--object-format={kind}", folder)
        shared = os.path.join(self.git.folder(), "objects")
        extra = {"GIT_DIR": folder, "GIT_OBJECT_DIRECTORY": shared}
        marks = os.path.join(folder, "octavo.marks")
        known_marks = os.path.join(folder, "octavo.import")
        files.replace_file(known_marks, _known_to_import(scan, state))
        words = [
            "fast-import", "--quiet", "--force", "--date-format=raw-permissive",
            f"--import-marks={known_marks}", f"--export-marks={marks}",
        ]  # fmt: skip
        process = self.git.start(words, extra, stdout=None)
        if process.stdin is None or process.stderr is None:  # pragma: no cover  both are pipes
            return
        export_marks = os.path.join(folder, "octavo.export")
        sender = _Sender(self, scan, state)
        try:
            sender.send(process.stdin, refs, export_marks)  # type: ignore[arg-type]  # of bytes
            process.stdin.close()
        except BrokenPipeError:
            pass  # fast-import has ended: it says why
        except BaseException:
            process.kill()
            process.wait()
            raise
        complaint = process.stderr.read()
        process.stderr.close()
        if process.wait():
            text = one_line(git_process.said(complaint))
            raise VcsError("OCT-V006", f"git fast-import: {text}")
        sender.learn(marks, export_marks)
        listing = self.git.run("for-each-ref", "--format=%(refname)%00%(objectname)", extra=extra)
        for line in os.fsdecode(listing).splitlines():
            name, oid = line.split("\0")
            self.report.refs[name] = oid
        with Objects(self.git) as objects:
            tags = Tags(self.git, objects, self.report.commits)
            for name, oid in self.report.old_refs.items():
                if name.startswith("refs/tags/"):
                    self.report.refs[name] = tags.new(oid)

    def _finish_report(self, refs: list[str], scan: Scan) -> None:
        self.report.commit_count = scan.commit_count
        self.report.notebook_count = len(scan.notebooks())
        self.report.taken = sorted(scan.taken().items())
        self.report.attributes = sorted(scan.attributes)
        self.report.problems = sorted(set(self.report.problems))
        with Objects(self.git) as objects:
            same = set(scan.same) | {old for old, new in self.report.commits.items() if old == new}
            tips = self.report.old_refs.values()
            lost = losses(self.git, objects, refs, tips, same)
            self.report.unsigned, self.report.headers = lost


class _Sender:
    """What goes to `git fast-import`, and what its marks mean afterwards."""

    def __init__(self, rewrite: Rewrite, scan: Scan, state: State) -> None:
        self._rewrite = rewrite
        self._scan = scan
        self._state = state
        self._mark = 0
        self._commits: Commits | None = None

    def send(self, target: "BinaryIO", refs: list[str], export_marks: str) -> None:
        """Send blobs, then commits and tags, then notes."""
        rewrite, state = self._rewrite, self._state
        self._mark = self._scan.highest_mark + 1_000_000
        with Objects(rewrite.git) as objects:
            self._send_blobs(target, objects)
        self._commits = Commits(
            self._scan.formats,
            state.made,
            self._scan.taken(),
            self._scan.same,
            keeps=rewrite.wishes.keeps,
        )
        history = _without_notes(refs)
        count = self._scan.commit_count
        if history:
            words = (*_known_to_export(state), f"--export-marks={export_marks}")
            for data in self._commits.rewritten(
                rewrite._export(history, *words),  # noqa: SLF001  one idea in two classes
                lambda done: rewrite._tell(done, count, "commits"),  # noqa: SLF001
            ):
                target.write(data)
        notes = [name for name in refs if name.startswith(_NOTES)]
        if notes:
            known = {old: new.encode("ascii") for old, new in state.commits.items()}
            known |= {old: b":%d" % mark for old, mark in self._commits.marks.items()}
            for data in rewritten_notes(rewrite._export(notes), known, self._mark):  # noqa: SLF001
                target.write(data)

    def _send_blobs(self, target: "BinaryIO", objects: Objects) -> None:
        wanted = [key for key in self._scan.wanted if key not in self._state.made]
        for key, made in zip(
            wanted,
            self._rewrite._converted(wanted, objects),  # noqa: SLF001
            strict=True,
        ):
            path = self._scan.wanted[key]
            self._rewrite._count(path, made)  # noqa: SLF001
            if made.problem:
                self._state.made[key] = ("", "", "")
                self._state.problems.append((path, made.problem))
                continue
            text = self._send_blob(target, made.text)
            notebook = "" if made.notebook is None else self._send_blob(target, made.notebook)
            self._state.made[key] = (text, notebook, made.suffix)

    def _send_blob(self, target: "BinaryIO", data: bytes) -> str:
        self._mark += 1
        target.write(b"blob\nmark :%d\ndata %d\n" % (self._mark, len(data)))
        target.write(data)
        target.write(b"\n")
        return f":{self._mark}"

    def learn(self, marks_file: str, export_file: str) -> None:
        """Put ids in the place of marks, and record the state for the next run."""
        state, report = self._state, self._rewrite.report
        ids = _marks(files.read_bytes(marks_file))
        for key, (text, notebook, suffix) in state.made.items():
            state.made[key] = (ids.get(text, text), ids.get(notebook, notebook), suffix)
        commits = self._commits.marks if self._commits is not None else {}
        state.commits |= {old: ids[f":{mark}"] for old, mark in commits.items()}
        state.names = self._scan.names
        state.notebooks = self._scan.notebooks()
        state.taken = set(self._scan.taken())
        state.attributes = sorted(self._scan.attributes)
        report.commits = dict(state.commits)
        report.problems += state.problems
        exported = files.read_bytes(export_file) if os.path.exists(export_file) else b""
        known = _marks(exported)
        imported = "".join(f"{mark} {ids[mark]}\n" for mark in known if mark in ids)
        state.save(self._rewrite.wishes.key(), exported, imported.encode("ascii"))


def _known_to_export(state: State) -> tuple[str, ...]:
    return (f"--import-marks={state.path('export.marks')}",) if state.is_used else ()


def _known_to_import(scan: Scan, state: State) -> bytes:
    """Return the marks of commits that are there already: of an earlier run, or unchanged."""
    earlier = files.read_bytes(state.path("import.marks")) if state.is_used else b""
    return earlier + "".join(f"{mark} {oid}\n" for oid, mark in scan.same.items()).encode("ascii")


def _without_notes(refs: list[str]) -> list[str]:
    """Return the refs but those of notes, which name commits and so go last."""
    return [name for name in refs if not name.startswith(_NOTES)]


def _marks(data: bytes) -> dict[str, str]:
    pairs = (line.split(" ") for line in data.decode("ascii").splitlines())
    return {mark: oid for mark, oid, *_ in pairs}
