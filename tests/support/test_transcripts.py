"""The runner of transcripts sees differences, and accepts only when it is told to."""

import sys

import pytest

from support import transcripts


@pytest.fixture(autouse=True)
def stand_in(monkeypatch):
    """Put a small command in the place of Octavo's: it tells its arguments and its input."""
    import types

    def main(arguments):
        if arguments == ["leave"]:
            raise SystemExit(5)
        print(*arguments)
        print(sys.stdin.read(), end="")
        if "fail" in arguments:
            print("no luck", file=sys.stderr)
            return 3
        return 0

    monkeypatch.setitem(sys.modules, "octavo.cli", types.SimpleNamespace(main=main))


def transcript(*lines):
    return "\n".join(["# A title", "", "```console", *lines, "```", "", "The end.", ""])


RIGHT = transcript(
    "$ octavo a 'b c'", "in", "^D", "a b c", "in", "", "$ octavo fail", "fail", "2> no luck", "=> 3"
)


def test_same_output_is_no_difference(tmp_path):
    assert transcripts.compare(RIGHT, tmp_path) == (RIGHT, [])


@pytest.mark.parametrize("wrong", ["a b d", "a b c ", "", "a b c\nmore"])
def test_other_output_is_a_difference(tmp_path, wrong):
    text = RIGHT.replace("a b c", wrong)
    unchanged, differences = transcripts.compare(text, tmp_path)
    assert unchanged == text
    assert len(differences) == 1


@pytest.mark.parametrize("wrong", ["=> 4", ""])
def test_other_exit_code_is_a_difference(tmp_path, wrong):
    _, differences = transcripts.compare(RIGHT.replace("=> 3", wrong), tmp_path)
    assert len(differences) == 1


def test_other_stderr_is_a_difference(tmp_path):
    _, differences = transcripts.compare(RIGHT.replace("2> no luck", "2> luck"), tmp_path)
    assert len(differences) == 1


def test_accept_writes_what_came_out_and_keeps_the_rest(tmp_path):
    text = RIGHT.replace("a b c\nin", "x\ny\nz").replace("=> 3", "=> 4")
    renewed, differences = transcripts.compare(text, tmp_path, accept=True)
    assert renewed == RIGHT
    assert len(differences) == 2


def test_several_blocks_are_accepted_at_their_places(tmp_path):
    text = transcript("$ octavo a") + transcript("$ octavo b", "wrong", "wronger")
    renewed, _ = transcripts.compare(text, tmp_path, accept=True)
    assert renewed == transcript("$ octavo a", "a") + transcript("$ octavo b", "b")


def test_files_are_put_down_and_shown(tmp_path):
    text = (
        "```python file deep/a.py\nx\n```\n"
        "````file deep/b.md\n```\nx\n````\n"
        "~~~\n$ cat deep/a.py deep/b.md\nx\n```\nx\n$ ls deep\na.py\nb.md\n~~~\n"
    )
    assert transcripts.compare(text, tmp_path)[1] == []


def test_exit_by_exception_has_its_code(tmp_path):
    assert transcripts.compare(transcript("$ octavo leave", "=> 5"), tmp_path)[1] == []


def test_other_blocks_are_left_alone(tmp_path):
    text = "```python\n$ octavo\n```\n```\npip install octavo\n```\n"
    assert [transcripts.is_transcript(block) for block in transcripts.blocks(text)] == [True, False]


def test_block_in_a_list_keeps_its_indentation(tmp_path):
    text = "1. Run it:\n\n   ```console\n   $ octavo a\n   b\n   ```\n"
    renewed, _ = transcripts.compare(text, tmp_path, accept=True)
    assert renewed == text.replace("   b\n", "   a\n")
