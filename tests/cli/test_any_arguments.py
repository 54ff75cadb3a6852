"""Whatever is typed, the command ends with a code of its own and without a traceback."""

import contextlib
import io
import json
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.samples import NOTEBOOK, TEXT
from octavo.cli import main

WORDS = [
    "convert", "formats", "completion", "help", "a.ipynb", "a.py", "bad.ipynb", "missing.md", "*.py",
    "**/*.ipynb", "-", "--", ".", "out", "out/", "--to", "--from", "-t", "-o", "-r", "--update", "--force",
    "--check", "--dry-run", "--diff", "--json", "-q", "--color", "always", "auto", "auto:percent", "py",
    "py:percent", "py:hydrogen", "ipynb", "percent", "md:nothing", "--opt", "cell_metadata_filter=-all",
    "--cell-metadata-filter", "-all", "--no-comment-magics", "--update-metadata", "{}", "{", '{"a": null}',
    "--set-kernel", "--languages", "--options", "bash", "--help", "--versoin", "", "\u00e9 \n", "=", "--=", "-x",
]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("any")


@settings(max_examples=150)
@given(
    command=st.sampled_from(["convert", "convert", "convert", "formats", "completion", ""]),
    words=st.lists(st.sampled_from(WORDS), max_size=7),
)
def test_no_arguments_bring_us_down(place, command, words):
    (place / "a.ipynb").write_text(json.dumps(NOTEBOOK), "utf-8")
    (place / "a.py").write_text(TEXT, "utf-8")
    (place / "bad.ipynb").write_bytes(b"{")
    out, err = io.StringIO(), io.StringIO()
    given = io.TextIOWrapper(io.BytesIO(b"# %%\n1\n"), "utf-8")
    with (
        patch("sys.stdin", given),
        contextlib.chdir(place),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = main([*filter(None, [command]), *words])
    assert code in (0, 1, 2, 3, 4), (code, err.getvalue())
    assert "Traceback" not in err.getvalue()
    assert not list(place.rglob(".octavo-*"))
