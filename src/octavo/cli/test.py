"""Run the test cells of notebooks: one line a cell.

Cells tagged `test` are tests, in notebooks and texts of every format. Ends with 1 when
something fails, or when there are no tests.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.modules.run_tests import CellResult

USAGE = "[FILE|FOLDER ...] [options]"
_SIGNS = {"passed": "ok  ", "skipped": "skip", "failed": "FAIL"}


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("files", nargs="*", metavar="FILE|FOLDER", help="What to test. Default: this folder.")
    add("-k", metavar="WORDS", help="Only tests whose cell, name, heading or tag fits.")
    add("-x", "--exitfirst", action="store_true", help="Stop at the first failure.")
    add("--doctest", action="store_true", help="Run examples (>>> ) in texts and docstrings too.")
    add("--outputs", action="store_true",
        help="Run notebooks again and compare with their stored outputs.")  # fmt: skip
    add("--json", action="store_true", help="Print JSON.")
    add("-q", "--quiet", action="store_true", help="Print what fails only.")


def run(arguments: "Namespace") -> int:
    """Run the tests; return 1 when something fails."""
    import os

    from octavo.cli import _output
    from octavo.modules import run_tests
    from octavo.workspace import files

    names = arguments.files or ["."]
    for name in names:
        if not os.path.isdir(name):
            files.read_bytes(name)
    cells = run_tests.run(names, _options(arguments))
    if arguments.json:
        _output.out_json([_record(cell) for cell in cells])
    else:
        for cell in cells:
            _tell(cell, is_quiet=arguments.quiet)
    counts = {outcome: sum(c.outcome == outcome for c in cells) for outcome in _SIGNS}
    if not cells:
        _output.err("octavo: no tests found: tag a cell `test` to make it one\n")
    elif not arguments.quiet:
        told = ", ".join(f"{n} {outcome}" for outcome, n in counts.items() if n)
        _output.err(f"octavo: {len(cells)} cell{'s' * (len(cells) != 1)}: {told}\n")
    return int(bool(counts["failed"]) or not cells)


def _options(arguments: "Namespace") -> list[str]:
    options = [f"-k={arguments.k}"] if arguments.k else []
    options += ["-x"] * arguments.exitfirst
    options += ["--octavo-doctest"] * arguments.doctest
    options += ["--octavo-outputs"] * arguments.outputs
    return options


def _tell(cell: "CellResult", *, is_quiet: bool) -> None:
    from octavo.cli import _output

    if is_quiet and cell.outcome != "failed":
        return
    place = f"{cell.file}:{cell.line}" if cell.line else cell.file
    count = f" ({cell.tests} tests)" if cell.tests > 1 else ""
    _output.out(_output.one_line(f"{_SIGNS[cell.outcome]} {place} {cell.name}{count}") + "\n")
    for line in cell.details:
        _output.out(f"     {_output.one_line(line)}".rstrip() + "\n")


def _record(cell: "CellResult") -> "dict[str, object]":
    return {
        "file": cell.file,
        "line": cell.line,
        "cell": cell.name,
        "outcome": cell.outcome,
        "tests": cell.tests,
        "details": "\n".join(cell.details),
    }
