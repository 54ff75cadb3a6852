"""YAML of headers: the fast path says what PyYAML says, or leaves it to PyYAML."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from octavo.formats import _yaml

WORDS = st.text("aZyn./:,: 019_-=*@+(){}'\"#&!%~\t", min_size=1, max_size=12)


@given(WORDS)
def test_what_the_fast_path_reads_is_what_yaml_means(word):
    text = f"key: {word}"
    quick = _yaml._load_simple(text)
    if quick is not None:
        assert quick == yaml.safe_load(text)


@given(st.dictionaries(WORDS, WORDS | st.booleans(), min_size=1, max_size=3))
def test_what_the_fast_path_writes_is_what_yaml_writes(data):
    lines = []
    if _yaml._dump_simple(data, "", lines, sort_keys=True):
        assert "\n".join(lines) + "\n" == yaml.safe_dump(data, default_flow_style=False)


@pytest.mark.parametrize(
    "formats", ["ipynb,py:percent", "notebooks///ipynb,scripts///py:percent", "ipynb,../py//py"]
)
def test_the_list_of_a_pair_needs_no_library(formats):
    text = f"jupytext:\n  formats: {formats}\n"
    assert _yaml._load_simple(text) == {"jupytext": {"formats": formats}}
    assert _yaml.dump({"jupytext": {"formats": formats}}) == text


def test_a_word_that_begins_like_the_end_of_a_document_is_quoted():
    assert _yaml.dump({"a": "...b"}) == "a: '...b'\n"
