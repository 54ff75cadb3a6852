"""The server shows what editions wrote, on this machine only, and tells of new builds."""

import http.client
import urllib.error
import urllib.request

import pytest

from octavo.core.errors import FileError
from octavo.editions.serve import EVENTS, Server


@pytest.fixture
def server(tmp_path):
    (tmp_path / "a.html").write_text("<html><body>Text</body></html>")
    (tmp_path / "secret.txt").write_text("secret")
    with Server(str(tmp_path)) as running:
        running.built(["a.html"])
        yield running


def get(server, path, **headers):
    request = urllib.request.Request(server.address.rstrip("/") + path, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read().decode("utf-8")


def test_pages_come_with_the_script_that_reloads(server):
    assert "Text<script>" in get(server, "/a.html")
    assert 'href="/a.html"' in get(server, "/")


@pytest.mark.parametrize("path", ["/secret.txt", "/../secret.txt", "/b.html", "/%2e%2e/x"])
def test_only_files_of_editions_are_shown(server, path):
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, path)
    assert caught.value.code == 404
    caught.value.close()


def test_other_names_of_this_machine_are_refused(server):
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, "/a.html", Host="evil.example")
    assert caught.value.code == 403
    caught.value.close()


def test_a_build_is_told_to_those_who_listen(server):
    host = server.address.removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("GET", EVENTS)
    answer = connection.getresponse()
    assert answer.readline() == b": hello\n"
    server.built(["a.html"])
    lines = [answer.readline() for _ in range(2)]
    assert b"event: built\n" in lines
    answer.close()
    connection.close()


def test_a_port_in_use_is_told(server, tmp_path):
    port = int(server.address.rstrip("/").rpartition(":")[2])
    with pytest.raises(FileError) as caught:
        Server(str(tmp_path), port)
    assert caught.value.code == "OCT-E075"
