"""docs/cli.md tells about every command, flag and code of the command line."""

import re
from pathlib import Path

import pytest

from octavo import cli
from octavo.cli import completion

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "cli.md").read_text("utf-8")
SOURCES = [*(ROOT / "src/octavo/cli").glob("*.py"), ROOT / "src/octavo/workspace/files.py"]


@pytest.mark.parametrize("name", cli.command_names())
def test_every_command_has_a_section(name):
    assert f"\n## octavo {name}\n" in PAGE


@pytest.mark.parametrize("command", completion.commands(), ids=lambda command: command.name)
def test_every_flag_is_told(command):
    told = set(re.findall(r"--[\w-]+", PAGE))
    assert {flag.spellings[-1].replace("--no-", "--") for flag in command.flags} <= told


def test_every_code_is_told_and_no_other():
    raised = {
        code for path in SOURCES for code in re.findall(r'"(OCT-\w+)"', path.read_text("utf-8"))
    }
    told = set(re.findall(r"^\| (OCT-\w+) \|", PAGE, re.MULTILINE))
    assert told == raised | {"OCT-F001"}
