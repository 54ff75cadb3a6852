"""What a launch does, in words and as a record."""

import pytest
from hypothesis import given

from binder.launches import any_launch
from binder.lint_fixtures import FAILING
from octavo.binder.explain import record, words
from octavo.binder.links import JUPYTERHUB, LTI, Content, Launch, build
from octavo.binder.providers import Environment
from octavo.binder.reading import Fault, parse, read

PLACE = Environment("gh", "U/R", "main")
CONTENT = Content("https://h.org/notes.git", "week-1")


@pytest.mark.parametrize(
    ("launch", "sentence"),
    [
        (Launch(environment=PLACE), "The image is built from GitHub U/R, branch or tag main."),
        (Launch(environment=PLACE.at("HEAD")), "The image is built from GitHub U/R, default branch."),
        (Launch(environment=PLACE.at("a" * 40)), f"The image is built from GitHub U/R, commit {'a' * 40}."),
        (Launch(environment=Environment("gist", "u/abc")), "The image is built from Gist u/abc, newest version."),
        (Launch(environment=Environment("zenodo", "10.5281/zenodo.1")), "The image is built from Zenodo 10.5281/zenodo.1."),
        (Launch(environment=PLACE), "The server opens what it opens by default."),
        (Launch(environment=PLACE, app="lab"), "JupyterLab opens the top folder."),
        (Launch(environment=PLACE, app="rstudio"), "RStudio opens."),
        (Launch(environment=PLACE, address="proxy/1/"), "The server opens the address proxy/1/."),
        (Launch("https://h.org", JUPYTERHUB, content=CONTENT, app="lab"), "JupyterLab opens the cloned folder."),
        (Launch("https://h.org", JUPYTERHUB, content=CONTENT, app="voila", path="a.ipynb"), "Voila opens a.ipynb."),
        (Launch("https://h.org", JUPYTERHUB, content=CONTENT, server="gpu"), "https://h.org is a JupyterHub, server 'gpu'."),
        (Launch("https://h.org", LTI, content=CONTENT),
         "https://h.org is a JupyterHub, launched by a learning platform (LTI)."),
        (Launch("https://h.org", LTI, content=CONTENT, parent="courses"),
         "nbgitpuller clones https://h.org/notes.git, branch week-1, into the folder courses/notes.git."),
        (Launch("https://h.org", LTI, content=CONTENT.with_(branch="", depth=0)), "It fetches the full history."),
        (Launch("https://h.org", LTI, content=CONTENT.with_(depth=7)), "It fetches the last 7 commits."),
    ],
)  # fmt: skip
def test_words(launch, sentence):
    assert sentence in list(words(launch))


def test_a_backup_opens_no_file():
    launch = Launch(
        "https://h.org", LTI, content=CONTENT.with_(backup=True), app="lab", path="a.ipynb"
    )
    assert not any("JupyterLab" in sentence for sentence in words(launch))


@given(any_launch())
def test_every_launch_has_words_and_a_record(launch):
    url = build(launch)
    facts = record(read(url, parent=launch.parent), url)
    assert facts["canonical"] == url
    assert facts["words"] == list(words(launch))
    assert facts["path"] == launch.path
    assert facts["faults"] == []


@pytest.mark.parametrize("url", [urls[0] for urls in FAILING.values()])
def test_broken_links_have_words_too(url):
    facts = record(read(url), url)
    assert parse(facts["canonical"]) == read(url).launch
    assert all(sentence.endswith(".") for sentence in facts["words"])


def test_fragment_of_a_page_is_passed_over():
    assert parse("https://mybinder.org/v2/gh/U/R/main#top") == Launch(environment=PLACE)


def test_faults_show_themselves():
    assert repr(Fault("L1", "x")) == "Fault('L1', 'x', is_fixed=True)"
