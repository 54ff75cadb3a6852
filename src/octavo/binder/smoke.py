"""Prove a launch link on this machine: what the hub would do is done, and what opens is looked at.

    link     taken apart; faults that break it for certain end the proof
    server   a real Jupyter server starts, with nbgitpuller, in folders of its own
    pull     nbgitpuller clones, then pulls again, as for the second click on the link
    opens    the server has the application, and the document
    browser  the application shows that document, and its text

Repositories are read from where `mapping` says; without `is_online` git has no other protocol
than `file`.  The image is not built: the Python environment stands for it.
"""

import tempfile
import time

from octavo.binder import _launch, _page, _pull, reading
from octavo.binder._broken import BrokenLink
from octavo.binder._devtools import Browser
from octavo.binder._jupyter import Server
from octavo.binder.apps import APPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from octavo.binder.links import Launch
    from octavo.binder.reading import Reading

#: Faults that no server can overlook -> the code of the proof's error.
_FATAL = {"L1": "OCT-B210", "L2": "OCT-B211", "L3": "OCT-B212", "L4": "OCT-B213"}


class Trial:
    """How a link is proved.

    `mapping` holds repository URL -> local repository.  `browser` is the program, empty for
    none.  `parent` is the folder that the hub clones into (NBGITPULLER_PARENTPATH).
    """

    __slots__ = (
        "browser",
        "is_online",
        "mapping",
        "parent",
        "python",
        "timeout_s",
        "wants_picture",
    )

    def __init__(
        self,
        mapping: "Mapping[str, str]",
        python: str,
        *,
        browser: str = "",
        is_online: bool = False,
        parent: str = "",
        timeout_s: float = 60.0,
        wants_picture: bool = False,
    ) -> None:
        self.mapping = mapping
        self.python = python
        self.browser = browser
        self.is_online = is_online
        self.parent = parent
        self.timeout_s = timeout_s
        self.wants_picture = wants_picture


class Step:
    """A step that succeeded: its name, what was seen, how long it took; perhaps a picture (PNG)."""

    __slots__ = ("name", "picture", "seconds", "text")

    def __init__(self, name: str, text: str, seconds: float, picture: bytes = b"") -> None:
        self.name = name
        self.text = text
        self.seconds = seconds
        self.picture = picture


def prove(url: str, trial: Trial) -> "Generator[Step]":
    """Yield each step of the proof as it succeeds; server and browser end when it is closed.

    Raises: `BrokenLink` OCT-B201, OCT-B210 to OCT-B219 for what is wrong with the link,
    `ServerError` and `BrowserError` where this machine cannot prove it, `BinderError` OCT-B001
    for what is no launch link.
    """
    clock = _Clock()
    found = reading.read(url, parent=trial.parent)
    request = _launch.request_of(url)
    _refuse_broken(found, request)
    sources = _pull.Sources(trial.mapping, is_online=trial.is_online)
    source = sources.of(_repository(found.launch))
    # The folder comes first: who interrupts after the first step leaves none half made.
    with tempfile.TemporaryDirectory(prefix="octavo-smoke-", ignore_cleanup_errors=True) as folder:
        yield clock.step("link", _said(found.launch))
        environment = {**sources.git_environment(folder), "NBGITPULLER_PARENTPATH": trial.parent}
        if not trial.parent:
            del environment["NBGITPULLER_PARENTPATH"]
        with Server(trial.python, folder, environment, trial.timeout_s) as server:
            yield clock.step("server", f"{server.name()} on 127.0.0.1:{server.port}")
            if found.launch.content is not None:
                address = _pull.through_nbgitpuller(server, request, found.launch, source)
                yield clock.step("pull", _pulled(found.launch))
            else:
                address = request
                _pull.as_environment(server.root, environment, found.launch, source)
                yield clock.step("pull", f"{source.url} as the home folder of the environment")
            document = _page.find(server, address, found.launch)
            yield clock.step("opens", document.said)
            if trial.browser:
                with Browser(trial.browser, folder, trial.timeout_s) as browser:
                    said = _page.watch(browser, server, request, document, trial.timeout_s)
                    picture = _page.picture(browser) if trial.wants_picture else b""
                yield clock.step("browser", said, picture)


class _Clock:
    """Measures the steps."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def step(self, name: str, text: str, picture: bytes = b"") -> Step:
        before, self._start = self._start, time.monotonic()
        return Step(name, text, self._start - before, picture)


def _refuse_broken(found: "Reading", request: str) -> None:
    """Raise for a fault that breaks the link on every server."""
    for fault in found.faults:
        if fault.rule in _FATAL:
            raise BrokenLink(
                _FATAL[fault.rule], f"{fault.message} [{fault.rule}]",
                hint="`octavo binder lint --fix` repairs it" if fault.is_fixed else "",
            )  # fmt: skip
    if found.launch.content is not None and not _launch.is_pull(request):
        raise BrokenLink("OCT-B211", f"the server is asked for {request!r}, not for git-pull")


def _repository(launch: "Launch") -> str:
    """Return the URL that content comes from: without nbgitpuller, the environment itself."""
    if launch.content is not None:
        return launch.content.repository
    url = launch.environment.clone_url if launch.environment else ""
    if not url:
        raise BrokenLink(
            "OCT-B219", "the link pulls nothing, so there is no document to prove",
            hint="make one with `octavo binder link`",
        )  # fmt: skip
    return url


def _said(launch: "Launch") -> str:
    app = APPS[launch.app].title if launch.app else launch.address or "what the server opens"
    place = f" with {launch.path}" if launch.path else ""
    return f"{_repository(launch)}, {_branch(launch)}; opens {app}{place}"


def _branch(launch: "Launch") -> str:
    ref = launch.content.branch if launch.content else ""
    if launch.content is None and launch.environment is not None:
        ref = launch.environment.ref.replace("HEAD", "")
    return f"branch {ref}" if ref else "default branch"


def _pulled(launch: "Launch") -> str:
    content = launch.content
    folder = content.folder if content is not None else ""
    parent = f"{launch.parent}/" if launch.parent else ""
    return f"nbgitpuller cloned {_branch(launch)} into {parent}{folder}, and pulled it again"
