"""Commands of commands: `octavo binder link` is found in the table of `octavo binder`.

The module of a group holds `SUBCOMMANDS`, a table of names with the module of each (in this
folder) and its line in the help.  A subcommand is written like a command: `USAGE`,
`add_arguments`, `run`; it is imported only when it runs.
"""

from octavo.core.errors import OptionError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_HELP = ("-h", "--help", "help")


def is_group(module: "ModuleType") -> bool:
    """Return whether the module of a command is a table of subcommands."""
    return hasattr(module, "SUBCOMMANDS")


def subcommands(name: str, module: "ModuleType") -> "Iterator[tuple[str, ModuleType]]":
    """Yield every subcommand of a group: its full name and its module."""
    for word in module.SUBCOMMANDS:
        yield f"{name} {word}", _load(module, word)


def find(name: str, module: "ModuleType", words: list[str]) -> "ModuleType":
    """Return the module of the subcommand that *words* begin with.

    Raises: `OptionError` OCT-O021 for an unknown subcommand.
    """
    word = words[0]
    known = list(module.SUBCOMMANDS)
    if word not in known:
        kind = "option" if word.startswith("-") else "subcommand"
        hint = did_you_mean(word, [*known, "--help"]) or f"`octavo {name} --help` lists them"
        raise OptionError("OCT-O021", f"{name}: unknown {kind} {word!r}", hint=hint)
    return _load(module, word)


def wants_help(words: list[str]) -> bool:
    """Return whether the help of the group was asked for, or nothing at all."""
    return not words or (words[0] in _HELP and len(words) == 1)


def help_text(name: str, module: "ModuleType") -> str:
    """Return the help of a group, from its table: no subcommand is imported."""
    width = max(map(len, module.SUBCOMMANDS), default=0) + 2
    lines = [f"usage: octavo {name} {module.USAGE}", "", (module.__doc__ or "").strip(), ""]
    lines.append("subcommands:")
    lines += [f"  {word:<{width}}{summary}" for word, (_, summary) in module.SUBCOMMANDS.items()]
    lines += ["", f"`octavo {name} SUBCOMMAND --help` tells about a subcommand."]
    return "\n".join(lines) + "\n"


def _load(module: "ModuleType", word: str) -> "ModuleType":
    from importlib import import_module

    return import_module(f"octavo.cli.{module.SUBCOMMANDS[word][0]}")
