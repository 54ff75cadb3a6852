"""Pages in a real browser: accessible, three widths, no network, and frames that keep code in."""

import contextlib
import importlib.util
import itertools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import octavo
from end_to_end import jupyter_lab
from octavo import Cell, Document
from octavo.binder._devtools import find_browser
from octavo.exporters import _index, html
from octavo.exporters._exporter import Settings
from support import every_output, widget_states

LESSON = """# Falling[^n]

:::{admonition} Folded
:class: dropdown
Inside.
:::

::::{tab-set}
:::{tab-item} One
first
:::
:::{tab-item} Two
second
:::
::::

## Numbers

| t | s |
|--:|--:|
| 1 | 4.9 |

```python
x = 1
```

$$ s = t^2 $$ (law)

See {eq}`law` and [](#numbers).

[^n]: Without air.
"""
POLICY = '<meta http-equiv="Content-Security-Policy"'
#: Ways out of a frame; B is the address of a server that counts who comes.
WAYS = {
    "fetch": "fetch(B)",
    "picture": "new Image().src = B",
    "beacon": "navigator.sendBeacon(B)",
    "socket": "new WebSocket(B.replace('http', 'ws'))",
    "style sheet": "add('link', {rel: 'stylesheet', href: B})",
    "prefetch": "add('link', {rel: 'prefetch', href: B})",
    "script": "add('script', {src: B})",
    "frame": "add('iframe', {src: B})",
    "frame in a frame": "add('iframe', {srcdoc: `<script>location = '${B}'<\\/script>`})",
    "going there": "location = B",
    "going by a blob": (
        "location = URL.createObjectURL(new Blob([`<img src=${B}>`], {type: 'text/html'}))"
    ),
    "refresh": "document.head.innerHTML += `<meta http-equiv=refresh content='0;url=${B}'>`",
    "link": "add('a', {href: B}).click()",
    "ping": "add('a', {href: '#x', ping: B}).click()",
    "worker": "new Worker(URL.createObjectURL(new Blob([`fetch('${B}')`])))",
    "font": "add('style', {textContent: `@import '${B}'; @font-face {font-family: q; src: url(${B})}`})",
    "film": "add('video', {src: B})",
    "object": "add('object', {data: B})",
}  # fmt: skip
ADD = ("const add = (tag, facts) => { const one = Object.assign(document.createElement(tag), facts);"
       " document.body.append(one); return one; };")  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    if not find_browser():
        pytest.skip("no Chromium and no Chrome on this machine: pages were not tested in one")
    with jupyter_lab.chromium() as found:
        yield found


@pytest.fixture
def opened(browser, tmp_path):
    """Open a page of HTML; its console stays clean, and it asks the network for nothing."""
    with contextlib.ExitStack() as stack:
        asked, wrong = [], []

        def opened(text, **settings):
            context = browser.new_context(**settings)
            stack.callback(context.close)
            context.on("request", lambda request: asked.append(request.url))
            context.on("weberror", lambda error: wrong.append(str(error.error)))
            page = context.new_page()
            place = tmp_path / "page.html"
            place.write_text(text, "utf-8")
            page.goto(place.as_uri())
            return page

        yield opened
    assert [url for url in asked if not url.startswith(("file:", "data:", "about:"))] == []
    assert wrong == []


def page_of(document, **settings):
    (artifact,) = html.export(document, Settings("page", **settings))
    return artifact.data.decode("utf-8")


DOCUMENTS = {
    "lesson": Document([Cell("markdown", LESSON)]),
    "every": every_output.notebook(),
    "widgets": widget_states.notebook(),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_axe_finds_nothing(opened, name, scheme):
    spec = importlib.util.find_spec("axe_playwright_python")
    if spec is None:
        pytest.skip("no axe-playwright-python here (group `browser`): accessibility is not checked")
    page = opened(page_of(DOCUMENTS[name]), color_scheme=scheme)
    page.evaluate(Path(spec.origin).with_name("axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run().then((found) => found.violations)")
    assert {(one["id"], node["html"]) for one in found for node in one["nodes"]} == set()
    assert page.evaluate("window.hit") is None


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_page_fits_every_width(opened, name, width):
    page = opened(page_of(DOCUMENTS[name]), viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_headings_are_in_order(opened):
    page = opened(page_of(DOCUMENTS["every"]))
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => +h.tagName[1])")  # fmt: skip
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_tabs_are_chosen_by_keys(opened):
    page = opened(page_of(DOCUMENTS["lesson"]))
    page.get_by_role("tab", name="One").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tab", name="Two").get_attribute("aria-selected") == "true"
    assert page.get_by_role("tabpanel").inner_text().strip() == "second"


def test_the_theme_is_kept(opened):
    page = opened(page_of(DOCUMENTS["lesson"]), color_scheme="light")
    page.get_by_role("button", name="Dark theme").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_frame_draws_and_tells_its_height(opened):
    script = "document.getElementById('here').innerHTML = '<p style=\"height:123px;margin:0\">'"
    form = {"application/vnd.plotly.v1+json": {"data": [], "layout": {}}}
    output = {"output_type": "display_data", "metadata": {}, "data": form}
    document = Document([Cell("code", "1", {}, [output])])
    library = f"window.Plotly = {{newPlot: () => {{ {script}; }}}};"
    page = opened(page_of(document, library=lambda _: library))
    page.wait_for_selector("iframe[height='123']")
    assert page.evaluate("document.querySelector('iframe').contentDocument") is None


@pytest.mark.parametrize("to", ["html", "slides"])
def test_a_chart_of_altair_is_alive_without_the_network(opened, to):
    pytest.importorskip("vl_convert", reason="vl-convert-python is not installed (group `browser`)")
    output = every_output.KINDS["altair"][0]
    (artifact,) = octavo.export(Document([Cell("code", "1", {}, [output])]), to)
    page = opened(artifact.data.decode("utf-8"))
    drawn = page.frame_locator("iframe.live").locator("canvas, svg").first
    drawn.wait_for()
    assert drawn.bounding_box()["height"] > 50
    frame = page.locator("iframe.live")
    height = frame.evaluate("(one) => [one.offsetHeight, Number(one.getAttribute('height'))]")
    assert height[0] == height[1]


def test_a_chart_of_altair_is_a_picture_on_paper():
    pytest.importorskip("vl_convert", reason="vl-convert-python is not installed (group `browser`)")
    output = every_output.KINDS["altair"][0]
    document = Document([Cell("markdown", "# T"), Cell("code", "1", {}, [output])])
    (artifact,) = octavo.export(document, "pdf")
    assert artifact.notices == ()
    (artifact,) = octavo.export(document, live=False)
    assert b'alt="ALTAIRWORD"' in artifact.data
    assert artifact.notices == ()


class Counter(BaseHTTPRequestHandler):
    """Answers anything, and lets the test know."""

    def do_GET(self):
        self.server.came.set()
        self.send_response(200)
        self.end_headers()

    do_POST = do_GET  # noqa: N815  the name that the base class looks for

    def log_message(self, *_):
        """Stay silent."""


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Counter) as found:
        found.came = threading.Event()
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.mark.parametrize("to", ["html", "slides"])
@pytest.mark.parametrize("way", WAYS)
def test_code_in_a_frame_cannot_leave(browser, server, tmp_path, way, to):
    """Each way leads out of a frame without our rules, and not out of one with them."""
    address = f"http://127.0.0.1:{server.server_port}/"
    script = f"const B = '{address}'; {ADD} try {{ {WAYS[way]} }} catch {{}}"
    form = {"application/vnd.bokehjs_exec.v0+json": "", "application/javascript": script}
    output = {"output_type": "display_data", "metadata": {}, "data": form}
    document = Document([Cell("code", "1", {}, [output])])
    (artifact,) = _index.get(to).export(document, Settings(library=lambda _: "0"))
    text = artifact.data.decode("utf-8")
    assert text.count(POLICY) == 2
    assert came(browser, server, tmp_path, text.replace(POLICY, "<meta data-none"))
    assert not came(browser, server, tmp_path, text)


def came(browser, server, folder, text):
    """Return whether a page made anybody come to the server."""
    server.came.clear()
    place = folder / "page.html"
    place.write_text(text, "utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.goto(place.as_uri())
    for _ in range(10):
        if server.came.is_set():
            break
        page.wait_for_timeout(50)  # what never comes cannot be waited for
    assert page.url.partition("#")[0] == place.as_uri()
    context.close()
    return server.came.is_set()
