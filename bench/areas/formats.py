"""Formats: start, whole commands, memory, reading, writing, updating, growth."""

import shutil
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

import processes
from frame import HERE, Bench, Figures, cli, least, say

if TYPE_CHECKING:
    from collections.abc import Callable

#: Format, goal when reading, goal when writing (0 = none), and whether jupytext has it without
#: the help of another program.
FORMATS = (
    ("py:percent", 30, 15, True),
    ("py:light", 30, 15, True),
    ("md", 30, 15, True),
    ("md:myst", 15, 8, True),
    ("Rmd", 15, 8, True),
    ("py:hydrogen", 0, 0, True),
    ("qmd", 0, 0, False),
    ("py:marimo", 0, 0, False),
)
DOUBLED = ("ipynb", *(row[0] for row in FORMATS))
START_GOAL_MS = 45
DOUBLING_GOAL = 2.3


def measure(bench: Bench) -> None:
    """Measure everything about formats."""
    prepare(bench)
    measure_starts(bench, sys.executable, "start of the command", START_GOAL_MS)
    if bench.heavy:
        measure_starts(bench, bench.heavy, "start beside many Jupyter packages", START_GOAL_MS)
    measure_commands(bench)
    pair = Pair(bench)
    measure_formats(bench, pair)
    measure_ipynb(bench, pair)
    measure_images(bench, pair)
    measure_doubling(bench, pair)
    pair.end()


def measure_starts(bench: Bench, python: str, group: str, goal: float) -> None:
    """Time a small conversion as a whole process, against a Python that does nothing."""
    commands = {"python": [python, "-c", "pass"]}
    for tool in ("octavo", "jupytext"):
        command = cli(python, tool)
        if command:
            commands[tool] = command + conversion(tool, "small.ipynb", "py:percent", "small.py")
    costs: dict[str, list[processes.Cost]] = {tool: [] for tool in commands}
    for command in commands.values():
        processes.run(command, bench.folder)  # writes the byte code, fills the file cache
    for _ in range(bench.starts):
        for tool, command in commands.items():
            costs[tool].append(processes.run(command, bench.folder))
    for name, field in (("wall", "wall_s"), ("CPU", "cpu_s")):
        times = {
            tool: [1000 * getattr(cost, field) for cost in of_tool]
            for tool, of_tool in costs.items()
        }
        above = {
            tool: statistics.median(
                time - bare for time, bare in zip(times[tool], times["python"], strict=True)
            )
            for tool in times
        }
        bench.add_limit(
            group, f"{name} above bare Python", above["octavo"], above.get("jupytext"), goal,
            unit="ms",
        )  # fmt: skip
        bench.add_limit(
            group, f"bare Python, {name}", statistics.median(times["python"]), None, 0, unit="ms"
        )


def conversion(tool: str, source: str, fmt: str, target: str) -> list[str]:
    """Return the arguments of a conversion; into a notebook it is an update."""
    update = ["--update"] if fmt == "ipynb" else []
    if tool == "octavo":
        return ["convert", source, "--to", fmt, "-o", target, *update]
    return ["--quiet", "--to", fmt, "-o", target, *update, source]


def measure_commands(bench: Bench) -> None:
    """Measure conversions of large notebooks as whole processes: CPU time and peak memory."""
    cells = f"{bench.cells:,} cells"
    cases = (
        (cells, "cells.ipynb", "py:percent", "command.py", 0),
        (f"{cells}, update", "edited.py", "ipynb", "old.ipynb", 0),
        ("50 MB of images", "images.ipynb", "py:percent", "command.py", 8),
        ("50 MB of images, update", "images.py", "ipynb", "old-images.ipynb", 4),
    )
    costs = []
    for name, source, fmt, target, goal in cases:
        octavo, peer = (
            least_cost(bench, tool, conversion(tool, source, fmt, target), target)
            for tool in ("octavo", "jupytext")
        )
        bench.add("whole command", name, Figures(1000 * octavo.cpu_s, 1000 * peer.cpu_s), goal)
        costs.append((name, octavo, peer))
    for name, octavo, peer in costs:
        figures = Figures(octavo.peak_bytes / 1e6, peer.peak_bytes / 1e6)
        bench.add("peak memory", name, figures, 1, unit="MB")


def least_cost(bench: Bench, tool: str, arguments: list[str], target: str) -> processes.Cost:
    """Return the least CPU time and the least peak of several runs."""
    costs = []
    for _ in range(bench.rounds if tool == "octavo" or "images" in target else 1):
        if target.endswith(".ipynb"):  # an update begins with the old notebook
            source = "images.ipynb" if "images" in target else "cells.ipynb"
            shutil.copyfile(bench.folder / source, bench.folder / target)
        else:
            (bench.folder / target).unlink(missing_ok=True)
        costs.append(processes.run(cli(sys.executable, tool) + arguments, bench.folder))
    return processes.Cost(*(min(values) for values in zip(*costs, strict=True)))


class Pair:
    """Both tools as workers, asked in turn."""

    def __init__(self, bench: Bench) -> None:
        self.octavo = processes.Worker("octavo", bench.folder)
        self.jupytext = processes.Worker("jupytext", bench.folder)
        self._rounds = bench.rounds

    def time(self, do: str, *, peer: bool = True, save: str = "", **request: object) -> Figures:
        """Return the times of both (of Octavo alone without *peer*).

        The text that is written goes into the file *save*: jupytext's, where it has one.

        Raises: `LookupError` when a tool has no such format.
        """
        octavo, jupytext = [], []
        saved = {"save": save} if save else {}
        for _ in range(self._rounds):
            ours = {} if peer else saved
            octavo.append(self._asked(self.octavo, do, **request, **ours, repeat=3 if peer else 1))
            if peer:
                jupytext.append(self._asked(self.jupytext, do, **request, **saved))
        return least(octavo, jupytext)

    def _asked(self, worker: processes.Worker, do: str, **request: object) -> dict:
        answer = worker.ask(do, **request)
        if "error" in answer:
            raise LookupError(answer["error"])
        return answer

    def end(self) -> None:
        """Let both processes end."""
        self.octavo.end()
        self.jupytext.end()


def measure_formats(bench: Bench, pair: Pair) -> None:
    """Measure writing and reading of each text format."""
    size = f"{bench.cells:,} cells"
    for fmt, read_goal, write_goal, has_peer in FORMATS:
        file = "cells." + fmt.replace(":", ".")
        common = {"peer": has_peer, "fmt": fmt}
        try:
            write = pair.time("write", notebook="cells.ipynb", save=file, **common)
            read = pair.time("read", file=file, **common)
        except LookupError as error:
            bench.skip(f"{fmt}, {size}", error.args[0])
            continue
        for name, found, goal in (("write", write, write_goal), ("read", read, read_goal)):
            note = "" if found.alike else f"not {name} alike"
            bench.add(f"{name}, {size}", fmt, found, goal, note=note)


def measure_ipynb(bench: Bench, pair: Pair) -> None:
    """Measure reading and writing of notebook files, beside nbformat."""
    size = f"{bench.cells:,} cells"
    read = pair.time("read", fmt="ipynb", file="cells.ipynb")
    write = pair.time("write", fmt="ipynb", notebook="cells.ipynb")
    bench.add(f"read, {size}", "ipynb", read, 8, peer_name="nbformat")
    bench.add(f"write, {size}", "ipynb", write, 8, peer_name="nbformat")


def measure_images(bench: Bench, pair: Pair) -> None:
    """Measure a notebook with large outputs: bytes to text, and text over old bytes."""
    to_text = pair.time("to_text", fmt="py:percent", notebook="images.ipynb")
    update = pair.time("update", fmt="py:percent", file="images.py", notebook="images.ipynb")
    bench.add("50 MB of images", "ipynb to py:percent", to_text, 8)
    bench.add("50 MB of images", "py:percent over the old ipynb", update, 4)


def measure_doubling(bench: Bench, pair: Pair) -> None:
    """Measure how the time grows when a notebook becomes twice as long."""
    for worker in (pair.octavo, pair.jupytext):
        worker.ask("forget")
    for fmt in DOUBLED:
        steps: "dict[str, Callable[[str], dict]]" = {
            "read": lambda name, fmt=fmt: {"file": f"{name}.{fmt.replace(':', '.')}"},
            "write": lambda name: {"notebook": name + ".ipynb"},
        }
        if fmt != "ipynb":
            steps["combine"] = lambda name, fmt=fmt: {
                "file": f"{name}-edited.{fmt.replace(':', '.')}",
                "notebook": name + ".ipynb",
            }
        if not save_doubled(bench, pair, fmt):
            continue
        for do, request in steps.items():
            once, twice = float("inf"), float("inf")
            for _ in range(5):  # as octavo.testing.growth does it: more runs only while in doubt
                once = min(once, pair.time(do, peer=False, fmt=fmt, **request("cells")).octavo)
                twice = min(twice, pair.time(do, peer=False, fmt=fmt, **request("double")).octavo)
                if twice <= DOUBLING_GOAL * once:
                    break
            name = {"combine": "update, all edited"}.get(do, do)
            bench.add_limit(
                "twice the cells", f"{fmt}: {name}", twice / once, None, DOUBLING_GOAL, unit="x"
            )


def save_doubled(bench: Bench, pair: Pair, fmt: str) -> bool:
    """Write the texts that are read; return whether the format is there."""
    if fmt == "ipynb":
        return True
    for name in ("cells", "double"):
        for ending, edit in (("", 0), ("-edited", 1)):
            file = f"{name}{ending}.{fmt.replace(':', '.')}"
            request = {"fmt": fmt, "notebook": name + ".ipynb", "file": file, "edit": edit}
            answer = pair.octavo.ask("save", **request)
            if "error" in answer:
                bench.skip(f"{fmt}, twice the cells", answer["error"])
                return False
    return True


def prepare(bench: Bench) -> None:
    """Write the notebooks and the edited texts that all tools get."""
    say(f"making notebooks of {bench.cells:,} and {2 * bench.cells:,} cells and 50 MB of images")
    script = str(HERE / "inputs.py")
    subprocess.run([sys.executable, script, str(bench.folder), str(bench.cells)], check=True)
    worker = processes.Worker("octavo", bench.folder)
    for name, file, edit in (("cells", "edited.py", 100), ("images", "images.py", 10)):
        worker.ask("save", fmt="py:percent", notebook=f"{name}.ipynb", file=file, edit=edit)
    worker.end()
