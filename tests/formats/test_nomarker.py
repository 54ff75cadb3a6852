"""nomarker: the script and nothing else."""

import octavo
from octavo import Document
from properties.strategies import cell

PLAIN = {"jupytext": {"notebook_metadata_filter": "-all"}}


def write(*parts, fmt="py:nomarker"):
    return octavo.writes(Document(parts, PLAIN), fmt)


def test_nothing_tells_where_the_cells_were():
    text = write(
        cell("markdown", "A text", {"tags": ["a"]}),
        cell("code", "x = 1\n\ny = 2", {"tags": ["b"]}),
        cell("raw", "raw"),
        cell("code", "# a comment"),
    )
    assert text == "# A text\n\nx = 1\n\ny = 2\n\n# raw\n\n# a comment\n"


def test_magics_and_what_is_not_active_are_commented():
    text = write(
        cell("code", "%time x\nprint?"),
        cell("code", "x = 1", {"tags": ["active-ipynb"]}),
        cell("code", "%%bash\nls"),
        cell("code", "ls", {"language": "klingon"}),
        cell("raw", "y = 2", {"tags": ["active-py"]}),
    )
    assert text == "# %time x\n# print?\n\n# x = 1\n\n# ls\n\n# ls\n\ny = 2\n"


def test_no_line_of_a_source_is_taken_for_an_end_marker():
    assert write(cell("code", "x = 1\n# -")) == "x = 1\n# -\n"


def test_a_layout_is_honoured_as_it_is():
    parts = [cell("markdown", "a", {"lines_to_next_cell": 0}), cell("code", "b")]
    assert write(*parts) == "# a\nb\n"
    parts = [cell("markdown", "a", {"lines_to_next_cell": "odd"}), cell("code", "b")]
    assert write(*parts) == "# a\n\nb\n"


def test_prose_stands_in_triple_quotes_where_the_cell_asks_for_it():
    assert write(cell("markdown", "a", {"cell_marker": '"""'})) == '"""\na\n"""\n'
    assert write(cell("markdown", "a", {"cell_marker": "odd"})) == "# a\n"


def test_custom_markers_are_comments():
    text = "# region\nx\n\ny\n# endregion\n"
    assert [c.source for c in octavo.reads(text, "py:nomarker").cells] == [
        "# region\nx",
        "y\n# endregion",
    ]


def test_the_older_name_is_known():
    assert octavo.writes(Document([cell("code", "1")], PLAIN), "py:bare") == "1\n"
