"""`octavo sync --check` and `--staged`: what hooks and servers run."""

import subprocess

import pytest

HEADER = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n\n"


def git(folder, *words):
    identity = ["-c", "user.email=a@b", "-c", "user.name=n", "-c", "core.hooksPath=/nowhere"]
    return subprocess.run(
        ["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def paired(octavo, folder):
    git(folder, "init", "-q")
    (folder / "a.py").write_text(HEADER + "# %%\nx = 1\n")
    assert octavo("sync", "-q").code == 0
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    return folder


def edit(folder, new="x = 2"):
    (folder / "a.py").write_text(HEADER + f"# %%\n{new}\n")


def test_agreement_is_0_and_silent(octavo, paired):
    assert (octavo("sync", "--check").code, octavo("sync", "--check").err) == (0, "")


def test_change_that_is_not_synced_is_1_and_nothing_is_written(octavo, paired):
    edit(paired)
    before = (paired / "a.ipynb").read_bytes()
    done = octavo("sync", "--check")
    assert (done.code, done.errors) == (1, ["a.ipynb: a.ipynb would be updated"])
    assert (paired / "a.ipynb").read_bytes() == before


def test_fresh_clone_without_state_is_in_sync(octavo, paired, tmp_path, monkeypatch):
    git(tmp_path, "clone", "-q", str(paired), "clone")
    monkeypatch.chdir(tmp_path / "clone")
    assert octavo("sync", "--check").code == 0
    assert not (tmp_path / "clone/.octavo").exists()


def test_member_that_was_staged_alone_disagrees_in_the_index(octavo, paired):
    edit(paired)
    octavo("sync", "-q")
    git(paired, "add", "a.py")
    done = octavo("sync", "--check")
    assert done.code == 1
    assert done.errors == [
        "a.ipynb: a.ipynb, a.py differ in git's index: sync, then `git add a.ipynb a.py`"
    ]
    git(paired, "add", "a.ipynb")
    assert octavo("sync", "--check").code == 0


def test_staged_names_what_is_to_be_added(octavo, paired):
    edit(paired)
    git(paired, "add", "a.py")
    done = octavo("sync", "--staged", "a.py")
    assert (done.code, done.errors) == (
        1,
        ["a.ipynb: a.ipynb updated", "a.ipynb: not staged as it is now: `git add a.ipynb`"],
    )
    git(paired, "add", "a.ipynb")
    assert (octavo("sync", "--staged", "a.py").code, octavo("sync", "--staged").err) == (0, "")


def test_staged_names_a_member_that_git_does_not_know(octavo, paired):
    (paired / "b.py").write_text(HEADER + "# %%\nx = 1\n")
    git(paired, "add", "b.py")
    done = octavo("sync", "--staged", "b.py")
    assert done.errors[-1] == "b.ipynb: not in git: `git add b.ipynb`, or name it in .gitignore"
    (paired / ".gitignore").write_text("b.ipynb\n")
    assert octavo("sync", "--staged", "b.py").code == 0


def test_deleted_member_in_the_index_is_no_fault_of_check(octavo, paired):
    git(paired, "rm", "-q", "--cached", "a.ipynb")
    assert octavo("sync", "--check").code == 0


def test_conflict_of_git_is_told(octavo, paired):
    git(paired, "checkout", "-qb", "other")
    edit(paired, "x = 2")
    git(paired, "commit", "-qam", "two")
    git(paired, "checkout", "-q", "-")
    edit(paired, "x = 3")
    git(paired, "commit", "-qam", "three")
    with pytest.raises(subprocess.CalledProcessError):
        git(paired, "merge", "other")
    git(paired, "checkout", "-q", "--ours", "a.py")
    assert "a.ipynb: git has not merged a.py yet" in octavo("sync", "--check").errors


def test_json_holds_the_difference(octavo, paired):
    edit(paired)
    octavo("sync", "-q")
    git(paired, "add", "a.py")
    records = octavo("sync", "--check", "--json").json
    assert [record["status"] for record in records] == ["unchanged", "differs"]


def test_folder_without_git_has_no_index(octavo, folder):
    (folder / "octavo.toml").write_text("")
    (folder / "a.py").write_text(HEADER + "# %%\nx = 1\n")
    octavo("sync", "-q")
    assert octavo("sync", "--check").code == 0


def test_odd_names_are_found_in_the_index(octavo, paired):
    for name in ("*.py", "ä b.py", ":(x).py"):
        (paired / name).write_text(HEADER + "# %%\nx = 1\n")
    octavo("sync", "-q")
    git(paired, "add", "-A")
    assert octavo("sync", "--staged").code == 0
    assert octavo("sync", "--check").code == 0


def test_files_without_pair_are_passed_over(octavo, paired):
    (paired / "module.py").write_text("x = 1\n")
    assert octavo("sync", "--if-paired", "--staged", "module.py").code == 0
    assert octavo("sync", "--staged", "module.py").code == 4
