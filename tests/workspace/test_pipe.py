"""Documents through programs: what they are told, what comes of what they print."""

import sys

import pytest

from octavo.core.errors import FileError, FormatError, OptionError
from octavo.run.program import ProgramError, run_program
from octavo.workspace import pipe
from octavo.workspace.pipe_command import Command


def words(text, *, check=False, name="a.py", file="/tmp/x.py"):
    return Command(text, is_check=check).filled(name, file)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("black", ["black", "--stdin-filename=a.py", "-"]),
        ("black -", ["black", "--stdin-filename=a.py", "-"]),
        ("black --stdin-filename b.py -", ["black", "--stdin-filename", "b.py", "-"]),
        ("black -q {}", ["black", "-q", "/tmp/x.py"]),
        ("ruff check -", ["ruff", "check", "--stdin-filename=a.py", "-"]),
        ("/opt/bin/ruff format", ["/opt/bin/ruff", "format", "--stdin-filename=a.py", "-"]),
        ("python -m isort -", ["python", "-m", "isort", "-"]),
        ("flake8 --max-line-length=99", ["flake8", "--max-line-length=99", "--stdin-display-name=a.py", "-"]),
        ("sed 's/{}/[]/' --name={name}", ["sed", "s/{}/[]/", "--name=a.py"]),
        ("prettier --stdin-filepath {name}", ["prettier", "--stdin-filepath", "a.py"]),
        ("cat 'a b'  \"c d\"", ["cat", "a b", "c d"]),
    ],
)  # fmt: skip
def test_words_are_filled_in(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "check", "fixes"),
    [
        ("ruff check -", True, False),
        ("ruff check --fix -", False, True),
        ("ruff format -", False, False),
        ("ruff format --check -", True, False),
        ("black --diff -", True, False),
        ("mypy {}", True, False),
        ("sed s/a/b/", False, False),
    ],
)
def test_checkers_are_known(text, check, fixes):
    command = Command(text, is_check=False)
    assert (command.is_check, command.finds) == (check, fixes)


@pytest.mark.parametrize("text", ["", "  ", "cat '", 'cat "a'])
def test_bad_command_is_an_error(text):
    with pytest.raises(OptionError, match="OCT-O045"):
        Command(text, is_check=False)


def program(code, *, check=False, target="auto:percent", timeout_s=60.0):
    """Return a pipe through Python code."""
    command = Command("x", is_check=check)
    command.words = [sys.executable, "-c", code]
    return pipe.Pipe(command, target, timeout_s)


TEXT = b"# %%\nx=1\n\n# %%\ny=1\n"
UPPER = "import sys; print(sys.stdin.read().replace('x=', 'x = '), end='')"


def test_source_changes_in_its_file(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(TEXT)
    piped = program(UPPER).run(str(path), TEXT, "a.py")
    assert pipe.write(piped, TEXT, {})
    assert path.read_bytes() == TEXT.replace(b"x=", b"x = ")


def test_newlines_and_mark_of_the_file_stay(tmp_path):
    path = tmp_path / "a.py"
    data = b"\xef\xbb\xbf" + TEXT.replace(b"\n", b"\r\n")
    path.write_bytes(data)
    pipe.write(program(UPPER).run(str(path), data, "a.py"), data, {})
    assert path.read_bytes() == data.replace(b"x=", b"x = ")


def test_edit_made_meanwhile_is_not_overwritten(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(b"# %%\nnew\n")
    piped = program(UPPER).run(str(path), TEXT, "a.py")
    with pytest.raises(FileError, match="OCT-W015"):
        pipe.write(piped, TEXT, {})
    assert path.read_bytes() == b"# %%\nnew\n"


def test_program_may_change_the_temporary_file(tmp_path):
    path = tmp_path / "a b.py"
    path.write_bytes(TEXT)
    code = (
        "import sys; p = sys.argv[1]; t = open(p).read(); open(p, 'w').write(t.replace('x=', 'z='))"
    )
    through = program(code)
    through.command.words.append("{}")
    piped = through.run(str(path), TEXT, "a b.py")
    assert piped.document.cells[0].source == "z=1"
    assert [one.name for one in tmp_path.iterdir()] == ["a b.py"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import sys; sys.exit(3)", "OCT-P003"),
        ("pass", "OCT-P004"),
        ("import sys; sys.stdout.buffer.write(b'# %%\\n\\xff')", "OCT-P005"),
    ],
)
def test_program_that_fails_is_told(tmp_path, code, expected):
    with pytest.raises(ProgramError, match=expected):
        program(code).run(str(tmp_path / "a.py"), TEXT, "a.py")


def test_program_that_does_not_end_is_ended_with_its_children(tmp_path):
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'], stdin=None)"
    command = [sys.executable, "-c", "import time\nwhile True: time.sleep(1)  # " + code]
    with pytest.raises(ProgramError, match="OCT-P002"):
        run_program(command, b"", timeout_s=0.05, environ={})


def test_program_that_is_not_there_is_told():
    with pytest.raises(ProgramError, match="OCT-P001"):
        run_program(["no-such-program"], b"", timeout_s=1, environ={})


def test_large_text_is_no_deadlock():
    data = b"x" * 3_000_000
    ended = run_program(
        [sys.executable, "-c", "import sys; print(sys.stdin.read())"],
        data,
        timeout_s=60,
        environ={},
    )
    assert len(ended.out) > 3_000_000


FIND = """
import sys
for i, line in enumerate(sys.stdin.read().split('\\n'), 1):
    if 'bad' in line:
        print(f'a.py:{i}:3: found')
        print(f'  File "<stdin>", line {i}')
        print(f'see https://a.py:{i}')
sys.exit(1)
"""


def found(data, shown):
    piped = program(FIND, check=True).run(shown, data, shown)
    return [one.text for one in piped.findings]


def test_place_in_a_notebook_is_cell_and_line():
    import octavo

    document = octavo.reads("# %% [markdown]\n# T\n\n# %%\nx = 1\nbad = 2\n", "py:percent")
    data = octavo.writes(document, "ipynb").encode()
    assert found(data, "a.ipynb") == [
        "a.ipynb:cell 2:2:3: found  (cell 'x = 1')",
        "  File \"a.ipynb\", cell 2, line 2  (cell 'x = 1')",
        "see https://a.py:6",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", '---\ntitle: T\n---\n\n# T\n\n```python tags=["a"]\nx = 1\nbad = 2\n```\n\ntext\n'),
        ("a.md", "---\njupytext:\n  text_representation:\n    format_name: myst\nkernelspec:\n  name: python3\n  display_name: P\n---\n\n# T\n\n```{code-cell} python\n---\ntags: [a]\n---\nx = 1\nbad = 2\n```\n"),
        ("a.Rmd", "# T\n\n```{python, echo=FALSE}\n\nbad = 2\n```\n"),
        ("a.py", "# # T\n\nx = 1\n\n# +\ny = 1\n\nbad = 2\n# -\n"),
        ("a.py", '# ---\n# title: T\n# ---\n\n# %% [markdown]\n# T\n\n# %% tags=["a"]\n# %time x\n\nbad = 2\n'),
    ],
)  # fmt: skip
def test_place_in_a_text_is_its_own_line(name, text):
    line = text.split("\n").index("bad = 2") + 1
    assert found(text.encode(), name)[0] == f"{name}:{line}:3: found"


def test_text_of_another_format_may_be_asked_for(tmp_path):
    through = program(
        "import sys; print(sys.stdin.read().replace('text', 'Text'), end='')", target="md"
    )
    piped = through.run("a.py", b"# %% [markdown]\n# text\n\n# %%\nx = 1\n", "a.py")
    assert piped.document.cells[0].source == "Text"


def test_file_that_cannot_be_read_is_told():
    with pytest.raises(FormatError, match=r"a.ipynb:1:\d+: .*OCT-N003"):
        program("pass").run("a.ipynb", b"{", "a.ipynb")


FRAME = r"""
import sys
print("F401 unused\n --> a.py:8:1\n  |\n7 | a\n8 | b\n  | ^\n\n8 | no frame")
sys.exit(1)
"""


def test_numbers_beside_a_quoted_source_are_mapped_too():
    text = "# T\n\ntext\n\n```python\na\nb\n```\n"
    piped = program(FRAME, check=True).run("a.md", text.encode(), "a.md")
    assert [one.text for one in piped.findings] == [
        "F401 unused", " --> a.md:7:1", "  |", "6 | a", "7 | b", "  | ^", "", "8 | no frame",
    ]  # fmt: skip


def test_interrupted_program_is_ended(monkeypatch):
    import subprocess

    ended = []

    def interrupt(self, *_, **__):
        if not ended:
            ended.append(self)
            raise KeyboardInterrupt
        self.wait()
        return b"", b""

    monkeypatch.setattr(subprocess.Popen, "communicate", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_program([sys.executable, "-c", "input()"], b"", timeout_s=60, environ={})
    [process] = ended
    assert process.returncode != 0
    process.stdin.close()
