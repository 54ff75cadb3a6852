"""Scripts for knitr's spin: options, paragraphs of code, and cells that hold blank lines."""

import pytest

import octavo
from octavo import Document
from octavo.formats import spin
from properties.strategies import cell

PLAIN = {
    "kernelspec": {"display_name": "R", "language": "R", "name": "ir"},
    "jupytext": {"notebook_metadata_filter": "-all"},
}


def read(text, fmt="R:spin"):
    return octavo.reads(text, fmt)


def cells(text):
    return [(cell.kind, cell.source, cell.metadata) for cell in read(text).cells]


def write(*parts, metadata=None, fmt="R:spin", **options):
    return octavo.writes(Document(parts, PLAIN if metadata is None else metadata), fmt, **options)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("#' a\n#'\n#'b\n", [("markdown", "a\n\nb", {})]),
        ("#' a\n\n#' b\n1\n", [("markdown", "a", {}), ("markdown", "b", {}), ("code", "1", {})]),
        ("1\n\n2\n", [("code", "1", {}), ("code", "2", {})]),
        ("f(\n\n  1)\n", [("code", "f(\n\n  1)", {})]),
        ("1\n\n\n#' a\n", [("code", "1", {}), ("markdown", "a", {})]),
        ("1\n\n\n\n#' a\n", [("code", "1", {}), ("code", "", {}), ("markdown", "a", {})]),
        ("f(\n\n\n  1)\n#' a\n", [("code", "f(\n\n\n  1)", {}), ("markdown", "a", {})]),
        ("#+ a, echo=FALSE\n1\n", [("code", "1", {"name": "a", "tags": ["remove_input"]})]),
        ("#+\n1\n#+ b\n2\n", [("code", "1", {}), ("code", "2", {"name": "b"})]),
        ("#+ x\n#' a\n", [("code", "", {"name": "x"}), ("markdown", "a", {})]),
        ("#+ x\n \n", [("code", "", {"name": "x"})]),
        ('#+ active="", eval=FALSE\n# a\n', [("raw", "a", {})]),
        ('#+ tags=c("active-R")\n1\n', [("raw", "1", {"tags": ["active-R"]})]),
        (
            '#+ tags=c("active-Rmd"), eval=FALSE\n# 1\n',
            [("raw", "1", {"tags": ["active-Rmd"]})],
        ),
        ("#+ eval=FALSE\n1\n", [("code", "1", {"eval": False})]),
        ('#+ language="bash"\nls\n', [("code", "%%bash\nls", {})]),
        ("# %time x\n", [("code", "%time x", {})]),
        ("# #+ x\n", [("code", "#+ x", {})]),
        ("\n1\n", [("code", "", {}), ("code", "1", {})]),
        ("\n\n\n1\n", [("code", "", {}), ("code", "1", {})]),
        ('#+ octavo=\'{"type": "markdown"}\'\n#\' a\n', [("markdown", "a", {})]),
        ("1\n\n  2\n#' a\n", [("code", "1\n\n  2", {}), ("markdown", "a", {})]),
        ("1\n\n  \n#' a\n", [("code", "1", {}), ("markdown", "a", {})]),
    ],
)
def test_cells(text, expected):
    assert cells(text) == expected


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (cell("markdown", "a\n\nb"), "#' a\n#'\n#' b\n"),
        (cell("markdown", ""), "#'\n"),
        (cell("code", ""), "\n"),
        (cell("code", "1\n\n  2"), "1\n\n  2\n"),
        (cell("code", "1\n\n2\n"), "#+ octavo='{\"blank\": 1}'\n1\n\n2\n\n"),
        (cell("code", "#' a"), '#+ octavo=\'{"blank": 0, "escape": true}\'\n# #\' a\n'),
        (cell("code", "1\n#+ a"), "1\n# #+ a\n"),
        (cell("code", "1", {"name": "a", "tags": ["remove_cell"]}), "#+ a, include=FALSE\n1\n"),
        (cell("code", "%%bash\nls"), '#+ language="bash"\nls\n'),
        (cell("code", "%%bash\n# ls"), '#+ language="bash"\n# # ls\n'),
        (cell("code", "%%R -i x\nplot(x)"), '#+ magic_args="-i x", language="R"\nplot(x)\n'),
        (cell("code", "1", {"language": "bash"}), None),
        (
            cell("code", "1", {"tags": ["active-ipynb"]}),
            '#+ tags=c("active-ipynb"), eval=FALSE\n# 1\n',
        ),
        (cell("code", "1", {"eval": False, "active": "ipynb"}), None),
        (cell("raw", "a"), '#+ active="", eval=FALSE\n# a\n'),
        (cell("raw", "a", {"active": ""}), None),
        (cell("code", "a", {"active": ""}), None),
        (cell("code", "a", {"tags": ["active-R"]}), None),
        (cell("code", "a\r"), "#+\na\r\n"),
        (cell("code", "\t"), None),
        (
            cell("markdown", "---\na: 1\n---"),
            "#+ octavo='{\"type\": \"markdown\"}'\n#' ---\n#' a: 1\n#' ---\n",
        ),
        (cell("code", "#' ---\n#' a: 1\n#' ---"), None),
    ],
)
def test_a_single_cell(part, expected):
    text = write(part)
    if expected is not None and not expected.startswith('#+ magic_args="-i x"'):
        assert text == expected
    assert cells(text) == [(part.kind, part.source, part.metadata)]


def test_every_cell_knows_its_line():
    text = "#' ---\n#' title: a\n#' ---\n\n#' b\n\n1\n\n#+ c\n2\n"
    assert [cell.line for cell in read(text).cells] == [1, 5, 7, 9]


def test_a_cell_that_goes_on_is_ended_by_a_marker():
    parts = [cell("code", "1\n\n2"), cell("code", "3"), cell("code", "  4")]
    text = write(*parts)
    assert text == "#+ octavo='{\"blank\": 0}'\n1\n\n2\n\n#+\n3\n\n#+\n  4\n"
    assert [source for _, source, _ in cells(text)] == [part.source for part in parts]


def test_a_notebook_with_the_keys_of_runtools():
    parts = [cell("code", "1", {"hide_input": True, "hide_output": True})]
    assert write(*parts) == "#+ include=FALSE\n1\n"
    text = write(*parts, metadata={"kernelspec": PLAIN["kernelspec"]})
    assert "use_runtools: true" in text
    assert read(text).cells[0].metadata == {"hide_input": True, "hide_output": True}
    both = [*parts, cell("code", "2", {"tags": ["remove_cell"]})]
    assert write(*both) == "#+ hide_input=TRUE, hide_output=TRUE\n1\n\n#+ include=FALSE\n2\n"
    assert write(*parts, use_runtools=False) == "#+ hide_input=TRUE, hide_output=TRUE\n1\n"


def test_layout_that_a_notebook_asks_for():
    assert write(cell("markdown", "a", {"lines_to_next_cell": 0}), cell("code", "1")) == "#' a\n1\n"


def test_options_that_cannot_be_read_are_noticed_and_kept():
    document = read("#' a\n\n#+ x, y=(\n1\n")
    assert [(notice.code, notice.span.line) for notice in document.notices] == [("OCT-F020", 3)]
    assert octavo.writes(document, "R:spin") == "#' a\n\n#+ x, y=(\n1\n"


def test_the_suffix_decides_which_cells_are_active():
    part = cell("code", "1", {"tags": ["active-R-ipynb"]})
    assert write(part) == '#+ tags=c("active-R-ipynb")\n1\n'
    assert write(part, fmt="r:spin") == '#+ tags=c("active-R-ipynb"), eval=FALSE\n# 1\n'


def test_a_notebook_in_another_language():
    metadata = {"kernelspec": {"language": "python", "name": "python3"}}
    parts = [cell("code", "x = '''\n\ny'''"), cell("code", "!ls")]
    text = write(*parts, metadata=metadata)
    assert text.endswith("\n\nx = '''\n\ny'''\n\n# !ls\n")
    assert [source for _, source, _ in cells(text)] == [part.source for part in parts]


@pytest.mark.parametrize(
    ("text", "expected"), [("#' a", {}), ("1\n#' a\n", {}), ("# a\n", None), ("", None)]
)
def test_sniff(text, expected):
    assert spin.sniff(text, ".R") == expected


def test_blank_lines_cost_linear_time():
    reader_input = "\n" * 50_000 + "  1\n"
    assert len(read(reader_input).cells) == 1


def test_texts_of_the_corpus_keep_their_bytes(corpus):
    paths = [*(corpus / "outputs/ipynb_to_spin").iterdir(), *(corpus / "inputs/R_spin").iterdir()]
    assert paths
    for path in paths:
        text = path.read_text("utf-8")
        assert octavo.writes(read(text), "R:spin", previous=text) == text
