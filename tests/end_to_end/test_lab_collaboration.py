"""Two people in JupyterLab with jupyter-collaboration, and an editor outside."""

import re

import pytest

from end_to_end import jupyter_lab

pytest.importorskip("jupyter_server_ydoc")

HEADER = "---\njupyter:\n{}  kernelspec:\n    name: python3\n    display_name: P\n    language: python\n---\n\n"
BODY = "# Title\n\n```python\nx = 1\n```\n\n```python\nprint('hello')\n```\n"
AT_ONCE_MS = 2000  # a second, and what browsers on a busy machine take
CELLS = """[...window.jupyterapp.shell.widgets('main')].filter(w => w.context)[0]
    .content.model.sharedModel"""


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two people, each with a browser of their own."""
    jupyter_lab.require()
    options = ("--YDocExtension.file_poll_interval=0.5",)  # as the extension configures it
    with (
        jupyter_lab.serve(
            tmp_path_factory.mktemp("shared") / "server", collaboration=True, options=options
        ) as server,
        jupyter_lab.chromium() as browser,
    ):
        contexts = [browser.new_context(viewport={"width": 1000, "height": 700}) for _ in range(2)]
        yield [jupyter_lab.Lab(server, context) for context in contexts]
        for context in contexts:
            context.close()


@pytest.fixture(params=["a.md", "p.ipynb", "p.md"])
def shared(two, request):
    """A text alone or a pair, open in both browsers: (server, its text, the two)."""
    server = two[0].server
    # A folder for each test: the room of a document lives on for a while when all have left it.
    folder = re.sub(r"\W+", "-", request.node.name)
    formats = "  jupytext:\n    formats: ipynb,md\n" if request.param[0] == "p" else ""
    text = f"{folder}/{request.param[0]}.md"
    server.write(f"{folder}/octavo.toml", "")
    server.write(text, HEADER.format(formats) + BODY)
    if formats:
        server.request("octavo/api/pair", {"path": text}, "POST")
    for lab in two:
        lab.open(f"{folder}/{request.param}", factory="Notebook")
        lab.page.wait_for_function(f"{CELLS}.cells.length === 3")
    yield server, text, *two
    for lab in two:
        assert lab.page.locator(".jp-Dialog").count() == 0
        lab.close_all()


def waits(lab, source, timeout=AT_ONCE_MS):
    lab.page.wait_for_function(
        f"source => {CELLS}.cells.some(cell => cell.getSource() === source)",
        arg=source,
        timeout=timeout,
    )


def test_what_one_types_the_other_sees(shared):
    _, _, one, other = shared
    one.js(f"() => {{ {CELLS}.cells[0].setSource('# Title typed'); }}")
    waits(other, "# Title typed")
    other.js(f"() => {{ {CELLS}.cells[1].setSource('x = 2'); }}")
    waits(one, "x = 2")


def test_an_edit_outside_appears_without_a_question_and_outputs_stay(shared):
    server, text, one, other = shared
    output = "{output_type: 'stream', name: 'stdout', text: 'hello'}"
    one.js(f"() => {{ {CELLS}.cells[2].setOutputs([{output}]); }}")
    other.page.wait_for_function(f"{CELLS}.cells[2].getOutputs().length === 1")
    ids = one.js(f"{CELLS}.cells.map(cell => cell.getId())")
    server.write(text, server.read(text).replace("x = 1", "x = 1\noutside = 1"))
    for lab in (one, other):
        waits(lab, "x = 1\noutside = 1")
        assert lab.js(f"{CELLS}.cells.map(cell => cell.getId())") == ids
        assert lab.js(f"{CELLS}.cells[2].getOutputs().length") == 1


CURSOR = """(() => {
    const notebook = [...window.jupyterapp.shell.widgets('main')]
        .filter(w => w.context)[0].content;
    const { line, column } = notebook.activeCell.editor.getCursorPosition();
    return [notebook.activeCellIndex, notebook.mode, line, column];
})()"""


@pytest.mark.parametrize("number", [1, 2], ids=["the edited cell", "another cell"])
def test_an_edit_outside_moves_nobody_s_cursor(shared, number):
    server, text, one, _ = shared
    one.js(
        """number => {
            const notebook = [...window.jupyterapp.shell.widgets('main')]
                .filter(w => w.context)[0].content;
            notebook.activeCellIndex = number;
            notebook.mode = 'edit';
            notebook.activeCell.editor.setCursorPosition({ line: 0, column: 3 });
        }""",
        number,
    )
    server.write(text, server.read(text).replace("x = 1", "x = 1\noutside = 1"))
    waits(one, "x = 1\noutside = 1")
    assert one.js(CURSOR) == [number, "edit", 0, 3]
    one.page.keyboard.type("typed")
    assert one.js(CURSOR) == [number, "edit", 0, 8]
