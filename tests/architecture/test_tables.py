"""A table and the folder it stands for say the same: nothing is written twice by hand."""

import importlib
import pkgutil
import runpy
from pathlib import Path

import pytest

import octavo.formats
from octavo.formats import _index
from octavo.formats._format import Format

ROOT = Path(__file__).parent.parent.parent
MODULES = sorted(
    module.name
    for module in pkgutil.iter_modules(octavo.formats.__path__)
    if not module.name.startswith("_")
)


def test_index_lists_the_files_of_the_folder():
    assert sorted(row[0] for row in _index.TABLE.values()) == MODULES


def test_index_is_what_make_generate_writes():
    generate = runpy.run_path(str(ROOT / "tools/generate.py"))
    text = generate["INDEX"].read_text("utf-8")
    assert generate["with_table"](text, generate["table"](generate["formats"]())) == text


@pytest.mark.parametrize("module", MODULES)
def test_format_module_ends_with_its_record(module):
    fmt = importlib.import_module(f"octavo.formats.{module}").FORMAT
    assert isinstance(fmt, Format)
    assert fmt.summary
    assert fmt.suffixes
    assert set(fmt.default_for) <= set(fmt.suffixes)
    assert set(fmt.assumed_for) <= set(fmt.suffixes)
    assert _index.TABLE[fmt.name][0] == module


def test_names_and_aliases_are_unique():
    assert set(_index.ALIASES) & set(_index.names()) == set()
    assert set(_index.ALIASES.values()) <= set(_index.names())


@pytest.mark.parametrize("suffix", _index.SUFFIXES)
def test_suffix_has_one_format_to_write_and_one_to_assume(suffix):
    rows = _index.TABLE.values()
    assert sum(suffix in row[2] for row in rows) == 1
    assert sum(suffix in row[3] for row in rows) == 1


def test_every_command_has_a_summary_and_its_functions():
    from octavo import cli

    for name in cli.command_names():
        command = cli.load(name)
        assert command.__doc__
        assert command.USAGE
        assert callable(command.add_arguments)
        assert callable(command.run)
