"""Where environments come from: the providers of BinderHub, their specs and their addresses.

A *spec* is what stands behind `/v2/PROVIDER/` in a link, percent-encoded as BinderHub wants it.
"""

from urllib.parse import quote, unquote

from octavo.binder.errors import BinderError
from octavo.binder.refs import check_ref
from octavo.core.errors import did_you_mean
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_DOI = lazy(r"10\.\d+/.+", 16)  # DOTALL
_SCP = lazy(r"(?:[\w.-]+@)([\w.-]+):(?!//)(.+)")
_HEX_ID = lazy(r"[0-9a-f]{32}")
_GIT_URL = lazy(r"(?:https?|git|ssh)://[^/\s]+/\S+")
_WEB_URL = lazy(r"https?://[^/\s]+/\S+")
_DOI_SITES = ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "doi:")
_DOI_MARKS = (("zenodo", "zenodo"), ("figshare", "figshare"), ("/dvn/", "dataverse"))


class Provider:
    """A provider: how its spec is made and taken apart.

    `default_ref` is None where there are no refs, "" where a link may go without.
    """

    __slots__ = ("check", "clone_url", "default_ref", "join", "name", "sample", "split", "title")

    def __init__(
        self,
        name: str,
        title: str,
        sample: str,
        *,
        join: "Callable[[str, str], str]",
        split: "Callable[[str], tuple[str, str]]",
        check: "Callable[[str], str]",
        default_ref: str | None = None,
        clone_url: "Callable[[str], str]" = lambda _repository: "",
    ) -> None:
        self.name = name
        self.title = title
        self.sample = sample
        self.join = join
        self.split = split
        self.check = check
        self.default_ref = default_ref
        self.clone_url = clone_url


class Environment:
    """What an image is built from: a provider, a repository there, and a ref."""

    __slots__ = ("provider", "ref", "repository")

    def __init__(self, provider: str, repository: str, ref: str = "") -> None:
        kind = get_provider(provider)
        if kind.default_ref is None and ref:
            raise BinderError(
                "OCT-B003",
                f"{kind.title} has no branches: {ref!r} cannot be asked for",
                hint="name the version in the identifier instead",
            )
        self.provider = provider
        self.repository = kind.check(repository)
        self.ref = ref or kind.default_ref or ""
        if self.ref:
            check_ref(self.ref)

    def _key(self) -> tuple[str, str, str]:
        return (self.provider, self.repository, self.ref)

    def __eq__(self, other: object) -> bool:
        """Return whether both name the same environment."""
        return isinstance(other, Environment) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return "Environment({!r}, {!r}, {!r})".format(*self._key())

    @property
    def spec(self) -> str:
        """The spec, as it stands in a link."""
        return get_provider(self.provider).join(self.repository, self.ref)

    @property
    def clone_url(self) -> str:
        """The address to clone from, empty for an archive."""
        return get_provider(self.provider).clone_url(self.repository)

    def at(self, ref: str) -> "Environment":
        """Return the same repository at another ref."""
        return Environment(self.provider, self.repository, ref)


def get_provider(name: str) -> Provider:
    """Return a provider by its name.

    Raises: `BinderError` OCT-B002.
    """
    if name in PROVIDERS:
        return PROVIDERS[name]
    hint = did_you_mean(name, list(PROVIDERS)) or "known: " + ", ".join(PROVIDERS)
    raise BinderError("OCT-B002", f"unknown provider {name!r}", hint=hint)


def environment(text: str, ref: str = "") -> Environment:
    """Return the environment that a person means: `gh:OWNER/REPO`, `OWNER/REPO`, a URL, a DOI.

    Raises: `BinderError` OCT-B002, OCT-B003, OCT-B007.

    >>> environment("gl:group/sub/project", "main")
    Environment('gl', 'group/sub/project', 'main')
    >>> environment("https://github.com/owner/repo.git")
    Environment('gh', 'owner/repo', 'HEAD')
    """
    prefix, colon, rest = text.partition(":")
    if colon and prefix in PROVIDERS:
        return Environment(prefix, rest, ref)
    if text.startswith(_DOI_SITES) or _DOI.fullmatch(text):
        return Environment(_provider_of_doi(text), text, ref)
    if "://" in text or _SCP.fullmatch(text):
        return Environment(*_of_url(text), ref)
    if colon:
        get_provider(prefix)  # says what is wrong
    return Environment("gh", text, ref)


def repository_url(text: str) -> str:
    """Return the URL of a repository: *text* itself, or that of `gh:OWNER/REPO`, `OWNER/REPO`.

    Raises: `BinderError` OCT-B002, OCT-B003.

    >>> repository_url("owner/repo")
    'https://github.com/owner/repo'
    """
    prefix, colon, _ = text.partition(":")
    if "://" in text or _SCP.fullmatch(text) or (colon and prefix not in PROVIDERS):
        return text
    url = environment(text).clone_url
    if not url:
        raise BinderError("OCT-B003", f"nothing can be cloned from {text!r}", hint="name a URL")
    return url


def https_url(url: str) -> str:
    """Return the address that needs no key for an ssh or scp URL, empty if there is no such host.

    >>> https_url("git@github.com:owner/repo.git")
    'https://github.com/owner/repo.git'
    """
    found = _SCP.fullmatch(url)
    host, path = (found[1], found[2]) if found else ("", "")
    if url.startswith(("ssh://", "git://")):
        host, _, path = url.partition("://")[2].rpartition("@")[2].partition("/")
    return f"https://{host}/{path.lstrip('/')}" if host in PUBLIC_HOSTS else ""


PUBLIC_HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org")


def _of_url(url: str) -> tuple[str, str]:
    """Return the provider and the repository that a URL stands for."""
    host, _, path = url.partition("://")[2].partition("/")
    sites = {"github.com": "gh", "www.github.com": "gh", "gitlab.com": "gl",
             "gist.github.com": "gist", "www.hydroshare.org": "hydroshare"}  # fmt: skip
    provider = sites.get(host, "") if url.startswith(("http://", "https://")) else ""
    if provider == "hydroshare":
        return provider, url
    if provider and (provider == "gl" or path.strip("/").count("/") == 1):
        return provider, path.strip("/")
    if "/dataset/" in f"/{path}":
        return "ckan", url
    return "git", url


def _provider_of_doi(text: str) -> str:
    for mark, provider in _DOI_MARKS:
        if mark in text.lower():
            return provider
    raise BinderError(
        "OCT-B003", f"{text!r} does not tell whose DOI it is",
        hint="write zenodo:, figshare: or dataverse: before it",
    )  # fmt: skip


def _wrong(text: str, provider: str, sample: str) -> BinderError:
    return BinderError(
        "OCT-B003", f"{text!r} is no repository of {provider}", hint=f"it looks like {sample}"
    )


def _plain(text: str) -> str:
    """Return a path of names without what pasting brings along."""
    return text.strip().strip("/").removesuffix(".git")


def _are_names(parts: list[str]) -> bool:
    bad = set(" \t\r\n%?#\\<>\"'`&;:@|$(){}[]*^~")
    return all(
        part and part not in (".", "..") and part[0] != "-" and not bad & set(part)
        and part.isprintable() and part.isascii()
        for part in parts
    )  # fmt: skip


def _check_gh(text: str) -> str:
    name = _plain(text)
    parts = name.split("/")
    if len(parts) != 2 or not _are_names(parts):
        raise _wrong(text, "GitHub", "gh:OWNER/REPO")
    return name


def _check_gl(text: str) -> str:
    name = _plain(text)
    parts = name.split("/")
    if len(parts) < 2 or not _are_names(parts):
        raise _wrong(text, "GitLab", "gl:GROUP/PROJECT, with groups in groups")
    return name


def _check_gist(text: str) -> str:
    name = _plain(text)
    parts = name.split("/")
    if len(parts) != 2 or not _are_names(parts) or set(parts[1]) - set("0123456789abcdef"):
        raise _wrong(text, "Gist", "gist:USER/ID")
    return name


def _check_git(text: str) -> str:
    url = text.strip()
    found = _SCP.fullmatch(url)
    if found:
        url = f"ssh://{url.partition(':')[0]}/{found[2].lstrip('/')}"
    if not _GIT_URL.fullmatch(url) or not url.isprintable():
        raise _wrong(text, "Git", "git:https://HOST/PATH (http, https, git or ssh)")
    return url


def _check_doi(text: str) -> str:
    doi = text.strip()
    for site in _DOI_SITES:
        doi = doi.removeprefix(site)
    doi = doi.rstrip("/")
    if not _DOI.fullmatch(doi) or not doi.isprintable() or " " in doi:
        raise _wrong(text, "a DOI archive", "10.5281/zenodo.3242074")
    return doi


def _check_hydroshare(text: str) -> str:
    name = text.strip().rstrip("/")
    if not _HEX_ID.search(name) or not name.isprintable():
        raise _wrong(text, "Hydroshare", "32 hexadecimal digits, or the URL of a resource")
    return name


def _check_ckan(text: str) -> str:
    url = text.strip().rstrip("/")
    if not _WEB_URL.fullmatch(url) or "/dataset/" not in url or not url.isprintable():
        raise _wrong(text, "CKAN", "https://HOST/dataset/ID")
    return url


def _join_path(repository: str, ref: str) -> str:
    return f"{quote(repository, safe='/')}/{quote(ref, safe='/')}"


def _join_quoted(repository: str, ref: str) -> str:
    return f"{quote(repository, safe='')}/{quote(ref, safe='/')}"


def _join_gist(repository: str, ref: str) -> str:
    return f"{repository}/{ref}" if ref else repository


def _split_two(spec: str) -> tuple[str, str]:
    """Take OWNER/NAME[/REF] apart; the ref may hold slashes."""
    parts = spec.split("/", 2)
    return unquote("/".join(parts[:2])), unquote("".join(parts[2:]))


def _split_first(spec: str) -> tuple[str, str]:
    repository, _, ref = spec.partition("/")
    return unquote(repository), unquote(ref)


def _split_none(spec: str) -> tuple[str, str]:
    return unquote(spec).rstrip("/"), ""


def _archive(name: str, title: str, sample: str) -> Provider:
    return Provider(
        name, title, sample, check=_check_doi, split=_split_none,
        join=lambda doi, _ref: quote(doi, safe="/"),
    )  # fmt: skip


PROVIDERS = {
    provider.name: provider
    for provider in (
        Provider(
            "gh", "GitHub", "OWNER/REPO", join=_join_path, split=_split_two, check=_check_gh,
            default_ref="HEAD", clone_url=lambda name: f"https://github.com/{name}",
        ),
        Provider(
            "gist", "Gist", "USER/ID", join=_join_gist, split=_split_two, check=_check_gist,
            default_ref="", clone_url=lambda name: f"https://gist.github.com/{name}.git",
        ),
        Provider(
            "gl", "GitLab", "GROUP/PROJECT", join=_join_quoted, split=_split_first,
            check=_check_gl, default_ref="HEAD",
            clone_url=lambda name: f"https://gitlab.com/{name}.git",
        ),
        Provider(
            "git", "Git", "https://HOST/PATH", join=_join_quoted, split=_split_first,
            check=_check_git, default_ref="HEAD", clone_url=lambda url: url,
        ),
        _archive("zenodo", "Zenodo", "10.5281/zenodo.3242074"),
        _archive("figshare", "Figshare", "10.6084/m9.figshare.9782777.v1"),
        _archive("dataverse", "Dataverse", "10.7910/DVN/TJCLKP"),
        Provider(
            "hydroshare", "Hydroshare", "b8f6eae9d89241cf8b5904033460af61", split=_split_none,
            join=lambda name, _ref: quote(name, safe=""), check=_check_hydroshare,
        ),
        Provider(
            "ckan", "CKAN", "https://HOST/dataset/ID", split=_split_none,
            join=lambda url, _ref: quote(url, safe=""), check=_check_ckan,
        ),
    )
}  # fmt: skip
