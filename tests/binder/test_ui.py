"""The page that makes links is one file that loads nothing and writes no markup."""

import base64
import hashlib
import html.parser
import http.client
import json
import re
import threading
from pathlib import Path

import pytest

from octavo.binder import ui
from octavo.cli import main

FOLDER = Path(ui.__file__).parent / "ui_page"


class Elements(html.parser.HTMLParser):
    """All elements of a page, with their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def of(self, *tags):
        return [attributes for tag, attributes in self.found if tag in tags]


@pytest.fixture(scope="module")
def page():
    return ui.page().decode("utf-8")


@pytest.fixture(scope="module")
def elements(page):
    parser = Elements()
    parser.feed(page)
    return parser


def test_the_page_names_no_other_file(elements):
    assert not [
        attributes
        for _, attributes in elements.found
        if {"src", "srcset", "action", "data", "poster"} & set(attributes)
    ]
    assert all(link.get("href", "#").startswith("#") for link in elements.of("a", "link"))
    assert "@import" not in page_part("page.css")
    assert "url(" not in page_part("page.css")


def page_part(name):
    return (FOLDER / name).read_text("utf-8")


@pytest.mark.parametrize("name", ["links.js", "page.js"])
def test_scripts_write_no_markup_and_ask_nobody(name):
    banned = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|fetch\(|XMLHttp|import\(|setAttribute\(.on|</script"
    assert re.findall(banned, page_part(name)) == []


def test_the_policy_allows_this_script_and_this_style_only(page):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    script = re.search(r"<script>(.*)</script>", page, re.DOTALL)[1]
    style = re.search(r"<style>(.*)</style>", page, re.DOTALL)[1]
    for text, directive in ((script, "script-src"), (style, "style-src")):
        digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_every_field_has_a_label_and_every_description_exists(elements):
    labels = {label["for"] for label in elements.of("label")}
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for field in elements.of("input", "select"):
        assert field["id"] in labels
        assert set(field.get("aria-describedby", "").split()) <= set(ids)
    assert [a.get("aria-live") for a in elements.of("p") if a.get("role") == "status"] == ["polite"]
    assert elements.of("html") == [{"lang": "en"}]


def test_the_page_is_the_same_every_time():
    assert ui.page() == ui.page()


def test_the_page_is_written_once(tmp_path, capfd):
    path = tmp_path / "links.html"
    assert main(["binder", "ui", "-o", str(path)]) == 0
    assert path.read_bytes() == ui.page()
    assert main(["binder", "ui", "-o", str(path)]) == 0
    assert capfd.readouterr().err.splitlines() == [f"{path}: written", f"{path}: unchanged"]


def test_the_page_goes_to_stdout(capfdbinary):
    assert main(["binder", "ui", "-o", "-"]) == 0
    assert capfdbinary.readouterr().out == ui.page()


def test_a_dry_run_writes_nothing(tmp_path, capfd):
    path = tmp_path / "links.html"
    assert main(["binder", "ui", "-o", str(path), "--dry-run", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == {"file": str(path), "status": "would be written"}
    assert not path.exists()
    assert main(["binder", "ui", "--dry-run"]) == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--port", "x"], "OCT-O020"), (["--port", "65536"], "OCT-O020"),
     (["-o", "-", "--open"], "OCT-O029"), (["-o", "/nowhere/at/all/x.html"], "OCT-W004")],
)  # fmt: skip
def test_wrong_words_are_told(words, code, capfd):
    assert main(["binder", "ui", *words]) > 0
    assert f"[{code}]" in capfd.readouterr().err


@pytest.fixture
def served():
    with ui.server(0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_taken_port_is_told(served, capfd):
    port = str(served.server_address[1])
    assert main(["binder", "ui", "--port", port]) == 4
    assert "[OCT-B230]" in capfd.readouterr().err


def test_the_page_is_served_on_loopback_and_nothing_else_is(served):
    host, port = served.server_address
    assert host == "127.0.0.1"
    assert ask(port, "GET", "/") == (200, ui.page())
    assert ask(port, "GET", "/?x=1") == (200, ui.page())
    assert ask(port, "HEAD", "/") == (200, b"")
    assert ask(port, "GET", "/../../etc/passwd")[0] == 404
    assert ask(port, "GET", "/page.js")[0] == 404
    assert ask(port, "POST", "/")[0] == 501


def ask(port, method, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body
