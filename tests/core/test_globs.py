"""Patterns of rules fit the paths that people expect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.core.globs import fits, matches

PATHS = ["n.py", "n.md", "n1.py", "n[1].py", "a/n1.py", "a/b/n2.md", "b/n3.py", "a/drafts/n4.md"]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["*.py"], ["n.py", "n1.py", "n[1].py", "a/n1.py", "b/n3.py"]),
        (["./*.md"], ["n.md"]),
        (["/n.py"], ["n.py"]),
        (["n[1-2].*"], ["n1.py", "a/n1.py", "a/b/n2.md"]),
        (["n[!1-2].*"], ["b/n3.py", "a/drafts/n4.md"]),
        (["n[[]1].py"], ["n[1].py"]),
        (["{a,b}/*.py"], ["a/n1.py", "b/n3.py"]),
        (["{a/{b,drafts},b}/*"], ["a/b/n2.md", "b/n3.py", "a/drafts/n4.md"]),
        (["n{,1}.py"], ["n.py", "n1.py", "a/n1.py"]),
        (["a/**", "!drafts/"], ["a/n1.py", "a/b/n2.md"]),
        (["!*.py"], ["n.md", "a/b/n2.md", "a/drafts/n4.md"]),
        (["a/", "!a/*.py", "b/"], ["a/b/n2.md", "b/n3.py", "a/drafts/n4.md"]),
        (["[z-a].py"], []),
        ([], []),
    ],
)
def test_patterns_fit(patterns, expected):
    assert [path for path in PATHS if fits(patterns, path)] == expected


@pytest.mark.parametrize("odd", ["[z-a].py", "[", "a]", "{a", "a}", "[]", "{}", "{a}"])
def test_what_is_no_pattern_means_itself(odd):
    assert matches(odd, odd)


@given(st.text("ab*?[]!^-{},/.\\&", max_size=12), st.text("ab-/.", max_size=8))
def test_no_pattern_is_an_error(pattern, path):
    matches(pattern, path)


def test_many_braces_take_no_time():
    assert not matches("{a,b}" * 40, "x")
