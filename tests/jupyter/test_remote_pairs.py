"""Pairs whose files are not on the local disk are one document, too."""

import json
import random
import shutil

import pytest
from tests.jupyter.drive import OUTPUT, Page, sources
from tornado.web import HTTPError

MD = """---
jupyter:
  jupytext:
    formats: ipynb,md
  kernelspec:
    display_name: P
    language: python
    name: python3
---

# Title

```python
1 + 1
```

prose
"""


@pytest.fixture
def page(far_page):
    far_page.drive.put("x.md", MD)
    return far_page


@pytest.fixture
def pair(page):
    """A page whose drive holds x.md and x.ipynb, a pair."""
    content = page.open()
    content["cells"][1].update(outputs=[OUTPUT], execution_count=1)
    page.save(content)
    return page


def notebook(page, path="x.ipynb"):
    return json.loads(page.text(path))


def twins(page, path="x.ipynb"):
    """Return the sources of the notebook of a pair as they lie on the drive."""
    return ["".join(cell["source"]) for cell in notebook(page, path)["cells"]]


def test_a_save_writes_all_members(pair):
    assert twins(pair) == ["# Title", "1 + 1", "prose"]
    assert notebook(pair)["cells"][1]["outputs"]
    content = pair.open("x.ipynb")
    content["cells"][2]["source"] = "verse"
    assert "octavo" not in pair.save(content, "x.ipynb")
    assert "verse" in pair.text()
    assert twins(pair) == ["# Title", "1 + 1", "verse"]


@pytest.mark.parametrize("path", ["x.ipynb", "x.md"])
def test_both_members_open_as_the_one_document(pair, path):
    pair.drive.put("x.md", pair.text().replace("prose", "verse"))
    content = pair.open(path)
    assert sources(content) == ["# Title", "1 + 1", "verse"]
    assert content["cells"][1]["outputs"] == [OUTPUT]
    assert twins(pair) == ["# Title", "1 + 1", "verse"]  # to open is to sync


def test_nothing_is_written_without_need(pair):
    before = dict(pair.drive.texts)
    pair.open()
    pair.save(pair.open("x.ipynb"), "x.ipynb")
    assert pair.drive.texts == before


def test_time_and_hash_are_those_of_the_pair(pair):
    first = pair.call("get", "x.ipynb", content=False, require_hash=True)
    other = pair.call("get", "x.md", content=False, require_hash=True, type="notebook")
    assert (first["hash"], first["last_modified"]) == (other["hash"], other["last_modified"])
    pair.drive.put("x.md", pair.text() + "\nmore\n")
    later = pair.call("get", "x.ipynb", content=False, require_hash=True)
    assert later["hash"] != first["hash"]
    assert later["last_modified"] > first["last_modified"]


def test_a_notebook_that_names_a_twin_gets_it_also_in_a_new_folder(page):
    content = page.open()
    content["metadata"]["jupytext"] = {"formats": "ipynb,texts//md"}
    page.save(content, "n.ipynb")
    assert "1 + 1" in page.text("texts/n.md")
    assert sources(page.open("texts/n.md")) == ["# Title", "1 + 1", "prose"]


def test_a_twin_that_is_there_already_is_not_overwritten(page):
    content = page.open()
    page.drive.put("n.md", "other words\n")
    content["metadata"]["jupytext"] = {"formats": "ipynb,md"}
    page.save(content, "n.ipynb")
    assert "other words" in page.text("n.md")
    assert "1 + 1" in page.text("n.md")


def test_renaming_copying_and_deleting_act_on_the_pair(pair):
    pair.call("rename", "x.md", "y.md")
    assert set(pair.drive.texts) == {"y.md", "y.ipynb"}
    assert pair.open("y.ipynb")["cells"][1]["outputs"] == [OUTPUT]
    pair.call("delete", "y.ipynb")
    assert pair.drive.texts == {}


def test_a_folder_takes_its_documents_with_it_whatever_it_is_called(page):
    content = page.open()
    content["metadata"]["jupytext"] = {"formats": "ipynb,md"}
    page.drive.folders.add("notes.md")
    page.save(content, "notes.md/n.ipynb")
    content = page.open("notes.md/n.ipynb")
    content["cells"][1].update(outputs=[OUTPUT], execution_count=1)
    page.save(content, "notes.md/n.ipynb")
    page.call("rename", "notes.md", "texts")
    assert "1 + 1" in page.text("texts/n.md")
    page.drive.put("texts/n.md", page.text("texts/n.md").replace("prose", "verse"))
    found = page.open("texts/n.ipynb")
    assert sources(found)[2] == "verse"
    assert found["cells"][1]["outputs"] == [OUTPUT]


def test_a_rename_overwrites_no_other_file(pair):
    pair.drive.put("y.md", "mine\n")
    with pytest.raises(HTTPError, match="exists"):
        pair.call("rename", "x.ipynb", "y.ipynb")
    assert set(pair.drive.texts) == {"x.md", "x.ipynb", "y.md"}


def test_plain_notebooks_and_files_are_left_to_the_manager(page):
    page.drive.put("plain.txt", "x")
    assert page.call("get", "plain.txt")["content"] == "x"
    with pytest.raises(HTTPError):
        page.open("nowhere.md")


@pytest.mark.parametrize("member", ["x.md", "x.ipynb"])
def test_an_edit_between_fetch_and_write_stays(pair, member):
    content = pair.open("x.ipynb")
    content["cells"][0]["source"] = "# Mine"
    mirror = pair.proxy._remote.mirror
    fetch = mirror.pull
    edits = [("prose", "theirs"), ("theirs", "theirs twice")]

    async def pull(path):
        await fetch(path)
        if path == member and edits:
            old, new = edits.pop(0)
            pair.drive.put(member, pair.text(member).replace(old, new))

    mirror.pull = pull
    pair.save(content, "x.ipynb")
    assert edits == []
    assert twins(pair) == ["# Mine", "1 + 1", "theirs twice"]
    assert "# Mine" in pair.text()
    assert "theirs twice" in pair.text()


def test_a_drive_that_never_rests_is_told_and_nothing_is_written(pair):
    content = pair.open("x.ipynb")
    content["cells"][0]["source"] = "# Mine"
    mirror = pair.proxy._remote.mirror
    fetch = mirror.pull

    async def pull(path):
        await fetch(path)
        pair.drive.put("x.md", pair.text() + "\nmore\n")

    mirror.pull = pull
    with pytest.raises(HTTPError, match="faster"):
        pair.save(content, "x.ipynb")
    assert "Mine" not in pair.text()


@pytest.mark.parametrize("refused", ["x.md", "x.ipynb"])
def test_a_member_that_cannot_be_written_takes_nothing_from_the_others(pair, refused):
    def refuse(path):
        if path == refused:
            raise HTTPError(403, "read-only")

    content = pair.open("x.ipynb")
    content["cells"][2]["source"] = "prose\nadded"
    pair.drive.before_writing = refuse
    with pytest.raises(HTTPError, match="read-only"):
        pair.save(content, "x.ipynb")
    pair.drive.before_writing = lambda path: None
    pair.save(content, "x.ipynb")
    assert "added" in pair.text()
    assert any("added" in source for source in twins(pair))


@pytest.mark.parametrize("number", [0, 1])
def test_a_save_that_was_interrupted_is_completed(pair, tmp_path, number):
    """The server is killed before it writes the first or the second member."""
    killed = tmp_path.parent / f"{tmp_path.name}-killed"
    drive_then = {}
    count = [0]

    def look(path):
        if count[0] == number:
            shutil.copytree(pair.state, killed)
            drive_then.update(pair.drive.texts)
        count[0] += 1

    content = pair.open("x.ipynb")
    content["cells"][2]["source"] = "prose\nadded"
    pair.drive.before_writing = look
    pair.save(content, "x.ipynb")
    pair.drive.before_writing = lambda path: None
    pair.drive.texts = drive_then
    later = Page(pair.drive, killed)
    assert sources(later.open("x.ipynb"))[2] == "prose\nadded"
    assert "added" in later.text()
    assert twins(later)[2] == "prose\nadded"


def test_no_word_is_lost_whoever_writes(pair):
    rng = random.Random(11)
    held = {}
    words = []
    for number in range(80):
        pair.client = rng.choice(["one", "two"])
        step = rng.choice(["open", "save", "save", "text", "notebook", "restart"])
        word = f"w{number}q"
        path = rng.choice(["x.md", "x.ipynb"])
        if step == "restart" and rng.random() < 0.2:
            pair.restart()
        elif step == "open":
            held[pair.client] = pair.open(path)
        elif step == "text":
            words.append(word)
            pair.drive.put("x.md", f"{pair.text()}\n{word}\n")
        elif step == "notebook":
            words.append(word)
            cells = notebook(pair)
            cell = rng.choice(cells["cells"])
            cell["source"] = "".join(cell["source"]) + f"\n{word}"
            pair.drive.put("x.ipynb", json.dumps(cells))
        elif step == "save" and pair.client in held:
            words.append(word)
            cell = rng.choice(held[pair.client]["cells"])
            cell["source"] += f"\n{word}"
            pair.save(held[pair.client], path)
    pair.open()
    assert [word for word in words if word not in pair.text()] == []
    assert [word for word in words if word not in pair.text("x.ipynb")] == []
