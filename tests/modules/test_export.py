"""Notebooks become modules, and edits of modules come home."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import octavo
from octavo.modules import export, export_back, export_files
from octavo.modules.errors import ModuleError

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
CELLS = [
    octavo.Cell("markdown", '# Core\n\nThe "heart" \\ of it.'),
    octavo.Cell("code", "#| default_exp pkg.core", id="first"),
    octavo.Cell(
        "code",
        "#| export\nfrom __future__ import annotations\nimport math\n\n\ndef area(r):\n    text = '''\n#| export\n  '''\n    return math.pi * r**2",
        id="area",
    ),
    octavo.Cell("code", "area(1)", id="scrap"),
    octavo.Cell("markdown", "## Rings"),
    octavo.Cell(
        "code",
        "#| exporti\n%matplotlib inline\ndef _ring(a, b):\n    %time x = area(b)\n    return x - area(a)\nRATIO: float = 2.0",
        id="ring",
    ),
    octavo.Cell("code", "#| export pkg.other\nOTHER = SECOND = 1\n_HIDDEN = 2", id="other"),
    octavo.Cell("code", "assert area(1)", {"tags": ["test"]}, id="test"),
]


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "nbs" / "core.ipynb"
    path.parent.mkdir()
    octavo.write(octavo.Document(CELLS, KERNEL), path)
    return path


def exported(*paths, folder):
    return export_files.write([export_files.read(str(path)) for path in paths], str(folder))


def module(folder, name):
    return (folder / "src" / "pkg" / f"{name}.py").read_text("utf-8")


def edit(path, *pairs):
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def test_modules_of_a_notebook(book, tmp_path):
    done = exported(book, folder=tmp_path / "src")
    assert {one.what for one in done} == {"created"}
    core = module(tmp_path, "core")
    assert core.startswith('"""Core\n\nThe "heart" \\\\ of it.\n"""\n# Written by')
    assert '\n__all__ = ["area"]\n' in core
    assert core.count("#| export") == 1  # the one in a string
    assert "  '''" in core
    assert core.index("from __future__") < core.index("__all__")
    assert "%" not in core.replace("# %%", "")
    assert "area(1)" not in core
    assert "# %% ../../nbs/core.ipynb [area " in core
    names = {}
    exec(compile(core, "core", "exec"), names)
    assert names["_ring"](0, 1) == names["area"](1)
    assert names["__doc__"] == 'Core\n\nThe "heart" \\ of it.\n'
    assert '__all__ = ["OTHER", "SECOND"]' in module(tmp_path, "other")
    assert (tmp_path / "src/pkg/__init__.py").read_text() == ""


def test_second_export_touches_nothing(book, tmp_path):
    exported(book, folder=tmp_path / "src")
    assert {one.what for one in exported(book, folder=tmp_path / "src")} == {"unchanged"}


def test_notebook_without_directives_exports_what_runs_on_import(tmp_path):
    path = tmp_path / "My plain-one.md"
    path.write_text(
        '# Plain\n\n```python\nx = 1\n```\n\n```python tags=["active-ipynb"]\nscrap\n```\n\n```python tags=["test"]\nassert x\n```\n'
    )
    [done] = exported(path, folder=tmp_path)
    assert done.path == str(tmp_path / "My_plain_one.py")
    text = (tmp_path / "My_plain_one.py").read_text()
    assert "x = 1" in text
    assert "scrap" not in text
    assert "assert" not in text


def test_imports_of_notebooks_become_those_of_modules(book, tmp_path):
    other = book.parent / "use.md"
    other.write_text(
        "```python\n#| default_exp pkg.use\n#| export\nfrom core import (\n    area,\n)\nimport core, math\nimport core as c\nif True:\n    import core  # here\n```\n"
    )
    exported(book, other, folder=tmp_path / "src")
    use = module(tmp_path, "use")
    assert (
        "from pkg.core import (\n    area,\n)\nfrom pkg import core; import math\nfrom pkg import core as c\n"
        in use
    )
    assert "    from pkg import core  # here\n" in use
    edit(tmp_path / "src/pkg/use.py", ("    area,", "    area as a,"))
    [verdict] = export_files.bring_back(str(tmp_path / "src/pkg/use.py"))
    assert verdict.what == "brought"
    assert "from core import (\n    area as a,\n)\nimport core, math\n" in other.read_text()


def test_edit_comes_home_by_identity(book, tmp_path):
    exported(book, folder=tmp_path / "src")
    document = octavo.read(book)
    moved = [document.cells[i] for i in (0, 1, 5, 4, 3, 2, 6, 7)]
    octavo.write(document.with_(cells=moved), book)
    path = tmp_path / "src/pkg/core.py"
    edit(path, ("r**2", "r * r"), ("return x - area(a)", "y = area(a)\n    return x - y"))
    assert [one.what for one in export_files.bring_back(str(path))] == ["brought", "brought"]
    cells = {cell.id: cell.source for cell in octavo.read(book).cells}
    assert cells["area"] == CELLS[2].source.replace("r**2", "r * r")
    assert cells["ring"] == CELLS[5].source.replace(
        "return x - area(a)", "y = area(a)\n    return x - y"
    )
    assert [cells[cell.id] for cell in CELLS if cell.id in ("first", "scrap", "other", "test")] == [
        CELLS[1].source, CELLS[3].source, CELLS[6].source, CELLS[7].source,
    ]  # fmt: skip
    assert export_files.bring_back(str(path)) == []


@pytest.mark.parametrize("name", ["core.md", "core.Rmd", "core.ipynb"])
def test_edit_comes_home_twice_in_every_format(tmp_path, name):
    path = tmp_path / name
    octavo.write(octavo.Document(CELLS, KERNEL), path)
    exported(path, folder=tmp_path / "src")
    target = tmp_path / "src/pkg/core.py"
    for old, new in (("r**2", "r * r"), ("r * r", "r ** 2")):
        edit(target, (old, new))
        assert [one.what for one in export_files.bring_back(str(target))] == ["brought"]
        assert new in path.read_text("utf-8")
    assert {one.what for one in exported(path, folder=tmp_path / "src")} <= {"unchanged", "updated"}


def test_two_edits_of_one_cell_are_a_conflict_and_both_stay(book, tmp_path):
    exported(book, folder=tmp_path / "src")
    path = tmp_path / "src/pkg/core.py"
    edit(path, ("r**2", "r * r"))
    edit(book, ("r**2", "r ** 2.0"))
    before = book.read_bytes(), path.read_bytes()
    assert [one.what for one in export_files.bring_back(str(path))] == ["conflict"]
    assert (book.read_bytes(), path.read_bytes()) == before


def test_same_edit_on_both_sides_is_no_conflict(book, tmp_path):
    exported(book, folder=tmp_path / "src")
    path = tmp_path / "src/pkg/core.py"
    edit(path, ("r**2", "r * r"))
    edit(book, ("r**2", "r * r"))
    assert [one.what for one in export_files.bring_back(str(path))] == ["same"]
    assert export_files.bring_back(str(path)) == []


def test_cell_that_is_gone_is_told(book, tmp_path):
    exported(book, folder=tmp_path / "src")
    document = octavo.read(book)
    octavo.write(document.with_(cells=[cell for cell in document.cells if cell.id != "area"]), book)
    path = tmp_path / "src/pkg/core.py"
    edit(path, ("r**2", "r * r"))
    assert [one.what for one in export_files.bring_back(str(path))] == ["lost"]


def test_edited_module_is_not_overwritten(book, tmp_path):
    exported(book, folder=tmp_path / "src")
    path = tmp_path / "src/pkg/core.py"
    edit(path, ("r**2", "r * r"))
    with pytest.raises(ModuleError) as caught:
        exported(book, folder=tmp_path / "src")
    assert caught.value.code == "OCT-M007"
    assert "r * r" in path.read_text()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = 1\n", "OCT-M008"),
        (f"import os\n{export.HEAD}\n", "OCT-M007"),
        ("\ufeff\xff", "OCT-M008"),
    ],
)
def test_foreign_file_is_not_overwritten(book, tmp_path, text, code):
    path = tmp_path / "src/pkg/core.py"
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    with pytest.raises(ModuleError) as caught:
        exported(book, folder=tmp_path / "src")
    assert caught.value.code == code
    assert path.read_text("utf-8") == text
    assert not (tmp_path / "src/pkg/other.py").exists()


def test_code_without_cell_is_told(book, tmp_path):
    exported(book, folder=tmp_path / "src")
    path = tmp_path / "src/pkg/core.py"
    edit(path, ("__all__ =", "import os\n__all__ ="))
    with pytest.raises(ModuleError) as caught:
        export_files.bring_back(str(path))
    assert caught.value.code == "OCT-M009"


def test_odd_names_are_told(tmp_path):
    path = tmp_path / "1.md"
    path.write_text("```python\nx = 1\n```\n")
    with pytest.raises(ModuleError) as caught:
        exported(path, folder=tmp_path)
    assert (caught.value.code, caught.value.span.line) == ("OCT-M005", 2)


def test_line_that_looks_as_a_marker_is_told(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("```python\nx = '''\n# %% a.md [x 01234567] b\n'''\n```\n")
    with pytest.raises(ModuleError) as caught:
        exported(path, folder=tmp_path)
    assert (caught.value.code, caught.value.span.line) == ("OCT-M006", 3)


def test_windows_newlines_in_a_module_are_no_edit(book, tmp_path):
    exported(book, folder=tmp_path / "src")
    path = tmp_path / "src/pkg/core.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert export_files.bring_back(str(path)) == []


def test_notebooks_in_folders(tmp_path):
    for name in (
        "b.md",
        "a.ipynb",
        "a.md",
        ".hidden.md",
        "_draft.md",
        ".ipynb_checkpoints/a.ipynb",
        "sub/c.Rmd",
        "d.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    found = [
        path.removeprefix(str(tmp_path))[1:] for path in export_files.notebooks_in([str(tmp_path)])
    ]
    assert found == ["a.ipynb", "b.md", "sub/c.Rmd"]


LINES = st.lists(
    st.sampled_from(
        [
            "a = 1",
            "%time b = 2",
            "#| export",
            "",
            "%matplotlib inline",
            "c = 3",
            "if a:",
            "    d = 4",
        ]
    ),
    max_size=7,
)


@given(LINES, LINES)
def test_edit_that_is_carried_is_what_is_exported_next(lines, edited):
    source = "\n".join(lines)
    [entry] = octavo.reads(
        json.dumps(
            {
                "cells": [
                    {
                        "cell_type": "code",
                        "source": source,
                        "metadata": {},
                        "outputs": [],
                        "execution_count": None,
                    }
                ],
                "metadata": {},
                "nbformat": 4,
                "nbformat_minor": 4,
            }
        ),
        "ipynb",
    ).cells
    from octavo.modules.cells import ModuleCell

    shown = export.exported_lines(ModuleCell(entry, 0), "a.ipynb", {})
    same = "\n".join(line for line, _ in shown)
    assert export_back.carried(source, shown, same) == source
    plain = [line for line in edited if line[:1] not in "%#"]
    new = export_back.carried(source, shown, "\n".join(plain))
    again = export.exported_lines(ModuleCell(entry.with_(source=new), 0), "a.ipynb", {})
    assert [line for line, _ in again if line] == [line for line in plain if line]
