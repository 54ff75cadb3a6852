"""Texts are notebooks by their content: none too many, none too few."""

import sys
import sysconfig
from pathlib import Path

import pytest

from octavo.workspace.sniff import Sniffer, format_of

HEADER = "# ---\n# jupyter:\n#   kernelspec:\n#     name: python3\n# ---\n"


@pytest.mark.parametrize(
    ("suffix", "text", "name"),
    [
        (".py", HEADER + "\n1\n", "py"),
        (".py", "#!/usr/bin/env python\n" + HEADER, "py"),
        (".py", "#%%\n1\n", "py:percent"),
        (".py", "# In[1]:\n1\n", "py:percent"),
        (".py", '"""Doc.\n\n# %%\n"""\n', ""),
        (".py", "x = '%%'\n", ""),
        (".py", "import marimo\n\napp = marimo.App()\n", "py:marimo"),
        (".py", "# A comment\n\n# Another\ndef f():\n    pass\n", ""),
        (".md", "# Title\n\n```python\n1\n```\n", ""),
        (".md", "---\ntitle: X\n---\n\ntext about jupytext:\n", ""),
        (".md", "---\njupyter:\n  kernelspec:\n    name: x\n---\n", "md"),
        (".md", "# T\n\n```{code-cell} python\n1\n```\n", "md:myst"),
        (".md", "# T\n\n````\n---\njupytext:\n---\n````\n", ""),
        (".Rmd", "text\n", "Rmd"),
        (".qmd", "text\n", "qmd"),
        (".R", "#' # Title\n#+ plot\n1\n", "R:spin"),
        (".R", "#' Add.\n#' @export\nadd <- function() 1\n", ""),
        (".jl", "# %%\n1\n", "jl:percent"),
        (".cpp", "// ---\n// jupyter:\n//   kernelspec:\n//     name: x\n// ---\n", "cpp"),
        (".py", "", ""),
    ],
)
def test_the_content_tells(suffix, text, name):
    assert format_of(text, suffix).partition(":")[0] == name.partition(":")[0]
    if ":" in name:
        assert format_of(text, suffix) == name


def test_no_plain_file_of_this_environment_is_a_notebook():
    folder = Path(sysconfig.get_paths()["purelib"])
    paths = [str(p) for p in folder.rglob("*.py") if "marimo" not in p.parts]
    paths += [str(p) for p in folder.rglob("*.md")]
    paths += [str(p) for p in Path(sys.prefix).rglob("README*")]
    assert len(paths) > 500
    found = Sniffer().formats_of(paths)
    assert [path for path, name in found.items() if name] == []


def test_all_text_notebooks_of_the_corpus_are(corpus):
    written = [p for p in (corpus / "outputs").rglob("*") if p.is_file() and p.suffix != ".ipynb"]
    assert len(written) > 100
    found = Sniffer().formats_of([str(path) for path in written])
    assert [path for path, name in found.items() if not name] == []


def test_a_recorded_member_of_a_pair_is_one(tmp_path, monkeypatch):
    from octavo.workspace import pairing
    from octavo.workspace.find import Finder

    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.md").write_text("# T\n\n```python\n1\n```\n")
    (tmp_path / "y.md").write_text("# T\n")
    (tmp_path / "octavo.toml").write_text('[[rules]]\npaths = ["x.*"]\nformats = "ipynb,md"\n')
    pairing.renew(str(tmp_path / "x.md"), Finder())
    found = Sniffer().formats_of([str(tmp_path / "x.md"), str(tmp_path / "y.md")])
    assert list(map(bool, found.values())) == [True, False]


def test_files_are_read_again_when_they_change(tmp_path):
    path = tmp_path / "x.py"
    path.write_text("1\n")
    sniffer = Sniffer()
    assert sniffer.formats_of([str(path)]) == {str(path): ""}
    path.write_text("# %%\n1\n")
    assert sniffer.formats_of([str(path)]) == {str(path): "py:percent"}
