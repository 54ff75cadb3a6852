"""Assertions of an edition hold for what is written, or it is not written."""

import pytest

from editions.projects import codes


def build(project, text, asserted, write='"html"', **files):
    project.write(
        "octavo.toml",
        f'[edition.m]\nselect = "not tag:x"\nknown_tags = ["x"]\nassert = ["{asserted}"]\n'
        f"write = [{write}]\n",
    )
    project.write("a.md", text)
    for name, data in files.items():
        project.write(name.replace("_", "."), data)
    return project.build()


def test_no_leak_allows_what_the_document_says_elsewhere_too(project):
    text = (
        "# Title\n\n## Hidden {.x}\n\nThe answer is forty two.\n\n"
        "## Shown\n\nSo it is: the answer is `forty two`!\n"
    )
    assert codes(build(project, text, "no-leak", '"html", "ipynb"')) == []
    leaking = '# A\n\n```python tags=["x"]\nsecret_of_the_lesson = 1\n```\n'
    assert build(project, leaking, "no-leak").faults == []


def test_no_leak_looks_into_the_whole_page(project):
    project.write("theme.css", "/* secret_of_the_lesson */")
    write = '{ format = "html", css = "theme.css" }'
    text = '# A\n\n```python tags=["x"]\nsecret_of_the_lesson = 1\n```\n'
    report = build(project, text, "no-leak", write)
    assert codes(report) == ["OCT-E070"]
    assert report.faults[0].exit_code == 1
    assert project.files() == {}


def test_no_remote(project):
    write = '{ format = "html", css = "t.css" }'
    css = "@import 'https://fonts.example/a.css';"
    assert codes(
        build(project, "# A\n\n[link](https://a.example)", "no-remote", write, t_css=css)
    ) == ["OCT-E071"]
    assert codes(build(project, "# A\n\n[link](https://a.example)", "no-remote")) == []


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# A\n\n![](p.png)", ["OCT-E072"]),
        ("# A\n\n![words](p.png)", []),
        ("# A", []),
    ],
)
def test_alt_text(project, text, found):
    assert codes(build(project, text, "alt-text", p_png=PNG)) == found


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("#here-it-is", []),
        ("#nowhere", ["OCT-E073"]),
        ("other.md", []),
        ("gone.md", ["OCT-E073"]),
        ("https://a.example/x", []),
        ("mailto:a@b.example", []),
    ],
)
def test_links(project, link, found):
    project.write("other.txt", "")
    text = f"# A\n\n## Here it is\n\n[x]({link.replace('other.md', 'other.txt')})\n"
    assert codes(build(project, text, "links")) == found
