"""The rules of `octavo binder lint`: what each finds, and those that need nothing but the link.

A rule for links takes the launch that was meant and returns what is wrong with it, together with
a better launch where there is one right answer.
"""

from octavo.binder.links import BINDER, Launch
from octavo.binder.providers import PUBLIC_HOSTS, Environment, environment, https_url
from octavo.binder.refs import is_commit
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ERROR = "error"
WARNING = "warning"
ADVICE = "advice"

#: Rule -> (how bad it is, what it finds).  Error: the launch goes wrong; warning: it may, now or
#: some day; advice: it works.
RULES = {
    "L1": (ERROR, "`&amp;` where no HTML is: branch and file are dropped silently"),
    "L2": (ERROR, "an unescaped `&` inside urlpath: the hub takes what follows for itself"),
    "L3": (ERROR, "`#`, `?` or `%` encoded too few times: the path is cut or another one"),
    "L4": (ERROR, "the address begins with no application, or not with the folder of the clone"),
    "L5": (ERROR, "the content's branch is a tag or a commit: the second launch fails"),
    "L6": (ERROR, "the branch or repository does not exist (--online)"),
    "L7": (ERROR, "the file does not exist on the branch (--online)"),
    "L8": (WARNING, "master or main is not the default branch any more (--online, --rename)"),
    "L9": (WARNING, "an old form: filepath, labpath, subPath, app, autodecode, RetroLab ..."),
    "L10": (ERROR, "a password or token in the link: everybody who sees it has it"),
    "L11": (ERROR, "the environment does not install nbgitpuller (--online)"),
    "L12": (WARNING, "the ref of a git environment means several refs (--online)"),
    "L13": (ERROR, "both binder/ and .binder/ exist: repo2docker refuses"),
    "L14": (ERROR, 'start does not end with exec "$@", is not executable, or has CRLF'),
    "L15": (ERROR, "a line of apt.txt is no package name"),
    "L16": (ERROR, "runtime.txt is not of the form that repo2docker reads"),
    "L17": (WARNING, "FROM an image without a tag, or with latest: it changes under you"),
    "L18": (ADVICE, "the environment is HEAD: every commit builds a new image"),
    "L19": (WARNING, ".ipynb_checkpoints are committed"),
    "L20": (ERROR, "the content is fetched by ssh or from a local file: nobody else can"),
    "L21": (ERROR, "the hub has left the federation of mybinder.org"),
    "L22": (WARNING, "http:// instead of https://"),
    "L23": (WARNING, "the repository is not written as its provider wants it"),
    "L24": (WARNING, "the link is longer than 2,000 characters: some programs cut it"),
    "L25": (ERROR, "`next` of an LTI link lacks the base path of the hub"),
    "L26": (WARNING, "a parameter that nbgitpuller does not know or cannot read"),
}

_GONE = frozenset(
    "gke.mybinder.org gke2.mybinder.org ovh.mybinder.org ovh2.mybinder.org turing.mybinder.org "
    "curvenote.mybinder.org binder.curvenote.dev".split()
)
_LONGEST = 2000
_SECRET = lazy(
    r"gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{15,}|x-access-token|x-oauth-basic"
)
_SECRET_KEY = lazy(r"(?:access_|private_|auth_)?token|api_?key|password|secret", 2)  # IGNORECASE
_LOCAL_HOST = lazy(r"http://(?:localhost|127(?:\.\d+){3}|\[::1\])(?=[:/]|$)")
_CHECKPOINTS = ".ipynb_checkpoints"


class Problem:
    """What a rule found, and the launch without it (None where a person must decide)."""

    __slots__ = ("better", "message", "rule")

    def __init__(self, rule: str, message: str, better: Launch | None = None) -> None:
        self.rule = rule
        self.message = message
        self.better = better


def level(rule: str) -> str:
    """Return how bad a finding is: "error", "warning" or "advice"."""
    return RULES[rule][0] if rule in RULES else ERROR


def problems(launch: Launch, url: str) -> "Iterator[Problem]":
    """Yield what is wrong with a launch, each problem seen with the earlier ones repaired."""
    for rule in (_commit_as_branch, _secret, _head, _ssh, _gone, _http, _mismatch, _checkpoints):
        problem = rule(launch)
        if problem is not None:
            launch = problem.better or launch
            yield problem
    if len(url) > _LONGEST:
        yield Problem("L24", f"the link has {len(url):,} characters")


def renamed(launch: Launch, old: str, new: str) -> Problem | None:
    """Return the problem that a branch was renamed, if the launch still uses the old name."""
    better = launch
    if launch.content is not None and launch.content.branch == old:
        better = better.with_(content=launch.content.with_(branch=new))
    place = launch.environment
    if place is not None and place.ref in (old, f"refs/heads/{old}"):
        better = better.with_(environment=place.at(place.ref.removesuffix(old) + new))
    if better == launch:
        return None
    return Problem("L8", f"branch {old} was renamed to {new}", better)


def _commit_as_branch(launch: Launch) -> Problem | None:
    content = launch.content
    if content is None or not is_commit(content.branch):
        return None
    return Problem("L5", f"nbgitpuller cannot pull the commit {content.branch}: name a branch")


def _secret(launch: Launch) -> Problem | None:
    url = launch.content.repository if launch.content else ""
    place = launch.environment.repository if launch.environment else ""
    for text in (url, place):
        if text.startswith(("http://", "https://")) and "@" in _host(text):
            return Problem("L10", "the URL of the repository holds a user name or password")
        if _SECRET.search(text) or any(
            _SECRET_KEY.fullmatch(part.partition("=")[0])
            for part in text.partition("?")[2].split("&")
        ):
            return Problem("L10", "the URL of the repository holds a token")
    if any(_SECRET_KEY.fullmatch(key) for key, _ in launch.extra):
        return Problem("L10", "the link holds a token")
    return None


def _head(launch: Launch) -> Problem | None:
    if launch.environment is None or launch.environment.ref != "HEAD":
        return None
    return Problem("L18", "the environment is HEAD, not a branch, tag or commit of its own")


def _ssh(launch: Launch) -> Problem | None:
    content, place = launch.content, launch.environment
    if content is not None and not content.repository.startswith(("http://", "https://")):
        better = https_url(content.repository)
        change = content.with_(repository=better) if better else None
        return Problem(
            "L20", f"people who open the link cannot fetch {content.repository}",
            launch.with_(content=change) if change else None,
        )  # fmt: skip
    if place is not None and place.provider == "git" and place.repository.startswith("ssh://"):
        better = https_url(place.repository)
        change_place = environment(better, place.ref) if better else None
        return Problem(
            "L20", f"the hub cannot fetch {place.repository}",
            launch.with_(environment=change_place) if change_place else None,
        )  # fmt: skip
    return None


def _gone(launch: Launch) -> Problem | None:
    host = _host(launch.hub)
    if host not in _GONE:
        return None
    scheme = launch.hub.partition("://")[0]
    better = launch.with_(hub=f"{scheme}://mybinder.org")
    return Problem("L21", f"{host} has left the federation: use mybinder.org", better)


def _http(launch: Launch) -> Problem | None:
    content, place = launch.content, launch.environment
    urls = [launch.hub]
    urls += [content.repository] if content is not None else []
    urls += [place.repository] if place is not None else []
    plain = [url for url in urls if url.startswith("http://") and not _LOCAL_HOST.match(url)]
    if not plain:
        return None
    better = launch.with_(hub=_secured(launch.hub))
    if content is not None:
        better = better.with_(content=content.with_(repository=_secured(content.repository)))
    if place is not None and place.provider in ("git", "ckan", "hydroshare"):
        other = Environment(place.provider, _secured(place.repository), place.ref)
        better = better.with_(environment=other)
    return Problem("L22", f"not encrypted: {plain[0]}", better if better != launch else None)


def _mismatch(launch: Launch) -> Problem | None:
    place = launch.environment
    if place is None or place.provider != "git":
        return None
    better = environment(place.repository, place.ref)
    if better.provider not in ("gh", "gl"):
        return None
    ref = better.ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    return Problem(
        "L23", f"{place.repository} belongs to the provider {better.provider}, not git",
        launch.with_(environment=better.at(ref)),
    )  # fmt: skip


def _checkpoints(launch: Launch) -> Problem | None:
    if _CHECKPOINTS not in launch.path.split("/"):
        return None
    return Problem("L19", f"opens an automatic copy in {_CHECKPOINTS}, not the notebook")


def _secured(url: str) -> str:
    host = _host(url)
    is_known = host in PUBLIC_HOSTS or host == "mybinder.org" or host.endswith(".mybinder.org")
    return "https" + url[4:] if url.startswith("http://") and is_known else url


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def has_content(launch: Launch) -> bool:
    """Return whether a BinderHub pulls content into the environment that it built."""
    return launch.kind == BINDER and launch.content is not None
