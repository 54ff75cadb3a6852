"""A real server whose contents manager keeps files elsewhere: pages pair and sync them, too."""

from pathlib import Path

import pytest
from tests.jupyter.http_server import HttpClient, HttpServer

TEXT = "# %% [markdown]\n# # Title\n\n# %%\n1 + 1\n"
PATH = "drive:x.py"  # as the managers of several drives name files


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        options = ["--ServerApp.contents_manager_class=tests.jupyter.drive.AsyncDrive"]
        server = HttpServer(tmp_path_factory.mktemp("far"), options=options)
    yield server
    server.stop()


@pytest.fixture
def client(server):
    client = HttpClient(server)
    put(client, PATH, TEXT)
    yield client
    client.close()


def put(client, path, text):
    model = {"type": "file", "format": "text", "content": text}
    status, reply = client.request("PUT", f"/api/contents/{path}", model)
    assert status in (200, 201), reply


def text(client, path):
    _, model = client.request("GET", f"/api/contents/{path}?type=file&format=text")
    return model["content"]


def ask(client, method, path, body=None):
    return client.request(method, f"/octavo/api/{path}", body)


def test_a_document_is_paired_synced_and_unpaired(client):
    status, info = ask(client, "PUT", "pair", {"path": PATH, "formats": "ipynb,py:percent"})
    assert status == 200, info
    assert [member["path"] for member in info["members"]] == ["drive:x.ipynb", PATH]
    assert '"1 + 1"' in text(client, "drive:x.ipynb")
    assert "formats" in text(client, PATH)
    _, found = ask(client, "GET", "pairs?path=")
    assert [pair["primary"] for pair in found["pairs"]] == ["drive:x.ipynb"]

    put(client, PATH, text(client, PATH).replace("1 + 1", "2 + 2"))
    _, info = ask(client, "GET", f"pair?path={PATH}")
    assert {member["path"]: member["changed"] for member in info["members"]}[PATH] is True
    ask(client, "POST", "pair", {"path": PATH})
    assert '"2 + 2"' in text(client, "drive:x.ipynb")

    status, info = ask(client, "DELETE", f"pair?path={PATH}")
    assert (status, info["members"]) == (200, [])
    assert "formats" not in text(client, PATH)
    assert "2 + 2" in text(client, PATH)


def test_a_save_of_a_page_goes_to_all_members(client):
    ask(client, "PUT", "pair", {"path": PATH, "formats": "ipynb,py:percent"})
    model = client.get("drive:x.ipynb")
    model["content"]["cells"][1]["source"] = "3 + 3"
    status, _ = client.request("PUT", "/api/contents/drive:x.ipynb", model)
    assert status == 200
    assert "3 + 3" in text(client, PATH)
    assert client.get(PATH)["content"]["cells"][1]["source"] == "3 + 3"


def test_errors_are_told_as_elsewhere(client):
    status, reply = ask(client, "PUT", "pair", {"path": PATH, "formats": "ipynb,klingon"})
    assert status == 400
    assert "klingon" in reply["message"]
    status, _ = ask(client, "GET", "pair?path=../x.py")
    assert status == 404
