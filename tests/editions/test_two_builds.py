"""Builds of one project at the same time, and builds that were killed."""

import json
import os
import signal
import subprocess
import sys

import pytest

from editions.projects import Project, codes, statuses
from octavo.core.errors import FileError
from octavo.editions.manifest import digest
from octavo.workspace.lock import Lock

TOML = '[edition.e]\nwrite = ["html", "ipynb", "site"]\n'
KILLED = (
    "import os\nfrom octavo.editions import build, manifest\n"
    "manifest.Manifest.write = lambda _self: os._exit(9)\nbuild.build()\n"
)


def start(project, *words):
    return subprocess.Popen(
        [sys.executable, "-m", "octavo", "build", "-j1", *words], cwd=project.root,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(process):
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def assert_whole(project):
    """Check that the manifest tells of each file as it is, and of nothing else."""
    manifest = json.loads(project.read("edition.lock.json"))
    held = {path: digest(data) for path, data in project.files().items()}
    assert {path: facts["sha256"] for path, facts in manifest["files"].items()} == held


def kill_before_the_manifest(project):
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=project.root, check=False, timeout=60)
    assert done.returncode == 9


@pytest.fixture
def pages(project):
    project.write("octavo.toml", TOML)
    for n in range(6):
        project.write(f"{n}.md", f"# Page {n}\n\nWords {n}.\n")
    return project


def test_builds_at_the_same_time_agree(pages):
    processes = [start(pages) for _ in range(4)]
    ended = [finish(process) for process in processes]
    assert [code for code, _ in ended] == [0, 0, 0, 0]
    assert sum("22 written" in said for _, said in ended) == 1, ended
    assert_whole(pages)
    assert_whole_after_a_rebuild(pages)


def assert_whole_after_a_rebuild(project):
    report = project.build()
    assert (report.made, report.changes, codes(report)) == (0, False, [])


def test_builds_of_parts_at_the_same_time_both_stay(pages):
    pages.write("octavo.toml", "".join(f'[edition.e{n}]\nwrite = ["html"]\n' for n in range(3)))
    processes = [start(pages, f"e{n}") for n in range(3)]
    assert [finish(process)[0] for process in processes] == [0, 0, 0]
    assert_whole(pages)
    assert len(pages.files()) == 18


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_build_waits_for_another_and_goes_on_when_that_is_killed(project):
    os.mkfifo(project.root / "pipe")
    project.write("octavo.toml", '[edition.e]\nexecute = "always"\nwrite = ["html"]\n')
    project.write("a.md", "# A\n\n```python\nimport os\nif os.path.exists('pipe'):\n"
                  "    open('pipe', 'w').close()\n    input_ = open('pipe').read()\nprint('ran')\n```\n")  # fmt: skip
    first = start(project)
    (project.root / "pipe").read_bytes()  # the first is in its cell now
    second = start(project)
    assert "another build of this project is running" in second.stderr.readline()
    (project.root / "pipe").unlink()
    first.send_signal(signal.SIGKILL)
    finish(first)
    assert finish(second)[0] == 0
    assert "ran" in project.read("build/e/a.html")
    assert_whole(project)


def test_a_build_that_waits_too_long_says_so(pages):
    assert pages.build().faults == []
    with Lock(str(pages.root / ".octavo/build.lock")), pytest.raises(FileError) as caught:
        pages.build(patience_s=0.0)
    assert caught.value.code == "OCT-W023"
    assert "another build" in str(caught.value)
    assert pages.build(writes=False).faults == []  # a check writes nothing, so it need not wait


def test_what_a_killed_build_wrote_is_made_anew(pages):
    assert pages.build().faults == []
    pages.write("1.md", "# Page 1\n\nOther words.\n")
    kill_before_the_manifest(pages)
    assert "Other words" in pages.read("build/e/1.html")
    pages.write("1.md", "# Page 1\n\nThird words.\n")
    report = pages.build()
    assert codes(report) == []
    assert statuses(report)["build/e/1.html"] == "written"
    assert_whole(pages)


def test_what_a_killed_build_wrote_goes_when_the_source_goes_back(pages):
    page = pages.read("1.md")
    assert pages.build().faults == []
    built = pages.files()
    pages.write("1.md", "# Page 1\n\nOther words.\n")
    pages.write("new.md", "# New\n")
    kill_before_the_manifest(pages)
    assert "build/e/new.html" in pages.files()
    pages.write("1.md", page)
    (pages.root / "new.md").unlink()
    assert codes(pages.build()) == []
    assert pages.files() == built
    assert_whole(pages)


def test_what_somebody_changed_after_a_kill_stays(pages):
    kill_before_the_manifest(pages)
    pages.write("build/e/1.html", "mine")
    report = pages.build()
    assert codes(report) == ["OCT-E055"]
    assert pages.read("build/e/1.html") == "mine"


def test_notes_that_are_damaged_do_no_harm(pages):
    kill_before_the_manifest(pages)
    notes = pages.root / ".octavo/building"
    with notes.open("ab") as fp:
        fp.write(b'\xff\n[1]\n[1, 2]\n{"a": 1}\n["x", {"sha2')
    assert codes(pages.build()) == []
    assert not notes.exists()
    assert_whole(pages)


def test_a_project_is_only_locked_by_its_own_builds(tmp_path):
    projects = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        projects.append(Project(tmp_path / name))
        projects[-1].write("octavo.toml", TOML)
        projects[-1].write("n.md", "# N\n")
    (tmp_path / "a/.octavo").mkdir()
    with Lock(str(tmp_path / "a/.octavo/build.lock")):
        assert projects[1].build(patience_s=0.0).faults == []
