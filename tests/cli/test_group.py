"""Groups of subcommands: help, hints, completion, and nothing loaded that does not run."""

import importlib
import subprocess
import sys

import pytest

from cli.test_completion import (
    IN_ZSH,
    in_bash,
    in_fish,
    needs_bash,
    needs_fish,
    needs_zsh,
    run,
    script,
)
from octavo.cli import _group, _parser, binder

__all__ = ["script"]  # a fixture

NAMES = list(binder.SUBCOMMANDS)


def test_help_lists_the_subcommands(octavo):
    result = octavo("binder", "--help")
    assert result.code == 0
    for name, (_, summary) in binder.SUBCOMMANDS.items():
        assert f"\n  {name} " in result.out
        assert summary in result.out
    assert octavo("binder", "-h") == octavo("binder", "help") == octavo("help", "binder") == result
    assert max(map(len, result.out.splitlines())) <= 80


def test_without_a_subcommand_the_help_goes_to_stderr(octavo):
    result = octavo("binder")
    assert (result.code, result.out, result.err) == (2, "", octavo("binder", "--help").out)


@pytest.mark.parametrize("name", NAMES)
def test_help_of_a_subcommand(octavo, name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    result = octavo("binder", name, "--help")
    assert result.code == 0
    assert result.out.startswith(f"usage: octavo binder {name} ")
    assert octavo("help", "binder", name) == result
    assert max(map(len, result.out.splitlines())) <= 80


@pytest.mark.parametrize(("name", "module"), list(_group.subcommands("binder", binder)))
def test_every_flag_of_a_subcommand_has_a_help(name, module):
    for action in _parser.of_command(name, module)._actions:
        assert action.help, action
        assert action.help.rstrip().endswith((".", ")"))


@pytest.mark.parametrize("name", NAMES)
def test_subcommand_is_a_module_with_a_summary(name):
    module, summary = binder.SUBCOMMANDS[name]
    loaded = importlib.import_module(f"octavo.cli.{module}")
    assert loaded.__doc__
    assert loaded.USAGE
    assert summary.endswith(".")


@pytest.mark.parametrize(
    ("word", "hint"), [("lnk", "did you mean 'link'?"), ("--hlp", "did you mean '--help'?"),
                       ("zzz", "`octavo binder --help` lists them")],
)  # fmt: skip
def test_unknown_subcommand_gets_a_hint(octavo, word, hint):
    result = octavo("binder", word)
    assert (result.code, result.out) == (2, "")
    assert f"{word!r} [OCT-O021] (hint: {hint})" in result.err


def test_help_loads_no_subcommand():
    code = (
        "import sys; from octavo.cli import main; main(['binder', '--help']); "
        "print(*(m for m in sys.modules if '_binder_' in m or m.startswith('octavo.binder')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("tells about a subcommand.\n\n")


@needs_bash
@pytest.mark.parametrize(
    ("line", "proposals"),
    [
        ("octavo bin", ["binder"]), ("octavo binder lin", ["link", "lint"]), ("octavo binder ", NAMES),
        ("octavo binder link --envi", ["--environment", "--environment-ref"]),
        ("octavo binder link --badge ", ["markdown", "rst", "html", "asciidoc"]),
        ("octavo binder link --badge=ht", ["html"]), ("octavo binder lint --ren", ["--rename"]),
        ("octavo binder explain --env", []), ("octavo convert --upd", ["--update", "--update-metadata"]),
    ],
)  # fmt: skip
def test_bash_proposes(script, line, proposals):
    assert in_bash(script("bash"), line) == proposals


@needs_zsh
@pytest.mark.parametrize(
    ("line", "expected"),
    [("octavo binder expl", "explain"), ("octavo binder link --environment-", "--environment-ref"),
     ("octavo binder link --badge=mark", "markdown")],
)  # fmt: skip
def test_zsh_proposes(script, tmp_path, line, expected):
    driver = tmp_path / "driver.zsh"
    driver.write_text(IN_ZSH, "utf-8")
    assert run("zsh", "-f", str(driver), str(script("zsh")), line, expected) == "found\n"


@needs_fish
@pytest.mark.parametrize(
    ("line", "proposals"),
    [("octavo binder expl", ["explain"]), ("octavo binder link --badge ht", ["html"]),
     ("octavo binder lint --ren", ["--rename"])],
)  # fmt: skip
def test_fish_proposes(script, line, proposals):
    assert sorted(in_fish(script("fish"), line)) == proposals
