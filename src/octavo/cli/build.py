"""Build editions: every version of the documents that octavo.toml asks for.

Only what is stale is made: sources, settings and what they name are compared by content. Files
that something else wrote or changed are never overwritten or removed. A document that fails does
not stop the others. Exit codes: 0 done, 1 an assertion does not hold (--check: something would
change), else that of the first error.
"""

from octavo.cli import _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.editions.build import Progress, Report, Wishes

USAGE = "[EDITION ...] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("editions", nargs="*", metavar="EDITION", help="Editions to build. Default: all.")
    add(
        "-C", "--project", default="", metavar="FOLDER",
        help="The project to build. Default: that of the current folder.",
    )  # fmt: skip
    add("--check", action="store_true", help="Exit with 1 if anything would change.")
    add(
        "--force", action="store_true",
        help="Make everything anew, and overwrite files that something else changed.",
    )  # fmt: skip
    add(
        "-j", "--jobs", type=int, default=0, metavar="N",
        help="How many processes work. Default: one for each core.",
    )  # fmt: skip
    add("--list", action="store_true", help="List the editions and their documents.")
    add(
        "--watch", action="store_true",
        help="Go on building at each change, and show the files in a browser that follows.",
    )  # fmt: skip
    add("--port", type=int, default=0, metavar="N", help="Port for --watch. Default: a free one.")
    add("--open", action="store_true", help="With --watch, open the browser.")
    add("-n", "--dry-run", action="store_true", help="Say what would be written.")
    add("--json", action="store_true", help="Report as JSON on stdout.")
    add("-q", "--quiet", action="store_true", help="Print errors only.")


def run(arguments: "Namespace") -> int:
    """Build, check or list."""
    from octavo.editions import build

    if arguments.list:
        return _list(arguments)
    if arguments.watch:
        from octavo.cli import _build_watch

        code: int = _build_watch.run(arguments)
        return code
    report = build.build(arguments.editions, arguments.project, wishes(arguments))
    tell(report, arguments)
    if arguments.json:
        _output.out_json(report.as_dict())
    worst = max((fault.exit_code for fault in report.faults), default=0)
    return worst or int(arguments.check and report.changes)


def wishes(arguments: "Namespace") -> "Wishes":
    """Return how to build."""
    from octavo.editions.build import Wishes

    return Wishes(
        writes=not (arguments.check or arguments.dry_run),
        force=arguments.force,
        jobs=max(0, arguments.jobs),
        progress=None if arguments.quiet or arguments.json else _progress(),
        waits=None if arguments.quiet else _tell_of_wait,
    )


def _tell_of_wait() -> None:
    _output.err("octavo: another build of this project is running; this one waits for it\n")


def tell(report: "Report", arguments: "Namespace") -> None:
    """Print what was done: a line for each file that changed, notice and fault.

    What several formats say in the same words is said once.
    """
    lines = [] if arguments.quiet else list(map(str, report.notices))
    lines += [str(one) if one.file or one.line else f"octavo: {one}" for one in report.faults]
    for text in dict.fromkeys(lines):
        _output.err(_output.one_line(text) + "\n")
    if arguments.quiet or arguments.json:
        return
    would = arguments.check or arguments.dry_run
    for one in report.files:
        if one.status == "unchanged":
            continue
        word = {"written": "would be written", "removed": "would be removed"}.get(one.status)
        status = word if would and word else one.status
        if one.status == "keep":
            status = "kept: no edition makes it any more, but something else changed it"
        _output.err(f"{one.edition}: {_output.one_line(one.path)} {status}\n")
    counts = {
        word: sum(one.status == word for one in report.files)
        for word in ("written", "unchanged", "removed")
    }
    said = ", ".join(f"{n} {word}" for word, n in counts.items() if n or word == "written")
    failed = f", {len(report.faults)} failed" if report.faults else ""
    ran = f"; {report.ran} cells run" if report.ran else ""
    _output.err(f"octavo: {said}{failed}{ran}\n")


def _progress() -> "Progress | None":
    """Return what shows progress on a terminal, None elsewhere."""
    import sys

    if sys.stderr is None or not sys.stderr.isatty():
        return None

    def show(done: int, total: int, name: str) -> None:
        _output.err(f"\r\x1b[K[{done}/{total}] {_output.one_line(name)[:70]}")
        if done >= total:
            _output.err("\r\x1b[K")

    return show


def _list(arguments: "Namespace") -> int:
    from octavo.editions import plan
    from octavo.workspace import config_editions

    config = config_editions.load(arguments.project)
    found = []
    for unit in plan.units(config, config.named(arguments.editions)):
        formats = [write.format for write in unit.edition.writes]
        found.append({"edition": unit.edition.name, "unit": unit.name, "document": unit.source,
                      "folder": unit.folder, "formats": formats})  # fmt: skip
        if not arguments.json:
            _output.out(f"{unit.edition.name}: {unit.name} -> {', '.join(formats)}\n")
    if arguments.json:
        _output.out_json(found)
    return 0
