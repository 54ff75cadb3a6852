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
