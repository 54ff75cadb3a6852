"""nomarker loses where cells were, but no line, and reads as light does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import octavo
from octavo.core.languages import SCRIPT_SUFFIXES
from properties import strategies as s

suffixes = st.sampled_from(SCRIPT_SUFFIXES)


def content(document):
    return [(cell.kind, cell.source, cell.metadata, cell.line) for cell in document.cells]


@given(text=s.text_lines, suffix=suffixes)
def test_a_text_reads_as_light_does(text, suffix):
    light = octavo.reads(text, f"{suffix[1:]}:light")
    assert content(octavo.reads(text, f"{suffix[1:]}:nomarker")) == content(light)


@given(cells=s.mixes, suffix=suffixes)
def test_every_line_of_code_is_in_the_script(cells, suffix):
    text = octavo.writes(s.notebook(cells, {}), f"{suffix[1:]}:nomarker")
    for cell in cells:
        for line in cell.source.replace("\r", "\n").split("\n"):
            # The line of a language magic goes, and that of a Go magic is written differently.
            if not line.startswith(("%%", "#!")):
                assert line in text


@pytest.mark.parametrize("suffix", SCRIPT_SUFFIXES)
def test_plain_notebooks_come_back(suffix):
    cells = [s.cell("markdown", "A text"), s.cell("code", "x = 1"), s.cell("code", "y = 2")]
    s.assert_survives(s.notebook(cells, {}), f"{suffix[1:]}:nomarker")
