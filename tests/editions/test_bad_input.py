"""Bad input is a clear error, or a safe page; the other documents are built."""

import json
import re

import pytest

from editions.projects import codes, statuses
from octavo.cli import main
from octavo.exporters import _assets

ALL = '[edition.e]\nwrite = ["html", "ipynb", "md"]\n'


def notebook(*cells):
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def code(*outputs, source="1"):
    return {"cell_type": "code", "id": "c", "metadata": {}, "source": source,
            "execution_count": 1, "outputs": list(outputs)}  # fmt: skip


def shown(**data):
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {k.replace("_", "/"): v for k, v in data.items()},
    }


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>", "<iframe src='https://evil.example'></iframe>",
    "<style>@import 'https://evil.example/a.css';</style>", "</pre></main></body><script>alert(1)</script>",
    "<form action='https://evil.example'><input name=x></form>", "<object data='https://evil.example'></object>",
    "<link rel=stylesheet href='//evil.example/x.css'>", "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<math><mtext></mtext><mglyph><svg><mtext><textarea><a title='</textarea><img src=x onerror=alert(1)>'>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_html_makes_a_safe_page(project, text):
    project.write("octavo.toml", ALL + 'assert = ["no-remote"]\n')
    project.write("a.ipynb", notebook(
        {"cell_type": "markdown", "id": "m", "metadata": {}, "source": f"# T\n\n{text}\n"},
        code(shown(text_html=f"<b>{text}</b>"), shown(**{"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg'>{text}</svg>"}),
             {"output_type": "stream", "name": "stdout", "text": text})))  # fmt: skip
    report = project.build()
    assert report.faults == []
    page = project.read("build/e/a.html")
    theme = f"<script>{_assets.text('theme.js').strip()}</script>"
    assert page.count(theme) == 1
    page = page.replace(theme, "")
    own = re.compile(r"<script>\n.*?</script>|<style>.*?</style>", re.DOTALL)
    left = own.sub("", page)
    tags = re.findall(r"<[^>]*>", left)
    bare = [re.sub(r'"[^"]*"', '""', tag) for tag in tags]
    bad = r"(?i)\son\w+\s*=|<script|<iframe|<base|<form|<object|<embed|http-equiv|<link"
    assert not [tag for tag in bare if re.search(bad, tag)]
    addresses = [re.findall(r"""(?i)(?:href|src)=["']?\s*javascript:""", tag) for tag in tags]
    assert not any(addresses)
    for element in own.findall(page):
        assert "alert(1)" not in element
        assert "evil.example" not in element


def test_fifty_megabytes_of_output_are_built(project):
    project.write("octavo.toml", ALL)
    project.write("b.md", "# Fine\n")
    line = "x" * 99 + "\n"
    project.write(
        "a.ipynb",
        notebook(code({"output_type": "stream", "name": "stdout", "text": line * 500_000})),
    )
    report = project.build()
    assert report.faults == []
    assert set(statuses(report)) >= {"build/e/a.html", "build/e/b.html"}
    assert len(project.files()["build/e/a.html"]) < 5_000_000
    assert "b.html" in " ".join(statuses(report))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.ipynb", b"{"),
        ("a.ipynb", b"\xff\xfe"),
        ("a.ipynb", b'{"cells": 1, "nbformat": 4, "metadata": {}}'),
        ("a.md", b"\xff\xfe\x00"),
        ("a.py", b"# %%\n\x00\n"),
        ("a.md", b""),
        ("a.ipynb", b""),
        ("a.md", b"---\ntitle: [\n---\n# T\n"),
        ("a.md", b"# T {kind=nonsense}\r\n\r\ntext"),
    ],
)
def test_odd_documents_do_not_stop_the_others(project, name, data):
    project.write("octavo.toml", ALL)
    project.write("zz.md", "# Fine\n")
    project.write(name, data)
    report = project.build()
    assert "build/e/zz.html" in statuses(report)
    assert all(code.startswith(("OCT-F", "OCT-N")) for code in codes(report))
    assert all(fault.file == name for fault in report.faults)


def test_a_folder_in_the_place_of_a_file_and_a_read_only_folder(project):
    project.write("octavo.toml", ALL)
    project.write("a.md", "# A\n")
    (project.root / "build/e/a.html").mkdir(parents=True)
    report = project.build()
    assert codes(report) == ["OCT-W002"]
    assert "build/e/a.md" in statuses(report)


def test_odd_names(project):
    project.write("octavo.toml", ALL + 'assert = ["links", "no-leak"]\n')
    for name in ("with space & ümlaut #1.md", "quote'\".md", "per%20cent.md"):
        project.write(name, "# A\n\n[self](#a)\n")
    report = project.build()
    assert report.faults == []
    assert len(project.files()) == 9
    assert project.build().made == 0


def test_a_link_as_output_folder_stays(project, tmp_path):
    project.write("octavo.toml", ALL)
    project.write("a.md", "# A\n")
    (tmp_path / "elsewhere").mkdir()
    (project.root / "build").symlink_to(tmp_path / "elsewhere")
    assert project.build().faults == []
    assert (tmp_path / "elsewhere/e/a.html").exists()
    assert (project.root / "build").is_symlink()


def test_what_every_format_says_is_told_once(project, capsys):
    project.write("octavo.toml", '[edition.e]\nwrite = ["html", "slides", "docx"]\n')
    project.write("a.md", "![](gone.png)\n![](gone.png)\n\n![](lost.png)\n")
    assert main(["build"]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "no such image" in line]
    assert [re.search(r"\w+\.png", line)[0] for line in told] == ["gone.png", "lost.png"]
    assert main(["export", "a.md", "--to", "docx"]) == 0
    assert capsys.readouterr().err.count("gone.png") == 1
