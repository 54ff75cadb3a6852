"""Pages of HTML: valid, safe, whole."""

import html as entities
import re
import time
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo import Cell, Document
from octavo.core import languages
from octavo.exporters import _html_images, _safe, html
from octavo.exporters._exporter import Settings
from octavo.exporters._highlight import highlight
from support import every_output

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def page(*cells, **settings):
    (artifact,) = html.export(Document(cells), Settings(**settings))
    return artifact.data.decode("utf-8")


def body(*cells, **settings):
    text = page(*cells, **settings)
    return text[text.index('<main id="content">') + 19 : text.index("</main>")].strip()


def prose(text):
    return body(Cell("markdown", text))


def shown(**forms):
    mime = {name.replace("__", "/").replace("_", "+"): data for name, data in forms.items()}
    output = {"output_type": "display_data", "data": mime, "metadata": {}}
    return body(Cell("code", "1", {"tags": ["remove-input"]}, [output]))


def assert_valid(text):
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(text)


def test_the_page_is_valid_and_names_its_language():
    text = page(Cell("markdown", "# A & B\n\n$x<y$"), Cell("code", "a < b"), language="de")
    assert_valid(text)
    assert '<html lang="de">' in text
    assert "<title>A &amp; B</title>" in text


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("a *b* **c** ~~d~~ `e`", "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e</code></p>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("- [x] a", '<ul class="tasks">\n<li><input type="checkbox" disabled checked aria-label="done"> a</li>\n</ul>'),
        ("[a](b.md 'c')", '<p><a href="b.md" title="c">a</a></p>'),
        ("[a](javascript:x)", "<p>[a](javascript:x)</p>"),
        ("<script>alert(1)</script>", ""),
        ('a <b onclick="x">b</b>', "<p>a <b>b</b></p>"),
    ],
)  # fmt: skip
def test_prose(source, made):
    assert prose(source).removeprefix('<h1 class="page-title">document</h1>').strip() == made


def test_formulas_in_lines_are_tables():
    text = prose("$$\\begin{aligned}[t]a&=b\\\\c&=d\\end{aligned}$$")
    assert text.count("<mtr>") == 2
    assert text.count('<mtd columnalign="left">') == 2
    text = prose("\\begin{alignat*}{2}\na&=b\\\\\nc&=d\n\\end{alignat*}")
    assert text.count("<mtr>") == 2
    text = prose("\\begin{gather}\na\\\\\nc\n\\end{gather}")
    assert text.count('<mtd columnalign="center">') == 2


def test_foreign_pictures_have_an_address_and_an_alternative_text():
    picture = f'<img src="data:image/png;base64,{PNG}"'
    assert f'<img alt="" src="data:image/png;base64,{PNG}">' in shown(
        text__html=f"<p>{picture}></p>"
    )
    assert 'alt="x"' in shown(text__html=f'<p>{picture} alt="x"></p>')
    assert "<img" not in shown(text__html='<p>words<img src="https://example.org/a.png"></p>')


def test_a_damaged_picture_leaves_no_hole():
    assert "a plot" in shown(image__png="no base64!", text__plain="a plot")
    assert "[a damaged picture]" in shown(image__png="")


def test_colours_of_terminals_can_be_read_on_light_and_dark():
    stream = {
        "output_type": "stream",
        "name": "stdout",
        "text": "\x1b[38;5;226mY\x1b[0m\x1b[38;2;0;0;20mB\x1b[0m\x1b[38;5;226;48;5;16mZ",
    }
    text = body(Cell("code", "1", {}, [stream]))
    yellow, blue = re.findall(r"light-dark\((#\w+),(#\w+)\)", text)
    assert yellow[1] == "#ffff00"
    assert yellow[0] != yellow[1]
    assert blue[0] == "#000014"
    assert "color:#ffff00;background:#000000" in text


def test_footnotes_link_both_ways():
    text = prose("a[^n] b[^n]\n\n[^n]: why")
    assert 'id="fnref-1" href="#fn-1"' in text
    assert 'id="fnref-1-2" href="#fn-1"' in text
    assert 'href="#fnref-1"' in text
    assert 'href="#fnref-1-2"' in text


def test_formulas_are_mathml_without_any_script():
    text = prose("$$ x^2 $$ (law)\n\n{eq}`law`")
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"' in text
    assert '<span class="equation-number">(1)</span>' in text
    assert '<a class="reference" href="#law">(1)</a>' in text


def test_a_missing_image_is_told_in_its_place():
    (artifact,) = html.export(Document([Cell("markdown", "![Alt](no.png)")]), Settings())
    assert "[no such image: no.png: Alt]" in artifact.data.decode()
    assert [notice.code for notice in artifact.notices] == ["OCT-E003"]


def test_an_image_stands_in_the_page():
    text = body(Cell("markdown", '![A "b"](a%20b.png)'), resource=lambda path: b"\x89PNG\r\n\x1a\n" + path.encode())  # fmt: skip
    assert '<img src="data:image/png;base64,iVBORw0KGgphIGIucG5n" alt="A &quot;b&quot;">' in text


def test_nothing_is_fetched():
    (artifact,) = html.export(
        Document([Cell("markdown", "![x](https://example.org/a.png)")]), Settings()
    )
    assert b'src="http' not in artifact.data
    assert [notice.code for notice in artifact.notices] == ["OCT-E002"]


def test_outputs_are_shown_in_their_best_form():
    assert 'src="data:image/png;base64,' in shown(image__png=PNG, text__plain="<Figure>")
    assert "<td>1</td>" in shown(text__html="<table><tr><td>1</td></tr></table>", text__plain="x")
    assert "<strong>b</strong>" in shown(text__markdown="**b**")
    assert "<math" in shown(text__latex="$\\displaystyle x^{2}$")
    assert 'class="output result"' in shown(text__plain="x")


def test_html_that_runs_code_is_cleaned_or_replaced():
    text = shown(text__html="<script>go()</script><div id='x'></div>", text__plain="a plot")
    assert "go()" not in text
    assert "a plot" in text
    text = shown(text__html='<img src="https://x.org/a.png" onerror="x()"><b>kept</b>')
    assert 'src="https' not in text
    assert "[a remote image is not fetched: https://x.org/a.png]" in text
    assert "onerror" not in text
    assert "<b>kept</b>" in text


def test_an_output_of_an_unknown_kind_leaves_no_hole():
    assert "cannot show: application/x" in shown(application__x="data")


def test_terminal_colours_and_progress_bars():
    stream = {
        "output_type": "stream",
        "name": "stdout",
        "text": "10%\r100%\n\x1b[1;31mred\x1b[0m <b>",
    }
    text = body(Cell("code", "1", {}, [stream]))
    assert '100%\n<span class="ansi-bold ansi-red">red</span> &lt;b&gt;</pre>' in text


@given(st.text("<>&\"'`*_[]()!#$\\{}:-=\n a1\x00\x1b\ud800", max_size=50))
def test_every_prose_gives_a_valid_page(source):
    source = source.encode("utf-8", "replace").decode()
    assert_valid(page(Cell("markdown", source), Cell("code", source)))


def test_a_link_to_a_label_gets_its_title():
    text = prose("(here)=\n## A *title*\n\n[](#here) and [words](#here)")
    assert '<a class="reference" href="#here">A title</a>' in text
    assert '<a href="#here">words</a>' in text


def test_authors_stand_below_the_title():
    head = Cell("raw", "---\nauthor: Ada\ndate: 2026-11-28\n---")
    text = body(head, Cell("markdown", "# Title\n\nText."))
    assert text.index("</h1>") < text.index('<p class="byline">Ada · 2026-11-28</p>')
    assert text.index("byline") < text.index("Text.")


def test_the_way_back_stands_in_the_footnote():
    assert re.search(r"<p>why <a [^>]*>↩</a></p>", prose("a[^n]\n\n[^n]: why"))


def test_outputs_can_have_tabs():
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "a"},
        {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}},
        {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}},
        {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {"title": "Mine"}},
    ]
    text = body(Cell("code", "1", {"tags": ["tab-output"]}, outputs))
    assert re.findall("<summary>(.*?)</summary>", text) == [
        "Printed", "Picture 1", "Picture 2", "Mine",
    ]  # fmt: skip
    assert "<summary>" not in body(Cell("code", "1", {}, outputs))
    assert "<summary>" not in body(Cell("code", "1", {"tags": ["tab-output"]}, outputs[:1]))


def test_tabs_of_quarto():
    text = prose("::: {.panel-tabset}\nbefore\n\n## One\n\na\n\n### In it\n\n## Two\n\nb\n:::")
    assert re.findall("<summary>(.*?)</summary>", text) == ["", "One", "Two"]
    assert "<h3" in text


@pytest.mark.parametrize("language", languages.LANGUAGES, ids=lambda language: language.name)
def test_code_of_every_language_has_colours(language):
    if language.lexer == "text":
        pytest.skip("no lexer knows this language: it is shown without colours")
    for spelling in (language.name, *language.aliases):
        text = body(Cell("markdown", f"```{spelling.replace(' ', '-')}\nx\n```"))
        assert '<div class="code">' in text
        assert "<span" in highlight('if (x == "a") { return 1; } // 2', spelling)


PLOT = {
    "application/vnd.plotly.v1+json": {"data": [], "layout": {"title": {"text": "A </b> 'c'"}}},
    "text/plain": "a plot",
}


def live(forms, **settings):
    output = {"output_type": "display_data", "data": forms, "metadata": {}}
    return page(Cell("code", "1", {}, [output, output]), **settings)


def test_a_plot_runs_in_a_frame_where_its_library_is_at_hand():
    text = live(PLOT, library=lambda name: f"/* {name} </script> */")
    assert_valid(text)
    assert text.count('<iframe class="output live" sandbox="allow-scripts"') == 2
    assert text.count('data-library="plotly">') == 1
    assert "/* plotly \\u003c/script> */" in text
    assert "frame-src 'none'" in text
    assert "title=\"A &lt;/b&gt; 'c'\"" in text


def test_a_plot_without_its_library_is_shown_in_another_form():
    text = live(PLOT)
    assert "<iframe" not in text
    assert "Content-Security-Policy" not in text
    assert "<strong>A &lt;/b&gt; 'c'</strong> Chart." in text


@pytest.mark.parametrize(
    ("forms", "library", "drawn"),
    [
        ({"application/vnd.vegalite.v5+json": {"mark": "bar"}}, "vega", "vegaEmbed("),
        ({"application/vnd.vega.v5+json": '{"marks": []}'}, "vega", '"mode":"vega"'),
        (
            {"application/vnd.bokehjs_exec.v0+json": "", "application/javascript": "draw()",
             "text/html": "<div id='b'></div>"}, "bokeh", 'octavoRun("draw()")',
        ),
    ],
)  # fmt: skip
def test_libraries_that_draw(forms, library, drawn):
    asked = []
    text = live(forms, library=lambda name: asked.append(name) or "x")
    assert set(asked) == {library}
    assert drawn in entities.unescape(text)


@pytest.mark.parametrize("data", [None, [], "", "{", "[1]", 3])
def test_odd_plots_do_no_harm(data):
    text = live(
        {"application/vnd.plotly.v1+json": data, "text/plain": "a plot"}, library=lambda _: "x"
    )
    assert "a plot" in text
    assert "<iframe" not in text


def test_what_only_loads_a_library_shows_nothing():
    assert "<iframe" not in live({"application/vnd.bokehjs_load.v0+json": "", "text/html": "x"})
    assert 'class="outputs"' not in live({"application/vnd.bokehjs_load.v0+json": ""})


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ('a <img src="a.png" width=30 alt="x"> b', r'<p>a <img src="data:[^"]*" alt="x" width="30"> b</p>'),
        ('<p align="center">\n<IMG width="50%" src=a.png>\n</p>', r'<p>\n<img[^>]* style="width:50%"[^>]*>\n</p>'),
        ('<img src="a.png" onerror="x()" alt="">', r'<img src="data:[^"]*" alt="">'),
        ("<div><img src='gone.png' alt='w'></div>", r'<div><span class="missing">\[no such image: gone.png: w\]'),
        ("<img src='https://x.org/a.png'>", r"\[a remote image is not fetched: https://x.org/a.png\]"),
    ],
)  # fmt: skip
def test_pictures_that_html_names_are_in_the_page(text, made):
    picture = every_output.png()
    found = body(Cell("markdown", text), resource=lambda path: picture if path == "a.png" else None)
    assert re.search(made, found), found


def test_pictures_that_html_of_an_output_names_are_in_the_page():
    output = every_output.data(text__html="<b>b</b><img src='a.png'>", text__plain="<HTML>")
    text = body(Cell("code", "1", {}, [output]), resource=lambda _path: every_output.png())
    assert '<img src="data:image/png' in text


def test_attachments_that_html_names_are_in_the_page():
    cell = Cell("markdown", "<img src='attachment:a.png'>", attachments={"a.png": {"image/png": PNG}})  # fmt: skip
    assert '<img src="data:image/png' in body(cell)


@pytest.mark.parametrize(
    ("html", "made"),
    [
        ('<iframe width="9" src="https://a.example/b?c=d&amp;e" allowfullscreen></iframe>',
         '<a href="https://a.example/b?c=d&amp;e">https://a.example/b?c=d&amp;e</a>'),
        ("<iframe srcdoc=\"<b>x</b>\" data-x='>'></iframe>", "[an embedded page is not shown]"),
    ],
)  # fmt: skip
def test_an_embedded_page_is_a_link(html, made):
    assert made in shown(text__html=html, text__plain="<IFrame>")
    assert made in prose(html)


@pytest.mark.parametrize(
    "start", ["<img ", "<iframe ", "<img \"'", "<iframe src='", "<iframe>", "<h1>"]
)
def test_odd_tags_are_read_in_linear_time(start):
    counts = []
    for times in (5_000, 10_000):
        text = start * times
        begun = time.process_time()
        _safe.output(_html_images.with_images(text, _html_images.images_in(text), str))
        counts.append(time.process_time() - begun)
    assert counts[1] < max(0.2, 3.5 * counts[0])


def test_a_map_of_folium_leaves_no_room_behind():
    html = (
        '<div style="width:100%;"><div style="height:0;padding-bottom:60%;"><span style="color:#565656">'
        'Make this Notebook Trusted to load map: File -> Trust Notebook</span><iframe srcdoc="&lt;p&gt;"></iframe>'
        "</div></div>"
    )  # fmt: skip
    text = shown(text__html=html, text__plain="<folium.Map>")
    assert "[an embedded page is not shown]" in text
    assert "Trusted" not in text
    assert "padding-bottom" not in text


def test_html_that_shows_nothing_gives_way_to_words():
    assert "3/10" in shown(
        text__html="<progress max=10 value=3></progress>", text__plain="[#] 3/10"
    )


def test_latex_that_is_no_formula_gives_way():
    verbatim = "\\begin{Verbatim}\nx=1\n\\end{Verbatim}"
    assert "Verbatim" not in shown(text__latex=verbatim, text__plain="x=1")
    assert "<math" in shown(text__latex="\\begin{align*}x&=1\\end{align*}", text__plain="x=1")


def test_html_that_shows_nothing_leaves_no_empty_box():
    assert "output" not in shown(text__html="<style>p {color: red}</style>", text__plain="<HTML>")


@pytest.mark.parametrize("width", [float("nan"), float("inf"), -3, True, "9", None, 1e30])
def test_odd_sizes_of_pictures_do_no_harm(width):
    output = {"output_type": "display_data", "data": {"image/png": PNG},
              "metadata": {"image/png": {"width": width, "height": 20}}}  # fmt: skip
    assert_valid(page(Cell("code", "1", {}, [output])))


def test_every_variable_of_themes_is_documented():
    style = (Path(html.__file__).parent / "assets/page.css").read_text("utf-8")
    root = style[style.index(":root {") : style.index("}")]
    docs = (Path(__file__).parents[2] / "docs/pages.md").read_text("utf-8")
    table = docs[docs.index("| Variable |") :]
    table = table[: table.index("\n\n")]
    assert sorted(re.findall(r"(--[\w-]+):", root)) == sorted(re.findall(r"`(--[\w-]+)`", table))


def test_a_theme_is_added_after_ours():
    text = page(Cell("markdown", "# A"), css=":root { --accent: red }</style><b>")
    assert text.index("--accent: light-dark") < text.index("--accent: red")
    assert "</style><b>" not in text


def test_odd_signs_in_html_do_no_harm():
    assert "a\ufffd" in prose("<p>a\ud800</p>")
    assert "a\ufffd" in shown(text__html="<p>a\ud800</p>")
