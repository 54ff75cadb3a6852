"""The widgets of a kernel, as far as a notebook keeps them: their state, and Output widgets.

Source: the Jupyter widgets' messaging protocol 2.1 and the schema of their state in notebooks.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from octavo.run.collect import Message, Output, Reply

_TARGET = "jupyter.widget"
_STATE_TYPE = "application/vnd.jupyter.widget-state+json"


class Widgets:
    """The state of all widgets by their comm's id, and the outputs that widgets catch."""

    def __init__(self, reply: "Reply") -> None:
        self._reply = reply
        self._states: dict[str, dict[str, Any]] = {}
        self._buffers: dict[str, dict[tuple[object, ...], dict[str, object]]] = {}
        self._output_widgets: dict[str, OutputWidget] = {}
        self._catchers: dict[str, list[OutputWidget]] = {}

    def catcher(self, message: "Message") -> "OutputWidget | None":
        """Return the widget that shows the outputs of this message's request, if one does."""
        stack = self._catchers.get(message["parent_header"].get("msg_id", ""))
        return stack[-1] if stack else None

    def take(self, message: "Message") -> None:
        """Take a message of a comm."""
        content = message["content"]
        comm_id, data = content["comm_id"], content.get("data") or {}
        state = data.get("state")
        if isinstance(state, dict):
            self._states.setdefault(comm_id, {}).update(state)
            self._take_buffers(comm_id, data.get("buffer_paths") or [], message)
        if message["msg_type"] == "comm_open":
            if content.get("target_name") == _TARGET and _is_output(state):
                self._output_widgets[comm_id] = OutputWidget(comm_id, self)
        elif comm_id in self._output_widgets and isinstance(state, dict) and "msg_id" in state:
            self._catch(self._output_widgets[comm_id], state["msg_id"])

    def publish(self, widget: "OutputWidget", message: "Message") -> None:
        """Note what a widget shows, and tell the kernel."""
        self._states.setdefault(widget.comm_id, {})["outputs"] = widget.outputs
        update = {"method": "update", "state": {"outputs": widget.outputs}, "buffer_paths": []}
        self._reply(message, {"comm_id": widget.comm_id, "data": update})

    def metadata(self) -> "dict[str, Any]":
        """Return what goes under `widgets` in the notebook's metadata; {} without widgets."""
        models = {
            comm_id: {
                "model_name": state["_model_name"],
                "model_module": state.get("_model_module"),
                "model_module_version": state.get("_model_module_version"),
                "state": state,
                **self._encoded(comm_id),
            }
            for comm_id, state in self._states.items()
            if "_model_name" in state
        }
        if not self._states:
            return {}
        return {_STATE_TYPE: {"state": models, "version_major": 2, "version_minor": 0}}

    def _encoded(self, comm_id: str) -> "dict[str, Any]":
        buffers = self._buffers.get(comm_id)
        return {"buffers": list(buffers.values())} if buffers else {}

    def _take_buffers(self, comm_id: str, paths: "list[list[object]]", message: "Message") -> None:
        from base64 import b64encode

        for path, buffer in zip(paths, message.get("buffers") or (), strict=False):
            self._buffers.setdefault(comm_id, {})[tuple(path)] = {
                "data": b64encode(buffer).decode("ascii"),
                "encoding": "base64",
                "path": path,
            }

    def _catch(self, widget: "OutputWidget", request: str) -> None:
        """Let *widget* catch the outputs of a request; "" ends that."""
        if request:
            self._catchers.setdefault(request, []).append(widget)
        elif widget.request and widget in self._catchers.get(widget.request, ()):
            self._catchers[widget.request].remove(widget)
        widget.request = request


class OutputWidget:
    """An Output widget: it shows what is printed while it is open."""

    __slots__ = ("_clears", "_widgets", "comm_id", "outputs", "request")

    def __init__(self, comm_id: str, widgets: Widgets) -> None:
        self.comm_id = comm_id
        self.outputs: list[Output] = []
        self.request = ""
        self._widgets = widgets
        self._clears = False

    def clear(self, message: "Message", *, waits: bool) -> None:
        """Forget the outputs, or do so before the next one."""
        self._clears = waits
        if not waits:
            self.outputs = []
            self._widgets.publish(self, message)

    def add(self, message: "Message", output: "Output") -> None:
        """Show an output."""
        if self._clears:
            self.outputs = []
            self._clears = False
        last = self.outputs[-1] if self.outputs else {}
        is_stream = output["output_type"] == "stream" == last.get("output_type")
        if is_stream and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            self.outputs.append(output)
        self._widgets.publish(self, message)


def _is_output(state: object) -> bool:
    return (
        isinstance(state, dict)
        and state.get("_model_module") == "@jupyter-widgets/output"
        and state.get("_model_name") == "OutputModel"
    )
