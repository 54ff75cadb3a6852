"""Transcripts: what a person types and what comes out, kept in Markdown and run in this process.

A fenced block that begins with `$ ` is a transcript:

    $ octavo convert --to py:light -        a command; its input follows, up to `^D`
    {"cells": []}
    ^D
    1 + 1                                   what it prints
    2> octavo: something to know            what it prints to stderr
    => 3                                    how it ends, when not with 0

Blank lines at the end of an output are not compared: they set commands apart.  Output that looks
like one of these marks cannot stand in a transcript.  `$ cat FILE...`, `$ ls`
and `$ git` are understood too.  A block whose
opening fence says `file NAME` or `LANGUAGE file NAME` puts a file into the folder in which all
commands of one Markdown file run.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_FILE = re.compile(r"^(?:\w+ )?file (\S+)$")
_FENCE = re.compile(r"^( *)(`{3,}|~{3,})(.*)$")


class Block(NamedTuple):
    """A fenced block: its lines without the fences, and where it stands."""

    info: str
    lines: list[str]
    start: int
    """The 0-based number of the first line of the content."""
    indent: str
    """The blanks before the fence, which are not content."""


class Command(NamedTuple):
    """One command of a transcript and everything that belongs to it."""

    line: str
    stdin: list[str] | None
    expected: list[str]
    """What follows the command, in the form of the transcript."""


def blocks(text: str) -> Iterator[Block]:
    """Yield the fenced blocks of a Markdown text."""
    opening: re.Match[str] | None = None
    start = 0
    lines = text.split("\n")
    for i, line in enumerate(lines):
        found = _FENCE.match(line)
        if opening is None:
            if found:
                opening, start = found, i + 1
        elif found and found[2].startswith(opening[2]) and not found[3].strip():
            indent = opening[1]
            content = [line.removeprefix(indent) for line in lines[start:i]]
            yield Block(opening[3].strip(), content, start, indent)
            opening = None


def is_transcript(block: Block) -> bool:
    """Return whether a block is a transcript of commands that can be run here."""
    return bool(block.lines) and block.lines[0].startswith(
        ("$ octavo", "$ cat ", "$ ls", "$ git init ")
    )


def commands(lines: list[str]) -> Iterator[Command]:
    """Yield the commands of a transcript."""
    starts = [i for i, line in enumerate(lines) if line.startswith("$ ")]
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        rest = lines[start + 1 : stop]
        stdin = None
        if "^D" in rest:
            end = rest.index("^D")
            stdin, rest = rest[:end], rest[end + 1 :]
        yield Command(lines[start][2:], stdin, rest)


def run(command: Command, folder: Path) -> list[str]:
    """Return what *command* does in *folder*, in the form of a transcript."""
    words = shlex.split(command.line)
    if words[0] == "octavo":
        stdin = "".join(line + "\n" for line in command.stdin or ())
        code, out, err = _octavo(words[1:], stdin, folder)
    elif words[0] == "cat":
        code, err = 0, ""
        out = "".join((folder / name).read_bytes().decode("utf-8") for name in words[1:])
    elif words[0] == "ls":
        code, err = 0, ""
        shown = folder.joinpath(*words[1:2])
        out = "".join(path.name + "\n" for path in sorted(shown.iterdir()))
    elif words[0] == "git":
        code, out, err = _git(words, folder)
    else:
        raise ValueError(f"a transcript cannot run {words[0]!r}")
    result = _lines(out) + ["2> " + line if line else "2>" for line in _lines(err)]
    return [*result, f"=> {code}"] if code else result


def compare(text: str, folder: Path, *, accept: bool = False) -> tuple[str, list[str]]:
    """Run all transcripts of a Markdown text in *folder*.

    Return the text (with *accept*: with what came out in place of what was expected) and a
    report of every difference.
    """
    lines = text.split("\n")
    shift = 0
    differences: list[str] = []
    for block in blocks(text):
        named = _FILE.match(block.info)
        if named:
            path = folder / named[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes("".join(line + "\n" for line in block.lines).encode("utf-8"))
        if not is_transcript(block):
            continue
        renewed: list[str] = []
        for command in commands(block.lines):
            actual, _ = _without_blank_end(run(command, folder))
            expected, blank = _without_blank_end(command.expected)
            if actual != expected:
                differences.append(_difference(command.line, expected, actual))
            renewed += ["$ " + command.line]
            renewed += [] if command.stdin is None else [*command.stdin, "^D"]
            renewed += actual + blank
        if accept:
            start, stop = block.start + shift, block.start + shift + len(block.lines)
            lines[start:stop] = [block.indent + line if line else line for line in renewed]
            shift += len(renewed) - len(block.lines)
    return "\n".join(lines), differences


#: Git as nobody has set it up, on a day that does not change: ids are the same everywhere.
_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "@1700000000 +0000",
    "GIT_COMMITTER_DATE": "@1700000000 +0000",
}


def _git(words: list[str], folder: Path) -> tuple[int, str, str]:
    """Run git in *folder* and return its exit code and what it prints."""
    done = subprocess.run(
        words, cwd=folder, env={**os.environ, **_GIT}, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def _octavo(arguments: list[str], stdin: str, folder: Path) -> tuple[int, str, str]:
    """Run the command line in this process; return its exit code and what it printed."""
    from octavo.cli import main

    given = _stream(stdin)
    out, err = _stream(), _stream()
    with (
        contextlib.chdir(folder),
        _imports_forgotten(folder),
        _replaced("stdin", given),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            code = main(arguments)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return int(code or 0), _text(out), _text(err)


@contextlib.contextmanager
def _imports_forgotten(folder: Path) -> Iterator[None]:
    """Undo what a command imported from *folder*: it would be a process of its own."""
    path = [*sys.path]
    try:
        yield
    finally:
        sys.path[:] = path
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(str(folder)):
                del sys.modules[name]


@contextlib.contextmanager
def _replaced(name: str, stream: io.TextIOWrapper) -> Iterator[None]:
    before = getattr(sys, name)
    setattr(sys, name, stream)
    try:
        yield
    finally:
        setattr(sys, name, before)


def _stream(text: str = "") -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BytesIO(text.encode("utf-8")), encoding="utf-8", newline="", write_through=True
    )


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


def _lines(text: str) -> list[str]:
    """Return the lines of *text*; a missing newline at the end is shown as in diffs."""
    if not text:
        return []
    if text.endswith("\n"):
        return text[:-1].split("\n")
    return [*text.split("\n"), "\\ no newline at the end"]


def _without_blank_end(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return *lines* without the blank ones at the end (they only set commands apart), and those."""
    n = len(lines)
    while n and not lines[n - 1]:
        n -= 1
    return lines[:n], lines[n:]


def _difference(command: str, expected: list[str], actual: list[str]) -> str:
    import difflib

    shown = difflib.unified_diff(expected, actual, "expected", "actual", lineterm="", n=3)
    return "\n".join([f"$ {command}", *shown])
