"""No edit is lost, whatever two clients, editors, checkpoints, renames and restarts do in turn.

Each edit puts a word of its own into the document.  A word that was saved, or written into a
member by an editor, has to be in the document afterwards, until a checkpoint is restored that
does not have it; two versions of a cell, in a conflict, count as kept.
"""

import os
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.jupyter.http_server import HttpClient, HttpServer

FORMATS = ("md", "py:percent", "md:myst", "Rmd")
TEXT = "# Title\n\nsome words\n\nlast words\n"


class Play:
    """One document, two clients and an editor; `words` are those that must not be lost."""

    def __init__(self, server, clients, seed):
        self.random = random.Random(seed)
        self.server = server
        self.clients = clients
        self.held = [None, None]
        self.words = set()
        self.saved = None
        self.count = 0
        self.story = []
        self.folder = f"d{seed}"
        self.stem = f"{self.folder}/x"
        self.format = self.random.choice(FORMATS)
        self.is_pair = self.random.random() < 0.7
        suffix = self.format.partition(":")[0]
        self.names = ["ipynb", suffix] if self.is_pair else [suffix]
        (server.root / self.folder).mkdir()
        cells = [self.cell("markdown", "# Title"), self.cell("code", "x = 1"),
                 self.cell("markdown", "some words"), self.cell("code", "y = 2\nz = 3")]  # fmt: skip
        metadata = {
            "kernelspec": {"name": "python3", "display_name": "P", "language": "python"},
            "jupytext": {"formats": f"ipynb,{self.format}" if self.is_pair else self.format},
        }
        content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        clients[0].put(self.path(), content)

    def cell(self, kind, source):
        self.count += 1
        cell = {"cell_type": kind, "id": f"c{self.count}", "metadata": {}, "source": source}
        return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})

    def path(self, name=None):
        return f"{self.stem}.{name or self.random.choice(self.names)}"

    def word(self):
        self.count += 1
        return f"w{self.count}q"

    def load(self, who):
        self.held[who] = [self.clients[who].get(self.path())["content"], set()]

    def edit(self, who):
        """Type a word into a cell, or into a new one."""
        if self.held[who] is None:
            self.load(who)
        content, unsaved = self.held[who]
        word = self.word()
        cells = content["cells"]
        if not cells or self.random.random() < 0.3:
            kind = self.random.choice(("code", "markdown"))
            cells.insert(self.random.randint(0, len(cells)), self.cell(kind, word))
        else:
            cell = self.random.choice(cells)
            lines = cell["source"].split("\n")
            lines.insert(self.random.randint(0, len(lines)), word)
            cell["source"] = "\n".join(lines)
        unsaved.add(word)

    def save(self, who):
        if self.held[who] is None:
            return
        content, unsaved = self.held[who]
        self.clients[who].put(self.path(), content)
        self.words |= unsaved
        unsaved.clear()

    def edit_outside(self):
        """Type a word into a member, as an editor does."""
        file = self.server.root / self.path(self.names[-1])
        text = file.read_text("utf-8")
        word = self.word()
        lines = text.split("\n")
        places = [
            n for n, line in enumerate(lines) if line.strip(" #").startswith(("w", "x", "some"))
        ]
        at = self.random.choice(places) if places else len(lines) - 1
        prefix = "# " if lines[at].startswith("#") else ""
        lines.insert(at + 1, prefix + word)
        temporary = file.with_name("temporary")
        temporary.write_text("\n".join(lines), "utf-8")
        os.replace(temporary, file)
        self.words.add(word)

    def checkpoint(self):
        status, made = self.clients[0].request("POST", f"/api/contents/{self.path()}/checkpoints")
        assert status == 201
        self.saved = (made["id"], set(self.words))

    def restore(self):
        if self.saved is None:
            return
        name, words = self.saved
        status, told = self.clients[0].request(
            "POST", f"/api/contents/{self.path()}/checkpoints/{name}"
        )
        assert status == 204, told
        self.words &= words

    def rename(self):
        self.count += 1
        new = f"{self.folder}/y{self.count}"
        name = self.random.choice(self.names)
        status, told = self.clients[1].request(
            "PATCH", f"/api/contents/{self.stem}.{name}", {"path": f"{new}.{name}"}
        )
        assert status == 200, told
        self.stem = new

    def restart(self):
        self.server.restart()

    def step(self, restarts):
        actions = [
            (20, lambda: self.load(0)), (20, lambda: self.load(1)),
            (40, lambda: self.edit(0)), (40, lambda: self.edit(1)),
            (40, lambda: self.save(0)), (40, lambda: self.save(1)),
            (25, self.edit_outside), (6, self.checkpoint), (4, self.restore), (5, self.rename),
            (5 if restarts else 0, self.restart),
        ]  # fmt: skip
        weights = [weight for weight, _ in actions]
        (at,) = self.random.choices(range(len(actions)), weights)
        self.story.append(at)
        actions[at][1]()

    def check(self):
        for name in self.names:
            content = self.clients[0].get(self.path(name))["content"]
            found = "\n".join(cell["source"] for cell in content["cells"])
            missing = sorted(word for word in self.words if word not in found)
            assert not missing, (self.folder, self.format, self.is_pair, name, self.story, missing)
            text = (self.server.root / self.path(name)).read_text("utf-8")
            assert not [word for word in self.words if word not in text]


def play(server, seeds, *, steps, restarts):
    clients = [HttpClient(server, "a"), HttpClient(server, "")]
    try:
        for seed in seeds:
            one = Play(server, clients, seed)
            for _ in range(steps):
                one.step(restarts)
            one.check()
    finally:
        for client in clients:
            client.close()


@pytest.fixture
def server(tmp_path):
    server = HttpServer(tmp_path)
    yield server
    server.stop()


def test_nothing_is_lost_in_some_interleavings(server):
    play(server, range(60), steps=12, restarts=False)


@pytest.mark.slow
def test_nothing_is_lost_in_ten_thousand_interleavings(tmp_path):
    """Two servers share the work, one for each core."""
    servers = [HttpServer(tmp_path / name) for name in ("a", "b")]
    halves = [range(1000, 6000), range(6000, 11_000)]
    try:
        with ThreadPoolExecutor(2) as pool:
            plays = [
                pool.submit(play, server, seeds, steps=8, restarts=False)
                for server, seeds in zip(servers, halves, strict=True)
            ]
            for one in plays:
                one.result()
    finally:
        for server in servers:
            server.stop()


@pytest.mark.slow
def test_nothing_is_lost_when_the_server_is_killed_and_started_anew(server):
    play(server, range(20_000, 20_060), steps=20, restarts=True)
