"""`octavo binder link` and `explain` beyond their transcripts: codes, browser, pins, git."""

import os
import subprocess
import webbrowser

import pytest

from octavo.binder import badges, qr
from octavo.binder.errors import BinderError
from octavo.binder.links import Content, Launch, build
from octavo.binder.providers import Environment
from octavo.binder.reading import parse

LINK = build(Launch(environment=Environment("gh", "U/R", "binder-build"), content=Content("https://github.com/U/R"),
                    app="lab", path="a.ipynb"))  # fmt: skip
NASTY = "<script>alert('x')</script> \"&\" `$(touch pwned)` ]](x) #1.ipynb"


@pytest.fixture
def local_git(tmp_path, monkeypatch):
    """A repository that git finds at https://github.com/U/R, without network."""
    folder = tmp_path / "remote"
    folder.mkdir()
    settings = {"init.defaultBranch": "main", "user.name": "a", "user.email": "a@example.org",
                f"url.file://{folder}.insteadOf": "https://github.com/U/R"}  # fmt: skip
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for i, (key, value) in enumerate(settings.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{i}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{i}", value)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    (folder / "A.ipynb").write_text("{}")
    (folder / "requirements.txt").write_text("nbgitpuller\n")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"], ["branch", "binder-build"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def commit_of(folder):
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_link_is_printed(octavo, folder):
    assert octavo("binder", "link", "U/R", "a.ipynb") == (0, LINK + "\n", "")


def test_browser_opens_the_link(octavo, folder, monkeypatch):
    opened = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    octavo("binder", "link", "U/R", "a.ipynb", "--open", "--dry-run")
    assert opened == []
    octavo("binder", "link", "U/R", "a.ipynb", "--open")
    assert opened == [LINK]


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<?xml"), (".png", b"\x89PNG")])
def test_code_is_written_and_stays(octavo, folder, suffix, start):
    path = folder / f"code{suffix}"
    result = octavo("binder", "link", "U/R", "a.ipynb", "--qr", path.name)
    assert (result.code, result.err) == (0, f"code{suffix}: written\n")
    data = path.read_bytes()
    assert data.startswith(start)
    assert (
        octavo("binder", "link", "U/R", "a.ipynb", "--qr", path.name).err
        == f"code{suffix}: unchanged\n"
    )
    assert path.read_bytes() == data


def test_code_goes_to_stdout(octavo, folder):
    result = octavo("binder", "link", "U/R", "a.ipynb", "--qr", "-")
    assert result.out.startswith("<?xml")
    assert "</svg>" in result.out


def test_code_without_segno_is_explained(octavo, folder, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "segno", None)
    result = octavo("binder", "link", "U/R", "a.ipynb", "--qr", "x.svg")
    assert result.code == 3
    assert "pip install 'octavo[qr]'" in result.err


def test_link_too_long_for_a_code_is_refused():
    with pytest.raises(BinderError) as caught:
        qr.code("https://h.org/" + "x" * 3000, ".svg")
    assert caught.value.code == "OCT-B011"


def test_code_holds_the_link():
    """Compare with a code that was made by hand: the same modules."""
    import segno

    assert qr.code(LINK, ".png") == qr.code(LINK, ".PNG")
    assert segno.make(LINK, micro=False).version <= 20


def test_pin_puts_the_commit_in_place_of_the_branch(octavo, folder, local_git):
    result = octavo("binder", "link", "U/R", "A.ipynb", "--pin")
    assert result.code == 0
    assert parse(result.out.strip()).environment == Environment("gh", "U/R", commit_of(local_git))


def test_pin_of_a_missing_branch_is_an_error(octavo, folder, local_git):
    result = octavo(
        "binder", "link", "U/R", "A.ipynb", "--pin", "--environment-ref", "binder-biuld"
    )
    assert result.code == 3
    assert "[OCT-B013] (hint: did you mean 'binder-build'?)" in result.err


def test_pin_of_an_unreachable_repository_is_an_error(octavo, folder, tmp_path):
    there = f"git:ssh://127.0.0.1:1/{tmp_path.name}"
    result = octavo("binder", "link", "--environment", there, "--pin")
    assert result.code == 3
    assert "[OCT-B012]" in result.err


def test_online_lint_of_a_folder(octavo, folder, local_git):
    page = folder / "docs" / "index.md"
    page.parent.mkdir()
    page.write_text(f"[go]({LINK.replace('a.ipynb', 'a.ipynb')})\n", "utf-8")
    result = octavo("binder", "lint", "--online")
    assert result.code == 1
    assert result.out == (
        "docs/index.md:1:6: error: 'a.ipynb' is written 'A.ipynb' on main [L7] (hint: --fix repairs it)\n"
    )
    assert octavo("binder", "lint", "--online", "--fix").code == 0
    assert "A.ipynb" in page.read_text("utf-8")
    assert octavo("binder", "lint", "--online") == (
        0,
        "",
        "octavo: launch links: 1 read, nothing to repair\n",
    )


def test_folder_is_linted_with_its_environment(octavo, folder):
    for name in ("binder", ".binder", "node_modules", ".hidden", "venv"):
        (folder / name).mkdir()
        (folder / name / "x.md").write_text(
            "https://mybinder.org/v2/gh/U/R/main?filepath=a.ipynb\n"
        )
    (folder / "venv" / "pyvenv.cfg").touch()
    (folder / "binder" / "apt.txt").write_text("foo; rm -rf /\n")
    (folder / "binder" / "start").write_bytes(b"#!/bin/bash\r\nexport A=1\r\n")
    (folder / "picture.png").write_bytes(b"https://mybinder.org/v2/gh/U/R/main?filepath=a.ipynb")
    result = octavo("binder", "lint", "--json")
    assert result.code == 1
    found = [(one["file"], one["rule"], one["fixable"]) for one in result.json["findings"]]
    start = os.path.join(".", "binder", "start")
    assert found == [
        (".binder", "L13", False), (start, "L14", True), (start, "L14", True), (start, "L14", False),
        (os.path.join(".", "binder", "apt.txt"), "L15", False), (os.path.join("binder", "x.md"), "L9", True),
    ]  # fmt: skip
    octavo("binder", "lint", "--fix")
    assert (folder / "binder" / "start").read_bytes() == b'#!/bin/bash\nexport A=1\n\nexec "$@"\n'
    assert "urlpath=tree" in (folder / "binder" / "x.md").read_text()
    assert "filepath" in (folder / "venv" / "x.md").read_text()


def test_committed_checkpoints_are_found(octavo, folder, local_git):
    place = local_git / "deep" / ".ipynb_checkpoints"
    place.mkdir(parents=True)
    (place / "a-checkpoint.ipynb").write_text("{}")
    assert octavo("binder", "lint", local_git).code == 0
    subprocess.run(["git", "add", "-f", "."], cwd=local_git, check=True)
    result = octavo("binder", "lint", local_git)
    assert result.code == 1
    assert "[L19]" in result.out


def test_file_that_needs_no_repair_is_not_touched(octavo, folder):
    page = folder / "a.md"
    page.write_bytes(
        f"\ufeffx {LINK}\r\n\xff".encode("utf-8", "surrogateescape").replace(b"\xc3\xbf", b"\xff")
    )
    before = page.stat().st_mtime_ns, page.read_bytes()
    assert octavo("binder", "lint", page.name, "--fix").code == 0
    assert (page.stat().st_mtime_ns, page.read_bytes()) == before


def test_bytes_around_a_repaired_link_stay(octavo, folder):
    page = folder / "a.md"
    old = b"https://mybinder.org/v2/gh/U/R.git/main?urlpath=lab"
    page.write_bytes(b"\xef\xbb\xbf\xff\xfe " + old + b"\r\n\x0b\x85 end")
    assert octavo("binder", "lint", page.name, "--fix").code == 0
    assert (
        page.read_bytes()
        == b"\xef\xbb\xbf\xff\xfe " + old.replace(b".git", b"") + b"\r\n\x0b\x85 end"
    )


@pytest.mark.parametrize("markup", badges.MARKUPS)
def test_badges_let_nothing_out(markup):
    launch = Launch(
        "https://h.org",
        "jupyterhub",
        content=Content("https://h.org/r", "a&b<c>\"d'"),
        app="lab",
        path=NASTY,
    )
    text = badges.badge(launch, markup, alternative='<b>"]\n`x`')
    assert "<script" not in text
    assert "<b>" not in text or markup != "html"
    assert "$(" not in text
    if markup == "html":
        assert "&amp;branch=" in text
        assert "&branch" not in text
    else:
        assert "&amp;" not in text
        assert build(launch) in text
    assert len(text.split("\n")) == (3 if markup == "rst" else 1)


def test_unknown_markup_is_refused():
    with pytest.raises(BinderError, match="no badge in 'markdwn'"):
        badges.badge(Launch(environment=Environment("gh", "U/R")), "markdwn")


def test_link_loads_no_network_and_no_picture_code(octavo, folder):
    code = (
        "import sys; from octavo.cli import main; main(['binder', 'link', 'U/R', 'a.ipynb']); "
        "print(*sorted({'subprocess', 'segno', 'webbrowser', 'http', 'html', 'octavo.binder.remote', 'dataclasses',"
        " 'octavo.binder.lint', 'typing', 'octavo.binder.explain', 'octavo.formats._text'} & set(sys.modules)))"
    )
    import sys

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[1] == ""
