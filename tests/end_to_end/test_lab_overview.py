"""The overview of all cells and the form in the property inspector."""

import pytest

from end_to_end.jupyter_lab import axe_findings, in_themes, notebook

LIST = ".octavo-Overview-list"
ROW = ".octavo-Overview-row"


@pytest.fixture
def thousand(lab):
    cells = [{"tags": ["test"]} if n % 100 == 0 else {} for n in range(1000)]
    lab.server.write("thousand.ipynb", notebook(*cells))
    lab.notebook("thousand.ipynb")
    lab.run("octavo:show-overview")
    lab.page.locator(ROW).first.wait_for()
    return lab


def active(lab):
    return lab.model("return notebook.activeCellIndex")


def test_a_thousand_cells_are_listed_and_few_are_drawn(thousand):
    page = thousand.page
    assert page.locator(".octavo-Overview-count").inner_text() == "1000 cells"
    for place in (0, 14_000, 28_000):
        page.locator(LIST).evaluate(f"node => {{ node.scrollTop = {place}; }}")
        page.wait_for_function(
            f"(() => {{ const list = document.querySelector('{LIST}').getBoundingClientRect();"
            f"const rows = [...document.querySelectorAll('{ROW}')].map(r => r.getBoundingClientRect());"
            "return rows.some(r => r.top <= list.top + 1 && r.bottom > list.top)"
            " && rows.some(r => r.bottom >= list.bottom - 30); })()"
        )
        assert 0 < page.locator(ROW).count() < 60


def test_a_click_on_a_row_makes_its_cell_the_active_one(thousand):
    thousand.page.locator(LIST).evaluate("node => { node.scrollTop = 14000; }")
    row = thousand.page.locator(f"{ROW}[data-index='505']")
    row.click()
    thousand.page.wait_for_selector(f"{ROW}[data-index='505'][aria-selected='true']")
    assert active(thousand) == 505
    thousand.page.wait_for_function(
        "(() => { const box = window.jupyterapp.shell.currentWidget.content.activeCell.node"
        ".getBoundingClientRect(); return box.bottom > 60 && box.top < 780; })()",
        timeout=90_000,  # JupyterLab puts a thousand cells into the page one after the other
    )


def test_a_change_of_the_notebook_leaves_the_list_where_it_was_scrolled_to(thousand):
    thousand.page.locator(LIST).evaluate("node => { node.scrollTop = 14000; }")
    thousand.page.locator(f"{ROW}[data-index='505']").wait_for()
    thousand.model("notebook.model.cells.get(0).sharedModel.setSource('typed by somebody')")
    thousand.model("notebook.model.cells.get(506).sharedModel.setSource('typed in sight')")
    thousand.page.locator(ROW, has_text="typed in sight").wait_for()
    assert thousand.page.locator(LIST).evaluate("node => node.scrollTop") == 14000


def test_a_row_that_says_the_same_stays_under_the_pointer(thousand):
    thousand.page.locator(f"{ROW}[data-index='5']").evaluate("node => { window.row = node; }")
    thousand.model("notebook.model.cells.get(7).sharedModel.setSource('another')")
    thousand.page.locator(ROW, has_text="another").wait_for()
    thousand.model("notebook.activeCellIndex = 5")
    thousand.page.wait_for_function("window.row.getAttribute('aria-selected') === 'true'")
    assert thousand.js("window.row.isConnected")


def test_the_list_follows_the_active_cell(thousand):
    thousand.model("notebook.activeCellIndex = 777")
    row = thousand.page.locator(f"{ROW}[aria-selected='true'][data-index='777']")
    row.wait_for()
    assert row.evaluate(
        "node => { const r = node.getBoundingClientRect(), l = node.closest('[role=listbox]')"
        ".getBoundingClientRect(); return r.top >= l.top - 1 && r.bottom <= l.bottom + 1; }"
    )


def test_the_keyboard_walks_through_the_list(thousand):
    page = thousand.page
    thousand.select(0)
    page.locator(LIST).focus()
    for key, cell in (("ArrowDown", 1), ("End", 999), ("ArrowUp", 998), ("Home", 0)):
        page.keyboard.press(key)
        page.wait_for_selector(f"{ROW}[data-index='{cell}'][aria-selected='true']")
        told = page.locator(LIST).get_attribute("aria-activedescendant")
        assert told == f"octavo-overview-{cell}"
    page.keyboard.press("Enter")
    page.wait_for_function("!!document.activeElement.closest('.jp-Notebook')")


def test_only_cells_with_a_state_are_listed_on_request(thousand):
    choice = thousand.page.get_by_label("Cells to list")
    for value, count in (("any", "10 cells"), ("test", "10 cells"), ("frozen", "0 cells"),
                         ("", "1000 cells")):  # fmt: skip
        choice.select_option(value)
        thousand.page.wait_for_function(
            f"document.querySelector('.octavo-Overview-count').textContent === '{count}'"
        )


def test_the_list_follows_changes_of_cells(thousand):
    thousand.select(3)
    thousand.chord("F")
    thousand.page.locator(f"{ROW}[data-index='3'] .octavo-Badge", has_text="frozen").wait_for()
    thousand.run("notebook:delete-cell")
    thousand.page.wait_for_function(
        "document.querySelector('.octavo-Overview-count').textContent === '999 cells'"
    )


def test_the_list_is_accessible_in_both_themes(thousand):
    for theme in in_themes(thousand):
        assert axe_findings(thousand, ".octavo-Overview") == [], theme
        thousand.picture(f"overview-{theme}")


# ---- the form -------------------------------------------------------------------------------------


@pytest.fixture
def form(lab):
    lab.server.write("form.ipynb", notebook({}, {"tags": ["mine"]}))
    lab.notebook("form.ipynb")
    lab.js("window.jupyterapp.shell.activateById('jp-property-inspector')")
    place = lab.page.locator(".octavo-StatesForm")
    if not place.is_visible():
        lab.page.get_by_text("Cell States", exact=True).click()
    place.wait_for()
    lab.select(0)
    yield lab
    lab.js("window.jupyterapp.shell.collapseRight()")


def test_the_form_sets_states_of_the_selected_cells(form):
    form.select(0, 1)
    form.page.get_by_label("Activity").select_option("notebook-only")
    assert [cell["tags"] for cell in form.metadata()] == [
        ["active-ipynb"],
        ["mine", "active-ipynb"],
    ]
    form.page.get_by_label("Frozen: neither").check()
    assert [cell["run_control"] for cell in form.metadata()] == [{"frozen": True}] * 2
    form.run("notebook:undo-cell-action")
    form.run("notebook:undo-cell-action")
    assert form.metadata() == [{}, {"tags": ["mine"]}]


def test_the_form_shows_the_active_cell_and_what_others_change(form):
    form.chord("F")
    box = form.page.get_by_label("Frozen: neither")
    assert box.is_checked()
    form.select(1)
    assert not box.is_checked()
    form.chord("S")
    assert form.page.get_by_label("Slide", exact=True).input_value() == "slide"


def test_the_form_works_by_keyboard(form):
    form.page.get_by_label("Test", exact=True).focus()
    form.page.keyboard.press("Space")
    assert form.metadata()[0] == {"tags": ["test"]}


def test_the_form_is_accessible_in_both_themes(form):
    for theme in in_themes(form):
        assert axe_findings(form, ".octavo-StatesForm") == [], theme
        form.picture(f"inspector-{theme}")
