"""Watching: a save that reaches its twin, a save in an editor, memory and rest of 1,000 pairs."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from frame import Bench, Figures, cli

PAIRS = 1000
SAVES = 15
LATENCY_GOAL_MS = 300
MEMORY_GOAL_MB = 100
PATIENCE_S = 30.0
GROUP = "watch"


def measure(bench: Bench) -> None:
    """Measure `octavo watch` and `octavo sync --daemon`."""
    if sys.platform != "linux":
        bench.skip(GROUP, "memory is read from /proc")
        return
    octavo = cli(sys.executable, "octavo")
    folder = bench.folder / "watch"
    pairs = 50 if bench.quick else PAIRS
    write_pairs(folder, pairs)
    subprocess.run([*octavo, "sync", "-q"], cwd=folder, check=True)
    watch = subprocess.Popen(
        [*octavo, "watch", "-q", "--json"], cwd=folder, stdout=subprocess.PIPE, text=True
    )
    try:
        watch.stdout.readline()
        measure_latency(bench, folder, pairs)
        bench.add_limit(
            GROUP, f"memory with {pairs:,} pairs", memory_mb(watch.pid), None,
            MEMORY_GOAL_MB, unit="MB",
        )  # fmt: skip
        measure_saves(bench, folder, octavo)
    finally:
        watch.terminate()
        watch.communicate()


def write_pairs(folder: Path, pairs: int) -> None:
    """Write notebooks of 20 cells with outputs, and a configuration that pairs them."""
    folder.mkdir()
    (folder / "octavo.toml").write_text('formats = "ipynb,py:percent"\n')
    output = {"output_type": "stream", "name": "stdout", "text": "line\n" * 5}
    for i in range(pairs):
        cells = [
            {"cell_type": "code", "id": f"c{k}", "metadata": {}, "execution_count": k,
             "outputs": [output], "source": f"x{k} = {i}\ny = 0\n"}
            for k in range(20)
        ]  # fmt: skip
        metadata = {
            "jupytext": {"formats": "ipynb,py:percent"},
            "kernelspec": {"display_name": "P", "language": "python", "name": "python3"},
        }
        notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"n{i}.ipynb").write_text(json.dumps(notebook, indent=1) + "\n")


def measure_latency(bench: Bench, folder: Path, pairs: int) -> None:
    """Time from an edit of a text until its notebook holds it."""
    times = []
    for k in range(SAVES):
        i = k % pairs
        text, notebook = folder / f"n{i}.py", folder / f"n{i}.ipynb"
        edit(text, k)
        start = time.perf_counter()
        while f"y = new{k}" not in notebook.read_text():
            if time.perf_counter() - start > PATIENCE_S:
                raise RuntimeError("an edit did not reach its twin")
            time.sleep(0.001)
        times.append(1000 * (time.perf_counter() - start))
        time.sleep(0.15)
    for name, value in (("median", statistics.median(times)), ("worst", max(times))):
        bench.add_limit(
            GROUP, f"edit until its twin holds it, {name} of {SAVES}", value, None,
            LATENCY_GOAL_MS, unit="ms",
        )  # fmt: skip


def measure_saves(bench: Bench, folder: Path, octavo: list[str]) -> None:
    """Time what an editor starts at each save, from start to end of the command."""
    peer = cli(sys.executable, "jupytext")
    commands = {
        "daemon": [*octavo, "sync", "--daemon", "-q", "n0.py"],
        "plain": [*octavo, "sync", "-q", "n0.py"],
        "python": [sys.executable, "-c", "pass"],
    }
    if peer:
        commands["jupytext"] = [*peer, "--quiet", "--sync", "n0.py"]
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(5 if bench.quick else SAVES):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
            times[name].append(1000 * (time.perf_counter() - start))
    middle = {name: statistics.median(of_one) for name, of_one in times.items()}
    jupytext = middle.get("jupytext")
    bench.add(GROUP, "save: octavo sync --daemon", Figures(middle["daemon"], jupytext), 10)
    bench.add(GROUP, "save: octavo sync", Figures(middle["plain"], jupytext))
    above = middle["daemon"] - middle["python"]
    bench.add_limit(GROUP, "save: --daemon above bare Python", above, None, 0, unit="ms")


def edit(text: Path, k: int) -> None:
    """Change one line, as an editor that writes in place does."""
    source = text.read_text()
    before = source.index("y = ")
    end = source.index("\n", before)
    text.write_text(source[:before] + f"y = new{k}" + source[end:])


def memory_mb(pid: int) -> float:
    """Return the largest resident size of a process so far."""
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.split("\n") if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024
