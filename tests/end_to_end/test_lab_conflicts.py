"""Conflicts in JupyterLab: both sides are shown, buttons and commands resolve them in one step."""

import pytest

from end_to_end.jupyter_lab import axe_findings, in_themes, notebook

BUTTON = ".octavo-Conflict-button"


def conflict(n, ours="mine = 1", theirs="theirs = 1"):
    note = {"conflict": {"side": "note"}}
    sides = [{"conflict": {"side": side, "label": label}, "tags": ["t"]}
             for side, label in (("ours", "a.ipynb"), ("theirs", "a.md"))]  # fmt: skip
    cells = notebook(note, *sides)["cells"]
    cells[0] = {"cell_type": "markdown", "metadata": note, "source": "**Conflict**", "id": "n"}
    cells[1]["source"], cells[2]["source"] = ours, theirs
    for cell in cells:
        cell["id"] = f"{cell['id']}-{n}"
    return cells


@pytest.fixture
def two(lab):
    """A notebook: a cell, a conflict, a cell, a conflict."""
    whole = notebook({}, {})
    first, second = whole["cells"]
    whole["cells"] = [first, *conflict(1), second, *conflict(2, "mine = 2", "theirs = 2")]
    lab.server.write("two.ipynb", whole)
    lab.notebook("two.ipynb")
    lab.page.locator(BUTTON).nth(5).wait_for()
    return lab


BEFORE = ["x = 0", "**Conflict**", "mine = 1", "theirs = 1",
          "x = 1", "**Conflict**", "mine = 2", "theirs = 2"]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "kept"),
    [
        ("Keep Mine", ["mine = 1"]),
        ("Keep Theirs", ["theirs = 1"]),
        ("Keep Both", ["mine = 1", "theirs = 1"]),
    ],
)
def test_a_button_resolves_its_conflict_in_one_step(two, label, kept):
    assert two.sources() == BEFORE
    two.page.locator(BUTTON, has_text=label).first.click()
    assert two.sources() == ["x = 0", *kept, *BEFORE[4:]]
    assert all("conflict" not in cell for cell in two.metadata()[1 : 1 + len(kept)])
    assert two.metadata()[1] == {"tags": ["t"]}
    two.page.wait_for_function(f"document.querySelectorAll('{BUTTON}').length === 3")
    two.run("notebook:undo-cell-action")
    assert two.sources() == BEFORE
    assert two.metadata()[2]["conflict"] == {"side": "ours", "label": "a.ipynb"}
    two.page.wait_for_function(f"document.querySelectorAll('{BUTTON}').length === 6")


def test_both_sides_are_named_and_counted(two):
    page = two.page
    titles = page.locator(".octavo-Conflict-title")
    assert titles.all_inner_texts() == ["Conflict 1 of 2", "Conflict 2 of 2"]
    sides = page.locator(".octavo-Conflict-side")
    sides.nth(3).wait_for()
    assert sides.all_inner_texts() == ["Mine: a.ipynb", "Theirs: a.md"] * 2
    page.locator(".octavo-PairStatus-button", has_text="2 conflicts").wait_for()


def test_by_keyboard_alone(two):
    def chord(key):
        two.page.keyboard.press("Alt+o")
        two.page.keyboard.press(f"Shift+{key}")

    two.select(0)
    chord("N")
    assert two.model("return notebook.activeCellIndex") == 1
    chord("N")
    assert two.model("return notebook.activeCellIndex") == 5
    chord("K")
    assert two.model("return notebook.activeCellIndex") == 1
    chord("T")
    assert two.sources() == ["x = 0", "theirs = 1", *BEFORE[4:]]
    chord("N")
    chord("B")
    assert two.sources() == ["x = 0", "theirs = 1", "x = 1", "mine = 2", "theirs = 2"]


def test_the_buttons_take_enter(two):
    button = two.page.locator(BUTTON, has_text="Keep Mine").first
    button.focus()
    two.page.keyboard.press("Enter")
    two.page.wait_for_function(f"document.querySelectorAll('{BUTTON}').length === 3")
    assert two.sources() == ["x = 0", "mine = 1", *BEFORE[4:]]


def test_all_at_once(two):
    two.run("octavo:resolve-all-conflicts", side="theirs")
    assert two.sources() == ["x = 0", "theirs = 1", "x = 1", "theirs = 2"]
    two.run("notebook:undo-cell-action")
    assert two.sources() == BEFORE


def test_the_context_menu_resolves(two):
    two.page.locator(".jp-Cell[data-octavo-side='theirs']").first.click(button="right")
    entry = two.page.locator(".lm-Menu-item", has_text="Conflict").first
    entry.hover()
    two.page.locator(".lm-Menu-item", has_text="Conflict: Keep Mine").click()
    assert two.sources() == ["x = 0", "mine = 1", *BEFORE[4:]]


def test_a_real_conflict_of_a_pair_is_resolved_and_saved(lab):
    lab.server.write("real/p.ipynb", notebook({}, {}))
    lab.server.request("octavo/api/pair", {"path": "real/p.ipynb", "formats": "ipynb,md"}, "PUT")
    lab.notebook("real/p.ipynb")
    text = lab.server.read("real/p.md")
    lab.server.write("real/p.md", text.replace("x = 0", "theirs = 0"))
    lab.model("notebook.widgets[0].model.sharedModel.setSource('mine = 0')")
    lab.save()
    lab.page.locator(BUTTON, has_text="Keep Theirs").click()
    assert lab.sources() == ["theirs = 0", "x = 1"]
    lab.save()
    assert "theirs = 0" in lab.server.read("real/p.md")
    assert "mine = 0" not in lab.server.read("real/p.md")
    assert "conflict" not in lab.server.read("real/p.ipynb")
    status = lab.page.locator(".octavo-PairStatus-button")
    lab.page.wait_for_function(
        "!document.querySelector('.octavo-PairStatus-button').innerText.includes('conflict')"
    )
    assert "ipynb + md" in status.inner_text()


def test_conflicts_in_both_themes(two):
    for theme in in_themes(two):
        two.picture(f"conflicts-{theme}")
        assert axe_findings(two, ".octavo-Conflict") == []
