"""What a remote repository holds, asked through git: its refs, and the files of a ref.

Every question is an argument list, never a line for a shell; what people wrote stands behind
`--`.  Tests hand in a runner of their own.
"""

from octavo.binder.errors import BinderError
from octavo.binder.refs import check_ref, is_commit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_TIMEOUT_S = 60
_PROTOCOLS = "file:git:http:https:ssh"
_ATTEMPTS = (("--depth", "1", "--filter=blob:none"), ("--depth", "1"), ())


class Done:
    """How a git command ended."""

    __slots__ = ("code", "err", "out")

    def __init__(self, code: int, out: bytes, err: str = "") -> None:
        self.code = code
        self.out = out
        self.err = err


if TYPE_CHECKING:
    Runner = Callable[[Sequence[str]], Done]


def run_git(words: "Sequence[str]") -> Done:
    """Run git with arguments; it asks nobody for a password and starts no remote helper.

    Raises: `BinderError` OCT-B012 when git is missing or does not answer.
    """
    import os
    import subprocess

    environment = os.environ | {
        "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "SSH_ASKPASS": "true",
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes", "GIT_ALLOW_PROTOCOL": _PROTOCOLS, "LC_ALL": "C",
    }  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603  an argument list; refs and URLs were checked
            ["git", *words],  # noqa: S607  the git of the person who asks
            stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_TIMEOUT_S,
            env=environment,
        )  # fmt: skip
    except FileNotFoundError:
        raise BinderError("OCT-B012", "git is not installed", hint="install git") from None
    except subprocess.TimeoutExpired:
        raise BinderError("OCT-B012", f"git did not answer within {_TIMEOUT_S} s") from None
    return Done(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


class Remote:
    """A remote repository; each question is asked once."""

    def __init__(self, url: str, runner: "Runner" = run_git) -> None:
        self.url = _checked(url)
        self._runner = runner
        self._refs: dict[str, str] | None = None
        self._head = ""
        self._files: dict[str, list[str]] = {}

    @property
    def refs(self) -> "Mapping[str, str]":
        """The commit of each full ref name, and of HEAD.

        Raises: `BinderError` OCT-B012 when the repository cannot be reached.
        """
        if self._refs is None:
            done = self._runner(["ls-remote", "--symref", "--", self.url])
            if done.code:
                raise BinderError(
                    "OCT-B012", f"{self.url}: git cannot read this repository",
                    hint=_reason(done.err),
                )  # fmt: skip
            self._refs = {}
            for line in done.out.decode("utf-8", "replace").split("\n"):
                value, _, name = line.partition("\t")
                if value.startswith("ref: ") and name == "HEAD":
                    self._head = value.removeprefix("ref: refs/heads/")
                elif name:
                    self._refs[name] = value
        return self._refs

    @property
    def default_branch(self) -> str:
        """The branch that HEAD stands for, empty if the server does not tell."""
        return self._head if self.refs else ""

    @property
    def branches(self) -> list[str]:
        """The names of all branches."""
        start = "refs/heads/"
        return [name.removeprefix(start) for name in self.refs if name.startswith(start)]

    def is_tag(self, name: str) -> bool:
        """Return whether there is a tag, and no branch, of that name."""
        return f"refs/tags/{name}" in self.refs and f"refs/heads/{name}" not in self.refs

    def tail_matches(self, ref: str) -> list[str]:
        """Return the refs that `git ls-remote URL REF` would list: those that end so."""
        return sorted(name for name in self.refs if f"/{name}".endswith(f"/{ref}"))

    def commit(self, ref: str) -> str:
        """Return the commit that a branch, tag, HEAD or commit id stands for, empty if none.

        An annotated tag stands for the commit it points to.
        """
        if is_commit(ref):
            return ref
        for name in (ref, f"refs/heads/{ref}", f"refs/tags/{ref}"):
            found = self.refs.get(f"{name}^{{}}") or self.refs.get(name)
            if found:
                return found
        return ""

    def pinned(self, ref: str) -> str:
        """Return the commit of *ref*.

        Raises: `BinderError` OCT-B013 for a ref that is not there.
        """
        found = self.commit(check_ref(ref))
        if not found:
            from octavo.core.errors import did_you_mean

            raise BinderError(
                "OCT-B013", f"{self.url} has no branch or tag {ref!r}",
                hint=did_you_mean(ref, self.branches) or _listed(self.branches),
            )  # fmt: skip
        return found

    def files(self, ref: str) -> list[str]:
        """Return the paths of all files on a branch or tag: no file itself is fetched.

        Raises: `BinderError` OCT-B012, OCT-B013.
        """
        if ref not in self._files:
            listed = self._asked(ref, ["ls-tree", "-r", "-z", "--name-only", "HEAD"])
            self._files[ref] = [
                name for name in listed.decode("utf-8", "surrogateescape").split("\0") if name
            ]
        return self._files[ref]

    def texts(self, ref: str, names: "Sequence[str]") -> dict[str, str]:
        """Return the text of files on a branch or tag.

        Raises: `BinderError` OCT-B012, OCT-B013.
        """
        return {
            name: self._asked(ref, ["show", f"HEAD:{name}"]).decode("utf-8", "replace")
            for name in names
        }

    def _asked(self, ref: str, question: list[str]) -> bytes:
        """Return the answer of a bare clone of one ref, which is gone afterwards."""
        from tempfile import TemporaryDirectory

        self.pinned(ref)
        branch = self.default_branch if ref == "HEAD" else ref.removeprefix("refs/heads/")
        where = ["--branch", branch] if branch else []
        with TemporaryDirectory(prefix="octavo-") as folder:
            place = f"{folder}/clone"
            err = ""
            for attempt in _ATTEMPTS:
                words = ["clone", "--quiet", "--bare", *attempt, *where, "--", self.url, place]
                done = self._runner(words)
                if done.code == 0:
                    answer = self._runner(["--git-dir", place, *question])
                    if answer.code == 0:
                        return answer.out
                    done = answer
                err = done.err
        raise BinderError("OCT-B012", f"{self.url}: {ref} cannot be read", hint=_reason(err))


def _checked(url: str) -> str:
    if not url or url.startswith("-") or "::" in url or not url.isprintable():
        raise BinderError("OCT-B006", f"{url!r} is no URL of a repository")
    return url


def _reason(err: str) -> str:
    lines = [line for line in err.strip().split("\n") if line]
    return lines[-1].removeprefix("fatal: ") if lines else "is the address right?"


def _listed(branches: list[str]) -> str:
    return "it has " + ", ".join(branches[:8]) if branches else "it has no branches"
