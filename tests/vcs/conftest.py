"""What tests of git share: an `octavo` that git finds, and a repository that knows it."""

import os
import sys

import pytest

from vcs.git_sandbox import ENVIRONMENT, Sandbox


@pytest.fixture
def repo(tmp_path, monkeypatch):
    """Return an empty repository; git finds `octavo` on its PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "octavo"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m octavo "$@"\n')
    program.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    for name, value in {**ENVIRONMENT, "PATH": path}.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setitem(ENVIRONMENT, name, value)
    return Sandbox(tmp_path / "repo")


@pytest.fixture
def octavo(repo, monkeypatch, capfd):
    """Run a command in the repository; return its code and what it printed."""
    from octavo.cli import main

    def run(*words):
        monkeypatch.chdir(repo.path)
        capfd.readouterr()
        code = main([os.fspath(word) for word in words])
        return (code, *capfd.readouterr())

    return run
