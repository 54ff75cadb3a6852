"""What a package requires is read from its files; none of them is run."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.binder import package_metadata
from octavo.binder.errors import BinderError


def find(files, extras=()):
    return package_metadata.find(files.get, extras)


def setup_py(arguments, head=""):
    return {"setup.py": f"from setuptools import setup\n{head}setup({arguments})\n"}


def test_no_package():
    assert find({}) is None
    assert find({"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}) is None
    assert find({"setup.cfg": "[flake8]\nignore = E\n"}) is None
    assert find({"setup.py": "print('hello')\n"}) is None


def test_project_table():
    package = find({"pyproject.toml": '[project]\nname="x"\ndependencies=["a>=1", "b; os_name == \'nt\'"]\n'})  # fmt: skip
    assert package.requirements == ("a>=1", "b; os_name == 'nt'")
    assert package.roots == ("src", "")
    assert package.build_requirements == ("setuptools", "wheel")


def test_extras_may_name_each_other():
    text = """
[build-system]
requires = ["hatchling>=1"]
[project]
name = "My.Thing"
dependencies = ["a"]
[project.optional-dependencies]
plot = ["b"]
All_of-it = ["my-thing[plot, test]", "c"]
test = ["d", "my_thing[all-of-it]"]
"""
    package = find({"pyproject.toml": text}, ["all.of.it"])
    assert sorted(package.requirements) == ["a", "b", "c", "d"]
    assert package.build_requirements == ("hatchling>=1",)
    with pytest.raises(BinderError, match="no extra 'none'") as caught:
        find({"pyproject.toml": text}, ["none"])
    assert caught.value.code == "OCT-B114"


def test_dynamic_dependencies_come_from_the_file_that_is_named():
    text = '[project]\nname="x"\ndynamic=["dependencies"]\n[tool.setuptools.dynamic]\ndependencies={file=["r.txt"]}\n'
    files = {"pyproject.toml": text, "r.txt": "# c\na>1 # d\n-r other.txt\n\nb\n"}
    assert find(files).requirements == ("a>1", "b")


def test_dynamic_dependencies_come_from_setup_cfg_or_setup_py():
    text = '[project]\nname="x"\ndynamic=["dependencies"]\n'
    config = {"pyproject.toml": text, "setup.cfg": "[options]\ninstall_requires =\n  a>1\n  b\n"}
    assert find(config).requirements == ("a>1", "b")
    script = {"pyproject.toml": text, **setup_py("install_requires=['c']")}
    assert (find(script).requirements, find(script).file) == (("c",), "setup.py")
    nowhere = find({"pyproject.toml": text})
    assert nowhere.requirements == ()
    assert [notice.code for notice in nowhere.notices] == ["OCT-B115"]


def test_setup_cfg():
    text = "[metadata]\nname = x\n[options]\ninstall_requires =\n  a\n  b; os_name == 'nt'  # x\npackage_dir =\n  =lib\n[options.packages.find]\nwhere = lib\n[options.extras_require]\np =\n  c\n  d\n"
    package = find({"setup.cfg": text}, ["p"])
    assert package.requirements == ("a", "b; os_name == 'nt'", "c", "d")
    assert package.roots == ("lib", "src", "")


def test_poetry():
    text = """
[tool.poetry]
name = "x"
[tool.poetry.dependencies]
python = "^3.11"
a = "^1.2.3"
b = {version = "~0.4", extras = ["y", "z"], markers = "os_name == 'nt'"}
c = {git = "https://a.b/c.git", tag = "v1"}
d = {path = "../d"}
e = {version = "1.0", optional = true}
f = "*"
g = "2.0"
"""
    assert find({"pyproject.toml": text}).requirements == (
        "a>=1.2.3,<2", "b[y,z]>=0.4,<0.5; os_name == 'nt'", "c @ git+https://a.b/c.git@v1", "f",
        "g==2.0",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "head", "requirements"),
    [
        ("install_requires=['a', 'b>1']", "", ("a", "b>1")),
        ("install_requires=('a',)", "", ("a",)),
        ("install_requires=NEEDS", "NEEDS = ['a']\n", ("a",)),
        ("install_requires='a\\nb'", "", ("a", "b")),
        ("name='x'", "", ()),
    ],
)
def test_setup_py_is_read_as_a_tree(arguments, head, requirements):
    package = find(setup_py(arguments, head))
    assert package.requirements == requirements
    assert package.notices == ()


@pytest.mark.parametrize(
    ("arguments", "head"),
    [
        ("install_requires=open('r.txt').read().split()", ""),
        ("install_requires=NEEDS", "NEEDS = ['a']\nNEEDS = ['b']\n"),
        ("install_requires=['a', NAME]", ""),
        ("**OPTIONS", ""),
    ],
)
def test_what_is_computed_is_a_warning(arguments, head):
    package = find(setup_py(arguments, head))
    assert package.requirements == ()
    assert [notice.code for notice in package.notices] == ["OCT-B115"]


def test_setup_py_is_never_run(tmp_path):
    trap = tmp_path / "trap"
    find(setup_py("install_requires=['a']", f"open({str(trap)!r}, 'w')\n"))
    assert not trap.exists()


def test_setup_py_by_any_name_of_setup():
    text = "import setuptools as s\nif True:\n    s.setup(install_requires=['a'], package_dir={'': 'lib'})\n"
    package = find({"setup.py": text})
    assert (package.requirements, package.roots) == (("a",), ("lib", "src", ""))


def test_folders_of_build_tools_that_lie_outside_are_passed_over():
    text = '[project]\nname="x"\n[tool.setuptools]\npackage-dir={""="../y"}\n[tool.setuptools.packages.find]\nwhere=["/etc", "lib"]\n[tool.hatch.build.targets.wheel]\npackages=["code/x"]\n'
    assert find({"pyproject.toml": text}).roots == ("lib", "code", "src", "")


def test_odd_requirements_are_left_out_with_a_warning():
    text = '[project]\nname="x"\ndependencies=["a", "b\\nc", "--index-url=x", "d $(id)"]\n'
    package = find({"pyproject.toml": text})
    assert package.requirements == ("a",)
    assert [notice.code for notice in package.notices] == ["OCT-B116"] * 3


@given(st.sampled_from(package_metadata.FILES), st.text(max_size=80))
def test_any_file_is_read_or_refused(name, text):
    with contextlib.suppress(BinderError):
        find({name: text})


@given(st.lists(st.text(max_size=12), max_size=4))
def test_odd_tables_do_no_harm(values):
    import json

    for key in ("name", "dependencies", "dynamic", "optional-dependencies"):
        find({"pyproject.toml": f"[project]\nname='x'\n[tool.poetry]\n'{key}' = {_toml(values)}\n"})
        if key != "name":
            find({"pyproject.toml": f"[project]\nname='x'\n'{key}' = {json.dumps(len(values))}\n"})


def _toml(values):
    import json

    texts = (value.encode("ascii", "backslashreplace").decode() for value in values)
    return "[" + ", ".join(json.dumps(text).replace("\\u007f", "") for text in texts) + "]"
