"""The source of a module: line N of the Python is line N of the file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import octavo
from octavo.modules import source
from octavo.modules.errors import ModuleError, ModuleSyntaxError

CELLS = [
    octavo.Cell("markdown", "# Analysis\n\nA story."),
    octavo.Cell("code", "import math\n\n\ndef area(r):\n    return math.pi * r**2"),
    octavo.Cell("code", 'raise RuntimeError("a scrap")', {"tags": ["active-ipynb"]}),
    octavo.Cell("markdown", "## Loading the data"),
    octavo.Cell("code", 'TEXT = """\n%pwd\n\n# %%\n"""'),
    octavo.Cell("code", "def load():\n    return 1 / 0"),
    octavo.Cell("code", "assert area(1) > 3", {"tags": ["test"]}),
    octavo.Cell("raw", "nothing"),
]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
FORMATS = ["ipynb", "md", "Rmd", "qmd", "md:myst", "myst", "py:percent", "py:light", "py:hydrogen"]


def built(fmt, cells=CELLS, **options):
    text = octavo.writes(octavo.Document(cells, KERNEL), fmt)
    return source.build(text, "analysis." + fmt.partition(":")[0], **options), text


@pytest.mark.parametrize("fmt", FORMATS)
def test_each_line_of_python_is_on_its_line_of_the_file(fmt):
    module, text = built(fmt)
    lines = text.split("\n")
    found = [
        (python, lines[i]) for i, python in enumerate(module.python.split("\n")) if python.strip()
    ]
    assert [python for python, _ in found if "area" in python or "load" in python]
    for python, written in found:
        quoted = json.dumps(python)[1:-1] if fmt == "ipynb" else python
        assert quoted in written


@pytest.mark.parametrize("fmt", FORMATS)
def test_only_active_code_runs(fmt):
    module, _ = built(fmt)
    names = {}
    exec(compile(module.python, "x", "exec"), names)
    assert {name for name in names if not name.startswith("_")} == {"math", "area", "TEXT", "load"}
    assert names["TEXT"] == "\n%pwd\n\n# %%\n"


@pytest.mark.parametrize("fmt", FORMATS)
def test_cells_have_the_same_names_in_every_format(fmt):
    module, _ = built(fmt)
    assert [entry.name for entry in module.cells] == [
        "Analysis",
        "Analysis (2)",
        "Loading the data",
        "Loading the data (2)",
        "Loading the data (3)",
    ]
    assert [entry.is_test for entry in module.cells] == [False] * 4 + [True]
    assert [entry.is_active for entry in module.cells] == [True, False, True, True, False]
    assert module.cells[3].headings == ("Analysis", "Loading the data")


def test_place_names_file_line_and_cell():
    module, text = built("md")
    line = text.split("\n").index("    return 1 / 0") + 1
    assert module.place(line) == f'analysis.md:{line} (cell "Loading the data (2)")'
    assert module.place(1) == "analysis.md:1"
    assert module.cell_at(line).definitions == ("load",)


def test_tests_take_part_when_they_are_selected():
    module, _ = built("md", select=lambda entry: entry.is_active or entry.is_test)
    assert "assert area(1) > 3" in module.python
    assert "scrap" not in module.python


@pytest.mark.parametrize("indent", [None, 4])
def test_notebooks_of_any_layout_keep_the_order_of_lines(indent):
    tree = octavo.Document(CELLS, KERNEL).to_nbformat()
    for cell in tree["cells"]:
        cell["source"] = "".join(cell["source"])
    text = json.dumps(tree, indent=indent)
    module = source.build(text, "a.ipynb")
    names = {}
    exec(compile(module.python, "x", "exec"), names)
    assert names["area"](0) == 0
    lines = [line for entry in module.cells for line in entry.lines]
    assert lines == sorted(set(lines))


def test_source_in_outputs_and_metadata_is_not_mistaken():
    tree = octavo.Document(CELLS[1:2], KERNEL).to_nbformat()
    tree["cells"][0]["source"] = tree["cells"][0]["source"].splitlines(keepends=True)
    tree = {"a": {"cells": [{"source": "wrong()"}]}, **tree}
    tree["cells"][0]["outputs"] = [
        {
            "output_type": "display_data",
            "data": {"x/y": {"cells": [{"source": ["w\n"]}]}},
            "metadata": {},
        }
    ]
    tree["cells"][0]["metadata"] = {"source": "wrong", "cells": [{"source": "1"}]}
    text = json.dumps(tree, indent=1, sort_keys=True)
    module = source.build(text, "a.ipynb")
    lines = text.split("\n")
    assert "import math" in lines[module.cells[0].lines[0] - 1]
    assert "return math" in lines[module.cells[0].lines[-1] - 1]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_newlines_and_byte_order_marks_do_not_move_lines(newline, bom):
    text = bom + "# A\n\n```python\nx = 1\n\ny = 2\n```\n".replace("\n", newline)
    assert source.build(text, "a.md").python == "\n\n\nx = 1\n\ny = 2\n"
    assert source.build(text.encode(), "a.md").python == "\n\n\nx = 1\n\ny = 2\n"


def test_magic_is_told_with_line_and_cell():
    text = "# Set up\n\n```python\nx = 1\n!make all\n```\n"
    with pytest.raises(ModuleSyntaxError) as caught:
        source.build(text, "a.md")
    error = caught.value
    assert (error.code, error.filename, error.lineno) == ("OCT-M002", "a.md", 5)
    assert '`!make all` in cell "Set up"' in error.msg


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("```{r}\nx <- 1\n```\n", "a.Rmd"),
        ("---\njupyter: ir\n---\n```{r}\n1\n```\n", "a.qmd"),
        (
            json.dumps(
                {
                    "cells": [],
                    "metadata": {"language_info": {"name": "julia"}},
                    "nbformat": 4,
                    "nbformat_minor": 4,
                }
            ),
            "a.ipynb",
        ),
    ],
)
def test_another_language_is_an_import_error_that_says_so(text, path):
    with pytest.raises(ImportError, match=r"in (R|julia), not in Python") as caught:
        source.build(text, path)
    assert caught.value.code == "OCT-M001"


@pytest.mark.parametrize(
    ("data", "code"), [(b"\xff", "OCT-N002"), (b"", "OCT-N001"), (b"{", "OCT-N003")]
)
def test_unreadable_notebook_is_an_import_error(data, code):
    with pytest.raises(ModuleError) as caught:
        source.build(data, "a.ipynb")
    assert caught.value.code == code
    assert caught.value.path == "a.ipynb"


@given(
    st.lists(
        st.sampled_from(["x = 1", "def f():\n    return 2", "'''\n\n'''", "", "(1,\n 2)"]),
        max_size=6,
    )
)
def test_any_cells_stand_on_their_lines(sources):
    cells = [octavo.Cell("code", text) for text in sources]
    for fmt in ("md", "Rmd", "md:myst"):
        module, text = built(fmt, cells)
        lines = text.split("\n")
        for entry in module.cells:
            for line, number in zip(entry.cell.source.split("\n"), entry.lines, strict=True):
                assert lines[number - 1] == line
