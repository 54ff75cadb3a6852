"""Which modules a command may load: git and editors start us once for each file.

Each list is complete.  Whoever adds a name changes the list here, in the same commit, and says why.
Milliseconds are measured in bench/; here only names are counted.
"""

import json
import subprocess
import sys

import pytest

#: `octavo --version` needs nothing but itself.
VERSION = frozenset(
    "errno octavo octavo.cli octavo.cli._output octavo.core octavo.core.errors".split()
)

#: What argparse, re and json bring with them, and modules written in C that cost nothing.
STANDARD = frozenset(
    """
    _bisect bisect _collections _functools _json _locale _operator _sre _struct _weakrefset
    argparse collections copyreg enum errno fnmatch functools gettext glob
    importlib importlib._bootstrap importlib._bootstrap_external itertools
    json json.decoder json.encoder json.scanner keyword locale operator
    re re._casefix re._compiler re._constants re._parser reprlib signal types warnings weakref
    """.split()
)

#: Cells that come from text get their ids from a hash of their content.
HASH = frozenset("_blake2 _hashlib hashlib".split())

#: Options of R chunks are read as Python literals (1.5 ms).
LITERALS = frozenset("_ast ast contextlib".split())

#: Each of these costs as much as the conversion of a small notebook, or more.
HEAVY = frozenset(
    """
    IPython asyncio click dataclasses datetime decimal difflib email http
    importlib.metadata inspect jsonschema jupyter_core jupytext logging markdown_it marimo msgspec
    nbformat pathlib pickle random rich shutil socket sqlite3 ssl string subprocess tempfile textwrap
    threading tomllib traceback typing unittest urllib uuid yaml zipfile
    """.split()
)

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Title"},
        {
            "cell_type": "code",
            "execution_count": 1,
            "id": "b",
            "metadata": {"tags": ["x"]},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": "2\n"}],
            "source": "%time print(1 + 1)",
        },
    ],
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}

PROBE = """
import sys
before = set(sys.modules)
from octavo.cli import main
code = main(sys.argv[1:])
sys.stdout.flush()
sys.stderr.write("\\n" + " ".join(sorted(set(sys.modules) - before)))
sys.exit(code)
"""


def loaded_by(*arguments, cwd=None):
    """Return the modules that a command loads beyond those of a bare Python."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return frozenset(done.stderr.rpartition("\n")[2].split())


def allowed(fmt):
    """Return the modules of the standard library that a format may load."""
    return STANDARD | LITERALS if fmt == "Rmd" else STANDARD


def formats_among(modules):
    """Return the names of the format modules (not the shared ones) among *modules*."""
    last = [name.removeprefix("octavo.formats.") for name in modules if "octavo.formats." in name]
    return {name for name in last if not name.startswith("_")}


def test_version_loads_next_to_nothing():
    assert loaded_by("--version") <= VERSION


def test_help_loads_no_command_and_nothing_heavy():
    loaded = loaded_by("--help")
    assert loaded & HEAVY == set()
    assert "octavo.cli.convert" not in loaded


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "small.ipynb").write_text(json.dumps(NOTEBOOK, indent=1), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("to", "formats"),
    [
        ("py:percent", {"ipynb", "percent"}),
        ("py:light", {"ipynb", "light"}),
        ("md", {"ipynb", "markdown"}),
        ("Rmd", {"ipynb", "rmarkdown"}),
        ("md:myst", {"ipynb", "myst"}),
    ],
)
def test_convert_loads_what_is_listed(folder, to, formats):
    loaded = loaded_by("convert", "small.ipynb", "--to", to, "-o", "out", cwd=folder)
    ours = {name for name in loaded if name.partition(".")[0] == "octavo"}
    assert sorted(loaded - ours - allowed(to)) == []
    assert formats_among(ours) == formats


@pytest.mark.parametrize("to", ["py:percent", "py:light", "md", "Rmd", "md:myst"])
def test_way_back_loads_what_is_listed(folder, to):
    suffix = to.partition(":")[0]
    loaded_by("convert", "small.ipynb", "--to", to, "-o", f"small.{suffix}", cwd=folder)
    loaded = loaded_by("convert", f"small.{suffix}", "--to", "ipynb", "-o", "-", cwd=folder)
    ours = {name for name in loaded if name.partition(".")[0] == "octavo"}
    assert sorted(loaded - ours - allowed(to) - HASH) == []


def test_lists_do_not_contradict_each_other():
    assert set() == STANDARD & HEAVY
    assert set() == VERSION & HEAVY


def test_importing_the_package_loads_nothing_else():
    code = "import sys; a = set(sys.modules); import octavo; print(*set(sys.modules) - a)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["octavo"]


#: The hook itself; the reader of notebooks is loaded with the first notebook that is not cached.
HOOK = frozenset(
    """
    octavo octavo.auto octavo.core octavo.core.errors octavo.modules octavo.modules.errors
    octavo.modules.finder octavo.modules.install octavo.modules.loader
    """.split()
    # Python 3.13 starts with `linecache`, which is told of the lines.
    + ["octavo.modules.views"] * (sys.version_info >= (3, 13))
)


def test_import_hook_loads_next_to_nothing():
    code = "import sys; a = set(sys.modules); import octavo.auto; print(*set(sys.modules) - a)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (
        set(done.stdout.split())
        - {
            "importlib",
            "importlib._bootstrap",
            "importlib._bootstrap_external",
            "importlib.machinery",
            "warnings",
        }
        <= HOOK
    )


def test_cached_notebook_loads_no_reader(tmp_path):
    (tmp_path / "cached.md").write_text("```python\nx = 1\n```\n", "utf-8")
    code = "import sys; sys.dont_write_bytecode = False; import octavo.auto, cached; print(*sys.modules)"
    done = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
        ).stdout.split()
        for _ in range(2)
    ]
    assert "octavo.formats.markdown" in done[0]
    ours = {name for name in done[1] if name.startswith("octavo")}
    assert ours <= HOOK | {"octavo.modules.bytecode"}


@pytest.mark.parametrize(
    "words",
    [
        ("git", "textconv", "small.ipynb"),
        ("git", "merge", "small.ipynb", "small.ipynb", "small.ipynb", "-o", "merged.ipynb"),
    ],
)
def test_what_git_calls_for_each_file_loads_nothing_heavy(folder, words):
    assert loaded_by(*words, cwd=folder) & HEAVY == set()
