"""A site edition: pages are kept, and joined anew when one of them changes."""

import shutil

from editions.projects import codes, statuses

TOML = """
[edition.web]
from = ["*.md"]
select = "not tag:x"
known_tags = ["x"]
write = [{ format = "site", title = "Lessons" }]
assert = ["no-leak", "no-remote", "links", "alt-text"]
"""


def start(project, toml=TOML):
    project.write("octavo.toml", toml)
    project.write("index.md", "# Home\n\n[next](part/a.md)\n")
    project.write("part/a.md", "# First\n\nApples.\n\n## Hidden {.x}\n\nsecretcanary99 is here.\n")
    project.write("part/b.md", "# Second\n\nSee [first](a.md).\n")


def test_documents_become_a_site(project):
    start(project)
    report = project.build()
    assert report.faults == []
    files = project.files()
    assert {"build/web/site/index.html", "build/web/site/part/a.html"} <= set(files)
    assert "Lessons" in project.read("build/web/site/index.html")
    assert not [path for path, data in files.items() if b"secretcanary99" in data]
    assert any(b"Apples" in data for path, data in files.items() if path.endswith(".js"))


def test_an_edit_renders_one_page_and_writes_what_changed(project):
    start(project)
    project.build()
    assert (project.build().made, set(statuses(project.build()).values())) == (0, {"unchanged"})
    project.write("part/b.md", "# Second\n\nSee [first](a.md). Bananas.\n")
    report = project.build()
    assert report.made == 1
    written = [path for path, status in statuses(report).items() if status == "written"]
    assert "build/web/site/part/b.html" in written
    assert "build/web/site/part/a.html" not in written


def test_lost_pages_are_made_anew(project):
    start(project)
    project.build()
    files = project.files()
    shutil.rmtree(project.root / ".octavo")
    shutil.rmtree(project.root / "build")
    assert project.build(writes=False).changes
    assert not (project.root / "build").exists()
    assert project.build().faults == []
    assert project.files() == files


def test_a_document_that_fails_leaves_the_site_with_its_older_page(project):
    start(project)
    project.build()
    project.write("part/b.md", "```{include} gone.md\n```\n")
    report = project.build()
    assert codes(report) == ["OCT-E060"]
    assert "Second" in project.read("build/web/site/part/b.html")
    project.write("part/b.md", "# Third\n")
    assert project.build().faults == []
    assert "Third" in project.read("build/web/site/part/b.html")


def test_a_page_that_goes_is_removed(project):
    start(project)
    project.build()
    (project.root / "part/b.md").unlink()
    assert statuses(project.build())["build/web/site/part/b.html"] == "removed"
    assert not (project.root / "build/web/site/part/b.html").exists()


def test_links_that_lead_nowhere_stop_the_site(project):
    start(project)
    project.write("part/b.md", "# Second\n\n[x](#nowhere)\n")
    assert codes(project.build()) == ["OCT-E073"]
    assert not (project.root / "build").exists()


def test_pages_and_other_formats_can_be_together(project):
    start(project, TOML.replace("write = [", 'write = ["ipynb", "html", '))
    assert project.build().faults == []
    assert {"build/web/index.html", "build/web/index.ipynb", "build/web/site/index.html"} <= set(
        project.files()
    )


def test_a_matrix_makes_a_site_for_each_choice(project):
    start(project, TOML + "[edition.web.matrix]\ng = [1, 2]\n")
    assert project.build().faults == []
    assert {"build/web/g=1/site/index.html", "build/web/g=2/site/index.html"} <= set(
        project.files()
    )
