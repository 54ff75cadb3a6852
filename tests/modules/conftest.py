"""A folder on the path of Python, with the import of notebooks switched on."""

import sys

import pytest

import octavo
from octavo.modules import install, loader

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


class Project:
    """Writes notebooks and scripts into a folder."""

    def __init__(self, folder):
        self.folder = folder

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")
        return path

    def cells(self, name, *sources, metadata=KERNEL):
        """Write code cells; a text that begins with `#!` is Markdown."""
        cells = [
            octavo.Cell("markdown", source[2:].strip())
            if source.startswith("#!")
            else octavo.Cell("code", source)
            for source in sources
        ]
        document = octavo.Document(cells, metadata)
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        octavo.write(document, path)
        return path


@pytest.fixture
def project(tmp_path, monkeypatch):
    for name, module in list(sys.modules.items()):  # of the examples of a page
        if isinstance(
            getattr(getattr(module, "__spec__", None), "loader", None), loader.NotebookLoader
        ):
            monkeypatch.delitem(sys.modules, name)
    before = set(sys.modules)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    install.install()
    yield Project(tmp_path)
    install.uninstall()
    for name in sorted(set(sys.modules) - before, reverse=True):  # parents last
        module = sys.modules[name]
        places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
        if any(place.startswith(str(tmp_path)) for place in places):
            del sys.modules[name]
    loader.LOADED.clear()
