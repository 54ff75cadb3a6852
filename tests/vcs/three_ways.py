"""Three versions of a notebook: a base, and two sides that edit, move, delete and add cells.

Each line exists once only, so that a merge can be judged by its lines.
"""

import json

from hypothesis import strategies as st

from vcs.git_sandbox import notebook

OPERATIONS = ("edit", "append", "remove line", "delete", "move", "add")


class Side:
    """One side: its cells as (number in the base or None, lines), and what was done to which."""

    def __init__(self, base):
        self.cells = [(n, list(lines)) for n, lines in enumerate(base)]
        self.written, self.removed = set(), set()
        self.deleted = set()

    def do(self, operation, at, to, mark):
        """Do something with a cell; *mark* makes a line that stands nowhere else."""
        if operation == "add" or not self.cells:
            lines = [f"added_{mark} = new({mark})", f"shown_{mark}.and_told()"]
            self.cells.insert(to % (len(self.cells) + 1), (None, lines))
            self.written.update(lines)
            return
        number, lines = self.cells[at % len(self.cells)]
        if operation == "delete":
            del self.cells[at % len(self.cells)]
            self.removed.update(lines)
            self.deleted.add(number)
        elif operation == "move":
            cell = self.cells.pop(at % len(self.cells))
            self.cells.insert(to % (len(self.cells) + 1), cell)
        elif operation == "append":
            lines.append(f"more_{mark} = appended({mark})")
            self.written.add(lines[-1])
        elif operation == "remove line" and len(lines) > 1:
            self.removed.add(lines.pop(to % len(lines)))
        elif operation == "edit":
            line = to % len(lines)
            self.removed.add(lines[line])
            lines[line] = f"{lines[line].partition(' # ')[0]} # edited {mark}"
            self.written.add(lines[line])
        self.written -= self.removed

    def to_bytes(self, *, with_ids):
        return to_bytes(self.cells, with_ids=with_ids)


def to_bytes(cells, *, with_ids):
    """Return a notebook of (number, lines); a cell keeps the id of its number."""
    found = json.loads(notebook(*("\n".join(lines) for _, lines in cells)))
    for place, (cell, (number, _)) in enumerate(zip(found["cells"], cells, strict=True)):
        cell["id"] = f"base{number}" if number is not None else f"x{place}{id(cells)}"[:60]
        if not with_ids:
            del cell["id"]
    found["nbformat_minor"] = 5 if with_ids else 4
    return (json.dumps(found, indent=1) + "\n").encode()


def base_cells(sizes):
    return [
        [f"name_{n}_{k} = call_{n}(value_{k}, {10 * n + k})" for k in range(size)]
        for n, size in enumerate(sizes)
    ]


sizes = st.lists(st.integers(1, 6), min_size=1, max_size=8)
edits = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 20), st.integers(0, 20)), max_size=5
)


def side(base, drawn, name):
    made = Side(base)
    for n, (operation, at, to) in enumerate(drawn):
        made.do(operation, at, to, f"{name}{n}")
    return made
