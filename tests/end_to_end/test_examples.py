"""The command as people start it, one process each, on the example notebooks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
EDITIONS = {
    "py:percent": ".py",
    "py:light": ".py",
    "py:hydrogen": ".py",
    "md": ".md",
    "md:myst": ".md",
    "Rmd": ".Rmd",
}
editions = pytest.mark.parametrize(("fmt", "suffix"), EDITIONS.items())
notebooks = pytest.mark.parametrize("name", ["gravity", "temperatures"])


@pytest.fixture
def folder(tmp_path, examples):
    shutil.copytree(examples, tmp_path, dirs_exist_ok=True)
    return tmp_path


def octavo(*arguments, cwd, stdin=b""):
    """Run the command; fail unless it ends with 0; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "octavo", *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@notebooks
@editions
def test_notebook_comes_back_byte_for_byte(folder, name, fmt, suffix):
    before = (folder / f"{name}.ipynb").read_bytes()
    octavo("convert", f"{name}.ipynb", "--to", fmt, "-o", f"{name}{suffix}", cwd=folder)
    octavo(
        "convert", f"{name}{suffix}", "--to", "ipynb", "--update", "-o", f"{name}.ipynb", cwd=folder
    )
    assert (folder / f"{name}.ipynb").read_bytes() == before


@notebooks
@editions
def test_check_finds_no_loss(folder, name, fmt, suffix):
    octavo("convert", f"{name}.ipynb", "--to", fmt, "--check", cwd=folder)
    assert not (folder / f"{name}{suffix}").exists()


@editions
def test_text_is_stable(folder, fmt, suffix):
    octavo("convert", "temperatures.ipynb", "--to", fmt, "-o", f"first{suffix}", cwd=folder)
    octavo("convert", f"first{suffix}", "--to", "ipynb", "-o", "between.ipynb", cwd=folder)
    octavo("convert", "between.ipynb", "--to", fmt, "-o", f"second{suffix}", cwd=folder)
    assert (folder / f"second{suffix}").read_bytes() == (folder / f"first{suffix}").read_bytes()


def test_lesson_comes_back_byte_for_byte(folder):
    octavo("convert", "lesson.md", "--to", "ipynb", "-o", "lesson.ipynb", cwd=folder)
    text = octavo("convert", "lesson.ipynb", "--to", "md", "-o", "-", cwd=folder)
    assert text == (folder / "lesson.md").read_bytes()


def test_module_made_of_the_notebook_works(folder):
    octavo("convert", "gravity.ipynb", "--to", "py:percent", "-o", "gravity.py", cwd=folder)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "gravity.py"],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    assert "4 passed" in done.stdout, done.stdout


def test_converting_again_touches_nothing(folder):
    words = ("convert", "temperatures.ipynb", "--to", "py:percent", "-o", "temperatures.py")
    octavo(*words, cwd=folder)
    os.utime(folder / "temperatures.py", ns=(1, 1))
    octavo(*words, cwd=folder)
    assert (folder / "temperatures.py").stat().st_mtime_ns == 1


def test_demo_proves_every_round_trip(tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "examples/demo.sh"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert done.stdout.count("byte for byte") == 10
    made = tmp_path / "build/demo"
    assert len([path for path in made.iterdir() if path.is_file()]) == 19
    suffixes = {path.suffix for path in (made / "editions/build").rglob("falling*")}
    assert suffixes == {".py", ".ipynb", ".html", ".docx", ".pdf"}
