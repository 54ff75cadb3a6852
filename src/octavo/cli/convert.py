"""Convert notebooks between ipynb and text formats.

Each file is read, converted and written beside itself with the suffix of the new format, or
where -o says. A file whose bytes would not change is not touched.
"""

import os
import sys

from octavo.cli import _options, _output, _plan, attempt
from octavo.cli._conversion import Outcome, Wishes, prepare, status_of, store
from octavo.core.errors import FileError, OctavoError, OptionError, Span
from octavo.workspace import files
from octavo.workspace.config import Configurations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from octavo.cli._conversion import Conversion
    from octavo.cli._plan import Job
    from octavo.core.document import Document
    from octavo.core.errors import Notice

USAGE = "[FILE ...] --to FORMAT [-o FILE] [options]"
_ATTEMPTS = 5  # how often a file is converted anew when somebody writes it meanwhile
_PROGRESS_FROM = 20
_PROGRESS_WIDTH = 60


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add(
        "files",
        nargs="*",
        metavar="FILE",
        help="Files, patterns such as '**/*.ipynb', folders (with --recursive), or - for stdin.",
    )
    add(
        "-t",
        "--to",
        metavar="FORMAT",
        help="Format to write, such as py:percent, md, md:myst, Rmd, ipynb or auto (see "
        "`octavo formats`). Default: the suffix of -o.",
    )
    add(
        "-f",
        "--from",
        dest="source",
        metavar="FORMAT",
        help="Format to read. Default: guessed from suffix and content.",
    )
    add("-o", "--output", metavar="PATH", help="File to write, a folder, or - for stdout.")
    add(
        "-u",
        "--update",
        action="store_true",
        help="Keep outputs, ids, counts and hidden metadata of the notebook that is there.",
    )
    add(
        "--update-metadata",
        metavar="JSON",
        help="Merge a JSON object into the notebook's metadata; null deletes a key.",
    )
    add(
        "--set-kernel",
        metavar="NAME",
        help="Set the kernel; - is the one of this environment, else of the language.",
    )
    add(
        "-r",
        "--recursive",
        action="store_true",
        help="Convert all notebooks in folders (or all files that fit --from).",
    )
    add(
        "--force",
        action="store_true",
        help="Replace a notebook that has outputs, or the input file itself.",
    )
    add(
        "--check",
        action="store_true",
        help="Prove the round trip; exit with 1 if the format loses something.",
    )
    add("-n", "--dry-run", action="store_true", help="Say what would be written.")
    add("--diff", action="store_true", help="Show how the files would change.")
    add("--json", action="store_true", help="Report as JSON on stdout.")
    add("-q", "--quiet", action="store_true", help="Print errors only.")
    add("--color", choices=("auto", "always", "never"), default="auto",
        help="Colour of --diff. Default: auto.")  # fmt: skip
    add("--no-config", action="store_true", help="Look at no configuration file.")
    _options.add_flags(parser)


def run(arguments: "Namespace") -> int:
    """Convert all files; return the worst exit code."""
    wishes = _wishes(arguments)
    output = arguments.output or ""
    jobs = _plan.jobs(arguments.files, output, wishes.source, recursive=arguments.recursive)
    _check_modes(arguments, jobs)
    if arguments.check and not output:
        for job in jobs:
            job.output = _plan.STDOUT  # nothing is written: what stands beside does not matter
    action = _action(arguments)
    taken: dict[str, str] = {}
    outcomes: list[Outcome] = []
    code = 0
    progress = _Progress(len(jobs), quiet=arguments.quiet)
    for i, job in enumerate(jobs, 1):
        progress.show(i, job.name)
        outcome, result = _convert(job, wishes, action, taken)
        outcomes.append(outcome)
        code = max(code, result)
        progress.clear()
        _tell(outcome, arguments)
    _sum_up(outcomes, arguments)
    return code


def _wishes(arguments: "Namespace") -> Wishes:
    from octavo.formats import _names

    source = _names.parse(arguments.source) if arguments.source else _names.Target()
    if source.suffix == _names.AUTO:
        source = _names.Target("", source.name)
    changes = _changes(arguments)
    target = _names.parse(arguments.to) if arguments.to else None
    if target is None and not changes and not _tells_format(arguments.output):
        raise OptionError(
            "OCT-O028", "no format to convert to", hint="name it with --to, such as --to py:percent"
        )
    return Wishes(
        source, target, _options.given(arguments), changes,
        update=arguments.update, force=arguments.force,
        configurations=None if arguments.no_config else Configurations(),
    )  # fmt: skip


def _changes(arguments: "Namespace") -> "tuple[Callable[[Document], Document], ...]":
    changes: list[Callable[[Document], Document]] = []
    if arguments.update_metadata is not None:
        from octavo.cli import _metadata

        new = _metadata.parse(arguments.update_metadata)
        changes.append(lambda document: document.with_(
            metadata=_metadata.merge(document.metadata, new)))  # fmt: skip
    if arguments.set_kernel is not None:
        from octavo.cli._metadata import set_kernel

        changes.append(lambda document: set_kernel(document, arguments.set_kernel))
    return tuple(changes)


def _tells_format(output: str | None) -> bool:
    from octavo.formats import _names

    return bool(output) and not os.path.isdir(output or "") and bool(
        _names.of_path(output or "").suffix
    )  # fmt: skip


def _check_modes(arguments: "Namespace", jobs: "list[Job]") -> None:
    """Check that the flags go together."""
    if sum((arguments.check, arguments.diff, arguments.dry_run)) > 1:
        raise OptionError("OCT-O029", "--check, --diff and --dry-run exclude each other")
    prints = any(job.output == _plan.STDOUT for job in jobs)
    writes = not (arguments.check or arguments.diff or arguments.dry_run)
    if arguments.json and prints and writes:
        raise OptionError(
            "OCT-O029", "--json and the converted text cannot share stdout",
            hint="name a file with -o",
        )  # fmt: skip


def _action(arguments: "Namespace") -> "Callable[[Conversion, Outcome], int]":
    """Return what to do with each document that was converted."""
    if arguments.check:
        from octavo.cli._check import prove

        return lambda conversion, outcome: prove(
            conversion, outcome, conversion.options, write=bool(arguments.output)
        )
    if arguments.diff:
        from octavo.cli._diff import show

        color = not arguments.json and _output.has_color(arguments.color, sys.stdout)
        return lambda conversion, outcome: show(conversion, outcome, color=color)
    return _foresee if arguments.dry_run else _write


def _foresee(conversion: "Conversion", outcome: Outcome) -> int:
    outcome.status = status_of(conversion)
    return 0


def _write(conversion: "Conversion", outcome: Outcome) -> int:
    outcome.status = store(conversion)
    return 0


def _convert(
    job: "Job",
    wishes: Wishes,
    action: "Callable[[Conversion, Outcome], int]",
    taken: dict[str, str],
) -> tuple[Outcome, int]:
    """Return what became of one file, and its exit code."""
    outcome = Outcome(job.name)

    def convert() -> int:
        conversion = prepare(job, wishes)
        if conversion is None:
            outcome.status = "skipped"
            return 0
        outcome.output = conversion.output
        outcome.source, outcome.target = str(conversion.source), str(conversion.target)
        configured = wishes.configurations.take_notices() if wishes.configurations else ()
        outcome.warnings = (*configured, *conversion.document.notices)
        _claim(conversion, job, taken)
        return action(conversion, outcome)

    result = attempt(convert)
    for _ in range(_ATTEMPTS):
        if not isinstance(result, OctavoError) or result.code != files.CHANGED_MEANWHILE:
            break
        taken.pop(os.path.realpath(outcome.output), None)
        result = attempt(convert)  # from what stands there now
    if isinstance(result, OctavoError):
        outcome.status = "failed"
        outcome.error = result
        return outcome, result.exit_code
    return outcome, result


def _claim(conversion: "Conversion", job: "Job", taken: dict[str, str]) -> None:
    """Note who writes a file, so that no two inputs write the same one."""
    if conversion.is_stdout:
        return
    place = os.path.realpath(conversion.output)
    if place in taken:
        raise FileError(
            "OCT-W012", f"would replace what {taken[place]} was converted to",
            Span(conversion.output), hint="convert into different folders",
        )  # fmt: skip
    taken[place] = job.name


def _tell(outcome: Outcome, arguments: "Namespace") -> None:
    """Print what became of one file."""
    if arguments.json:
        return
    if not arguments.quiet:
        for notice in outcome.warnings:
            _output.err(_output.one_line(_notice(notice, outcome.input)) + "\n")
    if outcome.error is not None:
        _output.error(outcome.error.in_file(outcome.input))
    elif arguments.check or arguments.diff:
        _tell_result(outcome, arguments)
    elif arguments.dry_run:
        if outcome.status in ("created", "updated"):
            _output.out(_line(outcome, f"would be {outcome.status}"))
        elif outcome.status != "skipped":
            _output.out(_line(outcome, outcome.status))
    elif outcome.status not in ("printed", "skipped") and not arguments.quiet:
        _output.err(_line(outcome, outcome.status))


def _tell_result(outcome: Outcome, arguments: "Namespace") -> None:
    if outcome.diff is not None:
        _output.out(outcome.diff)
    if outcome.losses is not None:
        from octavo.cli._check import report

        _output.out("".join(line + "\n" for line in report(outcome, quiet=arguments.quiet)))


def _line(outcome: Outcome, status: str) -> str:
    return _output.one_line(f"{outcome.input} -> {outcome.output}: {status}") + "\n"


def _notice(notice: "Notice", name: str) -> str:
    if notice.span.file:
        return str(notice)
    place = Span(name, notice.span.line, notice.span.column)
    hint = f" (hint: {notice.hint})" if notice.hint else ""
    return f"{place}: {notice.message} [{notice.code}]{hint}"


class _Progress:
    """A counter on stderr, when a person looks at it and there are many files."""

    __slots__ = ("is_shown", "n")

    def __init__(self, n: int, *, quiet: bool) -> None:
        self.n = n
        self.is_shown = n > _PROGRESS_FROM and not quiet and _output.is_terminal(sys.stderr)

    def show(self, i: int, name: str) -> None:
        """Show that file *i* is under way."""
        if self.is_shown:
            _output.err(f"\r\x1b[K{i}/{self.n} {_output.one_line(name)[-_PROGRESS_WIDTH:]}")

    def clear(self) -> None:
        """Make place for a message."""
        if self.is_shown:
            _output.err("\r\x1b[K")


def _sum_up(outcomes: list[Outcome], arguments: "Namespace") -> None:
    counts: dict[str, int] = {}
    summary: dict[str, int] = {"files": len(outcomes)}
    for outcome in outcomes:
        counts[outcome.status] = counts.get(outcome.status, 0) + 1
    if arguments.json:
        _output.out_json({
            "files": [outcome.as_dict() for outcome in outcomes],
            "summary": summary | counts,
        })  # fmt: skip
    elif len(outcomes) > 1 and ("failed" in counts or not arguments.quiet):
        told = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
        _output.err(f"octavo: {len(outcomes)} files: {told}\n")
