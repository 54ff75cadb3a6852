"""The hooks of .pre-commit-hooks.yaml, run by prek."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HEADER = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n\n"
BIN = Path(sys.executable).parent
PREK = shutil.which("prek", path=f"{BIN}{os.pathsep}{os.environ['PATH']}")

needs_prek = pytest.mark.skipif(PREK is None, reason="prek is not installed: hooks are not proved")


def test_every_entry_is_a_command_line_that_octavo_takes():
    from octavo.cli import _parser, load

    for hook in yaml.safe_load(MANIFEST.read_text()):
        program, name, *words = shlex.split(hook["entry"])
        assert program == "octavo"
        arguments = [*words, *hook.get("args", []), *(["cat"] if name == "pipe" else []), "a.ipynb"]
        assert _parser.parse(_parser.of_command(name, load(name)), arguments) is not None


def test_hooks_of_pairs_look_at_every_format():
    from octavo.formats import _index

    hooks = yaml.safe_load(MANIFEST.read_text())
    for pattern in [hook["files"] for hook in hooks if "files" in hook]:
        assert all(re.search(pattern, f"a{suffix}") for suffix in _index.SUFFIXES)


@needs_prek
def test_manifest_is_valid():
    subprocess.run([PREK, "validate-manifest", MANIFEST], check=True, capture_output=True)


class Repository:
    """A repository whose commits run one hook, with the Octavo of this environment."""

    def __init__(self, folder, hook_id, args=None):
        self.folder = folder
        self.environ = {
            **os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PREK_HOME": str(folder.parent / "prek"),
            "GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "a@b",
            "GIT_COMMITTER_NAME": "n", "GIT_COMMITTER_EMAIL": "a@b",
        }  # fmt: skip
        [hook] = [hook for hook in yaml.safe_load(MANIFEST.read_text()) if hook["id"] == hook_id]
        hook = {**hook, "language": "system", **({"args": args} if args else {})}
        self.git("init", "-q")
        config = {"repos": [{"repo": "local", "hooks": [hook]}]}
        (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
        (folder / "a.py").write_text(HEADER + "# %%\nx=1\n")
        self.run(sys.executable, "-m", "octavo", "sync", "-q")
        self.git("add", ".")
        self.git("commit", "-qm", "first")
        self.run(PREK, "install", "-q")

    def run(self, *words):
        return subprocess.run(
            words, cwd=self.folder, env=self.environ, capture_output=True, text=True, check=True
        )

    def git(self, *words):
        return self.run("git", *words).stdout

    def commit(self):
        """Return the exit code of a commit and what was said."""
        done = subprocess.run(
            ["git", "commit", "-m", "x"], cwd=self.folder, env=self.environ,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def edit(self, old, new):
        path = self.folder / "a.py"
        path.write_text(path.read_text().replace(old, new))


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "r").mkdir()
    return lambda *arguments: Repository(tmp_path / "r", *arguments)


@needs_prek
def test_sync_stops_a_commit_until_the_twin_is_staged(repository):
    here = repository("octavo-sync")
    here.edit("x=1", "x=2")
    here.git("add", "a.py")
    code, said = here.commit()
    assert code != 0
    assert "not staged as it is now: `git add a.ipynb`" in said
    here.git("add", "a.ipynb")
    assert here.commit()[0] == 0
    assert "x=2" in here.git("show", "HEAD:a.ipynb")


@needs_prek
def test_twin_that_git_ignores_needs_not_be_staged(repository):
    here = repository("octavo-sync")
    here.git("rm", "-q", "--cached", "a.ipynb")
    (here.folder / ".gitignore").write_text("*.ipynb\n")
    here.edit("x=1", "x=2")
    here.git("add", "a.py", ".gitignore")
    assert here.commit()[0] == 0


@needs_prek
def test_check_stops_a_commit_and_writes_nothing(repository):
    here = repository("octavo-sync-check")
    here.edit("x=1", "x=2")
    here.git("add", "a.py")
    before = (here.folder / "a.ipynb").read_bytes()
    code, said = here.commit()
    assert (code != 0, "would be updated" in said) == (True, True)
    assert (here.folder / "a.ipynb").read_bytes() == before


@needs_prek
def test_pipe_changes_the_notebook_and_stops_the_commit(repository):
    here = repository("octavo-pipe", ["sed s/=/\\ =\\ /"])
    path = here.folder / "a.ipynb"
    path.write_text(path.read_text().replace("x=1", "y=1"))
    here.git("add", "a.ipynb")
    code, said = here.commit()
    assert code != 0
    assert "files were modified by this hook" in said
    assert "y = 1" in path.read_text()


@needs_prek
def test_convert_check_lets_a_good_notebook_pass(repository):
    here = repository("octavo-convert-check")
    path = here.folder / "a.ipynb"
    path.write_text(path.read_text().replace("x=1", "y=1"))
    here.git("add", "a.ipynb")
    assert here.commit()[0] == 0
