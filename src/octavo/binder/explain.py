"""What a launch link does, in words and as a record."""

from octavo.binder import links
from octavo.binder.apps import APPS
from octavo.binder.providers import get_provider
from octavo.binder.refs import is_commit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from octavo.binder.links import Content, Launch
    from octavo.binder.providers import Environment
    from octavo.binder.reading import Reading

_HUBS = {
    links.BINDER: "BinderHub",
    links.JUPYTERHUB: "JupyterHub",
    links.LTI: "JupyterHub, launched by a learning platform (LTI)",
    links.SERVER: "Jupyter server",
}


def words(launch: "Launch") -> "Iterator[str]":
    """Yield what happens at a launch, one sentence a line, in the order it happens."""
    server = f", server {launch.server!r}" if launch.server else ""
    yield f"{launch.hub} is a {_HUBS[launch.kind]}{server}."
    if launch.environment is not None:
        yield _built(launch.environment)
    elif launch.kind != links.SERVER:
        yield "The environment is what the hub gives to each person."
    if launch.content is not None:
        yield from _cloned(launch.content, launch.parent)
        if launch.content.backup:
            return  # nbgitpuller passes over what should open
    yield _opened(launch)


def record(reading: "Reading", url: str) -> dict[str, object]:
    """Return what a link does, for programs."""
    launch = reading.launch
    environment, content = launch.environment, launch.content
    return {
        "url": url,
        "hub": launch.hub,
        "kind": launch.kind,
        "server": launch.server,
        "environment": environment and {
            "provider": environment.provider,
            "repository": environment.repository,
            "ref": environment.ref,
            "clone_url": environment.clone_url,
        },
        "content": content and {
            "repository": content.repository,
            "branch": content.branch,
            "folder": content.folder,
            "target": content.target,
            "depth": content.depth,
            "backup": content.backup,
        },
        "app": launch.app,
        "path": launch.path,
        "address": launch.address,
        "extra": [list(pair) for pair in launch.extra],
        "words": list(words(launch)),
        "canonical": links.build(launch),
        "faults": [
            {"rule": fault.rule, "message": fault.message, "fixable": fault.is_fixed}
            for fault in reading.faults
        ],
    }  # fmt: skip


def _built(environment: "Environment") -> str:
    provider = get_provider(environment.provider)
    name = f"{provider.title} {environment.repository}"
    if not environment.ref:
        newest = ", newest version" if provider.default_ref is not None else ""
        return f"The image is built from {name}{newest}."
    return f"The image is built from {name}, {_ref(environment.ref)}."


def _ref(ref: str) -> str:
    if ref == "HEAD":
        return "default branch"
    return f"commit {ref}" if is_commit(ref) else f"branch or tag {ref}"


def _cloned(content: "Content", parent: str) -> "Iterator[str]":
    branch = f"branch {content.branch}" if content.branch else "default branch"
    folder = f"{parent.strip('/')}/{content.folder}" if parent else content.folder
    yield f"nbgitpuller clones {content.repository}, {branch}, into the folder {folder}."
    if content.depth == 0:
        yield "It fetches the full history."
    elif content.depth not in (None, 1):
        yield f"It fetches the last {content.depth} commits."
    if content.backup:
        yield "A folder of that name that is there already is renamed; the file list opens."


def _opened(launch: "Launch") -> str:
    if not launch.app:
        if launch.address:
            return f"The server opens the address {launch.address}."
        return "The server opens what it opens by default."
    app = APPS[launch.app]
    if app.opens == "nothing":
        return f"{app.title} opens."
    if not launch.path:
        where = "the cloned folder" if launch.content else "the top folder"
        return f"{app.title} opens {where}."
    return f"{app.title} opens {launch.path}."
