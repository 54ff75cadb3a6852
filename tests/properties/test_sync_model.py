"""Whatever people do to the files of a pair, in whatever order: no edit is ever lost.

Each edit brings a mark that exists nowhere else (`v17`).  The model knows which marks must be
in every member after the next sync: all but those that somebody took out on purpose, by
removing a line, restoring an older version or deleting the only file that had them.  At any
time, every such mark stands in one member at least.

People edit (in place, or by a rename, as editors do), run the notebook, check out commits,
delete members, set clocks back.  Octavo syncs, is killed before and after any of its writes,
meets somebody who types at that very moment, runs the document while others edit, and watches
from a process that may end at any time.
"""

import json
import os
import re
import shutil
import tempfile
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from octavo.core.errors import OctavoError
from octavo.core.merge import resolve
from octavo.workspace import files, pairs, running, state, sync, watch
from octavo.workspace.find import Finder

MARK = re.compile(r"v\d+")
#: A line of a cell in any of our texts, and not one of the note above a conflict.
LINE = re.compile(r"(# )?v\d+")
MEMBERS = ("n.ipynb", "n.py", "n.md")
FORMATS = "ipynb,py:percent,md"

#: Each write reaches the disk before the next begins; in memory that costs nothing.
MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None


class KilledError(Exception):
    """The process ends here."""


class FailingDisk(state.Disk):
    """Writes until it is killed: before its n-th write, or right after it."""

    def __init__(self, fatal, *, after):
        self.fatal = fatal
        self.after = after

    def _do(self, action, *arguments):
        self.fatal -= 1
        if self.fatal == 0 and not self.after:
            raise KilledError
        result = action(*arguments)
        if self.fatal <= 0:
            raise KilledError
        return result

    def write(self, path, data, seen):
        return self._do(super().write, path, data, seen)

    def note(self, path, data):
        return self._do(super().note, path, data)

    def plan(self, path, data):
        return self._do(super().plan, path, data)

    def remove(self, path):
        return self._do(super().remove, path)


class BusyDisk(state.Disk):
    """Lets somebody type right before the n-th write of a user's file."""

    def __init__(self, turn, typing):
        self.turn = turn
        self.typing = typing

    def write(self, path, data, seen):
        self.turn -= 1
        if self.turn == 0:
            self.typing()
        return super().write(path, data, seen)


def guard(action):
    try:
        return action()
    except OctavoError as error:
        return error


class SyncModel(RuleBasedStateMachine):
    """Three files of one document, and everybody who works on them."""

    def __init__(self):
        super().__init__()
        self.root = tempfile.mkdtemp(dir=MEMORY)
        os.mkdir(self.path(".git"))
        self.number = 0
        self.saves = 0
        self.clock_back_s = 0
        self.commits = []
        self.deleted = {}
        self.job = None
        self.watcher = None
        self.now = 0.0
        self.required = set()
        self.history = {name: [] for name in MEMBERS}
        self.runs = 0
        cells = [self.new_cell("code"), self.new_cell("markdown"), self.new_cell("code")]
        self.write_notebook(
            {
                "cells": cells,
                "metadata": {"jupytext": {"formats": FORMATS}},
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        )
        self.pair = pairs.of_path(self.path("n.ipynb"), FORMATS, self.root)
        self.run_notebook()
        self.sync()

    def teardown(self):
        shutil.rmtree(self.root)

    # what the files hold

    def path(self, name):
        return os.path.join(self.root, name)

    def text(self, name):
        path = self.path(name)
        return files.read_bytes(path).decode("utf-8") if os.path.exists(path) else ""

    def marks(self, name):
        return set(MARK.findall(self.text(name)))

    def existing(self):
        return [name for name in MEMBERS if os.path.exists(self.path(name))]

    def save(self, name, text):
        """Write a file as an editor does: in place, or a new one that takes its name."""
        self.saves += 1
        path = self.path(name)
        place = path if self.saves % 2 else path + "~"
        with open(place, "w", encoding="utf-8") as fp:
            fp.write(text)
        os.replace(place, path)
        if self.clock_back_s:
            then = os.stat(path).st_mtime - self.clock_back_s
            os.utime(path, (then, then))

    def write_notebook(self, notebook):
        self.save("n.ipynb", json.dumps(notebook, indent=1) + "\n")

    def new_mark(self):
        self.number += 1
        self.required.add(f"v{self.number}")
        return f"v{self.number}"

    def new_cell(self, kind):
        cell = {"cell_type": kind, "id": f"cell{self.number}", "metadata": {}}
        cell["source"] = f"{self.new_mark()}\n{self.new_mark()}"
        if kind == "code":
            cell |= {"outputs": [], "execution_count": None}
        return cell

    def remember(self, name):
        if name in self.existing():  # a file that is not there is no version of it
            self.history[name].append(self.text(name))

    def count(self, name):
        """Count the marks of a file; one that was deleted is what it was before."""
        if name in self.existing():
            return Counter(MARK.findall(self.text(name)))
        return self.deleted.get(name, Counter())

    def give_up(self, before, name):
        """Marks that were taken out of a file on purpose need not come back.

        That includes one of several copies (a conflict makes them): others may take the rest.
        """
        self.required -= set(before - self.count(name))

    # edits

    @rule(name=st.sampled_from(MEMBERS), at=st.integers(0, 99), how=st.integers(0, 3))
    def edit(self, name, at, how):
        if name not in self.existing():
            return
        self.remember(name)
        before = self.count(name)
        if name == "n.ipynb":
            self.edit_notebook(at, how)
        else:
            self.edit_text(name, at, how)
        self.give_up(before, name)

    def edit_notebook(self, at, how):
        notebook = json.loads(self.text("n.ipynb"))
        cells = notebook["cells"]
        mine = [cell for cell in cells if LINE.match("".join(cell["source"]))]
        if how == 3 or not mine:
            cells.insert(at % (len(cells) + 1), self.new_cell("code" if at % 2 else "markdown"))
        else:
            cell = mine[at % len(mine)]
            lines = "".join(cell["source"]).split("\n")
            cell["source"] = "\n".join(self.edited(lines, at % len(lines), how))
        self.write_notebook(notebook)

    def edit_text(self, name, at, how):
        lines = self.text(name).split("\n")
        places = [i for i, line in enumerate(lines) if LINE.match(line)]
        if how == 3 or not places:
            new = self.new_mark()
            cell = {"n.py": f"\n# %%\n{new}\n", "n.md": f"\n```python\n{new}\n```\n"}[name]
            lines += cell.split("\n")[:-1]
            if lines[-1]:
                lines.append("")
        else:
            lines = self.edited(lines, places[at % len(places)], how)
        self.save(name, "\n".join(lines))

    def edited(self, lines, at, how):
        """Return *lines* with one added, changed or replaced."""
        line = lines[at]
        hidden = "# " if line.startswith("# ") else ""
        if how == 0:
            return [*lines[: at + 1], hidden + self.new_mark(), *lines[at + 1 :]]
        if how == 1:
            return [*lines[:at], f"{line} {self.new_mark()}", *lines[at + 1 :]]
        return [*lines[:at], hidden + self.new_mark(), *lines[at + 1 :]]

    @rule(at=st.integers(0, 99))
    def edit_several(self, at):
        for name in MEMBERS:
            self.edit(name=name, at=at, how=at % 4)

    @rule()
    def run_notebook(self):
        if not os.path.exists(self.path("n.ipynb")):
            return
        self.runs += 1
        notebook = json.loads(self.text("n.ipynb"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                text = f"run {self.runs}"
                cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": [text]}]
                cell["execution_count"] = self.runs
        self.write_notebook(notebook)

    # accidents

    @rule(name=st.sampled_from(MEMBERS), at=st.integers(0, 99))
    def check_out_an_older_version(self, name, at):
        versions = self.history[name]
        if versions:
            before = self.count(name)
            self.save(name, versions[at % len(versions)])
            self.give_up(before, name)

    @rule()
    def commit(self):
        self.commits.append({name: self.text(name) for name in self.existing()})

    @rule(at=st.integers(0, 99), tracked=st.sampled_from([MEMBERS, MEMBERS[1:], MEMBERS[:1]]))
    def check_out_a_commit(self, at, tracked):
        """Git puts back all files that it tracks, outputs included or not."""
        if not self.commits:
            return
        commit = self.commits[at % len(self.commits)]
        names = [name for name in tracked if name in commit]
        before = {name: self.count(name) for name in names}
        for name in names:
            self.remember(name)
            self.save(name, commit[name])
        for name in names:
            self.give_up(before[name], name)

    @rule(name=st.sampled_from(MEMBERS))
    @precondition(lambda self: len(self.existing()) > 1)
    def delete_a_member(self, name):
        if name not in self.existing():
            return
        before = self.marks(name)
        self.remember(name)
        self.deleted[name] = self.count(name)
        os.unlink(self.path(name))
        self.required -= before - set().union(*map(self.marks, self.existing()))

    @rule(name=st.sampled_from(MEMBERS), seconds=st.integers(1, 10**9))
    def set_the_clock_back(self, name, seconds):
        if name in self.existing():
            os.utime(self.path(name), (seconds, seconds))

    @rule(seconds=st.integers(1, 10**6))
    def turn_the_clock_back(self, seconds):
        """From now on, whatever people save is older than what was there."""
        self.clock_back_s += seconds

    @rule()
    def delete_the_state(self):
        shutil.rmtree(self.path(state.FOLDER), ignore_errors=True)

    # sync

    def attempt(self, disk=None, **wishes):
        store = state.Store(self.root, disk)
        with sync.locked(store):
            return sync.sync_pair(self.pair, store, **wishes)

    @rule(fatal=st.integers(1, 9), after=st.booleans())
    def sync_and_be_killed(self, fatal, after):
        try:
            self.attempt(FailingDisk(fatal, after=after))
        except KilledError:
            return

    @rule(
        turn=st.integers(1, 3), name=st.sampled_from(MEMBERS), at=st.integers(0, 99),
        how=st.integers(0, 3),
    )  # fmt: skip
    def sync_while_somebody_types(self, turn, name, at, how):
        """Whatever is saved between the last look at a file and its replacement stays."""
        self.attempt(BusyDisk(turn, lambda: self.edit(name=name, at=at, how=how)))
        self.sync()

    # running, and watching

    @rule(name=st.sampled_from(MEMBERS))
    def begin_to_run(self, name):
        if name not in self.existing():
            return
        job = guard(lambda: running.PairJob(self.path(name), self.pair, Finder()))
        self.job = None if isinstance(job, OctavoError) else job  # conflicts wait

    @rule()
    @precondition(lambda self: self.job is not None)
    def end_the_run(self):
        """Outputs go to the cells that are as they ran; edits made meanwhile stay."""
        job, self.job = self.job, None
        self.runs += 1
        printed = [{"name": "stdout", "output_type": "stream", "text": [f"run {self.runs}"]}]
        cells = [
            cell.with_(outputs=printed, execution_count=self.runs) if cell.kind == "code" else cell
            for cell in job.document.cells
        ]
        edited = {cell.source for cell in job.document.cells if cell.kind == "code"}
        job.save(job.document.with_(cells=cells))
        for source, outputs in self.outputs().items():
            if source in edited and self.is_unconflicted():
                assert outputs == [{**printed[0], "text": f"run {self.runs}"}]

    def is_unconflicted(self):
        return state.Store(self.root).load(self.pair).conflicts == 0

    @rule()
    def start_to_watch(self):
        """A watching process starts, or starts again after it was killed."""
        self.watcher = watch.Tree([self.root], watch.Listener(), guard)
        self.watcher.begin()

    @rule()
    @precondition(lambda self: self.watcher is not None)
    def let_the_watcher_see(self):
        self.watcher.changed([self.path(name) for name in MEMBERS], self.now)
        for _ in range(8):
            self.watcher.work(self.now)
            self.now += 2.0

    @invariant()
    def every_edit_stands_somewhere(self):
        assert self.required - set().union(*map(self.marks, self.existing())) == set()

    @rule()
    def sync(self):
        before = self.outputs()
        for name in self.existing():
            self.remember(name)
        self.attempt()
        self.check(before)

    @rule()
    def resolve(self):
        self.attempt(change=lambda document: resolve(document, "both"))

    def outputs(self):
        """Return the outputs of the notebook by source, where that is unique."""
        found = {}
        if os.path.exists(self.path("n.ipynb")):
            for cell in self.documents()["n.ipynb"].cells:
                if cell.kind == "code":
                    found.setdefault(cell.source, []).append(cell.outputs)
        return {source: held[0] for source, held in found.items() if len(held) == 1}

    def documents(self):
        return {name: files.read_document(self.path(name), None, {}) for name in self.existing()}

    def check(self, before):
        documents = self.documents()
        assert set(documents) == set(MEMBERS)
        contents = {
            name: [(cell.kind, cell.source) for cell in document.cells]
            for name, document in documents.items()
        }
        assert contents["n.py"] == contents["n.ipynb"]
        assert contents["n.md"] == contents["n.ipynb"]
        assert self.required - self.marks("n.ipynb") == set()
        after = self.outputs()
        for source, outputs in before.items():
            assert after.get(source, outputs) == outputs
        kept = [os.stat(self.path(name)).st_mtime_ns for name in MEMBERS]
        assert self.attempt().written == ()
        assert [os.stat(self.path(name)).st_mtime_ns for name in MEMBERS] == kept


SyncModel.TestCase.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
TestSync = SyncModel.TestCase


@pytest.mark.slow
def test_ten_thousand_interleavings_lose_nothing():
    from hypothesis.stateful import run_state_machine_as_test

    many = settings(
        max_examples=10_000, stateful_step_count=15, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(SyncModel, settings=many)
