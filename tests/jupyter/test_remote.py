"""Texts that are not on the local disk are notebooks too, through a manager of their own."""

import random

import pytest
from jupyter_server.base.call_context import CallContext
from jupyter_server.services.contents.handlers import validate_model
from tests.jupyter.drive import OUTPUT, sources
from tornado.websocket import WebSocketHandler

from octavo.jupyter import contents as contents_module

MD = "# Title\n\n```python\n1 + 1\n```\n\nprose\n"


@pytest.fixture
def page(far_page):
    far_page.drive.put("x.md", MD)
    return far_page


def test_a_text_on_a_drive_is_a_notebook(page):
    assert sources(page.open()) == ["# Title", "1 + 1", "prose"]
    assert page.open() == page.open()
    assert page.call("get", "x.md", type="file")["content"] == MD


@pytest.mark.parametrize("kind", ["notebook", "file", None])
@pytest.mark.parametrize("content", [True, False])
def test_a_manager_without_hashes_gets_some(page, kind, content):
    first = page.call("get", "x.md", type=kind, content=content, require_hash=True)
    validate_model(first, content, expect_hash=True)
    again = page.call("get", "x.md", content=False, require_hash=True)
    assert again["hash"] == first["hash"]
    page.drive.put("x.md", MD + "more\n")
    assert page.call("get", "x.md", content=False, require_hash=True)["hash"] != first["hash"]


def test_outputs_and_ids_are_kept_as_long_as_the_server_runs(page):
    content = page.open()
    content["cells"][1].update(outputs=[OUTPUT], execution_count=1)
    page.save(content)
    page.drive.put("x.md", page.text().replace("prose", "verse"))
    found = page.open()
    assert found["cells"][1]["outputs"] == [OUTPUT]
    assert [cell["id"] for cell in found["cells"]] == [cell["id"] for cell in content["cells"]]


def test_a_save_without_a_change_writes_nothing(page):
    before = page.drive.texts["x.md"]
    page.save(page.open())
    assert page.drive.texts["x.md"] == before


def test_a_save_is_merged_with_what_changed_meanwhile(page):
    content = page.open()
    content["cells"][0]["source"] = "# Mine"
    page.drive.put("x.md", MD.replace("prose", "theirs"))
    assert page.save(content)["octavo"] == {"merged": True, "conflicts": 0}
    assert sources(page.open()) == ["# Mine", "1 + 1", "theirs"]


def test_both_versions_of_a_line_are_kept(page):
    content = page.open()
    content["cells"][1]["source"] = "1 + 2"
    page.drive.put("x.md", MD.replace("1 + 1", "1 + 3"))
    assert page.save(content)["octavo"]["conflicts"] == 1
    assert {"1 + 2", "1 + 3"} <= set(sources(page.open()))


@pytest.mark.parametrize("names", [("one", "two"), ("", "")])
def test_two_pages_do_not_overwrite_each_other(page, names):
    held = []
    for name in names:
        page.client = name
        held.append(page.open())
    held[0]["cells"][0]["source"] = "# First"
    held[1]["cells"][2]["source"] = "second"
    for name, content in zip(names, held, strict=True):
        page.client = name
        page.save(content)
    assert sources(page.open()) == ["# First", "1 + 1", "second"]


def test_the_base_of_a_save_survives_a_restart(page):
    content = page.open()
    page.restart()
    content["cells"][0]["source"] = "# Mine"
    page.drive.put("x.md", MD.replace("prose", "theirs"))
    page.save(content)
    assert sources(page.open()) == ["# Mine", "1 + 1", "theirs"]


def test_what_is_known_moves_with_its_file_and_goes_with_it(page):
    content = page.open()
    content["cells"][1].update(outputs=[OUTPUT], execution_count=1)
    page.save(content)
    page.call("rename", "x.md", "y.md")
    assert page.open("y.md")["cells"][1]["outputs"] == [OUTPUT]
    page.call("delete", "y.md")
    page.drive.put("y.md", MD)
    assert page.open("y.md")["cells"][1]["outputs"] == []


def test_a_new_text_is_written(page):
    content = page.open()
    page.save(content, "new.md")
    assert sources(page.open("new.md")) == sources(content)


def test_no_word_is_lost_whoever_writes(page):
    rng = random.Random(7)
    held = {}
    words = []
    for number in range(120):
        page.client = rng.choice(["one", "two"])
        step = rng.choice(["open", "save", "save", "editor", "restart"])
        word = f"w{number}q"
        if step == "restart" and rng.random() < 0.2:
            page.restart()
        elif step == "open":
            held[page.client] = page.open()
        elif step == "editor":
            words.append(word)
            lines = page.text().split("\n\n")
            lines.insert(rng.randrange(1, len(lines) + 1), word)
            page.drive.put("x.md", "\n\n".join(lines))
        elif step == "save" and page.client in held:
            words.append(word)
            cell = rng.choice(held[page.client]["cells"])
            cell["source"] += f"\n{word}"
            page.save(held[page.client])
    assert [word for word in words if word not in page.text()] == []


def test_a_room_is_a_client_of_its_own():
    CallContext.set(CallContext.JUPYTER_HANDLER, WebSocketHandler.__new__(WebSocketHandler))
    assert contents_module._client("a.md") == "room a.md"
