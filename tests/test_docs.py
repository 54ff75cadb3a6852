"""The documentation tells the truth: every example runs, every link leads somewhere.

Each page has a folder of its own, with a copy of `examples/` in it.  In that folder run its
transcripts (blocks that begin with `$ octavo`, see tests/support/transcripts.py; `--accept`
writes what came out into the page) and its Python sessions (blocks with `>>> `, one after the
other in one namespace).  Other Python, TOML, JSON and YAML blocks must at least be well formed.
"""

import ast
import contextlib
import doctest
import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest
import yaml

from support import transcripts

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "examples/README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")

page_of_the_docs = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix()
)


@pytest.fixture
def folder(tmp_path, examples):
    shutil.copytree(examples, tmp_path / "examples")
    return tmp_path


@page_of_the_docs
def test_examples_come_out_as_they_are_written(page, folder, accept):
    text = page.read_bytes().decode("utf-8")
    renewed, differences = transcripts.compare(text, folder, accept=accept)
    if accept and renewed != text:
        page.write_bytes(renewed.encode("utf-8"))
    elif not accept:
        assert not differences, "\n\n".join(differences)
    failures = _run_sessions(page, renewed, folder)
    assert not failures, failures


@page_of_the_docs
def test_blocks_are_well_formed(page):
    parsers = {
        "python": ast.parse,
        "py": ast.parse,
        "toml": tomllib.loads,
        "json": json.loads,
        "yaml": yaml.safe_load,
    }
    for block in transcripts.blocks(page.read_text("utf-8")):
        parse = parsers.get(block.info.partition(" ")[0])
        if parse and not _is_session(block):
            parse("\n".join(block.lines))


@page_of_the_docs
def test_links_lead_somewhere(page):
    prose = _without_code(page.read_text("utf-8"))
    missing = []
    for link, image in _LINK.findall(prose):
        target, _, anchor = (link or image).partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        path = page.parent / target if target else page
        if not path.exists():
            missing.append(target)
        elif anchor and path.suffix == ".md" and anchor not in _anchors(path):
            missing.append(f"{target}#{anchor}")
    assert not missing


def _run_sessions(page: Path, text: str, folder: Path) -> str:
    """Run the Python sessions of a page in one namespace; return a report of failures."""
    parser, report = doctest.DocTestParser(), []
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    names: dict[str, object] = {}
    with contextlib.chdir(folder):
        for block in transcripts.blocks(text):
            if not _is_session(block):
                continue
            session = parser.get_doctest(
                "\n".join(block.lines) + "\n", names, page.name, str(page), block.start
            )
            runner.run(session, out=report.append, clear_globs=False)
            names = session.globs
    return "".join(report)


def _is_session(block: transcripts.Block) -> bool:
    return bool(block.lines) and block.lines[0].startswith(">>> ")


def _without_code(text: str) -> str:
    """Return a Markdown text without its fenced blocks and code spans."""
    lines = text.split("\n")
    for block in transcripts.blocks(text):
        for i in range(block.start, block.start + len(block.lines)):
            lines[i] = ""
    return re.sub(r"(`+).+?\1", "", "\n".join(lines))


def _anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.+?)\s*#*$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
