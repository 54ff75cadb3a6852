"""The completion script for fish."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.cli.completion import Command, Flag

_HEAD = "# Completion of octavo for fish; made by `octavo completion fish`."


def script(commands: "list[Command]") -> str:
    """Return the script."""
    lines = [_HEAD, "complete -c octavo -f"]
    lines.append("complete -c octavo -n __fish_use_subcommand -s h -l help -d 'Show the help'")
    lines.append(
        "complete -c octavo -n __fish_use_subcommand -s V -l version -d 'Show the version'"
    )
    for command in commands:
        if " " in command.name:
            continue  # the words of its group
        summary = _quoted(command.summary)
        lines.append(f"complete -c octavo -n __fish_use_subcommand -a {command.name} -d {summary}")
    for command in commands:
        inner = [one.name for one in commands if one.name.startswith(f"{command.name} ")]
        lines += _command(command, [name.split()[1] for name in inner])
    return "\n".join(lines) + "\n"


def _command(command: "Command", nested: list[str]) -> list[str]:
    """Return the lines of a command; a group proposes nothing once one of *nested* is there."""
    seen = [f"__fish_seen_subcommand_from {word}" for word in command.name.split()]
    if nested:
        seen.append(f"not __fish_seen_subcommand_from {' '.join(nested)}")
    start = f"complete -c octavo -n '{'; and '.join(seen)}'"
    lines = [f"{start} {_flag(flag)}" for flag in command.flags]
    if command.takes == "files":
        lines.append(f"{start} -F")
    elif command.words:
        lines.append(f"{start} -a {_quoted(' '.join(command.words))}")
    return lines


def _flag(flag: "Flag") -> str:
    parts = [
        f"-l {spelling[2:]}" if spelling.startswith("--") else f"-s {spelling[1:]}"
        for spelling in flag.spellings
    ]
    if flag.takes == "files":
        parts.append("-r -F")
    elif flag.takes:
        parts.append("-x")
    if flag.words:
        parts.append("-a " + _quoted(" ".join(flag.words)))
    return " ".join([*parts, "-d " + _quoted(flag.help)])


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
