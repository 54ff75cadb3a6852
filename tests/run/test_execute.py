"""Documents run in real kernels; errors name the cell."""

import os
import sys
import tempfile

import nbclient
import nbformat
import pytest

import octavo
from octavo.core.errors import RunError
from octavo.run.execute import execute, places_to_run
from octavo.run.settings import Settings
from run.kernels import document, install, is_gone, script, texts, wait_until


def ran(*sources, settings=None, **more):
    return execute(document(*sources, **more), settings or Settings())


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """Return a function that installs a kernel for this test."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    return lambda name, argv, **spec: install(tmp_path, name, argv, **spec)


TRICKY = (
    "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')",
    "from IPython.display import *\nh = display('one', display_id='x')\n2",
    "update_display('two', display_id='x')\ndisplay('three', display_id='x')",
    "print('gone')\nclear_output()\nprint('kept')",
    "print('gone')\nclear_output(wait=True)\nprint('new')",
    "print('stays')\nclear_output(wait=True)",
    "display(HTML('<b>b</b>'), Markdown('*m*'), JSON({'a': [1]}))",
    "1 / 0",
    "def f(:",
    "raise KeyError('k')",
    "%%bash\necho from bash",
    "%nothing_like_that",
    "!echo shell",
    "_ = 7\n_;",
    "'é\\u2028\\x00'",
    "input('name? ')",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    """from comm import create_comm
state = {'_model_name': 'M', '_model_module': 'm', '_model_module_version': '1', 'v': 1}
c = create_comm('jupyter.widget', comm_id='c1', data={'state': state})
c.send({'method': 'update', 'state': {'v': 2}})""",
    "get_ipython().run_cell('3 + 4').result",
    "   ",
    "print('\\r 1%\\r 2%', end='')",
)


def test_outputs_are_those_of_nbclient(tmp_path):
    one = document(*TRICKY)
    done = execute(one, Settings(allow_errors=True, cwd=str(tmp_path)))
    notebook = nbformat.from_dict(one.to_nbformat())
    nbclient.execute(notebook, cwd=str(tmp_path), allow_errors=True)
    assert not done.errors
    assert done.document.metadata == notebook.metadata
    for ours, theirs in zip(done.document.cells, notebook.cells, strict=True):
        assert canonical(ours.outputs) == canonical(theirs.outputs), ours.source
        assert ours.execution_count == theirs.execution_count


def canonical(outputs):
    """Return outputs with the pieces of each stream joined, stdout first: the kernel sends them
    in two pipes whose order is not fixed."""
    streams = {}
    rest = []
    for output in outputs:
        if output["output_type"] == "stream":
            streams[output["name"]] = streams.get(output["name"], "") + output["text"]
        else:
            rest.append(dict(output))
    return sorted(streams.items()), rest


def test_failing_cell_stops_the_run_and_is_named():
    done = ran("x = 1", "print(x)\n\n1 / (x - 1)", "print('never')")
    (error,) = done.errors
    assert error.code == "OCT-R010"
    assert error.message.startswith(
        "cell 2 (print(x)) failed in its line 3: ZeroDivisionError: division by zero"
    )
    assert (error.cell, error.line_in_cell, done.ran, done.total) == (2, 3, 2, 3)
    assert [out["output_type"] for out in done.document.cells[1].outputs] == ["stream", "error"]
    assert done.document.cells[2].outputs == []


@pytest.mark.slow
def test_blank_lines_at_the_top_of_a_cell_count():
    done = ran("\n  \n1 / 0")
    assert done.errors[0].line_in_cell == 3


def test_tagged_cells_may_fail_or_do_not_run():
    tags = {0: ["raises-exception"], 1: ["skip-execution"], 2: ["active-py"], 4: ["remove_cell"]}
    sources = (
        "1 / 0",
        "1 / 0",
        "1 / 0",
        "#| eval: false\n1 / 0",
        "print('on')",
        "#| error: true\n1/0",
    )
    done = ran(*sources, tags=tags)
    assert not done.errors
    assert (done.ran, done.total) == (3, 3)
    assert texts(done.document.cells[4]) == "on\n"


def test_a_kernel_that_dies_is_told_with_its_cell():
    done = ran("print('before', flush=True)\nimport os\nos._exit(3)", "1")
    (error,) = done.errors
    assert error.code == "OCT-R011"
    assert "cell 1 (print('before', flush=True)) could not run to its end" in error.message
    assert "exit code 3" in error.message


def test_cell_without_end_is_interrupted():
    done = ran("print('on', flush=True)\nwhile True: pass", settings=Settings(cell_s=1, grace_s=60))
    (error,) = done.errors
    assert error.code == "OCT-R012"
    assert "ran longer than 1 s and was interrupted" in error.message
    assert done.document.cells[0].outputs[-1]["ename"] == "KeyboardInterrupt"


@pytest.mark.slow
def test_cell_that_heeds_no_interrupt_is_killed(tmp_path):
    source = (
        "import signal, subprocess, os\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        "open('pids', 'w').write(f'{os.getpid()} {child.pid}')\nwhile True: pass"
    )
    done = ran(source, settings=Settings(cell_s=2, grace_s=0.5, cwd=str(tmp_path)))
    assert done.errors[0].code == "OCT-R012"
    assert "killed" in done.errors[0].message
    all_gone(tmp_path)


@pytest.mark.slow
def test_processes_of_cells_end_with_the_kernel(tmp_path):
    source = "import subprocess, os\np = subprocess.Popen(['sleep', '600'])\nopen('pids', 'w').write(f'{os.getpid()} {p.pid}')"
    done = ran(source, settings=Settings(cwd=str(tmp_path)))
    assert not done.errors
    all_gone(tmp_path)


def all_gone(folder):
    """Wait until all processes that a cell noted are gone."""
    pids = (folder / "pids").read_text().split()
    assert len(pids) == 2
    wait_until(lambda: all(map(is_gone, pids)))


@pytest.mark.slow
def test_document_may_run_so_long_only():
    done = ran("1", "while True: pass", settings=Settings(total_s=6, grace_s=60))
    assert done.errors[0].code == "OCT-R013"
    assert done.errors[0].cell == 2


@pytest.mark.slow
def test_input_is_asked_of_nobody():
    done = ran("input('name? ')")
    assert done.errors[0].code == "OCT-R014"


@pytest.mark.slow
def test_cell_that_prints_without_end_is_stopped():
    done = ran("while True: print('x' * 10000)", settings=Settings(output_bytes=5_000_000))
    assert done.errors[0].code == "OCT-R015"


@pytest.mark.slow
def test_bytes_that_are_no_text_break_nothing():
    done = ran("import os\nos.write(1, b'\\xff\\xfe raw\\n')", "print('on')")
    assert not done.errors
    assert "on\n" in texts(done.document.cells[1])
    assert done.document.cells[0].outputs[-1]["data"] == {"text/plain": "7"}


@pytest.mark.slow
def test_large_outputs_come_whole():
    done = ran(
        "for i in range(100): print('x' * 999_999)", "for i in range(20000): print(i, flush=True)"
    )
    assert not done.errors
    assert len(texts(done.document.cells[0])) == 100_000_000
    assert len(texts(done.document.cells[1]).splitlines()) == 20000


@pytest.mark.slow
def test_what_a_kernel_does_at_its_exit_is_done(tmp_path):
    source = "import atexit\natexit.register(lambda: (print('bye'), open('bye', 'w').write('x')))"
    done = ran(source, settings=Settings(cwd=str(tmp_path)))
    assert not done.errors
    assert (tmp_path / "bye").exists()


@pytest.mark.slow
def test_no_history_and_no_connection_file_is_left(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    assert not ran("1").errors
    assert os.listdir(tmp_path / "temporary") == []
    assert not list((tmp_path / "ipython").rglob("history*"))


def test_cells_of_all_dialects_that_are_not_run():
    texts = {
        "Rmd": "```{python eval=FALSE}\n1\n```\n",
        "md:myst": "```{code-cell}\n:tags: [skip-execution]\n1\n```\n",
        "qmd": "```{python}\n#| eval: false\n1\n```\n",
        "py:percent": '# %% frozen=true\n1\n\n# %% active="py"\n2\n',
        "md": "```python .noeval\n1\n```\n",
    }
    for fmt, text in texts.items():
        assert places_to_run(octavo.reads(text, fmt)) == [], fmt


def test_missing_kernel_lists_those_that_are_there():
    with pytest.raises(RunError) as raised:
        ran("1", metadata={"kernelspec": {"name": "python4"}})
    assert raised.value.code == "OCT-R002"
    assert "no kernel 'python4'; installed: " in raised.value.message
    assert "python3" in raised.value.message
    assert raised.value.hint == "did you mean 'python3'?"


def test_no_kernel_of_the_language():
    with pytest.raises(RunError) as raised:
        ran("1", metadata={"language_info": {"name": "julia"}})
    assert raised.value.code == "OCT-R002"
    assert "IJulia" in raised.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"argv": "python", "display_name": "x", "language": "python"}',
        '{"argv": []}',
        "\xff",
        "[]",
    ],
)
def test_broken_kernelspec_is_told_with_its_file(kernel, text):
    path = kernel("odd", [])
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(RunError) as raised:
        ran("1", settings=Settings(kernel="odd"))
    assert raised.value.code == "OCT-R003"
    assert str(path) in raised.value.hint


def test_program_that_is_not_there(kernel):
    kernel("odd", ["/nowhere/python", "-f", "{connection_file}"])
    with pytest.raises(RunError) as raised:
        ran("1", settings=Settings(kernel="odd"))
    assert raised.value.code == "OCT-R004"
    assert "/nowhere/python" in raised.value.hint


def test_kernel_that_ends_at_once_tells_why(kernel):
    kernel("odd", script("import sys; sys.exit('no licence \\xe9')"))
    with pytest.raises(RunError) as raised:
        ran("1", settings=Settings(kernel="odd"))
    assert raised.value.code == "OCT-R004"
    assert "ended before it answered" in raised.value.message
    assert "no licence" in raised.value.hint


@pytest.mark.slow
def test_kernel_that_never_answers(kernel):
    kernel("odd", script("import time; time.sleep(600)"))
    with pytest.raises(RunError) as raised:
        ran("1", settings=Settings(kernel="odd", start_s=1, grace_s=0.2))
    assert raised.value.code == "OCT-R005"


def test_without_jupyter_client(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyter_client.kernelspec", None)
    with pytest.raises(RunError) as raised:
        ran("1")
    assert raised.value.code == "OCT-R001"
    assert raised.value.hint == "pip install 'octavo[run]'"


def test_document_without_code_starts_no_kernel():
    done = ran("  ", metadata={"kernelspec": {"name": "nothing"}})
    assert (done.ran, done.total, done.kernel) == (0, 0, "")


@pytest.mark.slow
def test_runs_where_an_event_loop_runs():
    import asyncio

    async def inside():
        return ran("40 + 2")

    done = asyncio.run(inside())
    assert done.document.cells[0].outputs[0]["data"] == {"text/plain": "42"}
