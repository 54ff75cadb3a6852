"""Rules that ask repositories: real git, local ones under the addresses of the links."""

import os
import subprocess

import pytest

from octavo.binder import remote
from octavo.binder.errors import BinderError
from octavo.binder.links import JUPYTERHUB, Content, Launch, build
from octavo.binder.lint import check
from octavo.binder.providers import Environment
from octavo.binder.reading import parse
from octavo.binder.remote import Done, Remote, run_git

CONTENT = "https://github.com/U/course"
IMAGE = "https://github.com/U/image"
PLAIN = "https://github.com/U/plain"
OLD = "https://github.com/U/old"
ANY = "https://h.example/any.git"


def git(folder, *words):
    environment = os.environ | {
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip
    done = subprocess.run(
        ["git", "-C", folder, *words], check=True, capture_output=True, env=environment
    )
    return done.stdout.decode().strip()


def repository(folder, files, *refs, branch="main"):
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", branch)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "x")
    for words in refs:
        git(folder, *words)
    return folder


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Local repositories, by the addresses that links have."""
    root = tmp_path_factory.mktemp("remotes")
    notebooks = {"Week 1/My #1.ipynb": "{}", "a.ipynb": "{}", "sub/b.ipynb": "{}", "ü.ipynb": "{}"}
    return {
        CONTENT: repository(root / "course", notebooks, ("branch", "week-2"), ("tag", "v1"), ("tag", "-m", "x", "v2")),
        IMAGE: repository(
            root / "image", {"binder/environment.yml": "dependencies: [nbgitpuller]\n", "x": ""},
            ("branch", "env"), ("checkout", "-q", "-b", "bare"), ("rm", "-qr", "binder"),
            ("commit", "-q", "-m", "y"), ("checkout", "-q", "main"),
        ),
        PLAIN: repository(root / "plain", {"requirements.txt": "numpy\n", "Dockerfile2": ""}, ("branch", "docker")),
        OLD: repository(root / "old", notebooks, ("branch", "main"), branch="master"),
        ANY: repository(
            root / "any", {"requirements.txt": "nbgitpuller"}, ("branch", "feature/main"), ("branch", "alone"),
            ("tag", "two"), ("branch", "x/two"),
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def ask(places):
    asked = {}

    def local(words):
        return run_git([str(places[word]) if word in places else word for word in words])

    return lambda url: asked.setdefault(url, Remote(url, local))


def hub(branch="", path="a.ipynb", repository=CONTENT):
    return build(
        Launch(
            "https://h.org", JUPYTERHUB, content=Content(repository, branch), app="lab", path=path
        )
    )


def binder(repository, ref, provider="gh", content=CONTENT):
    there = Content(content, "main") if content else None
    return build(
        Launch(
            environment=Environment(provider, repository, ref),
            content=there,
            app="lab",
            path="a.ipynb",
        )
    )


def found(url, ask):
    return {finding.rule: finding for finding in check(url, ask=ask).findings}


@pytest.mark.parametrize(
    ("rule", "url"),
    [
        ("L5", hub("v1")), ("L5", hub("v2")), ("L5", hub("0" * 40)),
        ("L6", hub("week-3")), ("L6", hub("nothing")), ("L6", binder("U/image", "missing")),
        ("L6", hub(repository="https://h.example/missing")),
        ("L7", hub("main", "b.ipynb")), ("L7", hub("", "week 1/My #1.ipynb")), ("L7", hub("week-2", "A.ipynb")),
        ("L7", hub("main", "sub/b.ipynb/c")),
        ("L8", hub("master")), ("L8", hub("main", repository=OLD)), ("L8", hub("master", "sub/b.ipynb")),
        ("L11", binder("U/plain", "main")), ("L11", binder("U/image", "bare")), ("L11", binder("U/plain", "HEAD")),
        ("L12", binder(ANY, "main", "git")), ("L12", binder(ANY, "two", "git")),
        ("L12", binder(ANY, "main", "git", content=None)),
    ],
)  # fmt: skip
def test_rule_finds(rule, url, ask):
    assert rule in found(url, ask)
    assert rule not in found(url, None) or rule == "L5"


@pytest.mark.parametrize(
    ("rule", "url"),
    [
        ("L5", hub("week-2")), ("L5", hub("main")), ("L6", hub("week-2")), ("L6", hub()),
        ("L7", hub("main", "Week 1/My #1.ipynb")), ("L7", hub("main", "sub")), ("L7", hub("", "ü.ipynb")), ("L7", hub("main", "")),
        ("L8", hub("main")), ("L8", hub("master", repository=OLD)),
        ("L11", binder("U/image", "env")), ("L11", binder("U/plain", "main", content=None)),
        ("L12", binder(ANY, "alone", "git")), ("L12", binder(ANY, "refs/heads/main", "git")),
    ],
)  # fmt: skip
def test_rule_lets_pass(rule, url, ask):
    assert rule not in found(url, ask)


@pytest.mark.parametrize(
    ("url", "fixed"),
    [
        (hub("master"), hub("main")), (hub("", "week 1/My #1.ipynb"), hub("", "Week 1/My #1.ipynb")),
        (binder(ANY, "main", "git"), binder(ANY, "refs/heads/main", "git")),
        (binder("U/image", "master"), binder("U/image", "main")), (hub("week-3"), hub("week-3")),
        (hub("master", "A.ipynb"), hub("main", "a.ipynb")),
    ],
)  # fmt: skip
def test_one_right_answer_is_taken(url, fixed, ask):
    verdict = check(url, ask=ask)
    assert verdict.fixed == fixed
    again = check(fixed, ask=ask)
    assert again.fixed == fixed
    assert not [finding for finding in again.findings if finding.fixable]


def test_near_names_are_named(ask):
    assert "did you mean 'week-2'?" in found(hub("week-3"), ask)["L6"].message
    assert "did you mean 'a.ipynb'?" in found(hub("main", "aa.ipynb"), ask)["L7"].message


@pytest.mark.parametrize("ref", ["main", "week-2", "v1", "v2", "HEAD"])
def test_refs_are_pinned_to_commits(ref, ask, places):
    assert ask(CONTENT).pinned(ref) == git(places[CONTENT], "rev-parse", f"{ref}^{{commit}}")
    assert ask(CONTENT).pinned("a" * 40) == "a" * 40


def test_missing_ref_is_told(ask):
    with pytest.raises(BinderError) as caught:
        ask(CONTENT).pinned("week-3")
    assert (caught.value.code, caught.value.hint) == ("OCT-B013", "did you mean 'week-2'?")


@pytest.mark.parametrize(
    "url", ["-x", "--upload-pack=touch x", "ext::sh -c x", "", "https://h.org/\n"]
)
def test_address_that_git_would_run_is_refused(url):
    with pytest.raises(BinderError):
        Remote(url)


def test_what_people_wrote_stands_behind_two_dashes():
    seen = []

    def runner(words):
        seen.append(words)
        return Done(
            0,
            b"ref: refs/heads/main\tHEAD\n"
            + b"a" * 40
            + b"\tHEAD\n"
            + b"a" * 40
            + b"\trefs/heads/main\n",
        )

    there = Remote("https://h.org/$(touch x)", runner)
    there.files("main")
    assert seen[0] == ["ls-remote", "--symref", "--", "https://h.org/$(touch x)"]
    clone = seen[1]
    assert clone[clone.index("--") + 1] == "https://h.org/$(touch x)"
    assert clone[: clone.index("--")][-2:] == ["--branch", "main"]


def test_git_that_is_missing_is_told(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BinderError, match="git is not installed"):
        run_git(["--version"])


def test_git_that_hangs_is_given_up(monkeypatch):
    def run(*_words, **_options):
        raise subprocess.TimeoutExpired("git", remote._TIMEOUT_S)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(BinderError, match="did not answer"):
        run_git(["--version"])


def test_clone_falls_back_where_filters_are_refused(places):
    tried = []

    def runner(words):
        if words[0] == "clone":
            tried.append(words)
            if "--depth" in words:
                return Done(128, b"", "fatal: filtering not recognized\n")
        return run_git([str(places[word]) if word in places else word for word in words])

    assert "a.ipynb" in Remote(CONTENT, runner).files("main")
    assert len(tried) == 3
    assert Remote(CONTENT, runner).texts("main", ["a.ipynb"]) == {"a.ipynb": "{}"}


def test_reading_a_broken_remote_says_why():
    def runner(words):
        if words[0] == "ls-remote":
            return Done(0, b"a" * 40 + b"\trefs/heads/main\n")
        return Done(128, b"", "")

    there = Remote("https://h.org/x", runner)
    assert there.default_branch == ""
    with pytest.raises(BinderError, match="cannot be read"):
        there.files("main")
    assert parse(hub()).content.repository == CONTENT
