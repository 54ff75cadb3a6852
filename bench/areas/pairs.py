"""Pairs: a tree of paired notebooks, nothing to do and all edited; growth of the alignment."""

import shutil
import sys
import time
from pathlib import Path

import processes
from frame import Bench, Figures, cli, say

PAIRS, CELLS = 1000, 20
ALIGNED = 2000  # cells, all of them edited
DOUBLING_GOAL = 2.4


def measure(bench: Bench) -> None:
    """Measure syncs as whole processes, and alignment in this one."""
    pairs = PAIRS // 10 if bench.quick else PAIRS
    say(f"making {pairs:,} pairs of {CELLS} cells")
    trees = {tool: bench.folder / tool for tool in ("octavo", "jupytext")}
    write_pairs(trees["octavo"], pairs)
    shutil.copytree(trees["octavo"], trees["jupytext"])
    group = f"sync of {pairs:,} pairs of {CELLS} cells"
    both(trees)  # records the state, writes what is missing
    bench.add(group, "nothing to do", both(trees), 50)
    for tree in trees.values():
        edit_texts(tree)
    bench.add(group, "every text edited", both(trees, rounds=1), 8)
    measure_alignment(bench)


def write_pairs(folder: Path, pairs: int) -> None:
    """Write notebooks with outputs and their texts, in folders of a hundred."""
    import octavo

    for number in range(pairs):
        place = folder / f"part{number // 100}"
        place.mkdir(parents=True, exist_ok=True)
        document = octavo.Document(cells_of(number), METADATA)
        octavo.write(document, place / f"n{number}.ipynb")
        octavo.write(document, place / f"n{number}.py", "py:percent")


METADATA = {
    "jupytext": {"formats": "ipynb,py:percent"},
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
}


def cells_of(number: int) -> list:
    """Return the cells of a notebook, half prose and half code that has printed."""
    import octavo

    cells = []
    for n in range(CELLS):
        if n % 2:
            printed = [{"output_type": "stream", "name": "stdout", "text": f"{n} of {number}\n"}]
            source = f"value_{n} = {number}\nprint({n}, 'of', value_{n})"
            cells.append(octavo.Cell("code", source, outputs=printed, execution_count=n))
        else:
            cells.append(octavo.Cell("markdown", f"## Part {n} of {number}\n\nSome words."))
    return cells


def edit_texts(folder: Path) -> None:
    """Change one line in every text."""
    for path in folder.rglob("*.py"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("value_3 = ", "value_3 = 1 + ", 1), "utf-8")


def both(trees: dict[str, Path], rounds: int = 2) -> Figures:
    """Return the CPU time of a sync of each tool's tree, in one process, in ms."""
    found = {}
    for tool, tree in trees.items():
        notebooks = sorted(str(path.relative_to(tree)) for path in tree.rglob("*.ipynb"))
        words = ["sync", "."] if tool == "octavo" else ["--quiet", "--sync", *notebooks]
        command = cli(sys.executable, tool) + words
        repeats = rounds if tool == "octavo" else 1
        found[tool] = min(processes.run(command, tree).cpu_s for _ in range(repeats))
    return Figures(1000 * found["octavo"], 1000 * found["jupytext"])


def measure_alignment(bench: Bench) -> None:
    """Measure how the time to match cells grows when every cell was edited."""
    once, twice = (alignment_s(size) for size in (ALIGNED, 2 * ALIGNED))
    name = f"{2 * ALIGNED:,} over {ALIGNED:,} cells, all edited"
    bench.add_limit("alignment", name, twice / once, None, DOUBLING_GOAL, unit="x")


def alignment_s(size: int) -> float:
    """Return the least CPU time of three alignments of *size* edited cells."""
    import octavo
    from octavo.core import align

    old = [octavo.Cell("code", f"total_{n} = compute({n})\nprint(total_{n})") for n in range(size)]
    new = [cell.with_(source=cell.source.replace("total", "sum_of")) for cell in old]
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        align.align(old, new)
        best = min(best, time.process_time() - start)
    return best
