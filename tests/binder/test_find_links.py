"""Links are found where they stand, and only they change."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binder.lint_fixtures import CLEAN, FAILING
from octavo.binder.find_links import places
from octavo.binder.lint import Finding, Verdict, lint_text
from octavo.core.errors import FormatError

URL = "https://mybinder.org/v2/gh/U/R/main?urlpath=lab/tree/a.ipynb"
HUB = "https://h.org/hub/user-redirect/git-pull?repo=https://h.org/R&branch=main"
ESCAPED = HUB.replace("&", "&amp;")
ALL = [*CLEAN, *(url for urls in FAILING.values() for url in urls)]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (f"[a]({URL})", "text", URL), (f'[a]({URL} "title")', "text", URL), (f"<{URL}>", "text", URL),
        (f"See {URL}.", "text", URL), (f"({URL}), and", "text", URL), (f"**{URL}**", "text", URL),
        (f"`x <{URL}>`_", "text", URL), (f".. |b| image:: x\n   :target: {URL}\n", "text", URL),
        (f"{URL}[Launch]", "text", URL), (f'image:x["B",link="{URL}"]', "text", URL), (f"[a]: {URL}\n", "text", URL),
        (f"[![b](https://mybinder.org/badge_logo.svg)]({URL})", "text", URL), (f"{URL}_(x).ipynb", "text", f"{URL}_(x).ipynb"),
        (f'<a href="{ESCAPED}">', "html", HUB), (f"<a href='{ESCAPED}'>", "text", HUB), (f"<a href={ESCAPED}>", "text", HUB),
        (f"<p>{ESCAPED}</p>", "html", HUB), (ESCAPED, "text", ESCAPED), (f'<a href="{HUB}">', "html", HUB),
        (f'window.open("{HUB}")', "text", HUB), (f"\u201c{URL}\n", "text", URL),
    ],
)  # fmt: skip
def test_link_is_found(text, kind, expected):
    assert [place.url for place in places(text, kind)] == [expected]


@pytest.mark.parametrize(
    "text", ["https://example.org/a?b", "https://registry.example/v2/library/x/tags", "https://mybinder.org",
             "https://mybinder.org/badge_logo.svg", "git-pull?repo=x", "https://github.com/U/R/git-pull"],
)  # fmt: skip
def test_other_addresses_are_no_launch_links(text):
    assert list(places(text, "text")) == []


def notebook(*sources, **extra):
    cells = [
        {
            "cell_type": "markdown",
            "metadata": {"x": URL},
            "attachments": {"a": {"b": URL}},
            "source": source,
        }
        for source in sources
    ]
    return {
        "metadata": {"url": URL},
        "cells": [*cells, {"cell_type": "code", "outputs": [URL], "source": []}],
        **extra,
    }


@pytest.mark.parametrize("indent", [None, 1, 4])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_only_sources_of_cells_change(indent, ascii_only):
    before = notebook(
        f'é "q" \\ {URL}\n', [f"🎈\t{URL} {URL}\n", "x", f'<a href="{ESCAPED}">'], [], ""
    )
    text = json.dumps(before, indent=indent, ensure_ascii=ascii_only)
    findings, after = lint_text(
        text, "notebook", lambda url: Verdict([Finding("L1", "x")], url.upper())
    )
    assert len(findings) == 4
    upper = notebook(
        f'é "q" \\ {URL.upper()}\n',
        [f"🎈\t{URL.upper()} {URL.upper()}\n", "x", f'<a href="{HUB.upper().replace("&", "&amp;")}">'], [], "",
    )  # fmt: skip
    assert after == json.dumps(upper, indent=indent, ensure_ascii=ascii_only)
    lines = text.split("\n")
    for finding in findings:
        assert lines[finding.span.line - 1][finding.span.column - 1 :].startswith("https://")


def test_escaped_ampersands_in_json_are_links_too():
    text = json.dumps(notebook(HUB)).replace("&", "\\u0026")
    assert [place.url for place in places(text, "notebook")] == [HUB]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"cells": [', '{"cells": {}}', '{"cells": [1, {"source": 5}]}', "null"]
)
def test_odd_notebooks_end_with_an_error_or_without_links(text):
    with contextlib.suppress(FormatError):
        assert list(places(text, "notebook")) == []


@given(
    st.lists(st.sampled_from(ALL) | st.text(max_size=20), max_size=6),
    st.sampled_from(["text", "html"]),
)
def test_what_is_repaired_stays_and_the_rest_is_untouched(parts, kind):
    text = " \n".join(parts)
    _, fixed = lint_text(text, kind)
    findings, again = lint_text(fixed, kind)
    assert again == fixed
    assert not [finding for finding in findings if finding.fixable]


@given(st.lists(st.sampled_from(ALL) | st.text(max_size=20), max_size=6))
def test_notebooks_are_repaired_as_texts_are(parts):
    text = json.dumps(notebook(*parts))
    _, fixed = lint_text(text, "notebook")
    sources = [cell["source"] for cell in json.loads(fixed)["cells"][:-1]]
    assert sources == [lint_text(part, "text")[1] for part in parts]
