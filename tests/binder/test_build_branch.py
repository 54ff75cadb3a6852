"""The build branch: made by plumbing, small, and only when it must change."""

import os
import shutil
import subprocess
import sys
import tarfile
from io import BytesIO

import pytest
import yaml

from binder.git_repositories import ENVIRONMENT, Sandbox
from octavo.binder import build_branch, git_plumbing
from octavo.binder.build_branch import Target
from octavo.binder.errors import BinderError

CONDA = "name: course\ndependencies:\n  - numpy=2  # arrays\n  - pip:\n      - rich\n"
PYPROJECT = '[project]\nname = "thing"\nversion = "1"\ndependencies = ["attrs>=22", "rich"]\n'


@pytest.fixture
def sandbox(tmp_path):
    return Sandbox(tmp_path / "course")


@pytest.fixture(scope="session")
def repo2docker():
    """The program that tells which image a folder would give, without Docker."""
    beside = os.path.dirname(sys.executable)
    program = os.environ.get("OCTAVO_REPO2DOCKER") or shutil.which(
        "jupyter-repo2docker", path=os.pathsep.join([beside, os.environ.get("PATH", "")])
    )
    if not program:
        pytest.skip("jupyter-repo2docker is not on the PATH (or set OCTAVO_REPO2DOCKER)")
    return program


def code_of(call, *words, **options):
    with pytest.raises(BinderError) as caught:
        call(*words, **options)
    return caught.value.code


# Git


def test_new_branch_is_an_orphan_and_later_commits_follow_it(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n"})
    first = sandbox.branch()
    assert first.status == "created"
    assert sandbox.git("rev-list", "--parents", "binder-build") == first.commit
    sandbox.commit({"requirements.txt": "numpy\nscipy\n"})
    second = sandbox.branch()
    assert second.status == "updated"
    assert second.changes == [("requirements.txt", "changed")]
    assert sandbox.git("rev-parse", "binder-build^") == first.commit


def test_same_files_make_no_commit(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n"})
    first = sandbox.branch()
    sandbox.commit({"lesson.ipynb": "{}", "README.md": "new"})
    again = sandbox.branch()
    assert (again.status, again.commit, again.changes) == ("unchanged", first.commit, [])
    assert sandbox.git("rev-parse", "binder-build") == first.commit


def test_same_commit_makes_the_same_branch_everywhere(tmp_path):
    commits = []
    for name, source in (("a", "HEAD"), ("b", "main")):
        sandbox = Sandbox(tmp_path / name)
        sandbox.commit({"requirements.txt": "numpy\n"})
        commits.append(sandbox.branch(source).commit)
    assert commits[0] == commits[1]


def test_dirty_working_tree_and_index_stay_as_they_are(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n", "a.py": "1\n"})
    sandbox.write({"a.py": "2\n", "requirements.txt": "torch\n", "new.txt": "n"})
    sandbox.git("add", "new.txt")
    before = sandbox.state()
    assert sandbox.branch().status == "created"
    assert sandbox.state() == before
    assert "torch" not in sandbox.files()["requirements.txt"]


def test_dry_run_writes_no_object_and_no_ref(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n"})
    objects = sandbox.git("count-objects", "-v")
    result = sandbox.branch(is_dry_run=True)
    assert result.status == "created"
    assert dict(result.changes) == {"README.md": "added", "requirements.txt": "added"}
    assert sandbox.git("count-objects", "-v") == objects
    assert not sandbox.git("branch", "--list", "binder-build")


def test_bare_repository(tmp_path):
    Sandbox(tmp_path / "course").commit({"requirements.txt": "numpy\n"})
    subprocess.run(
        ["git", "clone", "-q", "--bare", tmp_path / "course", tmp_path / "bare.git"],
        check=True, env=ENVIRONMENT,
    )  # fmt: skip
    bare = object.__new__(Sandbox)
    bare.path = tmp_path / "bare.git"
    assert bare.branch("main").status == "created"
    assert bare.branch("main").status == "unchanged"
    assert "nbgitpuller" in bare.files()["requirements.txt"]


def test_detached_head(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n"})
    sandbox.git("checkout", "-q", "--detach")
    assert sandbox.branch().status == "created"


def test_worktree_sees_the_same_branch(sandbox, tmp_path):
    sandbox.commit({"requirements.txt": "numpy\n"})
    sandbox.git("worktree", "add", "-q", "-b", "topic", os.fspath(tmp_path / "topic"))
    topic = object.__new__(Sandbox)
    topic.path = tmp_path / "topic"
    created = topic.branch()
    assert sandbox.branch().commit == created.commit


def test_branch_that_is_checked_out_is_left_alone(sandbox, tmp_path):
    sandbox.commit({"requirements.txt": "numpy\n"})
    sandbox.branch()
    sandbox.git("worktree", "add", "-q", os.fspath(tmp_path / "build"), "binder-build")
    assert sandbox.branch().status == "unchanged"
    sandbox.commit({"requirements.txt": "scipy\n"})
    tip = sandbox.git("rev-parse", "binder-build")
    assert code_of(sandbox.branch) == "OCT-B106"
    assert sandbox.git("rev-parse", "binder-build") == tip


def test_submodule_in_the_content(sandbox, tmp_path):
    inner = Sandbox(tmp_path / "inner")
    inner.commit({"requirements.txt": "inner\n"})
    sandbox.commit({"binder/requirements.txt": "numpy\n"})
    sandbox.git(
        "-c", "protocol.file.allow=always", "submodule", "add", "-q",
        os.fspath(inner.path), "binder/inner",
    )  # fmt: skip
    sandbox.commit()
    result = sandbox.branch()
    assert [notice.code for notice in result.notices] == ["OCT-B128"]
    assert set(sandbox.files()) == {"README.md", "binder/requirements.txt"}
    submodule = object.__new__(Sandbox)
    submodule.path = sandbox.path / "binder/inner"
    assert submodule.branch().status == "created"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_odd_names_are_taken_over(sandbox):
    names = ["binder/a b.txt", "binder/x\ny", "binder/ü$(id)`.txt", "binder/-rf", "binder/d/e/f"]
    sandbox.commit({name: name for name in names})
    os.symlink("a b.txt", sandbox.path / "binder/link")
    sandbox.commit()
    sandbox.branch()
    files = sandbox.files()
    assert {name: files[name] for name in names} == {name: name for name in names}
    assert files["binder/link"] == "binder/a b.txt"


def test_name_that_is_no_text_is_taken_over(sandbox):
    sandbox.commit({"binder/apt.txt": "vim\n"})
    try:
        (sandbox.path / os.fsdecode(b"binder/\xff.txt")).write_text("x")
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    sandbox.commit()
    sandbox.branch()
    assert os.fsdecode(b"binder/\xff.txt") in sandbox.files() or any(
        "\udcff" in name for name in sandbox.files()
    )


def test_link_is_followed_inside_the_repository_only(sandbox):
    sandbox.commit({"environment.yml": CONDA, "binder/apt.txt": "vim\n"})
    os.symlink("../environment.yml", sandbox.path / "binder/environment.yml")
    sandbox.commit()
    sandbox.branch()
    assert "nbgitpuller" in sandbox.files()["binder/environment.yml"]
    os.symlink("../../secret", sandbox.path / "binder/start")
    sandbox.commit()
    assert code_of(sandbox.branch) == "OCT-B127"


def test_moved_branch_is_noticed(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n"})
    first = sandbox.branch()
    other = sandbox.commit({"a": "b"})
    with sandbox.repository() as repository:
        move = repository.move_ref
        assert code_of(move, "refs/heads/binder-build", other, other, "test") == "OCT-B105"
        assert code_of(move, "refs/heads/binder-build", other, "", "test") == "OCT-B105"
    assert sandbox.git("rev-parse", "binder-build") == first.commit


def test_race_with_another_command_is_noticed(sandbox, monkeypatch):
    sandbox.commit({"requirements.txt": "numpy\n"})
    write = git_plumbing.Repository.write_commit

    def write_slowly(self, *words):
        made = write(self, *words)
        sandbox.git("branch", "binder-build", "main")
        return made

    monkeypatch.setattr(git_plumbing.Repository, "write_commit", write_slowly)
    assert code_of(sandbox.branch) == "OCT-B105"
    assert sandbox.git("rev-parse", "binder-build") == sandbox.git("rev-parse", "main")


def test_fresh_clone_goes_on_from_the_remote(sandbox, tmp_path):
    sandbox.commit({"requirements.txt": "numpy\n"})
    first = sandbox.branch()
    clone = object.__new__(Sandbox)
    clone.path = tmp_path / "clone"
    sandbox.git("clone", "-q", os.fspath(sandbox.path), os.fspath(clone.path))
    assert clone.branch().status == "created"
    assert clone.git("rev-parse", "binder-build") == first.commit
    clone.commit({"requirements.txt": "scipy\n"})
    assert clone.branch().parent == first.commit
    clone.git("push", "-q", "origin", "binder-build")


def test_branches_that_went_different_ways_are_not_joined(sandbox, tmp_path):
    sandbox.commit({"requirements.txt": "numpy\n"})
    sandbox.branch()
    clone = object.__new__(Sandbox)
    clone.path = tmp_path / "clone"
    sandbox.git("clone", "-q", os.fspath(sandbox.path), os.fspath(clone.path))
    clone.commit({"requirements.txt": "scipy\n"})
    clone.branch()
    sandbox.commit({"requirements.txt": "torch\n"})
    sandbox.branch()
    clone.git("fetch", "-q")
    assert code_of(clone.branch) == "OCT-B107"


def test_branch_of_somebody_else_needs_adopt(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n"})
    sandbox.git("checkout", "-q", "--orphan", "binder-build")
    theirs = sandbox.commit({"requirements.txt": "numpy\nmine\n"})
    sandbox.git("checkout", "-q", "main")
    assert code_of(sandbox.branch) == "OCT-B108"
    adopted = sandbox.branch(target=Target(adopt=True))
    assert adopted.parent == theirs
    assert sandbox.branch().status == "unchanged"


def test_content_is_not_taken_from_the_build_branch(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n"})
    sandbox.branch()
    assert code_of(sandbox.branch, "binder-build") == "OCT-B109"
    assert code_of(sandbox.branch, "main", target=Target("main")) == "OCT-B109"


def test_faults_of_git_have_codes(sandbox, tmp_path):
    assert code_of(sandbox.branch) == "OCT-B117"
    sandbox.commit({"requirements.txt": "numpy\n"})
    assert code_of(sandbox.branch, "nowhere") == "OCT-B117"
    assert code_of(sandbox.branch, "--all\nmain") == "OCT-B117"
    for name in ("", "-x", "a..b", "a b", "x.lock", "a//b", "@", "a\x00b", "a*"):
        assert code_of(sandbox.branch, target=Target(name)) == "OCT-B118", name
    outside = object.__new__(Sandbox)
    outside.path = tmp_path
    assert code_of(outside.branch) == "OCT-B101"


def test_missing_identity_is_told(sandbox):
    sandbox.commit({"requirements.txt": "numpy\n"})
    nobody = {name: value for name, value in ENVIRONMENT.items()
              if not name.endswith(("_NAME", "_EMAIL"))}  # fmt: skip
    nobody |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.useConfigOnly",
               "GIT_CONFIG_VALUE_0": "true"}  # fmt: skip
    with git_plumbing.Repository(os.fspath(sandbox.path), nobody) as repository:
        wishes = build_branch.environment_build.Wishes()
        assert code_of(build_branch.update, repository, "HEAD", wishes, Target()) == "OCT-B104"
    assert not sandbox.git("branch", "--list", "binder-build")


def test_variables_of_a_hook_do_not_lead_elsewhere(sandbox, tmp_path):
    sandbox.commit({"requirements.txt": "numpy\n"})
    other = Sandbox(tmp_path / "other")
    hook = {**ENVIRONMENT, "GIT_DIR": os.fspath(other.path / ".git"), "GIT_INDEX_FILE": "x"}
    with git_plumbing.Repository(os.fspath(sandbox.path), hook) as repository:
        wishes = build_branch.environment_build.Wishes()
        build_branch.update(repository, "HEAD", wishes, Target())
    assert sandbox.git("branch", "--list", "binder-build")


def test_number_of_processes_does_not_grow_with_history_or_files(tmp_path):
    counts = []
    for n in (1, 100):
        sandbox = Sandbox(tmp_path / str(n))
        stream = b"".join(
            b"commit refs/heads/main\ncommitter A <a@b> %d +0000\ndata 1\nx\n"
            b"M 644 inline f%d\ndata 1\nx\nM 644 inline requirements.txt\ndata 6\nnumpy\n\n"
            % (1700000000 + i, i) for i in range(n)
        )  # fmt: skip
        sandbox.git("fast-import", "--quiet", given=stream)
        for expected in ("created", "unchanged"):
            with sandbox.repository() as repository:
                wishes = build_branch.environment_build.Wishes()
                done = build_branch.update(repository, "main", wishes, Target())
                assert done.status == expected
                counts.append(repository.started)
    assert counts == [7, 2, 7, 2]


def test_sha256_repository(tmp_path):
    sandbox = Sandbox(tmp_path / "new", "--object-format=sha256")
    sandbox.commit({"binder/requirements.txt": "numpy\n"})
    assert len(sandbox.branch().commit) == 64
    assert sandbox.branch().status == "unchanged"


def test_tree_is_sorted_as_git_sorts(sandbox):
    sandbox.commit({"binder/a/x": "1", "binder/a.b": "2", "binder/a0": "3", "binder/a-": "4"})
    sandbox.branch()
    sandbox.git("fsck", "--strict")


# What the branch holds


def test_conda_environment_keeps_its_text(sandbox):
    sandbox.commit({"environment.yml": CONDA})
    sandbox.branch()
    text = sandbox.files()["environment.yml"]
    assert text == (
        "name: course\ndependencies:\n  - numpy=2  # arrays\n  - nbgitpuller\n  - jupyterlab\n"
        "  - pip:\n      - rich"
    )


def test_what_is_there_is_not_added_again(sandbox):
    text = "dependencies:\n  - conda-forge::NBGitPuller>=1.2\n  - jupyter\n"
    sandbox.commit({"environment.yml": text})
    sandbox.branch()
    assert sandbox.files()["environment.yml"] == text.strip()
    assert sandbox.git("rev-parse", "binder-build:environment.yml") == sandbox.git(
        "rev-parse", "main:environment.yml"
    )


def test_package_is_importable_and_its_dependencies_are_baked_in(sandbox):
    sandbox.commit({"environment.yml": CONDA, "pyproject.toml": PYPROJECT})
    sandbox.branch(folder="course")
    files = sandbox.files()
    pip = yaml.safe_load(files["environment.yml"])["dependencies"][-1]["pip"]
    assert pip == ["rich", "attrs>=22"]
    assert "python3 - path course src ''" in files["postBuild"]
    assert "pyproject.toml" not in files


def test_code_of_the_package_makes_no_commit_but_a_dependency_does(sandbox):
    sandbox.commit({"pyproject.toml": PYPROJECT})
    sandbox.branch(folder="course")
    sandbox.commit({"thing.py": "1", "pyproject.toml": PYPROJECT.replace('"1"', '"2"')})
    assert sandbox.branch(folder="course").status == "unchanged"
    sandbox.commit({"pyproject.toml": PYPROJECT.replace("attrs>=22", "attrs>=23")})
    assert sandbox.branch(folder="course").changes == [("requirements.txt", "changed")]


def test_repository_itself_is_left_out_of_the_requirements(sandbox):
    project = PYPROJECT + "[project.optional-dependencies]\nplot = ['matplotlib']\n"
    sandbox.commit({"requirements.txt": "-e .[plot]\nscipy", "pyproject.toml": project})
    sandbox.branch(folder="course")
    assert sandbox.files()["requirements.txt"] == (
        "# -e .[plot]\nscipy\n# For the launch link:\nnbgitpuller\njupyterlab\n"
        "# From pyproject.toml:\nattrs>=22\nrich\nmatplotlib"
    )


def test_files_that_requirements_name_come_along(sandbox):
    sandbox.commit(
        {
            "binder/requirements.txt": "-r ../more/all.txt\n",
            "more/all.txt": "-c limits.txt\nnumpy\nNbgitpuller\n",
            "more/limits.txt": "numpy<3\n",
            "more/other.txt": "",
        }
    )
    sandbox.branch()
    files = sandbox.files()
    assert set(files) == {
        "README.md", "binder/requirements.txt", "more/all.txt", "more/limits.txt",
    }  # fmt: skip
    assert files["binder/requirements.txt"].endswith("# For the launch link:\njupyterlab")


def test_lock_with_hashes_stays_as_it_is(sandbox):
    lock = "numpy==2.0 --hash=sha256:00\n"
    sandbox.commit({"requirements.txt": lock, "postBuild": "#!/bin/sh\necho mine\n"})
    sandbox.branch()
    files = sandbox.files()
    assert files["requirements.txt"] == lock.strip()
    assert "pip install --no-cache-dir nbgitpuller jupyterlab" in files["postBuild"]
    assert files["postBuild-content"] == "#!/bin/sh\necho mine"
    assert "100755" in sandbox.git("ls-tree", "binder-build", "postBuild-content")


def test_scripts_are_made_executable_with_plain_newlines(sandbox):
    start = b'#!/bin/bash\r\nexec "$@"\r\n'
    sandbox.commit({"binder/start": start, "binder/postBuild": "#!/bin/sh\n"})
    result = sandbox.branch()
    assert [notice.code for notice in result.notices] == ["OCT-B123"]
    listing = sandbox.git("ls-tree", "-r", "binder-build")
    assert listing.count("100755") == 2
    assert "\r" not in sandbox.files()["binder/start"]


def test_include_takes_files_and_folders(sandbox):
    sandbox.commit({"data/a/b.csv": "1", "setup.sh": "x", "requirements.txt": ""})
    sandbox.branch(include=["data", "setup.sh"])
    assert {"data/a/b.csv", "setup.sh"} < set(sandbox.files())
    assert code_of(sandbox.branch, include=["nothing"]) == "OCT-B111"


def test_dockerfile_is_taken_as_it_is_with_warnings(sandbox):
    text = "FROM jupyter/base-notebook:latest AS one\nFROM one\nFROM quay.io/a/b:2026-01\n"
    sandbox.commit({"Dockerfile": text, "setup.py": "from setuptools import setup\nsetup()\n"})
    result = sandbox.branch()
    assert sandbox.files()["Dockerfile"] == text.strip()
    assert [notice.code for notice in result.notices] == ["OCT-B125", "OCT-B126", "OCT-B126"]
    assert result.notices[0].span.line == 1


@pytest.mark.parametrize(
    ("files", "code", "line"),
    [
        ({"binder/x": "", ".binder/x": ""}, "OCT-B110", 0),
        ({"apt.txt": "vim\nfoo; rm -rf /\n"}, "OCT-B120", 2),
        ({"apt.txt": "$(id)\n"}, "OCT-B120", 1),
        ({"apt.txt": "a`b`\n"}, "OCT-B120", 1),
        ({"apt.txt": "vim nano\n"}, "OCT-B120", 1),
        ({"apt.txt": "-y\n"}, "OCT-B120", 1),
        ({"runtime.txt": "python3.11\n"}, "OCT-B121", 1),
        ({"runtime.txt": "r-4.4-2026-13-01\n"}, "OCT-B121", 1),
        ({"start": "#!/bin/sh\nexport A=1\n"}, "OCT-B122", 2),
        ({"start": '#!/bin/sh\n# exec "$@"\n'}, "OCT-B122", 2),
        ({"environment.yml": "dependencies:\n\t- x\n"}, "OCT-B112", 2),
        ({"environment.yml": "[1]\n"}, "OCT-B112", 1),
        ({"environment.yml": "dependencies: numpy\n"}, "OCT-B112", 1),
        ({"requirements.txt": b"\xff\xfen\x00"}, "OCT-B119", 1),
        ({"requirements.txt": "-r missing.txt\n"}, "OCT-B111", 0),
        ({"pyproject.toml": "[project\n"}, "OCT-B113", 0),
        ({"setup.cfg": "x\n"}, "OCT-B113", 0),
        ({"setup.py": "setup(\n"}, "OCT-B113", 0),
        ({"Pipfile": "[\n"}, "OCT-B113", 0),
    ],
)
def test_what_no_image_can_be_built_from_is_an_error(sandbox, files, code, line):
    sandbox.commit(files)
    with pytest.raises(BinderError) as caught:
        sandbox.branch()
    assert (caught.value.code, caught.value.span.line) == (code, line)
    assert not sandbox.git("branch", "--list", "binder-build")


# R and Julia are left out: for them repo2docker asks the network which versions there are.
@pytest.mark.parametrize(
    "files",
    [
        {},
        {"environment.yml": CONDA, "pyproject.toml": PYPROJECT, "apt.txt": "# x\nvim\ngit=1:2\n"},
        {"requirements.txt": "numpy\n", "runtime.txt": "python-3.12\n", "postBuild": "#!/bin/sh\n"},
        {"binder/environment.yml": "name: x\n", "setup.py": "from setuptools import *\nsetup()"},
        {".binder/requirements.txt": "", "start": 'exec "$@"\n'},
        {"Project.toml": "[deps]\n", "binder/apt.txt": "vim\n"},
        {"Pipfile": "[packages]\nnumpy = '*'\n"},
        {"Dockerfile": "FROM quay.io/jupyter/base-notebook:2026-01-05\n"},
        {"requirements.txt": "numpy==2.0 --hash=sha256:00\n", "setup.cfg": "[metadata]\nname=x\n"},
    ],
    ids=lambda files: "+".join(files) or "nothing",
)
def test_repo2docker_accepts_the_branch(sandbox, repo2docker, tmp_path, files):
    sandbox.commit({"lesson.ipynb": "{}", **files})
    sandbox.branch(folder="course")
    archive = subprocess.run(
        ["git", "-C", sandbox.path, "archive", "binder-build"],
        check=True, capture_output=True, env=ENVIRONMENT,
    ).stdout  # fmt: skip
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        tar.extractall(tmp_path / "out", filter="data")
    done = subprocess.run(
        [repo2docker, "--no-build", tmp_path / "out"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    dockerfile = done.stdout + done.stderr
    held = "\n".join(sandbox.files().values())
    assert "FROM" in dockerfile
    assert "Dockerfile" in files or "nbgitpuller" in held
    for name in ("postBuild", "start"):
        if any(path.endswith(name) for path in sandbox.files()):
            assert name in dockerfile
