"""Frozen cells do not reach a kernel: what is said of them, and what the guards do."""

import asyncio
import json

import pytest
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection import base
from tornado.web import Application, RequestHandler

from octavo import Cell, Document
from octavo.jupyter import execute_guard, kernel_guard
from octavo.jupyter.frozen import is_frozen
from octavo.run.execute import is_run

FROZEN = [
    {"run_control": {"frozen": True}},
    {"tags": ["skip-execution"]},
    {"tags": ["skip_execution"]},
    {"frozen": True},
    {"eval": False},
    {"tags": ["active-py", "slow"]},
    {"tags": ["active-none"]},
    {"active": ""},
]
LIVE = [
    {},
    {"run_control": {"frozen": False}},
    {"tags": ["active-ipynb-py", "slow"]},
    {"editable": False},
]
V1 = "v1.kernel.websocket.jupyter.org"


@pytest.mark.parametrize("metadata", FROZEN)
def test_a_frozen_cell_is_known_in_each_dialect(metadata):
    assert is_frozen(metadata)


@pytest.mark.parametrize("metadata", LIVE)
def test_other_cells_are_not_frozen(metadata):
    assert not is_frozen(metadata)


def test_the_option_lines_of_a_source_count():
    assert is_frozen({}, "#| eval: false\n1 / 0")


@pytest.mark.parametrize("metadata", FROZEN)
def test_octavo_run_keeps_to_the_same_rule(metadata):
    assert not is_run(Cell("code", "1 / 0", metadata))


class Socket:
    """Takes what is written to a browser."""

    def __init__(self):
        self.written = []

    def write_message(self, message, binary=False):
        self.written.append(message)


class Connection:
    """A connection of Jupyter Server as far as the guard uses it."""

    def __init__(self, subprotocol):
        self.subprotocol = subprotocol
        self.session = Session(key=b"")
        self.websocket_handler = Socket()
        self.passed = []

    def handle_incoming_message(self, incoming):
        self.passed.append(incoming)


def request(metadata, subprotocol, kind="execute_request"):
    """Return what a browser sends to run a cell."""
    session = Session(key=b"")
    message = session.msg(kind, {"code": "1 / 0"}, metadata=metadata)
    if subprotocol == V1:
        return base.serialize_msg_to_ws_v1(message, "shell", session.pack)
    return json.dumps({**message, "channel": "shell", "buffers": []}, default=base.json_default)


def answers(connection):
    """Return channel, type, content and parent of what the guard wrote."""
    found = []
    for written in connection.websocket_handler.written:
        if isinstance(written, bytes):
            channel, parts = base.deserialize_msg_from_ws_v1(written)
            header, parent, _, content = map(json.loads, parts)
        else:
            message = json.loads(written)
            channel, header = message["channel"], message["header"]
            parent, content = message["parent_header"], message["content"]
        found.append((channel, header["msg_type"], content, parent["msg_id"]))
    return found


@pytest.mark.parametrize("subprotocol", [V1, None, ""])
def test_the_request_to_run_a_frozen_cell_is_answered_and_not_passed_on(subprotocol):
    connection = kernel_guard.guarded(Connection)(subprotocol)
    message = request(FROZEN[0], subprotocol)
    connection.handle_incoming_message(message)
    assert connection.passed == []
    found = answers(connection)
    assert [(channel, kind) for channel, kind, _, _ in found] == [
        ("iopub", "status"), ("iopub", "stream"), ("shell", "execute_reply"), ("iopub", "status"),
    ]  # fmt: skip
    assert found[2][2]["status"] == "ok"
    assert found[2][2]["execution_count"] is None
    assert "frozen" in found[1][2]["text"]
    assert len({parent for _, _, _, parent in found}) == 1


@pytest.mark.parametrize("subprotocol", [V1, None])
@pytest.mark.parametrize("metadata", LIVE)
def test_other_requests_reach_the_kernel_untouched(metadata, subprotocol):
    connection = kernel_guard.guarded(Connection)(subprotocol)
    message = request(metadata, subprotocol)
    connection.handle_incoming_message(message)
    assert connection.passed == [message]
    assert connection.websocket_handler.written == []


def test_another_request_of_a_frozen_cell_is_passed_on():
    connection = kernel_guard.guarded(Connection)(V1)
    message = request(FROZEN[0], V1, "complete_request")
    connection.handle_incoming_message(message)
    assert connection.passed == [message]


@pytest.mark.parametrize(
    "message", ["execute_request", '["execute_request"]', '"execute_request"', "{"]
)
def test_what_is_no_message_is_left_to_the_connection(message):
    for subprotocol in (V1, None):
        connection = kernel_guard.guarded(Connection)(subprotocol)
        connection.handle_incoming_message(message)
        assert connection.passed == [message]


class ExecuteHandler(RequestHandler):
    """Stands for the page of an extension that runs cells on the server."""

    current_user = None
    body = None

    def get_json_body(self):
        return self.body

    def set_status(self, status, reason=None):
        self.status = status

    def finish(self, chunk=None):
        self.reply = chunk

    async def post(self, kernel_id):
        self.status, self.reply = 202, {"kernel": kernel_id}


class Contents:
    """Has one notebook."""

    def get(self, path, **_):
        document = Document([
            Cell("code", "1", FROZEN[0], id="ice"), Cell("code", "2", id="water"),
        ])  # fmt: skip
        return {"content": document.to_nbformat()}


class Extensions:
    def __init__(self):
        self.extension_apps = {}


class Server:
    """A server whose one page below api/kernels is the given one."""

    def __init__(self, pattern=r"/api/kernels/(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)/execute"):
        self.extension_manager = Extensions()
        self.web_app = Application(
            [(r"/.*/", RequestHandler), (pattern, ExecuteHandler), (r"(.*)", RequestHandler)],
            base_url="/", contents_manager=Contents(),
        )  # fmt: skip

    def post(self, body, user="somebody"):
        found = [rule.target for host in self.web_app.default_router.rules
                 for rule in getattr(host.target, "rules", ())]  # fmt: skip
        handler = found[1].__new__(found[1])
        handler.body, handler.current_user = body, user
        asyncio.run(handler.post(kernel_id="k"))
        return handler.status, handler.reply


def body_of(cell_id, **more):
    return {"code": "1", "metadata": {"cell_id": cell_id, "document_path": "a.md"}, **more}


def test_the_page_that_runs_cells_refuses_a_frozen_one():
    server = Server()
    assert execute_guard.guard(server) == 1
    status, reply = server.post(body_of("ice"))
    assert status == 409
    assert reply["code"] == "OCT-J020"
    assert set(reply) == {"message", "code", "hint"}


@pytest.mark.parametrize(
    "body",
    [body_of("water"), body_of("gone"), {"code": "1"}, {}, [], None,
     {"cell_id": "ice"}, {"cell_id": 3, "document_path": "a.md"}],
)  # fmt: skip
def test_the_page_that_runs_cells_runs_all_others(body):
    server = Server()
    execute_guard.guard(server)
    assert server.post(body) == (202, {"kernel": "k"})


def test_who_is_not_logged_in_learns_nothing_of_cells():
    server = Server()
    execute_guard.guard(server)
    assert server.post(body_of("ice"), user=None) == (202, {"kernel": "k"})


def test_a_server_without_that_page_has_nothing_to_guard():
    assert execute_guard.guard(Server(r"/api/kernels/(\w+)/interrupt")) == 0
