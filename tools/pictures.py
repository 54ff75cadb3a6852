"""Draw the pictures of the README: real notebooks, real output of the real command.

    python tools/pictures.py            writes docs/images/*.png (needs chromium)

Nothing in them is typed by hand: texts are what `octavo` writes, terminals show what a command
printed.  Pages are set in HTML in build/pictures and photographed by a browser without a window.
"""

import html
import io
import math
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import contact_sheet
from markdown_it import MarkdownIt
from PIL import Image, ImageChops
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import get_lexer_by_name

import octavo
from octavo import Cell, Document

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs/images"
BUILD = ROOT / "build/pictures"
FORMATS = (
    ("py:percent", "year.py", "python"),
    ("md", "year.md", "markdown"),
    ("md:myst", "year.md", "markdown"),
    ("Rmd", "year.Rmd", "markdown"),
)
SHOWN = (0, 1, 6)  # the cells of examples/temperatures.ipynb that fit into a picture
COLORS = 256  # of the palette
FENCE = re.compile(r"(?m)^(```\{?\w[^\n]*\n(?::[^\n]*\n)*)([^`]*)(^```$)")

STYLE = """
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.45 "DejaVu Sans", sans-serif; color: #24292f; background: #fff; }
.page { padding: 20px; display: flex; gap: 22px; align-items: center; }
.card { border: 1px solid #d0d7de; border-radius: 8px; overflow: hidden; background: #fff; }
.bar { background: #f3f5f7; border-bottom: 1px solid #d0d7de; padding: 6px 12px; font-weight: bold;
       display: flex; justify-content: space-between; }
.bar span { font-weight: normal; color: #57606a; }
pre { margin: 0; font: 11.5px/1.42 "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
.mark { color: #8250df; }
.text pre { padding: 10px 12px; }
.texts { flex: 1; display: grid; grid-template-columns: 1fr 1fr; gap: 16px; }
.notebook { width: 470px; padding-bottom: 8px; }
.cell { display: flex; padding: 6px 12px 6px 0; }
.prompt { width: 62px; flex: none; text-align: right; padding: 7px 10px 0 0; color: #6e7781;
          font: 11px "DejaVu Sans Mono", monospace; }
.code { flex: 1; border: 1px solid #e3e7eb; background: #f8f9fa; padding: 7px 9px; min-width: 0; }
.code pre { font-size: 11px; }
.prose { flex: 1; }
.prose h1 { font-size: 23px; margin: 6px 0 8px; }
.prose p { margin: 0; }
.tag { font: 10px "DejaVu Sans Mono", monospace; color: #57606a; background: #ddf4ff;
       border-radius: 8px; padding: 1px 7px; float: right; }
.arrows { display: flex; flex-direction: column; justify-content: center; align-items: center;
          font-size: 32px; color: #2a6f97; line-height: 1; text-align: center; }
.arrows small { font-size: 12px; line-height: 1.3; color: #57606a; }
.terminal { background: #1f2430; color: #cbccc6; padding: 18px 22px; }
.terminal pre { font-size: 14px; line-height: 1.5; }
.terminal b { color: #fff; }
.s31 { color: #f28779; } .s32 { color: #bae67e; } .s36 { color: #5ccfe6; } .s1 { color: #fff; }
.s33 { color: #ffd580; } .s2, .s90 { color: #8a9199; }
"""


def main() -> None:
    """Draw all pictures."""
    BUILD.mkdir(parents=True, exist_ok=True)
    IMAGES.mkdir(parents=True, exist_ok=True)
    photograph("editions", editions(), 1440, margin=20)
    photograph("terminal", terminal(), 960)
    slides()
    page()
    photograph("contact-sheet", contact_sheet.sheet(colored), 1440, margin=20)


# ---- one notebook, many texts ------------------------------------------------------------


def editions() -> str:
    """Return the page with a notebook and its texts."""
    whole = octavo.read(ROOT / "examples/temperatures.ipynb")
    document = whole.with_(cells=[whole.cells[n] for n in SHOWN])
    texts = "".join(text_card(document, *names) for names in FORMATS)
    arrows = '<div class="arrows">→<br>←<small><br>both<br>ways</small></div>'
    left, right = notebook_card(document), f'<div class="texts">{texts}</div>'
    return f'<div class="page">{left}{arrows}{right}</div>'


def text_card(document: Document, fmt: str, name: str, lexer: str) -> str:
    """Return one text, in colours."""
    text = octavo.writes(document, fmt, notebook_metadata_filter="-all")
    bar = f'<div class="bar">{name}<span>{fmt}</span></div>'
    return f'<div class="card text">{bar}{colored(text, lexer)}</div>'


def notebook_card(document: Document) -> str:
    """Return the notebook as Jupyter shows it."""
    cells = "".join(map(notebook_cell, document.cells))
    return f'<div class="card notebook"><div class="bar">year.ipynb</div>{cells}</div>'


def notebook_cell(cell: Cell) -> str:
    """Return one cell of a notebook."""
    tags = cell.metadata.get("tags")
    names = tags if isinstance(tags, list) else []
    tag = "".join(f'<span class="tag">{name}</span>' for name in names)
    if cell.kind == "markdown":
        prose = MarkdownIt().render(cell.source)
        return f'<div class="cell"><div class="prompt"></div><div class="prose">{prose}</div></div>'
    count = f"[{cell.execution_count or ' '}]:"
    source = f'<div class="code">{tag}{colored(cell.source, "python")}</div>'
    shown = "".join(
        '<div class="cell"><div class="prompt"></div>'
        f'<img src="data:image/png;base64,{picture}"></div>'
        for picture in pictures(cell)
    )
    return f'<div class="cell"><div class="prompt">{count}</div>{source}</div>{shown}'


def pictures(cell: Cell) -> list[str]:
    """Return the PNG pictures among the outputs of a cell."""
    found = []
    for output in cell.outputs or []:
        data = output.get("data") if isinstance(output, dict) else None
        picture = data.get("image/png") if isinstance(data, dict) else None
        if isinstance(picture, str):
            found.append(picture.replace("\n", ""))
    return found


def colored(text: str, lexer: str) -> str:
    """Return a text with its syntax in colours; Python in the fences of a Markdown document."""
    if lexer != "markdown":
        return f"<pre>{spans(text, lexer)}</pre>"
    parts = FENCE.split(text)
    shown = spans(parts[0], "markdown")
    for opening, body, closing, after in zip(*(parts[n::4] for n in (1, 2, 3, 4)), strict=True):
        shown += f'<span class="mark">{html.escape(opening)}</span>{spans(body, "python")}'
        shown += f'<span class="mark">{closing}</span>{spans(after, "markdown")}'
    return f"<pre>{shown}</pre>"


def spans(text: str, lexer: str) -> str:
    """Return a text with its syntax in colours, line ends at both ends kept."""
    options = {"stripnl": False, "ensurenl": False}
    form = HtmlFormatter(noclasses=True, nowrap=True)
    return highlight(text, get_lexer_by_name(lexer, **options), form)


# ---- a terminal ---------------------------------------------------------------------------


def terminal() -> str:
    """Return the page with a session: edit, diff, update, check."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "examples/temperatures.ipynb", Path(folder, "year.ipynb"))
        shown = [
            *run(folder, "octavo convert year.ipynb --to py:percent"),
            *run(folder, "sed -i 's/^days = 365/days = 366/' year.py"),
            *run(folder, "octavo convert year.py --to ipynb --update --diff", "--color=always"),
            *run(folder, "octavo convert year.py --to ipynb --update"),
            *run(folder, "octavo convert year.ipynb --to md:myst --check"),
        ]
    return f'<div class="terminal"><pre>{chr(10).join(shown)}</pre></div>'


def run(folder: str, command: str, *hidden: str) -> list[str]:
    """Return a command and what it printed; *hidden* stands for a terminal's own settings."""
    words = ["sh", "-c", " ".join([command, *hidden]) + " 2>&1"]
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    environment = {"PATH": path, "PYTHONPATH": str(ROOT / "src"), "LANG": "C.UTF-8"}
    ran = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    printed = ansi(ran.stdout.rstrip("\n"))
    return [f"<b>$ {html.escape(command)}</b>", *([printed] if printed else []), ""]


def ansi(text: str) -> str:
    """Return a terminal's colours as HTML."""
    parts = re.split(r"\x1b\[([0-9;]*)m", text)
    shown = html.escape(parts[0])
    depth = 0
    for codes, part in zip(parts[1::2], parts[2::2], strict=True):
        if codes in ("", "0"):
            shown += "</span>" * depth
            depth = 0
        else:
            shown += f'<span class="{" ".join("s" + code for code in codes.split(";"))}">'
            depth += 1
        shown += html.escape(part)
    return shown + "</span>" * depth


# ---- slides -------------------------------------------------------------------------------


def slides() -> None:
    """Photograph four slides of an example, two by two."""
    (artifact,) = octavo.export(ROOT / "examples/temperatures.ipynb", "slides")
    lesson, *_ = octavo.export(ROOT / "examples/lesson.md", "slides")
    sheet = Image.new("RGB", (2 * 640 + 10, 2 * 360 + 10), "#d0d7de")
    for n, (made, number) in enumerate(((lesson, 2), (lesson, 3), (lesson, 4), (artifact, 2))):
        page = BUILD / made.path
        page.write_bytes(made.data)
        shot = shoot(f"{page.as_uri()}#/{number}", 1280, 720)
        shot = shot.resize((640, 360), Image.Resampling.LANCZOS)
        sheet.paste(shot, (n % 2 * 650, n // 2 * 370))
    keep("slides", sheet)


# ---- a page -------------------------------------------------------------------------------

PROSE = """# A pendulum

$$ T = 2 \\pi \\sqrt{l / g} $$ (period)

:::{tip}
Measure ten swings, and divide by ten.
:::
"""


def page() -> None:
    """Photograph a page in both of its themes: prose, code, a chart and widgets."""
    (artifact,) = octavo.export(pendulum(), "html", stem="page", contents=False, live=False)
    text = artifact.data.decode("utf-8")
    sheet = Image.new("RGB", (2 * 620 + 10, 724), "#d0d7de")
    for n, theme in enumerate(("light", "dark")):
        place = BUILD / f"page-{theme}.html"
        chosen = (
            f"<style>:root {{ color-scheme: {theme} }} .theme {{ display: none }}</style></head>"
        )
        place.write_text(text.replace("</head>", chosen, 1), "utf-8")
        sheet.paste(shoot(place.as_uri(), 620, 724), (n * 630, 0))
    keep("page", sheet)


def pendulum() -> Document:
    """Return a notebook with a chart of Vega-Lite and widgets."""
    rows = [{"length": n / 10, "period": 2 * math.pi * math.sqrt(n / 98.1)} for n in range(21)]
    spec = {
        "data": {"values": rows}, "mark": {"type": "line", "point": True}, "width": 420,
        "height": 170, "encoding": {
            "x": {"field": "length", "type": "quantitative", "title": "length in metres"},
            "y": {"field": "period", "type": "quantitative", "title": "seconds"},
        },
    }  # fmt: skip
    chart = {"application/vnd.vegalite.v5+json": spec}
    models = {
        "box": _model("VBox", children=["IPY_MODEL_length", "IPY_MODEL_place", "IPY_MODEL_air"]),
        "length": _model("FloatSlider", value=1.0, max=2.0, description="length", step=0.1),
        "place": _model(
            "Dropdown", _options_labels=["Earth", "Moon"], index=0, description="place"
        ),
        "air": _model("Checkbox", value=False, description="with air"),
    }
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "box"}}
    state = {"application/vnd.jupyter.widget-state+json": {"version_major": 2, "state": models}}
    cells = [
        Cell("markdown", PROSE),
        Cell("code", "period = 2 * pi * sqrt(length / 9.81)\nchart(period)", {}, [_shown(chart)]),
        Cell("code", "VBox([length, place, air])", {"tags": ["remove-input"]}, [_shown(view)]),
    ]
    return Document(cells, {"widgets": state})


def _model(name: str, **state: object) -> dict[str, object]:
    module = "@jupyter-widgets/controls"
    return {"model_name": f"{name}Model", "model_module": module, "state": state}


def _shown(forms: dict[str, object]) -> dict[str, object]:
    return {"output_type": "display_data", "metadata": {}, "data": forms}


# ---- the photograph -----------------------------------------------------------------------


def photograph(name: str, body: str, width: int, margin: int = 0) -> None:
    """Write a page and its picture, cut to its content."""
    page = BUILD / f"{name}.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body>{body}', "utf-8"
    )
    keep(name, cut(shoot(page.as_uri(), width, 1600), margin))


def shoot(address: str, width: int, height: int) -> Image.Image:
    """Return what a browser shows at an address."""
    with tempfile.TemporaryDirectory() as profile:
        shot = Path(profile, "shot.png")
        subprocess.run(
            [
                shutil.which("chromium") or "chromium-browser", "--headless", "--no-sandbox",
                "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                f"--user-data-dir={profile}", f"--window-size={width},{height}",
                f"--screenshot={shot}", address,
            ],
            check=True, capture_output=True,
        )  # fmt: skip
        return Image.open(io.BytesIO(shot.read_bytes())).convert("RGB")


def keep(name: str, image: Image.Image) -> None:
    """Write a picture for the pages."""
    image.quantize(COLORS).save(IMAGES / f"{name}.png", optimize=True)
    print(f"docs/images/{name}.png: {(IMAGES / f'{name}.png').stat().st_size} bytes")


def cut(image: Image.Image, margin: int) -> Image.Image:
    """Return the picture without the empty rest of the window."""
    background = Image.new("RGB", image.size, "white")
    box = ImageChops.difference(image, background).getbbox()
    bottom = image.size[1] if box is None else min(image.size[1], box[3] + margin)
    return image.crop((0, 0, image.size[0], bottom))


if __name__ == "__main__":
    main()
