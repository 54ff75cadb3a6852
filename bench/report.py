"""The results as a Markdown table and as a plot."""

from itertools import groupby
from pathlib import Path

ABOUT = """\
# Speed

Written by `make bench`. Times are CPU time, the least of several runs, both tools in the same
run on the same machine; `ratio` is how many times less Octavo needs. How each row is measured:
[bench/README.md](../README.md).

"""
OURS, THEIRS, GOAL = "#2a6f97", "#c9c9c9", "#d1495b"


BEGIN, END = "<!-- results -->\n", "<!-- end of results -->\n"


def put_into(page: Path, found: dict) -> None:
    """Renew the results between the marks of a page of the documentation."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{results(found)}\n{END}{after}", "utf-8")


def table(found: dict) -> str:
    """Return the results as a Markdown page."""
    return ABOUT + results(found)


def results(found: dict) -> str:
    """Return the results as Markdown, without a title."""
    facts = ", ".join(f"{name} {value}" for name, value in found["environment"].items())
    parts = [facts + ".\n"]
    for group, rows in groupby(_grouped(found["rows"]), key=lambda row: row["group"]):
        parts.append(f"\n## {group[0].upper()}{group[1:]}\n\n")
        parts.append(_group_table(list(rows)))
    met = [row["met"] for row in found["rows"] if row["met"] is not None]
    parts.append(f"\n{sum(met)} of {len(met)} goals are met.\n")
    if found["skipped"]:
        parts.append("\nNot measured:\n\n" + "".join(f"- {line}\n" for line in found["skipped"]))
    return "".join(parts)


def _grouped(rows: list[dict]) -> list[dict]:
    """Return the rows group by group, groups in the order of their first rows."""
    groups = list(dict.fromkeys(row["group"] for row in rows))
    return sorted(rows, key=lambda row: groups.index(row["group"]))


def _group_table(rows: list[dict]) -> str:
    unit, peer = rows[0]["unit"], rows[0]["peer_name"]
    lines = [
        f"| | octavo, {unit} | {peer}, {unit} | ratio | goal | |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        name = row["case"]
        if row["peer_name"] != peer:
            name += f" (beside {row['peer_name']})"
        cells = (
            name,
            _figure(row["octavo"]),
            "" if row["peer"] is None else _figure(row["peer"]),
            "" if row["ratio"] is None else f"{row['ratio']:.1f}",
            _goal(row),
            "; ".join(filter(None, (_verdict(row), row["note"]))),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _goal(row: dict) -> str:
    if row["goal"] is None:
        return ""
    return f"≤ {row['goal']:g}" if row.get("limited") else f"≥ {row['goal']:g}"


def _verdict(row: dict) -> str:
    return {True: "met", False: "**not met**", None: ""}[row["met"]]


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def plot(found: dict, path: Path) -> None:
    """Draw how many times less Octavo needs than its peer, with the goals, into an SVG file."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "octavo", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot as plt

    rows = [row for row in _grouped(found["rows"]) if row["ratio"] is not None]
    figure, axes = plt.subplots(figsize=(8, 0.8 + 0.27 * len(rows)), layout="constrained")
    places = range(len(rows), 0, -1)
    axes.barh(places, [row["ratio"] for row in rows], color=OURS, height=0.7)
    for place, row in zip(places, rows, strict=True):
        ratio, unit = row["ratio"], row["unit"]
        told = f"{ratio:.1f}x  ({_figure(row['peer'])} : {_figure(row['octavo'])} {unit})"
        axes.text(ratio * 1.04, place, told, va="center", fontsize=8)
        if row["goal"]:
            goal = row["peer"] / row["goal"] if row.get("limited") else row["goal"]
            axes.plot([goal] * 2, [place - 0.42, place + 0.42], color=GOAL, linewidth=2)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xlim(0.8, 4 * max(row["ratio"] for row in rows))
    axes.set_xticks(
        [1, 2, 5, 10, 20, 50, 100, 200, 500], ["1", "2", "5", "10", "20", "50", "100", "200", "500"]
    )
    axes.set_yticks(places, [f"{row['group']}: {row['case']}" for row in rows])
    axes.set_ylim(0.3, len(rows) + 0.7)
    peers = "jupytext " + found["environment"]["jupytext"]
    axes.set_xlabel(f"times less than {peers} or the peer named (red: the goal)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})
