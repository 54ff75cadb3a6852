"""The pytest plugin, run for real in processes of its own."""

import json
import os
import subprocess
import sys

import pytest

import octavo

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
TEST = {"tags": ["test"]}
CELLS = [
    octavo.Cell("markdown", "# Analysis"),
    octavo.Cell(
        "code", "def load():\n    return [1, 2, 3]\n\n\ndef test_of_hypothesis():\n    1 / 0"
    ),
    octavo.Cell("markdown", "## Loading the data\n\n>>> 1 + 1\n2"),
    octavo.Cell("code", "rows = load()\nassert len(rows) == 3", TEST),
    octavo.Cell("code", "assert sum(rows) == 7", {"tags": ["active-ipynb-test"]}),
    octavo.Cell(
        "code",
        "import unittest\n\nimport pytest\n\n\n@pytest.fixture\ndef data():\n    return load()\n\n\n"
        "def test_fixture(data, tmp_path, of_conftest):\n    assert data[0] == of_conftest\n\n\n"
        "@pytest.mark.parametrize('x', [1, 2])\ndef test_many(x):\n    assert x < 2\n\n\n"
        "class TestIt:\n    def test_method(self):\n        assert load()\n\n\n"
        "class Old(unittest.TestCase):\n    def test_old(self):\n        self.assertEqual(load(), [1])\n\n\n"
        "test_many(1)",
        TEST,
    ),
    octavo.Cell("code", "raise SystemError('scrap')", {"tags": ["active-ipynb"]}),
]
FORMATS = {
    "a.ipynb": None, "a.md": None, "a.Rmd": None, "a.qmd": None,
    "m.md": "md:myst", "p.py": "py:percent", "l.py": "py:light", "h.py": "py:hydrogen",
}  # fmt: skip
VERDICTS = {
    "Loading the data": "passed", "Loading the data (2)": "failed", "test_fixture": "passed",
    "test_many[1]": "passed", "test_many[2]": "failed", "TestIt::test_method": "passed",
    "Old::test_old": "failed",
}  # fmt: skip
REPORT = """
import json
found = {}
def pytest_runtest_logreport(report):
    if report.when == "call":
        found[report.nodeid] = [report.outcome, report.longreprtext]
def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        open("verdicts.json", "w").write(json.dumps(found))
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text(
        REPORT + "\nimport pytest\n@pytest.fixture\ndef of_conftest():\n    return 1\n"
    )
    return tmp_path


def run(folder, *arguments):
    """Run pytest and return what it printed, and verdicts and reports by node id."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        capture_output=True, text=True, encoding="utf-8", cwd=folder, env=environment, check=False,
    )  # fmt: skip
    reports = folder / "verdicts.json"
    return done, json.loads(reports.read_text()) if reports.exists() else {}


def write_all(folder):
    for name, fmt in FORMATS.items():
        octavo.write(octavo.Document(CELLS, KERNEL), folder / name, fmt)


def test_all_formats_give_the_same_verdicts(folder):
    write_all(folder)
    done, found = run(folder, ".")
    wanted = {f"{file}::{name}": v for file in FORMATS for name, v in VERDICTS.items()}
    assert {key: verdict for key, (verdict, _) in found.items()} == wanted, done.stdout


def test_xdist_gives_the_same_verdicts(folder):
    write_all(folder)
    done, found = run(folder, "-n", "2", "a.md", "p.py")
    wanted = {f"{file}::{name}": v for file in ("a.md", "p.py") for name, v in VERDICTS.items()}
    assert {key: verdict for key, (verdict, _) in found.items()} == wanted, done.stdout


@pytest.mark.parametrize("name", ["a.md", "p.py", "a.ipynb"])
def test_a_failure_names_values_line_and_cell(folder, name):
    octavo.write(octavo.Document(CELLS, KERNEL), folder / name)
    lines = (folder / name).read_text().split("\n")
    line = next(i for i, text in enumerate(lines, 1) if "sum(rows) == 7" in text)
    _, found = run(folder, name, "-k", "(2)")
    report = found[f"{name}::Loading the data (2)"][1]
    assert "where 6 = sum([1, 2, 3])" in report
    assert f'{name}:{line} (cell "Loading the data (2)")' in report


def test_a_method_of_unittest_names_its_cell_too(folder):
    octavo.write(octavo.Document(CELLS, KERNEL), folder / "a.md")
    _, found = run(folder, "a.md")
    assert '(cell "Loading the data (3)")' in found["a.md::Old::test_old"][1]


def test_a_pair_is_collected_once(folder):
    metadata = {**KERNEL, "jupytext": {"formats": "ipynb,md"}}
    for name in ("a.ipynb", "a.md"):
        octavo.write(octavo.Document(CELLS, metadata), folder / name)
    _, found = run(folder, ".")
    assert {key.split("::")[0] for key in found} == {"a.md"}
    _, found = run(folder, "a.ipynb")
    assert {key.split("::")[0] for key in found} == {"a.ipynb"}


def test_files_that_are_no_notebooks_with_tests_are_left_alone(folder):
    (folder / "README.md").write_text("# tags and test\n\n```python\nassert False\n```\n")
    (folder / "plain.py").write_text("tags = 'test'\nassert False\n")
    octavo.write(octavo.Document(CELLS[:2], KERNEL), folder / "b.py", "py:percent")
    (folder / "test_own.py").write_text('# %% tags=["test"]\ndef test_own():\n    pass\n')
    done, found = run(folder, ".")
    assert list(found) == ["test_own.py::test_own"], done.stdout


def test_the_plugin_can_be_switched_off(folder):
    octavo.write(octavo.Document(CELLS, KERNEL), folder / "a.md")
    done, found = run(folder, "-p", "no:octavo", ".")
    assert not found
    assert done.returncode == 5


BROKEN = {
    "syntax.md": ("x = (", 'syntax.md:4: this is no Python in cell "A": \'(\' was never closed [OCT-M010]'),
    "magic.md": ("!make", 'magic.md:4:1: the magic `!make` in cell "A" cannot run in a module [OCT-M002]'),
    "raises.md": ("def test_x(): pass\ny = 1 / 0", 'raises.md:5 (cell "A")'),
}  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_broken_cell_is_told_and_other_files_go_on(folder, newline):
    for name, (source, _) in BROKEN.items():
        text = f'# A\n\n```python tags=["test"]\n{source}\n```\n'
        (folder / name).write_text("\ufeff" + text, "utf-8", newline=newline)
    octavo.write(octavo.Document(CELLS[:4], KERNEL), folder / "good.md")
    octavo.write(
        octavo.Document([octavo.Cell("code", "x <- 1", TEST)], {
            "kernelspec": {"name": "ir", "display_name": "R", "language": "R"}
        }), folder / "other.ipynb",
    )  # fmt: skip
    done, found = run(folder, "--continue-on-collection-errors", ".")
    for _, told in BROKEN.values():
        assert told in done.stdout
    assert found["good.md::Loading the data"][0] == "passed"
    assert "other.ipynb" not in done.stdout


def test_examples_run_on_request(folder):
    octavo.write(octavo.Document(CELLS[:3], KERNEL), folder / "a.md")
    octavo.write(
        octavo.Document([octavo.Cell("code", 'def f():\n    """Return 1.\n\n    >>> f()\n    2\n    """\n    return 1')], KERNEL),
        folder / "b.md",
    )  # fmt: skip
    _, found = run(folder, ".")
    assert not found
    _, found = run(folder, "--octavo-doctest", ".")
    assert [verdict for verdict, _ in found.values()] == ["passed", "failed"]
    assert "Expected:" in found["b.md::examples of f"][1]


def test_coverage_counts_the_lines_of_a_script_in_notebook_form(folder):
    octavo.write(octavo.Document(CELLS[:4], KERNEL), folder / "p.py")
    done, _ = run(folder, "--cov=.", "--cov-report=json", "p.py")
    report = json.loads((folder / "coverage.json").read_text())
    lines = (folder / "p.py").read_text().split("\n")
    assert lines.index("    return [1, 2, 3]") + 1 in report["files"]["p.py"]["executed_lines"], (
        done.stdout
    )


def test_failed_tests_are_run_again(folder):
    octavo.write(octavo.Document(CELLS, KERNEL), folder / "a.md")
    run(folder, "-p", "cacheprovider", "a.md")
    _, found = run(folder, "-p", "cacheprovider", "--lf", "a.md")
    assert set(found) == {
        f"a.md::{name}" for name, verdict in VERDICTS.items() if verdict == "failed"
    }


def test_the_plugin_alone_loads_nothing():
    code = (
        "import sys, octavo; before = set(sys.modules); import octavo.modules.pytest_plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["octavo.modules", "octavo.modules.pytest_plugin"]


def test_a_run_without_notebooks_loads_nothing_more(folder):
    (folder / "test_plain.py").write_text(
        "import sys\ndef test_it():\n"
        "    assert sorted(n for n in sys.modules if n.startswith('octavo')) == \\\n"
        "        ['octavo', 'octavo.modules', 'octavo.modules.pytest_plugin']\n"
    )
    (folder / "README.md").write_text("# Nothing\n")
    done, found = run(folder, ".")
    assert found["test_plain.py::test_it"][0] == "passed", done.stdout


def test_outputs_are_compared_with_the_stored_ones(folder):
    def cell(source, text, **metadata):
        output = {"output_type": "stream", "name": "stdout", "text": text}
        return octavo.Cell("code", source, metadata, [output], 1)

    cells = [
        cell("print(1)", "1\n"), cell("print(2)", "3\n"),
        cell("print(3)", "4\n", tags=["ignore-output"]), cell("print('9 s')", "8 s\n"),
    ]  # fmt: skip
    octavo.write(octavo.Document(cells, KERNEL), folder / "a.ipynb")
    (folder / "pytest.ini").write_text("[pytest]\noctavo_sanitize =\n    \\d+ s -> TIME\n")
    done, found = run(folder, "--octavo-outputs", ".")
    assert [verdict for verdict, _ in found.values()] == ["passed", "failed", "passed"], done.stdout
    assert "-3\n+2" in found["a.ipynb::outputs of cell 2"][1]


def test_a_cell_may_await(folder):
    source = "async def f():\n    return 2\n\nassert await f() == {}"
    for name, value in (("good.md", 2), ("bad.md", 3)):
        cell = octavo.Cell("code", source.format(value), TEST)
        octavo.write(octavo.Document([cell], KERNEL), folder / name)
    _, found = run(folder, ".")
    assert {key: verdict for key, (verdict, _) in found.items()} == {
        "bad.md::f": "failed", "good.md::f": "passed",
    }  # fmt: skip
    lines = (folder / "bad.md").read_text().split("\n")
    assert f'bad.md:{lines.index("assert await f() == 3") + 1} (cell "f")' in found["bad.md::f"][1]


def test_a_cell_that_cannot_be_compiled_is_told_by_line_and_name(folder):
    text = '# A\n\n```python tags=["test"]\nx = 1\nreturn x\n```\n'
    (folder / "a.md").write_text(text)
    done, _ = run(folder, ".")
    assert "'return' outside function" in done.stdout
    assert 'a.md:5 (cell "A")' in done.stdout


def test_a_chosen_cell_gets_what_it_needs_from_earlier_ones(folder):
    cells = [octavo.Cell("code", "x = 1", TEST), octavo.Cell("code", "assert x == 1", TEST)]
    octavo.write(octavo.Document(cells, KERNEL), folder / "a.md")
    done, found = run(folder, "a.md::cell 2")
    assert [verdict for verdict, _ in found.values()] == ["passed"], done.stdout
