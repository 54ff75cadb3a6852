"""The postBuild that is made runs, and does what it is for."""

import os
import shlex
import shutil
import subprocess
import sys
import venv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.binder.package_scripts import post_build

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """A Python of its own, without pip, as an image has one."""
    place = tmp_path_factory.mktemp("prefix")
    venv.create(place, with_pip=False, symlinks=True)
    return place


def run(tmp_path, text, python, **variables):
    script = tmp_path / "image" / "binder" / "postBuild"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(text)
    script.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    environment = {
        "PATH": f"{python / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": os.fspath(home),
        **variables,
    }
    done = subprocess.run(
        ["./binder/postBuild"], cwd=tmp_path / "image", env=environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return home


def imports(python, module):
    program = [python / "bin/python3", "-c", f"import {module}"]
    return subprocess.run(program, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("folder", ["course", "a b", "$(touch trap)", "x'y\"z`id`", "-c", "ü"])
def test_package_can_be_imported_after_the_pull(tmp_path, python, folder):
    home = run(tmp_path, post_build(folder=folder, roots=["src", ""]), python)
    for i, place in enumerate(["", "src"]):
        module = f"module{i}"
        assert not imports(python, module)
        target = home / folder / place
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{module}.py").write_text("")
        assert imports(python, module)
    assert not list(tmp_path.rglob("trap"))


def test_folder_of_the_repository_counts_where_it_is_set(tmp_path, python):
    place = tmp_path / "srv"
    (place / "course").mkdir(parents=True)
    (place / "course" / "served.py").write_text("")
    run(tmp_path, post_build(folder="course", roots=[""]), python, REPO_DIR=os.fspath(place))
    assert imports(python, "served")


def test_script_of_the_user_is_run_with_its_result(tmp_path, python):
    user = tmp_path / "image/binder/postBuild-content"
    user.parent.mkdir(parents=True)
    user.write_text('#!/bin/sh\npwd > where; echo "$0" > name\n')
    user.chmod(0o755)
    run(tmp_path, post_build(folder="c", roots=[""], user_script=user.name), python)
    assert (tmp_path / "image/where").read_text().strip() == os.fspath(tmp_path / "image")
    user.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(AssertionError):
        run(tmp_path, post_build(user_script=user.name), python)


def test_requirements_are_words_of_one_command(tmp_path, python):
    text = post_build(requirements=["a>=1; python_version < '4'", "b"])
    log = tmp_path / "words"
    fake = tmp_path / "bin" / "python3"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {log}\n')
    fake.chmod(0o755)
    run(tmp_path, text, python, PATH=f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    assert log.read_text().split("\n") == [
        "-m", "pip", "install", "--no-cache-dir", "a>=1; python_version < '4'", "b", "",
    ]  # fmt: skip


def test_editable_hook_installs_once_for_each_commit(tmp_path, python):
    text = post_build(folder="course's", roots=[""], is_editable=True)
    home = run(tmp_path, text, python)
    hook = home / ".ipython/profile_default/startup/00-octavo-content.py"
    course = home / "course's"
    log = tmp_path / "log"
    pip = tmp_path / "modules" / "pip"
    pip.mkdir(parents=True)
    (pip / "__init__.py").write_text("")
    (pip / "__main__.py").write_text(
        f"import sys\nopen({str(log)!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
    )
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": os.fspath(home),
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@b", "PYTHONPATH": os.fspath(pip.parent),
        "GIT_CEILING_DIRECTORIES": os.fspath(home),
    }  # fmt: skip

    def start_kernel():
        program = [python / "bin/python3", hook]
        done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def git(*words):
        subprocess.run(["git", "-C", course, *words], env=environment, check=True)

    start_kernel()
    assert not log.exists()
    course.mkdir()
    git("init", "-q")
    for n in (1, 2):
        git("commit", "-q", "--allow-empty", "-m", str(n))
        start_kernel()
        start_kernel()
        assert log.read_text().count("\n") == n
    assert "install --quiet --no-deps --no-build-isolation --editable" in log.read_text()


WORDS = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=12)


@given(WORDS, st.lists(WORDS, max_size=3), st.lists(WORDS, min_size=1, max_size=3), WORDS)
def test_every_word_is_quoted_for_the_shell(folder, roots, requirements, user):
    text = post_build(folder=folder, roots=roots, requirements=requirements, user_script=user)
    lines = text.split("\n")
    pip = next(line for line in lines if line.startswith("python3 -m pip"))
    assert shlex.split(pip)[5:] == requirements
    write = next(line for line in lines if line.startswith("python3 - "))
    assert shlex.split(write.removesuffix("<<'OCTAVO'"))[2:] == ["path", folder, *roots]
    call = next(line for line in lines if line.startswith("exec "))
    assert shlex.split(call)[1] == f"$(dirname $0)/{user}"


def test_python_in_the_script_is_as_old_as_images_may_be():
    import ast

    text = post_build(folder="x", roots=[""], is_editable=True)
    program = text.partition("<<'OCTAVO'\n")[2].partition("\nOCTAVO\n")[0]
    ast.parse(program, feature_version=(3, 7))
    assert sys.version_info >= (3, 11)
