"""Rules for the files of an environment, and for what git tracks."""

import pytest

from octavo.binder.lint_files import Source, checkpoints, findings, repaired

GOOD_START = '#!/bin/bash\nexport X=1\nexec "$@"\n'


def rules(path, text, *, is_executable=True):
    return [finding.rule for finding in findings({path: Source(text, is_executable=is_executable)})]


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        ("L14", "start", "#!/bin/bash\nexport X=1\n"), ("L14", "binder/start", '#!/bin/bash\n# exec "$@"\n'),
        ("L14", ".binder/start", GOOD_START.replace("\n", "\r\n")), ("L14", "start", "exec $@\n"),
        ("L15", "apt.txt", "foo; rm -rf /\n"), ("L15", "binder/apt.txt", "git\n$(id)\n"), ("L15", "apt.txt", "a b\n"),
        ("L15", "apt.txt", "--allow-unauthenticated\n"),
        ("L16", "runtime.txt", "python3.11"), ("L16", "runtime.txt", "python-3.11.x"), ("L16", "binder/runtime.txt", ""),
        ("L17", "Dockerfile", "FROM jupyter/base-notebook\n"), ("L17", "Dockerfile", "FROM a/b:latest\nRUN x\n"),
        ("L17", "binder/Dockerfile", "FROM a:1 AS x\nFROM registry:5000/b\n"),
    ],
)  # fmt: skip
def test_rule_finds(rule, path, text):
    assert rule in rules(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("start", GOOD_START), ("binder/start", '#!/bin/sh\nexec env X=1 "$@"\n'.replace("env X=1 ", "")),
        ("apt.txt", "git\n# comment\nlibgl1  # why\n"), ("binder/apt.txt", "graphviz\n\ng++\n"),
        ("runtime.txt", "python-3.12\n"), ("runtime.txt", "r-4.4-2026-01-31"),
        ("Dockerfile", "FROM a/b:2026.11\n"), ("Dockerfile", "FROM a@sha256:" + "0" * 64 + "\n"),
        ("environment.yml", "name: x\n"),
    ],
)  # fmt: skip
def test_rule_lets_pass(path, text):
    assert rules(path, text) == []


def test_start_must_be_executable():
    assert rules("start", GOOD_START, is_executable=False) == ["L14"]


@pytest.mark.parametrize(
    ("folders", "found"),
    [(("binder", ".binder", ""), 1), (("binder", ".binder"), 1), ((".binder", "binder", ""), 1),
     (("binder", ""), 0), ((".binder", ""), 0), ((), 0)],
)  # fmt: skip
def test_two_folders_are_one_too_many(folders, found):
    assert [finding.rule for finding in findings({}, folders)] == ["L13"] * found


@pytest.mark.parametrize(
    ("paths", "spans"),
    [
        (["a/.ipynb_checkpoints/x.ipynb", "a/.ipynb_checkpoints/y.ipynb"], ["a/.ipynb_checkpoints"]),
        ([".ipynb_checkpoints/x"], [".ipynb_checkpoints"]), (["a/.ipynb_checkpoints/b/c"], ["a/.ipynb_checkpoints"]),
        (["a.ipynb", "ipynb_checkpoints/x"], []), ([], []),
    ],
)  # fmt: skip
def test_committed_checkpoints(paths, spans):
    found = list(checkpoints(paths))
    assert [finding.span.file for finding in found] == spans
    assert {finding.rule for finding in found} <= {"L19"}


@pytest.mark.parametrize(
    "text", ["#!/bin/bash\nexport X=1\n", GOOD_START.replace("\n", "\r\n"), "echo hi", GOOD_START]
)
def test_repaired_start_is_clean_and_stays(text):
    fixed = repaired("binder/start", text)
    assert rules("binder/start", fixed) == []
    assert repaired("binder/start", fixed) == fixed
    assert fixed.startswith(text.replace("\r\n", "\n").rstrip("\n"))


def test_other_files_are_not_repaired():
    assert repaired("apt.txt", "a; b\r\n") == "a; b\r\n"
