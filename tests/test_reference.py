"""The pages that are made from tables of the code say what the code says."""

import importlib.util
from pathlib import Path

import pytest

from octavo.core.languages import LANGUAGES
from octavo.core.options import FORMAT_OPTIONS
from octavo.formats import _index

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def reference():
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools/reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pages_are_current(reference):
    stale = [path.name for path, page in reference.pages() if path.read_text("utf-8") != page]
    assert not stale, "run `python tools/reference.py`"


def test_pages_can_be_made_again(reference):
    assert list(reference.pages()) == list(reference.pages())


def test_every_option_has_a_section(reference):
    page = reference.options_page()
    for option in FORMAT_OPTIONS:
        assert f"\n## {option.name}\n" in page
        assert option.help in page


def test_every_language_has_a_row(reference):
    page = reference.languages_page()
    for language in LANGUAGES:
        assert f"\n| {language.name} | " in page


def test_every_format_has_a_row_and_a_page(reference):
    rows = "\n".join(reference.formats_table())
    for name in _index.names():
        assert f"[{name}]({name}.md)" in rows
        assert (ROOT / f"docs/formats/{name}.md").exists()
