"""Twice the input costs at most 2.3 times as much: for reading, writing and updating.

Lines of Python are counted, which is exact on any machine.  What happens below Python (copying
strings, backtracking) shows in CPU time only; see `octavo.testing.growth` for how that is made
to stand a busy machine: the least of several runs, collector off, more runs only while in doubt.
"""

import os
from time import process_time

import pytest

import octavo
from octavo import Cell, Document
from octavo.core.align import align
from octavo.formats import _index
from octavo.testing import GROWTH_LIMIT, growth
from properties.strategies import KERNEL

#: One name for each text format, in the suffix that says the most about it.
_SUFFIXES = {"spin": "R", "markdown": "md", "rmarkdown": "Rmd", "quarto": "qmd", "myst": "md"}
FORMATS = [f"{_SUFFIXES.get(name, 'py')}:{name}" for name in _index.names() if name != "ipynb"]
every_format = pytest.mark.parametrize("fmt", FORMATS)
#: Without those that share their reader and writer with another.
every_notation = pytest.mark.parametrize(
    "fmt", [fmt for fmt in FORMATS if not fmt.endswith(("hydrogen", "nomarker"))]
)

#: Cells as people write them; the last ones need care in one format or another.
CELLS = [
    (
        "markdown",
        "## Title {n}\n\nSome *text* with `code`, $x^2$ and more words on a line.\n\n- a\n- b",
    ),
    (
        "code",
        'def f_{n}(x):\n    """Return x.\n\n    A second line.\n    """\n\n    return x\n\n\nf_{n}(1)',
    ),
    ("markdown", "Prose {n} that\ngoes on for\nthree lines."),
    ("code", "import numpy as np\n\nx = [i for i in range({n})]  # 'quoted'\nprint(x)"),
    ("code", "%matplotlib inline\n!ls -l\nx = '''\n{n}\n'''"),
    ("markdown", "Before\n\n```python\nf({n})\n```\n\nafter"),
    ("code", "%%bash\necho {n}"),
    ("code", "# only a comment {n}"),
    ("raw", "raw {n}"),
    ("code", "x = {n}\n# %%\n# +\n```\n<!-- #region -->"),
    ("markdown", "# %% {n}\n\n\n+++\n<!-- #endregion -->"),
    ("code", "x = '{n}\n\n\ny = 1\n"),
]


def document(size, edit=""):
    cells = []
    for n in range(size):
        kind, source = CELLS[n % len(CELLS)]
        metadata = {"tags": ["a", f"t{n}"]} if n % 11 == 0 else {}
        outputs = [{"name": "stdout", "output_type": "stream", "text": f"{n}\n"}]
        source = source.replace("{n}", str(n)) + edit
        cells.append(Cell(kind, source, metadata, outputs if kind == "code" else None))
    return Document(cells, dict(KERNEL))


def assert_linear(work, **sizes):
    found = growth(work, **sizes)
    assert found.is_linear, f"{found} (at most {GROWTH_LIMIT})"


def sizes(fmt, timed):
    """Return the sizes to measure: marimo's cells depend on each other, so each costs more."""
    return {"counted": 60, "timed": timed // 5 if fmt.endswith("marimo") else timed}


@every_format
def test_reading(fmt):
    def reading(size):
        text = octavo.writes(document(size), fmt)
        return lambda: octavo.reads(text, fmt)

    assert_linear(reading, **sizes(fmt, 600))


@every_format
def test_writing(fmt):
    def writing(size):
        notebook = document(size)
        return lambda: octavo.writes(notebook, fmt)

    assert_linear(writing, **sizes(fmt, 600))


@every_format
def test_update_with_all_cells_edited(fmt):
    def updating(size):
        previous = document(size)
        edited = octavo.reads(octavo.writes(document(size, " # edited"), fmt), fmt)
        return lambda: octavo.update(edited, previous, fmt)

    assert_linear(updating, **sizes(fmt, 400))


@every_format
def test_writing_over_a_text_with_all_cells_edited(fmt):
    def writing(size):
        previous = octavo.writes(document(size), fmt).replace("\n\n", "\n\n\n")
        edited = document(size, " # edited")
        return lambda: octavo.writes(edited, fmt, previous=previous)

    assert_linear(writing, **sizes(fmt, 200))


@pytest.mark.parametrize("direction", ["reads", "writes"])
def test_notebook_files(direction):
    def reading(size):
        text = octavo.writes(document(size), "ipynb")
        return lambda: octavo.reads(text, "ipynb")

    def writing(size):
        notebook = document(size)
        return lambda: octavo.writes(notebook, "ipynb")

    assert_linear(reading if direction == "reads" else writing, counted=1500, timed=2000)


def cells_of(sources):
    return [Cell("code", source) for source in sources]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(lambda n, size: "x", lambda n, size: "x", id="all alike"),
        pytest.param(lambda n, size: "x", lambda n, size: "y", id="all alike, all edited alike"),
        pytest.param(lambda n, size: f"a = {n}", lambda n, size: f"b(c + {n} - d", id="all new"),
        pytest.param(lambda n, size: f"a = {n}", lambda n, size: f"a = {size - n}", id="reversed"),
        pytest.param(lambda n, size: f"a = {n}", lambda n, size: f"a = {n // 2}", id="doubled"),
        pytest.param(lambda n, size: f"a = {n % 7}", lambda n, size: f"a = {n % 5}", id="periods"),
        pytest.param(
            lambda n, size: f"a = {n}", lambda n, size: f"a = {n * 7919 % size}", id="shuffled"
        ),
        pytest.param(lambda n, size: f"a{n}" * 50, lambda n, size: f"b{n}" * 50, id="long lines"),
    ],
)
def test_matching_of_cells(old, new):
    def matching(size):
        before = cells_of(old(n, size) for n in range(size))
        after = cells_of(new(n, size) for n in range(size))
        return lambda: align(before, after)

    assert_linear(matching, counted=400, timed=800)


#: Texts that go on without an end: each is repeated, `{n}` replaced by a number.
LINES = [
    '"""', "'''", "x = '", 'x = """', "'\"'", "```", "````", "```python", "~~~", "<!-- #region -->",
    "<!-- #region a=1 -->", "<!-- #raw -->", "<!-- #endregion -->", "<!--", "# region", "# {{{",
    "# +", "# -", "# + a=[", "# %%", "# %% a=[", '# %% {"a":', "# %% [markdown] a={", "# %%%%%% %",
    "+++", "+++ {", "```{code-cell}", "```{code-cell}\n---", "```{code-cell}\n:a: [", "```{r",
    "```{r a, b=c(", "```{python a='", ":::", "$$", "", "\n\nx", " ", "    x", "\tx", "#", "# x",
    "#' x", "#' ---", "#+ a=", "#" * 79, "---", "# ---", "%%bash", "%x \\", "!x \\", "x = \\",
    "x?", "# %x", "def f{n}(", "class A:", "@app.cell", "@app.cell\ndef _():\n    return", "def _(",
    "(((", "{", "import marimo", 'r"""', "\f", "\r", "\x85", "\u2028", "In[1]:", "# In[ ]:",
    "- a", "  - a", "> a", "|a|", "# Title {n}", "[a]: b", "*)", "(*", "/*", "*/",
]  # fmt: skip
#: One line that goes on without an end: begin, repeated middle, end.
LONG = [
    ("# %% ", "=", ""), ("# %% ", "a=", ""), ("# %% ", "a=1 ", ""), ("# %% ", "[", ""),
    ("# %% ", "{", ""), ("# %% ", '"', ""), ("# %% ", " ", "x"), ("# %% ", "%", ""), ("# ", "%", ""),
    ("# + ", "=", ""), ("# + ", "a=[", ""), ("# + ", "a ", "="), ("```python ", "=", ""),
    ("```python ", "a=", ""), ("```", "`", ""), ("```{r ", "=", "}"), ("```{r ", ",", "}"),
    ("```{r ", "a=c(", "}"), ("```{python ", "'", "}"), ("<!-- #region ", "=", " -->"),
    ("<!-- #region ", "a=", ""), ("<!-- ", "-", ""), ("+++ ", "{", ""), ("+++ ", '{"a":', ""),
    ("", "'", ""), ("", '"', ""), ("", '"""', ""), ("", "\\", "'"), ("'", "\\'", ""), ("", "# ", ""),
    ("", "#", ""), ("", "# %", ""), ("", " ", "x"), ("", "\t", ""), ("", "(", ""), ("", "x = ", "!ls"),
    ("x = ", "a", "?"), ("%", "a", ""), ("%", " ", ""), ("!", "!", ""), ("", "\r", ""), ("", "\f", ""),
    ("#' ", "#' ", ""), ("#+ ", "a,", ""), ("#+ ", "a=(", ""), ("---\na: ", "a", "\n---\n"),
    ("---\n", "- ", ""), ("", "@", ""), ("def _(", "a,", "): pass"), ("mo.md(", '"', ""),
]  # fmt: skip


#: Those of them that every run tries; `make test-slow` tries all.
USUAL = [
    *('"""', "'''", "x = '", "```", "```python", "~~~", "<!-- #region -->", "<!--", "# region"),
    *("# +", "# %%", "+++", "```{code-cell}", "```{r a, b=c(", "", "\n\nx", "x = \\"),
    *(
        ("# %% ", "=", ""),
        ("# %% ", "[", ""),
        ("```python ", "=", ""),
        ("", "'", ""),
        ("", "# ", ""),
    ),
]


def text_of(odd, size):
    """Return an odd text of that size."""
    if isinstance(odd, tuple):
        begin, middle, end = odd
        return f"{begin}{middle * size}{end}\nx = 1\n"
    return "".join(odd.replace("{n}", str(n)) + "\n" for n in range(size))


#: 10,000 lines in so little time are no 10,000 x 10,000 steps: no need to look closer.
QUICK_S, QUICK_SIZE = 0.05, 10_000


def slow_texts(work_for, odds):
    """Return the odd texts for which the work grows faster than the text."""
    slow = []
    for odd in odds:
        work = work_for(odd)
        large = work(QUICK_SIZE)
        start = process_time()
        large()
        if process_time() - start > QUICK_S:
            found = growth(work, counted=100, timed=QUICK_SIZE // 4)
            slow += [] if found.is_linear else [f"{text_of(odd, 3)!r}: {found}"]
    return slow


def reading_in(fmt):
    def work_for(odd):
        def reading(size):
            text = text_of(odd, size)
            return lambda: octavo.reads(text, fmt)

        return reading

    return work_for


def writing_in(fmt, kind):
    def work_for(odd):
        def writing(size):
            notebook = Document([Cell(kind, text_of(odd, size))], dict(KERNEL))
            return lambda: octavo.writes(notebook, fmt)

        return writing

    return work_for


@every_notation
def test_reading_odd_texts(fmt):
    assert slow_texts(reading_in(fmt), USUAL) == []


@every_notation
def test_writing_odd_cells(fmt):
    assert slow_texts(writing_in(fmt, "code"), USUAL) == []


@pytest.mark.slow
@every_notation
def test_reading_all_odd_texts(fmt):
    assert slow_texts(reading_in(fmt), [*LINES, *LONG]) == []


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("OCTAVO_EXPLORE"),
    reason="compares times of odd inputs, which needs a calm machine: `make explore` runs it",
)
@every_notation
@pytest.mark.parametrize("kind", ["code", "markdown"])
def test_writing_all_odd_cells(fmt, kind):
    assert slow_texts(writing_in(fmt, kind), [*LINES, *LONG]) == []
