"""PDFs: whole, tagged, the same bytes every time."""

import base64
import re
import zlib

import pytest

from octavo import Cell, Document
from octavo.core.errors import FormatError, OptionError
from octavo.exporters import pdf
from octavo.exporters._exporter import Settings
from octavo.exporters._tables import find

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def export(*cells, metadata=None, **settings):
    (artifact,) = pdf.export(Document(cells, metadata), Settings(**settings))
    assert artifact.data.startswith(b"%PDF-")
    return artifact


def codes(artifact):
    return [notice.code for notice in artifact.notices]


def objects(data):
    """Return the PDF with its compressed parts readable."""
    parts = [data]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_it_is_tagged_and_accessible():
    artifact = export(Cell("markdown", "# Title\n\nWords, $x^2$ and ![a dot](a.png)."),
                      resource=lambda _path: base64.b64decode(PNG))  # fmt: skip
    inside = objects(artifact.data)
    assert b"/StructTreeRoot" in inside
    assert b"pdfuaid" in inside
    assert codes(artifact) == []


def test_a_picture_without_alternative_text_is_told():
    output = {"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}}
    artifact = export(Cell("code", "1", {}, [output]))
    assert codes(artifact) == ["OCT-E007"]
    assert b"pdfuaid" not in objects(artifact.data)


def test_a_damaged_picture_does_not_keep_the_rest_from_paper():
    broken = base64.b64encode(base64.b64decode(PNG)[:-20]).decode("ascii")
    outputs = [{"output_type": "display_data", "data": {"image/png": data}, "metadata": {}}
               for data in (broken, PNG)]  # fmt: skip
    artifact = export(Cell("markdown", "# Title"), Cell("code", "1", {"alt": "words"}, outputs))
    assert codes(artifact) == ["OCT-E003"]
    assert b"pdfuaid" in objects(artifact.data)


def test_pictures_that_html_names_are_on_paper():
    picture = base64.b64decode(PNG)
    artifact = export(Cell("markdown", "# T\n\n<p>\n<img src='a.png' alt='w'>\n</p>"),
                      Cell("markdown", "in a line <img src='a.png' alt='w'>"),
                      resource=lambda _path: picture)  # fmt: skip
    assert codes(artifact) == []
    assert objects(artifact.data).count(b"/S/Figure") == 2


def test_the_same_document_gives_the_same_bytes():
    cells = [Cell("markdown", "# A\n\n- b\n- c[^1]\n\n[^1]: note"), Cell("code", "x = 1")]
    assert export(*cells).data == export(*cells).data


EVERYTHING = r"""
(top)=
# Head *it* $a_1$

Text **b** ~~s~~ `code` [link](https://example.org) {ref}`top`, {sub}`2`, a[^n], again[^n]
hard\
break "quotes" #hash $ * _ @ < > \\ ` ~

> quote

1. one
2. two
   - [x] done
   - [ ] not

| a | b |
|:--|--:|
| 1 | 2 |

$$ \frac{1}{2} $$ (eq)

{eq}`eq` and $\foo$

```{note} Title
Body
```

```{figure} no.png
:name: fig
Caption
```

Term
: definition

::::{tab-set}
:::{tab-item} One
in
:::
::::

```python
print("x")
```

<b>html</b>

---

[^n]: the note
"""


def test_everything_that_prose_can_hold():
    artifact = export(
        Cell("markdown", EVERYTHING), metadata={"authors": ['Ä "B"'], "lang": "de-AT"}
    )
    assert sorted(codes(artifact)) == ["OCT-E003", "OCT-E006"]


@pytest.mark.parametrize(
    "forms",
    [
        {"text/plain": "x"},
        {"text/html": "<table><tr><th>a</th></tr><tr><td>1 &amp; 2</td></tr></table>"},
        {"text/html": "<p>words</p>"},
        {"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"},
        {"image/png": "no base64!", "text/plain": "fallback"},
        {"image/png": "AAAA"},
        {"text/latex": "$\\displaystyle x$"},
        {"text/latex": "\\begin{tabular}x\\end{tabular}"},
        {"text/markdown": "**b**"},
        {"application/json": {"a": 1}},
        {"application/x-unknown": "?"},
    ],
)  # fmt: skip
def test_every_kind_of_output(forms):
    output = {"output_type": "display_data", "data": forms, "metadata": {}}
    artifact = export(Cell("code", "1", {}, [output]))
    assert ("OCT-E005" in codes(artifact)) == ("application/x-unknown" in forms)


def test_streams_and_errors():
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "a\x1b[31mred\x1b[0m\0\ud800"},
        {"output_type": "stream", "name": "stderr", "text": "w" * 100_000},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t\x1b[0m"]},
    ]
    export(Cell("code", "1", {}, outputs))


def test_other_scripts_are_written_with_fonts_of_the_system():
    export(Cell("markdown", "# 日本語 🎈 العربية"))


def test_a_standard_that_is_not_kept_is_an_error():
    with pytest.raises(FormatError) as fault:
        export(Cell("markdown", "![](a.png)"), standard="ua-1",
               resource=lambda _path: base64.b64decode(PNG))  # fmt: skip
    assert fault.value.code == "OCT-E012"
    with pytest.raises(OptionError) as fault:
        export(standard="nonsense")
    assert fault.value.code == "OCT-E011"


def test_an_empty_document_has_a_page():
    export(stem="nothing")


def test_tables_are_found_in_html():
    table = find("<style>td{}</style><table><thead><tr><th></th><th colspan=2>A</th></tr></thead>"
                 "<tr><td>1<br>2</td></tr></table><table><tr><td>other</td></tr></table>")  # fmt: skip
    assert (table.rows, table.headers) == ([["", "A", ""], ["1 2", "", ""]], 1)
    assert find("<p>none</p>") is None
