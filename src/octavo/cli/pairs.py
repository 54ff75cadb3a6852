"""List the pairs of files and folders, and how each stands."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

USAGE = "[FILE|FOLDER ...] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE|FOLDER", help="Where to look. Default: this folder."
    )
    parser.add_argument("--json", action="store_true", help="Print JSON.")


def run(arguments: "Namespace") -> int:
    """List the pairs; nothing is written."""
    from octavo.cli import _output, _syncing, _table
    from octavo.core.errors import OctavoError
    from octavo.workspace import copies
    from octavo.workspace.find import Finder
    from octavo.workspace.state import Store
    from octavo.workspace.sync import state_of

    rows: list[tuple[str, str]] = []
    records: list[dict[str, object]] = []
    code = 0
    finder = Finder()
    for entry in finder.all(arguments.files or ["."]):
        if isinstance(entry, OctavoError):
            _output.error(entry)
            code = max(code, entry.exit_code)
            continue
        state = state_of(entry, Store(entry.root))
        members = [_syncing.shown(path) for path in entry.paths]
        rows.append((", ".join(members), state))
        found = copies.state_of(entry, Store(entry.root), finder.config_of(entry.paths[0]))
        one_way = [(_syncing.shown(path), how) for path, how in found]
        rows += [(f"  one-way: {path}", how) for path, how in one_way]
        records.append(
            {
                "members": members,
                "formats": entry.formats,
                "state": state,
                "copies": [{"path": path, "state": how} for path, how in one_way],
            }
        )
    if arguments.json:
        _output.out_json(records)
    elif rows:
        _output.out("".join(f"{line}\n" for line in _table.lines(("pair", "state"), rows)))
    return code
