"""Short names of formats."""

import pytest

import octavo
from octavo import OptionError
from octavo.formats import _names


@pytest.mark.parametrize(
    ("short", "suffix", "name"),
    [
        ("py", ".py", ""),
        (".py", ".py", ""),
        ("py:percent", ".py", "percent"),
        ("percent", "", "percent"),
        ("md", ".md", ""),
        ("md:myst", ".md", "myst"),
        ("myst", ".md", "myst"),
        ("Rmd", ".Rmd", ""),
        ("rmarkdown", ".Rmd", ""),
        ("qmd", ".qmd", ""),
        ("quarto", ".qmd", ""),
        ("markdown", ".md", ""),
        ("marimo", ".py", "marimo"),
        ("script", ".auto", ""),
        ("auto:light", ".auto", "light"),
        ("R:spin", ".R", "spin"),
        ("notebook", ".ipynb", ""),
        ("ipynb", ".ipynb", ""),
        ("c++", ".cpp", ""),
        ("py:bare", ".py", "nomarker"),
        ("q", ".q", ""),
    ],
)
def test_short_names_are_understood(short, suffix, name):
    target = _names.parse(short)
    assert (target.suffix, target.name) == (suffix, name)


@pytest.mark.parametrize(
    ("short", "code", "hint"),
    [
        ("py:percnt", "OCT-O010", "percent"),
        ("pyy", "OCT-O010", "py"),
        ("md:percent", "OCT-O011", ".py"),
        ("py:pandoc", "OCT-O010", "myst"),
        ("", "OCT-O010", ""),
        ("py:", "OCT-O010", ""),
    ],
)
def test_wrong_names_get_a_hint(short, code, hint):
    if not short or short.endswith(":"):
        return  # an empty name means: not said
    with pytest.raises(OptionError) as caught:
        _names.parse(short)
    assert caught.value.code == code
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("metadata", "suffix"),
    [
        ({"kernelspec": {"language": "R", "name": "ir"}}, ".R"),
        ({"kernelspec": {"language": "sage"}, "language_info": {"file_extension": ".py"}}, ".sage"),
        ({"language_info": {"file_extension": ".r"}}, ".R"),
        ({"language_info": {"file_extension": ".C"}}, ".cpp"),
        ({"jupytext": {"main_language": "julia"}}, ".jl"),
        ({"kernelspec": {"language": "C++17"}}, ".cpp"),
    ],
)
def test_auto_is_the_suffix_of_the_language(metadata, suffix):
    assert _names.resolve_auto(_names.parse("auto"), metadata).suffix == suffix


@pytest.mark.parametrize("metadata", [{}, {"kernelspec": {"language": "klingon"}}])
def test_auto_needs_a_language(metadata):
    with pytest.raises(OptionError) as caught:
        octavo.writes(octavo.Document([], metadata), "auto")
    assert caught.value.code == "OCT-O012"


def test_a_format_alone_takes_the_suffix_of_the_notebook():
    document = octavo.Document([octavo.Cell("code", "1")], {"kernelspec": {"language": "R"}})
    assert "extension: .R\n" in octavo.writes(document, "percent")
    assert "extension: .R\n" in octavo.writes(document, "spin")


@pytest.mark.parametrize(
    ("path", "suffix"),
    [("a.py", ".py"), ("x/b.ipynb", ".ipynb"), (".hidden", ""), ("none", ""), ("a.b/c", "")],
)
def test_the_suffix_of_a_path(path, suffix):
    assert _names.of_path(path).suffix == suffix


@pytest.mark.parametrize(
    ("formats", "target", "expected"),
    [
        ("ipynb,py:light", "py:percent", "ipynb,py:percent"),
        ("ipynb,auto:light", "py:light", "ipynb,py:light"),
        ("notebooks//ipynb,scripts//py:light", "py:percent", "notebooks//ipynb,scripts//py:light"),
        ("ipynb,md:markdown", "md:markdown", "ipynb,md"),
        ("ipynb,.nb.py:light", "py:percent", "ipynb,.nb.py:light"),
    ],
)
def test_paired_formats_follow_the_format_that_is_written(formats, target, expected):
    metadata = {"kernelspec": {"language": "python"}}
    assert _names.renamed(formats, _names.parse(target), metadata) == expected


def test_formats_of_other_distributions_are_found_by_suffix_and_name(monkeypatch):
    fmt = octavo.Format("cells", (".cells",), lambda *_: None, lambda *_: "", summary="cells")
    monkeypatch.setattr(_names._index, "foreign", lambda: [fmt])
    assert (_names.parse("cells").suffix, _names.parse(".cells").name) == (".cells", "cells")
    assert _names.parse("cells:cells").name == "cells"
    with pytest.raises(OptionError):
        _names.parse("cells:other")
