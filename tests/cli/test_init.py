"""`octavo init` writes a first configuration and takes over that of Jupytext."""

import tomllib

import pytest

from octavo.workspace import config
from octavo.workspace.config_keys import KEYS


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """No configuration of this machine is found."""
    monkeypatch.setenv("OCTAVO_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "system"))


def uncommented(text):
    """Return *text* with every `# key = value` taken for itself."""
    names = tuple(
        f"# {name}"
        for name in (
            "[[rules]]",
            "[[copies]]",
            "paths =",
            "format =",
            *(f"{key.name} =" for key in KEYS),
        )
    )
    lines = [line[2:] if line.startswith(names) else line for line in text.split("\n")]
    return "\n".join(lines)


def test_first_file_sets_nothing_and_explains_everything(folder, octavo):
    result = octavo("init")
    assert (result.code, result.out, result.err) == (0, "", "octavo.toml: created\n")
    text = (folder / "octavo.toml").read_text("utf-8")
    assert tomllib.loads(text) == {}
    assert all(len(line) <= 100 for line in text.split("\n"))


def test_every_comment_of_the_first_file_is_valid(folder, octavo):
    text = octavo("init", "--dry-run").out
    (folder / "octavo.toml").write_text(uncommented(text), "utf-8")
    found = config.load("")
    assert set(found.settings) == {key.name for key in KEYS}
    assert [copy.format for copy in found.copies] == ["github///ipynb"]
    assert found.formats_for("lessons/a.md") == ["ipynb,md:myst"]


def test_formats(folder, octavo):
    assert octavo("init", "--formats", "ipynb,py:percent").code == 0
    assert config.load("").formats_for("a.py") == ["ipynb,py:percent"]


def test_formats_that_do_not_exist(folder, octavo):
    result = octavo("init", "--formats", "ipynb,py:percnt")
    assert result.code == 5
    assert "did you mean 'percent'?" in result.err
    assert not (folder / "octavo.toml").exists()


def test_other_folder(folder, octavo):
    (folder / "sub").mkdir()
    assert octavo("init", "sub").err == "sub/octavo.toml: created\n"
    assert octavo("init", "missing").code == 4


@pytest.mark.parametrize(
    ("name", "text"), [("octavo.toml", ""), ("pyproject.toml", "[tool.octavo]\n")]
)
def test_nothing_is_replaced(folder, octavo, name, text):
    (folder / name).write_text(text, "utf-8")
    for flags in ((), ("--dry-run",)):
        result = octavo("init", *flags)
        assert result.code == 5
        assert result.err.startswith(f"{name}: a configuration is here already")
    assert (folder / name).read_text("utf-8") == text
    assert len(list(folder.iterdir())) == 1


def test_dry_run_writes_nothing(folder, octavo):
    result = octavo("init", "--dry-run", "--formats", "ipynb,md")
    assert 'formats = "ipynb,md"\n' in result.out
    assert result.err == "octavo.toml: would be created\n"
    assert list(folder.iterdir()) == []


def test_json(folder, octavo):
    report = octavo("init", "--dry-run", "--json").json
    assert report["file"] == "octavo.toml"
    assert report["status"] == "would be created"
    assert report["warnings"] == []
    assert tomllib.loads(report["text"]) == {}


def test_jupytext_is_taken_over_beside_its_file(folder, octavo, monkeypatch):
    (folder / "pyproject.toml").write_text(
        '[tool.jupytext]\nformats = "ipynb,py"\ncm_config_log_level = "info"\n', "utf-8"
    )
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")
    result = octavo("init", "--from-jupytext", "--json")
    assert [(w["code"], w["line"]) for w in result.json["warnings"]] == [("OCT-C006", 3)]
    text = (folder / "octavo.toml").read_text("utf-8")
    assert tomllib.loads(text) == {"formats": "ipynb,py"}
    assert "Taken over from [tool.jupytext] of pyproject.toml" in text


def test_jupytext_is_taken_over_into_the_folder_that_was_named(folder, octavo):
    (folder / "jupytext.toml").write_text("comment_magics = true\n", "utf-8")
    (folder / "sub").mkdir()
    assert octavo("init", "sub", "--from-jupytext").code == 0
    assert tomllib.loads((folder / "sub/octavo.toml").read_text("utf-8")) == {
        "comment_magics": True
    }


def test_configuration_of_the_user_is_taken_over_here(folder, octavo, tmp_path):
    (tmp_path / "home/jupytext").mkdir(parents=True)
    (tmp_path / "home/jupytext/jupytext.toml").write_text("rst2md = 1\n", "utf-8")
    assert octavo("init", "--from-jupytext").code == 5
    (tmp_path / "home/jupytext/jupytext.toml").write_text("comment_magics = true\n", "utf-8")
    assert octavo("init", "--from-jupytext").err == "octavo.toml: created\n"


def test_nothing_to_take_over(folder, octavo):
    result = octavo("init", "--from-jupytext")
    assert (result.code, "OCT-C007" in result.err) == (5, True)
    (folder / ".jupytext.py").write_text("raise SystemExit", "utf-8")
    result = octavo("init", "--from-jupytext")
    assert result.code == 5
    assert result.err.startswith(".jupytext.py: is a program")


def test_formats_and_jupytext_exclude_each_other(folder, octavo):
    assert octavo("init", "--from-jupytext", "--formats", "ipynb,py").code == 2
