"""What native code draws is drawn in a process of its own: its end is that of one picture only."""

import os
import subprocess
import sys

import pytest

from octavo import Cell, Document, export
from octavo.core.errors import OptionError
from octavo.workspace import apart
from octavo.workspace.apart import Apart

BARS = {
    "mark": "bar", "data": {"values": [{"a": "A", "b": 1.25}]},
    "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b"}},
}  # fmt: skip
ENDLESS = {**BARS, "data": {"sequence": {"start": 0, "stop": 1e9, "as": "b"}}}
#: Does what it is asked, for the process that draws.
PUPPET = """
import marshal, os, sys
pipe = sys.stdin.buffer
while size := int.from_bytes(pipe.read(8), "big"):
    name, *rest = marshal.loads(pipe.read(size))
    while name == "hang":
        pass
    if name == "die":
        os.abort()
    answer = marshal.dumps(("no such thing" if name == "fail" else "", rest))
    if name == "noise":
        answer = b"noise"
    if name == "pair":
        answer = marshal.dumps(3)
    sys.stdout.buffer.write(len(answer).to_bytes(8, "big") + answer)
    sys.stdout.buffer.flush()
"""


@pytest.fixture
def other():
    other = Apart([sys.executable, "-c", PUPPET])
    yield other
    other.close()


@pytest.fixture
def fresh(monkeypatch):
    monkeypatch.setattr(apart, "_APART", [])
    yield
    for one in apart._APART:
        one.close()


@pytest.mark.parametrize("what", ["hang", "die", "noise", "pair"])
def test_a_question_that_ends_the_process_ends_no_other(other, what):
    assert other.ask("echo", "a", {"b": b"\0"}, patience_s=60) == ["a", {"b": b"\0"}]
    with pytest.raises(RuntimeError, match="too much memory or time"):
        other.ask(what, patience_s=0.5)
    assert other.ask("echo", "\ud800é", patience_s=60) == ["\ud800é"]


def test_a_complaint_is_told_and_the_process_goes_on(other):
    with pytest.raises(RuntimeError, match="no such thing"):
        other.ask("fail", patience_s=60)
    process = other._process
    assert other.ask("echo", patience_s=60) == []
    assert other._process is process


def test_what_cannot_be_sent_is_an_error(other):
    deep = {}
    for _ in range(100_000):
        deep = {"a": deep}
    with pytest.raises(RuntimeError):
        other.ask("echo", deep, patience_s=60)


FORK = """
import os, sys
from octavo.workspace import apart

def made():
    return apart.typeset({"main.typ": b"= A"}, {"format": "pdf"})[:4]

assert made() == b"%PDF"
child = os.fork()
if not child:
    assert made() == b"%PDF"
    sys.exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
first = apart._APART[0]._process
assert made() == b"%PDF" and apart._APART[0]._process is first
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks here")
def test_a_fork_asks_a_process_of_its_own():
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORK], check=True)


def test_without_another_process_pdfs_are_set_here(fresh, tmp_path):
    apart._APART.append(Apart([str(tmp_path / "missing")]))
    assert apart.typeset({"main.typ": b"= A"}, {"format": "pdf"}).startswith(b"%PDF")
    assert not apart.draw("vega-lite", BARS)


def test_pdfs_are_set_whatever_lies_in_the_folder(fresh, tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise RuntimeError('a module of the reader')", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert apart.typeset({"main.typ": b"= A"}, {"format": "pdf"}).startswith(b"%PDF")
    with pytest.raises(RuntimeError, match="unknown variable: nothing"):
        apart.typeset({"main.typ": b"#nothing"}, {"format": "pdf"})
    assert apart.typeset({"main.typ": b"= A"}, {"format": "png"}).startswith(b"\x89PNG")


def test_a_picture_of_any_size_can_be_in_a_word_file(fresh):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}"><rect {1}/></svg>'
    for size in ("1e9", "1", "0", "-3"):
        data = {"image/svg+xml": svg.format(size, 'width="5" height="5"')}
        output = {"output_type": "display_data", "data": data, "metadata": {}}
        (made,) = export(Document([Cell("code", "1", {}, [output])]), "docx")
        assert made.data.startswith(b"PK")


@pytest.mark.slow
def test_charts_are_drawn_though_one_asks_for_too_much(fresh):
    pytest.importorskip("vl_convert")
    assert "<svg" in apart.draw("vega-lite", BARS)
    assert apart.draw("vega-lite", ENDLESS) == ""
    assert apart.draw("vega-lite", {"mark": 3}) == ""
    assert "<svg" in apart.draw("vega-lite", BARS)


def test_what_is_not_installed_draws_nothing(monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    for name in ("typst", "vl_convert"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert apart.draw("vega-lite", BARS) is None
    with pytest.raises(OptionError, match="Typst, which is not installed"):
        apart.typeset({"main.typ": b""}, {})
