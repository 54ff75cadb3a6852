"""Merges of notebooks through real git: no questions about outputs, and no line is lost."""

import json
import random

import pytest

from octavo.vcs.errors import VcsError
from octavo.vcs.merge_driver import Versions, merge_versions
from vcs.git_sandbox import notebook

CELLS = 24


def executed(sources, run):
    """Return a notebook of 24 cells, half of them prose, all of its code run anew."""
    cells, count = [], run * 100
    for n, source in enumerate(sources):
        cell = {"cell_type": "code" if n % 2 else "markdown", "id": f"c{n}", "metadata": {}}
        cell["source"] = source.splitlines(True)
        if n % 2:
            count += 1
            cell["execution_count"] = count
            text = [f"{source} in run {run}\n"]
            cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": text}]
        cells.append(cell)
    metadata = {"language_info": {"name": "python", "version": f"3.{run}"}}
    found = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(found, indent=1, sort_keys=True) + "\n").encode()


def read(repo):
    with open(repo.path / "n.ipynb", encoding="utf-8") as fp:
        return json.load(fp)["cells"]


def merge_two_branches(repo, base, ours, theirs):
    """Commit a base and two branches, merge them, and return the exit code of git."""
    repo.git("checkout", "-q", "--orphan", "again")
    repo.commit({"n.ipynb": base})
    repo.git("checkout", "-qB", "side")
    repo.commit({"n.ipynb": theirs})
    repo.git("checkout", "-qB", "main", "again")
    repo.commit({"n.ipynb": ours})
    merged = repo.raw("merge", "--no-edit", "side", check=False)
    clean = b"CONFLICT" not in merged
    repo.git("branch", "-qD", "again", "side")
    return clean


def draw_edits(draw):
    """Return sources, and those of two branches that edit different cells."""
    sources = [f"cell {n}\nsecond line" for n in range(CELLS)]
    ours, theirs = list(sources), list(sources)
    mine, yours = draw.sample(range(CELLS), 2)
    ours[mine], theirs[yours] = f"ours {draw.random()}", f"theirs {draw.random()}\nmore"
    return sources, ours, theirs, mine, yours


def check_merges(repo, octavo, count):
    assert octavo("git", "install", "-q")[0] == 0
    repo.commit()
    for n in range(count):
        base, ours, theirs, mine, yours = draw_edits(random.Random(n))
        assert merge_two_branches(repo, executed(base, 1), executed(ours, 2), executed(theirs, 3))
        cells = read(repo)
        assert ["".join(cell["source"]) for cell in cells] == [
            theirs[k] if k == yours else ours[k] for k in range(CELLS)
        ]
        for k, cell in enumerate(cells):
            if k % 2:
                run = 3 if k == yours else 2
                text = theirs[k] if k == yours else ours[k]
                assert cell["outputs"][0]["text"] == [*f"{text} in run {run}\n".splitlines(True)]
        del mine


def test_different_cells_merge_with_the_right_outputs(repo, octavo):
    check_merges(repo, octavo, 6)


@pytest.mark.slow
def test_two_hundred_merges_have_no_conflict(repo, octavo):
    check_merges(repo, octavo, 200)


def test_git_alone_has_conflicts_in_the_same_merges(repo):
    clean = 0
    for n in range(6):
        base, ours, theirs, _, _ = draw_edits(random.Random(n))
        clean += merge_two_branches(repo, executed(base, 1), executed(ours, 2), executed(theirs, 3))
        repo.raw("merge", "--abort", check=False)
    assert clean == 0


def test_a_conflict_is_cells_and_resolve_finishes_it(repo, octavo):
    octavo("git", "install", "-q")
    repo.commit()
    base, ours, theirs = (notebook("x = 1", source) for source in ("y = 0", "y = 1", "y = 2"))
    assert not merge_two_branches(repo, base, ours, theirs)
    sources = ["".join(cell["source"]) for cell in read(repo)]
    assert sources[0] == "x = 1"
    assert sources[2:] == ["y = 1", "y = 2"]
    assert "Conflict" in sources[1]
    code, _, err = octavo("resolve", "n.ipynb", "--theirs")
    assert (code, err) == (0, "n.ipynb: updated\n")
    assert ["".join(cell["source"]) for cell in read(repo)] == ["x = 1", "y = 2"]
    repo.git("add", "n.ipynb")
    repo.git("commit", "-qm", "resolved")
    assert octavo("resolve", "n.ipynb")[2] == "n.ipynb: no conflict to resolve\n"


def test_rebase_cherry_pick_and_stash_use_it_too(repo, octavo):
    octavo("git", "install", "-q")
    repo.commit({"n.ipynb": notebook("a", "b", "c")})
    repo.git("checkout", "-qb", "side")
    repo.commit({"n.ipynb": notebook("a", "b", "C")})
    repo.git("checkout", "-q", "main")
    repo.commit({"n.ipynb": notebook("A", "b", "c")})
    repo.git("cherry-pick", "side")
    assert ["".join(cell["source"]) for cell in read(repo)] == ["A", "b", "C"]
    repo.put({"n.ipynb": notebook("A", "B", "C")})
    repo.git("stash")
    repo.commit({"n.ipynb": notebook("AA", "b", "C")})
    repo.git("stash", "pop")
    assert ["".join(cell["source"]) for cell in read(repo)] == ["AA", "B", "C"]
    repo.git("checkout", "-q", "-f", "side")
    repo.git("rebase", "-q", "main")
    assert ["".join(cell["source"]) for cell in read(repo)] == ["AA", "b", "C"]


def test_both_sides_added_the_file(repo, octavo):
    octavo("git", "install", "-q")
    repo.commit()
    repo.git("checkout", "-qb", "side")
    repo.commit({"n.ipynb": notebook("a", "b")})
    repo.git("checkout", "-q", "main")
    repo.commit({"n.ipynb": notebook("a", "b", "c")})
    repo.git("merge", "--no-edit", "side")
    assert ["".join(cell["source"]) for cell in read(repo)] == ["a", "b", "c"]


def test_a_broken_version_is_told_and_ours_stays(repo, octavo):
    octavo("git", "install", "-q")
    repo.commit()
    assert not merge_two_branches(repo, notebook("a"), notebook("b"), b"{broken")
    assert (repo.path / "n.ipynb").read_bytes() == notebook("b")
    with pytest.raises(VcsError) as fault:
        merge_versions(Versions(b"", notebook("a"), b"{", "n.ipynb"))
    assert fault.value.code == "OCT-V020"


def test_texts_merge_by_cell_and_keep_their_layout():
    base, ours, theirs = (
        f"# %%\n{a}\n\n\n# %%   title\n{b}\n".encode()
        for a, b in (("1", "2"), ("ONE", "2"), ("1", "TWO"))
    )
    result = merge_versions(Versions(base, ours, theirs, "n.py"))
    assert result.data.decode() == "# %%\nONE\n\n\n# %%   title\nTWO\n"
    assert result.conflicts == []


def test_ids_stay_unique_where_both_sides_gave_one_to_different_cells():
    base, ours, theirs = notebook("a"), notebook("a", "mine = 1"), notebook("a", "yours = 2")
    result = merge_versions(Versions(base, ours, theirs, "n.ipynb"))
    cells = json.loads(result.data)["cells"]
    assert ["".join(cell["source"]) for cell in cells] == ["a", "mine = 1", "yours = 2"]
    assert len({cell["id"] for cell in cells}) == 3


def test_notebooks_that_git_keeps_as_text_merge_by_cell_too(repo, octavo):
    octavo("git", "install", "-q", "--convert", "md")
    repo.commit()
    base, ours, theirs = notebook("a = 1", "b"), notebook("a = 2", "b"), notebook("a = 1", "b", "c")
    assert merge_two_branches(repo, base, ours, theirs)
    assert ["".join(cell["source"]) for cell in read(repo)] == ["a = 2", "b", "c"]
    assert repo.git("show", "HEAD:n.ipynb").endswith("```python\nc\n```")
    assert not merge_two_branches(repo, base, ours, notebook("a = 3", "b"))
    assert ["".join(cell["source"]) for cell in read(repo)][1:] == ["a = 2", "a = 3", "b"]
    assert octavo("resolve", "n.ipynb", "--theirs")[0] == 0
    repo.git("add", "n.ipynb")
    assert "a = 3" in repo.git("show", ":n.ipynb")
    assert "conflict" not in repo.git("show", ":n.ipynb")


def test_where_histories_cross_no_side_is_lost(repo, octavo):
    octavo("git", "install", "-q")
    repo.commit({"n.ipynb": notebook("a", "b", "c")})
    firsts = {}
    for side in ("one", "two"):
        repo.git("checkout", "-qb", side, "main")
        firsts[side] = repo.commit({"n.ipynb": notebook(f"a = {side!r}", "b", "c")})
    for side, other in (("one", "two"), ("two", "one")):
        repo.git("checkout", "-q", side)
        repo.raw("merge", firsts[other], check=False)
        repo.commit({"n.ipynb": notebook(f"a = {side!r}", "b", "c", f"from {side}")})
    repo.raw("merge", "one", check=False)
    assert ["".join(cell["source"]) for cell in read(repo)][1:] == [
        "a = 'two'", "a = 'one'", "b", "c", "from two", "from one",
    ]  # fmt: skip
