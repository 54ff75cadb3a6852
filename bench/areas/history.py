"""Histories: notebooks to text in every commit, beside git filter-branch with jupytext.

The recipe of filter-branch is run on a small instance and with `--full` on the whole one, of
300 commits with 20 notebooks of 24 cells each.
"""

import base64
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import processes
from frame import Bench, Figures, cli, say

NOTEBOOKS, CELLS = 20, 24
GOAL = 50


def measure(bench: Bench) -> None:
    """Measure one rewrite of each tool, and compare the trees of all commits."""
    commits = 300 if bench.full else 10 if bench.quick else 40
    say(f"making a history of {commits} commits with {NOTEBOOKS} notebooks")
    ours, theirs = bench.folder / "ours", bench.folder / "theirs"
    write_history(ours, commits)
    shutil.copytree(ours, theirs)
    command = cli(sys.executable, "octavo")
    octavo = processes.run([*command, "git", "rewrite", "--to", "md", "--quiet"], ours)
    jupytext = " ".join(cli(sys.executable, "jupytext"))
    recipe = f"{jupytext} --quiet --to md */*.ipynb && rm -f */*.ipynb"
    os.environ["FILTER_BRANCH_SQUELCH_WARNING"] = "1"
    peer = processes.run(["git", "filter-branch", "--tree-filter", recipe, "main"], theirs)
    group = f"a history of {commits} commits x {NOTEBOOKS} notebooks"
    figures = Figures(1000 * octavo.wall_s, 1000 * peer.wall_s)
    bench.add(group, "to md, wall", figures, GOAL, peer_name="filter-branch with jupytext")
    trees = compared(ours, theirs)
    bench.add_limit(group, "commits whose texts differ", trees, None, 0, unit="count")


def write_history(folder: Path, commits: int) -> None:
    """Write a repository: each commit changes a cell in two notebooks, and the README."""
    folder.mkdir()
    draw = random.Random(1)
    notebooks = [new_notebook(draw, n) for n in range(NOTEBOOKS)]
    git(folder, "init", "-q", "-b", "main")
    for n in range(commits):
        for number in {draw.randrange(NOTEBOOKS) for _ in range(2)} if n else range(NOTEBOOKS):
            edit(draw, notebooks[number], n)
            path = folder / f"part{number % 4}" / f"n{number}.ipynb"
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(notebooks[number], indent=1) + "\n", "utf-8")
        (folder / "README").write_text(f"version {n}\n", "utf-8")
        git(folder, "add", "-A")
        git(folder, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", f"commit {n}")


def new_notebook(draw: random.Random, number: int) -> dict:
    """Return a notebook of prose and code; every sixth cell has a picture of 12 kB."""
    cells = []
    for n in range(CELLS):
        source = [f"# part {n} of {number}\n", f"value = {draw.random()}"]
        cell = {"cell_type": "markdown" if n % 2 else "code", "id": f"c{n}", "metadata": {}}
        cell["source"] = source
        if cell["cell_type"] == "code":
            picture = base64.b64encode(draw.randbytes(9000)).decode()
            data = {"image/png": picture} if n % 6 == 0 else {"text/plain": [f"{n}\n"]}
            cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
            cell["execution_count"] = n
        cells.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def edit(draw: random.Random, notebook: dict, n: int) -> None:
    """Rewrite one cell; all execution counts move."""
    cell = draw.choice(notebook["cells"])
    cell["source"] = [f"# changed in {n}\n", f"value = {draw.random()}"]
    for other in notebook["cells"]:
        if other["cell_type"] == "code":
            other["execution_count"] += 1


def compared(ours: Path, theirs: Path) -> int:
    """Return in how many commits a text differs, the header with jupytext's version aside."""
    mine = git(ours, "rev-list", "--reverse", "refs/rewritten/heads/main").split()
    other = git(theirs, "rev-list", "--reverse", "main").split()
    differing = abs(len(mine) - len(other))
    for a, b in zip(
        mine[:: max(1, len(mine) // 10)], other[:: max(1, len(mine) // 10)], strict=False
    ):
        differing += texts(ours, a) != texts(theirs, b)
    return differing


def texts(folder: Path, commit: str) -> dict[str, str]:
    """Return the files of a commit without the line of jupytext's version."""
    found = {}
    for name in git(folder, "ls-tree", "-r", "--name-only", commit).split("\n"):
        lines = git(folder, "show", f"{commit}:{name}").split("\n")
        found[name] = "\n".join(line for line in lines if "jupytext_version:" not in line)
    return found


def git(folder: Path, *words: str) -> str:
    """Return what git prints."""
    return subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True, text=True
    ).stdout.strip()
