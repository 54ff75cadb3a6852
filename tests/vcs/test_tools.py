"""`git difftool` and `git mergetool` with Octavo."""

import json

import pytest

from vcs.git_sandbox import notebook

NAME = "a 'b.ipynb"


@pytest.fixture
def branches(repo):
    """Return a repository in a merge: git alone could not merge `NAME`; `c.ipynb` is new in both."""
    repo.commit({NAME: notebook("x = 1", "y = 1")})
    repo.git("checkout", "-qb", "side")
    repo.commit({NAME: notebook("x = 1", "y = 2", outputs=False), "c.ipynb": notebook("c", "d")})
    repo.git("checkout", "-q", "main")
    repo.commit({NAME: notebook("x = 3", "y = 1"), "c.ipynb": notebook("c", "d", "e")})
    return repo


def test_mergetool_finishes_what_has_no_conflict(branches, octavo):
    repo = branches
    assert b"CONFLICT" in repo.raw("merge", "side", check=False)
    octavo("git", "install", "-q")
    repo.git("mergetool", "-y", "-t", "octavo")
    assert repo.git("diff", "--name-only", "--diff-filter=U") == ""
    sources = [["".join(cell["source"]) for cell in json.loads(repo.raw("show", f":{name}"))["cells"]]
               for name in (NAME, "c.ipynb")]  # fmt: skip
    assert sources == [["x = 3", "y = 2"], ["c", "d", "e"]]


def test_mergetool_leaves_conflicts_as_cells_and_the_file_unmerged(branches, octavo):
    repo = branches
    repo.commit({NAME: notebook("x = 3", "y = 3")})
    repo.raw("merge", "side", check=False)
    octavo("git", "install", "-q")
    repo.raw("mergetool", "-y", "-t", "octavo", NAME, check=False)
    assert repo.git("diff", "--name-only", "--diff-filter=U").splitlines() == [NAME, "c.ipynb"]
    cells = json.loads((repo.path / NAME).read_bytes())["cells"]
    assert ["".join(cell["source"]) for cell in cells[2:]] == ["y = 3", "y = 2"]
    assert octavo("resolve", NAME, "--theirs")[0] == 0
    cells = json.loads((repo.path / NAME).read_bytes())["cells"]
    assert ["".join(cell["source"]) for cell in cells] == ["x = 3", "y = 2"]


@pytest.mark.parametrize("flags", [["-y"], ["--dir-diff"]])
def test_difftool_shows_cells(branches, octavo, flags):
    repo = branches
    octavo("git", "install", "-q")
    told = repo.git("difftool", *flags, "-t", "octavo", "main", "side", "--", NAME)
    assert "-x = 3\n+x = 1\n" in told
    assert "execution_count" not in told
