"""Launch links: what they hold, and how they are written.

A file name is percent-encoded once as a part of an address in the application, a second time as
a value for nbgitpuller, a third time as a value for BinderHub: so a `#` ends as `%252523`, and
every name opens.  `octavo.binder.reading` takes links apart.
"""

from urllib.parse import quote

from octavo.binder.apps import APPS, App, get_app
from octavo.binder.errors import BinderError
from octavo.binder.refs import check_ref
from octavo.core.patterns import lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.binder.providers import Environment

MYBINDER = "https://mybinder.org"
BINDER = "binder"
JUPYTERHUB = "jupyterhub"
LTI = "lti"
SERVER = "server"
KINDS = (BINDER, JUPYTERHUB, LTI, SERVER)
REDIRECT = "hub/user-redirect/"
LTI_LAUNCH = "hub/lti/launch"

_HUB = lazy(r"https?://[^/?#\s@\\<>\"']+(?:/[^?#\s\\<>\"']*)?")


class Content:
    """What nbgitpuller clones when the server has started.

    `branch` and `target` are empty for what the repository says; `depth` is None for one commit
    (the default of nbgitpuller), 0 for the full history.
    """

    __slots__ = ("backup", "branch", "depth", "repository", "target")

    def __init__(
        self,
        repository: str,
        branch: str = "",
        *,
        target: str = "",
        depth: int | None = None,
        backup: bool = False,
    ) -> None:
        self.repository = repository
        self.branch = branch
        self.target = target
        self.depth = depth
        self.backup = backup

    def _key(self) -> tuple[object, ...]:
        return (self.repository, self.branch, self.target, self.depth, self.backup)

    def __eq__(self, other: object) -> bool:
        """Return whether both clone the same into the same folder."""
        return isinstance(other, Content) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Content{self._key()!r}"

    @property
    def folder(self) -> str:
        """The folder that the repository is cloned into: `.git` at the end of a URL stays.

        >>> Content("https://example.org/notes.git/").folder
        'notes.git'
        """
        return self.target.strip("/") or self.repository.rstrip("/").rpartition("/")[2]

    def with_(self, **changes: object) -> "Content":
        """Return a copy with some fields changed."""
        fields: dict[str, object] = {name: getattr(self, name) for name in self.__slots__}
        return Content(**(fields | changes))  # type: ignore[arg-type]  # the names are the fields


class Launch:
    """A launch: where, which environment, which content, and what opens.

    `hub` is the base URL of the hub without a slash at its end.  `kind` is "binder",
    "jupyterhub", "lti" (a JupyterHub behind Canvas and others) or "server" (a Jupyter server).
    `path` is relative to the clone folder (without content: to the environment), empty for the
    folder itself.  `app` is empty where the address is none of an application that we know:
    `address` is then that address as it stands, empty for what the server opens by default.
    `parent` is the folder that a hub clones into (NBGITPULLER_PARENTPATH).
    """

    __slots__ = (
        "address", "app", "content", "environment", "extra", "hub", "kind", "parent", "path",
        "server",
    )  # fmt: skip

    def __init__(
        self,
        hub: str = MYBINDER,
        kind: str = BINDER,
        *,
        environment: "Environment | None" = None,
        content: Content | None = None,
        app: str = "",
        path: str = "",
        address: str = "",
        server: str = "",
        parent: str = "",
        extra: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.hub = hub
        self.kind = kind
        self.environment = environment
        self.content = content
        self.app = app
        self.path = path
        self.address = address
        self.server = server
        self.parent = parent
        self.extra = extra

    def _key(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        """Return whether both launch the same."""
        return isinstance(other, Launch) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        """Return all fields that are set, for test reports."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return "Launch({})".format(", ".join(f"{k}={v!r}" for k, v in fields.items() if v))

    def with_(self, **changes: object) -> "Launch":
        """Return a copy with some fields changed."""
        fields: dict[str, object] = {name: getattr(self, name) for name in self.__slots__}
        return Launch(**(fields | changes))  # type: ignore[arg-type]  # the names are the fields


def build(launch: Launch) -> str:
    """Return the link of a launch.

    Raises: `BinderError` OCT-B003 (no environment), OCT-B004 (hub), OCT-B005 (application),
    OCT-B006 (path or content), OCT-B007 (branch).

    >>> build(
    ...     Launch(
    ...         "https://h.org/base",
    ...         "jupyterhub",
    ...         app="lab",
    ...         path="a #1.md",
    ...         content=Content("https://example.org/notes", "main"),
    ...     )
    ... )  # doctest: +ELLIPSIS
    'https://h.org/base/hub/user-redirect/git-pull?repo=https%3A%2F%2F...tree%2Fnotes%2Fa%2520%25231.md'
    """
    hub = hub_url(launch.hub)
    inner = _inner(launch)
    if launch.kind == BINDER:
        if launch.environment is None:
            raise BinderError("OCT-B003", "a BinderHub needs an environment to build")
        head = f"{hub}/v2/{launch.environment.provider}/{launch.environment.spec}"
        query = [("urlpath", inner), *launch.extra] if inner else list(launch.extra)
        return f"{head}?{_query(query)}" if query else head
    if launch.kind == SERVER:
        return f"{hub}/{inner}"
    redirect = REDIRECT + (quote(launch.server, safe="") + "/" if launch.server else "") + inner
    if launch.kind == LTI:
        query = [("next", base_path(hub) + redirect), *launch.extra]
        return f"{hub}/{LTI_LAUNCH}?{_query(query)}"
    return f"{hub}/{redirect}"


def hub_url(text: str) -> str:
    """Return the base URL of a hub: its path is kept, a slash at its end is not.

    Raises: `BinderError` OCT-B004.
    """
    url = text.rstrip("/").removesuffix("/hub")
    if not _HUB.fullmatch(url) or not url.isprintable():
        raise BinderError(
            "OCT-B004", f"{text!r} is not the address of a hub", hint="such as https://mybinder.org"
        )
    return url


def base_path(hub: str) -> str:
    """Return the path of a hub's URL, with a slash at its end.

    >>> base_path("https://h.org/teaching")
    '/teaching/'
    """
    path = hub.partition("://")[2].partition("/")[2]
    return f"/{path}/" if path else "/"


def check_path(path: str) -> str:
    """Return a path inside a repository without slashes at its ends.

    Raises: `BinderError` OCT-B006 for `..`, an empty part, or what is no text.
    """
    plain = path.strip("/")
    parts = plain.split("/") if plain else []
    try:
        plain.encode("utf-8")
    except UnicodeEncodeError:
        parts = [""]
    if any(part in ("", ".", "..") or "\0" in part for part in parts):
        raise BinderError(
            "OCT-B006", f"{path!r} is no path inside the repository",
            hint="write it from the top folder of the repository, without . and ..",
        )  # fmt: skip
    return plain


def quoted_path(path: str) -> str:
    """Return a path with each part percent-encoded.

    >>> quoted_path("week 1/My #1.ipynb")
    'week%201/My%20%231.ipynb'
    """
    return "/".join(quote(part, safe="") for part in path.split("/"))


def _inner(launch: Launch) -> str:
    """Return what comes after the server's own address."""
    opened = _address(launch)
    if launch.content is None:
        if launch.server:
            raise BinderError("OCT-B006", "a named server is only asked for together with content")
        return opened
    pairs = [*_pull(launch.content), *([("urlpath", opened)] if opened else [])]
    extra = launch.extra if launch.kind in (JUPYTERHUB, SERVER) else ()
    return "git-pull?" + _query([*pairs, *extra])


def _pull(content: Content) -> list[tuple[str, str]]:
    """Return the parameters of nbgitpuller, but for what opens."""
    if not content.repository or not content.repository.isprintable() or " " in content.repository:
        raise BinderError("OCT-B006", f"{content.repository!r} is no URL of a repository")
    if content.repository.startswith("-") or "::" in content.repository:
        raise BinderError(
            "OCT-B006", f"{content.repository!r} would be a command, not a URL, to git"
        )
    pairs = [("repo", content.repository)]
    if content.branch:
        pairs.append(("branch", check_ref(content.branch)))
    if content.target:
        target = check_path(content.target)
        if target.startswith("-") or target != target.strip() or not target.isprintable():
            raise BinderError("OCT-B006", f"git cannot clone into a folder {target!r}")
        pairs.append(("targetPath", target))
    if content.depth is not None:
        pairs.append(("depth", str(content.depth)))
    if content.backup:
        pairs.append(("backup", "true"))
    return pairs


def _address(launch: Launch) -> str:
    """Return the address in the application, percent-encoded once."""
    if not launch.app:
        if launch.path:
            raise BinderError("OCT-B005", "no application to open the file in", hint=_known())
        return launch.address
    app = get_app(launch.app)
    path = check_path(launch.path)
    if app.opens == "nothing":
        return _without_path(app, path)
    if app.opens == "file" and not path:
        raise BinderError("OCT-B006", f"{app.title} opens a file: name one")
    above = (launch.parent, launch.content.folder) if launch.content else ()
    places = [check_path(part) for part in (*above, path)]
    return app.prefix + quoted_path("/".join(filter(None, places))) + app.suffix


def _without_path(app: App, path: str) -> str:
    if path:
        raise BinderError(
            "OCT-B006", f"{app.title} has no address for a file: {path!r} cannot be opened",
            hint="leave the file out; people open it themselves",
        )  # fmt: skip
    return app.prefix


def _query(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in pairs)


def _known() -> str:
    return "name one of " + ", ".join(APPS)
