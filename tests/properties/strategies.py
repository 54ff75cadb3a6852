"""Tricky cells, alone and mixed, and the assertion that they survive a text format."""

from hypothesis import strategies as st

import octavo
from octavo import Cell, Document
from octavo.formats import _filters

CODE = [
    "1 + 1",
    "x = 1\n\ny = 2",
    "def f():\n    return 1",
    "class A:\n    def g(self):\n        pass\n\n\n    x = 1",
    "@deco\ndef f():\n    pass\n\n# a comment after",
    "async def g():\n    await h()",
    "# only a comment",
    "# a comment\n\n# another",
    "#",
    "#comment without a space",
    "#!/usr/bin/env python",
    "# -*- coding: utf-8 -*-",
    "%matplotlib inline",
    "# %matplotlib inline",
    "%%bash\necho 1",
    "%%bash -e\nls\n",
    "%%bash",
    "%%time\nx = 1",
    "%%javascript\nalert('x');",
    "%%R -i x\nplot(x)",
    "%%unknown_magic\nx",
    "!ls -l",
    "!ls \\\n  -l",
    "?print",
    "print?",
    "files = !ls",
    "t = %time f()",
    "ls",
    "cat file.txt",
    "cd = 1",
    "%timeit x # escape",
    "%timeit x # noescape",
    "# %%",
    "# %% [markdown]",
    "x = 1\n# %%\ny = 2",
    "x = 1\n# %% [markdown]\n# text",
    "# In[1]:",
    "# <codecell>",
    "# # %%",
    "# +",
    "# + tags=['a']\nx = 1\n# -",
    "x = 1\n# -\ny = 2",
    "# # +",
    "# --",
    "# region\nx = 1\n# endregion",
    "# {{{\nx = 1\n# }}}",
    '"""doc"""',
    '"""\ndoc\n"""',
    "x = '''",
    'y = """',
    "'''",
    "x = \"'''\"",
    "'''\n# %%\n'''",
    "```",
    "```python\nx = 1\n```",
    "````",
    "~~~",
    ":key: value",
    "---\nkey: value\n---",
    "---",
    "+++",
    ":::",
    "<!-- #region -->",
    "<!-- #endregion -->",
    "#' spin",
    "#+ name, echo=FALSE",
    "#" * 79,
    '""',
    "''",
    "   indented = 1",
    "    x\ny",
    "\tx",
    "x = 1  ",
    "x = 1\t",
    "{{ jinja }}",
    "{% raw %}",
    "x" * 10_000,
    "import marimo",
    "@app.cell\ndef _():\n    return",
    "-->",
    "#| echo: false\n1",
]
MARKDOWN = [
    "Some text",
    "# A title",
    "# A title\n\nand a text",
    "a\n\nb",
    "a\n\n\nb",
    "a\n\n\n\nb",
    "- a\n- b\n\n  c",
    "    indented code",
    "text\n\n    indented\n\n\n    code",
    "```python\n1 + 1\n```",
    "```\nplain\n\n\nfence\n```",
    "```{code-cell} ipython3\n1 + 1\n```",
    "```{note}\nA note\n```",
    "```{python}\n1\n```",
    "```",
    "````",
    "~~~\nx\n~~~",
    "```bash\nls",
    "```mermaid\ngraph TD\n%% a comment\n```",
    "%% a mermaid comment",
    "%%",
    "%%bash\nls",
    "%matplotlib inline",
    "# %matplotlib inline",
    "!important",
    "+++",
    '+++ {"a": 1}',
    "+++ {",
    "---",
    "---\ntitle: x\n---",
    "---\njupyter: x\n---",
    "***",
    "<!-- #region -->",
    "<!-- #endregion -->",
    "<!-- #region a=1 -->\ntext\n<!-- #endregion -->",
    "<!-- #raw -->\ntext\n<!-- #endraw -->",
    "<!-- a comment -->",
    "<div>\n\nhtml\n\n</div>",
    "$$\nx^2\n$$",
    "$x$ and \\(y\\)",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    '"""',
    '"""quoted"""',
    "'''\nquoted\n'''",
    'ends with a quote"',
    "\\begin{a}\n\\end{a}",
    "C:\\new\\table",
    "*)",
    "(* comment *)",
    "*/",
    "-->",
    ":::{note}\nA note\n:::",
    "::: {.cell}\n:::",
    "+ item",
    "- item",
    "-",
    "In[1]:",
    "<codecell>",
    "region",
    "{{{",
    "}}}",
    "def f():\n    pass",
    "1 + 1",
    "print?",
    "cat",
    "  leading",
    "trailing  ",
    "a  \nb",
    "x" * 10_000,
    "# " + "#" * 79,
    "#' x",
    "`{python} 1 + 1`",
    "\u05e9\u05dc\u05d5\u05dd \u0639\u0631\u0628\u064a",
    "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "import marimo as mo",
    "@app.cell",
]
BLANK = [
    "",
    " ",
    "\t",
    "   ",
    "\n",
    "\n\n",
    " \n ",
    "x\n",
    "x\n\n",
    "x\n\n\n",
    "\nx",
    "\n\nx",
    "x\n ",
    " \nx",
]
SEPARATORS = [
    f"a{separator}b"
    for separator in (
        "\f",
        "\v",
        "\x1c",
        "\x1d",
        "\x1e",
        "\x85",
        "\u2028",
        "\u2029",
        "\r",
        "\r\n",
        "\0",
        "\ufeff",
        "\x1b[0m",
    )
] + ["\r", "\f", "a\r", "\rb", "a\r\n", "\u2028", "\x85x", "a\r\r\nb", "\ufeffx"]
RAW = [
    "raw",
    "a\n\nb",
    "---\nkey: 1\n---",
    "<b>html</b>",
    "x = 1",
    "%%latex\nx",
    "\\begin{a}",
    "+++",
    "# %%",
]
METADATA: list[dict[str, object]] = [
    {"tags": ["a", "b"]},
    {"tags": []},
    {"tags": ["active-ipynb"]},
    {"tags": ["active-py"]},
    {"tags": ["active-ipynb-py"]},
    {"tags": ["active-md"]},
    {"tags": ["active-"]},
    {"active": ""},
    {"active": "py"},
    {"active": "ipynb,py"},
    {"run_control": {"frozen": True}},
    {"title": "A title"},
    {"title": "a=b"},
    {"title": "with {brace}"},
    {"title": "[markdown]"},
    {"title": "%x"},
    {"title": "x .word"},
    {"title": ""},
    {"title": 1},
    {"title": "md"},
    {"name": "a-name"},
    {"name": "a, b"},
    {"name": "x'y\"z"},
    {"none": None},
    {"a": 1, "none": None},
    {"slideshow": {"slide_type": "slide"}},
    {"nested": {"a": [1, "2", None, {"b": False}]}},
    {"list": [1, "2"]},
    {"float": 1.5, "big": 12345678901234567890, "small": 1e-300},
    {"text": "with \"quotes\" and 'more'"},
    {"text": "a\nb\tc"},
    {"text": "-->"},
    {"text": "} {"},
    {"text": "#R_CODE#x"},
    {"text": "TRUE"},
    {"text": "c(1, 2)"},
    {"flag": True, "other": False},
    {"echo": False},
    {"include": False},
    {"eval": False},
    {"hide_input": True},
    {"tags": ["remove_cell"]},
    {"tags": ["remove_input", "x"]},
    {"my key": 1},
    {"\u00e9": 1},
    {"": 1},
    {"a=b": 1},
    {"cell_type": "markdown"},
    {"cell_type": "odd"},
    {"language": "bash"},
    {"language": "klingon"},
    {"language": 1},
    {"magic_args": "-x"},
    {"region_name": "md"},
    {"region_name": "other"},
    {"cell_depth": 2},
    {"cell_depth": "x"},
    {"endofcell": "--"},
    {"octavo": 1},
    {"octavo": {"type": "raw"}},
    {"incorrectly_encoded_metadata": "x=1="},
    {".class": None},
    {".noeval": None},
    {"@a/b-c.d": "x"},
    {"jupyter": {"source_hidden": True}},
]


def survivable(metadata: dict[str, object]) -> dict[str, object]:
    """Return the metadata that a text carries by default."""
    return _filters.cell_filter("").apply(metadata)  # type: ignore[arg-type]


def cell(kind: str, source: str, metadata: dict[str, object] | None = None) -> Cell:
    """Return a cell as a notebook holds it."""
    return Cell(kind, source, dict(metadata or {}), [] if kind == "code" else None)  # type: ignore[arg-type]


#: Every tricky cell once, for tests that go through them one by one.
ATOMS: list[Cell] = [
    *(
        cell(kind, source)
        for kind in ("code", "markdown", "raw")
        for source in dict.fromkeys(CODE + MARKDOWN + RAW + BLANK + SEPARATORS)
    ),
    *(
        cell(kind, source, metadata)
        for kind, source in (("code", "x = 1"), ("markdown", "Some text"), ("raw", "raw"))
        for metadata in METADATA
    ),
    *(cell("code", source, {"tags": ["active-ipynb"]}) for source in CODE + BLANK),
]

atoms = st.sampled_from(ATOMS)
text_lines = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("ab#%+-`~:'\"{}()[]<>!?=\\/*|$&@. \t\n\n\r\f\x85\u2028")),
        st.characters(codec="utf-8", exclude_categories=("Cs",)),
    ),
    max_size=40,
)
random_cells = st.builds(
    cell,
    st.sampled_from(["code", "markdown", "raw"]),
    text_lines,
    st.sampled_from([{}, {}, *METADATA]),
)
mixes = st.lists(st.one_of(atoms, random_cells), max_size=6)

KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def notebook(cells: list[Cell], metadata: dict[str, object] | None = None) -> Document:
    """Return a document with a Python kernel, unless *metadata* says otherwise."""
    return Document(cells, dict(KERNEL if metadata is None else metadata))  # type: ignore[arg-type]


def between_plain_neighbours(tricky: Cell) -> Document:
    """Return a document with *tricky* between two plain code cells."""
    return notebook([cell("code", "before = 1"), tricky, cell("code", "after = 2")])


def differences(document: Document, fmt: str, **options: object) -> list[str]:
    """Return what does not survive writing and reading *document*, a line each."""
    text = octavo.writes(document, fmt, **options)
    back = octavo.reads(text, fmt)
    lines = []
    if len(back.cells) != len(document.cells):
        lines.append(f"{len(document.cells)} cells became {len(back.cells)}")
    for n, (was, now) in enumerate(zip(document.cells, back.cells, strict=False), 1):
        for name, a, b in (
            ("kind", was.kind, now.kind),
            ("source", was.source, now.source),
            ("metadata", survivable(was.metadata), now.metadata),
        ):
            if a != b:
                lines.append(f"cell {n}: {name} {a!r} became {b!r}")
    again = octavo.writes(back, fmt, **options)
    if not lines and again != text:
        lines.append(f"the second writing differs: {text!r} became {again!r}")
    return lines


def assert_survives(document: Document, fmt: str, **options: object) -> None:
    """Fail with the differences and the text when *document* does not survive *fmt*."""
    found = differences(document, fmt, **options)
    assert not found, "\n".join([*found, octavo.writes(document, fmt, **options)])
