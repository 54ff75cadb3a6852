"""The quick lexer of Python yields what that of Pygments yields."""

import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.lexers.python import PythonLexer

from octavo.exporters._python_lexer import QuickPythonLexer

OPTIONS = {"stripnl": False, "ensurenl": False}
SLOW, QUICK = PythonLexer(**OPTIONS), QuickPythonLexer(**OPTIONS)
STANDARD = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
WORDS = st.sampled_from(
    ["match", "case", "type", "lazy", "_", "print", "self", "__init__", "async", "def", "class f",
     "from a import b", "import os as p", "@d.e", "x", "é", "x.print", "0x1f", "1e5", ".5", "1_0j",
     "rb'a'", 'f"{x!r:>{w}}"', "'''", '"""', "'", "#", "\\", "\n", "\n    ", " ", "\t", "(", "[x]",
     ":=", "->", "**", "!=", "...", ",", ";", "%s", "{", "}", "?", "$", "b", "u", "t'x'", "not in"]
)  # fmt: skip


def tokens(lexer, text):
    return list(lexer.get_tokens(text))


@pytest.mark.parametrize("start", range(8))
def test_files_of_python_have_the_same_tokens(start):
    for path in STANDARD[start::24]:
        text = path.read_text("utf-8", "replace")[:30_000]
        assert tokens(QUICK, text) == tokens(SLOW, text), path


@given(st.lists(WORDS, max_size=14).map("".join))
def test_any_text_has_the_same_tokens(text):
    assert tokens(QUICK, text) == tokens(SLOW, text)
