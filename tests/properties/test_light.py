"""Whatever a notebook holds survives light, and foreign scripts read as the peer reads them."""

import logging
import warnings

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import octavo
from octavo.core.languages import BY_SUFFIX, SCRIPT_SUFFIXES
from octavo.formats import _light_reader
from properties import strategies as s

MARKERS = ["region,endregion", "{{{,}}}", "cell,end of cell"]
#: What the peer keeps in metadata about the layout, and what it leaves there by mistake.
LAYOUT = {
    "lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker", "skipline", "noskipline",
    "endofcell",
}  # fmt: skip


@pytest.mark.parametrize("fmt", ["py:light", "ml:light", "R:light"])
def test_every_tricky_cell_survives_between_plain_neighbours(fmt):
    for atom in s.ATOMS:
        s.assert_survives(s.between_plain_neighbours(atom), fmt)


@pytest.mark.parametrize("markers", MARKERS)
def test_every_tricky_cell_survives_between_custom_markers(markers):
    for atom in s.ATOMS[::3]:
        s.assert_survives(s.between_plain_neighbours(atom), "py:light", cell_markers=markers)


@given(cells=s.mixes)
def test_mixes_of_tricky_cells_survive(cells):
    s.assert_survives(s.notebook(cells), "py:light")


@given(cells=s.mixes, suffix=st.sampled_from(SCRIPT_SUFFIXES))
def test_mixes_survive_in_every_language(cells, suffix):
    sign = BY_SUFFIX[suffix].comment
    cells = [cell.with_(source=cell.source.replace("#", sign)) for cell in cells]
    s.assert_survives(s.notebook(cells, {}), f"{suffix[1:]}:light")


@given(cells=s.mixes, markers=st.sampled_from(MARKERS))
def test_mixes_survive_between_custom_markers(cells, markers):
    s.assert_survives(s.notebook(cells), "py:light", cell_markers=markers)


@given(cells=s.mixes)
def test_mixes_survive_without_header(cells):
    s.assert_survives(s.notebook(cells), "py:light", notebook_metadata_filter="-all")


@given(cells=s.mixes)
def test_mixes_survive_with_magics_left_alone(cells):
    s.assert_survives(s.notebook(cells), "py:light", comment_magics=False)


@given(
    cells=s.mixes,
    layout=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "lines_to_next_cell": st.integers(-1, 4),
                "lines_to_end_of_cell_marker": st.integers(-1, 4),
                "cell_marker": st.sampled_from(['"""', "'''", 'r"""', '""","""', "odd", 1]),
            },
        ),
        min_size=8,
        max_size=8,
    ),
)
def test_mixes_survive_whatever_layout_they_ask_for(cells, layout):
    cells = [
        cell.with_(metadata={**cell.metadata, **asked})
        for cell, asked in zip(cells, layout, strict=False)
    ]
    found = s.differences(s.notebook(cells), "py:light")
    assert [line for line in found if not line.startswith("the second writing")] == []


@settings(max_examples=200)
@given(
    text=s.text_lines,
    suffix=st.sampled_from(SCRIPT_SUFFIXES),
    markers=st.sampled_from(["", *MARKERS]),
)
def test_any_text_is_read(text, suffix, markers):
    options = {"cell_markers": markers} if markers else {}
    document = octavo.reads(text, f"{suffix[1:]}:light", **options)
    lines = [cell.line for cell in document.cells]
    assert lines == sorted(set(lines))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)


# ---- the peer as an oracle ---------------------------------------------------------------


@pytest.fixture(scope="module")
def jupytext():
    """The peer, with its warnings off: what it says about odd texts is not our concern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = pytest.importorskip("jupytext")
    logging.getLogger("jupytext").setLevel(logging.CRITICAL)
    return peer


def lines_of(suffix):
    """Return lines that mean something in a script with that suffix."""
    row = BY_SUFFIX[suffix]

    def comment(text):
        return " ".join(part for part in (row.comment, text, row.comment_end) if part)

    code = [
        "x = 1", "def f():", "    return 1", "class A:", "@deco", ")", "if x:", "async def g():",
        "%time x", "!ls", "print?", "ls", "a = !ls", "#!x", ":dep", '"""doc"""', "'''a'''",
        "", "", "", "", "  ", "\t", row.comment * 2 + " twice", row.comment + "+",
    ]  # fmt: skip
    words = [
        "comment", "", "+", "-", '+ tags=["a"]', "+ [markdown]", "+ [raw] a=1", "+ t [md] k=2",
        '+ active=""', '+ active="ipynb"', '+ tags=["active-py"]', '+ endofcell="--"', "--",
        '+ {"a": 1}', "%matplotlib inline", "!ls", "print?", "region", "endregion", "{{{", "}}}",
        "region T [markdown] a=1", '+ language="bash" magic_args="-x"', " indented",
    ]  # fmt: skip
    return code + [comment(word) for word in words]


@pytest.mark.parametrize("suffix", [".py", ".R", ".jl", ".cpp", ".ps1", ".go"])
@pytest.mark.parametrize("markers", ["", "region,endregion"])
@settings(max_examples=40)
@given(data=st.data())
def test_scripts_read_as_the_peer_reads_them(jupytext, suffix, markers, data):
    text = "\n".join(data.draw(st.lists(st.sampled_from(lines_of(suffix)), max_size=12))) + "\n"
    options = {"cell_markers": markers} if markers else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = jupytext.reads(
            text, {"extension": suffix, "format_name": "light", **options}
        ).cells
    ours = octavo.reads(text, f"{suffix[1:]}:light", **options).cells
    assert [(cell.kind, cell.source, plain(cell.metadata)) for cell in ours] == [
        (cell.cell_type, cell.source, plain(cell.metadata)) for cell in theirs
    ]


@settings(max_examples=150)
@given(cells=s.mixes, markers=st.sampled_from(["", "region,endregion"]))
def test_bytes_are_the_peers_where_those_lose_nothing(jupytext, cells, markers):
    options = {"cell_markers": markers} if markers else {}
    assume(not any("octavo" in cell.metadata for cell in cells))  # the key of our hints
    assume(not any(cell.source.startswith("\ufeff") for cell in cells))  # a BOM at the top
    document = s.notebook(cells, {"jupytext": {"notebook_metadata_filter": "-all"}})
    target = {"extension": ".py", "format_name": "light", **options}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            theirs = jupytext.writes(as_notebook(document), dict(target))
            back = jupytext.reads(theirs, dict(target)).cells
        except Exception:  # noqa: BLE001  the peer fails on some of these, in any way
            assume(False)
    assume(
        [(cell.cell_type, cell.source, plain(cell.metadata, {})) for cell in back]
        == [(cell.kind, cell.source, s.survivable(cell.metadata)) for cell in cells]
    )
    assert octavo.writes(document, "py:light", **options).rstrip("\n") == theirs.rstrip("\n")


def as_notebook(document):
    """Return the document as the peer wants it."""
    import nbformat

    return nbformat.from_dict(document.to_nbformat())


def plain(metadata, without=LAYOUT):
    """Return metadata without what is about the layout."""
    return {key: value for key, value in metadata.items() if key not in without}


# ---- effort ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "unit",
    [
        "\n", "x = '''\n\n", "# +\n", "# region\n", "# region\n\n", "# endregion\n", "\n    x\n",
        "# a\n", "# %m\n", "'''\n\n\n'''\n", "# # +\n", "x = 1\n\n",
    ],
)  # fmt: skip
def test_each_line_is_looked_at_a_few_times(monkeypatch, unit):
    read = []

    class Counting(_light_reader.StringScanner):
        __slots__ = ()

        def read(self, line):
            read.append(line)
            super().read(line)

    monkeypatch.setattr(_light_reader, "StringScanner", Counting)
    text = "x = '''y'''\n" + unit * 400
    octavo.reads(text, "py:light", cell_markers="region,endregion")
    assert len(read) <= 4 * text.count("\n")
