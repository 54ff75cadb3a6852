"""docs/cli.md tells about every command and flag of the command line."""

import re
from pathlib import Path

import pytest

from octavo import cli
from octavo.cli import completion

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "cli.md").read_text("utf-8")
#: Subcommands of `octavo binder` have pages of their own.
PAGES = PAGE + "".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("binder*.md"))


@pytest.mark.parametrize("name", cli.command_names())
def test_every_command_has_a_section(name):
    assert f"\n## octavo {name}\n" in PAGE


@pytest.mark.parametrize("command", completion.commands(), ids=lambda command: command.name)
def test_every_flag_is_told(command):
    told = set(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", PAGES))
    spellings = {flag.spellings[-1] for flag in command.flags}
    assert {name for name in spellings - told if name.replace("--no-", "--") not in told} == set()
