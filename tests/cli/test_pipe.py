"""`octavo pipe` beside real programs, and beside Jupytext's."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RUFF = shutil.which(
    "ruff", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
)
with_ruff = pytest.mark.skipif(RUFF is None, reason="ruff is not installed")
HEADER = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent,md\n# ---\n\n"
SOURCE = (
    "import os\nx=1\n%time x=2\nfor i in range( 3 ):\n    %timeit i\nfiles = !ls\nprint( files )"
)


@pytest.fixture
def code(folder):
    """A notebook with code that no formatter likes, outputs, ids and tags."""
    cells = [
        {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# A title  here"},
        {"cell_type": "code", "id": "c", "metadata": {"tags": ["keep"]}, "execution_count": 3,
         "outputs": [{"output_type": "stream", "name": "stdout", "text": "out\n"}], "source": SOURCE},
        {"cell_type": "code", "id": "d", "metadata": {}, "execution_count": 4, "outputs": [],
         "source": "def f( a ):\n  return a"},
        {"cell_type": "code", "id": "b", "metadata": {}, "execution_count": None, "outputs": [],
         "source": "%%bash\nls   -l"},
    ]  # fmt: skip
    metadata = {"kernelspec": {"display_name": "P", "language": "python", "name": "python3"}}
    path = folder / "n.ipynb"
    path.write_text(
        json.dumps(
            {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1
        )
        + "\n"
    )
    return path


def sources(path):
    return ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]]


@with_ruff
def test_formatter_changes_sources_only(octavo, code):
    before = json.loads(code.read_text())["cells"]
    done = octavo("pipe", f"{RUFF} format -", code)
    assert (done.code, done.errors) == (0, ["n.ipynb: n.ipynb updated"])
    after = json.loads(code.read_text())["cells"]
    assert sources(code)[1:3] == [
        "import os\n\nx = 1\n%time x=2\nfor i in range(3):\n    %timeit i\nfiles = !ls\nprint(files)",
        "def f(a):\n    return a",
    ]
    for old, new in zip(before, after, strict=True):
        assert {**old, "source": 0, "outputs": 0} == {**new, "source": 0, "outputs": 0}
    assert "".join(after[1]["outputs"][0]["text"]) == "out\n"
    assert octavo("pipe", f"{RUFF} format -", code).err == ""


@pytest.mark.slow
@with_ruff
def test_formatter_does_what_it_does_through_jupytext(octavo, code, folder):
    other = folder / "other.ipynb"
    notebook = json.loads(code.read_text())
    del notebook["cells"][1]["source"]
    notebook["cells"][1]["source"] = SOURCE.replace("    %timeit i", "    i").replace(
        "= !ls", "= 1"
    )
    code.write_text(json.dumps(notebook))
    shutil.copy(code, other)
    octavo("pipe", f"{RUFF} format -", code)
    subprocess.run(
        [sys.executable, "-m", "jupytext", "--pipe", f"{RUFF} format -", "--quiet", other.name],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    assert sources(code) == sources(other)


@with_ruff
def test_checker_names_cell_and_line(octavo, code):
    done = octavo("pipe", f"{RUFF} check --isolated --select F -", code)
    assert done.code == 1
    assert done.out.startswith("n.ipynb:cell 2:1:8: F401 ")
    assert "F821" not in done.out
    assert octavo("pipe", f"{RUFF} check --isolated --select E9 -", code).code == 0


@with_ruff
def test_checker_that_mends_tells_what_is_left(octavo, folder):
    path = folder / "a.py"
    path.write_text("# %%\nimport os\n\n# %%\nprint(nothing)\n")
    done = octavo("pipe", f"{RUFF} check --isolated --select F --fix -", path)
    assert (done.code, "import" in path.read_text()) == (1, False)
    assert "a.py:4:7: F821" in done.out.replace("a.py:5:7", "a.py:4:7")


@with_ruff
def test_program_finds_the_settings_of_the_project(octavo, code, folder):
    (folder / "ruff.toml").write_text(
        "[lint]\nselect = ['E501']\n[lint.per-file-ignores]\n'sub/*' = ['E501']\n"
    )
    (folder / "sub").mkdir()
    long = "# %%\nx = '" + "a" * 100 + "'\n"
    for name in ("a.py", "sub/a.py"):
        (folder / name).write_text(long)
    assert octavo("pipe", f"{RUFF} check -", "a.py").code == 1
    assert octavo("pipe", f"{RUFF} check -", "sub/a.py").code == 0


@pytest.fixture
def pair(octavo, folder):
    (folder / ".git").mkdir()
    (folder / "a.py").write_text(HEADER + "# %%\nx=1\n")
    octavo("sync", "-q")
    return folder


def test_all_members_follow(octavo, pair):
    assert octavo("pipe", "sed s/x=1/x=2/", "a.md").code == 0
    for name in ("a.py", "a.md", "a.ipynb"):
        assert "x=2" in (pair / name).read_text()
    assert octavo("sync").err == ""


def test_edit_that_was_not_synced_yet_is_kept(octavo, pair):
    text = (pair / "a.py").read_text()
    (pair / "a.py").write_text(text + "\n# %%\ny=1\n")
    assert octavo("pipe", "sed s/x=1/x=2/", "a.md").code == 0
    assert "y=1" in (pair / "a.md").read_text()
    assert "x=2" in (pair / "a.py").read_text()


def test_folder_stands_for_each_of_its_documents_once(octavo, pair, notebook):
    (pair / "module.py").write_text("x=1\n")
    done = octavo("pipe", "--check", "sh -c 'cat >/dev/null; echo -:2:1: seen; exit 1'", ".")
    assert [line.split(":")[0] for line in done.out.splitlines()] == ["a.py"]


def test_dry_run_and_diff_write_nothing(octavo, pair):
    before = {path: path.read_bytes() for path in pair.iterdir() if path.is_file()}
    assert octavo("pipe", "sed s/x=1/x=2/", "a.py", "-n").errors == [
        "a.py: a.ipynb, a.py, a.md would be updated"
    ]
    assert "+x=2" in octavo("pipe", "sed s/x=1/x=2/", "a.py", "--diff").out
    assert all(path.read_bytes() == data for path, data in before.items())


def test_several_at_once_come_out_in_order(octavo, folder):
    names = [f"{i}.py" for i in range(9)]
    for name in names:
        (folder / name).write_text("# %%\nx=1\n")
    done = octavo("pipe", "sed s/x=1/x=2/", *names, "-j", "4")
    assert done.errors == [f"{name}: {name} updated" for name in names]


def test_file_that_fails_does_not_stop_the_others(octavo, folder):
    (folder / "bad.ipynb").write_bytes(b"{")
    (folder / "a.py").write_text("# %%\nx=1\n")
    done = octavo("pipe", "sed s/x=1/x=2/", "bad.ipynb", "missing.md", "a.py")
    assert done.code == 4
    assert [line.split(":")[0] for line in done.errors] == ["bad.ipynb", "missing.md", "a.py"]
    assert "x=2" in (folder / "a.py").read_text()


def test_read_only_file_is_told(octavo, folder):
    path = folder / "a.py"
    path.write_text("# %%\nx=1\n")
    path.chmod(0o444)
    done = octavo("pipe", "sed s/x=1/x=2/", path)
    assert (done.code, "OCT-W005" in done.err) == (4, True)
    assert "x=1" in path.read_text()
