"""The editions of examples/editions: what each reader gets of one lesson."""

import json
import runpy
import shutil

import pytest

from editions.projects import Project, statuses


@pytest.fixture(scope="module")
def lesson(tmp_path_factory, examples):
    root = tmp_path_factory.mktemp("lesson") / "editions"
    shutil.copytree(
        examples / "editions", root, ignore=shutil.ignore_patterns("build", "*.lock.json")
    )
    return Project(root)


@pytest.mark.slow
def test_each_reader_gets_the_right_thing(lesson):
    report = lesson.build()
    assert report.faults == []
    assert [str(notice) for notice in report.notices] == []
    assert len(set(statuses(report))) == len(report.files) >= 10
    module = runpy.run_path(str(lesson.root / "build/module/falling.py"))
    assert module["distance"](2) == pytest.approx(19.62)
    student = lesson.read("build/student/falling.ipynb")
    assert "raise NotImplementedError" in student
    for hidden in ("0.5", "heavier", "outputs_of"):
        assert hidden not in student
    cells = json.loads(student)["cells"]
    assert [cell["metadata"].get("editable", True) for cell in cells].count(True) == 1
    executed = json.loads(lesson.read("build/executed/falling.ipynb"))["cells"]
    assert [cell["outputs"] != [] for cell in executed if "answer" in str(cell["metadata"])] == [
        False
    ]
    assert "4.9 m" in json.dumps(executed)
    clean = json.loads(lesson.read("build/clean/falling.ipynb"))["cells"]
    assert not any(cell.get("outputs") for cell in clean)
    page = lesson.read("build/handout/falling.html")
    assert "Eleven dots" in page
    assert "heavier ball" not in page
    for g in ("9.81", "1.62", "3.71"):
        assert f"g = {g}" in lesson.read(f"build/planets/g={g}/falling.html").replace(
            "</span>", ""
        ).replace('<span class="o">', "").replace('<span class="mf">', "").replace(
            '<span class="n">', ""
        )
    assert lesson.build().made == 0
