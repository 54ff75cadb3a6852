"""Editions run documents when their code changed, and not when their prose did."""

import pytest

from editions.projects import codes, statuses

TOML = '[edition.run]\nexecute = "cache"\nwrite = ["ipynb", "html"]\n'
TEXT = """---
jupyter:
  kernelspec:
    name: python3
    display_name: Python 3
    language: python
---

# Lesson

```python
print(6 * 7)
```
"""


def printed(project, path="build/run/a.ipynb"):
    cells = [c for c in project.notebook(path)["cells"] if c["cell_type"] == "code"]
    return ["".join(output.get("text", "")) for c in cells for output in c["outputs"]]


def test_an_edit_of_the_prose_starts_no_kernel(project, monkeypatch):
    from octavo.run import kernel

    started = []
    start = kernel.Kernel.start

    async def counting(self, *arguments):
        started.append(self.name)
        return await start(self, *arguments)

    monkeypatch.setattr(kernel.Kernel, "start", counting)
    project.write("octavo.toml", TOML)
    project.write("a.md", TEXT)
    assert project.build().ran == 1
    assert printed(project) == ["42\n"]
    assert started == ["python3"]
    project.write("a.md", TEXT.replace("# Lesson", "# Another lesson"))
    report = project.build()
    assert (report.made, report.ran) == (1, 0)
    assert started == ["python3"]
    assert printed(project) == ["42\n"]
    assert "Another lesson" in project.read("build/run/a.html")
    project.write("a.md", TEXT.replace("6 * 7", "6 * 8"))
    assert project.build().ran == 1
    assert started == ["python3"] * 2


def test_a_cell_that_fails_stops_its_document_only(project):
    project.write("octavo.toml", TOML)
    project.write("a.md", TEXT.replace("print(6 * 7)", "x = 1\n1 / 0"))
    project.write("b.md", "# No code\n")
    report = project.build()
    assert codes(report) == ["OCT-R010"]
    assert (report.faults[0].file, report.faults[0].line) == ("a.md", 13)
    assert statuses(report) == {"build/run/b.html": "written", "build/run/b.ipynb": "written"}


def test_a_missing_kernel_stops_its_document_only(project):
    project.write("octavo.toml", TOML)
    project.write("a.md", TEXT.replace("name: python3", "name: nosuchkernel"))
    project.write("b.md", "# No code\n")
    report = project.build()
    assert len(report.faults) == 1
    assert report.faults[0].code.startswith("OCT-R00")
    assert "build/run/b.html" in statuses(report)


@pytest.mark.parametrize("step", ["strip-outputs", "clear-solutions", "remove-input:cell:code"])
def test_steps_on_outputs_come_after_the_run(project, step):
    project.write("octavo.toml", TOML + f'transform = ["{step}"]\n')
    text = "### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION\nprint(answer)"
    project.write("a.md", TEXT.replace("print(6 * 7)", text))
    assert project.build().ran == 1
    held = printed(project)
    assert held == (["42\n"] if step.startswith("remove") else [])
    assert ("answer = 42" in project.read("build/run/a.ipynb")) == step.startswith("strip")
