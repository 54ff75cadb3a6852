import pytest

import octavo
from octavo.cli import main
from octavo.modules import lint

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
INACTIVE = {"tags": ["active-ipynb"]}


def codes(*cells):
    """Return rule and line in the cell of what is found in code cells."""
    made = [octavo.Cell("code", *(cell if isinstance(cell, tuple) else (cell,))) for cell in cells]
    text = octavo.writes(octavo.Document(made, KERNEL), "py:percent")
    return [(finding.rule[-3:], finding.row) for finding in lint.check(text, "a.py")]


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("print(1)", "102"),
        ("f = len\nf('x')", "101"),
        ("import pprint\npprint.pprint(1)", "102"),
        ("import matplotlib.pyplot as plt\nplt.plot([1])", "103"),
        ("import matplotlib.pyplot as plt\nfig, ax = plt.subplots()", "103"),
        ("df = {}\ndf.plot()", "103"),
        ("df = {}\ndf.plot.bar()", "103"),
        ("%matplotlib inline", "104"),
        ("!ls", "104"),
        ("x = 1\nx", "105"),
        ("for i in range(3):\n    print(i)", "106"),
        ("with open('x') as fp:\n    y = fp.read()", "106"),
        ("import pandas as pd\nrows = pd.read_csv('x')", "107"),
        ("x = input()", "107"),
        ("if True:\n    print(1)", "102"),
    ],
)
def test_side_effects_are_found(source, rule):
    found = codes(source)
    assert rule in [code for code, _ in found]


@pytest.mark.parametrize(
    "source",
    [
        "import os\nfrom re import compile as c",
        "import logging\nlog = logging.getLogger(__name__)\nlog.setLevel(10)",
        "import re\nWORD = re.compile('x')",
        "from typing import TypeVar\nT = TypeVar('T')",
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int = 0",
        "from functools import lru_cache\n@lru_cache(None)\ndef f():\n    print(1)",
        "if __name__ == '__main__':\n    print(1)",
        "try:\n    import numpy\nexcept ImportError:\n    numpy = None",
        "import sys\nsys.path.insert(0, '.')",
        "import warnings\nwarnings.filterwarnings('ignore')",
        "'''A text.'''",
        "TABLE = {}\nfor i in range(3):\n    TABLE[i] = i",
        "ROWS = []\nfor i in range(3):\n    ROWS.append(i)",
        "print(1)  # noqa",
        "print(1)  # noqa: OCT-L102",
    ],
)
def test_what_prepares_a_module_is_let_through(source):
    assert codes(source) == []


def test_a_noqa_for_another_rule_does_not_silence():
    assert codes("print(1)  # noqa: OCT-L101") == [("102", 1)]


def test_inactive_cells_do_not_rot_unseen():
    assert codes("def f(): pass", ("f()\nnone()", INACTIVE), ("x = (", INACTIVE)) == [
        ("201", 2), ("001", 1),
    ]  # fmt: skip


def test_magics_and_names_of_ipython_are_no_rot():
    assert (
        codes(("!ls\n%time x = 1\nx = !ls\ndisplay(x)\n_", INACTIVE), ("%%bash\nls", INACTIVE))
        == []
    )


def test_order_is_checked():
    assert codes(("f()", INACTIVE), "def f(): pass") == [("401", 1)]


def test_names_in_functions_may_be_defined_later():
    assert codes("def g():\n    return f()", "def f(): pass") == []


def test_tags_are_checked():
    found = codes(("1", {"tags": ["active-ipnyb"]}), ("x = 1", {"tags": ["remove-imput", "mine"]}))
    assert [code for code, _ in found].count("301") == 2


def test_a_test_that_replaces_another_is_told():
    test = {"tags": ["test"]}
    assert codes(("def test_a(): pass", test), ("def test_a(): pass", test)) == [("403", 1)]


def test_ids_and_counts_are_checked():
    cells = [
        octavo.Cell("code", "x = 1", id="a", execution_count=2),
        octavo.Cell("code", "y = 1", id="a", execution_count=1),
    ]
    text = octavo.writes(octavo.Document(cells, KERNEL), "ipynb")
    assert [finding.rule[-3:] for finding in lint.check(text, "a.ipynb")] == ["302", "402"]


@pytest.mark.parametrize("fmt", ["ipynb", "md", "Rmd", "qmd", "md:myst", "py:percent", "py:light"])
def test_fix_mends_in_every_format(fmt, tmp_path, capsys):
    cells = [octavo.Cell("code", "def f():\n    return 1"), octavo.Cell("code", "print(f())")]
    path = tmp_path / f"a.{fmt.split(':')[0]}"
    octavo.write(octavo.Document(cells, KERNEL), path, fmt)
    assert main(["lint", str(path)]) == 1
    assert main(["lint", "--fix", "--tag", "active-ipynb", str(path)]) == 0
    assert octavo.read(path).cells[1].metadata["tags"] == ["active-ipynb"]
    assert main(["lint", str(path)]) == 0


def test_fix_leaves_what_others_need(tmp_path, capsys):
    cells = [
        octavo.Cell("code", "def f():\n    return 1\nprint(f())"),
        octavo.Cell("code", "x = f()"),
    ]
    path = tmp_path / "a.ipynb"
    octavo.write(octavo.Document(cells, KERNEL), path)
    before = path.read_bytes()
    assert main(["lint", "--fix", str(path)]) == 1
    assert path.read_bytes() == before


def test_the_other_members_of_a_pair_follow(tmp_path, capsys):
    path = tmp_path / "a.ipynb"
    octavo.write(octavo.Document([octavo.Cell("code", "print(1)")], KERNEL), path)
    assert main(["pair", "--with", "py:percent", str(path)]) == 0
    assert main(["lint", "--fix", str(path)]) == 0
    assert '# %% tags=["active-ipynb"]\n# print(1)' in (tmp_path / "a.py").read_text()


def test_pages_and_rules_agree():
    from pathlib import Path

    from octavo.modules.lint_rules import RULES

    page = Path(__file__).parents[2] / "docs/reference/errors-lint.md"
    found = [line[4:] for line in page.read_text("utf-8").split("\n") if line.startswith("### ")]
    assert found == list(RULES)
