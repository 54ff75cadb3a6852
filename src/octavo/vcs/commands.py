"""The commands that git runs, made so that nothing stops when Octavo is gone.

Each starts the Python that installed Octavo, else an `octavo` of the PATH.  Where neither can be
started, the shell gives what git would do by itself: the file as it is, or git's own merge.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.vcs.filter_process import Rules

#: What `octavo git merge` exits with, in a command of git, when conflicts are left: 1 is also
#: what Python exits with when there is no Octavo in it.
CONFLICTS = 100
_QUIET_CHARS = frozenset("/._-+:@%=,")
#: A greeting after which git knows that this filter can do nothing, and leaves files as they are.
_GREETING = r"0016git-filter-server\n000eversion=2\n00000000"


def sections(python: str, name: str, rules: "Rules") -> dict[str, dict[str, str]]:
    """Return the sections of git's configuration for the tool *name*.

    Source: git-config(1); gitattributes(5); git-difftool(1); git-mergetool(1).
    """
    found = {
        f'diff "{name}"': {"textconv": _textconv(python)},
        f'merge "{name}"': {
            "name": "notebooks, merged by cell",
            "driver": _merge(python),
            # Where histories cross, git merges their common versions first: cells in conflict
            # would be the base of the real merge then, and hide one side.
            "recursive": "binary",
        },
        f'difftool "{name}"': {"cmd": _simple(python, 'diff "$LOCAL" "$REMOTE" || true')},
        f'mergetool "{name}"': {
            "cmd": _mergetool(python),
            "trustExitCode": "true",
        },
    }
    flags = _flags(rules)
    if flags:
        found[f'filter "{name}"'] = {
            "process": _process(python, flags),
            # Only versions of git without processes call these; a failure lets the file through.
            "clean": _simple(python, f"git filter{flags} --once clean"),
            "smudge": _simple(python, f"git filter{flags} --once smudge"),
            "required": "false",
        }
    return found


def shell_word(word: str) -> str:
    """Return a word for the shell that git starts commands with."""
    if word and all((sign.isalnum() and sign.isascii()) or sign in _QUIET_CHARS for sign in word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"


def python_of(command: str) -> str:
    """Return the Python that a command of `sections` starts, "" where it names none.

    >>> python_of(_simple("/opt/my py/python", "diff"))
    '/opt/my py/python'
    """
    import shlex

    words = shlex.split(command, posix=True) if command.startswith(_START) else []
    return words[words.index("-x") + 1].removesuffix(";") if "-x" in words else ""


_START = "o() { if test -x "


def _octavo(python: str) -> str:
    """Return the definition of `o` in the shell, which starts Octavo.

    `-P`: the folder that git runs in is the user's; no module of that folder is imported.
    """
    word = shell_word(python)
    return f'{_START}{word}; then {word} -P -m octavo "$@"; else octavo "$@"; fi; }}; '


def _simple(python: str, words: str) -> str:
    return f"{_octavo(python)}o {words}"


def _textconv(python: str) -> str:
    return _octavo(python) + 'f() { o git textconv -- "$1" || cat -- "$1"; }; f'


def _process(python: str, flags: str) -> str:
    """Return the command of a filter; where Octavo has not begun to speak, the shell does.

    After its greeting Octavo exits with none of these codes (1 and 70: Python, or a part of
    Octavo, is not whole; 126 and 127: there is nothing to start).
    """
    return (
        f"{_octavo(python)}o git filter{flags}; "
        f"case $? in 1|70|126|127) printf '{_GREETING}'; cat >/dev/null;; esac"
    )


def _merge(python: str) -> str:
    """Return the command of the merge driver; exit code 1 means conflicts to git.

    3 and 4: a version is no notebook, ours stays as it is.
    """
    by_git = (
        'git merge-file --marker-size="$4" -L ours -L base -L theirs "$2" "$1" "$3" || return 1'
    )
    return (
        f"{_octavo(python).replace('%', '%%')}"
        f'f() {{ o git merge --conflict-code {CONFLICTS} -- "$@"; '
        f"case $? in 0) ;; 3|4|{CONFLICTS}) return 1;; *) {by_git};; esac; }}; f %O %A %B %L %P"
    )


def _mergetool(python: str) -> str:
    """Return the command of `git mergetool`.

    Where conflicts are left, git puts its backup in the place of the result and keeps the file
    unmerged; the backup is the result then, so that the cells in conflict are there to resolve.
    """
    return _simple(
        python,
        f'git merge --conflict-code {CONFLICTS} --output "$MERGED" -- "$BASE" "$LOCAL" "$REMOTE"; '
        f'octavo=$?; if test $octavo = {CONFLICTS} && test -n "$BACKUP"; '
        'then cp -- "$MERGED" "$BACKUP"; fi; test $octavo = 0',
    )


def _flags(rules: "Rules") -> str:
    return "".join(
        [
            " --strip-outputs" if rules.outputs else "",
            " --strip-counts" if rules.counts else "",
            f" --convert {shell_word(rules.format)}" if rules.format else "",
        ]
    )
