"""The figures of the README are those that `make bench` measured last."""

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def figures():
    spec = importlib.util.spec_from_file_location("figures", ROOT / "tools/figures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def row(group, case, octavo, peer):
    return {
        "group": group, "case": case, "octavo": octavo, "peer": peer, "peer_name": "jupytext",
        "unit": "ms",
    }  # fmt: skip


def run(*rows):
    return {"rows": list(rows), "environment": {"Python": "3.11", "system": "a machine"}}


def test_figures_are_those_of_the_last_run(figures):
    if not figures.RESULTS.exists():
        pytest.skip("`make bench` has not been run here: there are no figures to compare")
    text = (ROOT / "README.md").read_text("utf-8")
    assert figures.with_figures(text, json.loads(figures.RESULTS.read_text("utf-8"))) == text


def test_ratios_are_cut_and_not_rounded_up(figures):
    lines = figures.lines(run(row("read, 10,000 cells", "md", 10.0, 399.9)))
    assert lines[2] == "| read 10,000 cells, md | 10 ms | Jupytext 400 ms | 39 |"
    lines = figures.lines(run(row("read, 10,000 cells", "md", 1.0, 9.99)))
    assert lines[2].endswith("| 9.9 |")


def test_case_without_a_peer_is_left_out(figures):
    lines = figures.lines(run(row("read, 10,000 cells", "md", 10.0, None)))
    assert len(lines) == 4


def test_writing_twice_changes_nothing(figures):
    text = f"a\n{figures.OPENING}{figures.CLOSING}b\n"
    once = figures.with_figures(text, run(row("read, 10,000 cells", "md", 1.0, 2.0)))
    again = figures.with_figures(once, run(row("read, 10,000 cells", "md", 1.0, 2.0)))
    assert once == again != text
    assert once.endswith("b\n")
