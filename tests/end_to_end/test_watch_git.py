"""`octavo watch` beside a real git and a real editor."""

import os
import shutil
import subprocess
import sys
import time

import pytest

HEADER = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n\n"
PATIENCE_S = 120.0
N = 40


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)  # between two looks, not instead of one


def git(folder, *words):
    identity = ["-c", "user.email=a@b", "-c", "user.name=n", "-c", "core.hooksPath=/nowhere"]
    return subprocess.run(
        ["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def tree(tmp_path):
    git(tmp_path, "init", "-q", "-b", "one")
    for i in range(N):
        (tmp_path / f"n{i}.py").write_text(f"{HEADER}# %%\nx = {i}\n")
    subprocess.run([sys.executable, "-m", "octavo", "sync", "-q"], cwd=tmp_path, check=True)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    return tmp_path


@pytest.fixture
def watch(tree):
    process = subprocess.Popen(
        [sys.executable, "-m", "octavo", "watch"], cwd=tree,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert "watching" in process.stderr.readline()
    yield process
    process.terminate()
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert "Traceback" not in out + err
    assert "conflict" not in out


def is_in_sync(folder):
    done = subprocess.run(
        [sys.executable, "-m", "octavo", "sync", "--check", "-q"], cwd=folder, check=False
    )
    return done.returncode == 0


def test_branches_are_switched_under_the_watch(tree, watch):
    git(tree, "checkout", "-qb", "two")
    for i in range(N):
        path = tree / f"n{i}.py"
        path.write_text(path.read_text() + f"\n# %%\ny = {i}\n")
    wait_for(lambda: all("y =" in (tree / f"n{i}.ipynb").read_text() for i in range(N)))
    wait_for(lambda: is_in_sync(tree))
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "two")
    for branch, text in [("one", False), ("two", True)] * 3:
        git(tree, "checkout", "-q", branch)
        wait_for(lambda: is_in_sync(tree))
        assert git(tree, "status", "--porcelain") == ""
        assert all(("y =" in (tree / f"n{i}.ipynb").read_text()) is text for i in range(N))


def test_quick_edits_of_both_members_all_arrive(tree, watch):
    for k in range(30):
        path = tree / ("n0.py" if k % 2 else "n1.py")
        temporary = path.with_suffix(".tmp")
        temporary.write_text(path.read_text() + f"\n# %%\nedit_{k} = 1\n")
        temporary.replace(path)
    wait_for(lambda: "edit_29 =" in (tree / "n0.ipynb").read_text())
    wait_for(lambda: "edit_28 =" in (tree / "n1.ipynb").read_text())
    wait_for(lambda: is_in_sync(tree))
    for k in range(30):
        name = "n0" if k % 2 else "n1"
        assert f"edit_{k} =" in (tree / f"{name}.ipynb").read_text()
        assert f"edit_{k} =" in (tree / f"{name}.py").read_text()


VIM = shutil.which("vim")


@pytest.mark.skipif(
    VIM is None, reason="vim is not installed: the snippet of docs/editors.md is not proved"
)
def test_snippet_for_vim_syncs_at_each_save(tmp_path, tree):
    page = (os.path.dirname(__file__), "..", "..", "docs", "editors.md")
    with open(os.path.join(*page), encoding="utf-8") as fp:
        snippet = fp.read().split("```vim\n")[1].split("```")[0]
    (tree / "vimrc").write_text("set nocompatible\n" + snippet)
    bin_ = os.path.dirname(sys.executable)
    environ = {**os.environ, "PATH": bin_ + os.pathsep + os.environ["PATH"], "TERM": "dumb"}
    try:
        for k in (1, 2):
            subprocess.run(
                [VIM, "-Nes", "-u", "vimrc", "-c", f"normal Goz = {k}", "-c", "write", "-c", "qa!", "n3.py"],
                cwd=tree, env=environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
            )  # fmt: skip
            assert f"z = {k}" in (tree / "n3.py").read_text()
            assert f"z = {k}" in (tree / "n3.ipynb").read_text()
    finally:
        subprocess.run(
            [sys.executable, "-m", "octavo", "daemon", "stop"],
            cwd=tree,
            check=True,
            capture_output=True,
        )
