"""Start programs and tell what they cost: whole processes, and workers that answer requests.

This module and its caller stay small on purpose: Linux counts the memory of the process that
starts a program as that program's own until it is loaded.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """What one run of a program cost."""

    wall_s: float
    cpu_s: float
    """User and system time."""
    peak_bytes: int


def run(command: list[str], folder: Path) -> Cost:
    """Run *command* in *folder* to its end.

    Raises: `RuntimeError` with what it printed when it fails.
    """
    with (folder / "printed.txt").open("w+") as printed:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=printed, stderr=printed
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            printed.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed: {printed.read().strip()}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


class Worker:
    """One tool in a process of its own (bench/worker.py)."""

    def __init__(self, tool: str, folder: Path) -> None:
        script = Path(__file__).with_name("worker.py")
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(script), tool, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, do: str, **request: object) -> dict:
        """Return the answer to a request."""
        self._process.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the worker has ended; see its message above")
        return json.loads(line)

    def end(self) -> None:
        """Let the process end."""
        self._process.stdin.close()
        self._process.wait()
