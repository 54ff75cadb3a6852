"""What all areas share: the run with the rows it has found, and a figure beside its peer's."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


class Bench:
    """One run: where its files are, how much is measured, and the rows found so far.

    `quick` asks for a rehearsal, `full` for the largest instances; `heavy` is the Python of an
    environment with many packages, to measure the start there too.
    """

    def __init__(
        self, folder: Path, *, cells: int = 10_000, rounds: int = 2, starts: int = 15
    ) -> None:
        self.folder = folder
        self.cells = cells
        self.rounds = rounds
        self.starts = starts
        self.quick = False
        self.full = False
        self.heavy: str | None = None
        self.rows: list[dict] = []
        self.skipped: list[str] = []

    def add(
        self,
        group: str,
        case: str,
        found: "Figures",
        goal: float = 0,
        *,
        unit: str = "ms",
        note: str = "",
        peer_name: str = "jupytext",
    ) -> None:
        """Add a row whose goal is a ratio: the peer's figure over Octavo's."""
        ratio = None if found.peer is None else found.peer / found.octavo
        met = None if not goal or ratio is None else ratio >= goal
        self._add(group, case, found.octavo, found.peer, ratio, goal, met, unit, note, peer_name)

    def add_limit(
        self,
        group: str,
        case: str,
        octavo: float,
        peer: float | None,
        limit: float,
        *,
        unit: str,
        peer_name: str = "jupytext",
    ) -> None:
        """Add a row whose goal is a limit for Octavo's own figure (0 = none)."""
        met = octavo <= limit if limit else None
        ratio = None if peer is None else peer / octavo
        self._add(group, case, octavo, peer, ratio, limit, met, unit, "", peer_name, limited=True)

    def skip(self, case: str, reason: str) -> None:
        """Tell loudly that a case is not measured."""
        self.skipped.append(f"{case}: {reason}")
        say(f"SKIPPED {case}: {reason}")

    def _add(
        self, group, case, octavo, peer, ratio, goal, met, unit, note, peer_name, *, limited=False
    ) -> None:
        row = {
            "group": group,
            "case": case,
            "octavo": octavo,
            "peer": peer,
            "peer_name": peer_name,
            "ratio": ratio,
            "goal": goal or None,
            "limited": limited,
            "met": met,
            "unit": unit,
            "note": note,
        }
        self.rows.append(row)
        told = "" if peer is None else f", {peer_name} {peer:.1f}"
        say(f"{group}: {case}: octavo {octavo:.1f}{told} {unit}")


def say(line: str) -> None:
    """Tell how far the run is."""
    print(line, file=sys.stderr, flush=True)


def cli(python: str, tool: str) -> list[str]:
    """Return the command of a tool as it is installed for *python*, [] when it is not."""
    script = Path(python).with_name(tool)
    if script.exists():
        return [str(script)]
    found = subprocess.run(
        [python, "-c", f"import {tool}"], capture_output=True, cwd=HERE, check=False
    )
    return [] if found.returncode else [python, "-m", tool]


class Figures:
    """A figure of Octavo and one of its peer (None: it has none), and whether they agree."""

    def __init__(self, octavo: float, peer: float | None, *, alike: bool = True) -> None:
        self.octavo = octavo
        self.peer = peer
        self.alike = alike


def least(octavo: list[dict], peer: list[dict]) -> Figures:
    """Return the least times of the answers of two workers in ms."""
    ours, theirs = (
        1000 * min(answer["seconds"] for answer in answers) if answers else None
        for answers in (octavo, peer)
    )
    alike = not peer or octavo[0].get("result") == peer[0].get("result")
    return Figures(ours, theirs, alike=alike)
