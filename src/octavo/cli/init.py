"""Write a first octavo.toml, or take one over from Jupytext's configuration.

With --from-jupytext the new file says what jupytext.toml, .jupytext, their YAML and JSON forms or
[tool.jupytext] say, and stands beside them; what cannot be taken over is told.
"""

import os

from octavo.cli import _output
from octavo.core.errors import ConfigError, Span
from octavo.workspace import config_init, config_search, files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.core.errors import Notice

USAGE = "[FOLDER] [--formats FORMATS | --from-jupytext] [options]"


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add(
        "folder",
        nargs="?",
        metavar="PATH",
        help="The folder to write octavo.toml in. Default: the current one; with "
        "--from-jupytext, that of the configuration that is found.",
    )
    add(
        "--formats",
        metavar="FORMATS",
        default="",
        help="Pair files as these formats, such as 'ipynb,py:percent'.",
    )
    add("--from-jupytext", action="store_true", help="Take over the configuration of Jupytext.")
    add("-n", "--dry-run", action="store_true", help="Print the file, write nothing.")
    add("--json", action="store_true", help="Report as JSON on stdout.")


def run(arguments: "Namespace") -> int:
    """Write the file, unless there is one."""
    notices: tuple[Notice, ...] = ()
    folder = os.path.abspath(arguments.folder or "")
    if arguments.from_jupytext:
        if arguments.formats:
            from octavo.core.errors import OptionError

            raise OptionError("OCT-O029", "--formats and --from-jupytext exclude each other")
        folder, text, notices = _migrated(folder, keep=bool(arguments.folder))
    else:
        text = config_init.fresh(arguments.formats)
    _check_free(folder)
    file = config_search.shown(os.path.join(folder, config_search.OCTAVO_FILE))
    if not arguments.dry_run:
        files.replace_file(file, text.encode("utf-8"))
    _tell(file, text, notices, arguments)
    return 0


def _migrated(folder: str, *, keep: bool) -> "tuple[str, str, tuple[Notice, ...]]":
    """Return where the new file belongs, its text, and what it cannot say."""
    from octavo.workspace import config

    source, notices = config_search.find(folder, os.environ, (config_search.JUPYTEXT,))
    if source is None:
        if notices:
            notice = notices[0]
            raise ConfigError(
                "OCT-C007", "is a program: it cannot be taken over", notice.span,
                hint="write the same keys into a jupytext.toml, or plain `octavo init`",
            )  # fmt: skip
        raise ConfigError(
            "OCT-C007", "no configuration of Jupytext is found here or above",
            Span(config_search.shown(folder)), hint="plain `octavo init` writes a first file",
        )  # fmt: skip
    name = os.path.basename(source.file)
    if source.section:
        name = f"[{'.'.join(source.section)}] of {name}"
    text, left_out = config_init.migrated(config.read(source), name)
    if not keep and not source.is_global:
        folder = os.path.dirname(source.file)
    return folder, text, left_out


def _check_free(folder: str) -> None:
    """Check that no configuration of Octavo rules the folder yet.

    Raises: `ConfigError` OCT-C005.
    """
    file = os.path.join(folder, config_search.OCTAVO_FILE)
    found = config_search.in_folder(folder, config_search.OCTAVO)
    if found is not None or os.path.lexists(file):
        raise ConfigError(
            "OCT-C005", "a configuration is here already, and is not replaced",
            Span(config_search.shown(found.file if found else file)),
            hint="edit it, or remove it first",
        )  # fmt: skip


def _tell(name: str, text: str, notices: "tuple[Notice, ...]", arguments: "Namespace") -> None:
    status = "would be created" if arguments.dry_run else "created"
    if arguments.json:
        warnings = [
            {
                "code": notice.code,
                "message": notice.message,
                "file": notice.span.file,
                "line": notice.span.line,
                "hint": notice.hint,
            }
            for notice in notices
        ]
        _output.out_json({"file": name, "status": status, "text": text, "warnings": warnings})
        return
    for notice in notices:
        _output.err(_output.one_line(str(notice)) + "\n")
    if arguments.dry_run:
        _output.out(text)
    _output.err(_output.one_line(f"{name}: {status}") + "\n")
