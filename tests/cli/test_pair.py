"""`octavo pair`, `unpair`, `pairs`: who belongs together."""

import json

import pytest


@pytest.fixture
def project(folder):
    (folder / ".git").mkdir()
    return folder


def formats_of(path):
    return json.loads(path.read_text("utf-8"))["metadata"].get("jupytext", {}).get("formats")


def test_pair_writes_the_missing_members(octavo, project, notebook):
    done = octavo("pair", notebook, "--with", "py:percent,docs//md")
    assert (done.code, done.errors) == (0, ["a.ipynb: a.ipynb, a.py, docs/a.md updated"])
    assert formats_of(notebook) == "ipynb,py:percent,docs//md"
    assert "formats: ipynb,py:percent,docs//md" in (project / "a.py").read_text("utf-8")
    assert octavo("sync").errors == ["a.ipynb: all members agree"] or octavo("sync").code == 0


def test_a_text_is_paired_with_a_notebook(octavo, project, script):
    assert octavo("pair", script, "--with", "ipynb").code == 0
    assert formats_of(project / "a.ipynb") == "ipynb,py:percent"


def test_a_member_is_added(octavo, project, notebook):
    octavo("pair", notebook, "--with", "py:percent")
    assert octavo("pair", project / "a.py", "--with", "md").code == 0
    assert formats_of(notebook) == "ipynb,py:percent,md"
    assert (project / "a.md").exists()
    assert len(octavo("pairs", "--json").json) == 1


def test_pair_may_only_tell(octavo, project, notebook):
    done = octavo("pair", notebook, "--with", "py:percent", "--dry-run")
    assert done.errors == ["a.ipynb: a.ipynb, a.py would be updated"]
    assert sorted(path.name for path in project.iterdir()) == [".git", "a.ipynb"]


def test_members_of_one_name_are_an_error(octavo, project, notebook):
    done = octavo("pair", notebook, "--with", "py:percent,py:light")
    assert (done.code, "OCT-W022" in done.err) == (4, True)


def test_a_missing_file_is_an_error(octavo, project):
    assert octavo("pair", "b.ipynb", "--with", "py").code == 4


def test_members_stay_in_the_project(octavo, project, notebook):
    done = octavo("pair", notebook, "--with", "../../x//py")
    assert (done.code, "OCT-W021" in done.err) == (4, True)


def test_unpair_leaves_the_members_alone_from_now_on(octavo, project, notebook):
    octavo("pair", notebook, "--with", "py:percent")
    assert octavo("unpair", "a.py").code == 0
    assert formats_of(notebook) is None
    assert "formats" not in (project / "a.py").read_text("utf-8")
    assert octavo("pairs").out == ""
    done = octavo("sync", "a.py")
    assert (done.code, "OCT-W025" in done.err) == (4, True)


def test_pairs_lists_members_and_state(octavo, project, notebook):
    octavo("pair", notebook, "--with", "py:percent")
    assert octavo("pairs").out.splitlines()[1] == "a.ipynb, a.py  in sync"
    (project / "a.py").unlink()
    assert octavo("pairs", "--json").json == [
        {
            "members": ["a.ipynb", "a.py"],
            "formats": "ipynb,py:percent",
            "state": "missing: a.py",
            "copies": [],
        }
    ]


def test_a_configuration_pairs_a_tree(octavo, project, notebook):
    (project / "octavo.toml").write_text('formats = "nb///ipynb,src///py:percent"\n')
    (project / "nb/deep").mkdir(parents=True)
    notebook.rename(project / "nb/deep/a.ipynb")
    (project / "src").mkdir()
    (project / "src/helper.py").write_text("x = 1\n")
    done = octavo("sync")
    assert done.errors == ["nb/deep/a.ipynb: src/deep/a.py updated"]
    assert not (project / "nb/helper.ipynb").exists()
    assert octavo("pairs", "src").out.splitlines()[1:] == [
        "nb/deep/a.ipynb, src/deep/a.py  in sync"
    ]


def test_texts_without_header_get_one_that_tells_the_pair(octavo, project):
    (project / "c.py").write_bytes(b"# %%\r\n1\r\n")
    assert octavo("pair", "c.py", "--with", "md").code == 0
    for name in ("c.py", "c.md"):
        assert b"formats: py:percent,md\r\n" in (project / name).read_bytes()
    assert (project / "c.py").read_bytes().endswith(b"\r\n# %%\r\n1\r\n")
    assert octavo("sync").err == ""


@pytest.mark.parametrize(
    ("wanted", "code"),
    [("", "OCT-O033"), ("ipynb", "OCT-O033"), ("../py", "OCT-O032"), ("./py", "OCT-O032"),
     ("/etc//py", "OCT-O032")],
)  # fmt: skip
def test_a_place_that_nobody_means_is_an_error(octavo, project, notebook, wanted, code):
    before = notebook.read_bytes()
    result = octavo("pair", notebook, "--with", wanted)
    assert result.code == 2
    assert code in result.err
    assert notebook.read_bytes() == before


def test_a_member_that_is_dropped_stays_and_calls_nobody_back(octavo, project, notebook):
    octavo("pair", notebook, "--with", "py:percent")
    done = octavo("pair", notebook, "--with", "scripts//py:percent")
    assert "a.py: is no member any more; it stays" in done.errors
    assert "formats" not in (project / "a.py").read_text("utf-8")
    assert octavo("pairs", "--json").json[0]["members"] == ["a.ipynb", "scripts/a.py"]
    assert octavo("sync", "a.py").code == 4


def test_a_name_that_begins_with_dots_is_shown_as_it_is(octavo, project, notebook):
    notebook.rename(project / "..a.ipynb")
    assert octavo("pair", "..a.ipynb", "--with", "py").errors == [
        "..a.ipynb: ..a.ipynb, ..a.py updated"
    ]
