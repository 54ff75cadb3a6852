"""Names, patterns and folders become files to convert."""

import os

import pytest

from octavo.cli import _plan
from octavo.formats import _names


@pytest.fixture
def tree(notebook, folder):
    """A project with notebooks of its own and of others."""
    content = notebook.read_bytes()
    for name in (
        "b c.ipynb",
        "é.ipynb",
        "sub/d.ipynb",
        "sub/deep/e.ipynb",
        "sub/a.ipynb",
        ".ipynb_checkpoints/a-checkpoint.ipynb",
        ".hidden/h.ipynb",
        "node_modules/n.ipynb",
        "env/lib/v.ipynb",
        ".git/g.ipynb",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "env" / "pyvenv.cfg").write_text("", "utf-8")
    (folder / "sub" / "plain.py").write_text("import os\n", "utf-8")
    (folder / "sub" / "cells.py").write_text("# %% [markdown]\n# text\n", "utf-8")
    return folder


OWN = ["a.ipynb", "b c.ipynb", "sub/a.ipynb", "sub/d.ipynb", "sub/deep/e.ipynb", "é.ipynb"]


def inputs(*files, source="", recursive=False):
    target = _names.parse(source) if source else _names.Target()
    return [job.input for job in _plan.jobs(list(files), "", target, recursive=recursive)]


def test_pattern_is_expanded_here(tree):
    assert inputs("*.ipynb") == ["a.ipynb", "b c.ipynb", "é.ipynb"]
    assert inputs("sub/[a-d].ipynb") == ["sub/a.ipynb", "sub/d.ipynb"]


def test_two_stars_stand_for_any_folders(tree):
    found = inputs("**/*.ipynb")
    assert [file for file in found if not file.startswith(("env", "node"))] == OWN


def test_file_whose_name_looks_like_a_pattern_is_itself(tree):
    (tree / "[x].ipynb").write_bytes(b"")
    assert inputs("[x].ipynb") == ["[x].ipynb"]


def test_file_that_is_named_twice_is_converted_once(tree):
    assert inputs("a.ipynb", "*.ipynb", "a.ipynb") == ["a.ipynb", "b c.ipynb", "é.ipynb"]


def test_folder_gives_its_notebooks_but_not_those_of_others(tree):
    assert inputs(".", recursive=True) == [
        os.path.join(".", name) for name in OWN[:2] + OWN[-1:] + OWN[2:-1]
    ]


def test_folder_gives_the_texts_that_fit_from(octavo, tree):
    assert inputs("sub", source="py", recursive=True) == ["sub/cells.py", "sub/plain.py"]
    result = octavo(
        "convert", "sub", "--recursive", "--from", "py:percent", "--to", "md", "-o", "out"
    )
    assert result.code == 0
    assert os.listdir(tree / "out") == ["cells.md"]


def test_folder_needs_recursive(octavo, tree):
    result = octavo("convert", "sub", "--to", "py")
    assert result.code == 4
    assert "--recursive" in result.err


def test_folder_without_a_notebook_is_an_error(octavo, folder):
    (folder / "empty").mkdir()
    result = octavo("convert", "empty", "--to", "py", "--recursive")
    assert result.code == 4
    assert "OCT-W014" in result.err


def test_pattern_without_a_file_is_an_error_and_the_others_go_on(octavo, tree):
    result = octavo("convert", "*.nothing", "a.ipynb", "--to", "py")
    assert result.code == 4
    assert "OCT-W014" in result.err
    assert (tree / "a.py").exists()


def test_folders_are_mirrored_below_the_output(octavo, tree):
    assert octavo("convert", "sub", "-r", "--to", "py", "-o", "out").code == 0
    made = sorted(str(path.relative_to(tree)) for path in (tree / "out").rglob("*.py"))
    assert made == ["out/a.py", "out/d.py", "out/deep/e.py"]


def test_patterns_are_mirrored_below_the_output(octavo, tree):
    assert octavo("convert", "sub/**/*.ipynb", "--to", "py", "-o", "out").code == 0
    made = sorted(str(path.relative_to(tree)) for path in (tree / "out").rglob("*.py"))
    assert made == ["out/a.py", "out/d.py", "out/deep/e.py"]


def test_names_with_blanks_and_letters_of_any_script_work(octavo, tree):
    result = octavo("convert", "b c.ipynb", "é.ipynb", "--to", "py")
    assert result.code == 0
    assert "b c.ipynb -> b c.py: created" in result.err
    assert (tree / "é.py").exists()


@pytest.mark.skipif(os.name != "posix", reason="needs names of any bytes")
def test_names_of_any_bytes_work(octavo, tree, notebook):
    name = os.fsdecode(b"\xff.ipynb")
    try:
        (tree / name).write_bytes(notebook.read_bytes())
    except OSError:
        pytest.skip("this file system takes no such names")
    result = octavo("convert", name, "--to", "py", "--json")
    assert result.json["files"][0]["input"] == name
    assert (
        octavo("convert", name, "--to", "py", "--dry-run").out
        == "\\udcff.ipynb -> \\udcff.py: unchanged\n"
    )


def test_name_that_begins_with_a_dash_follows_two_dashes(octavo, tree, notebook):
    (tree / "-x.ipynb").write_bytes(notebook.read_bytes())
    assert octavo("convert", "--to", "py", "--", "-x.ipynb").code == 0
    assert (tree / "-x.py").exists()


def test_files_and_flags_may_be_mixed(octavo, tree):
    assert octavo("convert", "a.ipynb", "--to", "py", "é.ipynb").code == 0
    assert (tree / "é.py").exists()
