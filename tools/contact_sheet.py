"""The contact sheet of the README: what `octavo build` makes of one lesson, one card each.

Pages and slides are photographed in a browser, PDF and Word files page by page (Poppler, and
LibreOffice for Word); texts are set as `tools/pictures.py` sets them.
"""

import base64
import html
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
STYLE = """
<style>
.sheet { display: grid; grid-template-columns: repeat(4, 1fr); gap: 18px; padding: 20px; }
.sheet .card { height: 330px; position: relative; }
.sheet pre { font-size: 8px; line-height: 1.35; padding: 8px 10px; }
.sheet img { width: 100%; display: block; }
.sheet .in { font: 8px/1.35 "DejaVu Sans Mono", monospace; background: #f6f8fa; margin: 4px 8px;
             padding: 5px 7px; border-radius: 4px; white-space: pre-wrap; }
.sheet .out { font: 8px/1.35 "DejaVu Sans Mono", monospace; margin: 2px 16px;
              white-space: pre-wrap; }
.sheet .md { font-size: 9.5px; margin: 6px 10px; }
.sheet .lock { float: right; font-size: 8px; color: #57606a; }
</style>
"""


def sheet(colored: Callable[[str, str], str]) -> str:
    """Return the page with a card for each edition; *colored* sets a text in colours."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "editions")
        shutil.copytree(
            ROOT / "examples/editions", folder, ignore=shutil.ignore_patterns("build", "*.json")
        )
        subprocess.run(
            [sys.executable, "-m", "octavo", "build", "-q", "--project", str(folder)], check=True
        )
        built = folder / "build"
        executed, student = built / "executed/falling.ipynb", built / "student/falling.ipynb"
        cards = [
            card("falling.py", "the module", colored(body(built / "module/falling.py"), "python")),
            card("falling.ipynb", "clean", notebook(built / "clean/falling.ipynb", "# Falling")),
            card("falling.ipynb", "executed", notebook(executed, "## Look")),
            card(
                "falling.ipynb",
                "the student's",
                notebook(student, "## Your turn"),
            ),
            card("falling.html", "a page", picture(shot(built / "handout/falling.html", 900, 900))),
            card("slides", "offline", picture(shot(first(built, "*.slides.html"), 1100, 990))),
            card("falling.pdf", "PDF/UA-1", picture(pdf_page(first(built, "*.pdf")))),
        ]
        word = sorted(built.rglob("*.docx"))
        if word:
            cards.append(card("falling.docx", "Word", picture(pdf_page(as_pdf(word[0])))))
    return STYLE + f'<div class="sheet">{"".join(cards)}</div>'


def card(name: str, kind: str, inner: str) -> str:
    """Return a card with a title bar."""
    return f'<div class="card text"><div class="bar">{name}<span>{kind}</span></div>{inner}</div>'


def body(path: Path) -> str:
    """Return a script without its header."""
    text = path.read_text("utf-8")
    return text.partition("# %%")[1] + text.partition("# %%")[2]


def notebook(path: Path, start: str) -> str:
    """Return the cells of a notebook from the one that begins with *start*."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    at = next(i for i, cell in enumerate(cells) if "".join(cell["source"]).startswith(start))
    return "".join(part for cell in cells[at:] for part in parts(cell))


def parts(cell: dict) -> list[str]:
    """Return a cell and its outputs."""
    source = html.escape("".join(cell["source"]))
    lock = "" if cell["metadata"].get("editable", True) else '<span class="lock">locked</span>'
    if cell["cell_type"] != "code":
        return [f'<div class="md">{lock}{source.replace(chr(10), "<br>")}</div>']
    if "hide-input" in cell["metadata"].get("tags", []):
        source = "&#9656; code"
    found = [f'<div class="in">{lock}{source}</div>']
    for output in cell["outputs"]:
        data = output.get("data", {})
        if "image/svg+xml" in data:
            svg = "".join(data["image/svg+xml"]).encode("utf-8")
            address = "data:image/svg+xml;base64," + base64.b64encode(svg).decode()
            found.append(f'<img style="width: 45%; margin: 0 16px" src="{address}">')
        else:
            text = "".join(output.get("text", data.get("text/plain", "")))
            found.append(f'<div class="out">{html.escape(text)}</div>')
    return found


def picture(data: bytes) -> str:
    """Return a picture that stands in the page."""
    return f'<img src="data:image/png;base64,{base64.b64encode(data).decode()}">'


def first(folder: Path, pattern: str) -> Path:
    """Return the first file of that pattern."""
    return min(folder.rglob(pattern))


def shot(page: Path, width: int, height: int) -> bytes:
    """Return a photograph of a page in a browser."""
    with tempfile.TemporaryDirectory() as profile:
        target = Path(profile, "shot.png")
        subprocess.run(
            [
                shutil.which("chromium") or "chromium-browser", "--headless", "--no-sandbox",
                "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                f"--user-data-dir={profile}", f"--window-size={width},{height}",
                f"--screenshot={target}", page.as_uri(),
            ],
            check=True, capture_output=True,
        )  # fmt: skip
        return target.read_bytes()


def pdf_page(path: Path) -> bytes:
    """Return the first page of a PDF as a picture."""
    command = ["pdftoppm", "-png", "-r", "80", "-f", "1", "-l", "1", str(path)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def as_pdf(path: Path) -> Path:
    """Return a Word file as LibreOffice prints it."""
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path)],
        check=True, capture_output=True,
    )  # fmt: skip
    return path.with_suffix(".pdf")
