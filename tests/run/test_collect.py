"""Messages of a kernel become the outputs that nbclient makes of them."""

import nbformat
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient

from octavo.run.collect import Collector

PARENT = {"msg_id": "r"}


def message(kind, **content):
    return {
        "msg_type": kind,
        "header": {"msg_type": kind},
        "parent_header": PARENT,
        "content": content,
        "buffers": [],
    }


def display(kind, text, shown=None):
    transient = {} if shown is None else {"display_id": shown}
    return message(kind, data={"text/plain": text}, metadata={}, transient=transient)


def collected(*cells):
    """Return the outputs of cells, each a list of messages."""
    collector = Collector()
    done = []
    for messages in cells:
        done.append(collector.begin())
        for one in messages:
            collector.take(one)
    return [outputs.finished() for outputs in done]


def by_nbclient(*cells):
    """Return what nbclient makes of the same messages, pieces of a stream joined."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell() for _ in cells])
    client = NotebookClient(notebook, record_timing=False)
    client.reset_execution_trackers()
    for number, messages in enumerate(cells):
        client.clear_before_next_output = False
        for one in messages:
            client.process_message(
                {**one, "header": dict(one["header"])}, notebook.cells[number], number
            )
    return [joined(cell.outputs) for cell in notebook.cells]


def joined(outputs):
    merged = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            merged.append(dict(output))
    return merged


TEXT = st.sampled_from(["a", "b\n", "\r"])
MESSAGE = st.one_of(
    st.builds(lambda name, text: message("stream", name=name, text=text),
              st.sampled_from(["stdout", "stderr"]), TEXT),
    st.builds(display, st.just("display_data"), TEXT, st.sampled_from([None, "x", "y"])),
    st.builds(display, st.just("update_display_data"), TEXT, st.sampled_from(["x", "y"])),
    st.builds(lambda wait: message("clear_output", wait=wait), st.booleans()),
    st.builds(lambda text: message("execute_result", data={"text/plain": text}, metadata={},
                                   execution_count=1), TEXT),
    st.just(message("error", ename="E", evalue="v", traceback=["t"])),
    st.just(message("status", execution_state="busy")),
    st.just(message("execute_input", code="1", execution_count=1)),
)  # fmt: skip


@given(st.lists(st.lists(MESSAGE, max_size=8), min_size=1, max_size=3))
def test_outputs_are_those_of_nbclient(cells):
    assert collected(*cells) == by_nbclient(*cells)


def test_last_message_is_told():
    collector = Collector()
    assert not collector.take(message("status", execution_state="busy"))
    assert collector.take(message("status", execution_state="idle"))


def test_pieces_of_a_stream_are_one_output():
    pieces = [message("stream", name="stdout", text=text) for text in "abc"]
    assert collected(pieces) == [[{"output_type": "stream", "name": "stdout", "text": "abc"}]]


def test_size_counts_what_is_kept():
    collector = Collector()
    cell = collector.begin()
    collector.take(message("stream", name="stdout", text="x" * 100))
    assert cell.size_bytes == 100
    collector.take(message("clear_output", wait=False))
    assert cell.size_bytes == 0


def test_what_is_only_for_the_moment_is_dropped():
    (outputs,) = collected([display("display_data", "1", "x")])
    assert outputs == [{"output_type": "display_data", "data": {"text/plain": "1"}, "metadata": {}}]
