"""`octavo why` tells of each edition what it does with a cell, and why."""

import pytest

from octavo.core.errors import FileError, OptionError
from octavo.editions.why import why

TOML = """
[edition.student]
kind = ["tutorial"]
audience = ["student"]
language = ["python", "en"]
select = "not tag:solution"
transform = ["remove-cell:tag:dev", "strip-outputs"]
write = ["ipynb"]

[edition.all]
matrix = { g = [1, 2] }
marks = "keep"
write = ["ipynb"]
"""
TEXT = """# %% [markdown]
# # Title {kind=tutorial}

# %% tags=["solution"]
1

# %% tags=["dev"]
2

# %% kind="reference"
3

# %% audience="teacher"
4

# %% tags=["remove-cell"]
5

# %% language="bash"
6

# %% [markdown] lang="de"
# Deutsch

# %%
7
"""


@pytest.fixture
def lesson(project):
    project.write("octavo.toml", TOML)
    return str(project.write("lesson.py", TEXT))


def test_every_reason_is_told(lesson):
    answers = [answer for answer in why(lesson) if answer.edition == "student"]
    assert [(answer.row["in"], answer.row["why"]) for answer in answers] == [
        (True, ""),
        (False, "select: not tag:solution"),
        (False, "remove-cell:tag:dev"),
        (False, "kind: reference is not tutorial"),
        (False, "audience: teacher is not student"),
        (False, "marks"),
        (False, "language: bash is not python or en"),
        (False, "language: de is not python or en"),
        (True, ""),
    ]


def test_a_cell_is_found_by_id_number_and_line(lesson):
    (first, *others) = why(lesson, "2")
    assert {(answer.edition, answer.unit) for answer in others} == {
        ("all", "lesson.py?g=1"), ("all", "lesson.py?g=2")}  # fmt: skip
    assert first.row == why(lesson, str(first.row["cell"]))[0].row == why(lesson, "L5")[0].row


def test_what_is_not_there_is_told(lesson, project):
    with pytest.raises(OptionError) as caught:
        why(lesson, "99")
    assert caught.value.code == "OCT-E059"
    project.write("octavo.toml", '[edition.m]\nfrom = ["x.md"]\nwrite = ["html"]\n')
    project.write("x.md", "# X")
    with pytest.raises(OptionError) as caught:
        why(lesson)
    assert caught.value.code == "OCT-E058"
    with pytest.raises(FileError):
        why("nowhere.md")
