"""What pages ask of the server beyond the contents API, asked over HTTP."""

import pytest
from tests.jupyter.http_server import HttpClient, HttpServer

PERCENT = "# %% [markdown]\n# # Title\n\n# %%\n1 + 1\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = HttpServer(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture
def client(server):
    client = HttpClient(server)
    yield client
    client.close()


def ask(client, method, path, body=None):
    status, reply = client.request(method, f"/octavo/api/{path}", body)
    return status, reply


def write(server, path, text):
    place = server.root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, "utf-8")


def test_status_tells_who_owns_the_contents(client):
    status, reply = ask(client, "GET", "status")
    assert status == 200
    assert reply["contents"]["active"] is True
    assert reply["contents"]["inner"].endswith("AsyncLargeFileManager")
    assert reply["jupytext"] is False


def test_formats_have_names_and_suffixes(client):
    _, reply = ask(client, "GET", "formats")
    named = {row["name"]: row for row in reply}
    assert ".md" in named["markdown"]["default_for"]
    assert named["myst"]["default_for"] == [".myst", ".mystnb", ".mnb"]
    assert ".py" in named["percent"]["default_for"]
    assert ".md" in named["markdown"]["suffixes"]
    assert ".py" in named["percent"]["suffixes"]
    assert "ipynb" not in named


def test_texts_are_told_from_scripts_by_their_content(server, client):
    write(server, "s/notebook.py", PERCENT)
    write(server, "s/script.py", "print('# %%')\n")
    write(server, "s/README.md", "# Read me\n\n```python\n1\n```\n")
    write(server, "s/lesson.md", "---\njupyter:\n  kernelspec:\n    name: python3\n---\n\n# L\n")
    paths = [f"s/{name}" for name in ("notebook.py", "script.py", "README.md", "lesson.md")]
    _, reply = ask(client, "POST", "sniff", {"paths": [*paths, "s/gone.py", "../out.py"]})
    assert [reply[path]["notebook"] for path in paths] == [True, False, False, True]
    assert reply["s/notebook.py"]["format"] == "py:percent"
    assert not reply["s/gone.py"]["notebook"]
    assert not reply["../out.py"]["notebook"]
    write(server, "s/script.py", PERCENT)
    _, reply = ask(client, "POST", "sniff", {"paths": ["s/script.py"]})
    assert reply["s/script.py"]["notebook"]


def test_a_document_is_paired_changed_synced_and_alone_again(server, client):
    write(server, "p/x.py", PERCENT)
    _, reply = ask(client, "GET", "pair?path=p/x.py")
    assert (reply["status"], reply["members"], reply["last_sync_ms"]) == ("not paired", [], None)
    status, reply = ask(client, "PUT", "pair", {"path": "p/x.py", "formats": "ipynb,py:percent"})
    assert status == 200
    assert [member["path"] for member in reply["members"]] == ["p/x.ipynb", "p/x.py"]
    assert reply["status"] == "in sync"
    assert reply["last_sync_ms"] > 0
    write(server, "p/x.py", (server.root / "p/x.py").read_text() + "\n# %%\n2 + 2\n")
    _, reply = ask(client, "GET", "pair?path=p/x.ipynb")
    assert [member["changed"] for member in reply["members"]] == [False, True]
    _, reply = ask(client, "POST", "pair", {"path": "p/x.ipynb"})
    assert reply["status"] == "in sync"
    assert "2 + 2" in (server.root / "p/x.ipynb").read_text()
    _, reply = ask(client, "PUT", "pair", {"path": "p/x.py", "formats": "py:percent,md"})
    assert [member["path"] for member in reply["members"]] == ["p/x.py", "p/x.md"]
    _, reply = ask(client, "DELETE", "pair?path=p/x.md")
    assert reply["status"] == "not paired"
    assert (server.root / "p/x.py").exists()


def test_the_pairs_of_a_folder_have_their_members(server, client):
    write(server, "f/x.py", PERCENT)
    write(server, "f/plain.py", "1\n")
    ask(client, "PUT", "pair", {"path": "f/x.py", "formats": "ipynb,py:percent"})
    _, reply = ask(client, "GET", "pairs?path=f")
    assert reply == {
        "pairs": [{"members": ["f/x.ipynb", "f/x.py"], "primary": "f/x.ipynb", "conflicts": 0}]
    }
    assert ask(client, "GET", "pairs?path=none")[0] == 404


def test_the_preview_is_what_a_save_writes(server, client):
    write(server, "v/x.py", "# %%\n1\n\n# %% [markdown]\n# a\n\n\n\n# %%\n2\n")
    content = client.get("v/x.py")["content"]
    content["cells"][0]["source"] = "one"
    body = {"content": content, "format": "py:percent", "path": "v/x.py"}
    _, reply = ask(client, "POST", "preview", body)
    client.put("v/x.py", client.get("v/x.py")["content"] | {"cells": content["cells"]})
    assert reply["text"] == (server.root / "v/x.py").read_text()
    assert reply["text"] == "# %%\none\n\n# %% [markdown]\n# a\n\n\n\n# %%\n2\n"
    _, reply = ask(client, "POST", "preview", {**body, "format": "md"})
    assert "```python" in reply["text"]
    assert reply["suffix"] == ".md"
    _, reply = ask(client, "POST", "preview", {**body, "format": "auto:percent"})
    assert reply["suffix"] == ".py"


def test_hidden_files_stay_hidden(server, client):
    write(server, ".hidden/x.py", PERCENT)
    write(server, "h/.x.py", PERCENT)
    for path in (".hidden/x.py", "h/.x.py"):
        assert ask(client, "GET", f"pair?path={path}")[0] == 404
        status, _ = ask(client, "PUT", "pair", {"path": path, "formats": "ipynb,py:percent"})
        assert status == 404
    assert ask(client, "GET", "pairs?path=.hidden")[0] == 404
    assert ask(client, "GET", "pairs?path=h")[0] == 200
    assert [path.name for path in (server.root / ".hidden").iterdir()] == ["x.py"]
    assert [path.name for path in (server.root / "h").iterdir()] == [".x.py"]


READER = """
from jupyter_server.auth import Authorizer
class Reader(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return action == "read" and resource == "contents"
c.ServerApp.authorizer_class = Reader
"""


def test_who_may_only_read_pairs_nothing(tmp_path):
    config = tmp_path / "reader.py"
    config.write_text(READER)
    server = HttpServer(tmp_path, options=[f"--config={config}"])
    client = HttpClient(server)
    write(server, "x.py", PERCENT)
    assert ask(client, "POST", "sniff", {"paths": ["x.py"]})[1]["x.py"]["notebook"]
    assert ask(client, "GET", "pair?path=x.py")[0] == 200
    body = {"content": client.get("x.py")["content"], "format": "md", "path": "x.py"}
    assert ask(client, "POST", "preview", body)[0] == 200
    assert ask(client, "PUT", "pair", {"path": "x.py", "formats": "ipynb,py"})[0] == 403
    assert ask(client, "POST", "pair", {"path": "x.py"})[0] == 403
    assert ask(client, "DELETE", "pair?path=x.py")[0] == 403
    client.close()
    server.stop()
    assert [path.name for path in server.root.iterdir()] == ["x.py"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("PUT", "pair", {"path": "e/x.py", "formats": "ipynb,py:nonsense"}, 400, "OCT-O010"),
        ("PUT", "pair", {"path": "e/x.py", "formats": "py:percent"}, 400, "OCT-O033"),
        ("PUT", "pair", {"path": "e/gone.py", "formats": "ipynb"}, 404, "OCT-W001"),
        ("POST", "pair", {"path": "e/x.py"}, 400, "OCT-W025"),
        ("DELETE", "pair?path=e/x.py", None, 400, "OCT-W025"),
        ("POST", "preview", {"content": {}, "format": "md"}, 400, "OCT-N004"),
        ("POST", "preview", {"content": {"cells": []}, "format": "nonsense"}, 400, "OCT-O010"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_code(
    server, client, method, path, body, status, code
):
    write(server, "e/x.py", PERCENT)
    found, reply = ask(client, method, path, body)
    assert (found, reply["code"]) == (status, code)
    assert reply["message"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "sniff", {}), ("POST", "sniff", {"paths": 1}), ("PUT", "pair", {"path": "x"})],
)
def test_an_incomplete_question_is_refused(client, method, path, body):
    assert ask(client, method, path, body)[0] == 400
