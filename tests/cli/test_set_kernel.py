"""`octavo convert --set-kernel` finds the kernels of this machine."""

import json
import sys

import pytest

from octavo.run import kernelspecs


@pytest.fixture
def kernels(folder, monkeypatch):
    """Return a function that installs a kernel; no others are there."""
    for name in ("JUPYTER_PATH", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    data = folder.parent / "data"
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(data))
    monkeypatch.setattr(sys, "prefix", str(folder.parent / "prefix"))
    monkeypatch.setattr(kernelspecs, "_system_folders", list)

    def install(name, language, command="/somewhere/kernel", base=data):
        place = base / "kernels" / name
        place.mkdir(parents=True)
        spec = {"argv": [command], "display_name": name.title(), "language": language}
        (place / "kernel.json").write_text(json.dumps(spec), "utf-8")

    return install


def kernelspec(path):
    return json.loads(path.read_text("utf-8"))["metadata"]["kernelspec"]


def test_kernel_is_set_by_name(octavo, notebook, kernels):
    kernels("ir", "R")
    assert octavo("convert", "a.ipynb", "--set-kernel", "ir").code == 0
    assert kernelspec(notebook) == {"name": "ir", "display_name": "Ir", "language": "R"}
    assert "language_info" not in json.loads(notebook.read_text("utf-8"))["metadata"]


def test_language_info_of_the_same_language_stays(octavo, notebook, kernels):
    kernels("py312", "python")
    octavo("convert", "a.ipynb", "--set-kernel", "PY312")
    metadata = json.loads(notebook.read_text("utf-8"))["metadata"]
    assert (metadata["kernelspec"]["name"], metadata["language_info"]["name"]) == (
        "py312",
        "python",
    )


def test_recorded_language_gives_way_to_the_kernel(octavo, script, kernels, folder):
    kernels("python3", "python")
    assert octavo("convert", "a.py", "--to", "ipynb", "--set-kernel", "python3").code == 0
    metadata = json.loads((folder / "a.ipynb").read_text("utf-8"))["metadata"]
    assert "main_language" not in metadata.get("jupytext", {})
    assert metadata["kernelspec"]["name"] == "python3"


def test_unknown_kernel_is_an_error_that_lists_the_known(octavo, notebook, kernels):
    kernels("python3", "python")
    kernels("ir", "R")
    result = octavo("convert", "a.ipynb", "--set-kernel", "pyton3")
    assert result.code == 2
    assert "installed: ir, python3 [OCT-O026] (hint: did you mean 'python3'?)" in result.err


def test_dash_is_the_kernel_of_this_environment(octavo, notebook, kernels, monkeypatch):
    kernels("a-other", "python", "/other/bin/python")
    kernels("own", "python", sys.executable)
    octavo("convert", "a.ipynb", "--set-kernel", "-")
    assert kernelspec(notebook)["name"] == "own"


def test_dash_is_else_the_first_kernel_of_the_language(octavo, notebook, kernels, folder):
    kernels("a", "python", "/other/bin/python")
    kernels("j", "julia")
    octavo("convert", "a.ipynb", "--set-kernel", "-")
    assert kernelspec(notebook)["name"] == "a"
    (folder / "x.jl").write_text("# %%\n1\n", "utf-8")
    octavo("convert", "x.jl", "--to", "ipynb", "--set-kernel=-")
    assert kernelspec(folder / "x.ipynb")["name"] == "j"


def test_kernel_with_a_bare_command_belongs_to_the_environment_it_lies_in(folder, kernels):
    kernels("a", "python", "python")
    kernels("b", "python", "python", folder.parent / "prefix" / "share" / "jupyter")
    assert kernelspecs.find("-", "python").name == "b"


def test_no_kernel_of_the_language_is_an_error(octavo, notebook, kernels):
    result = octavo("convert", "a.ipynb", "--set-kernel", "-")
    assert "no kernel for python; installed: none" in result.err


def test_first_folder_wins_and_broken_kernels_are_passed_over(folder, kernels, monkeypatch):
    first = folder.parent / "first"
    kernels("k", "R", base=first)
    kernels("k", "python")
    kernels("other", "python")
    monkeypatch.setenv("JUPYTER_PATH", str(first))
    for name, content in {"broken": "{", "list": "[]", "bytes": "\udcff"}.items():
        (first / "kernels" / name).mkdir()
        path = first / "kernels" / name / "kernel.json"
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
    (first / "kernels" / "empty").mkdir()
    found = kernelspecs.installed()
    assert {name: kernel.language for name, kernel in found.items()} == {
        "k": "R",
        "other": "python",
    }


def test_folders_of_every_system(monkeypatch):
    monkeypatch.delenv("JUPYTER_DATA_DIR", raising=False)
    monkeypatch.setenv("HOME", "/home/x")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(kernelspecs.sys, "platform", "linux")
    assert kernelspecs._user_folder() == "/home/x/.local/share/jupyter"
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert kernelspecs._user_folder() == "/data/jupyter"
    monkeypatch.setattr(kernelspecs.sys, "platform", "darwin")
    assert kernelspecs._user_folder() == "/home/x/Library/Jupyter"
    assert kernelspecs._system_folders() == ["/usr/local/share/jupyter", "/usr/share/jupyter"]
