"""Whatever a notebook holds, a marimo file gives kinds, sources and tags back."""

import ast
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

import octavo
from octavo import Cell
from properties import strategies as cells

PYTHON = [
    "def f(x):\n    return g(x)",
    "def g(x):\n    return x\n",
    "class A(B):\n    y = x",
    "x: 'int' = 1",
    "print(x, y)",
    "await f(1)",
    "from os import *",
    "import marimo as mo",
    "import marimo as mo\n",
    "mo.ui.slider(1, 2)",
    'mo.md("text")',
    'mo.md(r"""\ntext\n""")',
    "return 1",
    "    return",
    "x = '''\n@app.cell\ndef _():\n    return\n'''",
    'def f():\n    """\n@app.cell\n"""',
    "# Cell tags: a, b\nx",
    "# Cell type: raw\n# x",
    "# Cell type: code (verbatim)\nx",
    "# magic command not supported in marimo; please file an issue to add support\n# %x",
    "# '%x y' command supported automatically in marimo",
    "with app.setup:\n    pass",
    'if __name__ == "__main__":\n    app.run()',
    "x = 1\\",
    "if x:\n\ty = 1",
    "x = 1\fy",
    "\ud800",
]
TAGS = [[], ["a"], ["b", "a"], ["hide-cell"], ["a, b", "[", ""], ["x\ny"]]
PIECES = [
    "import marimo\n\n",
    '__generated_with = "0.25.2"\n',
    "app = marimo.App()\n",
    'app = marimo.App(width="medium")\n',
    "@app.cell\n",
    "@app.cell(hide_code=True)\n",
    "@app.cell(hide_code=flag)\n",
    "@app.function\n",
    "def _():\n",
    "def name(a, b): return\n",
    "def f(\n    a,\n):\n",
    "    return\n",
    "    return (x,)\n",
    "    return (\n        a,\n    )\n",
    "    x = 1\n",
    "with app.setup:\n",
    "app._unparsable_cell(\n",
    '    r"""\n    x y\n    """,\n    name="_"\n)\n',
    'if __name__ == "__main__":\n    app.run()\n',
    '    mo.md(r"""\n',
    '    """)\n',
    '"""',
    "\n",
    "\r",
]


def view(document):
    """Return what a marimo file carries of a notebook."""
    return [(c.kind, c.source, c.metadata.get("tags") or []) for c in document.cells]


def assert_survives(document):
    text = octavo.writes(document, "py:marimo")
    back = octavo.reads(text, "py:marimo")
    assert view(back) == view(document), text
    assert not back.notices, text
    assert octavo.writes(back, "py:marimo") == text
    return text


python_cells = st.builds(
    lambda kind, source, tags: Cell(kind, source, {"tags": tags}),
    st.sampled_from(["code", "code", "code", "markdown", "raw"]),
    st.one_of(st.sampled_from(PYTHON), cells.text_lines),
    st.sampled_from(TAGS),
)
any_cell = st.one_of(python_cells, cells.atoms.map(lambda c: c.with_(metadata={})))


@pytest.mark.parametrize("tricky", cells.ATOMS, ids=repr)
def test_tricky_cell_between_plain_ones_survives(tricky):
    assert_survives(cells.between_plain_neighbours(tricky))


@given(st.lists(any_cell, max_size=6))
def test_random_mix_survives(mix):
    text = assert_survives(cells.notebook(mix))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(text)  # what we write is Python, whatever the cells hold


@given(st.lists(st.one_of(st.sampled_from(PIECES), cells.text_lines), max_size=12).map("".join))
def test_any_text_is_read_and_then_stable(text):
    document = octavo.reads(text, "py:marimo")
    written = octavo.writes(document, "py:marimo")
    again = octavo.reads(written, "py:marimo")
    assert view(again) == view(document)
    assert octavo.writes(again, "py:marimo") == written
