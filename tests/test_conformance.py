"""Notebooks of every language become exactly the text that they must become, and come back.

The corpus and its checker are not part of the repository (see CONTRIBUTING.md).  The checker runs
as a program, since it looks at Octavo from outside: once by the Python API, once by the command.
"""

import subprocess
import sys
from pathlib import Path

import pytest

API = ("--api", "octavo", "--api-update", "octavo:update")
COMMAND = (
    *("--convert", "octavo.cli:main convert {inp} --from {from} --to {to} {opts} -o {out}"),
    *("--update", "octavo.cli:main convert {inp} --from {from} --to ipynb --update -o {out}"),
    *("--opt-template", "--opt {key}={value}"),
)
doors = pytest.mark.parametrize("door", [API, COMMAND], ids=["api", "command"])


@pytest.fixture(scope="module")
def checker(corpus):
    """The program that checks, with the corpus as its data."""
    program = Path(corpus).parent.parent / "tools/conformance.py"
    if not program.is_file():
        pytest.skip(f"no conformance checker at {program}")
    return [sys.executable, str(program), "--data", str(corpus)]


@doors
@pytest.mark.parametrize(
    "name", "percent hydrogen light markdown rmarkdown myst sphinx spin".split()
)
def test_text_is_what_it_must_be(checker, door, name):
    check(checker, *door, "--only", f"^{name}/")


@doors
@pytest.mark.parametrize("name", ["quarto", "marimo"])
def test_texts_of_other_programs_open_and_come_back(checker, door, name):
    check(checker, *door, "--only", f"^{name}/", "--external", name, "--checks", "RSUX")


def check(checker, *arguments):
    done = subprocess.run(
        [*checker, *arguments, "--diffs", "3"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
