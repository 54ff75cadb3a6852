"""Octavo is gone: what it wrote opens in plain Jupyter, and what plain Jupyter writes comes back."""

import nbformat
import pytest

from end_to_end import jupyter_lab
from end_to_end.jupyter_servers import JupyterServer
from octavo.binder._devtools import find_browser

HEADER = "---\njupyter:\n{}  kernelspec:\n    name: python3\n    display_name: P\n    language: python\n---\n\n"
BODY = '# Title\n\n```python\nx = 1\n```\n\n```python tags=["skip-execution"]\n1 / 0\n```\n'
PRINTED = [{"output_type": "stream", "name": "stdout", "text": "hello\n"}]


def write_with_octavo(folder, home):
    """Make a pair with outputs and a conflict, and a text, through a server with Octavo."""
    (folder / "p.md").write_text(HEADER.format("  jupytext:\n    formats: ipynb,md\n") + BODY)
    (folder / "a.md").write_text(HEADER.format("") + BODY)
    server = JupyterServer(folder, home, ("octavo.jupyter",))
    try:
        for name in ("p.md", "a.md"):
            content = server.get(name, type="notebook")["content"]
            content["cells"][1].update(outputs=PRINTED, execution_count=1)
            save(server, name, content)
        content["cells"][1]["source"] = "x = 100"
        text = (folder / "a.md").read_text()
        (folder / "a.md").write_text(text.replace("x = 1", "x = 2"))
        save(server, "a.md", content)
        content = server.get("p.md", type="notebook")["content"]
        content["cells"][1]["source"] = "x = 100"
        text = (folder / "p.md").read_text()
        (folder / "p.md").write_text(text.replace("x = 1", "x = 2"))
        save(server, "p.md", content)
    finally:
        server.stop()


def save(server, path, content):
    model = {"type": "notebook", "format": "json", "content": content}
    return server.request("PUT", f"api/contents/{path}", model)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "files"
    place.mkdir()
    write_with_octavo(place, tmp_path / "with")
    return place


def test_documents_open_in_a_plain_server_and_its_edits_come_back(folder, tmp_path):
    plain = JupyterServer(folder, tmp_path / "plain", ())
    try:
        model = plain.get("p.ipynb", type="notebook")
        assert "message" not in model  # a notebook that is not valid has one
        content = model["content"]
        nbformat.validate(content)
        sources = [cell["source"] for cell in content["cells"]]
        assert {"x = 100", "x = 2"} <= set(sources)  # the conflict holds both
        assert PRINTED in [cell.get("outputs") for cell in content["cells"]]
        for name in ("p.md", "a.md"):
            text = plain.get(name, type="file")["content"]
            assert "x = 100" in text
            assert "x = 2" in text
        content["cells"][0]["source"] = "# Written without Octavo"
        save(plain, "p.ipynb", content)
    finally:
        plain.stop()
    again = JupyterServer(folder, tmp_path / "with", ("octavo.jupyter",))
    try:
        found = again.get("p.md", type="notebook")["content"]
        assert found["cells"][0]["source"] == "# Written without Octavo"
        assert "# Written without Octavo" in (folder / "p.md").read_text()
        assert PRINTED in [cell.get("outputs") for cell in found["cells"]]
    finally:
        again.stop()


def test_documents_open_in_a_plain_page_without_errors(folder, tmp_path):
    if not find_browser():
        pytest.skip("no Chromium and no Chrome on this machine: JupyterLab was not tested")
    with (
        jupyter_lab.serve(tmp_path / "lab", octavo=False) as server,
        jupyter_lab.chromium() as browser,
    ):
        for path in folder.glob("*.*"):
            if path.is_file():
                server.write(path.name, path.read_text("utf-8"))
        page = jupyter_lab.Lab(server, browser.new_context())
        page.notebook("p.ipynb")
        sources = page.model("return notebook.widgets.map(cell => cell.model.sharedModel.source)")
        assert {"# Title", "x = 100", "x = 2"} <= set(sources)
        page.save()
        for name in ("p.md", "a.md"):
            page.open(name)
            page.page.wait_for_selector(".jp-FileEditor:visible >> text=Title")
        assert page.errors == []
