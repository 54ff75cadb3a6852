"""Whatever is typed after `octavo binder`, it ends with a code of its own, without a traceback."""

import contextlib
import io
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binder.lint_fixtures import FAILING
from octavo.cli import main

LINK = FAILING["L1"][0]
WORDS = [
    "U/R", "a.ipynb", "b/../c", "-", "--", "", ".", "x.md", "missing.md", LINK, LINK[:60], "https://h.org",
    "--environment", "gh:U/R", "gl:a/b", "zenodo:10.5281/zenodo.1", "10.1000/x", "git:https://h.org/r", "ext::sh",
    "--environment-ref", "main", "-x", "a b", "--content", "https://h.org/r.git", "--branch", "--hub", "h.org",
    "https://h.org/b/", "--kind", "jupyterhub", "lti", "server", "binder", "--server", "n", "--app", "lab", "retro",
    "rstudio", "voila", "--urlpath", "proxy/1/", "--target-path", "../t", "--parent-path", "courses", "--depth", "0",
    "many", "--backup", "--badge", "html", "rst", "nothing", "--qr", "x.svg", "x.gif", "--dry-run", "--json", "--fix",
    "--diff", "--rename", "master=main", "master", "--rules", "--help", "--=", "\u00e9\n", "\udcff",
]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("any")


@settings(max_examples=200)
@given(
    command=st.sampled_from(["link", "link", "explain", "lint", "lint", "", "nothing"]),
    words=st.lists(st.sampled_from(WORDS), max_size=8),
)
def test_no_arguments_bring_us_down(place, command, words):
    (place / "x.md").write_text(f"[a]({LINK})\n", "utf-8")
    out, err = io.StringIO(), io.StringIO()
    stdin = io.TextIOWrapper(io.BytesIO(f"{LINK}\na.ipynb\n".encode()), "utf-8")
    with (
        patch("sys.stdin", stdin),
        contextlib.chdir(place),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main(["binder", *filter(None, [command]), *words])
    assert code in (0, 1, 2, 3, 4), (code, err.getvalue())
    assert "Traceback" not in err.getvalue()
    assert not list(place.rglob(".octavo-*"))
