"""marimo files: the text that marimo writes, what it would lose, and files written by hand."""

import json
import shutil
import subprocess
import sys
from importlib.metadata import version

import pytest

import octavo
from octavo import Cell, Document
from octavo.formats.marimo import FORMAT

HEAD = 'import marimo\n\n__generated_with = "0.17.8"\napp = marimo.App()\n\n\n'
FOOT = '\n\n\nif __name__ == "__main__":\n    app.run()\n'
IMPORT = "\n\n\n@app.cell\ndef _():\n    import marimo as mo\n    return (mo,)"
LONG = [f"a_rather_long_name_of_a_variable_{i}" for i in range(3)]


def code(*sources):
    return Document([Cell("code", source) for source in sources])


def body(document):
    """Return the cells of the text, without the lines around them."""
    text = octavo.writes(document, "py:marimo")
    assert text.startswith(HEAD)
    assert text.endswith(FOOT)
    return text[len(HEAD) : -len(FOOT)]


def read(cells):
    return octavo.reads(HEAD + cells + FOOT, "py:marimo")


def sources(document):
    return [(cell.kind, cell.source) for cell in document.cells]


def test_names_of_other_cells_are_arguments_and_results():
    assert body(code("x = 1\n_y = 2\nz = 3", "print(x, unknown)")) == (
        "@app.cell\ndef _():\n    x = 1\n    _y = 2\n    z = 3\n    return (x,)\n\n\n"
        "@app.cell\ndef _(unknown, x):\n    print(x, unknown)\n    return"
    )


def test_long_signatures_and_results_take_several_lines():
    text = body(code("\n".join(f"{name} = 1" for name in LONG), "[" + ", ".join(LONG) + "]"))
    names = "".join(f"    {name},\n" for name in LONG)
    assert f"def _(\n{names}):\n" in text
    assert "    return (\n" + names.replace("    ", "        ") + "    )" in text


@pytest.mark.parametrize(
    ("source", "decorator"),
    [
        ("def f(x):\n    return len(x)", "function"),
        ("async def f():\n    pass", "function"),
        ("class A:\n    def f(self):\n        return 1", "class_definition"),
    ],
)
def test_function_that_needs_nothing_stands_bare(source, decorator):
    assert body(code(source)) == f"@app.{decorator}\n{source}"
    assert sources(read(body(code(source)))) == [("code", source)]


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    return x",
        "def f():\n    pass\n# a comment",
        "def f():\n    pass\nf()",
        "def app():\n    pass",
        'def f():\n    """\n@app.cell\n    """',
    ],
)
def test_other_function_stays_in_a_cell(source):
    assert body(code(source, "x = 1")).startswith("@app.cell\n")


def test_functions_that_need_each_other_stand_bare():
    text = body(code("def f():\n    return g()", "def g():\n    return 1", "f()"))
    assert text.count("@app.function") == 2
    assert text.endswith("@app.cell\ndef _():\n    f()\n    return")


def test_function_that_needs_a_cell_takes_its_users_along():
    text = body(code("def f():\n    return g()", "def g():\n    return x", "x = 1"))
    assert "@app.function" not in text


def test_annotations_are_arguments_too():
    text = body(code("import numpy as np\nx: np.ndarray = np.ones(1)\ny: int = 1", "(x, y)"))
    assert 'def _(x: "np.ndarray", y: int):' in text


def test_cell_that_awaits_is_asynchronous():
    assert body(code("await f()")) == "@app.cell\nasync def _(f):\n    await f()\n    return"


def test_markdown_is_shown_by_marimo_which_is_imported_last():
    text = body(Document([Cell("markdown", '# A "title"\n\n  """\\alpha')]))
    assert text == (
        '@app.cell(hide_code=True)\ndef _(mo):\n    mo.md(r"""\n    # A "title"\n\n'
        '      \\"\\"\\"\\alpha\n    """)\n    return' + IMPORT
    )
    assert sources(read(text)) == [("markdown", '# A "title"\n\n  """\\alpha')]


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("use", ["1", "mo.ui.slider(1, 2)"])
def test_import_of_the_notebook_itself_stays(place, use):
    cells = [Cell("markdown", "text"), Cell("code", use)]
    cells.insert(place, Cell("code", "import marimo as mo"))
    text = body(Document(cells))
    assert text.count("import marimo as mo") == 1
    assert sources(read(text)) == sources(Document(cells))


def test_import_is_added_where_code_uses_it_undefined():
    document = Document([Cell("markdown", "text"), Cell("code", "mo.ui.slider(1, 2)")])
    assert sources(read(body(document))) == sources(document)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("%matplotlib inline", "# '%matplotlib inline' command supported automatically in marimo"),
        ("%load_ext x", "#| not supported\n    # %load_ext x"),
        ("%%bash\nls\n\nx", "#| not supported\n    # %%bash\n    # ls\n    #\n    # x"),
        ("%%time\nx = 1", "#| not supported\n    # %%time\n    x = 1"),
        ("if x:\n    !ls\n    y", "if x:\n        #| not supported\n        # !ls\n        y"),
    ],
)
def test_magics_are_marimo_s_comments(source, lines):
    known = "# magic command not supported in marimo; please file an issue to add support"
    text = body(code(source))
    assert "    " + lines.replace("#| not supported", known) + "\n    return" in text
    assert sources(read(text)) == [("code", source)]


def test_what_marimo_cannot_run_is_a_comment():
    document = Document(
        [Cell("raw", "---\n\nx"), Cell("code", "is no python"), Cell("code", "a\rb=")]
    )
    text = body(document)
    assert "    # Cell type: raw\n    # ---\n    #\n    # x\n" in text
    assert "    # Cell type: code\n    # is no python\n" in text
    assert '    # Cell type: code (as JSON)\n    # "a\\rb="\n' in text
    assert sources(read(text)) == sources(document)


def test_code_that_looks_like_such_a_comment_stays_code():
    document = code("# Cell type: raw\n# x", "# Cell tags: a\nx = 1")
    text = body(document)
    assert text.count("# Cell type: code (verbatim)\n") == 2
    assert sources(read(text)) == sources(document)


@pytest.mark.parametrize("tags", [["a"], ["b", "a"], ["hide-cell"], ["a, b"], ["", "[x"]])
def test_tags_are_a_first_comment(tags):
    document = Document([Cell(kind, "1", {"tags": tags}) for kind in ("code", "markdown", "raw")])
    text = body(document)
    assert text.count("    # Cell tags: ") == 3
    assert [cell.metadata["tags"] for cell in read(text).cells] == [tags] * 3


def test_empty_cells_and_blank_lines_survive():
    document = code("", "x\n", "\n\nx", "def f():\n    pass\n\n", "\n")
    assert sources(read(body(document))) == sources(document)


def test_text_around_the_cells_is_kept():
    text = (
        '# /// script\n# dependencies = ["numpy"]\n# ///\n\n"""A doc string."""\n\n'
        'import marimo\n\n__generated_with = "0.25.2"\n'
        'app = marimo.App(width="medium", app_title="A \\\\ title")\n\n\n'
        "with app.setup(hide_code=True):\n    import os\n\n\n"
        "@app.cell(disabled=True, hide_code=True)\ndef first():\n    import sys\n\n    return (sys,)\n\n\n"
        "@app.cell\ndef _(sys):\n    os.stat(sys.path)\n    return\n\n\n"
        'if __name__ == "__main__":\n    app.run(port=1)\n    print()\n'
    )
    document = octavo.reads(text, "py:marimo")
    assert sources(document) == [
        ("code", "import os"),
        ("code", "import sys"),
        ("code", "os.stat(sys.path)"),
    ]
    own = document.metadata["marimo"]
    assert own["app_config"] == {"width": "medium", "app_title": "A \\ title"}
    assert own["header"].startswith("# /// script")
    assert document.cells[1].metadata["marimo"] == {
        "config": {"disabled": True, "hide_code": True},
        "name": "first",
    }
    assert octavo.writes(document, "py:marimo") == text
    through = octavo.reads(octavo.writes(document, "ipynb"), "ipynb")
    assert octavo.writes(through, "py:marimo") == text


def test_unusual_beginning_is_kept():
    text = (HEAD + "@app.cell\ndef _():\n    return" + FOOT).replace("app =", "theme = {}\napp =")
    assert octavo.writes(octavo.reads(text, "py:marimo"), "py:marimo") == text


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("@app.cell\ndef _(): return", ""),
        ("@app.cell\ndef _(): ...", ""),
        ("@app.cell\ndef _(): x = 0; return x", "x = 0"),
        ("@app.cell\ndef _():\n  x = 1\n  return (\n    x,\n  )", "x = 1"),
        ("@app.cell\ndef _():\n\tx = 1\n\treturn x,", "x = 1"),
        ("@app.cell\ndef _():\n    if x:\n        return", "if x:\n    return"),
        ("@app.cell\ndef _():  # why\n    x = 1", "# why\nx = 1"),
        ("@app.cell()\nasync def a_name(\n    x,\n    y,\n) -> None:\n    x + y", "x + y"),
        ('@app.cell\ndef _():\n    x = """\ny\n"""\n    return (x,)', 'x = """\ny\n"""'),
        ('@app.cell\ndef _(mo):\n    mo.md(f"""{x}""")\n    return', 'mo.md(f"""{x}""")'),
    ],
)
def test_cell_written_by_hand(cell, expected):
    assert sources(read(cell)) == [("code", expected)]


@pytest.mark.parametrize(
    "call",
    [
        'mo.md("some *text*")',
        "mo.md(\n    '''\n    some *text*\n    '''\n)",
        'mo.md("some " "*text*")',
    ],
)
def test_markdown_written_by_hand(call):
    indented = call.replace("\n", "\n    ")
    document = read(f"@app.cell\ndef _(mo):\n    {indented}\n    return")
    assert sources(document) == [("markdown", "some *text*")]
    assert body(document).startswith("@app.cell\ndef _(mo):\n")


def test_option_that_is_no_constant_is_kept():
    cell = "@app.cell(hide_code=FLAG)\ndef _():\n    x = 1\n    return"
    assert body(read(cell)) == cell


def test_code_with_a_syntax_error_is_read_from_its_string():
    cell = 'app._unparsable_cell(\n    r"""\n    x y\n        z\n    """,\n    name="_"\n)'
    document = read(cell)
    assert sources(document) == [("code", "x y\n    z")]
    assert body(document) == cell
    config = cell.replace('name="_"', 'hide_code=True, name="bad"').replace("x y", '\\"""\\\\')
    assert body(read(config.replace('r"""', '"""', 1))) == config.replace('r"""', '"""', 1).replace(
        '\\"""', '\\"\\"\\"'
    )


def test_text_that_is_no_cell_is_kept_with_a_notice():
    document = read("x = 1\n\n\n@app.cell\ndef _():\n    y = 2\n    return\n\nz = 3")
    assert sources(document) == [("code", "x = 1"), ("code", "y = 2"), ("code", "z = 3")]
    assert [(notice.code, notice.span.line) for notice in document.notices] == [
        ("OCT-F070", 7),
        ("OCT-F070", 15),
    ]


def test_lines_of_cells_are_told():
    document = read("@app.cell\ndef _():\n    1\n    return\n\n\n@app.function\ndef f():\n    pass")
    assert [cell.line for cell in document.cells] == [7, 13]


def test_marimo_file_is_recognised():
    text = HEAD + "@app.cell\ndef _():\n    return" + FOOT
    assert octavo.reads(text, "py").origin.format == "py:marimo"
    assert FORMAT.sniff("import marimo\n", ".py") is None
    assert FORMAT.sniff(text, ".R") is None


def test_warnings_of_the_compiler_are_not_ours():
    assert body(code("x = '\\d'")) == "@app.cell\ndef _():\n    x = '\\d'\n    return"


SCOPES = [
    "for i in x: y = [j for j in i if (k := j)]\n(i, j, k)",
    "try:\n    a\nexcept E as e:\n    print(e)",
    "match x:\n    case [a, *b]: pass\n    case {'c': d, **f}: pass\n    case g: pass",
    "def f(a=b, *c, d: e = 1, **g) -> h:\n    global i\n    i = j",
    "class A(B, metaclass=C):\n    x = D\n    y = x",
    "class A:\n    def f(self):\n        g()\n    def h(self):\n        i()\n    j = k",
    "x = lambda a: a + b\nx += c\ndel d\n_e = _f",
    "import a.b, c as d\nfrom e import f as g\n(a, d, g)",
    "def f():\n    return x\nx = 1",
    "async with a as b:\n    c = {d: e for d, e in b}",
]


def test_names_are_those_that_marimo_finds():
    pytest.importorskip("marimo")
    program = (
        "import json, sys; from marimo._ast.cell import CellConfig\n"
        "from marimo._ast.codegen import generate_filecontents as g\n"
        "texts = [g([c], ['_'], [CellConfig()]) for c in json.load(sys.stdin)]\n"
        "json.dump(texts, sys.stdout)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(SCOPES),
        capture_output=True,
        text=True,
        check=True,
    )
    metadata = {"marimo": {"marimo_version": version("marimo")}}
    for source, expected in zip(SCOPES, json.loads(done.stdout), strict=True):
        document = Document([Cell("code", source)], metadata)
        assert octavo.writes(document, "py:marimo") == expected


def test_marimo_accepts_what_is_written(tmp_path, corpus):
    marimo = shutil.which("marimo")
    if marimo is None:
        pytest.skip("marimo is not installed")
    for path in sorted(corpus.glob("inputs/ipynb_*/*.ipynb")):
        document = octavo.reads(path.read_text("utf-8"), "ipynb")
        text = octavo.writes(document, "py:marimo")
        (tmp_path / path.with_suffix(".py").name).write_text(text, "utf-8")
    done = subprocess.run(
        [marimo, "check", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_names_that_several_cells_define_are_renamed_in_the_text_only():
    document = code(
        "import numpy as np\nx = 1",
        "x = x + 1\nprint(f'{x} x', y.x, f(x=x))",
        "import numpy as np\nx += np.pi",
        "print(x, np)",
    )
    text = body(document)
    assert "\n\n\n".join(text.split("\n\n\n")[1:]) == (
        "@app.cell\ndef _(f, x, y):\n    # Cell names: x_1 is x from x\n    x_1 = x\n"
        "    x_1 = x_1 + 1\n    print(f'{x_1} x', y.x, f(x=x_1))\n    return (x_1,)\n\n\n"
        "@app.cell\ndef _(x_1):\n    # Cell names: np_1 is np, x_2 is x from x_1\n    x_2 = x_1\n"
        "    import numpy as np_1\n    x_2 += np_1.pi\n    return np_1, x_2\n\n\n"
        "@app.cell\ndef _(np_1, x_2):\n    # Cell names: np_1 is np, x_2 is x\n"
        "    print(x_2, np_1)\n    return"
    )
    assert sources(read(text)) == sources(document)


@pytest.mark.parametrize(
    ("source", "renamed"),
    [
        ("import x", "import x as x_1"),
        ("from a import (b,\n x)", "from a import (b,\n x as x_1)"),
        ("from a import b as x; x.x", "from a import b as x_1; x_1.x"),
        ("def x():\n    global x\nx()", "def x_1():\n    global x_1\nx_1()"),
        ("x: int = 1\n[x for x in x]", "x_1: int = 1\n[x_1 for x_1 in x_1]"),
        (
            "try:\n    x = 1\nexcept E as x:\n    pass",
            "try:\n    x_1 = 1\nexcept E as x_1:\n    pass",
        ),
        ("match a:\n    case {**x}: pass", "match a:\n    case {**x_1}: pass"),
        ("x = f'{a:{x}} {{x}}'", "x_1 = f'{a:{x_1}} {{x}}'"),
        ("x = 1\ndef f(x): return x", "x_1 = 1\ndef f(x_1): return x_1"),
        ("%time x\nx = 1", "# %time x\nx_1 = 1"),
    ],
)
def test_definition_of_every_kind_is_renamed(source, renamed):
    document = code("x = 0", source)
    text = body(document)
    assert "\n    " + renamed.replace("\n", "\n    ") + "\n    return" in text
    assert sources(read(text)) == sources(document)


@pytest.mark.parametrize(
    "source",
    [
        "import x.y",
        "x = 1\ndef f(x): pass\nf(x=1)",
        "x = 1\nclass A:\n    x = 1",
        "x = 1\nclass A:\n    def x(self): pass",
        "from a import x as x",
    ],
)
def test_name_that_means_two_things_is_left_alone(source):
    document = code("x = 0", source)
    assert "# Cell names" not in body(document)
    assert sources(read(body(document))) == sources(document)


def test_comment_that_looks_like_a_header_of_names_is_code():
    document = code(
        "# Cell names: a is b\na = 1", "# Cell names: a\nb", "# Cell names: c is d from e\nf"
    )
    assert sources(read(body(document))) == sources(document)


def test_new_names_are_new():
    assert "x_2 is x" in body(code("x = 0", "x = 1", "x_1 = 3"))
