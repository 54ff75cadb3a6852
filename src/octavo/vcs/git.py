"""Git in a folder: commands to their end, and the two that stay open (objects, streams)."""

import os
import subprocess

from octavo.vcs.errors import VcsError
from octavo.workspace import git_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self


class Git(git_process.Starter):
    """Starts git for one folder.

    Its `start`, `ask` and `run` raise `VcsError` OCT-V001 (git is missing); `run` raises OCT-V002
    (git fails; in its own words), too.
    """

    flags = ("--no-replace-objects",)

    def ask(
        self, *words: str, given: bytes = b"", extra: "Mapping[str, str] | None" = None
    ) -> tuple[int, bytes, str]:
        """Return the exit code of `git WORDS`, what it prints, and its complaint in one line."""
        code, out, complaint = super().ask(*words, given=given, extra=extra)
        return code, out, one_line(complaint)

    def lines(self, *words: str) -> list[str]:
        """Return the lines that `git WORDS` prints; bytes that are no UTF-8 are kept."""
        return self.run(*words).decode("utf-8", "surrogateescape").splitlines()

    def missing(self, message: str, hint: str) -> VcsError:
        """Return OCT-V001."""
        return VcsError("OCT-V001", message, hint=hint)

    def failure(self, words: "Sequence[str]", code: int, complaint: str) -> VcsError:
        """Return OCT-V002."""
        return VcsError("OCT-V002", f"git {words[0]}: {complaint or f'exit code {code}'}")

    def folder(self) -> str:
        """Return the folder that all working trees of the repository share (`.git`).

        Raises: `VcsError` OCT-V003 outside of any repository.
        """
        code, out, complaint = self.ask("rev-parse", "--git-common-dir")
        if code:
            raise VcsError(
                "OCT-V003", f"{self.path}: {complaint.removeprefix('fatal: ')}",
                hint="name the folder of a repository with -C",
            )  # fmt: skip
        found = out.decode("utf-8", "surrogateescape").removesuffix("\n")
        return os.path.abspath(os.path.join(self.path, found))


class Objects:
    """Reads objects through one `git cat-file --batch`."""

    def __init__(self, git: Git) -> None:
        self._process = git.start(("cat-file", "--batch"), stderr=subprocess.DEVNULL)

    def __enter__(self) -> "Self":
        return self

    def __exit__(
        self,
        kind: "type[BaseException] | None",
        error: BaseException | None,
        trace: "TracebackType | None",
    ) -> None:
        self._process.communicate()

    def read(self, oid: str) -> tuple[str, bytes] | None:
        """Return the kind and the content of an object, None when there is none."""
        questions, answers = self._process.stdin, self._process.stdout
        if questions is None or answers is None:  # pragma: no cover  both are pipes
            return None
        questions.write(oid.encode("ascii") + b"\n")
        questions.flush()
        head = answers.readline().split()
        if len(head) != 3:
            return None
        content = answers.read(int(head[2]))
        answers.read(1)
        return head[1].decode("ascii"), content


def one_line(complaint: str) -> str:
    """Return the first line of git's complaint that is not a hint."""
    lines = complaint.split("\n")
    return next((line for line in lines if line and not line.startswith("hint:")), "")
