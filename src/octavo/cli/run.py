"""Run documents of any format with their Jupyter kernels, and keep the outputs.

Outputs go into the notebook, into the notebook of the pair, into the output store
(outputs = "store"), or where --output says. A file that fails does not stop the others.
Exit codes: 0 all ran, 1 a cell failed, 6 a document could not be run.
"""

from octavo.cli import _output
from octavo.cli._parser import PairAction
from octavo.core.errors import OctavoError, OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from octavo.cli._run_report import RunReport
    from octavo.run.settings import Settings
    from octavo.workspace.run_cache import RunCache
    from octavo.workspace.running import Job

USAGE = "FILE|FOLDER ... [options]"
_STDIN = "-"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add(
        "files",
        nargs="*",
        metavar="FILE|FOLDER",
        help="The documents to run, any member of a pair, folders; - is stdin.",
    )
    add(
        "-p",
        "--parameter",
        dest="parameters",
        action=PairAction,
        metavar="NAME VALUE",
        help="Set a parameter; may be repeated. Numbers, true, false, null are no texts.",
    )
    add(
        "-r",
        "--raw-parameter",
        dest="texts",
        action=PairAction,
        metavar="NAME TEXT",
        help="Set a parameter to a text, whatever it looks like.",
    )
    add(
        "-f",
        "--parameters-file",
        action="append",
        default=[],
        metavar="FILE",
        help="Take parameters from a YAML or JSON file; may be repeated.",
    )
    add(
        "-k",
        "--kernel",
        default="",
        metavar="NAME",
        help="The kernel to use. Default: that of the document, else one of its language.",
    )
    add(
        "-j",
        "--jobs",
        default="1",
        metavar="N",
        help="How many documents run at once, each with a kernel of its own. Default: 1.",
    )
    add(
        "-o",
        "--output",
        default="",
        metavar="FILE",
        help="Write the document with its outputs there (a folder: one file for each document), "
        "and leave the document itself alone; - is stdout.",
    )
    add("--from", dest="source", default="", metavar="FORMAT", help="The format of stdin.")
    add(
        "--cwd",
        default="",
        metavar="FOLDER",
        help="The folder to run in. Default: that of the document.",
    )
    add(
        "--timeout",
        default="0",
        metavar="SECONDS",
        help="How long a cell may run; it is then interrupted. Default: 0, no limit.",
    )
    add(
        "--total-timeout",
        default="0",
        metavar="SECONDS",
        help="How long all cells of a document may run. Default: 0, no limit.",
    )
    add(
        "--start-timeout",
        default="60",
        metavar="SECONDS",
        help="How long a kernel may take to answer. Default: 60.",
    )
    add(
        "--max-output",
        default="500",
        metavar="MB",
        help="How much one cell may put out; 0 is no limit. Default: 500.",
    )
    add("--allow-errors", action="store_true", help="Go on after a cell that fails.")
    add(
        "--cache",
        action="store_true",
        help="Run nothing if kernel, parameters, sources and inputs are those of an earlier "
        "run: its outputs are put back.",
    )
    add(
        "--input",
        dest="inputs",
        action="append",
        default=[],
        metavar="PATTERN",
        help="Files that the document reads (a pattern such as data/*.csv, from the folder it "
        "runs in): with --cache, a change in them is a change of the document.",
    )
    add("-n", "--dry-run", action="store_true", help="Say what would run.")
    add("--json", action="store_true", help="Report as JSON on stdout.")
    add("-q", "--quiet", action="store_true", help="Print errors only.")


def run(arguments: "Namespace") -> int:
    """Run all documents; one that fails does not stop the others."""
    from octavo.cli._run_report import RunReport
    from octavo.run.signals import run_until_stopped

    settings = _settings(arguments)
    jobs = int(_number(arguments.jobs, "--jobs", least=1))
    _check(arguments)
    report = RunReport(arguments)
    work = _Work(arguments, settings, report)
    try:
        run_until_stopped(work.all(jobs))
    except KeyboardInterrupt:
        report.tell("octavo: interrupted: documents that were running are as they were")
        raise
    if not arguments.dry_run:
        work.tidy()
    return report.finish()


class _Work:
    """Runs jobs, some at a time."""

    def __init__(self, arguments: "Namespace", settings: "Settings", report: "RunReport") -> None:
        from octavo.workspace.find import Finder

        self._arguments = arguments
        self._settings = settings
        self._report = report
        self._finder: Finder = Finder()
        self.roots: set[str] = set()

    async def all(self, at_once: int) -> None:
        """Run all documents, *at_once* at a time; each is read when its turn comes."""
        import asyncio

        free = asyncio.Semaphore(at_once)
        jobs = self._jobs()
        async with asyncio.TaskGroup() as group:
            while True:
                await free.acquire()
                job = _next(jobs)
                if job is None:
                    return
                task = group.create_task(self._attempt(job))
                task.add_done_callback(lambda _task: free.release())

    def tidy(self) -> None:
        """Remove what is kept of documents that are gone."""
        from octavo.workspace import run_cache

        for root in sorted(self.roots):
            run_cache.collect_garbage(root)

    def _jobs(self) -> "Iterator[Job | OctavoError]":
        from octavo.workspace import running

        names = list(self._arguments.files)
        if _STDIN in names:
            names.remove(_STDIN)
            try:
                yield self._stdin_job()
            except OctavoError as error:
                yield error
        yield from running.jobs(
            names, self._finder, output=self._arguments.output,
            writes=not self._arguments.dry_run,
        )  # fmt: skip

    def _stdin_job(self) -> "Job":
        import sys

        from octavo.formats import _names, _text
        from octavo.workspace.running import OutputJob

        data = sys.stdin.buffer.read()
        target = _names.parse(self._arguments.source)
        text = data if target.suffix == _names.IPYNB else _text.decode(data, "<stdin>")
        document = _text.read_text(text, target, {}, "<stdin>")
        return OutputJob(_STDIN, document, self._arguments.output or _STDIN)

    async def _attempt(self, job: "Job | OctavoError") -> None:
        from octavo.cli import _internal_error

        if isinstance(job, OctavoError):
            self._report.fault(job)
            return
        try:
            await self._run(job)
        except OctavoError as error:
            self._report.fault(error.in_file(job.path))
        except Exception as error:  # noqa: BLE001  the outer edge: the other files go on
            self._report.fault(_internal_error(error).in_file(job.path))

    async def _run(self, job: "Job") -> None:
        from octavo.run import execute
        from octavo.workspace import running

        settings = self._settings.in_folder(self._arguments.cwd or job.cwd)
        cache = self._cache(job, settings)
        known = cache.known() if cache else None
        if self._arguments.dry_run:
            self._would_run(job, settings, cached=known is not None)
            return
        if known is not None:
            self._report.ran(job, known, self._save(job, known.document), status="cached")
            return
        done = await execute.execute_async(
            job.document, settings, lambda *what: self._report.progress(job, *what)
        )
        written: list[str] = []
        try:
            written = self._save(job, done.document) if done.ran else []
            if cache and not done.errors:
                cache.remember(done)
        finally:
            for error in done.errors:
                error.span = running.place(job, error)
            self._report.ran(job, done, written, status="failed" if done.errors else "ran")

    def _save(self, job: "Job", done: "object") -> "list[str]":
        from octavo.formats import _names
        from octavo.workspace import files
        from octavo.workspace.running import OutputJob

        if isinstance(job, OutputJob) and job.output == _STDIN:
            target = _names.Target(_names.IPYNB)
            _output.out_bytes(files.document_bytes(done, target, {}))  # type: ignore[arg-type]
            return []
        return list(job.save(done))  # type: ignore[arg-type]

    def _cache(self, job: "Job", settings: "Settings") -> "RunCache | None":
        if not self._arguments.cache or job.path == _STDIN:
            return None
        from octavo.workspace.run_cache import RunCache

        root = self._finder.root_of(job.path)
        self.roots.add(root)
        return RunCache(root, job, settings, self._arguments.inputs)

    def _would_run(self, job: "Job", settings: "Settings", *, cached: bool) -> None:
        from octavo.run import execute, kernelspecs

        document = execute.with_parameters(job.document, settings)
        cells = len(execute.places_to_run(document))
        kernel = kernelspecs.name_for(document, settings.kernel) if cells else ""
        if kernel:
            kernelspecs.checked(kernel)
        self._report.would_run(job, kernel, cells, cached=cached)


def _next(jobs: "Iterator[Job | OctavoError]") -> "Job | OctavoError | None":
    """Return the next job, None after the last; whatever goes wrong is an error in our words."""
    from octavo.cli import _internal_error

    try:
        return next(jobs, None)
    except Exception as error:  # noqa: BLE001  the outer edge: documents that run go on
        return _internal_error(error)


def _settings(arguments: "Namespace") -> "Settings":
    from octavo.cli import _parameters
    from octavo.run.settings import Settings

    return Settings(
        kernel=arguments.kernel,
        parameters=_parameters.given(arguments),
        cell_s=_number(arguments.timeout, "--timeout"),
        total_s=_number(arguments.total_timeout, "--total-timeout"),
        start_s=_number(arguments.start_timeout, "--start-timeout"),
        output_bytes=int(_number(arguments.max_output, "--max-output") * 1_000_000),
        allow_errors=arguments.allow_errors,
    )


def _check(arguments: "Namespace") -> None:
    """Check what goes together.

    Raises: `OptionError` OCT-O020.
    """
    import os

    fault = ""
    names = arguments.files
    if not names:
        fault = "name a file or a folder to run"
    elif _STDIN in names and not arguments.source:
        fault = "stdin needs --from FORMAT"
    elif arguments.output == _STDIN and arguments.json:
        fault = "--json and --output - cannot both write to stdout"
    elif arguments.output and len(names) > 1 and not _is_folder(arguments.output):
        fault = "--output of several documents must be a folder"
    elif arguments.cwd and not os.path.isdir(arguments.cwd):
        fault = f"--cwd: there is no folder {arguments.cwd!r}"
    if fault:
        raise OptionError("OCT-O020", f"run: {fault}", hint="see `octavo run --help`")


def _is_folder(path: str) -> bool:
    import os

    return path.endswith(("/", os.sep)) or os.path.isdir(path)


def _number(text: str, flag: str, *, least: float = 0) -> float:
    """Return the number that was given to a flag.

    Raises: `OptionError` OCT-O020 for what is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not least <= value < float("inf"):
        raise OptionError(
            "OCT-O020", f"run: {flag} takes a number, at least {least:g}, not {text!r}",
            hint="see `octavo run --help`",
        )  # fmt: skip
    return value
