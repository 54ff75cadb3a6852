"""stdin, stdout and stderr that are full, closed, or gone."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX streams")


def run(redirections, *arguments):
    """Return code and stderr of a command under a shell's redirections."""
    done = subprocess.run(
        [
            "/bin/sh",
            "-c",
            f'exec "$@" {redirections}',
            "sh",
            sys.executable,
            "-m",
            "octavo",
            *arguments,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
@pytest.mark.parametrize(
    "arguments",
    [("convert", "a.ipynb", "--to", "py", "-o", "-"), ("--help",), ("formats", "percent")],
)
def test_full_disk_behind_stdout_is_a_file_error(notebook, arguments):
    assert run("> /dev/full", *arguments) == (4, "<stdout>: the disk is full [OCT-W006]\n")


def test_closed_stdout_is_a_file_error(notebook):
    result = run(">&-", "convert", "a.ipynb", "--to", "py", "-o", "-")
    assert result == (4, "<stdout>: is closed [OCT-W005]\n")


def test_closed_stdin_is_a_file_error(notebook):
    result = run("<&-", "convert", "-", "--to", "py")
    assert result == (4, "<stdin>: is closed [OCT-W003]\n")


def test_closed_stderr_is_no_fault(notebook, folder):
    assert run("2>&-", "convert", "a.ipynb", "--to", "py") == (0, "")
    assert (folder / "a.py").exists()


def test_stdout_as_a_file_is_written_through(notebook):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "octavo",
            "convert",
            "a.ipynb",
            "--to",
            "py",
            "-o",
            "/dev/stdout",
            "-q",
        ],
        stdout=subprocess.PIPE,
        check=True,
    )
    assert done.stdout.endswith(b'# %% tags=["a"]\n1 + 1\n')
