"""Teach git what notebooks are: diffs, merges, filters, tools.

Lines are added to the configuration of the repository (or, with --global, your own) and to
`.gitattributes`, each in one marked block; `octavo git uninstall` takes out exactly those.
"""

from octavo.cli import _git_filter, _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[--global | --local] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add_scope(parser)
    _git_filter.add_rules(parser)
    parser.add_argument(
        "--texts", action="append", default=[], metavar="PATTERN",
        help="Texts to merge by cell too, such as 'lessons/*.md'. May be repeated.",
    )  # fmt: skip


def add_scope(parser: "ArgumentParser") -> None:
    """Add which configuration is meant."""
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument(
        "--global", dest="is_global", action="store_true", help="For all repositories of yours."
    )
    scope.add_argument(
        "--local", dest="is_global", action="store_false", help="For this repository (default)."
    )
    parser.add_argument(
        "-C", dest="folder", default=".", metavar="FOLDER", help="The repository. Default: here."
    )
    parser.add_argument(
        "-n", "--dry-run", action="store_true", help="Say which files would change; write nothing."
    )
    parser.add_argument("--json", action="store_true", help="Report as JSON on stdout.")
    parser.add_argument("-q", "--quiet", action="store_true", help="Print errors only.")


def run(arguments: "Namespace") -> int:
    """Write both files."""
    import os
    import sys

    from octavo.vcs import installed, setup
    from octavo.vcs.git import Git

    git = Git(arguments.folder)
    where = setup.places(git, is_global=arguments.is_global, environ=os.environ)
    wishes = _git_filter.rules(arguments)
    others = {} if arguments.is_global else installed.other_tools(git)
    changed = setup.install(
        where, sys.executable, wishes, arguments.texts, is_dry=arguments.dry_run
    )
    tell(arguments, changed, "written")
    if arguments.quiet or arguments.is_global:
        return 0
    for kind, other in others.items():
        if kind != "filter" or wishes.outputs or wishes.counts or wishes.format:
            _output.err(
                f"octavo: notebooks had {kind}={_output.one_line(other)} in "
                "git's attributes: the last line wins, and that is Octavo's now\n"
            )
    for rival in installed.status(git, os.environ).rivals:
        _output.err(f"octavo: {rival} is set up too: of two tools, one wins for each file\n")
    return 0


def tell(arguments: "Namespace", changed: list[str], what: str) -> None:
    """Tell which files changed, or would."""
    if arguments.json:
        _output.out_json({"dry_run": arguments.dry_run, "changed": changed})
        return
    if not arguments.quiet:
        would = "would be " if arguments.dry_run else ""
        for path in changed:
            _output.out(f"{_output.one_line(path)} {would}{what}\n")
        if not changed:
            _output.out("nothing to change\n")
