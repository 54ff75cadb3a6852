"""Running: whole commands beside nbconvert --execute, the time per cell beside nbclient."""

import json
import subprocess
import sys
import time
from pathlib import Path

from frame import Bench, Figures, cli

GROUP = "run"
CELLS = 20
MANY = 500
ROUNDS = 3

IN_PROCESS = """
import json, sys, time
tool, path = sys.argv[1:]
if tool == "octavo":
    import octavo
    document = octavo.read(path)
    run = lambda: octavo.execute(document)
else:
    import nbclient, nbformat
    document = nbformat.read(path, 4)
    run = lambda: nbclient.execute(document)
start = time.perf_counter()
run()
print(json.dumps(time.perf_counter() - start))
"""


def measure(bench: Bench) -> None:
    """Measure `octavo run`."""
    octavo = cli(sys.executable, "octavo")
    nbconvert = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    folder = bench.folder / "run"
    folder.mkdir()
    names = [notebook(folder / f"n{i}.ipynb", CELLS) for i in range(4)]
    rounds = 1 if bench.quick else ROUNDS
    once = [
        least(rounds, folder, [*command, names[0]])
        for command in ([*octavo, "run", "-q"], nbconvert)
    ]
    bench.add(GROUP, f"run {CELLS} small cells", Figures(*once), peer_name="nbconvert")
    four = [
        least(rounds, folder, [*command, *names])
        for command in ([*octavo, "run", "-q", "-j2"], nbconvert)
    ]
    bench.add(GROUP, "run four notebooks, -j2", Figures(*four), peer_name="nbconvert")
    cached = [*octavo, "run", "-q", "--cache", names[0]]
    subprocess.run(cached, cwd=folder, check=True)
    again = least(rounds, folder, cached)
    bench.add(
        GROUP, "run again, nothing changed, --cache", Figures(again, once[1]),
        peer_name="nbconvert",
    )  # fmt: skip
    many = notebook(folder / "many.ipynb", 50 if bench.quick else MANY)
    times = [per_tool(rounds, folder, tool, many) for tool in ("octavo", "nbclient")]
    bench.add(
        GROUP, f"{MANY} small cells in process, kernel included", Figures(*times),
        peer_name="nbclient",
    )  # fmt: skip


def notebook(path: Path, cells: int) -> str:
    """Write a notebook of small cells; return its name."""
    tree = {
        "cells": [
            {"cell_type": "code", "id": f"c{i}", "metadata": {}, "execution_count": None,
             "outputs": [], "source": f"x = {i}\nprint(x)\nx + 1"}
            for i in range(cells)
        ],
        "metadata": {
            "kernelspec": {"display_name": "P", "language": "python", "name": "python3"}
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }  # fmt: skip
    path.write_text(json.dumps(tree, indent=1) + "\n")
    return path.name


def least(rounds: int, folder: Path, command: list[str]) -> float:
    """Return the least time of a command in ms, from start to end."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, stderr=subprocess.DEVNULL)
        times.append(1000 * (time.perf_counter() - start))
    return min(times)


def per_tool(rounds: int, folder: Path, tool: str, name: str) -> float:
    """Return the least time of a run in a process that has loaded the tool already, in ms."""
    times = []
    for _ in range(rounds):
        done = subprocess.run(
            [sys.executable, "-c", IN_PROCESS, tool, name],
            cwd=folder, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        times.append(1000 * json.loads(done.stdout))
    return min(times)
