"""Make the notebooks that are measured.  They are the same at every run.

    python bench/inputs.py FOLDER CELLS

writes into FOLDER

    cells.ipynb     CELLS cells as people write them: prose and code half and half
    double.ipynb    twice as many
    images.ipynb    200 cells, 50 MB of pictures in their outputs
    small.ipynb     8 cells
"""

import base64
import json
import random
import sys
from pathlib import Path

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.11.7",
    },
}
WORDS = (
    "the data of a sample and its mean are shown as one curve for each station where the model "
    "predicts that values below zero cannot occur so we drop them before the fit which takes "
    "longer than expected because every step reads all rows again"
).split()
NAMES = "load clean scale fit score plot merge group rank smooth".split()

CODE = (
    '''\
def {name}_{n}(values, factor={n}):
    """Return *values* {words}.

    The factor is applied once; missing values stay missing.
    """
    result = [value * factor for value in values if value is not None]

    if not result:
        raise ValueError("no values in step {n}")
    return result''',
    """\
frame = {name}_table("station_{n}.csv", sep=";")
frame["mean"] = frame[["a", "b", "c"]].mean(axis=1)  # {words}
frame.head()""",
    """\
# {words}
for station in stations[:{n}]:
    rows = [row for row in table if row["station"] == station]
    total = sum(row["value"] for row in rows)
    print(f"{{station}}: {{total:.2f}}")""",
    """\
import numpy as np
from scipy import {name}

x = np.linspace(0, 2 * np.pi, {n})
y = np.sin(x) + 0.1 * np.random.randn(x.size)
{name}_result = y.mean(), y.std()""",
    """\
@cached
def {name}_{n}(path):
    with open(path) as lines:
        return [line.strip() for line in lines if not line.startswith("#")]


class {name}Step{n}:
    \"\"\"One step: {words}.\"\"\"

    def __init__(self, size):
        self.size = size""",
    """\
fig, ax = plt.subplots(figsize=(8, 4))
ax.plot(x, y, label='{words}')
ax.set(xlabel="t", ylabel="value {n}")
ax.legend();""",
)
MAGICS = ("%matplotlib inline", "%timeit {name}_{n}(values)", "!ls data/{name}", "%%time\nrun({n})")
PROSE = (
    "## Step {n}: {name} the table\n\n{Words}, with `{name}` and a [link](https://x.org/{n}).",
    "{Words}:\n\n- {words}\n- *{words}*\n- {words}\n\n{Words}.",
    "### {Words}\n\nIt is\n\n$$\ne_{n} = \\sqrt{{\\sum_i (y_i - \\hat y_i)^2}}\n$$\n\n{Words}.",
    "{Words}. **{Words}.**\n\n1. {words}\n2. {words}\n\n| a | b |\n|---|---|\n| {name} | {n} |",
    "{Words}.\n\n```python\n{name}(values)\n```\n\n> {Words}.",
    "{Words}. {Words}. {Words}.",
)


def main(folder: Path, cells: int) -> None:
    """Write all notebooks."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("small", written(8)),
        ("cells", written(cells)),
        ("double", written(2 * cells)),
        ("images", pictures(200, 50_000_000)),
    ):
        text = json.dumps(notebook(content), indent=1, sort_keys=True, ensure_ascii=False)
        (folder / f"{name}.ipynb").write_text(text + "\n", "utf-8")


def notebook(cells: list[dict]) -> dict:
    """Return a notebook with ids."""
    cells = [{"id": f"{n:08x}", **cell} for n, cell in enumerate(cells)]
    return {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}


def written(count: int) -> list[dict]:
    """Return cells as people write them: prose, code, now and then a magic or a tag."""
    dice = random.Random(2)
    cells = []
    for n in range(count):
        source = CODE[n // 2 % len(CODE)] if n % 2 else PROSE[n // 2 % len(PROSE)]
        if n % 2 and dice.random() < 0.1:
            source = dice.choice(MAGICS)
        source = source.format(
            n=n, name=dice.choice(NAMES), words=sentence(dice), Words=sentence(dice).capitalize()
        )
        metadata = {"tags": [dice.choice(NAMES)]} if dice.random() < 0.05 else {}
        cells.append(code(source, metadata, dice, n) if n % 2 else prose(source, metadata))
    return cells


def sentence(dice: random.Random) -> str:
    """Return some words."""
    start = dice.randrange(len(WORDS) - 12)
    return " ".join(WORDS[start : start + dice.randrange(6, 12)])


def prose(source: str, metadata: dict) -> dict:
    """Return a Markdown cell."""
    return {"cell_type": "markdown", "metadata": metadata, "source": lines(source)}


def code(source: str, metadata: dict, dice: random.Random, n: int) -> dict:
    """Return a code cell; two in three have printed something."""
    outputs = []
    if n % 3:
        text = [f"{sentence(dice)}: {dice.random():.6f}\n" for _ in range(1 + n % 4)]
        outputs = [{"name": "stdout", "output_type": "stream", "text": text}]
    return {
        "cell_type": "code",
        "execution_count": n // 2 + 1,
        "metadata": metadata,
        "outputs": outputs,
        "source": lines(source),
    }


def pictures(count: int, size_bytes: int) -> list[dict]:
    """Return *count* code cells, each with a picture: *size_bytes* of Base64 text in all."""
    dice = random.Random(3)
    cells = written(2 * count)[1::2]
    for cell in cells:
        picture = base64.b64encode(dice.randbytes(size_bytes // count * 3 // 4)).decode() + "\n"
        cell["outputs"] = [
            {
                "data": {"image/png": picture, "text/plain": ["<Figure size 800x400>"]},
                "metadata": {},
                "output_type": "display_data",
            }
        ]
    return cells


def lines(text: str) -> list[str]:
    """Return a text as the list of lines that notebook files hold."""
    return text.splitlines(keepends=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
