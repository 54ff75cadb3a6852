"""Say what git does with notebooks here, and who else is set up for them."""

from octavo.cli import _output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[-C FOLDER] [--json]"
_WORDS = {"diff": "diffs", "merge": "merges", "filter": "filters"}


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "-C", dest="folder", default=".", metavar="FOLDER", help="The repository. Default: here."
    )
    parser.add_argument("--json", action="store_true", help="Report as JSON on stdout.")


def run(arguments: "Namespace") -> int:
    """Print what is active; 1 when nothing of Octavo's is."""
    import os

    from octavo.vcs import installed, setup
    from octavo.vcs.git import Git

    git = Git(arguments.folder)
    git.folder()
    found = installed.status(git, os.environ)
    active = {
        kind: found.attributes.get(kind) == setup.NAME
        and any(key.startswith(kind + ".") for key in found.settings)
        for kind in _WORDS
    }
    if arguments.json:
        _output.out_json({
            "local": found.local, "global": found.global_, "active": active,
            "attributes": found.attributes, "settings": found.settings, "rivals": found.rivals,
            "gone": found.gone,
        })  # fmt: skip
        return 0 if any(active.values()) else 1
    where = [name for name, is_there in (("this repository", found.local),
                                         ("all of yours", found.global_)) if is_there]  # fmt: skip
    _output.out(f"installed for: {', '.join(where) or 'nothing'}\n")
    for kind, word in _WORDS.items():
        attribute = found.attributes.get(kind, "unspecified")
        other = "" if attribute in ("unspecified", setup.NAME) else f" ({attribute} instead)"
        _output.out(f"{word}: {'active' if active[kind] else 'not active'}{other}\n")
    for key, value in found.settings.items():
        _output.out(f"  {key} = {_output.one_line(value)}\n")
    if setup.NAME in found.attributes.values() and not found.settings:
        _output.out(
            "the attributes name Octavo, the configuration does not know it: "
            "run `octavo git install`\n"
        )
    if found.gone:
        _output.out(f"{_output.one_line(found.gone)} is gone: run `octavo git install` again\n")
    for rival in found.rivals:
        _output.out(f"also set up: {rival}\n")
    return 0 if any(active.values()) else 1
