"""What the proofs of launch links need: an environment with Jupyter, a browser, repositories."""

import json
import os
import subprocess
import sys

import pytest

from octavo.binder._devtools import find_browser


def jupyter_python():
    """Return a Python with JupyterLab and nbgitpuller: OCTAVO_BINDER_PYTHON, or this one."""
    python = os.environ.get("OCTAVO_BINDER_PYTHON") or sys.executable
    probe = [python, "-c", "import jupyterlab, nbgitpuller"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip(
            f"no jupyterlab and nbgitpuller in {python} (group `browser`, or OCTAVO_BINDER_PYTHON)"
        )
    return python


def browser():
    """Return the path of Chromium."""
    program = find_browser()
    if not program:
        pytest.skip("no Chromium and no Chrome on this machine: nothing was opened in a browser")
    return program


def notebook(title):
    """Return the bytes of a notebook that tells which one it is."""
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": [f"# {title}\n", "two"]},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": f"print({title!r})",
         "execution_count": None, "outputs": []},
    ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    found = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(found).encode("utf-8")


def git(folder, *words):
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", *words],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


def repository(folder, paths):
    """Make a repository with a notebook at each path, each with its path in it."""
    os.makedirs(folder)
    git(folder, "init", "-q", "-b", "main")
    for path in paths:
        place = os.path.join(folder, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as fp:
            fp.write(notebook(path) if path.endswith(".ipynb") else path.encode("utf-8"))
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "content")
    return folder
