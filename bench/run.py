"""Measure Octavo beside its peers, in one run on one machine.

    python bench/run.py [AREA ...] [--quick] [--full] [--heavy PYTHON] [--results FOLDER]

An area is a file of bench/areas; without any, all are measured.  The run prints a table and
writes results.json, results.md and results.svg into bench/results, and the table into
docs/performance.md; rows of areas that were not asked for stay as they were.  It installs
nothing; `make bench` provides an environment.  See bench/README.md.
"""

import argparse
import importlib
import importlib.metadata
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

from frame import HERE, Bench

PEER_VERSION = "1.19.6"
NEEDED = ("octavo", "jupytext", "nbformat", "matplotlib")


def area_names() -> list[str]:
    """Return the names of the areas: formats first, the others by name."""
    names = sorted(path.stem for path in (HERE / "areas").glob("[a-z]*.py"))
    return sorted(names, key=lambda name: name != "formats")


def missing_packages() -> list[str]:
    """Return what is needed and not installed, or not in the version that is compared."""
    missing = []
    for name in NEEDED:
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if name == "jupytext" and version != PEER_VERSION:
            missing.append(f"jupytext=={PEER_VERSION} (found {version})")
    return missing


def environment() -> dict[str, str]:
    """Return what was measured on what."""
    packages = ("octavo", "jupytext", "nbformat", "msgspec", "PyYAML")
    return {
        "Python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in packages},
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
    }


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("areas", nargs="*", metavar="AREA", help=", ".join(area_names()))
    parser.add_argument("--quick", action="store_true", help="fewer cells and runs: a rehearsal")
    parser.add_argument("--full", action="store_true", help="the largest instances, for an hour")
    parser.add_argument(
        "--heavy", metavar="PYTHON", help="also measure the start in this Python's environment"
    )
    parser.add_argument("--results", type=Path, help="folder of the results (bench/results)")
    options = parser.parse_args(arguments)
    unknown = set(options.areas) - set(area_names())
    if unknown:
        parser.error(f"no such area: {', '.join(sorted(unknown))}; there are {area_names()}")
    options.areas = options.areas or area_names()
    return options


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and write the results; return 1 when a goal is not met."""
    options = parsed(arguments)
    missing = missing_packages()
    if missing:
        print(f"bench: not installed: {', '.join(missing)}.", file=sys.stderr)
        print("`make bench` provides them, or: pip install --group bench -e .", file=sys.stderr)
        return 2
    results = options.results or (None if options.quick else HERE / "results")
    rows, skipped = [], []
    for name in options.areas:
        bench = measured(name, options)
        rows += [{"area": name, **row} for row in bench.rows]
        skipped += bench.skipped
    found = {"environment": environment(), "rows": rows, "skipped": skipped}
    tell(with_other_areas(found, results, options.areas), results)
    return int(not options.quick and any(row["met"] is False for row in rows))


def measured(name: str, options: argparse.Namespace) -> Bench:
    """Return the rows of one area, measured in a folder of its own."""
    size = {"cells": 1000, "rounds": 1, "starts": 5} if options.quick else {}
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        bench = Bench(Path(folder), **size)
        bench.quick, bench.full, bench.heavy = options.quick, options.full, options.heavy
        importlib.import_module(f"areas.{name}").measure(bench)
    return bench


def with_other_areas(found: dict, results: Path | None, areas: list[str]) -> dict:
    """Return the results with the rows that an earlier run found in other areas."""
    path = None if results is None else results / "results.json"
    if path is None or not path.exists():
        return found
    earlier = json.loads(path.read_text("utf-8"))
    kept = [row for row in earlier["rows"] if row.get("area", "formats") not in areas]
    rows = kept + found["rows"]
    order = area_names()
    rows.sort(key=lambda row: order.index(row.get("area", "formats")))
    return {**found, "rows": rows}


def tell(found: dict, results: Path | None) -> None:
    """Print the table and write the files."""
    import report  # matplotlib is large: it comes after the measurements

    text = report.table(found)
    print(text)
    if results is None:
        return
    results.mkdir(parents=True, exist_ok=True)
    (results / "results.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    (results / "results.md").write_text(text, "utf-8")
    report.plot(found, results / "results.svg")
    if results == HERE / "results":
        report.put_into(HERE.parent / "docs/performance.md", found)


if __name__ == "__main__":
    sys.exit(main())
