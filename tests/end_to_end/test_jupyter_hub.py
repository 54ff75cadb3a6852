"""Octavo under JupyterHub: what the wheel brings is on for all users, each has a server apart."""

import json

import pytest

from end_to_end import jupyter_hub, jupyter_lab
from end_to_end.test_lab_documents import FILES, NOTEBOOKS

pytest.importorskip("jupyterhub")

STATUS = ".octavo-PairStatus-button"
BADGE = ".octavo-PairBadge"


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Ada and Bob, logged in, each with a page of JupyterLab; Bob shares his documents."""
    jupyter_hub.require()
    with (
        jupyter_hub.serve(tmp_path_factory.mktemp("hub")) as hub,
        jupyter_lab.chromium() as browser,
    ):
        pages = []
        for name in ("ada", "bob"):
            person = jupyter_hub.Person(hub, name, browser.new_context())
            for found, text in FILES.items():
                person.write(found, text)
            person.write("report.Rmd", FILES["lesson.md"])
            if name == "bob":
                jupyter_hub.share(person, jupyter_lab.COLLABORATION[:2])
            person.log_in()
            pages.append(jupyter_lab.Lab(person, person.context))
        yield pages
        for page in pages:
            page.page.context.close()


@pytest.fixture
def ada(people):
    yield from emptied(people[0])


@pytest.fixture
def bob(people):
    yield from emptied(people[1])


def emptied(page):
    """Yield a page without documents; a test fails when its console shows errors."""
    page.close_all()
    page.errors.clear()
    yield page
    assert page.errors == []


def ask(page, path):
    """Return status and JSON of a request that the page makes with the cookies of its user."""
    return page.js(
        """async path => {
            const token = document.cookie.match(/\\b_xsrf=([^;]*)/)?.[1] ?? '';
            const reply = await fetch(path, {headers: {'X-XSRFToken': token}});
            return [reply.status, reply.ok ? await reply.json() : null];
        }""",
        path,
    )


def test_the_page_opens_below_the_prefix_of_its_user(people):
    for page in people:
        assert page.page.url.startswith(f"{page.server.url}lab")
        assert page.server.url.endswith(f"/campus/user/{page.server.name}/")


@pytest.mark.parametrize("name", FILES)
def test_a_double_click_opens_a_text_as_what_it_is(ada, name):
    ada.page.locator(".jp-DirListing-item:visible", has_text=name).dblclick()
    ada.wait_for_document(name)
    classes = ada.js("window.jupyterapp.shell.currentWidget.node.className")
    assert ("jp-NotebookPanel" in classes) is (name in NOTEBOOKS)


def test_what_the_administrator_sets_holds_for_all(people):
    for page in people:
        page.close_all()
        page.page.locator(".jp-DirListing-item:visible", has_text="report.Rmd").dblclick()
        page.wait_for_document("report.Rmd")
        classes = page.js("window.jupyterapp.shell.currentWidget.node.className")
        assert "jp-NotebookPanel" not in classes
        off = page.js("JSON.parse(document.getElementById('jupyter-config-data').text)"
                      ".disabledExtensions")  # fmt: skip
        assert "@octavo/labextension:inspector" in off


def test_a_cell_runs_and_its_output_is_kept_with_its_user(people):
    ada, bob = people
    for page in people:
        page.close_all()
    ada.notebook("lesson.md", kernel="python3")
    ada.model("return panel.sessionContext.ready")
    ada.model("notebook.widgets[1].model.sharedModel.setSource('print(6 * 7)');"
              "notebook.activeCellIndex = 1")  # fmt: skip
    ada.run("notebook:run-cell")
    ada.page.locator(".jp-OutputArea-output", has_text="42").wait_for()
    ada.save()
    assert "print(6 * 7)" in ada.server.read("lesson.md")
    assert "print(6 * 7)" not in bob.server.read("lesson.md")
    status, model = ask(ada, f"{ada.server.url}api/contents/lesson.md?type=notebook")
    assert status == 200
    assert model["content"]["cells"][1]["outputs"][0]["text"] == "42\n"
    _, model = ask(bob, f"{bob.server.url}api/contents/lesson.md?type=notebook")
    assert model["content"]["cells"][1]["outputs"] == []
    assert ask(bob, f"{ada.server.url}api/contents/lesson.md?type=notebook")[0] in (403, 404)
    assert ask(bob, f"{ada.server.url}octavo/api/status")[0] in (403, 404)
    ada.run("kernelmenu:shutdown")
    bob.errors.clear()  # the browser writes each refusal of a server on its console


def test_each_user_has_a_state_of_their_own(people):
    for page in people:
        page.close_all()
        page.notebook("lesson.py")
        page.model("notebook.widgets[1].model.sharedModel.setSource('mine = 1')")
        page.save()
        state = page.server.root / ".local/share/jupyter/octavo"
        assert list(state.rglob("*.*"))
        page.errors.clear()


def test_a_pair_is_made_shown_and_kept_in_sync(ada):
    ada.notebook("lesson.py")
    ada.run("octavo:pair", formats="ipynb,py:percent")
    ada.page.locator(STATUS, has_text="ipynb + py:percent").wait_for()
    ada.page.locator(BADGE).first.wait_for()
    ada.model("notebook.widgets[1].model.sharedModel.setSource('paired = 1')")
    ada.save()
    cells = json.loads(ada.server.read("lesson.ipynb"))["cells"]
    assert "".join(cells[1]["source"]) == "paired = 1"
    status, told = ask(ada, f"{ada.server.url}octavo/api/pair?path=lesson.py")
    assert (status, len(told["members"])) == (200, 2)
    ada.picture("jupyterhub")


def test_the_live_preview_shows_the_text(ada):
    ada.notebook("lesson.md")
    ada.run("octavo:toggle-preview")
    ada.page.locator(".octavo-Preview-text", has_text="# Title").wait_for()
    ada.run("octavo:toggle-preview")


def test_the_doctor_finds_the_server_of_its_user(ada):
    ada.notebook("lesson.md", kernel="python3")
    ada.model("return panel.sessionContext.ready")
    code = "import sys\n!{sys.executable} -m octavo doctor"
    ada.model(
        f"notebook.widgets[1].model.sharedModel.setSource({json.dumps(code)});"
        "notebook.activeCellIndex = 1"
    )
    ada.run("notebook:run-cell")
    output = ada.page.locator(".jp-OutputArea-output:visible", has_text="running server")
    output.wait_for()
    told = output.inner_text()
    ada.run("kernelmenu:shutdown")
    assert "ada at /campus/user/ada/" in told
    assert "ok      server extension: octavo.jupyter is enabled" in told
    assert "ok      running server: http://127.0.0.1:" in told
    assert "PROBLEM" not in told


def test_notebook_7_opens_texts_below_the_prefix(ada):
    page = jupyter_lab.Lab(ada.server, ada.server.context, "notebooks/lesson.md")
    page.wait_for_document("lesson.md")
    assert page.sources()[0] == "# Title"
    assert page.errors == []
    page.page.close()


def test_an_edit_outside_appears_in_a_shared_document(bob):
    bob.open("lesson.md", factory="Notebook")
    model = "window.jupyterapp.shell.currentWidget.content.model"
    bob.page.wait_for_function(f"{model}.cells.length === 2")
    assert bob.js(f"{model}.collaborative")
    bob.server.write("lesson.md", bob.server.read("lesson.md").replace("x = 1", "outside = 2"))
    bob.page.wait_for_function(
        f"[...{model}.cells].some(cell => cell.sharedModel.getSource() === 'outside = 2')"
    )
    assert bob.page.locator(".jp-Dialog").count() == 0
