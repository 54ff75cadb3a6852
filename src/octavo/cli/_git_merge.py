"""Merge three versions of a document by cell: git calls this as its merge driver.

The result takes the place of the second file, as git wants it, or goes where --output says. Exit
code 1 means that conflicts are in it, as marked cells: `octavo resolve FILE` finishes them.
"""

from octavo.cli import _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "BASE OURS THEIRS [MARKER-SIZE [PATH]] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument("base", metavar="BASE", help="The common version; it may be empty.")
    parser.add_argument("ours", metavar="OURS", help="Our version; the result goes here.")
    parser.add_argument("theirs", metavar="THEIRS", help="Their version.")
    parser.add_argument(
        "marker", metavar="MARKER-SIZE", nargs="?", default="", help="As git's %%L."
    )
    parser.add_argument(
        "path", metavar="PATH", nargs="?", default="", help="Where the file stands; its suffix "
        "tells the format.",
    )  # fmt: skip
    parser.add_argument(
        "--conflict-code", type=int, default=1, metavar="N", help="The exit code that means "
        "conflicts. Default: 1.",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", default="", metavar="FILE", help="Write here instead; '-' is stdout."
    )
    parser.add_argument("-n", "--dry-run", action="store_true", help="Tell of conflicts only.")
    parser.add_argument("--json", action="store_true", help="Report as JSON on stdout.")


def run(arguments: "Namespace") -> int:
    """Merge, write, and tell of conflicts."""
    from octavo.vcs.merge_driver import Versions, merge_versions
    from octavo.workspace import files

    output = arguments.output or arguments.ours
    path = arguments.path or (output if output != "-" else arguments.ours)
    base, ours, theirs = (
        files.read_bytes(name) for name in (arguments.base, arguments.ours, arguments.theirs)
    )
    result = merge_versions(Versions(base, ours, theirs, path, kept_as=_kept_as(ours, path)))
    if output == "-" and not arguments.dry_run:
        _output.out_bytes(result.data)
    elif not arguments.dry_run:
        files.replace_file(output, result.data)
    if arguments.json:
        _output.out_json({"dry_run": arguments.dry_run, "conflicts": result.conflicts})
    else:
        _tell(path, result.conflicts)
    return arguments.conflict_code if result.conflicts else 0


def _tell(path: str, conflicts: list[str]) -> None:
    for conflict in conflicts:
        _output.err(_output.one_line(f"{path}: conflict: {conflict}") + "\n")
    if conflicts:
        _output.err(_output.one_line(f"{path}: `octavo resolve` finishes this") + "\n")


def _kept_as(data: bytes, path: str) -> str:
    """Return the text format in which git keeps notebooks here, "" where *data* is none of it."""
    from octavo.formats import _names

    if data.lstrip()[:1] in (b"{", b"") or _names.of_path(path).suffix != _names.IPYNB:
        return ""
    from octavo.vcs.git import Git
    from octavo.vcs.installed import rules_of

    rules = rules_of(Git("."))
    return rules.format if rules is not None else ""
