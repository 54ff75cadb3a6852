"""A build makes what is stale, and touches nothing that it did not write."""

import json
import os

import pytest

from editions.projects import Project, codes, statuses
from octavo.core.errors import ConfigError, FormatError, OptionError
from support import every_output

TWO = """
[edition.page]
from = ["*.md"]
write = ["html", "ipynb"]
"""
LESSON = "# Lesson\n\nText.\n\n```python\nprint(1)\n```\n"


@pytest.fixture
def two(project):
    project.write("octavo.toml", TWO)
    project.write("a.md", LESSON)
    project.write("notes/b.md", "# B\n")
    return project


def test_each_document_is_written_in_each_format_at_its_place(two):
    report = two.build()
    assert statuses(report) == dict.fromkeys(
        ["build/page/a.html", "build/page/a.ipynb", "build/page/notes/b.html",
         "build/page/notes/b.ipynb"], "written")  # fmt: skip
    assert "<h1" in two.read("build/page/notes/b.html")


def test_nothing_is_made_twice(two):
    two.build()
    stamps = {path: os.stat(two.root / path).st_mtime_ns for path in two.files()}
    os.utime(two.root / "a.md")
    report = two.build()
    assert (report.made, report.units) == (0, 2)
    assert set(statuses(report).values()) == {"unchanged"}
    assert stamps == {path: os.stat(two.root / path).st_mtime_ns for path in two.files()}


def test_an_edit_makes_only_its_document_anew(two):
    two.build()
    two.write("a.md", LESSON + "\nMore.\n")
    report = two.build()
    assert report.made == 1
    assert statuses(report)["build/page/a.html"] == "written"
    assert statuses(report)["build/page/notes/b.html"] == "unchanged"


@pytest.mark.parametrize("name", ["build/page/a.html", "octavo.toml"])
def test_a_lost_file_or_another_edition_is_made_anew(two, name):
    two.build()
    if name == "octavo.toml":
        two.write(name, TWO.replace('"ipynb"]', '"py"]'))
    else:
        (two.root / name).unlink()
    report = two.build()
    assert report.made >= 1
    assert (two.root / "build/page/a.html").exists()
    assert (two.root / "build/page/a.py").exists() == (name == "octavo.toml")


def test_what_no_edition_makes_any_more_is_removed_if_it_is_ours(two):
    two.build()
    (two.root / "notes/b.md").unlink()
    two.write("build/page/notes/b.ipynb", "mine now")
    two.write("build/page/notes/other.txt", "never ours")
    found = statuses(two.build())
    assert found["build/page/notes/b.html"] == "removed"
    assert found["build/page/notes/b.ipynb"] == "keep"
    assert sorted(p.name for p in (two.root / "build/page/notes").iterdir()) == [
        "b.ipynb", "other.txt"]  # fmt: skip


def test_an_edition_that_is_gone_is_removed_with_its_folder(two):
    two.build()
    two.write("octavo.toml", TWO.replace("edition.page", "edition.other"))
    two.build()
    assert not (two.root / "build/page").exists()
    assert (two.root / "build/other/a.html").exists()


def test_building_one_edition_leaves_the_others(two):
    two.write("octavo.toml", TWO + '\n[edition.text]\nfrom = ["a.md"]\nwrite = ["py"]\n')
    two.build()
    before = two.files()
    two.write("a.md", LESSON + "\nMore.\n")
    two.build("text")
    assert two.files()["build/page/a.html"] == before["build/page/a.html"]
    assert "More" in two.read("build/text/a.py")


def test_what_somebody_else_wrote_stays(two):
    two.write("build/page/a.html", "mine")
    report = two.build()
    assert codes(report) == ["OCT-E055"]
    assert two.read("build/page/a.html") == "mine"
    assert (two.root / "build/page/a.ipynb").exists()
    assert two.build(force=True).faults == []
    assert two.read("build/page/a.html") != "mine"


def test_what_somebody_edited_stays(two):
    two.build()
    two.write("build/page/a.html", "edited")
    assert codes(two.build()) == ["OCT-E055"]
    two.write("a.md", LESSON + "\nMore.\n")
    assert codes(two.build()) == ["OCT-E055"]
    assert two.read("build/page/a.html") == "edited"


def test_a_check_writes_nothing_and_tells(two):
    report = two.build(writes=False)
    assert report.changes
    assert not (two.root / "build").exists()
    assert not (two.root / "edition.lock.json").exists()
    two.build()
    assert not two.build(writes=False).changes


def test_a_document_that_fails_does_not_stop_the_others(two):
    two.write("broken.ipynb", "{")
    two.write("octavo.toml", TWO.replace('"*.md"', '"*.md", "*.ipynb"'))
    report = two.build()
    assert len(report.faults) == 1
    assert report.faults[0].file == "broken.ipynb"
    assert len([s for s in statuses(report).values() if s == "written"]) == 4


def test_a_document_that_fails_keeps_its_older_files(two):
    two.build()
    old = two.files()
    two.write("a.md", LESSON + "\n```{include} nowhere.md\n```\n")
    assert codes(two.build()) == ["OCT-E060"]
    assert two.files() == old
    two.write("a.md", LESSON)
    assert two.build().faults == []


def test_the_manifest_lists_files_and_cells_with_reasons(project):
    project.write("octavo.toml", '[edition.s]\nselect = "not tag:x"\nwrite = ["ipynb"]\n')
    project.write("a.py", '# %%\n1\n\n# %% tags=["x"]\n2\n')
    project.build()
    said = json.loads(project.read("edition.lock.json"))
    facts = said["files"]["build/s/a.ipynb"]
    from hashlib import sha256

    assert facts["sha256"] == sha256(project.files()["build/s/a.ipynb"]).hexdigest()
    assert facts["cells"] == {"in": 1, "out": 1}
    rows = said["editions"]["s/a.py"]["cells"]
    assert [(row["in"], row["why"]) for row in rows] == [(True, ""), (False, "select: not tag:x")]


def test_a_damaged_manifest_is_an_error(two):
    two.write("edition.lock.json", "{")
    with pytest.raises(FormatError) as caught:
        two.build()
    assert caught.value.code == "OCT-E056"


def test_a_matrix_makes_a_set_for_each_combination(project):
    project.write(
        "octavo.toml",
        """
[document."a.py"]
params = { t = 2 }
[edition.m]
params = { place = "moon" }
matrix = { g = [9.81, 1.62], wet = [true] }
write = ["py"]
""",
    )
    project.write("a.py", '# %% tags=["parameters"]\ng = 1\n')
    project.build()
    assert sorted(project.files()) == [
        "build/m/g=1.62,wet=true/a.py",
        "build/m/g=9.81,wet=true/a.py",
    ]
    text = project.read("build/m/g=1.62,wet=true/a.py")
    assert "t = 2\nplace = 'moon'\ng = 1.62\nwet = True" in text


def test_two_formats_that_are_one_file_are_an_error(project):
    project.write("octavo.toml", '[edition.m]\nwrite = ["md", "md:myst"]\n')
    project.write("a.md", LESSON)
    assert codes(project.build()) == ["OCT-E054"]
    project.write(
        "octavo.toml", '[edition.m]\nwrite = ["md", { format = "md:myst", folder = "myst" }]\n'
    )
    assert project.build(force=True).faults == []
    assert "build/m/myst/a.md" in project.files()


def test_two_documents_of_one_name_are_an_error_unless_they_are_a_pair(project):
    project.write("octavo.toml", '[edition.m]\nwrite = ["html"]\n')
    project.write("a.md", LESSON)
    project.write("a.py", "# %%\n1\n")
    with pytest.raises(ConfigError) as caught:
        project.build()
    assert caught.value.code == "OCT-E054"


def test_a_text_has_the_outputs_of_its_pair(project):
    project.write("octavo.toml", 'formats = "ipynb,py:percent"\n[edition.m]\nwrite = ["html"]\n')
    project.write("a.py", "# %%\nprint(1)\n")
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1,
            "source": "print(1)",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "FROM THE PAIR"}]}  # fmt: skip
    project.write(
        "a.ipynb", json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    report = project.build()
    assert list(statuses(report)) == ["build/m/a.html"]
    assert "FROM THE PAIR" in project.read("build/m/a.html")
    cell["outputs"][0]["text"] = "NEWER"
    project.write(
        "a.ipynb", json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    project.build()
    assert "NEWER" in project.read("build/m/a.html")


def test_pictures_are_copied_beside_texts_and_a_new_one_makes_anew(project):
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 20
    project.write("octavo.toml", '[edition.m]\nfrom = ["notes/"]\nwrite = ["ipynb", "html"]\n')
    project.write("notes/a.md", "![words](fig/p.png)\n\n![none](gone.png)\n")
    project.write("notes/fig/p.png", png)
    report = project.build()
    assert [notice.code for notice in report.notices] == ["OCT-E003", "OCT-E003"]
    assert project.files()["build/m/notes/fig/p.png"] == png
    project.write("notes/fig/p.png", png + b"1")
    assert project.build().made == 1
    assert project.files()["build/m/notes/fig/p.png"] == png + b"1"


def test_unknown_tags_stop_an_edition_and_can_be_allowed(project):
    project.write("a.md", LESSON)
    text = '[edition.m]\nselect = "not tag:soluton"\nwrite = ["html"]\n'
    project.write("octavo.toml", text)
    project.write("b.py", '# %% tags=["solution"]\n1\n')
    report = project.build()
    assert codes(report) == ["OCT-E057"]
    assert "did you mean 'solution'?" in report.faults[0].hint
    assert not (project.root / "build").exists()
    project.write("octavo.toml", text + 'known_tags = ["soluton"]\n')
    assert project.build().faults == []


def test_an_unknown_edition_is_told(two):
    with pytest.raises(OptionError) as caught:
        two.build("pages")
    assert (caught.value.code, caught.value.hint) == ("OCT-E053", "did you mean 'page'?")


def test_includes_are_expanded_and_make_anew(project):
    project.write("octavo.toml", '[edition.m]\nfrom = ["/a.md"]\nwrite = ["md"]\n')
    project.write("a.md", "# A\n\n```{include} part/b.md\n```\n\n{{< include c.md >}}\n")
    project.write(
        "part/b.md", "---\ntitle: B\n---\nFrom B.\n\n```{include} ../c.md\n:name: x\n```\n"
    )
    project.write("c.md", "From C.\n")
    project.build()
    assert project.read("build/m/a.md").count("From C.") == 2
    assert "From B." in project.read("build/m/a.md")
    project.write("c.md", "Changed C.\n")
    project.build()
    assert project.read("build/m/a.md").count("Changed C.") == 2


def test_a_cycle_of_includes_is_an_error_that_shows_the_way(project):
    project.write("octavo.toml", '[edition.m]\nfrom = ["/a.md", "/ok.md"]\nwrite = ["html"]\n')
    project.write("a.md", "```{include} b.md\n```\n")
    project.write("b.md", "text\n\n```{include} a.md\n```\n")
    project.write("ok.md", "# Fine\n")
    report = project.build()
    assert codes(report) == ["OCT-E061"]
    assert "a.md -> b.md -> a.md" in report.faults[0].message
    assert (report.faults[0].file, report.faults[0].line) == ("b.md", 3)
    assert statuses(report)["build/m/ok.html"] == "written"


@pytest.mark.parametrize("name", ["../secret.md", "/etc/hostname", "gone.md"])
def test_only_files_of_the_project_are_included(project, name):
    (project.root.parent / "secret.md").write_text("secret")
    project.write("octavo.toml", '[edition.m]\nwrite = ["html"]\n')
    project.write("a.md", f"```{{include}} {name}\n```\n")
    assert codes(project.build()) == ["OCT-E060"]


def test_many_documents_are_made_by_several_processes_with_the_same_result(project, tmp_path):
    for other in (project, Project(tmp_path / "other")):
        other.write("octavo.toml", TWO)
        for n in range(6):
            other.write(f"n{n}.md", LESSON + f"\nNumber {n}.\n")
    project.build(jobs=2)
    os.chdir(tmp_path / "other")
    other.build(jobs=1)
    assert project.files() == other.files()
    assert project.read("edition.lock.json") == other.read("edition.lock.json")


FOREIGN = """
import os
from octavo.exporters._exporter import Artifact, Exporter

def export(document, settings):
    word = document.cells[0].source
    if "divide" in word:
        1 / 0
    if "abort" in word:
        os.abort()
    return [Artifact(settings.stem + ".odd", word.encode())]

EXPORTER = Exporter("odd", ".odd", export, summary="The first cell.")
"""


@pytest.mark.parametrize(
    ("word", "code", "jobs"),
    [("divide", "OCT-X001", 1), ("divide", "OCT-X001", 2), ("abort", "OCT-E062", 2)],
)
def test_a_document_that_breaks_its_exporter_is_one_fault(project, monkeypatch, word, code, jobs):
    package = project.root.parent / "package"
    facts = package / "odd-1.dist-info"
    facts.mkdir(parents=True)
    (package / "odd_exporter.py").write_text(FOREIGN)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1\n")
    (facts / "entry_points.txt").write_text("[octavo.exporters]\nodd = odd_exporter:EXPORTER\n")
    monkeypatch.syspath_prepend(str(package))
    project.write("octavo.toml", '[edition.p]\nwrite = ["odd", "md"]\n')
    for n in range(8):
        project.write(f"n{n}.md", word if n == 3 else f"words {n}")
    report = project.build(jobs=jobs)
    assert codes(report) == [code]
    assert report.faults[0].file.endswith("n3.md")
    found = [path for path in project.files() if path.endswith(".odd")]
    assert found == [f"build/p/n{n}.odd" for n in range(8) if n != 3]


def test_a_site_lies_from_the_folder_that_holds_all_of_its_documents(project):
    project.write("octavo.toml", '[edition.s]\nfrom = ["/docs/**/*.md"]\nwrite = ["site"]\n')
    project.write("docs/README.md", "# Home\n\n[](more/a.md)\n")
    project.write("docs/more/a.md", "# A\n\n[](../README.md)\n")
    report = project.build()
    assert (report.faults, report.notices) == ([], [])
    found = [path for path in project.files() if path.endswith(".html")]
    folder = found[0].rpartition("/")[0]
    assert found == [f"{folder}/index.html", f"{folder}/more/a.html"]
    assert 'href="more/a.html">A</a>' in project.read(f"{folder}/index.html")
    assert 'href="../index.html">Home</a>' in project.read(f"{folder}/more/a.html")


def test_plots_are_alive_unless_an_edition_says_not(project, monkeypatch):
    from octavo.workspace import libraries

    monkeypatch.setattr(libraries, "script", lambda name: f"/* {name} library */")
    monkeypatch.setattr(libraries, "version", lambda _name: "1.0")
    output = every_output.KINDS["plotly alone"][0]
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "1", "outputs": [output],
            "execution_count": 1}  # fmt: skip
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    project.write("n.ipynb", json.dumps(notebook))
    project.write(
        "octavo.toml",
        '[edition.e]\nwrite = ["html", "slides", "site",\n'
        '  { format = "html", folder = "still", live = false }]\n',
    )
    assert project.build().faults == []
    for path in ("n.html", "n.slides.html", "site/_static/plotly.js"):
        assert "plotly library" in project.read(f"build/e/{path}"), path
    assert "<iframe" in project.read("build/e/site/n.html")
    assert "<iframe" not in project.read("build/e/still/n.html")
    assert project.build().made == 0
    monkeypatch.setattr(libraries, "version", lambda _name: "2.0")
    assert project.build().made == 1


def test_pictures_that_html_names_are_copied_beside_a_text(project):
    project.write("octavo.toml", '[edition.e]\nwrite = ["md", "html"]\n')
    project.write("a.md", "# A\n\n<p>\n<img src='pic.png' alt='words'>\n</p>\n")
    project.write("pic.png", every_output.png())
    assert codes(project.build()) == []
    assert project.files()["build/e/pic.png"] == every_output.png()
    project.write("pic.png", every_output.png(5, 5))
    assert statuses(project.build())["build/e/a.html"] == "written"
