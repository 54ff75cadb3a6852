"""Whatever stands in a notebook, at any place: no page gets a script of it, and none crashes."""

import copy
import io
import json
import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import octavo
from octavo.exporters import _index
from octavo.exporters._exporter import Settings
from support import every_output, every_prose, widget_states

#: Each would become an element <evil>, an attribute onevil or a script somewhere.
ATTACKS = (
    '"><evil a="', "'><evil>", "<evil>", '" onevil="1', "' onevil='1", '" onevil=1 ', "]]><evil>",
    "--><evil>", "</script><evil>", "</style><evil>", "</textarea><evil>", "</title><evil>",
    "</svg><evil>", "</math><evil>", "</iframe><evil>", "&quot; onevil=1", "`<evil>", "$<evil>$",
    '\\"><evil>', "javascript:evil()", "](javascript:evil())", "<img src=x onevil=1>",
    '<a href="javascript:evil()">x</a>', "<svg onevil=1>",
)  # fmt: skip
ODD = (
    "\ud800",
    "\udfff",
    "\0",
    "\x1b",
    "\x7f",
    "\x85",
    "\u2028",
    "\ufffe",
    "\ufeff",
    "\r",
    "\u202e",
)
#: What makes a notebook a notebook stays.
FIXED = {"cells", "metadata", "cell_type", "source", "outputs", "output_type", "data"}


def notebooks():
    """Return small notebooks, which together hold everything."""
    output = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31mred"]}
    source = "#| label: fig-a\n#| fig-cap: cap *x*\n#| fig-alt: alt\n#| code-summary: s\nprint(1)"
    prose = [
        {"cell_type": "markdown", "id": "m", "source": every_prose.TEXT,
         "metadata": {"tags": ["t"], "slideshow": {"slide_type": "slide"}}},
        {"cell_type": "code", "id": "c", "metadata": {"tags": ["hide-input"]}, "source": source,
         "execution_count": 1, "outputs": [output]},
        {"cell_type": "raw", "id": "r", "metadata": {"raw_mimetype": "text/html"}, "source": "<b>"},
    ]  # fmt: skip
    spec = {"name": "python3", "display_name": "P", "language": "python"}
    facts = {"kernelspec": spec, "language_info": {"name": "python"}, "title": "T",
             "authors": [{"name": "A"}]}  # fmt: skip
    made = [{"cells": prose, "metadata": facts, "nbformat": 4, "nbformat_minor": 5}]
    for document in (every_output.notebook(), widget_states.notebook()):
        whole = json.loads(octavo.writes(document, "ipynb"))
        made += [{**whole, "cells": [one]} for one in whole["cells"]]
    return made


NOTEBOOKS = notebooks()


def places(value, path=()):
    """Yield the way to each text and, as a list, to each name in a notebook."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in FIXED:
                yield [*path, name]
            if not (isinstance(one, str) and name in ("cell_type", "output_type")):
                yield from places(one, (*path, name))
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from places(one, (*path, n))
    elif isinstance(value, str):
        yield path


PLACES = [list(places(one)) for one in NOTEBOOKS]


@st.composite
def spoilt(draw, words):
    """Return a notebook with *words* at one to three places."""
    number = draw(st.integers(0, len(NOTEBOOKS) - 1) | st.just(0))
    made = copy.deepcopy(NOTEBOOKS[number])
    for way in draw(st.lists(st.sampled_from(PLACES[number]), min_size=1, max_size=3)):
        holder = made
        for step in way[:-1]:
            holder = holder.get(step, {}) if isinstance(holder, dict) else holder[step]
        if not isinstance(holder, list) and way[-1] not in holder:
            continue  # a name on the way was spoilt before
        old = way[-1] if isinstance(way, list) else holder[way[-1]]
        at = draw(st.integers(0, len(old)) | st.sampled_from([0, len(old)]))
        new = old[:at] + draw(words) + old[at:]
        if isinstance(way, list):
            holder[new] = holder.pop(old)
        else:
            holder[way[-1]] = new
    return octavo.reads(json.dumps(made), "ipynb")


class Watch(HTMLParser):
    """Collects what no page may hold."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            starts = (value or "").strip().lower()
            if "evil" in name or starts.startswith(("javascript:", "vbscript:")):
                self.found.append((tag, attrs))
            elif name == "srcdoc":
                self.feed_inner(value)
        if "evil" in tag:
            self.found.append((tag, attrs))

    handle_startendtag = handle_starttag

    def feed_inner(self, text):
        inner = Watch()
        inner.feed(text or "")
        self.found += inner.found


def foreign(data, to):
    """Return what got into an artifact that no author of a page would write."""
    if to in ("html", "slides"):
        watch = Watch()
        watch.feed(data.decode("utf-8"))
        return watch.found
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".xhtml", ".opf", ".rels", ".svg")):
                for node in ET.fromstring(package.read(name)).iter():
                    found += [(name, it) for it in (node.tag, *node.attrib) if "evil" in it]
    return found


def artifacts(document, to):
    return _index.get(to).export(document, Settings("s", library=lambda name: f"/* {name} */"))


@pytest.mark.parametrize("to", ["html", "slides", "epub", "docx"])
@given(document=spoilt(st.sampled_from(ATTACKS)))
def test_nothing_becomes_a_script(to, document):
    for artifact in artifacts(document, to):
        assert foreign(artifact.data, to) == []


@pytest.mark.parametrize("to", ["html", "slides", "epub", "docx", "pdf"])
@given(document=spoilt(st.sampled_from(ODD)))
def test_no_sign_stops_an_export(to, document):
    for artifact in artifacts(document, to):
        assert to == "pdf" or foreign(artifact.data, to) == []


@given(spoilt(st.sampled_from(ATTACKS + ODD)), spoilt(st.sampled_from(ODD)))
def test_nothing_becomes_a_script_of_a_site(one, two):
    entries = [("index", one, Settings("index")), ("more/a", two, Settings("a"))]
    for artifact in _index.get("site").export_many(entries, Settings("s")):
        if artifact.path.endswith(".html"):
            assert foreign(artifact.data, "html") == []


@pytest.mark.parametrize("name", ['x" onevil="1', "other", '"><evil>'])
def test_a_stream_has_no_name_of_its_own(name):
    stream = {"output_type": "stream", "name": name, "text": "words"}
    document = octavo.Document([octavo.Cell("code", "1", {}, [stream])])
    (page,) = artifacts(document, "html")
    assert b'<pre class="output stream other" tabindex="0">words</pre>' in page.data


BLOCKS = {
    "directives": "\n".join("`" * (503 - n) + "{note}" for n in range(500)) + "\ninnermost\n",
    "containers": "\n".join(":" * (303 - n) + " {.a}" for n in range(300)) + "\ninnermost\n",
    "quotes": ">" * 2000 + " innermost",
    "lists": "".join("  " * n + f"- item {n}.\n" for n in range(300)) + "  " * 300 + "innermost\n",
    "quoted lists": "".join("> " * n + "- x\n" + "> " * n + "  " for n in range(90)) + "innermost",
}
INLINES = {
    "roles": "".join("{sub}" + "`" * (200 - n) + " " for n in range(199)) + "innermost",
    "braces": "$" + "{" * 5000 + "innermost" + "}" * 5000 + "$",
    "accents": "$" + "\\hat " * 5000 + "{innermost}$",
    "links": "[" * 2000 + "innermost" + "](y)" * 2000,
}
DEEP = {**BLOCKS, **INLINES}


@pytest.mark.parametrize("to", ["html", "slides", "epub", "docx"])
@pytest.mark.parametrize("name", DEEP)
def test_depth_hides_nothing(to, name):
    assert "innermost" in words(DEEP[name], to)


@pytest.mark.parametrize("name", BLOCKS)
def test_depth_hides_nothing_on_paper(name):
    needs_pdftotext()
    assert "innermost" in words(BLOCKS[name], "pdf")


@pytest.mark.parametrize("name", INLINES)
def test_depth_stops_no_paper(name):
    document = octavo.Document([octavo.Cell("markdown", INLINES[name])])
    (made,) = artifacts(document, "pdf")
    assert made.data.startswith(b"%PDF")


@pytest.mark.parametrize("space", ["", " "])
@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "`{}`",
        "```python\nx = '{}'\n```",
        "[{}](http://a.b/)",
        "| a | b |\n|---|---|\n| c | `{}` |",
    ],
)
def test_long_words_do_not_run_off_the_paper(text, space):
    needs_pdftotext()
    word = space.join(f".{n}x" for n in range(60))
    found = words(text.replace("{}", word), "pdf", "-bbox")
    edges = [float(edge) for edge in re.findall(r'xMax="([0-9.]+)"', found)]
    assert 400 < max(edges) < 595 - 60  # points, of A4 without its margin


def needs_pdftotext():
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (poppler-utils)")


def words(text, to, *flags):
    """Return the text of an artifact of a Markdown text."""
    (made,) = artifacts(octavo.Document([octavo.Cell("markdown", text)]), to)
    return text_of(made, to, *flags)


def text_of(made, to, *flags):
    """Return the text of an artifact."""
    if to == "pdf":
        command = ["pdftotext", "-q", *flags, "-", "-"]
        return subprocess.run(
            command, input=made.data, capture_output=True, check=True
        ).stdout.decode()
    if to in ("html", "slides"):
        return made.data.decode()
    with zipfile.ZipFile(io.BytesIO(made.data)) as package:
        return " ".join(
            package.read(name).decode("utf-8", "replace") for name in package.namelist()
        )


LONG = {
    "text/markdown": "para *em* `code`\n\n" * 100_000,
    "text/latex": "$" + "x + " * 200_000 + "y$",
    "application/json": ["word"] * 200_000,
    "text/plain": "a line\n" * 200_000,
}


@pytest.mark.parametrize("to", ["html", "slides", "epub", "docx", "pdf"])
@pytest.mark.parametrize("mime", LONG)
def test_an_output_of_any_length_is_shown_in_part(to, mime):
    output = {"output_type": "display_data", "data": {mime: LONG[mime]}, "metadata": {}}
    (made,) = artifacts(octavo.Document([octavo.Cell("code", "1", {}, [output])]), to)
    assert len(made.data) < 4_000_000
    if to in ("html", "docx"):
        assert re.search(r"\[\.\.\. [0-9,]+ more (characters|lines)\]", text_of(made, to))
