"""Proofs of links up to the point where a server is needed, and all that explains a failure.

The proofs with real servers and browsers are in tests/end_to_end/test_binder_smoke.py.
"""

import json
import os
import signal
import subprocess
import sys
import time
from urllib.parse import quote, urlsplit

import pytest

from binder.launches import NASTY, launches
from octavo.binder import _launch, _page, _process, _pull, links, smoke
from octavo.binder._broken import BrokenLink
from octavo.binder._devtools import Browser, BrowserError, find_browser
from octavo.binder._jupyter import Answer, Server, ServerError
from octavo.binder.errors import BinderError
from octavo.binder.links import Content, Launch
from octavo.binder.providers import Environment
from octavo.cli import main
from octavo.core.errors import OptionError

REMOTE = "https://github.com/owner/lessons"
HEAD = "https://mybinder.org/v2/gh/owner/environment/main"


def git(folder, *words):
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", *words],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    folder = tmp_path_factory.mktemp("content")
    git(folder, "init", "-q", "-b", "main")
    (folder / "a.ipynb").write_text("{}", "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "content")
    git(folder, "tag", "v1")
    git(folder, "update-ref", "refs/remotes/origin/far", "HEAD")
    return folder


def prove(url, mapping=()):
    return list(smoke.prove(url, smoke.Trial(dict(mapping), "/nowhere/python")))


# ---- what the server is asked for ----------------------------------------------------------------


def test_the_request_is_what_was_built_into_the_link():
    seen = 0
    for launch in launches():
        request = _launch.request_of(links.build(launch))
        if launch.content is None:
            continue
        seen += 1
        assert _launch.is_pull(request)
        given = _launch.parameters(request)
        assert given["repo"] == launch.content.repository
        assert given.get("branch", "") == launch.content.branch
    assert seen > 1000


@pytest.mark.parametrize("path", NASTY)
def test_the_document_of_a_request_is_the_path(path):
    launch = Launch(environment=Environment("gh", "o/r", "main"), content=Content(REMOTE, "main"),
                    app="lab", path=path)  # fmt: skip
    address = _launch.parameters(_launch.request_of(links.build(launch)))["urlpath"]
    assert _launch.document_path(address, "lab/tree/") == f"lessons/{path}"


@pytest.mark.parametrize(
    ("url", "request_"),
    [
        (f"{HEAD}?labpath=a%20b%23c.ipynb", "doc/tree/a%20b#c.ipynb"),
        (f"{HEAD}?filepath=a.ipynb&labpath=b.ipynb", "doc/tree/b.ipynb"),
        (f"{HEAD}?urlpath=%2Flab%2Ftree%2Fa.ipynb", "lab/tree/a.ipynb"),
        (HEAD, ""),
        ("https://h.org/hub/user-redirect/git-pull?repo=x&branch=y", "git-pull?repo=x&branch=y"),
        ("https://h.org/b/hub/user-redirect/gpu/git-pull?repo=x", "git-pull?repo=x"),
        ("https://h.org/hub/user-redirect/lab/tree/a.ipynb", "lab/tree/a.ipynb"),
        ("https://h.org/hub/lti/launch?next=%2Fhub%2Fuser-redirect%2Fgit-pull%3Frepo%3Dx", "git-pull?repo=x"),
        ("https://h.org/base/git-pull?repo=x", "git-pull?repo=x"),
    ],
)  # fmt: skip
def test_requests_of_all_kinds(url, request_):
    assert _launch.request_of(url) == request_


# ---- before a server is needed -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("git-pull?repo={r}&amp;branch=main&amp;urlpath=lab/tree/lessons/a.ipynb", "OCT-B210"),
        ("git-pull?repo={r}&urlpath=lab/tree/lessons/a%2520#1.ipynb", "OCT-B212"),
        ("git-pull?repo={r}&urlpath=lab/tree/lessons/a%2523b?c.ipynb", "OCT-B212"),
        ("git-pull?repo={r}&urlpath=lab/tree/lessons/100%.ipynb", "OCT-B212"),
        ("git-pull?repo={r}.git&urlpath=lab/tree/lessons/a.ipynb", "OCT-B213"),
        ("git-pull?repo={r}&targetPath=t&urlpath=lab/tree/lessons/a.ipynb", "OCT-B213"),
        ("git-pull?repo={r}&urlpath=lab/tree/elsewhere/a.ipynb", "OCT-B213"),
        ("git-pull?repo={r}&urlpath=lab/tree/lessons/a.ipynb", "OCT-B201"),
    ],
)
def test_what_is_broken_for_certain_needs_no_server(inner, code):
    url = f"{HEAD}?urlpath={quote(inner.format(r=REMOTE), safe='')}"
    with pytest.raises(BrokenLink) as caught:
        prove(url)
    assert (caught.value.code, caught.value.exit_code) == (code, 1)


def test_an_unescaped_parameter_is_told():
    with pytest.raises(BrokenLink, match="OCT-B211"):
        prove(f"{HEAD}?urlpath=git-pull?repo={REMOTE}&branch=main")


def test_an_archive_has_nothing_to_prove():
    with pytest.raises(BrokenLink, match="OCT-B219"):
        prove("https://mybinder.org/v2/zenodo/10.5281/zenodo.3242074?urlpath=lab")


def test_what_is_no_link_is_told():
    with pytest.raises(BinderError, match="OCT-B001"):
        prove("https://example.org/")


@pytest.mark.parametrize(
    "url", [REMOTE, REMOTE + ".git", REMOTE + "/", "https://GitHub.com/owner/lessons"]
)
def test_a_mapping_holds_for_all_spellings_of_a_repository(url, repository):
    sources = _pull.Sources({url: str(repository)}, is_online=False)
    source = sources.of(REMOTE + ".git")
    environment = sources.git_environment(str(repository.parent))
    assert source.local == str(repository)
    assert environment["GIT_CONFIG_KEY_0"] == f"url.file://{repository}.insteadOf"
    assert environment["GIT_CONFIG_VALUE_0"] == REMOTE + ".git"
    assert environment["GIT_ALLOW_PROTOCOL"] == "file"


def test_git_finds_the_mapped_repository_and_no_other(repository, tmp_path):
    sources = _pull.Sources({REMOTE: str(repository)}, is_online=False)
    sources.of(REMOTE)
    environment = {**os.environ, **sources.git_environment(str(tmp_path))}
    for url, code in ((REMOTE, 0), ("https://github.com/owner/other", 128)):
        done = subprocess.run(
            ["git", "ls-remote", "--heads", "--", url], env=environment, capture_output=True,
            check=False, timeout=30,
        )  # fmt: skip
        assert done.returncode == code, url
    assert b"not allowed" in done.stderr


def test_online_needs_no_mapping(tmp_path):
    sources = _pull.Sources({}, is_online=True)
    assert sources.of(REMOTE).local == ""
    assert "GIT_ALLOW_PROTOCOL" not in sources.git_environment(str(tmp_path))


def test_a_folder_that_is_no_repository_is_told(tmp_path, repository):
    (repository / "inside").mkdir(exist_ok=True)
    for path in (tmp_path, tmp_path / "nowhere", repository / "inside"):
        with pytest.raises(OptionError, match="OCT-B202"):
            _pull.Sources({REMOTE: str(path)}, is_online=False)


def test_a_bare_repository_can_be_mapped(repository, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", str(repository), "bare.git")
    bare = str(tmp_path / "bare.git")
    assert _pull.Sources({REMOTE: bare}, is_online=False).of(REMOTE).local == bare


# ---- why a pull failed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("branch", "code", "words"),
    [
        ("v1", "OCT-B215", "tag"),
        ("COMMIT", "OCT-B215", "commit"),
        ("mian", "OCT-B214", "did you mean 'main'?"),
        ("far", "OCT-B214", "git branch far origin/far"),
        ("zzz", "OCT-B214", "it has: main"),
        ("main", "OCT-B216", "fatal: the last line"),
    ],
)
def test_a_failed_pull_is_explained(branch, code, words, repository):
    branch = git(repository, "rev-parse", "HEAD") if branch == "COMMIT" else branch
    source = _pull.Source(REMOTE, str(repository))
    error = _pull._explained(
        branch, source, "first", "branch_exist", "a line\nfatal: the last line\n"
    )
    assert error.code == code
    assert words in str(error)


def test_a_repository_without_default_branch_is_told(repository):
    source = _pull.Source(REMOTE, str(repository))
    assert _pull._explained("", source, "first", "branch_resolve", "").code == "OCT-B214"
    assert _pull._explained("", source, "second", "", "").code == "OCT-B216"


# ---- stand-ins for the server --------------------------------------------------------------------


class Stand:
    """A server that answers from a table of paths."""

    def __init__(self, root, answers):
        self.root = str(root)
        self.answers = answers

    def get(self, path):
        name = urlsplit("http://x/" + path).path[1:]
        status, text = self.answers.get(name, (404, ""))
        return Answer(status, path, text)


def found(answers, address="lab/tree/lessons/a.ipynb", app="lab", root="/nowhere"):
    launch = Launch(environment=Environment("gh", "o/r", "main"), content=Content(REMOTE, "main"),
                    app=app, path="a.ipynb")  # fmt: skip
    return _page.find(Stand(root, answers), address, launch)


def test_a_notebook_is_found_with_its_text():
    told = {"type": "notebook", "format": "json", "content": {"cells": [{"source": ["a\n", "b"]}]}}
    document = found(
        {"lab/tree/lessons/a.ipynb": (200, ""), "api/contents/lessons/a.ipynb": (200, json.dumps(told))}
    )  # fmt: skip
    assert (document.path, document.source) == ("lessons/a.ipynb", ["a\nb"])
    assert document.said == "lessons/a.ipynb (notebook, 1 cells)"


def test_an_application_that_is_not_there_is_told():
    told = json.dumps({"type": "file", "format": "text", "content": "x"})
    with pytest.raises(BrokenLink) as caught:
        found({"api/contents/lessons/a.ipynb": (200, told)})
    assert caught.value.code == "OCT-B217"
    assert "lab/tree/ is always there" in caught.value.hint
    with pytest.raises(BrokenLink, match="did you mean 'lab/'"):
        found({}, "labs/tree/lessons/a.ipynb", app="")


@pytest.mark.parametrize(
    ("there", "hint"),
    [("lessons/A.ipynb", "capitals count"), ("lessons/deep/a.ipynb", "it is at 'lessons/deep/a.ipynb'"),
     ("lessons/b.ipynb", "did you mean 'lessons/b.ipynb'?"), ("zzzzzzzzzzzz", "is it committed to main?")],
)  # fmt: skip
def test_a_missing_file_is_told_with_the_one_that_was_meant(there, hint, tmp_path):
    path = tmp_path / there
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("", "utf-8")
    with pytest.raises(BrokenLink, match="OCT-B218") as caught:
        found({"lab/tree/lessons/a.ipynb": (200, "")}, root=tmp_path)
    assert hint in caught.value.hint


# ---- processes -----------------------------------------------------------------------------------


def test_stopping_ends_the_whole_group(tmp_path):
    script = (
        "import subprocess, sys, time;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        "open('child', 'w').write(str(child.pid)); time.sleep(600)"
    )
    process = _process.start([sys.executable, "-c", script], os.environ, str(tmp_path))
    end = time.monotonic() + 30
    while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text("utf-8"):
        assert time.monotonic() < end
    child = int((tmp_path / "child").read_text("utf-8"))
    _process.stop(process)
    assert process.returncode == -15
    assert is_gone(child)


def test_what_does_not_listen_is_killed(tmp_path):
    script = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); open('up', 'w'); time.sleep(600)"
    )
    process = _process.start([sys.executable, "-c", script], os.environ, str(tmp_path))
    end = time.monotonic() + 30
    while not (tmp_path / "up").exists():
        assert time.monotonic() < end
    _process.stop(process, grace_s=0.05)
    assert process.returncode == -9


def test_a_signal_while_a_program_starts_ends_it(tmp_path, monkeypatch):
    started = []

    class Interrupted(subprocess.Popen):
        def __init__(self, *words, **options):
            super().__init__(*words, **options)
            started.append(self)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # shells may ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            _process.start(
                [sys.executable, "-c", "import time; time.sleep(600)"], os.environ, str(tmp_path)
            )
    finally:
        signal.signal(signal.SIGINT, before)
    assert started[0].returncode is not None
    assert not _process._running


def is_gone(number):
    """Return whether a process has ended; one that nobody asked about yet counts as ended."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            with open(f"/proc/{number}/stat", encoding="utf-8") as fp:
                if fp.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except OSError:
            return True
    return False


def test_a_python_without_jupyterlab_is_told(tmp_path):
    with (
        pytest.raises(ServerError, match="OCT-B203"),
        Server("/nowhere/python", str(tmp_path), {}, 5),
    ):
        pass
    script = tmp_path / "python"
    script.write_text('#!/bin/sh\necho "No module named jupyterlab" >&2\nexit 1\n', "utf-8")
    script.chmod(0o755)
    folder = tmp_path / "second"
    folder.mkdir()
    with pytest.raises(ServerError, match="OCT-B203"), Server(str(script), str(folder), {}, 20):
        pass


@pytest.mark.parametrize(
    ("text", "words"),
    [("echo boom >&2; exit 3", "ended at once: boom"), ("exec sleep 600", "within 0.2 s")],
)
def test_a_server_that_does_not_come_up_is_told(text, words, tmp_path):
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    script.chmod(0o755)
    timeout_s = 20 if "boom" in text else 0.2
    with (
        pytest.raises(ServerError, match="OCT-B204") as caught,
        Server(str(script), str(tmp_path), {}, timeout_s),
    ):
        pass
    assert words in str(caught.value)


def test_a_browser_that_is_none_is_told(tmp_path):
    with pytest.raises(BrowserError, match="OCT-B221"), Browser("/bin/true", str(tmp_path), 20):
        pass
    assert find_browser() == "" or os.access(find_browser(), os.X_OK)


# ---- the command ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--map", "x"], "OCT-B202"), (["--map", "=x"], "OCT-B202"), (["--map", f"{REMOTE}="], "OCT-B202"),
        (["--timeout", "x"], "OCT-O020"), (["--timeout", "0"], "OCT-O020"), (["--timeout", "nan"], "OCT-O020"),
        (["--browser", "no-such-program"], "OCT-B222"), (["--no-browser", "--screenshot", "x.png"], "OCT-O029"),
    ],
)  # fmt: skip
def test_wrong_words_are_told(words, code, capfd):
    assert main(["binder", "smoke", HEAD, *words]) == 2
    assert f"[{code}]" in capfd.readouterr().err


def test_every_link_is_tried_and_told_as_json(capfd):
    broken = f"{HEAD}?urlpath=git-pull?repo={REMOTE}&branch=main"
    unmapped = f"{HEAD}?urlpath=git-pull%3Frepo%3D{REMOTE}"
    assert main(["binder", "smoke", broken, unmapped, "--no-browser", "--json"]) == 1
    out, err = capfd.readouterr()
    records = json.loads(out)["links"]
    assert [(record["works"], record["code"]) for record in records] == [
        (False, "OCT-B211"), (False, "OCT-B201"),
    ]  # fmt: skip
    assert len(err.splitlines()) == 2
