"""The parsers of the commands: argparse, without what makes it slow to start."""

import argparse
import os

from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import NoReturn

#: Options whose value may begin with a dash (`--cell-metadata-filter -all`).
_DASHED = ("-filter", "--opt", "--set-kernel")


class Formatter(argparse.HelpFormatter):
    """The formatter of argparse with the width told: finding it out would load shutil."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=_width())


class Parser(argparse.ArgumentParser):
    """A parser that raises our errors: one line, one code."""

    def error(self, message: str) -> "NoReturn":
        """Raise an `OptionError` OCT-O020."""
        command = self.prog.removeprefix("octavo ")
        raise OptionError("OCT-O020", f"{command}: {message}", hint=f"see `{self.prog} --help`")


def of_command(name: str, module: "ModuleType") -> Parser:
    """Return the parser of a command from its module."""
    parser = Parser(
        prog=f"octavo {name}",
        usage=f"octavo {name} {module.USAGE}",
        description=(module.__doc__ or "").strip(),
        formatter_class=Formatter,
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument("-h", "--help", action="store_true", help="Show this help.")
    module.add_arguments(parser)
    return parser


def parse(parser: Parser, words: list[str]) -> argparse.Namespace | None:
    """Return the arguments in *words*, None when only the help was asked for (and printed)."""
    if "-h" in words or "--help" in words:
        from octavo.cli import _output

        _output.out(parser.format_help())
        return None
    return parser.parse_intermixed_args(_joined(words))


def _joined(words: list[str]) -> list[str]:
    """Return *words* with `--filter -all` as one word, which argparse would not accept as two."""
    joined: list[str] = []
    for word in words:
        last = joined[-1] if joined else ""
        if (
            word.startswith("-")
            and last.startswith("--")
            and last.endswith(_DASHED)
            and word not in ("-", "--")
        ):
            joined[-1] = f"{last}={word}"
        else:
            joined.append(word)
    return joined


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    return max(40, min(int(columns), 100) - 2) if columns.isdigit() else 98
