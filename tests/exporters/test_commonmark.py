"""Prose becomes the HTML that CommonMark asks for: compared with the renderer of markdown-it.

Not compared is what differs on purpose: foreign HTML is cleaned, images are put into the page,
links with schemes that are not known to be harmless lead nowhere.
"""

import html5lib
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from octavo.exporters import _markdown, _safe
from octavo.exporters._exporter import Settings
from octavo.exporters._html_blocks import Blocks
from octavo.exporters._page import Page

ORACLE = MarkdownIt("commonmark")
NAMESPACE = "{http://www.w3.org/1999/xhtml}"
KEPT = ("href", "title", "start")
INLINE_TAGS = ("", "a", "br", "code", "em", "strong")


def ours(text):
    """Return the HTML of a text in plain CommonMark."""
    return Blocks(Page(), Settings()).many(_markdown.parse(text, extended=False))


def shape(html):
    """Return the elements and texts of HTML without ids, classes and what only Octavo adds."""
    found = []
    walk(html5lib.parseFragment(html, treebuilder="etree"), found, is_code=False)
    tokens = [stripped(found, n) for n in range(len(found))]
    return [token for token in tokens if token not in (("", ""), ("code text", ""))]


def stripped(found, n):
    """Return a token; a text without the white space that stands beside a block."""
    kind, text = found[n]
    if kind == "code text":
        return kind, text.rstrip("\n")
    if kind != "":
        return found[n]
    if is_block(found, n - 1):
        text = text.lstrip()
    return ("", text.rstrip() if is_block(found, n + 1) else text)


def is_block(found, n):
    return not 0 <= n < len(found) or found[n][0].removeprefix("/") not in INLINE_TAGS


def walk(element, found, *, is_code):
    add(found, element.text, is_code=is_code)
    for child in element:
        name = child.tag.removeprefix(NAMESPACE)
        if child.get("class") != "permalink":
            opens = name not in ("div", "span") and not (name == "a" and is_dead(child))
            if opens:
                found.append((name, {key: child.get(key) for key in KEPT if child.get(key)}))
            walk(child, found, is_code=is_code or name == "pre")
            if opens:
                found.append((f"/{name}", {}))
        add(found, child.tail, is_code=is_code)


def add(found, text, *, is_code):
    """Add a text, to the one before if there is one."""
    kind = "code text" if is_code else ""
    if text and found and found[-1][0] == kind:
        found[-1] = (kind, found[-1][1] + text)
    elif text:
        found.append((kind, text))


def is_dead(link):
    return not _safe.is_address(link.get("href", ""))


def is_comparable(text):
    tokens = [t for token in ORACLE.parse(text) for t in (token, *(token.children or ()))]
    return not any(token.type in ("html_block", "html_inline", "image") for token in tokens)


EXAMPLES = {
    "tabs are four columns": "\tcode\n\n- a\n\n\tb\n\n>\t\tc",
    "escapes": "\\*no\\* \\# \\\\ \\a \\\nnext `\\*`",
    "entities": "&amp; &copy; &#35; &#x22; &nosuch; &#0;",
    "a list goes before a code span": "- `one\n- two`",
    "rules": "***\n---\n___\n+++\n_ _ _ _\n - - -",
    "headings": "# a\n## b ##\n####### no\n#no\n   ### c \\#\nd\n===\ne\nf\n---",
    "indented code": "    a\n\n      b\n\nc\n    d",
    "fences": "```` x y\n```\na\n````\n~~~\nb\n  ~~~\n```\nnever closed",
    "reference links": "[a] [b][A] [c][] [d]\n\n[a]: /x 'y'\n[A]: /z\n[c]: <u v> \"w\"",
    "lazy quotes": "> a\nb\n> - c\nd\n\n> e\n\n> f",
    "lists": "- a\n- b\n\n  c\n+ d\n\n3) e\n4) f\n\n    g\n1. h",
    "tight and loose": "- a\n- b\n- c\n\nx\n\n- a\n\n- b",
    "nested lists": "- a\n  - b\n    - c\n\n      d\n- e\n 1. f\n    1. g",
    "empty items": "-\n  a\n-\n\n-\n- b\n*",
    "code spans": "`` a`b `` ` `` ` `a  b\nc` `x",
    "emphasis": "*a **b** c* **a*b*c** ***d*** _e_f_ __g__h *(*i*)* **j*k",
    "links": "[a](b 'c') [d](<e f> \"g\") [h](i(j)k) [l](m\\)n) [*o*](p) [q](r",
    "autolinks": "<https://a.b/c?d=e&f> <me@example.org> <x:y> < no>",
    "hard breaks": "a  \nb\\\nc   \n\nd\\",
    "soft breaks": "a \n b\n\tc",
    "odd signs": "ﬁ 日本 \u00a0 e\u0301 \ufeff",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_constructs_of_the_specification(name):
    text = EXAMPLES[name]
    assert shape(ours(text)) == shape(ORACLE.render(text))


LINES = st.sampled_from(
    ["", "a", "# h", "===", "---", "- a", "-", "1. b", "7) c", "  - d", "    e", "> q", ">", "> - r",
     "```", "``` py", "~~~", "* * *", "[a]: /u 't'", "[a]", "[b](c)", "*x*", "**y", "`z`", "w  ",
     "v\\", "\tt", "&amp;", "<https://e.org>", "> ```", "- # h", "10. > k", "***m**n*", "[*b*][a]"]
)  # fmt: skip
INLINE = st.text("*_`[]()<>!\\&;#~ \na1\"'", max_size=25)


@settings(max_examples=300)
@given(st.one_of(st.lists(LINES, max_size=9).map("\n".join), INLINE))
def test_any_text_is_rendered_as_by_the_reference(text):
    assume(is_comparable(text))
    assert shape(ours(text)) == shape(ORACLE.render(text))
