"""PDF and Word files as other programs read them: LibreOffice, poppler."""

import io
import re
import shutil
import subprocess
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pytest

from exporters.test_pdf import EVERYTHING, objects
from octavo import Cell, Document, read
from octavo.exporters import docx, pdf, slides
from octavo.exporters._exporter import Settings
from octavo.workspace import resources
from support import every_output

CODE = [Cell("code", f"def f{n}(x):\n    return x ** {n}\n\nf{n}(2)", {},
             [every_output.data(text__plain=str(2**n))]) for n in range(100)]  # fmt: skip
PROSE = [
    Cell("markdown", f"## Heading number {n}\n\nWords *and* $x^{n}$.\n\n- a\n- b")
    for n in range(100)
]


def need(program):
    if shutil.which(program) is None:
        pytest.skip(f"no {program} on this machine: what it reads in our files was not tested")


def write(folder, exporter, cells, **settings):
    (artifact,) = exporter.export(Document(cells), Settings("document", **settings))
    path = folder / artifact.path
    path.write_bytes(artifact.data)
    return path


def text_of(path):
    need("pdftotext")
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def by_libreoffice(path):
    """Return the PDF that LibreOffice makes of a file, with a profile of its own."""
    need("soffice")
    home = path.parent / "profile"
    subprocess.run(
        ["soffice", f"-env:UserInstallation={home.as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", path.parent / "made", path],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return path.parent / "made" / f"{path.stem}.pdf"


def words(text):
    return re.findall(r"\w+", text)


PLAIN = """# Reading

One *two* **three** [four](https://example.org) five[^n].

1. six
2. seven
   - eight

| nine | ten |
|---|---|
| eleven | twelve |

> thirteen

```{note}
fourteen
```

```python
fifteen = 15
```

[^n]: sixteen
"""


def test_libreoffice_reads_every_word_of_a_word_file(tmp_path):
    found = words(text_of(by_libreoffice(write(tmp_path, docx, [Cell("markdown", PLAIN)]))))
    wanted = "Reading One two three four six seven eight nine ten eleven twelve thirteen Note fourteen fifteen 15"
    rest = iter(found)
    missing = [word for word in wanted.split() if word not in rest]
    assert missing == []  # all are there, in this order
    assert {"five", "five1"} & set(found)
    assert "sixteen" in found
    known = {*words(wanted), *words("five five1 sixteen 1 2")}
    assert set(found) - known == set()  # and nothing else


def test_libreoffice_opens_everything(tmp_path):
    cells = [Cell("markdown", EVERYTHING), *every_output.notebook().cells]
    text = text_of(by_libreoffice(write(tmp_path, docx, cells)))
    for name, (_, word) in every_output.KINDS.items():
        assert all(part in text for part in words(word)), name


def test_libreoffice_shows_formulas(tmp_path):
    text = text_of(
        by_libreoffice(write(tmp_path, docx, [Cell("markdown", "$$\\frac{alpha}{beta}$$")]))
    )
    assert set("alphabet") & set("".join(words(text)))


@pytest.fixture(scope="module")
def long_pdf(tmp_path_factory):
    """A PDF of 200 cells, and the CPU seconds that it cost in this process."""
    cells = [cell for pair in zip(PROSE, CODE, strict=True) for cell in pair]
    folder = tmp_path_factory.mktemp("pdf")
    write(folder, pdf, cells[:2])
    before = time.process_time()
    path = write(folder, pdf, cells, contents=False)
    return path, time.process_time() - before


def test_a_pdf_holds_each_heading_once_and_in_order(long_pdf):
    found = re.findall(r"Heading number (\d+)", text_of(long_pdf[0]))
    assert found == [str(n) for n in range(100)]


def test_bookmarks_lead_to_the_headings(long_pdf):
    data = long_pdf[0].read_bytes()
    assert objects(data).count(b"/Title") >= 100


def test_what_is_hidden_is_not_in_the_pdf(tmp_path):
    cells = [Cell("code", "SECRET", {"tags": ["remove_input"]}, [every_output.stream("shown")]),
             Cell("markdown", "SECRET", {"tags": ["remove-cell"]})]  # fmt: skip
    text = text_of(write(tmp_path, pdf, cells))
    assert "SECRET" not in text
    assert "shown" in text


def test_outputs_of_every_kind_are_in_the_pdf(tmp_path):
    text = text_of(write(tmp_path, pdf, every_output.notebook().cells))
    for name, (_, word) in every_output.KINDS.items():
        assert word in text, name


def test_every_page_shows_something(tmp_path):
    need("pdftoppm")
    path = write(
        tmp_path,
        pdf,
        [Cell("markdown", EVERYTHING), *every_output.notebook(["png", "svg", "pandas"]).cells],
    )
    subprocess.run(["pdftoppm", "-r", "30", "-gray", path, tmp_path / "page"], check=True)
    pages = sorted(tmp_path.glob("page-*.pgm"))
    assert pages
    for page in pages:
        dots = page.read_bytes().split(b"\n", 3)[3]
        assert 0.001 < sum(dot < 200 for dot in dots) / len(dots) < 0.9


def test_examples_keep_the_standard_for_all_readers(examples):
    path = examples / "lesson.md"
    resource = resources.reader(str(path))
    for artifact in pdf.export(read(path), Settings(resource=resource, standard="ua-1")):
        assert artifact.notices == ()


PAGES = sorted((Path(__file__).parents[2] / "docs").rglob("*.md"))


def test_every_page_of_the_documentation_becomes_paper_and_slides():
    """Real prose in every target: no crash, well formed, and PDFs that keep PDF/UA-1."""
    for page in PAGES:
        document = read(page)
        settings = Settings("page", resource=resources.reader(str(page)))
        for exporter in (pdf, docx, slides):
            for artifact in exporter.export(document, settings):
                codes = {notice.code for notice in artifact.notices}
                assert not codes & {"OCT-E006", "OCT-E007", "OCT-E005"}, page
                assert_well_formed(artifact)


def assert_well_formed(artifact):
    if artifact.path.endswith(".docx"):
        with zipfile.ZipFile(io.BytesIO(artifact.data)) as zipped:
            for name in zipped.namelist():
                if name.endswith((".xml", ".rels")):
                    ET.fromstring(zipped.read(name))
    elif artifact.path.endswith(".html"):
        html5lib.HTMLParser(strict=True).parse(artifact.data.decode("utf-8"))
    else:
        assert artifact.data.startswith(b"%PDF-")
