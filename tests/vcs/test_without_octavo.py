"""Git goes on where Octavo is gone: nothing blocks, and nothing of a file is changed."""

import os
import shlex
import subprocess
import sys

import pytest

from octavo.vcs import commands, setup
from octavo.vcs.filter_process import Rules
from vcs.git_sandbox import ENVIRONMENT, notebook

STRIP = Rules(outputs=True)
ODD_NAMES = ["n.ipynb", "-x.ipynb", "a b'\".ipynb", "d/é$HOME;.ipynb", "100%P.ipynb"]


@pytest.fixture
def no_octavo(repo, monkeypatch):
    """Take `octavo` from the PATH."""
    monkeypatch.setitem(ENVIRONMENT, "PATH", "/usr/bin:/bin")
    return repo


def install(repo, python, rules=STRIP):
    git = os.fspath(repo.path / ".git/config")
    where = setup.Places(git, os.fspath(repo.path / ".gitattributes"))
    return setup.install(where, os.fspath(python), rules, [])


def broken_pythons(folder):
    """Return a Python that is not there, one without Octavo, and one that cannot be started."""
    empty = folder / "my 'py\"" / "python"
    empty.parent.mkdir()
    empty.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -I -S "$@"\n')
    empty.chmod(0o755)
    odd = folder / "odd"
    odd.write_bytes(b"\x7fELF nothing")
    odd.chmod(0o755)
    return [folder / "gone/py thon", empty, odd]


@pytest.fixture(params=range(3), ids=["gone", "without octavo", "not a program"])
def python(request, tmp_path):
    return broken_pythons(tmp_path)[request.param]


def test_status_diff_add_commit_and_checkout_go_on(no_octavo, python):
    repo = no_octavo
    files = {name: notebook(f"x = {n}") for n, name in enumerate(ODD_NAMES)}
    repo.commit(files)
    install(repo, python)
    edited = {name: notebook("edited") for name in ODD_NAMES}
    repo.put(edited)
    assert repo.git("status", "--porcelain", "-z").count("ipynb") == len(ODD_NAMES)
    assert repo.git("diff").count('+    "edited"') == len(ODD_NAMES)
    repo.commit()
    assert repo.raw("show", "HEAD:n.ipynb") == edited["n.ipynb"]
    assert '+    "edited"' in repo.git("log", "-p", "-1")
    repo.git("checkout", "-q", "HEAD~1")
    for name, data in files.items():
        assert (repo.path / name).read_bytes() == data
    assert repo.git("status", "--porcelain") == ""


def test_merges_are_those_of_git(no_octavo, python):
    repo = no_octavo
    many = [f"line {n}" for n in range(9)]
    repo.commit({"a b.ipynb": notebook(*many), "c.ipynb": notebook("x")})
    repo.git("checkout", "-qb", "side")
    repo.commit({"a b.ipynb": notebook("theirs", *many[1:]), "c.ipynb": notebook("theirs")})
    repo.git("checkout", "-q", "main")
    repo.commit({"a b.ipynb": notebook(*many[:-1], "ours"), "c.ipynb": notebook("ours")})
    install(repo, python)
    assert b"CONFLICT" in repo.raw("merge", "side", check=False)
    assert (repo.path / "a b.ipynb").read_bytes() == notebook("theirs", *many[1:-1], "ours")
    text = (repo.path / "c.ipynb").read_text()
    assert '<<<<<<< ours\n    "ours"\n=======\n    "theirs"\n>>>>>>> theirs\n' in text
    assert repo.git("diff", "--name-only", "--diff-filter=U") == "c.ipynb"


def test_an_octavo_of_the_path_stands_in_for_a_python_that_is_gone(repo):
    install(repo, "/no/such/python")
    repo.commit({"n.ipynb": notebook("x = 1")})
    assert b'"outputs": []' in repo.raw("show", "HEAD:n.ipynb")


def test_the_python_of_the_install_needs_no_path(no_octavo, octavo):
    repo = no_octavo
    octavo("git", "install", "-q", "--strip-outputs")
    repo.commit({name: notebook("x = 1", "y = 2") for name in ODD_NAMES})
    assert b'"outputs": []' in repo.raw("show", "HEAD:n.ipynb")
    repo.put({name: notebook("x = 1", "y = 3") for name in ODD_NAMES})
    assert repo.git("diff").count("\n-y = 2\n+y = 3") == len(ODD_NAMES)


def tagged(data, tag):
    """Return a notebook with a tag on each cell: git cannot merge two such lists, Octavo can."""
    return data.replace(b'"metadata": {}', b'"metadata": {"tags": ["%b"]}' % tag)


def test_python_with_odd_signs_in_its_path(no_octavo, tmp_path):
    repo = no_octavo
    odd = tmp_path / "my 'p\"y\\ %O $(x)" / "python"
    odd.parent.mkdir()
    odd.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    odd.chmod(0o755)
    install(repo, odd)
    repo.commit({"n.ipynb": notebook("x", "y")})
    repo.git("checkout", "-qb", "side")
    repo.commit({"n.ipynb": tagged(notebook("x = 1", "y"), b"one")})
    repo.git("checkout", "-q", "main")
    repo.commit({"n.ipynb": tagged(notebook("x", "Y"), b"two")})
    repo.git("merge", "-q", "side")  # git alone would have a conflict
    assert b'"one"' in repo.raw("show", "HEAD:n.ipynb")
    assert b'"two"' in repo.raw("show", "HEAD:n.ipynb")
    assert b'"x = 1"' in repo.raw("show", "HEAD:n.ipynb")
    assert "+x = 1" in repo.git("diff", "HEAD~1").splitlines()
    assert b'"Y"' in repo.raw("show", "HEAD:n.ipynb")
    assert b'"outputs": []' in repo.raw("show", "HEAD:n.ipynb")
    assert commands.python_of(repo.git("config", "diff.octavo.textconv")) == os.fspath(odd)


def test_no_module_of_the_users_folder_is_imported(no_octavo, octavo):
    """A folder that somebody else wrote must not run when git shows it."""
    repo = no_octavo
    trap = "raise SystemExit(open('trapped', 'w').close())\n"
    repo.put({"json.py": trap, "octavo/__init__.py": trap, "difflib.py": trap, "re.py": trap})
    octavo("git", "install", "-q", "--strip-outputs")
    repo.commit({"n.ipynb": notebook("x")})
    repo.put({"n.ipynb": notebook("y")})
    assert "-x\n+y" in repo.git("diff")
    assert not (repo.path / "trapped").exists()


def test_the_single_filters_of_old_versions_go_on_too(no_octavo, python):
    repo = no_octavo
    install(repo, python)
    repo.put({"n.ipynb": notebook("x")})
    repo.git("-c", "filter.octavo.process=", "add", "-A")
    assert repo.raw("show", ":n.ipynb") == notebook("x")


def test_one_start_for_all_files(repo, octavo, tmp_path, monkeypatch):
    starts = tmp_path / "starts"
    counting = tmp_path / "python"
    python = shlex.quote(sys.executable)
    counting.write_text(f'#!/bin/sh\necho x >>{shlex.quote(str(starts))}\nexec {python} "$@"\n')
    counting.chmod(0o755)
    install(repo, counting)
    repo.put({f"n{n}.ipynb": notebook(f"{n}") for n in range(20)})
    repo.git("add", "-A")
    assert starts.read_text() == "x\n"
    assert b'"outputs": []' in repo.raw("show", ":n7.ipynb")


def test_a_fault_in_the_middle_lets_the_files_through(repo, octavo, monkeypatch):
    """Octavo fails after its greeting: no second greeting comes, and git adds all files."""
    fault = "import octavo.vcs.filter_process as f, sys\nf.clean = None\n"
    main = "sys.argv[0] = 'octavo'\nfrom octavo.cli import main\nsys.exit(main())\n"
    program = repo.path.parent / "bin/octavo"
    program.write_text(f"#!{sys.executable}\n{fault}{main}")
    install(repo, "/no/such/python")
    files = {f"n{n}.ipynb": notebook(f"{n}") for n in range(3)}
    repo.put(files)
    done = subprocess.run(
        ["git", "-C", repo.path, "add", "-A"], env=ENVIRONMENT, capture_output=True,
        text=True, check=True, timeout=60,
    )  # fmt: skip
    assert "goes through as it is" in done.stderr
    assert repo.raw("show", ":n1.ipynb") == files["n1.ipynb"]


def test_status_tells_that_the_python_is_gone(repo, octavo):
    install(repo, "/no/such/python")
    code, out, _ = octavo("git", "status")
    assert code == 0
    assert "/no/such/python is gone: run `octavo git install` again" in out
    octavo("git", "install", "-q")
    assert "is gone" not in octavo("git", "status")[1]
