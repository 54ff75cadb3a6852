"""The completion script for zsh."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.cli.completion import Command, Flag

_SCRIPT = """\
#compdef octavo
# Completion of octavo for zsh; made by `octavo completion zsh`.
_octavo() {{
    local context state state_descr line
    typeset -A opt_args
    _arguments -C '(- *)'{{-h,--help}}'[show the help]' \\
        '(- *)'{{-V,--version}}'[show the version]' \\
        '1: :->command' '*:: :->arguments'
    case $state in
        command)
            local -a commands=({commands})
            _describe -t commands 'octavo command' commands
            ;;
        arguments)
            local command=$words[1]
            (( CURRENT > 2 )) && case "$words[1] $words[2]" in
{subcommands}
            esac
            case $command in
{cases}
            esac
            ;;
    esac
}}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _octavo "$@"
else
    compdef _octavo octavo
fi
"""

#: Go one word on: what follows belongs to the subcommand.
_DESCEND = 'command+=" $words[2]"; shift words; (( CURRENT-- ))'


def script(commands: "list[Command]") -> str:
    """Return the script."""
    nested = [one.name for one in commands if " " in one.name]
    return _SCRIPT.format(
        commands=" ".join(
            _quoted(f"{one.name}:{one.summary}") for one in commands if " " not in one.name
        ),
        subcommands="\n".join(f'                "{name}") {_DESCEND} ;;' for name in nested),
        cases="\n".join(_case(command) for command in commands),
    )


def _case(command: "Command") -> str:
    specs = [spec for flag in command.flags for spec in _flag(flag)]
    if command.takes:
        specs.append(_quoted(f"*:{command.takes}:{_action(command.takes, command.words)}"))
    lines = [f'                "{command.name}")', "                    _arguments -s \\"]
    lines += [f"                        {spec} \\" for spec in specs[:-1]]
    return "\n".join([*lines, f"                        {specs[-1]}", "                    ;;"])


def _flag(flag: "Flag") -> list[str]:
    """Return the specs of a flag, one for each spelling."""
    value = f":value:{_action(flag.takes, flag.words)}" if flag.takes else ""
    sign = {True: "=", False: ""}
    return [
        _quoted(
            f"*{spelling}{sign[bool(value) and spelling.startswith('--')]}"
            f"[{_escaped(flag.help)}]{value}"
        )
        for spelling in flag.spellings
    ]


def _action(takes: str, words: tuple[str, ...]) -> str:
    if takes == "files":
        return "_files"
    return "(" + " ".join(_escaped(word) for word in words) + ")" if words else " "


def _escaped(text: str) -> str:
    for sign in "\\[]:()":
        text = text.replace(sign, "\\" + sign)
    return text


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
