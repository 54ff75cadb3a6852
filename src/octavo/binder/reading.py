"""Take launch links apart, also those that are wrong: what was meant, and each fault on the way.

The steps are those of BinderHub's page and of nbgitpuller's server, and each says what it had to
overlook.  `parse` is the inverse of `octavo.binder.links.build`.
"""

from urllib.parse import unquote, unquote_plus

from octavo.binder import links
from octavo.binder.apps import APPS, RETRO_PREFIX, by_prefix
from octavo.binder.errors import BinderError
from octavo.binder.links import BINDER, JUPYTERHUB, LTI, SERVER, Content, Launch
from octavo.binder.providers import PROVIDERS, Environment
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

Pairs = list[tuple[str, str]]

_PULL_KEYS = frozenset(
    "repo branch depth backup targetpath targetPath urlpath urlPath subpath subPath app".split()
)
_ENDPOINTS = ("git-pull", "git-sync", "interact")
_BINDER = lazy(r"(https?://[^/?#]+(?:/[^?#]*?)??)/v2/(" + "|".join(PROVIDERS) + r")/([^?#]+)")
_LTI = lazy(r"(https?://[^/?#]+(?:/[^?#]*?)??)/hub/lti(?:13)?/launch/?")
_REDIRECT = lazy(r"(https?://[^/?#]+(?:/[^?#]*?)??)/(?:hub/)?user-redirect/([^?#]*)")
_SERVER = lazy(r"(https?://[^/?#]+(?:/[^?#]*?)??)/(git-pull|git-sync|interact)/?")
_BARE_PERCENT = lazy(r"%(?![0-9A-Fa-f]{2})")
_PAGE_QUERY = lazy(r"[A-Za-z_-]+(?:=[^?#&]*)?(?:&[A-Za-z_-]+(?:=[^?#&]*)?)*")
_HEX = lazy(r"(?:git-pull|git-sync)%3[fF]")


class Fault:
    """Something wrong with a link: the rule it breaks, what is wrong, whether we know better."""

    __slots__ = ("is_fixed", "message", "rule")

    def __init__(self, rule: str, message: str, *, is_fixed: bool = True) -> None:
        self.rule = rule
        self.message = message
        self.is_fixed = is_fixed

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Fault({self.rule!r}, {self.message!r}, is_fixed={self.is_fixed})"


class Reading:
    """A link taken apart: what it means to launch, and what is wrong with how it says so."""

    __slots__ = ("faults", "launch")

    def __init__(self, launch: Launch, faults: list[Fault]) -> None:
        self.launch = launch
        self.faults = faults


def parse(url: str, *, parent: str = "") -> Launch:
    """Return the launch that a link stands for: the inverse of `build`.

    Raises: `BinderError` OCT-B001 for what is no launch link, and the errors of `Environment`.

    >>> parse("https://mybinder.org/v2/gh/owner/repo/main?urlpath=lab/tree/a.ipynb").path
    'a.ipynb'
    """
    return read(url, parent=parent).launch


def read(url: str, *, parent: str = "") -> Reading:
    """Return what a link means and its faults.

    *parent* is the folder that the hub clones into (NBGITPULLER_PARENTPATH).

    Raises: as `parse`.
    """
    reader = _Reader(parent)
    launch = reader.launch(url.strip())
    return Reading(launch, reader.faults)


def is_launch(url: str) -> bool:
    """Return whether *url* has the form of a launch link, right or wrong."""
    head = url.partition("?")[0].partition("#")[0]
    if _BINDER.fullmatch(head) or _LTI.fullmatch(head) or _REDIRECT.fullmatch(head):
        return True
    return bool(_SERVER.fullmatch(head)) and "repo=" in url


class _Reader:
    """Reads one link; gathers its faults."""

    def __init__(self, parent: str) -> None:
        self.parent = parent
        self.faults: list[Fault] = []

    def note(self, rule: str, message: str, *, is_fixed: bool = True) -> None:
        """Note a fault, each rule with the same message once."""
        if all((fault.rule, fault.message) != (rule, message) for fault in self.faults):
            self.faults.append(Fault(rule, message, is_fixed=is_fixed))

    def launch(self, url: str) -> Launch:
        head, _, tail = url.partition("?")
        head, _, hidden = head.partition("#")
        query = self.query(tail)
        if hidden:
            head = head.rstrip("/")
        for pattern, method in (
            (_BINDER, self.binder), (_LTI, self.lti),
            (_REDIRECT, self.redirect), (_SERVER, self.server),
        ):  # fmt: skip
            found = pattern.fullmatch(head)
            if found:
                return method(found.groups(), query)
        raise BinderError(
            "OCT-B001", f"no launch link: {_shortened(url)}",
            hint="one has /v2/PROVIDER/, hub/user-redirect/ or git-pull?repo= in it",
        )  # fmt: skip

    def query(self, tail: str) -> str:
        """Return the query; what stands behind a bare `#` was meant to be a part of it."""
        query, sign, fragment = tail.partition("#")
        if sign and fragment and ("path=" in query or "repo=" in query):
            self.note("L3", "everything behind the bare `#` never reaches the server")
            return f"{query}%23{fragment.replace('#', '%23')}"
        return query

    def pairs(self, query: str) -> Pairs:
        """Return the parameters of a query, decoded once, as browsers and servers do."""
        pairs = []
        for part in query.split("&"):
            key, _, value = part.partition("=")
            name = unquote_plus(key)
            while name.startswith("amp;"):
                self.note("L1", "`amp;` in the link: `&amp;` was written for `&` where no HTML is")
                name = name.removeprefix("amp;")
            if name:
                pairs.append((name, unquote_plus(value)))
        return pairs

    def binder(self, groups: tuple[str, ...], query: str) -> Launch:
        hub, provider, spec = groups
        environment = self.environment(provider, spec)
        pairs = self.pairs(query)
        keys = [key for key, _ in pairs]
        if "urlpath" not in keys and "repo" in keys:
            raise BinderError("OCT-B001", "a BinderHub link without urlpath pulls nothing",
                              hint="put git-pull?repo=... into urlpath")  # fmt: skip
        start = Launch(hub, BINDER, environment=environment, parent=self.parent)
        for key, app in (("labpath", "doc"), ("filepath", "notebook")):
            if key in keys:
                return self.legacy_path(start, key, app, pairs)
        if "urlpath" not in keys:
            return start.with_(extra=tuple(pairs))
        inner = pairs.pop(keys.index("urlpath"))[1]
        inner = self.decoded_again(inner).lstrip("/")
        endpoint = self.endpoint(inner.partition("?")[0])
        if not endpoint:
            return self.opened(start.with_(extra=tuple(pairs)), inner)
        stray = [pair for pair in pairs if pair[0] in _PULL_KEYS]
        if stray:
            names = ", ".join(dict.fromkeys(key for key, _ in stray))
            self.note("L2", f"an unescaped `&` cuts {names} off from git-pull")
        extra = tuple(pair for pair in pairs if pair[0] not in _PULL_KEYS)
        inside = [*self.pairs(self.query(inner.partition("?")[2])), *stray]
        return self.pulled(start.with_(extra=extra), endpoint, inside)

    def decoded_again(self, inner: str) -> str:
        if _HEX.match(inner.lstrip("/")):
            self.note("L3", "urlpath is encoded once too often")
            return unquote(inner)
        return inner

    def environment(self, provider: str, spec: str) -> Environment:
        kind = PROVIDERS[provider]
        repository, ref = kind.split(self.mended(provider, spec))
        if kind.default_ref and not ref:
            self.note("L23", f"the spec names no ref: {kind.title} links end with one")
        if provider in ("gh", "gl", "gist") and repository.endswith(".git"):
            self.note("L23", f"`.git` does not belong into a {kind.title} spec")
        return Environment(provider, repository, ref)

    def mended(self, provider: str, spec: str) -> str:
        """Return a spec in the form that its provider takes."""
        spec = spec.rstrip("/") if provider in ("gh", "gl", "gist") else spec
        plain = unquote(spec)
        for provider_of_site, site in (("gh", "github.com/"), ("gl", "gitlab.com/")):
            start = plain.partition("://")[2] if "://" in plain else ""
            if provider == provider_of_site and start.startswith(site):
                self.note("L23", "the spec holds a whole URL instead of the repository's name")
                spec = start.removeprefix(site).replace(".git/", "/")
        if provider == "gl" and "%2f" not in spec.lower() and spec.count("/") >= 2:
            if spec == plain:
                self.note("L23", "the slash in a GitLab namespace must be written %2F")
            group, project, ref = spec.split("/", 2)
            return f"{group}%2F{project}/{ref}"
        if provider == "git" and spec.startswith(("http:", "https:")):
            self.note("L23", "the URL in a git spec must be percent-encoded")
            url, _, ref = plain.rpartition("/")
            return f"{unquote(url).replace('/', '%2F').replace(':', '%3A')}/{ref}"
        return spec

    def lti(self, groups: tuple[str, ...], query: str) -> Launch:
        (hub,) = groups
        pairs = self.pairs(query)
        target = next((value for key, value in pairs if key in ("next", "custom_next")), None)
        if target is None:
            raise BinderError("OCT-B001", "an LTI launch without `next` opens no notebook")
        stray = [pair for pair in pairs if pair[0] in _PULL_KEYS]
        if stray:
            self.note("L2", "an unescaped `&` cuts parameters off from git-pull")
        known = _PULL_KEYS | {"next", "custom_next"}
        extra = tuple(pair for pair in pairs if pair[0] not in known)
        base = links.base_path(hub)
        if base != "/" and not target.startswith(base):
            self.note("L25", f"`next` does not begin with the hub's base path {base}")
        rest = target.removeprefix(base).lstrip("/").removeprefix("hub/")
        rest = rest.removeprefix("user-redirect/")
        return self.behind_redirect(Launch(hub, LTI, extra=extra), rest, stray)

    def redirect(self, groups: tuple[str, ...], query: str) -> Launch:
        hub, rest = groups
        return self.behind_redirect(Launch(hub, JUPYTERHUB), f"{rest}?{query}" if query else rest)

    def behind_redirect(
        self, start: Launch, rest: str, stray: "Iterable[tuple[str, str]]" = ()
    ) -> Launch:
        """Return the launch of what stands behind user-redirect/."""
        start = start.with_(parent=self.parent)
        head, _, query = rest.partition("?")
        parts = head.strip("/").split("/")
        if len(parts) <= 2 and parts[-1] in _ENDPOINTS and "repo=" in query:
            endpoint = self.endpoint(parts[-1])
            start = start.with_(server=unquote(parts[0]) if len(parts) == 2 else "")
            return self.pulled(start, endpoint, [*self.pairs(self.query(query)), *stray])
        return self.opened(start, rest)

    def server(self, groups: tuple[str, ...], query: str) -> Launch:
        hub, endpoint = groups
        start = Launch(hub, SERVER, parent=self.parent)
        return self.pulled(start, self.endpoint(endpoint), self.pairs(query))

    def endpoint(self, word: str) -> str:
        word = word.strip("/")
        if word in _ENDPOINTS[1:]:
            self.note("L9", f"`{word}` is an old name of git-pull")
        return word if word in _ENDPOINTS else ""

    def pulled(self, start: Launch, endpoint: str, pairs: Pairs) -> Launch:
        """Return the launch of the parameters of nbgitpuller."""
        if endpoint == "interact":
            pairs = _interact(pairs)
        values = dict(pairs)
        if not values.get("repo"):
            raise BinderError("OCT-B001", "git-pull without `repo` clones nothing")
        unknown = [pair for pair in pairs if pair[0] not in _PULL_KEYS]
        if start.kind in (JUPYTERHUB, SERVER):
            start = start.with_(extra=tuple(unknown))
        elif unknown:
            names = ", ".join(key for key, _ in unknown)
            self.note("L26", f"nbgitpuller does not know the parameter {names}")
        content = Content(
            self.repository(values["repo"]),
            values.get("branch", "").strip(),
            target=(values.get("targetpath") or values.get("targetPath", "")).strip("/"),
            depth=self.depth(values.get("depth", "")),
            backup=values.get("backup", "").lower() not in ("", "false", "0", "no"),
        )
        start = start.with_(content=content)
        address = values.get("urlpath") or values.get("urlPath", "")
        if address:
            return self.opened(start, address.strip())
        return self.default_address(start, values)

    def repository(self, text: str) -> str:
        text = text.strip()
        if text.lower().startswith(("https%3a", "http%3a")):
            self.note("L3", "the URL of the repository is encoded once too often")
            text = unquote(text)
        return text

    def depth(self, text: str) -> int | None:
        if text and not (text.isascii() and text.isdigit()):
            self.note("L26", f"depth is no number: {text!r}")
            return None
        return int(text) if text else None

    def default_address(self, start: Launch, values: dict[str, str]) -> Launch:
        """Return what opens without urlpath: the old parameters tell, or the server decides."""
        old = [key for key in ("subpath", "subPath", "app") if values.get(key)]
        if not old:
            return start
        self.note("L9", f"{' and '.join(old)}: given up by nbgitpuller for urlpath")
        app = "lab" if values.get("app", "").lower() in ("lab", "jupyterlab") else "notebook"
        path = values.get("subpath") or values.get("subPath", "")
        if path == ".":
            path = ""
        if any(sign in path for sign in "#?") or _BARE_PERCENT.search(path):
            self.note("L3", f"`#`, `?` or `%` in {path!r} would be lost on the way")
        return start.with_(app=app, path=path.strip("/"))

    def legacy_path(self, start: Launch, key: str, app: str, pairs: Pairs) -> Launch:
        values = dict(reversed(pairs))
        self.note("L9", f"{key} is an old parameter; urlpath says also which application opens")
        path = values[key].strip("/")
        if "#" in path or "?" in path:
            self.note("L3", f"{key} loses what stands behind `#` or `?`")
        extra = tuple(
            (k, value) for k, value in pairs if k not in ("labpath", "filepath", "urlpath")
        )
        return start.with_(app=app, path=path, extra=extra)

    def opened(self, start: Launch, address: str) -> Launch:
        """Return the launch with the application and the path that an address stands for."""
        text = address.lstrip("/")
        if text.startswith(RETRO_PREFIX):
            self.note("L9", "RetroLab is gone; Jupyter Notebook 7 does what it did")
            text = APPS["notebook"].prefix + text.removeprefix(RETRO_PREFIX)
        for app in by_prefix():
            if app.opens == "nothing" and text.rstrip("/") == app.prefix.rstrip("/"):
                return start.with_(app=app.name)
            if app.opens != "nothing" and f"{text}/".startswith(app.prefix):
                rest = text[len(app.prefix) :].removesuffix(app.suffix)
                path = self.path(start, rest)
                if path is None or (app.opens == "file" and not path):
                    break
                return start.with_(app=app.name, path=path)
        if text.partition("?")[0].endswith(".ipynb") and "/" not in text:
            self.note("L4", f"no application opens {text!r}: lab/tree/ is missing", is_fixed=False)
        return start.with_(address=address)

    def path(self, start: Launch, rest: str) -> str | None:
        """Return the path inside the repository, None if the address is to be left as it is."""
        if rest.endswith("?autodecode"):
            self.note("L9", "`?autodecode` belongs to a notebook server of the past")
            rest = rest.removesuffix("?autodecode")
        before, sign, query = rest.partition("?")
        if sign and "#" not in before and _PAGE_QUERY.fullmatch(query) and not _names_file(query):
            self.folder(start, _parts(before))
            return None
        for mark in "#?":
            if mark in rest:
                self.note(
                    "L3", f"a `{mark}` in the path is encoded too few times: what follows is lost"
                )
        if _BARE_PERCENT.search(rest):
            self.note("L3", "a `%` in the path is encoded too few times")
        parts = self.folder(start, _parts(rest))
        if parts is None or any(part in (".", "..") or "/" in part for part in parts):
            return None
        return "/".join(parts)

    def folder(self, start: Launch, parts: list[str]) -> list[str] | None:
        """Return the parts below the clone folder, None if the address leads elsewhere."""
        if start.content is None:
            return parts
        folder = start.content.folder
        expected = [part for part in f"{self.parent}/{folder}".split("/") if part]
        if parts[: len(expected)] == expected:
            return parts[len(expected) :]
        first = parts[0] if parts else ""
        cloned = "/".join(expected)
        if _is_same_folder(first, start.content):
            self.note("L4", f"opens in {first!r}, but the clone goes to {cloned!r}")
            return parts[1:]
        self.note("L4", f"opens outside {cloned!r}, where the clone goes", is_fixed=False)
        return None


def _is_same_folder(first: str, content: Content) -> bool:
    """Return whether a folder is the clone's by another rule of naming."""
    repository = content.repository.rstrip("/").rpartition("/")[2]
    names = {content.folder.rpartition("/")[2], repository}
    return first.removesuffix(".git").lower() in {n.removesuffix(".git").lower() for n in names}


def _parts(rest: str) -> list[str]:
    return [unquote(part) for part in rest.split("/") if part]


def _names_file(query: str) -> bool:
    """Return whether what looks like the query of a page is the end of a file name."""
    return "=" not in query and query.rpartition(".")[2] in ("ipynb", "md", "py", "R", "Rmd", "qmd")


def _interact(pairs: Pairs) -> Pairs:
    values = dict(pairs)
    account = values.get("account", "data-8")
    return [
        ("repo", f"https://github.com/{account}/{values.get('repo', '')}"),
        ("branch", values.get("branch", "gh-pages")),
        *([("subPath", values["path"])] if values.get("path") else []),
    ]


def _shortened(url: str) -> str:
    return repr(url if len(url) <= 80 else url[:77] + "...")
