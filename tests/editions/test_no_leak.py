"""What an edition takes out stands in none of its files (tests/editions/leaks.py)."""

import json
import shutil

import pytest

from editions.leaks import TOML, found_in, specimen
from octavo.editions.make import make
from octavo.editions.plan import sites, units
from octavo.editions.site import join
from octavo.exporters import _index
from octavo.workspace import config_editions

TEXTS = ("ipynb", "py", "md", "md:myst", "Rmd")
#: What costs more than some milliseconds a document.
DEAR = ("pdf", "docx")


def targets():
    return [name for name in _index.names() if name not in DEAR]


def make_all(project, seeds, formats):
    """Yield each specimen, and the files that an edition makes of it."""
    entries = [f'{{ format = "{name}", folder = "{name.replace(":", "-")}" }}' for name in formats]
    project.write("octavo.toml", TOML.replace("{formats}", ", ".join(entries)))
    for seed in seeds:
        one = specimen(seed)
        project.write("n.ipynb", json.dumps(one.notebook()))
        for name, data in one.pictures.items():
            project.write(name, data)
        config = config_editions.load()
        made = [make(unit) for unit in units(config, config.named([]))]
        faults = [str(fault) for unit in made for fault in unit.faults]
        assert faults == [], (seed, faults)
        pages = [(file.path, file.data) for unit in made for file in unit.files]
        yield one, pages + joined(config, made)
        for name in one.pictures:
            (project.root / name).unlink()


def joined(config, made):
    """Return the files of the sites, with their index for the search."""
    found = []
    for site in sites(units(config, config.named([]))):
        held = [unit.pages[site.page_key] for unit in made]
        found += [(file.path, file.data) for file in join(site, held, [])[0]]
    return found


def check(project, seeds, formats):
    shown = 0
    for one, files in make_all(project, seeds, formats):
        leaks = found_in(one.hidden, files)
        assert leaks == [], (one._seed, leaks)
        notebook = [(path, data) for path, data in files if path.endswith(".ipynb")]
        missing = set(one.shown) - {word for word, _ in found_in(one.shown, notebook)}
        assert missing == set(), one._seed
        shown += len(one.shown)
    assert shown


def test_nothing_hidden_is_in_any_file(project):
    check(project, range(40), (*TEXTS, *targets()))


@pytest.mark.slow
def test_nothing_hidden_is_in_any_file_of_500_documents(project):
    check(project, range(1000, 1500), (*TEXTS, *targets()))


@pytest.mark.slow
@pytest.mark.parametrize("target", [name for name in DEAR if name in _index.names()])
def test_nothing_hidden_is_in_pdf_and_word_files_of_500_documents(project, target):
    if target == "pdf" and shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (poppler-utils)")
    check(project, range(1000, 1500), ("ipynb", target))


def test_the_search_finds_what_is_there(project):
    """The proof would fail: without the edition's steps the words are found."""
    project.write("octavo.toml", '[edition.e]\nmarks = "keep"\nwrite = ["ipynb", "md"]\n')
    one = specimen(7)
    project.write("n.ipynb", json.dumps(one.notebook()))
    for name, data in one.pictures.items():
        project.write(name, data)
    config = config_editions.load()
    (unit,) = units(config, config.named([]))
    files = [(file.path, file.data) for file in make(unit).files]
    found = {word.lower() for word, _ in found_in(one.hidden, files)}
    apart = one.packed | one.orphans
    assert {word.lower() for word in one.hidden if word not in apart} - found == set()
    assert one.orphans
