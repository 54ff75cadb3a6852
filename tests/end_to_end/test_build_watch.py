"""`octavo build --watch`: a real browser follows what is built, without any other request."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from end_to_end.binder_servers import browser as find_browser

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

TOML = '[edition.page]\nfrom = ["*.md"]\nwrite = ["html"]\n'


@pytest.fixture
def watching(tmp_path):
    (tmp_path / "octavo.toml").write_text(TOML)
    (tmp_path / "a.md").write_text("# First words\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "octavo", "build", "--watch", "-j1"],
        cwd=tmp_path, stderr=subprocess.PIPE, text=True, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    address = ""
    while not address:
        line = process.stderr.readline()
        assert line, "it ended"
        address = (re.findall(r"http://127\.0\.0\.1:\d+/", line) or [""])[0]
    yield tmp_path, address
    process.send_signal(signal.SIGINT)
    process.wait(60)
    process.stderr.close()
    assert process.returncode in (0, 130)


def test_a_page_reloads_when_it_is_built_anew(watching):
    folder, address = watching
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        page = browser.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.get_by_role("link", name="build/page/a.html").click()
        playwright.expect(page.get_by_role("heading", level=1)).to_contain_text("First words")
        (folder / "a.md").write_text("# Other words\n")
        playwright.expect(page.get_by_role("heading", level=1)).to_contain_text(
            "Other words", timeout=60_000
        )
        assert "EventSource" not in (folder / "build/page/a.html").read_text()
        (folder / "octavo.toml").write_text("[edition.page]\nwrit = 1\n")
        (folder / "octavo.toml").write_text(TOML)
        (folder / "b.md").write_text("# New page\n")
        deadline = time.monotonic() + 60
        while not (folder / "build/page/b.html").exists():
            assert time.monotonic() < deadline
            page.wait_for_timeout(100)
        assert all(url.startswith((address, "data:")) for url in asked)
        browser.close()
