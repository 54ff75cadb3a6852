"""The guard of tests/conftest.py works, so every test checks that values are not changed."""

import pytest

from octavo.core.document import Cell, Document, Origin


@pytest.mark.parametrize(
    ("value", "field"),
    [(Cell("code", "1"), "source"), (Document(), "cells"), (Origin("a.py"), "path")],
)
def test_second_assignment_fails(value, field):
    with pytest.raises(AttributeError, match="assigned twice"):
        setattr(value, field, getattr(value, field))


def test_deletion_fails():
    with pytest.raises(AttributeError, match="never changed"):
        del Cell("code", "1").source


def test_with_returns_a_new_value():
    cell = Cell("code", "1")
    assert cell.with_(source="2").source == "2"
    assert cell.source == "1"


def test_values_have_no_dict():
    assert not hasattr(Cell("code", ""), "__dict__")
    assert not hasattr(Document(), "__dict__")
