"""Sphinx-Gallery scripts: blocks of comments, separators, and what the notation cannot hold."""

import sys
import types

import pytest

import octavo
from octavo import Cell, Document, OptionError
from octavo.formats import sphinx_gallery
from properties.strategies import cell, notebook

PLAIN = {"jupytext": {"notebook_metadata_filter": "-all"}}
RULE = "#" * 79
MATPLOTLIB = ("code", "%matplotlib inline")


def cells(text):
    found = [(cell.kind, cell.source) for cell in octavo.reads(text, "py:sphinx").cells]
    assert found[0] == MATPLOTLIB
    return found[1:]


def write(*parts):
    return octavo.writes(Document(parts, PLAIN), "py:sphinx")


def test_a_script_as_it_is_written():
    text = write(
        cell("code", "%matplotlib inline"),
        cell("markdown", "A title"),
        cell("code", "1"),
        cell("code", "%time 2"),
        cell("code", "3"),
        cell("markdown", "Text\n\nmore"),
        cell("code", "def f():\n    return 1"),
        cell("code", "f()"),
    )
    assert text == (
        f'"""\nA title\n"""\n\n1\n\n""\n# %time 2\n\n""\n3\n\n\n{RULE}\n# Text\n#\n# more\n\n'
        'def f():\n    return 1\n\n\n""\nf()\n'
    )
    assert cells(text) == [
        ("markdown", "A title"),
        ("code", "1"),
        ("code", "%time 2"),
        ("code", "3"),
        ("markdown", "Text\n\nmore"),
        ("code", "def f():\n    return 1"),
        ("code", "f()"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("1\n", [("code", "1")]),
        ("'''a'''\n1\n", [("markdown", "a"), ("code", "1")]),
        ('"""a\nb"""\n', [("markdown", "a\nb")]),
        ('"""\na\n\nb\n"""\n\n\n1\n', [("markdown", "a\n\nb"), ("code", "\n1")]),
        (
            '"""\na\n"""\n\n\ndef f():\n    pass\n',
            [("markdown", "a"), ("code", "def f():\n    pass")],
        ),
        ('""""\na"""\n', [("markdown", '"\na')]),
        (
            f'"""\na\n"""\n\n\n\n{RULE}\n# b\n\ndef f():\n    pass\n',
            [("markdown", "a"), ("code", ""), ("markdown", "b"), ("code", "def f():\n    pass")],
        ),
        ("# ####################\n# a\n#b\n", [("markdown", "a\nb")]),
        ("####################\n", [("markdown", "")]),
        ("###################\n", [("code", "###################")]),
        ('1\n\n""\n2\n', [("code", "1"), ("code", "2")]),
        ('1\n""\n2\n', [("code", "1"), ("code", "2")]),
        ("1\n\n''\n\n2\n", [("code", "1"), ("markdown", ""), ("code", "2")]),
        ('1\n\n""\n', [("code", "1"), ("markdown", "")]),
        (f'""\n\n{RULE}\n# a\n', [("markdown", ""), ("markdown", "a")]),
        ('x = """\n""\n"""\n', [("code", 'x = """\n""\n"""')]),
        ('1\n"""never closed\n', [("code", '1\n"""never closed')]),
        ('"""\n', [("code", '"""')]),
        ("1\n  \n''\n", [("code", "1"), ("markdown", "")]),
        (f"1\n\n\n{RULE}\n", [("code", "1\n"), ("markdown", "")]),
        (f"{RULE}\n# a\n\n\n{RULE}\n# b\n", [("markdown", "a"), ("code", ""), ("markdown", "b")]),
        ("# %%bash\n# ls\n", [("code", "%%bash\nls")]),
        ("# %%bash\nls\n", [("code", "%%bash\nls")]),
        ("# octavo: [\n1\n", [("code", "# octavo: [\n1")]),
        ("# octavo: 1\n1\n", [("code", "# octavo: 1\n1")]),
        ('# octavo: {"type": "raw"}\n# a\n', [("code", '# octavo: {"type": "raw"}\n# a')]),
        ('# octavo: {"type": "raw"}\n# a\n# octavo: end\n', [("raw", "a")]),
        (
            '# octavo: {"end": 1, "type": "code"}\n# octavo: end\n# octavo: end 1\n',
            [("code", "# octavo: end")],
        ),
        ('# octavo: {"x": 1}\n# octavo: end\n', [("code", '# octavo: {"x": 1}\n# octavo: end')]),
    ],
)
def test_cells(text, expected):
    assert cells(text) == expected


def test_every_cell_knows_its_line():
    document = octavo.reads(
        f'# -*- coding: utf-8 -*-\n"""a"""\n\n1\n\n""\n2\n{RULE}\n# b\n', "py:sphinx"
    )
    assert [cell.line for cell in document.cells] == [2, 2, 4, 7, 8]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (cell("code", '""'), '# octavo: {"type": "code"}\n""\n# octavo: end\n'),
        (cell("code", '"""doc"""\nx'), '# octavo: {"type": "code"}\n"""doc"""\nx\n# octavo: end\n'),
        (cell("code", "#" * 20), f'# octavo: {{"type": "code"}}\n{"#" * 20}\n# octavo: end\n'),
        (cell("raw", "a\n\nb"), '# octavo: {"type": "raw"}\n# a\n#\n# b\n# octavo: end\n'),
        (
            cell("code", "%ls", {"tags": ["active-ipynb"]}),
            '# octavo: {"metadata": {"tags": ["active-ipynb"]}}\n# %ls\n# octavo: end\n',
        ),
        (
            cell("raw", "octavo: end"),
            '# octavo: {"type": "raw", "end": 1}\n# octavo: end\n# octavo: end 1\n',
        ),
        (cell("code", "%%bash\n# ls"), "# %%bash\n# # ls\n"),
        (cell("markdown", ""), '""\n'),
        (cell("markdown", 'a"""'), f'{RULE}\n# a"""\n'),
        (cell("markdown", "a", {"cell_marker": "#" * 20}), f"{'#' * 20}\n# a\n"),
        (cell("markdown", "a", {"cell_marker": "odd"}), f"{RULE}\n# a\n"),
        (cell("markdown", "", {"cell_marker": "''"}), "''\n"),
        (cell("code", "# ---\n# a: 1\n# ---"), '""\n# ---\n# a: 1\n# ---\n'),
        (cell("code", "1", {"tags": ["a"]}), "1\n"),
    ],
)
def test_a_single_cell(part, expected):
    assert write(part) == expected
    assert cells(expected) == [(part.kind, part.source)]


def test_layout_that_a_notebook_asks_for():
    parts = [cell("code", "1", {"lines_to_next_cell": 2}), cell("markdown", "a")]
    assert write(*parts) == '1\n\n\n"""\na\n"""\n'


def test_metadata_of_inactive_cells_comes_back():
    tags = {"tags": ["active-ipynb"]}
    document = notebook([cell("code", "%matplotlib inline", tags), cell("code", "1", tags)])
    back = octavo.reads(octavo.writes(document, "py:sphinx"), "py:sphinx")
    assert [cell.metadata for cell in back.cells] == [tags, tags]


def test_an_empty_cell_that_would_separate_is_written_in_single_quotes():
    text = write(cell("code", "1"), cell("markdown", ""), cell("code", "2"))
    assert text == "1\n\n''\n\n2\n"


def test_a_quote_that_the_next_cell_would_close_is_enclosed():
    text = write(cell("code", '"""\n"""a'), cell("markdown", "b"))
    assert text.startswith('# octavo: {"type": "code"}\n"""\n"""a\n# octavo: end\n')
    assert cells(text) == [("code", '"""\n"""a'), ("markdown", "b")]


def test_a_carriage_return_on_every_line_is_content():
    text = write(cell("code", "1\r"))
    assert cells(text) == [("code", "1\r")]


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        (f"{RULE}\n# a\n\n{RULE}\n", ".py", {}),
        (f"{RULE}\n# a\n", ".py", None),
        (f'"""\n{RULE}\n{RULE}\n"""', ".py", None),
        (f"{RULE}\n# a\n\n{RULE}\n", ".R", None),
    ],
)
def test_sniff(text, suffix, expected):
    assert sphinx_gallery.sniff(text, suffix) == expected


def test_restructured_text_becomes_markdown(monkeypatch):
    fake = types.ModuleType("sphinx_gallery.notebook")
    fake.rst2md = lambda text, config, folder, levels: f"{text} {config} {folder!r} {levels['=']}\n"
    monkeypatch.setitem(sys.modules, "sphinx_gallery", types.ModuleType("sphinx_gallery"))
    monkeypatch.setitem(sys.modules, "sphinx_gallery.notebook", fake)
    document = octavo.reads('"""\na\n"""\n\n1\n\n""\n', "py:sphinx", rst2md=True)
    assert [cell.source for cell in document.cells[1:]] == [
        "a {'notebook_images': False} '' 1",
        "1",
        "",
    ]
    assert document.metadata["jupytext"]["rst2md"] is False


def test_restructured_text_needs_sphinx_gallery(monkeypatch):
    monkeypatch.setitem(sys.modules, "sphinx_gallery.notebook", None)
    with pytest.raises(OptionError) as caught:
        octavo.reads('"""a"""', "py:sphinx", rst2md=True)
    assert caught.value.code == "OCT-O040"


def test_restructured_text_is_never_written():
    with pytest.raises(OptionError) as caught:
        octavo.writes(Document([Cell("markdown", "a")]), "py:sphinx", rst2md=True)
    assert caught.value.code == "OCT-O041"


def test_texts_of_the_corpus_keep_their_bytes(corpus):
    paths = [
        *(corpus / "outputs/ipynb_to_sphinx").glob("*.py"),
        *(corpus / "inputs/sphinx").glob("*.py"),
    ]
    assert paths
    for path in paths:
        text = path.read_text("utf-8")
        document = octavo.reads(text, "py:sphinx")
        assert octavo.writes(document, "py:sphinx", previous=text) == text
