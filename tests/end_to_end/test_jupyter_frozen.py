"""Frozen cells and a real kernel behind a real server."""

import asyncio
import json

import pytest
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection import base

from end_to_end.jupyter_servers import PATIENCE_S, JupyterServer

FROZEN = {"run_control": {"frozen": True}, "cellId": "ice"}
V1 = "v1.kernel.websocket.jupyter.org"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("frozen")
    folder = home / "files"
    folder.mkdir()
    found = JupyterServer(folder, home, ("octavo.jupyter",))
    yield found
    found.stop()


@pytest.fixture(scope="module")
def kernel(server):
    return server.request("POST", "api/kernels", {"name": "python3"})["id"]


class Client:
    """A page that runs cells, with one of the two protocols."""

    def __init__(self, socket, protocol):
        self._socket = socket
        self._protocol = protocol
        self._session = Session(key=b"")

    async def run(self, code, metadata):
        """Run a cell, and return the reply and what came out of it until the kernel rests."""
        message = self._session.msg("execute_request", {"code": code, "silent": False},
                                    metadata=metadata)  # fmt: skip
        await self._send(message)
        outputs, reply, is_idle = [], None, False
        async with asyncio.timeout(PATIENCE_S):
            while reply is None or not is_idle:
                kind, content, parent = await self._receive()
                if parent != message["header"]["msg_id"]:
                    continue
                if kind == "execute_reply":
                    reply = content
                elif kind == "status":
                    is_idle = content["execution_state"] == "idle"
                elif kind in ("stream", "error", "execute_result"):
                    outputs.append(content)
        return reply, outputs

    async def _send(self, message):
        if self._protocol == V1:
            packed = base.serialize_msg_to_ws_v1(message, "shell", self._session.pack)
            await self._socket.write_message(packed, binary=True)
        else:
            text = json.dumps({**message, "channel": "shell"}, default=base.json_default)
            await self._socket.write_message(text)

    async def _receive(self):
        received = await self._socket.read_message()
        if self._protocol == V1:
            _, parts = base.deserialize_msg_from_ws_v1(received)
            header, parent, _, content = map(json.loads, parts[:4])
        else:
            message = json.loads(received)
            header, parent, content = (message[k] for k in ("header", "parent_header", "content"))
        return header["msg_type"], content, parent.get("msg_id")


@pytest.mark.parametrize("protocol", [V1, ""])
def test_a_frozen_cell_is_not_run_and_those_after_it_are(server, kernel, protocol):
    async def play():
        socket = await server.connect(
            f"api/kernels/{kernel}/channels", [protocol] if protocol else []
        )
        client = Client(socket, protocol)
        reply, _ = await client.run("value = 'before'", {"cellId": "a"})
        assert reply["status"] == "ok"
        reply, outputs = await client.run("value = 'frozen cell ran'", FROZEN)
        assert (reply["status"], reply["execution_count"]) == ("ok", None)
        assert "frozen" in outputs[0]["text"]
        reply, outputs = await client.run("print(value)", {"cellId": "b"})
        assert reply["status"] == "ok"
        assert outputs == [{"name": "stdout", "text": "before\n"}]
        socket.close()

    asyncio.run(play())
