"""Which configuration file rules: nearest first, Octavo's before Jupytext's, never a program."""

import json

import pytest

from octavo.core.errors import ConfigError
from octavo.core.globs import matches
from octavo.workspace import config

OURS = 'formats = "ipynb,py:percent"\n'
THEIRS = 'formats = "ipynb,md"\n'


@pytest.fixture
def tree(tmp_path):
    """A folder `a/b` in an otherwise empty world; returns what rules a file in it."""
    (tmp_path / "a/b").mkdir(parents=True)

    class Tree:
        def __init__(self):
            self.environ = {
                "OCTAVO_CEILING_DIRECTORIES": str(tmp_path),
                "XDG_CONFIG_HOME": str(tmp_path / "home"),
                "XDG_CONFIG_DIRS": str(tmp_path / "system"),
            }

        def put(self, name, text):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

        def ruler(self, name="a/b/n.py"):
            found = config.load(str(tmp_path / name), self.environ)
            return found.file.removeprefix(f"{tmp_path}/")

        def load(self, name="a/b/n.py"):
            return config.load(str(tmp_path / name), self.environ)

    return Tree()


def test_nearest_rules_alone(tree):
    tree.put("octavo.toml", OURS + "comment_magics = true\n")
    tree.put("a/octavo.toml", THEIRS)
    assert tree.ruler() == "a/octavo.toml"
    assert tree.load().options_for("a/b/n.py") == {}


def test_order_in_one_folder(tree):
    order = [
        ("a/pyproject.toml", f"[tool.octavo]\n{OURS}[tool.jupytext]\n{THEIRS}"),
        ("a/.jupytext.yaml", "formats: ipynb,md\n"),
        ("a/.jupytext", THEIRS),
        ("a/jupytext.json", json.dumps({"formats": "ipynb,md"})),
        ("a/jupytext.yml", "formats: ipynb,md\n"),
        ("a/jupytext.toml", THEIRS),
        ("a/jupytext", THEIRS),
    ]
    for name, text in order[1:]:
        tree.put(name, text)
        assert tree.ruler() == name
    tree.put(*order[0])
    assert tree.ruler() == "a/pyproject.toml"
    assert tree.load().dialect == "octavo"
    tree.put("a/octavo.toml", OURS)
    assert tree.ruler() == "a/octavo.toml"


def test_jupytext_file_goes_before_its_section(tree):
    tree.put("a/pyproject.toml", f"[tool.jupytext]\n{THEIRS}")
    assert tree.ruler() == "a/pyproject.toml"
    tree.put("a/.jupytext.json", "{}")
    assert tree.ruler() == "a/.jupytext.json"


def test_search_for_ours_ends_at_the_repository(tree):
    tree.put("octavo.toml", OURS)
    tree.put("a/.git/HEAD", "")
    assert tree.ruler() == ""
    tree.put("jupytext.toml", THEIRS)
    assert tree.ruler() == "jupytext.toml"


def test_repository_root_itself_counts(tree):
    tree.put("a/octavo.toml", OURS)
    tree.put("a/.git", "gitdir: elsewhere\n")
    assert tree.ruler() == "a/octavo.toml"


def test_search_for_ours_ends_at_home(tree, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "a"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "a"))
    tree.put("octavo.toml", OURS)
    assert tree.ruler() == ""


@pytest.mark.parametrize("name", ["OCTAVO_CEILING_DIRECTORIES", "JUPYTEXT_CEILING_DIRECTORIES"])
def test_nobody_looks_above_a_ceiling(tree, tmp_path, name):
    tree.put("octavo.toml", OURS)
    tree.put("jupytext.toml", THEIRS)
    tree.environ = {**tree.environ, name: f"/elsewhere:{tmp_path}/a/"}
    assert tree.ruler() == ""
    tree.put("a/jupytext.toml", THEIRS)
    assert tree.ruler() == "a/jupytext.toml"


def test_global_files_come_last_and_have_no_root(tree):
    order = [
        "system/jupytext.toml", "system/jupytext/jupytext.toml", "system/octavo/octavo.toml",
        "home/.jupytext", "home/octavo.toml", "home/jupytext/jupytext.yml", "home/octavo/octavo.toml",
    ]  # fmt: skip
    for name in order:
        tree.put(name, "formats: ipynb,py\n" if name.endswith("yml") else OURS)
        assert tree.ruler() == name
        assert tree.load().root == ""
    assert tree.load().formats_for("a/b/n.py") == ["ipynb,py:percent"]


@pytest.mark.parametrize("sign", [".git/HEAD", "pyproject.toml"])
def test_a_clone_in_the_home_folder_is_not_the_configuration_of_its_user(tree, sign):
    tree.put("home/octavo/octavo.toml", OURS)
    tree.put(f"home/octavo/{sign}", "")
    assert tree.ruler() == ""
    assert tree.ruler("home/octavo/n.py") == "home/octavo/octavo.toml"


def test_rules_of_global_files_fit_names(tree, tmp_path):
    tree.put("home/octavo/octavo.toml", '[[rules]]\npaths = "*.Rmd"\nformats = "ipynb,Rmd"\n')
    assert tree.load().formats_for(str(tmp_path / "a/n.Rmd")) == ["ipynb,Rmd"]


@pytest.mark.parametrize(
    "text",
    [
        "[tool.other\nbroken = [",
        'dependencies = ["jupytext", "octavo"]\n[tool.other]\na = False',
        "[tool.poe.tasks]\noctavo = 1\n",
        '# [tool.jupytext] is not used\n[project]\nname = "octavo"\n',
    ],
)
def test_pyproject_of_others_is_passed_over(tree, text):
    tree.put("a/b/pyproject.toml", text)
    tree.put("octavo.toml", OURS)
    assert tree.ruler() == "octavo.toml"


@pytest.mark.parametrize(
    "text",
    [
        "[tool.octavo]\nformats = 'ipynb,py'\n",
        "[ tool . \"octavo\" ]\nformats = 'ipynb,py'\n",
        "[tool]\noctavo.formats = 'ipynb,py'\n",
        "tool.octavo.formats = 'ipynb,py'\n",
        "tool = { octavo = { formats = 'ipynb,py' } }\n",
        "[[tool.octavo.rules]]\npaths = '**'\nformats = 'ipynb,py'\n",
    ],
)
def test_section_is_found_however_it_is_written(tree, tmp_path, text):
    tree.put("a/pyproject.toml", text)
    assert tree.load().formats_for(str(tmp_path / "a/b/n.py")) == ["ipynb,py"]


def test_broken_pyproject_with_our_section_is_an_error(tree):
    tree.put("a/pyproject.toml", "[tool.octavo]\nformats = False\n")
    with pytest.raises(ConfigError) as caught:
        tree.ruler()
    assert (caught.value.code, caught.value.span.line) == ("OCT-C003", 2)


def test_octavo_toml_rules_over_broken_pyproject(tree):
    tree.put("a/pyproject.toml", "[tool.octavo]\nformats = False\n")
    tree.put("a/octavo.toml", OURS)
    assert tree.ruler() == "a/octavo.toml"


def test_program_is_not_run_and_ends_the_search(tree):
    tree.put("octavo.toml", OURS)
    tree.put("a/.jupytext.py", "raise SystemExit('run!')")
    found = tree.load()
    assert (found.file, found.formats_for("a/b/n.py")) == ("", None)
    assert [notice.code for notice in found.notices] == ["OCT-C004"]


def test_folder_called_jupytext_is_no_file(tree):
    tree.put("a/jupytext/code.py", "")
    tree.put("octavo.toml", OURS)
    assert tree.ruler() == "octavo.toml"


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        ("lessons/**", ["lessons/a", "lessons/a/b.md"], ["lessons", "x/lessons/a"]),
        ("lessons/", ["lessons/a", "x/lessons/a/b"], ["lessons", "lessonsx/a"]),
        ("/lessons/", ["lessons/a"], ["x/lessons/a"]),
        ("*.md", ["a.md", "x/y/a.md"], ["a.mdx", "md"]),
        ("./*.md", ["a.md"], ["x/a.md"]),
        ("a/**/b.py", ["a/b.py", "a/x/y/b.py"], ["a/xb.py", "b.py"]),
        ("a?.py", ["ab.py"], ["a/.py", "a.py"]),
        ("a+(b).py", ["a+(b).py"], ["aab.py"]),
        ("**", ["a", "a/b"], []),
    ],
)
def test_patterns(pattern, fits, does_not):
    assert [path for path in fits if not matches(pattern, path)] == []
    assert [path for path in does_not if matches(pattern, path)] == []
