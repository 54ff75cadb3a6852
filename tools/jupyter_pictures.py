"""Photograph Octavo in JupyterLab: the real page, with a notebook of the examples.

    python tools/jupyter_pictures.py      writes docs/images/jupyterlab-*.png

Needs chromium, the group `browser` and `make labextension`.
"""

import io
import json
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs/images"
SIZE = {"width": 1180, "height": 640}
COLORS = 128  # of the palette

sys.path.insert(0, str(ROOT / "tests"))

from end_to_end import jupyter_lab  # noqa: E402  the harness of the tests


def main() -> None:
    """Take all pictures."""
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyter_lab.serve(Path(folder, "server")) as server,
        jupyter_lab.chromium() as browser,
    ):
        text = (ROOT / "examples/gravity.ipynb").read_text("utf-8")
        server.write("gravity.ipynb", json.loads(text))
        lab = jupyter_lab.Lab(server, browser.new_context(viewport=SIZE))
        lab.notebook("gravity.ipynb")
        lab.run("octavo:show-overview")
        mark(lab)
        photograph(lab, "jupyterlab-states")
        lab.run("apputils:change-theme", theme="JupyterLab Dark")
        lab.page.wait_for_selector("body[data-jp-theme-light='false']", state="attached")
        lab.js("window.jupyterapp.shell.collapseLeft()")
        lab.js("window.jupyterapp.shell.activateById('jp-property-inspector')")
        form = lab.page.locator(".octavo-StatesForm")
        if not form.is_visible():
            lab.page.get_by_text("Cell States", exact=True).click()
        form.wait_for()
        photograph(lab, "jupyterlab-dark")
        lab.close_all()
        lab.run("apputils:change-theme", theme="JupyterLab Light")
        lab.page.wait_for_selector("body[data-jp-theme-light='true']", state="attached")
        lab.js("window.jupyterapp.shell.collapseRight()")
        pairs(lab)


def pairs(lab: jupyter_lab.Lab) -> None:
    """Photograph the dialog of pairs, a preview and a conflict."""
    lab.server.write("lesson.ipynb", json.loads(lab.server.read("gravity.ipynb")))
    lab.notebook("lesson.ipynb")
    status = lab.page.locator(".octavo-PairStatus-button")
    status.click()
    lab.page.locator("input[data-octavo-form='py:percent']").check()
    lab.page.locator(".octavo-PairForm-text", has_text="# %%").wait_for()
    photograph(lab, "jupyterlab-pair")
    lab.page.locator(".jp-Dialog-button", has_text="Pair").click()
    status.get_by_text("ipynb + py:percent").wait_for()
    lab.js("window.jupyterapp.shell.activateById('filebrowser')")
    lab.page.locator(".octavo-PairBadge").first.wait_for()
    lab.run("octavo:toggle-preview")
    lab.page.locator(".octavo-Preview-text .cm-content", has_text="# %%").wait_for()
    photograph(lab, "jupyterlab-preview")
    lab.run("octavo:toggle-preview")
    text = lab.server.read("lesson.py")
    last = text.rstrip().rsplit("\n", 1)[-1]
    lab.server.write("lesson.py", text.replace(last, last + "  # as the editor has it"))
    lab.model(
        "const cell = notebook.widgets[notebook.widgets.length - 1].model.sharedModel;"
        "cell.setSource(cell.getSource() + '  # as JupyterLab has it')"
    )
    lab.save()
    lab.page.locator(".octavo-Conflict-button").first.wait_for()
    lab.run("octavo:next-conflict")
    photograph(lab, "jupyterlab-conflict")
    lab.close_all()


def mark(lab: jupyter_lab.Lab) -> None:
    """Set states of some cells of the lesson."""
    for cell, keys in ((1, "F"), (2, "T"), (3, "R"), (0, "S")):
        lab.select(cell)
        for key in keys:
            lab.chord(key)
    lab.select(1)
    lab.model("notebook.scrollToItem(0)")


def photograph(lab: jupyter_lab.Lab, name: str) -> None:
    """Write what the page shows."""
    lab.page.wait_for_load_state("networkidle")
    shot = Image.open(io.BytesIO(lab.page.screenshot())).convert("RGB")
    path = IMAGES / f"{name}.png"
    shot.quantize(COLORS).save(path, optimize=True)
    print(f"docs/images/{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
