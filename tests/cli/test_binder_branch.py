"""octavo binder branch, rebuilds and base from the command line."""

import json
import os

import pytest

from binder.git_repositories import ENVIRONMENT, Sandbox
from octavo.cli import main

NAMES = ("quay.io/school/course:2026.11", "--from", "quay.io/jupyter/base-notebook:2026-01-05")


@pytest.fixture
def sandbox(tmp_path, monkeypatch):
    for name in os.environ:
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        if name.startswith("GIT_"):
            monkeypatch.setenv(name, value)
    sandbox = Sandbox(tmp_path / "course")
    monkeypatch.chdir(sandbox.path)
    sandbox.commit({"requirements.txt": "numpy\n"})
    return sandbox


def run(capsys, *words):
    code = main(["binder", *words])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_branch_is_made_and_then_unchanged(sandbox, capsys):
    code, out, err = run(capsys, "branch")
    tip = sandbox.git("rev-parse", "binder-build")
    assert (code, out) == (
        0,
        f"binder-build: created ({tip[:10]})\n  added    README.md\n  added    requirements.txt\n",
    )
    assert err == "octavo: publish it: git push origin binder-build\n"
    assert run(capsys, "branch") == (0, "binder-build: unchanged\n", "")
    assert run(capsys, "branch", "-q") == (0, "", "")


def test_branch_in_another_folder_by_another_name(sandbox, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "branch", "image", "-C", "course", "--app", "voila", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["branch"], told["status"], told["dry_run"]) == ("image", "created", False)
    assert told["commit"] == sandbox.git("rev-parse", "image")
    assert told["tree"] == sandbox.git("rev-parse", "image^{tree}")
    assert told["changes"][0] == {"path": "README.md", "change": "added"}
    assert sandbox.git("show", "image:requirements.txt").endswith("nbgitpuller\nvoila")


def test_dry_run_tells_what_would_be(sandbox, capsys):
    code, out, err = run(capsys, "branch", "-n")
    assert (code, err) == (0, "")
    assert out.startswith("binder-build: would be created\n")
    assert not sandbox.git("branch", "--list", "binder-build")


def test_warnings_go_to_stderr_and_into_json(sandbox, capsys):
    sandbox.commit({"postBuild": "#!/bin/sh\r\n"})
    assert "postBuild: had the newlines of Windows" in run(capsys, "branch", "-n")[2]
    told = json.loads(run(capsys, "branch", "-n", "--json")[1])
    assert [warning["code"] for warning in told["warnings"]] == ["OCT-B123"]


def test_edits_that_are_not_committed_are_told(sandbox, capsys):
    sandbox.write({"requirements.txt": "numpy\r\n", "lesson.md": "new"})
    assert run(capsys, "branch", "-n")[2] == ""
    sandbox.write({"requirements.txt": "scipy\n", "apt.txt": "vim\n"})
    told = json.loads(run(capsys, "branch", "-n", "--json")[1])
    assert sorted((one["file"], one["code"]) for one in told["warnings"]) == [
        ("apt.txt", "OCT-B132"),
        ("requirements.txt", "OCT-B132"),
    ]
    assert run(capsys, "branch", "-n", "--content", "main")[2] == ""


def test_edits_are_looked_for_in_the_working_tree_of_the_repository_only(sandbox, capsys):
    sandbox.git("clone", "-q", "--bare", ".", "inner.git")
    (sandbox.path / "below").mkdir()
    sandbox.write({"requirements.txt": "scipy\n"})
    assert run(capsys, "branch", "-n", "-C", "inner.git")[2] == ""
    assert "OCT-B132" in run(capsys, "branch", "-n", "-C", "below")[2]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_names_with_metacharacters_reach_no_shell(sandbox, capsys, tmp_path):
    branch = "x;touch$IFS'trap'`id`&|<>"
    code, out, err = run(capsys, "branch", branch, "--remote", "$(touch trap)")
    assert (code, out.split(":")[0]) == (0, branch)
    assert err.endswith("git push '$(touch trap)' 'x;touch$IFS'\"'\"'trap'\"'\"'`id`&|<>'\n")
    sandbox.commit({"setup.py": "setup()", "a$(touch trap)/`b`": "x"})
    words = ("--folder", "a$(touch trap)'", "--include", "a$(touch trap)")
    assert run(capsys, "branch", branch, *words)[0] == 0
    assert not list(tmp_path.rglob("trap"))
    assert "a$(touch trap)/`b`" in sandbox.files(branch)


def test_folder_comes_from_the_remote(sandbox, capsys):
    sandbox.commit({"pyproject.toml": '[project]\nname = "x"\n'})
    run(capsys, "branch")
    assert "python3 - path course src ''" in sandbox.files()["postBuild"]
    for address in ("git@example.org:o/lessons.git", "https://example.org/o/lessons/"):
        sandbox.git("config", "remote.origin.url", address)
        run(capsys, "branch")
        assert "python3 - path lessons src ''" in sandbox.files()["postBuild"]
    run(capsys, "branch", "--folder", "a/b c", "--install", "editable")
    assert "python3 - editable 'a/b c' src ''" in sandbox.files()["postBuild"]
    assert "setuptools" in sandbox.files()["requirements.txt"]
    run(capsys, "branch", "--install", "none")
    assert "postBuild" not in sandbox.files()


@pytest.mark.parametrize("name", ["", "/", "../x", "a/../b", "a\nb", "."])
def test_folder_that_nothing_can_be_cloned_into(sandbox, capsys, name):
    code, _, err = run(capsys, "branch", f"--folder={name}")
    assert (code, "[OCT-B131]" in err) == (3, True)


def test_errors_end_with_code_3(sandbox, capsys, tmp_path):
    assert run(capsys, "branch", "-C", os.fspath(tmp_path))[0] == 3
    assert run(capsys, "branch", "--content", "nowhere")[0] == 3
    sandbox.commit({"apt.txt": "vim\na; b\n"})
    code, out, err = run(capsys, "branch")
    assert (code, out) == (3, "")
    assert err == (
        "apt.txt:2: 'a; b' is not the name of a Debian package [OCT-B120] "
        "(hint: one package a line)\n"
    )


def test_rebuilds_are_told(sandbox, capsys):
    sandbox.commit({"lesson.md": "1"}, "a lesson")
    sandbox.commit({"requirements.txt": "scipy\n"}, "another package")
    code, out, _ = run(capsys, "rebuilds", "HEAD~2..")
    tip = sandbox.git("rev-parse", "HEAD")
    assert code == 0
    assert out == (
        f"{tip[:10]} new image, its packages are installed again: another package\n"
        "  environment  requirements.txt\n2 commits: 1 rebuild\n"
    )
    assert run(capsys, "rebuilds", "HEAD~2..", "--check")[0] == 1
    assert run(capsys, "rebuilds", "HEAD~2..HEAD~1", "--check") == (0, "1 commit: 0 rebuilds\n", "")
    assert run(capsys, "rebuilds", "HEAD~2..", "--direct")[1].endswith("2 commits: 2 rebuilds\n")
    assert "no new image: a lesson\n  none         lesson.md\n" in run(
        capsys, "rebuilds", "HEAD~2..", "--all"
    )[1]  # fmt: skip


def test_rebuilds_as_json(sandbox, capsys):
    sandbox.commit({"apt.txt": "a b"}, "broken")
    told = json.loads(run(capsys, "rebuilds", "HEAD~1", "--json")[1])
    assert told["summary"] == {"commits": 1, "rebuilds": 0, "broken": 1}
    commit = told["commits"][0]
    assert (commit["builds"], commit["subject"]) == ("broken", "broken")
    assert "OCT-B120" in commit["error"]
    assert run(capsys, "rebuilds", "HEAD~1")[1].endswith("1 commit: 0 rebuilds, 1 broken\n")


def test_base_keeps_what_is_there(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "base", *NAMES, "-n")[1].count("would be created") == 4
    assert not (tmp_path / "course").exists()
    assert run(capsys, "base", *NAMES)[1].count(": created") == 4
    (tmp_path / "course/base/environment.yml").write_text("mine")
    told = json.loads(run(capsys, "base", *NAMES, "--json")[1])
    assert [file["status"] for file in told["files"]] == [
        "unchanged", "unchanged", "kept", "unchanged",
    ]  # fmt: skip
    newer = ("course:2027.01", *NAMES[1:])
    code, _, err = run(capsys, "base", *newer)
    assert (code, "[OCT-B142]" in err) == (3, True)
    assert "2027.01" not in (tmp_path / "course/child/Dockerfile").read_text()
    assert run(capsys, "base", *newer, "--force")[0] == 0
    assert (tmp_path / "course/child/Dockerfile").read_text() == "FROM course-onbuild:2027.01\n"
    assert (tmp_path / "course/base/environment.yml").read_text() == "mine"


def test_simulation_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kid").mkdir()
    (tmp_path / "kid/apt.txt").write_text("vim\n")
    code, out, _ = run(capsys, "base", *NAMES, "--simulate", "kid")
    assert code == 0
    assert "child  root    apt-get -qq install --yes --no-install-recommends -- vim\n" in out
    told = json.loads(run(capsys, "base", *NAMES, "--simulate", "kid", "--json")[1])
    assert told["steps"][0] == {"image": "base", "user": "docker", "words": ["FROM", NAMES[2]]}
    assert os.listdir(tmp_path) == ["kid"]
    assert run(capsys, "base", *NAMES, "--simulate", "nowhere")[0] == 4
    (tmp_path / "kid/apt.txt").write_text("a;b\n")
    assert "kid/apt.txt:1: 'a;b' is not the name" in run(
        capsys, "base", *NAMES, "--simulate", "kid"
    )[2]  # fmt: skip


def test_base_needs_images_with_a_tag(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "[OCT-B140]" in run(capsys, "base", "course", *NAMES[1:])[2]
    assert "[OCT-B140]" in run(capsys, "base", "course:1", "--from", "a:latest")[2]
    code, _, err = run(capsys, "base", "course:1")
    assert (code, "--from" in err) == (2, True)
    assert os.listdir(tmp_path) == []
