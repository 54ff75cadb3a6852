"""Books of editions: all documents of an edition are one file."""

import json

from editions.projects import codes, statuses
from support.books import Book

TOML = """
[edition.e]
write = ["site", { format = "epub", title = "The book", lang = "de", css = "own.css" }]
assert = ["no-leak", "no-remote"]
"""


def test_an_edition_is_one_book_and_made_anew_when_a_document_changes(project):
    project.write("octavo.toml", TOML)
    project.write("own.css", "p { margin: 0 }")
    project.write("notes/a.md", "# A\n\nto [b](b.md#b)\n")
    project.write("notes/b.md", "# B\n\n![](pic.svg)\n")
    project.write("notes/pic.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    report = project.build()
    assert codes(report) == []
    made = Book(project.files()["build/e/e.epub"])
    assert [words for words, _ in made.contents()] == ["A", "B"]
    assert "<dc:title>The book</dc:title>" in made.files[made.opf].decode()
    assert made.files["EPUB/book.css"].endswith(b"p { margin: 0 }")
    assert 'href="c002.xhtml#b"' in made.files["EPUB/c001.xhtml"].decode()
    assert project.build().changes is False
    project.write("notes/b.md", "# B\n\nOther words.\n")
    report = project.build()
    assert report.made == 1
    assert statuses(report)["build/e/e.epub"] == "written"
    assert "Other words" in Book(project.files()["build/e/e.epub"]).words
    project.write("octavo.toml", '[edition.e]\nwrite = ["site"]\n')
    assert statuses(project.build())["build/e/e.epub"] == "removed"


def test_each_choice_of_a_matrix_is_a_book(project):
    project.write("octavo.toml", '[edition.e]\nwrite = ["epub"]\nmatrix = { g = [1, 2] }\n')
    project.write("a.md", '# A\n\n```python tags=["parameters"]\ng = 0\n```\n')
    assert codes(project.build()) == []
    books = {path: Book(data) for path, data in project.files().items()}
    assert sorted(books) == ["build/e/g=1/e.epub", "build/e/g=2/e.epub"]
    assert "g = 2" in books["build/e/g=2/e.epub"].words


def test_what_a_book_would_fetch_is_found(project):
    project.write("octavo.toml", TOML)
    project.write("own.css", "@import 'https://x.example/a.css';")
    project.write("a.md", "# A\n")
    assert set(codes(project.build())) == {"OCT-E071"}
    assert "build/e/e.epub" not in project.files()


def test_what_a_book_holds_of_the_removed_is_found(project):
    project.write(
        "octavo.toml",
        '[edition.e]\nselect = "not tag:x"\nassert = ["no-leak"]\nwrite = [{ format = "epub", css = "own.css" }]\n',
    )
    project.write("own.css", "/* the_hidden_answer_is_here */")
    cells = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# A"},
             {"cell_type": "markdown", "id": "b", "metadata": {"tags": ["x"]},
              "source": "the_hidden_answer_is_here"}]  # fmt: skip
    project.write(
        "n.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    assert codes(project.build()) == ["OCT-E070"]
