"""Texts are notebooks and pairs are one document for whoever asks the contents API."""

import json
import os

import pytest
from tornado.web import HTTPError

from octavo.workspace import pairing
from octavo.workspace.find import Finder

MD = "# Title\n\n```python\n1 + 1\n```\n\nprose\n"
PY = "# %% [markdown]\n# # Title\n\n# %%\n1 + 1\n"
OUTPUT = {"output_type": "stream", "name": "stdout", "text": "2\n"}
PAIR = "---\njupyter:\n  jupytext:\n    formats: ipynb,md\n---\n\n" + MD


def sources(content):
    return [cell["source"] for cell in content["cells"]]


def with_output(content, number=1):
    content["cells"][number].update(outputs=[OUTPUT], execution_count=1)
    return content


def snapshot(root):
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".octavo" not in path.parts and ".ipynb_checkpoints" not in path.parts
    }


@pytest.fixture
def pair(contents):
    contents.write("x.md", PAIR)
    contents.put("x.md", with_output(contents.notebook("x.md")))
    return contents


@pytest.mark.parametrize(
    ("name", "text"), [("x.md", MD), ("x.py", PY), ("x.Rmd", MD.replace("python", "{python}"))]
)
def test_a_text_is_a_notebook_for_whoever_asks_for_one(contents, name, text):
    contents.write(name, text)
    model = contents.get(name, type="notebook")
    assert (model["type"], model["format"], model["mimetype"]) == ("notebook", "json", None)
    assert sources(model["content"])[:2] == ["# Title", "1 + 1"]
    assert model["content"]["nbformat_minor"] >= 5


def test_a_text_stays_a_file_for_everybody_else(contents):
    contents.write("x.md", MD)
    assert contents.get("x.md")["content"] == MD
    assert contents.get("x.md", type="file")["type"] == "file"
    (entry,) = contents.get("")["content"]
    assert entry["type"] == "file"


def test_two_readings_are_the_same_json(contents):
    contents.write("x.md", MD)
    first, second = (contents.get("x.md", type="notebook", require_hash=True) for _ in range(2))
    contents.restart()
    third = contents.get("x.md", type="notebook", require_hash=True)
    assert json.dumps(first, default=str) == json.dumps(second, default=str)
    assert first["content"] == third["content"]


def test_an_edit_outside_keeps_all_other_ids_and_outputs(contents):
    contents.write("x.md", MD)
    contents.put("x.md", with_output(contents.notebook("x.md")))
    before = contents.notebook("x.md")
    contents.write("x.md", MD.replace("prose", "other prose\n\n```python\n2\n```"))
    after = contents.notebook("x.md")
    assert sources(after) == ["# Title", "1 + 1", "other prose", "2"]
    assert [cell["id"] for cell in after["cells"][:2]] == [c["id"] for c in before["cells"][:2]]
    assert after["cells"][1]["outputs"] == [OUTPUT]


def test_outputs_of_a_text_survive_a_restart(contents):
    contents.write("x.md", MD)
    contents.put("x.md", with_output(contents.notebook("x.md")))
    contents.restart()
    assert contents.notebook("x.md")["cells"][1]["outputs"] == [OUTPUT]
    assert contents.read("x.md") == MD


def test_a_save_without_change_touches_no_file(pair):
    before = snapshot(pair.root)
    pair.put("x.md", pair.notebook("x.md"))
    pair.put("x.ipynb", pair.notebook("x.ipynb"))
    assert snapshot(pair.root) == before


def test_a_save_reaches_all_members_and_changes_one_line(pair):
    content = pair.notebook("x.ipynb")
    content["cells"][2]["source"] = "new prose"
    pair.put("x.ipynb", content)
    assert pair.read("x.md") == PAIR.replace("prose", "new prose")
    assert "new prose" in pair.read("x.ipynb")
    assert pair.notebook("x.md") == pair.notebook("x.ipynb")


def test_an_edit_outside_and_a_save_are_merged(pair):
    content = pair.notebook("x.md")
    pair.write("x.md", PAIR.replace("prose", "prose from outside"))
    content["cells"][0]["source"] = "# Title from the page"
    reply = pair.put("x.md", content)
    assert reply["octavo"] == {"merged": True, "conflicts": 0}
    assert sources(pair.notebook("x.md")) == [
        "# Title from the page", "1 + 1", "prose from outside",
    ]  # fmt: skip


def test_a_client_sees_by_the_time_that_its_save_was_merged(pair):
    content = pair.notebook("x.md")
    pair.write("x.md", PAIR.replace("prose", "outside"))
    content["cells"][0]["source"] = "# Other"
    reply = pair.put("x.md", content)
    assert reply["last_modified"] < pair.get("x.md", content=False)["last_modified"]
    plain = pair.put("x.md", pair.notebook("x.md"))
    assert "octavo" not in plain
    assert plain["last_modified"] == pair.get("x.md", content=False)["last_modified"]


def test_two_clients_that_edit_the_same_cell_get_both_versions(pair):
    first, second = pair.notebook("x.md"), pair.notebook("x.ipynb")
    first["cells"][2]["source"] = "first words"
    second["cells"][2]["source"] = "second words"
    pair.put("x.md", first)
    reply = pair.put("x.ipynb", second)
    assert reply["octavo"]["conflicts"] == 1
    text = "\n".join(sources(pair.notebook("x.md")))
    assert "first words" in text
    assert "second words" in text


def test_a_stale_client_loses_nothing_over_a_restart(pair):
    stale, content = pair.notebook("x.md"), pair.notebook("x.md")
    content["cells"][0]["source"] = "# From the first"
    pair.put("x.md", content)
    pair.restart()
    stale["cells"][2]["source"] = "from the second"
    pair.put("x.md", stale)
    assert sources(pair.notebook("x.md")) == ["# From the first", "1 + 1", "from the second"]


def typed(contents, content, *words):
    """Save the last cell with each of *words* in turn; return how often that was merged."""
    merged = 0
    for word in words:
        content["cells"][2]["source"] = word
        merged += "octavo" in contents.put("x.md", content)
    return merged


def test_one_client_that_goes_on_typing_has_no_conflict(contents):
    contents.write("x.md", MD)
    content = contents.notebook("x.md")
    assert typed(contents, content, "one", "one two", "one two three", "four") == 0
    assert sources(contents.notebook("x.md"))[2] == "four"


def test_clients_that_name_themselves_are_told_apart(pair):
    pair.client = "a"
    first = pair.notebook("x.md")
    pair.client = "b"
    second = pair.notebook("x.md")
    pair.client = "a"
    assert typed(pair, first, "one", "two", "prose", "three") == 0
    pair.client = "b"
    second["cells"][0]["source"] = "# From b"
    pair.put("x.md", second)
    assert sources(pair.notebook("x.md")) == ["# From b", "1 + 1", "three"]


def test_what_a_client_takes_back_is_gone(pair):
    pair.client = "a"
    content = pair.notebook("x.md")
    typed(pair, content, "added", "prose")
    assert sources(pair.notebook("x.md"))[2] == "prose"


def test_a_name_in_the_metadata_pairs_at_once(contents):
    contents.write("x.py", PY)
    content = contents.notebook("x.py")
    content["metadata"]["jupytext"] = {"formats": "ipynb,py:percent"}
    contents.put("x.py", content)
    assert "1 + 1" in contents.read("x.ipynb")
    assert "formats: ipynb,py:percent" in contents.read("x.py")


@pytest.mark.parametrize("member", ["x.py", "x.ipynb"])
def test_pairing_an_open_text_keeps_its_outputs_and_ids(contents, member):
    contents.write("x.py", PY)
    contents.put("x.py", with_output(contents.notebook("x.py")))
    before = contents.notebook("x.py")["cells"]
    pairing.pair(str(contents.root / "x.py"), "ipynb,py:percent", Finder())
    after = contents.notebook(member)["cells"]
    assert [cell["id"] for cell in after] == [cell["id"] for cell in before]
    assert after[1]["outputs"] == [OUTPUT]
    assert json.loads(contents.read("x.ipynb"))["cells"][1]["outputs"] == [
        {**OUTPUT, "text": ["2\n"]}
    ]


def test_outputs_of_a_notebook_that_a_text_is_paired_with_stay(contents):
    contents.write("x.py", PY)
    content = with_output(contents.notebook("x.py"))
    contents.put("x.py", content)
    newer = {**OUTPUT, "text": "newer\n"}
    content["cells"][1]["outputs"] = [newer]
    contents.write("x.ipynb", json.dumps(content))
    pairing.pair(str(contents.root / "x.py"), "ipynb,py:percent", Finder())
    assert contents.notebook("x.py")["cells"][1]["outputs"] == [newer]


def test_a_page_that_goes_on_over_pairing_and_unpairing_has_no_conflict(contents):
    contents.client = "a"
    contents.write("x.md", MD)
    content = contents.notebook("x.md")
    place = str(contents.root / "x.md")
    for change in (pairing.pair, None, pairing.unpair, None):
        if change is pairing.pair:
            change(place, "ipynb,md", Finder())
        elif change:
            change(place, Finder())
        content["cells"][2]["source"] += " more"
        told = contents.put("x.md", content).get("octavo", {})
        assert told.get("conflicts", 0) == 0
    assert sources(contents.notebook("x.md")) == ["# Title", "1 + 1", "prose" + 4 * " more"]
    assert "prose more more" in contents.read("x.ipynb")


def test_a_plain_notebook_can_be_paired_by_its_metadata(contents):
    contents.put("n.ipynb", {"cells": [], "metadata": {"jupytext": {"formats": "ipynb,md"}},
                             "nbformat": 4, "nbformat_minor": 5})  # fmt: skip
    assert "formats: ipynb,md" in contents.read("n.md")


def test_the_hash_is_that_of_the_whole_pair(pair):
    before = pair.get("x.ipynb", content=False, require_hash=True)["hash"]
    assert pair.get("x.md", content=False, require_hash=True)["hash"] == before
    pair.write("x.md", PAIR + "\nmore\n")
    assert pair.get("x.ipynb", content=False, require_hash=True)["hash"] != before


def test_checkpoints_bring_back_all_members(pair):
    before = pair.notebook("x.md")
    texts = pair.read("x.md"), pair.read("x.ipynb")
    made = pair.create_checkpoint("x.ipynb")
    content = pair.notebook("x.md")
    content["cells"][0]["source"] = "# Other"
    pair.put("x.md", content)
    pair.restore_checkpoint(made["id"], "x.ipynb")
    assert (pair.read("x.md"), pair.read("x.ipynb")) == texts
    assert pair.notebook("x.ipynb") == before


def test_renaming_moves_all_members_and_keeps_outputs_and_ids(pair):
    before = pair.notebook("x.md")
    pair.rename("x.md", "y.md")
    assert sorted(path.name for path in pair.root.iterdir() if path.is_file()) == [
        "y.ipynb",
        "y.md",
    ]
    assert pair.notebook("y.md") == before


def test_renaming_a_text_keeps_its_outputs(contents):
    contents.write("x.md", MD)
    contents.put("x.md", with_output(contents.notebook("x.md")))
    before = contents.notebook("x.md")
    contents.update({"path": "sub.md"}, "x.md")
    contents.restart()
    assert contents.notebook("sub.md") == before


@pytest.mark.parametrize("marker", ["octavo.toml", None])
def test_renaming_a_folder_keeps_what_is_known_of_all_that_is_in_it(contents, marker):
    if marker:
        contents.write(marker, "")
    contents.write("old/sub/x.md", PAIR)
    contents.write("old/y.md", MD)
    contents.write("old/script.py", "x = 1\n")
    for name in ("old/sub/x.md", "old/y.md"):
        contents.put(name, with_output(contents.notebook(name)))
    ids = [cell["id"] for cell in contents.notebook("old/y.md")["cells"]]
    contents.rename("old", "new")
    for name in ("new/sub/x", "new/y"):
        contents.write(f"{name}.md", contents.read(f"{name}.md").replace("prose", "verse"))
    for name in ("new/sub/x.ipynb", "new/y.md"):
        found = contents.notebook(name)
        assert sources(found) == ["# Title", "1 + 1", "verse"]
        assert found["cells"][1]["outputs"]
    assert [cell["id"] for cell in contents.notebook("new/y.md")["cells"]] == ids


def test_a_folder_that_holds_half_of_a_pair_can_be_renamed(contents):
    contents.write("octavo.toml", "")
    contents.write("texts/x.md", PAIR.replace("ipynb,md", "notebooks///ipynb,texts///md"))
    contents.put("texts/x.md", contents.notebook("texts/x.md"))
    contents.rename("texts", "others")
    assert (contents.root / "others/x.md").exists()
    assert (contents.root / "notebooks/x.ipynb").exists()


def test_renaming_onto_a_twin_of_somebody_else_moves_nothing(pair):
    pair.write("y.ipynb", "mine")
    with pytest.raises(HTTPError) as error:
        pair.rename("x.md", "y.md")
    assert error.value.status_code == 409
    assert pair.read("y.ipynb") == "mine"
    assert (pair.root / "x.md").exists()


def test_deleting_and_copying_act_on_the_pair(pair):
    model = pair.copy("x.ipynb")
    names = sorted(path.name for path in pair.root.iterdir() if path.is_file())
    stem = model["path"].removesuffix(".ipynb")
    assert names == sorted(["x.ipynb", "x.md", f"{stem}.ipynb", f"{stem}.md"])
    assert sources(pair.notebook(f"{stem}.md")) == sources(pair.notebook("x.md"))
    pair.delete("x.md")
    names = sorted(path.name for path in pair.root.iterdir() if path.is_file())
    assert names == sorted([f"{stem}.ipynb", f"{stem}.md"])


def test_a_new_text_notebook_gets_a_header_when_it_has_a_kernel(contents):
    model = contents.new_untitled("", "notebook", ".py")
    assert model["path"] == "Untitled.py"
    content = contents.notebook("Untitled.py")
    content["metadata"]["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    content["cells"] = [{"cell_type": "code", "id": "a", "metadata": {}, "source": "1",
                         "outputs": [], "execution_count": None}]  # fmt: skip
    contents.put("Untitled.py", content)
    text = contents.read("Untitled.py")
    assert "name: python3" in text
    assert text.endswith("# %%\n1\n")


def test_a_file_can_be_uploaded_as_a_text_notebook(contents):
    content = {"cells": [{"cell_type": "markdown", "metadata": {}, "source": "hello"}],
               "metadata": {}, "nbformat": 4, "nbformat_minor": 4}  # fmt: skip
    contents.new({"type": "notebook", "format": "json", "content": content}, "new.md")
    assert "hello" in contents.read("new.md")


def test_outputs_are_trusted_once_somebody_trusts_them(contents):
    contents.write("x.md", MD)
    content = with_output(contents.notebook("x.md"))
    content["cells"][1]["outputs"] = [
        {"output_type": "display_data", "data": {"text/html": "<b>x</b>"}, "metadata": {}}
    ]
    content["cells"][1]["metadata"]["trusted"] = False
    contents.put("x.md", content)
    assert contents.notebook("x.md")["cells"][1]["metadata"]["trusted"] is False
    contents.trust_notebook("x.md")
    assert contents.notebook("x.md")["cells"][1]["metadata"]["trusted"] is True


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [("x.md", b"caf\xe9\n", "OCT-F001"), ("x.py", b"# %%\n\xff", "OCT-F001")],
)
def test_what_cannot_be_read_is_told_with_its_place(contents, name, data, code):
    (contents.root / name).write_bytes(data)
    with pytest.raises(HTTPError) as error:
        contents.notebook(name)
    assert error.value.status_code == 400
    assert code in error.value.log_message
    assert f"{name}:" in error.value.log_message


def test_what_is_no_notebook_is_refused_and_the_file_stays(contents):
    contents.write("x.md", MD)
    with pytest.raises(HTTPError) as error:
        contents.put("x.md", {"cells": [{"cell_type": "other"}], "metadata": {}})
    assert error.value.status_code == 400
    assert contents.read("x.md") == MD


def test_a_missing_text_is_not_found(contents):
    with pytest.raises(HTTPError) as error:
        contents.notebook("gone.md")
    assert error.value.status_code == 404


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_text_in_a_folder_that_is_read_only_can_be_read(contents):
    contents.write("sub/x.md", MD)
    (contents.root / "sub").chmod(0o555)
    assert sources(contents.notebook("sub/x.md"))[1] == "1 + 1"


def test_crlf_bom_and_layout_stay(contents):
    data = b"\xef\xbb\xbf" + MD.replace("\n", "\r\n").encode()
    (contents.root / "x.md").write_bytes(data)
    content = contents.notebook("x.md")
    content["cells"][2]["source"] = "other"
    contents.put("x.md", content)
    assert (contents.root / "x.md").read_bytes() == data.replace(b"prose", b"other")


def test_a_text_that_was_emptied_outside_is_an_empty_notebook(contents):
    contents.write("x.md", MD)
    contents.notebook("x.md")
    contents.write("x.md", "")
    assert contents.notebook("x.md")["cells"] == []


def test_plain_notebooks_and_other_files_are_not_ours(contents):
    notebook = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    contents.write("n.ipynb", json.dumps(notebook))
    assert contents.get("n.ipynb")["content"]["cells"] == []
    contents.put("n.ipynb", notebook)
    contents.write("data.csv", "a,b\n")
    assert contents.get("data.csv")["content"] == "a,b\n"
    assert not (contents.root / ".octavo").exists()


def edited_after(contents, name, path, old, new):
    """Let somebody edit a file just after the documents did what *name* says."""
    method = getattr(contents.proxy._documents, name)

    def interrupted(*args):
        done = method(*args)
        contents.write(path, contents.read(path).replace(old, new))
        return done

    setattr(contents.proxy._documents, name, interrupted)
    return method


@pytest.mark.parametrize("member", ["x.md", "alone.md"])
@pytest.mark.parametrize("name", ["open", "save"])
def test_an_edit_just_after_a_reading_or_a_save_is_newer_than_its_answer(pair, name, member):
    pair.write("alone.md", MD)
    content = pair.notebook(member)
    content["cells"][0]["source"] = "# Another"
    method = edited_after(pair, name, member, "prose", "verse")
    answer = pair.get(member, type="notebook") if name == "open" else pair.put(member, content)
    setattr(pair.proxy._documents, name, method)
    assert answer["last_modified"] < pair.get(member, content=False)["last_modified"]


def test_what_nobody_edited_is_as_old_as_its_answer(pair):
    content = pair.notebook("x.md")
    content["cells"][0]["source"] = "# Another"
    saved = pair.put("x.md", content)
    assert saved["last_modified"] == pair.get("x.md", content=False)["last_modified"]
    opened = pair.get("x.md", type="notebook")
    assert opened["last_modified"] == pair.get("x.md", content=False)["last_modified"]
