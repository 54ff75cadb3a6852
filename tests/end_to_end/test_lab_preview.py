"""The live preview: the text of the open notebook beside it, while somebody types."""

import pytest

from end_to_end.jupyter_lab import axe_findings, in_themes, notebook

TEXT = ".octavo-Preview-text .cm-content"
TYPED_MS = 1500


@pytest.fixture(autouse=True)
def closed(lab):
    """Close the preview after each test."""
    yield
    lab.js("() => { for (const w of [...window.jupyterapp.shell.widgets('main')])"
           " if (w.id === 'octavo-preview') w.dispose(); }")  # fmt: skip


@pytest.fixture
def beside(lab):
    lab.server.write("p.ipynb", notebook({}, {}))
    lab.notebook("p.ipynb")
    lab.run("octavo:toggle-preview")
    lab.page.locator(TEXT, has_text="x = 1").wait_for()
    return lab


def test_what_is_typed_appears_in_the_text(beside):
    page = beside.page
    page.locator(".jp-Notebook .jp-Cell").first.locator(".cm-content").click()
    page.keyboard.press("End")
    page.keyboard.type(" + typed")
    page.locator(TEXT, has_text="x = 0 + typed").wait_for()
    page.locator(".octavo-Preview select").select_option("md")
    page.locator(TEXT, has_text="```python").wait_for()
    page.keyboard.press("Escape")


def test_the_text_is_not_to_be_edited(beside):
    beside.page.locator(TEXT).click()
    beside.page.keyboard.type("zzz")
    assert "zzz" not in beside.page.locator(TEXT).inner_text()
    cells = beside.page.locator(".jp-Notebook .jp-Cell .cm-content")
    assert cells.all_inner_texts() == ["x = 0", "x = 1"]


def test_keys_and_the_toolbar_toggle_it(lab):
    lab.server.write("p.ipynb", notebook({}))
    lab.notebook("p.ipynb")
    lab.select(0)
    for _ in range(2):
        lab.page.keyboard.press("Alt+o")
        lab.page.keyboard.press("Shift+V")
        lab.page.locator(TEXT, has_text="x = 0").wait_for()
        button = "[data-jp-item-name='octavo-preview']"
        lab.page.locator(f"{button} jp-button, {button} button").first.click()
        lab.page.locator(".octavo-Preview").wait_for(state="detached")
        lab.select(0)


def test_a_thousand_cells_follow_the_typing(lab):
    lab.server.write("thousand.ipynb", notebook(*[{} for _ in range(1000)]))
    lab.notebook("thousand.ipynb")
    lab.run("octavo:toggle-preview")
    lab.page.locator(TEXT, has_text="x = 1").wait_for()
    took = lab.js(
        """async ([text]) => {
            const shown = () => document.querySelector(text).innerText.includes('typed = 1');
            const [panel] = [...window.jupyterapp.shell.widgets('main')].filter(w => w.context);
            const start = performance.now();
            panel.content.widgets[0].model.sharedModel.setSource('typed = 1');
            while (!shown() && performance.now() - start < 10000) {
                await new Promise(resolve => requestAnimationFrame(resolve));
            }
            return performance.now() - start;
        }""",
        [TEXT],
    )
    assert took < TYPED_MS


def test_the_preview_in_both_themes(beside):
    for theme in in_themes(beside):
        beside.picture(f"preview-{theme}")
        assert axe_findings(beside, ".octavo-Preview-head") == []
