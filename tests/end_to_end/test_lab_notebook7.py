"""The same in Notebook 7: texts open by content, states are set and seen."""

import re

import pytest

from end_to_end.jupyter_lab import Lab, axe_findings, notebook
from end_to_end.test_lab_documents import FILES, NOTEBOOKS


@pytest.fixture(scope="module")
def seven(lab_server, chromium):
    """A window of Notebook 7."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield context
    context.close()


@pytest.mark.parametrize("name", FILES)
def test_a_double_click_opens_a_text_as_what_it_is(lab_server, seven, name):
    for found, text in FILES.items():
        lab_server.write(f"seven/{found}", text)
    lab = Lab(lab_server, seven, "tree/seven")
    with seven.expect_page() as opened:
        lab.page.locator(".jp-DirListing-item", has_text=name).dblclick()
    page = opened.value
    kind = "notebooks" if name in NOTEBOOKS else "edit"
    page.wait_for_url(re.compile(f"/{kind}/seven/{re.escape(name)}"))
    page.wait_for_selector(".jp-Notebook .jp-Cell" if kind == "notebooks" else ".cm-content")
    assert lab.errors == []
    page.close()
    lab.page.close()


def test_an_address_opens_a_text_notebook(lab_server, seven):
    lab_server.write("seven/lesson.md", FILES["lesson.md"])
    lab = Lab(lab_server, seven, "notebooks/seven/lesson.md")
    lab.wait_for_document("seven/lesson.md")
    assert lab.sources() == ["# Title", "x = 1"]
    assert lab.errors == []
    lab.page.close()


def test_states_are_set_and_shown(lab_server, seven):
    lab_server.write("seven.ipynb", notebook({}, {}, {}))
    lab = Lab(lab_server, seven, "notebooks/seven.ipynb")
    lab.page.locator(".jp-Notebook .jp-Cell").nth(2).wait_for()
    lab.select(0, 1)
    lab.chord("F")
    assert [cell.get("run_control") for cell in lab.metadata()] == [
        {"frozen": True}, {"frozen": True}, None
    ]  # fmt: skip
    assert lab.page.locator(".octavo-Badge").all_inner_texts() == ["frozen", "frozen"]
    lab.select(2)
    lab.page.locator(
        ".jp-NotebookPanel-toolbar [data-jp-item-name='octavo-cell-states'] jp-button"
    ).click()
    lab.page.locator(".octavo-StatesMenu").get_by_text("Test", exact=True).click()
    assert lab.metadata()[2] == {"tags": ["test"]}
    lab.run("octavo:show-overview")
    lab.page.locator(".octavo-Overview-row").nth(2).click()
    lab.page.wait_for_selector(".octavo-Overview-row[data-index='2'][aria-selected='true']")
    for part in (".octavo-Badges", ".octavo-Overview"):
        assert axe_findings(lab, part) == []
    lab.picture("notebook7")
    assert lab.errors == []
    lab.page.close()
