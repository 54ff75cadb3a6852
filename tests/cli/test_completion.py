"""Completion scripts are made from the parsers and work in real shells."""

import re
import shutil
import subprocess

import pytest

from octavo import cli


def has(shell):
    return pytest.mark.skipif(not shutil.which(shell), reason=f"{shell} is not installed")


needs_bash, needs_zsh, needs_fish = has("bash"), has("zsh"), has("fish")


@pytest.fixture
def script(octavo, tmp_path):
    """Return a function that writes the script of a shell to a file."""

    def write(shell):
        path = tmp_path / f"octavo.{shell}"
        path.write_text(octavo("completion", shell).out, "utf-8")
        return path

    return write


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def in_bash(script, line):
    """Return what bash proposes for a line, split as bash splits it."""
    return run(
        "bash", "--norc", "-c",
        'source "$1"; COMP_LINE=$2; COMP_POINT=${#2}; COMP_WORDBREAKS=$\' \\t\\n"\\\'><=;|&(:\'; '
        'compopt() { :; }; _octavo; printf "%s\\n" "${COMPREPLY[@]}"',
        "-", str(script), line,
    ).split()  # fmt: skip


@needs_bash
def test_bash_takes_the_script(script):
    out = run("bash", "--norc", "-c", 'source "$1"; complete -p octavo', "-", str(script("bash")))
    assert out == "complete -o bashdefault -o default -F _octavo octavo\n"


@needs_bash
@pytest.mark.parametrize(
    ("line", "proposals"),
    [
        ("octavo ", [*cli.command_names(), "--help", "--version"]),
        ("octavo conv", ["convert"]),
        ("octavo convert --upd", ["--update", "--update-metadata"]),
        ("octavo convert --to py:pe", ["percent"]),
        ("octavo convert --to=py:pe", ["percent"]),
        ("octavo convert a.ipynb -t Rm", ["Rmd"]),
        ("octavo convert --from ipy", ["ipynb"]),
        ("octavo convert --opt cell_ma", ["cell_markers="]),
        ("octavo convert --opt split_at_heading=", ["true", "false"]),
        ("octavo convert --color ", ["auto", "always", "never"]),
        ("octavo convert --no-split", ["--no-split-at-heading"]),
        ("octavo convert note", []),
        ("octavo convert -o ", []),
        ("octavo formats perc", ["percent"]),
        ("octavo formats --lang", ["--languages"]),
        ("octavo completion ", ["bash", "zsh", "fish"]),
    ],
)
def test_bash_proposes(script, line, proposals):
    assert in_bash(script("bash"), line) == proposals


IN_ZSH = r"""
zmodload zsh/zpty || exit 77
zpty z 'zsh -f -i'
zpty -w z "PS1=; stty columns 200; autoload -Uz compinit; compinit -u -D; source $1; echo READY\$((1+1))"
zpty -r -m z output '*READY2*'
zpty -w -n z "$2"$'\t'
zpty -r -m z output "*$3*" && print found
zpty -d z
"""


@needs_zsh
def test_zsh_takes_the_script(script):
    run("zsh", "-n", str(script("zsh")))


@needs_zsh
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("octavo conv", "convert"),
        ("octavo convert --to qm", "qmd"),
        ("octavo convert --to py\\:pe", "percent"),
        ("octavo convert --split", "--split-at-heading"),
        ("octavo convert --color=ne", "never"),
        ("octavo completion f", "fish"),
    ],
)
def test_zsh_proposes(script, tmp_path, line, expected):
    driver = tmp_path / "driver.zsh"
    driver.write_text(IN_ZSH, "utf-8")
    assert run("zsh", "-f", str(driver), str(script("zsh")), line, expected) == "found\n"


def in_fish(script, line):
    out = run("fish", "--no-config", "-c", f"source {script}; complete -C '{line}'")
    return [proposal.partition("\t")[0] for proposal in out.splitlines()]


@needs_fish
def test_fish_takes_the_script(script):
    run("fish", "--no-config", "-n", str(script("fish")))


@needs_fish
@pytest.mark.parametrize(
    ("line", "proposals"),
    [
        ("octavo conv", ["convert"]),
        ("octavo convert --upd", ["--update", "--update-metadata"]),
        ("octavo convert --to py:pe", ["py:percent"]),
        ("octavo convert --opt split_at", ["split_at_heading=false", "split_at_heading=true"]),
        ("octavo formats perc", ["percent"]),
        ("octavo completion z", ["zsh"]),
    ],
)
def test_fish_proposes(script, line, proposals):
    assert sorted(in_fish(script("fish"), line)) == proposals


def test_every_flag_is_in_every_script(octavo):
    flags = {
        spelling
        for command in octavo("completion", "--json").json["commands"]
        for flag in command["flags"]
        for spelling in flag["spellings"]
        if spelling.startswith("--")
    }
    assert "--cell-metadata-filter" in flags
    for shell in ("bash", "zsh", "fish"):
        words = set(re.findall(r"(?:--|-l )([\w-]+)", octavo("completion", shell).out))
        assert {flag[2:] for flag in flags} <= words


@pytest.mark.parametrize("arguments", [[], ["tcsh"]])
def test_unknown_shell_is_wrong_usage(octavo, arguments):
    assert octavo("completion", *arguments).code == 2
