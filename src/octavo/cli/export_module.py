"""Write notebooks as a clean package: `__all__`, active cells only, links to the source.

Edits in an exported module come back to their cells with --back: by the identity of the cell,
never by its place.  Where both were edited, both stay and the conflict is told.
"""

from octavo.cli import _output, attempt
from octavo.core.errors import OctavoError, OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.modules.export_back import Verdict

USAGE = "NOTEBOOK|FOLDER ... [options] | --back MODULE ..."
_TOLD = {
    "brought": "brought to cell {id} of {path}",
    "same": "cell {id} of {path} has it already",
    "conflict": "conflict: cell {id} of {path} was edited too; nothing was changed there",
    "lost": "conflict: no cell {id} in {path}; nothing was changed there",
}
_TOLD_PLANNED = {**_TOLD, "brought": "would be brought to cell {id} of {path}"}


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="NOTEBOOK",
        help="Notebooks, or folders of them; with --back, exported modules.",
    )
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", help="The folder that holds the modules or packages."
    )
    parser.add_argument(
        "--name", metavar="MODULE", help="The name of the module, such as package.core."
    )
    parser.add_argument(
        "--back", action="store_true", help="Bring edits in modules back to their cells."
    )
    parser.add_argument(
        "--force", action="store_true", help="Overwrite modules that were edited, or are not ours."
    )
    parser.add_argument(
        "--check", action="store_true", help="Write nothing; exit 1 if something would change."
    )
    parser.add_argument("-n", "--dry-run", action="store_true", help="Write nothing, only tell.")
    parser.add_argument("--json", action="store_true", help="Print JSON.")
    parser.add_argument("-q", "--quiet", action="store_true", help="Print errors only.")


def run(arguments: "Namespace") -> int:
    """Export notebooks, or bring edits back."""
    return _back(arguments) if arguments.back else _export(arguments)


def _export(arguments: "Namespace") -> int:
    from octavo.modules import export_files

    if not arguments.output:
        raise OptionError(
            "OCT-O020", "export-module: name the folder for the modules with --output",
            hint="such as `--output src`",
        )  # fmt: skip
    paths = list(export_files.notebooks_in(arguments.files))
    if arguments.name and len(paths) != 1:
        raise OptionError(
            "OCT-O020", "export-module: --name goes with one notebook",
            hint="name modules in the notebooks, with `#| default_exp package.module`",
        )  # fmt: skip
    dry_run = arguments.dry_run or arguments.check
    notebooks = [export_files.read(path, module=arguments.name or "") for path in paths]
    done = export_files.write(notebooks, arguments.output, force=arguments.force, dry_run=dry_run)
    if arguments.json:
        _output.out_json({"files": [{"path": one.path, "what": one.what} for one in done]})
    elif not arguments.quiet:
        for one in done:
            is_planned = dry_run and one.what != "unchanged"
            _output.err(f"{one.path}: {'would be ' if is_planned else ''}{one.what}\n")
    return int(arguments.check and any(one.what != "unchanged" for one in done))


def _back(arguments: "Namespace") -> int:
    from functools import partial

    dry_run = arguments.dry_run or arguments.check
    rows: list[dict[str, object]] = []
    code = 0
    for path in arguments.files:
        result = attempt(partial(_bring, path, rows, arguments, dry_run=dry_run))
        if isinstance(result, OctavoError):
            _output.error(result)
            code = max(code, result.exit_code)
        else:
            code = max(code, result)
    if arguments.json:
        _output.out_json({"edits": rows})
    return code


def _bring(
    path: str, rows: list[dict[str, object]], arguments: "Namespace", *, dry_run: bool
) -> int:
    """Bring the edits in one module back; return 1 if there is a conflict, or one to be told."""
    from octavo.modules import export_files

    verdicts = export_files.bring_back(path, dry_run=dry_run)
    table = _TOLD_PLANNED if dry_run else _TOLD
    for verdict in verdicts:
        rows.append(_record(path, verdict))
        is_conflict = verdict.what in ("conflict", "lost")
        if not arguments.json and (is_conflict or not arguments.quiet):
            found = verdict.found
            told = table[verdict.what].format(id=found.id, path=found.path)
            title = f' ("{found.title}")' if found.title else ""
            _output.err(f"{path}:{found.line}: {told}{title}\n")
    if not verdicts and not arguments.json and not arguments.quiet:
        _output.err(f"{path}: no edits\n")
    wrong = [one for one in verdicts if one.what in ("conflict", "lost")]
    return int(bool(wrong or (arguments.check and verdicts)))


def _record(path: str, verdict: "Verdict") -> dict[str, object]:
    found = verdict.found
    return {
        "module": path,
        "line": found.line,
        "notebook": found.path,
        "cell": found.id,
        "title": found.title,
        "what": verdict.what,
    }
