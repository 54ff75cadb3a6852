"""A document names pictures of its project, and nothing else is read."""

import os

import pytest

from octavo.workspace import resources

PNG = b"\x89PNG\r\n\x1a\nrest"


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / "docs").mkdir()
    (root / "docs/a b.png").write_bytes(PNG)
    (root / "logo.png").write_bytes(PNG)
    (root / "secret.txt").write_bytes(b"password")
    (tmp_path / "outside.png").write_bytes(PNG)
    return root


def test_pictures_of_the_project_are_read(project):
    read = resources.reader(os.fspath(project / "docs/page.md"))
    assert read("a b.png") == PNG
    assert read("../logo.png") == PNG


@pytest.mark.parametrize(
    "name", ["../secret.txt", "../../outside.png", "no.png", ".", "a\0b", "x" * 5000]
)
def test_other_files_are_not(project, name):
    assert resources.reader(os.fspath(project / "docs/page.md"))(name) is None


def test_a_link_does_not_lead_out(project):
    (project / "docs/link.png").symlink_to(project.parent / "outside.png")
    assert resources.reader(os.fspath(project / "docs/page.md"))("link.png") is None
