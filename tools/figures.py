"""Put the figures of the last `make bench` into the README.

    python tools/figures.py            write them
    python tools/figures.py --check    exit with 1 when other figures stand there

The figures are those of bench/results/results.json; nothing is rounded in our favour: ratios are
cut, not rounded up.
"""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
RESULTS = ROOT / "bench/results/results.json"
OPENING = "<!-- figures: written by `python tools/figures.py` -->\n"
CLOSING = "<!-- end of the figures -->\n"

SIZE = "10,000 cells"
FORMATS = ("py:percent", "py:light", "md", "md:myst", "Rmd", "ipynb")
START, HEAVY = "start of the command", "start beside many Jupyter packages"
CPU = "CPU above bare Python"
IMAGES = "50 MB of images"
SYNC = "sync of 1,000 pairs of 20 cells"
GIT = "git with 500 notebooks"
EDITIONS = "editions: 50 notebooks of 40 cells"
HISTORY = "a history of 40 commits x 20 notebooks"

#: What a row is called in the README: group, case, words.
ROWS = (
    (START, CPU, "convert a small notebook in a shell, above bare Python"),
    (HEAVY, CPU, "the same beside many Jupyter packages"),
    *((f"read, {SIZE}", fmt, f"read {SIZE}, {fmt}") for fmt in FORMATS),
    *((f"write, {SIZE}", fmt, f"write {SIZE}, {fmt}") for fmt in FORMATS),
    (IMAGES, "ipynb to py:percent", f"a notebook with {IMAGES} to text"),
    (IMAGES, "py:percent over the old ipynb", "a text over that notebook, outputs kept"),
    ("peak memory", IMAGES, "peak memory of the first of these"),
    (SYNC, "nothing to do", "sync 1,000 pairs, nothing to do"),
    (SYNC, "every text edited", "sync 1,000 pairs, every text edited"),
    ("watch", "save: octavo sync --daemon", "follow one save in an editor, warm"),
    ("run", "run 20 small cells", "run a notebook of 20 small cells"),
    (GIT, "git add, outputs kept out", "`git add` of 500 notebooks, outputs kept out"),
    (GIT, "git diff, 20 edited", "`git diff` of 20 edited notebooks"),
    (EDITIONS, "to a site, CPU", "50 notebooks of 40 cells to a site"),
    (HISTORY, "to md, wall", "rewrite 40 commits of 20 notebooks to Markdown"),
)


def main() -> int:
    """Write or check the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only tell whether they are current")
    only_check = parser.parse_args().check
    before = README.read_text("utf-8")
    after = with_figures(before, json.loads(RESULTS.read_text("utf-8")))
    if before == after:
        return 0
    if only_check:
        sys.stderr.write("the figures of README.md are not those of bench/results\n")
        return 1
    README.write_text(after, "utf-8")
    print("the figures of README.md were renewed")
    return 0


def with_figures(text: str, found: dict[str, Any]) -> str:
    """Return the README with the figures of a run between its two comments."""
    before, _, rest = text.partition(OPENING)
    after = rest.partition(CLOSING)[2]
    table = "\n".join(["", *lines(found), ""])
    return f"{before}{OPENING}{table}\n{CLOSING}{after}"


def lines(found: dict[str, Any]) -> list[str]:
    """Return the lines of the table; a case that was not measured has none."""
    rows = {(row["group"], row["case"]): row for row in found["rows"]}
    table = ["| | Octavo | peer | times less |", "|---|---:|---:|---:|"]
    for group, case, words in ROWS:
        row = rows.get((group, case))
        if row is not None and row["peer"] is not None:
            table.append(line(row, words))
    facts = found["environment"]
    return [*table, "", f"Python {facts['Python']}, {facts['system']}."]


def line(row: dict[str, Any], words: str) -> str:
    """Return one line of the table."""
    peer = "Jupytext" if row["peer_name"] == "jupytext" else row["peer_name"]
    unit = row["unit"]
    ratio = row["peer"] / row["octavo"]
    times = f"{math.floor(ratio)}" if ratio >= 10 else f"{math.floor(ratio * 10) / 10:.1f}"
    ours, theirs = figure(row["octavo"]), figure(row["peer"])
    return f"| {words} | {ours} {unit} | {peer} {theirs} {unit} | {times} |"


def figure(value: float) -> str:
    """Return a figure with as many digits as tell something."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


if __name__ == "__main__":
    sys.exit(main())
