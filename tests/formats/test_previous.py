"""The style of a foreign file survives an edit made elsewhere."""

import pytest

import octavo

FOREIGN = """\
#!/usr/bin/env python
# my script

#%%
import os


#%% md
# Some text
# more
#%%   A title    tags=["a"]
x = 1
#%%
def f():
    return 2
#%%
y = 3
"""


def changed(edit, text=FOREIGN, fmt="py:percent"):
    """Return the lines that an edit of the cells takes away and adds."""
    document = octavo.reads(text, fmt)
    cells = list(document.cells)
    edit(cells)
    result = octavo.writes(document.with_(cells=cells), fmt, previous=text)
    old, new = text.split("\n"), result.split("\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_a_changed_cell_keeps_the_spelling_of_its_marker():
    def edit(cells):
        cells[3] = cells[3].with_(source="x = 22")

    assert changed(edit) == (["x = 1"], ["x = 22"])


def test_a_changed_title_rewrites_the_marker_only():
    def edit(cells):
        cells[3] = cells[3].with_(metadata={**cells[3].metadata, "title": "Another"})

    assert changed(edit) == (
        ['#%%   A title    tags=["a"]'],
        ['# %% Another tags=["a"]'],
    )


def test_a_removed_cell_takes_its_lines_along():
    def edit(cells):
        del cells[4]

    gone, new = changed(edit)
    assert gone == ["def f():", "    return 2"]
    assert new == []


def test_a_new_last_cell_is_set_apart():
    def edit(cells):
        cells.append(octavo.Cell("markdown", "The end"))

    assert changed(edit) == ([], ["# %% [markdown]", "# The end"])


def test_cells_that_move_keep_their_text():
    def edit(cells):
        cells.insert(1, cells.pop(3))

    assert changed(edit) == ([], [])


def test_a_text_without_header_gets_none():
    notebook = octavo.Document(
        octavo.reads(FOREIGN, "py:percent").cells,
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    )
    text = octavo.writes(notebook, "py:percent", previous=FOREIGN)
    assert "kernelspec" not in text


def test_prose_in_triple_quotes_stays_so():
    text = '# %% [markdown]\n"""\nA text\n"""\n\n# %%\n1 + 1\n'
    document = octavo.reads(text, "py:percent")
    cells = [document.cells[0].with_(source="Another text"), document.cells[1]]
    expected = text.replace("A text", "Another text")
    assert octavo.writes(document.with_(cells=cells), "py:percent", previous=text) == expected
    assert octavo.writes(document.with_(cells=cells), "py:percent") == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_newlines_and_byte_order_mark_stay(newline, bom):
    text = bom + "# %%\nx = 1\n\n# %%\ny = 2\n".replace("\n", newline)
    document = octavo.reads(text, "py:percent")
    cells = [document.cells[0].with_(source="x = 3"), document.cells[1]]
    result = octavo.writes(document.with_(cells=cells), "py:percent", previous=text)
    assert result == text.replace("x = 1", "x = 3")


def test_an_empty_previous_text_is_no_model():
    document = octavo.reads("# %%\n1\n", "py:percent")
    assert octavo.writes(document, "py:percent", previous="\n") == "# %%\n1\n"
