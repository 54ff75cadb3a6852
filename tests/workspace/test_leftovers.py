"""What killed processes left behind goes away, unless it may be somebody's only copy."""

import os
import subprocess
import sys

import pytest

from octavo.workspace import leftovers, pairs, sync
from octavo.workspace.state import Store


@pytest.fixture
def gone():
    """Return the number of a process that ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait(timeout=60)
    return done.pid


@pytest.fixture
def project(tmp_path):
    (tmp_path / "n.py").write_text("# %%\na = 1\n", "utf-8")
    pair = pairs.of_path(os.fspath(tmp_path / "n.py"), "ipynb,py:percent", os.fspath(tmp_path))
    store = Store(pair.root)
    with sync.locked(store):
        sync.sync_pair(pair, store)
    return tmp_path


def clean(project, *names):
    return leftovers.clean([os.fspath(project / name) for name in names], os.fspath(project))


def visible(project):
    return sorted(name for name in os.listdir(project) if name != ".octavo")


def test_half_written_file_is_removed(project, gone):
    name = f".octavo-{gone}-0a1b.tmp"
    (project / name).write_text("# %%", "utf-8")
    assert clean(project, name) == []
    assert visible(project) == ["n.ipynb", "n.py"]


def test_write_under_way_is_left_alone(project):
    names = [f".octavo-{os.getpid()}-0a1b.tmp", f".n.py.octavo-{os.getpid()}-0a1b.swap"]
    for name in names:
        (project / name).write_text("# %%", "utf-8")
    assert clean(project, *names) == []
    assert visible(project) == sorted([*names, "n.ipynb", "n.py"])


def test_known_version_is_removed(project, gone):
    name = f".n.py.octavo-{gone}-0a1b.swap"
    (project / name).write_bytes((project / "n.py").read_bytes())
    (project / "n.py").write_text("# %%\na = 2\n", "utf-8")
    assert clean(project, name) == []
    assert visible(project) == ["n.ipynb", "n.py"]


def test_unknown_version_is_kept_and_told(project, gone):
    name = f".n.py.octavo-{gone}-0a1b2c3d.swap"
    (project / name).write_text("# %%\nmine = 1\n", "utf-8")
    (notice,) = clean(project, name)
    assert notice.code == "OCT-W033"
    assert visible(project) == ["n.ipynb", "n.py", "n.py.0a1b2c.saved"]
    assert (project / "n.py.0a1b2c.saved").read_text("utf-8") == "# %%\nmine = 1\n"


def test_own_folders_are_cleaned(project, gone):
    state = project / ".octavo"
    (state / f"journal/.octavo-{gone}-0a1b.tmp").write_text("x", "utf-8")
    (state / f"pairs/abc.json.{gone}.tmp").write_text("x", "utf-8")
    assert clean(project) == []
    assert os.listdir(state / "journal") == []
    assert all(name.endswith(".json") for name in os.listdir(state / "pairs"))
