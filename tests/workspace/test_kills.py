"""Real syncs, several at once, killed at any moment: no edit and no output is lost."""

import json
import os
import random
import signal
import subprocess
import sys

import pytest

PAIRS, CELLS, ROUNDS = 4, 12, 60
CONFIGURATION = """
formats = "ipynb,py:percent,md"
outputs = "store"

[[copies]]
format = "public///ipynb"
outputs = false
"""
NEW_CELL = {"py": "\n# %%\n{}\n", "md": "\n```python\n{}\n```\n"}


def text_of(name):
    return "base_{}_{}".format(*name), f"out {name} " * 200


def cell(pair, n):
    source, output = text_of((pair, n))
    return {
        "cell_type": "code", "execution_count": n, "id": f"c{n}", "metadata": {},
        "outputs": [{"name": "stdout", "output_type": "stream", "text": output}],
        "source": source,
    }  # fmt: skip


class Project:
    """Some pairs, and the marks that people wrote into them."""

    def __init__(self, root):
        self.root = root
        self.marks = set()
        (root / ".git").mkdir()
        (root / "octavo.toml").write_text(CONFIGURATION, "utf-8")
        for pair in range(PAIRS):
            cells = [cell(pair, n) for n in range(CELLS)]
            notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            (root / f"n{pair}.ipynb").write_text(json.dumps(notebook), "utf-8")

    def edit(self, pair, suffix):
        path = self.root / f"n{pair}.{suffix}"
        mark = f"mark{len(self.marks)}x"
        path.write_text(path.read_text("utf-8") + NEW_CELL[suffix].format(mark), "utf-8")
        self.marks.add((pair, mark))

    def start(self):
        return subprocess.Popen(
            [sys.executable, "-m", "octavo", "sync"], cwd=self.root,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def sync(self):
        process = self.start()
        out, _ = process.communicate(timeout=300)
        assert process.returncode == 0, out.decode()

    def sync_and_be_killed(self, patience_s):
        process, other = self.start(), self.start()
        try:
            process.wait(timeout=patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
        out, _ = process.communicate(timeout=300)
        assert process.returncode in (0, -signal.SIGKILL), out.decode()
        other.kill()
        other.communicate(timeout=300)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_killed_syncs_lose_nothing(tmp_path):
    chance = random.Random(1)
    project = Project(tmp_path)
    project.sync()
    for _ in range(ROUNDS):
        for _ in range(chance.randint(1, 3)):
            project.edit(chance.randrange(PAIRS), chance.choice(list(NEW_CELL)))
        project.sync_and_be_killed(chance.uniform(0.02, 0.3))
    project.sync()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    project.sync()
    assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    for pair, mark in project.marks:
        for suffix in ("ipynb", "py", "md"):
            assert mark in (tmp_path / f"n{pair}.{suffix}").read_text("utf-8")
        assert mark in (tmp_path / f"public/n{pair}.ipynb").read_text("utf-8")
    for pair in range(PAIRS):
        notebook = json.loads((tmp_path / f"n{pair}.ipynb").read_text("utf-8"))
        found = {"".join(one["source"]): one for one in notebook["cells"]}
        for n in range(CELLS):
            source, output = text_of((pair, n))
            assert "".join(found[source]["outputs"][0]["text"]) == output
    assert not [name for name in os.listdir(tmp_path) if name.endswith((".tmp", ".swap"))]
