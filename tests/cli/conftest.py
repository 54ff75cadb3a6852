"""The command line in this process, and small notebooks to convert."""

import io
import json
import os
import sys
from typing import NamedTuple

import pytest

from cli.samples import NOTEBOOK, TEXT
from octavo.cli import main


class Result(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def errors(self):
        return self.err.splitlines()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder that is the current one."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def notebook(folder):
    """A notebook with outputs, `a.ipynb`."""
    path = folder / "a.ipynb"
    path.write_text(json.dumps(NOTEBOOK, indent=1, sort_keys=True) + "\n", "utf-8")
    return path


@pytest.fixture
def script(folder):
    """A percent script, `a.py`."""
    path = folder / "a.py"
    path.write_bytes(TEXT.encode("utf-8"))
    return path


@pytest.fixture
def octavo(capfdbinary, monkeypatch):
    """Return a function that runs `octavo` with arguments and the bytes of stdin."""

    def run(*arguments, stdin=b""):
        stream = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stream)
        capfdbinary.readouterr()
        code = main([os.fspath(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return Result(code, out.decode("utf-8", "surrogateescape"), err.decode("utf-8"))

    return run
