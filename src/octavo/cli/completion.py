"""Print a completion script for bash, zsh or fish.

bash: `octavo completion bash > ~/.local/share/bash-completion/completions/octavo`;
zsh: `octavo completion zsh > FOLDER/_octavo` with a FOLDER of $fpath;
fish: `octavo completion fish > ~/.config/fish/completions/octavo.fish`.
"""

from octavo.cli import _group, _output, _parser, command_names, load
from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Action, ArgumentParser, Namespace
    from collections.abc import Iterator
    from types import ModuleType

USAGE = "SHELL | --json"
SHELLS = ("bash", "zsh", "fish")


class Flag:
    """An option of a command: its spellings, its help, and what its value may be.

    `takes` is "" (no value), "files" (any path), "words" (one of `words`) or "text"; a word
    that ends with "=" is to be continued.
    """

    __slots__ = ("help", "spellings", "takes", "words")

    def __init__(
        self,
        spellings: "tuple[str, ...]",
        help: str,  # noqa: A002  the word of argparse
        takes: str,
        words: "tuple[str, ...]" = (),
    ) -> None:
        self.spellings = spellings
        self.help = help
        self.takes = takes
        self.words = words


class Command:
    """A command: its summary, its flags, and what its arguments may be (see `Flag.takes`).

    The name of a subcommand begins with that of its group: `binder link`.
    """

    __slots__ = ("flags", "name", "summary", "takes", "words")

    def __init__(
        self, name: str, summary: str, flags: list[Flag], takes: str, words: "tuple[str, ...]"
    ) -> None:
        self.name = name
        self.summary = summary
        self.flags = flags
        self.takes = takes
        self.words = words


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add("shell", nargs="?", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish.")
    add("--json", action="store_true", help="Print the commands and their flags as JSON.")


def run(arguments: "Namespace") -> int:
    """Print the script for a shell."""
    if arguments.json:
        _output.out_json({"commands": [_record(command) for command in commands()]})
        return 0
    if not arguments.shell:
        raise OptionError("OCT-O020", "no shell given", hint="name one of " + ", ".join(SHELLS))
    from importlib import import_module

    shell = import_module(f"octavo.cli._complete_{arguments.shell}")
    _output.out(shell.script(commands()))
    return 0


def commands() -> list[Command]:
    """Return all commands, from the parsers that run them; a group is followed by its own."""
    return [_command(name, module) for name, module in _modules()]


def _modules() -> "Iterator[tuple[str, ModuleType]]":
    for name in command_names():
        module = load(name)
        yield name, module
        if _group.is_group(module):
            yield from _group.subcommands(name, module)


def _record(command: Command) -> dict[str, object]:
    flags = [
        {
            "spellings": list(flag.spellings),
            "help": flag.help,
            "takes": flag.takes,
            "words": list(flag.words),
        }
        for flag in command.flags
    ]
    return {"name": command.name, "summary": command.summary, "flags": flags}


def _command(name: str, module: "ModuleType") -> Command:
    parser = _parser.of_command(name, module)
    flags: list[Flag] = []
    takes = ""
    words: tuple[str, ...] = ()
    for action in parser._actions:  # noqa: SLF001  argparse tells its actions nowhere else
        if action.option_strings:
            flags.append(_flag(action))
        else:
            takes, words = _values(action)
    summary = (module.__doc__ or "").partition("\n")[0]
    return Command(name, summary, flags, takes, words)


def _flag(action: "Action") -> Flag:
    takes, words = ("", ()) if action.nargs == 0 else _values(action)
    help_text = (action.help or "").partition(". ")[0].replace("%%", "%").rstrip(".")
    return Flag(tuple(action.option_strings), help_text, takes, words)


def _values(action: "Action") -> "tuple[str, tuple[str, ...]]":
    """Return what the value of an argument may be: the kind and the words."""
    if action.choices is not None:
        return "words", tuple(map(str, action.choices))
    if action.metavar == "FORMAT":
        return "words", _format_words()
    if action.metavar == "NAME" and action.dest == "name":
        return "words", _format_names()
    if action.metavar == "KEY=VALUE":
        return "words", _option_words()
    return ("files" if action.metavar in ("FILE", "PATH") else "text"), ()


def _format_names() -> tuple[str, ...]:
    from octavo.formats import _index

    return tuple(_index.names())


def _format_words() -> tuple[str, ...]:
    """Return what --to and --from take: suffixes, `suffix:name`, names."""
    from octavo.formats import _index

    words = ["auto"]
    for suffix in _index.SUFFIXES:
        plain = _index.default_name(suffix, plain=True)
        names = [name for name in _index.names() if suffix in _index.suffixes_of(name)]
        words.append(suffix[1:])
        words += [f"{suffix[1:]}:{name}" for name in names if name != plain]
    return tuple(dict.fromkeys((*words, *_index.names())))


def _option_words() -> tuple[str, ...]:
    from octavo.core.options import FORMAT_OPTIONS

    flags = {True: ("true", "false")}
    return tuple(
        f"{option.name}={value}"
        for option in FORMAT_OPTIONS
        for value in flags.get(option.kind == "flag", ("",))
    )
