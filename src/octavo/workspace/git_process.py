"""How git is started: never through a shell, and deaf to what a hook hands down."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from subprocess import Popen

    from octavo.core.errors import OctavoError

#: Variables that tell git where a repository is: the folder tells that here.
_INHERITED = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CEILING_DIRECTORIES", "GIT_COMMON_DIR",
    "GIT_CONFIG_PARAMETERS", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_INDEX_FILE", "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)  # fmt: skip
_QUIET = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


_PIPE = -1  # subprocess.PIPE, which is not loaded until git is started


class Starter:
    """Starts git for the folder *path*; each package has errors of its own for what goes wrong."""

    #: What stands between `git -C FOLDER` and the command.
    flags: "tuple[str, ...]" = ()

    def __init__(self, path: str, variables: "Mapping[str, str] | None" = None) -> None:
        self.path = path
        self.environment = environment(variables)
        self.started = 0

    def start(
        self,
        words: "Sequence[str]",
        extra: "Mapping[str, str] | None" = None,
        *,
        stdin: int | None = _PIPE,
        stdout: int | None = _PIPE,
        stderr: int | None = _PIPE,
    ) -> "Popen[bytes]":
        """Start `git WORDS` and return the process.

        Raises: what `missing` returns when git is not installed.
        """
        import subprocess

        self.started += 1
        command = ["git", "-C", self.path, *self.flags, *words]
        try:
            return subprocess.Popen(  # noqa: S603  a list of arguments, no shell
                command, stdin=stdin, stdout=stdout, stderr=stderr,
                env={**self.environment, **(extra or {})},
            )  # fmt: skip
        except FileNotFoundError:
            raise self.missing("git is not installed, or not on the PATH", "install git") from None

    def ask(
        self, *words: str, given: bytes = b"", extra: "Mapping[str, str] | None" = None
    ) -> tuple[int, bytes, str]:
        """Return the exit code of `git WORDS`, what it prints and what it complains about.

        *given* goes to its standard input.
        """
        process = self.start(words, extra)
        out, complaint = process.communicate(given)
        return process.returncode, out, said(complaint)

    def run(
        self, *words: str, given: bytes = b"", extra: "Mapping[str, str] | None" = None
    ) -> bytes:
        """Return what `git WORDS` prints; *given* goes to its standard input.

        Raises: what `failure` returns when git fails.
        """
        code, out, complaint = self.ask(*words, given=given, extra=extra)
        if code:
            raise self.failure(words, code, complaint)
        return out

    def missing(self, message: str, hint: str) -> "OctavoError":
        """Return the error for a machine without git."""
        raise NotImplementedError

    def failure(self, words: "Sequence[str]", code: int, complaint: str) -> "OctavoError":
        """Return the error for `git WORDS` that ended with *code*."""
        raise NotImplementedError


def said(complaint: bytes) -> str:
    """Return what git complains about as text."""
    return complaint.decode("utf-8", "replace").strip()


def environment(given: "Mapping[str, str] | None" = None) -> dict[str, str]:
    """Return the variables that git is started with, made of *given* (the process's own)."""
    variables = os.environ if given is None else given
    return {name: value for name, value in variables.items() if name not in _INHERITED} | _QUIET
