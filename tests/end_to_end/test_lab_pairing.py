"""Pairs in JupyterLab: the status bar, the dialog, commands, badges, twins, new text notebooks."""

import json

import pytest

from end_to_end.jupyter_lab import axe_findings, in_themes, notebook

STATUS = ".octavo-PairStatus-button"
DIALOG = ".jp-Dialog .octavo-PairForm"
FORMS = ".octavo-PairForm-forms"
BADGE = ".octavo-PairBadge"


@pytest.fixture
def alone(lab, request):
    """A notebook without a pair, in a folder of its own, open."""
    folder = request.node.name.replace("[", "_").replace("]", "")
    lab.server.write(f"{folder}/a.ipynb", notebook({}, {}))
    lab.notebook(f"{folder}/a.ipynb")
    return lab, folder


@pytest.fixture
def paired(alone):
    lab, folder = alone
    lab.run("octavo:pair", formats="ipynb,md")
    lab.page.locator(STATUS, has_text="ipynb + md").wait_for()
    return lab, folder


def exists(lab, path):
    return (lab.server.root / path).exists()


def accept(lab, label):
    lab.page.locator(".jp-Dialog-button", has_text=label).click()
    lab.page.locator(".jp-Dialog").wait_for(state="detached")


def test_the_status_bar_opens_the_dialog_and_a_box_pairs(alone):
    lab, folder = alone
    lab.page.locator(STATUS, has_text="Not paired").click()
    form = lab.page.locator(DIALOG)
    assert form.locator(FORMS).input_value() == "ipynb"
    form.locator("input[data-octavo-form='py:percent']").check()
    assert form.locator(FORMS).input_value() == "ipynb,py:percent"
    form.locator(".octavo-PairForm-text", has_text="# %%").wait_for()
    assert "x = 1" in form.locator(".octavo-PairForm-text").inner_text()
    assert not exists(lab, f"{folder}/a.py")
    accept(lab, "Pair")
    lab.page.locator(STATUS, has_text="ipynb + py:percent").wait_for()
    assert "synced" in lab.page.locator(STATUS).inner_text()
    assert "# %%\nx = 0\n" in lab.server.read(f"{folder}/a.py")


def test_the_dialog_by_keyboard_with_folders(alone):
    lab, _ = alone
    lab.server.write("custom/octavo.toml", "")  # the folders are below that of the project
    lab.server.write("custom/notebooks/c.ipynb", notebook({}))
    lab.notebook("custom/notebooks/c.ipynb")
    lab.page.locator(STATUS, has_text="Not paired").wait_for()
    lab.page.keyboard.press("Alt+o")
    lab.page.keyboard.press("Shift+P")
    lab.page.locator(f"{DIALOG} {FORMS}:focus").wait_for()
    lab.page.keyboard.press("Control+a")
    lab.page.keyboard.type("notebooks///ipynb,scripts///py:percent")
    lab.page.locator(".octavo-PairForm-text", has_text="x = 0").wait_for()
    assert lab.page.locator("input[data-octavo-form='py:percent']").is_checked()
    lab.page.keyboard.press("Enter")
    lab.page.locator(".jp-Dialog").wait_for(state="detached")
    lab.page.locator(STATUS, has_text="ipynb + py:percent").wait_for()
    assert "x = 0" in lab.server.read("custom/scripts/c.py")


def test_a_wrong_form_is_told_in_the_dialog_and_changes_nothing(alone):
    lab, _ = alone
    lab.page.locator(STATUS).click()
    lab.page.locator(f"{DIALOG} {FORMS}").fill("ipynb,py:nonsense")
    problem = lab.page.locator(
        ".octavo-PairForm-problem", has_text="No format is called so: py:nonsense"
    )
    problem.wait_for()
    lab.page.locator(".jp-Dialog-button", has_text="Pair").click()
    lab.page.locator(".jp-Dialog", has_text="The pair is as it was").wait_for()
    lab.page.locator(".jp-Dialog-button").last.click()
    lab.page.locator(".jp-Dialog").wait_for(state="detached")
    assert lab.page.locator(STATUS).inner_text() == "Not paired"
    lab.errors.clear()  # the browser writes each refusal of a server on its console


def test_a_save_writes_the_twin_and_sync_brings_its_edits(paired):
    lab, folder = paired
    lab.model("notebook.widgets[0].model.sharedModel.setSource('changed = 1')")
    lab.save()
    assert "changed = 1" in lab.server.read(f"{folder}/a.md")
    text = lab.server.read(f"{folder}/a.md")
    lab.server.write(f"{folder}/a.md", text.replace("x = 1", "outside = 2"))
    lab.page.keyboard.press("Alt+o")
    lab.page.keyboard.press("Shift+S")
    lab.page.wait_for_function(
        "window.jupyterapp.shell.currentWidget.content.widgets"
        ".some(cell => cell.model.sharedModel.getSource() === 'outside = 2')"
    )
    assert lab.sources() == ["changed = 1", "outside = 2"]


def test_unpairing_keeps_the_files(paired):
    lab, folder = paired
    lab.run("octavo:unpair")
    lab.page.locator(STATUS, has_text="Not paired").wait_for()
    assert exists(lab, f"{folder}/a.md")
    assert "formats" not in json.dumps(json.loads(lab.server.read(f"{folder}/a.ipynb")))


def test_each_format_has_a_command(alone):
    lab, folder = alone
    lab.run("octavo:pair-with", format="myst")
    lab.page.locator(STATUS, has_text="ipynb + md:myst").wait_for()
    assert "```{code-cell}" in lab.server.read(f"{folder}/a.md")
    lab.run("apputils:activate-command-palette")
    lab.page.locator(".lm-CommandPalette-input").fill("pair with quarto")
    lab.page.locator(".lm-CommandPalette-item", has_text="Pair with quarto").click()
    lab.page.locator(STATUS, has_text="ipynb + md:myst + qmd").wait_for()
    assert exists(lab, f"{folder}/a.qmd")


def test_the_command_for_markdown_takes_no_other_format(alone):
    lab, folder = alone
    lab.run("octavo:pair-with", format="markdown")
    lab.page.locator(STATUS, has_text="ipynb + ").wait_for()
    assert exists(lab, f"{folder}/a.md")
    assert not exists(lab, f"{folder}/a.Rmd")


def test_pairs_have_badges_and_twins_can_be_hidden(paired):
    lab, folder = paired
    lab.server.write(f"{folder}/other.py", "x = 1\n")
    lab.run("filebrowser:go-to-path", path=folder)
    items = lab.page.locator(".jp-DirListing-item")
    badge = items.filter(has_text="a.ipynb").locator(BADGE)
    badge.wait_for()
    assert badge.inner_text() == "+ md"
    assert badge.get_attribute("aria-label") == f"Paired with {folder}/a.md"
    assert items.filter(has_text="other.py").locator(BADGE).count() == 0
    names = "[...document.querySelectorAll('.jp-DirListing-itemText')].map(n => n.innerText.trim())"
    all_names = f"JSON.stringify({names}.sort())"
    lab.page.wait_for_function(f'{all_names} === \'["a.ipynb","a.md","other.py"]\'')
    lab.picture("badges")
    lab.page.locator("[data-jp-item-name='octavo-twins'] jp-button, "
                     "[data-jp-item-name='octavo-twins'] button").first.click()  # fmt: skip
    lab.page.wait_for_function(f'{all_names} === \'["a.ipynb","other.py"]\'')
    lab.page.keyboard.press("Alt+o")
    lab.page.keyboard.press("Shift+W")
    lab.page.wait_for_function(f'{all_names} === \'["a.ipynb","a.md","other.py"]\'')
    assert axe_findings(lab, ".jp-DirListing-content .octavo-PairBadge") == []


def test_the_context_menu_of_a_file_pairs_it(lab):
    lab.server.write("context/b.ipynb", notebook({}))
    lab.run("filebrowser:go-to-path", path="context")
    item = lab.page.locator(".jp-DirListing-item", has_text="b.ipynb")
    item.click(button="right")
    lab.page.locator(".lm-Menu-item", has_text="Pair Document…").click()
    lab.page.locator(f"{DIALOG} input[data-octavo-form='md']").check()
    accept(lab, "Pair")
    item.locator(BADGE).wait_for()
    assert exists(lab, "context/b.md")
    lab.run("filebrowser:go-to-path", path="")


def focus_file(lab, folder, name):
    """Bring the keyboard to a file of the browser, by keys alone."""
    lab.run("filebrowser:go-to-path", path=folder)
    lab.page.locator(".jp-DirListing-item", has_text=name).wait_for()
    lab.page.locator(".jp-DirListing-itemText[tabindex='0']").focus()
    for key in ["ArrowUp"] * 5 + ["ArrowDown"] * 5:
        lab.page.keyboard.press(key)
        lab.page.locator(".jp-DirListing-item.jp-mod-selected").wait_for()
        if name in lab.page.locator(".jp-DirListing-item.jp-mod-selected").inner_text():
            return lab.page.locator(".jp-DirListing-item", has_text=name)
    pytest.fail(f"the arrow keys do not come to {name}")


def test_a_file_is_paired_synced_and_unpaired_by_keys_in_the_browser(lab):
    lab.server.write("keys/d.ipynb", notebook({}))
    item = focus_file(lab, "keys", "d.ipynb")
    lab.page.keyboard.press("Alt+o")
    lab.page.keyboard.press("Shift+P")
    lab.page.locator(f"{DIALOG} {FORMS}").wait_for()
    lab.page.keyboard.press("End")  # the focus is in the list of members
    lab.page.keyboard.type(",md")
    lab.page.keyboard.press("Enter")
    lab.page.locator(".jp-Dialog").wait_for(state="detached")
    item.locator(BADGE).wait_for()
    assert item.locator("[aria-description='Paired with keys/d.md']").count() == 1
    lab.server.write("keys/d.md", lab.server.read("keys/d.md").replace("x = 0", "x = 7"))
    focus_file(lab, "keys", "d.ipynb")
    lab.chord("Shift+S")
    while "x = 7" not in lab.server.read("keys/d.ipynb"):
        lab.page.evaluate("new Promise(resolve => requestAnimationFrame(resolve))")
    lab.chord("Shift+U")
    item.locator(BADGE).wait_for(state="detached")
    assert exists(lab, "keys/d.md")
    lab.run("filebrowser:go-to-path", path="")


def test_the_context_menu_of_a_file_by_keyboard(lab):
    lab.server.write("menu/e.ipynb", notebook({}))
    item = focus_file(lab, "menu", "e.ipynb")
    lab.page.keyboard.press("Shift+F10")
    lab.page.locator(".lm-Menu-item", has_text="Pair Document…").wait_for()
    for _ in range(40):
        lab.page.keyboard.press("ArrowDown")
        if "Pair Document" in lab.page.locator(".lm-Menu-item.lm-mod-active").inner_text():
            break
    lab.page.keyboard.press("Enter")
    lab.page.locator(f"{DIALOG} {FORMS}").wait_for()
    lab.page.keyboard.press("End")
    lab.page.keyboard.type(",Rmd")
    lab.page.keyboard.press("Enter")
    item.locator(BADGE).wait_for()
    assert exists(lab, "menu/e.Rmd")
    lab.run("filebrowser:go-to-path", path="")


def test_opening_a_twin_as_a_notebook_shows_the_one_document(paired):
    lab, folder = paired
    lab.open(f"{folder}/a.md", factory="Notebook")
    open_paths = lab.js(
        "[...window.jupyterapp.shell.widgets('main')].filter(w => w.context)"
        ".map(w => w.context.path)"
    )
    assert open_paths == [f"{folder}/a.ipynb"]
    lab.open(f"{folder}/a.md", factory="Editor")
    lab.page.locator(".jp-FileEditor .cm-content", has_text="x = 0").wait_for()


@pytest.mark.parametrize("route", ["card", "keys"])
def test_one_card_makes_text_notebooks(lab, route):
    folder = f"new-{route}"
    (lab.server.root / folder).mkdir()
    lab.run("filebrowser:go-to-path", path=folder)
    if route == "card":
        lab.run("launcher:create")
        lab.page.locator(".jp-LauncherCard:visible", has_text="Text Notebook").click()
    else:
        lab.page.locator(".jp-DirListing-content").first.focus()
        lab.page.keyboard.press("Alt+o")
        lab.page.keyboard.press("Shift+L")
    picker = lab.page.locator(".octavo-Picker")
    picker.wait_for()
    if route == "card":
        picker.locator("select").first.select_option("py:percent")
        picker.locator("select").nth(1).select_option("")
        lab.picture("new-text-notebook")
        accept(lab, "Create")
    else:
        lab.page.wait_for_function("document.activeElement.matches('.octavo-Picker select')")
        lab.page.keyboard.type("py:percent")  # the focus is in the list of formats
        lab.page.keyboard.press("Tab")
        lab.page.keyboard.type("No kernel")
        lab.page.keyboard.press("Enter")
        lab.page.locator(".jp-Dialog").wait_for(state="detached")
    lab.page.wait_for_selector(".jp-NotebookPanel .jp-Cell:visible")
    [path] = (lab.server.root / folder).glob("*.py")
    assert "# %%" in path.read_text()
    lab.run("filebrowser:go-to-path", path="")


def test_the_dialog_in_both_themes(paired):
    lab, _ = paired
    for theme in in_themes(lab):
        lab.page.locator(STATUS).click()
        lab.page.locator(".octavo-PairForm-text", has_text="x = 0").wait_for()
        lab.picture(f"pair-dialog-{theme}")
        assert axe_findings(lab, ".jp-Dialog .octavo-PairForm") == []
        accept(lab, "Cancel")
        assert axe_findings(lab, ".octavo-PairStatus") == []
