"""Notebooks as modules: import of an unchanged one beside the same script, reload after an edit."""

import os
import subprocess
import sys
import time

from frame import Bench, Figures

CELLS = 100
STARTS = 11
IMPORT_GOAL = 1 / 1.3
RELOAD_LIMIT_MS = 20

_IMPORT = """
import sys, time
{hook}
def once():
    sys.modules.pop("{name}", None)
    start = time.perf_counter()
    __import__("{name}")
    return (time.perf_counter() - start) * 1e3
print(once(), min(once() for _ in range(100)))
"""
_RELOAD = """
import sys, time, importlib
import octavo.auto
from octavo.modules import {warm}
import {name}
path = {name}.__file__
best = []
for n in range(12):
    with open(path) as fp:
        text = fp.read()
    with open(path, "w") as fp:
        fp.write(text.replace("total = " + str(n), "total = " + str(n + 1)))
    start = time.perf_counter()
    {action}
    best.append((time.perf_counter() - start) * 1e3)
    assert {name}.function_0(0) == n + 1
print(min(best), min(best))
"""


def measure(bench: Bench) -> None:
    """Measure in processes of their own, with caches on."""
    import octavo

    document = octavo.Document(cells(), KERNEL)
    for name, fmt in (("nb_ipynb.ipynb", "ipynb"), ("nb_md.md", "md"), ("script.py", "py:percent")):
        octavo.write(document, bench.folder / name, fmt)
    group = f"import of an unchanged module of {CELLS} cells"
    for name in ("script", "nb_ipynb", "nb_md"):
        imported(bench, name)  # writes the caches
        time.sleep(0.2)  # files are trusted once they are older than a tick of the clock
        imported(bench, name)
    times = {"script": [], "nb_ipynb": [], "nb_md": []}
    for _ in range(STARTS):
        for name, found in times.items():
            found.append(imported(bench, name))
    for i, case in enumerate(("first in a process", "again in that process")):
        best = {name: min(entry[i] for entry in found) for name, found in times.items()}
        for name in ("nb_ipynb", "nb_md"):
            figures = Figures(best[name], best["script"])
            bench.add(group, f"{name[3:]}, {case}", figures, IMPORT_GOAL, peer_name="python")
    measure_reload(bench)


def measure_reload(bench: Bench) -> None:
    """Measure an edit of one line until the module is new: beyond what Python takes."""
    script = python(
        bench,
        _RELOAD.format(name="script", warm="reload", action="importlib.reload(script)"),
        PYTHONDONTWRITEBYTECODE="1",
    )[0]
    for name in ("nb_ipynb", "nb_md"):
        action = "assert [e.what for e in reload.changed()] == ['reloaded']"
        found = python(bench, _RELOAD.format(name=name, warm="reload", action=action))[0]
        bench.add_limit(
            f"reload after an edit, {CELLS} cells",
            f"{name[3:]}, beyond Python's own reload",
            max(found - script, 0.001),
            None,
            RELOAD_LIMIT_MS,
            unit="ms",
        )


def imported(bench: Bench, name: str) -> tuple[float, float]:
    """Return ms of the first and of a later import."""
    hook = "" if name == "script" else "import octavo.auto"
    return python(bench, _IMPORT.format(hook=hook, name=name))


def python(bench: Bench, code: str, **env: str) -> tuple[float, float]:
    """Run *code* in the folder of the bench, with caches unless *env* says otherwise."""
    base = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, cwd=bench.folder, env={**base, **env},
    )  # fmt: skip
    first, later = map(float, done.stdout.split())
    return first, later


def cells() -> list:
    """Return prose and functions and classes, one of each a cell."""
    import octavo

    found = []
    for n in range(CELLS):
        if n % 2 == 0:
            found.append(octavo.Cell("markdown", f"## Part {n}\n\nSome words about it."))
        found.append(octavo.Cell("code", SOURCE.replace("NUMBER", str(n))))
    return found


SOURCE = '''def function_NUMBER(x, y=NUMBER):
    """Return a number."""
    total = 0
    for i in range(x):
        total += i * y
        if total > 1000:
            break
    return total


class ThingNUMBER:
    value = NUMBER

    def method(self, a):
        return [self.value + i for i in range(a)]'''
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
