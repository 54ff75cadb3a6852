"""Slides in a real browser: keys, pen, speaker view, paper, accessibility, no network."""

import importlib.util
import os
import subprocess

import pytest

from end_to_end import jupyter_lab
from octavo import Cell, Document
from octavo.binder._devtools import find_browser
from octavo.exporters import slides
from octavo.exporters._exporter import Settings
from support import every_output, widget_states

LESSON = """## Falling

- time: $t$

. . .

$$ s = \\frac{1}{2} g t^2 $$ (law)

::: {.notes}
Drop the **ball**.
:::

### Numbers[^n]

| t | s |
|--:|--:|
| 1 | 4.9 |

See {eq}`law`.

[^n]: Without air.

## Code
"""


def write(folder, name, document):
    (artifact,) = slides.export(document, Settings(name))
    (folder / artifact.path).write_bytes(artifact.data)
    return (folder / artifact.path).as_uri()


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    front = Cell("raw", "---\ntitle: The law of falling\nauthor: Ada\n---")
    lesson = Document([front, Cell("markdown", LESSON), Cell("code", "x = 1\n" * 4)])
    return {
        "lesson": write(folder, "lesson", lesson),
        "every": write(folder, "every", every_output.notebook()),
        "widgets": write(folder, "widgets", widget_states.notebook()),
    }


@pytest.fixture(scope="module")
def browser():
    if not find_browser():
        pytest.skip("no Chromium and no Chrome on this machine: slides were not tested in one")
    with jupyter_lab.chromium() as found:
        yield found


@pytest.fixture
def page(browser):
    """A page whose console stays clean and that asks the network for nothing."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    found = context.new_page()
    asked, wrong = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", lambda message: message.type == "error" and wrong.append(message.text))
    yield found
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "about:"))] == []
    assert wrong == []


def resize(page, width, height):
    """Resize the window and wait until it has been drawn anew."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => "
                  "requestAnimationFrame(() => setTimeout(done))))")  # fmt: skip


def shown(page):
    """Return the number of the slide that is seen, and how many of its fragments."""
    return page.evaluate(
        "() => [[...document.querySelectorAll('.deck > .slide')].findIndex((slide) => "
        "getComputedStyle(slide).visibility === 'visible') + 1, "
        "document.querySelectorAll('.current .fragment.shown').length]"
    )


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)
    return shown(page)


def test_keys_lead_through_the_slides(page, addresses):
    page.goto(addresses["lesson"])
    assert shown(page) == [1, 0]
    assert press(page, "ArrowRight") == [2, 0]
    assert press(page, "Space") == [2, 1]
    assert press(page, "PageDown") == [3, 0]
    assert press(page, "ArrowLeft") == [2, 1]
    assert press(page, "Shift+Space") == [2, 0]
    assert press(page, "ArrowDown") == [3, 0]
    assert press(page, "ArrowUp") == [2, 0]
    assert press(page, "Shift+ArrowRight") == [4, 0]
    assert press(page, "Shift+ArrowLeft") == [2, 0]
    assert press(page, "End") == [4, 0]
    assert press(page, "ArrowRight") == [4, 0]
    assert press(page, "Home") == [1, 0]
    assert page.locator(".said").text_content() == "1 of 4: The law of falling"
    assert page.locator(".count").text_content() == "1 / 4"


def test_a_fragment_is_not_seen_before_its_time(page, addresses):
    page.goto(addresses["lesson"] + "#/2")
    assert not page.locator(".current .fragment").is_visible()
    press(page, "ArrowRight")
    assert page.locator(".current .fragment").is_visible()


def test_addresses_lead_to_slides_and_to_what_is_on_them(page, addresses):
    page.goto(addresses["lesson"] + "#/3")
    assert shown(page) == [3, 0]
    page.get_by_role("link", name="(1)").click()
    assert shown(page) == [2, 1]  # the equation is in a fragment: it is seen
    page.evaluate("location.hash = '#code'")
    assert page.wait_for_selector(".slide.current:nth-child(4)")
    page.evaluate("location.hash = '#%zz'")
    assert shown(page) == [4, 0]
    press(page, "ArrowLeft")
    assert page.evaluate("location.hash") == "#/3"


def test_the_overview_shows_all_and_leads_anywhere(page, addresses):
    page.goto(addresses["lesson"])
    press(page, "Escape")
    boxes = [slide.bounding_box() for slide in page.locator(".deck > .slide").all()]
    assert all(box["width"] < 330 for box in boxes)
    assert len({(box["x"], box["y"]) for box in boxes}) == 4
    press(page, "ArrowRight", "ArrowRight", "Enter")
    assert shown(page) == [3, 0]
    press(page, "Escape")
    page.locator(".deck > .slide").nth(1).click()
    assert shown(page) == [2, 0]


def test_the_slide_fits_every_window(page, addresses):
    page.goto(addresses["lesson"])
    for width, height in ((1280, 720), (500, 800), (1600, 500)):
        resize(page, width, height)
        box = page.locator(".slide.current").bounding_box()
        assert box["width"] == pytest.approx(min(width, height * 16 / 9), abs=1)
        assert box["x"] == pytest.approx((width - box["width"]) / 2, abs=1)


def test_long_slides_have_small_letters_and_no_text_is_cut(page, addresses):
    page.goto(addresses["every"])
    cut = page.evaluate(
        "() => [...document.querySelectorAll('.slide > .content')].filter((content) => "
        "content.scrollHeight > content.clientHeight + 1 && content.tabIndex !== 0).length"
    )
    assert cut == 0


def draw(page, *points):
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=5)
    page.mouse.up()


def strokes(page):
    return page.locator(".slide.current > .ink > path").count()


def test_drawings_belong_to_their_slide_and_survive_a_resize(page, addresses):
    page.goto(addresses["lesson"] + "#/2")
    press(page, "d")
    draw(page, (320, 180), (640, 360))
    draw(page, (700, 400), (800, 500))
    assert strokes(page) == 2
    path = page.locator(".slide.current > .ink > path").first

    def relative():
        box, slide = path.bounding_box(), page.locator(".slide.current").bounding_box()
        return [(box["x"] - slide["x"]) / slide["width"], (box["y"] - slide["y"]) / slide["height"]]

    before = relative()
    assert before == pytest.approx([0.25, 0.25], abs=0.01)
    resize(page, 700, 900)
    assert relative() == pytest.approx(before, abs=0.01)
    press(page, "z")
    assert strokes(page) == 1
    press(page, "ArrowDown")
    assert strokes(page) == 0
    press(page, "ArrowUp")
    assert strokes(page) == 1
    page.reload()
    assert strokes(page) == 1
    press(page, "d", "x")
    box = path.bounding_box()
    draw(page, (box["x"], box["y"]), (box["x"] + box["width"], box["y"] + box["height"]))
    assert strokes(page) == 0


def test_the_pen_writes_only_while_drawing(page, addresses):
    page.goto(addresses["lesson"])
    draw(page, (300, 300), (400, 400))
    assert page.locator(".ink path").count() == 0
    page.get_by_role("button", name="Draw").click()
    page.get_by_role("button", name="Marker").click()
    draw(page, (300, 300), (400, 400))
    assert page.locator(".ink path.mark").count() == 1
    press(page, "c")
    assert page.locator(".ink path").count() == 0
    press(page, "Escape")
    assert page.locator(".pens").is_hidden()


def test_the_speaker_sees_notes_the_next_slide_and_the_time(page, addresses):
    page.goto(addresses["lesson"] + "#/2")
    with page.context.expect_page() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    assert speaker.locator(".said-here").inner_text().strip() == "Drop the ball."
    assert "Falling" in speaker.locator(".now").inner_text()
    assert "Numbers" in speaker.locator(".then").inner_text()
    box = speaker.locator(".now .slide").bounding_box()
    frame = speaker.locator(".now .frame").bounding_box()
    assert box["width"] == pytest.approx(frame["width"], abs=2)
    speaker.keyboard.press("ArrowRight")
    assert shown(page) == [2, 1]
    speaker.get_by_role("button", name="On").click()
    assert shown(page) == [3, 0]
    assert speaker.locator(".where").text_content() == "3 of 4: Numbers"
    assert speaker.locator(".said-here").inner_text().strip() == "No notes."
    speaker.wait_for_selector(".elapsed:text('00:00:01')")
    speaker.get_by_role("button", name="Reset").click()
    assert speaker.locator(".elapsed").text_content() == "00:00:00"
    assert not page.locator(".slide .notes").first.is_visible()


def test_paper_has_a_slide_a_page(page, addresses, tmp_path):
    page.goto(addresses["lesson"])
    path = tmp_path / "lesson.pdf"
    page.pdf(path=str(path), prefer_css_page_size=True, print_background=True)
    if not any(os.access(f"{folder}/pdftotext", os.X_OK) for folder in os.get_exec_path()):
        pytest.skip("no pdftotext (poppler-utils) here: the pages of the paper were not read")
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()
    pages = text.split("\f")[:-1]
    assert len(pages) == 4
    for heading, found in zip(("The law", "Falling", "Numbers", "Code"), pages, strict=True):
        assert found.lstrip().startswith(heading)
    assert "Drop" not in text
    assert "Speaker" not in text


def test_hostile_outputs_do_nothing(page, addresses):
    page.goto(addresses["every"])
    for _ in every_output.KINDS:
        press(page, "ArrowDown")
    assert page.evaluate("window.hit") is None
    assert page.locator(".deck > .slide").count() == len(every_output.KINDS) + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["lesson", "every", "widgets"])
def test_axe_finds_nothing(page, addresses, name, scheme):
    spec = importlib.util.find_spec("axe_playwright_python")
    if spec is None:
        pytest.skip("no axe-playwright-python here (group `browser`): accessibility is not checked")
    with open(os.path.join(os.path.dirname(spec.origin), "axe.min.js"), encoding="utf-8") as file:
        script = file.read()
    page.emulate_media(color_scheme=scheme)
    page.goto(addresses[name])
    page.evaluate(script)
    found = {}
    total = page.locator(".deck > .slide").count()
    if name == "every":  # all slides at once, small; one by one takes a minute
        press(page, "Escape")
    for number in range(1, total + 1) if name == "lesson" else (total,):
        page.evaluate(f"location.hash = '#/{number}'")
        page.wait_for_selector(f".slide.current:nth-child({number})")
        for violation in page.evaluate("axe.run().then((r) => r.violations)"):
            for node in violation["nodes"]:
                found[violation["id"], node["html"][:90]] = number
    assert found == {}


def test_the_list_of_keys_and_the_black_screen(page, addresses):
    page.goto(addresses["lesson"])
    press(page, "?")
    assert page.get_by_role("dialog").is_visible()
    press(page, "ArrowRight", "Escape")
    assert shown(page) == [1, 0]
    page.keyboard.press("b")
    assert not page.locator(".slide.current h1").is_visible()
    page.keyboard.press("b")
    assert page.locator(".slide.current h1").is_visible()
    page.keyboard.press("t")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_without_scripts_the_slides_are_read_one_below_the_other(browser, addresses):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(addresses["lesson"])
    boxes = [slide.bounding_box() for slide in page.locator(".deck > .slide").all()]
    assert [box["y"] for box in boxes] == sorted({box["y"] for box in boxes})
    assert page.locator(".fragment").is_visible()
    context.close()
