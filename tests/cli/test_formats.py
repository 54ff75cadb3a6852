"""`octavo formats` tells what the tables say."""

import pytest

from octavo.core.languages import LANGUAGES
from octavo.core.options import FORMAT_OPTIONS
from octavo.formats import _index


def test_every_format_has_a_line(octavo):
    result = octavo("formats")
    assert result.code == 0
    names = [line.split()[0] for line in result.out.splitlines()]
    assert names == ["format", *_index.names()]


def test_every_language_has_a_line(octavo):
    lines = octavo("formats", "--languages").out.splitlines()
    assert [line.partition("  ")[0] for line in lines[1:]] == [row.name for row in LANGUAGES]


def test_every_option_has_its_formats(octavo):
    out = octavo("formats", "--options").out
    for option in FORMAT_OPTIONS:
        assert f"{option.name} ({option.kind}, default " in out
        assert option.help in out


@pytest.mark.parametrize("name", _index.names())
def test_one_format(octavo, name):
    result = octavo("formats", name)
    assert result.code == 0
    assert result.out.startswith(f"{name}: ")
    record = octavo("formats", name, "--json").json
    assert record["name"] == name
    assert record["suffixes"] == list(_index.suffixes_of(name))


@pytest.mark.parametrize(
    ("short", "name"), [("py:percent", "percent"), ("Rmd", "rmarkdown"), ("md", "markdown")]
)
def test_format_may_be_named_by_its_short_name(octavo, short, name):
    assert octavo("formats", short).out.startswith(f"{name}: ")


def test_unknown_format_gets_a_hint(octavo):
    result = octavo("formats", "precent")
    assert result.code == 2
    assert "did you mean 'percent'?" in result.err


def test_json_of_all_tables(octavo):
    tables = octavo("formats", "--languages", "--options", "--json").json
    assert set(tables) == {"languages", "options"}
    assert [row["name"] for row in tables["languages"]] == [row.name for row in LANGUAGES]
    options = {row["name"]: row for row in tables["options"]}
    assert "percent" in options["cell_markers"]["formats"]
    assert options["split_at_heading"]["default"] is False
    formats = octavo("formats", "--json").json["formats"]
    assert [fmt["name"] for fmt in formats if fmt["keeps"]["outputs"]] == ["ipynb"]
