"""`octavo sync` and `octavo resolve`: what people see of them."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def paired(octavo, folder, notebook):
    (folder / ".git").mkdir()
    assert octavo("pair", notebook, "--with", "py:percent,md").code == 0
    return folder


def replace(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def clash(folder):
    replace(folder / "a.py", "1 + 1", "1 + 2")
    replace(folder / "a.md", "1 + 1", "1 + 3")


def test_the_others_follow_an_edit(octavo, paired):
    replace(paired / "a.py", "1 + 1", "1 + 2")
    done = octavo("sync")
    assert (done.code, done.out, done.errors) == (0, "", ["a.ipynb: a.ipynb, a.md updated"])
    assert octavo("sync", "a.md").err == ""


def test_a_dry_run_only_tells(octavo, paired):
    replace(paired / "a.py", "1 + 1", "1 + 2")
    before = (paired / "a.md").read_bytes()
    assert octavo("sync", "-n").errors == ["a.ipynb: a.ipynb, a.md would be updated"]
    assert (paired / "a.md").read_bytes() == before


def test_a_conflict_ends_with_1_until_it_is_resolved(octavo, paired):
    clash(paired)
    done = octavo("sync")
    assert done.code == 1
    assert "conflict" in done.errors[0]
    assert (octavo("sync").code, octavo("sync").errors) == (1, ["a.ipynb: 1 conflict to resolve"])
    assert octavo("resolve", "a.py", "--theirs").code == 0
    assert octavo("sync").code == 0
    assert "1 + 3" in (paired / "a.py").read_text("utf-8")
    assert "1 + 2" not in (paired / "a.py").read_text("utf-8")


def test_what_was_kept_by_hand_stays(octavo, paired):
    clash(paired)
    octavo("sync")
    assert octavo("resolve", "a.md").code == 0
    text = (paired / "a.py").read_text("utf-8")
    assert ("1 + 2" in text, "1 + 3" in text, "onflict" in text) == (True, True, False)


def test_a_conflict_that_nobody_saw_is_not_resolved(octavo, paired):
    clash(paired)
    assert octavo("resolve", "a.md", "--ours").code == 1
    text = (paired / "a.py").read_text("utf-8")
    assert ("1 + 2" in text, "1 + 3" in text, "onflict" in text) == (True, True, True)


def test_a_conflict_may_fail(octavo, paired):
    clash(paired)
    before = (paired / "a.ipynb").read_bytes()
    done = octavo("sync", "--on-conflict", "fail", "--json")
    assert done.code == 1
    assert done.json[0]["status"] == "conflict"
    assert done.json[0]["conflicts"][0]["reason"] == "both-changed"
    assert (paired / "a.ipynb").read_bytes() == before


def test_a_broken_pair_does_not_stop_the_others(octavo, paired, notebook):
    (paired / "b.ipynb").write_bytes(notebook.read_bytes())
    assert octavo("sync", "-q").code == 0
    (paired / "a.ipynb").write_text("<<<<<<< HEAD\n{}")
    replace(paired / "b.py", "1 + 1", "1 + 2")
    done = octavo("sync")
    assert done.code == 3
    assert done.errors[0].startswith("a.ipynb:")
    assert "b.ipynb: b.ipynb, b.md updated" in done.errors
    assert done.errors[-1] == "octavo: 2 pairs: 1 failed, 1 updated"


def test_a_member_comes_back_from_the_others(octavo, paired):
    (paired / "a.ipynb").unlink()
    assert octavo("sync", "a.py").errors == ["a.ipynb: a.ipynb updated"]
    assert '"two\\n"' in (paired / "a.ipynb").read_text("utf-8")


def test_a_file_that_is_not_there_is_an_error(octavo, folder):
    done = octavo("sync", "nothing.py")
    assert (done.code, "OCT-W001" in done.err) == (4, True)


def test_an_empty_folder_has_no_pairs(octavo, folder):
    assert (octavo("sync").code, octavo("sync").errors) == (0, ["octavo: 0 pairs"])


def test_two_syncs_at_once_do_not_corrupt(octavo, paired):
    replace(paired / "a.py", "1 + 1", "1 + 2")
    command = [sys.executable, "-m", "octavo", "sync", "-q"]
    running = [subprocess.Popen(command, cwd=paired) for _ in range(4)]
    assert [one.wait() for one in running] == [0, 0, 0, 0]
    assert "1 + 2" in (paired / "a.md").read_text("utf-8")
    assert octavo("pairs", "--json").json[0]["state"] == "in sync"


def test_file_that_never_was_is_an_error(octavo, folder):
    (folder / "octavo.toml").write_text('formats = "ipynb,py:percent"')
    result = octavo("sync", "nope.py")
    assert result.code == 4
    assert "nope.py: no such file [OCT-W001]" in result.err


def test_leftovers_of_killed_processes_go_away(octavo, folder):
    (folder / "octavo.toml").write_text('formats = "ipynb,py:percent"')
    (folder / "n.ipynb").write_text(
        '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    )
    (folder / ".octavo-999999999-0a.tmp").write_text("half")
    octavo("sync")
    assert sorted(os.listdir(folder)) == [".octavo", "n.ipynb", "n.py", "octavo.toml"]
