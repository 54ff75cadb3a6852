"""The parsers of the commands: argparse, without what makes it slow to start."""

import argparse
import os

from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType
    from typing import NoReturn


class PairAction(argparse.Action):
    """An option with two values, NAME VALUE; it may be repeated, and collects a dictionary."""

    words = 2
    SEPARATOR = "\0"

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        _option: str | None = None,
    ) -> None:
        """Add the pair to those that are there."""
        name, separator, value = str(values).partition(self.SEPARATOR)
        if not separator:
            raise argparse.ArgumentError(self, "expected NAME VALUE")
        found = dict(getattr(namespace, self.dest) or {})
        found[name] = value
        setattr(namespace, self.dest, found)


class Formatter(argparse.HelpFormatter):
    """The formatter of argparse with the width told: finding it out would load shutil."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=_width())

    def _format_action_invocation(self, action: argparse.Action) -> str:
        """Return `-t, --to FORMAT`: the same on every Python."""
        if not action.option_strings:
            return str(action.metavar)
        choices = "{" + ",".join(map(str, action.choices)) + "}" if action.choices else None
        value = "" if action.nargs == 0 else f" {action.metavar or choices}"
        return ", ".join(action.option_strings) + value


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
    flags, others = _sorted(parser, words)
    if "-h" in flags or "--help" in flags:
        from octavo.cli import _output

        _output.out(parser.format_help())
        return None
    return parser.parse_args([*flags, "--", *others] if others else flags)


def _sorted(parser: Parser, words: list[str]) -> tuple[list[str], list[str]]:
    """Return the flags in *words*, their values glued to them, and the other words.

    So flags and files may be mixed, and a value may begin with a dash (`--filter -all`).
    """
    flags: list[str] = []
    others: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            return flags, [*others, *rest]
        if not word.startswith("-") or word == "-":
            others.append(word)
        elif _takes_value(parser, word) and (value := _value(parser, word, rest)) is not None:
            flags.append(f"{word}={value}" if word.startswith("--") else word + value)
        else:
            flags.append(word)
    return flags, others


def _value(parser: Parser, word: str, rest: "Iterator[str]") -> str | None:
    """Return the value of a flag, None if there is none; the two of a pair are joined."""
    action = parser._option_string_actions[word]  # noqa: SLF001  argparse tells it nowhere else
    count: int = getattr(action, "words", 1)
    values = [value for _, value in zip(range(count), rest, strict=False)]
    return PairAction.SEPARATOR.join(values) if values else None


def _takes_value(parser: Parser, word: str) -> bool:
    action = parser._option_string_actions.get(word)  # noqa: SLF001  argparse tells it nowhere else
    return action is not None and action.nargs != 0


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    return max(40, min(int(columns), 100) - 2) if columns.isdigit() else 98
