"""Which commits build a new image, foretold."""

import os

import pytest

from binder.git_repositories import Sandbox
from octavo.binder.environment_build import Wishes
from octavo.binder.errors import BinderError
from octavo.binder.rebuilds import foretell

PYPROJECT = '[project]\nname = "thing"\nversion = "1"\ndependencies = ["attrs>=22"]\n'


@pytest.fixture
def sandbox(tmp_path):
    return Sandbox(tmp_path / "course")


def steps(sandbox, span, *, is_direct=False, **wishes):
    with sandbox.repository() as repository:
        return list(foretell(repository, span, Wishes(**wishes), is_direct=is_direct))


def costs(sandbox, span, **options):
    return [step.cost for step in steps(sandbox, span, **options)]


def fast_commits(sandbox, n):
    """Make *n* commits of content, each with an odd name, in one go."""
    stream = b"".join(
        b"commit refs/heads/main\ncommitter A <a@b> %d +0000\ndata 5\nstep \n%b"
        b'M 644 inline "lesson %d/\\"a\\"\\tb.ipynb"\ndata 2\n{}\n'
        b"M 644 inline README.md\ndata <<E\n%d\nE\n\n"
        % (1700000000 + i, b"from refs/heads/main^0\n" if i == 0 else b"", i, i)
        for i in range(n)
    )
    sandbox.git("fast-import", "--quiet", given=stream)
    sandbox.git("reset", "-q", "--hard")


def test_hundred_commits_of_content_build_nothing(sandbox):
    sandbox.commit({"environment.yml": "dependencies: [numpy]\n", "pyproject.toml": PYPROJECT})
    fast_commits(sandbox, 100)
    assert costs(sandbox, "HEAD~100..") == ["none"] * 100
    with sandbox.repository() as repository:
        list(foretell(repository, "HEAD~100..", Wishes()))
        assert repository.started == 2


def test_one_dependency_builds_once(sandbox):
    sandbox.commit({"environment.yml": "dependencies: [numpy]\n", "pyproject.toml": PYPROJECT})
    fast_commits(sandbox, 10)
    sandbox.commit({"pyproject.toml": PYPROJECT.replace("22", "23"), "thing.py": ""})
    fast_commits(sandbox, 10)
    found = steps(sandbox, "HEAD~21..HEAD")
    assert [step.cost for step in found] == ["none"] * 10 + ["environment"] + ["none"] * 10
    changes = {change.path: change.cost for change in found[10].changes}
    assert changes == {"pyproject.toml": "environment", "thing.py": "none"}


def test_what_is_foretold_is_what_branch_does(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n"})
    sandbox.branch()
    edits = [
        {"a.py": "1"}, {"requirements.txt": "numpy\nscipy\n"}, {"postBuild": "#!/bin/sh\n"},
        {"README.md": "x"}, {"runtime.txt": "python-3.12\n"}, {"apt.txt": "vim\n"},
        {"requirements-dev.txt": "x"}, {"requirements.txt": "-r requirements-dev.txt\nnumpy\n"},
        {"requirements-dev.txt": "y"}, {"binder/x": "1"}, {"binder/x": "2"}, {"apt.txt": "nano"},
    ]  # fmt: skip
    statuses = []
    for edit in edits:
        sandbox.commit(edit)
        statuses.append(sandbox.branch().status)
    found = costs(sandbox, f"HEAD~{len(edits)}")
    assert [cost == "none" for cost in found] == [status == "unchanged" for status in statuses]
    assert found == [
        "none", "environment", "cached", "none", "everything", "environment", "none",
        "environment", "environment", "everything", "cached", "none",
    ]  # fmt: skip


def test_change_of_version_or_code_of_the_package_builds_nothing(sandbox):
    sandbox.commit({"pyproject.toml": PYPROJECT})
    sandbox.commit({"pyproject.toml": PYPROJECT.replace('"1"', '"2"'), "src/thing/a.py": ""})
    assert costs(sandbox, "HEAD~1..", folder="course") == ["none"]


def test_commit_that_cannot_be_built_is_told_with_its_error(sandbox):
    sandbox.commit({"apt.txt": "vim\n"})
    sandbox.commit({"apt.txt": "a b\n"})
    sandbox.commit({"apt.txt": "nano\n"})
    found = steps(sandbox, "HEAD~2..")
    assert [step.cost for step in found] == ["broken", "everything"]
    assert found[0].error.code == "OCT-B120"
    assert found[0].changes[0].cost == "broken"


def test_merge_counts_once(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n"})
    sandbox.git("checkout", "-q", "-b", "topic")
    sandbox.commit({"requirements.txt": "numpy\nscipy\n"})
    sandbox.commit({"requirements.txt": "numpy\nscipy\ntorch\n"})
    sandbox.git("checkout", "-q", "main")
    sandbox.commit({"a": "b"})
    sandbox.git("merge", "-q", "--no-ff", "-m", "merge", "topic")
    found = steps(sandbox, "HEAD~2..main")
    assert [(step.subject, step.cost) for step in found] == [
        ("change", "none"),
        ("merge", "environment"),
    ]
    assert [change.path for change in found[1].changes] == ["requirements.txt"]


def test_direct_build_makes_an_image_of_each_commit(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n"})
    sandbox.commit({"lesson.md": ""})
    sandbox.commit({"requirements.txt": "scipy\n"})
    sandbox.commit({"runtime.txt": "python-3.12\n"})
    sandbox.commit({"binder/environment.yml": ""})
    sandbox.commit({"requirements.txt": "torch\n"})
    assert costs(sandbox, "HEAD~5..", is_direct=True) == [
        "cached", "environment", "everything", "environment", "cached",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "-e .\n"},
        {"requirements.txt": "-r more.txt\n"},
        {"environment.yml": "dependencies: [{pip: ['-e .']}]\n"},
        {"setup.py": ""},
        {"pyproject.toml": '[build-system]\n[project]\nname = "x"\n'},
        {"Project.toml": ""},
    ],
)
def test_direct_build_that_needs_all_files_installs_again_each_time(sandbox, files):
    sandbox.commit(files)
    sandbox.commit({"lesson.md": ""})
    assert costs(sandbox, "HEAD~1..", is_direct=True) == ["environment"]


def test_conda_label_is_no_local_file(sandbox):
    text = "dependencies:\n  - conda-forge/label/dev::numpy\n  - pip: ['git+https://a.b/c.git']\n"
    sandbox.commit({"environment.yml": text})
    sandbox.commit({"lesson.md": ""})
    assert costs(sandbox, "HEAD~1..", is_direct=True) == ["cached"]


@pytest.mark.parametrize(
    ("span", "code"),
    [("", "OCT-B150"), ("..HEAD", "OCT-B150"), ("a...b", "OCT-B150"), ("a..b..c", "OCT-B150"),
     ("nowhere..HEAD", "OCT-B117"), ("HEAD..nowhere", "OCT-B117"), ("--output=x..", "OCT-B117")],
)  # fmt: skip
def test_odd_ranges_are_errors(sandbox, span, code):
    sandbox.commit({"a": ""})
    with pytest.raises(BinderError) as caught:
        steps(sandbox, span)
    assert caught.value.code == code


def test_only_objects_are_read(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n"})
    sandbox.commit({"requirements.txt": "scipy\n"})
    before, objects = sandbox.state(), sandbox.git("count-objects")
    steps(sandbox, "HEAD~1..")
    assert (sandbox.state(), sandbox.git("count-objects")) == (before, objects)
    assert os.listdir(sandbox.path / ".git/refs/heads") == ["main"]
