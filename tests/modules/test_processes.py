"""Notebooks in Pythons of their own: programs, children, debugger, coverage."""

import os
import subprocess
import sys

import pytest

STORY = "# Analysis\n\n```python\ndef double(x):\n    return 2 * x\n\n\ndef bad():\n    return 1 / 0\n```\n"


def python(project, *words, given=None, **env):
    return subprocess.run(
        [sys.executable, *words],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": "", **env},
        check=False,
    )


def test_uncaught_error_names_the_cell(project):
    project.write("analysis.md", STORY)
    done = python(project, "-c", "import octavo.auto, analysis; analysis.bad()")
    assert done.returncode == 1
    assert f'File "{project.folder}/analysis.md", line 9, in bad\n    return 1 / 0' in done.stderr
    assert done.stderr.endswith('analysis.md:9 (cell "Analysis")\n')
    assert "octavo/modules" not in done.stderr


def test_run_module_is_the_main_program(project):
    project.write("analysis.md", STORY)
    project.cells(
        "program.ipynb",
        "import sys, analysis",
        "if __name__ == '__main__':\n    print(analysis.double(21), sys.argv[1:])",
    )
    for name in ("program", "program.ipynb"):
        done = python(project, "-m", "octavo", "run-module", name, "--flag", "-h", "--", "x")
        assert (done.stdout, done.stderr) == ("42 ['--flag', '-h', '--', 'x']\n", "")


def test_run_module_shows_the_error_of_the_program(project):
    project.write("program.md", STORY + "\n```python\nbad()\n```\n")
    done = python(project, "-m", "octavo", "run-module", "program")
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback (most recent call last):\n  File ")
    assert done.stderr.count("  File ") == 2
    assert "runpy" not in done.stderr
    assert 'program.md:13 (cell "Analysis (2)")' in done.stderr


def test_run_module_exits_as_the_program_does(project):
    project.write("program.md", "```python\nraise SystemExit(7)\n```\n")
    assert python(project, "-m", "octavo", "run-module", "program").returncode == 7


@pytest.mark.parametrize("way", ["spawn", "forkserver"])
def test_children_import_notebooks(project, way):
    project.write("analysis.md", STORY)
    project.write(
        "program.md",
        "```python\nimport multiprocessing, analysis\n\n\ndef own(x):\n    return analysis.double(x) + 1\n\n\n"
        "if __name__ == '__main__':\n"
        f"    with multiprocessing.get_context('{way}').Pool(1) as pool:\n"
        "        print(pool.map(analysis.double, [1, 2]), pool.map(own, [1]))\n```\n",
    )
    done = python(project, "-m", "octavo", "run-module", "program")
    assert (done.stdout, done.stderr) == ("[2, 4] [3]\n", "")


def test_children_of_a_script_import_notebooks(project):
    project.write("analysis.md", STORY)
    project.write(
        "script.py",
        "from concurrent.futures import ProcessPoolExecutor\nimport multiprocessing\n"
        "if __name__ == '__main__':\n    import octavo.auto, analysis\n"
        "    context = multiprocessing.get_context('spawn')\n"
        "    with ProcessPoolExecutor(1, mp_context=context) as pool:\n"
        "        print(list(pool.map(analysis.double, [4])))\n",
    )
    done = python(project, "script.py")
    assert (done.stdout, done.stderr) == ("[8]\n", "")


def test_debugger_stops_at_the_line_of_the_file(project):
    project.write("analysis.md", STORY)
    project.write("script.py", "import octavo.auto, analysis\nanalysis.double(1)\n")
    given = "next\nbreak analysis.md:5\ncontinue\nlist\nprint(x)\nquit\n"
    done = python(project, "-m", "pdb", "script.py", given=given)
    assert f"Breakpoint 1 at {project.folder}/analysis.md:5" in done.stdout
    assert "  5 B->\t    return 2 * x" in done.stdout
    assert "(Pdb) 1\n" in done.stdout


def test_debugger_lists_python_for_a_notebook(project):
    path = project.cells("nb.ipynb", "def double(x):\n    return 2 * x")
    line = next(i for i, text in enumerate(path.read_text().split("\n"), 1) if "return" in text)
    project.write("script.py", "import octavo.auto, nb\nnb.double(1)\n")
    done = python(
        project,
        "-m",
        "pdb",
        "script.py",
        given=f"next\nbreak nb.ipynb:{line}\ncontinue\nlist\nquit\n",
    )
    assert f"{line} B->\t    return 2 * x" in done.stdout


@pytest.mark.parametrize("name", ["analysis.md", "analysis.ipynb"])
def test_coverage_reports_lines_of_the_file(project, name):
    import octavo

    octavo.write(octavo.reads(STORY, "md"), project.folder / name)
    project.write("script.py", "import octavo.auto, analysis\nanalysis.double(1)\n")
    project.write(".coveragerc", "[run]\nplugins = octavo.coverage\nbranch = true\n")
    done = python(project, "-m", "coverage", "run", "--source", ".", "script.py")
    assert done.stderr == ""
    done = python(project, "-m", "coverage", "report", "-m")
    lines = (project.folder / name).read_text().split("\n")
    missing = next(i for i, text in enumerate(lines, 1) if "1 / 0" in text)
    row = next(row for row in done.stdout.split("\n") if row.startswith(name))
    assert row.split()[1:3] == ["4", "1"]
    assert row.split()[-1] == str(missing)
    assert python(project, "-m", "coverage", "html", "-q").returncode == 0


def test_ipython_extension_reloads_before_each_cell(project):
    project.write("analysis.md", STORY)
    project.write("paired.py", "x = 1\n")
    project.write(
        "session.py",
        """\
from IPython.testing.globalipapp import start_ipython

shell = start_ipython()
run = shell.run_cell


def edit(name, old, new):
    with open(name) as fp:
        text = fp.read()
    with open(name, "w") as fp:
        fp.write(text.replace(old, new))


run("%load_ext octavo")
run("%load_ext autoreload")
run("%autoreload 2")
run("import analysis, paired\\nfrom analysis import double\\nprint(double(1), paired.x)")
edit("analysis.md", "2 * x", "30 * x")
edit("paired.py", "x = 1", "x = 'changed'")
run("print(double(1), paired.x)")
edit("analysis.md", "30 * x", "30 * x)")
run("print(double(1))")
run("%octavo reload off")
edit("analysis.md", "30 * x)", "4 * x")
run("print(double(1))")
run("%octavo reload now")
run("print(double(1))")
run("analysis.bad()")
run("%octavo")
run("%unload_ext octavo")
run("import not_there")
""",
    )
    done = python(project, "session.py")
    lines = done.stdout.split("\n")
    assert lines[:6] == ["2 1", "30 changed", "30", "30", "analysis: reloaded", "4"]
    assert 'analysis.md:9 (cell "Analysis")' in done.stdout
    assert "octavo: reloading of edited notebooks is off" in done.stdout
    assert "octavo: analysis was not reloaded, it stays as it was: SyntaxError" in done.stderr
    assert done.stderr.count("was not reloaded") == 1


@pytest.mark.slow
def test_extension_works_in_a_kernel(project, tmp_path):
    from jupyter_client.manager import start_new_kernel

    path = project.write("analysis.md", STORY)
    manager, client = start_new_kernel(cwd=str(project.folder))
    try:

        def run(code):
            texts = []
            reply = client.execute_interactive(
                code,
                timeout=120,
                allow_stdin=False,
                output_hook=lambda message: texts.append(
                    message["content"].get("text")
                    or "\n".join(message["content"].get("traceback", []))
                ),
            )
            return reply["content"]["status"], "".join(filter(None, texts))

        assert run("%load_ext octavo\nfrom analysis import double, bad\nprint(double(2))") == (
            "ok",
            "4\n",
        )
        path.write_text(STORY.replace("2 * x", "5 * x"))
        assert run("print(double(2))") == ("ok", "10\n")
        status, text = run("bad()")
        assert status == "error"
        assert 'analysis.md:9 (cell "Analysis")' in text
        code = "import multiprocessing\nwith multiprocessing.get_context('spawn').Pool(1) as pool:\n    print(pool.map(double, [1]))"
        assert run(code) == ("ok", "[5]\n")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
