"""Keep frozen cells from kernels, for clients that talk to a kernel over a websocket.

JupyterLab sends the metadata of a cell with its request, so the request itself tells.  It is
answered in the kernel's place: nothing was run, here is why.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from octavo.core.document import Metadata

    Message = dict[str, Any]
    Answer = tuple[str, str, Message]  # channel, type, content

EXPLANATION = "This cell is frozen or inactive: it was not run.\n"

_V1 = "v1.kernel.websocket.jupyter.org"


def guarded(connection: "Any") -> type:
    """Return a class of websocket connections that keeps frozen cells from the kernel."""
    handle = connection.handle_incoming_message

    def handle_incoming_message(self: "Any", incoming: "str | bytes") -> None:
        """Answer the request to run a frozen cell, pass on everything else."""
        header = frozen_request(incoming, getattr(self, "subprotocol", None))
        if header is None:
            handle(self, incoming)
            return
        for channel, kind, content in _answers():
            _send(self, channel, self.session.msg(kind, content, parent={"header": header}))

    body = {"handle_incoming_message": handle_incoming_message, "__doc__": connection.__doc__}
    return type(connection.__name__, (connection,), body)


def frozen_request(incoming: "str | bytes", subprotocol: "str | None") -> "Message | None":
    """Return the header of a message if it is the request to run a frozen cell."""
    if not _may_be_request(incoming):
        return None
    header, metadata, content = _parts(incoming, subprotocol)
    if header.get("msg_type") != "execute_request":
        return None
    from octavo.jupyter.frozen import is_frozen

    return header if is_frozen(metadata, str(content.get("code", ""))) else None


def _may_be_request(incoming: "str | bytes") -> bool:
    """Return whether to look into a message: most are of other kinds, and some are large."""
    if isinstance(incoming, str):
        return "execute_request" in incoming
    return b"execute_request" in incoming


def _parts(
    incoming: "str | bytes", subprotocol: "str | None"
) -> "tuple[Message, Metadata, Message]":
    """Return header, metadata and content of a message; empty ones if it cannot be read."""
    import json

    codec = _codec()
    try:
        if subprotocol == _V1 and isinstance(incoming, bytes):
            _, parts = codec.deserialize_msg_from_ws_v1(incoming)
            header, _, metadata, content = (dict(json.loads(part)) for part in parts[:4])
            return header, metadata, content
        if isinstance(incoming, bytes):
            message = codec.deserialize_binary_message(incoming)
        else:
            message = json.loads(incoming)
        return (
            dict(message["header"]),
            dict(message.get("metadata") or {}),
            dict(message.get("content") or {}),
        )
    except (ValueError, LookupError, TypeError):
        return {}, {}, {}  # the connection itself tells what is wrong with it


def _answers() -> "list[Answer]":
    """Return what a kernel would say that ran nothing; "ok", so that Run All goes on."""
    reply: Message = {
        "status": "ok",
        "execution_count": None,
        "payload": [],
        "user_expressions": {},
    }
    return [
        ("iopub", "status", {"execution_state": "busy"}),
        ("iopub", "stream", {"name": "stderr", "text": EXPLANATION}),
        ("shell", "execute_reply", reply),
        ("iopub", "status", {"execution_state": "idle"}),
    ]


def _send(connection: "Any", channel: str, message: "Message") -> None:
    import json

    codec = _codec()
    write = connection.websocket_handler.write_message
    if getattr(connection, "subprotocol", None) == _V1:
        packed = codec.serialize_msg_to_ws_v1(message, channel, connection.session.pack)
        write(packed, binary=True)
    else:
        write(json.dumps({**message, "channel": channel}, default=codec.json_default))


def _codec() -> "Any":
    """Return the module of Jupyter Server that packs messages; it has no types."""
    from jupyter_server.services.kernels.connection import base

    return base
