"""Take out exactly what `octavo git install` put in."""

from octavo.cli import _git_install, _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[--global | --local] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    _git_install.add_scope(parser)


def run(arguments: "Namespace") -> int:
    """Mend both files."""
    import os

    from octavo.vcs import setup
    from octavo.vcs.git import Git

    git = Git(arguments.folder)
    where = setup.places(git, is_global=arguments.is_global, environ=os.environ)
    stays = setup.has_foreign_block(where)
    changed = setup.uninstall(where, is_dry=arguments.dry_run)
    _git_install.tell(arguments, changed, "restored")
    if stays and not arguments.quiet:
        path = _output.one_line(where.attributes)
        _output.err(f"octavo: {path}: the lines of Octavo in it were there before; they stay\n")
    return 0
