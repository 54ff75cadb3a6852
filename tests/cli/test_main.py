"""`octavo` itself: help, version, unknown commands."""

import subprocess
import sys

import pytest

from octavo import __version__, cli


def test_version(octavo):
    for spelling in ("--version", "-V"):
        assert octavo(spelling) == (0, f"octavo {__version__}\n", "")


def test_help_lists_the_commands(octavo):
    result = octavo("--help")
    assert result.code == 0
    for name in cli.command_names():
        assert f"\n  {name} " in result.out
    assert octavo("help").out == octavo("-h").out == result.out


def test_without_arguments_the_help_goes_to_stderr(octavo):
    result = octavo()
    assert (result.code, result.out, result.err) == (2, "", octavo("--help").out)


@pytest.mark.parametrize("name", cli.command_names())
def test_help_of_a_command(octavo, name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    result = octavo(name, "--help")
    assert result.code == 0
    assert result.out.startswith(f"usage: octavo {name} ")
    assert octavo("help", name) == octavo(name, "-h") == result
    assert max(map(len, result.out.splitlines())) <= 80


@pytest.mark.parametrize("name", cli.command_names())
def test_every_flag_has_a_help(name):
    from octavo.cli import _parser

    for action in _parser.of_command(name, cli.load(name))._actions:
        assert action.help, action
        assert action.help.rstrip().endswith((".", ")"))


@pytest.mark.parametrize(
    ("word", "hint"),
    [("convrt", "did you mean 'convert'?"), ("--versoin", "did you mean '--version'?"),
     ("xyz", "`octavo --help` lists them"), ("_kernels", "`octavo --help` lists them")],
)  # fmt: skip
def test_unknown_command_gets_a_hint(octavo, word, hint):
    result = octavo(word)
    assert (result.code, result.out) == (2, "")
    assert f"{word!r} [OCT-O021] (hint: {hint})" in result.err


def test_module_runs_the_command_line():
    done = subprocess.run(
        [sys.executable, "-m", "octavo", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"octavo {__version__}\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_terminal_without_unicode_gets_something_readable(folder, encoding):
    done = subprocess.run(
        [sys.executable, "-m", "octavo", "convert", "é€.ipynb", "--to", "py"],
        capture_output=True,
        check=False,
        env={
            "PYTHONIOENCODING": f"{encoding}:strict",
            "PYTHONUTF8": "1",
            "PYTHONPATH": ":".join(sys.path),
        },
    )
    assert done.returncode == 4
    assert b"no such file" in done.stderr
    assert b"Traceback" not in done.stderr


def test_control_characters_of_names_stay_on_one_line(octavo, folder):
    result = octavo("convert", "a\nb\x1b[31m.ipynb", "--to", "py")
    assert result.code == 4
    assert result.errors == [
        "a\\nb\\x1b[31m.ipynb: no such file [OCT-W001] (hint: check the spelling)"
    ]
