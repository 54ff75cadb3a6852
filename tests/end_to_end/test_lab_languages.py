"""A language pack, found by JupyterLab as any other, translates what our pages say."""

import subprocess
import sys
import zipfile

import pytest

from end_to_end import jupyter_lab
from end_to_end.jupyter_lab import ROOT, notebook

catalogs = pytest.importorskip("babel.messages", reason="Babel is not here: nothing was translated")
pofile = pytest.importorskip("babel.messages.pofile")
pytest.importorskip("build", reason="no package can be built here: nothing was translated")

#: Context, text and translation: from a schema, from the table of states, from the TypeScript.
GERMAN = [
    ("menu", "Cell State", "Zellzustand"),
    ("settings", "Show badges", "Plaketten zeigen"),
    (None, "Frozen: neither edited nor executed", "Eingefroren: weder bearbeitet noch ausgeführt"),
    (None, "frozen", "eingefroren"),
    (None, "Pair Document…", "Dokument paaren …"),
    (None, ("%1 cell", "%1 cells"), ("%1 Zelle", "%1 Zellen")),
]


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """A folder with an installed language pack, made as docs/jupyterlab.md tells."""
    place = tmp_path_factory.mktemp("pack")
    catalog = catalogs.Catalog("de_DE", domain="octavo")
    for context, text, translation in GERMAN:
        catalog.add(text, translation, context=context)
    with (place / "octavo.po").open("wb") as target:
        pofile.write_po(target, catalog)
    run(ROOT / "tools/messages.py", "de_DE", place / "octavo.po", place / "source")
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", place, place / "source")
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "installed")
    return place / "installed"


def run(*words):
    ran = subprocess.run(
        [sys.executable, *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout


@pytest.fixture(scope="module")
def german(pack, tmp_path_factory):
    """A page in German."""
    jupyter_lab.require()
    with (
        pytest.MonkeyPatch.context() as patch,
        jupyter_lab.chromium() as browser,
    ):
        patch.setenv("PYTHONPATH", str(pack))
        with jupyter_lab.serve(tmp_path_factory.mktemp("german") / "server") as server:
            server.write("a.ipynb", notebook({"run_control": {"frozen": True}}, {}))
            lab = jupyter_lab.Lab(server, browser.new_context())
            lab.keep_setting("@jupyterlab/translation-extension:plugin", "locale", "de_DE")
            lab.go("lab?reset")
            lab.notebook("a.ipynb")
            yield lab
            assert lab.errors == []
            lab.close_all()


def test_every_text_of_the_pack_is_one_that_we_say():
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from messages import template
    finally:
        sys.path.remove(str(ROOT / "tools"))
    said = template()
    for context, text, _ in GERMAN:
        assert said.get(text[0] if isinstance(text, tuple) else text, context), text


def test_menus_and_their_commands_are_translated(german):
    german.page.locator(".lm-MenuBar-item", has_text="Edit").click()
    german.page.locator(".lm-Menu-item", has_text="Zellzustand").hover()
    german.page.locator(".lm-Menu-item", has_text="Eingefroren: weder bearbeitet").wait_for()
    german.picture("german")
    german.page.keyboard.press("Escape")
    german.page.keyboard.press("Escape")
    german.page.locator(".jp-Notebook .jp-CodeCell").first.click(button="right")
    german.page.locator(".lm-Menu-item", has_text="Zellzustand").wait_for()
    german.page.keyboard.press("Escape")


def test_badges_and_the_palette_are_translated(german):
    assert german.page.locator(".octavo-Badge").all_inner_texts() == ["eingefroren"]
    german.run("apputils:activate-command-palette")
    german.page.keyboard.type("Dokument paaren")
    german.page.locator(".lm-CommandPalette-item", has_text="Dokument paaren …").wait_for()
    german.page.keyboard.press("Escape")


def test_numbers_choose_their_form(german):
    german.run("octavo:show-overview")
    german.page.locator(".octavo-Overview", has_text="2 Zellen").wait_for()


def test_settings_are_translated(german):
    reply = german.server.request("lab/api/settings/@octavo/labextension:cell-states")
    assert reply["schema"]["properties"]["showBadges"]["title"] == "Plaketten zeigen"


def test_what_is_not_translated_stays(german):
    labels = german.js("window.jupyterapp.commands.label('octavo:show-overview')")
    assert labels == "Show the Cell Overview"
