"""A text is reopened with the outputs that its notebook had, whatever became of it meanwhile."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from octavo import reads, writes
from octavo.core.document import Cell, Document
from octavo.core.errors import ConfigError, FileError
from octavo.workspace import config, files, output_cleaning, outputs, pairs, state, sync

BIG = "x" * 5000


def output(text):
    return {"name": "stdout", "output_type": "stream", "text": text}


def code(source, text=None, **rest):
    return Cell("code", source, outputs=[output(text)] if text else [], execution_count=1, **rest)


def text_of(document):
    return writes(document, "py:percent")


def reopened(document, path, store):
    """Return *document* as it comes back from its text."""
    return outputs.recall(reads(text_of(document), "py:percent"), path, store)


def shown(document):
    return [
        (cell.source, "".join(one["text"] for one in cell.outputs or ()))
        for cell in document.cells
        if cell.kind == "code"
    ]


@pytest.fixture
def root(tmp_path):
    return os.fspath(tmp_path)


@pytest.fixture
def store(root):
    return outputs.OutputStore(root)


def at(root, name, text=""):
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as fp:
        fp.write(text)
    return path


ONE = Document([code("a = 1", "one", id="a"), Cell("markdown", "# T", id="t"), code("b", BIG)])


def test_everything_comes_back(root, store):
    attached = {"i.png": {"image/png": "iVBORw0KGgo="}}
    document = ONE.with_(
        cells=[*ONE.cells, Cell("markdown", "see", attachments=attached, id="see")],
        metadata={"widgets": {"x": 1}},
    )
    path = at(root, "x.py")
    assert outputs.remember(document, path, store)
    found = reopened(document, path, store)
    assert shown(found) == [("a = 1", "one"), ("b", BIG)]
    assert [cell.id for cell in found.cells][:2] == ["a", "t"]
    assert found.cells[-1].attachments == attached
    assert found.metadata["widgets"] == {"x": 1}
    assert found.notices == ()


def test_remembering_again_writes_nothing(root, store):
    path = at(root, "x.py")
    assert outputs.remember(ONE, path, store)
    assert not outputs.remember(ONE, path, store)


def test_document_without_outputs_leaves_no_trace(root, store):
    assert not outputs.remember(Document([code("a")]), at(root, "x.py"), store)
    assert list(store.records()) == []


def test_cleared_outputs_are_cleared(root, store):
    path = at(root, "x.py")
    outputs.remember(ONE, path, store)
    cleared = ONE.with_(cells=[cell.with_(outputs=[]) for cell in ONE.cells if cell.kind == "code"])
    outputs.remember(cleared, path, store)
    assert shown(reopened(ONE, path, store)) == [("a = 1", ""), ("b", "")]


def test_outputs_follow_moved_and_edited_cells(root, store):
    path = at(root, "x.py")
    outputs.remember(ONE, path, store)
    changed = Document([code("new = 0"), code("b"), Cell("markdown", "# U"), code("a = 1")])
    assert shown(reopened(changed, path, store)) == [("new = 0", ""), ("b", BIG), ("a = 1", "one")]
    edited = Document([code("a = 1\nc = 2"), Cell("markdown", "# T"), code("b")])
    assert shown(reopened(edited, path, store)) == [("a = 1\nc = 2", "one"), ("b", BIG)]


def test_edit_that_is_taken_back_has_its_outputs_again(root, store):
    path = at(root, "x.py")
    outputs.remember(ONE, path, store)
    outputs.remember(Document([code("a = 2", "two"), code("b", "other")]), path, store)
    assert shown(reopened(ONE, path, store)) == [("a = 1", "one"), ("b", "other")]


@pytest.mark.parametrize("new", ["y.py", "deep/er/x.py", "x.md"])
def test_renamed_file_is_known_by_its_cells(root, store, new):
    outputs.remember(ONE, at(root, "x.py"), store)
    os.unlink(os.path.join(root, "x.py"))
    assert shown(reopened(ONE, at(root, new), store)) == [("a = 1", "one"), ("b", BIG)]


def test_file_that_was_renamed_onto_another_is_known(root, store):
    other = Document([code("p", "pp"), code("q", "qq")])
    outputs.remember(ONE, at(root, "x.py"), store)
    outputs.remember(other, at(root, "y.py"), store)
    assert shown(reopened(ONE, os.path.join(root, "y.py"), store))[0] == ("a = 1", "one")


def test_other_document_gets_nothing(root, store):
    outputs.remember(ONE, at(root, "x.py"), store)
    other = Document([code("a = 1"), code("c"), code("d"), code("e")])
    assert {text for _, text in shown(reopened(other, at(root, "z.py"), store))} == {""}


def test_equal_outputs_are_kept_once(root, store):
    for name in ("x.py", "y.py"):
        outputs.remember(ONE, at(root, name), store)
    blobs = [name for _, _, names in os.walk(os.path.join(store.folder, "blobs")) for name in names]
    assert len(blobs) == 1


def blob_paths(store):
    return [
        os.path.join(folder, name)
        for folder, _, names in os.walk(os.path.join(store.folder, "blobs"))
        for name in names
    ]


@pytest.mark.parametrize("damage", ["cut", "gone", "other"])
def test_damaged_blob_counts_as_missing(root, store, damage):
    path = at(root, "x.py")
    outputs.remember(ONE, path, store)
    (blob,) = blob_paths(store)
    if damage == "gone":
        os.unlink(blob)
    else:
        data = files.read_bytes(blob)
        with open(blob, "wb") as fp:
            fp.write(data[:100] if damage == "cut" else data.replace(b"x", b"y"))
    found = reopened(ONE, path, store)
    assert shown(found) == [("a = 1", "one"), ("b", "")]
    assert [notice.code for notice in found.notices] == ["OCT-W030"]
    assert [kept.state for kept in output_cleaning.survey(store)] == ["incomplete"]
    assert outputs.remember(ONE, path, store)  # heals it
    assert shown(reopened(ONE, path, store))[1] == ("b", BIG)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"version": 2}', b"\xff", b'{"version": 1, "document": "x.py"}']
)
def test_damaged_record_counts_as_missing(root, store, data):
    path = at(root, "x.py")
    outputs.remember(ONE, path, store)
    with open(store.record_path("x.py"), "wb") as fp:
        fp.write(data)
    found = reopened(ONE, path, store)
    assert shown(found) == [("a = 1", ""), ("b", "")]
    assert [notice.code for notice in found.notices] == ["OCT-W030"]
    assert output_cleaning.garbage(store).paths == []
    assert outputs.remember(ONE, path, store)


def test_blob_names_cannot_leave_the_store(root, store):
    path = at(root, "x.py")
    outputs.remember(ONE, path, store)
    at(root, "secret.json", '"secret"')
    record = store.record_path("x.py")
    text = files.read_bytes(record).decode("utf-8")
    (blob,) = blob_paths(store)
    name = os.path.basename(blob).removesuffix(".json")
    with open(record, "w", encoding="utf-8") as fp:
        fp.write(text.replace(name, "../../../../secret"))
    assert store.load("x.py") is None
    assert store.blob("../../../../secret") is None


def test_trust_is_not_taken_from_the_store(root, store):
    path = at(root, "x.py")
    outputs.remember(ONE, path, store)
    record = store.record_path("x.py")
    fields = json.loads(files.read_bytes(record))
    fields["notebook"]["cells"][0]["metadata"]["trusted"] = True
    with open(record, "w", encoding="utf-8") as fp:
        json.dump(fields, fp)
    assert reopened(ONE, path, store).cells[0].metadata == {}


def test_cleaning_keeps_what_is_needed(root, store):
    path = at(root, "x.py")
    outputs.remember(ONE, path, store)
    outputs.remember(Document([code("z", "z" * 3000)]), at(root, "y.py"), store)
    os.unlink(os.path.join(root, "y.py"))
    assert output_cleaning.garbage(store).paths == []
    found = output_cleaning.garbage(store, forget_missing=True)
    assert found.documents == ["y.py"]
    output_cleaning.remove(store, found)
    assert output_cleaning.garbage(store, forget_missing=True).paths == []
    output_cleaning.remove(store, output_cleaning.garbage(store))
    assert len(blob_paths(store)) == 1
    assert shown(reopened(ONE, path, store))[1] == ("b", BIG)


def test_cleaning_waits_for_damaged_records(root, store):
    outputs.remember(ONE, at(root, "x.py"), store)
    at(store.folder, "blobs/aa/" + "a" * 40 + ".json", "1")
    at(store.folder, "documents/broken.json", "<<<<<<<")
    found = output_cleaning.garbage(store)
    assert found.paths == []
    assert found.held_back.endswith("broken.json")
    found = output_cleaning.garbage(store, forget_missing=True)
    assert len(found.paths) == 2


class FailingDisk(state.Disk):
    """Fails at its n-th write."""

    def __init__(self, n):
        self.n = n

    def plan(self, path, data):
        self.n -= 1
        if self.n < 0:
            raise FileError("OCT-W006", "the disk is full")
        return super().plan(path, data)


@pytest.mark.parametrize("n", [0, 1])
def test_kept_outputs_survive_a_failing_disk(root, store, n):
    path = at(root, "x.py")
    outputs.remember(ONE, path, store)
    failing = outputs.OutputStore(root, disk=FailingDisk(n))
    with pytest.raises(FileError):
        outputs.remember(Document([code("a = 1", "A" * 2000), code("b", "B")]), path, failing)
    assert shown(reopened(ONE, path, store)) == [("a = 1", "one"), ("b", BIG)]


WRITER = """
import sys
from octavo.core.document import Cell, Document
from octavo.workspace import output_cleaning, outputs
root, mark = sys.argv[1:]
store = outputs.OutputStore(root)
for n in range(15):
    text = {"name": "stdout", "output_type": "stream", "text": mark * 2000 + str(n)}
    outputs.remember(Document([Cell("code", "a", outputs=[text])]), root + f"/{n % 3}.py", store)
    with store.locked():
        output_cleaning.remove(store, output_cleaning.garbage(store))
"""


def test_two_processes_at_once_leave_a_sound_store(root, store):
    for n in range(3):
        at(root, f"{n}.py")
    runs = [subprocess.Popen([sys.executable, "-c", WRITER, root, mark]) for mark in "ab"]
    assert [run.wait(timeout=120) for run in runs] == [0, 0]
    assert [kept.state for kept in output_cleaning.survey(store)] == ["ok"] * 3


# The configuration


def test_store_is_off_by_default(root):
    assert outputs.open_for(at(root, "x.py")) is None


def test_store_lies_where_the_configuration_says(root):
    at(root, "octavo.toml", 'outputs = "store"\noutputs_folder = "kept"\n')
    store = outputs.open_for(at(root, "deep/x.py"))
    assert store.folder == os.path.join(root, "kept")
    assert store.name_of(os.path.join(root, "deep/x.py")) == "deep/x.py"


def test_rule_turns_the_store_on(root):
    at(root, "octavo.toml", '[[rules]]\npaths = "a/"\noutputs = "store"\n')
    assert outputs.open_for(at(root, "a/x.py"))
    assert outputs.open_for(at(root, "b/x.py")) is None
    assert outputs.of_project(root)


@pytest.mark.parametrize("folder", ["..", "../kept", "/kept", "", "."])
def test_folder_outside_of_the_project_is_refused(root, folder):
    at(root, "octavo.toml", f'outputs = "store"\noutputs_folder = "{folder}"\n')
    with pytest.raises(ConfigError, match=r"octavo\.toml:2"):
        outputs.open_for(at(root, "x.py"))


def test_folder_is_not_for_rules(root):
    at(root, "octavo.toml", '[[rules]]\npaths = "a/"\noutputs_folder = "kept"\n')
    with pytest.raises(ConfigError, match=r"octavo.toml:3:1.*whole project"):
        config.load(at(root, "a/x.py"))


# Sync

FORMATS = "ipynb,py:percent"


def synced(root, store, **wishes):
    pair = pairs.of_path(os.path.join(root, "n.py"), FORMATS, root)
    records = state.Store(root)
    with sync.locked(records):
        return sync.sync_pair(pair, records, outputs=store, **wishes)


def test_fresh_clone_gets_its_notebook_with_outputs(root, store):
    files.write_document(ONE, os.path.join(root, "n.ipynb"), None, {})
    synced(root, store)
    os.unlink(os.path.join(root, "n.ipynb"))
    for name in ("pairs", "base"):
        shutil.rmtree(os.path.join(root, ".octavo", name))
    synced(root, store)
    found = files.read_document(os.path.join(root, "n.ipynb"), None, {})
    assert shown(found) == [("a = 1", "one"), ("b", BIG)]
    assert [cell.id for cell in found.cells][:2] == ["a", "t"]


def test_dry_run_keeps_nothing(root, store):
    files.write_document(ONE, os.path.join(root, "n.ipynb"), None, {})
    synced(root, store, writes=False)
    assert list(store.records()) == []


def test_remembering_reads_no_record_of_another_document(root, store, monkeypatch):
    for n in range(3):
        outputs.remember(ONE, at(root, f"{n}.py"), store)
    read, seen = files.read_bytes, []

    def read_and_note(path):
        seen.append(path)
        return read(path)

    monkeypatch.setattr(files, "read_bytes", read_and_note)
    outputs.remember(ONE, at(root, "new.py"), store)
    assert {path for path in seen if path.endswith(".json") and "documents" in path} <= {
        store.record_path("new.py")
    }
