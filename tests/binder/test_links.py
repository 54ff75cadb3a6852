"""Links: the formula, every provider and hub, and back."""

import html
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings

from binder.launches import NASTY, any_launch, launches
from octavo.binder import links
from octavo.binder.errors import BinderError
from octavo.binder.links import BINDER, JUPYTERHUB, LTI, SERVER, Content, Launch, build
from octavo.binder.providers import PROVIDERS, Environment, environment, https_url, repository_url
from octavo.binder.reading import is_launch, parse, read

CONTENT = Content("https://github.com/U/R", "main")
ENVIRONMENT = Environment("gh", "U/R", "binder-build")


def test_formula_is_the_proven_one():
    launch = Launch(environment=ENVIRONMENT, content=CONTENT, app="lab", path="week 1/My #1.ipynb")
    assert build(launch) == (
        "https://mybinder.org/v2/gh/U/R/binder-build?urlpath=git-pull%3Frepo%3Dhttps%253A%252F%252Fgithub.com"
        "%252FU%252FR%26branch%3Dmain%26urlpath%3Dlab%252Ftree%252FR%252Fweek%2525201%252FMy%252520%2525231.ipynb"
    )


def test_thousands_of_links_come_back():
    n = 0
    for launch in launches():
        url = build(launch)
        found = read(url)
        assert found.launch == launch, url
        assert found.faults == [], url
        assert is_launch(url)
        n += 1
    assert n >= 2000


@settings(max_examples=500)
@given(any_launch())
def test_any_link_comes_back(launch):
    url = build(launch)
    found = read(url, parent=launch.parent)
    assert found.launch == launch
    assert found.faults == []
    assert url.isascii()
    assert not set(" \"'<>`()[]{}|\\^\n\t") & set(url)


@pytest.mark.parametrize("path", NASTY)
def test_browser_and_server_decode_to_the_file(path):
    """Follow a link step by step: what BinderHub, nbgitpuller and the application see."""
    launch = Launch(environment=ENVIRONMENT, content=CONTENT, app="lab", path=path)
    inner = parse_qs(urlsplit(build(launch)).query)["urlpath"][0]
    assert inner.startswith("git-pull?")
    pulled = parse_qs(inner.partition("?")[2])
    assert pulled["repo"] == ["https://github.com/U/R"]
    assert pulled["branch"] == ["main"]
    address = pulled["urlpath"][0]
    assert not set("?#& ") & set(address)
    assert [unquote(part) for part in address.split("/")] == ["lab", "tree", "R", *path.split("/")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("owner/repo", ("gh", "owner/repo", "HEAD")),
        ("gh:owner/repo.git", ("gh", "owner/repo", "HEAD")),
        ("https://github.com/owner/repo/", ("gh", "owner/repo", "HEAD")),
        ("gl:group/sub/project", ("gl", "group/sub/project", "HEAD")),
        ("https://gitlab.com/group/project.git", ("gl", "group/project", "HEAD")),
        ("https://gist.github.com/user/0123abcd", ("gist", "user/0123abcd", "")),
        ("https://example.org/x.git", ("git", "https://example.org/x.git", "HEAD")),
        ("git@example.org:a/b.git", ("git", "ssh://git@example.org/a/b.git", "HEAD")),
        ("https://doi.org/10.5281/zenodo.3242074", ("zenodo", "10.5281/zenodo.3242074", "")),
        ("10.6084/m9.figshare.9782777.v1", ("figshare", "10.6084/m9.figshare.9782777.v1", "")),
        ("10.7910/DVN/TJCLKP", ("dataverse", "10.7910/DVN/TJCLKP", "")),
        ("hydroshare:b8f6eae9d89241cf8b5904033460af61", ("hydroshare", "b8f6eae9d89241cf8b5904033460af61", "")),
        ("https://demo.ckan.org/dataset/x", ("ckan", "https://demo.ckan.org/dataset/x", "")),
    ],
)  # fmt: skip
def test_environment_is_understood(text, expected):
    assert environment(text) == Environment(*expected)


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_has_a_sample_that_it_takes(name):
    sample = PROVIDERS[name].sample.replace("USER/ID", "user/abc")
    found = environment(f"{name}:{sample}")
    assert parse(build(Launch(environment=found, app="lab"))).environment == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gx:owner/repo", "OCT-B002"), ("owner", "OCT-B003"), ("gh:a/b/c", "OCT-B003"), ("gh:-x/y", "OCT-B003"),
        ("gh:a/b;rm -rf", "OCT-B003"), ("gh:a/..", "OCT-B003"), ("gl:alone", "OCT-B003"),
        ("gist:user/xyz!", "OCT-B003"), ("git:file:///etc", "OCT-B003"), ("git:ext::sh -c x", "OCT-B003"),
        ("zenodo:11.5/x", "OCT-B003"), ("10.1000/182", "OCT-B003"), ("hydroshare:short", "OCT-B003"),
        ("ckan:https://h.org/x", "OCT-B003"),
    ],
)  # fmt: skip
def test_wrong_environment_is_refused(text, code):
    with pytest.raises(BinderError) as caught:
        environment(text)
    assert caught.value.code == code
    assert caught.value.hint


@pytest.mark.parametrize(
    "ref", ["-x", "a b", "a..b", "a~1", "x.lock", "a\nb", "@{u}", "a:b", "/a", "a/", "\ud800"]
)
def test_ref_that_git_refuses_is_refused(ref):
    with pytest.raises(BinderError, match="cannot be the name"):
        Environment("gh", "a/b", ref)
    with pytest.raises(BinderError, match="cannot be the name"):
        build(
            Launch("https://h.org", JUPYTERHUB, content=Content("https://h.org/r", ref), app="lab")
        )


def test_archive_takes_no_ref():
    with pytest.raises(BinderError) as caught:
        environment("10.5281/zenodo.3242074", "main")
    assert caught.value.code == "OCT-B003"


@pytest.mark.parametrize(
    "hub", ["ftp://h.org", "h.org", "https://u:p@h.org", "https://h.org?x", "https://h<b>.org", ""]
)
def test_wrong_hub_is_refused(hub):
    with pytest.raises(BinderError) as caught:
        build(Launch(hub, environment=ENVIRONMENT))
    assert caught.value.code == "OCT-B004"


@pytest.mark.parametrize("path", ["..", "a/../b", ".", "a//b", "a\0b", "\ud800"])
def test_path_outside_the_repository_is_refused(path):
    with pytest.raises(BinderError) as caught:
        build(Launch(environment=ENVIRONMENT, content=CONTENT, app="lab", path=path))
    assert caught.value.code == "OCT-B006"


@pytest.mark.parametrize(
    "content",
    [
        Content(""), Content("-oProxyCommand=x"), Content("ext::sh -c x"), Content("https://h.org/a b"),
        Content("https://h.org/r", target="-x"), Content("https://h.org/r", target="../x"),
        Content("https://h.org/r", target=" x "),
    ],
)  # fmt: skip
def test_content_that_is_a_command_is_refused(content):
    with pytest.raises(BinderError) as caught:
        build(Launch("https://h.org", JUPYTERHUB, content=content, app="lab"))
    assert caught.value.code == "OCT-B006"


def test_retro_is_refused_with_a_hint():
    with pytest.raises(BinderError) as caught:
        build(Launch(environment=ENVIRONMENT, app="retro"))
    assert (caught.value.code, "Notebook 7" in caught.value.hint) == ("OCT-B005", True)


@pytest.mark.parametrize(
    "launch",
    [
        Launch(environment=ENVIRONMENT, app="rstudio", path="x.R"),
        Launch(environment=ENVIRONMENT, app="voila"),
        Launch("https://h.org", JUPYTERHUB, app="lab", server="x"),
        Launch(environment=ENVIRONMENT, path="x"),
        Launch(),
    ],
)
def test_launch_that_cannot_be_is_refused(launch):
    with pytest.raises(BinderError):
        build(launch)


@pytest.mark.parametrize(
    ("app", "path", "address"),
    [
        ("lab", "x.md", "lab/tree/R/x.md"), ("notebook", "d", "tree/R/d"), ("doc", "x y", "doc/tree/R/x%20y"),
        ("notebooks", "x", "notebooks/R/x"), ("classic", "", "nbclassic/tree/R"), ("rstudio", "", "rstudio/"),
        ("shiny", "app", "shiny/R/app/"), ("shiny", "", "shiny/R/"), ("voila", "x", "voila/render/R/x"),
    ],
)  # fmt: skip
def test_addresses_of_applications(app, path, address):
    url = build(Launch("https://h.org/b", SERVER, content=CONTENT, app=app, path=path))
    assert parse_qs(urlsplit(url).query)["urlpath"] == [address]


def test_base_paths_of_hubs_are_kept():
    start = Launch("https://h.org/teach/", content=CONTENT, app="lab", environment=ENVIRONMENT)
    assert build(start).startswith("https://h.org/teach/v2/gh/U/R/binder-build?")
    hub = start.with_(kind=JUPYTERHUB, server="my gpu")
    assert build(hub).startswith("https://h.org/teach/hub/user-redirect/my%20gpu/git-pull?repo=")
    assert build(hub.with_(hub="https://h.org/teach/hub")) == build(hub)
    lti = build(start.with_(kind=LTI))
    assert lti.startswith(
        "https://h.org/teach/hub/lti/launch?next=%2Fteach%2Fhub%2Fuser-redirect%2Fgit-pull"
    )


def test_unknown_parameters_are_kept():
    url = "https://mybinder.org/v2/gh/a/b/main?urlpath=lab%2Ftree%2Fx.ipynb&utm=1"
    assert build(parse(url)) == url
    url = "https://h.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fh.org%2Fr&urlpath=rstudio%2F&x=y"
    assert build(parse(url)) == url


@pytest.mark.parametrize(
    "address",
    ["proxy/8080/", "lab/tree/R/x.ipynb?reset", "desktop/", "lab/workspaces/a/tree/R/x.ipynb"],
)
def test_other_addresses_are_kept(address):
    launch = Launch(environment=ENVIRONMENT, content=CONTENT, address=address)
    assert parse(build(launch)) == launch
    assert read(build(launch)).faults == []


@pytest.mark.parametrize(
    "url",
    ["https://example.org", "https://h.org/v2/xx/a/b", "https://mybinder.org/badge_logo.svg", "no link",
     "https://h.org/git-pull?branch=x", "https://h.org/hub/lti/launch", "https://mybinder.org/v2/gh/a/b/c?repo=x",
     "https://h.org/git-pull?repo=", ""],
)  # fmt: skip
def test_what_is_no_launch_link_is_refused(url):
    with pytest.raises(BinderError) as caught:
        parse(url)
    assert caught.value.code == "OCT-B001"


@pytest.mark.parametrize(
    ("url", "expected"),
    [("git@github.com:a/b.git", "https://github.com/a/b.git"), ("ssh://git@gitlab.com/a/b", "https://gitlab.com/a/b"),
     ("git@h.org:a/b", ""), ("https://github.com/a/b", "")],
)  # fmt: skip
def test_address_without_a_key(url, expected):
    assert https_url(url) == expected


def test_repository_url_takes_short_names():
    assert repository_url("gl:a/b") == "https://gitlab.com/a/b.git"
    assert repository_url("https://h.org/x") == "https://h.org/x"
    with pytest.raises(BinderError):
        repository_url("zenodo:10.5281/zenodo.1")


def test_values_have_a_form_and_a_hash():
    launch = Launch(environment=ENVIRONMENT, content=CONTENT, app="lab")
    assert {launch, launch.with_()} == {launch}
    assert "gh" in repr(launch)
    assert CONTENT.with_(depth=3).depth == 3
    assert hash(ENVIRONMENT) == hash(ENVIRONMENT.at("binder-build"))
    assert links.KINDS == (BINDER, JUPYTERHUB, LTI, SERVER)


def test_canonical_links_need_no_escape_in_html():
    launch = Launch(
        "https://h.org", JUPYTERHUB, content=CONTENT, app="lab", path="<script>&'\".ipynb"
    )
    url = build(launch)
    assert html.escape(url).replace("&amp;", "&") == url
