"""Git with fifty notebooks (`--full`: five hundred): filters and textconv beside the peers.

The peers are nbstripout (a process for each file) and nbdime, set up by their own commands.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import processes
from frame import Bench, Figures, cli, say

NOTEBOOKS, CELLS, DIFFED = 50, 10, 20
GOAL = 10


def measure(bench: Bench) -> None:
    """Measure the same commands of git with each tool set up."""
    count = 10 * NOTEBOOKS if bench.full else NOTEBOOKS
    bin_folder = Path(sys.executable).parent
    os.environ["PATH"] = f"{bin_folder}{os.pathsep}{os.environ['PATH']}"
    os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    say(f"making a repository of {count} notebooks")
    folders = {}
    for tool in ("octavo", "nbstripout", "nbdime"):
        folders[tool] = bench.folder / tool
        write_repository(folders[tool], count)
        set_up(tool, folders[tool])
    group = f"git with {count} notebooks"
    add = {tool: cost(["git", "add", "-A"], folders[tool]) for tool in ("octavo", "nbstripout")}
    bench.add(group, "git add, outputs kept out", Figures(**named(add)), GOAL,
              peer_name="nbstripout")  # fmt: skip
    for folder in folders.values():
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "all")
        touch(folder)
    status = {tool: cost(["git", "status", "--short"], folders[tool]) for tool in add}
    bench.add(group, "git status, files touched", Figures(**named(status)), GOAL,
              peer_name="nbstripout")  # fmt: skip
    for folder in folders.values():
        edit(folder, DIFFED)
    diff = {tool: cost(["git", "diff"], folders[tool]) for tool in ("octavo", "nbdime")}
    bench.add(group, f"git diff, {DIFFED} edited", Figures(**named(diff)), GOAL,
              peer_name="nbdime")  # fmt: skip


def named(costs: dict[str, float]) -> dict[str, float]:
    """Return costs under the names of `Figures`: ours, and the one peer's."""
    (peer,) = (value for tool, value in costs.items() if tool != "octavo")
    return {"octavo": costs["octavo"], "peer": peer}


def cost(command: list[str], folder: Path) -> float:
    """Return the wall time of a command of git and all that it starts, in ms."""
    return 1000 * processes.run(command, folder).wall_s


def set_up(tool: str, folder: Path) -> None:
    """Let a tool install itself, for this repository."""
    if tool == "octavo":
        command = [*cli(sys.executable, "octavo"), "git", "install", "-q", "--strip-outputs"]
        subprocess.run(command, cwd=folder, check=True)
    elif tool == "nbstripout":
        program = shutil.which("nbstripout")
        subprocess.run([program, "--install", "--attributes", ".gitattributes"], cwd=folder,
                       check=True, capture_output=True)  # fmt: skip
    else:
        program = shutil.which("nbdime")
        subprocess.run([program, "config-git", "--enable"], cwd=folder, check=True,
                       capture_output=True)  # fmt: skip


def write_repository(folder: Path, count: int) -> None:
    """Write notebooks with outputs into a new repository."""
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "user.name", "a")
    git(folder, "config", "user.email", "a@b")
    for number in range(count):
        (folder / f"n{number}.ipynb").write_text(notebook(number), "utf-8")


def notebook(number: int) -> str:
    """Return a notebook that has run."""
    cells = [
        {
            "cell_type": "code", "id": f"c{n}", "metadata": {}, "execution_count": n + 1,
            "source": [f"value = {number * n}\n", "print(value)"],
            "outputs": [{"output_type": "stream", "name": "stdout", "text": [f"{number * n}\n"]}],
        }
        for n in range(CELLS)
    ]  # fmt: skip
    found = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(found, indent=1) + "\n"


def touch(folder: Path) -> None:
    """Let git look into every file again."""
    for path in folder.glob("*.ipynb"):
        os.utime(path, (1, 1))


def edit(folder: Path, count: int) -> None:
    """Change a line in the first notebooks."""
    for number in range(count):
        path = folder / f"n{number}.ipynb"
        path.write_text(path.read_text("utf-8").replace("value = 0", "value = 1 + 0", 1), "utf-8")


def git(folder: Path, *words: str) -> None:
    """Run git, which has nothing to say."""
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)
