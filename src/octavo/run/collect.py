"""Make outputs of the messages that a kernel sends while a cell runs.

Source: "Messages on the IOPub channel" of the documentation of jupyter_client.  Where that
leaves a choice, nbclient decides, so that outputs are the same; but pieces of one stream that
follow each other are one output, as JupyterLab shows them, however the kernel cut them.
"""

from octavo.run.widgets import Widgets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from octavo.core.document import Json

    Message: TypeAlias = dict[str, Any]
    Output: TypeAlias = dict[str, Any]
    Reply: TypeAlias = Callable[[Message, dict[str, Any]], None]


class CellOutputs:
    """The outputs of one cell, as they come in.

    `size_bytes` is about how much they hold; `count` is the kernel's number of the execution.
    """

    __slots__ = ("_clears", "count", "outputs", "size_bytes")

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        self.size_bytes = 0
        self.count: int | None = None
        self._clears = False

    def clear(self, *, waits: bool) -> None:
        """Forget all outputs, or do so before the next one comes."""
        self._clears = waits
        if not waits:
            self._forget()

    def add(self, output: "Output") -> None:
        """Add an output; the pieces of a stream are kept apart until `finished`."""
        if self._clears:
            self._forget()
            self._clears = False
        self.size_bytes += _size(output)
        last = self.outputs[-1] if self.outputs else {}
        if output["output_type"] != "stream":
            self.outputs.append(output)
        elif last.get("name") == output["name"] and last.get("output_type") == "stream":
            last["text"].append(output["text"])
        else:
            self.outputs.append({**output, "text": [output["text"]]})

    def finished(self) -> "list[Json]":
        """Return the outputs in the form of nbformat 4."""
        return [
            {**output, "text": "".join(output["text"])}
            if output["output_type"] == "stream"
            else dict(output)
            for output in self.outputs
        ]

    def _forget(self) -> None:
        self.outputs.clear()
        self.size_bytes = 0


class Collector:
    """The outputs of all cells of a document, and the widgets that live in its kernel.

    `reply` sends a message of a widget back to the kernel.
    """

    def __init__(self, reply: "Reply | None" = None) -> None:
        self.widgets = Widgets(reply or (lambda _message, _content: None))
        self._shown: dict[str, list[tuple[CellOutputs, Output]]] = {}
        self.cell = CellOutputs()
        self._reaches_back = False

    @property
    def reaches_back(self) -> bool:
        """Whether a cell changed what an earlier one had shown, or may have: widgets can."""
        return self._reaches_back or bool(self.widgets.metadata())

    def begin(self) -> CellOutputs:
        """Begin with the next cell."""
        self.cell = CellOutputs()
        return self.cell

    def take(self, message: "Message") -> bool:
        """Take a message that belongs to the cell; return whether it is the last one."""
        kind, content = message["msg_type"], message["content"]
        transient = content.get("transient")
        display_id = transient.get("display_id") if isinstance(transient, dict) else None
        if display_id and kind in _WITH_DATA:
            self._update(display_id, content)
        if "execution_count" in content:
            self.cell.count = content["execution_count"]
        if kind == "status":
            return bool(content["execution_state"] == "idle")
        if kind == "clear_output":
            widget = self.widgets.catcher(message)
            if widget:
                widget.clear(message, waits=bool(content.get("wait")))
            else:
                self._clear(waits=bool(content.get("wait")))
        elif kind.startswith("comm_"):
            self.widgets.take(message)
        else:
            self._add(message, display_id)
        return False

    def _add(self, message: "Message", display_id: str | None) -> None:
        output = output_of(message["msg_type"], message["content"])
        if output is None:
            return
        widget = self.widgets.catcher(message)
        if widget:
            widget.add(message, output)
            return
        self.cell.add(output)
        if display_id:
            self._shown.setdefault(display_id, []).append((self.cell, output))

    def _update(self, display_id: str, content: "Message") -> None:
        """Replace what is shown under *display_id*, in whatever cell that is."""
        for cell, output in self._shown.get(display_id, ()):
            self._reaches_back |= cell is not self.cell
            output["data"], output["metadata"] = content["data"], content.get("metadata", {})

    def _clear(self, *, waits: bool) -> None:
        self.cell.clear(waits=waits)
        if not waits:
            for name, places in self._shown.items():
                self._shown[name] = [place for place in places if place[0] is not self.cell]


_WITH_DATA = frozenset(("execute_result", "display_data", "update_display_data"))


def output_of(kind: str, content: "Message") -> "Output | None":
    """Return the output in a message, None when it holds none.

    What is only for the moment (`transient`) is left out.

    >>> output_of("stream", {"name": "stdout", "text": "1"})
    {'output_type': 'stream', 'name': 'stdout', 'text': '1'}
    """
    if kind == "stream":
        return {"output_type": kind, "name": content["name"], "text": content["text"]}
    if kind == "error":
        return {"output_type": kind, **{key: content[key] for key in _ERROR_KEYS}}
    if kind not in ("execute_result", "display_data"):
        return None
    output = {"output_type": kind, "data": content["data"], "metadata": content["metadata"]}
    if kind == "execute_result":
        output["execution_count"] = content["execution_count"]
    return output


_ERROR_KEYS = ("ename", "evalue", "traceback")


def _size(output: "Output") -> int:
    text = output.get("text")
    if isinstance(text, str):
        return len(text)
    return sum(
        len(part) if isinstance(part, str) else 64 for part in output.get("data", {}).values()
    )
