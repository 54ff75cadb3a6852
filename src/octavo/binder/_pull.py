"""Get the content of a launch from local repositories, through nbgitpuller's own endpoints."""

import os
import subprocess
from html import unescape
from urllib.parse import quote, unquote

from octavo.binder._broken import BrokenLink
from octavo.binder._jupyter import ServerError
from octavo.binder.refs import is_commit
from octavo.core.errors import OptionError, did_you_mean
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from octavo.binder._jupyter import Server
    from octavo.binder.links import Launch

_ATTRIBUTE = lazy(r'data-(repo|path|branch|depth|backup|targetpath)="([^"]*)"')
_ASKED = ("repo", "targetpath", "branch", "depth", "backup")
_GIT_TIMEOUT_S = 60
_CONFIG = b"[safe]\n\tdirectory = *\n[user]\n\tname = Octavo\n\temail = octavo@localhost\n"


class Source:
    """A repository: its URL in the link, and the local one that stands for it ("": the network)."""

    __slots__ = ("local", "url")

    def __init__(self, url: str, local: str) -> None:
        self.url = url
        self.local = local

    def names(self, kind: str) -> list[str]:
        """Return the names of its branches ("heads"), tags or remote-tracking branches."""
        listed = self._git("for-each-ref", "--format=%(refname)", f"refs/{kind}")
        return [line.removeprefix(f"refs/{kind}/") for line in listed.split("\n") if line]

    def has_commit(self, name: str) -> bool:
        """Return whether *name* is one of its commits."""
        return is_commit(name) and bool(
            self._git("rev-parse", "-q", "--verify", name + "^{commit}")
        )

    def _git(self, *words: str) -> str:
        if not self.local:
            return ""
        argv = ["git", "-c", "safe.directory=*", "-C", self.local, *words]
        done = subprocess.run(  # noqa: S603  fixed words, a path that the user named
            argv, capture_output=True, timeout=_GIT_TIMEOUT_S, check=False, env=_plain_environment()
        )
        return done.stdout.decode("utf-8", "replace").strip()


class Sources:
    """The local repositories that stand for those of the links.

    Raises: `OptionError` OCT-B202 for a folder that is no repository.
    """

    def __init__(self, mapping: "Mapping[str, str]", *, is_online: bool) -> None:
        self._is_online = is_online
        self._local: dict[str, str] = {}
        self._used: list[Source] = []
        for url, path in mapping.items():
            self._local[_plain_url(url)] = _repository_folder(path)

    def of(self, url: str) -> Source:
        """Return the source of a URL.

        Raises: `BrokenLink` OCT-B201 when none stands for it and the network is not wanted.
        """
        local = self._local.get(_plain_url(url), "")
        if not local and url.startswith("file://"):
            local = _repository_folder(unquote(url.removeprefix("file://")))
        if not local and not self._is_online:
            known = did_you_mean(_plain_url(url), list(self._local))
            raise BrokenLink(
                "OCT-B201", f"no local repository stands for {url}",
                hint=known or f"add --map {url}=FOLDER, or --online to ask the network",
            )  # fmt: skip
        source = Source(url, local)
        self._used.append(source)
        return source

    def git_environment(self, folder: str) -> dict[str, str]:
        """Return the environment in which git finds the sources, and (offline) nothing else."""
        from octavo.workspace import files

        config = os.path.join(folder, "gitconfig")
        files.replace_file(config, _CONFIG)
        mapped = [source for source in self._used if source.local]
        environment = {
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": config,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true",
            "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
            "GIT_CONFIG_COUNT": str(len(mapped)),
        }
        for i, source in enumerate(mapped):
            environment[f"GIT_CONFIG_KEY_{i}"] = f"url.file://{source.local}.insteadOf"
            environment[f"GIT_CONFIG_VALUE_{i}"] = source.url
        if not self._is_online:
            environment["GIT_ALLOW_PROTOCOL"] = "file"
        return environment


def through_nbgitpuller(server: "Server", request: str, launch: "Launch", source: Source) -> str:
    """Clone through nbgitpuller, pull again, and return where it sends the browser.

    Raises: `ServerError` OCT-B203 without nbgitpuller, `BrokenLink` for what fails.
    """
    answer = server.get(request)
    if answer.status != 200:
        raise ServerError(
            "OCT-B203", f"the server answers {answer.status} for git-pull: no nbgitpuller there",
            hint="`python -m pip install nbgitpuller` in the environment of --python",
        )  # fmt: skip
    page = {name: unquote(unescape(value)) for name, value in _ATTRIBUTE.findall(answer.text)}
    _same_as_meant(page, launch, source)
    asked = "&".join(f"{key}={quote(page[key], safe='')}" for key in _ASKED if page.get(key))
    for times in ("first", "second"):
        _one_pull(server, f"git-pull/api?{asked}", page.get("branch", ""), source, times)
    return page.get("path", "").lstrip("/")


def as_environment(
    root: str, environment: "Mapping[str, str]", launch: "Launch", source: Source
) -> None:
    """Put the files of the environment's repository where its image has them: the home folder.

    Raises: `BrokenLink` OCT-B214 when its ref does not exist.
    """
    ref = launch.environment.ref if launch.environment else "HEAD"
    for words in (
        ("init", "-q"),
        ("fetch", "-q", "--depth", "1", "--", source.url, ref),
        ("checkout", "-q", "FETCH_HEAD"),
    ):
        done = subprocess.run(  # noqa: S603  fixed words, a checked ref
            ["git", *words],  # noqa: S607
            cwd=root, capture_output=True, check=False, timeout=_GIT_TIMEOUT_S,
            env={**_plain_environment(), **environment},
        )  # fmt: skip
        if done.returncode:
            text = done.stderr.decode("utf-8", "replace").strip()
            raise BrokenLink("OCT-B214", f"{source.url} cannot be had at {ref}: {text}")


def _same_as_meant(page: "Mapping[str, str]", launch: "Launch", source: Source) -> None:
    """Raise if nbgitpuller understood another repository or branch than was meant."""
    branch = launch.content.branch if launch.content else ""
    if page.get("repo") != source.url:
        raise BrokenLink("OCT-B211", f"nbgitpuller would clone {page.get('repo')!r}")
    if page.get("branch", "") != branch:
        raise BrokenLink(
            "OCT-B211", f"nbgitpuller would pull branch {page.get('branch', '')!r}, not {branch!r}"
        )


def _one_pull(server: "Server", path: str, branch: str, source: Source, times: str) -> None:
    for event in server.events(path):
        if event.get("phase") == "error":
            error = event.get("error")
            code = str(error.get("code", "")) if isinstance(error, dict) else ""
            output = str(event.get("output") or event.get("message") or "")
            raise _explained(branch, source, times, code, output)


def _explained(branch: str, source: Source, times: str, code: str, output: str) -> BrokenLink:
    """Return why a pull failed, from what the repository has."""
    heads = source.names("heads")
    if branch and branch not in heads:
        if branch in source.names("tags"):
            return BrokenLink(
                "OCT-B215", f"{branch!r} is a tag: nbgitpuller fails on the second click",
                hint=f"make a branch of it: `git branch NAME {branch}`",
            )  # fmt: skip
        if source.has_commit(branch):
            return BrokenLink(
                "OCT-B215", f"{branch!r} is a commit: nbgitpuller pulls branches only",
                hint=f"make a branch of it: `git branch NAME {branch}`",
            )  # fmt: skip
        if source.local or code == "branch_exist":
            return BrokenLink(
                "OCT-B214", f"{source.url} has no branch {branch!r}",
                hint=_branch_hint(branch, source, heads),
            )  # fmt: skip
    if not branch and code == "branch_resolve":
        return BrokenLink(
            "OCT-B214", f"{source.url} has no default branch that could be pulled",
            hint="name the branch in the link",
        )  # fmt: skip
    lines = [line.strip() for line in output.strip().split("\n") if line.strip()]
    reason = lines[-1] if lines else "no reason was given"
    return BrokenLink("OCT-B216", f"the {times} pull of {source.url} failed: {reason}")


def _branch_hint(branch: str, source: Source, heads: list[str]) -> str:
    remote = [name for name in source.names("remotes") if name.partition("/")[2] == branch]
    if remote:
        return (
            f"{source.local} has it as {remote[0]} only: "
            f"`git branch {branch} {remote[0]}` makes it a branch there"
        )
    return did_you_mean(branch, heads) or ("it has: " + ", ".join(heads[:5]) if heads else "")


def _plain_url(url: str) -> str:
    """Return a URL without what makes no other repository: `.git`, a slash, case of the host."""
    scheme, mark, rest = url.strip().partition("://")
    host, slash, path = rest.partition("/")
    plain = f"{scheme.lower()}{mark}{host.lower()}{slash}{path}" if mark else url.strip()
    return plain.rstrip("/").removesuffix(".git")


def _repository_folder(path: str) -> str:
    folder = os.path.abspath(os.path.expanduser(path))
    if not os.path.isdir(folder):
        raise OptionError("OCT-B202", f"{path}: no such folder", hint="--map URL=FOLDER")
    if not _is_repository(folder):
        raise OptionError("OCT-B202", f"{path}: no git repository")
    return folder


def _is_repository(folder: str) -> bool:
    try:
        done = subprocess.run(  # noqa: S603  fixed words, a path that the user named
            ["git", "-c", "safe.directory=*", "-C", folder, "rev-parse", "--git-dir"],  # noqa: S607
            capture_output=True, check=False, timeout=_GIT_TIMEOUT_S, env=_plain_environment(),
        )  # fmt: skip
    except FileNotFoundError:
        raise ServerError("OCT-B205", "git is not installed") from None
    # A folder inside another repository is no repository of its own.
    return done.returncode == 0 and done.stdout.strip() in (b".", b".git", folder.encode())


def _plain_environment() -> dict[str, str]:
    """Return our environment without what points git to another repository."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
