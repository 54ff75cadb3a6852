"""The states of cells in JupyterLab: set by every route, shown, kept, undone in one step."""

import json
from importlib import resources

import pytest

from end_to_end.jupyter_lab import axe_findings, in_themes, notebook

REGISTRY = json.loads((resources.files("octavo.jupyter") / "cell_states.json").read_text("utf-8"))
STATES = {state["name"]: state for state in REGISTRY["states"]}
BUTTON = "[data-jp-item-name='octavo-cell-states'] jp-button"
GRADED = {"nbgrader": {"grade_id": "sum", "grade": True, "points": 2}}


def metadata_of(name):
    """Return the metadata of a cell in that state alone."""
    write = STATES[name]["write"]
    if "tag" in write:
        return {"tags": [write["tag"].replace("{module}", "py")]}
    value = write["value"]
    for key in reversed(write["path"]):
        value = {key: value}
    return value


@pytest.fixture
def three(lab):
    lab.server.write("three.ipynb", notebook({}, {"tags": ["mine"]}, {}))
    lab.notebook("three.ipynb")
    return lab


def badges(lab, index):
    """Return the words on a cell, as a screen reader has them."""
    cell = lab.page.locator(".jp-Notebook:visible .jp-Cell").nth(index)
    return cell.get_by_role("list", name="States of the cell").locator("li").all_inner_texts()


# ---- every state, by its shortcut -------------------------------------------------------------


@pytest.mark.parametrize("name", STATES)
def test_a_shortcut_sets_a_state_of_all_selected_cells_and_undo_takes_it_back_at_once(three, name):
    before = three.metadata()
    three.select(0, 1)
    three.chord(STATES[name]["key"])
    first, second, third = three.metadata()
    assert first == metadata_of(name)
    tags = ["mine", *first.get("tags", [])]
    assert second == {**metadata_of(name), "tags": tags}
    assert third == {}
    assert badges(three, 0) == badges(three, 1) == [STATES[name]["badge"]]
    assert badges(three, 2) == []
    cell = three.page.locator(".jp-Notebook:visible .jp-Cell").first
    assert cell.evaluate("node => getComputedStyle(node).borderLeftWidth") in ("3px", "5px")
    three.run("notebook:undo-cell-action")
    assert three.metadata() == before
    assert badges(three, 0) == badges(three, 1) == []


def test_the_same_key_takes_a_state_away_where_all_cells_have_it(three):
    three.select(0)
    three.chord("T")
    three.select(0, 1)
    three.chord("T")
    assert [cell.get("tags") for cell in three.metadata()] == [["test"], ["mine", "test"], None]
    three.chord("T")
    assert three.metadata() == [{}, {"tags": ["mine"]}, {}]


def test_states_that_exclude_each_other_take_turns_and_no_state_clears_all(three):
    three.select(1)
    for key in "NMIFHT":
        three.chord(key)
    assert badges(three, 1) == ["inactive", "frozen", "input hidden", "test"]
    three.chord("0")
    assert three.metadata()[1] == {"tags": ["mine"]}


def test_shortcuts_work_while_a_cell_is_edited_and_type_nothing(three):
    three.model("notebook.activeCellIndex = 0; notebook.mode = 'edit';")
    three.page.locator(".jp-Notebook:visible .jp-Cell").first.locator(".cm-content").focus()
    three.chord("F")
    assert three.metadata()[0] == metadata_of("frozen")
    assert three.sources()[0] == "x = 0"


# ---- the other routes ---------------------------------------------------------------------------


def test_the_menu_of_the_toolbar_by_mouse(three):
    three.select(0, 1)
    three.page.locator(f".jp-NotebookPanel-toolbar:visible {BUTTON}").click()
    menu = three.page.locator(".octavo-StatesMenu")
    assert menu.get_by_role("menuitem").count() == len(STATES) + 1
    menu.get_by_text("Frozen: neither").click()
    assert [cell.get("run_control") for cell in three.metadata()] == [
        {"frozen": True}, {"frozen": True}, None
    ]  # fmt: skip
    three.page.locator(f".jp-NotebookPanel-toolbar:visible {BUTTON}").click()
    toggled = menu.locator(".lm-mod-toggled .lm-Menu-itemLabel").all_inner_texts()
    assert toggled == ["Frozen: neither edited nor executed"]
    three.page.keyboard.press("Escape")


def test_the_menu_of_the_toolbar_has_the_keyboard_when_the_mouse_opened_it(three):
    three.select(0)
    three.page.locator(f".jp-NotebookPanel-toolbar:visible {BUTTON}").click()
    menu = three.page.locator(".octavo-StatesMenu")
    menu.wait_for()
    three.page.wait_for_function(
        "document.querySelector('.octavo-StatesMenu').contains(document.activeElement)"
    )
    three.page.keyboard.press("Escape")
    menu.wait_for(state="detached")


def test_the_menu_of_the_toolbar_by_keyboard(three):
    three.select(0)
    three.page.locator(f".jp-NotebookPanel-toolbar:visible {BUTTON}").focus()
    three.page.keyboard.press("Enter")
    three.page.locator(".octavo-StatesMenu").wait_for()
    three.page.keyboard.press("ArrowDown")
    three.page.keyboard.press("Enter")
    assert three.metadata()[0] == metadata_of("module-only")


def test_the_button_on_a_cell(three):
    three.select(2)
    three.page.locator(f".jp-Notebook:visible .jp-cell-toolbar {BUTTON}").click()
    three.page.locator(".octavo-StatesMenu").get_by_text("Read-only").click()
    assert three.metadata() == [{}, {"tags": ["mine"]}, {"editable": False}]


@pytest.mark.parametrize("name", STATES)
def test_the_menu_of_a_cell(three, name):
    three.page.locator(".jp-Notebook:visible .jp-Cell").nth(2).click(button="right")
    three.page.locator(".lm-Menu-itemLabel", has_text="Cell State").first.hover()
    three.page.keyboard.press("ArrowRight")
    label = STATES[name]["label"]
    three.page.locator(".lm-Menu-itemLabel").get_by_text(label, exact=True).last.click()
    assert three.metadata() == [{}, {"tags": ["mine"]}, metadata_of(name)]


def test_the_palette_has_every_state(three):
    three.select(1)
    three.run("apputils:activate-command-palette")
    search = three.page.locator(".lm-CommandPalette-input:visible")
    search.fill("octavo")
    found = three.page.locator(".lm-CommandPalette-itemLabel:visible").all_inner_texts()
    assert {state["label"] for state in STATES.values()} <= set(found)
    search.fill("octavo not deletable")
    search.press("Enter")
    assert three.metadata()[1] == {"tags": ["mine"], "deletable": False}


def test_the_edit_menu_has_the_states(three):
    three.page.get_by_role("menuitem", name="Edit", exact=True).click()
    three.page.locator(".lm-Menu-itemLabel", has_text="Cell State").click()
    three.page.locator(".lm-Menu-itemLabel").get_by_text("Hidden output", exact=True).click()
    assert three.metadata()[0] == {"tags": ["hide-output"]}


# ---- frozen -------------------------------------------------------------------------------------


def test_frozen_and_inactive_cells_are_run_by_no_route(lab):
    quiet = [metadata_of(name) for name in ("skip-execution", "module-only", "inactive")]
    cells = [{}, metadata_of("frozen"), {}, *quiet]
    lab.server.write("run.ipynb", notebook(*cells, source="print({n})"))
    lab.notebook("run.ipynb", kernel="python3")
    lab.model("return panel.sessionContext.ready")
    last = {"notebook:run-all-cells": 2, "notebook:run-all-below": 4, "notebook:restart-run-all": 2}
    for command, count in last.items():
        lab.select(0)
        if command == "notebook:restart-run-all":
            lab.js("() => { window.jupyterapp.commands.execute('notebook:restart-run-all'); }")
            lab.page.locator(".jp-Dialog .jp-mod-accept").click()
            lab.page.wait_for_selector(".jp-Dialog", state="detached")
        else:
            lab.run(command)
        lab.page.wait_for_function(
            """count => {
                const { model } = window.jupyterapp.shell.currentWidget.content.widgets[2];
                return model.executionCount === count && model.outputs.length === 1;
            }""",
            arg=count,
        )
    for n in (1, 3, 4, 5):
        lab.select(n)
        lab.run("notebook:run-cell")
        lab.page.keyboard.press("Shift+Enter")
    counts = lab.model("return notebook.widgets.map(cell => cell.model.executionCount)")
    outputs = lab.model("return notebook.widgets.map(cell => cell.model.outputs?.length ?? 0)")
    assert [counts[n] for n in (1, 3, 4, 5)] == [None] * 4
    assert outputs[:6] == [1, 0, 1, 0, 0, 0]


def test_a_frozen_cell_is_not_edited_and_unfreezing_restores_what_was_there(lab):
    frozen = metadata_of("frozen")
    lab.server.write("locked.ipynb", notebook(frozen, {**frozen, "editable": False}, {}))
    lab.notebook("locked.ipynb")
    assert type_into(lab, 0, "changed") == "x = 0"
    assert lab.metadata()[0] == frozen  # nothing else was written
    lab.select(0, 1)
    lab.chord("F")
    assert lab.metadata() == [{}, {"editable": False}, {}]
    assert type_into(lab, 0, "ok") != "x = 0"
    assert type_into(lab, 1, "no") == "x = 1"
    lab.save()
    saved = json.loads(lab.server.read("locked.ipynb"))
    assert [cell["metadata"] for cell in saved["cells"]] == [{}, {"editable": False}, {}]


def type_into(lab, index, text):
    """Type into a cell as a person does; return its source then."""
    cell = lab.page.locator(".jp-Notebook:visible .jp-Cell").nth(index)
    cell.locator(".cm-content").click()
    lab.page.keyboard.type(text)
    lab.page.keyboard.press("Escape")
    return lab.sources()[index]


def test_states_are_saved_and_come_back(three):
    three.select(0, 2)
    three.chord("F")
    three.save()
    three.close_all()
    three.notebook("three.ipynb")
    assert [badges(three, n) for n in range(3)] == [["frozen"]] * 3
    assert three.model("return notebook.widgets.map(cell => cell.readOnly)") == [True] * 3


def test_opening_changes_nothing(lab):
    told = notebook({"tags": ["active-ipynb"]}, metadata_of("frozen"))
    lab.server.write("calm.ipynb", told)
    before = lab.server.read("calm.ipynb")
    lab.notebook("calm.ipynb")
    assert lab.metadata() == [cell["metadata"] for cell in told["cells"]]
    assert lab.server.read("calm.ipynb") == before


# ---- names that are there once ------------------------------------------------------------------


def grade_ids(lab):
    return [cell.get("nbgrader", {}).get("grade_id") for cell in lab.metadata()]


def test_copies_get_names_of_their_own(lab):
    lab.server.write("graded.ipynb", notebook(GRADED, {}))
    lab.notebook("graded.ipynb")
    lab.select(0)
    lab.run("notebook:copy-cell")
    lab.select(1)
    lab.run("notebook:paste-cell-below")
    lab.page.wait_for_function("window.jupyterapp.shell.currentWidget.content.widgets.length === 3")
    assert grade_ids(lab) == ["sum", None, "sum-2"]
    # Yjs takes what follows within half a second as one step.
    lab.model("notebook.model.sharedModel.undoManager.stopCapturing()")
    lab.select(0)
    lab.run("notebook:duplicate-below")
    assert grade_ids(lab) == ["sum", "sum-3", None, "sum-2"]
    assert lab.metadata()[1]["nbgrader"]["points"] == 2
    lab.run("notebook:undo-cell-action")
    assert grade_ids(lab) == ["sum", None, "sum-2"]


def test_the_parts_of_a_split_cell_have_names_of_their_own(lab):
    lab.server.write("split.ipynb", notebook(GRADED, source="a = {n}\nb = 2"))
    lab.notebook("split.ipynb")
    lab.model("notebook.activeCellIndex = 0; notebook.mode = 'edit';"
              "notebook.activeCell.editor.setCursorPosition({line: 1, column: 0});")  # fmt: skip
    lab.run("notebook:split-cell-at-cursor")
    found = grade_ids(lab)
    assert len(found) == 2
    assert sorted(found) == ["sum", "sum-2"]


def test_moving_a_cell_keeps_its_name(lab):
    lab.server.write("moved.ipynb", notebook(GRADED, {}))
    lab.notebook("moved.ipynb")
    lab.select(0)
    lab.run("notebook:move-cell-down")
    assert grade_ids(lab) == [None, "sum"]


# ---- many cells, and how it looks -----------------------------------------------------------------


def test_a_thousand_cells_change_in_one_step_of_undo(lab):
    lab.server.write("many.ipynb", notebook(*[{} for _ in range(1000)]))
    lab.notebook("many.ipynb")
    lab.select(0, 999)
    steps = "return notebook.model.sharedModel.undoManager.undoStack.length"
    before = lab.model(steps)
    lab.chord("I")
    assert lab.metadata() == [{"tags": ["active-none"]}] * 1000
    assert lab.model(steps) == before + 1
    lab.run("notebook:undo-cell-action")
    assert lab.metadata() == [{}] * 1000


def test_badges_menus_and_cells_are_accessible_in_both_themes(lab):
    lab.server.write("all.ipynb", notebook(*map(metadata_of, STATES)))
    lab.notebook("all.ipynb")
    for theme in in_themes(lab):
        assert axe_findings(lab, ".octavo-Badges") == [], theme
        lab.select(0)
        lab.run("octavo:cell-states-menu")
        assert axe_findings(lab, ".octavo-StatesMenu") == [], theme
        lab.page.keyboard.press("Escape")
        lab.picture(f"cell-states-{theme}")


def test_badges_can_be_turned_off(three):
    three.select(0)
    three.chord("T")
    shown = three.page.locator(".octavo-Badges:visible")
    assert shown.count() == 1
    with three.setting("@octavo/labextension:cell-states", showBadges=False):
        three.page.wait_for_selector("body.octavo-mod-noBadges", state="attached")
        assert shown.count() == 0
