"""Pairs, conflicts and the preview in Notebook 7, where each document has a page of its own."""

import pytest

from end_to_end import jupyter_lab
from end_to_end.jupyter_lab import notebook

TEXT = ".octavo-Preview-text .cm-content"


@pytest.fixture
def seven(lab_server, chromium):
    """Return a function that opens a document of the server in Notebook 7."""
    context = chromium.new_context(viewport={"width": 1200, "height": 800})
    pages = []

    def opened(path):
        pages.append(jupyter_lab.Lab(lab_server, context, f"notebooks/{path}"))
        pages[-1].page.wait_for_selector(".jp-Notebook .jp-Cell")
        return pages[-1]

    yield opened
    for page in pages:
        page.js("() => { for (const w of window.jupyterapp.shell.widgets('main'))"
                " if (w.context) w.context.model.dirty = false; }")  # fmt: skip
    context.close()
    assert [page.errors for page in pages] == [[] for _ in pages]


def test_a_document_is_paired_and_seen_as_text(seven, lab_server):
    lab_server.write("seven/a.ipynb", notebook({}, {}))
    page = seven("seven/a.ipynb")
    page.run("octavo:pair", formats="ipynb,md")
    assert "x = 1" in lab_server.read("seven/a.md")
    page.run("octavo:toggle-preview")
    page.page.locator(TEXT, has_text="x = 1").wait_for()
    page.picture("notebook7-preview")
    page.run("octavo:toggle-preview")
    page.page.locator(".octavo-Preview").wait_for(state="detached")


def test_the_address_of_a_twin_shows_the_one_document(seven, lab_server):
    lab_server.write("seven/b.ipynb", notebook({}))
    lab_server.request("octavo/api/pair", {"path": "seven/b.ipynb", "formats": "ipynb,md"}, "PUT")
    page = seven("seven/b.md")
    [path] = page.js(
        "[...window.jupyterapp.shell.widgets('main')].map(w => w.context && w.context.path)"
    )
    assert path == "seven/b.ipynb"


def test_a_conflict_is_resolved_by_its_button(seven, lab_server):
    sides = [{"conflict": {"side": side, "label": side}} for side in ("ours", "theirs")]
    lab_server.write("seven/c.ipynb", notebook({}, *sides))
    page = seven("seven/c.ipynb")
    page.page.locator(".octavo-Conflict-button", has_text="Keep Theirs").click()
    page.page.locator(".octavo-Conflict").first.wait_for(state="detached")
    found = page.js(
        "[...window.jupyterapp.shell.widgets('main')][0].content.model.sharedModel"
        ".cells.map(cell => cell.getSource())"
    )
    assert found == ["x = 0", "x = 2"]


def test_the_pair_dialog_by_keyboard(seven, lab_server):
    lab_server.write("seven/d.ipynb", notebook({}))
    page = seven("seven/d.ipynb")
    page.select(0)
    page.chord("Shift+P")
    page.page.locator(".jp-Dialog .octavo-PairForm-forms").wait_for()
    page.page.keyboard.press("End")
    page.page.keyboard.type(",md")
    page.page.locator(".octavo-PairForm-text", has_text="x = 0").wait_for()
    page.picture("notebook7-pair-dialog")
    page.page.keyboard.press("Enter")
    page.page.locator(".jp-Dialog").wait_for(state="detached")
    while not (lab_server.root / "seven/d.md").exists():
        page.js("new Promise(resolve => requestAnimationFrame(resolve))")
    assert "x = 0" in lab_server.read("seven/d.md")
