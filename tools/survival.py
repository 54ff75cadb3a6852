"""Count the tricky cells that survive each format, in Octavo and in Jupytext.

    python tools/survival.py            write the table into docs/lossless.md
    python tools/survival.py FORMAT     tell which cells Jupytext loses in a format, and how

The cells are those of tests/properties/strategies.py.  Each stands between two plain cells, is
written and read back.  It survives when the number of cells, and the kind, source and metadata
of each, are equal; metadata that a text leaves out on purpose, and the layout keys that Jupytext
puts into notebooks, are not compared.
"""

import logging
import sys
import warnings
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests/properties"))

import jupytext  # noqa: E402  the strategies are no package, so the path comes first
import nbformat  # noqa: E402
from strategies import ATOMS, between_plain_neighbours, differences, survivable  # noqa: E402

from octavo import Cell, Document  # noqa: E402

PAGE = ROOT / "docs/lossless.md"
OPENING = "<!-- survival: written by `python tools/survival.py` -->\n"
CLOSING = "<!-- end of survival -->\n"
FORMATS = ("py:percent", "py:light", "py:hydrogen", "md", "Rmd", "md:myst")


def main() -> None:
    """Write the table, or tell about one format."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    if sys.argv[1:]:
        tell(sys.argv[1])
        return
    before, _, rest = PAGE.read_text("utf-8").partition(OPENING)
    after = rest.partition(CLOSING)[2]
    PAGE.write_text(before + OPENING + "\n" + table() + "\n" + CLOSING + after, "utf-8")


def table() -> str:
    """Return the counts as a Markdown table."""
    lines = [
        f"| Survive, of {len(ATOMS)} | Octavo | Jupytext {jupytext.__version__} |",
        "|---|---:|---:|",
    ]
    for fmt in FORMATS:
        ours = sum(not differences(between_plain_neighbours(atom), fmt) for atom in ATOMS)
        theirs = sum(not lost_by_jupytext(atom, fmt) for atom in ATOMS)
        lines.append(f"| {fmt} | {ours} | {theirs} |")
    return "\n".join(lines) + "\n"


def tell(fmt: str) -> None:
    """Print the cells that Jupytext loses in a format."""
    for atom in ATOMS:
        lost = lost_by_jupytext(atom, fmt)
        if lost:
            print(f"{str(atom)[:100]}: {lost[:200]}")


def lost_by_jupytext(atom: Cell, fmt: str) -> str:
    """Return what Jupytext loses of a cell, "" when it survives."""
    document = between_plain_neighbours(atom)
    try:
        text = jupytext.writes(nbformat.from_dict(document.to_nbformat()), fmt)
        back = Document.from_nbformat(jupytext.reads(text, fmt))
    except Exception as error:  # noqa: BLE001  whatever it is, the cell did not survive
        return f"{type(error).__name__}: {error}"
    before, after = facts(document), facts(back)
    return "" if before == after else f"{before[1:-1]} became {after[1:-1]}"


def facts(document: Document) -> list[tuple[str, str, dict[str, Any]]]:
    """Return what is compared."""
    return [(cell.kind, cell.source, survivable(cell.metadata)) for cell in document.cells]


if __name__ == "__main__":
    main()
