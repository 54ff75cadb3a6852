"""The same input gives the same bytes: in another folder, in another run, in another process."""

import json
import os
import subprocess
import sys

from editions.leaks import specimen
from editions.projects import Project
from octavo.exporters import _index

FORMATS = ("ipynb", "py:percent", "md", "md:myst", "Rmd", "qmd")


def test_two_checkouts_two_runs_are_identical(tmp_path):
    entries = ", ".join(
        f'{{ format = "{name}", folder = "{name.replace(":", "-")}" }}'
        for name in (*FORMATS, *_index.names())
    )
    toml = (
        f'[edition.e]\nwrite = [{entries}]\nselect = "not tag:solution"\nknown_tags = ["solution"]\n'
        "[edition.e.matrix]\ng = [1, 2]\n"
    )
    found = []
    for name, seed in (("one", "0"), ("another folder", "12345")):
        project = Project(tmp_path / name)
        project.write("octavo.toml", toml)
        for n in range(3):
            one = specimen(n)
            project.write(f"notes/n{n}.ipynb", json.dumps(one.notebook()))
            for picture, data in one.pictures.items():
                project.write(f"notes/{picture}", data)
        environ = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-m", "octavo", "build", "-q"]
        for extra in ([], ["--force"]):
            subprocess.run(
                [*command, *extra], cwd=project.root, env=environ, check=True, timeout=300
            )
            found.append(project.files() | {"lock": project.read("edition.lock.json")})
    first, *others = found
    assert len(first) >= 48
    for other in others:
        assert [path for path in first if first[path] != other.get(path)] == []
        assert other.keys() == first.keys()
