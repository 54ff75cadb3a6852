"""The completion script for bash."""

from shlex import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.cli.completion import Command

# bash breaks words at ":" and "=", which our format names and options contain: the script looks
# at the line itself, and cuts from each proposal what bash takes for an earlier word.
_SCRIPT = """\
# Completion of octavo for bash; made by `octavo completion bash`.
_octavo() {{
    local line=${{COMP_LINE:0:COMP_POINT}} words cur= prev= flag= command= proposals=
    read -ra words <<< "$line"
    [[ $line == *[[:space:]] ]] || {{ cur=${{words[-1]}}; unset 'words[-1]'; }}
    prev=${{words[-1]}}
    command=${{words[1]-}}
    case "$command ${{words[2]-}}" in
{subcommands}
    esac
    local whole=$cur
    flag=$prev
    if [[ $cur == --*=* ]]; then
        flag=${{cur%%=*}}
        cur=${{cur#*=}}
    fi
    COMPREPLY=()
    if [[ ${{#words[@]}} -lt 2 ]]; then
        proposals={commands}
    else
        case "$command $flag" in
{values}
        esac
        if [[ -z $proposals ]]; then
            case "$command" in
{flags}
            esac
        fi
    fi
    [[ $proposals == "<files>" ]] && return
    mapfile -t COMPREPLY < <(compgen -W "$proposals" -- "$cur")
    [[ ${{#COMPREPLY[@]}} -eq 1 && ${{COMPREPLY[0]}} == *= ]] && compopt -o nospace
    local i sign cut=${{whole%"$cur"}}
    for sign in : =; do
        [[ $COMP_WORDBREAKS == *"$sign"* && $cur == *"$sign"* ]] || continue
        for i in "${{!COMPREPLY[@]}}"; do
            COMPREPLY[i]=${{COMPREPLY[i]#"${{cur%"$sign"*}}$sign"}}
        done
    done
    if [[ $cut && $COMP_WORDBREAKS != *=* ]]; then
        COMPREPLY=("${{COMPREPLY[@]/#/$cut}}")
    fi
}}
complete -o bashdefault -o default -F _octavo octavo
"""


def script(commands: "list[Command]") -> str:
    """Return the script."""
    values = [line for command in commands for line in _values(command)]
    flags = [line for command in commands for line in _flags(command)]
    names = [command.name for command in commands]
    plain = [name for name in names if " " not in name]
    nested = [f'        "{name}") command+=" ${{words[2]}}" ;;' for name in names if " " in name]
    return _SCRIPT.format(
        commands=quote(" ".join([*plain, "--help", "--version"])),
        subcommands="\n".join(nested),
        values="\n".join(values),
        flags="\n".join(flags),
    )


def _values(command: "Command") -> list[str]:
    """Return the cases of flags that take a value."""
    lines = []
    for flag in command.flags:
        if flag.takes:
            pattern = " | ".join(f'"{command.name} {spelling}"' for spelling in flag.spellings)
            lines.append(f"        {pattern}) proposals={_proposals(flag.takes, flag.words)} ;;")
    return lines


def _flags(command: "Command") -> list[str]:
    """Return the case of a command's own arguments."""
    spellings = " ".join(spelling for flag in command.flags for spelling in flag.spellings)
    words = _proposals(command.takes, command.words)
    return [
        f'            "{command.name}")',
        f"                proposals={words}",
        f"                [[ $cur == -* ]] && proposals={quote(spellings)} ;;",
    ]


def _proposals(takes: str, words: tuple[str, ...]) -> str:
    return quote(" ".join(words)) if takes == "words" else quote("<files>")
