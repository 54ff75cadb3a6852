"""One tool in a process of its own, which does what it is told and tells how long it took.

    python bench/worker.py octavo|jupytext FOLDER

reads one JSON object a line from standard input, such as `{"do": "read", "fmt": "py:percent"}`,
and answers with one JSON object a line: `{"seconds": ...}` (CPU time), `{"error": ...}`, or what
was asked for.  Each tool has its own process so that neither pays for the modules and the live
objects of the other; the parent asks them in turn, so that both meet the same machine.
"""

import gc
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Octavo:
    """Octavo's public functions."""

    def __init__(self) -> None:
        import octavo

        self.errors = (octavo.OctavoError, ImportError)
        self.parse = octavo.reads
        self.format = octavo.writes

    def load(self, path: Path) -> object:
        """Return a notebook as the tool holds it in memory."""
        return self.parse(path.read_bytes(), "ipynb")

    def cells(self, document: object) -> list:
        """Return what a text carries of the cells."""
        return [[cell.kind, cell.source, cell.metadata] for cell in document.cells]

    def to_text(self, data: bytes, fmt: str) -> str:
        """Return the content of a notebook file as text."""
        return self.format(self.parse(data, "ipynb"), fmt)

    def update(self, text: str, fmt: str, old: bytes) -> str:
        """Return the content of a notebook file: inputs of *text*, outputs of *old*."""
        import octavo

        document = octavo.update(self.parse(text, fmt), self.parse(old, "ipynb"), fmt)
        return self.format(document, "ipynb")

    def combine(self, text: str, fmt: str, old: object) -> object:
        """Return a document with the inputs of *text* and the outputs of *old*."""
        import octavo

        return octavo.update(self.parse(text, fmt), old, fmt)

    def edited(self, document: object, step: int) -> object:
        """Return *document* with a word more at the end of every *step*-th cell."""
        return document.with_(
            cells=[
                cell if n % step else cell.with_(source=f"{cell.source}  # edited")
                for n, cell in enumerate(document.cells)
            ]
        )


class Jupytext:
    """The same of jupytext and nbformat."""

    errors = (ImportError, ValueError)

    def __init__(self) -> None:
        import jupytext
        import nbformat

        self.nbformat = nbformat
        self.jupytext = jupytext

    def parse(self, text: str, fmt: str) -> object:
        """Return the notebook that a text holds."""
        if fmt == "ipynb":
            return self.nbformat.reads(text, as_version=4)
        return self.jupytext.reads(text, fmt)

    def format(self, document: object, fmt: str) -> str:
        """Return a notebook as text."""
        if fmt == "ipynb":
            return self.nbformat.writes(document)
        return self.jupytext.writes(document, fmt)

    def load(self, path: Path) -> object:
        """Return a notebook as the tool holds it in memory."""
        return self.nbformat.reads(path.read_text("utf-8"), as_version=4)

    def cells(self, document: object) -> list:
        """Return what a text carries of the cells, without jupytext's layout keys."""
        layout = {"lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker"}
        return [
            [
                cell.cell_type,
                cell.source,
                {key: value for key, value in cell.metadata.items() if key not in layout},
            ]
            for cell in document.cells
        ]

    def to_text(self, data: bytes, fmt: str) -> str:
        """Return the content of a notebook file as text."""
        return self.format(self.parse(data.decode("utf-8"), "ipynb"), fmt)

    def update(self, text: str, fmt: str, old: bytes) -> str:
        """Return the content of a notebook file: inputs of *text*, outputs of *old*."""
        return self.format(
            self.combine(text, fmt, self.parse(old.decode("utf-8"), "ipynb")), "ipynb"
        )

    def combine(self, text: str, fmt: str, old: object) -> object:
        """Return a document with the inputs of *text* and the outputs of *old*."""
        from jupytext.combine import combine_inputs_with_outputs

        return combine_inputs_with_outputs(self.parse(text, fmt), old, self._long_form(fmt))

    def _long_form(self, fmt: str) -> dict:
        from jupytext.formats import long_form_one_format

        return long_form_one_format(fmt)


class Worker:
    """Carries out requests; each method `do_*` is one."""

    def __init__(self, tool: Octavo | Jupytext, folder: Path) -> None:
        self.tool = tool
        self.folder = folder
        self._documents: dict[str, object] = {}

    def answer(self, request: dict) -> dict:
        """Return the answer to one request."""
        work = getattr(self, "do_" + request.pop("do"))
        try:
            return work(**request)
        except self.tool.errors as error:
            return {"error": str(error)}

    def do_read(self, fmt: str, file: str, repeat: int = 1) -> dict:
        """Time text -> document; tell a hash of its cells, to compare the tools."""
        text = self._text(file)
        seconds, document = self._time(lambda: self.tool.parse(text, fmt), repeat)
        return {"seconds": seconds, "result": _hash(self.tool.cells(document))}

    def do_write(self, fmt: str, notebook: str, repeat: int = 1, save: str = "") -> dict:
        """Time document -> text, also into the file *save*; tell a hash of its lines."""
        document = self._document(notebook)
        seconds, text = self._time(lambda: self.tool.format(document, fmt), repeat)
        if save:
            (self.folder / save).write_bytes(text.encode("utf-8"))
        lines = [line for line in text.split("\n") if "jupytext_version:" not in line]
        return {"seconds": seconds, "result": _hash(lines)}

    def do_to_text(self, fmt: str, notebook: str, repeat: int = 1) -> dict:
        """Time the bytes of a notebook -> text."""
        data = (self.folder / notebook).read_bytes()
        seconds, _ = self._time(lambda: self.tool.to_text(data, fmt), repeat)
        return {"seconds": seconds}

    def do_update(self, fmt: str, file: str, notebook: str, repeat: int = 1) -> dict:
        """Time text and the bytes of the old notebook -> the text of the new one."""
        text, old = self._text(file), (self.folder / notebook).read_bytes()
        seconds, _ = self._time(lambda: self.tool.update(text, fmt, old), repeat)
        return {"seconds": seconds}

    def do_combine(self, fmt: str, file: str, notebook: str, repeat: int = 1) -> dict:
        """Time text and the old document -> the new document."""
        text, old = self._text(file), self._document(notebook)
        seconds, _ = self._time(lambda: self.tool.combine(text, fmt, old), repeat)
        return {"seconds": seconds}

    def do_save(self, fmt: str, notebook: str, file: str, edit: int = 0) -> dict:
        """Write a notebook as text into *file*; with *edit*, every so manieth cell is changed."""
        document = self._document(notebook)
        if edit:
            document = self.tool.edited(document, edit)
        text = self.tool.format(document, fmt)
        (self.folder / file).write_bytes(text.encode("utf-8"))
        return {"bytes": (self.folder / file).stat().st_size}

    def do_forget(self) -> dict:
        """Drop the notebooks that are kept for writing."""
        self._documents.clear()
        return {}

    def _document(self, notebook: str) -> object:
        if notebook not in self._documents:
            self._documents[notebook] = self.tool.load(self.folder / notebook)
        return self._documents[notebook]

    def _text(self, file: str) -> str:
        return (self.folder / file).read_bytes().decode("utf-8")

    def _time(self, work: "Callable[[], object]", repeat: int) -> tuple[float, object]:
        """Return the least CPU time of *repeat* runs, and the last result."""
        best, result = float("inf"), None
        for _ in range(repeat):
            result = None
            gc.collect()
            start = time.process_time()
            result = work()
            best = min(best, time.process_time() - start)
        return best, result


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def main() -> None:
    """Answer requests until there are no more."""
    tool = {"octavo": Octavo, "jupytext": Jupytext}[sys.argv[1]]()
    worker = Worker(tool, Path(sys.argv[2]))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(worker.answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
