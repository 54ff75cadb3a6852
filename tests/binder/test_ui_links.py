"""The link logic of the page says what the library says: one form after the other, in node."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from binder.launches import NASTY
from octavo.binder import badges, explain, links, ui
from octavo.binder.apps import APPS
from octavo.binder.links import Content, Launch
from octavo.binder.providers import environment, repository_url
from octavo.core.errors import OctavoError, OptionError

SCRIPT = Path(ui.__file__).parent / "ui_page/links.js"
RUNNER = """
const links = require(process.argv[1]);
const forms = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(forms.map((form) => links.make(form))));
"""
BASE = {
    "kind": "binder", "hub": "https://mybinder.org", "environment": "", "environmentRef": "",
    "content": "owner/repo", "branch": "main", "target": "", "depth": "", "app": "lab",
    "path": "a.ipynb", "server": "", "parent": "",
}  # fmt: skip
REFS = ["", "main", "feature/x#1", "a" * 40, "HEAD", "ü+é", "v1.0&more", "50%", "refs/heads/main",
        "two words", "a..b", "-x", "x.lock", "a/.b", "@", "x@{1}", "end/", "<b>", '"', "'"]  # fmt: skip
SERVERS = ["", "gpu", "my server", "it's", "a/b", 'say "x"']
VALUES = {
    "kind": ["binder", "jupyterhub", "lti", "elsewhere"],
    "hub": [
        "https://mybinder.org", "https://mybinder.org/", "https://h.org/binder/", "http://localhost:8585",
        "https://h.org:8443/a/b//", "https://h.org/hub", "https://h.org/hub/", "https://user@h.org", "ftp://h.org",
        "h.org", "", "https://h.org/?x", "https://h.org/#x", "https://", 'https://h.org/"x', "javascript:alert(1)",
    ],
    "environment": [
        "", "owner/repo", "gh:owner/repo.name", "gh:o-w/r_p.git", "https://github.com/owner/repo.git",
        "https://github.com/owner/repo/tree/main", "https://www.github.com/owner/repo/", "gl:group/project",
        "gl:group/sub/sub2/project", "https://gitlab.com/group/sub/project", "gist:user/0123456789abcdef",
        "https://gist.github.com/user/0123abc", "git:https://example.org/x/y.git", "git@example.org:x/y.git",
        "ssh://git@example.org/x", "git:git@example.org:/x/y", "10.5281/zenodo.3242074", "doi:10.5281/zenodo.3242074",
        "https://doi.org/10.6084/m9.figshare.9782777.v1", "dataverse:10.7910/DVN/TJCLKP", "10.7910/DVN/TJCLKP",
        "dataverse:10.1000/a(b)#c?d%25", "10.1000/unknown", "hydroshare:b8f6eae9d89241cf8b5904033460af61",
        "https://www.hydroshare.org/resource/b8f6eae9d89241cf8b5904033460af61/",
        "ckan:https://demo.ckan.org/dataset/sample?activity_id=x", "https://demo.ckan.org/dataset/sample",
        "owner", "owner/repo/more", "gh:", "gl:x", "gist:user/xyz", "git:ftp://x/y", "zenodo:11.5/x", "hydroshare:12",
        "svn:x/y", "github:owner/repo", "ow ner/repo", "owner/<b>", "owner/..", "-o/r", "o/r$(x)", "://", "a@b:c",
        "git:https://e.org/it's/(x)!*.git", " owner/repo ", "gh: owner/repo/", "zenodo:10.5281/é",
    ],
    "environmentRef": REFS,
    "content": [
        "", "owner/repo", "gl:group/project", "gist:user/0123abc", "https://github.com/owner/repo",
        "https://github.com/owner/repo.git", "https://gitlab.com/a/b/c/", "https://example.org/r%20s", "git@h.org:x/y.git",
        "zenodo:10.5281/zenodo.1", "owner", "https://exa mple.org/x", "ext::sh -c x", "-u:x", "file:///srv/x", "::",
        "https://e.org/ü/数据", "https://e.org/a&b=c?d#e", "http://e.org/\u200b", "https://e.org//", "x://",
    ],
    "branch": REFS,
    "target": ["", "t", "my folder/sub", "/x/", "..", "a/../b", "-x", " x", "#1", "ü", "a//b", "a\u200bb"],
    "depth": ["", "0", "1", "5", "-1", "x", "1.5", "٣"],
    "app": list(APPS),
    "path": ["", *NASTY, "/a.ipynb/", "..", "a/../b", "a//b", "./a", "a\0b", "\\", "sub/"],
    "server": SERVERS,
    "parent": ["", "work", "a b/c", "/x/", "..", "#"],
}  # fmt: skip


def forms():
    """Return forms: each value alone, important pairs, and mixtures of everything."""
    made = [{**BASE, name: value} for name, values in VALUES.items() for value in values]
    for first, second in (
        ("content", "path"), ("environment", "environmentRef"), ("app", "path"), ("kind", "path"),
        ("branch", "kind"), ("hub", "kind"), ("target", "path"), ("parent", "target"), ("server", "kind"),
    ):  # fmt: skip
        made += [
            {**BASE, first: one, second: other} for one in VALUES[first] for other in VALUES[second]
        ]
    mixer = random.Random(8)
    made += [{name: mixer.choice(values) for name, values in VALUES.items()} for _ in range(1500)]
    return made


def expected(form):
    """Return what the library makes of a form."""
    try:
        launch = _launch(form)
        link = links.build(launch)
    except OctavoError as error:
        return {"code": error.code}
    return {
        "link": link,
        "words": list(explain.words(launch)),
        "badges": {markup: badges.badge(launch, markup) for markup in badges.MARKUPS},
    }


def _launch(form):
    if form["kind"] not in links.KINDS:
        raise OptionError("OCT-O020", "no such hub")
    is_binder = form["kind"] == links.BINDER
    if is_binder and not form["environment"] and not form["content"]:
        raise OptionError("OCT-O020", "nothing to launch")
    hub = links.hub_url(form["hub"])
    built = None
    if is_binder and form["environment"]:
        built = environment(form["environment"], form["environmentRef"])
    elif is_binder:
        built = environment(form["content"], form["environmentRef"] or "binder-build")
    return Launch(
        hub,
        form["kind"],
        environment=built,
        content=_content(form) if form["content"] else None,
        app=form["app"],
        path=links.check_path(form["path"]),
        server="" if is_binder else form["server"],
        parent=form["parent"].strip("/"),
    )


def _content(form):
    depth = form["depth"]
    repository = repository_url(form["content"])
    if depth and not (depth.isascii() and depth.isdigit()):
        raise OptionError("OCT-O020", "no number")
    return Content(
        repository,
        form["branch"],
        target=form["target"].strip("/"),
        depth=int(depth) if depth else None,
    )


@pytest.fixture(scope="module")
def node():
    program = shutil.which("node")
    if program is None:
        pytest.skip("node is not installed: the link logic of the page is not compared")
    return program


def test_the_page_makes_what_the_library_makes(node):
    asked = forms()
    done = subprocess.run(
        [node, "-e", RUNNER, str(SCRIPT)], input=json.dumps(asked), capture_output=True,
        text=True, encoding="utf-8", check=True, timeout=60,
    )  # fmt: skip
    answers = json.loads(done.stdout)
    wrong = []
    for form, answer in zip(asked, answers, strict=True):
        said = {"code": answer["code"]} if "code" in answer else answer
        if said != expected(form):
            wrong.append((form, said, expected(form)))
    assert not wrong, f"{len(wrong)} of {len(asked)} differ, such as {wrong[0]}"
    assert len(asked) > 3000
    assert sum("link" in answer for answer in answers) > 1000
    assert all(answer["message"] and answer["field"] for answer in answers if "code" in answer)


def test_applications_of_the_page_are_those_of_the_library(node):
    script = "process.stdout.write(JSON.stringify(require(process.argv[1]).APPS))"
    done = subprocess.run(
        [node, "-e", script, str(SCRIPT)], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == {
        app.name: {
            "title": app.title,
            "prefix": app.prefix,
            "opens": app.opens,
            "suffix": app.suffix,
        }
        for app in APPS.values()
    }
