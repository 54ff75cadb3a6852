"""`octavo run`: which files, where the outputs go, what is told."""

import json
import os
import signal
import subprocess
import sys

import pytest

import octavo as api
from run.kernels import is_gone, wait_until

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def notebook(path, *sources, **metadata):
    cells = [
        {
            "cell_type": "code",
            "id": f"c{i}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }
        for i, source in enumerate(sources)
    ]
    tree = {"cells": cells, "metadata": {**KERNEL, **metadata}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(tree, indent=1) + "\n", "utf-8")
    return path


def outputs(path):
    """Return what each code cell of a notebook shows, as text."""
    found = []
    for cell in api.read(path).cells:
        if cell.kind == "code":
            shown = [
                out.get("text") or out.get("ename") or out["data"]["text/plain"]
                for out in cell.outputs
            ]
            found.append("".join(shown))
    return found


def log(path, name):
    """Return the source of a cell that notes that it ran."""
    return f"open({str(path)!r}, 'a').write({name!r});"


def test_failing_file_is_told_with_its_line_and_the_others_go_on(octavo, folder):
    (folder / "a.py").write_text("# %%\nx = 1\n\n# %%\ny = 2\nx / 0\n")
    notebook(folder / "b.ipynb", "40 + 2")
    notebook(folder / "c.ipynb", "1", kernelspec={"name": "nothing"})
    result = octavo("run", "-j2", "a.py", "b.ipynb", "c.ipynb", "missing.ipynb", "-o", "out/")
    assert result.code == 6
    found = result.err
    assert (
        "a.py:6: cell 2 (y = 2) failed in its line 2: ZeroDivisionError: division by zero [OCT-R010]"
        in found
    )
    assert "c.ipynb: no kernel 'nothing'; installed: " in found
    assert "missing.ipynb: no such file [OCT-W001]" in found
    assert "octavo: 4 documents: 2 error, 1 failed, 1 ran" in found


@pytest.mark.slow
def test_notebook_line_is_that_of_the_file(octavo, folder):
    path = notebook(folder / "a.ipynb", "x = 1", "1 / 0")
    result = octavo("run", "a.ipynb")
    line = path.read_text().split("\n").index('   "id": "c1",') - 2
    assert result.code == 1
    assert f"a.ipynb:{line}: cell 2 (1 / 0) failed in its line 1" in result.err
    assert outputs(path) == ["", "ZeroDivisionError"]


def test_outputs_go_to_the_notebook_of_the_pair_and_the_text_stays(octavo, folder):
    path = folder / "a.py"
    path.write_text(
        "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n\n# %%\n40 + 2\n"
    )
    before = path.read_bytes()
    result = octavo("run", "a.py")
    assert (result.code, result.errors) == (0, ["a.py: 1 cell ran: a.ipynb updated"])
    assert outputs(folder / "a.ipynb") == ["42"]
    assert path.read_bytes() == before
    assert octavo("sync").err == "" or octavo("pairs").out.endswith("in sync\n")


@pytest.mark.slow
def test_a_document_runs_once_however_often_it_is_named(octavo, folder):
    text = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n\n# %%\n1\n"
    (folder / "a.py").write_text(text)
    assert octavo("run", "a.py").code == 0
    (folder / "link.ipynb").symlink_to("a.ipynb")
    result = octavo("run", "a.py", "a.ipynb", "./a.py", ".", "--json")
    assert [(one["file"], one["ran"]) for one in result.json] == [("a.py", 1)]


@pytest.mark.slow
def test_edits_made_while_it_runs_are_kept(octavo, folder):
    path = notebook(folder / "a.ipynb", "1 + 1", "x = 'old'\nx", "'last'")
    edit = (
        "import json\ntree = json.load(open('a.ipynb'))\n"
        "tree['cells'][1]['source'] = \"x = 'new'\"\njson.dump(tree, open('a.ipynb', 'w'))"
    )
    notebook(path, "1 + 1", "x = 'old'\nx", edit, "'last'")
    assert octavo("run", "a.ipynb").code == 0
    cells = api.read(path).cells
    assert [cell.source for cell in cells] == ["1 + 1", "x = 'new'", edit, "'last'"]
    assert outputs(path) == ["2", "", "", "'last'"]


@pytest.mark.slow
def test_edit_of_a_paired_text_while_it_runs_is_kept(octavo, folder):
    head = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n\n"
    edit = "text = open('a.py').read()\nopen('a.py', 'w').write(text.replace('10', '20'));"
    (folder / "a.py").write_text(f"{head}# %%\n10 + 1\n\n# %%\n{edit}\n\n# %%\n5 + 5\n")
    assert octavo("run", "a.py").code == 0
    sources = [cell.source for cell in api.read(folder / "a.ipynb").cells]
    assert sources[0] == "20 + 1"
    assert sources[2] == "5 + 5"
    assert "20 + 1" in (folder / "a.py").read_text()
    assert outputs(folder / "a.ipynb")[2] == "10"


def test_text_without_place_for_outputs(octavo, folder):
    (folder / "a.py").write_text("# %%\n1\n")
    result = octavo("run", "a.py")
    assert result.code == 6
    assert "a.py: is a text: it has no place for outputs [OCT-R020]" in result.err
    assert "octavo pair" in result.err


def test_outputs_of_a_text_go_to_the_store(octavo, folder):
    (folder / "octavo.toml").write_text('outputs = "store"\n')
    path = folder / "a.py"
    path.write_text("# %%\n40 + 2\n")
    before = path.read_bytes()
    result = octavo("run", "a.py")
    assert (result.code, result.errors) == (0, ["a.py: 1 cell ran: .octavo/outputs updated"])
    assert path.read_bytes() == before
    assert octavo("convert", "a.py", "--to", "ipynb").code == 0
    assert outputs(folder / "a.ipynb") == ["42"]


@pytest.mark.slow
def test_parameters_go_into_a_text_whose_outputs_are_in_the_store(octavo, folder):
    (folder / "octavo.toml").write_text('outputs = "store"\n')
    (folder / "a.py").write_text('# %% tags=["parameters"]\nn = 1\n\n# %%\nn\n')
    assert octavo("run", "a.py", "-p", "n", "5").code == 0
    assert "# Parameters\nn = 5\n" in (folder / "a.py").read_text()
    assert octavo("convert", "a.py", "--to", "ipynb").code == 0
    assert outputs(folder / "a.ipynb") == ["", "", "5"]


def test_stdin_to_stdout_with_parameters(octavo, folder):
    text = b'# %% tags=["parameters"]\nn = 1\n\n# %%\nn, t\n'
    result = octavo("run", "-", "--from", "py:percent", "-p", "n", "-7", "-r", "t", "8", stdin=text)
    assert result.code == 0
    cells = json.loads(result.out)["cells"]
    assert cells[1]["source"] == ["# Parameters\n", "n = -7\n", "t = '8'"]
    assert cells[2]["outputs"][0]["data"] == {"text/plain": ["(-7, '8')"]}


def test_stdin_that_is_no_document(octavo, folder):
    result = octavo("run", "-", "--from", "ipynb", stdin=b"x")
    assert (result.code, "OCT-N003" in result.err) == (3, True)


@pytest.mark.slow
def test_parameters_of_files(octavo, folder):
    (folder / "p.yaml").write_text("n: 1\nlist: [1, x]\nday: 2026-01-02\n")
    (folder / "p.json").write_text('{"n": 2}')
    notebook(folder / "a.ipynb", "n, list, day, m")
    result = octavo("run", "a.ipynb", "-f", "p.yaml", "-f", "p.json", "-p", "m", "null")
    assert result.code == 0
    assert outputs(folder / "a.ipynb")[1] == "(2, [1, 'x'], '2026-01-02', None)"


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("p.yaml", "a: [", "p.yaml:1:5: is not YAML"),
        ("p.json", "{\n x}", "p.json:2:2: is not JSON"),
        ("q.yaml", "- 1", "q.yaml: holds no parameters"),
    ],
)
def test_bad_parameters_file(octavo, folder, name, text, place):
    (folder / name).write_text(text)
    result = octavo("run", "a.ipynb", "-f", name)
    assert result.code == 6
    assert result.err.startswith(place)


@pytest.mark.parametrize(
    "words",
    [["a.ipynb", "-j", "0"], ["a.ipynb", "--timeout", "soon"], ["a.ipynb", "-p", "x"], [], ["-"],
     ["a.ipynb", "b.ipynb", "-o", "c.ipynb"], ["a.ipynb", "--cwd", "nowhere"], ["a.ipynb", "-o", "-", "--json"]],
)  # fmt: skip
def test_wrong_usage(octavo, folder, words):
    result = octavo("run", *words)
    assert (result.code, "OCT-O020" in result.err) == (2, True)


def test_output_that_holds_no_outputs(octavo, folder):
    notebook(folder / "a.ipynb", "1")
    result = octavo("run", "a.ipynb", "-o", "b.md")
    assert result.code == 6
    assert "b.md: cannot hold outputs [OCT-R020]" in result.err


def test_dry_run_starts_no_kernel_and_json_tells(octavo, folder):
    notebook(folder / "a.ipynb", "1", "2", kernelspec={"name": "python3"})
    before = sorted(os.listdir(folder))
    result = octavo("run", ".", "-n", "--json", "-q")
    assert result.json == [
        {"file": "a.ipynb", "status": "would run", "kernel": "python3", "cells": 2, "cached": False}
    ]
    assert sorted(os.listdir(folder)) == before


def test_conflicts_are_not_run(octavo, folder):
    cell = {
        "cell_type": "markdown",
        "id": "x",
        "metadata": {"conflict": {"side": "note"}},
        "source": "c",
    }
    tree = {
        "cells": [cell],
        "metadata": {"jupytext": {"formats": "ipynb,py:percent"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (folder / "a.ipynb").write_text(json.dumps(tree))
    result = octavo("run", "a.ipynb")
    assert result.code == 6
    assert "a.ipynb: has conflicts that nobody has resolved [OCT-R021]" in result.err


def test_cache_runs_nothing_that_is_as_before(octavo, folder):
    seen = folder.parent / "log"
    (folder / "data.csv").write_text("1")
    path = notebook(folder / "a.ipynb", log(seen, "a"), log(seen, "b") + "\n1 + 1")
    run = ["run", "a.ipynb", "--cache", "--input", "*.csv"]
    assert octavo(*run).code == 0
    after = path.read_bytes()
    again = octavo(*run)
    assert again.errors == ["a.ipynb: 2 cells as before, none ran: nothing to update"]
    assert seen.read_text() == "ab"
    notebook(path, log(seen, "a"), log(seen, "b") + "\n1 + 1")
    assert octavo(*run).errors == ["a.ipynb: 2 cells as before, none ran: a.ipynb updated"]
    assert path.read_bytes() == after
    assert octavo(*run, "-n").errors == ["a.ipynb: nothing changed with python3"]
    (folder / "data.csv").write_text("2")
    assert octavo(*run, "-n").errors == ["a.ipynb: would run 2 cells with python3"]


@pytest.mark.slow
def test_cache_knows_the_start_of_a_run_and_forgets_what_is_gone(octavo, folder):
    seen = folder.parent / "log"
    cells = [log(seen, "a"), log(seen, "b"), log(seen, "c")]
    notebook(folder / "a.ipynb", *cells)
    assert octavo("run", "a.ipynb", "--cache").code == 0
    notebook(folder / "a.ipynb", *cells[:2])
    assert "none ran" in octavo("run", "a.ipynb", "--cache").err
    notebook(folder / "a.ipynb", cells[0], cells[2])
    assert "2 cells ran" in octavo("run", "a.ipynb", "--cache").err
    assert seen.read_text() == "abcac"
    (run,) = (folder / ".octavo" / "runs").iterdir()
    for path in run.glob("*.json"):
        path.write_text("{")
    assert "2 cells ran" in octavo("run", "a.ipynb", "--cache").err
    (folder / "a.ipynb").rename(folder / "b.ipynb")
    assert octavo("run", "b.ipynb", "--cache").code == 0
    assert not run.exists()


@pytest.mark.slow
def test_a_display_that_a_later_cell_changes_is_kept_only_with_it(octavo, folder):
    cells = ["h = display(1, display_id='x')", "h.update(2)"]
    notebook(folder / "a.ipynb", *cells)
    assert octavo("run", "a.ipynb", "--cache").code == 0
    assert "none ran" in octavo("run", "a.ipynb", "--cache").err
    notebook(folder / "a.ipynb", cells[0])
    assert "1 cell ran" in octavo("run", "a.ipynb", "--cache").err
    assert outputs(folder / "a.ipynb") == ["1"]


START = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
from octavo.cli import main
sys.exit(main())
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_no_kernel_and_no_half_file(folder, number):
    source = (
        "import os, subprocess\nchild = subprocess.Popen(['sleep', '600'])\n"
        "open('pids.tmp', 'w').write(f'{os.getpid()} {child.pid}')\nos.rename('pids.tmp', 'pids')\n"
        "while True: pass"
    )
    path = notebook(folder / "a.ipynb", "1 + 1", source)
    before = path.read_bytes()
    process = subprocess.Popen(
        [sys.executable, "-c", START, "run", "a.ipynb"], cwd=folder,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_until(lambda: (folder / "pids").exists() or process.poll() is not None)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number], err
    assert "Traceback" not in err
    assert path.read_bytes() == before
    assert sorted(os.listdir(folder)) == ["a.ipynb", "pids"]
    pids = (folder / "pids").read_text().split()
    wait_until(lambda: all(map(is_gone, pids)))
