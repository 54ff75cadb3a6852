"""Check that a text format keeps Octavo's promises: for authors of formats.

    >>> from octavo.testing import check_format
    >>> check_format("percent", examples=3).passed
    True

`check_format` writes and reads tricky notebooks and odd texts, the same ones at every run, and
raises `BrokenPromiseError` with the shortest example of everything that went wrong.  `growth`
tells how the cost of a function grows when its input doubles.
"""

from octavo.core.document import Cell, Document, Origin
from octavo.core.errors import OctavoError
from octavo.core.options import Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType
    from typing import TypeVar

    from octavo.core.document import Json, Kind, Metadata
    from octavo.formats._format import Format

    T = TypeVar("T")

__all__ = [
    "GROWTH_LIMIT",
    "PROMISES",
    "BrokenPromiseError",
    "Failure",
    "Growth",
    "Report",
    "check_format",
    "growth",
]

#: What is checked, in the order of the report.
PROMISES = {
    "round trip": "what the format keeps is the same after writing and reading",
    "fixed point": "a text that was read and written again stays as it is",
    "same again": "the same document gives the same text, and writing does not change it",
    "no crash": "no text raises anything but an OctavoError, and no notebook raises at all",
    "lines": "every cell tells its first line, in rising order, within the text",
    "previous": "over its own text a document is written without changing a byte",
    "ids": "reading twice gives the same ids, a different one for every cell",
    "linear growth": "twice the cells cost at most 2.3 times the lines, and no quadratic time",
}
#: How much more twice the input may cost.
GROWTH_LIMIT = 2.3
#: Time is there to see what is quadratic (4 times) below Python; caches and a busy machine alone
#: can bring linear work above `GROWTH_LIMIT`, which holds for the lines, an exact count.
_TIME_LIMIT = 3.2
#: How many failures of one promise are told.
_TOLD = 3


class Failure:
    """A promise that was not kept: what happened, and the text or cells that it happened with."""

    __slots__ = ("example", "message", "promise")

    def __init__(self, promise: str, message: str, example: str) -> None:
        self.promise = promise
        self.message = message
        self.example = example

    def __str__(self) -> str:
        """Return promise, message and example, a paragraph."""
        lines = [f"{self.promise}: {PROMISES[self.promise]}; but {self.message}"]
        if self.example:
            lines += ["    | " + line for line in self.example.split("\n")]
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Failure({self.promise!r}, {self.message!r})"


class Report:
    """What `check_format` found: how often each promise was put to the test, and the failures."""

    __slots__ = ("checks", "failures", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.checks = dict.fromkeys(PROMISES, 0)
        self.failures: list[Failure] = []

    @property
    def passed(self) -> bool:
        """Whether every promise was kept."""
        return not self.failures

    def __str__(self) -> str:
        """Return a line for each promise, then the shortest failures of each."""
        broken = [failure.promise for failure in self.failures]
        lines = [f"format {self.name}"]
        for promise, count in self.checks.items():
            wrong = broken.count(promise)
            verdict = f"{wrong} of {count} FAILED" if wrong else f"{count} passed"
            lines.append(f"  {promise:<14} {verdict if count else 'does not apply'}")
        for promise in PROMISES:
            found = [failure for failure in self.failures if failure.promise == promise]
            found.sort(key=lambda failure: len(failure.example))
            lines += ["\n" + str(failure) for failure in found[:_TOLD]]
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Report({self.name!r}, passed={self.passed})"


class BrokenPromiseError(AssertionError):
    """A format does not keep a promise; `report` tells everything that was found."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report


def check_format(fmt: "Format | str", *, examples: int = 100, seed: int = 1) -> Report:
    """Check that *fmt* keeps all `PROMISES` and return the report.

    *fmt* is a `Format` or the name of one, built in or registered under the entry point group
    `octavo.formats`.  What is expected to survive is what `fmt.keeps` says.  Beside a fixed set
    of tricky cells, *examples* random notebooks and as many random texts are tried; *seed*
    chooses them.  The same arguments give the same examples on every machine.

    Raises: `BrokenPromiseError` (an `AssertionError`) when a promise is not kept, `OptionError`
    OCT-O010 when no format has that name.
    """
    if isinstance(fmt, str):
        from octavo.formats import _text

        fmt = _text.get_format(fmt)
    report = Report(fmt.name)
    for n, suffix in enumerate(_suffixes(fmt)):
        count, step = (examples // 5, 6) if n else (examples, 1)
        _Checker(fmt, suffix, report).check(_Dice(seed + n), count, step=step)
    if not report.passed:
        raise BrokenPromiseError(report)
    return report


def _suffixes(fmt: "Format") -> "list[str]":
    """Return the suffixes to try: `.py` or the first, then a few others of another kind."""
    first = ".py" if ".py" in fmt.suffixes else fmt.suffixes[0]
    others = [suffix for suffix in fmt.suffixes if suffix != first]
    return [first, *others[:: max(len(others) // 4, 1)]]


class _Checker:
    """Checks one format with one suffix."""

    def __init__(self, fmt: "Format", suffix: str, report: Report) -> None:
        from octavo.formats import _filters

        self._fmt = fmt
        self._suffix = suffix
        self._options = Options({}, suffix)
        self._report = report
        self._metadata = _notebook_metadata(suffix)
        carried = {"all": "", "code": "", "tags": "tags,-all", "none": "-all"}
        self._filter = _filters.cell_filter(carried[fmt.keeps.cell_metadata])

    def check(self, dice: "_Dice", examples: int, *, step: int) -> None:
        """Check every promise: with every *step*-th tricky cell, and with random ones."""
        atoms = list(self._atoms())
        before, after = _cell("code", "before = 1"), _cell("code", "after = 2")
        for n, cell in enumerate(atoms[step // 2 :: step]):
            self._check_document([before, cell, after], fully=n % 5 == 0)
        for _ in range(examples):
            cells = [self._any_cell(dice, atoms) for _ in range(dice.below(7))]
            self._check_document(cells, fully=True)
        for text in ODD_TEXTS:
            self._check_text(text)
        for _ in range(examples):
            self._check_text(self._odd_text(dice, atoms))
        if step == 1:
            self._check_growth(atoms)

    def _fail(self, promise: str, message: str, example: str) -> None:
        self._report.failures.append(Failure(promise, f"{message} ({self._suffix})", example))

    def _count(self, promise: str) -> None:
        self._report.checks[promise] += 1

    def _read(self, text: str) -> Document:
        return self._fmt.read(text, self._options, Origin())

    def _write(self, document: Document, previous: str | None = None) -> str:
        return self._fmt.write(document, self._options, previous)

    def _atoms(self) -> "Iterator[Cell]":
        """Yield the tricky cells of the kinds and with the metadata that the format carries."""
        own = self._own_sources()
        for kind in self._kinds():
            for source in (*SOURCES, *own):
                yield _cell(kind, source)
            if self._fmt.keeps.cell_metadata != "none":
                for metadata in METADATA:
                    yield _cell(kind, "x = 1", metadata)

    def _own_sources(self) -> "list[str]":
        """Return what the format itself writes, as sources: lines that look like its markers."""
        cells = [_cell(kind, "x = 1", {"tags": ["a"]}) for kind in self._kinds()]
        try:
            text = self._write(Document([*cells, *cells], self._metadata))
        except Exception:  # noqa: BLE001  told by `_check_document` of such cells
            return []
        lines = [line for line in dict.fromkeys(text.split("\n")) if line.strip()]
        return [text, *lines, *(f"before\n{line}\nafter" for line in lines)]

    def _kinds(self) -> "tuple[Kind, ...]":
        return ("code", "markdown", "raw") if self._fmt.keeps.raw else ("code", "markdown")

    def _any_cell(self, dice: "_Dice", atoms: "Sequence[Cell]") -> Cell:
        if dice.below(3):
            return dice.choice(atoms)
        return _cell(dice.choice(self._kinds()), _random_text(dice))

    def _odd_text(self, dice: "_Dice", atoms: "Sequence[Cell]") -> str:
        """Return a text of the format with a piece cut out and another put in."""
        cells = [self._any_cell(dice, atoms) for _ in range(dice.below(4))]
        try:
            text = self._write(Document(cells, self._metadata))
        except Exception:  # noqa: BLE001  told by `_check_document` of such cells
            text = ""
        cut, length = dice.below(len(text) + 1), dice.below(20)
        return text[:cut] + _random_text(dice) + text[cut + length :]

    def _check_document(self, cells: "list[Cell]", *, fully: bool) -> None:
        document, twin = Document(cells, self._metadata), self._twin(cells)
        shown = "\n".join(map(repr, cells))
        self._count("no crash")
        try:
            text = self._write(document)
            back = self._read(text)
            again = self._write(back)
        except Exception as error:  # noqa: BLE001  the promise is that there is none
            self._fail("no crash", f"writing and reading raised {error!r}", shown)
            return
        if self._fmt.keeps.kinds:
            self._count("round trip")
            found = self._differences(twin, back)
            if found:
                self._fail("round trip", found, f"{shown}\nbecame the text\n{text}")
            self._count("fixed point")
            if again != text:
                example = f"{text}\nbecame\n{again}"
                self._fail("fixed point", "the second writing differs", example)
        self._check_lines(text, back)
        if fully:
            self._count("same again")
            if document != twin:
                self._fail("same again", "writing changed the document", shown)
            elif self._write(twin) != text:
                self._fail("same again", "an equal document gave another text", shown)
            self._check_reading(text)

    def _twin(self, cells: "list[Cell]") -> Document:
        """Return an equal document that shares no dictionary with the first."""
        return Document([_copy(cell) for cell in cells], _notebook_metadata(self._suffix))

    def _check_text(self, text: str) -> None:
        self._count("no crash")
        try:
            document = self._read(text)
        except OctavoError:
            return
        except Exception as error:  # noqa: BLE001  the promise is that there is none
            self._fail("no crash", f"reading raised {error!r}", text)
            return
        try:
            written = self._write(document)
            back = self._read(written)
        except Exception as error:  # noqa: BLE001  the promise is that there is none
            self._fail("no crash", f"writing what was read raised {error!r}", text)
            return
        if self._fmt.keeps.kinds:
            self._count("round trip")
            found = self._differences(document, back)
            if found:
                self._fail("round trip", found, f"{text}\nbecame\n{written}")
        self._check_lines(text, document)
        self._check_reading(text)

    def _check_reading(self, text: str) -> None:
        """Check ids, and writing over the text itself."""
        from octavo.core import ids

        document, twin = ids.assign(self._read(text)), ids.assign(self._read(text))
        self._count("ids")
        found = [cell.id for cell in document.cells]
        if found != [cell.id for cell in twin.cells] or len(set(found)) != len(found):
            self._fail("ids", f"they are {found}", text)
        # What a notebook file looks like is not of a person's making.
        if not text.strip() or not self._fmt.keeps.kinds or self._fmt.keeps.outputs:
            return
        self._count("previous")
        try:
            kept = self._write(document, text)
        except Exception as error:  # noqa: BLE001  the promise is that there is none
            self._fail("previous", f"it raised {error!r}", text)
            return
        if kept != text:
            self._fail("previous", "the text changed", f"{text}\nbecame\n{kept}")

    def _check_lines(self, text: str, document: Document) -> None:
        if self._fmt.keeps.outputs:  # lines are those of a text
            return
        self._count("lines")
        lines = [cell.line for cell in document.cells]
        last = text.count("\n") + 1
        rising = sorted(set(lines) if self._fmt.keeps.kinds else lines)
        if lines != rising or any(not 1 <= line <= last for line in lines):
            self._fail("lines", f"they are {lines}", text)

    def _differences(self, wanted: Document, found: Document) -> str:
        """Return what differs between two documents of what the format keeps, "" when nothing."""
        if len(wanted.cells) != len(found.cells):
            return f"{len(wanted.cells)} cells became {len(found.cells)}"
        for n, (a, b) in enumerate(zip(wanted.cells, found.cells, strict=True), 1):
            if a.kind != b.kind:
                return f"cell {n}, {a.kind}, became {b.kind}"
            if a.source != b.source:
                return f"the source {a.source!r} of cell {n} became {b.source!r}"
            metadata = self._carried(a)
            if self._carried(b) != metadata:
                return f"the metadata {metadata} of cell {n} became {b.metadata}"
        was, now = _kernel(wanted), _kernel(found)
        if self._fmt.keeps.notebook_metadata and was != now:
            return f"the kernel {was} became {now}"
        return ""

    def _carried(self, cell: Cell) -> "Metadata":
        if self._fmt.keeps.cell_metadata == "code" and cell.kind != "code":
            return {}
        return self._filter.apply(cell.metadata)

    def _check_growth(self, atoms: "Sequence[Cell]") -> None:
        def document(size: int) -> Document:
            return Document([atoms[n % len(atoms)] for n in range(size)], self._metadata)

        def writing(size: int) -> "Callable[[], object]":
            notebook = document(size)
            return lambda: self._write(notebook)

        def reading(size: int) -> "Callable[[], object]":
            text = self._write(document(size))
            return lambda: self._read(text)

        # A notebook file is read in another way when it is large.
        counted = (2 if self._fmt.keeps.outputs else 1) * len(atoms)
        for name, work in (("reading", reading), ("writing", writing)):
            self._count("linear growth")
            try:
                found = growth(work, counted=counted, timed=len(atoms))
            except Exception as error:  # noqa: BLE001  the promise is that there is none
                self._fail("linear growth", f"{name} raised {error!r}", "")
                continue
            if not found.is_linear:
                self._fail("linear growth", f"{name} costs {found}", "")


class Growth:
    """How many times more a doubled input costs: in executed lines, and in CPU time.

    Lines are counted, so that they are the same at every run and on a busy machine; time sees
    what happens inside of functions that are not written in Python.
    """

    __slots__ = ("lines", "time")

    def __init__(self, lines: float, time: float) -> None:
        self.lines = lines
        self.time = time

    @property
    def is_linear(self) -> bool:
        """Whether the lines are within `GROWTH_LIMIT`, and the time is not quadratic."""
        return self.lines <= GROWTH_LIMIT and self.time <= _TIME_LIMIT

    def __str__(self) -> str:
        """Return both."""
        return f"{self.lines:.2f} times the lines and {self.time:.2f} times the time"

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Growth(lines={self.lines:.2f}, time={self.time:.2f})"


def growth(
    work: "Callable[[int], Callable[[], object]]", *, counted: int = 100, timed: int = 1000
) -> Growth:
    """Return how the cost of a function grows when its input doubles.

    `work(size)` prepares an input of that size and returns the function to measure.  Executed
    lines are counted for the sizes *counted* and twice that, CPU time is measured for *timed*
    and twice that.

    >>> growth(lambda size: lambda: [n for n in range(size)], counted=50, timed=50).is_linear
    True
    >>> growth(lambda size: lambda: [n in [] for n in range(size * size)], timed=1).is_linear
    False
    """
    work(2 * counted)()  # what is imported at the first use is no work of that size
    small, large = _executed_lines(work(counted)), _executed_lines(work(2 * counted))
    return Growth(large / small, _time_ratio(work(timed), work(2 * timed)))


def _executed_lines(work: "Callable[[], object]") -> int:
    """Return how many lines of Python *work* executes."""
    import sys

    count = 1

    def trace(_frame: "FrameType", event: str, _argument: object) -> object:
        nonlocal count
        if event == "line":
            count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]  # returns itself
    try:
        work()
    finally:
        sys.settrace(before)
    return count


#: Less than this is not measured: clocks and caches are not that steady.
_SLACK_S = 0.002
_ROUNDS = range(15)


def _time_ratio(small: "Callable[[], object]", large: "Callable[[], object]") -> float:
    """Return the CPU time of *large* over that of *small*, each the least of several runs.

    Other programs can only make a run longer.  So the least of more and more runs comes nearer
    to the truth, and measuring may end as soon as two rounds agree that growth is linear.
    """
    least_small = least_large = float("inf")
    ratio = 0.0
    for n in _ROUNDS:
        least_small = min(least_small, _seconds(small))
        least_large = min(least_large, _seconds(large))
        ratio = max(least_large - _SLACK_S, 0) / max(least_small, 1e-9)
        if n and ratio <= _TIME_LIMIT:
            break
    return ratio


def _seconds(work: "Callable[[], object]") -> float:
    """Return the CPU time of *work*, without that of the garbage collector."""
    import gc
    from time import process_time

    collects = gc.isenabled()
    gc.disable()
    try:
        start = process_time()
        work()
        return process_time() - start
    finally:
        if collects:
            gc.enable()


class _Dice:
    """Random numbers that are the same on every Python version (SplitMix64)."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, limit: int) -> int:
        """Return a number from 0 to *limit* - 1."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & _MASK
        return (mixed ^ mixed >> 31) % limit

    def choice(self, things: "Sequence[T]") -> "T":
        """Return one of *things*."""
        return things[self.below(len(things))]


_MASK = (1 << 64) - 1


def _random_text(dice: _Dice) -> str:
    return "".join(dice.choice(_PIECES) for _ in range(dice.below(12)))


def _cell(kind: "Kind", source: str, metadata: "Metadata | None" = None) -> Cell:
    return Cell(kind, source, dict(metadata or {}), [] if kind == "code" else None)


def _copy(cell: Cell) -> Cell:
    """Return an equal cell that shares no dictionary with *cell*."""
    import json

    metadata = json.loads(json.dumps(cell.metadata))
    return Cell(cell.kind, cell.source, metadata, [] if cell.kind == "code" else None)


def _kernel(document: Document) -> "tuple[Json, Json] | None":
    """Return name and language of the kernel (a format may know how it is displayed)."""
    spec = document.metadata.get("kernelspec")
    return (spec.get("name"), spec.get("language")) if isinstance(spec, dict) else None


def _notebook_metadata(suffix: str) -> "Metadata":
    """Return the metadata of a notebook in the language of the suffix, else in Python."""
    from octavo.core.languages import BY_SUFFIX

    language = BY_SUFFIX.get(suffix) or BY_SUFFIX[".py"]
    name = (*language.kernels, language.name)[0]
    spec: Metadata = {"display_name": name.title(), "language": language.name, "name": name}
    return {"kernelspec": spec}


# fmt: off
#: Sources that are hard to carry in one format or another, for cells of every kind.
SOURCES = (
    "", " ", "\n", "\n\n", "x\n", "\nx", "x\n\n\n", "  x", "x  ", "\tx", "x\n ", "\n x", "1 + 1",
    "x = 1\n\ny = 2", "def f():\n    return 1", "@deco\nclass A:\n\n\n    x = 1\n\n# end",
    "# only a comment", "# a\n\n# b", "#", "#!shebang", "#' spin", "#+ name, echo=FALSE",
    "#| echo: false", "%matplotlib inline", "# %matplotlib inline", "%%bash\nls", "%%", "%%time",
    "!ls \\\n  -l", "x?", "ls", "%timeit x # escape", "# %%", "# %% [markdown]", "x\n# %%\ny",
    "# +", "# -", "# + tags=['a']\nx\n# -", "# region\nx\n# endregion", "# {{{\nx\n# }}}",
    "# In[1]:", "# <codecell>", "#" * 79, '"""', "'''", '"""\ndoc\n"""', "x = '''",
    "'''\n# %%\n'''", '""', "'", "\\", "\\\n", "```", "````", "~~~", "```python\n1\n```",
    "```{code-cell}\n1\n```", "```{python}\n1\n```", "```mermaid\n%% x\n```", "+++", '+++ {"a": 1}',
    "---", "---\na: 1\n---", ":::", ":key: value", "***", "- a", "# Title\n\ntext",
    "<!-- #region -->", "<!-- #endregion -->", "<!-- #raw -->\nx\n<!-- #endraw -->", "<!--", "-->",
    "(*", "*)", "/*", "*/", "a\n\n\nb", "    indented\n\n\n    code", "{{ jinja }}", "$$\nx\n$$",
    "import marimo", "@app.cell\ndef _():\n    return", "a\fb", "a\vb", "a\x1cb", "a\x85b",
    "a\u2028b", "a\u2029b", "a\rb", "a\r\nb", "a\0b", "\ufeffx", "\r", "\u05e9\u05dc\u05d5\u05dd",
    "\U0001f468\u200d\U0001f469", "e\u0301", "x" * 10_000,
)
#: Cell metadata of every JSON type and with keys that formats use themselves.
METADATA: "tuple[Metadata, ...]" = (
    {"tags": ["a", "b"]}, {"tags": ["active-ipynb"]}, {"tags": ["active-py"]}, {"active": ""},
    {"title": "A title"}, {"title": "a=b {c} [markdown]"}, {"title": ""}, {"title": 1},
    {"name": "a, b"}, {"none": None}, {"a": 1, "b": True, "c": 1.5, "d": 12345678901234567890},
    {"list": [1, "2", None]}, {"nested": {"a": [{"b": {}}]}}, {"text": "'\"\\ \n\t\u2028 --> } {"},
    {"my key": 1}, {"\u00e9": 1}, {"": 1}, {"a=b": 1}, {"cell_type": "markdown"},
    {"language": "bash"}, {"region_name": "md"}, {"cell_depth": 2},
    {"slideshow": {"slide_type": "slide"}}, {"echo": False}, {"eval": False},
    {"octavo": {"type": "raw"}},
)
#: Pieces of random texts.
_PIECES = (
    "a", "b1", " ", "  ", "    ", "\t", "\n", "\n", "\n\n", "# ", "#", "%", "%%", "# %%", "+", "-",
    "=", ":", "'", '"', "'''", '"""', "`", "```", "~~~", "{", "}", "[", "]", "(", ")", "<!-- ",
    " -->", "#region", "---\n", "+++", "$", "\\", "!", "?", "@", "def f():", "python", "[markdown]",
    "[raw]", 'k="v"', "\f", "\r", "\x85", "\u2028", "\0", "\u00e9",
)
#: Texts that no writer has written.
ODD_TEXTS = (
    "", "\n", "\n\n\n", " ", "\0", "\ufeff", "x", "x\n\n\n", "\nx", "# %%", "# %%\n\n\n# %%\n",
    "# ---\n", "---\n", "---\n---\n", "---\na: [\n---\nx\n", "---\njupyter: 1\n---\n",
    "# ---\n# jupyter: [\n# ---\n1\n", "<!--\n---\n", "# %% [markdown\n", '# %% {"a": \n1',
    "# %% a=[1 tags=\n1", "# + a={\n1\n# -\n# -\n", '"""\n# %%\n1\n', "```\n```\n```\n",
    "```python\n1", "```{code-cell}\n---\na: [\n---\n1\n```\n",
    "<!-- #region -->\n<!-- #region -->\n", "<!-- #endregion -->\n", "+++ {\n+++\n+++\n",
    "```{r a='}\n1\n```\n", "import marimo\napp = marimo.App()\n@app.cell\ndef _(", "[1, 2", "{}",
    "null",
)
# fmt: on
