"""Our links, read by nbgitpuller itself: what it clones, where to, and what it opens.

nbgitpuller is an oracle: the test runs where it is installed (`pip install nbgitpuller`).
"""

import asyncio
from unittest.mock import Mock
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

import pytest
from hypothesis import given, settings

from binder.launches import any_launch, launches
from octavo.binder.apps import APPS
from octavo.binder.links import BINDER, LTI, build
from octavo.binder.reading import read

handlers = pytest.importorskip("nbgitpuller.handlers", reason="nbgitpuller is not installed")
web = pytest.importorskip("tornado.web")
httputil = pytest.importorskip("tornado.httputil")


class Page(web.RequestHandler):
    """Stands for the request of a browser; the page that would be shown is not."""

    @property
    def template_namespace(self):
        return {}

    def write(self, _text):
        pass

    async def flush(self):
        pass


def shown_by_nbgitpuller(address):
    """Return what the server tells its page: repo, branch, path, depth, targetpath, backup."""
    shown = {}
    template = Mock(render=lambda **facts: shown.update(facts) or "")
    before = handlers.jinja_env
    handlers.jinja_env = Mock(get_template=lambda _name: template)
    try:
        line = httputil.RequestStartLine("GET", address, "HTTP/1.1")
        request = httputil.HTTPServerRequest(
            start_line=line, headers=httputil.HTTPHeaders({"Host": "h.org"}), connection=Mock()
        )
        asyncio.run(handlers.UIHandler.get.__wrapped__(Page(web.Application(), request)))
    finally:
        handlers.jinja_env = before
    return shown


def address_on_the_server(url, kind):
    """Return what the browser asks the Jupyter server for, after the hub did its part."""
    if kind == BINDER:  # the page sets a token, so the query is written anew
        inner = parse_qs(urlsplit(url).query, strict_parsing=True)["urlpath"][0]
        query = parse_qsl(inner.partition("?")[2], keep_blank_values=True)
        return "/git-pull?" + urlencode([*query, ("token", "x")])
    if kind == LTI:
        url = parse_qs(urlsplit(url).query)["next"][0]
    return "/git-pull?" + url.partition("?")[2]


def check(launch, url):
    content = launch.content
    shown = shown_by_nbgitpuller(address_on_the_server(url, launch.kind))
    assert shown["repo"] == content.repository
    assert (shown["branch"] or "") == content.branch
    assert shown["targetpath"] == content.folder
    assert shown["depth"] == (None if content.depth is None else str(content.depth))
    assert bool(shown["backup"]) == content.backup
    if not content.backup and launch.app:
        app = APPS[launch.app]
        places = [*launch.parent.split("/"), *content.folder.split("/"), *launch.path.split("/")]
        parts = [] if app.opens == "nothing" else [part for part in places if part]
        opened = shown["path"].removeprefix(app.prefix).removesuffix(app.suffix)
        assert shown["path"].startswith(app.prefix)
        assert [unquote(part) for part in opened.split("/") if part] == parts
        assert not set("?#") & set(shown["path"])


def test_nbgitpuller_reads_what_we_wrote():
    n = 0
    for launch in launches():
        if launch.content is not None:
            check(launch, build(launch))
            n += 1
    assert n >= 2000


@settings(max_examples=300)
@given(any_launch())
def test_nbgitpuller_reads_any_link(launch):
    if launch.content is not None:
        check(launch, build(launch))


@pytest.mark.parametrize(
    "query",
    [
        "repo=https://github.com/U/R", "repo=https://github.com/U/R/&branch=x", "repo=https://h.org/R.git&depth=3",
        "repo=https://h.org/R&targetPath=a/b", "repo=https://h.org/R&targetpath=t&urlPath=lab/tree/t/x.ipynb",
        "repo=https://h.org/R&branch=a&branch=b", "repo=https://h.org/R&subPath=x.ipynb",
        "repo=https://h.org/R&subpath=d&app=lab", "repo=https%3A%2F%2Fh.org%2FR&urlpath=rstudio%2F",
    ],
)  # fmt: skip
def test_we_read_what_nbgitpuller_reads(query):
    shown = shown_by_nbgitpuller(f"/git-pull?{query}")
    launch = read(f"https://h.org/git-pull?{query}").launch
    assert shown["repo"] == launch.content.repository
    assert (shown["branch"] or "") == launch.content.branch
    assert shown["targetpath"] == launch.content.folder
    assert int(shown["depth"] or 1) == (launch.content.depth or 1)
    if launch.path:
        assert shown["path"].endswith(launch.path)
