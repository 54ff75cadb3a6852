"""Which cells take part in a module, and what they are called."""

import pytest

from octavo import Cell
from octavo.modules import cells


@pytest.mark.parametrize(
    ("metadata", "active", "test"),
    [
        ({}, True, False),
        ({"tags": ["x"]}, True, False),
        ({"tags": ["active-ipynb"]}, False, False),
        ({"tags": ["active-py"]}, True, False),
        ({"tags": ["test"]}, False, True),
        ({"tags": ["active-test"]}, False, True),
        ({"tags": ["active-ipynb-test"]}, False, True),
        ({"tags": ["active-py-test"]}, False, True),
        ({"active": "ipynb"}, False, False),
        ({"run_control": {"frozen": True}}, False, False),
        ({"tags": ["skip-execution"]}, False, False),
        ({"eval": False}, False, False),
        ({"tags": "test"}, True, False),
    ],
)
def test_active_set(metadata, active, test):
    cell = Cell("code", "1", metadata)
    assert cells.runs_on_import(cell) is active
    assert cells.is_test(metadata) is test


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_prose_never_becomes_code(kind):
    assert not cells.runs_on_import(Cell(kind, "1", {"tags": ["active-py"]}))


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        (Cell("code", "1", {"title": "A"}), "A"),
        (Cell("code", "1", {"name": "chunk"}), "chunk"),
        (Cell("code", "#| label: 'fig-a'\n1"), "fig-a"),
        (Cell("code", "#| echo: false\n1"), ""),
        (Cell("code", "1", {"title": 3}), ""),
    ],
)
def test_title(cell, title):
    assert cells.title_of(cell) == title


def test_name_is_title_then_heading_then_definition_then_number():
    found = cells.code_cells(
        [
            Cell("code", "1"),
            Cell("code", "class A: pass\nasync def b(): pass"),
            Cell("markdown", "# H\n```\n# no\n```"),
            Cell("code", "def f(): pass"),
            Cell("code", "1", {"title": "T"}),
        ]
    )
    assert [entry.name for entry in found] == ["cell 1", "A", "H", "T"]
    assert found[1].definitions == ("A", "b")
