"""Texts open as what they are: notebooks as notebooks, scripts and READMEs in the editor."""

import site
from pathlib import Path

import pytest

from end_to_end import jupyter_lab

ID = "@octavo/labextension:documents"
HEADER = """# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

"""
PERCENT = HEADER + "# %% [markdown]\n# # Title\n\n# %%\nx = 1\n"
MARKDOWN = HEADER.replace("# ", "").replace("#\n", "\n") + "# Title\n\n```python\nx = 1\n```\n"
SCRIPT = '"""A script."""\n\nimport os\n\nprint(os.name)\n'
README = "# A project\n\nSome words.\n\n- a list\n"
FILES = {"lesson.py": PERCENT, "lesson.md": MARKDOWN, "script.py": SCRIPT, "README.md": README}
NOTEBOOKS = ("lesson.py", "lesson.md")


@pytest.fixture
def folder(lab):
    """A folder with texts of both kinds, shown in the file browser."""
    for name, text in FILES.items():
        lab.server.write(f"texts/{name}", text)
    lab.run("filebrowser:go-to-path", path="texts")
    lab.run("filebrowser:refresh")
    lab.run("filebrowser:activate")
    lab.page.locator(".jp-DirListing-item", has_text="script.py").wait_for()
    return lab


def item(lab, name):
    return lab.page.locator(".jp-DirListing-item:visible", has_text=name)


def is_notebook(lab, path):
    """Wait until a document is shown; return whether it is a notebook."""
    lab.wait_for_document(path)
    return "jp-NotebookPanel" in lab.js("window.jupyterapp.shell.currentWidget.node.className")


@pytest.mark.parametrize("name", FILES)
def test_a_double_click_opens_a_text_as_what_it_is(folder, name):
    item(folder, name).dblclick()
    assert is_notebook(folder, f"texts/{name}") is (name in NOTEBOOKS)


@pytest.mark.parametrize("name", FILES)
def test_so_does_the_keyboard(folder, name):
    item(folder, name).click()
    folder.page.keyboard.press("Enter")
    assert is_notebook(folder, f"texts/{name}") is (name in NOTEBOOKS)


def test_the_cells_of_a_text_are_there_and_are_saved_as_text(folder):
    item(folder, "lesson.py").dblclick()
    assert is_notebook(folder, "texts/lesson.py")
    folder.page.wait_for_selector(".jp-Notebook .jp-Cell:visible")
    assert folder.sources() == ["# Title", "x = 1"]
    folder.model("notebook.widgets[1].model.sharedModel.setSource('x = 2')")
    folder.save()
    assert folder.server.read("texts/lesson.py") == PERCENT.replace("x = 1", "x = 2")


def test_a_state_of_a_cell_is_saved_in_the_text(folder):
    item(folder, "lesson.md").dblclick()
    assert is_notebook(folder, "texts/lesson.md")
    folder.page.wait_for_selector(".jp-Notebook .jp-CodeCell:visible")
    folder.select(1)
    folder.chord("F")
    folder.save()
    assert "```python run_control" in folder.server.read("texts/lesson.md")
    folder.close_all()
    item(folder, "lesson.md").dblclick()
    folder.page.locator(".octavo-Badge", has_text="frozen").wait_for()


@pytest.mark.parametrize(("name", "other"), [("lesson.py", "Editor"), ("script.py", "Notebook")])
def test_open_with_offers_both(folder, name, other):
    item(folder, name).click(button="right")
    folder.page.locator(".lm-Menu-itemLabel", has_text="Open With").hover()
    offered = folder.page.locator("#jp-contextmenu-open-with .lm-Menu-itemLabel")
    offered.get_by_text("Editor", exact=True).wait_for()
    assert "Notebook" in offered.all_inner_texts()
    offered.get_by_text(other, exact=True).click()
    assert is_notebook(folder, f"texts/{name}") is (other == "Notebook")


def test_what_a_file_has_become_counts(folder):
    folder.server.write("texts/script.py", SCRIPT + "\n# %%\nx = 1\n\n# %%\nx\n")
    folder.run("filebrowser:refresh")
    item(folder, "script.py").dblclick()
    assert is_notebook(folder, "texts/script.py") is True


def test_the_setting_turns_it_off_and_forces_it(folder):
    with folder.setting(ID, enabled=False):
        item(folder, "lesson.py").dblclick()
        assert is_notebook(folder, "texts/lesson.py") is False
    folder.close_all()
    with folder.setting(ID, openAs={".py": "editor", ".md": "notebook"}):
        item(folder, "lesson.py").dblclick()
        assert is_notebook(folder, "texts/lesson.py") is False
        item(folder, "README.md").dblclick()
        assert is_notebook(folder, "texts/README.md") is True
        folder.page.locator(".jp-Dialog .jp-mod-reject").click()
    folder.close_all()
    item(folder, "lesson.py").dblclick()
    assert is_notebook(folder, "texts/lesson.py") is True


def test_the_viewer_that_the_user_chose_wins(folder):
    viewers = {"markdown": "Markdown Preview"}
    with folder.setting("@jupyterlab/docmanager-extension:plugin", defaultViewers=viewers):
        item(folder, "lesson.md").dblclick()
        assert is_notebook(folder, "texts/lesson.md") is False
        item(folder, "lesson.py").dblclick()
        assert is_notebook(folder, "texts/lesson.py") is True


def test_an_address_opens_a_text_as_what_it_is(lab_server, chromium):
    for name, text in FILES.items():
        lab_server.write(f"texts/{name}", text)
    context = chromium.new_context()
    for name in ("lesson.md", "README.md"):
        lab = jupyter_lab.Lab(lab_server, context, f"lab/tree/texts/{name}?reset")
        assert is_notebook(lab, f"texts/{name}") is (name in NOTEBOOKS)
        assert lab.errors == []
        lab.close_all()
    context.close()


def test_real_modules_open_in_the_editor_and_all_text_notebooks_as_notebooks(lab, corpus):
    """The wrong opener rate: the page's own choice for more than 500 files of each kind."""
    packages = Path(site.getsitepackages()[0])
    names = ("hypothesis", "jupyter_client", "jupyter_server", "pygments", "sphinx")
    modules = [path for name in names for path in sorted((packages / name).rglob("*.py"))]
    assert len(modules) >= 500
    for number, path in enumerate(modules):
        lab.server.write(f"modules/m{number}.py", path.read_text("utf-8"))
    chosen = factories(lab, "modules")
    assert len(chosen) == len(modules)
    assert [path for path, name in chosen.items() if name == "Notebook"] == []
    texts = [path for path in sorted(corpus.rglob("*")) if is_text_notebook(path)]
    assert texts
    for number, path in enumerate(texts):
        lab.server.write(f"corpus/n{number}{path.suffix}", path.read_text("utf-8"))
    chosen = factories(lab, "corpus")
    wrong = [texts[int(path.split("/n")[1].split(".")[0])] for path, name in chosen.items()
             if name != "Notebook"]  # fmt: skip
    assert len(chosen) == len(texts)
    assert wrong == []


#: Texts of the corpus that say nowhere that they are notebooks.
PLAIN = ("plain_markdown.md", "python_notebook_sample.py", "plot_notebook.py")


def is_text_notebook(path):
    suffixes = (".py", ".md", ".Rmd", ".R", ".jl", ".qmd")
    return path.suffix in suffixes and path.is_file() and path.name not in PLAIN


def factories(lab, folder):
    """Return what the page opens each file of a folder with, after its listing was read."""
    return lab.js(
        """async folder => {
            const app = window.jupyterapp;
            const listing = await app.serviceManager.contents.get(folder);
            return Object.fromEntries(listing.content.map(file =>
                [file.path, app.docRegistry.defaultWidgetFactory(file.path).name]));
        }""",
        folder,
    )


def test_a_change_in_another_editor_is_merged_into_what_is_saved(folder):
    item(folder, "lesson.py").dblclick()
    assert is_notebook(folder, "texts/lesson.py")
    folder.model("notebook.widgets[1].model.sharedModel.setSource('x = 2')")
    other = PERCENT.replace("# # Title", "# # Another title")
    folder.server.write("texts/lesson.py", other)
    folder.save()
    folder.page.wait_for_function(
        "window.jupyterapp.shell.currentWidget.content.model.cells.get(0).sharedModel.source"
        " === '# Another title'"
    )
    assert folder.sources() == ["# Another title", "x = 2"]
    assert folder.page.locator(".jp-Dialog").count() == 0
    assert folder.server.read("texts/lesson.py") == other.replace("x = 1", "x = 2")
