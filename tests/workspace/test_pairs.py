"""The paths of all members follow from the path of any one of them."""

import os

import pytest

from octavo.core.errors import FileError, OptionError
from octavo.workspace import pairs

FORMS = [
    ("ipynb,md", ["n.ipynb", "n.md"]),
    ("notebooks///ipynb,scripts///py:percent", ["p/notebooks/x/n.ipynb", "p/scripts/x/n.py"]),
    ("notebooks///ipynb,scripts/module///py", ["notebooks/x/n.ipynb", "scripts/module/x/n.py"]),
    ("notebooks///ipynb,docs///md,s///py", ["notebooks/n.ipynb", "docs/n.md", "s/n.py"]),
    ("ipynb,.pct.py:percent", ["a.ipynb", "a.pct.py"]),
    ("ipynb,py,.pct.py:percent", ["a.ipynb", "a.py", "a.pct.py"]),
    ("ipynb,scripts//py", ["a/n.ipynb", "a/scripts/n.py"]),
    ("ipynb,scripts/pre_/py", ["a/n.ipynb", "a/scripts/pre_n.py"]),
    ("nb//ipynb,py//py", ["a/nb/n.ipynb", "a/py/n.py"]),
    ("nb///ipynb,py///pre_/.x.py", ["nb/s/n.ipynb", "py/s/pre_n.x.py"]),
]


@pytest.mark.parametrize(("formats", "members"), FORMS)
def test_every_member_tells_all(formats, members, tmp_path):
    expected = [os.fspath(tmp_path / name) for name in members]
    for path in expected:
        pair = pairs.of_path(path, formats, os.fspath(tmp_path))
        assert list(pair.paths) == expected
        assert list(pair.names) == members


def test_the_topmost_folder_of_a_name_is_the_root(tmp_path):
    path = tmp_path / "nb/x/nb/n.ipynb"
    pair = pairs.of_path(os.fspath(path), "nb///ipynb,py///py", os.fspath(tmp_path))
    assert pair.names == ("nb/x/nb/n.ipynb", "py/x/nb/n.py")


def test_a_folder_beside_is_found_in_both_directions(tmp_path):
    for folder in ("a/nb", "a/py", "a/other"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "a/nb/n.ipynb").touch()
    for name in ("a/nb/n.ipynb", "a/py/n.py"):
        pair = pairs.of_path(os.fspath(tmp_path / name), "ipynb,../py//py", os.fspath(tmp_path))
        assert pair.names == ("a/nb/n.ipynb", "a/py/n.py")


def test_a_folder_that_cannot_be_told_is_an_error(tmp_path):
    (tmp_path / "a/py").mkdir(parents=True)
    (tmp_path / "a/nb").mkdir()
    with pytest.raises(FileError) as error:
        pairs.of_path(os.fspath(tmp_path / "a/py/n.py"), "ipynb,../py//py", os.fspath(tmp_path))
    assert error.value.code == "OCT-W020"


def test_auto_is_the_language_of_the_notebook(tmp_path):
    metadata = {"kernelspec": {"language": "R", "name": "ir"}}
    path = os.fspath(tmp_path / "n.ipynb")
    assert pairs.of_path(path, "ipynb,auto", os.fspath(tmp_path), metadata).names[1] == "n.R"


@pytest.mark.parametrize(
    ("formats", "code"),
    [
        ("py,md", "OCT-W020"),
        ("ipynb,../../x//py", "OCT-W021"),
        ("ipynb,../out//py", "OCT-W021"),
        ("ipynb,py:percent,py:light", "OCT-W022"),
        ("ipynb,ipynb", "OCT-W022"),
    ],
)
def test_lists_that_make_no_sense_are_errors(formats, code, tmp_path):
    (tmp_path / "in").mkdir()
    with pytest.raises(FileError) as error:
        pairs.of_path(os.fspath(tmp_path / "in/n.ipynb"), formats, os.fspath(tmp_path / "in"))
    assert error.value.code == code


@pytest.mark.parametrize(
    ("formats", "code"),
    [("nb///ipynb,py", "OCT-O030"), ("ipynb,pi", "OCT-O010"), ("ipynb,percent", "OCT-O010")],
)
def test_lists_that_cannot_be_read_are_errors(formats, code, tmp_path):
    with pytest.raises(OptionError) as error:
        pairs.of_path(os.fspath(tmp_path / "nb/n.ipynb"), formats, os.fspath(tmp_path))
    assert error.value.code == code


def test_a_symbolic_link_does_not_lead_out_of_the_root(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in/py").symlink_to(tmp_path / "out")
    with pytest.raises(FileError) as error:
        pairs.of_path(
            os.fspath(tmp_path / "in/n.ipynb"), "ipynb,py//py", os.fspath(tmp_path / "in")
        )
    assert error.value.code == "OCT-W021"


def test_a_link_out_of_the_project_is_no_member(tmp_path):
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "private.py").write_text("")
    (root / "n.py").symlink_to(tmp_path / "private.py")
    with pytest.raises(FileError) as error:
        pairs.of_path(os.fspath(root / "n.ipynb"), "ipynb,py", os.fspath(root))
    assert error.value.code == "OCT-W021"


def test_a_link_within_the_project_is_a_member(tmp_path):
    (tmp_path / "other.py").write_text("")
    (tmp_path / "n.py").symlink_to("other.py")
    pair = pairs.of_path(os.fspath(tmp_path / "n.ipynb"), "ipynb,py", os.fspath(tmp_path))
    assert pair.names == ("n.ipynb", "n.py")
