"""Every label leads somewhere, in every target: links into nowhere are worse than words."""

import io
import re
import zipfile

import pytest

from octavo import Cell, Document
from octavo.exporters import _index
from octavo.exporters._exporter import Settings

#: What can be labelled, each with its labels.
BLOCKS = {
    "heading": ("(L)=\n# Head", "L"),
    "two labels": ("(L)=\n(M)=\n## Head {#N}", "L M N"),
    "paragraph": ("(L)=\nwords", "L"),
    "code": ("(L)=\n```python\n1\n```", "L"),
    "quote": ("(L)=\n> words", "L"),
    "alert": ("(L)=\n> [!NOTE]\n> words", "L"),
    "list": ("(L)=\n- a\n- b", "L"),
    "table": ("(L)=\n| a |\n|---|\n| b |", "L"),
    "figure": ("(L)=\n![alt](gone.png 'caption')", "L"),
    "labelled figure": ("(L)=\n![alt](gone.png 'caption'){#M}", "L M"),
    "formula": ("(L)=\n$$ x $$", "L"),
    "formula with a name": ("(L)=\n$$ x $$ (M)", "L M"),
    "rule": ("(L)=\n\n***", "L"),
    "html": ("(L)=\n<div>words</div>", "L"),
    "terms": ("(L)=\nterm\n: meaning", "L"),
    "directive": ("(L)=\n```{note}\n:name: M\nwords\n```", "L M"),
    "tabs": ("(L)=\n````{tab-set}\n```{tab-item} one\nwords\n```\n````", "L"),
    "container": ("(L)=\n::: {.a}\nwords\n:::", "L"),
    "span": ("[words]{#L} `code`{#M} $x$", "L M"),
    "nothing": ("words\n\n(L)=", "L"),
    "attributes": ("{#M}\nwords\n\n(L)=\n{#N}\n- a", "L M N"),
}
OUTPUT = {"output_type": "stream", "name": "stdout", "text": "words"}
CELLS = {
    "cell": ("#| label: L\n1", {}),
    "captioned cell": ("#| label: L\n#| fig-cap: words\n1", {}),
    "hidden input": ("#| label: L\n1", {"tags": ["remove-input"]}),
    "hidden": ("#| label: L\n1", {"tags": ["remove-input", "remove-output"]}),
}
TARGETS = ["html", "slides", "docx", "epub", "pdf"]


def made(cells, to):
    (artifact,) = _index.get(to).export(Document(cells), Settings("s"))
    return artifact


def unreached(data, to):
    """Return the places that links of an artifact name and that are not there."""
    if to == "pdf":
        return set()  # Typst refuses such links
    if to in ("html", "slides"):
        texts = [data.decode()]
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            texts = [package.read(name).decode() for name in package.namelist()
                     if name.endswith(("document.xml", ".xhtml"))]  # fmt: skip
    whole = "\n".join(texts)
    wanted = set(re.findall(r'(?:href="[^"#:]*#|w:anchor=")([^"]+)"', whole))
    return wanted - set(re.findall(r'(?: id="|w:bookmarkStart [^>]*w:name=")([^"]+)"', whole))


def references(labels):
    return "# T\n\n" + "\n\n".join(f"{{ref}}`{one}` [](#{one})" for one in labels.split())


@pytest.mark.parametrize("to", TARGETS)
@pytest.mark.parametrize("what", BLOCKS)
def test_links_lead_to_what_prose_labels(what, to):
    text, labels = BLOCKS[what]
    artifact = made([Cell("markdown", references(labels)), Cell("markdown", text)], to)
    assert not [one for one in artifact.notices if "labelled" in one.message]
    assert unreached(artifact.data, to) == set()
    if to == "html":
        page = artifact.data.decode()
        assert page.count('class="reference"') >= 2 * len(labels.split())


@pytest.mark.parametrize("to", TARGETS)
@pytest.mark.parametrize("what", CELLS)
def test_links_lead_to_labelled_cells(what, to):
    source, metadata = CELLS[what]
    cells = [Cell("markdown", references("L")), Cell("code", source, metadata, [OUTPUT])]
    artifact = made(cells, to)
    assert not [one for one in artifact.notices if "labelled" in one.message]
    assert unreached(artifact.data, to) == set()
