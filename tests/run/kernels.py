"""Documents to run, and kernels that misbehave."""

import json
import sys
import textwrap
import time

import psutil

from octavo.core.document import Cell, Document

PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def document(*sources, metadata=PYTHON, tags=None):
    """Return a document with these code cells; *tags* by their index."""
    cells = [
        Cell(
            "code", source, {"tags": tags[i]} if tags and i in tags else {}, outputs=[], id=f"c{i}"
        )
        for i, source in enumerate(sources)
    ]
    return Document(cells, metadata)


def install(folder, name, argv, **spec):
    """Write the kernel.json of a kernel into a data folder of Jupyter."""
    place = folder / "kernels" / name
    place.mkdir(parents=True)
    text = json.dumps({"argv": argv, "display_name": name, "language": "python", **spec})
    (place / "kernel.json").write_text(text, "utf-8")
    return place / "kernel.json"


def script(code):
    """Return the command of a kernel that is a few lines of Python."""
    return [sys.executable, "-c", textwrap.dedent(code), "{connection_file}"]


def texts(cell):
    """Return what a cell printed."""
    return "".join(out["text"] for out in cell.outputs if out["output_type"] == "stream")


def wait_until(condition):
    """Wait until *condition* holds; a minute is enough for everything here."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_gone(pid):
    """Return whether a process runs no more (a zombie does not run)."""
    try:
        return psutil.Process(int(pid)).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
