"""Rules that ask the repositories of a link: branches, files, the environment's own files."""

from octavo.binder.errors import BinderError
from octavo.binder.lint_rules import Problem, has_content
from octavo.binder.refs import is_commit
from octavo.core.errors import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from octavo.binder.links import Content, Launch
    from octavo.binder.providers import Environment
    from octavo.binder.remote import Remote

    Ask = Callable[[str], Remote]

_OLD_DEFAULTS = ("master", "main")
#: What an environment may be described in; a Dockerfile may build on an image that has it all.
_DESCRIPTIONS = (
    "environment.yml", "environment.yaml", "conda-lock.yml", "requirements.txt", "Pipfile",
    "pyproject.toml", "setup.py", "install.R", "postBuild", "apt.txt", "default.nix",
)  # fmt: skip
_FOLDERS = ("binder/", ".binder/", "")


def problems(launch: "Launch", ask: "Ask") -> "Iterator[Problem]":
    """Yield what the repositories say against a launch.

    *ask* returns the remote repository of a URL.
    """
    try:
        for problem in _content_problems(launch, ask):
            launch = problem.better or launch
            yield problem
        place = launch.environment
        if place is not None and place.clone_url:
            yield from _environment_problems(launch, place, ask(place.clone_url))
    except BinderError as error:
        yield Problem("L6", f"{error.message} ({error.hint})" if error.hint else error.message)


def _content_problems(launch: "Launch", ask: "Ask") -> "Iterator[Problem]":
    content = launch.content
    if content is None:
        return
    remote = ask(content.repository)
    found = _branch_problem(launch, content, remote)
    if found is not None:
        yield found
        if found.better is None or found.better.content is None:
            return
        launch, content = found.better, found.better.content
    branch = content.branch or remote.default_branch or "HEAD"
    if launch.path:
        yield from _file_problem(launch, remote, branch)


def _branch_problem(launch: "Launch", content: "Content", remote: "Remote") -> Problem | None:
    branch, default = content.branch, remote.default_branch
    if is_commit(branch):
        return Problem("L5", "a commit is no branch")
    if not branch or branch in remote.branches:
        if branch in _OLD_DEFAULTS and default in _OLD_DEFAULTS and branch != default:
            return Problem("L8", f"the default branch is {default}, the link pulls {branch}")
        return None
    if remote.is_tag(branch):
        return Problem("L5", f"{branch!r} is a tag: the second launch fails; make a branch of it")
    if branch in _OLD_DEFAULTS and default:
        better = launch.with_(content=content.with_(branch=default))
        return Problem("L8", f"branch {branch} is gone; the default branch is {default}", better)
    hint = did_you_mean(branch, remote.branches)
    return Problem("L6", f"{content.repository} has no branch {branch!r} {hint}".rstrip())


def _file_problem(launch: "Launch", remote: "Remote", branch: str) -> "Iterator[Problem]":
    files = remote.files(branch)
    path = launch.path
    if path in files or any(name.startswith(f"{path}/") for name in files):
        return
    folders = {name.rpartition("/")[0] for name in files}
    alike = [name for name in {*files, *folders} if name.lower() == path.lower()]
    if len(alike) == 1:
        yield Problem(
            "L7", f"{path!r} is written {alike[0]!r} on {branch}", launch.with_(path=alike[0])
        )
        return
    hint = did_you_mean(path, files)
    yield Problem("L7", f"there is no {path!r} on {branch} {hint}".rstrip())


def _environment_problems(
    launch: "Launch", place: "Environment", remote: "Remote"
) -> "Iterator[Problem]":
    ref = place.ref or "HEAD"
    if place.provider == "git":
        matches = remote.tail_matches(ref)
        if len(matches) > 1 and not ref.startswith("refs/") and ref != "HEAD":
            full = f"refs/heads/{ref}"
            better = launch.with_(environment=place.at(full)) if full in matches else None
            listed = ", ".join(matches)
            yield Problem("L12", f"{ref!r} means {listed}; the hub takes the first", better)
            ref = full if better else ref
    if not remote.commit(ref):
        default = remote.default_branch
        better = None
        if ref in _OLD_DEFAULTS and default in _OLD_DEFAULTS:
            better = launch.with_(environment=place.at(default))
        hint = did_you_mean(ref, remote.branches)
        yield Problem("L6", f"{remote.url} has no branch or tag {ref!r} {hint}".rstrip(), better)
        return
    if has_content(launch) and not is_commit(ref):
        yield from _nbgitpuller(remote, ref.removeprefix("refs/tags/"))


def _nbgitpuller(remote: "Remote", ref: str) -> "Iterator[Problem]":
    files = set(remote.files(ref))
    folder = next((f for f in _FOLDERS if not f or any(n.startswith(f) for n in files)), "")
    if f"{folder}Dockerfile" in files:
        return
    names = [folder + name for name in _DESCRIPTIONS if folder + name in files]
    texts = remote.texts(ref, names) if names else {}
    if not any("nbgitpuller" in text for text in texts.values()):
        where = ", ".join(names) or "no environment file"
        yield Problem("L11", f"nothing installs nbgitpuller in {ref} ({where}): add it")
