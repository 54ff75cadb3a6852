"""`octavo run -j2` on the examples writes the outputs that nbclient makes."""

import shutil
import subprocess
import sys

import nbclient
import nbformat
import pytest

import octavo


@pytest.fixture(scope="module")
def folder(tmp_path_factory, request):
    """The examples after a run; the text alone has its outputs in a notebook beside it."""
    path = tmp_path_factory.mktemp("run") / "examples"
    shutil.copytree(request.config.rootpath / "examples", path)
    for name in path.glob("*.ipynb"):
        cleared = nbformat.read(name, 4)
        for cell in cleared.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(cleared, name)
    (path / "out").mkdir()
    for words in (["gravity.ipynb", "temperatures.ipynb"], ["lesson.md", "-o", "out/"]):
        command = [sys.executable, "-m", "octavo", "run", "-j2", *words]
        subprocess.run(command, cwd=path, check=True, stdin=subprocess.DEVNULL)
    return path


@pytest.mark.parametrize("name", ["gravity.ipynb", "temperatures.ipynb", "lesson.md"])
def test_outputs_are_those_of_nbclient(folder, name):
    source = octavo.read(folder / name)
    expected = nbformat.from_dict(source.to_nbformat())
    nbclient.execute(expected, cwd=str(folder))
    ran = octavo.read(folder / "out" / "lesson.ipynb" if name == "lesson.md" else folder / name)
    assert any(cell.outputs for cell in ran.cells if cell.kind == "code")
    for ours, theirs in zip(ran.to_nbformat()["cells"], expected.cells, strict=True):
        assert ours["source"] == theirs.source
        if theirs.cell_type == "code":
            assert ours["outputs"] == joined(theirs.outputs)
            assert ours["execution_count"] == theirs.execution_count
    assert ran.metadata["language_info"] == expected.metadata.language_info


def joined(outputs):
    """Return outputs with the pieces of a stream joined: where the kernel cuts it is chance."""
    merged = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            merged.append(dict(output))
    return merged
