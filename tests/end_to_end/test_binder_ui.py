"""The page that makes links in a real browser: what is typed, what comes out, at every width."""

import importlib.util
import json
import os
from urllib.parse import quote

import pytest

from end_to_end.binder_servers import browser as find_browser
from octavo.binder import ui
from octavo.binder._devtools import Browser
from octavo.binder.links import Content, Launch, build
from octavo.binder.providers import Environment

FORM = "#content=owner%2Flessons&branch=main&path=week+1%2FMy+%231.ipynb"
#: For each text: its size, weight, and the contrast with what is behind it (WCAG 2.2, 1.4.3).
CONTRASTS = """(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const color = parse(getComputedStyle(node).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some((c) => c.nodeType === 3 && c.data.trim());
    if (!node.checkVisibility() || !(own || node.matches('input, select'))) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    found.push([node.tagName + '#' + node.id, Math.round(ratio * 100) / 100]);
  }
  return found;
})()"""


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "links.html").write_bytes(ui.page())
    with Browser(find_browser(), str(folder), 60) as browser:
        browser.address = (folder / "links.html").as_uri()
        yield browser


@pytest.fixture
def page(window):
    window.new_page()
    return window


def show(page, fragment="", width=1280, scheme="light"):
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
              mobile=False)  # fmt: skip
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.call("Emulation.setEmulatedMedia", features=features)
    page.open(page.address + fragment)
    assert page.wait_for("document.readyState === 'complete' && !!window.octavoLinks || "
                         "document.querySelectorAll('.badge').length === 4", 20)  # fmt: skip


def write(page, field, text):
    """Type a text into a field, as a person does."""
    page.evaluate(f"document.getElementById({json.dumps(field)}).focus()")
    page.evaluate("document.activeElement.select()")
    page.call("Input.insertText", text=text)


def text(page, name):
    return page.evaluate(f"document.getElementById({json.dumps(name)}).textContent")


def test_what_is_typed_becomes_the_link_of_the_library(page):
    show(page)
    assert page.evaluate("document.getElementById('made').hidden") is True
    for field, value in (
        ("content", "owner/lessons"), ("branch", "feature/ü"), ("path", "a&b/It's #1? 100%.ipynb"),
        ("environment", "gl:group/sub/project"), ("environmentRef", "v1"), ("hub", "https://h.org/b/"),
    ):  # fmt: skip
        write(page, field, value)
    launch = Launch(
        "https://h.org/b",
        environment=Environment("gl", "group/sub/project", "v1"),
        content=Content("https://github.com/owner/lessons", "feature/ü"),
        app="lab",
        path="a&b/It's #1? 100%.ipynb",
    )
    assert text(page, "link") == build(launch)
    assert page.evaluate("document.getElementById('follow').href") == build(launch)
    assert page.wait_for("/is ready/.test(document.getElementById('status').textContent)", 10)


def test_markup_that_is_typed_stays_text(page):
    show(page)
    bad = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>\'`&amp;'
    for field in ("content", "branch", "path", "environment", "environmentRef", "target", "server"):
        show(page, FORM)
        before = page.evaluate("document.querySelectorAll('*').length")
        write(page, field, bad)
        assert page.evaluate("document.querySelectorAll('img').length") == 0
        assert page.evaluate("document.querySelectorAll('*').length") == before
    show(page, f"#content=a/b&path={quote(bad)}&app=<b>&kind=nothing")
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.getElementById('app').value") == "lab"
    link = page.evaluate("document.getElementById('follow').protocol")
    assert link == "https:"


def test_no_link_leads_to_a_script(page):
    show(page)
    write(page, "content", "a/b")
    write(page, "hub", "javascript:alert(1)//https://h.org")
    assert page.evaluate("document.getElementById('made').hidden") is True
    assert page.evaluate("document.getElementById('hub').getAttribute('aria-invalid')") == "true"
    assert "no" in text(page, "hub-error")


def test_a_wrong_field_says_so_and_is_mended(page):
    show(page, FORM)
    write(page, "branch", "a..b")
    assert "cannot be the name of a branch" in text(page, "branch-error")
    assert page.evaluate("document.getElementById('branch').getAttribute('aria-invalid')") == "true"
    write(page, "branch", "main")
    assert text(page, "branch-error") == ""
    assert (
        page.evaluate("document.getElementById('branch').getAttribute('aria-invalid')") == "false"
    )


def test_the_address_keeps_the_form(page):
    show(page, FORM)
    page.evaluate("document.getElementById('more').open = true")
    write(page, "target", "a folder")
    address = page.evaluate("location.href")
    link = text(page, "link")
    page.new_page()
    show(page, "#" + address.partition("#")[2])
    assert text(page, "link") == link
    assert page.evaluate("document.getElementById('more').open") is True


def test_the_page_asks_nobody(page):
    show(page, FORM)
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    blocked = page.evaluate(
        "fetch('http://127.0.0.1:9/').then(() => 'asked', (error) => 'blocked')"
    )
    assert blocked == "blocked"


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_fits_and_can_be_read(width, scheme, page):
    show(page, FORM, width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 30
    assert [(name, ratio) for name, ratio in contrasts if ratio < 4.5] == []
    small = page.evaluate(
        "[...document.querySelectorAll('input, select, button, a.button')]"
        ".filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.9)"
        ".map((e) => e.id)"
    )
    assert small == []


def test_the_keyboard_reaches_everything_in_order(page):
    show(page, FORM)
    seen = []
    for _ in range(40):
        for kind in ("rawKeyDown", "keyUp"):
            page.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab",
                      windowsVirtualKeyCode=9)  # fmt: skip
        name = page.evaluate(
            "((e) => e.id || e.dataset.copies || e.type || e.tagName)(document.activeElement)"
        )
        if name in ("BODY", *seen[:1]):
            break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", name
        seen.append(name)
    assert seen[1:] == [
        "content", "branch", "path", "app", "environment", "environmentRef", "kind", "hub",
        "SUMMARY", "reset", "link", "follow", "badge-markdown", "badge-rst", "badge-html",
        "badge-asciidoc",
    ]  # fmt: skip


def axe_script():
    """Return the path of axe-core, which comes with a package of the development environment."""
    spec = importlib.util.find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("no axe-playwright-python here (group `browser`): accessibility is not checked")
    return os.path.join(os.path.dirname(spec.origin), "axe.min.js")


def test_axe_finds_nothing(page):
    script = axe_script()
    page.call("Page.setBypassCSP", enabled=True)
    for scheme in ("light", "dark"):
        show(page, FORM, scheme=scheme)
        with open(script, encoding="utf-8") as fp:
            page.evaluate(fp.read() + "; 1")
        found = page.evaluate(
            "axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
        )
        assert found == []
