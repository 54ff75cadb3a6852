"""What is known of pairs survives, and what is damaged counts as unknown."""

import os

import pytest

from octavo.core.errors import FileError
from octavo.workspace import journal, lock, pairs, state


@pytest.fixture
def pair(tmp_path):
    return pairs.of_path(os.fspath(tmp_path / "n.ipynb"), "ipynb,py", os.fspath(tmp_path))


@pytest.fixture
def store(pair):
    return state.Store(pair.root)


def record(pair, base=b"base"):
    signatures = [state.signature(path) for path in pair.paths]
    return state.Record(
        list(pair.names), ["ipynb", "py"], pair.formats, ["1", "2"], signatures, state.digest(base)
    )


def test_a_record_comes_back(pair, store):
    saved = record(pair)
    store.save(pair, saved, b"base")
    loaded = store.load(pair)
    assert loaded.to_bytes() == saved.to_bytes()
    assert store.base(pair, loaded) == b"base"
    assert (os.path.basename(store.folder), len(list(store.records()))) == (".octavo", 1)


def test_any_member_finds_the_record(pair, store):
    store.save(pair, record(pair), b"base")
    other = pairs.of_path(pair.paths[1], "py,ipynb", pair.root)
    assert store.load(other) is not None


def test_git_ignores_the_folder(pair, store, tmp_path):
    store.prepare()
    assert (tmp_path / ".octavo/.gitignore").read_text() == "*\n"


def bases(store):
    return [name for *_, names in os.walk(os.path.join(store.folder, "base")) for name in names]


def test_only_the_last_base_is_kept(pair, store):
    for base in (b"one", b"two"):
        store.save(pair, record(pair, base), base)
    assert len(bases(store)) == 1
    store.forget(pair)
    assert store.load(pair) is None
    assert bases(store) == []


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"{}", b'{"version": 9}', b'{"version": 1, "names": 3}', b"\xff"]
)
def test_a_damaged_record_is_none(pair, store, damage):
    store.save(pair, record(pair), b"base")
    with open(store.record_path(state.key_of(pair)), "wb") as fp:
        fp.write(damage)
    assert store.load(pair) is None
    assert list(store.records()) == []


def test_a_damaged_base_is_none(pair, store):
    saved = record(pair)
    store.save(pair, saved, b"base")
    with open(store.base_path(state.key_of(pair), saved.base), "wb") as fp:
        fp.write(b"bas")
    assert store.base(pair, saved) is None


def test_files_are_fresh_until_they_change(pair, store):
    for path in pair.paths:
        with open(path, "wb") as fp:
            fp.write(b"content")
    store.save(pair, record(pair), b"base")
    path = store.record_path(state.key_of(pair))
    saved = store.load(pair)
    assert not store.is_fresh(path, saved), "written too shortly ago to tell"
    later = os.stat(path).st_mtime_ns + 10**9
    os.utime(path, ns=(later, later))
    assert store.is_fresh(path, saved)
    status = os.stat(pair.paths[1])
    with open(pair.paths[1], "r+b") as fp:
        fp.write(b"Content")
    os.utime(pair.paths[1], ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert not store.is_fresh(path, saved)


@pytest.mark.parametrize("cut", [0, 10, 100, -1])
def test_a_plan_that_is_not_whole_is_dropped(pair, store, cut):
    plan = journal.Plan([(pair.paths[1], "", b"new")], record(pair), b"base")
    journal.begin(store, pair, plan)
    path = os.path.join(store.folder, "journal", state.key_of(pair))
    with open(path, "rb+") as fp:
        fp.truncate(cut if cut >= 0 else os.path.getsize(path) - 1)
    assert journal.recover(store, pair)
    assert not os.path.exists(pair.paths[1])
    assert not journal.recover(store, pair)


def test_a_plan_is_completed(pair, store):
    plan = journal.Plan([(path, "", b"new") for path in pair.paths], record(pair), b"base")
    journal.begin(store, pair, plan)
    with open(pair.paths[0], "wb") as fp:
        fp.write(b"new")
    journal.recover(store, pair)
    assert journal.hash_of(pair.paths[1]) == state.digest(b"new")
    assert store.base(pair, store.load(pair)) == b"base"


def test_a_plan_does_not_overwrite_an_edit(pair, store):
    plan = journal.Plan([(path, "", b"new") for path in pair.paths], record(pair), b"base")
    journal.begin(store, pair, plan)
    with open(pair.paths[0], "wb") as fp:
        fp.write(b"edited")
    journal.recover(store, pair)
    assert journal.hash_of(pair.paths[0]) == state.digest(b"edited")
    assert not os.path.exists(pair.paths[1])
    assert store.load(pair) is None


def test_a_lock_is_held_by_one_and_given_back(tmp_path):
    path = os.fspath(tmp_path / "lock")
    with lock.Lock(path), pytest.raises(FileError) as error, lock.Lock(path, patience_s=0):
        pass
    assert error.value.code == "OCT-W023"
    with lock.Lock(path, patience_s=0):
        pass


def test_the_root_is_the_nearest_configured_folder(tmp_path):
    deep = tmp_path / "a/b/c"
    deep.mkdir(parents=True)
    (tmp_path / "a/b/.octavo").mkdir()
    file = os.fspath(deep / "n.ipynb")
    assert state.root_of(file) == os.fspath(tmp_path / "a/b")
    (tmp_path / "a/.git").mkdir()
    assert state.root_of(file) == os.fspath(tmp_path / "a")
    (tmp_path / "a/b/c/pyproject.toml").write_text("[tool.octavo]\n")
    assert state.root_of(file) == os.fspath(deep)
