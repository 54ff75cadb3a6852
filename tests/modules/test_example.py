"""The example module: one story in three formats is one module, with the same tests."""

import os
import subprocess
import sys

import pytest

import octavo

FORMATS = {"ipynb": "pendulum.ipynb", "md": "pendulum.md", "py:percent": "pendulum.py"}
NAMES = ["GRAVITY", "Pendulum", "math", "mean", "period"]
every_format = pytest.mark.parametrize("fmt", FORMATS)


@pytest.fixture
def folder(tmp_path, examples, fmt):
    document = octavo.read(examples / "pendulum" / "pendulum.ipynb")
    octavo.write(document, tmp_path / FORMATS[fmt], fmt)
    return tmp_path


def python(folder, *words):
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True, text=True, encoding="utf-8", cwd=folder, env=env, check=False,
    )  # fmt: skip


@every_format
def test_public_names_are_the_same_and_scraps_do_not_run(folder, fmt):
    code = "import octavo.auto, pendulum; print(*sorted(n for n in vars(pendulum) if n[0] != '_'))"
    done = python(folder, "-c", code)
    assert (done.stdout.split(), done.stderr) == (NAMES, "")


def test_script_needs_no_hook(tmp_path, examples):
    octavo.write(
        octavo.read(examples / "pendulum" / "pendulum.ipynb"),
        tmp_path / "pendulum.py",
        "py:percent",
    )
    done = python(
        tmp_path, "-c", "import pendulum; print(*sorted(n for n in vars(pendulum) if n[0] != '_'))"
    )
    assert (done.stdout.split(), done.stderr) == (NAMES, "")


@every_format
def test_its_own_tests_pass(folder, fmt):
    done = python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", FORMATS[fmt])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
