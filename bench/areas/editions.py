"""Editions: fifty notebooks of forty cells to pages beside nbconvert, rebuilds, a long PDF.

The peer is `jupyter nbconvert --to html` with all notebooks in one process. Figures of whole
commands are CPU time, of Octavo with all the processes that it starts.
"""

import json
import sys
from pathlib import Path

import processes
from frame import Bench, Figures, cli, say

NOTEBOOKS, CELLS, LONG = 50, 40, 200
GROUP = f"editions: {NOTEBOOKS} notebooks of {CELLS} cells"
TARGET = "site"


def measure(bench: Bench) -> None:
    """Measure builds."""
    count = 5 if bench.quick else NOTEBOOKS
    folder = bench.folder / "editions"
    (folder / "notes").mkdir(parents=True)
    for n in range(count):
        (folder / f"notes/n{n:02}.ipynb").write_text(json.dumps(notebook(CELLS, n)))
    octavo = [*cli(sys.executable, "octavo"), "build", "-q"]
    write_toml(folder, TARGET)
    say(f"building {count} notebooks")
    cold = processes.run([*octavo, "-j1"], folder)
    peer = processes.run(
        [sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", "peer",
         *(f"notes/n{n:02}.ipynb" for n in range(count))], folder,
    )  # fmt: skip
    bench.add(GROUP, f"to a {TARGET}, CPU", ms(cold.cpu_s, peer.cpu_s), 10, peer_name="nbconvert")
    same = min(processes.run(octavo, folder).wall_s for _ in range(3))
    bench.add_limit(GROUP, "nothing changed, wall", 1000 * same, 1000 * peer.wall_s, 300,
                    unit="ms", peer_name="nbconvert")  # fmt: skip
    path = folder / "notes/n00.ipynb"
    path.write_text(path.read_text().replace("Some prose", "Some other prose"))
    edit = processes.run(octavo, folder)
    bench.add_limit(GROUP, "one prose edit, wall", 1000 * edit.wall_s, 1000 * peer.wall_s, 0,
                    unit="ms", peer_name="nbconvert")  # fmt: skip
    pages = [path.stat().st_size for path in (folder / "build").rglob("n*.html")]
    theirs = [path.stat().st_size for path in (folder / "peer").glob("*.html")]
    bench.add_limit(GROUP, "largest page", max(pages) / 1000, max(theirs) / 1000, 200,
                    unit="kB", peer_name="nbconvert")  # fmt: skip
    measure_pdf(bench, octavo)


def measure_pdf(bench: Bench, octavo: list[str]) -> None:
    """Measure a long PDF, for which no peer is at hand without LaTeX."""
    folder = bench.folder / "pdf"
    folder.mkdir()
    (folder / "long.ipynb").write_text(json.dumps(notebook(LONG, 0)))
    write_toml(folder, "pdf")
    cost = processes.run([*octavo, "--force"], folder)
    bench.add_limit("editions: a PDF", f"{LONG} cells, CPU", 1000 * cost.cpu_s, None, 2000,
                    unit="ms", peer_name="")  # fmt: skip


def write_toml(folder: Path, target: str) -> None:
    (folder / "octavo.toml").write_text(
        f'[edition.all]\nfrom = ["/notes/*.ipynb", "/*.ipynb"]\nwrite = ["{target}"]\n'
    )


def ms(octavo_s: float, peer_s: float) -> Figures:
    return Figures(1000 * octavo_s, 1000 * peer_s)


def notebook(cells: int, seed: int) -> dict:
    """Return a notebook of prose and code, with printed outputs and tables."""
    found = []
    for n in range(0, cells, 2):
        prose = (
            f"## Part {seed}.{n}\n\nSome prose with *emphasis*, `code` and $x_{{{n}}}^2$, and a\n"
            f"[link](https://example.org).\n\n- one\n- two\n\n| a | b |\n| - | - |\n"
            f"| {n} | {seed} |\n"
        )
        code = "\n".join(
            f"value_{i} = compute({n}, factor={i} * {seed})  # line {i}" for i in range(8)
        )
        rows = f"<tr><td>{n}</td><td>1</td></tr>" * 5
        table = f"<table><tr><th>a</th><th>b</th></tr>{rows}</table>"
        outputs = [
            {"output_type": "stream", "name": "stdout", "text": f"step {n}\n" * 5},
            {"output_type": "execute_result", "execution_count": n + 1, "metadata": {},
             "data": {"text/html": table, "text/plain": f"table {n}"}},
        ]  # fmt: skip
        found.append({"cell_type": "markdown", "id": f"m{n}", "metadata": {}, "source": prose})
        found.append({"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": code,
                      "execution_count": n + 1, "outputs": outputs})  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": found, "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
            "nbformat": 4, "nbformat_minor": 5}  # fmt: skip
