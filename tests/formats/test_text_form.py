"""The text that other programs get, and the way back from it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import octavo
from octavo import Cell, Document
from octavo.core.errors import FormatError
from octavo.formats import _names
from octavo.formats._text_form import TextForm, target_for
from properties.strategies import CODE

PYTHON = {"language_info": {"name": "python"}}
OUTPUT = [{"output_type": "stream", "name": "stdout", "text": "1\n"}]


def form_of(*cells, fmt="py:percent"):
    return TextForm(Document(cells, PYTHON), _names.parse(fmt))


def code(source, **fields):
    return Cell("code", source, outputs=OUTPUT, execution_count=1, **fields)


def test_text_has_neither_header_nor_metadata():
    form = form_of(Cell("markdown", "# T"), code("x = 1", metadata={"tags": ["a"]}))
    assert form.text == "# %% [markdown]\n# # T\n\n# %%\nx = 1\n"


def test_magic_in_a_block_leaves_a_statement():
    form = form_of(code("for i in x:\n    %timeit i\nfiles = !ls\n!ls"))
    assert form.text.split("\n")[1:5] == [
        "for i in x:",
        "    pass  # %timeit i",
        "files = None  # !ls",
        "# !ls",
    ]
    compile(form.text, "text", "exec")


def test_magics_come_back_at_another_indentation():
    form = form_of(code("for i in x:\n  %timeit i\n  y = !ls"))
    after = form.back(form.text.replace("\n  ", "\n    "))
    assert after.cells[0].source == "for i in x:\n    %timeit i\n    y = !ls"


def test_cell_of_another_language_may_change_too():
    form = form_of(code("%%bash\nls"))
    assert form.back(form.text.replace("ls", "ls -l")).cells[0].source == "%%bash\nls -l"


def test_semicolon_that_hides_a_value_stays():
    form = form_of(code("x=1;\nplot( x );"), code("y=1 # a;"), code("z=1;"))
    after = form.back(form.text.replace(";", "").replace("=", " = "))
    sources = [cell.source for cell in after.cells]
    assert sources == ["x = 1\nplot( x );", "y = 1 # a", "z = 1;"]


def test_cell_that_is_active_in_notebooks_only_is_code():
    form = form_of(code("x=1", metadata={"tags": ["active-ipynb"]}))
    assert form.back(form.text.replace("=", " = ")).cells[0].source == "x = 1"


def test_statement_of_the_users_own_stays_one():
    source = "for i in x:\n    pass  # %timeit j\n    %timeit i"
    form = form_of(code(source))
    assert form.back(form.text.replace("in x", "in z")).cells[0].source == source.replace(
        "in x", "in z"
    )


def test_everything_but_the_source_stays():
    old = code("x=1", metadata={"tags": ["a"], "active": "py"}, id="one")
    form = form_of(Cell("markdown", "text", attachments={"a": {}}, id="m"), old)
    after = form.back(form.text.replace("x=1", "x = 1"))
    assert after.cells == (form.document.cells[0], old.with_(source="x = 1"))


def test_cell_that_a_program_adds_is_new_and_one_that_it_drops_is_gone():
    form = form_of(code("a = 1", id="a"), code("b = 2", id="b"))
    added = form.back(form.text.replace("# %%\nb", "# %%\nnew\n\n# %%\nb"))
    assert [(cell.id, cell.source) for cell in added.cells] == [
        ("a", "a = 1"), (None, "new"), ("b", "b = 2"),
    ]  # fmt: skip
    dropped = form.back("# %%\nb = 2\n")
    assert [cell.id for cell in dropped.cells] == ["b"]


@pytest.mark.parametrize(
    "cell", [code("x = 1", metadata={"active": "ipynb"}), Cell("raw", "x = 1")]
)
def test_cells_that_are_comments_stay_as_they_are(cell):
    form = form_of(code("y=1"), cell)
    after = form.back(form.text.replace("=", " = ").replace("ls", "LS"))
    assert after.cells[0].source == "y = 1"
    assert after.cells[1] in (cell, cell.with_(source="x  =  1"))


@pytest.mark.parametrize("text", ["1 a.py\n", "\n", "error: no\n", "x = 1\n"])
def test_what_is_no_document_is_refused(text):
    with pytest.raises(FormatError, match="OCT-F060"):
        form_of(code("x = 1"), code("y = 1")).back(text)


def test_prose_instead_of_code_is_refused():
    form = form_of(Cell("markdown", "text"), code("x = 1"), fmt="md")
    with pytest.raises(FormatError, match="OCT-F060"):
        form.back("text\n")


def test_lines_are_found_again():
    form = form_of(Cell("markdown", "# T\n\ntext"), code("a = 1\n\nb = 2"), code("c = 3"))
    lines = form.text.split("\n")
    assert form.place(lines.index("b = 2") + 1) == (1, 3)
    assert form.place(lines.index("# text") + 1) == (0, 3)
    assert form.place(lines.index("c = 3") + 1) == (2, 1)
    assert form.place(10_000) == (2, 1)


def test_document_without_language_is_python():
    document = octavo.reads("# %%\n1\n", "py:percent")
    for one in (document, Document([code("1")])):
        assert str(TextForm(one, target_for("auto:percent", one)).target) == "py:percent"


@pytest.mark.parametrize(("kernel", "suffix"), [("python3", ".py"), ("julia-1.9", ".jl")])
def test_kernel_tells_the_language_if_nothing_else_does(kernel, suffix):
    document = Document([code("1")], {"kernelspec": {"name": kernel, "display_name": "K"}})
    assert target_for("auto:percent", document).suffix == suffix


def test_empty_document_is_no_fault():
    form = TextForm(Document([], PYTHON), _names.parse("py:percent"))
    assert form.place(1) is None
    assert form.back(form.text) is form.document


sources = st.lists(st.sampled_from(CODE) | st.text(max_size=20), max_size=4)


@settings(max_examples=150)
@given(sources=sources, fmt=st.sampled_from(["py:percent", "py:light", "md", "md:myst"]))
def test_program_that_changes_nothing_changes_nothing(sources, fmt):
    cells = [code(source.replace("\r", ""), id=f"c{i}") for i, source in enumerate(sources)]
    form = form_of(*cells, fmt=fmt)
    assert form.back(form.text) is form.document
    for line in range(1, form.text.count("\n") + 2):
        place = form.place(line)
        assert place is None or (place[0] < len(cells) and place[1] >= 1)


@settings(max_examples=150)
@given(sources=sources)
def test_formatter_of_blanks_at_line_ends_loses_nothing_else(sources):
    cells = [code(source.replace("\r", ""), id=f"c{i}") for i, source in enumerate(sources)]
    form = form_of(*cells)
    text = "\n".join(line + " " if line.strip() else line for line in form.text.split("\n"))
    try:
        after = form.back(text)
    except FormatError:
        return  # it took the text for none of its own: nothing is lost
    kept = {cell.id: cell for cell in after.cells}
    for cell in cells:
        if cell.id in kept:
            assert kept[cell.id].outputs == cell.outputs


def test_magics_that_would_look_alike_come_back_as_they_were():
    source = "y = !ls\ny=!ls\nz=1"
    form = form_of(code(source))
    assert form.back(form.text.replace("z=1", "z=2")).cells[0].source == "y = !ls\ny=!ls\nz=2"
