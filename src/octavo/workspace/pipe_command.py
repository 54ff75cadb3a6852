"""The command line of a program that documents are piped through, and what is known of it.

{}      a temporary file with the text; without it, the text is the program's input
{name}  the name that the text would have as a file, so that the program finds its settings
"""

import os

from octavo.core.errors import OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = "{}"
NAME = "{name}"


class Known:
    """What is known of a program: does it read `-`, how is it told a file's name, is it a check."""

    __slots__ = ("checks", "is_check", "name_flag", "reads_dash")

    def __init__(
        self, name_flag: str = "", *, reads_dash: bool = False, is_check: bool = False,
        checks: str = "",
    ) -> None:  # fmt: skip
        self.name_flag = name_flag
        self.reads_dash = reads_dash
        self.is_check = is_check
        self.checks = checks.split()


#: Programs by name, with their subcommand where that matters.
_KNOWN = {
    "autoflake": Known(checks="--check --check-diff"),
    "autopep8": Known(reads_dash=True, checks="--diff --exit-code"),
    "black": Known("--stdin-filename", reads_dash=True, checks="--check --diff"),
    "flake8": Known("--stdin-display-name", reads_dash=True, is_check=True),
    "isort": Known(reads_dash=True, checks="--check --check-only -c --diff"),
    "mypy": Known(is_check=True),
    "pycodestyle": Known(reads_dash=True, is_check=True),
    "pydocstyle": Known(is_check=True),
    "pyflakes": Known(is_check=True),
    "pylint": Known(is_check=True),
    "pyright": Known(is_check=True),
    "ruff check": Known("--stdin-filename", reads_dash=True, is_check=True),
    "ruff format": Known("--stdin-filename", reads_dash=True, checks="--check --diff"),
    "ty check": Known(is_check=True),
}
#: Flags with which a check mends what it finds and prints the text.
_MENDS = ("--fix", "--fix-only")


class Command:
    """A program with its arguments; `is_check` tells that it prints findings, no text.

    `finds` tells that it may print a good text and still end with 1: something is left to mend.
    """

    __slots__ = ("_known", "finds", "is_check", "words")

    def __init__(self, text: str, *, is_check: bool) -> None:
        self.words = split(text)
        self._known = _known(self.words)
        mends = any(word in _MENDS for word in self.words)
        own = any(word in self._known.checks for word in self.words)
        self.is_check = is_check or own or (self._known.is_check and not mends)
        self.finds = self._known.is_check and mends and not self.is_check

    @property
    def wants_file(self) -> bool:
        """Whether the program is given a temporary file."""
        return any(_with(word, FILE, "") != word for word in self.words)

    def filled(self, name: str, file: str) -> list[str]:
        """Return the words for a document whose text would be called *name*."""
        words = [_with(_with(word, NAME, name), FILE, file) for word in self.words]
        if self.wants_file:
            return words
        if self._known.reads_dash and "-" not in words:
            words.append("-")
        flag = self._known.name_flag
        if flag and not any(word == flag or word.startswith(flag + "=") for word in words):
            words[-1:-1] = [f"{flag}={name}"] if words[-1] == "-" else []
        return words


def _with(word: str, place: str, value: str) -> str:
    """Return *word* with *value* in its place, if it is that place or ends with `=` and it."""
    if word == place or word.endswith("=" + place):
        return word[: len(word) - len(place)] + value
    return word


def split(text: str) -> list[str]:
    """Return the words of a command, as a shell splits them; nothing else of a shell is done.

    Raises: `OptionError` OCT-O045 for a quote that is never closed, or no command at all.
    """
    import shlex

    try:
        words = shlex.split(text)
    except ValueError as error:
        raise OptionError(
            "OCT-O045", f"{text!r} is no command: {str(error).lower()}",
            hint="quote it as for a shell: octavo pipe 'black -' a.ipynb",
        ) from None  # fmt: skip
    if not words:
        raise OptionError(
            "OCT-O045", "no command given", hint="write octavo pipe 'black -' a.ipynb"
        )
    return words


def _known(words: "Sequence[str]") -> Known:
    names = [os.path.basename(words[0]).removesuffix(".exe"), *words[1:]]
    if len(names) > 2 and names[0].startswith("python") and names[1] == "-m":
        names = names[2:]
    for length in (2, 1):
        found = _KNOWN.get(" ".join(names[:length]))
        if found is not None:
            return found
    return Known()
