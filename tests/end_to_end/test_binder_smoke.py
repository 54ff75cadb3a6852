"""Launch links through the real nbgitpuller, the real JupyterLab and a real browser."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from binder.launches import NASTY
from end_to_end.binder_servers import browser, git, jupyter_python, repository
from octavo.binder import _launch, _page, _pull, reading
from octavo.binder._broken import BrokenLink
from octavo.binder._devtools import Browser
from octavo.binder._jupyter import Server
from octavo.binder.links import Content, Launch, build
from octavo.binder.providers import Environment
from octavo.binder.smoke import Trial, prove

REMOTE = "https://github.com/owner/lessons"
ENVIRONMENT = Environment("gh", "owner/environment", "main")
#: JupyterLab drops `/tree/` from the paths of documents, however they are encoded.
IN_TREE = "lab/tree/x.ipynb"
PATHS = [path for path in NASTY if path != IN_TREE]
TIMEOUT_S = 120


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    folder = tmp_path_factory.mktemp("content") / "lessons"
    repository(folder, [*PATHS, IN_TREE, "data/table.csv", "Week 2/Intro.ipynb"])
    git(folder, "tag", "v1")
    git(folder, "branch", "feature/x")
    return str(folder)


@pytest.fixture(scope="module")
def python():
    return jupyter_python()


def link(path, branch="main", app="lab", remote=REMOTE, **more):
    target = more.pop("target", "")
    return build(
        Launch(environment=ENVIRONMENT, content=Content(remote, branch, target=target),
               app=app, path=path, **more)
    )  # fmt: skip


def trial(content, python, **more):
    return Trial({REMOTE: content}, python, timeout_s=TIMEOUT_S, **more)


@pytest.fixture(scope="module")
def launched(content, python):
    """A server that pulled the content, with a browser beside it."""
    program = browser()
    sources = _pull.Sources({REMOTE: content}, is_online=False)
    source = sources.of(REMOTE)
    with tempfile.TemporaryDirectory() as folder:
        environment = sources.git_environment(folder)
        with (
            Server(python, folder, environment, TIMEOUT_S) as server,
            Browser(program, folder, TIMEOUT_S) as window,
        ):
            yield server, window, source


@pytest.mark.parametrize("path", PATHS)
def test_every_name_opens_in_the_browser(path, launched):
    assert reading.parse(link(path)).path == path
    assert follow(path, launched) == f"JupyterLab shows lessons/{path} with its text"


def test_a_document_that_jupyterlab_cannot_open_is_told(launched):
    with pytest.raises(BrokenLink, match=r"OCT-B220.*rename the folder"):
        follow(IN_TREE, launched)


@pytest.mark.parametrize("path", ["deep/er", "data/table.csv", ""])
def test_folders_and_other_files_open_in_the_browser(path, launched):
    assert f"lessons/{path}".rstrip("/") in follow(path, launched)


def follow(path, launched):
    """Return what the browser shows at the end of the link to a path."""
    server, window, source = launched
    url = link(path)
    launch, request = reading.parse(url), _launch.request_of(url)
    address = _pull.through_nbgitpuller(server, request, launch, source)
    document = _page.find(server, address, launch)
    assert document.path == f"lessons/{path}".rstrip("/")
    return _page.watch(window, server, request, document, TIMEOUT_S)


def test_a_proof_takes_a_few_seconds_of_work(content, python, capsys):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    steps = list(prove(link("week 1/My #1.ipynb"), trial(content, python)))
    after, wall_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - start
    assert [step.name for step in steps] == ["link", "server", "pull", "opens"]
    assert "(notebook, 2 cells)" in steps[-1].text
    work_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    with capsys.disabled():
        print(f"\nsmoke without browser: {wall_s:.1f} s, of which {work_s:.1f} s work", end="")
    assert work_s < 10


@pytest.mark.parametrize(
    ("launch", "code", "words"),
    [
        ({"path": "a b.ipynb", "branch": "man"}, "OCT-B214", "main"),
        ({"path": "a b.ipynb", "branch": "v1"}, "OCT-B215", "a tag"),
        ({"path": "a b.ipynb", "branch": "COMMIT"}, "OCT-B215", "a commit"),
        ({"path": "week 2/intro.ipynb"}, "OCT-B218", "Week 2/Intro.ipynb"),
        ({"path": "a b.ipynb", "app": "rstudio"}, "OCT-B217", "installed"),
        ({"path": "a b.ipynb", "app": "classic"}, "OCT-B217", "nbclassic/tree/"),
        ({"address": "labs/tree/lessons/a.ipynb"}, "OCT-B217", "labs/"),
    ],
)
def test_each_broken_link_says_why(launch, code, words, content, python):
    options = dict(launch)
    if options.get("branch") == "COMMIT":
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=content, capture_output=True, text=True, check=True
        )
        options["branch"] = done.stdout.strip()
    if "address" in options or options.get("app") == "rstudio":
        options = {"app": "", "address": "rstudio/"} | options
        options |= {"path": "", "app": options["app"]}
    url = link(**options)
    with pytest.raises(BrokenLink) as caught:
        list(prove(url, trial(content, python)))
    assert caught.value.code == code
    assert words in str(caught.value)


def test_a_link_without_nbgitpuller_opens_the_environment_itself(content, python):
    url = "https://mybinder.org/v2/gh/owner/lessons/feature/x?labpath=Week%202%2FIntro.ipynb"
    steps = list(prove(url, trial(content, python)))
    assert "Week 2/Intro.ipynb (notebook, 2 cells)" in steps[-1].text
    missing = url.replace("feature/x", "nowhere")
    with pytest.raises(BrokenLink, match="OCT-B214"):
        list(prove(missing, trial(content, python)))


@pytest.mark.parametrize("kind", ["jupyterhub", "lti", "server"])
def test_other_hubs_are_proved(kind, content, python):
    launch = Launch(
        "https://hub.example/base", kind, content=Content(REMOTE + ".git", "feature/x", target="t/u"),
        app="lab", path="100%.ipynb", parent="work",
    )  # fmt: skip
    steps = list(prove(build(launch), trial(content, python, parent="work")))
    assert steps[-1].text.startswith("work/t/u/100%.ipynb (notebook")


def test_the_command_proves_with_a_browser_and_leaves_nothing(content, python, tmp_path):
    browser()
    picture = tmp_path / "seen.png"
    done = command(tmp_path, link("My #1.ipynb"), "--map", f"{REMOTE}={content}", "--python", python,
                   "--screenshot", str(picture))  # fmt: skip
    out, err = done.communicate(timeout=300)
    assert (done.returncode, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == [
        "link", "server", "pull", "opens", "browser",
    ]  # fmt: skip
    assert "with its text" in out
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert leftovers(tmp_path / "tmp") == ([], [])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("step", ["link", "server", "opens"])
def test_an_interrupted_proof_leaves_nothing(number, step, content, python, tmp_path):
    done = command(
        tmp_path, link("My #1.ipynb"), "--map", f"{REMOTE}={content}", "--python", python
    )
    for line in done.stdout:
        if line.startswith(step):
            break
    done.send_signal(number)
    _, err = done.communicate(timeout=300)
    assert done.returncode == (130 if number == signal.SIGINT else 143), err
    assert leftovers(tmp_path / "tmp") == ([], [])


def command(folder, *words):
    (folder / "tmp").mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "octavo", "binder", "smoke", "--timeout", str(TIMEOUT_S), *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(folder / "tmp")},
    )  # fmt: skip


def leftovers(folder):
    """Return the files in the temporary folder, and the processes that know it."""
    known = str(folder).encode()
    running = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        if int(number) == os.getpid():
            continue
        try:
            with open(f"/proc/{number}/cmdline", "rb") as fp:
                words = fp.read()
            with open(f"/proc/{number}/environ", "rb") as fp:
                words += fp.read()
        except OSError:
            continue
        if known in words:
            running.append(words)
    return os.listdir(folder), running
