"""Run `octavo pipe`: find documents, run the program, write what it changed, report."""

import os
from argparse import Namespace

from octavo.cli import _output, _syncing, attempt
from octavo.core.errors import OctavoError, Span
from octavo.workspace import files, find, pipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from octavo.core.document import Document
    from octavo.workspace.pairs import Pair
    from octavo.workspace.pipe import Pipe, Piped

FOUND = 1


class _Job:
    """A document: its path, its pair, its bytes when it was read, and what came of it."""

    def __init__(self, path: str, pair: "Pair | None", error: OctavoError | None = None) -> None:
        self.path = path
        self.pair = pair
        self.error = error
        self.data = b""
        self.piped: Piped | None = None
        self.written: list[str] = []
        self.status = "unchanged"
        self.conflicts: list[str] = []

    @property
    def shown(self) -> str:
        """The path as people know it."""
        return _syncing.shown(self.path)


class Run:
    """One run of the command over all its files."""

    def __init__(self, pipe_: "Pipe", arguments: Namespace) -> None:
        self._pipe = pipe_
        self._arguments = arguments
        self._finder = find.Finder()
        self._records: list[dict[str, object]] = []
        self._writes = not (arguments.diff or arguments.dry_run)
        self._code = 0

    def all(self, names: "Sequence[str]") -> int:
        """Send all documents through the program, and return the exit code."""
        jobs = list(self._jobs(names))
        for job in self._run(jobs):
            if job.error is None:
                error = attempt(lambda job=job: self._settle(job))  # type: ignore[misc]
                job.error = error if isinstance(error, OctavoError) else None
            self._report(job)
        if self._arguments.json:
            _output.out_json(self._records)
        return self._code

    def _jobs(self, names: "Sequence[str]") -> "Iterator[_Job]":
        """Yield each document once: of a pair, the file that was named, or its text."""
        done: set[str] = set()
        for name in names:
            path = os.path.abspath(name)
            is_folder = os.path.isdir(path)
            for one in find.walk(path)[0] if is_folder else [path]:
                if one in done:
                    continue
                job = self._job(one, searched=is_folder)
                if job is not None:
                    done.update(job.pair.paths if job.pair else [one])
                    yield job

    def _job(self, path: str, *, searched: bool) -> _Job | None:
        found: list[Pair | None] = []

        def action() -> int:
            found.append(self._finder.pair_of(path))
            return 0

        error = attempt(action)
        if isinstance(error, OctavoError):
            return _Job(path, None, error)
        pair = found[0]
        if not searched:
            return _Job(path, pair)
        if pair is None:
            return _Job(path, None) if path.endswith(".ipynb") else None
        if not self._finder.is_meant(path, pair):
            return None
        texts = [one for one in pair.paths if not one.endswith(".ipynb") and os.path.isfile(one)]
        return _Job((texts or [path])[0], pair)

    def _run(self, jobs: "list[_Job]") -> "Iterable[_Job]":
        """Yield the jobs in their order as soon as their program has ended."""
        if self._arguments.jobs < 2 or len(jobs) < 2:
            return map(self._run_one, jobs)
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(self._arguments.jobs) as pool:
            return list(pool.map(self._run_one, jobs))

    def _run_one(self, job: _Job) -> _Job:
        def action() -> int:
            job.data = files.read_bytes(job.path)
            job.piped = self._pipe.run(job.path, job.data, job.shown)
            return 0

        if job.error is None:
            error = attempt(action)
            job.error = error if isinstance(error, OctavoError) else None
        return job

    def _settle(self, job: _Job) -> int:
        """Write what the program changed."""
        piped = job.piped
        if piped is None or piped.document is None:
            if piped is not None and piped.code:
                job.status = "found"
            return 0
        job.status = "updated"
        if job.pair is None:
            options = self._finder.config_of(job.path).options_for(job.path)
            if not self._writes or pipe.write(piped, job.data, options):
                job.written = [job.path]
            else:
                job.status = "unchanged"
            return 0
        return self._sync(job, job.pair, piped)

    def _sync(self, job: _Job, pair: "Pair", piped: "Piped") -> int:
        """Let all members of the pair hold what the program made of the document."""

        def change(document: "Document") -> "Document":
            return self._pipe.again(document, piped, job.shown)

        quiet = Namespace(quiet=True, json=False, dry_run=not self._writes)
        report = _syncing.Report(quiet, faults=False)
        result = _syncing.sync_one(pair, self._finder, report, change=change)
        if result is None:
            job.error = report.error
            return 0
        job.written = list(result.written)
        job.conflicts = [one.detail for one in result.conflicts]
        job.status = "conflict" if result.status == "conflict" else job.status
        return 0

    def _report(self, job: _Job) -> None:
        """Print what came of a document."""
        if job.error is not None:
            self._code = max(self._code, job.error.exit_code)
            span = job.error.span
            if span.file:
                job.error.span = Span(_syncing.shown(span.file), span.line, span.column)
            _output.error(job.error)
            self._records.append(
                {"input": job.shown, "status": "failed", "error": str(job.error),
                 "code": job.error.code}
            )  # fmt: skip
            return
        piped = job.piped
        if piped is None:  # pragma: no cover  either it ran or there is an error
            return
        if piped.code or job.status == "conflict":
            self._code = max(self._code, FOUND)
        if self._arguments.json:
            self._records.append(_record(job, piped))
            return
        if piped.code:
            _output.out("".join(f"{one.text}\n" for one in piped.findings))
        if self._arguments.diff and piped.document is not None:
            self._show_diff(job, piped)
        for detail in job.conflicts:
            _output.err(_output.one_line(f"{job.shown}: conflict: {detail}") + "\n")
        if job.written and not self._arguments.quiet:
            written = ", ".join(map(_syncing.shown, job.written))
            would = "" if self._writes else "would be "
            _output.err(_output.one_line(f"{job.shown}: {written} {would}updated") + "\n")

    def _show_diff(self, job: _Job, piped: "Piped") -> None:
        import sys

        from octavo.cli import _diff

        color = _output.has_color(self._arguments.color, sys.stdout)
        _output.out("".join(_diff.unified(piped.before, piped.after, job.shown, color=color)))


def _record(job: _Job, piped: "Piped") -> dict[str, object]:
    return {
        "input": job.shown,
        "status": job.status,
        "program": piped.code,
        "written": [_syncing.shown(path) for path in job.written],
        "findings": [
            {"text": one.text, "cell": one.cell or None, "line": one.line or None,
             "column": one.column or None}
            for one in piped.findings
            if one.text.strip()
        ],
    }  # fmt: skip
