"""The examples in the docstrings of the package run."""

import doctest
import importlib
import pkgutil

import pytest

import octavo

MODULES = [
    "octavo",
    *sorted(
        module.name
        for module in pkgutil.walk_packages(octavo.__path__, "octavo.")
        if not module.name.endswith("__main__")
    ),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0
