"""The command line: one file a command, imported only when that command runs.

This file finds the command and is the outer edge: every error becomes one line on stderr and
an exit code.

    0  done                                     4  a file cannot be read or written
    1  a check found a difference               5  a configuration file is wrong
    2  wrong usage, unknown format or option    70  a fault of Octavo itself
    3  a text or notebook cannot be read        130  interrupted
"""

import os
import sys

from octavo.cli import _output
from octavo.core.errors import InternalError, OctavoError, OptionError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

_INTERRUPTED = 130
_TERMINATED = 143


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run a command line and return its exit code."""
    words = sys.argv[1:] if argv is None else list(argv)
    if argv is None and words and not words[0].startswith("-"):
        _clean_up_when_terminated()
    try:
        return max(_reported(lambda: _run(words)), _reported(_output.flush))
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _output.abandon()
        return 0


def attempt(action: "Callable[[], int]") -> "int | OctavoError":
    """Return what *action* returns, or the error it ended with, in our words.

    This is the only place that catches everything: a fault of ours in one file must not keep
    the others from being converted.
    """
    try:
        return action()
    except OctavoError as error:
        return error
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  the outer edge
        return _internal_error(error)


def command_names() -> list[str]:
    """Return the names of all commands: one for each file of this folder."""
    files = os.listdir(os.path.dirname(__file__))
    return sorted(
        name[:-3].replace("_", "-")
        for name in files
        if name.endswith(".py") and not name.startswith("_")
    )


def load(name: str) -> "ModuleType":
    """Return the module of a command.

    Raises: `OptionError` OCT-O021 for an unknown command.
    """
    known = command_names()
    if name not in known:
        kind = "option" if name.startswith("-") else "command"
        hint = did_you_mean(name, [*known, "--help", "--version"]) or "`octavo --help` lists them"
        raise OptionError("OCT-O021", f"unknown {kind} {name!r}", hint=hint)
    from importlib import import_module

    return import_module("octavo.cli." + name.replace("-", "_"))


def _reported(action: "Callable[[], int]") -> int:
    """Return the exit code of *action*; an error is printed."""
    result = attempt(action)
    if isinstance(result, OctavoError):
        _output.error(result)
        return result.exit_code
    return result


def _run(words: list[str]) -> int:
    if not words:
        _output.err(_help())
        return 2
    name, rest = words[0], words[1:]
    if name in ("-h", "--help") or (name == "help" and not rest):
        _output.out(_help())
        return 0
    if name in ("-V", "--version"):
        from octavo import __version__

        _output.out(f"octavo {__version__}\n")
        return 0
    if name == "help":
        name, rest = rest[0], [*rest[1:], "--help"]
    if name == "sync" and "--daemon" in rest and hasattr(os, "getuid"):
        from octavo.cli import _daemon_client

        code = _daemon_client.ask_to_sync(rest)
        if code is not None:
            return code
    return _run_command(name, rest)


def _run_command(name: str, words: list[str]) -> int:
    from octavo.cli import _parser

    command = load(name)
    if hasattr(command, "SUBCOMMANDS"):
        from octavo.cli import _group

        if _group.wants_help(words):
            (_output.out if words else _output.err)(_group.help_text(name, command))
            return 0 if words else 2
        command, name, words = _group.find(name, command, words), f"{name} {words[0]}", words[1:]
    if getattr(command, "PASSES_ON", False):
        words = _passed_on(words)
    parser = _parser.of_command(name, command)
    arguments = _parser.parse(parser, words)
    if arguments is None:
        return 0
    code: int = command.run(arguments)
    return code


def _passed_on(words: list[str]) -> list[str]:
    """Return *words* so that what follows the first argument belongs to the program it names."""
    first = next((i for i, word in enumerate(words) if not word.startswith("-")), len(words))
    return words if "--" in words[:first] else [*words[:first], "--", *words[first:]]


def _help() -> str:
    """Return the help of `octavo`, from the first line of each command's file, unimported."""
    lines = [
        "usage: octavo COMMAND ...",
        "",
        "One source, many editions: notebooks as text in every language.",
        "",
        "commands:",
    ]
    names = command_names()
    width = max(map(len, names)) + 1
    lines += [f"  {name:<{width}}{_summary(name)}" for name in names]
    lines += [
        "",
        "`octavo COMMAND --help` tells about a command, `octavo --version` prints the version.",
    ]
    return "\n".join(lines) + "\n"


def _summary(name: str) -> str:
    file = os.path.join(os.path.dirname(__file__), name.replace("-", "_") + ".py")
    with open(file, encoding="utf-8") as fp:
        return fp.readline().strip().strip('"')


def _internal_error(error: Exception) -> InternalError:
    if os.environ.get("OCTAVO_DEBUG") == "1":
        import traceback

        _output.err("".join(traceback.format_exception(error)))
    return InternalError.of(error)


def _clean_up_when_terminated() -> None:
    """Turn SIGTERM into an exception, so that temporary files are removed."""
    import signal

    def leave(_number: int, _frame: object) -> None:
        sys.exit(_TERMINATED)

    signal.signal(signal.SIGTERM, leave)
