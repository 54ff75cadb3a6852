"""Whatever a notebook holds, a Quarto document gives it back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import octavo
from properties import strategies as cells

LANGUAGES = {
    "python": "python3",
    "R": "ir",
    "julia": "julia-1.10",
    "C++17": "xcpp17",
    "haskell": "haskell",
    "OCaml": "ocaml-jupyter",
    "sas": "sas",
    "octave": "octave",
    "scheme": "calysto_scheme",
    "wolfram language": "wolframlanguage13",
    "gnuplot": "gnuplot",
    "klingon": "klingon",
}
PIECES = [
    "```{python}\n",
    "```\n",
    "````\n",
    "~~~\n",
    "<!-- cell -->\n",
    "<!-- cell raw -->\n",
    '<!-- cell {"a": 1} -->\n',
    "<!-- begin cell -->\n",
    "<!-- end cell -->\n",
    "<!-- begin cell 1 -->\n",
    "---\n",
    "jupyter: python3\n",
    "jupyter:\n  kernelspec:\n    name: x\n",
    "title: x\n",
    "#| tags: [a]\n",
    "#| echo: false\n",
    "#| octavo: verbatim\n",
    "  ",
    "x\n",
    "\n",
    "\r",
]


@pytest.mark.parametrize("tricky", cells.ATOMS, ids=repr)
def test_tricky_cell_between_plain_ones_survives(tricky):
    cells.assert_survives(cells.between_plain_neighbours(tricky), "qmd")


@given(cells.mixes)
def test_random_mix_survives(mix):
    cells.assert_survives(cells.notebook(mix), "qmd")


@settings(max_examples=20)
@given(cells.mixes, st.sampled_from(sorted(LANGUAGES)))
def test_random_mix_survives_in_every_language(mix, language):
    kernel = {"display_name": language, "language": language, "name": LANGUAGES[language]}
    document = cells.notebook(mix, {"kernelspec": kernel})
    cells.assert_survives(document, "qmd")
    back = octavo.reads(octavo.writes(document, "qmd"), "qmd")
    assert back.metadata["kernelspec"]["name"] == LANGUAGES[language]


@given(st.lists(st.one_of(st.sampled_from(PIECES), cells.text_lines), max_size=12).map("".join))
def test_any_text_is_read_and_then_stable(text):
    document = octavo.reads(text, "qmd")
    written = octavo.writes(document, "qmd")
    again = octavo.reads(written, "qmd")
    assert [(c.kind, c.source, c.metadata) for c in again.cells] == [
        (c.kind, c.source, c.metadata) for c in document.cells
    ]
    assert octavo.writes(again, "qmd") == written
